// Coherence between endpoints: whoever is alive and free of progression is alive, so that no curve of an endpoint that
// counts deaths as events lies above overall survival of the same arm.
#pragma once

#include "hersurv/fit.hpp"

#include <span>
#include <vector>

namespace hersurv::fit {

// Where the curve of an arm is that of overall survival.
struct LoweredStretch {
    std::size_t arm = 0;
    double from_months = 0, to_months = 0;  // +infinity: to the end
    double most = 0;                        // by which S was above that of overall survival
};

struct Lowered {
    FittedModel own, overall;               // as they were fitted
    std::vector<std::size_t> overall_arm;   // by arm of `own`: which arm of `overall`; FittedModel::npos if none
    std::vector<LoweredStretch> stretches;  // by arm and time
};

// The OS analysis that this analysis must stay below: that of the same population with an arm in common, of the nearest
// data cut-off; where a cut-off is not known the default one, else the first. nullptr if there is none, and for an
// endpoint that need not stay below: OS itself, TTP (deaths are censored), DOR (it starts at the response).
[[nodiscard]] const catalogue::Analysis* overall_survival_for(const catalogue::Trial& trial,
                                                              const catalogue::Analysis& analysis);

// The model with its curves lowered to S = min(S, S_os) wherever they are above those of `overall`: bands, supported
// range and fitted numbers follow, `parameters` stay as fitted, and a message says where and by how much. As it was
// if no curve is above.
[[nodiscard]] FittedModel lowered_to(const FittedModel& overall, FittedModel model);

// Whether a stretch is worth a word: in the supported range of the arm what shows in a percentage of one decimal, in
// the extrapolation beyond it a point.
[[nodiscard]] bool noticeable(const FittedModel& model, const LoweredStretch& stretch);

// The integral of S from 0 to infinity as a function of the free parameters; +infinity if it diverges, or where the
// model's tail has no formula.
[[nodiscard]] double mean_months(const FittedModel& model, std::size_t arm, std::span<const double> free);

}  // namespace hersurv::fit
