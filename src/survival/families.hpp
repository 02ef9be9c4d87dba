// THE list of the families that are not cure models (private to the module): one more = one row here and its file
// family_NAME.cpp.
#pragma once

#include "hersurv/survival.hpp"

#define HERSURV_FAMILIES(ROW) \
    ROW(exponential)          \
    ROW(weibull)              \
    ROW(gompertz)             \
    ROW(lognormal)            \
    ROW(loglogistic)          \
    ROW(gamma)                \
    ROW(gengamma)

namespace hersurv::survival {

#define HERSURV_DECLARE(NAME) const Family& NAME##_family();
HERSURV_FAMILIES(HERSURV_DECLARE)
#undef HERSURV_DECLARE

// The mixture cure model on each of them, in their order (family_cure.cpp).
[[nodiscard]] std::span<const Family* const> cure_families();

}  // namespace hersurv::survival
