// Draws of the flexible model: y = logit(1 - S) at a few times of all arms, first of where the published curves run (a
// component of the mixture by its weight, then its Gaussian with the inflation of the finished curve), then of the
// estimate that another trial of this size would publish. The increments of log S of a Kaplan-Meier curve are
// independent (Andersen, Borgan, Gill & Keiding 1993, Statistical Models Based on Counting Processes, IV.3), with
// variance V(t) = (1 - S) / (S n ra) up to t, so that the error of log S is a Wiener process in V. It is added on the
// scale of asin(sqrt S), as to the population band: there it has the variance 1 / (4 n ra) (Anscombe 1948, Biometrika
// 35:246).
//
// A drawn curve is made non-increasing as the finished one is: the nearest such curve within the trial, the smallest of
// what went before beyond it. Between two times it runs as the finished curve does (its plateaus between scans stay).
#include "fit/curve_draws.hpp"
#include "fit/estimate_parts.hpp"
#include "fit/random_normal.hpp"
#include "support/antitonic.hpp"
#include "support/numbers.hpp"
#include <algorithm>
#include <cmath>
#include <mutex>
#include <numbers>
#include <optional>

namespace hersurv::fit {
namespace {

constexpr double least_share = 1e-12;  // of S and 1 - S

double failure_logit(double survival) {
    const double s = std::clamp(survival, least_share, 1 - least_share);
    return support::logit(1 - s, s);
}

double angle_of_survival(double survival) { return std::asin(std::sqrt(std::clamp(survival, 0.0, 1.0))); }

// Where a time is among the nodes.
struct Place {
    std::size_t before = 0, after = 0;
    double weight_after = 0;
    double beyond = 0;  // y of the finished curve less that of the node, outside of them
};

// The finished curve of an arm, and the times at which draws of it are made.
struct NodesOfArm {
    std::vector<double> time_months, y;
    std::vector<double> n_patients;      // whose information is left
    std::vector<double> error_variance;  // of log S, V
    std::size_t n_within = 0;            // the trial
    std::size_t first = 0;               // among the nodes of all arms
    std::vector<double> area_months;     // where the area under a draw is added up
    std::vector<Place> area_places;      // of them, but for time 0
};

class FlexibleDraws : public CurveDraws::Source, public std::enable_shared_from_this<FlexibleDraws> {
  public:
    FlexibleDraws(const FittedModel& fitted, std::uint64_t seed)
        : fitted_(fitted),
          curves_(std::dynamic_pointer_cast<const ReconstructedCurves>(fitted.curves)),
          seed_(seed),
          stream_(stream_of(fitted.evidence->trial, fitted.evidence->analysis)),
          why_none_(fitted.arms.size()),
          nodes_(fitted.arms.size()) {
        for (std::size_t arm = 0; arm < fitted.arms.size(); ++arm) {
            if (!fitted.fitted(arm))
                why_none_[arm] = std::string(word(fitted.arms[arm].status)) +
                                 (fitted.arms[arm].reason.empty() ? "" : ": " + fitted.arms[arm].reason);
            else if (fitted.evidence->arms[arm].n_patients.value_or(0) <= 0)
                why_none_[arm] = "the number of patients was not published, so the sampling error is not known";
            else
                add_nodes(arm);
        }
        if (curves_ != nullptr) components_.resize(curves_->posterior().components().size());
    }

    const std::string& why_none(std::size_t arm) const override { return why_none_[arm]; }
    DrawnCurves draw(std::uint64_t number) const override;

    // The drawn y at a time > 0, out of that at the nodes.
    [[nodiscard]] static double y_at(const std::vector<double>& y, const Place& place) {
        return std::lerp(y[place.before], y[place.after], place.weight_after) + place.beyond;
    }
    [[nodiscard]] Place place_of(std::size_t arm, double time_months) const;
    [[nodiscard]] const NodesOfArm& nodes(std::size_t arm) const { return nodes_[arm]; }

