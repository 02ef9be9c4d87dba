// `patients`: pseudo-patients; THE table of its actions.
#include "hersurv/patients.hpp"

#include "cli/command.hpp"
#include "cli/commands/patients_actions.hpp"
#include "cli/options.hpp"
#include "render/formats.hpp"
#include <algorithm>
#include <charconv>
#include <set>

namespace hersurv::cli {

std::unique_ptr<PatientsAction> make_reconstruct(const PatientsCounts& counts);
std::unique_ptr<PatientsAction> make_simulate(const PatientsCounts& counts);

namespace {

using support::UsageError;

struct ActionRow {
    std::string_view name, summary;
    std::unique_ptr<PatientsAction> (*make)(const PatientsCounts& counts);
};

const ActionRow all_actions[] = {
    {"simulate", "from the fitted curves of a trial, so that its published results are reproduced", make_simulate},
    {"reconstruct", "from a digitised curve and its numbers at risk", make_reconstruct},
};

std::vector<std::string> action_names() {
    std::vector<std::string> names;
    for (const ActionRow& row : all_actions) names.emplace_back(row.name);
    return names;
}

class PatientsCommand : public Command {
  public:
    void setup(OptionTable& options) override {
        std::string summaries;
        for (const ActionRow& row : all_actions)
            summaries += (summaries.empty() ? "" : "; ") + std::string(row.name) + ": " + std::string(row.summary);
        auto& action = options.add("ACTION", "", &action_, "simulate or reconstruct. " + summaries);
        action.choices = action_names;
        action.required = true;
        selection_.setup(options, ArmOption::id_or_numbers);
        for (const ActionRow& row : all_actions) {
            OptionTable own;
            actions_.push_back(row.make(counts_));
            actions_.back()->setup(own);
            own_options_.emplace_back();
            for (const OptionTable::Row& option : own.rows()) {
                own_options_.back().insert(option_names(option).front());
                options.add(option.names, option.metavar, option.target, "") = option;
            }
        }
        options.add("--n", "N|ARM=N,...", &counts_.n_patients,
                    "patients in each arm. simulate: instead of the published number, events in proportion; "
                    "reconstruct: if no number at risk is given at time 0");
        options.add("--events", "N|ARM=N,...", &counts_.n_events, "events in each arm");
    }

    Answer run(Context& context) override {
        const auto* const row = std::ranges::find(all_actions, action_, &ActionRow::name);
        if (row == std::end(all_actions))
            throw UsageError("unknown action \"" + action_ + "\"" +
                             did_you_mean(action_, action_names(), "; known: " + joined(action_names())));
        const auto chosen = static_cast<std::size_t>(row - std::begin(all_actions));
        for (std::size_t i = 0; i < actions_.size(); ++i)
            for (const std::string& option : context.given)
                if (i != chosen && own_options_[i].contains(option) && !own_options_[chosen].contains(option))
                    throw UsageError("patients " + action_ + " takes no " + option +
                                     "; that is an option of patients " + std::string(all_actions[i].name));
        selection_.settle(context);
        return actions_[chosen]->run(selection_, context);
    }

  private:
    std::string action_;
    Selection selection_;
    PatientsCounts counts_;
    std::vector<std::unique_ptr<PatientsAction>> actions_;
    std::vector<std::set<std::string>> own_options_;  // of each action
};

}  // namespace

std::vector<std::optional<std::size_t>> counts_of_arms(const std::string& option, const std::string& text,
                                                       const std::vector<std::string>& names,
                                                       const std::string& whose) {
    std::vector<std::optional<std::size_t>> counts(names.size());
    if (text.empty()) return counts;
    const auto fault = [&](const std::string& problem) { return UsageError(option + " \"" + text + "\": " + problem); };
    std::size_t position = 0;
    for (std::size_t start = 0; start <= text.size();) {
        const std::size_t end = std::min(text.find(',', start), text.size());
        const std::string item = text.substr(start, end - start);
        start = end + 1;
        const std::size_t equals = item.rfind('=');
        const std::string digits = equals == std::string::npos ? item : item.substr(equals + 1);
        std::size_t count = 0;
        const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), count);
        if (error != std::errc() || stop != digits.data() + digits.size())
            throw fault("'" + digits + "' is not a valid number of patients; give " + option + " 402, or " + option +
                        " A=402,B=406 for several arms");
        std::size_t arm = position;
        if (equals != std::string::npos) {
            const std::string name = item.substr(0, equals);
            const auto found =
                std::ranges::find_if(names, [&](const std::string& one) { return equal_any_case(one, name); });
            if (found == names.end()) throw fault(whose + " has no arm '" + name + "'");
            arm = static_cast<std::size_t>(found - names.begin());
        } else {
            if (position == names.size())
                throw fault("more numbers than " + whose + " has arms (" + std::to_string(names.size()) + ")");
            ++position;
        }
        if (count > patients::most_patients)
            throw fault(digits + " is more than the " + std::to_string(patients::most_patients) +
                        " patients that an arm may have");
        counts[arm] = count;
    }
    return counts;
}

void say(const render::Report& report, Context& context) {
    constexpr int prefix = 9;  // "hersurv: "
    render::RenderOptions options;
    options.width -= prefix;
    context.say(render::find_format("text")->render(report, options));
}

std::unique_ptr<Command> make_patients() { return std::make_unique<PatientsCommand>(); }

}  // namespace hersurv::cli
