// The follow-up of simulated patients, from the published number of events and the median follow-up (private to the
// module).
#pragma once

#include "hersurv/evidence.hpp"

#include "patients/tabulated.hpp"
#include <optional>

namespace hersurv::patients {

// A published median follow-up.
struct FollowUpTarget {
    double median_months = 0;
    bool on_study = false;  // of the time on study, which ends with the event; else without events
};

// What patients have of it: nobody is followed beyond the end of the table.
[[nodiscard]] double median_follow_up(const Tabulated& curve, const Censoring& censoring, bool on_study);

// The G of this shape with which a share of the patients is expected to have an event.
[[nodiscard]] Censoring with_events(const Tabulated& curve, double share_with_event, double gamma,
                                    const Censoring& usual);

// The G with which a share of the patients is expected to have an event and, as far as its shape can do it, the median
// follow-up is the published one. `usual`: a guess, whose shape is kept if there is no target.
[[nodiscard]] Censoring place_censoring(const Tabulated& curve, double share_with_event, const Censoring& usual,
                                        const std::optional<FollowUpTarget>& target);

// The end of the follow-up by which a curve has the events with the published median follow-up: not before `end`, nor
// before that median, and later only if they need it, up to `most` and 1.7 times the median follow-up (3.4 times that
// of the time on study). `tabulated`: S up to a month.
[[nodiscard]] double end_for(const std::function<Tabulated(double)>& tabulated, double share_with_event,
                             const Censoring& usual, const FollowUpTarget& target, double end, double most);

// What the published median follow-up of an arm is of. If the paper does not say, it is taken as the evidence takes it;
// and as time on study also if the published events fit that and not the other.
[[nodiscard]] std::optional<FollowUpTarget> follow_up_target(const evidence::ArmEvidence& arm,
                                                             const std::function<Tabulated(double)>& tabulated,
                                                             std::optional<double> published_share,
                                                             const Censoring& usual);

// The longest follow-up that is looked at: e^2 of the guess, as for the effective number of patients.
[[nodiscard]] double longest_follow_up(const Censoring& usual);

}  // namespace hersurv::patients
