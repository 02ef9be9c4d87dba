// Orders the data cuts of one endpoint.
#include "evidence/cuts.hpp"

#include "catalogue/dates.hpp"
#include <algorithm>
#include <functional>
#include <optional>

namespace hersurv::evidence {
namespace {

using catalogue::Analysis;

double longest_follow_up(const Analysis& analysis) {
    double longest = 0;
    for (const auto& arm : analysis.arms)
        if (const auto* follow_up = printed_follow_up(arm)) longest = std::max(longest, follow_up->median_months.value);
    return longest;
}

// Negative: `a` was cut before `b`; nullopt if neither dates nor follow-up tell.
std::optional<double> cut_difference(const Analysis& a, const Analysis& b) {
    constexpr std::size_t year = 4, month = 7;
    const auto cut_a = catalogue::month_of(a.data_cutoff), cut_b = catalogue::month_of(b.data_cutoff);
    const bool only_year = a.data_cutoff.size() < month || b.data_cutoff.size() < month;
    const bool told = cut_a && cut_b && !(only_year && a.data_cutoff.substr(0, year) == b.data_cutoff.substr(0, year));
    if (told) return *cut_a - *cut_b;
    const double followed_a = longest_follow_up(a), followed_b = longest_follow_up(b);
    if (followed_a > 0 && followed_b > 0) return followed_a - followed_b;
    return std::nullopt;
}

}  // namespace

const catalogue::FollowUp* printed_follow_up(const catalogue::ArmResult& result) {
    for (const auto& follow_up : result.follow_up)
        if (follow_up.median_months.is_number() && follow_up.median_months.value > 0) return &follow_up;
    return nullptr;
}

std::vector<const Analysis*> earlier_cuts(const catalogue::Trial& trial, const Analysis& analysis) {
    std::vector<const Analysis*> cuts;
    for (const Analysis& other : trial.analyses) {
        if (other.id == analysis.id || other.endpoint != analysis.endpoint || other.population != analysis.population ||
            other.assessed_by != analysis.assessed_by)
            continue;
        if (cut_difference(other, analysis).value_or(0) < 0) cuts.push_back(&other);
    }
    // By the follow-up, which every cut that joins has: dates that some cuts lack would be no order.
    std::ranges::stable_sort(cuts, std::greater(), [](const Analysis* cut) { return longest_follow_up(*cut); });
    return cuts;
}

}  // namespace hersurv::evidence
