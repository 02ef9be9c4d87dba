// The single mistakes that are put into sound trials of 150 patients or more in an arm: each is one that reviews and
// papers have made, and each alters one thing only.
#pragma once

#include "unit/audit/simulated_trials.hpp"
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace simulated {

struct SingleMistake {
    std::string words;
    double least = 0.8;  // share of the trials in which a warning or an error is demanded
    // False if the trial has nothing that the mistake could be made of.
    std::function<bool(Trial&)> make;
};

// As a printed number: rounded.
inline double rounded(double value, int decimals) {
    const double unit = std::pow(10, decimals);
    return std::round(value * unit) / unit;
}

inline Estimate rounded(const Estimate& e, int decimals) {
    return {rounded(e.value, decimals), rounded(e.lower, decimals), rounded(e.upper, decimals)};
}

// Exchanges the first two digits that differ: 24.3 -> 42.3, 22.3 -> 23.2; the number itself if all are equal.
inline double transposed(double value, int decimals) {
    std::string text = fmt::format("{:.{}f}", value, decimals);
    std::vector<std::size_t> digits;
    for (std::size_t i = 0; i < text.size(); ++i)
        if (text[i] != '.') digits.push_back(i);
    for (std::size_t i = 0; i + 1 < digits.size(); ++i) {
        if (text[digits[i]] == text[digits[i + 1]]) continue;
        std::swap(text[digits[i]], text[digits[i + 1]]);
        break;
    }
    return std::stod(text);
}

inline bool finite(const Estimate& e) {
    return std::isfinite(e.value) && std::isfinite(e.lower) && std::isfinite(e.upper);
}

inline Estimate stretched(const Estimate& e, double factor) {
    return {e.value, e.value * std::pow(e.lower / e.value, factor), e.value * std::pow(e.upper / e.value, factor)};
}

inline void invert(Estimate& ratio) { ratio = {1 / ratio.value, 1 / ratio.upper, 1 / ratio.lower}; }

const std::vector<SingleMistake>& single_mistakes();

}  // namespace simulated
