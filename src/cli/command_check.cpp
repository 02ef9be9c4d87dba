// `check`: published numbers against one another, against the claims about them, against the reconstruction and against
// the baseline.
#include "hersurv/audit/baseline.hpp"
#include "hersurv/audit/comparison.hpp"
#include "hersurv/audit/rules.hpp"
#include "hersurv/catalogue/builtin.hpp"
#include "hersurv/catalogue/places.hpp"
#include "hersurv/report/format.hpp"
#include "hersurv/report/numbers.hpp"
#include "hersurv/support/file.hpp"
#include "hersurv/support/parallel.hpp"
#include "hersurv/support/words.hpp"

#include "commands_private.hpp"
#include "fitting.hpp"
#include "lines.hpp"
#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <set>

namespace hersurv::cli {
namespace {

using audit::Comparison;
using audit::Finding;
using audit::Severity;
using audit::Verdict;
using catalogue::Trial;
using support::Json;

constexpr std::array severities = {Severity::error, Severity::warning, Severity::note};
constexpr std::array claim_verdicts = {audit::ClaimVerdict::holds, audit::ClaimVerdict::contradicted,
                                       audit::ClaimVerdict::undecided, audit::ClaimVerdict::uncheckable};
constexpr std::array verdicts = {Verdict::within_rounding, Verdict::within_tolerance, Verdict::outside,
                                 Verdict::not_comparable};

// What is found, before it is put into words.
struct Outcome {
    std::size_t n_trials = 0, n_analyses = 0;   // looked at by the rules
    std::size_t n_compared = 0, n_numbers = 0;  // analyses compared with models, and their published numbers
    std::vector<Finding> findings;
    std::vector<audit::JudgedClaim> claims;
    std::vector<Comparison> comparisons;
    std::vector<std::string> subjects;  // trials looked at, and "catalogue" where its own claims are
    bool with_baseline = false;
    std::vector<audit::NoteOfRecord>
        notes;  // of the selected trials and, where the whole catalogue is checked, its own
    std::optional<Severity> fail_level = Severity::error;  // none: nothing fails

