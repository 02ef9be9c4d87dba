// A digitised figure as a record of the catalogue, and beside what is published of its trial.
#pragma once

#include "hersurv/patients.hpp"

#include "report/digitise_report.hpp"
#include <optional>
#include <string>
#include <vector>

namespace hersurv::report {

// The figure as a trial: of each arm the median, S at even times to where 10 patients or 10% are left (or the curve
// ends), and the numbers at risk. Its id is that of the published trial, else the name of the file, with "-digitised".
// The unit of time of the figure must be known.
[[nodiscard]] catalogue::Trial digitised_record(const DigitisedFigure& figure,
                                                const patients::PublishedFigure& published,
                                                const std::string& endpoint);

// "OS" or "PFS", if the title of the survival axis says so.
[[nodiscard]] std::optional<std::string> endpoint_of_title(const std::string& title);

// One published number beside its reading.
struct ComparedNumber {
    std::string arm{}, statistic{};  // "median, months", "S at 12 months"
    Cell published{}, read{};
    std::optional<double> difference{};
    bool alike = true;  // within the rounding of the published number and what a reading may be off
};
[[nodiscard]] std::vector<ComparedNumber> compare_published(const DigitisedFigure& figure,
                                                            const patients::PublishedFigure& published);

// The table of these numbers for people, and what differs in one sentence each.
[[nodiscard]] Section comparison_section(const patients::PublishedFigure& published,
                                         const std::vector<ComparedNumber>& numbers);
[[nodiscard]] std::vector<std::string> unlike_numbers(const std::vector<ComparedNumber>& numbers);

}  // namespace hersurv::report
