// Tails of the normal and gamma distributions in log space. Sources: NIST DLMF 7.12 (erfc), 8.7, 8.9, 8.12 (incomplete
// gamma functions); N. M. Temme, SIAM J. Math. Anal. 10 (1979) 757 for the uniform expansion at large shapes.
#include "survival/tail_functions.hpp"

#include <boost/math/special_functions/gamma.hpp>

#include "support/numbers.hpp"
#include "survival/temme_coefficients.hpp"
#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace hersurv::survival {

namespace {

constexpr double epsilon = std::numeric_limits<double>::epsilon();
constexpr double half_log_two_pi = 0.91893853320467274178;

// In double throughout: long double costs ten times as much and gives no digit that is kept.
using InDouble = boost::math::policies::policy<boost::math::policies::promote_double<false>>;

// sqrt(pi / 2) exp(z^2 / 2) erfc(z / sqrt 2), the Mills ratio of the normal distribution, z >= 0.
double normal_mills(double z) { return std::sqrt(std::numbers::pi / 2) * scaled_erfc(z / std::numbers::sqrt2); }

// Sum over k of c_k(eta) a^-k.
double temme_sum(double a, double eta) {
    double sum = 0;
    for (int k = temme_rows - 1; k >= 0; --k) {
        double c = 0;
        for (int n = temme_lengths[k] - 1; n >= 0; --n) c = c * eta + temme_coefficients[k][n];
        sum = sum / a + c;
    }
    return sum;
}

// Q(a, x) Gamma(a) x^-a e^x by Legendre's continued fraction (DLMF 8.9.2, even part), evaluated by Lentz's method; x >
// a.
double upper_fraction(double a, double x) {
    constexpr double tiny = 1e-300;
    constexpr int most_terms = 10000;  // about 60 are needed at x = a + 1, fewer beyond
    double b = x + 1 - a;
    double c = 1 / tiny;
    double d = 1 / b;
    double fraction = d;
    for (int n = 1; n < most_terms; ++n) {
        const double numerator = -n * (n - a);
        b += 2;
        d = numerator * d + b;
        if (std::fabs(d) < tiny) d = tiny;
        c = b + numerator / c;
        if (std::fabs(c) < tiny) c = tiny;
        d = 1 / d;
        const double factor = d * c;
        fraction *= factor;
        if (std::fabs(factor - 1) <= epsilon) break;
    }
    return fraction;
}

// P(a, x) Gamma(a + 1) x^-a e^x = sum over n of x^n / ((a + 1) ... (a + n)) (DLMF 8.7.1): positive terms only; x < a
// + 1.
double lower_series(double a, double x) {
    double term = 1;
    double sum = 1;
    for (int n = 1; term > epsilon / 4 * sum; ++n) {
        term *= x / (a + n);
        sum += term;
    }
    return sum;
}

}  // namespace

double scaled_erfc(double z) {
    // Below 8 the product loses nothing once the rounding error of z^2 is carried along; above it the asymptotic series
    // (DLMF 7.12.1) reaches double precision well before its terms grow.
    constexpr double asymptotic_from = 8;
    if (z < asymptotic_from) {
        const double square = z * z;
        const double rounding = std::fma(z, z, -square);
        return std::exp(square) * (1 + rounding) * std::erfc(z);
    }
    const double inverse = 1 / z / z / 2;
    double term = 1;
    double sum = 1;
    for (int n = 1; std::fabs(term) > epsilon / 4; ++n) {
        term *= -(2 * n - 1) * inverse;
        sum += term;
    }
    return sum / (z * std::sqrt(std::numbers::pi));
}

double exponential_excess(double y) {
    constexpr double series_below = 0.5;
    if (std::fabs(y) < series_below) {
        double term = y * y / 2;
        double sum = term;
        for (int n = 3; std::fabs(term) > epsilon / 4 * sum; ++n) {
            term *= y / n;
            sum += term;
        }
        return sum;
    }
    if (y > 700) return std::exp(y);  // the same double, and infinity instead of infinity - infinity
    return std::expm1(y) - y;
}

double log_ratio(double x, double scale) {
    const double ratio = x / scale;
    if (std::isnormal(ratio)) return std::log(ratio);
    return std::log(x) - std::log(scale);
}

double log_gamma_ratio(double rate, double t, double shape) {
    const double x = rate * t;
    if (std::isnormal(x)) {
        // The fused product carries the rounding error of rate * t, which a large shape would magnify.
        const double difference = std::fma(rate, t, -shape) / shape;
        if (std::fabs(difference) < 0.5) return std::log1p(difference);
        return log_ratio(x, shape);
    }
    return std::log(rate) + std::log(t) - std::log(shape);
}

