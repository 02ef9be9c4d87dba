// What a costly function of one number gave lately. For thread_local objects: a search and the intervals around its end
// ask for the same few numbers again and again.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <limits>

namespace hersurv::survival {

class Memo {
  public:
    // f(x); f is not asked again while another number has not taken the place of x. NaN is never kept.
    template <typename Function>
    double operator()(double x, const Function& f) {
        // The first bits of a product with 2^64 / phi spread what differs in the last bits only (Knuth, The Art of
        // Computer Programming 3, 6.4).
        Entry& entry = entries_[(std::bit_cast<std::uint64_t>(x) * 0x9E3779B97F4A7C15U) >> (64 - log2_size)];
        if (entry.x != x) entry = {x, f(x)};
        return entry.value;
    }

  private:
    static constexpr int log2_size = 6;
    struct Entry {
        double x = std::numeric_limits<double>::quiet_NaN(), value = 0;
    };
    std::array<Entry, 1U << log2_size> entries_{};
};

}  // namespace hersurv::survival