  private:
    struct Component {
        std::vector<double> mean, factor;
    };

    [[nodiscard]] double finished_y(std::size_t arm, double time_months) const {
        return failure_logit(survival_of(fitted_, arm, time_months, fitted_.free_parameters));
    }

    void add_nodes(std::size_t arm);
    const Component& component(std::size_t index) const;
    [[nodiscard]] std::vector<double> with_sampling_error(const NodesOfArm& nodes, std::vector<double> y,
                                                          support::RandomStream& random) const;

    FittedModel fitted_;
    std::shared_ptr<const ReconstructedCurves> curves_;
    std::uint64_t seed_, stream_;
    std::vector<std::string> why_none_;
    std::vector<NodesOfArm> nodes_;
    std::vector<process::ArmTime> points_;  // of all arms
    mutable std::mutex mutex_;
    mutable std::vector<std::unique_ptr<const Component>> components_;
};

void FlexibleDraws::add_nodes(std::size_t arm) {
    constexpr double growth = 1.4, furthest = 20;  // beyond the trial
    NodesOfArm& nodes = nodes_[arm];
    const auto within = curves_->free_times(arm);
    nodes.time_months.assign(within.begin(), within.end());
    nodes.n_within = within.size();
    const double end = within.back();
    for (double time = growth * end; time <= furthest * end; time *= growth) nodes.time_months.push_back(time);
    nodes.first = points_.size();
    for (const double time : nodes.time_months) {
        points_.push_back({arm, time});
        nodes.y.push_back(finished_y(arm, time));
        const double n = effective_patients(fitted_, arm, time).value();
        nodes.n_patients.push_back(n);
        // (1 - S) / (S n). Beyond the trial nobody is observed: S keeps the relative error that it has at the end.
        const double before = nodes.error_variance.empty() ? 0 : nodes.error_variance.back();
        const bool observed = nodes.error_variance.size() < nodes.n_within;
        nodes.error_variance.push_back(observed ? std::max(std::exp(nodes.y.back()) / n, before) : before);
    }
    nodes.area_months = area_grid(end);
    for (std::size_t k = 1; k < nodes.area_months.size(); ++k)
        nodes.area_places.push_back(place_of(arm, nodes.area_months[k]));
}

const FlexibleDraws::Component& FlexibleDraws::component(std::size_t index) const {
    const std::scoped_lock lock(mutex_);
    auto& component = components_[index];
    if (component == nullptr) {
        process::JointMoments moments = curves_->posterior().joint_moments(index, points_);
        const std::size_t n = points_.size();
        const auto& arms = curves_->posterior().arms();
        for (std::size_t i = 0; i < n; ++i)
            for (std::size_t j = 0; j < n; ++j)
                moments.covariance[i * n + j] *= arms[points_[i].arm].inflation * arms[points_[j].arm].inflation;
        component =
            std::make_unique<const Component>(Component{std::move(moments.mean), factor_of(moments.covariance, n)});
    }
    return *component;
}

std::vector<double> FlexibleDraws::with_sampling_error(const NodesOfArm& nodes, std::vector<double> y,
                                                       support::RandomStream& random) const {
    const std::vector<double> z = standard_normal(random, y.size());
    double error = 0, before = 0;  // of log S
    for (std::size_t k = 0; k < y.size(); ++k) {
        error += std::sqrt(nodes.error_variance[k] - before) * z[k];
        before = nodes.error_variance[k];
        // d asin(sqrt S) = sqrt(S / (1 - S)) / 2 d log S.
        const double angle = angle_of_survival(support::expit(-y[k])) + 0.5 * std::exp(-0.5 * nodes.y[k]) * error;
        y[k] = std::clamp(angle, 0.0, std::numbers::pi / 2);
    }
    const auto falling =
        support::antitonic(std::span(y).first(nodes.n_within), std::span(nodes.n_patients).first(nodes.n_within));
    std::ranges::copy(falling, y.begin());
    for (std::size_t k = nodes.n_within; k < y.size(); ++k) y[k] = std::min(y[k], y[k - 1]);
    for (double& angle : y) angle = failure_logit(std::pow(std::sin(angle), 2));
    return y;
}

Place FlexibleDraws::place_of(std::size_t arm, double time_months) const {
    const NodesOfArm& nodes = nodes_[arm];
    const auto& times = nodes.time_months;
    const auto next =
        static_cast<std::size_t>(std::upper_bound(times.begin(), times.end(), time_months) - times.begin());
    const double own = finished_y(arm, time_months);
    if (next == 0 || next == times.size()) {
        const std::size_t nearest = next == 0 ? 0 : next - 1;
        return {nearest, nearest, 0, own - nodes.y[nearest]};
    }
    constexpr double level = 1e-9;
    const double rise = nodes.y[next] - nodes.y[next - 1];
    const double share = rise > level
                             ? (own - nodes.y[next - 1]) / rise
                             : std::log(time_months / times[next - 1]) / std::log(times[next] / times[next - 1]);
    return {next - 1, next, std::clamp(share, 0.0, 1.0), 0};
}

class DrawnFlexible : public DrawnCurve {
  public:
    DrawnFlexible(std::shared_ptr<const FlexibleDraws> of, std::size_t arm, std::vector<double> y)
        : of_(std::move(of)), arm_(arm), y_(std::move(y)) {}
    double cumulative_hazard(double time_months) const override {
        if (time_months == 0) return 0;
        return support::log_one_plus_exp(FlexibleDraws::y_at(y_, of_->place_of(arm_, time_months)));
    }
    double hazard(double time_months) const override { return mean_hazard_about(*this, time_months); }
    double rmst(double horizon_months) const override {
        if (!area_) {
            const NodesOfArm& nodes = of_->nodes(arm_);
            std::vector<double> survival{1};
            for (const Place& place : nodes.area_places)
                survival.push_back(support::expit(-FlexibleDraws::y_at(y_, place)));
            area_.emplace(nodes.area_months, std::move(survival));
        }
        return area_->up_to(horizon_months, std::exp(-cumulative_hazard(horizon_months)));
    }

