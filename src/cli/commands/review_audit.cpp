// `__review-audit`: what the reviews of the catalogue print, what their sources print, and what does not fit, as
// Markdown, which docs/review-audit.md holds. Nothing in it is typed in: it is the rules' findings and the record.
#include "hersurv/audit/place.hpp"
#include "hersurv/audit/rules.hpp"
#include "hersurv/catalogue/places.hpp"

#include "cli/command.hpp"
#include "render/columns.hpp"
#include "render/formats.hpp"
#include "report/numbers.hpp"
#include <algorithm>

namespace hersurv::cli {
namespace {

using audit::Finding;
using catalogue::Catalogue;
using catalogue::Place;
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
render::Columns<Row> line_column() {
    return {render::human("Line"), [](const Row& row) { return row.line ? std::to_string(*row.line) : ""; }};
}

template <class Row>
render::Table sorted_table(std::vector<Row> rows, const render::Columns<Row>& columns) {
    std::ranges::stable_sort(rows, {}, [](const Row& row) { return row.line.value_or(0); });
    render::Table table;
    columns.fill(table, rows);
    return table;
}

render::Columns<FoundRow> found_columns() {
    using Row = FoundRow;
    return {line_column<Row>(),
            {render::human("Place"), &Row::place},
            {render::human("Rule"), [](const Row& row) { return row.finding->rule; }},
            {render::human("Severity"), [](const Row& row) { return std::string(audit::word(row.finding->severity)); }},
            {render::human("Finding"), [](const Row& row) { return row.finding->message; }},
            {render::human("Known"),
             [](const Row& row) { return row.finding->acknowledged ? row.finding->acknowledgement : ""; }}};
}

render::Columns<ClaimRow> claim_columns() {
    using Row = ClaimRow;
    return {line_column<Row>(),
            {render::human("Trial"),
             [](const Row& row) { return row.judged->trial.empty() ? "across trials" : row.judged->trial; }},
            {render::human("Claim"), [](const Row& row) { return row.judged->claim->text; }},
            {render::human("Arithmetic"), [](const Row& row) { return row.judged->arithmetic; }},
            {render::human("Verdict"), [](const Row& row) { return std::string(audit::word(row.judged->verdict)); }}};
}

render::Columns<NumberRow> number_columns() {
    using Row = NumberRow;
    return {line_column<Row>(),
            {render::human("Trial"), &Row::trial},
            {render::human("Arm"), &Row::arm},
            {render::human("Number"), &Row::number},
            {render::human("Review"), &Row::review},
            {render::human("Other sources"), &Row::others},
            {render::human("Verdict"), &Row::verdict}};
}

render::Columns<NoteRow> note_columns() {
    using Row = NoteRow;
    return {line_column<Row>(), {render::human("Trial"), &Row::subject}, {render::human("Note"), &Row::text}};
}

class ReviewAudit {
  public:
    explicit ReviewAudit(const Catalogue& catalogue) : catalogue_(catalogue) {
        std::vector<audit::NoteOfRecord> notes;
        const auto add = [&](const audit::Subject& subject) {
            std::ranges::move(audit::check_subject(subject), std::back_inserter(findings_));
            std::ranges::move(audit::judge_claims(subject), std::back_inserter(claims_));
        };
        for (const Trial& trial : catalogue.trials) {
            add({&trial, &catalogue});
            for (const auto& note : trial.notes) notes.push_back({&note, trial.id, trial.file});
        }
        add({nullptr, &catalogue});
        for (const auto& note : catalogue.notes) notes.push_back({&note, "", catalogue.file});
        audit::acknowledge(notes, findings_);
        audit::carry_acknowledgements(findings_, claims_);
        notes_ = std::move(notes);
    }

