// Roots of functions of one variable: Newton's method inside a bracket, bisection, and false position for functions
// that jump.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace hersurv::survival {

struct ValueAndSlope {
    double value;
    double slope;
};

template <typename Number>
struct Bracket {
    Number lower, upper;
    [[nodiscard]] Number middle() const { return std::midpoint(lower, upper); }
};

// Steps of Newton's method towards f(x).value = target for `f` non-decreasing, kept inside `bracket`, whose ends move
// to the points that were looked at; a step that would leave it, that does not at least halve the step before last, or
// whose slope is not finite is a bisection (rtsafe of Press et al., Numerical Recipes, 9.4). Takes the first step of at
// most `tolerance` max(1, |x|) and ends. Neither end is looked at: if the target lies outside, the answer is within the
// tolerance of the nearer end, unless f has a jump inside.
template <typename Function>
[[nodiscard]] double newton(const Function& f, double target, double start, Bracket<double>& bracket,
                            double tolerance) {
    constexpr int most_steps = 300;  // bisection alone needs about 65 over the range of log(double)
    double x = std::clamp(start, bracket.lower, bracket.upper);
    double step_before_last = bracket.upper - bracket.lower;
    double last_step = step_before_last;
    for (int i = 0; i < most_steps; ++i) {
        const ValueAndSlope at = f(x);
        if (at.value == target) {
            bracket = {x, x};
            return x;
        }
        (at.value < target ? bracket.lower : bracket.upper) = x;
        const double next = x + (target - at.value) / at.slope;
        const bool useful = next >= bracket.lower && next <= bracket.upper && std::isfinite(at.slope) &&
                            std::fabs(next - x) <= 0.5 * std::fabs(step_before_last);
        const double moved = useful ? next : bracket.lower + 0.5 * (bracket.upper - bracket.lower);
        step_before_last = last_step;
        last_step = moved - x;
        x = moved;
        if (std::fabs(last_step) <= tolerance * std::max(1.0, std::fabs(x))) break;
    }
    return x;
}

// The x in [lower, upper] with f(x).value = target, for `f` non-decreasing, to the last bits of a double; `lower` or
// `upper` if the target lies outside. f may give infinite values and slopes that are not finite.
template <typename Function>
[[nodiscard]] double solve_increasing(const Function& f, double target, double start, double lower, double upper) {
    Bracket<double> bracket{lower, upper};
    const double x = newton(f, target, start, bracket, 2 * std::numeric_limits<double>::epsilon());
    // An end that never moved has not been looked at: the root may lie beyond it.
    if (bracket.lower == lower && f(lower).value >= target) return lower;
    if (bracket.upper == upper && f(upper).value <= target) return upper;
    return x;
}

// Halves an interval until it can be halved no more, or `most` times; `side(x)` is negative below the root and positive
// above it, and 0 ends the search with {x, x}. The ends are not looked at: without a change of sign between them the
// interval closes in on the end beyond which the root lies. Of whole numbers too: lower and upper then end up one
// apart, side < 0 up to the lower one and > 0 from the upper one on. `upper` may be the smaller one.
template <typename Number, typename Side>
[[nodiscard]] Bracket<Number> bisect(Number lower, Number upper, const Side& side, int most = 2000) {
    Bracket<Number> bracket{lower, upper};
    for (int i = 0; i < most; ++i) {
        const Number middle = bracket.middle();
        if (middle == bracket.lower || middle == bracket.upper) break;
        const auto here = side(middle);
        if (here == 0) return {middle, middle};
        (here < 0 ? bracket.lower : bracket.upper) = middle;
    }
    return bracket;
}

struct Guess {
    double x = 0, value = 0;
};

// The place between two ends at which f changes from negative (at `below`) to zero or positive (at `above`; either may
// be the larger x), to within `narrowest`: the ITP method, which needs hardly more evaluations than bisection and
// far fewer if f is smooth (Oliveira & Takahashi 2020, ACM Transactions on Mathematical Software 47:5, with kappa1 =
// 0.2 / width, kappa2 = 2, n0 = 1). Values may be infinite; f may jump. If the values of the ends do not differ in
// sign: the end beyond which the place lies, twice.
template <typename Function>
[[nodiscard]] Bracket<double> narrow(const Function& f, Guess below, Guess above, double narrowest) {
    if (below.value >= 0) return {below.x, below.x};
    if (above.value < 0) return {above.x, above.x};
    const double first_width = std::fabs(above.x - below.x);
    if (!(first_width > narrowest)) return {below.x, above.x};
    double allowed = 0.5 * narrowest * std::exp2(std::ceil(std::log2(first_width / narrowest)) + 1);
    while (std::fabs(above.x - below.x) > narrowest) {
        const double width = above.x - below.x, half = std::midpoint(below.x, above.x);
        const double share = below.value / (below.value - above.value);
        double x = half;
        if (std::isfinite(share)) {
            const double chord = below.x + share * width, towards_half = half - chord;
            // The place may be the end that was looked at last: a shorter step would be lost in rounding, and only
            // bisection move the other end.
            const double step = std::max(0.2 * width * width / first_width, 0.4 * narrowest);
            const double truncated = std::fabs(towards_half) > step ? chord + std::copysign(step, towards_half) : half;
            const double reach = std::max(allowed - 0.5 * std::fabs(width), 0.0);
            x = std::fabs(truncated - half) <= reach ? truncated : half - std::copysign(reach, towards_half);
        }
        allowed *= 0.5;
        if (x == below.x || x == above.x) x = half;
        if (x == below.x || x == above.x) break;
        const Guess here{x, f(x)};
        (here.value < 0 ? below : above) = here;
    }
    return {below.x, above.x};
}

// The last point that was looked at between `from` and `to`, whose values differ in sign and may be infinite; `to` if
// they do not differ. By false position with every third step a bisection, since an end may stay where it is. For
// functions that jump, where near enough is all there is: ends as soon as |value| <= `near_enough` (`to` itself may
// be), the ends are within `narrowest` of one another, or after `most` steps.
template <typename Function>
[[nodiscard]] Guess false_position(const Function& f, Guess from, Guess to, double near_enough, int most,
                                   double narrowest = 0) {
    const bool negative_from = from.value < 0;
    if ((to.value < 0) == negative_from) return to;
    Guess last = to;
    for (int i = 0; i < most && std::fabs(last.value) > near_enough && std::fabs(to.x - from.x) > narrowest; ++i) {
        const double share = from.value / (from.value - to.value);
        last.x = from.x + (to.x - from.x) * (i % 3 == 2 || !std::isfinite(share) ? 0.5 : share);
        last.value = f(last.x);
        ((last.value < 0) == negative_from ? from : to) = last;
    }
    return last;
}

}  // namespace hersurv::survival
