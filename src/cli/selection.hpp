// The selection options that commands share: trials, endpoint, analysis, arm.
#pragma once

#include "hersurv/study.hpp"

#include "cli/command.hpp"
#include <string>
#include <vector>

namespace hersurv::cli {

struct Selection {
    std::vector<std::string> trials;  // patterns; "-" reads names from stdin (an empty stdin is an empty selection)
    study::Filter filter;

    void setup(OptionTable& options, bool with_arm);
};

using study::SelectedAnalysis;
using study::Unnamed;

struct Selected : study::Selected {
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
