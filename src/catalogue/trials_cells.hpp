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

// Whether the text is a table whose first line names a column "trial" (or "study"). Throws InputError if it is not
// text.
[[nodiscard]] bool has_trial_column(std::string_view text, const std::string& file);

// The same, or the name of the file is that of a table.
[[nodiscard]] bool is_trials_table(std::string_view text, const std::string& file);

// Throws InputError if it is not a table.
[[nodiscard]] TrialsCells read_trials_cells(std::string_view text, const std::string& file);

// The decimal mark of the numbers in some cells: `17,6 (15,3-20,1)` has decimal commas. A number such as `1,234` says
// nothing, nor does `(15,20)`, which may be two limits. Only if no number has a decimal point are commas decimal marks.
class DecimalMarks {
  public:
    void look_at(std::string_view text);
    // With decimal commas made points.
    [[nodiscard]] std::string with_points(const std::string& text) const;

  private:
    bool has_commas_ = false, has_points_ = false;
};

}  // namespace hersurv::catalogue
