// Dates of entry that are consistent with the censoring of a figure, and cuts by them.
#include "extrapolation_cut.hpp"

#include "support/random.hpp"
#include <algorithm>
#include <cmath>
#include <functional>

namespace hersurv::bench {
namespace {

// Draws a potential follow-up later than a time from G(t) = P(potential > t), the reverse Kaplan-Meier estimate.
double draw_later(const patients::KaplanMeier& potential, double time_months, double last_months, double uniform) {
    const double later = potential.survival(time_months) * uniform;
    for (const patients::KaplanMeierStep& step : potential.steps())
        if (step.time_months > time_months && step.survival <= later) return step.time_months;
    // The estimate does not come down so far: nobody is followed for longer than the last one.
    return std::max(last_months, time_months);
}

}  // namespace

std::array<std::vector<DatedPatient>, 2> dated(const TwoArms& arms, std::uint64_t seed, std::string_view name) {
    std::vector<patients::Patient> all;
    double last = 0;
    for (const auto& arm : arms)
        for (const patients::Patient& patient : arm) {
            all.push_back(patient);
            last = std::max(last, patient.time_months);
        }
    const auto median =
        patients::KaplanMeier(patients::reversed(all)).quantile(0.5, catalogue::LimitsTransform::log_log).time_months;
    const double accrual = std::min(2 * (last - median.value_or(last)), last), least = last - accrual;
    const auto by_cut = [least](const patients::Patient& patient) {
        return !patient.event && patient.time_months >= least;
    };
    std::array<std::vector<DatedPatient>, 2> result;
    for (std::size_t arm = 0; arm < arms.size(); ++arm) {
        std::vector<patients::Patient> potential;  // an event: censored by the cut
        for (const patients::Patient& patient : arms[arm]) potential.push_back({patient.time_months, by_cut(patient)});
        const patients::KaplanMeier curve(potential);
        support::RandomStream random{seed, support::number_of_name(name), arm};
        for (const patients::Patient& patient : arms[arm]) {
            const double uniform = random.uniform();
            result[arm].push_back({patient, by_cut(patient) ? patient.time_months
                                                            : draw_later(curve, patient.time_months, last, uniform)});
        }
    }
    return result;
}

double last_cut_months(const std::array<std::vector<DatedPatient>, 2>& arms) {
    double last = 0;
    for (const auto& arm : arms)
        for (const DatedPatient& dated : arm) last = std::max(last, dated.potential_months);
    return last;
}

TwoArms cut_earlier(const std::array<std::vector<DatedPatient>, 2>& arms, double months) {
    TwoArms result;
    for (std::size_t arm = 0; arm < arms.size(); ++arm)
        for (const DatedPatient& dated : arms[arm]) {
            const double followed = dated.potential_months - months;
            if (followed <= 0) continue;
            if (dated.patient.time_months <= followed)
                result[arm].push_back(dated.patient);
            else
                result[arm].push_back({followed, false});
        }
    return result;
}

}  // namespace hersurv::bench
