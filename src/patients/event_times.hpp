// The times at which two arms have events, with both arms' numbers at risk: what the comparisons of two arms are sums
// over.
#pragma once

#include "hersurv/patients.hpp"

namespace hersurv::patients {

// Calls visit(at_risk of arm 0, at_risk of arm 1, events of arm 0, events of arm 1), as double, at every time with an
// event of either arm, in order.
template <class Visit>
void for_each_event_time(const KaplanMeier& control, const KaplanMeier& experimental, const Visit& visit) {
    const auto &steps0 = control.steps(), &steps1 = experimental.steps();
    std::size_t i = 0, j = 0;
    while (i < steps0.size() || j < steps1.size()) {
        const bool take0 = j == steps1.size() || (i < steps0.size() && steps0[i].time_months <= steps1[j].time_months);
        const bool take1 = i == steps0.size() || (j < steps1.size() && steps1[j].time_months <= steps0[i].time_months);
        const std::size_t at_risk0 = i < steps0.size() ? steps0[i].n_at_risk : 0;
        const std::size_t at_risk1 = j < steps1.size() ? steps1[j].n_at_risk : 0;
        const std::size_t events0 = take0 ? steps0[i].n_events : 0, events1 = take1 ? steps1[j].n_events : 0;
        if (events0 + events1 > 0)
            visit(static_cast<double>(at_risk0), static_cast<double>(at_risk1), static_cast<double>(events0),
                  static_cast<double>(events1));
        i += take0;
        j += take1;
    }
}

}  // namespace hersurv::patients
