// `table by-class`: trials grouped by class of drug, with their median survival, hazard ratio and best-documented
// intracranial response.
#include "comparison_parts.hpp"
#include <algorithm>
#include <map>

namespace hersurv::report {
Report by_class_table(const ComparisonInput& input, const ComparisonOptions&) {
    Report report;
    report.title = "Trials by class of drug";
    Table& table = report.table;
    table.name = "by-class";
    table.caption = "Trials by class of drug";
    table.columns = {human("Class"),
                     machine("drug_class"),
                     human("Trial"),
                     machine("trial"),
                     human("Year"),
                     machine("year"),
                     machine("analysis"),
                     machine("endpoint"),
                     both("arm", "Arm"),
                     machine("role"),
                     human("Median OS, months (95 % CI)", true),
                     machine("median"),
                     machine("median_status"),
                     machine("median_lower"),
                     machine("median_lower_status"),
                     machine("median_upper"),
                     machine("median_upper_status"),
                     human("HR (95 % CI)", true),
                     machine("hazard_ratio"),
                     machine("hazard_ratio_status"),
                     machine("hazard_ratio_lower"),
                     machine("hazard_ratio_lower_status"),
                     machine("hazard_ratio_upper"),
                     machine("hazard_ratio_upper_status"),
                     human("ORR-IC, %", true),
                     machine("orr_ic"),
                     machine("orr_ic_status")};
    std::map<const catalogue::Trial*, const AnalysisFit*> fits;
    for (const AnalysisFit& fit : input.fits) fits.emplace(fit.trial, &fit);
    if (!input.fits.empty() && input.fits.front().analysis->endpoint != "OS")
        for (Column& column : table.columns)
            if (column.title.starts_with("Median OS")) column.title = "Median, months (95 % CI)";
    const auto year = [&](const catalogue::Trial& trial) {
        const auto found = fits.find(&trial);
        return found != fits.end() ? year_of(trial, *found->second->analysis) : trial.year;
    };
    std::vector<const catalogue::Trial*> trials = input.trials;
    std::stable_sort(trials.begin(), trials.end(), [&year](const auto* a, const auto* b) {
        if (class_rank(a->drug_class) != class_rank(b->drug_class))
            return class_rank(a->drug_class) < class_rank(b->drug_class);
        if (class_of(*a) != class_of(*b)) return class_of(*a) < class_of(*b);
        return year(*a).value_or(9999) < year(*b).value_or(9999);
    });
    std::string last_class;
    for (const catalogue::Trial* trial : trials) {
        const auto found = fits.find(trial);
        const auto responses = response_rows(*trial, "ORR-IC");
        // Arms with a median, a hazard ratio or a response; a trial without any stands with its name alone.
        std::vector<std::string> arms;
        for (const auto& arm : trial->arms) {
            const bool median = found != fits.end() && printed_median(*found->second->analysis, arm.id).has_value();
            const bool contrast = found != fits.end() && contrast_of(*found->second->analysis, arm.id) != nullptr;
            const bool response = std::any_of(responses.begin(), responses.end(),
                                              [&](const auto& row) { return row.response->arm == arm.id; });
            if (median || contrast || response) arms.push_back(arm.id);
        }
        if (arms.empty()) arms.emplace_back();
        const std::string class_name = class_of(*trial);
        if (!last_class.empty() && class_name != last_class) table.rule_before.push_back(table.rows.size());
        const bool first_of_class = class_name != last_class;
        last_class = class_name;
        for (const std::string& id : arms) {
            std::optional<evidence::FirstPrint> median, ratio;
            std::string analysis, endpoint;
            if (found != fits.end()) {
                analysis = found->second->analysis->id;
                endpoint = found->second->analysis->endpoint;
                median = printed_median(*found->second->analysis, id);
                const auto* contrast = contrast_of(*found->second->analysis, id);
                if (contrast != nullptr) ratio = first_print(contrast->hazard_ratio);
            }
            Number rate = missing();
            for (const auto& row : responses)
                if (row.response->arm == id && !rate.value) rate = cell(row.response->rate, true);
            const auto* arm = trial->find_arm(id);
            const Number lower = median ? cell(median->lower) : missing(),
                         upper = median ? cell(median->upper) : missing();
            const Number ratio_lower = ratio ? cell(ratio->lower) : missing(),
                         ratio_upper = ratio ? cell(ratio->upper) : missing();
            const Number value = median ? cell(median->value) : missing(), hr = ratio ? cell(ratio->value) : missing();
            const bool first_arm = id == arms.front();
            table.rows.push_back({once(first_of_class && first_arm, class_name),
                                  class_name,
                                  once(first_arm, trial->id),
                                  trial->id,
                                  first_arm ? year_cell(year(*trial)) : Cell(),
                                  year_cell(year(*trial)),
                                  text_or_nothing(analysis),
                                  text_or_nothing(endpoint),
                                  text_or_nothing(id),
                                  text_or_nothing(arm != nullptr ? arm->role : ""),
                                  median ? Cell(interval_cell(*median)) : Cell(missing()),
                                  value,
                                  status_word(value),
                                  lower,
                                  status_word(lower),
                                  upper,
                                  status_word(upper),
                                  ratio ? Cell(interval_cell(*ratio)) : Cell(missing()),
                                  hr,
                                  status_word(hr),
                                  ratio_lower,
                                  status_word(ratio_lower),
                                  ratio_upper,
                                  status_word(ratio_upper),
                                  rate,
                                  rate,
                                  status_word(rate)});
        }
    }
    return report;
}

}  // namespace hersurv::report
