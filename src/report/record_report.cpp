// The report of `show`: one row or line for every published number of a record, claims, notes and sources.
#include "report/record_report.hpp"

#include "render/columns.hpp"
#include "report/comparison_parts.hpp"
#include "report/numbers.hpp"
#include "report/published_numbers.hpp"
#include "report/record_digest.hpp"
#include "report/shared_columns.hpp"
#include "support/number_text.hpp"
#include "support/words.hpp"
#include <algorithm>
#include <cmath>
#include <set>

namespace hersurv::report {
namespace {

using catalogue::Analysis;
using catalogue::Provenance;
using catalogue::Trial;

// Counts have no decimals that --digits could ask for.
bool is_count(const PublishedNumber& published) {
    constexpr std::string_view counted[] = {"patients", "events", "studies"};
    const auto& value = published.number.value;
    return value.is_number() && value.value == std::floor(value.value) && std::abs(value.value) < 1e15 &&
           !published.has_limits() && std::ranges::find(counted, published.unit) != std::end(counted);
}

Cell value_cell(const PublishedNumber& published) {
    const auto& value = published.number.value;
    if (is_count(published)) return static_cast<long>(value.value);
    if (published.title == p_value_title)
        return std::string(published.relation == "=" ? "" : published.relation) + p_value_text(value);
    if (published.relation != "=" && value.is_number())
        return std::string(published.relation) + " " + support::fixed(value.value, value.decimals);
    return interval_cell(published.number, published.unit == "proportion");
}

// A published number of a trial in the machine formats.
struct RecordRow {
    const Trial* trial;
    PublishedNumber published;
};

Cell level_cell(const RecordRow& row) {
    const double level = row.published.number.level;
    return row.published.has_limits() ? Cell(Number::reported(level, support::decimals_of(level))) : Cell();
}

Columns<RecordRow> record_columns() {
    using Row = RecordRow;
    const auto column = [](const char* key, const Columns<Row>::CellOf& cell_of) -> Columns<Row> {
        return {both(key, key), cell_of};
    };
    const auto text = [&](const char* key, std::string PublishedNumber::*member) {
        return column(key, [member](const Row& row) { return row.published.*member; });
    };
    const auto value = [](const Row& row) { return cell(row.published.number.value); };
    const auto lower = [](const Row& row) { return cell(row.published.number.lower); };
    const auto upper = [](const Row& row) { return cell(row.published.number.upper); };
    const auto status = [](auto number) { return [number](const Row& row) { return status_word(number(row)); }; };
    return {column("trial", [](const Row& row) { return row.trial->id; }),
            text("analysis", &PublishedNumber::analysis),
            text("endpoint", &PublishedNumber::endpoint),
            text("arm", &PublishedNumber::arm),
            text("statistic", &PublishedNumber::statistic),
            column("value", value),
            column("lower", lower),
            column("upper", upper),
            column("status", status(value)),
            column("lower_status", status(lower)),
            column("upper_status", status(upper)),
            column("level", level_cell),
            column("source", [](const Row& row) { return row.published.number.from.source; }),
            column("line", [](const Row& row) { return line_cell(row.published.number.from); }),
            column("note",
                   [](const Row& row) {
                       const std::string other_unit = text_in_other_unit(row.published.number);
                       return joined_texts({other_unit.empty() ? "" : "published as " + other_unit,
                                            row.published.number.from.note, row.published.remark},
                                           "; ");
                   }),
            text("population", &PublishedNumber::population),
            text("unit", &PublishedNumber::unit),
            column("relation", [](const Row& row) { return std::string(row.published.relation); }),
            column("approximate", [](const Row& row) { return row.published.number.from.approximate; })};
}

Columns<PublishedNumber> shown_columns(bool with_population) {
    using Row = PublishedNumber;
    Columns<Row> columns = {{human("Arm"), &Row::arm_shown}, {human("Statistic"), &Row::title}};
    if (with_population) columns.append({human("Population"), &Row::population});
    columns.append({{human("Value (95% CI)", true), value_cell},
                    {human("Source"), [](const Row& row) { return row.number.from.source; }},
                    {human("Text line", true), [](const Row& row) { return line_cell(row.number.from); }}});
    return columns;
}

// What a number carries beside its value.
std::string remarks_of(const PublishedNumber& published) {
    constexpr double usual_level = 0.95;
    const Provenance& from = published.number.from;
    const bool unusual = published.has_limits() && published.number.level != usual_level;
    return joined_texts({from.approximate ? "the source says \"about\"" : "",
                         unusual ? percent_text(published.number.level) + " CI" : "", published.remark, from.note},
                        "; ");
}

// The numbers at risk of each arm and source in one row: "patients at risk (month: n), t-dxd: 0: 261, 1: 256
// [cortes2022]".
class AtRiskRows {
  public:
    void add(const PublishedNumber& number) {
        const std::pair key(number.arm_shown, number.number.from.source);
        auto row = std::ranges::find(rows_, key, &Row::first);
        if (row == rows_.end()) row = rows_.insert(row, {key, {}});
        row->second.push_back(support::shortest(*number.at_risk_months) + ": " +
                              catalogue::printed_text(number.number.value));
    }
    [[nodiscard]] std::vector<std::string> texts() const {
        std::vector<std::string> texts;
        for (const auto& [key, numbers] : rows_)
            texts.push_back("patients at risk (month: n)" + (key.first.empty() ? "" : ", " + key.first) + ": " +
                            support::joined(numbers) + (key.second.empty() ? "" : " [" + key.second + "]"));
        return texts;
    }

