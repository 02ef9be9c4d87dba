// What the numbers at risk of an arm say about how long its patients were followed (private to the module).
#pragma once

#include "hersurv/evidence.hpp"

#include "evidence/constants.hpp"
#include <optional>
#include <utility>
#include <vector>

namespace hersurv::evidence {

// Points (time, S) of an arm that are published: its median and milestones.
using SurvivalPoints = std::vector<std::pair<double, double>>;

struct FollowUpAtRisk {
    double median_months = 0;  // of the follow-up that patients would have had without an event
    double log_sd = 0;         // of its logarithm
};

// Of n patients n S(t) G(t) are at risk at t, as events and censoring are independent (the relation by which Parmar,
// Torri & Stewart 1998, Stat Med 17:2815, and, with numbers at risk, Williamson et al. 2002, Stat Med 21:3337, take
// summaries of curves apart). With S by the published points, G(t) = at risk / (n S(t)), and the follow-up is the
// median of G: the reverse Kaplan-Meier median, as it is read off the figure. nullopt if no point places S or
// nobody is at risk after the start.
[[nodiscard]] std::optional<FollowUpAtRisk> follow_up_at_risk(
    const EndpointConstants& constants, const std::vector<catalogue::NumbersAtRisk::Entry>& at_risk, int n_patients,
    SurvivalPoints points);

// Numbers at risk into the evidence of an arm that has its published follow-up: a median by reverse Kaplan-Meier
// is; one of unknown kind is where the numbers at risk agree with it; else they tell how long patients were
// followed.
void take_numbers_at_risk(const EndpointConstants& constants, const catalogue::ArmResult& result, ArmEvidence& arm);

}  // namespace hersurv::evidence
