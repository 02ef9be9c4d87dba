// Which analyses of which trials a pipeline takes.
#pragma once

#include "hersurv/study/fits.hpp"

#include <string>
#include <vector>

namespace hersurv::study {

// Which analyses of a trial are taken where none is named.
enum class Unnamed {
    default_analyses,  // the default analysis of every endpoint
    everything,        // all analyses; response rates count as numbers of their endpoint
};

// What analyses must be about: names or globs, in any case; empty takes all.
struct Filter {
    std::string endpoint, analysis, arm;

    [[nodiscard]] bool filters() const { return !endpoint.empty() || !analysis.empty() || !arm.empty(); }
    [[nodiscard]] bool takes_arm(const std::string& arm_id) const;
    // Whether the analysis has an arm that is taken.
    [[nodiscard]] bool has_arm(const catalogue::Analysis& analysis) const;
    [[nodiscard]] bool takes(const catalogue::Analysis& analysis, Unnamed unnamed) const;
};

struct Selected {
    std::vector<const catalogue::Trial*> trials;   // as given
    std::vector<SelectedAnalysis> analyses;        // by trial, in its order
    std::vector<const catalogue::Trial*> untaken;  // of the trials, those of which the filter takes nothing
};
[[nodiscard]] Selected select_analyses(std::vector<const catalogue::Trial*> trials, const Filter& filter,
                                       Unnamed unnamed = Unnamed::default_analyses);

}  // namespace hersurv::study
