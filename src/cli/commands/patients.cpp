// `patients`: pseudo-patients; THE table of its actions.
#include "cli/command.hpp"
#include "cli/commands/patients_actions.hpp"
#include "cli/options.hpp"
#include "render/formats.hpp"
#include <algorithm>
#include <set>

namespace hersurv::cli {

std::unique_ptr<PatientsAction> make_reconstruct();
std::unique_ptr<PatientsAction> make_simulate();

namespace {

using support::UsageError;

struct ActionRow {
    std::string_view name, summary;
    std::unique_ptr<PatientsAction> (*make)();
};

const ActionRow all_actions[] = {
    {"simulate", "from the curves fitted to a trial, so that its published numbers come back", make_simulate},
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
        auto& action = options.add("ACTION", "", &action_, "what is done: " + summaries);
        action.choices = action_names;
        action.required = true;
        selection_.setup(options, ArmOption::id_or_numbers);
        for (const ActionRow& row : all_actions) {
            OptionTable own;
            actions_.push_back(row.make());
            actions_.back()->setup(own);
            own_options_.emplace_back();
            for (const OptionTable::Row& option : own.rows()) {
                own_options_.back().insert(option_names(option).front());
                options.add(option.names, option.metavar, option.target, option.help) = option;
            }
        }
    }

    Answer run(Context& context) override {
        const auto* const row = std::ranges::find(all_actions, action_, &ActionRow::name);
        if (row == std::end(all_actions))
            throw UsageError("patients has no \"" + action_ + "\"" +
                             did_you_mean(action_, action_names(), "; it has " + joined(action_names())));
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
    std::vector<std::unique_ptr<PatientsAction>> actions_;
    std::vector<std::set<std::string>> own_options_;  // of each action
};

}  // namespace

void say(const render::Report& report, Context& context) {
    constexpr int prefix = 9;  // "hersurv: "
    render::RenderOptions options;
    options.width -= prefix;
    context.say(render::find_format("text")->render(report, options));
}

std::unique_ptr<Command> make_patients() { return std::make_unique<PatientsCommand>(); }

}  // namespace hersurv::cli
