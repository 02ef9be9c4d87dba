// The endpoints of analyses: any time to an event has a name; THE list of those whose kind is known.
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
    // for EFS, DFS and RFS: Punt et al. 2007, J Natl Cancer Inst 99:998; for iDFS, DRFS and DDFS: Tolaney et al. 2021,
    // J Clin Oncol 39:2720; for MFS: Xie et al. 2017, J Clin Oncol 35:3097). Where trials differ in it (FFS, TTD, TTNT,
    // TTF, LRFS) nothing is capped.
    bool counts_deaths;
};

inline constexpr std::array endpoint_kinds = {
    EndpointKind{"OS", "OS", false},   EndpointKind{"PFS", "PFS", true},   EndpointKind{"CNS-PFS", "PFS", true},
    EndpointKind{"TTP", "PFS", false}, EndpointKind{"PFS2", "PFS", true},  EndpointKind{"DOR", "PFS", false},
    EndpointKind{"EFS", "PFS", true},  EndpointKind{"DFS", "PFS", true},   EndpointKind{"RFS", "PFS", true},
    EndpointKind{"iDFS", "PFS", true}, EndpointKind{"DRFS", "PFS", true},  EndpointKind{"DDFS", "PFS", true},
    EndpointKind{"MFS", "PFS", true},  EndpointKind{"DMFS", "PFS", true},  EndpointKind{"FFS", "PFS", false},
    EndpointKind{"rPFS", "PFS", true}, EndpointKind{"LRFS", "PFS", false}, EndpointKind{"TTD", "PFS", false},
    EndpointKind{"TTF", "PFS", false}, EndpointKind{"TTNT", "PFS", false}, EndpointKind{"CSS", "OS", false},
    EndpointKind{"DSS", "OS", false},  EndpointKind{"BCSS", "OS", false},
};

inline constexpr auto endpoint_names = [] {
    std::array<std::string_view, endpoint_kinds.size()> names;
    std::ranges::transform(endpoint_kinds, names.begin(), &EndpointKind::name);
    return names;
}();

// Of an endpoint that is not listed as little is assumed as can be.
constexpr EndpointKind endpoint_kind(std::string_view name) {
    const auto* found = std::ranges::find(endpoint_kinds, name, &EndpointKind::name);
    return found == endpoint_kinds.end() ? EndpointKind{name, "PFS", false} : *found;
}

}  // namespace hersurv::catalogue
