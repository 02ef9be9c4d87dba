// The selection options that commands share: trials, endpoint, analysis, arm.
#pragma once

#include "hersurv/study/fits.hpp"

#include "cli/command.hpp"
#include <string>
#include <vector>

namespace hersurv::cli {

struct Selection {
    std::vector<std::string> trials;  // patterns; "-" reads names from stdin (an empty stdin is an empty selection)
    std::string endpoint, analysis, arm;

    void setup(OptionTable& options, bool with_arm);
    [[nodiscard]] bool filters() const { return !endpoint.empty() || !analysis.empty() || !arm.empty(); }
    // Whether --arm takes this arm (id or glob, any case); without --arm every arm is taken.
    [[nodiscard]] bool takes_arm(const std::string& arm_id) const;
};

// Which analyses of a trial are taken where --analysis names none.
enum class Unnamed {
    default_analyses,  // the default analysis of every endpoint
    everything,        // all analyses; response rates count as numbers of their endpoint
};

using study::SelectedAnalysis;

struct Selected {
    std::vector<const catalogue::Trial*> trials;  // in the order asked
    // Per trial in its order: the default analysis of every endpoint, or those that --endpoint / --analysis (id or
    // glob) name.
    std::vector<SelectedAnalysis> analyses;
    std::vector<const catalogue::Trial*> named;  // of the trials, those asked for by name, not by a glob
};

// Throws NotFoundError (exit 4, nearest names) for a name that does not exist and for filters that match nothing in the
// whole selection. A selected trial that has no survival numbers is in `trials` without an analysis: no error; where
// the filters leave out a trial that was named, a message says so.
[[nodiscard]] Selected select(const Selection& selection, Context& context,
                              Unnamed unnamed = Unnamed::default_analyses);

// The trials alone.
[[nodiscard]] std::vector<const catalogue::Trial*> select_trials(const std::vector<std::string>& patterns,
                                                                 Context& context);

}  // namespace hersurv::cli
