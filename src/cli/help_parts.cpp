// What the three layouts of the help share: the texts of options, usage lines, exit codes and environment variables.
#include "cli/help_parts.hpp"

#include "cli/options.hpp"
#include <algorithm>

namespace hersurv::cli {
namespace {

constexpr ExitRow exit_table[] = {
    {support::ExitCode::ok, "done"},
    {support::ExitCode::check_failed, "check found what fails, or validate read a document that is not valid"},
    {support::ExitCode::usage, "the command line cannot be carried out as written"},
    {support::ExitCode::bad_input, "an input cannot be read or is not valid"},
    {support::ExitCode::not_found, "no such trial, endpoint, arm or analysis"},
    {support::ExitCode::output_failed, "the output could not be written"},
    {support::ExitCode::bug, "a bug of the program"},
};

constexpr EnvironmentRow environment_table[] = {
    {"HERSURV_CATALOGUE",
     "paths of catalogues, separated by colons, laid over the built-in one before those of --catalogue"},
    {"HERSURV_NO_BUILTIN", "where it is set to 1, the built-in catalogue is left out, as by --no-builtin"},
    {"NO_COLOR", "where it is set and not empty, --color auto does not colour"},
    {"COLUMNS", "width of the terminal, where the terminal itself does not tell"},
};

}  // namespace

std::span<const ExitRow> exit_codes() { return exit_table; }
std::span<const EnvironmentRow> environment_variables() { return environment_table; }

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
    for (const std::string_view format : row.formats()) {
        text += (text.empty() ? "" : ", ") + std::string(format) + (text.empty() ? " (default)" : "");
    }
    return text;
}

std::vector<std::pair<std::string, std::string>> common_options() {
    return {{"-h, --help", "print help"}, {"--version", "print the version"}};
}

std::string sentence(std::string_view summary) {
    std::string text(summary);
    if (!text.empty() && text.front() >= 'a' && text.front() <= 'z') {
        text.front() = static_cast<char>(text.front() - 'a' + 'A');
    }
    return text + ".";
}

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

}  // namespace hersurv::cli
