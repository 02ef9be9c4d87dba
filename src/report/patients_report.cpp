// The agreement of pseudo-patients as a table: a group of rows an arm, marked as such where blank lines are lost.
#include "report/patients_report.hpp"

#include "render/columns.hpp"
#include "report/numbers.hpp"

namespace hersurv::report {
namespace {

// A statistic of an arm, or the arm's name before its statistics.
struct AgreementLine {
    std::string text;
    const AgreementRow* row = nullptr;
};

Columns<AgreementLine> agreement_columns() {
    using Line = AgreementLine;
    return {
        {both("statistic", "Arm, statistic"), &Line::text},
        {both("given", "Given", true), [](const Line& line) { return line.row != nullptr ? line.row->given : Cell(); }},
        {both("patients", "Patients", true),
         [](const Line& line) { return line.row != nullptr ? line.row->patients : Cell(); }},
        {both("difference", "Difference"),
         [](const Line& line) { return line.row != nullptr ? Cell(line.row->difference) : Cell(); }}};
}

}  // namespace

Report agreement_report(const std::vector<AgreementRow>& rows, const std::vector<std::string>& notes) {
    Report report;
    Table& table = report.table;
    table.name = "agreement";
    std::vector<AgreementLine> lines;
    for (const AgreementRow& row : rows) {
        if (lines.empty() || row.arm != lines.back().row->arm) {
            if (!lines.empty()) table.rule_before.push_back(lines.size());
            lines.push_back({row.arm});
        }
        lines.push_back({"- " + row.statistic, &row});
    }
    agreement_columns().fill(table, lines);
    table.footnotes = notes;
    return report;
}

}  // namespace hersurv::report
