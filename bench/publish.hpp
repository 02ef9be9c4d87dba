// Patients as a paper reports them: the statistics of two arms, ready to be laid out as a record of a catalogue.
#pragma once

#include "accuracy_figures.hpp"
#include "simulated_trial.hpp"
#include <string>
#include <string_view>
#include <vector>

namespace hersurv::bench {

enum class FollowUpKind {
    reverse_kaplan_meier,
    observed,  // the median time on study of all patients, with and without an event
};

struct PublishOptions {
    FollowUpKind follow_up = FollowUpKind::reverse_kaplan_meier;
    std::vector<double> milestone_months;
    // A milestone is reported while at least so many, and this share of the arm, are at risk.
    double least_at_risk = 1, least_share_at_risk = 0;
};

// Median with log-log limits, follow-up, survival at the milestones and Cox's hazard ratio of arms[1] v arms[0], not
// rounded: records_of does that. `figure` gives the names (its trial, its endpoint, the names of its arms); the other
// members of the result are those of the patients. The hazard ratio is 0 if it or a limit cannot be estimated or would
// be printed as 0.00.
[[nodiscard]] DigitisedFigure published(const DigitisedFigure& figure, const TwoArms& arms,
                                        const PublishOptions& options);

// The pattern, without its hazard ratio if the figure has none.
[[nodiscard]] fit::Pattern printable(const fit::Pattern& pattern, const DigitisedFigure& figure);

// Names for simulated trials: OS, two arms.
[[nodiscard]] DigitisedFigure frame_of_simulation(std::string_view name);

}  // namespace hersurv::bench
