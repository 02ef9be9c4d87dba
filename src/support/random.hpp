// Random numbers that are the same on every computer, in streams of their own.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <initializer_list>
#include <string_view>

namespace hersurv::support {

// SplitMix64 (Steele, Lea & Flood 2014, OOPSLA 453): the next output of a state that any number may start.
[[nodiscard]] constexpr std::uint64_t split_mix(std::uint64_t& state) {
    std::uint64_t z = (state += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

// A number for a name, to name a stream with: FNV-1a (Fowler, Noll & Vo).
[[nodiscard]] constexpr std::uint64_t number_of_name(std::string_view name) {
    std::uint64_t value = 0xcbf29ce484222325;
    for (const char c : name) value = (value ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    return value;
}

// xoshiro256++ (Blackman & Vigna 2021, ACM Trans Math Softw 47:36). A stream is named by numbers (seed, replicate,
// ...), so that it can be begun anywhere; its state is filled by SplitMix64, as its authors advise.
class RandomStream {
  public:
    constexpr RandomStream(std::initializer_list<std::uint64_t> name) {
        std::uint64_t mixed = 0;
        for (const std::uint64_t part : name) {
            mixed ^= part;
            mixed = split_mix(mixed);
        }
        for (std::uint64_t& word : state_) word = split_mix(mixed);
    }
    constexpr explicit RandomStream(const std::array<std::uint64_t, 4>& state) : state_(state) {}
    constexpr std::uint64_t next() {
        const std::uint64_t result = std::rotl(state_[0] + state_[3], 23) + state_[0], shifted = state_[1] << 17;
        state_[2] ^= state_[0];
        state_[3] ^= state_[1];
        state_[1] ^= state_[2];
        state_[0] ^= state_[3];
        state_[2] ^= shifted;
        state_[3] = std::rotl(state_[3], 45);
        return result;
    }
    // Between 0 and 1, both excluded: the middle of one of 2^52 equal cells.
    constexpr double uniform() { return (static_cast<double>(next() >> 12) + 0.5) * 0x1p-52; }

  private:
    std::array<std::uint64_t, 4> state_{};
};

}  // namespace hersurv::support
