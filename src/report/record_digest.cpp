// Chooses what a reader in a hurry needs of a record.
#include "report/record_digest.hpp"

#include <fmt/format.h>

#include "render/cells.hpp"
#include "render/columns.hpp"
#include "report/comparison_parts.hpp"
#include "report/numbers.hpp"
#include "report/published_numbers.hpp"
#include "support/number_text.hpp"
#include "support/words.hpp"
#include <algorithm>
#include <set>

namespace hersurv::report {
namespace {

using catalogue::Analysis;
using catalogue::ArmResult;
using catalogue::Contrast;
using catalogue::Trial;

// More do not fit beside a median and a hazard ratio in 80 columns.
constexpr std::size_t most_milestones = 2;

bool shows(const RecordReportOptions& options, const std::string& arm) {
    return !options.takes_arm || options.takes_arm(arm);
}

// The results of an arm, with its first comparison if it is the experimental one.
struct DigestRow {
    std::string arm, against;
    const ArmResult* result = nullptr;   // nullptr: the analysis has a comparison of the arm alone
    const Contrast* contrast = nullptr;  // nullptr: none
};

Cell statistic_cell(const catalogue::Statistics& statistics, bool percent = false) {
    const auto first = first_print(statistics);
    return first ? Cell(interval_cell(*first, percent)) : Cell(missing());
}

Cell count_of(const catalogue::Statistics& statistics) {
    const auto first = first_print(statistics);
    return first ? Cell(cell(first->value)) : Cell(missing());
}

Cell milestone_cell(const DigestRow& row, double time_months) {
    if (row.result != nullptr)
        for (const catalogue::Milestone& milestone : row.result->milestones)
            if (milestone.time_months == time_months) return statistic_cell(milestone.survival, true);
    return missing();
}

std::vector<DigestRow> digest_rows(const Analysis& analysis, const RecordReportOptions& options) {
    std::vector<DigestRow> rows;
    for (const ArmResult& result : analysis.arms)
        if (shows(options, result.arm)) rows.push_back({result.arm, "", &result, nullptr});
    for (const Contrast& contrast : analysis.contrasts) {
        if (!shows(options, contrast.experimental)) continue;
        const auto free = std::ranges::find_if(
            rows, [&](const DigestRow& row) { return row.arm == contrast.experimental && row.contrast == nullptr; });
        DigestRow& row = free != rows.end() ? *free : rows.emplace_back(DigestRow{contrast.experimental, "", {}, {}});
        row.contrast = &contrast;
        row.against = contrast.control;
    }
    return rows;
}

// The last times of the analysis: they say most.
std::vector<double> milestone_times(const std::vector<DigestRow>& rows) {
    std::set<double> times;
    for (const DigestRow& row : rows)
        if (row.result != nullptr)
            for (const catalogue::Milestone& milestone : row.result->milestones) times.insert(milestone.time_months);
    std::vector<double> all(times.begin(), times.end());
    if (all.size() > most_milestones) all.erase(all.begin(), all.end() - most_milestones);
    return all;
}

Columns<DigestRow> digest_columns(const std::vector<DigestRow>& rows) {
    const auto any = [&](auto&& has) { return std::ranges::any_of(rows, has); };
    Columns<DigestRow> columns = {{human("Arm"), &DigestRow::arm}};
    if (any([](const DigestRow& row) { return row.result != nullptr && row.result->n_patients; }))
        columns.append({human("n", true), [](const DigestRow& row) {
                            return row.result != nullptr ? count_cell(row.result->n_patients) : Cell(missing());
                        }});
    if (any([](const DigestRow& row) { return row.result != nullptr && !row.result->events.empty(); }))
        columns.append({human("Events", true), [](const DigestRow& row) {
                            return row.result != nullptr ? count_of(row.result->events) : Cell(missing());
                        }});
    if (any([](const DigestRow& row) { return row.result != nullptr && !row.result->median.empty(); }))
        columns.append({human("Median, months", true), [](const DigestRow& row) {
                            return row.result != nullptr ? statistic_cell(row.result->median) : Cell(missing());
                        }});
    for (const double time : milestone_times(rows))
        columns.append({human("S(" + support::shortest(time) + "), %", true),
                        [time](const DigestRow& row) { return milestone_cell(row, time); }});
    if (any([](const DigestRow& row) { return row.contrast != nullptr && !row.contrast->hazard_ratio.empty(); }))
        columns.append({human("HR", true), [](const DigestRow& row) {
                            return row.contrast != nullptr ? statistic_cell(row.contrast->hazard_ratio) : Cell();
                        }});
    if (any([](const DigestRow& row) { return row.contrast != nullptr && !row.contrast->p_values.empty(); }))
        columns.append({human("p", true), [](const DigestRow& row) {
                            return row.contrast != nullptr && !row.contrast->p_values.empty()
                                       ? Cell(p_value_text(row.contrast->p_values.front()))
                                       : Cell();
                        }});
    return columns;
}

std::string follow_up_words(const Analysis& analysis, const RecordReportOptions& options) {
    std::vector<std::string> medians;
    for (const ArmResult& result : analysis.arms) {
        if (!shows(options, result.arm) || result.follow_up.empty()) continue;
        std::string text = printed_text(result.follow_up.front().median_months);
        if (std::ranges::find(medians, text) == medians.end()) medians.push_back(std::move(text));
    }
    return medians.empty() ? "" : "median follow-up " + support::joined(medians, " and ") + " months";
}

std::string sources_words(const Analysis& analysis) {
    std::set<std::string> keys;
    const auto add = [&](const catalogue::Statistics& statistics) {
        for (const catalogue::Statistic& statistic : statistics) keys.insert(statistic.from.source);
    };
    for (const ArmResult& result : analysis.arms) {
        add(result.median);
        for (const catalogue::Milestone& milestone : result.milestones) add(milestone.survival);
    }
    for (const Contrast& contrast : analysis.contrasts) add(contrast.hazard_ratio);
    keys.erase("");
    return keys.empty() ? "" : "source: " + support::joined({keys.begin(), keys.end()});
}

bool any_limits(const Table& table) {
    const auto has = [](const Cell& cell) {
        const auto* const interval = std::get_if<Interval>(&cell);
        return interval != nullptr && prints_limits(*interval);
    };
    return std::ranges::any_of(table.rows, [&](const auto& row) { return std::ranges::any_of(row, has); });
}

Section endpoint_section(const Analysis& analysis, const std::vector<const Analysis*>& others,
                         const RecordReportOptions& options) {
    Section section;
    section.heading = fmt::format("{} ({})", analysis.endpoint, analysis.id);
    section.paragraphs.push_back(
        joined_texts({analysis.label, analysis.population,
                      analysis.data_cutoff.empty() ? "" : "data cut-off " + analysis.data_cutoff,
                      follow_up_words(analysis, options), sources_words(analysis)},
                     "; "));
    if (section.paragraphs.back().empty()) section.paragraphs.pop_back();
    const std::vector<DigestRow> rows = digest_rows(analysis, options);
    if (rows.empty()) {
        section.paragraphs.emplace_back("No result is reported.");
    } else {
        digest_columns(rows).fill(section.table.emplace(), rows);
        std::vector<std::string> against;
        for (const DigestRow& row : rows)
            if (row.contrast != nullptr && std::ranges::find(against, row.against) == against.end())
                against.push_back(row.against);
        std::vector<std::string> words;
        if (any_limits(*section.table)) words.emplace_back("In brackets: 95% CI.");
        if (against.size() == 1) words.push_back("HR: hazard ratio v " + against.front() + ".");
        if (!words.empty()) section.table->footnotes.push_back(support::joined(words, " "));
    }
    if (!others.empty()) {
        std::vector<std::string> ids;
        for (const Analysis* other : others) ids.push_back(other->id);
        section.notes.push_back(fmt::format("other {} analyses: {}", analysis.endpoint, support::joined(ids)));
    }
    return section;
}

struct RateRow {
    std::string endpoint;
    ResponseRow of;
};

Section response_section(const Trial& trial, const RecordReportOptions& options) {
    std::vector<RateRow> rows;
    std::vector<std::string> endpoints;
    for (const catalogue::Response& response : trial.responses)
        if (std::ranges::find(endpoints, response.endpoint) == endpoints.end()) endpoints.push_back(response.endpoint);
    for (const std::string& endpoint : endpoints) {
        if (options.takes_endpoint && !options.takes_endpoint(endpoint)) continue;
        for (ResponseRow& row : response_rows(trial, endpoint))
            if (row.response != nullptr && shows(options, row.response->arm))
                rows.push_back({endpoint, std::move(row)});
    }
    Section section;
    if (rows.empty()) return section;
    section.heading = "Response rates";
    const Columns<RateRow> columns = {
        {human("Endpoint"), &RateRow::endpoint},
        {human("Arm"), [](const RateRow& row) { return row.of.response->arm; }},
        {human("Rate, % (95% CI)", true),
         [](const RateRow& row) -> Cell {
             const catalogue::Response& response = *row.of.response;
             Interval interval{cell(response.rate, true), std::nullopt, std::nullopt};
             if (response.lower) interval.lower = cell(*response.lower, true);
             if (response.upper) interval.upper = cell(*response.upper, true);
             return interval;
         }},
        {human("n", true), [](const RateRow& row) { return count_cell(row.of.evaluable); }},
        {human("Population"), [](const RateRow& row) { return row.of.response->population; }}};
    columns.fill(section.table.emplace(), rows);
    return section;
}

Section digest_head(const Trial& trial) {
    Section section;
    section.heading = trial.id;
    const std::string facts = joined_texts(
        {trial.design, trial.phase.empty() ? "" : "phase " + trial.phase,
         trial.line.empty() ? "" : "line: " + trial.line,
         trial.agent + (trial.drug_class.empty() || trial.agent.empty() ? "" : " (" + trial.drug_class + ")"),
         trial.year ? std::to_string(*trial.year) : ""},
        "; ");
    const std::string names = trial.aliases.empty() ? "" : "Also known as " + support::joined(trial.aliases);
    const std::string population = trial.population;
    const std::string text = joined_texts({population, facts, names}, ". ");
    if (!text.empty()) section.paragraphs.push_back(text + ".");
    std::vector<catalogue::Arm> arms = trial.arms;
    if (!arms.empty()) {
        const Columns<catalogue::Arm> columns = {{human("Arm"), &catalogue::Arm::id},
                                                 {human("Name"), &catalogue::Arm::name},
                                                 {human("Role"), &catalogue::Arm::role},
                                                 {human("n", true), [](const catalogue::Arm& arm) {
                                                      return arm.n_patients ? count_cell(arm.n_patients) : missing();
                                                  }}};
        columns.fill(section.table.emplace(), arms);
    }
    return section;
}

// What the digest leaves out.
std::string left_out(const Trial& trial) {
    std::vector<std::string> parts;
    const auto add = [&](std::size_t count, const char* one, const char* several) {
        if (count > 0) parts.push_back(support::counted(count, one, several));
    };
    add(trial.notes.size(), "note", "notes");
    add(trial.claims.size(), "claim", "claims");
    add(trial.measures.size(), "measure", "measures");
    add(trial.sources.map().size(), "source", "sources");
    return fmt::format("The whole record{}: hersurv show {} --all",
                       parts.empty() ? "" : ", with " + support::joined(parts), trial.id);
}

}  // namespace

std::vector<Section> digest_sections(const ShownRecord& record, const RecordReportOptions& options) {
    const Trial& trial = *record.trial;
    std::vector<Section> sections{digest_head(trial)};
    std::vector<std::string> endpoints;
    for (const Analysis* analysis : record.analyses)
        if (std::ranges::find(endpoints, analysis->endpoint) == endpoints.end())
            endpoints.push_back(analysis->endpoint);
    for (const std::string& endpoint : endpoints) {
        std::vector<const Analysis*> of_endpoint;
        for (const Analysis* analysis : record.analyses)
            if (analysis->endpoint == endpoint) of_endpoint.push_back(analysis);
        std::ranges::stable_sort(of_endpoint, {}, [](const Analysis* analysis) { return !analysis->is_default; });
        sections.push_back(
            endpoint_section(*of_endpoint.front(), {of_endpoint.begin() + 1, of_endpoint.end()}, options));
    }
    if (trial.analyses.empty() && !options.takes_endpoint)
        sections.back().paragraphs.emplace_back("The catalogue has no survival results of this study.");
    if (Section rates = response_section(trial, options); rates.table) sections.push_back(std::move(rates));
    if (sections.size() == 1 && options.takes_endpoint) return {};  // the filters took nothing of this trial
    Section rest;
    rest.paragraphs.push_back(left_out(trial));
    sections.push_back(std::move(rest));
    return sections;
}

}  // namespace hersurv::report
