// Rule response-limits: the limits of a response rate are those of its counts, by any of the methods in use.
// Clopper & Pearson 1934; Wilson 1927 with and without continuity correction; Wald with and without; Agresti & Coull
// 1998; Jeffreys; mid-P: Newcombe 1998 (Stat Med 17:857) and Brown, Cai & DasGupta 2001 (Stat Sci 16:101) have the
// formulas.
#include "hersurv/evidence.hpp"

#include <fmt/format.h>

#include "audit/rule_support.hpp"
#include "survival/solve.hpp"
#include "survival/special_functions.hpp"
#include <algorithm>
#include <cmath>
#include <string_view>

namespace hersurv::audit {

extern const Rule response_limits;

namespace {

using evidence::Limits;

double clamped(double p) { return std::clamp(p, 0.0, 1.0); }

Limits exact(int x, int n, double level) { return evidence::clopper_pearson(x, n, level); }

Limits wald(int x, int n, double level) {
    const double p = static_cast<double>(x) / n, half = evidence::z_of_level(level) * std::sqrt(p * (1 - p) / n);
    return {clamped(p - half), clamped(p + half)};
}

Limits wald_corrected(int x, int n, double level) {
    const Limits plain = wald(x, n, level);
    return {clamped(plain.lower - 0.5 / n), clamped(plain.upper + 0.5 / n)};
}

Limits wilson(int x, int n, double level) {
    const double p = static_cast<double>(x) / n, z = evidence::z_of_level(level), z2 = z * z;
    const double middle = (x + z2 / 2) / (n + z2), half = z / (n + z2) * std::sqrt(n * p * (1 - p) + z2 / 4);
    return {clamped(middle - half), clamped(middle + half)};
}

Limits wilson_corrected(int x, int n, double level) {
    const double p = static_cast<double>(x) / n, z = evidence::z_of_level(level), z2 = z * z, nn = n;
    const double lower =
        (2 * x + z2 - 1 - z * std::sqrt(std::max(0.0, z2 - 2 - 1 / nn + 4 * p * (nn * (1 - p) + 1)))) / (2 * (nn + z2));
    const double upper =
        (2 * x + z2 + 1 + z * std::sqrt(std::max(0.0, z2 + 2 - 1 / nn + 4 * p * (nn * (1 - p) - 1)))) / (2 * (nn + z2));
    return {x == 0 ? 0 : clamped(lower), x == n ? 1 : clamped(upper)};
}

Limits agresti_coull(int x, int n, double level) {
    const double z = evidence::z_of_level(level), nn = n + z * z, p = (x + z * z / 2) / nn;
    const double half = z * std::sqrt(p * (1 - p) / nn);
    return {clamped(p - half), clamped(p + half)};
}

Limits jeffreys(int x, int n, double level) {
    const double tail = (1 - level) / 2;
    return {x == 0 ? 0 : survival::inverse_incomplete_beta(x + 0.5, n - x + 0.5, tail),
            x == n ? 1 : survival::inverse_incomplete_beta_complement(x + 0.5, n - x + 0.5, tail)};
}

// The p with P(X > x) + P(X = x) / 2 = tail (lower) or P(X < x) + P(X = x) / 2 = tail (upper), by bisection.
Limits mid_p(int x, int n, double level) {
    const double tail = (1 - level) / 2;
    const auto above = [&](int k, double p) {
        return k <= 0 ? 1.0 : k > n ? 0.0 : survival::incomplete_beta(k, n - k + 1, p);
    };
    const auto solve = [&](const auto& excess) {  // increasing in p
        constexpr int halvings = 60;
        return survival::bisect(
                   0.0, 1.0, [&](double p) { return excess(p) > 0 ? 1 : -1; }, halvings)
            .middle();
    };
    Limits limits{0, 1};
    if (x > 0) limits.lower = solve([&](double p) { return (above(x, p) + above(x + 1, p)) / 2 - tail; });
    if (x < n) limits.upper = solve([&](double p) { return tail - (1 - (above(x, p) + above(x + 1, p)) / 2); });
    return limits;
}

struct Method {
    std::string_view name;
    Limits (*limits)(int responders, int evaluable, double level);
};
constexpr Method methods[] = {{"Clopper-Pearson", exact},
                              {"Wilson", wilson},
                              {"Wald", wald},
                              {"Agresti-Coull", agresti_coull},
                              {"Jeffreys", jeffreys},
                              {"mid-P", mid_p},
                              {"Wilson with continuity correction", wilson_corrected},
                              {"Wald with continuity correction", wald_corrected}};

// A limit may be cut off instead of rounded: a whole unit of its last digit.
bool fits(double limit, const catalogue::PrintedNumber& printed, bool approximate) {
    const Range range = *range_of(printed, false, approximate);
    const double unit = 2 * printed.half_unit();
    return Range{limit, limit}.meets(
        {std::min(range.low, printed.value - unit), std::max(range.high, printed.value + unit)});
}

void look_at(const catalogue::Trial& trial, const catalogue::Response& response, std::vector<Finding>& findings) {
    if (!response.rate.is_number() || !response.lower || !response.upper || !response.lower->is_number() ||
        !response.upper->is_number() || !response.evaluable || *response.evaluable < 1)
        return;
    const int n = *response.evaluable;
    if (response.rate.value < response.lower->value || response.rate.value > response.upper->value)
        return;  // said by another rule
    // The counts that the rate allows, if none is published.
    const Range rate = *range_of(response.rate, false, response.from.approximate);
    int first = std::max(0, static_cast<int>(std::ceil(rate.low * n - slack))),
        last = std::min(n, static_cast<int>(std::floor(rate.high * n + slack)));
    if (response.responders) first = last = *response.responders;
    if (first > last || first < 0 || last > n) return;  // said by another rule
    bool lower_possible = false, upper_possible = false;
    Range lowers{1, 0}, uppers{1, 0};
    for (int x = first; x <= last; ++x) {
        for (const Method& method : methods) {
            const Limits limits = method.limits(x, n, response.level);
            const bool lower = fits(limits.lower, *response.lower, response.from.approximate),
                       upper = fits(limits.upper, *response.upper, response.from.approximate);
            if (lower && upper) return;
            lower_possible = lower_possible || lower;
            upper_possible = upper_possible || upper;
            lowers = {std::min(lowers.low, limits.lower), std::max(lowers.high, limits.lower)};
            uppers = {std::min(uppers.low, limits.upper), std::max(uppers.high, limits.upper)};
        }
    }
    catalogue::Place at;
    at.response = response.id;
    at.arm = response.arm;
    Finding finding = start(response_limits, trial, at, response.from);
    // Between the methods that are tried there may be one more.
    const bool between = range_of(*response.lower, false, response.from.approximate)->meets(lowers) &&
                         range_of(*response.upper, false, response.from.approximate)->meets(uppers);
    if (between) finding.severity = Severity::note;
    const int decimals = response.lower->decimals + 1;
    const Limits clopper = exact((first + last) / 2, n, response.level);
    finding.published = fmt::format("{} [{}, {}]", printed_text(response.rate), printed_text(*response.lower),
                                    printed_text(*response.upper));
    finding.expected =
        fmt::format("[{:.{}f}, {:.{}f}] by Clopper-Pearson", clopper.lower, decimals, clopper.upper, decimals);
    finding.message = fmt::format(
        "for {} of {} patients eight methods give lower limits of {} and upper limits of {} (Clopper-Pearson {:.{}f} "
        "to {:.{}f}), but {} to {} is published{}",
        first == last ? fmt::format("{} responders", first) : fmt::format("a rate of {}", printed_text(response.rate)),
        n, words(lowers), words(uppers), clopper.lower, decimals, clopper.upper, decimals,
        printed_text(*response.lower), printed_text(*response.upper),
        between          ? ", which lies between them"
        : lower_possible ? "; only the lower limit agrees with a method"
        : upper_possible ? "; only the upper limit agrees with a method"
                         : "");
    findings.push_back(std::move(finding));
}

void check(const Subject& subject, std::vector<Finding>& findings) {
    if (subject.trial == nullptr) return;
    for (const auto& response : subject.trial->responses) look_at(*subject.trial, response, findings);
}

}  // namespace

const Rule response_limits{
    "response-limits",
    Severity::warning,
    "the CI of a response rate agrees with its counts by one of the usual methods",
    "both limits are within one unit of Clopper-Pearson, Wilson, Wald, Agresti-Coull, Jeffreys, mid-P, or Wilson or "
    "Wald with continuity correction, for any number of responders consistent with the rate; a note if they lie "
    "between these methods",
    "check which patients the rate refers to and the confidence level; CIs of stratified or clustered rates differ",
    check,
};

}  // namespace hersurv::audit
