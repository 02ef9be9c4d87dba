// THE table of distributions: every family, and the mixture cure model on each.
#include "survival/families.hpp"

#include <vector>

namespace hersurv::survival {

std::span<const Family* const> families() {
    static const std::vector<const Family*> table = [] {
#define HERSURV_ENTRY(NAME) &NAME##_family(),
        std::vector<const Family*> all{HERSURV_FAMILIES(HERSURV_ENTRY)};
#undef HERSURV_ENTRY
        all.insert(all.end(), cure_families().begin(), cure_families().end());
        return all;
    }();
    return table;
}

const Family* find_family(std::string_view name) {
    for (const Family* family : families()) {
        if (family->name == name) return family;
    }
    return nullptr;
}

}  // namespace hersurv::survival
