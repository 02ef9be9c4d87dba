// The cells of a table of trials, whatever file they come from: all that reading trials needs to know of tables.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hersurv::catalogue {

struct TrialsCell {
    std::string text{};  // without blanks around it
    int line = 0, column = 0;
};

struct TrialsCells {
    std::vector<std::string> header{};
    std::vector<std::vector<TrialsCell>> rows{};  // each as long as the header
};

// Whether the text is a table of trials and no JSON: its first line names a column "trial" (or "study").
[[nodiscard]] bool is_trials_table(std::string_view text, const std::string& file);

// Throws InputError where it is no table.
[[nodiscard]] TrialsCells read_trials_cells(std::string_view text, const std::string& file);

}  // namespace hersurv::catalogue
