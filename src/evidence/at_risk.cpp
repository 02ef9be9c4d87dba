// Numbers at risk -> follow-up.
#include "evidence/at_risk.hpp"

#include <fmt/format.h>

#include "support/number_text.hpp"
#include "support/numbers.hpp"
#include <algorithm>
#include <cmath>

namespace hersurv::evidence {
namespace {

using catalogue::NumbersAtRisk;

constexpr double sd_between_points = 0.03;  // of S between the published points
constexpr double least_divisor = 0.05;      // below it the division says nothing

// S by its logit, which is straight against log t between the published points and has the typical slope beyond them:
// log-logistic pieces.
class RoughSurvival {
  public:
    RoughSurvival(SurvivalPoints points, double typical_slope) : points_(std::move(points)), slope_(typical_slope) {
        std::erase_if(points_,
                      [](const auto& point) { return point.first <= 0 || point.second <= 0 || point.second >= 1; });
        std::ranges::sort(points_);
    }
    [[nodiscard]] bool empty() const { return points_.empty(); }

    [[nodiscard]] double at(double time_months) const {
        if (time_months <= 0) return 1;
        const auto after = std::ranges::find_if(points_, [&](const auto& point) { return point.first >= time_months; });
        const auto& near = after == points_.end() ? points_.back() : *after;
        double y = support::logit(1 - near.second);
        double slope = slope_;
        if (after != points_.end() && after != points_.begin()) {
            const auto& before = *(after - 1);
            slope = (y - support::logit(1 - before.second)) / std::log(near.first / before.first);
        }
        y += slope * std::log(time_months / near.first);
        return 1 / (1 + std::exp(y));
    }

  private:
    SurvivalPoints points_;
    double slope_;
};

// G at one time, with the sd of its logit: the binomial one of who is still followed among those without an event, and
// that of S.
struct Followed {
    double time_months, share, sd_of_logit;
};

std::vector<Followed> followed_shares(const std::vector<NumbersAtRisk::Entry>& at_risk, double n,
                                      const RoughSurvival& survival) {
    std::vector<Followed> shares;
    double most = 1 - 0.5 / n;
    for (const auto& [time, n_at_risk] : at_risk) {
        const double s = survival.at(time);
        if (time <= 0 || s < least_divisor) continue;
        const double least = 0.5 / (n * s), share = std::clamp(n_at_risk / (n * s), std::min(least, most), most);
        most = share;
        const double room = share * (1 - share);
        shares.push_back({time, share, std::hypot(std::sqrt(room / (n * s)), share * sd_between_points / s) / room});
    }
    return shares;
}

SurvivalPoints published_points(const catalogue::ArmResult& result) {
    SurvivalPoints points;
    if (!result.median.empty())
        if (const auto median = first_print(result.median).value; median.is_number())
            points.emplace_back(median.value, 0.5);
    for (const auto& milestone : result.milestones)
        if (const auto survival = first_print(milestone.survival).value; survival.is_number())
            points.emplace_back(milestone.time_months, survival.value);
    return points;
}

}  // namespace

std::optional<FollowUpAtRisk> follow_up_at_risk(const EndpointConstants& constants,
                                                const std::vector<NumbersAtRisk::Entry>& at_risk, int n_patients,
                                                SurvivalPoints points) {
    const RoughSurvival survival(std::move(points), constants.log_logistic_shape);
    if (survival.empty() || n_patients <= 0) return std::nullopt;
    const auto shares = followed_shares(at_risk, n_patients, survival);
    if (shares.empty()) return std::nullopt;
    const auto below = std::ranges::find_if(shares, [](const Followed& f) { return f.share <= 0.5; });
    // Between two times the odds of G are straight against log t; before the first and after the last time they have
    // the learnt slope.
    const Followed& near = below == shares.end() ? shares.back() : *below;
    double slope = constants.censoring_gamma, sd = near.sd_of_logit;
    if (below != shares.end() && below != shares.begin()) {
        const Followed& before = *(below - 1);
        slope = (support::logit(1 - near.share) - support::logit(1 - before.share)) /
                std::log(near.time_months / before.time_months);
        sd = std::min(sd, before.sd_of_logit);
    }
    // A share that is hardly below 1 says little about when it will be one half.
    constexpr double least_censored = 0.05;
    const double share = std::min(near.share, 1 - least_censored);
    return FollowUpAtRisk{near.time_months * std::exp(-support::logit(1 - share) / slope), sd / slope};
}

void take_numbers_at_risk(const EndpointConstants& constants, const catalogue::ArmResult& result, ArmEvidence& arm) {
    using FollowUp = catalogue::FollowUp;
    if (!result.at_risk) return;
    arm.at_risk = result.at_risk->numbers;
    if (arm.published_follow_up && arm.follow_up_kind == FollowUp::Kind::reverse_kaplan_meier) return;
    const int n = arm.n_patients.value_or(arm.at_risk.front().time_months == 0 ? arm.at_risk.front().n_patients : 0);
    const auto found = follow_up_at_risk(constants, arm.at_risk, n, published_points(result));
    if (!found) return;
    constexpr double agreeing = 2;  // sds
    if (arm.published_follow_up && arm.follow_up_kind == FollowUp::Kind::unknown &&
        std::abs(std::log(found->median_months / arm.published_follow_up->value)) < agreeing * found->log_sd) {
        arm.follow_up_months = arm.published_follow_up->value;
        arm.follow_up_log_sd = 0;
        arm.follow_up_derivation.clear();
        return;
    }
    arm.follow_up_months = found->median_months;
    arm.follow_up_log_sd = found->log_sd;
    arm.follow_up_from_at_risk = true;
    arm.follow_up_derivation = fmt::format(
        "the numbers at risk imply a median follow-up of about {} months (potential follow-up, as if there were no "
        "events)",
        support::significant(found->median_months, 3));
    if (arm.published_follow_up)
        arm.follow_up_derivation +=
            fmt::format("; the published follow-up is {}", printed_time_text(*arm.published_follow_up));
}

}  // namespace hersurv::evidence
