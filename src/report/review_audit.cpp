// What the reviews of a catalogue and their sources report, and where they disagree. Nothing in it is typed in: it
// is the rules' findings and the record.
#include "report/review_audit.hpp"

#include "hersurv/audit.hpp"
#include "hersurv/records.hpp"

#include "audit/place.hpp"
#include "render/columns.hpp"
#include "report/numbers.hpp"
#include <algorithm>

namespace hersurv::report {
namespace {

using audit::Finding;
using catalogue::Catalogue;
using catalogue::Place;
using catalogue::StatisticKey;
using catalogue::Trial;

// Rows of the tables, each with the line of the review that it is sorted by.
struct FoundRow {
    std::optional<int> line;
    std::string place;
    const Finding* finding;
};
struct ClaimRow {
    std::optional<int> line;
    const audit::JudgedClaim* judged;
};
struct NumberRow {
    std::optional<int> line;
    std::string trial, arm, number, review, others, verdict;
};
struct NoteRow {
    std::optional<int> line;
    std::string subject, text;
};

template <class Row>
Columns<Row> line_column() {
    return {human("Line"), [](const Row& row) { return row.line ? std::to_string(*row.line) : ""; }};
}

template <class Row>
Table sorted_table(std::vector<Row> rows, const Columns<Row>& columns) {
    std::ranges::stable_sort(rows, {}, [](const Row& row) { return row.line.value_or(0); });
    Table table;
    columns.fill(table, rows);
    return table;
}

Columns<FoundRow> found_columns() {
    using Row = FoundRow;
    return {
        line_column<Row>(),
        {human("Place"), &Row::place},
        {human("Rule"), [](const Row& row) { return row.finding->rule; }},
        {human("Severity"), [](const Row& row) { return std::string(audit::word(row.finding->severity)); }},
        {human("Finding"), [](const Row& row) { return row.finding->message; }},
        {human("Known"), [](const Row& row) { return row.finding->acknowledged ? row.finding->acknowledgement : ""; }}};
}

Columns<ClaimRow> claim_columns() {
    using Row = ClaimRow;
    return {line_column<Row>(),
            {human("Trial"),
             [](const Row& row) { return row.judged->trial.empty() ? "across trials" : row.judged->trial; }},
            {human("Claim"), [](const Row& row) { return row.judged->claim->text; }},
            {human("Arithmetic"), [](const Row& row) { return row.judged->arithmetic; }},
            {human("Verdict"), [](const Row& row) { return std::string(audit::word(row.judged->verdict)); }}};
}

Columns<NumberRow> number_columns() {
    using Row = NumberRow;
    return {line_column<Row>(),
            {human("Trial"), &Row::trial},
            {human("Arm"), &Row::arm},
            {human("Number"), &Row::number},
            {human("Review"), &Row::review},
            {human("Other sources"), &Row::others},
            {human("Verdict"), &Row::verdict}};
}

Columns<NoteRow> note_columns() {
    using Row = NoteRow;
    return {line_column<Row>(), {human("Trial"), &Row::subject}, {human("Note"), &Row::text}};
}

class ReviewAudit {
  public:
    ReviewAudit(const Catalogue& catalogue, int threads) : catalogue_(catalogue) {
        std::vector<const Trial*> trials;
        for (const Trial& trial : catalogue.trials) trials.push_back(&trial);
        study::audit_records(trials, catalogue, true, threads, audit_);
    }

    Report report() {
        Report page;
        page.title = "Audit of the review";
        page.sections.push_back(
            {"",
             {"This page is generated from the built-in catalogue and the rules of check, with the command "
              "__review-audit. Lines are those of the text of the review. Only the last section was written by hand, "
              "as notes in the record: it has discrepancies that arithmetic cannot show.",
              "The review: " + citations() + "."},
             {},
             {}});
        page.sections.push_back(found());
        page.sections.push_back(claims());
        page.sections.push_back(numbers());
        page.sections.push_back(rest());
        return page;
    }

  private:
    [[nodiscard]] const catalogue::Source* review(const std::string& key) const {
        const auto source = catalogue_.sources.find(key);
        return source != catalogue_.sources.end() && source->second.kind == "review" ? &source->second : nullptr;
    }

    [[nodiscard]] std::string citations() const {
        std::string text;
        for (const auto& [key, source] : catalogue_.sources)
            if (source.kind == "review") text += (text.empty() ? "" : "; ") + source.citation;
        return text;
    }

    [[nodiscard]] Section found() const {
        std::vector<FoundRow> rows;
        for (const Finding& finding : audit_.findings) {
            // At a number of the review, or at one of another source that a note about the review refers to.
            std::optional<int> line = finding.line;
            if (review(finding.source) == nullptr) {
                const auto about = std::ranges::find_if(audit_.notes, [&](const audit::NoteOfRecord& record) {
                    return review(record.note->from.source) != nullptr && audit::acknowledges(record, finding);
                });
                if (about == audit_.notes.end()) continue;
                line = about->note->from.line;
            }
            Place at = finding.at;
            at.source.clear();
            rows.push_back({line, catalogue::describe(at), &finding});
        }
        return {"Discrepancies",
                {"Findings of the rules about values and claims of the review, or about values named in a note on the "
                 "review. The last column has the reason given in the note that acknowledges the finding."},
                sorted_table(std::move(rows), found_columns()),
                {}};
    }