    [[nodiscard]] bool fails(const Finding& finding) const {
        return fail_level && !finding.acknowledged && finding.severity >= *fail_level;
    }
    [[nodiscard]] bool fails() const {
        return std::ranges::any_of(findings, [&](const Finding& finding) { return fails(finding); });
    }
    [[nodiscard]] std::size_t count(Severity severity) const {
        return static_cast<std::size_t>(std::ranges::count_if(
            findings, [&](const Finding& f) { return !f.acknowledged && f.severity == severity; }));
    }
    [[nodiscard]] std::size_t count(audit::ClaimVerdict verdict) const {
        return static_cast<std::size_t>(std::ranges::count(claims, verdict, &audit::JudgedClaim::verdict));
    }
    // Claims with a finding of this verdict that a note acknowledges.
    [[nodiscard]] std::size_t acknowledged(audit::ClaimVerdict verdict) const {
        return static_cast<std::size_t>(std::ranges::count_if(
            claims, [&](const audit::JudgedClaim& c) { return c.acknowledged && c.verdict == verdict; }));
    }
    [[nodiscard]] std::size_t acknowledged() const {
        return static_cast<std::size_t>(std::ranges::count_if(findings, &Finding::acknowledged));
    }
    [[nodiscard]] std::size_t count(Verdict verdict) const {
        return static_cast<std::size_t>(std::ranges::count(comparisons, verdict, &Comparison::verdict));
    }
};

std::string counted(std::size_t count, const std::string& singular, const std::string& plural) {
    return std::to_string(count) + " " + (count == 1 ? singular : plural);
}
std::string counted(std::size_t count, const std::string& singular) { return counted(count, singular, singular + "s"); }

std::string source_and_line(const std::string& source, const std::optional<int>& line) {
    std::string text = source;
    if (line) text += (text.empty() ? "line " : ", line ") + std::to_string(*line);
    return text;
}

std::string source_words(const std::string& source, const std::optional<int>& line) {
    const std::string text = source_and_line(source, line);
    return text.empty() ? "" : " (" + text + ")";
}

// Whole words up to about this many characters.
std::string shortened(const std::string& text, std::size_t most) {
    if (text.size() <= most) return text;
    const std::size_t end = text.rfind(' ', most);
    return text.substr(0, end == std::string::npos ? most : end) + " ...";
}

std::string place_words(const Finding& finding) {
    catalogue::Place at = finding.at;
    at.source.clear();  // is told with its line
    return at == catalogue::Place{} ? "the catalogue" : catalogue::describe(at);
}

report::Table machine_table(const Outcome& outcome) {
    report::Table table;
    table.name = "comparisons";
    for (const char* key : {"trial", "analysis", "endpoint", "arm", "statistic", "published", "status", "reconstructed",
                            "difference", "tolerance", "verdict", "model", "source", "line"})
        table.columns.push_back(report::machine(key));
    const auto derived = [](const std::optional<double>& value) -> report::Cell {
        return value ? report::Number::derived(*value, 4) : report::missing();
    };
    for (const Comparison& row : outcome.comparisons) {
        const report::Number published = report::cell(row.published);
        table.rows.push_back({row.trial, row.analysis, row.endpoint, row.arm, row.statistic, published,
                              report::status_word(published), derived(row.reconstructed), derived(row.difference),
                              derived(row.tolerance), std::string(audit::word(row.verdict)), row.model, row.source,
                              row.line ? report::Cell(static_cast<long>(*row.line)) : report::Cell()});
    }
    return table;
}

// Narrow enough for a column beside six others.
std::string short_name(const std::string& statistic) {
    constexpr std::string_view milestone = "milestone_";
    if (statistic == "median_lower") return "median (lower)";
    if (statistic == "median_upper") return "median (upper)";
    if (statistic == "hazard_ratio") return "hazard ratio";
    if (statistic == "p_value") return "p-value";
    if (statistic.starts_with(milestone)) return "S(" + statistic.substr(milestone.size()) + ")";
    return statistic;
}

std::string met_within(Verdict verdict) {
    switch (verdict) {
        case Verdict::within_rounding:
            return "rounding";
        case Verdict::within_tolerance:
            return "tolerance";
        case Verdict::outside:
            return "neither";
        case Verdict::not_comparable:
            break;
    }
    return "-";
}

// One group of rows an analysis and model; its name stands on the first row.
report::Table human_table(const Outcome& outcome, bool all) {
    report::Table table;
    for (const char* title : {"Analysis (model)", "Arm", "Number"}) table.columns.push_back(report::human(title));
    for (const char* title : {"Printed", "Model", "Tolerance"}) table.columns.push_back(report::human(title, true));
    if (all) table.columns.push_back(report::human("Met within"));
    std::string group;
    for (const Comparison& row : outcome.comparisons) {
        if (!all && row.verdict != Verdict::outside) continue;
        const int decimals = row.published.is_number() ? row.published.decimals : 1;
        const auto derived = [&](const std::optional<double>& value) {
            return value ? report::Number::derived(*value, decimals) : report::missing();
        };
        std::string statistic = short_name(row.statistic);
        if (!row.control.empty()) statistic += " v " + row.control;
        const std::string name = row.trial + " " + row.analysis + " (" + row.model + ")";
        if (all && !group.empty() && name != group) table.rule_before.push_back(table.rows.size());
        table.rows.push_back({name == group ? std::string() : name, row.arm, statistic, report::cell(row.published),
                              derived(row.reconstructed), derived(row.tolerance)});
        if (all) table.rows.back().push_back(met_within(row.verdict));
        group = name;
    }
    return table;
}

Json text_or_null(const std::string& text) { return text.empty() ? Json() : Json(text); }

Json json_of(const Finding& finding) {
    const auto& at = finding.at;
    return Json::Object{{"rule", finding.rule},
                        {"severity", audit::word(finding.severity)},
                        {"trial", text_or_null(at.trial)},
                        {"analysis", text_or_null(at.analysis)},
                        {"arm", text_or_null(at.arm)},
                        {"statistic", text_or_null(at.statistic)},
                        {"response", text_or_null(at.response)},
                        {"measure", text_or_null(at.measure)},
                        {"claim", text_or_null(at.claim)},
                        {"file", text_or_null(finding.file)},
                        {"pointer", text_or_null(finding.pointer)},
                        {"source", text_or_null(finding.source)},
                        {"line", finding.line ? Json(*finding.line) : Json()},
                        {"published", text_or_null(finding.published)},
                        {"expected", text_or_null(finding.expected)},
                        {"message", finding.message},
                        {"acknowledged", finding.acknowledged},
                        {"acknowledgement", text_or_null(finding.acknowledgement)}};
}

Json json_of(const audit::JudgedClaim& judged) {
    const auto& claim = *judged.claim;
    return Json::Object{{"trial", text_or_null(judged.trial)},
                        {"claim", claim.id},
                        {"kind", claim.kind},
                        {"text", text_or_null(claim.text)},
                        {"source", text_or_null(claim.from.source)},
                        {"line", claim.from.line ? Json(*claim.from.line) : Json()},
                        {"published", claim.value ? Json(audit::printed_text(*claim.value)) : Json()},
                        {"arithmetic", judged.arithmetic},
                        {"verdict", audit::word(judged.verdict)},
                        {"acknowledged", judged.acknowledged}};
}

Json json_of(const audit::NoteOfRecord& record) {
    const auto& note = *record.note;
    return Json::Object{{"trial", text_or_null(record.trial)},
                        {"kind", note.kind},
                        {"rule", text_or_null(note.rule)},
                        {"at", note.at ? Json(catalogue::describe(*note.at)) : Json()},
                        {"source", text_or_null(note.from.source)},
                        {"line", note.from.line ? Json(*note.from.line) : Json()},
                        {"text", note.text}};
}

Json document_of(const Outcome& outcome, const report::Table& table, bool with_notes) {
    Json::Array comparisons, findings, claims;
    for (const auto& row : table.rows) comparisons.push_back(report::row_object(table, row));
    for (const Finding& finding : outcome.findings) findings.push_back(json_of(finding));
    for (const auto& claim : outcome.claims) claims.push_back(json_of(claim));
    Json::Object found, judged, compared;
    for (const Severity severity : severities)
        found.emplace_back(std::string(audit::word(severity)), static_cast<double>(outcome.count(severity)));
    found.emplace_back("acknowledged", static_cast<double>(outcome.acknowledged()));
    for (const auto verdict : claim_verdicts)
        judged.emplace_back(std::string(audit::word(verdict)), static_cast<double>(outcome.count(verdict)));
    for (const Verdict verdict : verdicts)
        compared.emplace_back(std::string(audit::word(verdict)), static_cast<double>(outcome.count(verdict)));
    Json::Object document{{"comparisons", std::move(comparisons)},
                          {"findings", std::move(findings)},
                          {"claims", std::move(claims)},
                          {"summary", Json::Object{{"trials", static_cast<double>(outcome.n_trials)},
                                                   {"analyses", static_cast<double>(outcome.n_analyses)},
                                                   {"compared_analyses", static_cast<double>(outcome.n_compared)},
                                                   {"compared_numbers", static_cast<double>(outcome.n_numbers)},
                                                   {"findings", std::move(found)},
                                                   {"claims", std::move(judged)},
                                                   {"comparisons", std::move(compared)},
                                                   {"fails", outcome.fails()}}}};
    if (with_notes) {
        Json::Array notes;
        for (const auto& note : outcome.notes) notes.push_back(json_of(note));
        document.emplace_back("notes", std::move(notes));
    }
    return document;
}

std::string summary_line(const Outcome& outcome) {
    return counted(outcome.n_trials, "trial") + ", " + counted(outcome.n_analyses, "analysis", "analyses") + ": " +
           counted(outcome.count(Severity::error), "error") + ", " +
           counted(outcome.count(Severity::warning), "warning") + ", " +
           counted(outcome.count(Severity::note), "note") + "; " + std::to_string(outcome.acknowledged()) +
           " acknowledged";
}

// "43 claims: 26 hold, 17 contradicted (all acknowledged), 0 cannot be checked."
std::string claims_line(const Outcome& outcome) {
    using audit::ClaimVerdict;
    const auto failed = [&](ClaimVerdict verdict, const std::string& what) {
        const std::size_t count = outcome.count(verdict), acknowledged = outcome.acknowledged(verdict);
        std::string text = ", " + std::to_string(count) + " " + what;
        if (acknowledged > 0)
            text += " (" + (acknowledged == count ? "all" : std::to_string(acknowledged)) + " acknowledged)";
        return text;
    };
    const std::size_t hold = outcome.count(ClaimVerdict::holds);
    std::string text = counted(outcome.claims.size(), "claim") + ": " + counted(hold, "holds", "hold") +
                       failed(ClaimVerdict::contradicted, "contradicted");
    if (outcome.count(ClaimVerdict::undecided) > 0) text += failed(ClaimVerdict::undecided, "hidden by rounding");
    return text + failed(ClaimVerdict::uncheckable, "cannot be checked");
}

std::string words(const audit::JudgedClaim& judged) {
    std::string text = (judged.trial.empty() ? "catalogue" : judged.trial) + " " + judged.claim->id +
                       source_words(judged.claim->from.source, judged.claim->from.line) + ": " + judged.arithmetic +
                       ": ";
    switch (judged.verdict) {
        case audit::ClaimVerdict::holds:
            text += "holds";
            break;
        case audit::ClaimVerdict::contradicted:
            text += "contradicted";
            break;
        case audit::ClaimVerdict::undecided:
            text += "hidden by rounding";
            break;
        case audit::ClaimVerdict::uncheckable:
            text += "cannot be checked";
            break;
    }
    return judged.acknowledged ? text + " (acknowledged)" : text;
}

// How much was looked at, beside what was found.
report::Section reach_section(const Outcome& outcome, bool all) {
    report::Section section;
    if (outcome.n_trials > 0) {
        std::string text = counted(outcome.n_numbers, "published number") + " of " +
                           counted(outcome.n_compared, "analysis", "analyses") + " compared";
        // With several models each number is compared with each.
        if (outcome.comparisons.size() != outcome.n_numbers)
            text += " in " + counted(outcome.comparisons.size(), "comparison");
        if (!outcome.comparisons.empty())
            text += ": " + std::to_string(outcome.count(Verdict::within_rounding)) + " met within their rounding, " +
                    std::to_string(outcome.count(Verdict::within_tolerance)) + " within tolerance, " +
                    std::to_string(outcome.count(Verdict::outside)) + " outside, " +
                    std::to_string(outcome.count(Verdict::not_comparable)) + " not comparable";
        section.paragraphs.push_back(text + ".");
    }
    if (!outcome.claims.empty())
        section.paragraphs.push_back(claims_line(outcome) + (all ? "." : "; --all lists them."));
    return section;
}

report::Section claims_section(const Outcome& outcome) {
    report::Section section;
    section.heading = "Claims";
    for (const auto& judged : outcome.claims) section.notes.push_back(words(judged));
    return section;
}

report::Section acknowledged_section(const Outcome& outcome, bool all) {
    constexpr std::size_t reason_length = 90;
    report::Section section;
    section.heading = "Acknowledged";
    bool cut = false;
    for (const Finding& finding : outcome.findings) {
        if (!finding.acknowledged) continue;
        const std::string reason = all ? finding.acknowledgement : shortened(finding.acknowledgement, reason_length);
        cut = cut || reason != finding.acknowledgement;
        section.notes.push_back(finding.rule + " at " + place_words(finding) + ": " + reason);
    }
    if (cut) section.paragraphs.emplace_back("Long reasons are cut (...); --all prints them whole.");
    return section;
}

// What fails, in one line, for formats that hold the comparisons alone: "1 error (events-within-n at trial T, ...)".
std::string failure_line(const Outcome& outcome) {
    std::string counts, first;
    std::size_t total = 0;
    for (const Severity severity : severities) {
        const auto failing = [&](const Finding& f) { return f.severity == severity && outcome.fails(f); };
        const auto n = static_cast<std::size_t>(std::ranges::count_if(outcome.findings, failing));
        if (n == 0) continue;
        if (first.empty()) {
            const Finding& finding = *std::ranges::find_if(outcome.findings, failing);
            first = finding.rule + " at " + place_words(finding);
        }
        counts += (counts.empty() ? "" : ", ") + counted(n, std::string(audit::word(severity)));
        total += n;
    }
    if (total > 1) first += ", and " + std::to_string(total - 1) + " more";
    return counts + " (" + first + "); --format text or json prints the findings";
}

report::Section findings_section(const Outcome& outcome, Severity severity, const std::string& heading) {
    report::Section section;
    section.heading = heading;
    for (const Finding& finding : outcome.findings) {
        // What a model does not follow is in the table of comparisons.
        if (finding.acknowledged || finding.severity != severity || finding.rule == "not-reproduced") continue;
        section.notes.push_back(finding.rule + " at " + place_words(finding) +
                                source_words(finding.source, finding.line) + ": " + finding.message);
    }
    return section;
}

constexpr std::string_view whole_catalogue_subject = "catalogue";

// The text of a file of findings: of a built-in document, else from the disk; nothing where it cannot be had (stdin, a
// line of a .jsonl catalogue).
std::string text_of_file(const std::string& file) {
    for (const auto& document : catalogue::builtin_documents())
        if (document.file == file) return std::string(document.text);
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(file, ignored) || is_lines_file(file)) return "";
    try {
        return support::read_file(file);
    } catch (const support::InputError&) {
        return "";
    }
}

report::Problems problems_of(const Outcome& outcome) {
    report::Problems problems;
    for (const audit::Rule* rule : audit::rules())
        if (rule->name != "baseline" || outcome.with_baseline)
            problems.rules.push_back({std::string(rule->name), std::string(audit::word(rule->severity)),
                                      std::string(rule->summary), std::string(rule->arithmetic),
                                      std::string(rule->remedy)});
    problems.subjects = outcome.subjects;
    std::map<std::string, std::set<std::string>> pointers;  // by file
    for (const Finding& finding : outcome.findings) pointers[finding.file].insert(finding.pointer);
    std::map<std::string, std::map<std::string, support::TextPosition>> positions;
    for (const auto& [file, wanted] : pointers)
        if (const std::string text = text_of_file(file); !text.empty())
            positions[file] = support::positions_of(text, wanted);
    for (const Finding& finding : outcome.findings) {
        report::Problem problem;
        problem.level = audit::word(finding.severity);
        problem.rule = finding.rule;
        problem.subject = finding.at.trial.empty() ? whole_catalogue_subject : finding.at.trial;
        problem.place = place_words(finding);
        problem.message = finding.message;
        problem.file = finding.file;
        problem.pointer = finding.pointer;
        const auto& in_file = positions[finding.file];
        if (const auto at = in_file.find(finding.pointer); at != in_file.end()) {
            problem.line = at->second.line;
            problem.column = at->second.column;
        }
        problem.source = source_and_line(finding.source, finding.line);
        problem.published = finding.published;
        problem.expected = finding.expected;
        problem.fails = outcome.fails(finding);
        problem.acknowledged = finding.acknowledged;
        problem.acknowledgement = finding.acknowledgement;
        // A trial that only the baseline knows.
        if (std::ranges::find(problems.subjects, problem.subject) == problems.subjects.end())
            problems.subjects.push_back(problem.subject);
        problems.found.push_back(std::move(problem));
    }
    return problems;
}

report::Report report_of(const Outcome& outcome, bool all, bool with_notes) {
    report::Report report;
    report.table = machine_table(outcome);
    report.document = document_of(outcome, report.table, with_notes);
    report.problems = problems_of(outcome);
    report.title = summary_line(outcome);
    const auto add = [&](report::Section section) {
        if (!section.notes.empty() || section.table || !section.paragraphs.empty())
            report.sections.push_back(std::move(section));
    };
    add(reach_section(outcome, all));
    add(findings_section(outcome, Severity::error, "Errors"));
    add(findings_section(outcome, Severity::warning, "Warnings"));
    add(findings_section(outcome, Severity::note, "Notes"));

    add(acknowledged_section(outcome, all));
    if (all) add(claims_section(outcome));

    report::Section compared;
    compared.heading =
        all ? "Published numbers and what the models make of them" : "Published numbers that the models do not follow";
    compared.paragraphs.emplace_back(
        "Each number outside its tolerance is a note of the rule not-reproduced. Times are in months, S(t) is 0 to 1.");
    if (all || outcome.count(Verdict::outside) > 0) compared.table = human_table(outcome, all);
    for (const Comparison& row : outcome.comparisons)
        if (all && !row.remark.empty())
            compared.notes.push_back(row.trial + " " + row.analysis + " (" + row.model + "), " + row.arm + ", " +
                                     short_name(row.statistic) + ": " + row.remark);
    if (compared.table) add(std::move(compared));

    if (with_notes) {
        report::Section notes;
        notes.heading = "Notes of the records";
        for (const auto& record : outcome.notes)
            notes.notes.push_back((record.trial.empty() ? "catalogue" : record.trial) + ", " + record.note->kind +
                                  source_words(record.note->from.source, record.note->from.line) + ": " +
                                  record.note->text);
        add(std::move(notes));
    }
    return report;
}

class CheckCommand : public Command {
  public:
    void setup(OptionTable& options) override {
        selection_.setup(options, true);
        models_.setup(options);
        options.add(
            "--baseline", "FILE", &baseline_,
            "compare the reconstructed numbers with those of this file; one has changed where it differs by more than "
            "absolute + relative x |number| of the file's tolerances for its kind");
        options.add("--update-baseline", "", &update_baseline_,
                    "write the numbers of the selected trials to the baseline instead");
        auto& level = options.add("--fail-level", "LEVEL", &fail_level_,
                                  "the least severity of an unacknowledged finding that ends with 1");
        level.choices = [] { return std::vector<std::string>{"error", "warning", "note", "never"}; };
        level.closed = true;
        options.add("--all", "", &all_,
                    "print every comparison, not only those outside their tolerance, every claim, and the reasons of "
                    "acknowledged findings whole");
        options.add("--notes", "", &notes_, "print the notes of the records too");
    }

