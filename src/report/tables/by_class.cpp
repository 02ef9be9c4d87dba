// `table by-class`: trials grouped by class of drug, with their median survival, hazard ratio and best-documented
// intracranial response.
#include "report/comparison_parts.hpp"
#include "report/regimens.hpp"
#include "report/shared_columns.hpp"
#include <algorithm>
#include <map>

namespace hersurv::report {
namespace {

// An arm with a median, a hazard ratio or a response, or a trial that has none.
struct ClassRow {
    const catalogue::Trial* trial;
    const catalogue::Analysis* analysis;  // nullptr if none was selected
    std::string arm;                      // id; may be empty
    std::optional<int> year;
    bool first_of_class, first_of_trial;
    std::optional<catalogue::Statistic> median, hazard_ratio;
    Number response_rate;
    const catalogue::PValue* p_value = nullptr;
};

Cell role_cell(const ClassRow& row) {
    const auto* arm = row.trial->find_arm(row.arm);
    return arm != nullptr ? text_or_nothing(arm->role) : Cell();
}

Columns<ClassRow> class_columns(const std::string& median_title) {
    using Row = ClassRow;
    return {
        {once_columns("Class", "drug_class"),
         [](const Row& row) {
             return OncePerGroup{row.first_of_class, class_of(*row.trial)};
         }},
        {once_columns("Trial", "trial"),
         [](const Row& row) {
             return OncePerGroup{row.first_of_trial, row.trial->id};
         }},
        {machine("year"), [](const Row& row) { return year_cell(row.year); }},
        {machine("analysis"),
         [](const Row& row) { return row.analysis != nullptr ? text_or_nothing(row.analysis->id) : Cell(); }},
        {machine("endpoint"),
         [](const Row& row) { return row.analysis != nullptr ? text_or_nothing(row.analysis->endpoint) : Cell(); }},
        {human("Arm"), [](const Row& row) { return row.arm.empty() ? Cell() : Cell(arm_label(*row.trial, row.arm)); }},
        {machine("arm"), [](const Row& row) { return text_or_nothing(row.arm); }},
        {machine("role"), role_cell},
        {published_columns(median_title, "median", "median_"), &Row::median},
        {human("HR", true),
         [](const Row& row) { return row.hazard_ratio ? Cell(cell(row.hazard_ratio->value)) : Cell(missing()); }},
        {human("95% CI", true),
         [](const Row& row) { return row.hazard_ratio ? limits_only(interval_cell(*row.hazard_ratio)) : Cell(); }},
        {published_machine_columns("hazard_ratio", "hazard_ratio_"), &Row::hazard_ratio},
        // For people 80 columns have no room for it; `table hazard-ratios` has.
        {number_and_status("p_value", "p_status"),
         [](const Row& row) { return row.p_value != nullptr ? cell(row.p_value->value) : missing(); }},
        {machine("p_relation"),
         [](const Row& row) {
             return row.p_value != nullptr ? Cell(std::string(relation_sign(row.p_value->relation))) : Cell();
         }},
        {human("ORR-IC, %", true), &Row::response_rate},
        {number_and_status("orr_ic", "orr_ic_status"), &Row::response_rate}};
}

// The rows of a trial; of its class they are the first.
std::vector<ClassRow> class_rows(const catalogue::Trial& trial, const catalogue::Analysis* analysis) {
    const auto responses = response_rows(trial, "ORR-IC");
    std::vector<ClassRow> rows;
    const auto add = [&](const std::string& arm) {
        const auto year = analysis != nullptr ? year_of(trial, *analysis) : trial.year;
        ClassRow row{&trial, analysis, arm, year, rows.empty(), rows.empty(), {}, {}, missing()};
        const catalogue::Contrast* contrast = nullptr;
        if (analysis != nullptr) {
            row.median = printed_median(*analysis, arm);
            contrast = contrast_of(*analysis, arm);
        }
        if (contrast != nullptr) {
            row.hazard_ratio = first_print(contrast->hazard_ratio);
            if (!contrast->p_values.empty() && contrast->p_values.front().value.is_number())
                row.p_value = &contrast->p_values.front();
        }
        const auto response =
            std::ranges::find(responses, arm, [](const ResponseRow& one) { return one.response->arm; });
        if (response != responses.end()) row.response_rate = cell(response->response->rate, true);
        const bool any = row.median || contrast != nullptr || response != responses.end();
        if (any || arm.empty()) rows.push_back(std::move(row));
    };
    for (const auto& arm : trial.arms) add(arm.id);
    if (rows.empty()) add("");  // the trial is with its name alone
    return rows;
}

}  // namespace

Report by_class_table(const ComparisonInput& input, const ComparisonOptions&) {
    Report report;
    report.title = "Trials by drug class";
    Table& table = report.table;
    table.name = "by-class";
    table.caption = "Trials by drug class";
    std::map<const catalogue::Trial*, const catalogue::Analysis*> analyses;
    for (const AnalysisFit& fit : input.fits) analyses.emplace(fit.trial, fit.analysis);
    std::vector<std::vector<ClassRow>> by_trial;
    for (const catalogue::Trial* trial : input.trials) {
        const auto found = analyses.find(trial);
        by_trial.push_back(class_rows(*trial, found != analyses.end() ? found->second : nullptr));
    }
    std::ranges::stable_sort(by_trial, [](const std::vector<ClassRow>& left, const std::vector<ClassRow>& right) {
        const ClassRow &a = left.front(), &b = right.front();
        if (class_rank(a.trial->drug_class) != class_rank(b.trial->drug_class))
            return class_rank(a.trial->drug_class) < class_rank(b.trial->drug_class);
        if (class_of(*a.trial) != class_of(*b.trial)) return class_of(*a.trial) < class_of(*b.trial);
        return a.year.value_or(9999) < b.year.value_or(9999);
    });
    std::vector<ClassRow> rows;
    for (auto& of_trial : by_trial) {
        const bool same_class = !rows.empty() && class_of(*rows.back().trial) == class_of(*of_trial.front().trial);
        if (!rows.empty() && !same_class) table.rule_before.push_back(rows.size());
        of_trial.front().first_of_class = !same_class;
        rows.insert(rows.end(), of_trial.begin(), of_trial.end());
    }
    const bool of_os = input.fits.empty() || input.fits.front().analysis->endpoint == "OS";
    class_columns(of_os ? "Median OS, months (95% CI)" : "Median, months (95% CI)").fill(table, rows);
    for (const std::string& footnote :
         {populations_footnote(by_year(input.fits)), abbreviations_footnote(input.trials)})
        if (!footnote.empty()) table.footnotes.push_back(footnote);
    return report;
}

}  // namespace hersurv::report