  private:
    std::shared_ptr<const FlexibleDraws> of_;
    std::size_t arm_;
    std::vector<double> y_;
    mutable std::optional<AreaUnder> area_;  // when it is asked for
};

DrawnCurves FlexibleDraws::draw(std::uint64_t number) const {
    DrawnCurves curves(nodes_.size());
    if (points_.empty()) return curves;
    support::RandomStream random{seed_, number, stream_};
    const auto& weights = curves_->posterior().components();
    double rest = random.uniform();
    std::size_t chosen = 0;
    while (chosen + 1 < weights.size() && rest >= weights[chosen].weight) rest -= weights[chosen++].weight;
    const Component& of = component(chosen);
    const std::vector<double> all = with_covariance(of.mean, of.factor, standard_normal(random, points_.size()));
    for (std::size_t arm = 0; arm < nodes_.size(); ++arm) {
        const NodesOfArm& nodes = nodes_[arm];
        if (nodes.time_months.empty()) continue;
        const auto begin = all.begin() + static_cast<std::ptrdiff_t>(nodes.first);
        curves[arm] = std::make_unique<const DrawnFlexible>(
            shared_from_this(), arm,
            with_sampling_error(nodes, {begin, begin + static_cast<std::ptrdiff_t>(nodes.time_months.size())}, random));
    }
    return curves;
}

}  // namespace

std::shared_ptr<const CurveDraws::Source> flexible_draws(const FittedModel& fitted, std::uint64_t seed) {
    return std::make_shared<const FlexibleDraws>(fitted, seed);
}

}  // namespace hersurv::fit
