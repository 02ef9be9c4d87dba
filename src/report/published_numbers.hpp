// The published numbers of a record, one after the other, with what a table shows of each (private to the report
// module).
#pragma once

#include "hersurv/records.hpp"

#include "report/record_report.hpp"
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hersurv::report {

// One published number, for both audiences.
struct PublishedNumber {
    std::string analysis, endpoint, population;
    std::string arm;        // id, of a hazard ratio the experimental one
    std::string arm_shown;  // "pertuzumab v placebo"
    std::string statistic;  // as machine formats write it: "milestone_96", "measure:NAME", "rate"
    std::string title;      // "S(96 months), %"
    std::string unit;       // "months", "proportion", …
    std::string_view relation = "=";
    catalogue::Statistic number;
    std::string remark;                      // what belongs to the number and has no column
    std::optional<double> at_risk_months{};  // of a number at risk: its time
    bool as_of_arm = false;                  // repeats the number of the arm: not shown to people again

    [[nodiscard]] bool has_limits() const { return number.lower || number.upper; }
};

// As far as the options take them.
[[nodiscard]] std::vector<PublishedNumber> numbers_of_arms(const catalogue::Trial& trial,
                                                           const RecordReportOptions& options);
[[nodiscard]] std::vector<PublishedNumber> numbers_of_analysis(const catalogue::Trial& trial,
                                                               const catalogue::Analysis& analysis,
                                                               const RecordReportOptions& options);
[[nodiscard]] std::vector<PublishedNumber> numbers_of_responses(const catalogue::Trial& trial,
                                                                const RecordReportOptions& options);
[[nodiscard]] std::vector<PublishedNumber> numbers_of_measures(const std::vector<catalogue::Measure>& measures,
                                                               const RecordReportOptions& options);

inline constexpr std::string_view p_value_title = "p-value";

// Texts that are not empty, with the separator between them.
[[nodiscard]] std::string joined_texts(std::vector<std::string> texts, std::string_view separator);

}  // namespace hersurv::report
