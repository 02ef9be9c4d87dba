// `table orr-ic`: intracranial response rates with exact limits (the data of the review's figure of intracranial
// response).
#include "hersurv/evidence.hpp"

#include "report/comparison_parts.hpp"
#include "report/regimens.hpp"
#include "report/shared_columns.hpp"
#include "support/words.hpp"
#include <algorithm>
#include <limits>

namespace hersurv::report {
namespace {

// One rate with its limits.
struct IntracranialRow {
    const catalogue::Trial* trial;
    std::optional<int> year;
    bool first;  // of its trial
    ResponseRow response;
    Number lower, upper;
    std::string limits_from;  // empty without limits
    double level;             // of the limits

    [[nodiscard]] const catalogue::Response& printed() const { return *response.response; }
};

// "22/31*".
std::string responders_of_evaluable(const ResponseRow& response) {
    std::string counts = "-";
    if (response.responders) counts = std::to_string(*response.responders) + (response.responders_derived ? "*" : "");
    if (response.evaluable)
        counts += "/" + std::to_string(*response.evaluable) + (response.evaluable_derived ? "*" : "");
    return counts;
}

Number responders_number(const ResponseRow& response) {
    if (!response.responders) return missing();
    return response.responders_derived ? Number::derived(*response.responders, 0)
                                       : Number::reported(*response.responders, 0);
}

Interval rate_interval(const IntracranialRow& row) {
    Interval interval{cell(row.printed().rate, true), std::nullopt, std::nullopt};
    if (row.limits_from.empty()) return interval;
    interval.lower = row.lower;
    interval.upper = row.upper;
    return interval;
}

Columns<IntracranialRow> intracranial_columns(const ComparisonOptions& options) {
    using Row = IntracranialRow;
    return {
        {once_columns("Trial", "trial"),
         [](const Row& row) {
             return OncePerGroup{row.first, row.trial->id};
         }},
        {once_columns("Year", "year"),
         [](const Row& row) {
             return OncePerGroup{row.first, year_cell(row.year)};
         }},
        {machine("drug_class"), [](const Row& row) { return class_of(*row.trial); }},
        {human("Arm"), [](const Row& row) { return text_or_nothing(arm_label(*row.trial, row.printed().arm)); }},
        {machine("arm"), [](const Row& row) { return text_or_nothing(row.printed().arm); }},
        {both("population", "Population"), [](const Row& row) { return text_or_nothing(row.printed().population); }},
        {human("Responders/n", true), [](const Row& row) { return responders_of_evaluable(row.response); }},
        {number_and_status("responders", "responders_status"),
         [](const Row& row) { return responders_number(row.response); }},
        {machine("evaluable"),
         [](const Row& row) -> Cell {
             if (!row.response.evaluable_derived) return count_cell(row.response.evaluable);
             return Number::derived(*row.response.evaluable, 0);
         }},
        {machine("evaluable_status"),
         [](const Row& row) {
             return std::string(word(row.response.evaluable_derived ? Status::derived
                                     : row.response.evaluable       ? Status::reported
                                                                    : Status::not_reported));
         }},
        {human("Rate, % (" + percent_text(options.interval.level) + " CI)", true), rate_interval},
        {number_and_status("rate", "status"), [](const Row& row) { return cell(row.printed().rate, true); }},
        {machine("lower"), &Row::lower},
        {machine("upper"), &Row::upper},
        {machine("limits_status"), [](const Row& row) { return status_word(row.lower); }},
        {machine("limits_from"), [](const Row& row) { return text_or_nothing(row.limits_from); }},
        {machine("level"), [](const Row& row) { return Number::reported(row.level, 2); }},
        {machine("criterion"), [](const Row& row) { return text_or_nothing(row.printed().criterion); }},
        {machine("source"), [](const Row& row) { return support::joined(row.response.sources, "; "); }},
        {machine("line"), [](const Row& row) { return line_cell(row.printed().from); }}};
}

IntracranialRow intracranial_row(const catalogue::Trial& trial, const std::optional<int>& year, bool first,
                                 const ResponseRow& response, double level) {
    const auto& printed = *response.response;
    if (response.responders && response.evaluable) {
        const auto limits = evidence::clopper_pearson(*response.responders, *response.evaluable, level);
        return {&trial,
                year,
                first,
                response,
                limit_cell(limits.lower, 1, true),
                limit_cell(limits.upper, 1, true),
                response.responders_derived || response.evaluable_derived ? "exact-from-rate" : "exact-from-counts",
                level};
    }
    return {&trial,
            year,
            first,
            response,
            cell(printed.lower, true),
            cell(printed.upper, true),
            printed.lower ? "printed" : "",
            printed.level};
}

// The year of the first rate that is not only the review's.
std::optional<int> year_of_rates(const catalogue::Trial& trial, const std::vector<ResponseRow>& responses) {
    return responses.empty() ? trial.year : year_of(trial, responses.front().response->from);
}

}  // namespace

Report orr_ic_table(const ComparisonInput& input, const ComparisonOptions& options) {
    Report report;
    report.title = "Intracranial response";
    Table& table = report.table;
    table.name = "orr-ic";
    table.caption = "Intracranial objective response rates, by year of the report";
    table.footnotes = {
        "CI: exact (Clopper-Pearson) if responders and evaluable patients are known, else as published.",
        "* Calculated from the published rate and the other count.",
        "Rates are not directly comparable: criteria (RECIST, RANO-BM), disease status (active, stable) and "
        "denominators differ."};
    std::vector<const catalogue::Trial*> shown;
    std::vector<std::vector<IntracranialRow>> by_trial;
    for (const catalogue::Trial* trial : input.trials) {
        const std::vector<ResponseRow> responses = response_rows(*trial, "ORR-IC");
        const auto year = year_of_rates(*trial, responses);
        std::vector<IntracranialRow> rows;
        for (const ResponseRow& response : responses)
            rows.push_back(intracranial_row(*trial, year, rows.empty(), response, options.interval.level));
        if (rows.empty()) continue;
        by_trial.push_back(std::move(rows));
        shown.push_back(trial);
    }
    std::ranges::stable_sort(by_trial, {}, [](const std::vector<IntracranialRow>& rows) {
        return rows.front().year.value_or(std::numeric_limits<int>::max());
    });
    std::vector<IntracranialRow> rows;
    for (const auto& of_trial : by_trial) rows.insert(rows.end(), of_trial.begin(), of_trial.end());
    intracranial_columns(options).fill(table, rows);
    if (std::string abbreviations = abbreviations_footnote(shown); !abbreviations.empty())
        table.footnotes.push_back(std::move(abbreviations));
    return report;
}

}  // namespace hersurv::report
