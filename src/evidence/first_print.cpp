// Which of several prints of one statistic counts.
#include "hersurv/evidence.hpp"

#include <cmath>

namespace hersurv::evidence {

using catalogue::Statistic;

Statistic first_print(const catalogue::Statistics& prints) {
    Statistic first = prints.front();
    if (first.lower || first.upper) return first;
    for (const Statistic& other : prints) {
        if (!other.lower && !other.upper) continue;
        const bool same = first.value.is_number() && other.value.is_number()
                              ? std::abs(first.value.value - other.value.value) <=
                                    first.value.half_unit() + other.value.half_unit() + 1e-9
                              : first.value.kind == other.value.kind;
        if (!same) continue;
        first.lower = other.lower;
        first.upper = other.upper;
        first.level = other.level;
        first.limits = other.limits;
        first.limits_from = other.from;
        break;
    }
    return first;
}

}  // namespace hersurv::evidence
