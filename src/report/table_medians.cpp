// `table medians`: published medians over the generations of therapy (the data of the review's figure of median
// survival).
#include "hersurv/support/number_text.hpp"

#include <fmt/format.h>

#include "cells.hpp"
#include "comparison_parts.hpp"

namespace hersurv::report {
namespace {

// "168/402 (42)".
Cell events_of_patients(const Number& events, const std::optional<int>& n_patients) {
    const auto present = present_value(events);
    if (!present && !n_patients) return {};
    const std::string n = n_patients ? std::to_string(*n_patients) : "-";
    if (!present) return "-/" + n;
    const std::string count = support::shortest(*present);
    if (!n_patients || *n_patients == 0) return count + '/' + n;
    return fmt::format("{}/{} ({})", count, n, support::fixed(100 * *present / *n_patients, 0));
}

}  // namespace

Report medians_table(const ComparisonInput& input, const ComparisonOptions&) {
    Report report;
    report.title = "Published medians";
    Table& table = report.table;
    table.name = "medians";
    const std::string endpoint = shared_endpoint(input.fits);
    table.caption = "Median " + (endpoint.empty() ? "survival" : endpoint) + " as published, by year of the report";
    table.columns = {human("Trial"),
                     machine("trial"),
                     human("Year"),
                     machine("year"),
                     human("Class"),
                     machine("drug_class"),
                     machine("analysis"),
                     endpoint_column(input.fits),
                     machine("population"),
                     both("arm", "Arm"),
                     machine("role"),
                     machine("regimen"),
                     machine("n_patients"),
                     human("Events/n (%)", true),
                     machine("events"),
                     machine("events_status"),
                     human("Median, months (95 % CI)", true),
                     machine("median"),
                     machine("status"),
                     machine("lower"),
                     machine("lower_status"),
                     machine("upper"),
                     machine("upper_status"),
                     machine("level"),
                     human("Difference, months (95 % CI)", true),
                     machine("difference"),
                     machine("difference_lower"),
                     machine("difference_upper"),
                     machine("difference_status"),
                     machine("source"),
                     machine("line")};
    table.footnotes = {
        "Difference: experimental minus control arm, out of the two printed medians; its limits out of theirs (MOVER), "
        "where both are printed.",
        "The analysis is the default one of each trial; populations and lines of therapy differ between trials."};
    for (const AnalysisFit* fit : by_year(input.fits)) {
        bool first = true;
        const auto year = year_of(*fit->trial, *fit->analysis);
        for (const auto& result : fit->analysis->arms) {
            const auto* arm = fit->trial->find_arm(result.arm);
            const auto median = printed_median(*fit->analysis, result.arm);
            const std::string control = control_of(*fit->trial, *fit->analysis, result.arm);
            const auto difference =
                control.empty() ? std::nullopt : printed_median_difference(*fit->analysis, result.arm, control);
            const Number value = median ? cell(median->value) : missing();
            const Number lower = median ? cell(median->lower) : missing(),
                         upper = median ? cell(median->upper) : missing();
            const auto events = first_print(result.events);
            const Number n_events = events ? cell(events->value) : missing();
            const int decimals = median ? median->value.decimals : 1;
            const Number gap = difference ? cell(*difference, decimals) : missing();
            if (first && !table.rows.empty()) table.rule_before.push_back(table.rows.size());
            table.rows.push_back({once(first, fit->trial->id),
                                  fit->trial->id,
                                  first ? year_cell(year) : Cell(),
                                  year_cell(year),
                                  once(first, class_of(*fit->trial)),
                                  class_of(*fit->trial),
                                  fit->analysis->id,
                                  fit->analysis->endpoint,
                                  text_or_nothing(fit->analysis->population),
                                  result.arm,
                                  text_or_nothing(arm != nullptr ? arm->role : ""),
                                  text_or_nothing(arm != nullptr ? arm->regimen : ""),
                                  count_cell(result.n_patients),
                                  events_of_patients(n_events, result.n_patients),
                                  n_events,
                                  status_word(n_events),
                                  median ? Cell(interval_cell(*median)) : Cell(missing()),
                                  value,
                                  status_word(value),
                                  lower,
                                  status_word(lower),
                                  upper,
                                  status_word(upper),
                                  median ? Cell(Number::reported(median->level, 2)) : Cell(),
                                  difference ? Cell(interval_cell(*difference, decimals)) : Cell(),
                                  gap,
                                  difference ? limit_cell(difference->lower, decimals) : missing(),
                                  difference ? limit_cell(difference->upper, decimals) : missing(),
                                  status_word(gap),
                                  text_or_nothing(median ? median->from.source : ""),
                                  median ? line_cell(median->from) : Cell()});
            first = false;
        }
    }
    return report;
}

}  // namespace hersurv::report
