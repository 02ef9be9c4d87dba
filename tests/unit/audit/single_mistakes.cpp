#include "unit/audit/single_mistakes.hpp"

namespace simulated {
namespace {

Arm& os(Trial& t, int arm = 0) { return t.analyses[0].arm[arm]; }
Arm& pfs(Trial& t, int arm = 0) { return t.analyses[1].arm[arm]; }
bool has_ratios(const Trial& t) { return finite(t.analyses[0].hazard_ratio) && finite(t.analyses[1].hazard_ratio); }

Milestone* milestone(Arm& arm, double time) {
    for (Milestone& each : arm.milestones)
        if (each.time == time) return &each;
    return nullptr;
}

bool transpose_median(Trial& t) {
    double& median = os(t).median.value;
    if (!std::isfinite(median) || transposed(median, 1) == rounded(median, 1)) return false;
    median = transposed(median, 1);
    return true;
}

bool limits_of_pfs(Trial& t) {
    if (!finite(os(t).median) || !finite(pfs(t).median)) return false;
    os(t).median.lower = pfs(t).median.lower;
    os(t).median.upper = pfs(t).median.upper;
    return true;
}

bool invert_value(Trial& t) {
    double& value = t.analyses[0].hazard_ratio.value;
    if (!has_ratios(t) || rounded(1 / value, 2) == rounded(value, 2)) return false;
    value = 1 / value;
    return true;
}

bool months_for_percent(Trial& t) {
    Milestone* first = milestone(os(t), 12);
    if (first == nullptr || !finite(os(t).median) || os(t).median.upper > 100) return false;
    for (auto number : {&Estimate::value, &Estimate::lower, &Estimate::upper})
        first->survival.*number = os(t).median.*number / 100;
    return true;
}

bool complements(Trial& t) {
    if (os(t).milestones.empty()) return false;
    for (Milestone& each : os(t).milestones)
        each.survival = {1 - each.survival.value, 1 - each.survival.upper, 1 - each.survival.lower};
    return true;
}

bool exchange_milestones(Trial& t) {
    Milestone *first = milestone(os(t), 12), *second = milestone(os(t), 24);
    if (first == nullptr || second == nullptr) return false;
    std::swap(first->survival, second->survival);
    return rounded(first->survival.value, 2) != rounded(second->survival.value, 2);
}

bool n_of_subgroup(Trial& t) {
    if (t.analyses.size() < 3) return false;
    for (int a = 0; a < 2; ++a) os(t, a).n = t.analyses[2].arm[a].n;
    return true;
}

bool tenfold_n(Trial& t) {
    for (int a = 0; a < 2; ++a) os(t, a).n *= 10;
    return true;
}

bool exchange_endpoints(Trial& t) {
    std::swap(t.analyses[0].endpoint, t.analyses[1].endpoint);
    return true;
}

bool exchange_responders(Trial& t) {
    if (t.response[0].responders == 0 || t.response[0].responders == t.response[0].evaluable) return false;
    t.response[0].evaluable -= t.response[0].responders;  // non-responders for the evaluable
    return true;
}

bool ratio_limits_of_pfs(Trial& t) {
    if (!has_ratios(t)) return false;
    t.analyses[0].hazard_ratio.lower = t.analyses[1].hazard_ratio.lower;
    t.analyses[0].hazard_ratio.upper = t.analyses[1].hazard_ratio.upper;
    return true;
}

bool ratio_of_pfs(Trial& t) {
    if (!has_ratios(t)) return false;
    t.analyses[0].hazard_ratio = t.analyses[1].hazard_ratio;
    return true;
}

// Limits of another level, z over that of 95%.
bool ratio_level(Trial& t, double z) {
    if (!has_ratios(t)) return false;
    t.analyses[0].hazard_ratio = stretched(t.analyses[0].hazard_ratio, z / z95);
    return true;
}

bool copy_milestone(Trial& t) {
    Milestone *first = milestone(os(t), 12), *second = milestone(os(t), 24);
    if (first == nullptr || second == nullptr) return false;
    second->survival = first->survival;
    return true;
}

bool weeks(Trial& t) {
    for (int a = 0; a < 2; ++a) {
        if (!std::isfinite(os(t, a).median.value)) return false;
        for (auto number : {&Estimate::value, &Estimate::lower, &Estimate::upper}) os(t, a).median.*number *= 4.348;
    }
    return true;
}

bool limits_of_other_arm(Trial& t) {
    Estimate &a = os(t, 0).median, &b = os(t, 1).median;
    if (!finite(a) || !finite(b)) return false;
    a.lower = b.lower;
    a.upper = b.upper;
    return true;
}

bool one_sided(Trial& t) {
    if (!has_ratios(t)) return false;
    auto& p = t.analyses[0].p;
    // "<0.001" of either test is printed alike: these trials cannot be told apart, and no rule could.
    if (p < 0.001) return false;
    p /= 2;
    return true;
}

bool events_of_pfs(Trial& t) {
    t.analyses[0].total_events = t.analyses[1].total_events;
    for (int a = 0; a < 2; ++a) os(t, a).events = pfs(t, a).events;
    return true;
}

bool exchange_events(Trial& t) {
    std::swap(os(t, 0).events, os(t, 1).events);
    return os(t, 0).events != os(t, 1).events;
}

bool deaths_above_pfs_events(Trial& t) {
    for (int a = 0; a < 2; ++a) std::swap(os(t, a).events, pfs(t, a).events);
    std::swap(t.analyses[0].total_events, t.analyses[1].total_events);
    return pfs(t).events + 5 < os(t).events;
}

bool standard_error(Trial& t) {
    Estimate& median = os(t).median;
    if (!finite(median)) return false;
    const double se = (median.upper - median.lower) / (2 * z95);
    median = {median.value, median.value - se, median.value + se};
    return true;
}

bool p_of_pfs(Trial& t) {
    if (!has_ratios(t)) return false;
    double &p = t.analyses[0].p, of_pfs = t.analyses[1].p;
    if (p < 0.001 && of_pfs < 0.001) return false;  // both are printed as "<0.001"
    p = of_pfs;
    return true;
}

bool transpose_upper(Trial& t) {
    double& upper = os(t).median.upper;
    if (!finite(os(t).median) || transposed(upper, 1) == rounded(upper, 1)) return false;
    upper = transposed(upper, 1);
    return true;
}

bool transpose_last_of_upper(Trial& t) {
    double& upper = os(t).median.upper;
    if (!finite(os(t).median) || upper < 10) return false;
    const double tens = 10 * std::floor(rounded(upper, 1) / 10), rest = rounded(upper, 1) - tens;
    if (transposed(rest, 1) == rounded(rest, 1)) return false;
    upper = tens + transposed(rest, 1);
    return true;
}

bool wrong_third_ratio(Trial& t) {
    auto& ratios = t.three_arms.hazard_ratio;
    if (!finite(ratios[0]) || !finite(ratios[1]) || !finite(ratios[2])) return false;
    ratios[2] = ratios[0];  // new v third is printed as new v old
    return std::abs(std::log(ratios[1].value)) > 0.3;
}

bool transpose_upper_of_ratio(Trial& t) {
    if (!has_ratios(t)) return false;
    double& upper = t.analyses[0].hazard_ratio.upper;
    const double other = transposed(upper, 2);
    if (other == rounded(upper, 2) || other <= t.analyses[0].hazard_ratio.lower) return false;
    upper = other;
    return true;
}

bool near_one(const Trial& t) { return std::abs(std::log(t.analyses[0].hazard_ratio.value)) < 0.1; }

bool invert_ratio(Trial& t) {
    if (!has_ratios(t) || near_one(t)) return false;
    invert(t.analyses[0].hazard_ratio);
    return true;
}

bool invert_ratio_near_one(Trial& t) {
    if (!has_ratios(t) || !near_one(t)) return false;
    invert(t.analyses[0].hazard_ratio);
    return true;
}

bool exchange_arms(Trial& t) {
    if (!has_ratios(t) || near_one(t)) return false;
    std::swap(os(t, 0), os(t, 1));
    return true;
}

}  // namespace

const std::vector<SingleMistake>& single_mistakes() {
    static const std::vector<SingleMistake> all = {
        {"digits of a median transposed", 0.8, transpose_median},
        {"CI of the median PFS given for OS", 0.8, limits_of_pfs},
        {"hazard ratio inverted, but not its CI", 0.8, invert_value},
        {"median in months given as survival in percent", 0.8, months_for_percent},
        {"1 - S in place of S at all times of an arm", 0.8, complements},
        {"S at 12 and at 24 months exchanged", 0.8, exchange_milestones},
        {"n of a subgroup", 0.8, n_of_subgroup},
        {"n ten times as large", 0.8, tenfold_n},
        {"PFS and OS exchanged", 0.8, exchange_endpoints},
        {"responders of other than the evaluable patients", 0.8, exchange_responders},
        {"CI of the hazard ratio of PFS given for OS", 0.8, ratio_limits_of_pfs},
        {"hazard ratio and CI of PFS given for OS", 0.8, ratio_of_pfs},
        {"90% CI of the hazard ratio", 0.8, [](Trial& t) { return ratio_level(t, 1.6448536); }},
        {"S at 12 months copied to 24", 0.8, copy_milestone},
        {"medians in weeks", 0.8, weeks},
        {"CI of the median of the other arm", 0.8, limits_of_other_arm},
        {"one-sided p-value", 0.6, one_sided},
        {"events of PFS given for OS in both arms", 0.8, events_of_pfs},
        {"events of the arms exchanged", 0.8, exchange_events},
        {"events of PFS and OS exchanged", 0.8, deaths_above_pfs_events},
        {"median plus and minus its standard error as CI", 0.8, standard_error},
        {"99% CI of the hazard ratio", 0.6, [](Trial& t) { return ratio_level(t, 2.5758293); }},
        {"p-value of PFS given for OS", 0.6, p_of_pfs},
        {"digits of the upper limit of a median transposed", 0.6, transpose_upper},
        {"digits of the upper limit of a hazard ratio transposed", 0.6, transpose_upper_of_ratio},
        {"last two digits of the upper limit of a median transposed", 0, transpose_last_of_upper},
        {"with three arms, the ratio of two arms is that of another two (0.3 apart on the log scale)", 0.6,
         wrong_third_ratio},
        {"hazard ratio not within 10% of 1 inverted with its CI", 0.8, invert_ratio},
        {"hazard ratio within 10% of 1 inverted with its CI", 0, invert_ratio_near_one},
        {"all numbers of the arms exchanged, hazard ratio not within 10% of 1", 0.8, exchange_arms},
    };
    return all;
}

}  // namespace simulated
