// Help as text and the manual as Markdown: one description of every command and option, two layouts.
#include "help.hpp"

#include "options.hpp"
#include <algorithm>
#include <utility>

namespace hersurv::cli {
namespace {

constexpr std::size_t help_width = 80;
constexpr std::size_t option_column = 26;  // where the texts of options start

constexpr std::string_view purpose = "survival curves from the numbers that clinical-trial papers print";

struct ExitRow {
    support::ExitCode code;
    std::string_view meaning;
};
constexpr ExitRow exit_table[] = {
    {support::ExitCode::ok, "done"},
    {support::ExitCode::check_failed, "check found what fails, or validate read a document that is not valid"},
    {support::ExitCode::usage, "the command line cannot be carried out as written"},
    {support::ExitCode::bad_input, "an input cannot be read or is not valid"},
    {support::ExitCode::not_found, "no such trial, endpoint, arm or analysis"},
    {support::ExitCode::output_failed, "the output could not be written"},
    {support::ExitCode::bug, "a bug of the program"},
};

struct EnvironmentRow {
    std::string_view name, meaning;
};
constexpr EnvironmentRow environment_table[] = {
    {"HERSURV_CATALOGUE",
     "paths of catalogues, separated by colons, laid over the built-in one before those of --catalogue"},
    {"NO_COLOR", "where it is set and not empty, --color auto does not colour"},
    {"COLUMNS", "width of the terminal, where the terminal itself does not tell"},
};

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

// "TRIAL..." or "-o, --output FILE".
std::string head_of(const OptionTable::Row& row) {
    if (is_positional(row)) return row.names + (takes_many(row) ? "..." : "");
    std::vector<std::string> names = option_names(row);
    std::ranges::reverse(names);
    return joined(names) + (is_flag(row) ? "" : " " + row.metavar);
}

std::string text_of(const OptionTable::Row& row) {
    std::string text = row.help;
    if (row.choices) {
        const std::vector<std::string> choices = row.choices();
        if (!choices.empty()) text += "; " + std::string(row.closed ? "one of " : "e.g. ") + joined(choices);
    }
    const std::string value = default_shown(row);
    if (!value.empty()) text += " (default: " + value + ")";
    if (row.required) text += " (required)";
    return text;
}

std::string usage_of(const CommandRow& row, const OptionTable& options) {
    std::string usage = "hersurv " + std::string(row.name);
    bool any_option = false;
    for (const OptionTable::Row& option : options.rows()) {
        if (!is_positional(option)) {
            any_option = true;
            continue;
        }
        usage += " " + (option.required ? head_of(option) : "[" + head_of(option) + "]");
    }
    for (const OptionTable::Row& option : options.rows()) {
        if (!is_positional(option) && option.required)
            usage += " " + option_names(option).front() + " " + option.metavar;
    }
    return usage + (any_option ? " [options]" : "");
}

std::string formats_of(const CommandRow& row) {
    std::string text;
    for (const std::string_view format : row.formats) {
        text += (text.empty() ? "" : ", ") + std::string(format) + (text.empty() ? " (default)" : "");
    }
    return text;
}

// The lines of a text, each behind `indent`.
std::string indented(std::string_view text, std::string_view indent) {
    std::string result;
    std::size_t start = 0;
    while (start < text.size()) {
        const std::size_t end = std::min(text.find('\n', start), text.size());
        result += std::string(indent) + std::string(text.substr(start, end - start)) + "\n";
        start = end + 1;
    }
    return result;
}

// Options that every program has and no table holds.
std::vector<std::pair<std::string, std::string>> common_options() {
    return {{"-h, --help", "print help"}, {"--version", "print the version"}};
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

std::string code_text(const ExitRow& row) { return std::to_string(static_cast<int>(row.code)); }

// Text inside a line of Markdown.
std::string escaped(std::string_view text) {
    std::string result;
    for (const char letter : text) {
        if (letter == '<' || letter == '>' || letter == '|' || letter == '*' || letter == '_' || letter == '\\')
            result += '\\';
        result += letter;
    }
    return result;
}

std::string option_list_markdown(const OptionTable& options, bool positional) {
    std::string text;
    for (const OptionTable::Row& row : options.rows()) {
        if (is_positional(row) == positional) text += "- `" + head_of(row) + "`: " + escaped(text_of(row)) + "\n";
    }
    return text;
}

}  // namespace

std::string version_text() { return "hersurv " HERSURV_VERSION "\n"; }

std::string program_help() {
    std::string text = "hersurv " HERSURV_VERSION " - " + std::string(purpose) + "\n\n";
    text += "Usage: hersurv [global options] COMMAND [TRIAL...] [options]\n\nCommands:\n" + command_list();
    text += "\nGlobal options, before or after the command:\n" + global_options_text(true);
    text += "\nEnvironment:\n";
    for (const EnvironmentRow& row : environment_table) text += entry(std::string(row.name), std::string(row.meaning));
    text += "\nExit codes:\n";
    for (const ExitRow& row : exit_table) text += entry(code_text(row), std::string(row.meaning), 6);
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
    if (!row.formats.empty()) text += "\n" + wrapped("Formats: " + formats_of(row), 9, 0) + "\n";
    text += "\nGlobal options:\n" + global_options_text(!row.formats.empty());
    if (!row.examples.empty()) text += "\nExamples:\n" + indented(row.examples, "  ");
    return text;
}

std::string commands_markdown() {
    std::string text = "# Commands\n\nThis page is generated: `hersurv __docs > docs/commands.md`.\n\n";
    text +=
        "`hersurv [global options] COMMAND [TRIAL...] [options]`. Data is printed on stdout, messages on stderr.\n\n";
    text += "| command | does |\n|---|---|\n";
    for (const CommandRow& row : commands()) {
        if (is_hidden(row)) continue;
        const std::string name(row.name);
        text += "| [`" + name + "`](#hersurv-" + name + ") | " + escaped(row.summary) + " |\n";
    }
    GlobalOptions global;
    text += "\n## Global options\n\nThey stand before or after the command.\n\n";
    text += option_list_markdown(global_option_table(global), false);
    for (const auto& [head, meaning] : common_options()) text += "- `" + head + "`: " + meaning + "\n";
    text += "\n## Environment\n\n";
    for (const EnvironmentRow& row : environment_table) {
        text += "- `" + std::string(row.name) + "`: " + escaped(row.meaning) + "\n";
    }
    text += "\n## Exit codes\n\n| code | meaning |\n|---|---|\n";
    for (const ExitRow& row : exit_table) text += "| " + code_text(row) + " | " + escaped(row.meaning) + " |\n";
    text += "\nA closed pipe ends quietly with 0.\n";
    for (const CommandRow& row : commands()) {
        if (is_hidden(row)) continue;
        const auto command = row.make();
        OptionTable options;
        command->setup(options);
        std::string summary(row.summary);
        if (!summary.empty() && summary.front() >= 'a' && summary.front() <= 'z') {
            summary.front() = static_cast<char>(summary.front() - 'a' + 'A');
        }
        text += "\n## hersurv " + std::string(row.name) + "\n\n" + escaped(summary) + ".\n\n";
        text += "```\n" + usage_of(row, options) + "\n```\n";
        if (!row.description.empty()) text += "\n" + escaped(row.description) + "\n";
        const std::string lists = option_list_markdown(options, true) + option_list_markdown(options, false);
        if (!lists.empty()) text += "\n" + lists;
        if (!row.formats.empty()) text += "\nFormats: " + formats_of(row) + ".\n";
        if (!row.examples.empty()) text += "\n```sh\n" + indented(row.examples, "") + "```\n";
    }
    return text;
}

}  // namespace hersurv::cli
