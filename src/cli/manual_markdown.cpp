// The manual of all commands as Markdown: docs/commands.md.
#include "cli/manual_markdown.hpp"

#include "cli/commands.hpp"
#include "cli/help.hpp"
#include "cli/help_parts.hpp"
#include "cli/options.hpp"

namespace hersurv::cli {
namespace {

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
    text += "\n## Global options\n\nThey can be given before or after the command.\n\n";
    text += option_list_markdown(global_option_table(global), false);
    for (const auto& [head, meaning] : common_options()) text += "- `" + head + "`: " + meaning + "\n";
    text += "\n## Environment\n\n";
    for (const EnvironmentRow& row : environment_variables()) {
        text += "- `" + std::string(row.name) + "`: " + escaped(row.meaning) + "\n";
    }
    text += "\n## Exit codes\n\n| code | meaning |\n|---|---|\n";
    for (const ExitRow& row : exit_codes()) text += "| " + row.number() + " | " + escaped(row.meaning) + " |\n";
    text += "\nA closed pipe ends quietly with 0.\n";
    for (const CommandRow& row : commands()) {
        if (is_hidden(row)) continue;
        const auto command = row.make();
        OptionTable options;
        command->setup(options);
        text += "\n## hersurv " + std::string(row.name) + "\n\n" + escaped(sentence(row.summary)) + "\n\n";
        text += "```\n" + usage_of(row, options) + "\n```\n";
        if (!row.description.empty()) text += "\n" + escaped(row.description) + "\n";
        const std::string lists = option_list_markdown(options, true) + option_list_markdown(options, false);
        if (!lists.empty()) text += "\n" + lists;
        if (!row.formats().empty()) text += "\nFormats: " + formats_of(row) + ".\n";
        if (!row.examples.empty()) text += "\n```sh\n" + indented(row.examples, "") + "```\n";
    }
    return text;
}

}  // namespace hersurv::cli
