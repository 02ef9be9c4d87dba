// Cox's model of two arms: numbers at risk and events by time are all that the partial likelihood of a binary covariate
// needs.
#include "hersurv/evidence.hpp"
#include "hersurv/patients.hpp"

#include "patients/event_times.hpp"
#include "survival/solve.hpp"
#include <algorithm>
#include <cmath>
#include <vector>

namespace hersurv::patients {
namespace {

// The risk set of one of the d tied events as Efron takes it: the events share what is still at risk of them.
struct RiskSet {
    double control = 0, experimental = 0;
};

// The score, less the other way round, so that it rises with b, and its slope, the information. With w = e^b: each
// event adds [experimental] - p to the score and p (1 - p) to the information, p = n1 w / (n0 + n1 w).
survival::ValueAndSlope minus_score(const std::vector<RiskSet>& sets, double events_experimental, double log_hr) {
    const double w = std::exp(log_hr);
    double score = events_experimental, information = 0;
    for (const RiskSet& set : sets) {
        const double p = set.experimental * w / (set.control + set.experimental * w);
        score -= p;
        information += p * (1 - p);
    }
    return {-score, information};
}

}  // namespace

double CoxFit::hazard_ratio() const { return std::exp(log_hr); }

Limits CoxFit::limits(double level) const {
    if (!estimated()) return {};
    const double error = evidence::z_of_level(level) * se_log_hr;
    return {std::exp(log_hr - error), std::exp(log_hr + error)};
}

CoxFit cox(const KaplanMeier& control, const KaplanMeier& experimental) {
    std::vector<RiskSet> sets;
    sets.reserve(control.n_events() + experimental.n_events());
    double events_control = 0, events_experimental = 0;  // while the other arm is at risk
    for_each_event_time(control, experimental, [&](double n0, double n1, double d0, double d1) {
        if (n0 == 0 || n1 == 0) return;  // says nothing about the ratio
        events_control += d0;
        events_experimental += d1;
        const double d = d0 + d1;
        for (double l = 0; l < d; ++l) sets.push_back({n0 - l / d * d0, n1 - l / d * d1});
    });
    CoxFit fit;
    if (events_control == 0 && events_experimental == 0) return fit;
    if (events_control == 0 || events_experimental == 0) {
        fit.status = events_experimental == 0 ? CoxStatus::without_limit_below : CoxStatus::without_limit_above;
        return fit;
    }
    const auto rising = [&](double log_hr) { return minus_score(sets, events_experimental, log_hr); };
    survival::Bracket<double> bracket{-1, 1};
    while (rising(bracket.lower).value > 0) bracket.lower *= 2;
    while (rising(bracket.upper).value < 0) bracket.upper *= 2;
    constexpr double tolerance = 1e-14;
    fit.log_hr = survival::newton(rising, 0, 0, bracket, tolerance);
    fit.se_log_hr = 1 / std::sqrt(rising(fit.log_hr).slope);
    fit.status = CoxStatus::estimated;
    return fit;
}

std::string_view describe(CoxStatus status) {
    switch (status) {
        case CoxStatus::estimated:
            return "estimated";
        case CoxStatus::without_limit_below:
            return "not estimable: no event of the experimental arm while both arms are at risk";
        case CoxStatus::without_limit_above:
            return "not estimable: no event of the control arm while both arms are at risk";
        case CoxStatus::no_information:
            return "not estimable: no event while both arms are at risk";
    }
    return "";
}

}  // namespace hersurv::patients
