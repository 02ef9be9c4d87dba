// The trials of a selection with their design, endpoints and numbers of patients.
#include "report/trials_table.hpp"

#include "render/columns.hpp"
#include "report/comparison_parts.hpp"
#include "report/numbers.hpp"
#include "support/words.hpp"
#include <algorithm>
#include <functional>

namespace hersurv::report {

using catalogue::Trial;

std::vector<std::string> endpoints_of(const Trial& trial) {
    std::vector<std::string> endpoints;
    const auto add = [&](const std::string& endpoint) {
        if (std::ranges::find(endpoints, endpoint) == endpoints.end()) endpoints.push_back(endpoint);
    };
    for (const catalogue::Analysis& analysis : trial.analyses) add(analysis.endpoint);
    for (const catalogue::Response& response : trial.responses) add(response.endpoint);
    return endpoints;
}

namespace {

// Each patient counted once, or not reported.
struct Patients {
    Cell cell = Number::missing(Status::not_reported);
    Status status = Status::not_reported;
    bool of_analysis = false;  // the footnote tells
};

constexpr const char* patients_footnote =
    "Patients: of all arms; if arms share patients or one has no number, of the arms that the trial's default "
    "analysis (of OS, if it has one) compares, or of its only arm.";

// The sum over the arms of these ids; nothing if one has no number, or there is none.
Patients sum_of(const Trial& trial, const std::vector<std::string>& ids) {
    long sum = 0;
    for (const std::string& id : ids) {
        const catalogue::Arm* const arm = trial.find_arm(id);
        if (arm == nullptr || !arm->n_patients) return {};
        sum += *arm->n_patients;
    }
    if (ids.empty()) return {};
    return {sum, ids.size() == 1 ? Status::reported : Status::derived, false};
}

// Whether arms of an analysis may share patients: where it shows arms side by side that no comparison has distinguished
// (all patients and a subgroup of them), or makes comparisons that have no arm in common (all patients and a stratum).
// Arms of different analyses are cohorts of their own.
bool arms_may_overlap(const Trial& trial, const catalogue::Analysis& analysis) {
    const auto compared = [&](const catalogue::ArmResult& result) {
        const catalogue::Arm* const arm = trial.find_arm(result.arm);
        return arm != nullptr && (arm->role == "experimental" || arm->role == "control");
    };
    if (std::ranges::count_if(analysis.arms, std::not_fn(compared)) > 1) return true;
    const auto apart = [](const catalogue::Contrast& left, const catalogue::Contrast& right) {
        return left.experimental != right.experimental && left.experimental != right.control &&
               left.control != right.experimental && left.control != right.control;
    };
    return std::ranges::any_of(analysis.contrasts, [&](const catalogue::Contrast& left) {
        return std::ranges::any_of(analysis.contrasts,
                                   [&](const catalogue::Contrast& right) { return apart(left, right); });
    });
}

// The default analysis of OS, else the first default one.
const catalogue::Analysis* main_analysis(const Trial& trial) {
    const catalogue::Analysis* main = nullptr;
    for (const catalogue::Analysis& analysis : trial.analyses) {
        if (!analysis.is_default) continue;
        if (analysis.endpoint == "OS") return &analysis;
        if (main == nullptr) main = &analysis;
    }
    return main;
}

Patients patients_of(const Trial& trial) {
    std::vector<std::string> ids;
    for (const catalogue::Arm& arm : trial.arms) ids.push_back(arm.id);
    const auto overlapping = [&](const catalogue::Analysis& analysis) { return arms_may_overlap(trial, analysis); };
    if (std::ranges::none_of(trial.analyses, overlapping)) {
        if (Patients all = sum_of(trial, ids); all.status != Status::not_reported) return all;
    }
    const catalogue::Analysis* const analysis = main_analysis(trial);
    if (analysis == nullptr) return {};
    std::vector<std::string> arms;
    if (analysis->arms.size() == 1) {
        arms = {analysis->arms.front().arm};
    } else if (analysis->contrasts.size() == 1) {
        arms = {analysis->contrasts.front().experimental, analysis->contrasts.front().control};
    }
    Patients patients = sum_of(trial, arms);
    patients.of_analysis = patients.status != Status::not_reported;
    return patients;
}

struct TrialRow {
    const Trial* trial;
    Patients patients;
};

Columns<TrialRow> trial_columns() {
    using Row = TrialRow;
    return {
        {both("trial", "Trial"), [](const Row& row) { return row.trial->id; }},
        {machine("aliases"), [](const Row& row) { return support::joined(row.trial->aliases, " "); }},
        {both("drug_class", "Class"), [](const Row& row) { return row.trial->drug_class; }},
        {machine("agent"), [](const Row& row) { return row.trial->agent; }},
        {both("design", "Design"), [](const Row& row) { return row.trial->design; }},
        {machine("line"), [](const Row& row) { return row.trial->line; }},
        // People see the year of what other commands show, not of the first report.
        {human("Year", true),
         [](const Row& row) {
             const catalogue::Analysis* const analysis = main_analysis(*row.trial);
             return year_cell(analysis != nullptr ? year_of(*row.trial, *analysis) : row.trial->year);
         }},
        {machine("year"), [](const Row& row) { return year_cell(row.trial->year); }},
        {both("n_patients", "Patients", true), [](const Row& row) { return row.patients.cell; }},
        {machine("n_patients_status"), [](const Row& row) { return std::string(word(row.patients.status)); }},
        {both("endpoints", "Endpoints"), [](const Row& row) { return support::joined(endpoints_of(*row.trial), " "); }},
        {machine("analyses"), [](const Row& row) { return static_cast<long>(row.trial->analyses.size()); }},
        {machine("population"), [](const Row& row) { return row.trial->population; }}};
}

}  // namespace

Report trials_table(const std::vector<const Trial*>& trials) {
    Report report;
    report.table.name = "trials";
    std::vector<TrialRow> rows;
    for (const Trial* trial : trials) {
        rows.push_back({trial, patients_of(*trial)});
        if (rows.back().patients.of_analysis) report.table.footnotes = {patients_footnote};
    }
    trial_columns().fill(report.table, rows);
    return report;
}

}  // namespace hersurv::report