    Answer run(Context& context) override {
        if (update_baseline_ && baseline_.empty())
            throw support::UsageError("--update-baseline needs the file to write: --baseline FILE");
        if (!baseline_.empty() && !context.selection_alone)
            throw support::UsageError("--baseline speaks of one catalogue and cannot be given with a .jsonl catalogue");
        std::error_code ignored;
        if (!baseline_.empty() && !update_baseline_ && !std::filesystem::exists(baseline_, ignored))
            throw support::InputError({support::Fault{baseline_, "", "no such file",
                                                      "check the path, or write it with --update-baseline", 0, 0}});
        // All of it: places lead to any trial, and the catalogue's own notes acknowledge findings of trials.
        const catalogue::Catalogue& catalogue = context.library.all();
        const Selected selected = select(selection_, context, Unnamed::everything);
        // A check of nothing would pass whatever the catalogue holds.
        if (!whole_catalogue() && selected.trials.empty() && context.selection_alone)
            throw support::NotFoundError("no trial is selected: there is nothing to check");
        if (selection_.filters() && selected.analyses.empty() && !selected.trials.empty())
            throw support::NotFoundError("--endpoint " + selection_.endpoint +
                                         " selects response rates alone, which no model is compared with; the rules "
                                         "look at them whatever is selected");

        Outcome outcome;
        outcome.n_trials = selected.trials.size();
        outcome.with_baseline = !baseline_.empty();
        for (const Trial* trial : selected.trials) {
            outcome.n_analyses += trial->analyses.size();
            outcome.subjects.push_back(trial->id);
        }
        if (whole_catalogue()) outcome.subjects.emplace_back(whole_catalogue_subject);
        compare(selected, context, outcome);
        audit_records(selected, catalogue, context, outcome);
        if (!baseline_.empty()) use_baseline(selected, catalogue, context, outcome);
        const auto* const level =
            std::ranges::find_if(severities, [&](Severity severity) { return audit::word(severity) == fail_level_; });
        outcome.fail_level = level == severities.end() ? std::nullopt : std::optional(*level);
        const report::Format* const format = report::find_format(context.global.format);
        // An exit code that nothing explains would help nobody, so this is not held back by --quiet.
        const auto finding_formats = report::finding_formats();
        const bool prints_findings = format == nullptr || format->human || format->name == "json" ||
                                     std::ranges::find(finding_formats, format) != finding_formats.end();
        if (outcome.fails() && !prints_findings) context.complain(failure_line(outcome));
        return {report_of(outcome, all_, notes_),
                outcome.fails() ? support::ExitCode::check_failed : support::ExitCode::ok};
    }

