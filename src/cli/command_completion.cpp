// `completion` and `__complete`: scripts for bash, zsh and fish, made from the tables of commands and options.
#include "commands_private.hpp"
#include "help.hpp"
#include "options.hpp"
#include <algorithm>

namespace hersurv::cli {
namespace {

// What may stand as a value.
enum class Values { free, files, trials, words };

struct Completed {
    std::vector<std::string> names;  // "--output", "-o"; of a positional its name
    std::string help;
    bool flag = false;
    Values values = Values::free;
    std::vector<std::string> words;
};

struct CompletedCommand {
    std::string name, summary;
    std::vector<Completed> options;
    std::vector<Completed> positionals;
};

bool is_path(std::string_view word) { return word == "FILE" || word == "PATH" || word == "FOLDER"; }

// The first words of a help text, without what a shell would read.
std::string plain(std::string_view help) {
    std::string text;
    for (const char letter : help.substr(0, help.find(';'))) {
        if (std::string_view("'\"`$\\[]:()").find(letter) == std::string_view::npos) text += letter;
    }
    return text;
}

Completed completed(const OptionTable::Row& row) {
    Completed one;
    one.names = option_names(row);
    one.help = plain(row.help);
    one.flag = is_flag(row);
    if (row.choices) one.words = row.choices();
    const std::string& kind = is_positional(row) ? row.names : row.metavar;
    one.values = kind == "TRIAL"     ? Values::trials
                 : is_path(kind)     ? Values::files
                 : one.words.empty() ? Values::free
                                     : Values::words;
    return one;
}

void append(std::vector<Completed>& list, const OptionTable& table, bool positional) {
    for (const OptionTable::Row& row : table.rows()) {
        if (is_positional(row) == positional) list.push_back(completed(row));
    }
}

std::vector<Completed> global_completions() {
    GlobalOptions global;
    const OptionTable table = global_option_table(global);
    std::vector<Completed> options;
    append(options, table, false);
    options.push_back({{"--help", "-h"}, "print help", true, Values::free, {}});
    options.push_back({{"--version"}, "print the version", true, Values::free, {}});
    return options;
}

// The commands with their own options and the global ones; --format offers what the command accepts.
std::vector<CompletedCommand> completed_commands() {
    std::vector<CompletedCommand> all;
    CompletedCommand help{"help", "help on a command", {}, {}};
    Completed topic{{"COMMAND"}, "", false, Values::words, {}};
    for (const CommandRow& row : commands()) {
        if (is_hidden(row)) continue;
        const auto command = row.make();
        OptionTable table;
        command->setup(table);
        CompletedCommand one{std::string(row.name), plain(row.summary), {}, {}};
        append(one.options, table, false);
        append(one.positionals, table, true);
        for (Completed option : global_completions()) {
            if (option.names.front() == "--format") {
                if (row.formats.empty()) continue;
                option.words.assign(row.formats.begin(), row.formats.end());
            }
            one.options.push_back(std::move(option));
        }
        topic.words.push_back(one.name);
        all.push_back(std::move(one));
    }
    help.positionals.push_back(std::move(topic));
    all.push_back(std::move(help));
    return all;
}

std::vector<std::string> names_of(const std::vector<Completed>& options) {
    std::vector<std::string> names;
    for (const Completed& option : options) names.insert(names.end(), option.names.begin(), option.names.end());
    return names;
}

// Options whose next word is a value, as the alternatives of a shell's case.
std::string value_options(const std::vector<Completed>& options) {
    std::vector<std::string> names;
    for (const Completed& option : options) {
        if (!option.flag) names.insert(names.end(), option.names.begin(), option.names.end());
    }
    return joined(names, "|");
}

std::string bash_values(const Completed& one) {
    switch (one.values) {
        case Values::files:
            return "compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- \"$cur\")";
        case Values::trials:
            return "_hersurv_trials";
        case Values::words:
            return "mapfile -t COMPREPLY < <(compgen -W '" + joined(one.words, " ") + "' -- \"$cur\")";
        case Values::free:
            break;
    }
    return "COMPREPLY=()";
}

std::string bash_script() {
    const std::vector<CompletedCommand> all = completed_commands();
    const std::vector<Completed> global = global_completions();
    std::vector<std::string> names;
    for (const CompletedCommand& command : all) names.push_back(command.name);

    std::string text =
        "# bash completion for hersurv; source it, or put it into the folder of completions.\n"
        "_hersurv_trials() {\n"
        "    local name\n"
        "    COMPREPLY=()\n"
        "    while IFS= read -r name; do\n"
        "        [[ ${name,,} == \"${cur,,}\"* ]] && COMPREPLY+=(\"$(printf '%q' \"$name\")\")\n"
        "    done < <(hersurv __complete trials 2>/dev/null)\n"
        "}\n"
        "_hersurv() {\n"
        "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} command='' i\n"
        "    COMPREPLY=()\n"
        "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
        "        case ${COMP_WORDS[i]} in\n"
        "            " +
        value_options(global) +
        ") ((i++)) ;;\n"
        "            -*) ;;\n"
        "            *) command=${COMP_WORDS[i]}; break ;;\n"
        "        esac\n"
        "    done\n"
        "    case $command in\n";
    const auto branch = [&](const std::string& pattern, const std::vector<Completed>& options,
                            const std::string& otherwise) {
        text += "        " + pattern + ")\n            case $prev in\n";
        for (const Completed& option : options) {
            if (!option.flag)
                text += "                " + joined(option.names, "|") + ") " + bash_values(option) + "; return ;;\n";
        }
        text +=
            "            esac\n"
            "            if [[ $cur == -* ]]; then\n"
            "                mapfile -t COMPREPLY < <(compgen -W '" +
            joined(names_of(options), " ") +
            "' -- \"$cur\")\n"
            "            else\n"
            "                " +
            otherwise +
            "\n"
            "            fi ;;\n";
    };
    branch("''", global, "mapfile -t COMPREPLY < <(compgen -W '" + joined(names, " ") + "' -- \"$cur\")");
    for (const CompletedCommand& command : all) {
        branch(command.name, command.options,
               command.positionals.empty() ? "COMPREPLY=()" : bash_values(command.positionals.front()));
    }
    return text + "    esac\n}\ncomplete -F _hersurv hersurv\n";
}

std::string zsh_values(const Completed& one) {
    switch (one.values) {
        case Values::files:
            return "_files";
        case Values::trials:
            return "_hersurv_trials";
        case Values::words:
            return "(" + joined(one.words, " ") + ")";
        case Values::free:
            break;
    }
    return " ";
}

// The specifications of _arguments.
std::string zsh_options(const std::vector<Completed>& options, const std::string& indent) {
    std::string text;
    for (const Completed& option : options) {
        for (const std::string& name : option.names) {
            text += indent + "'*" + name + "[" + option.help + "]" +
                    (option.flag ? "" : ":value:" + zsh_values(option)) + "' \\\n";
        }
    }
    return text;
}

std::string zsh_script() {
    const std::vector<CompletedCommand> all = completed_commands();
    std::string text =
        "#compdef hersurv\n"
        "# zsh completion for hersurv; put it as _hersurv into a folder of $fpath.\n"
        "_hersurv_trials() {\n"
        "    local -a names\n"
        "    names=(${(f)\"$(hersurv __complete trials 2>/dev/null)\"})\n"
        "    compadd -M 'm:{a-zA-Z}={A-Za-z}' -a names\n"
        "}\n"
        "_hersurv() {\n"
        "    local context state state_descr line\n"
        "    typeset -A opt_args\n"
        "    _arguments -C \\\n" +
        zsh_options(global_completions(), "        ") +
        "        '1:command:->command' \\\n"
        "        '*::argument:->argument'\n"
        "    case $state in\n"
        "        command)\n"
        "            local -a commands\n"
        "            commands=(\n";
    for (const CompletedCommand& command : all)
        text += "                '" + command.name + ":" + command.summary + "'\n";
    text +=
        "            )\n            _describe command commands ;;\n        argument)\n            case $line[1] in\n";
    for (const CompletedCommand& command : all) {
        text += "                " + command.name + ")\n                    _arguments \\\n" +
                zsh_options(command.options, "                        ");
        const Completed* const positional = command.positionals.empty() ? nullptr : &command.positionals.front();
        text += "                        '*:" +
                (positional == nullptr ? "argument: " : positional->names.front() + ":" + zsh_values(*positional)) +
                "' ;;\n";
    }
    return text + "            esac ;;\n    esac\n}\n_hersurv \"$@\"\n";
}

std::string fish_values(const Completed& one) {
    switch (one.values) {
        case Values::files:
            return " -r -F";
        case Values::trials:
            return " -x -a '(hersurv __complete trials 2>/dev/null)'";
        case Values::words:
            return " -x -a '" + joined(one.words, " ") + "'";
        case Values::free:
            break;
    }
    return " -x";
}

std::string fish_option(const Completed& option, const std::string& condition) {
    std::string text = "complete -c hersurv -n '" + condition + "'";
    for (const std::string& name : option.names) {
        text += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
    }
    return text + " -d '" + option.help + "'" + (option.flag ? "" : fish_values(option)) + "\n";
}

std::string fish_script() {
    std::string text =
        "# fish completion for hersurv; put it into ~/.config/fish/completions/hersurv.fish\n"
        "complete -c hersurv -f\n";
    for (const Completed& option : global_completions()) text += fish_option(option, "__fish_use_subcommand");
    for (const CompletedCommand& command : completed_commands()) {
        const std::string condition = "__fish_seen_subcommand_from " + command.name;
        text += "complete -c hersurv -n '__fish_use_subcommand' -a " + command.name + " -d '" + command.summary + "'\n";
        for (const Completed& option : command.options) text += fish_option(option, condition);
        for (const Completed& positional : command.positionals) {
            if (positional.values == Values::free) continue;
            const std::string values = positional.values == Values::files ? " -F" : fish_values(positional).substr(3);
            text += "complete -c hersurv -n '" + condition + "'" + values + "\n";
        }
    }
    return text;
}

struct Shell {
    std::string_view name;
    std::string (*script)();
};
constexpr Shell shells[] = {{"bash", bash_script}, {"zsh", zsh_script}, {"fish", fish_script}};

class Completion : public Command {
  public:
    void setup(OptionTable& options) override {
        auto& shell = options.add("SHELL", "", &shell_, "the shell");
        shell.required = true;
        shell.closed = true;
        shell.choices = [] {
            std::vector<std::string> names;
            for (const Shell& one : shells) names.emplace_back(one.name);
            return names;
        };
    }
    Answer run(Context& /*context*/) override {
        const auto* const shell = std::ranges::find(shells, shell_, &Shell::name);
        return {shell->script(), support::ExitCode::ok};
    }

  private:
    std::string shell_;
};

class Complete : public Command {
  public:
    void setup(OptionTable& options) override {
        auto& what = options.add("WHAT", "", &what_, "what to complete");
        what.required = true;
        what.closed = true;
        what.choices = [] { return std::vector<std::string>{"trials"}; };
    }
    // Names come from the index: no document is parsed.
    Answer run(Context& context) override {
        std::string text;
        for (const std::string& name : context.library.names()) text += name + "\n";
        return {std::move(text), support::ExitCode::ok};
    }

  private:
    std::string what_;
};

}  // namespace

std::unique_ptr<Command> make_completion() { return std::make_unique<Completion>(); }
std::unique_ptr<Command> make_complete() { return std::make_unique<Complete>(); }

}  // namespace hersurv::cli
