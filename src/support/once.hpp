// Work that is done once, whatever thread asks for it first.
#pragma once

#include <exception>
#include <mutex>

namespace hersurv::support {

// As std::call_once, but no exception passes through it: glibc's pthread_once has a cleanup that looks up the unwinder
// again, which ends the program if there is no memory left for that. Whoever asks later gets the same exception.
class Once {
  public:
    template <class Work>
    void run(const Work& work) {
        std::call_once(flag_, [&] {
            try {
                work();
            } catch (...) {
                failure_ = std::current_exception();
            }
        });
        if (failure_) std::rethrow_exception(failure_);
    }

  private:
    std::once_flag flag_;
    std::exception_ptr failure_;
};

}  // namespace hersurv::support
