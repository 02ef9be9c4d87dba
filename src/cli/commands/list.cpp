// `list`: the trials, one per line.
#include "catalogue/names.hpp"
#include "cli/command.hpp"
#include "cli/options.hpp"
#include "cli/selection.hpp"
#include "report/trials_table.hpp"
#include "support/words.hpp"
#include <algorithm>
#include <set>

namespace hersurv::cli {
namespace {

using report::TrialSummary;

struct Filter {
    std::string option, wanted;
    std::vector<std::string> (*of)(const TrialSummary&);
};

class List : public Command {
  public:
    void setup(OptionTable& options) override {
        options.add(
            "TRIAL", "", &trials_,
            "name of a trial, a pattern such as 'DESTINY*', or a file. Case does not matter. - reads names from stdin");
        options.add("--class", "CLASS", &drug_class_, "only this drug class").choices = [] {
            return std::vector<std::string>{"mAb", "ADC", "TKI", "mixed", "none"};
        };
        options.add("--endpoint", "NAME", &endpoint_, "only trials with results for this endpoint").choices = [] {
            return std::vector<std::string>{"OS", "PFS", "CNS-PFS", "ORR", "ORR-IC"};
        };
        auto& design = options.add("--design", "DESIGN", &design_, "only this design");
        design.choices = [] {
            return std::vector<std::string>{"randomised",      "single-arm",    "pooled",
                                            "pooled-patients", "retrospective", "observational"};
        };
        design.spellings = {{"randomized", "randomised"}};
        options.add("--names", "", &names_, "print only the names, one per line");
    }

    Answer run(Context& context) override {
        std::vector<TrialSummary> trials = summaries(context);
        const Filter filters[] = {
            {"--class", drug_class_,
             [](const TrialSummary& trial) { return std::vector<std::string>{trial.drug_class}; }},
            {"--endpoint", endpoint_, [](const TrialSummary& trial) { return support::split(trial.endpoints, ' '); }},
            {"--design", design_, [](const TrialSummary& trial) { return std::vector<std::string>{trial.design}; }},
        };
        for (const Filter& filter : filters) keep(filter, trials);
        if (names_) {
            if (context.given_global.contains("--format"))
                throw support::UsageError("--names prints only the names; leave out --format");
            std::string names;
            for (const TrialSummary& trial : trials) names += trial.id + "\n";
            return {names};
        }
        return {report::trials_table(trials)};
    }

  private:
    [[nodiscard]] std::vector<TrialSummary> summaries(Context& context) const {
        if (trials_.empty() && context.selection_alone && context.library.is_builtin_alone())
            if (auto all = report::builtin_summaries()) return *std::move(all);
        std::vector<TrialSummary> of_selection;
        for (const catalogue::Trial* trial : select_trials(trials_, context))
            of_selection.push_back(report::summary_of(*trial));
        return of_selection;
    }

    // Drops what the filter does not take; if nothing is left, says what there is.
    static void keep(const Filter& filter, std::vector<TrialSummary>& trials) {
        if (filter.wanted.empty() || trials.empty()) return;
        std::set<std::string> there;
        std::vector<TrialSummary> kept;
        for (const TrialSummary& trial : trials) {
            const std::vector<std::string> values = filter.of(trial);
            for (const std::string& value : values) {
                if (!value.empty()) there.insert(value);
            }
            const auto matches = [&](const std::string& value) { return catalogue::glob_match(filter.wanted, value); };
            if (std::ranges::any_of(values, matches)) kept.push_back(trial);
        }
        if (kept.empty()) {
            const std::vector<std::string> all(there.begin(), there.end());
            throw support::NotFoundError("no trial matches " + filter.option + " " + filter.wanted +
                                         (all.empty() ? "" : "; known: " + joined(all)));
        }
        trials = std::move(kept);
    }

    std::vector<std::string> trials_;
    std::string drug_class_, endpoint_, design_;
    bool names_ = false;
};

}  // namespace

std::unique_ptr<Command> make_list() { return std::make_unique<List>(); }

}  // namespace hersurv::cli