double log_gamma_of_one_plus(double a) {
    // boost::math::lgamma rather than std::lgamma, which writes the global signgam and is no use to several threads.
    return a < 1 ? std::log1p(boost::math::tgamma1pm1(a, InDouble())) : boost::math::lgamma(a + 1, InDouble());
}

double log_stirling_remainder(double a) {
    constexpr double series_from = 10;
    if (a >= series_from) {
        // DLMF 5.11.1: B_2k / (2k (2k - 1) a^(2k - 1)).
        const double r = 1 / a / a;
        return (1.0 / 12 -
                r * (1.0 / 360 -
                     r * (1.0 / 1260 -
                          r * (1.0 / 1680 -
                               r * (1.0 / 1188 - r * (691.0 / 360360 - r * (1.0 / 156 - r * 3617.0 / 122400))))))) /
               a;
    }
    // A curve is asked for many times at one shape.
    thread_local double last_a = 0, last_remainder = 0;
    if (a != last_a) {
        last_remainder = log_gamma_of_one_plus(a) - (a + 0.5) * std::log(a) + a - half_log_two_pi;
        last_a = a;
    }
    return last_remainder;
}

SmallerTail normal_tail(double w) {
    return {w > 0, -0.5 * w * w - half_log_two_pi, std::log(normal_mills(std::fabs(w)))};
}

SmallerTail gamma_tail(double a, double y) {
    const double excess = exponential_excess(y);
    const double remainder = log_stirling_remainder(a);
    const double log_front = -a * excess - half_log_two_pi - remainder;
    const double half_log_a = 0.5 * std::log(a);

    // eta^2 / 2 = e^y - 1 - y, eta of the sign of y (DLMF 8.12.1).
    if (a >= temme_smallest_shape && excess <= 0.5) {
        const double size = std::sqrt(2 * excess);
        const double root = std::sqrt(a);
        const bool upper = y > 0;
        const double sum = temme_sum(a, upper ? size : -size) / root;
        const double bracket = normal_mills(size * root) + (upper ? sum : -sum);
        return {upper, log_front, remainder + std::log(bracket)};
    }

    const double log_x = y + std::log(a);
    const double x = a * std::exp(y);
    if (a >= temme_smallest_shape ? y > 0 : x >= a + 1) {
        // Beyond 1e17 a the fraction is 1 / x to the last bit, also if x itself overflows.
        if (x > 1e17 * (a + 1)) return {true, log_front, half_log_a - log_x};
        return {true, log_front, half_log_a + std::log(upper_fraction(a, x))};
    }

    const double log_mills = std::log(lower_series(a, x)) - half_log_a;
    const double log_lower = log_front + log_mills;
    if (log_lower <= -std::numbers::ln2) return {false, log_front, log_mills};
    // The lower tail is the larger one. For a >= 1 the upper one is not much smaller here (x < a + 1), for a < 1 it may
    // be by any factor: Q ~ a E_1(x) as a falls.
    double log_upper = 0;
    constexpr double negligible_x = 1e-18;
    if (a >= 1) {
        log_upper = std::log(-std::expm1(log_lower));
    } else if (x > negligible_x) {
        log_upper = std::log(boost::math::gamma_q(a, x, InDouble()));
    } else {
        log_upper = std::log(-std::expm1(a * log_x - log_gamma_of_one_plus(a)));
    }
    return {true, log_front, log_upper - log_front};
}

// The tail of W = (log T - mu) / sigma at w. With a = 1 / q^2, a exp(q W) is gamma distributed with shape a; a negative
// q turns its two tails around. As q tends to 0 Temme's expansion in gamma_tail tends to the normal tail; the
// difference is of order q and lost in rounding long before 1e-100.
SmallerTail generalised_gamma_tail(double w, double q) {
    constexpr double lognormal_below = 1e-100;
    if (std::fabs(q) < lognormal_below) return normal_tail(w);
    // q^2 overflows from 1e154 on; at such a q the law has reached its limit.
    constexpr double smallest_shape = 1e-300;
    SmallerTail tail = gamma_tail(std::max(1 / q / q, smallest_shape), q * w);
    if (q < 0) tail.upper = !tail.upper;
    return tail;
}

double minus_log_upper(const SmallerTail& tail) {
    const double log_value = tail.log_front + tail.log_mills;
    if (!tail.upper) return -std::log1p(-std::exp(log_value));
    return std::isnan(log_value) ? infinity : -log_value;
}

double minus_log_lower(const SmallerTail& tail) {
    return minus_log_upper({!tail.upper, tail.log_front, tail.log_mills});
}

}  // namespace hersurv::survival