  private:
    using Row = std::pair<std::pair<std::string, std::string>, std::vector<std::string>>;
    std::vector<Row> rows_;
};

// The numbers as a table for people, with what the numbers carry as a list below it, the same remark once.
void set_table(Section& section, const std::vector<PublishedNumber>& numbers, bool with_population) {
    std::vector<PublishedNumber> shown;
    AtRiskRows at_risk;
    std::vector<std::pair<std::string, std::string>> by_remark;  // remark, labels of its numbers
    for (const PublishedNumber& number : numbers) {
        if (number.as_of_arm) continue;
        if (number.at_risk_months) {
            at_risk.add(number);
            continue;
        }
        shown.push_back(number);
        const std::string said = remarks_of(number);
        if (said.empty()) continue;
        const std::string label = (number.arm_shown.empty() ? "" : number.arm_shown + ", ") + number.title;
        const auto same = std::ranges::find(by_remark, said, &std::pair<std::string, std::string>::first);
        if (same == by_remark.end()) {
            by_remark.emplace_back(said, label);
        } else if (same->second.find(label) == std::string::npos) {
            same->second += "; " + label;
        }
    }
    for (const std::string& row : at_risk.texts()) section.notes.push_back(row);
    for (const auto& [said, labels] : by_remark) section.notes.push_back(labels + ": " + said);
    if (shown.empty()) return;
    shown_columns(with_population).fill(section.table.emplace(), shown);
}

// "Label: text" for what is not empty.
void add_fact(std::vector<std::string>& facts, const std::string& label, const std::string& text) {
    if (!text.empty()) facts.push_back(label + ": " + text);
}

Columns<catalogue::Arm> arm_columns() {
    using catalogue::Arm;
    return {{human("Arm"), &Arm::id},
            {human("Name"), &Arm::name},
            {human("Role"), &Arm::role},
            {human("Regimen"), &Arm::regimen},
            {human("Patients", true),
             [](const Arm& arm) { return arm.n_patients ? count_cell(arm.n_patients) : missing(); }}};
}

Section head_section(const Trial& trial) {
    Section section;
    section.heading = trial.id;
    std::vector<std::string> facts;
    add_fact(facts, "Also known as", support::joined(trial.aliases));
    add_fact(facts, "Class", trial.drug_class);
    add_fact(facts, "Agent", trial.agent);
    add_fact(facts, "Design", trial.design);
    add_fact(facts, "Phase", trial.phase);
    add_fact(facts, "Line of therapy", trial.line);
    add_fact(facts, "Year", trial.year ? std::to_string(*trial.year) : "");
    if (!facts.empty()) section.paragraphs.push_back(support::joined(facts, ". ") + ".");
    if (!trial.population.empty()) section.paragraphs.push_back("Population: " + trial.population + ".");
    if (!trial.arms.empty()) arm_columns().fill(section.table.emplace(), trial.arms);
    return section;
}

Section analysis_section(const Trial& trial, const Analysis& analysis, const std::vector<PublishedNumber>& numbers) {
    Section section;
    section.heading = trial.id + " " + analysis.id + ": " + analysis.endpoint +
                      (analysis.label.empty() ? "" : ", " + analysis.label) + (analysis.is_default ? " (default)" : "");
    std::vector<std::string> facts;
    add_fact(facts, "Population", analysis.population);
    add_fact(facts, "Data cutoff", analysis.data_cutoff);
    add_fact(facts, "Assessed by", analysis.assessed_by);
    if (analysis.assessment_interval_weeks)
        facts.push_back("Assessed every " + support::shortest(*analysis.assessment_interval_weeks) + " weeks");
    if (!facts.empty()) section.paragraphs.push_back(support::joined(facts, ". ") + ".");
    if (std::ranges::all_of(numbers, &PublishedNumber::as_of_arm)) {
        section.paragraphs.emplace_back("No result is reported.");
    } else {
        set_table(section, numbers, false);
    }
    return section;
}

void add_numbers(Report& report, const std::string& heading, const std::vector<PublishedNumber>& numbers) {
    if (numbers.empty()) return;
    Section section;
    section.heading = heading;
    set_table(section, numbers, true);
    report.sections.push_back(std::move(section));
}

std::string with_place(const std::string& text, const Provenance& from) {
    if (from.source.empty()) return text;
    return text + " [" + from.source + (from.line ? ", text line " + std::to_string(*from.line) : "") + "]";
}

std::string claim_text(const catalogue::Claim& claim) {
    std::string text = claim.id + " (" + claim.kind + ")";
    if (!claim.text.empty()) text += ": " + claim.text;
    if (claim.value)
        text += "; " + std::string(claim.kind == "exceeds" ? relation_sign(claim.relation) : "value") + " " +
                catalogue::printed_text(*claim.value) +
                (claim.unit.empty() || claim.value->unit != catalogue::TimeUnit::months ? "" : " " + claim.unit);
    if (!claim.direction.empty()) text += "; " + claim.direction;
    return text;
}

// What the sources say about the numbers, and notes on them.
void add_remarks(Report& report, const Trial& trial) {
    Section claims, notes;
    claims.heading = trial.id + ": claims";
    notes.heading = trial.id + ": notes";
    for (const catalogue::Claim& claim : trial.claims)
        claims.notes.push_back(with_place(claim_text(claim), claim.from));
    for (const catalogue::Note& note : trial.notes)
        notes.notes.push_back(with_place(note.kind + ": " + note.text, note.from));
    for (Section* section : {&claims, &notes})
        if (!section->notes.empty()) report.sections.push_back(std::move(*section));
}

std::string source_text(const catalogue::Source& source) {
    std::string text = source.key + ": " + source.citation;
    if (!source.doi.empty()) text += "; doi:" + source.doi;
    if (!source.pmid.empty()) text += "; PMID " + source.pmid;
    if (!source.nct.empty()) text += "; " + source.nct;
    if (!source.url.empty()) text += "; " + source.url;
    if (!source.kind.empty()) text += " (" + source.kind + ")";
    return text + (source.note.empty() ? "" : "; " + source.note);
}

// Keys of all sources that a record names.
std::set<std::string> sources_of_record(const Trial& trial) {
    const RecordReportOptions everything;
    std::set<std::string> keys;
    const auto add = [&](const std::vector<PublishedNumber>& numbers) {
        for (const PublishedNumber& number : numbers) keys.insert(number.number.from.source);
    };
    add(numbers_of_responses(trial, everything));
    add(numbers_of_measures(trial.measures, everything));
    for (const Analysis& analysis : trial.analyses) add(numbers_of_analysis(trial, analysis, everything));
    for (const catalogue::Claim& claim : trial.claims) keys.insert(claim.from.source);
    for (const catalogue::Note& note : trial.notes) keys.insert(note.from.source);
    return keys;
}

void add_sources(Report& report, const Trial& trial, const std::set<std::string>& keys) {
    Section section;
    section.heading = trial.id + ": sources";
    for (const std::string& key : keys) {
        const auto source = trial.sources.find(key);
        if (source != trial.sources.end()) section.notes.push_back(source_text(source->second));
    }
    if (!section.notes.empty()) report.sections.push_back(std::move(section));
}

// The sections of a record. Returns its numbers.
std::vector<PublishedNumber> add_record(Report& report, const ShownRecord& record, const RecordReportOptions& options) {
    const Trial& trial = *record.trial;
    const bool whole = !options.takes_endpoint && !options.analyses_named;
    std::vector<PublishedNumber> all;
    const auto keep = [&](std::vector<PublishedNumber> some) { std::ranges::move(some, std::back_inserter(all)); };
    report.sections.push_back(head_section(trial));
    if (whole) keep(numbers_of_arms(trial, options));
    for (const Analysis* analysis : record.analyses) {
        std::vector<PublishedNumber> some = numbers_of_analysis(trial, *analysis, options);
        report.sections.push_back(analysis_section(trial, *analysis, some));
        keep(std::move(some));
    }
    if (whole && trial.analyses.empty())
        report.sections.back().paragraphs.emplace_back("The catalogue has no survival results of this study.");
    if (!options.analyses_named) {
        std::vector<PublishedNumber> rates = numbers_of_responses(trial, options);
        add_numbers(report, trial.id + ": response rates", rates);
        keep(std::move(rates));
    }
    if (whole) {
        std::vector<PublishedNumber> measures = numbers_of_measures(trial.measures, options);
        add_numbers(report, trial.id + ": measures", measures);
        keep(std::move(measures));
        if (!options.takes_arm) add_remarks(report, trial);
    }
    if (record.analyses.empty() && all.empty() && !whole) {  // the filters took nothing of this trial
        report.sections.pop_back();
        return all;
    }
    std::set<std::string> sources;
    for (const PublishedNumber& number : all) sources.insert(number.number.from.source);
    add_sources(report, trial, whole && !options.takes_arm ? sources_of_record(trial) : sources);
    return all;
}

}  // namespace

Report record_report(const std::vector<ShownRecord>& records, const RecordReportOptions& options) {
    Report report;
    report.table.name = "numbers";
    std::vector<RecordRow> rows;
    for (const ShownRecord& record : records) {
        std::vector<Section> before = report.sections;
        for (PublishedNumber& number : add_record(report, record, options))
            rows.push_back({record.trial, std::move(number)});
        if (!options.digest) continue;
        report.sections = std::move(before);
        for (Section& section : digest_sections(record, options)) report.sections.push_back(std::move(section));
    }
    record_columns().fill(report.table, rows);
    if (records.empty()) report.sections.push_back({"", {"No trial is selected."}, std::nullopt, {}});
    return report;
}

}  // namespace hersurv::report
