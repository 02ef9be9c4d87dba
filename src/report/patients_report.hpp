// What pseudo-patients have in common with what they were made from, as a table for people.
#pragma once

#include "report/names.hpp"
#include <string>
#include <vector>

namespace hersurv::report {

// One statistic beside its value in the patients. Cells may be empty.
struct AgreementRow {
    std::string arm, statistic;
    Cell given, patients;
    std::string difference;  // in words or as a number with its sign
};

// One group of rows an arm, in their order.
[[nodiscard]] Report agreement_report(const std::vector<AgreementRow>& rows, const std::vector<std::string>& notes);

}  // namespace hersurv::report
