// What the three layouts of the help share: the texts of options, usage lines, exit codes and environment variables.
#include "cli/help_parts.hpp"

#include "cli/options.hpp"
#include <algorithm>

namespace hersurv::cli {
namespace {

constexpr ExitRow exit_table[] = {
    {support::ExitCode::ok, "success"},
    {support::ExitCode::check_failed, "check found failures, or validate found an invalid file"},
    {support::ExitCode::usage, "usage error"},
    {support::ExitCode::bad_input, "an input cannot be read or is invalid"},
    {support::ExitCode::not_found, "unknown trial, endpoint, arm or analysis"},
    {support::ExitCode::output_failed, "the output could not be written"},
    {support::ExitCode::bug, "internal error (a bug)"},
};

constexpr EnvironmentRow environment_table[] = {
    {"HERSURV_CATALOGUE", "catalogues to add, separated by colons; they are read before those of --catalogue"},
    {"HERSURV_NO_BUILTIN", "if 1, leave out the built-in catalogue, as with --no-builtin"},
    {"NO_COLOR", "if not empty, --color auto uses no colour"},
    {"COLUMNS", "width of the terminal, if the terminal does not report it"},
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
    return row.details.empty() ? text : text + ". " + row.details;
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
    return {{"-h", "print a short help"}, {"--help", "print the complete help"}, {"--version", "print the version"}};
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
