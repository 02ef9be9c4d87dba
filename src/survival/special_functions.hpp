// Special functions behind intervals and tests, by Boost.Math: in one place, since its headers take seconds to compile.
#pragma once

namespace hersurv::survival {

// x with erf(x) = p, for p in (-1, 1); x with erfc(x) = p, for p in (0, 2).
[[nodiscard]] double inverse_erf(double p);
[[nodiscard]] double inverse_erfc(double p);

// The regularised incomplete beta function I_x(a, b): the distribution function of Beta(a, b), a and b > 0, x in [0,
// 1].
[[nodiscard]] double incomplete_beta(double a, double b, double x);
// x with I_x(a, b) = p, and x with 1 - I_x(a, b) = p, without the cancellation that a p near 1 would bring.
[[nodiscard]] double inverse_incomplete_beta(double a, double b, double p);
[[nodiscard]] double inverse_incomplete_beta_complement(double a, double b, double p);

// The regularised upper incomplete gamma function Q(a, x), a > 0, x >= 0; Q(k / 2, x / 2) is the probability that a
// chi-squared variable with k degrees of freedom exceeds x.
[[nodiscard]] double upper_incomplete_gamma(double a, double x);

}  // namespace hersurv::survival
