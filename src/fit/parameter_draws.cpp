// Draws the coordinates of all arms together, and carries them over to natural parameters.
#include "hersurv/fit.hpp"

#include "fit/identification.hpp"
#include "fit/random_normal.hpp"
#include "survival/log_likelihood.hpp"
#include <algorithm>

namespace hersurv::fit {
namespace {

// Nothing is drawn of a fit that is not one: its covariance is that of something else.
std::string why_no_draws(const FittedModel& fitted, std::size_t arm, const JointCovariance& joint) {
    const ArmFit& result = fitted.arms[arm];
    const auto with_reason = [&result] { return result.reason.empty() ? "" : ": " + result.reason; };
    switch (result.status) {
        case FitStatus::not_enough_data:
        case FitStatus::not_converged:
        case FitStatus::no_exact_fit:
            return std::string(word(result.status)) + with_reason();
        case FitStatus::determined:
        case FitStatus::prior:
            break;
    }
    if (fitted.model->family == nullptr) return "the model has no parameters";
    if (std::ranges::find(joint.arms, arm) != joint.arms.end()) return "";
    if (fitted.evidence->arms[arm].n_patients.value_or(0) <= 0)
        return "the number of patients was not published, so the sampling error is not known";
    if (fitted.model->family->uncured != nullptr && result.parameters.back() < 2 * nobody_cured)
        return "the cured share is 0 in this fit and has no distribution on its scale; draw from the family without a "
               "cured share";
    return "a trial of this size and follow-up does not determine every parameter, so there is no covariance";
}

// As far as a double holds the parameter.
double natural_of(const survival::ParameterInfo& info, double coordinate) {
    constexpr double furthest_log = 700, furthest_logit = 36;
    if (info.domain == survival::Domain::positive) coordinate = std::clamp(coordinate, -furthest_log, furthest_log);
    if (info.domain == survival::Domain::share) coordinate = std::clamp(coordinate, -furthest_logit, furthest_logit);
    return survival::to_natural(info, coordinate);
}

}  // namespace

ParameterDraws::ParameterDraws(const FittedModel& fitted, std::uint64_t seed)
    : family_(fitted.model->family),
      joint_(joint_covariance(fitted)),
      factor_(factor_of(joint_.population.values, joint_.population.size)),
      seed_(seed),
      stream_(stream_of(fitted.evidence->trial, fitted.evidence->analysis)) {
    for (std::size_t arm = 0; arm < fitted.arms.size(); ++arm) why_none_.push_back(why_no_draws(fitted, arm, joint_));
}

std::vector<std::vector<double>> ParameterDraws::operator()(std::uint64_t draw) const {
    std::vector<std::vector<double>> by_arm(why_none_.size());
    if (joint_.arms.empty()) return by_arm;
    support::RandomStream random{seed_, draw, stream_};
    const std::vector<double> drawn =
        with_covariance(joint_.estimates, factor_, standard_normal(random, joint_.estimates.size()));
    const std::size_t n = family_->parameters.size();
    for (std::size_t i = 0; i < joint_.arms.size(); ++i) {
        const std::size_t arm = joint_.arms[i];
        if (!why_none_[arm].empty()) continue;
        for (std::size_t p = 0; p < n; ++p) by_arm[arm].push_back(natural_of(family_->parameters[p], drawn[i * n + p]));
    }
    return by_arm;
}

}  // namespace hersurv::fit
