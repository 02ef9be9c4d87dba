// The table of commands and their option tables as a CLI11 application: the only file that includes CLI11.
#include "cli/parser.hpp"

#include <CLI/CLI.hpp>

#include "cli/commands.hpp"
#include "cli/help.hpp"
#include "cli/intent.hpp"
#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

namespace hersurv::cli {
namespace {

using support::UsageError;

// A guard in front keeps an argument whole: CLI11 takes [a,b] for a list and splits it, and forgets after "--" in a
// command that no option follows.
constexpr char guard = '\x1f';

// The arguments as CLI11 wants them: last one first.
std::vector<std::string> guarded(const std::vector<std::string>& arguments) {
    std::vector<std::string> result;
    bool options_ended = false;
    for (const std::string& argument : arguments) {
        if (argument == "--" && !options_ended) {
            options_ended = true;
            continue;
        }
        result.push_back(options_ended || argument.starts_with('[') ? guard + argument : argument);
    }
    std::ranges::reverse(result);
    return result;
}

std::string unguarded(const std::string& value) { return value.starts_with(guard) ? value.substr(1) : value; }

// One option of the application and what the command line gave for it.
struct Bound {
    const OptionTable::Row* row = nullptr;
    CLI::Option* option = nullptr;
};

std::vector<Bound> bind(CLI::App& app, const OptionTable& table) {
    std::vector<Bound> all;
    for (const OptionTable::Row& row : table.rows()) {
        // Every value is taken as text and converted by `assign`: one place for the messages.
        CLI::Option* option = nullptr;
        if (is_flag(row)) {
            option = app.add_flag(row.names);
        } else {
            option = app.add_option(row.names, [](const CLI::results_t&) { return true; });
            option->type_name(row.metavar.empty() ? "value" : row.metavar);
            // An option takes exactly the next argument, also one that starts with a dash.
            option->expected(1);
            option->allow_extra_args(is_positional(row) && takes_many(row));
        }
        option->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
        all.push_back({&row, option});
    }
    return all;
}

bool looks_like_option(const std::string& argument) { return argument.size() > 1 && argument.front() == '-'; }

// "--name" of "--name=value".
std::string without_value(const std::string& argument) { return argument.substr(0, argument.find('=')); }

std::vector<std::string> all_names(const OptionTable& table) {
    std::vector<std::string> names;
    for (const OptionTable::Row& row : table.rows()) {
        if (is_positional(row)) continue;
        for (std::string& name : option_names(row)) names.push_back(std::move(name));
    }
    return names;
}

// The other spelling of an option is accepted, British or American, unless an option of these tables has that name.
std::vector<std::string> respelled(std::vector<std::string> arguments, const std::vector<std::string>& known) {
    constexpr std::pair<std::string_view, std::string_view> spellings[] = {{"--catalog", "--catalogue"},
                                                                           {"--colour", "--color"}};
    for (const auto& [other, option] : spellings) {
        if (std::ranges::find(known, other) != known.end()) continue;
        for (std::string& argument : arguments) {
            if (argument == "--") break;
            if (without_value(argument) == other) argument.replace(0, other.size(), option);
        }
    }
    return arguments;
}

// `--name=` would take the next argument as the value: CLI11 does not tell an empty value from none.
void refuse_empty_values(const std::vector<std::string>& arguments) {
    for (const std::string& argument : arguments) {
        if (argument == "--") return;
        if (argument.starts_with("--") && argument.find('=') == argument.size() - 1) {
            throw UsageError(without_value(argument) + " needs a value");
        }
    }
}

std::vector<std::string> values_of(const Bound& one) {
    std::vector<std::string> values;
    for (const std::string& value : one.option->results()) values.push_back(unguarded(value));
    return values;
}

// An option that took the name of the next option for its value.
void refuse_options_as_values(const std::vector<Bound>& bound, const std::vector<std::string>& known) {
    for (const Bound& one : bound) {
        if (is_positional(*one.row) || is_flag(*one.row)) continue;
        for (const std::string& value : values_of(one)) {
            if (looks_like_option(value) && std::ranges::find(known, value) != known.end()) {
                throw UsageError(option_names(*one.row).front() + " needs a value, but " + value + " follows");
            }
        }
    }
}

void store(const std::vector<Bound>& bound) {
    for (const Bound& one : bound) {
        const std::vector<std::string> values = values_of(one);
        if (values.empty() && one.row->required) throw UsageError(option_names(*one.row).front() + " is missing");
        assign(*one.row, values);
    }
}

std::vector<std::string> command_names() {
    std::vector<std::string> names{"help"};
    for (const CommandRow& row : commands()) {
        if (!is_hidden(row)) names.emplace_back(row.name);
    }
    return names;
}

const CommandRow& command_row(const std::string& name) {
    for (const CommandRow& row : commands()) {
        if (row.name == name) return row;
    }
    const std::string meant = meant_by(name);
    throw UsageError("unknown command \"" + name + "\"" +
                     (meant.empty() ? did_you_mean(name, command_names(), "; hersurv -h lists the commands")
                                    : "; did you mean " + meant + "?"));
}

// What no command or option took; options that are not known first, since what follows them was meant as their value.
[[noreturn]] void refuse_left_over(const std::vector<std::string>& left_over, const CommandRow* row,
                                   std::vector<std::string> known) {
    std::erase_if(known, [](const std::string& name) { return !name.starts_with("--"); });
    for (const std::string& argument : left_over) {
        if (!looks_like_option(argument)) {
            if (row == nullptr) (void)command_row(argument);
            continue;
        }
        const std::string name = without_value(argument);
        const std::vector<std::string> candidates = name.starts_with("--") ? known : std::vector<std::string>{};
        if (row == nullptr) {
            throw UsageError("unknown option " + name +
                             did_you_mean(name, candidates, "; options of a command come after it"));
        }
        const std::string command(row->name);
        throw UsageError(command + " has no option " + name +
                         did_you_mean(name, candidates, "; hersurv " + command + " -h lists the options"));
    }
    throw UsageError("\"" + unguarded(left_over.front()) + "\": too many arguments for " + std::string(row->name));
}

// A command that the arguments name, ready to take them.
struct NamedCommand {
    const CommandRow* row = nullptr;
    std::unique_ptr<Command> command;
    OptionTable options;
    std::vector<Bound> bound;
};

// What the arguments are read with: the global options, the commands that they may mean, and `help`.
class Grammar {
  public:
    Grammar(const std::vector<std::string>& arguments, GlobalOptions& global)
        : global_options_(global_option_table(global)) {
        app_.set_help_flag();
        app_.allow_extras();
        app_.fallthrough();
        app_.require_subcommand(0, 1);  // a second command name is an argument of the first command
        global_bound_ = bind(app_, global_options_);
        help_ = app_.add_flag("--help");
        short_help_ = app_.add_flag("-h");
        version_ = app_.add_flag("--version");
        for (const CommandRow& row : commands()) {
            // Only a command that is named can be meant, and to set up them all is most of the work of starting.
            if (std::ranges::find(arguments, row.name) == arguments.end()) continue;
            CLI::App* const sub = app_.add_subcommand(std::string(row.name));
            NamedCommand& one = named_[sub];
            one.row = &row;
            one.command = row.make();
            one.command->setup(one.options);
            one.bound = bind(*sub, one.options);
            const std::vector<std::string> names = all_names(one.options);
            names_.insert(names_.end(), names.begin(), names.end());
        }
        help_command_ = app_.add_subcommand("help");
        help_command_->add_option("COMMAND", help_topics_);
    }

