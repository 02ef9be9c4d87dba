// The `flexible` model: the conditioned Gaussian process (module process) as a fitted model like any other.
//
// Its free parameters are y = logit(1 - S) at a few times of every arm. The curve itself is the process's; a change of
// the free parameters moves it by their change, interpolated linearly in log t. That is all that the delta method needs
// for medians, restricted means and ratios.
#include "fit/flexible.hpp"

#include <fmt/format.h>

#include "fit/conflict.hpp"
#include "fit/monotone_limits.hpp"
#include "fit/outcome.hpp"
#include "support/number_text.hpp"
#include "support/numbers.hpp"
#include "support/once.hpp"
#include "support/words.hpp"
#include "survival/solve.hpp"
#include <algorithm>
#include <cmath>
#include <map>
#include <mutex>
#include <unordered_map>

namespace hersurv::fit {
namespace {

constexpr std::size_t no_curve = static_cast<std::size_t>(-1);
constexpr std::size_t times_per_arm = 24;  // of the free parameters, beside the published ones
constexpr double nearest_times = 0.02;     // in log t
constexpr std::size_t quadrature_points = 240;
constexpr double first_time = 0.02;  // of the last one
constexpr double slope_step = 0.08;  // relative; scan steps are narrower, and a slope across one says nothing

double logit_of_failure(double survival) {
    constexpr double tiny = 1e-12;
    const double s = std::clamp(survival, tiny, 1 - tiny);
    return support::logit(1 - s, s);
}

class ProcessCurves : public ReconstructedCurves {
  public:
    ProcessCurves(process::Posterior posterior, double end_months) : process_(std::move(posterior)), end_(end_months) {
        first_of_arm_.assign(process_.arms().size(), no_curve);
        known_.resize(process_.arms().size());
        limits_.resize(process_.arms().size());
        times_.resize(process_.arms().size());
        for (std::size_t arm = 0; arm < process_.arms().size(); ++arm) {
            if (!process_.arms()[arm].placed) continue;
            times_[arm] = times_of(arm);
            first_of_arm_[arm] = central_.size();
            for (const double time : times_[arm]) central_.push_back(logit_of_failure(process_.survival(arm, time)));
        }
    }

    const std::vector<double>& central() const { return central_; }

    double cumulative_hazard(std::size_t arm, double time_months, std::span<const double> free) const override {
        if (time_months == 0) return 0;
        const double moved = shift(arm, time_months, free), survival = survival_at(arm, time_months);
        if (moved == 0) return -std::log(survival);
        return support::log_one_plus_exp(logit_of_failure(survival) + moved);
    }

    double time_at_survival(std::size_t arm, double s, std::span<const double> free) const override {
        if (s >= 1) return 0;
        const double time = central_time_at(arm, s);
        if (std::isinf(time)) return time;
        const double moved = shift(arm, time, free);
        // A shift of y moves the crossing by -shift / (dy/dt), and dS/dt = -S (1 - S) dy/dt.
        return moved == 0 ? time : time - moved * s * (1 - s) / density_at(arm, time);
    }

    double rmst(std::size_t arm, double horizon_months, std::span<const double> free) const override {
        const Area& area = area_of(arm, horizon_months);
        double months = area.months;
        for (std::size_t k = 0; k < times_[arm].size(); ++k)
            months += area.slope[k] * (free[first_of_arm_[arm] + k] - central_[first_of_arm_[arm] + k]);
        return months;
    }

    double density(std::size_t arm, double time_months, std::span<const double> /*free*/) const override {
        return density_at(arm, time_months);
    }

    double variance(std::span<const double> gradient) const override {
        covariance_made_.run([this] { covariance_ = covariance(free_points()); });
        return quadratic_form(covariance_, gradient);
    }

    std::optional<double> variance_of_log_odds(std::size_t arm, double time_months) const override {
        covariance_made_.run([this] { covariance_ = covariance(free_points()); });
        const Share share = share_of(arm, time_months);
        const std::size_t n = central_.size(), before = first_of_arm_[arm] + share.before,
                          after = first_of_arm_[arm] + share.after;
        const double w = share.weight_after;
        return (1 - w) * (1 - w) * covariance_[before * n + before] +
               2 * w * (1 - w) * covariance_[before * n + after] + w * w * covariance_[after * n + after];
    }

