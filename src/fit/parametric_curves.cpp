// Asks the family for the curve of a member.
#include "fit/parametric_curves.hpp"

#include "fit/coordinates.hpp"
#include "fit/identification.hpp"
#include "fit/parameter_covariances.hpp"
#include "support/once.hpp"
#include <algorithm>
#include <cmath>
#include <optional>
#include <set>
#include <vector>

namespace hersurv::fit {
namespace {

class ParametricCurves : public Curves {
  public:
    explicit ParametricCurves(const FittedModel& fitted)
        : family_(*fitted.model->family),
          evidence_(fitted.evidence),
          coordinates_(fitted.coordinates),
          covariance_(fitted.covariance),
          estimate_(fitted.free_parameters) {
        for (std::size_t arm = 0; arm < fitted.arms.size(); ++arm) {
            at_estimate_.push_back(fitted.fitted(arm) ? fitted.parameters_at(arm, estimate_) : std::vector<double>());
            if (family_.uncured != nullptr && fitted.fitted(arm) && at_estimate_[arm].back() < 2 * nobody_cured)
                fixed_.insert(coordinates_[arm].back());
        }
    }

    double cumulative_hazard(std::size_t arm, double time_months, std::span<const double> free) const override {
        return of(arm, free, [&](auto natural) { return survival::cumulative_hazard(family_, time_months, natural); });
    }
    double time_at_survival(std::size_t arm, double s, std::span<const double> free) const override {
        return of(arm, free, [&](auto natural) { return survival::time_at_survival(family_, s, natural); });
    }
    double rmst(std::size_t arm, double horizon_months, std::span<const double> free) const override {
        return of(arm, free, [&](auto natural) { return survival::rmst(family_, horizon_months, natural); });
    }
    double density(std::size_t arm, double time_months, std::span<const double> free) const override {
        return of(arm, free, [&](auto natural) { return survival::density(family_, time_months, natural); });
    }
    double variance(std::span<const double> gradient) const override {
        double sum = 0;
        for (std::size_t i = 0; i < gradient.size(); ++i)
            for (std::size_t j = 0; j < gradient.size(); ++j) sum += gradient[i] * covariance_(i, j) * gradient[j];
        return sum;
    }
    std::optional<std::vector<double>> covariance_times(std::span<const double> vector,
                                                        bool with_sampling) const override {
        if (with_sampling)
            sampling_made_.run([&] { sampling_ = sampling_covariance(*evidence_, family_, coordinates_, estimate_); });
        std::vector<double> result(vector.size(), 0.0);
        for (std::size_t j = 0; j < vector.size(); ++j) {
            if (vector[j] == 0 || fixed_.contains(j)) continue;  // what is not known of other arms does not count
            for (std::size_t i = 0; i < vector.size(); ++i)
                result[i] += (covariance_(i, j) + (with_sampling ? sampling_(i, j) : 0)) * vector[j];
        }
        for (std::size_t i = 0; i < vector.size(); ++i)
            if (vector[i] != 0 && !std::isfinite(result[i])) return std::nullopt;
        // A parameter that shares nothing with those of the vector is not moved.
        for (std::size_t i = 0; i < vector.size(); ++i)
            if (!std::isfinite(result[i]) || fixed_.contains(i)) result[i] = 0;
        return result;
    }

  private:
    // Most often the curve is asked for at the estimate, or where a parameter of another arm is moved.
    template <typename Function>
    double of(std::size_t arm, std::span<const double> free, const Function& function) const {
        const auto stays = [&](std::size_t position) { return free[position] == estimate_[position]; };
        if (std::ranges::all_of(coordinates_[arm], stays)) return function(survival::Parameters(at_estimate_[arm]));
        const auto natural = parameters_of(family_, coordinates_[arm], free);
        return function(survival::Parameters(natural));
    }

    const survival::Family& family_;
    std::shared_ptr<const evidence::AnalysisEvidence> evidence_;
    std::vector<std::vector<std::size_t>> coordinates_;
    SymmetricMatrix covariance_;
    std::vector<double> estimate_;                  // the free parameters
    std::vector<std::vector<double>> at_estimate_;  // natural parameters, by arm
    std::set<std::size_t> fixed_;                   // logits of cured shares of nobody, which have no distribution
    mutable support::Once sampling_made_;           // most questions are not about sampling
    mutable SymmetricMatrix sampling_;
};

}  // namespace

std::shared_ptr<const Curves> parametric_curves(const FittedModel& fitted) {
    return std::make_shared<const ParametricCurves>(fitted);
}

}  // namespace hersurv::fit
