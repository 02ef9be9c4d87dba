// Time on study -> follow-up.
#include "evidence/follow_up.hpp"

#include <fmt/format.h>

#include "support/number_text.hpp"
#include "survival/follow_up.hpp"
#include <algorithm>
#include <cmath>

namespace hersurv::evidence {
namespace {

using catalogue::FollowUp;

constexpr double sd_of_rough_survival = 0.03;  // of S(M) of the typical curve through a median
constexpr double least_excess = 0.05;          // of 2 S(M) - 1: with fewer left the time on study says no more
constexpr double surely_more = 2;              // sds by which there are more events than a follow-up allows

AssumedFollowUp from_time_on_study(const EndpointConstants& constants, const catalogue::PrintedNumber& published,
                                   double rough_median) {
    const double printed = published.value;
    const double survival = 1 / (1 + std::pow(printed / rough_median, constants.log_logistic_shape));
    const double excess = std::max(2 * survival - 1, least_excess), gamma = constants.censoring_gamma;
    AssumedFollowUp assumed;
    assumed.median_months = printed * std::pow(excess, -1 / gamma);
    assumed.log_sd = 2 * sd_of_rough_survival / excess / gamma;
    assumed.why = fmt::format(
        "the published median follow-up of {} is taken as time on study, which ends with the event; the potential "
        "follow-up would be about {:.3g} months",
        published.unit == catalogue::TimeUnit::months ? support::shortest(printed) + " months"
                                                      : printed_text(published),
        assumed.median_months);
    return assumed;
}

}  // namespace

double expected_events_fraction(const EndpointConstants& constants, double median_months, double follow_up_months) {
    constexpr int points = 40;
    double sum = 0;
    for (int i = 0; i < points; ++i) {
        const double dead = (i + 0.5) / points;
        const double time = median_months * std::pow(dead / (1 - dead), 1 / constants.log_logistic_shape);
        sum += survival::still_followed(time, follow_up_months, constants.censoring_gamma) / points;
    }
    return sum;
}

AssumedFollowUp assumed_follow_up(const EndpointConstants& constants, const catalogue::PrintedNumber& printed,
                                  FollowUp::Kind kind, std::optional<double> rough_median_months,
                                  std::optional<double> events_fraction) {
    AssumedFollowUp as_printed{printed.value, 0, ""};
    if (kind == FollowUp::Kind::reverse_kaplan_meier || !rough_median_months) return as_printed;
    AssumedFollowUp on_study = from_time_on_study(constants, printed, *rough_median_months);
    if (kind == FollowUp::Kind::observed) return on_study;
    if (!events_fraction) return as_printed;
    const auto excess = [&](double follow_up) {
        return *events_fraction + constants.events_offset -
               expected_events_fraction(constants, *rough_median_months, follow_up);
    };
    const double left = excess(printed.value);
    const bool more_than_allowed = left > surely_more * constants.sd_events;
    if (!more_than_allowed || std::abs(excess(on_study.median_months)) >= left) return as_printed;
    return on_study;
}

}  // namespace hersurv::evidence
