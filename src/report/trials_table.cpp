// The trials of a selection with their design, endpoints and numbers of patients.
#include "report/trials_table.hpp"

#include "render/columns.hpp"
#include "report/comparison_parts.hpp"
#include "report/numbers.hpp"
#include <algorithm>

namespace hersurv::report {
namespace {

constexpr const char* patients_footnote =
    "Patients: of all arms; if arms share patients or one has no number, of the arms that the trial's default "
    "analysis (of OS, if it has one) compares, or of its only arm.";

Status status_of_patients(const TrialSummary& summary) {
    if (!summary.n_patients) return Status::not_reported;
    return summary.patients_summed ? Status::derived : Status::reported;
}

Cell patients_cell(const TrialSummary& summary) {
    if (!summary.n_patients) return Number::missing(Status::not_reported);
    return *summary.n_patients;
}

Columns<TrialSummary> trial_columns() {
    using Row = TrialSummary;
    return {{both("trial", "Trial"), [](const Row& row) { return row.id; }},
            {machine("aliases"), [](const Row& row) { return row.aliases; }},
            {both("drug_class", "Class"), [](const Row& row) { return row.drug_class; }},
            {machine("agent"), [](const Row& row) { return row.agent; }},
            {both("design", "Design"), [](const Row& row) { return row.design; }},
            {machine("line"), [](const Row& row) { return row.line; }},
            {human("Year", true), [](const Row& row) { return year_cell(row.shown_year); }},
            {machine("year"), [](const Row& row) { return year_cell(row.year); }},
            {both("n_patients", "Patients", true), patients_cell},
            {machine("n_patients_status"), [](const Row& row) { return std::string(word(status_of_patients(row))); }},
            {both("endpoints", "Endpoints"), [](const Row& row) { return row.endpoints; }},
            {machine("analyses"), [](const Row& row) { return row.n_analyses.value_or(0); }},
            {machine("population"), [](const Row& row) { return row.population; }}};
}

}  // namespace

Report trials_table(const std::vector<TrialSummary>& trials) {
    Report report;
    report.table.name = "trials";
    if (std::ranges::any_of(trials, &TrialSummary::patients_of_analysis)) report.table.footnotes = {patients_footnote};
    trial_columns().fill(report.table, trials);
    return report;
}

Report trials_table(const std::vector<const catalogue::Trial*>& trials) {
    std::vector<TrialSummary> summaries;
    for (const catalogue::Trial* trial : trials) summaries.push_back(summary_of(*trial));
    return trials_table(summaries);
}

}  // namespace hersurv::report