    std::string markdown() {
        render::Report page;
        page.title = "What the review prints, and what does not fit";
        page.sections.push_back(
            {"",
             {"This page is generated from the built-in catalogue and the rules of check, by the program's command "
              "__review-audit. Lines are those of the review's text. Nothing "
              "but the last section is written by hand there: it holds the notes of the record that "
              "arithmetic cannot show.",
              "The review: " + citations() + "."},
             {},
             {}});
        page.sections.push_back(found());
        page.sections.push_back(claims());
        page.sections.push_back(numbers());
        page.sections.push_back(rest());
        return render::find_format("markdown")->render(page, {});
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

    [[nodiscard]] render::Section found() const {
        std::vector<FoundRow> rows;
        for (const Finding& finding : findings_) {
            // At a number of the review, or at one of another source that a note about the review speaks of.
            std::optional<int> line = finding.line;
            if (review(finding.source) == nullptr) {
                const auto about = std::ranges::find_if(notes_, [&](const audit::NoteOfRecord& record) {
                    return review(record.note->from.source) != nullptr && audit::acknowledges(record, finding);
                });
                if (about == notes_.end()) continue;
                line = about->note->from.line;
            }
            Place at = finding.at;
            at.source.clear();
            rows.push_back({line, catalogue::describe(at), &finding});
        }
        return {"What does not fit",
                {"Findings of the rules at numbers and claims of the review, or at numbers that a note about the "
                 "review speaks "
                 "of. The last column is the reason of the note "
                 "that acknowledges a finding."},
                sorted_table(std::move(rows), found_columns()),
                {}};
    }

    [[nodiscard]] render::Section claims() const {
        std::vector<ClaimRow> rows;
        for (const audit::JudgedClaim& judged : claims_)
            if (review(judged.claim->from.source) != nullptr) rows.push_back({judged.claim->from.line, &judged});
        return {"Claims",
                {"What the review computes, compares or repeats, and what its numbers say of it."},
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
            const bool differs = std::ranges::any_of(findings_, [&](const Finding& finding) {
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
        const auto of_statistic = [](const catalogue::Statistic& print) { return audit::words(print); };
        const auto at = [&](const std::string& arm, const std::string& statistic) {
            Place place;
            place.trial = trial.id;
            place.analysis = analysis.id;
            place.arm = arm;
            place.statistic = statistic;
            return place;
        };
        const std::string of = " " + analysis.endpoint + " (" + analysis.id + ")";
        for (const auto& result : analysis.arms) {
            compare(rows, at(result.arm, "median"), "median" + of, result.median, of_statistic);
            compare(rows, at(result.arm, "events"), "events" + of, result.events, of_statistic);
            for (const auto& milestone : result.milestones) {
                const std::string name = audit::milestone_name(milestone.time_months);
                compare(rows, at(result.arm, name), name + of, milestone.survival, of_statistic);
            }
        }
        for (const auto& contrast : analysis.contrasts) {
            compare(rows, at(contrast.experimental, "hazard_ratio"), "hazard ratio" + of, contrast.hazard_ratio,
                    of_statistic);
            compare(rows, at(contrast.experimental, "p_value"), "p-value" + of, contrast.p_values,
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

    [[nodiscard]] render::Section numbers() const {
        std::vector<NumberRow> rows;
        for (const Trial& trial : catalogue_.trials) {
            for (const auto& analysis : trial.analyses) compare_analysis(rows, trial, analysis);
            compare_responses(rows, trial);
        }
        return {"Numbers of the review and of its sources",
                {"Times in months, survival and rates 0 to 1. \"agrees\" means within the rounding of both."},
                sorted_table(std::move(rows), number_columns()),
                {}};
    }

    [[nodiscard]] render::Section rest() const {
        std::vector<NoteRow> rows;
        for (const auto& record : notes_) {
            const auto& note = *record.note;
            if (note.kind != "discrepancy" || !note.rule.empty() || review(note.from.source) == nullptr) continue;
            rows.push_back({note.from.line, record.trial.empty() ? "review" : record.trial, note.text});
        }
        return {"What arithmetic cannot show",
                {"Notes of the record of kind discrepancy without a rule, as check --notes lists them."},
                sorted_table(std::move(rows), note_columns()),
                {}};
    }

    const Catalogue& catalogue_;
    std::vector<Finding> findings_;
    std::vector<audit::JudgedClaim> claims_;
    std::vector<audit::NoteOfRecord> notes_;
};

class ReviewAuditCommand : public Command {
  public:
    void setup(OptionTable& /*options*/) override {}
    Answer run(Context& context) override {
        return {ReviewAudit(context.library.all()).markdown(), support::ExitCode::ok};
    }
};

}  // namespace

std::unique_ptr<Command> make_review_audit() { return std::make_unique<ReviewAuditCommand>(); }

}  // namespace hersurv::cli
