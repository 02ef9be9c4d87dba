// A loop over independent pieces of work on several threads. Each piece writes only to its own place, so that the
// result is the same for any number of threads.
#pragma once

#include <cstddef>
#include <functional>

namespace hersurv::support {

// Calls work(0) ... work(count - 1), on at most `threads` threads (<= 0: as many as there are processors). Returns when
// all are done; of the exceptions that calls threw, that of the lowest index is thrown on.
void parallel_for(std::size_t count, int threads, const std::function<void(std::size_t)>& work);

}  // namespace hersurv::support
