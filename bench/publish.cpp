// Estimates what papers print of patient-level data.
#include "publish.hpp"

#include <algorithm>
#include <cmath>

namespace hersurv::bench {
namespace {

constexpr auto transform = catalogue::LimitsTransform::log_log;

std::optional<double> median_follow_up(const std::vector<patients::Patient>& patients, FollowUpKind kind) {
    if (kind == FollowUpKind::reverse_kaplan_meier)
        return patients::KaplanMeier(patients::reversed(patients)).quantile(0.5, transform).time_months;
    if (patients.empty()) return std::nullopt;
    std::vector<double> times;
    for (const patients::Patient& patient : patients) times.push_back(patient.time_months);
    const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
    std::nth_element(times.begin(), middle, times.end());
    if (times.size() % 2 == 1) return *middle;
    return 0.5 * (*middle + *std::max_element(times.begin(), middle));
}

void publish_arm(const std::vector<patients::Patient>& patients, const patients::KaplanMeier& curve,
                 const PublishOptions& options, DigitisedArm& arm) {
    arm.n_patients = static_cast<int>(curve.n_patients());
    arm.n_events = static_cast<int>(curve.n_events());
    const patients::Quantile median = curve.quantile(0.5, transform);
    arm.median_months = median.time_months;
    arm.median_lower_months = median.limits.lower;
    arm.median_upper_months = median.limits.upper;
    arm.median_follow_up_months = median_follow_up(patients, options.follow_up);
    arm.follow_up_kind = catalogue::FollowUp::Kind::unknown;  // few papers say
    arm.horizon_months = curve.last_time_months();
    arm.milestones.clear();
    const double least =
        std::max(options.least_at_risk, options.least_share_at_risk * static_cast<double>(curve.n_patients()));
    for (const double time : options.milestone_months)
        if (static_cast<double>(curve.n_at_risk(time)) >= least) arm.milestones.push_back({time, curve.survival(time)});
}

}  // namespace

DigitisedFigure published(const DigitisedFigure& figure, const TwoArms& arms, const PublishOptions& options) {
    DigitisedFigure result = figure;
    const std::array<patients::KaplanMeier, 2> curves = {patients::KaplanMeier(arms[0]),
                                                         patients::KaplanMeier(arms[1])};
    for (std::size_t arm = 0; arm < arms.size(); ++arm) publish_arm(arms[arm], curves[arm], options, result.arms[arm]);
    result.hazard_ratio = result.hazard_ratio_lower = result.hazard_ratio_upper = 0;
    const patients::CoxFit cox = patients::cox(curves[0], curves[1]);
    if (!cox.estimated()) return result;
    const patients::Limits limits = cox.limits();
    constexpr double least_printed = 0.005;
    if (!limits.lower || !limits.upper || *limits.lower < least_printed) return result;
    result.hazard_ratio = cox.hazard_ratio();
    result.hazard_ratio_lower = *limits.lower;
    result.hazard_ratio_upper = *limits.upper;
    return result;
}

fit::Pattern printable(const fit::Pattern& pattern, const DigitisedFigure& figure) {
    fit::Pattern result = pattern;
    if (figure.hazard_ratio == 0) result.hazard_ratio = false;
    return result;
}

DigitisedFigure frame_of_simulation(std::string_view name) {
    DigitisedFigure figure;
    figure.dataset = figure.trial = name;
    figure.endpoint = "OS";
    figure.arms[0].name = "control";
    figure.arms[1].name = "new";
    return figure;
}

}  // namespace hersurv::bench