    [[nodiscard]] Section claims() const {
        std::vector<ClaimRow> rows;
        for (const audit::JudgedClaim& judged : audit_.claims)
            if (review(judged.claim->from.source) != nullptr) rows.push_back({judged.claim->from.line, &judged});
        return {"Claims",
                {"What the review computes, compares or restates, and whether it follows from the values."},
                sorted_table(std::move(rows), claim_columns()),
                {}};
    }

    // A number of the review beside those of the other sources of the same number.
    template <typename Print, typename Words>
    void compare(std::vector<NumberRow>& rows, const Place& at, const std::string& what,
                 const std::vector<Print>& prints, const Words& words_of) const {
        for (const Print& print : prints) {
            if (review(print.from.source) == nullptr) continue;
            std::string others;
            for (const Print& other : prints)
                if (review(other.from.source) == nullptr)
                    others += (others.empty() ? "" : "; ") + words_of(other) + " (" + other.from.source + ")";
            const bool differs = std::ranges::any_of(audit_.findings, [&](const Finding& finding) {
                return finding.rule == "sources-disagree" && finding.at.trial == at.trial &&
                       finding.at.analysis == at.analysis && finding.at.arm == at.arm &&
                       finding.at.statistic == at.statistic &&
                       (finding.at.source == print.from.source || prints.front().from.source == print.from.source);
            });
            std::string verdict = others.empty() ? "no other source" : differs ? "differs" : "agrees";
            rows.push_back({print.from.line, at.trial, at.arm, what, words_of(print), others, verdict});
        }
    }

    void compare_analysis(std::vector<NumberRow>& rows, const Trial& trial, const catalogue::Analysis& analysis) const {
        using Kind = StatisticKey::Kind;
        const auto of_statistic = [](const catalogue::Statistic& print) { return audit::words(print); };
        const auto at = [&](const std::string& arm, const StatisticKey& statistic) {
            Place place;
            place.trial = trial.id;
            place.analysis = analysis.id;
            place.arm = arm;
            place.statistic = statistic;
            return place;
        };
        const std::string of = " " + analysis.endpoint + " (" + analysis.id + ")";
        for (const auto& result : analysis.arms) {
            compare(rows, at(result.arm, {Kind::median}), "median" + of, result.median, of_statistic);
            compare(rows, at(result.arm, {Kind::events}), "events" + of, result.events, of_statistic);
            for (const auto& milestone : result.milestones) {
                const StatisticKey key = StatisticKey::milestone_at(milestone.time_months);
                compare(rows, at(result.arm, key), to_string(key) + of, milestone.survival, of_statistic);
            }
        }
        for (const auto& contrast : analysis.contrasts) {
            compare(rows, at(contrast.experimental, {Kind::hazard_ratio}), "hazard ratio" + of, contrast.hazard_ratio,
                    of_statistic);
            compare(rows, at(contrast.experimental, {Kind::p_value}), "p-value" + of, contrast.p_values,
                    [](const catalogue::PValue& p) { return audit::words(p); });
        }
    }

    // Rates that the record holds twice, once of the review: of one endpoint and arm.
    void compare_responses(std::vector<NumberRow>& rows, const Trial& trial) const {
        for (const auto& response : trial.responses) {
            if (review(response.from.source) == nullptr) continue;
            std::string others;
            bool same = false;
            for (const auto& other : trial.responses) {
                if (other.endpoint != response.endpoint || other.arm != response.arm ||
                    review(other.from.source) != nullptr)
                    continue;
                same = same || other.rate == response.rate;
                others += (others.empty() ? "" : "; ") + audit::printed_text(other.rate) +
                          (other.population.empty() ? "" : ", " + other.population) + " (" + other.from.source + ")";
            }
            rows.push_back({response.from.line, trial.id, response.arm,
                            response.endpoint + (response.population.empty() ? "" : " (" + response.population + ")"),
                            audit::printed_text(response.rate), others,
                            others.empty() ? "no other source"
                            : same         ? "agrees"
                                           : "see the others"});
        }
    }

    [[nodiscard]] Section numbers() const {
        std::vector<NumberRow> rows;
        for (const Trial& trial : catalogue_.trials) {
            for (const auto& analysis : trial.analyses) compare_analysis(rows, trial, analysis);
            compare_responses(rows, trial);
        }
        return {"Values of the review and of its sources",
                {"Times in months, survival and rates 0 to 1. \"agrees\" means within the rounding of both."},
                sorted_table(std::move(rows), number_columns()),
                {}};
    }

    [[nodiscard]] Section rest() const {
        std::vector<NoteRow> rows;
        for (const auto& record : audit_.notes) {
            const auto& note = *record.note;
            if (note.kind != "discrepancy" || !note.rule.empty() || review(note.from.source) == nullptr) continue;
            rows.push_back({note.from.line, record.trial.empty() ? "review" : record.trial, note.text});
        }
        return {"Discrepancies that arithmetic cannot show",
                {"Notes of kind discrepancy in the record without a rule, as listed by check --notes."},
                sorted_table(std::move(rows), note_columns()),
                {}};
    }

    const Catalogue& catalogue_;
    study::Audit audit_;
};

}  // namespace

Report review_audit(const Catalogue& catalogue, int threads) { return ReviewAudit(catalogue, threads).report(); }

}  // namespace hersurv::report