  private:
    [[nodiscard]] bool whole_catalogue() const { return selection_.trials.empty(); }

    void compare(const Selected& selected, Context& context, Outcome& outcome) const {
        for (const auto& fitted : fit_analyses(selected.analyses, models_, context)) {
            std::size_t n_numbers = 0;  // the same for every model
            for (const fit::FittedModel& model : fitted.models) {
                auto rows = audit::compare(model);
                std::erase_if(rows, [&](const Comparison& row) { return !selection_.takes_arm(row.arm); });
                n_numbers = rows.size();
                auto findings = audit::not_reproduced(rows, fitted.trial->file);
                std::ranges::move(rows, std::back_inserter(outcome.comparisons));
                std::ranges::move(findings, std::back_inserter(outcome.findings));
            }
            outcome.n_numbers += n_numbers;
            if (n_numbers > 0) ++outcome.n_compared;
        }
    }

    void audit_records(const Selected& selected, const catalogue::Catalogue& catalogue, const Context& context,
                       Outcome& outcome) const {
        std::vector<audit::Subject> subjects;
        for (const Trial* trial : selected.trials) subjects.push_back({trial, &catalogue});
        if (whole_catalogue()) subjects.push_back({nullptr, &catalogue});
        std::vector<std::vector<Finding>> found(subjects.size());
        std::vector<std::vector<audit::JudgedClaim>> judged(subjects.size());
        support::parallel_for(subjects.size(), context.global.threads, [&](std::size_t i) {
            found[i] = audit::check_subject(subjects[i]);
            judged[i] = audit::judge_claims(subjects[i]);
        });
        // Records first, then what the models say of them.
        std::vector<Finding> findings;
        for (auto& some : found) std::ranges::move(some, std::back_inserter(findings));
        for (auto& some : judged) std::ranges::move(some, std::back_inserter(outcome.claims));
        std::ranges::move(outcome.findings, std::back_inserter(findings));
        outcome.findings = std::move(findings);

        for (const Trial* trial : selected.trials)
            for (const auto& note : trial->notes) outcome.notes.push_back({&note, trial->id, trial->file});
        std::vector<audit::NoteOfRecord> all_notes = outcome.notes;
        for (const auto& note : catalogue.notes) all_notes.push_back({&note, "", catalogue.file});
        const auto met = audit::acknowledge(all_notes, outcome.findings);
        audit::carry_acknowledgements(outcome.findings, outcome.claims);
        // A note about a trial that is not looked at now has no chance to meet its finding.
        std::vector<audit::NoteOfRecord> looked_at;
        std::vector<std::size_t> met_there;
        for (std::size_t i = 0; i < all_notes.size(); ++i) {
            const auto& [note, home, file] = all_notes[i];
            const std::string& about = note->at && !note->at->trial.empty() ? note->at->trial : home;
            const bool there = whole_catalogue() || std::ranges::any_of(selected.trials, [&](const Trial* trial) {
                                   return support::equal_any_case(trial->id, about);
                               });
            if (!there) continue;
            looked_at.push_back(all_notes[i]);
            met_there.push_back(met[i]);
        }
        std::ranges::move(audit::unused_acknowledgements(looked_at, met_there), std::back_inserter(outcome.findings));
        if (whole_catalogue()) outcome.notes = std::move(all_notes);
    }

