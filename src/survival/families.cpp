// THE table of distributions: one row a family, each defined in family_NAME.cpp.
#include "hersurv/survival/family.hpp"

#include <array>

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

std::span<const Family* const> families() {
#define HERSURV_ENTRY(NAME) &NAME##_family(),
    static const std::array table{HERSURV_FAMILIES(HERSURV_ENTRY)};
#undef HERSURV_ENTRY
    return table;
}

const Family* find_family(std::string_view name) {
    for (const Family* family : families()) {
        if (family->name == name) return family;
    }
    return nullptr;
}

}  // namespace hersurv::survival
