// The supported range, and the published numbers beside the fitted ones.
#include "fit/outcome.hpp"

#include "evidence/constants.hpp"
#include "fit/follow_up.hpp"
#include "support/numbers.hpp"
#include "survival/solve.hpp"
#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

namespace hersurv::fit {
namespace {

using catalogue::StatisticKey;
using evidence::AnalysisEvidence;
using evidence::Kind;
using evidence::Observation;

// The arms of a fit under their follow-up, each looked at once.
class FollowedArms {
  public:
    explicit FollowedArms(const FittedModel& fitted) : fitted_(fitted), arms_(fitted.arms.size()) {}
    const FollowedCurve& operator()(std::size_t arm) {
        if (grid_.empty()) grid_ = follow_up_grid(*fitted_.evidence);
        if (!arms_[arm])
            arms_[arm] = follow(
                *fitted_.evidence, arm,
                [&](double time) { return fitted_.curves->cumulative_hazard(arm, time, fitted_.free_parameters); },
                grid_);
        return *arms_[arm];
    }

  private:
    const FittedModel& fitted_;
    std::vector<double> grid_;
    std::vector<std::optional<FollowedCurve>> arms_;
};

// The published number in its own unit, as the curves have it.
std::optional<Residual> beside(const FittedModel& fitted, FollowedArms& followed, std::size_t i) {
    const AnalysisEvidence& data = *fitted.evidence;
    const Observation& o = data.observations[i];
    if (!o.cut.empty()) return std::nullopt;  // another analysis published it
    if (!fitted.fitted(o.arm) || (o.control && !fitted.fitted(*o.control))) return std::nullopt;
    Residual residual;
    residual.observation = i;
    // (model - observed) / sd on the scale that the observation is in.
    const auto standardise = [&](double modelled, double observed, double sd) {
        if (sd > 0) residual.standardised = (modelled - observed) / sd;
    };
    if (o.time_months > 0 && o.survival > 0) {
        const double s = std::exp(-fitted.curves->cumulative_hazard(o.arm, o.time_months, fitted.free_parameters));
        // The flexible curve bends to every point; a family misses some of every curve.
        const bool family = fitted.model->family != nullptr && o.kind != Kind::bound;
        const double sd = family ? std::hypot(o.sd, data.constants->reading().sd_model) : o.sd;
        if (o.kind != Kind::bound || s < o.survival) standardise(s, o.survival, sd);
    }
    const bool printed = o.published.is_number();
    if (o.statistic.is(StatisticKey::Kind::median)) {
        residual.fitted = fitted.curves->time_at_survival(o.arm, 0.5, fitted.free_parameters);
        if (!printed) residual.within_rounding = o.kind != Kind::bound || residual.fitted > o.time_months;
    } else if (o.statistic.is_limit_of(StatisticKey::Kind::median)) {
        if (o.kind != Kind::point) return std::nullopt;
        residual.fitted = fitted.curves->time_at_survival(o.arm, o.survival, fitted.free_parameters);
    } else if (o.statistic.is(StatisticKey::Kind::milestone)) {
        residual.fitted =
            std::exp(-fitted.curves->cumulative_hazard(o.arm, o.statistic.time_months, fitted.free_parameters));
    } else if (o.kind == Kind::events) {
        const double expected = expected_events_fraction(followed(o.arm));
        standardise(expected, o.value, o.sd);
        residual.fitted = *data.arms[o.arm].n_patients *
                          std::max(0.0, expected - data.constants->endpoint(data.endpoint).events_offset);
    } else if (o.kind == Kind::log_hazard_ratio) {
        const double log_ratio = average_log_hazard_ratio(followed(o.arm), followed(*o.control));
        standardise(log_ratio, o.value, o.sd);
        residual.fitted = std::exp(log_ratio);
    } else {
        return std::nullopt;
    }
    if (printed)
        residual.within_rounding =
            std::abs(residual.fitted - o.published.value) <= o.published.half_unit() * (1 + 1e-9);
    return residual;
}

// The share of the patients who are at risk, straight between two published numbers; nullopt beyond them.
std::optional<double> published_share_at_risk(const evidence::ArmEvidence& arm, double time_months) {
    if (arm.at_risk.empty() || !arm.n_patients || *arm.n_patients == 0) return std::nullopt;
    using Entry = catalogue::NumbersAtRisk::Entry;
    Entry before{0, *arm.n_patients};
    for (const Entry& entry : arm.at_risk) {
        if (entry.time_months >= time_months) {
            const double width = entry.time_months - before.time_months,
                         part = width > 0 ? (time_months - before.time_months) / width : 1;
            return (before.n_patients + part * (entry.n_patients - before.n_patients)) / *arm.n_patients;
        }
        before = entry;
    }
    return std::nullopt;
}

}  // namespace

double supported_months(const AnalysisEvidence& evidence, std::size_t arm,
                        const std::function<double(double)>& cumulative_hazard) {
    const auto& record = evidence.arms[arm];
    const double printed = record.last_printed_month.value_or(0);
    // The arms of an analysis are followed alike: without a published follow-up, what is published of any arm shows how
    // far it reached, no further.
    const double follow_up = evidence.follow_up_or_guess(arm);
    const double furthest = record.follow_up_months ? infinity : follow_up;
    // The last t with S(t) G(t) >= max(.1, 10/n): a tenth of the patients, or ten of them, still at risk.
    const double share = record.n_patients && *record.n_patients > 0 ? std::max(0.1, 10.0 / *record.n_patients) : 0.1;
    // Ten patients or fewer never meet that.
    if (share >= 1) return printed > 0 ? printed : follow_up;
    const double gamma = evidence.constants->endpoint(evidence.endpoint).censoring_gamma;
    const auto expected = [&](double time) {
        return std::exp(-cumulative_hazard(time)) * survival::still_followed(time, follow_up, gamma);
    };
    // As far as numbers at risk are published they say who is left, and after the last one the curve goes on from it.
    const auto at_risk = [&](double time) {
        const auto published = published_share_at_risk(record, time);
        if (published) return *published;
        if (record.at_risk.empty() || !record.n_patients || record.at_risk.back().time_months <= 0)
            return expected(time);
        const auto& [last, n_left] = record.at_risk.back();
        return n_left / static_cast<double>(*record.n_patients) * expected(time) / std::max(expected(last), 1e-9);
    };
    double beyond = follow_up;
    while (at_risk(beyond) >= share && beyond < 1e4) beyond *= 2;
    // Numbers at risk fall in steps, so that the function may jump.
    const auto gone = [&](double time) {
        const double missing = share - at_risk(time);
        return missing == 0 ? -std::numeric_limits<double>::min() : missing;
    };
    const auto last = survival::narrow(gone, {0, gone(0)}, {beyond, gone(beyond)}, 1e-13 * beyond);
    return std::max(printed, std::min(last.lower, furthest));
}

double supported_from_months(const std::vector<NumberInFit>& numbers, std::size_t arm) {
    using Use = NumberInFit::Use;
    double first = infinity;
    for (const NumberInFit& number : numbers)
        if (number.arm == arm && (number.use == Use::median || number.use == Use::anchor))
            first = std::min(first, number.time_months);
    return std::isinf(first) ? 0 : first;
}

std::vector<Residual> published_beside_fitted(const FittedModel& fitted) {
    std::vector<Residual> residuals;
    if (fitted.curves == nullptr) return residuals;
    FollowedArms followed(fitted);
    for (std::size_t i = 0; i < fitted.evidence->observations.size(); ++i)
        if (auto residual = beside(fitted, followed, i)) residuals.push_back(*residual);
    return residuals;
}

std::vector<std::size_t> contradicted(const FittedModel& model) {
    constexpr double most = 3;  // sds
    std::vector<std::size_t> observations;
    for (const Residual& residual : model.residuals)
        if (!residual.within_rounding && std::abs(residual.standardised) > most)
            observations.push_back(residual.observation);
    return observations;
}

}  // namespace hersurv::fit
