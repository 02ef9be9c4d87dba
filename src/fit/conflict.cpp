// Leaves every published estimate out in turn and looks at what the curves without it make of the others.
#include "fit/conflict.hpp"

#include <fmt/format.h>

#include "fit/outcome.hpp"
#include "support/number_text.hpp"
#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

namespace hersurv::fit {
namespace {

using catalogue::StatisticKey;
using evidence::Kind;
using evidence::Observation;

// How well the curves without one observation have the others.
struct WithoutOne {
    std::size_t observation = 0;
    std::size_t n_missed = 0;
    double misfit = 0;  // sum of squared standardised differences

    [[nodiscard]] auto order() const { return std::tie(n_missed, misfit); }
};

bool in_use(const FittedModel& fitted, std::size_t observation) {
    return fitted.numbers[observation].use != NumberInFit::Use::not_used;
}

std::vector<std::size_t> missed_of_those_in_use(const FittedModel& fitted) {
    std::vector<std::size_t> missed = contradicted(fitted);
    std::erase_if(missed, [&](std::size_t i) { return !in_use(fitted, i); });
    return missed;
}

std::set<std::size_t> arms_of(const FittedModel& fitted, const std::vector<std::size_t>& observations) {
    std::set<std::size_t> arms;
    for (const std::size_t i : observations) {
        const Observation& o = fitted.evidence->observations[i];
        arms.insert(o.arm);
        if (o.control) arms.insert(*o.control);
    }
    return arms;
}

std::vector<WithoutOne> leave_each_out(const FittedModel& fitted, const std::set<std::size_t>& arms,
                                       const Refit& refit) {
    constexpr double most = 10;  // sds that one miss counts for
    const evidence::AnalysisEvidence& published = *fitted.evidence;
    std::vector<WithoutOne> results;
    for (std::size_t i = 0; i < published.observations.size(); ++i) {
        const Observation& o = published.observations[i];
        if (!in_use(fitted, i) || !o.cut.empty() || !arms.contains(o.arm)) continue;
        auto changed = std::make_shared<evidence::AnalysisEvidence>(published);
        changed->observations[i].kind = Kind::only_compared;
        const FittedModel without = refit(std::move(changed));
        if (std::ranges::any_of(arms, [&](std::size_t arm) { return !without.fitted(arm); })) continue;
        WithoutOne result{i};
        for (const Residual& residual : without.residuals)
            if (residual.observation != i && !residual.within_rounding)
                result.misfit += std::pow(std::min(std::abs(residual.standardised), most), 2);
        const auto missed = contradicted(without);
        result.n_missed = missed.size() - static_cast<std::size_t>(std::ranges::count(missed, i));
        results.push_back(result);
    }
    std::ranges::sort(results, {}, &WithoutOne::order);
    return results;
}

// "the median, 20 months", "S(12 months), 0.42"
std::string words_of(const Observation& o) {
    const std::string value = printed_text(o.published);
    const std::string months = o.published.unit == catalogue::TimeUnit::months ? " months" : "";
    switch (o.statistic.kind) {
        case StatisticKey::Kind::median:
            if (o.statistic.side == StatisticKey::Side::lower)
                return "the lower limit of the median, " + value + months;
            if (o.statistic.side == StatisticKey::Side::upper)
                return "the upper limit of the median, " + value + months;
            return "the median, " + value + months;
        case StatisticKey::Kind::milestone:
            return fmt::format("S({} months), {}", support::shortest(o.statistic.time_months), value);
        case StatisticKey::Kind::events:
            return "the number of events, " + value;
        case StatisticKey::Kind::hazard_ratio:
            return "the hazard ratio, " + value;
        default:
            return std::string(to_string(o.statistic)) + ", " + value;
    }
}

// "the median", "S(12 months)"
std::string name_of(const Observation& o) {
    const std::string words = words_of(o);
    return words.substr(0, words.rfind(", "));
}

bool is_point(const Observation& o) { return o.time_months > 0 && o.survival > 0 && o.survival < 1; }

// By how much two points of one arm say that survival rises; 0 where it falls.
double rise(const Observation& a, const Observation& b) {
    if (a.arm != b.arm || !is_point(a) || !is_point(b)) return 0;
    return (a.time_months - b.time_months) * (a.survival - b.survival) > 0 ? std::abs(a.survival - b.survival) : 0;
}

// The other of the pair: the point to which the first rises most, else the nearest point of its curve (an estimate
// rather than the limit of one), else the one whose absence helps next best.
std::size_t partner_of_first(const evidence::AnalysisEvidence& published, const std::vector<WithoutOne>& without) {
    const Observation& first = published.observations[without.front().observation];
    std::size_t best = 1;
    if (!is_point(first)) return best;
    const auto distance = [&](const Observation& o) {
        return o.arm == first.arm && is_point(o) ? std::abs(std::log(o.time_months / first.time_months))
                                                 : std::numeric_limits<double>::infinity();
    };
    const auto nearness = [&](std::size_t i) {
        const Observation& o = published.observations[without[i].observation];
        return std::tuple(rise(first, o), o.statistic.side == StatisticKey::Side::value, -distance(o));
    };
    for (std::size_t i = 2; i < without.size(); ++i)
        if (nearness(i) > nearness(best)) best = i;
    return best;
}

// Which of both is likelier wrong, and why.
std::string verdict(const Observation& first, const Observation& second, const WithoutOne& without_first,
                    const WithoutOne& without_second) {
    if (without_first.n_missed > 0)
        return fmt::format("neither explains it alone; the others agree best without {}", name_of(first));
    if (without_second.n_missed > 0)
        return fmt::format("{} is more likely wrong: one curve fits all the others without it, but none without {}",
                           name_of(first), name_of(second));
    return "either may be wrong: without one of them a curve fits all the others";
}

}  // namespace

std::string conflict_message(const FittedModel& fitted, const Refit& refit) {
    const std::vector<std::size_t> missed = missed_of_those_in_use(fitted);
    if (missed.empty()) return {};
    const evidence::AnalysisEvidence& published = *fitted.evidence;
    const auto of_arm = [&](const Observation& o) {
        return o.control ? published.arms[o.arm].title() + " v " + published.arms[*o.control].title()
                         : published.arms[o.arm].title();
    };
    const std::vector<WithoutOne> without = leave_each_out(fitted, arms_of(fitted, missed), refit);
    if (without.size() < 2) {
        const Observation& o = published.observations[missed.front()];
        return fmt::format("{}: no plausible curve fits {} together with the other published estimates", of_arm(o),
                           words_of(o));
    }
    const WithoutOne& without_second = without[partner_of_first(published, without)];
    const Observation &first = published.observations[without[0].observation],
                      &second = published.observations[without_second.observation];
    const std::string of_first = of_arm(first), of_second = of_arm(second);
    return fmt::format("{}: {}, and {}{}, conflict: {}; {}. The curve is a compromise", of_first, words_of(first),
                       words_of(second), of_second == of_first ? "" : " of " + of_second,
                       rise(first, second) > 0 ? "survival cannot increase" : "no plausible curve fits both",
                       verdict(first, second, without[0], without_second));
}

}  // namespace hersurv::fit
