// Draws of curves: of a family out of its parameters, of capped curves out of both endpoints.
#include "fit/curve_draws.hpp"

#include "hersurv/catalogue.hpp"

#include "fit/coherence.hpp"
#include "survival/follow_up.hpp"
#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>
#include <utility>

namespace hersurv::fit {
namespace {

class DrawnMember : public DrawnCurve {
  public:
    DrawnMember(const survival::Family& family, std::vector<double> natural)
        : family_(family), natural_(std::move(natural)) {}
    double cumulative_hazard(double time_months) const override {
        return survival::cumulative_hazard(family_, time_months, natural_);
    }
    double hazard(double time_months) const override { return survival::hazard(family_, time_months, natural_); }
    double rmst(double horizon_months) const override { return survival::rmst(family_, horizon_months, natural_); }

  private:
    const survival::Family& family_;
    std::vector<double> natural_;
};

class MemberDraws : public CurveDraws::Source {
  public:
    MemberDraws(const FittedModel& fitted, std::uint64_t seed) : family_(*fitted.model->family), draws_(fitted, seed) {}
    const std::string& why_none(std::size_t arm) const override { return draws_.why_none(arm); }
    DrawnCurves draw(std::uint64_t number) const override {
        DrawnCurves curves;
        for (std::vector<double>& natural : draws_(number))
            curves.push_back(natural.empty() ? nullptr
                                             : std::make_unique<const DrawnMember>(family_, std::move(natural)));
        return curves;
    }

  private:
    const survival::Family& family_;
    ParameterDraws draws_;
};

// S = min(S, S_os).
class DrawnCapped : public DrawnCurve {
  public:
    DrawnCapped(std::unique_ptr<const DrawnCurve> own, std::unique_ptr<const DrawnCurve> overall, bool has_formula,
                const std::vector<double>& grid_months)
        : own_(std::move(own)), overall_(std::move(overall)), has_formula_(has_formula), grid_months_(grid_months) {}
    double cumulative_hazard(double time_months) const override {
        return std::max(own_->cumulative_hazard(time_months), overall_->cumulative_hazard(time_months));
    }
    double hazard(double time_months) const override {
        if (!has_formula_) return mean_hazard_about(*this, time_months);
        const bool capped = overall_->cumulative_hazard(time_months) > own_->cumulative_hazard(time_months);
        return (capped ? overall_ : own_)->hazard(time_months);
    }
    double rmst(double horizon_months) const override {
        if (!area_) {
            std::vector<double> survival;
            for (const double time : grid_months_) survival.push_back(std::exp(-cumulative_hazard(time)));
            area_.emplace(grid_months_, std::move(survival));
        }
        return area_->up_to(horizon_months, std::exp(-cumulative_hazard(horizon_months)));
    }

  private:
    std::unique_ptr<const DrawnCurve> own_, overall_;
    bool has_formula_;
    const std::vector<double>& grid_months_;
    mutable std::optional<AreaUnder> area_;  // when it is asked for
};

class CappedDraws : public CurveDraws::Source {
  public:
    CappedDraws(const Lowered& lowered, std::uint64_t seed)
        : own_(lowered.own, seed),
          overall_(lowered.overall, seed),
          overall_arm_(lowered.overall_arm),
          has_formula_(lowered.own.model->family != nullptr) {
        double follow_up = 0;
        for (std::size_t arm = 0; arm < overall_arm_.size(); ++arm)
            follow_up = std::max(follow_up, lowered.own.evidence->follow_up_or_guess(arm));
        grid_months_ = area_grid(2 * follow_up);
        for (std::size_t arm = 0; arm < overall_arm_.size(); ++arm) {
            std::string why = own_.why_none(arm);
            if (why.empty() && overall_arm_[arm] != FittedModel::npos) why = overall_.why_none(overall_arm_[arm]);
            if (!why.empty() && own_.why_none(arm).empty()) why = "its overall survival, at which it is capped: " + why;
            why_none_.push_back(std::move(why));
        }
    }
    const std::string& why_none(std::size_t arm) const override { return why_none_[arm]; }
    DrawnCurves draw(std::uint64_t number) const override {
        DrawnCurves curves = own_(number), overall = overall_(number);
        for (std::size_t arm = 0; arm < curves.size(); ++arm) {
            if (!why_none_[arm].empty())
                curves[arm] = nullptr;
            else if (overall_arm_[arm] != FittedModel::npos)
                curves[arm] = std::make_unique<const DrawnCapped>(
                    std::move(curves[arm]), std::move(overall[overall_arm_[arm]]), has_formula_, grid_months_);
        }
        return curves;
    }

  private:
    CurveDraws own_, overall_;
    std::vector<std::size_t> overall_arm_;
    bool has_formula_;
    std::vector<double> grid_months_;
    std::vector<std::string> why_none_;
};

}  // namespace

double mean_hazard_about(const DrawnCurve& curve, double time_months) {
    const double from = time_months / std::numbers::sqrt2, to = time_months * std::numbers::sqrt2;
    return (curve.cumulative_hazard(to) - curve.cumulative_hazard(from)) / (to - from);
}

std::vector<double> area_grid(double end_months) {
    constexpr int intervals = 480;
    constexpr double growth = 1.03;
    std::vector<double> grid = survival::follow_up_grid(end_months, intervals);
    while (grid.back() < catalogue::greatest_months) grid.push_back(growth * grid.back());
    return grid;
}

AreaUnder::AreaUnder(const std::vector<double>& grid_months, std::vector<double> survival)
    : grid_months_(grid_months), survival_(std::move(survival)), area_{0} {
    for (std::size_t k = 1; k < grid_months.size(); ++k)
        area_.push_back(area_.back() + 0.5 * (grid_months[k] - grid_months[k - 1]) * (survival_[k] + survival_[k - 1]));
}

double AreaUnder::up_to(double horizon_months, double survival_there) const {
    const auto next = std::upper_bound(grid_months_.begin(), grid_months_.end(), horizon_months);
    const auto k = static_cast<std::size_t>(next - grid_months_.begin()) - 1;
    return area_[k] + 0.5 * (horizon_months - grid_months_[k]) * (survival_[k] + survival_there);
}

CurveDraws::CurveDraws(const FittedModel& fitted, std::uint64_t seed) {
    if (fitted.lowered != nullptr)
        source_ = std::make_shared<const CappedDraws>(*fitted.lowered, seed);
    else if (fitted.model->family != nullptr)
        source_ = std::make_shared<const MemberDraws>(fitted, seed);
    else
        source_ = flexible_draws(fitted, seed);
}

const std::string& CurveDraws::why_none(std::size_t arm) const { return source_->why_none(arm); }
DrawnCurves CurveDraws::operator()(std::uint64_t draw) const { return source_->draw(draw); }

}  // namespace hersurv::fit
