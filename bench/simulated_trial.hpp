// Draws the patients of a two-arm trial from a law, under uniform accrual, one data cut and drop-out.
#pragma once

#include "hersurv/patients.hpp"

#include "laws.hpp"
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace hersurv::bench {

struct Schedule {
    double accrual_months = 18;         // uniform
    double cut_months = 40;             // after the first patient
    double drop_out_per_month = 0.004;  // constant hazard
};

using TwoArms = std::array<std::vector<patients::Patient>, 2>;  // control, experimental

// The same for the same seed, law, n and trial, whatever else is drawn.
[[nodiscard]] TwoArms draw_trial(const Law& law, std::size_t n_per_arm, const Schedule& schedule, std::uint64_t seed,
                                 std::uint64_t trial);

}  // namespace hersurv::bench
