// Tails of the normal and gamma distributions in log space, accurate relatively on both sides, for the families built
// on them.
#pragma once

namespace hersurv::survival {

// The smaller of the two tails of a distribution at a point, P(X > x) or P(X <= x), as exp(log_front + log_mills).
// `log_front` is the log density in standardised form, so that the hazard of the upper tail is the reciprocal of
// exp(log_mills), free of cancellation.
struct SmallerTail {
    bool upper;
    double log_front;
    double log_mills;
};

// exp(z^2) erfc(z), z >= 0; never underflows.
[[nodiscard]] double scaled_erfc(double z);

// exp(y) - 1 - y, accurate for y near 0.
[[nodiscard]] double exponential_excess(double y);

// log(x / scale), also if the quotient over- or underflows.
[[nodiscard]] double log_ratio(double x, double scale);

// log(rate t / shape), accurate where the ratio is near 1.
[[nodiscard]] double log_gamma_ratio(double rate, double t, double shape);

// log(Gamma(a) / (sqrt(2 pi / a) (a / e)^a)), a > 0: what Stirling's formula leaves, 1 / (12 a) - ...
[[nodiscard]] double log_stirling_remainder(double a);

// log Gamma(1 + a), a > 0, accurate for small a.
[[nodiscard]] double log_gamma_of_one_plus(double a);

// Standard normal at w; log_front = log phi(w).
[[nodiscard]] SmallerTail normal_tail(double w);

// Gamma distribution of shape a > 0 and rate 1 at x = a exp(y), that is Q(a, x) and P(a, x). log_front = log(x^a
// exp(-x) / (sqrt(a) Gamma(a))), which tends to log phi as a grows, so that the generalised gamma passes smoothly
// through the lognormal.
[[nodiscard]] SmallerTail gamma_tail(double a, double y);

// W = (log T - mu) / sigma of Prentice's generalised gamma, at w; any q. log_front = log density of W.
[[nodiscard]] SmallerTail generalised_gamma_tail(double w, double q);

// -log of the upper and of the lower probability.
[[nodiscard]] double minus_log_upper(const SmallerTail& tail);
[[nodiscard]] double minus_log_lower(const SmallerTail& tail);

}  // namespace hersurv::survival
