// Two unknowns, the median and the shape of G, from the events and the median follow-up.
#include "patients/censoring.hpp"

#include "survival/solve.hpp"
#include <algorithm>
#include <cmath>

namespace hersurv::patients {
namespace {

constexpr double latest_end = 1.7;  // times the median follow-up, as the grid of fit::follow_up_grid

}  // namespace

Censoring with_events(const Tabulated& curve, double share_with_event, double gamma, const Censoring& usual) {
    const double guess = std::log(usual.follow_up_months);
    constexpr double earliest = 5, near_enough = 1e-8;
    constexpr int most_steps = 60;
    const auto excess = [&](double log_follow_up) {
        return curve.events({std::exp(log_follow_up), gamma}) - share_with_event;
    };
    const double low = guess - earliest, high = std::log(longest_follow_up(usual));
    const survival::Guess at_low{low, excess(low)}, at_high{high, excess(high)};
    if (at_low.value >= 0) return {std::exp(low), gamma};
    if (at_high.value <= 0) return {std::exp(high), gamma};
    return {std::exp(survival::false_position(excess, at_low, at_high, near_enough, most_steps).x), gamma};
}

namespace {

// The F with which the median is the target's; absent if events alone make the time on study shorter.
std::optional<double> follow_up_for(const Tabulated& curve, const FollowUpTarget& target, double gamma) {
    if (!target.on_study) return target.median_months;
    constexpr double least_excess = 0.05;  // as in evidence/follow_up.cpp
    const double excess = 2 * curve.survival_at(target.median_months) - 1;
    if (excess < least_excess) return std::nullopt;
    return target.median_months * std::pow(excess, -1 / gamma);
}

}  // namespace

double longest_follow_up(const Censoring& usual) { return usual.follow_up_months * std::exp(2.0); }

double median_follow_up(const Tabulated& curve, const Censoring& censoring, bool on_study) {
    return on_study ? curve.median_time_on_study(censoring) : std::min(censoring.follow_up_months, curve.times.back());
}

Censoring place_censoring(const Tabulated& curve, double share_with_event, const Censoring& usual,
                          const std::optional<FollowUpTarget>& target) {
    const Censoring first = with_events(curve, share_with_event, usual.gamma, usual);
    if (!target) return first;
    const auto miss = [&](const Censoring& tried) {
        return std::log(median_follow_up(curve, tried, target->on_study) / target->median_months);
    };
    constexpr double near_enough = 0.001;
    const double first_miss = miss(first);
    if (std::abs(first_miss) < near_enough) return first;
    // Away from the usual shape in both directions, until the sign changes.
    Censoring best = first;
    double best_miss = first_miss;
    for (const double step : {0.8, 1.25}) {
        Censoring last = first;
        double last_miss = first_miss;
        constexpr double narrowest = 0.9, widest = 25;
        for (double gamma = usual.gamma * step; gamma > narrowest && gamma < widest; gamma *= step) {
            const Censoring tried = with_events(curve, share_with_event, gamma, usual);
            const double tried_miss = miss(tried);
            if ((tried_miss < 0) != (last_miss < 0)) {
                const auto side = [&](double log_gamma) {
                    const double here = miss(with_events(curve, share_with_event, std::exp(log_gamma), usual));
                    return (here < 0) == (last_miss < 0) ? -1 : 1;
                };
                constexpr int halvings = 10;
                const double found =
                    std::exp(survival::bisect(std::log(last.gamma), std::log(gamma), side, halvings).middle());
                return with_events(curve, share_with_event, found, usual);
            }
            if (std::abs(tried_miss) < std::abs(best_miss)) {
                best = tried;
                best_miss = tried_miss;
            }
            last = tried;
            last_miss = tried_miss;
        }
    }
    return best;
}

double end_for(const std::function<Tabulated(double)>& tabulated, double share_with_event, const Censoring& usual,
               const FollowUpTarget& target, double end, double most) {
    constexpr double beyond_median = 1.05, step = 1.03;  // a median needs patients beyond it
    end = std::max(end, beyond_median * target.median_months);
    // With the usual shape of G.
    for (;;) {
        const Tabulated curve = tabulated(end);
        const auto follow_up = follow_up_for(curve, target, usual.gamma);
        if (!follow_up || curve.events({*follow_up, usual.gamma}) >= share_with_event) break;
        const double latest = std::min(most, latest_end * std::max(*follow_up, target.median_months));
        if (step * end > latest) break;
        end *= step;
    }
    // With another one.
    const auto miss = [&](double month) {
        const Tabulated curve = tabulated(month);
        const Censoring censoring = place_censoring(curve, share_with_event, usual, target);
        return std::abs(std::log(median_follow_up(curve, censoring, target.on_study) / target.median_months));
    };
    constexpr double near_enough = 0.05, larger_step = 1.15;
    const double latest = std::min(most, (target.on_study ? 2 : 1) * latest_end * target.median_months);
    double best = end, best_miss = miss(end);
    for (double later = end * larger_step; best_miss > near_enough && later < latest; later *= larger_step)
        if (const double later_miss = miss(later); later_miss < best_miss) {
            best = later;
            best_miss = later_miss;
        }
    return best;
}

std::optional<FollowUpTarget> follow_up_target(const evidence::ArmEvidence& arm,
                                               const std::function<Tabulated(double)>& tabulated,
                                               std::optional<double> published_share, const Censoring& usual) {
    using Kind = catalogue::FollowUp::Kind;
    if (!arm.published_follow_up || !(arm.published_follow_up->value > 0)) return std::nullopt;
    FollowUpTarget target{arm.published_follow_up->value, arm.follow_up_kind == Kind::observed};
    if (arm.follow_up_kind != Kind::unknown) return target;
    if (!arm.follow_up_derivation.empty() && !arm.follow_up_from_at_risk) {
        target.on_study = true;
        return target;
    }
    if (!published_share) return target;
    const Tabulated curve = tabulated(latest_end * target.median_months);
    const Censoring censoring = with_events(curve, *published_share, usual.gamma, usual);
    const auto miss = [&](bool on_study) {
        return std::abs(std::log(median_follow_up(curve, censoring, on_study) / target.median_months));
    };
    constexpr double surely = 0.15;
    target.on_study = miss(false) > surely && miss(true) < miss(false) / 2;
    return target;
}

}  // namespace hersurv::patients
