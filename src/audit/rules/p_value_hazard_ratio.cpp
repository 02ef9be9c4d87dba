// Rule p-value-hazard-ratio: a p-value says of a hazard ratio what its limits say, or what its events allow.
// z = log HR / se (Wald) and the z of the log-rank test differ by at most 0.10 and 2 % in 104 digitised figures
// (tests/reference/audit_limits.R); a stratified test beside an unstratified ratio may differ by more.
#include "hersurv/evidence.hpp"

#include <fmt/format.h>

#include "audit/rule_support.hpp"
#include "support/numbers.hpp"
#include <algorithm>
#include <cmath>

namespace hersurv::audit {

extern const Rule p_value_hazard_ratio;

namespace {

// By how much two tests of the same data may differ, as absolute + relative z: silent, then a note, a warning, an
// error.
struct Distance {
    double absolute, relative;
    [[nodiscard]] double at(double z) const { return absolute + relative * z; }
};
constexpr Distance same_data{0.10, 0.02}, other_strata{0.5, 0.1}, impossible{1.5, 0.25};

// |z| of the p-values in the range, two-sided; sides 1: one-sided tests.
Range z_of(const Range& p, int sides) {
    const auto z = [&](double value) {
        const double two_sided = value * (sides == 1 ? 2 : 1);
        if (two_sided <= 0) return infinity;
        return two_sided >= 1 ? 0.0 : evidence::z_of_two_sided_p(two_sided);
    };
    return {z(p.high), z(p.low)};
}

// How far two ranges are apart; 0 where they meet.
double gap(const Range& a, const Range& b) { return std::max({0.0, a.low - b.high, b.low - a.high}); }

Range absolute(const Range& range) {
    if (range.low <= 0 && range.high >= 0) return {0, std::max(-range.low, range.high)};
    const double a = std::abs(range.low), b = std::abs(range.high);
    return {std::min(a, b), std::max(a, b)};
}

// The ratio with limits that the p-value stands beside: of the same source, else the first.
const catalogue::Statistic* ratio_beside(const catalogue::PValue& p, const catalogue::Statistics& ratios) {
    const catalogue::Statistic* first = nullptr;
    for (const auto& ratio : ratios) {
        if (!positive_limits_of(ratio) || !positive_range_of(ratio.value, ratio.from.approximate)) continue;
        if (ratio.from.source == p.from.source) return &ratio;
        if (first == nullptr) first = &ratio;
    }
    return first;
}

void look_at(const catalogue::Trial& trial, const ComparedArms& arms, const catalogue::PValue& p,
             std::vector<Finding>& findings) {
    if (!p.value.is_number() || p.from.approximate) return;
    const Range allowed = range_of(p);
    Range z;
    std::string arithmetic, published;
    const auto& ratios = arms.contrast->hazard_ratio;
    if (const auto* ratio = ratio_beside(p, ratios)) {
        const Range effect = absolute(log_of(*positive_range_of(ratio->value, ratio->from.approximate)));
        const Range se = se_of_log(*positive_limits_of(*ratio), ratio->level);
        z = effect / se;
        published = fmt::format("{}, HR {}", words(p), words(*ratio));
        arithmetic = fmt::format("the hazard ratio {} means |z| = {}, rounding included", words(*ratio), words(z));
    } else {
        // Without limits: |z| <= |log HR| sqrt(events) / 2, as se >= 2 / sqrt(events); no p-value is too large for
        // that.
        const auto events = events_of(arms);
        if (ratios.empty() || !events) return;
        const auto value = positive_range_of(ratios.front().value, ratios.front().from.approximate);
        if (!value) return;
        z = {0, absolute(log_of(*value)).high * std::sqrt(*events) / 2};
        published = fmt::format("{}, HR {}", words(p), words(ratios.front()));
        arithmetic = fmt::format("a hazard ratio of {} on {} events means |z| of at most {}, rounding included",
                                 words(ratios.front()), computed(*events, 6), computed(z.high));
    }
    const Range z_of_p = z_of(allowed, 2);
    const double away = gap(z, z_of_p), larger = std::min(z.high, z_of_p.high);
    if (away <= same_data.at(larger)) return;
    const bool one_sided = gap(z, z_of(allowed, 1)) <= same_data.at(larger);
    Finding finding = start(p_value_hazard_ratio, trial, arms.at(StatisticKind::p_value), p.from);
    finding.severity = one_sided || away <= other_strata.at(larger) ? Severity::note
                       : away <= impossible.at(larger)              ? Severity::warning
                                                                    : Severity::error;
    finding.published = std::move(published);
    finding.expected = fmt::format("|z| {}", words(z));
    const std::string of_p = std::isinf(z_of_p.high) ? "at least " + computed(z_of_p.low, 5)
                             : z_of_p.low == 0       ? "at most " + computed(z_of_p.high, 5)
                                                     : words(z_of_p);
    finding.message =
        fmt::format("{}, but {} means {}: {} apart, more than the {} between two tests of the same data{}", arithmetic,
                    words(p), of_p, computed(away, 2), computed(same_data.at(larger), 2),
                    one_sided ? "; as a one-sided p-value it fits" : "");
    findings.push_back(std::move(finding));
}

void check(const Subject& subject, std::vector<Finding>& findings) {
    if (subject.trial == nullptr) return;
    for (const ComparedArms& arms : compared_arms(*subject.trial))
        for (const auto& p : arms.contrast->p_values) look_at(*subject.trial, arms, p, findings);
}

}  // namespace

const Rule p_value_hazard_ratio{
    "p-value-hazard-ratio",
    Severity::error,
    "a p-value agrees with the limits of its hazard ratio, or, without limits, is no smaller than its events allow",
    "|log HR| / se against the |z| of the two-sided p-value, all roundings included: more than 0.10 + 2 % apart is a "
    "note (also where a one-sided p-value fits), 0.5 + 10 % a warning, 1.5 + 25 % an error",
    "see whether p-value, ratio and limits are of one analysis; a stratified test beside an unstratified ratio may "
    "differ",
    check,
};

}  // namespace hersurv::audit