    void read(const std::vector<std::string>& arguments) {
        try {
            app_.parse(guarded(respelled(arguments, names_)));
        } catch (const CLI::ArgumentMismatch& error) {
            const std::string message = error.what();  // "--output: 1 required FILE missing"
            throw UsageError(message.substr(0, message.find(':')) + " needs a value");
        } catch (const CLI::ParseError& error) {
            throw UsageError(error.what());
        }
        const std::vector<CLI::App*> chosen = app_.get_subcommands();
        chosen_ = chosen.empty() ? nullptr : chosen.front();
        if (chosen_ != nullptr && chosen_ != help_command_) command_ = &named_.at(chosen_);
    }

    // The command that is meant; nullptr if there is none, or it is `help`.
    [[nodiscard]] NamedCommand* command() const { return command_; }

    // The whole answer, where the version or help is asked for.
    [[nodiscard]] std::optional<std::string> version_or_help() const {
        if (version_->count() > 0) return version_text();
        if (chosen_ != nullptr && chosen_ == help_command_) {
            if (help_topics_.size() > 1) throw UsageError("help takes one command");
            return help_topics_.empty() ? program_help() : command_help(command_row(help_topics_.front()));
        }
        if (help_->count() > 0) return command_ == nullptr ? program_help() : command_help(*command_->row);
        if (short_help_->count() > 0) return command_ == nullptr ? short_help() : short_command_help(*command_->row);
        return std::nullopt;
    }

    void refuse_unknown() const {
        std::vector<std::string> known = all_names(global_options_);
        known.insert(known.end(), {"-h", "--help", "--version"});
        std::vector<std::string> left_over = app_.remaining();
        if (command_ != nullptr) {
            const std::vector<std::string> names = all_names(command_->options), more = chosen_->remaining();
            known.insert(known.end(), names.begin(), names.end());
            left_over.insert(left_over.end(), more.begin(), more.end());
        }
        refuse_options_as_values(global_bound_, known);
        if (command_ != nullptr) refuse_options_as_values(command_->bound, known);
        if (!left_over.empty()) refuse_left_over(left_over, command_ == nullptr ? nullptr : command_->row, known);
    }

    // Long names of the global options that are on the command line.
    [[nodiscard]] std::set<std::string> given_global() const {
        std::set<std::string> given;
        for (const Bound& one : global_bound_)
            if (one.option->count() > 0) given.insert(option_names(*one.row).front());
        return given;
    }

    // Gives the options their values.
    void store_values() const {
        store(global_bound_);
        if (command_ != nullptr) store(command_->bound);
    }

  private:
    CLI::App app_;
    OptionTable global_options_;
    std::vector<Bound> global_bound_;
    const CLI::Option *help_ = nullptr, *short_help_ = nullptr, *version_ = nullptr;
    std::map<const CLI::App*, NamedCommand> named_;
    std::vector<std::string> names_;  // of the options of the commands that may be meant
    CLI::App* help_command_ = nullptr;
    std::vector<std::string> help_topics_;
    CLI::App* chosen_ = nullptr;
    NamedCommand* command_ = nullptr;
};

}  // namespace

void parse(int argc, const char* const* argv, CommandLine& line) {
    const std::vector<std::string> arguments{argv + std::min(argc, 1), argv + argc};
    refuse_empty_values(arguments);
    Grammar grammar(arguments, line.global);
    grammar.read(arguments);
    line.text = grammar.version_or_help();
    if (line.text) return;
    grammar.refuse_unknown();
    grammar.store_values();
    line.given_global = grammar.given_global();
    NamedCommand* const named = grammar.command();
    if (named == nullptr) {
        line.empty = true;
        return;
    }
    for (const Bound& one : named->bound)
        if (one.option->count() > 0) line.given.insert(option_names(*one.row).front());
    line.row = named->row;
    line.command = std::move(named->command);
    line.options = std::move(named->options);
}

}  // namespace hersurv::cli