    // Of the whole mixture: within the components and between them, with the inflation of the finished curve.
    std::vector<double> covariance(std::span<const process::ArmTime> points) const override {
        std::vector<double> inflation;
        for (const process::ArmTime& point : points) inflation.push_back(process_.arms()[point.arm].inflation);
        const std::size_t n = points.size();
        // The means of the components, as differences from those of the first.
        std::vector<double> first, away(n), mean(n, 0.0), result(n * n, 0.0);
        const auto& components = process_.components();
        for (std::size_t c = 0; c < components.size(); ++c) {
            const double weight = components[c].weight;
            const process::JointMoments moments = process_.joint_moments(c, points);
            if (c == 0) first = moments.mean;
            for (std::size_t i = 0; i < n; ++i) {
                away[i] = moments.mean[i] - first[i];
                mean[i] += weight * away[i];
                for (std::size_t j = 0; j <= i; ++j)
                    result[i * n + j] += weight * (inflation[i] * inflation[j] * moments(i, j) + away[i] * away[j]);
            }
        }
        for (std::size_t i = 0; i < n; ++i)
            for (std::size_t j = 0; j <= i; ++j) result[j * n + i] = result[i * n + j] -= mean[i] * mean[j];
        return result;
    }

    std::vector<double> prior_covariance(std::span<const process::ArmTime> points) const override {
        return process_.prior_covariance(points);
    }

    const process::Posterior& posterior() const override { return process_; }
    std::span<const double> free_times(std::size_t arm) const override { return times_[arm]; }

    std::optional<std::pair<double, double>> survival_limits(std::size_t arm, double time_months,
                                                             double level) const override {
        if (time_months == 0) return std::pair{1.0, 1.0};
        // Every family asks for them too.
        const auto key = std::pair{time_months, level};
        {
            const std::scoped_lock lock(mutex_);
            if (const auto found = limits_[arm].find(key); found != limits_[arm].end()) return found->second;
        }
        const auto interval = process_.reconstruction_interval(arm, time_months, level);
        const std::scoped_lock lock(mutex_);
        return limits_[arm].try_emplace(key, interval.lower, interval.upper).first->second;
    }

    // Where the limits of an arm are compared with one another: from before its first events to far beyond its end.
    std::vector<double> times_of_limits(std::size_t arm) const {
        constexpr double first = 1e-3, last = 20, growth = 1.1;  // of the end
        std::vector<double> times = times_[arm];
        if (times.empty()) return times;
        for (double time = first * end_; time <= last * end_; time *= growth) times.push_back(time);
        std::ranges::sort(times);
        return times;
    }

  private:
    static double quadratic_form(const std::vector<double>& matrix, std::span<const double> vector) {
        const std::size_t n = vector.size();
        double sum = 0;
        for (std::size_t i = 0; i < n; ++i) {
            if (vector[i] == 0) continue;
            double row = 0;
            for (std::size_t j = 0; j < n; ++j) row += matrix[i * n + j] * vector[j];
            sum += vector[i] * row;
        }
        return sum;
    }

    // Arm and time of every free parameter.
    std::vector<process::ArmTime> free_points() const {
        std::vector<process::ArmTime> points;
        for (std::size_t arm = 0; arm < times_.size(); ++arm)
            for (const double time : times_[arm]) points.push_back({arm, time});
        return points;
    }

    // S of the process; asked for the same times again and again by functionals and their derivatives.
    double survival_at(std::size_t arm, double time_months) const {
        const std::scoped_lock lock(mutex_);
        const auto [found, is_new] = known_[arm].try_emplace(time_months, 0.0);
        if (is_new) found->second = std::clamp(process_.survival(arm, time_months), 0.0, 1.0);
        return found->second;
    }

    // Where the curve itself crosses s, worked out once.
    double central_time_at(std::size_t arm, double s) const {
        {
            const std::scoped_lock lock(mutex_);
            if (const auto found = crossings_.find({arm, s}); found != crossings_.end()) return found->second;
        }
        constexpr double never = 1e5;  // months
        double early = 0, late = end_;
        while (survival_at(arm, late) > s) {
            early = late;
            late *= 2;
            if (late > never) break;
        }
        const auto fallen = [&](double time) { return s - survival_at(arm, time); };
        const double time =
            late > never
                ? infinity
                : survival::narrow(fallen, {early, fallen(early)}, {late, fallen(late)}, 1e-13 * late).middle();
        const std::scoped_lock lock(mutex_);
        return crossings_.try_emplace({arm, s}, time).first->second;
    }

