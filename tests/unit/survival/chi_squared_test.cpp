// The chi-squared distribution against R 4.2.2: pchisq(x, df, ncp, lower.tail = FALSE), qchisq(p, df, lower.tail =
// FALSE).
#include "survival/chi_squared.hpp"

#include <catch2/catch.hpp>

namespace survival = hersurv::survival;

TEST_CASE("Tails and limits of the chi-squared distribution", "[survival]") {
    CHECK(survival::chi_squared_above(3.841458820694124, 1) == Approx(0.05).epsilon(1e-12));
    CHECK(survival::chi_squared_limit(0.01, 1) == Approx(6.634896601021213).epsilon(1e-10));
    CHECK(survival::chi_squared_limit(0.05, 3) == Approx(7.814727903251178).epsilon(1e-10));
}

TEST_CASE("The noncentral chi-squared distribution", "[survival]") {
    // With one degree of freedom it is the square of a normal variable: Phi(-(c - m)) + Phi(-(c + m)), c = 1.95996, m
    // = 2.
    CHECK(survival::noncentral_chi_squared_above(3.841458820694124, 1, 4) == Approx(0.5160052740).epsilon(1e-6));
    CHECK(survival::noncentral_chi_squared_above(7.814727903251178, 3, 2.5) == Approx(0.2330022648).epsilon(1e-9));
    CHECK(survival::noncentral_chi_squared_above(200, 4, 150) == Approx(0.037480233211).epsilon(1e-9));
    CHECK(survival::noncentral_chi_squared_above(5, 2, 0) == Approx(survival::chi_squared_above(5, 2)).epsilon(1e-12));
    CHECK(survival::noncentral_chi_squared_above(7.8, 3, 5000) == Approx(1).epsilon(1e-9));
}
