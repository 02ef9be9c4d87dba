// The log-rank test of two arms.
#pragma once

#include "hersurv/patients/kaplan_meier.hpp"

#include <array>

namespace hersurv::patients {

struct LogRank {
    std::array<double, 2> observed{}, expected{};  // events by arm
    double variance = 0;                           // hypergeometric, of observed - expected
    std::optional<double> chi_square, p_value;     // 1 degree of freedom; absent where the variance is 0
};

// Mantel 1966, Cancer Chemother Rep 50:163; Peto & Peto 1972.
[[nodiscard]] LogRank log_rank(const KaplanMeier& control, const KaplanMeier& experimental);

}  // namespace hersurv::patients
