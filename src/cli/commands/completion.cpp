// `completion` and `__complete`: scripts for bash, zsh and fish, made from the tables of commands and options.
#include "cli/command.hpp"
#include "cli/commands.hpp"
#include "cli/help.hpp"
#include "cli/options.hpp"
#include "report/figures.hpp"
#include <algorithm>
#include <set>

namespace hersurv::cli {
namespace {

// What is allowed as a value.
enum class Values { free, files, trials, figures, classes, words, list };  // list: words with commas between

struct Completed {
    std::vector<std::string> names;  // "--output", "-o"; of a positional its name
    std::string help;
    bool flag = false;
    Values values = Values::free;
    std::vector<std::string> words;
    bool many = false;  // of a positional: takes all words that follow
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
    one.values = kind == "TRIAL"       ? Values::trials
                 : row.names == "KIND" ? Values::figures
                 : kind == "CLASS"     ? Values::classes
                 : is_path(kind)       ? Values::files
                 : one.words.empty()   ? Values::free
                 : kind == "NAMES"     ? Values::list
                                       : Values::words;
    one.many = takes_many(row);
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
    options.push_back({{"--help", "-h"}, "print help", true, Values::free, {}, false});
    options.push_back({{"--version"}, "print the version", true, Values::free, {}, false});
    return options;
}

// The commands with their own options and the global ones; --format offers what the command accepts.
std::vector<CompletedCommand> completed_commands() {
    std::vector<CompletedCommand> all;
    CompletedCommand help{"help", "help on a command", {}, {}};
    Completed topic{{"COMMAND"}, "", false, Values::words, {}, false};
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
                if (row.formats().empty()) continue;
                option.words.assign(row.formats().begin(), row.formats().end());
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

// Options whose next word is a value.
std::string value_options(const std::vector<Completed>& options) {
    std::vector<std::string> names;
    for (const Completed& option : options) {
        if (!option.flag) names.insert(names.end(), option.names.begin(), option.names.end());
    }
    return joined(names, " ");
}

std::string bash_values(const Completed& one) {
    switch (one.values) {
        case Values::files:
            return "compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- \"$cur\")";
        case Values::trials:
            return "_hersurv_catalogue trials";
        case Values::figures:
            return "_hersurv_catalogue figures";
        case Values::classes:
            return "_hersurv_catalogue classes";
        case Values::list:
            return "_hersurv_list '" + joined(one.words, " ") + "'";
        case Values::words:
            return "mapfile -t COMPREPLY < <(compgen -W '" + joined(one.words, " ") + "' -- \"$cur\")";
        case Values::free:
            break;
    }
    return "COMPREPLY=()";
}

// What the script begins with: how it asks for names of the catalogue, and which arguments are before the cursor.
constexpr std::string_view bash_opening =
    "# bash completion for hersurv; source it, or put it into the folder of completions.\n"
    "# Names from the catalogue that the command line names: trials or classes.\n"
    "_hersurv_catalogue() {\n"
    "    local name i catalogue=()\n"
    "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
    "        case ${COMP_WORDS[i]} in\n"
    "            --no-builtin) catalogue+=(--no-builtin) ;;\n"
    "            --catalogue)\n"
    "                [[ ${COMP_WORDS[i+1]} == = ]] && ((i++))\n"
    "                ((i + 1 < COMP_CWORD)) || continue\n"
    "                name=${COMP_WORDS[i+1]/#'~/'/$HOME/}\n"
    "                catalogue+=(--catalogue \"${name//[\\\\\\\"\\']/}\") ;;\n"
    "        esac\n"
    "    done\n"
    "    COMPREPLY=()\n"
    "    while IFS= read -r name; do\n"
    "        [[ ${name,,} == \"${cur,,}\"* ]] && COMPREPLY+=(\"$(printf '%q' \"$name\")\")\n"
    "    done < <(hersurv \"${catalogue[@]}\" __complete \"$1\" 2>/dev/null)\n"
    "}\n"
    "# The last of words with commas between.\n"
    "_hersurv_list() {\n"
    "    local head=''\n"
    "    [[ $cur == *,* ]] && head=${cur%,*},\n"
    "    mapfile -t COMPREPLY < <(compgen -P \"$head\" -W \"$1\" -- \"${cur##*,}\")\n"
    "}\n"
    "# Arguments between word $1 and the cursor go to `arguments`, where the last of them stands to `last`; the "
    "options\n"
    "# of $2 take a value.\n"
    "_hersurv_arguments() {\n"
    "    local i\n"
    "    arguments=() last=0\n"
    "    for ((i = $1 + 1; i < COMP_CWORD; i++)); do\n"
    "        if [[ \" $2 \" == *\" ${COMP_WORDS[i]} \"* ]]; then\n"
    "            ((i++))\n"
    "            [[ ${COMP_WORDS[i]} == = ]] && ((i++))\n"
    "        elif [[ ${COMP_WORDS[i]} != -?* ]]; then\n"
    "            arguments+=(\"${COMP_WORDS[i]}\")\n"
    "            last=$i\n"
    "            [[ -n $3 ]] && return\n"
    "        fi\n"
    "    done\n"
    "}\n"
    "_hersurv() {\n"
    "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} command='' arguments last\n"
    "    # --option=value is split into three words.\n"
    "    if [[ $cur == = ]]; then cur=''; elif [[ $prev == = ]]; then prev=${COMP_WORDS[COMP_CWORD-2]}; fi\n"
    "    COMPREPLY=()\n";

// What is completed after a command (or, for the pattern '', before one).
std::string bash_branch(const std::string& pattern, const std::vector<Completed>& options,
                        const std::string& otherwise) {
    std::string text = "        " + pattern + ")\n            case $prev in\n";
    for (const Completed& option : options) {
        if (!option.flag)
            text += "                " + joined(option.names, "|") + ") " + bash_values(option) + "; return ;;\n";
    }
    return text +
           "            esac\n"
           "            if [[ $cur == -* ]]; then\n"
           "                mapfile -t COMPREPLY < <(compgen -W '" +
           joined(names_of(options), " ") +
           "' -- \"$cur\")\n"
           "            else\n" +
           otherwise + "            fi ;;\n";
}

std::string bash_positionals(const CompletedCommand& command) {
    if (command.positionals.empty()) return "                COMPREPLY=()\n";
    std::string text = "                _hersurv_arguments \"$last\" '" + value_options(command.options) +
                       "'\n                case ${#arguments[@]} in\n";
    for (std::size_t i = 0; i < command.positionals.size(); ++i) {
        const Completed& positional = command.positionals[i];
        text += "                    " + (positional.many ? "*" : std::to_string(i)) + ") " + bash_values(positional) +
                " ;;\n";
    }
    return text + "                esac\n";
}

std::string bash_script() {
    const std::vector<CompletedCommand> all = completed_commands();
    const std::vector<Completed> global = global_completions();
    std::vector<std::string> names;
    for (const CompletedCommand& command : all) names.push_back(command.name);
    std::string text = std::string(bash_opening) + "    _hersurv_arguments 0 '" + value_options(global) +
                       "' first\n"
                       "    command=${arguments[0]}\n"
                       "    case $command in\n";
    text +=
        bash_branch("''", global,
                    "                mapfile -t COMPREPLY < <(compgen -W '" + joined(names, " ") + "' -- \"$cur\")\n");
    for (const CompletedCommand& command : all)
        text += bash_branch(command.name, command.options, bash_positionals(command));
    return text + "    esac\n}\ncomplete -F _hersurv hersurv\n";
}

std::string zsh_values(const Completed& one) {
    switch (one.values) {
        case Values::files:
            return "_files";
        case Values::trials:
            return "_hersurv_catalogue trials";
        case Values::figures:
            return "_hersurv_catalogue figures";
        case Values::classes:
            return "_hersurv_catalogue classes";
        case Values::list:
            return "_sequence compadd - " + joined(one.words, " ");
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
        "# Names from the catalogue that the command line names: trials or classes.\n"
        "_hersurv_catalogue() {\n"
        "    local -a names catalogue\n"
        "    local i\n"
        "    for ((i = 2; i <= $#all_words; i++)); do\n"
        "        case $all_words[i] in\n"
        "            --no-builtin|--catalogue=*) catalogue+=(${(Q)all_words[i]}) ;;\n"
        "            --catalogue) ((i < $#all_words)) && catalogue+=(--catalogue ${(Q)all_words[i+1]/#\\~\\//$HOME/}) "
        ";;\n"
        "        esac\n"
        "    done\n"
        "    names=(${(f)\"$(hersurv $catalogue __complete $argv[-1] 2>/dev/null)\"})\n"
        "    compadd -M 'm:{a-zA-Z}={A-Za-z}' -a names\n"
        "}\n"
        "_hersurv() {\n"
        "    local -a all_words=(\"${words[@]}\")\n"
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
        std::string arguments;
        for (std::size_t i = 0; i < command.positionals.size(); ++i) {
            const Completed& positional = command.positionals[i];
            if (!arguments.empty()) arguments += " \\\n";
            arguments += "                        '" + (positional.many ? "*" : std::to_string(i + 1)) + ":" +
                         positional.names.front() + ":" + zsh_values(positional) + "'";
        }
        text += (arguments.empty() ? "                        '*:argument: '" : arguments) + " ;;\n";
    }
    return text + "            esac ;;\n    esac\n}\n_hersurv \"$@\"\n";
}

std::string fish_values(const Completed& one) {
    switch (one.values) {
        case Values::files:
            return " -r -F";
        case Values::trials:
            return " -x -a '(__hersurv_catalogue trials)'";
        case Values::figures:
            return " -x -a '(__hersurv_catalogue figures)'";
        case Values::classes:
            return " -x -a '(__hersurv_catalogue classes)'";
        case Values::list:
            return " -x -a '(__hersurv_list " + joined(one.words, " ") + ")'";
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
        "# Names from the catalogue that the command line names: trials or classes.\n"
        "function __hersurv_catalogue\n"
        "    set -l words (commandline -opc)\n"
        "    set -l catalogue\n"
        "    for i in (seq (count $words))\n"
        "        switch $words[$i]\n"
        "            case --no-builtin '--catalogue=*'\n"
        "                set catalogue $catalogue $words[$i]\n"
        "            case --catalogue\n"
        "                test $i -lt (count $words); and set catalogue $catalogue --catalogue $words[(math $i + 1)]\n"
        "        end\n"
        "    end\n"
        "    hersurv $catalogue __complete $argv[1] 2>/dev/null\n"
        "end\n"
        "# The last of words with commas between.\n"
        "function __hersurv_list\n"
        "    set -l head (commandline -ct | string replace -rf '^(.*,)[^,]*$' '$1')\n"
        "    for word in $argv\n"
        "        echo \"$head$word\"\n"
        "    end\n"
        "end\n"
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
        what.choices = [] { return std::vector<std::string>{"trials", "figures", "classes"}; };
    }
    Answer run(Context& context) override {
        std::string text;
        // A figure is named by its kind or by its first trial.
        if (what_ == "figures")
            for (const report::FigureKind& kind : report::figure_kinds()) text += std::string(kind.name) + "\n";
        for (const std::string& name : what_ == "classes" ? classes(context.library) : context.library.names()) {
            text += name + "\n";
        }
        return {std::move(text), support::ExitCode::ok};
    }

  private:
    // Names of trials come from the index, without a document parsed; classes are in the documents alone.
    static std::vector<std::string> classes(catalogue::Library& library) {
        std::set<std::string> names;
        for (const catalogue::Trial* const trial : library.select({})) {
            if (!trial->drug_class.empty()) names.insert(trial->drug_class);
        }
        return {names.begin(), names.end()};
    }

    std::string what_;
};

}  // namespace

std::unique_ptr<Command> make_completion() { return std::make_unique<Completion>(); }
std::unique_ptr<Command> make_complete() { return std::make_unique<Complete>(); }

}  // namespace hersurv::cli
