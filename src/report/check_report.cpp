// The report of `check`: what is found, what was claimed, and the published numbers beside those of the models.
#include "report/check_report.hpp"

#include "hersurv/records.hpp"

#include "render/columns.hpp"
#include "report/audit_words.hpp"
#include "report/numbers.hpp"
#include "support/number_text.hpp"
#include "support/words.hpp"
#include <algorithm>
#include <array>

namespace hersurv::report {
namespace {

using audit::Comparison;
using audit::Finding;
using audit::Severity;
using audit::Verdict;
using support::Json;

constexpr std::array severities = {Severity::error, Severity::warning, Severity::note};
constexpr std::array claim_verdicts = {audit::ClaimVerdict::holds, audit::ClaimVerdict::contradicted,
                                       audit::ClaimVerdict::undecided, audit::ClaimVerdict::uncheckable};
constexpr std::array verdicts = {Verdict::within_rounding, Verdict::within_tolerance, Verdict::outside,
                                 Verdict::not_comparable};

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

Cell derived(const std::optional<double>& value, int decimals) {
    return value ? Number::derived(*value, decimals) : missing();
}

Table machine_table(const study::Audit& outcome) {
    using Row = Comparison;
    const Columns<Row> columns = {
        {machine("trial"), &Row::trial},
        {machine("analysis"), &Row::analysis},
        {machine("endpoint"), &Row::endpoint},
        {machine("arm"), &Row::arm},
        {machine("statistic"), [](const Row& row) { return to_string(row.statistic); }},
        {machine("published"), [](const Row& row) { return cell(row.published); }},
        {machine("status"), [](const Row& row) { return status_word(cell(row.published)); }},
        {machine("reconstructed"), [](const Row& row) { return derived(row.reconstructed, 4); }},
        {machine("difference"), [](const Row& row) { return derived(row.difference, 4); }},
        {machine("tolerance"), [](const Row& row) { return derived(row.tolerance, 4); }},
        {machine("verdict"), [](const Row& row) { return std::string(audit::word(row.verdict)); }},
        {machine("model"), &Row::model},
        {machine("source"), &Row::source},
        {machine("line"), [](const Row& row) { return row.line ? Cell(static_cast<long>(*row.line)) : Cell(); }}};
    Table table;
    table.name = "comparisons";
    columns.fill(table, outcome.comparisons);
    return table;
}

// Narrow enough for a column beside six others.
std::string short_name(const catalogue::StatisticKey& statistic) {
    using Kind = catalogue::StatisticKey::Kind;
    using Side = catalogue::StatisticKey::Side;
    if (statistic.is_limit_of(Kind::median))
        return std::string("median (") + (statistic.side == Side::lower ? "lower" : "upper") + ")";
    if (statistic.is(Kind::hazard_ratio)) return "hazard ratio";
    if (statistic.is(Kind::p_value)) return "p-value";
    if (statistic.is(Kind::milestone)) return "S(" + support::shortest(statistic.time_months) + ")";
    return to_string(statistic);
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

// A comparison for people.
struct ComparisonRow {
    const Comparison* comparison;
    std::string group;  // analysis and model, on the first row of their group
    int decimals;       // of the published number
};

Columns<ComparisonRow> comparison_columns(bool with_verdict) {
    using Row = ComparisonRow;
    Columns<Row> columns = {
        {human("Analysis (model)"), &Row::group},
        {human("Arm"), [](const Row& row) { return row.comparison->arm; }},
        {human("Number"),
         [](const Row& row) {
             const Comparison& one = *row.comparison;
             return short_name(one.statistic) + (one.control.empty() ? "" : " v " + one.control);
         }},
        {human("Printed", true), [](const Row& row) { return cell(row.comparison->published); }},
        {human("Model", true), [](const Row& row) { return derived(row.comparison->reconstructed, row.decimals); }},
        {human("Tolerance", true), [](const Row& row) { return derived(row.comparison->tolerance, row.decimals); }}};
    if (with_verdict)
        columns.append({human("Met within"), [](const Row& row) { return met_within(row.comparison->verdict); }});
    return columns;
}

Table human_table(const study::Audit& outcome, bool all) {
    Table table;
    std::vector<ComparisonRow> rows;
    std::string group;
    for (const Comparison& one : outcome.comparisons) {
        if (!all && one.verdict != Verdict::outside) continue;
        const std::string name = one.trial + " " + one.analysis + " (" + one.model + ")";
        if (all && !group.empty() && name != group) table.rule_before.push_back(rows.size());
        rows.push_back(
            {&one, name == group ? "" : name, one.published.is_number() ? one.published.shown_decimals() : 1});
        group = name;
    }
    comparison_columns(all).fill(table, rows);
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
                        {"statistic", text_or_null(to_string(at.statistic))},
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
                        {"published", claim.value ? Json(catalogue::printed_text(*claim.value)) : Json()},
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

Json document_of(const study::Audit& outcome, const Table& table, bool with_notes) {
    Json::Array comparisons, findings, claims;
    for (const auto& row : table.rows) comparisons.push_back(row_object(table, row));
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
Section reach_section(const study::Audit& outcome, bool all) {
    Section section;
    if (outcome.n_trials > 0) section.paragraphs.push_back(compared_line(outcome) + ".");
    if (!outcome.claims.empty())
        section.paragraphs.push_back(claims_line(outcome) + (all ? "." : "; --all lists them."));
    return section;
}

Section claims_section(const study::Audit& outcome) {
    Section section;
    section.heading = "Claims";
    for (const auto& judged : outcome.claims) section.notes.push_back(words(judged));
    return section;
}

Section acknowledged_section(const study::Audit& outcome, bool all) {
    constexpr std::size_t reason_length = 90;
    Section section;
    section.heading = "Acknowledged";
    bool cut = false;
    for (const Finding& finding : outcome.findings) {
        if (!finding.acknowledged) continue;
        const std::string reason = all ? finding.acknowledgement : shortened(finding.acknowledgement, reason_length);
        cut = cut || reason != finding.acknowledgement;
        section.notes.push_back(finding.rule + " at " + place_words(finding) + ": " + reason);
    }
    if (cut) section.paragraphs.emplace_back("Long reasons are cut (...); --all prints them in full.");
    return section;
}

Section findings_section(const study::Audit& outcome, Severity severity, const std::string& heading) {
    Section section;
    section.heading = heading;
    section.tone = severity == Severity::error     ? Section::Tone::error
                   : severity == Severity::warning ? Section::Tone::warning
                                                   : Section::Tone::plain;
    for (const Finding& finding : outcome.findings) {
        // What a model does not follow is in the table of comparisons.
        if (finding.acknowledged || finding.severity != severity || finding.rule == "not-reproduced") continue;
        section.notes.push_back(finding.rule + " at " + place_words(finding) +
                                source_words(finding.source, finding.line) + ": " + finding.message);
    }
    return section;
}

}  // namespace

Report check_report(const study::Audit& outcome, bool all, bool with_notes) {
    Report report;
    report.table = machine_table(outcome);
    report.document = document_of(outcome, report.table, with_notes);
    report.problems = problems_of(outcome);
    report.title = summary_line(outcome);
    const auto add = [&](Section section) {
        if (!section.notes.empty() || section.table || !section.paragraphs.empty())
            report.sections.push_back(std::move(section));
    };
    add(reach_section(outcome, all));
    add(findings_section(outcome, Severity::error, "Errors"));
    add(findings_section(outcome, Severity::warning, "Warnings"));
    add(findings_section(outcome, Severity::note, "Notes"));

    add(acknowledged_section(outcome, all));
    if (all) add(claims_section(outcome));

    Section compared;
    compared.heading = all ? "Published and fitted values" : "Published values the model does not reproduce";
    compared.paragraphs.emplace_back(
        "Each value outside its tolerance is a note of the rule not-reproduced. Times are in months, S(t) is 0 to 1.");
    if (all || outcome.count(Verdict::outside) > 0) compared.table = human_table(outcome, all);
    for (const Comparison& row : outcome.comparisons)
        if (all && !row.remark.empty())
            compared.notes.push_back(row.trial + " " + row.analysis + " (" + row.model + "), " + row.arm + ", " +
                                     short_name(row.statistic) + ": " + row.remark);
    if (compared.table) add(std::move(compared));

    if (with_notes) {
        Section notes;
        notes.heading = "Notes of the records";
        for (const auto& record : outcome.notes)
            notes.notes.push_back((record.trial.empty() ? "catalogue" : record.trial) + ", " + record.note->kind +
                                  source_words(record.note->from.source, record.note->from.line) + ": " +
                                  record.note->text);
        add(std::move(notes));
    }
    return report;
}

std::string failure_line(const study::Audit& outcome) {
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
        counts += (counts.empty() ? "" : ", ") + support::counted(n, audit::word(severity));
        total += n;
    }
    if (total > 1) first += ", and " + std::to_string(total - 1) + " more";
    return counts + " (" + first + "); --format text or json prints the findings";
}

}  // namespace hersurv::report
