// THE table of comparison tables: one row each; each is built in tables/NAME.cpp.
#include "report/comparison_tables.hpp"

#include <algorithm>
#include <array>

namespace hersurv::report {

Report medians_table(const ComparisonInput&, const ComparisonOptions&);
Report milestones_table(const ComparisonInput&, const ComparisonOptions&);
Report rmst_table(const ComparisonInput&, const ComparisonOptions&);
Report hazard_ratios_table(const ComparisonInput&, const ComparisonOptions&);
Report orr_ic_table(const ComparisonInput&, const ComparisonOptions&);
Report models_table(const ComparisonInput&, const ComparisonOptions&);
Report by_class_table(const ComparisonInput&, const ComparisonOptions&);

std::span<const ComparisonTable> comparison_tables() {
    static const std::array<ComparisonTable, 7> table = {{
        {"medians",
         "published medians and the difference between the arms",
         "OS",
         "",
         false,
         medians_table,
         {Choice::analyses, Choice::arms, Choice::hazard_ratio, Choice::p_value}},
        {"milestones",
         "reconstructed survival at fixed times, with the difference in percentage points",
         "OS",
         "auto",
         false,
         milestones_table,
         {Choice::analyses, Choice::arms, Choice::hazard_ratio, Choice::p_value, Choice::model, Choice::band,
          Choice::times}},
        {"rmst",
         "restricted mean survival time to a common horizon, difference and ratio",
         "OS",
         "auto",
         false,
         rmst_table,
         {Choice::analyses, Choice::arms, Choice::hazard_ratio, Choice::p_value, Choice::model, Choice::band,
          Choice::horizon}},
        {"hazard-ratios",
         "published and reconstructed hazard ratios",
         "",
         "auto",
         false,
         hazard_ratios_table,
         {Choice::analyses, Choice::arms, Choice::hazard_ratio, Choice::p_value, Choice::model, Choice::band}},
        {"orr-ic", "intracranial response rates with exact 95% CI", "", "", false, orr_ic_table, {}},
        {"models",
         "fitted models: parameters, medians and how well they reproduce the published results",
         "OS",
         "exponential,weibull",
         true,
         models_table,
         {Choice::analyses, Choice::arms, Choice::hazard_ratio, Choice::p_value, Choice::model, Choice::band}},
        {"by-class",
         "trials by drug class: median survival, hazard ratio, intracranial response",
         "OS",
         "",
         false,
         by_class_table,
         {Choice::analyses}},
    }};
    return table;
}

const ComparisonTable* find_comparison_table(std::string_view name) {
    for (const ComparisonTable& table : comparison_tables())
        if (table.name == name) return &table;
    return nullptr;
}

}  // namespace hersurv::report
