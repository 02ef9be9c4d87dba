// The log-rank test: observed less expected events over the times with events.
#include "hersurv/patients.hpp"

#include "patients/event_times.hpp"
#include <cmath>

namespace hersurv::patients {

LogRank log_rank(const KaplanMeier& control, const KaplanMeier& experimental) {
    LogRank result;
    for_each_event_time(control, experimental, [&](double n0, double n1, double d0, double d1) {
        const double n = n0 + n1, d = d0 + d1;
        result.observed[0] += d0;
        result.observed[1] += d1;
        result.expected[0] += d * n0 / n;
        result.expected[1] += d * n1 / n;
        if (n > 1) result.variance += d * (n0 / n) * (n1 / n) * (n - d) / (n - 1);
    });
    if (result.variance > 0) {
        const double excess = result.observed[1] - result.expected[1];
        result.chi_square = excess * excess / result.variance;
        result.p_value = std::erfc(std::sqrt(*result.chi_square / 2));
    }
    return result;
}

}  // namespace hersurv::patients
