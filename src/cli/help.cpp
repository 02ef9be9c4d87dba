// Help for the terminal.
#include "cli/help.hpp"

#include "cli/commands.hpp"
#include "cli/help_parts.hpp"
#include "cli/options.hpp"
#include "support/version.hpp"
#include <algorithm>

namespace hersurv::cli {
namespace {

constexpr std::size_t help_width = 80;
constexpr std::size_t option_column = 26;  // where the texts of options start
constexpr std::size_t short_column = 24;   // in the short help

// Options for special cases: the short help of a command names them without a text.
constexpr std::string_view special_options[] = {
    "--analysis",      "--hr",      "--p",        "--follow-up", "--name",   "--time-unit",       "--separator",
    "--decimal",       "--shape",   "--target",   "--cuts",      "--age",    "--hazard-floor",    "--sex",
    "--dependence",    "--control", "--censored", "--failure",   "--notes",  "--agreement",       "--calibrate",
    "--deterministic", "--ph",      "--unit",     "--n",         "--events", "--update-baseline", "--joint"};

bool is_special(const OptionTable::Row& row) {
    return std::ranges::find(special_options, option_names(row).front()) != std::end(special_options);
}

// Of a command that reads no catalogue, the global options that change nothing are left out.
bool matters(const OptionTable::Row& row, const CommandRow& command) {
    const std::string name = option_names(row).front();
    if (name == "--format") return !command.formats().empty();
    if (command.reads_library) return true;
    return name == "--output" || name == "--color" || name == "--quiet";
}

// Breaks at blanks; lines after the first start with `indent` blanks. The text starts in column `column`.
std::string wrapped(std::string_view text, std::size_t indent, std::size_t column) {
    std::string result;
    bool first_word = true;
    std::size_t start = 0;
    while (start < text.size()) {
        const std::size_t blank = std::min(text.find(' ', start), text.size());
        const std::string_view word = text.substr(start, blank - start);
        start = blank + 1;
        if (word.empty()) continue;
        if (!first_word && column + 1 + word.size() > help_width) {
            result += "\n" + std::string(indent, ' ');
            column = indent;
        } else if (!first_word) {
            result += ' ';
            ++column;
        }
        result += word;
        column += word.size();
        first_word = false;
    }
    return result;
}

std::string entry(const std::string& head, const std::string& text, std::size_t column = option_column) {
    std::string line = "  " + head;
    if (line.size() + 2 > column) {
        line += "\n" + std::string(column, ' ');
    } else {
        line.resize(column, ' ');
    }
    return line + wrapped(text, column, column) + "\n";
}

// nullptr: of no command in particular.
std::string global_options_text(const CommandRow* command) {
    GlobalOptions global;
    std::string text;
    const OptionTable table = global_option_table(global);
    for (const OptionTable::Row& row : table.rows()) {
        if (command == nullptr || matters(row, *command)) text += entry(head_of(row), text_of(row));
    }
    for (const auto& [head, meaning] : common_options()) text += entry(head, meaning);
    return text;
}

std::string command_list() {
    std::string text;
    for (const CommandRow& row : commands()) {
        if (!is_hidden(row)) text += entry(std::string(row.name), std::string(row.summary), 14);
    }
    return text + entry("help", "print help on a command", 14);
}

// One line: the name of the option, and what it does.
std::string short_entry(const OptionTable::Row& row) {
    std::string head = head_of(row);
    if (head.size() + 4 > short_column) head = option_names(row).front();
    return entry(head, row.help, short_column);
}

}  // namespace

std::string version_text() { return "hersurv " + std::string(support::version()) + "\n"; }

std::string program_help() {
    std::string text = "hersurv " + std::string(support::version()) + " - " + std::string(purpose) + "\n\n";
    text += "Usage: hersurv [global options] COMMAND [TRIAL...] [options]\n\nCommands:\n" + command_list();
    text += "\nGlobal options, before or after the command:\n" + global_options_text(nullptr);
    text += "\nEnvironment:\n";
    for (const EnvironmentRow& row : environment_variables())
        text += entry(std::string(row.name), std::string(row.meaning));
    text += "\nExit codes:\n";
    for (const ExitRow& row : exit_codes()) text += entry(row.number(), std::string(row.meaning), 6);
    return text + "\nhersurv help COMMAND describes a command.\n";
}

std::string short_help() {
    return "Examples:\n"
           "  hersurv list                                    the trials\n"
           "  hersurv plot DESTINY-Breast03 EMILIA            their survival curves\n"
           "  hersurv fit --arm \"n=402 median=57.1[50,72]\"    models of your own results\n"
           "\nUsage: hersurv [global options] COMMAND [TRIAL...] [options]\n\nCommands:\n" +
           command_list() + "\nMore: hersurv COMMAND -h, hersurv --help\n";
}

std::string short_command_help(const CommandRow& row) {
    const auto command = row.make();
    OptionTable options;
    command->setup(options);
    const std::string name(row.name);
    constexpr std::size_t most_examples = 3;
    std::string text = "hersurv " + name + " - " + std::string(row.summary) + "\n\n";
    std::size_t end = 0, n_examples = 0;
    while (end < row.examples.size() && n_examples < most_examples) {
        const std::size_t next = row.examples.find('\n', end);
        const std::string_view line = row.examples.substr(end, next - end);
        end = next + 1;
        if (line.ends_with('\\')) {  // an example of two lines
            end = row.examples.find('\n', end) + 1;
            continue;
        }
        if (line.size() + 2 > help_width) continue;
        text += "  " + std::string(line) + "\n";
        ++n_examples;
    }
    text += "\nUsage: " + wrapped(usage_of(row, options), 7, 7) + "\n\n";
    GlobalOptions global;
    const OptionTable global_table = global_option_table(global);
    std::vector<std::string> special;
    for (const OptionTable* const table : {static_cast<const OptionTable*>(&options), &global_table})
        for (const OptionTable::Row& option : table->rows()) {
            const bool output =
                option_names(option).front() == "--output" || option_names(option).front() == "--format";
            if (table == &global_table && !(output && matters(option, row))) continue;
            if (is_special(option))
                special.push_back(option_names(option).front());
            else
                text += short_entry(option);
        }
    if (!special.empty()) text += "\n" + wrapped("More options: " + joined(special), 0, 0) + "\n";
    return text + "\nComplete help: hersurv " + name + " --help\n";
}

std::string command_help(const CommandRow& row) {
    const auto command = row.make();
    OptionTable options;
    command->setup(options);
    std::string text = "hersurv " + std::string(row.name) + " - " + std::string(row.summary) + "\n\n";
    text += "Usage: " + wrapped(usage_of(row, options), 7, 7) + "\n";
    if (!row.description.empty()) text += "\n" + wrapped(row.description, 0, 0) + "\n";
    for (const bool positional : {true, false}) {
        std::string list;
        for (const OptionTable::Row& option : options.rows()) {
            if (is_positional(option) == positional) list += entry(head_of(option), text_of(option));
        }
        if (!list.empty()) text += (positional ? "\nArguments:\n" : "\nOptions:\n") + list;
    }
    if (!row.formats().empty()) text += "\n" + wrapped("Formats: " + formats_of(row), 9, 0) + "\n";
    text += "\nGlobal options:\n" + global_options_text(&row);
    if (!row.examples.empty()) text += "\nExamples:\n" + indented(row.examples, "  ");
    return text;
}

}  // namespace hersurv::cli
