// `__docs`, `__man` and `__rules`: the manual of all commands as Markdown (docs/commands.md) and as a manual page
// (hersurv.1), and the rules of `check` as Markdown (docs/rules.md).
#include "hersurv/audit.hpp"

#include "cli/command.hpp"
#include "cli/help.hpp"
#include "cli/manual_markdown.hpp"
#include "cli/manual_page.hpp"
#include "render/columns.hpp"
#include "render/formats.hpp"
#include "report/numbers.hpp"

namespace hersurv::cli {
namespace {

class Docs : public Command {
  public:
    void setup(OptionTable& /*options*/) override {}
    Answer run(Context& /*context*/) override { return {commands_markdown(), support::ExitCode::ok}; }
};

class ManualPage : public Command {
  public:
    void setup(OptionTable& /*options*/) override {}
    Answer run(Context& /*context*/) override { return {manual_page(), support::ExitCode::ok}; }
};

std::string rules_markdown() {
    render::Report page;
    page.title = "Rules of check";
    render::Section head;
    head.paragraphs = {
        "This page is generated with the command __rules. docs/rules-power.md shows how often each rule is wrong, and "
        "what it detects.",
        "Rules allow for rounding. A published value stands for a range: 57.1 means 57.05 to 57.15, and a hazard ratio "
        "of 0.7 means 0.695 to 0.705; counts are exact, and \"about\" adds 5%. A rule reports a finding only if no "
        "values within these ranges satisfy it. Below, half unit means half a unit of the last published digit, and CI "
        "the published confidence interval. An error cannot be true, a warning is implausible, and a note deserves a "
        "second look. The table gives the usual severity of each rule; the rule says which findings have another one.",
        "A note of kind discrepancy in the record acknowledges a finding by naming its rule, place and reason. "
        "Acknowledged findings are listed, but do not make check fail; a note that matches no finding is reported "
        "itself."};
    using Row = const audit::Rule*;
    const render::Columns<Row> columns = {
        {render::human("Rule"), [](Row rule) { return std::string(rule->name); }},
        {render::human("Severity"), [](Row rule) { return std::string(audit::word(rule->severity)); }},
        {render::human("What must hold"), [](Row rule) { return std::string(rule->summary); }}};
    const auto rules = audit::rules();
    columns.fill(head.table.emplace(), {rules.begin(), rules.end()});
    page.sections.push_back(std::move(head));
    for (const audit::Rule* rule : audit::rules()) {
        render::Section section;
        section.heading = rule->name;
        const auto sentence = [](const char* head_words, std::string_view words) {
            return head_words + std::string(words) + ".";
        };
        section.paragraphs = {sentence("Must hold: ", rule->summary), sentence("How: ", rule->arithmetic),
                              sentence("Remedy: ", rule->remedy)};
        page.sections.push_back(std::move(section));
    }
    return render::find_format("markdown")->render(page, {});
}

class Rules : public Command {
  public:
    void setup(OptionTable& /*options*/) override {}
    Answer run(Context& /*context*/) override { return {rules_markdown(), support::ExitCode::ok}; }
};

}  // namespace

std::unique_ptr<Command> make_docs() { return std::make_unique<Docs>(); }
std::unique_ptr<Command> make_manual_page() { return std::make_unique<ManualPage>(); }
std::unique_ptr<Command> make_rules() { return std::make_unique<Rules>(); }

}  // namespace hersurv::cli
