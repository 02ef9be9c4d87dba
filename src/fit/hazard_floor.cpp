// Bounds hazards by background mortality, month by month from the end of the supported range on.
//
// Where a curve is extrapolated, its hazard may fall below that of people without the disease, which no model of
// patients can mean (Latimer 2013, Med Decis Making 33:743; NICE Decision Support Unit, Technical Support Document 21,
// 2020, section 3). Within a month the hazard is taken as constant: the larger of the family's mean hazard over the
// month and the background's.
#include "fit/hazard_floor.hpp"

#include <fmt/format.h>

#include "support/number_text.hpp"
#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace hersurv::fit {
namespace {

constexpr double months_per_year = 12;

class FlooredCurves : public Curves {
  public:
    FlooredCurves(const FittedModel& fitted, std::shared_ptr<const HazardFloor> floor)
        : own_(fitted.curves), floor_(std::move(floor)) {
        for (const ArmFit& arm : fitted.arms) from_.push_back(arm.supported_months);
    }

    double cumulative_hazard(std::size_t arm, double time_months, std::span<const double> free) const override {
        if (time_months <= from_[arm]) return own_->cumulative_hazard(arm, time_months, free);
        Walk walk(*this, arm, free);
        while (walk.time < time_months) walk.step(time_months);
        return walk.hazard;
    }
    double time_at_survival(std::size_t arm, double s, std::span<const double> free) const override {
        const double target = -std::log(s);
        Walk walk(*this, arm, free);
        if (walk.hazard >= target) return own_->time_at_survival(arm, s, free);
        while (walk.hazard < target && walk.time < last_month) {
            const double time = walk.time, hazard = walk.hazard;
            walk.step(last_month);
            if (walk.hazard >= target) return time + (walk.time - time) * (target - hazard) / (walk.hazard - hazard);
        }
        return std::numeric_limits<double>::infinity();
    }
    double rmst(std::size_t arm, double horizon_months, std::span<const double> free) const override {
        double area = own_->rmst(arm, std::min(horizon_months, from_[arm]), free);
        Walk walk(*this, arm, free);
        while (walk.time < horizon_months && walk.time < last_month) {
            const double time = walk.time, survived = std::exp(-walk.hazard), hazard = walk.hazard;
            walk.step(horizon_months);
            const double fallen = walk.hazard - hazard;
            area += (walk.time - time) * survived * (fallen > 1e-9 ? -std::expm1(-fallen) / fallen : 1 - fallen / 2);
        }
        return area;
    }
    double density(std::size_t arm, double time_months, std::span<const double> free) const override {
        const double own = own_->density(arm, time_months, free);
        if (time_months <= from_[arm]) return own;
        const double own_hazard = own * std::exp(own_->cumulative_hazard(arm, time_months, free));
        return std::max(std::isfinite(own_hazard) ? own_hazard : 0, floor_->at(time_months)) *
               std::exp(-cumulative_hazard(arm, time_months, free));
    }
    double variance(std::span<const double> gradient) const override { return own_->variance(gradient); }
    std::optional<std::vector<double>> covariance_times(std::span<const double> vector,
                                                        bool with_sampling) const override {
        return own_->covariance_times(vector, with_sampling);
    }

    // The first month in which the floor is above the hazard of the arm; infinity if there is none.
    [[nodiscard]] double first_bound(std::size_t arm, std::span<const double> free) const {
        Walk walk(*this, arm, free);
        while (walk.time < last_month && walk.hazard < hardly_anybody) {
            const double time = walk.time;
            walk.step(last_month);
            if (walk.bound) return time;
        }
        return std::numeric_limits<double>::infinity();
    }

    static constexpr double last_month = 2400, hardly_anybody = 30;  // of -log S

  private:
    // From the end of the supported range on, by months.
    struct Walk {
        Walk(const FlooredCurves& curves, std::size_t arm_index, std::span<const double> free_parameters)
            : of(curves), arm(arm_index), free(free_parameters), time(of.from_[arm]) {
            hazard = own = of.own_->cumulative_hazard(arm, time, free);
        }
        // To the next month, or `until` if that is nearer.
        void step(double until) {
            const double to = std::min(time + 1, until);
            const double next = of.own_->cumulative_hazard(arm, to, free);
            const double floor = of.floor_->at(0.5 * (time + to)) * (to - time);
            // A curve that has reached S = 0 stays there.
            const double fallen = std::isfinite(next) ? next - own : std::numeric_limits<double>::infinity();
            bound = floor > fallen;
            hazard += std::max(fallen, floor);
            own = next;
            time = to;
        }

        const FlooredCurves& of;
        std::size_t arm;
        std::span<const double> free;
        double time, own = 0, hazard = 0;
        bool bound = false;
    };

    std::shared_ptr<const Curves> own_;
    std::shared_ptr<const HazardFloor> floor_;
    std::vector<double> from_;
};

}  // namespace

double HazardFloor::at(double time_months) const {
    const double age = age_at_start + time_months / months_per_year;
    const double row = std::clamp(std::floor(age + 1e-9) - first_age, 0.0, static_cast<double>(per_year.size() - 1));
    return per_year[static_cast<std::size_t>(row)] / months_per_year;
}

double mean_above_floor(const FittedModel& model, std::size_t arm, std::span<const double> free) {
    return model.curves->rmst(arm, FlooredCurves::last_month, free);
}

FittedModel with_hazard_floor(FittedModel model, std::shared_ptr<const HazardFloor> floor) {
    if (model.curves == nullptr) return model;
    if (model.model->family == nullptr) {
        model.messages.emplace_back(
            "the life table applies to parametric families only, which have a formula to extrapolate by");
        return model;
    }
    const auto curves = std::make_shared<const FlooredCurves>(model, floor);
    for (std::size_t arm = 0; arm < model.arms.size(); ++arm) {
        if (!model.fitted(arm)) continue;
        const double first = curves->first_bound(arm, model.free_parameters);
        if (std::isfinite(first))
            model.messages.push_back(fmt::format(
                "{}: from month {} on the hazard is that of the life table ({}), where the family's would be "
                "lower; the parameters are those of the fit",
                model.evidence->arms[arm].title(), support::fixed(first, 0), floor->description));
    }
    model.curves = curves;
    if (model.with_nobody_cured != nullptr)
        model.with_nobody_cured =
            std::make_shared<const FittedModel>(with_hazard_floor(*model.with_nobody_cured, floor));
    model.hazard_floor = std::move(floor);
    return model;
}

}  // namespace hersurv::fit
