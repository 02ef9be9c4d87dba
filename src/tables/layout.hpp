// How tables lay out points by arm: what each layout has to say.
#pragma once

#include "tables/series.hpp"
#include "tables/sheet.hpp"
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace hersurv::tables {

// Collects points; the same name in another row is the same arm.
class SeriesBuilder {
  public:
    SeriesBuilder(const Sheet& sheet, std::vector<ArmSeries>& arms) : sheet_(sheet), arms_(arms) {}

    // The place of a cell, for what has none of its own.
    struct CellAt {
        std::size_t row = 0, column = 0;
    };
    // The arm with a name, from a cell.
    ArmSeries& arm(std::string_view name, CellAt at);
    // A point of the arm; a row without time or value counts as missing. `value` absent: there is none to read.
    void add(ArmSeries& arm, CellAt time, std::optional<CellAt> value, std::string_view time_name,
             std::string_view value_name, bool counts);

  private:
    const Sheet& sheet_;
    std::vector<ArmSeries>& arms_;
    std::size_t last_ = 0;
};

struct Layout {
    std::string_view description;
    bool (*fits)(const Sheet& sheet);  // never throws
    void (*read)(const Sheet& sheet, Series& series);
};
// THE table of layouts, the most particular first.
[[nodiscard]] std::span<const Layout> layouts();

// The role of the values in a table of this content; unknown: there are none.
[[nodiscard]] Role value_role(Content content);
// Notes the columns that are not among these.
void note_unused(const Sheet& sheet, std::span<const std::size_t> used, FileRead& read);

extern const Layout column_pairs, survfit_table, long_rows, headless_rows, arm_columns, times_across;

}  // namespace hersurv::tables
