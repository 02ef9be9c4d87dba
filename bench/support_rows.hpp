// Which times a fit supports, borrows and extrapolates, whether a fit calls a parameter identified, and whether it says
// that the published numbers contradict one another: the definitions that the benchmarks share.
#pragma once

#include "hersurv/fit.hpp"

#include "fit/outcome.hpp"
#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>
#include <string_view>

namespace hersurv::bench {

enum class Zone {
    supported,     // between the first and the last published time
    borrowed,      // before the first one: from similar trials
    extrapolated,  // after the last one
};
inline constexpr std::array zones = {Zone::supported, Zone::borrowed, Zone::extrapolated};

[[nodiscard]] inline std::string_view word(Zone zone) {
    switch (zone) {
        case Zone::supported:
            return "supported";
        case Zone::borrowed:
            return "borrowed";
        case Zone::extrapolated:
            break;
    }
    return "extrapolated";
}

struct Support {
    double first_months = 0, last_months = 0;

    [[nodiscard]] Zone zone_of(double time_months) const {
        constexpr double last_bits = 1e-9;
        if (time_months > last_months * (1 + last_bits)) return Zone::extrapolated;
        return time_months < first_months * (1 - last_bits) ? Zone::borrowed : Zone::supported;
    }
};

// From the first to the last published time of the arm that the fit uses: median, limits and milestones. Without any,
// everything up to the follow-up is borrowed.
[[nodiscard]] inline Support support_of(const fit::FittedModel& model, std::size_t arm) {
    Support support{model.arms[arm].supported_from_months, 0};
    for (const fit::NumberInFit& number : model.numbers_in_fit()) {
        using Use = fit::NumberInFit::Use;
        if (number.arm != arm || (number.use != Use::median && number.use != Use::anchor)) continue;
        support.last_months = std::max(support.last_months, number.time_months);
    }
    if (support.last_months == 0) {
        support.first_months = std::numeric_limits<double>::infinity();
        support.last_months = model.evidence->follow_up_or_guess(arm);
    }
    return support;
}

// The fit that carries the reconstruction: itself, or the one that it is the projection of.
[[nodiscard]] inline const fit::FittedModel& reconstruction_of(const fit::FittedModel& model) {
    return model.reconstruction != nullptr ? *model.reconstruction : model;
}

// Whether `fit` says of this model that the published numbers contradict one another.
[[nodiscard]] inline bool says_contradiction(const fit::FittedModel& model) {
    return !fit::contradicted(reconstruction_of(model)).empty();
}

// Whether `fit` calls the parameters of the arm determined.
[[nodiscard]] inline bool says_determined(const fit::FittedModel& model, std::size_t arm) {
    return model.arms[arm].status == fit::FitStatus::determined;
}

}  // namespace hersurv::bench
