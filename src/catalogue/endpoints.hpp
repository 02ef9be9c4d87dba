// The endpoints of analyses: THE list that the reader knows, and what each is.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace hersurv::catalogue {

struct EndpointKind {
    std::string_view name;
    std::string_view learnt_from;  // the endpoint whose learnt constants are used: "OS" or "PFS"
    // Whether it is the time to the first of some event and death from any cause, so that its curve is nowhere above
    // overall survival (for PFS2: EMA, Guideline on the evaluation of anticancer medicinal products, 2023, appendix 1;
    // for EFS, DFS and RFS: Punt et al. 2007, J Natl Cancer Inst 99:998).
    bool counts_deaths;
};

inline constexpr std::array endpoint_kinds = {
    EndpointKind{"OS", "OS", false},   EndpointKind{"PFS", "PFS", true},  EndpointKind{"CNS-PFS", "PFS", true},
    EndpointKind{"TTP", "PFS", false}, EndpointKind{"PFS2", "PFS", true}, EndpointKind{"DOR", "PFS", false},
    EndpointKind{"EFS", "PFS", true},  EndpointKind{"DFS", "PFS", true},  EndpointKind{"RFS", "PFS", true},
};

inline constexpr auto endpoint_names = [] {
    std::array<std::string_view, endpoint_kinds.size()> names;
    std::ranges::transform(endpoint_kinds, names.begin(), &EndpointKind::name);
    return names;
}();

// nullptr if it is none of them.
constexpr const EndpointKind* find_endpoint(std::string_view name) {
    const auto* found = std::ranges::find(endpoint_kinds, name, &EndpointKind::name);
    return found == endpoint_kinds.end() ? nullptr : found;
}

}  // namespace hersurv::catalogue
