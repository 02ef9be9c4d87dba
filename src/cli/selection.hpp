// The selection options that commands share: trials, endpoint, analysis, arm; or numbers that are typed instead of a
// trial.
#pragma once

#include "hersurv/study.hpp"

#include "cli/command.hpp"
#include <string>
#include <string_view>
#include <vector>

namespace hersurv::cli {

// What --arm of a command takes: the id of an arm, or the numbers of the arms of a trial that no catalogue has.
enum class ArmOption { none, numbers, id_or_numbers };

struct Selection {
    std::vector<std::string> trials;  // patterns; "-" reads names from stdin (an empty stdin is an empty selection)
    study::Filter filter;
    std::vector<std::string> arms;                     // of --arm, as typed
    std::vector<std::string> hazard_ratios, p_values;  // of typed arms
    std::string name, follow_up;                       // of the typed trial

    void setup(OptionTable& options, ArmOption arm);
    // Whether numbers are typed instead of a trial of a catalogue.
    [[nodiscard]] bool typed() const;
    // To be called before the selection is used: --arm becomes the filter's; or the typed trial, alone, becomes the
    // library of this call. Throws UsageError.
    void settle(Context& context);
    // Throws UsageError if neither a trial nor anything else narrows down the built-in catalogue: thousands of lines
    // are not the answer to a bare command.
    void need_trial(const Context& context, std::string_view command) const;

  private:
    bool takes_ids_ = false;  // of arms
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

// The numbers that are typed, as a catalogue document to go on with; UsageError if none are.
[[nodiscard]] std::string typed_catalogue(Selection selection, Context& context);

// The trials alone.
[[nodiscard]] std::vector<const catalogue::Trial*> select_trials(const std::vector<std::string>& patterns,
                                                                 Context& context);

}  // namespace hersurv::cli