    void use_baseline(const Selected& selected, const catalogue::Catalogue& catalogue, const Context& context,
                      Outcome& outcome) const {
        std::vector<audit::BaselineNumbers> by_trial(selected.trials.size());
        support::parallel_for(by_trial.size(), context.global.threads,
                              [&](std::size_t i) { by_trial[i] = audit::baseline_numbers(*selected.trials[i]); });
        audit::BaselineNumbers now;
        for (auto& numbers : by_trial) now.merge(numbers);

        audit::Baseline baseline{audit::default_tolerances(), {}};
        // A device or a pipe is only written to.
        std::error_code ignored;
        if (!update_baseline_ || std::filesystem::is_regular_file(baseline_, ignored))
            baseline = audit::read_baseline(support::read_file(baseline_), baseline_);
        std::set<std::string> trials;
        for (const Trial* trial : selected.trials) trials.insert(trial->id);
        if (update_baseline_) {
            std::erase_if(baseline.numbers, [&](const auto& number) {
                return whole_catalogue() || trials.contains(audit::trial_of(number.first));
            });
            baseline.numbers.merge(now);
            support::write_file_whole(baseline_, audit::write_baseline(baseline));
            context.say(baseline_ + ": " + counted(baseline.numbers.size(), "number") + " written");
            return;
        }
        std::set<std::string> unknown;
        for (const auto& [name, value] : baseline.numbers) {
            const std::string trial = audit::trial_of(name);
            if (catalogue.find_trial(trial) == nullptr) unknown.insert(trial);
        }
        for (const std::string& trial : unknown) {
            if (whole_catalogue())
                trials.insert(trial);
            else
                context.say(baseline_ + ": has numbers of " + trial + ", which is not in the catalogue");
        }
        std::ranges::move(audit::compare_baseline(baseline, now, {trials.begin(), trials.end()}, baseline_),
                          std::back_inserter(outcome.findings));
    }

    Selection selection_;
    ModelChoice models_{{"auto"}};
    std::string baseline_, fail_level_ = "error";
    bool update_baseline_ = false, all_ = false, notes_ = false;
};

}  // namespace

std::unique_ptr<Command> make_check() { return std::make_unique<CheckCommand>(); }

}  // namespace hersurv::cli
