// The agreement of pseudo-patients as a table: a group of rows an arm.
#include "hersurv/report/patients_report.hpp"

#include "hersurv/report/numbers.hpp"

namespace hersurv::report {

Report agreement_report(const std::vector<AgreementRow>& rows, const std::vector<std::string>& notes) {
    Table table;
    table.name = "agreement";
    table.columns = {both("arm", "Arm"), both("statistic", "Statistic"), both("given", "Given", true),
                     both("patients", "Patients", true), both("difference", "Difference")};
    std::string arm;
    for (const AgreementRow& row : rows) {
        const bool first = table.rows.empty() || row.arm != arm;
        if (first && !table.rows.empty()) table.rule_before.push_back(table.rows.size());
        arm = row.arm;
        table.rows.push_back({first ? row.arm : std::string(), row.statistic, row.given, row.patients, row.difference});
    }
    table.footnotes = notes;
    Report report;
    report.table = std::move(table);
    return report;
}

}  // namespace hersurv::report
