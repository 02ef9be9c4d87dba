// Rule p-value-hazard-ratio: a p-value says of a hazard ratio what its limits say, or what its events allow.
// z = log HR / se (Wald) and the z of the log-rank test differ by little; a stratified test beside an unstratified
// ratio may differ by more.
#include <fmt/format.h>

#include "audit/effect.hpp"
#include "support/words.hpp"
#include <algorithm>
#include <cmath>

namespace hersurv::audit {

extern const Rule p_value_hazard_ratio;

namespace {

// By how much |z| of a test and of a ratio may differ, as absolute + relative z, before it is a warning, an error.
struct Distance {
    double absolute, relative;
    [[nodiscard]] double at(double z) const { return absolute + relative * z; }
};
constexpr Distance other_strata{0.5, 0.1}, stratified_test{0.8, 0.1}, impossible{1.5, 0.25};
// By how much a one-sided p-value of the same data misses the ratio.
constexpr Distance one_sided_fit{0.03, 0.01};

bool contains_word(const std::string& test, std::string_view word) {
    return support::folded(test).find(word) != std::string::npos;
}
bool is_stratified(const catalogue::PValue& p) {
    return contains_word(p.test, "stratified") && !contains_word(p.test, "unstratified");
}
int sides_of(const catalogue::PValue& p) {
    return contains_word(p.test, "one-sided") || contains_word(p.test, "1-sided") ? 1 : 2;
}

// The ratio with limits that the p-value is beside: of the same source, else the first.
const catalogue::Statistic* ratio_beside(const catalogue::PValue& p, const catalogue::Statistics& ratios) {
    const catalogue::Statistic* first = nullptr;
    for (const auto& ratio : ratios) {
        if (!positive_limits_of(ratio) || !positive_range_of(ratio.value, ratio.from.approximate)) continue;
        if (ratio.from.source == p.from.source) return &ratio;
        if (first == nullptr) first = &ratio;
    }
    return first;
}

// Another endpoint of the same population and arms that has the same p-value, and a ratio that it fits; nullptr if none
// has.
const catalogue::Analysis* owner_of(const catalogue::PValue& p, const ComparedArms& mine,
                                    const std::vector<ComparedArms>& all) {
    if (p.relation != catalogue::Relation::equal) return nullptr;
    for (const ComparedArms& other : all) {
        if (other.analysis->endpoint == mine.analysis->endpoint || !same_population(*other.analysis, *mine.analysis) ||
            other.contrast->experimental != mine.contrast->experimental ||
            other.contrast->control != mine.contrast->control || other.contrast->hazard_ratio.empty())
            continue;
        const auto same = std::ranges::find_if(other.contrast->p_values, [&](const catalogue::PValue& theirs) {
            return theirs.relation == p.relation && theirs.value == p.value;
        });
        if (same == other.contrast->p_values.end()) continue;
        const auto z = wald_z(other.contrast->hazard_ratio.front());
        if (z && gap(*z, z_of_p(range_of(p), sides_of(p))) <= same_data_gap(z->high)) return other.analysis;
    }
    return nullptr;
}

// |z| that the ratio beside a p-value allows, in words too.
struct Expected {
    Range z;
    double se;  // of log HR
    std::string published, arithmetic;
};
std::optional<Expected> expected_beside(const catalogue::PValue& p, const ComparedArms& arms) {
    const auto& ratios = arms.contrast->hazard_ratio;
    if (const auto* ratio = ratio_beside(p, ratios)) {
        const Range z = *wald_z(*ratio);
        return Expected{
            z, se_of_log(*positive_limits_of(*ratio), ratio->level).low,
            fmt::format("{}, HR {}", words(p), words(*ratio)),
            fmt::format("the hazard ratio {} implies |z| = {}, allowing for rounding", words(*ratio), words(z))};
    }
    // Without limits: |z| <= |log HR| sqrt(events) / 2, as se >= 2 / sqrt(events); no p-value is too large for that.
    const auto events = events_of(arms);
    if (ratios.empty() || !events) return std::nullopt;
    const auto value = positive_range_of(ratios.front().value, ratios.front().from.approximate);
    if (!value) return std::nullopt;
    const Range log_value = log_of(*value);
    const Range z{0, std::max(-log_value.low, log_value.high) * std::sqrt(*events) / 2};
    return Expected{z, 2 / std::sqrt(*events), fmt::format("{}, HR {}", words(p), words(ratios.front())),
                    fmt::format("a hazard ratio of {} with {} events implies |z| of at most {}, allowing for rounding",
                                words(ratios.front()), computed(*events, 6), computed(z.high))};
}

void look_at(const catalogue::Trial& trial, const ComparedArms& arms, const std::vector<ComparedArms>& all,
             const catalogue::PValue& p, std::vector<Finding>& findings) {
    if (!p.value.is_number() || p.from.approximate) return;
    const auto expected = expected_beside(p, arms);
    if (!expected) return;
    const Range z = expected->z, of_p = z_of_p(range_of(p), sides_of(p));
    const double away = gap(z, of_p), larger = std::min(z.high, of_p.high);
    if (away <= same_data_gap(larger)) return;
    const double one_sided_gap = gap(z, z_of_p(range_of(p), 1));
    const bool one_sided =
        sides_of(p) == 2 && range_of(p).high <= 0.5 && of_p.low > z.high && one_sided_gap <= same_data_gap(larger);
    const auto* owner = owner_of(p, arms, all);
    const bool explained =
        owner != nullptr || (one_sided && one_sided_gap <= one_sided_fit.at(larger) && expected->se <= largest_se);
    // Strata of few events are far from balanced.
    const double other_test = (!is_stratified(p)           ? other_strata
                               : expected->se > largest_se ? impossible
                                                           : stratified_test)
                                  .at(larger);
    Finding finding = start(p_value_hazard_ratio, trial, arms.at(StatisticKind::p_value), p.from);
    finding.severity = away > impossible.at(larger) && !one_sided ? Severity::error
                       : away > other_test || explained           ? Severity::warning
                                                                  : Severity::note;
    finding.published = expected->published;
    finding.expected = fmt::format("|z| {}", words(z));
    const std::string z_text = std::isinf(of_p.high) ? "at least " + computed(of_p.low, 5)
                               : of_p.low == 0       ? "at most " + computed(of_p.high, 5)
                                                     : words(of_p);
    finding.message = fmt::format(
        "{}, but {} means {}: a difference of {}, more than the {} expected between two tests of the same data{}",
        expected->arithmetic, words(p), z_text, computed(away, 2), computed(same_data_gap(larger), 2),
        owner != nullptr
            ? fmt::format("; it equals the p-value of {} ({}) and most likely is that one", owner->endpoint, owner->id)
        : one_sided ? "; as a one-sided p-value it fits"
                    : "");
    findings.push_back(std::move(finding));
}

void check(const Subject& subject, std::vector<Finding>& findings) {
    if (subject.trial == nullptr) return;
    const auto all = compared_arms(*subject.trial);
    for (const ComparedArms& arms : all)
        for (const auto& p : arms.contrast->p_values) look_at(*subject.trial, arms, all, p, findings);
}

}  // namespace

const Rule p_value_hazard_ratio{
    "p-value-hazard-ratio",
    Severity::error,
    "a p-value fits its hazard ratio and CI or, without a CI, is no smaller than the number of events allows",
    "|log HR| / se is compared with the |z| of the p-value (two-sided unless the record says otherwise), allowing for "
    "all rounding and using the symmetry of Wald intervals: a difference above 0.10 + 2% is a note, above 0.5 + 10% a "
    "warning (0.8 + 10% for a test named stratified; none if the standard error is above 0.3), above 1.5 + 25% an "
    "error; also a warning if the p-value fits as a one-sided one within 0.03 + 1%, or equals that of another endpoint "
    "whose ratio it fits",
    "check that p-value, ratio and CI come from one analysis; a stratified test may differ from an unstratified ratio",
    check,
};

}  // namespace hersurv::audit