    // The area under the curve up to a horizon, and its derivative by the free parameters of the arm (dS/dy = -S (1 -
    // S)).
    struct Area {
        double months = 0;
        std::vector<double> slope;
    };
    const Area& area_of(std::size_t arm, double horizon_months) const {
        {
            const std::scoped_lock lock(mutex_);
            if (const auto found = areas_.find({arm, horizon_months}); found != areas_.end()) return found->second;
        }
        Area area;
        area.slope.assign(times_[arm].size(), 0.0);
        const double width = horizon_months / quadrature_points;
        for (std::size_t k = 0; k < quadrature_points; ++k) {
            const double time = (static_cast<double>(k) + 0.5) * width, s = survival_at(arm, time);
            area.months += width * s;
            const Share share = share_of(arm, time);
            area.slope[share.before] -= width * s * (1 - s) * (1 - share.weight_after);
            area.slope[share.after] -= width * s * (1 - s) * share.weight_after;
        }
        const std::scoped_lock lock(mutex_);
        return areas_.try_emplace({arm, horizon_months}, std::move(area)).first->second;
    }

    double density_at(std::size_t arm, double time_months) const {
        const double reach = slope_step * time_months;
        const double fallen = survival_at(arm, time_months - reach) - survival_at(arm, time_months + reach);
        return std::max(fallen / (2 * reach), 1e-9);
    }

    double shift(std::size_t arm, double time_months, std::span<const double> free) const {
        const std::size_t first = first_of_arm_[arm];
        const auto change = [&](std::size_t k) { return free[first + k] - central_[first + k]; };
        const Share share = share_of(arm, time_months);
        return (1 - share.weight_after) * change(share.before) + share.weight_after * change(share.after);
    }

    // Where a time is among those of the free parameters: linear in log t between two, constant outside.
    struct Share {
        std::size_t before = 0, after = 0;
        double weight_after = 0;
    };
    Share share_of(std::size_t arm, double time_months) const {
        const std::vector<double>& times = times_[arm];
        const auto next =
            static_cast<std::size_t>(std::upper_bound(times.begin(), times.end(), time_months) - times.begin());
        if (next == 0) return {};
        if (next == times.size()) return {next - 1, next - 1, 0};
        return {next - 1, next, std::log(time_months / times[next - 1]) / std::log(times[next] / times[next - 1])};
    }

    // Evenly spread in log t, and where a published number pins the curve: between two others its certainty would be
    // lost.
    std::vector<double> times_of(std::size_t arm) const {
        std::vector<double> times;
        for (const NumberInFit& number : process_.numbers())
            if (number.arm == arm && (number.use == NumberInFit::Use::median || number.use == NumberInFit::Use::anchor))
                times.push_back(number.time_months);
        const std::vector<double> pinned = times;
        for (std::size_t k = 0; k < times_per_arm; ++k) {
            const double time = end_ * std::pow(first_time, 1 - static_cast<double>(k) / (times_per_arm - 1));
            const bool near = std::ranges::any_of(
                pinned, [time](double pin) { return std::abs(std::log(time / pin)) < nearest_times; });
            if (!near) times.push_back(time);
        }
        std::ranges::sort(times);
        times.erase(std::unique(times.begin(), times.end()), times.end());
        return times;
    }

