// The agreement of pseudo-patients as a table: a group of rows an arm, marked as such where blank lines are lost.
#include "hersurv/report/patients_report.hpp"

#include "hersurv/report/numbers.hpp"

namespace hersurv::report {

Report agreement_report(const std::vector<AgreementRow>& rows, const std::vector<std::string>& notes) {
    Table table;
    table.name = "agreement";
    table.columns = {both("statistic", "Arm, statistic"), both("given", "Given", true),
                     both("patients", "Patients", true), both("difference", "Difference")};
    std::string arm;
    for (const AgreementRow& row : rows) {
        if (table.rows.empty() || row.arm != arm) {
            if (!table.rows.empty()) table.rule_before.push_back(table.rows.size());
            arm = row.arm;
            table.rows.push_back({arm, {}, {}, {}});
        }
        table.rows.push_back({"- " + row.statistic, row.given, row.patients, row.difference});
    }
    table.footnotes = notes;
    Report report;
    report.table = std::move(table);
    return report;
}

}  // namespace hersurv::report
