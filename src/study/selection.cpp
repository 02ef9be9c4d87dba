// What a filter takes of the analyses of trials.
#include "hersurv/study.hpp"

#include "catalogue/names.hpp"
#include <algorithm>

namespace hersurv::study {

using catalogue::Analysis;
using catalogue::glob_match;
using catalogue::Trial;

bool Filter::takes_arm(const std::string& arm_id) const { return arm.empty() || glob_match(arm, arm_id); }

bool Filter::has_arm(const Analysis& result) const {
    return arm.empty() ||
           std::ranges::any_of(result.arms, [&](const catalogue::ArmResult& one) { return takes_arm(one.arm); });
}

bool Filter::takes(const Analysis& one, Unnamed unnamed) const {
    if (!endpoint.empty() && !glob_match(endpoint, one.endpoint)) return false;
    if (!analysis.empty() && !glob_match(analysis, one.id)) return false;
    if (analysis.empty() && unnamed == Unnamed::default_analyses && !one.is_default) return false;
    return has_arm(one);
}

Selected select_analyses(std::vector<const Trial*> trials, const Filter& filter, Unnamed unnamed) {
    Selected selected;
    const bool responses_count = unnamed == Unnamed::everything && filter.analysis.empty() && filter.arm.empty();
    for (const Trial* trial : trials) {
        bool taken = responses_count && std::ranges::any_of(trial->responses, [&](const catalogue::Response& response) {
                         return filter.endpoint.empty() || glob_match(filter.endpoint, response.endpoint);
                     });
        for (const Analysis& analysis : trial->analyses) {
            if (!filter.takes(analysis, unnamed)) continue;
            selected.analyses.push_back({trial, &analysis});
            taken = true;
        }
        if (!taken) selected.untaken.push_back(trial);
    }
    selected.trials = std::move(trials);
    return selected;
}

}  // namespace hersurv::study
