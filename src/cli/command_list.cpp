// `list`: the trials, one a line.
#include "hersurv/cli/selection.hpp"

#include "commands_private.hpp"
#include "options.hpp"
#include <algorithm>
#include <set>

namespace hersurv::cli {
namespace {

using catalogue::Trial;
using report::Audience;
using report::Cell;
using report::Number;

// Endpoints with an analysis, then those of response rates, in the order of the record.
std::vector<std::string> endpoints_of(const Trial& trial) {
    std::vector<std::string> endpoints;
    const auto add = [&](const std::string& endpoint) {
        if (std::ranges::find(endpoints, endpoint) == endpoints.end()) endpoints.push_back(endpoint);
    };
    for (const catalogue::Analysis& analysis : trial.analyses) add(analysis.endpoint);
    for (const catalogue::Response& response : trial.responses) add(response.endpoint);
    return endpoints;
}

// The patients of all arms; not reported where one arm's are not.
struct Patients {
    Cell cell = Number::missing(report::Status::not_reported);
    report::Status status = report::Status::not_reported;
};

Patients patients_of(const Trial& trial) {
    long sum = 0;
    for (const catalogue::Arm& arm : trial.arms) {
        if (!arm.n_patients) return {};
        sum += *arm.n_patients;
    }
    if (trial.arms.empty()) return {};
    return {sum, trial.arms.size() == 1 ? report::Status::reported : report::Status::derived};
}

struct Filter {
    std::string option, wanted;
    std::vector<std::string> (*of)(const Trial&);
};

class List : public Command {
  public:
    void setup(OptionTable& options) override {
        options.add("TRIAL", "", &trials_,
                    "id or alias in any case, or a glob such as 'DESTINY*'; - reads names from stdin; none means all");
        options.add("--class", "CLASS", &drug_class_, "only this class of drug").choices = [] {
            return std::vector<std::string>{"mAb", "ADC", "TKI", "none"};
        };
        options.add("--endpoint", "NAME", &endpoint_, "only trials with numbers of this endpoint").choices = [] {
            return std::vector<std::string>{"OS", "PFS", "CNS-PFS", "ORR", "ORR-IC"};
        };
        options.add("--design", "DESIGN", &design_, "only this design").choices = [] {
            return std::vector<std::string>{"randomised", "single-arm", "pooled", "retrospective", "observational"};
        };
    }

    Answer run(Context& context) override {
        std::vector<const Trial*> trials = select_trials(trials_, context);
        const Filter filters[] = {
            {"--class", drug_class_, [](const Trial& trial) { return std::vector<std::string>{trial.drug_class}; }},
            {"--endpoint", endpoint_, endpoints_of},
            {"--design", design_, [](const Trial& trial) { return std::vector<std::string>{trial.design}; }},
        };
        for (const Filter& filter : filters) keep(filter, trials);

        report::Report report;
        report.table.name = "trials";
        report.table.columns = {
            {"trial", "Trial"},
            {"aliases", "Aliases", Audience::machine},
            {"drug_class", "Class"},
            {"agent", "Agent", Audience::machine},
            {"design", "Design"},
            {"line", "Line", Audience::machine},
            {"year", "Year", Audience::both, true},
            {"n_patients", "Patients", Audience::both, true},
            {"n_patients_status", "", Audience::machine},
            {"endpoints", "Endpoints"},
            {"analyses", "Analyses", Audience::machine, true},
            {"population", "Population", Audience::machine},
        };
        for (const Trial* trial : trials) {
            const Patients patients = patients_of(*trial);
            Cell year;
            if (trial->year) year = static_cast<long>(*trial->year);
            report.table.rows.push_back({trial->id, joined(trial->aliases, " "), trial->drug_class, trial->agent,
                                         trial->design, trial->line, year, patients.cell,
                                         std::string(report::word(patients.status)), joined(endpoints_of(*trial), " "),
                                         static_cast<long>(trial->analyses.size()), trial->population});
        }
        return {std::move(report), support::ExitCode::ok};
    }

  private:
    // Drops what the filter does not take; where nothing is left, says what there is.
    static void keep(const Filter& filter, std::vector<const Trial*>& trials) {
        if (filter.wanted.empty() || trials.empty()) return;
        std::set<std::string> there;
        std::vector<const Trial*> kept;
        for (const Trial* trial : trials) {
            const std::vector<std::string> values = filter.of(*trial);
            for (const std::string& value : values) {
                if (!value.empty()) there.insert(value);
            }
            const auto matches = [&](const std::string& value) { return catalogue::glob_match(filter.wanted, value); };
            if (std::ranges::any_of(values, matches)) kept.push_back(trial);
        }
        if (kept.empty()) {
            const std::vector<std::string> all(there.begin(), there.end());
            throw support::NotFoundError("no trial matches " + filter.option + " " + filter.wanted +
                                         (all.empty() ? "" : "; there is " + joined(all)));
        }
        trials = std::move(kept);
    }

    std::vector<std::string> trials_;
    std::string drug_class_, endpoint_, design_;
};

}  // namespace

std::unique_ptr<Command> make_list() { return std::make_unique<List>(); }

}  // namespace hersurv::cli