    process::Posterior process_;
    double end_;
    std::vector<std::vector<double>> times_;  // by arm, increasing
    std::vector<double> central_;
    std::vector<std::size_t> first_of_arm_;
    mutable std::mutex mutex_;
    mutable std::vector<std::unordered_map<double, double>> known_;  // by arm: S at the times that were asked for
    mutable std::vector<std::map<std::pair<double, double>, std::pair<double, double>>> limits_;  // by arm: time, level
    mutable std::map<std::pair<std::size_t, double>, Area> areas_;
    mutable std::map<std::pair<std::size_t, double>, double> crossings_;  // time at S = s
    mutable support::Once covariance_made_;
    mutable std::vector<double> covariance_;
};

// Numbers that pin the curve of an arm at some time.
std::size_t n_points(const process::Posterior& posterior, std::size_t arm) {
    return static_cast<std::size_t>(std::ranges::count_if(posterior.numbers(), [arm](const NumberInFit& number) {
        return number.arm == arm && (number.use == NumberInFit::Use::median || number.use == NumberInFit::Use::anchor);
    }));
}

// "pertuzumab S(12) = 0.94, S(48) = 0.58 (os-2015); placebo ...": what earlier data cuts say of these curves.
std::string from_earlier_cuts(const evidence::AnalysisEvidence& evidence) {
    std::vector<std::string> parts;
    std::map<std::pair<std::size_t, std::string>, std::vector<std::string>> estimates;  // by arm and cut
    for (const evidence::Observation& o : evidence.observations) {
        if (o.cut.empty() || !o.used()) continue;
        const bool median = o.statistic.is(catalogue::StatisticKey::Kind::median);
        estimates[{o.arm, o.cut}].push_back(
            median ? "median " + printed_text(o.published)
                   : fmt::format("S({}) = {}", support::shortest(o.time_months), printed_text(o.published)));
    }
    for (const auto& [of, texts] : estimates)
        parts.push_back(fmt::format("{} {} ({})", evidence.arms[of.first].title(), support::joined(texts), of.second));
    return support::joined(parts, "; ");
}

// The evidence with the follow-up that the curves were made with, where the numbers of events gave another.
std::shared_ptr<const evidence::AnalysisEvidence> with_follow_up_of(
    const process::Posterior& posterior, const std::shared_ptr<const evidence::AnalysisEvidence>& evidence) {
    std::shared_ptr<evidence::AnalysisEvidence> changed;
    for (std::size_t arm = 0; arm < evidence->arms.size(); ++arm) {
        const double used = posterior.arms()[arm].follow_up_months;
        if (!evidence->arms[arm].follow_up_months || *evidence->arms[arm].follow_up_months == used) continue;
        if (changed == nullptr) changed = std::make_shared<evidence::AnalysisEvidence>(*evidence);
        changed->arms[arm].follow_up_months = used;
    }
    return changed != nullptr ? changed : evidence;
}

// Whatever the published numbers say of one another.
FlexibleFit fit_any(std::shared_ptr<const evidence::AnalysisEvidence> published) {
    FittedModel fitted;
    fitted.model = find_model("flexible");
    fitted.arms.resize(published->arms.size());
    process::Options options;
    options.cancer = published->cancer;
    options.assessment_interval_months = published->assessment_interval_months;
    fitted.evidence = std::move(published);
    process::Posterior posterior(fitted.evidence, options);
    fitted.evidence = with_follow_up_of(posterior, fitted.evidence);
    const auto& evidence = fitted.evidence;
    fitted.messages = posterior.messages();
    if (const std::string cuts = from_earlier_cuts(*evidence); !cuts.empty())
        fitted.messages.push_back("also uses results of earlier data cuts: " + cuts);
    for (const evidence::ArmEvidence& arm : evidence->arms)
        if (!arm.follow_up_derivation.empty()) fitted.messages.push_back(arm.title() + ": " + arm.follow_up_derivation);
    fitted.numbers = posterior.numbers();
    double end = 0;
    for (std::size_t arm = 0; arm < evidence->arms.size(); ++arm) {
        ArmFit& result = fitted.arms[arm];
        if (!posterior.arms()[arm].placed) {
            result.reason = posterior.arms()[arm].reason;
            continue;
        }
        end = std::max(
            {end, 1.7 * evidence->follow_up_or_guess(arm), 1.05 * evidence->arms[arm].last_printed_month.value_or(0)});
        const std::size_t points = n_points(posterior, arm);
        result.status = points >= 2 ? FitStatus::determined : FitStatus::prior;
        if (points < 2)
            result.reason = "based on at most one published value; the shape is that of similar published curves";
    }
    if (end == 0) return {std::make_shared<const FittedModel>(std::move(fitted)), nullptr};
    auto curves = std::make_shared<const ProcessCurves>(std::move(posterior), end);
    fitted.curves = curves;
    std::vector<std::vector<double>> times_of_limits;
    for (std::size_t arm = 0; arm < fitted.arms.size(); ++arm) times_of_limits.push_back(curves->times_of_limits(arm));
    fitted.limits = std::make_shared<const MonotoneLimits>(std::move(times_of_limits));
    fitted.free_parameters = curves->central();
    for (std::size_t arm = 0; arm < fitted.arms.size(); ++arm)
        if (fitted.fitted(arm)) {
            fitted.arms[arm].supported_from_months = supported_from_months(fitted.numbers, arm);
            fitted.arms[arm].supported_months = supported_months(*evidence, arm, [&](double time) {
                return curves->cumulative_hazard(arm, time, fitted.free_parameters);
            });
        }
    fitted.residuals = published_beside_fitted(fitted);
    return {std::make_shared<const FittedModel>(std::move(fitted)), curves};
}

}  // namespace

FlexibleFit fit_flexible(std::shared_ptr<const evidence::AnalysisEvidence> published) {
    FlexibleFit fit = fit_any(std::move(published));
    const std::string conflict = conflict_message(
        *fit.fitted,
        [](std::shared_ptr<const evidence::AnalysisEvidence> changed) { return *fit_any(std::move(changed)).fitted; });
    if (conflict.empty()) return fit;
    auto with_message = std::make_shared<FittedModel>(*fit.fitted);
    with_message->messages.push_back(conflict);
    fit.fitted = std::move(with_message);
    return fit;
}

}  // namespace hersurv::fit
