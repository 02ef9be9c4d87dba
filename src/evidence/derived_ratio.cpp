// A hazard ratio that is not published, from the p-value and the events.
#include "hersurv/evidence.hpp"

#include "catalogue/text.hpp"
#include "support/number_text.hpp"
#include <algorithm>
#include <cmath>
#include <limits>

namespace hersurv::evidence {
namespace {

using catalogue::Analysis;
using catalogue::ArmResult;
using catalogue::PValue;
using catalogue::Relation;

constexpr double infinity = std::numeric_limits<double>::infinity();

const ArmResult* result_of(const Analysis& analysis, const std::string& arm) {
    const auto found = std::ranges::find(analysis.arms, arm, &ArmResult::arm);
    return found == analysis.arms.end() ? nullptr : &*found;
}

std::optional<double> count_of(const catalogue::Statistics& events) {
    if (events.empty() || !events.front().value.is_number() || events.front().value.value <= 0) return std::nullopt;
    return events.front().value.value;
}

// V of the log-rank statistic, so that O - E = z sqrt(V), log HR = (O - E) / V and its variance is 1 / V (Tierney et
// al. 2007, Trials 8:16, from a p-value; Parmar et al. 1998, Stat Med 17:2815). Of the events of each arm where they
// are known: in simulated trials of 2:1 that is nearer to the Cox estimate than what total and allocation give.
struct Information {
    double value = 0;
    std::string of;  // "168 v 200 events"
};
std::optional<Information> information(const Analysis& analysis, const ArmResult& mine, const ArmResult& theirs) {
    const auto first = count_of(mine.events), second = count_of(theirs.events), all = count_of(analysis.events);
    if (first && second)
        return Information{*first * *second / (*first + *second),
                           support::shortest(*first) + " v " + support::shortest(*second) + " events"};
    if (!all || analysis.arms.size() != 2 || mine.n_patients.value_or(0) <= 0 || theirs.n_patients.value_or(0) <= 0)
        return std::nullopt;
    const double n1 = *mine.n_patients, n0 = *theirs.n_patients;
    return Information{
        *all * n1 * n0 / ((n1 + n0) * (n1 + n0)),
        support::shortest(*all) + " events of " + support::shortest(n1) + " v " + support::shortest(n0) + " patients"};
}

// -1: the first arm lives longer; 1: the second; 0: equal, or unknown.
int longer_median(const ArmResult& mine, const ArmResult& theirs) {
    if (mine.median.empty() || theirs.median.empty()) return 0;
    const auto months = [](const catalogue::PrintedNumber& median) {
        if (median.kind == catalogue::PrintedNumber::Kind::not_reached) return infinity;
        return median.is_number() ? median.value : std::nan("");
    };
    const double a = months(mine.median.front().value), b = months(theirs.median.front().value);
    return a > b ? -1 : a < b ? 1 : 0;
}

int higher_survival(const ArmResult& mine, const ArmResult& theirs) {
    int sum = 0;
    for (const catalogue::Milestone& one : mine.milestones) {
        const auto other = std::ranges::find(theirs.milestones, one.time_months, &catalogue::Milestone::time_months);
        if (other == theirs.milestones.end() || one.survival.empty() || other->survival.empty()) continue;
        const auto &a = one.survival.front().value, &b = other->survival.front().value;
        if (!a.is_number() || !b.is_number() || a.value == b.value) continue;
        const int sign = a.value > b.value ? -1 : 1;
        if (sum != 0 && sign != sum) return 2;  // at one time so, at another otherwise
        sum = sign;
    }
    return sum;
}

// What tells which arm has the lower hazard; sign 0: nothing.
struct Direction {
    int sign = 0;
    std::string by;
};
Direction direction(const ArmResult& mine, const ArmResult& theirs) {
    const int medians = longer_median(mine, theirs), milestones = higher_survival(mine, theirs);
    if (milestones == 2 || medians * milestones < 0) return {0, "medians and survival at fixed times disagree"};
    if (medians != 0) return {medians, "the medians"};
    if (milestones != 0) return {milestones, "survival at fixed times"};
    return {0, "neither medians nor survival at one time differ"};
}

std::string two_decimals(double log_ratio) { return support::fixed(std::exp(log_ratio), 2); }

// An inequality says of |z| that it is larger, or smaller, than that of the number.
void put_bound(DerivedHazardRatio& derived, const std::string& p, double z, double sd, const Direction& towards) {
    const bool beyond = derived.relation == Relation::less || derived.relation == Relation::less_equal;
    derived.statement += "only bounded by " + p + ": ";
    if (!beyond)
        derived.statement += "between " + two_decimals(-z * sd) + " and " + two_decimals(z * sd);
    else if (towards.sign == 0)
        derived.statement += "below " + two_decimals(-z * sd) + " or above " + two_decimals(z * sd);
    else
        derived.statement += (towards.sign < 0 ? "below " : "above ") + two_decimals(towards.sign * z * sd);
}

DerivedHazardRatio derive(const Analysis& analysis, const catalogue::Contrast& contrast, const PValue& p) {
    DerivedHazardRatio derived;
    derived.experimental = contrast.experimental;
    derived.control = contrast.control;
    derived.relation = p.relation;
    derived.statement = contrast.experimental + " v " + contrast.control + ": hazard ratio not published; ";
    const ArmResult *mine = result_of(analysis, contrast.experimental), *theirs = result_of(analysis, contrast.control);
    const auto known = mine != nullptr && theirs != nullptr ? information(analysis, *mine, *theirs) : std::nullopt;
    const std::string sign = p.relation == Relation::equal ? " = " : " " + std::string(relation_sign(p.relation)) + " ",
                      words = "p" + sign + printed_text(p.value);
    if (!known) {
        derived.statement += words + " gives it only with the events of both arms";
        return derived;
    }
    const double sides = catalogue::folded(p.test).find("one-sided") != std::string::npos ? 2 : 1,
                 sd = 1 / std::sqrt(known->value);
    const auto z = [&](double value) { return value * sides >= 1 ? 0.0 : z_of_two_sided_p(value * sides); };
    const Direction towards = direction(*mine, *theirs);
    const double value = p.value.value, half = p.value.half_unit();
    const std::string source = " and " + known->of + " (Tierney 2007)";
    if (p.relation != Relation::equal && value > 0) {
        put_bound(derived, words + source, z(value), sd, towards);
        return derived;
    }
    if (value - half <= 0) {
        derived.statement += words + " is 0 when rounded, which gives no hazard ratio; give p < " +
                             support::fixed(half * 2, p.value.decimals);
        return derived;
    }
    if (towards.sign == 0 && z(value) > 0) {
        derived.statement += words + source + " gives " + two_decimals(-z(value) * sd) + " or " +
                             two_decimals(z(value) * sd) + ": " + towards.by;
        return derived;
    }
    // The rounding of the p-value moves the estimate; the limits hold wherever it is.
    const double reach = z_of_level(0.95) * sd, far = towards.sign * z(value - half) * sd,
                 near = towards.sign * z(value + half) * sd;
    derived.log_ratio = towards.sign * z(value) * sd;
    derived.sd = sd;
    derived.lower = std::min(far, near) - reach;
    derived.upper = std::max(far, near) + reach;
    derived.statement += "derived " + two_decimals(*derived.log_ratio) + " (95% CI " + two_decimals(derived.lower) +
                         "\xE2\x80\x93" + two_decimals(derived.upper) + ") from " + words + source +
                         ", its direction from " + towards.by + "; not used in the fit";
    return derived;
}

}  // namespace

std::vector<DerivedHazardRatio> derive_hazard_ratios(const Analysis& analysis) {
    std::vector<DerivedHazardRatio> all;
    for (const catalogue::Contrast& contrast : analysis.contrasts) {
        if (!contrast.hazard_ratio.empty() || contrast.p_values.empty()) continue;
        const PValue& p = contrast.p_values.front();
        if (p.value.is_number()) all.push_back(derive(analysis, contrast, p));
    }
    return all;
}

}  // namespace hersurv::evidence
