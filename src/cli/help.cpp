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

// Of a command that prints finished text, without --format, which it refuses.
std::string global_options_text(bool with_format) {
    GlobalOptions global;
    std::string text;
    const OptionTable table = global_option_table(global);
    for (const OptionTable::Row& row : table.rows()) {
        if (with_format || option_names(row).front() != "--format") text += entry(head_of(row), text_of(row));
    }
    for (const auto& [head, meaning] : common_options()) text += entry(head, meaning);
    return text;
}

std::string command_list() {
    std::string text;
    for (const CommandRow& row : commands()) {
        if (!is_hidden(row)) text += entry(std::string(row.name), std::string(row.summary), 14);
    }
    return text + entry("help", "help on a command", 14);
}

}  // namespace

std::string version_text() { return "hersurv " + std::string(support::version()) + "\n"; }

std::string program_help() {
    std::string text = "hersurv " + std::string(support::version()) + " - " + std::string(purpose) + "\n\n";
    text += "Usage: hersurv [global options] COMMAND [TRIAL...] [options]\n\nCommands:\n" + command_list();
    text += "\nGlobal options, before or after the command:\n" + global_options_text(true);
    text += "\nEnvironment:\n";
    for (const EnvironmentRow& row : environment_variables())
        text += entry(std::string(row.name), std::string(row.meaning));
    text += "\nExit codes:\n";
    for (const ExitRow& row : exit_codes()) text += entry(row.number(), std::string(row.meaning), 6);
    return text + "\n`hersurv help COMMAND` tells about a command.\n";
}

std::string short_help() {
    return "Usage: hersurv [global options] COMMAND [TRIAL...] [options]\n\nCommands:\n" + command_list() +
           "\n`hersurv help` tells everything, `hersurv help COMMAND` about a command.\n";
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
    text += "\nGlobal options:\n" + global_options_text(!row.formats().empty());
    if (!row.examples.empty()) text += "\nExamples:\n" + indented(row.examples, "  ");
    return text;
}

}  // namespace hersurv::cli
