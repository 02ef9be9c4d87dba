// One row per point: a column of times, one of values and, with several arms, one of arms.
#include "tables/layout.hpp"
#include <algorithm>
#include <optional>
#include <vector>

namespace hersurv::tables {
namespace {

bool fits_long_rows(const Sheet& sheet) {
    const Role values = value_role(sheet.content());
    return sheet.find(Role::time) && (values == Role::unknown || sheet.find(values));
}

void read_long_rows(const Sheet& sheet, Series& series) {
    sheet.refuse_columns_twice();
    sheet.refuse_ragged_rows();
    if (sheet.n_rows() < 2)
        sheet.source().fail_line(sheet.line(0), "has no line below its header", "give at least one");
    // As hersurv writes curves and patients.
    for (const std::string_view set : {"replicate", "trial", "analysis", "endpoint", "model"})
        sheet.refuse_several(set, "figure");
    const Role role = value_role(sheet.content());
    const auto time = sheet.find(Role::time), arm = sheet.find(Role::arm);
    const bool has_value = role != Role::unknown;
    const std::size_t value = has_value ? sheet.find(role).value() : 0;
    std::vector<std::size_t> used = {*time};
    if (has_value) used.push_back(value);
    if (arm) used.push_back(*arm);
    note_unused(sheet, used, series.read);
    const Header& time_header = sheet.headers()[*time];
    if (series.read.time_unit.empty()) series.read.time_unit = std::string(time_header.time_unit);
    const std::string value_name = has_value ? sheet.headers()[value].name : "";
    SeriesBuilder builder(sheet, series.arms);
    for (std::size_t row = 1; row < sheet.n_rows(); ++row) {
        ArmSeries& of = arm ? builder.arm(sheet.text(row, *arm), {row, *arm}) : builder.arm("", {row, *time});
        if (has_value)
            builder.add(of, {row, *time}, SeriesBuilder::CellAt{row, value}, time_header.name, value_name,
                        role == Role::at_risk);
        else
            builder.add(of, {row, *time}, std::nullopt, time_header.name, "", false);
    }
    if (has_value && sheet.headers()[value].percent)
        for (ArmSeries& one : series.arms) one.percent = true;
}

// Without a header two numeric columns are times and values (of marks, one is times), one of text names the arms.
struct HeadlessColumns {
    std::size_t time = 0, value = 0;
    std::optional<std::size_t> arm{};
};
// Letters in all cells: the pieces of numbers that are cut at decimal commas name no arm.
bool has_names(const Sheet& sheet, std::size_t column) {
    for (std::size_t row = 0; row < sheet.n_rows(); ++row) {
        const std::string_view cell = sheet.text(row, column);
        const bool letter = std::ranges::any_of(cell, [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
        });
        if (!letter) return false;
    }
    return true;
}

std::optional<HeadlessColumns> headless_columns(const Sheet& sheet) {
    const bool has_values = value_role(sheet.content()) != Role::unknown;
    if (sheet.content() == Content::patients || sheet.n_columns() > 3 || !sheet.grid().is_rectangular())
        return std::nullopt;
    std::vector<std::size_t> numbers, words;
    for (std::size_t column = 0; column < sheet.n_columns(); ++column)
        (sheet.is_numeric(column, 0) ? numbers : words).push_back(column);
    const std::size_t n_wanted = has_values ? 2 : 1;
    if (numbers.size() != n_wanted || words.size() > 1) return std::nullopt;
    if (!words.empty() && !has_names(sheet, words.front())) return std::nullopt;
    HeadlessColumns columns{numbers.front(), numbers.back()};
    if (!words.empty()) columns.arm = words.front();
    return columns;
}

bool fits_headless(const Sheet& sheet) { return headless_columns(sheet).has_value(); }

void read_headless(const Sheet& sheet, Series& series) {
    const HeadlessColumns columns = headless_columns(sheet).value();
    const Role role = value_role(sheet.content());
    SeriesBuilder builder(sheet, series.arms);
    for (std::size_t row = 0; row < sheet.n_rows(); ++row) {
        ArmSeries& of = columns.arm ? builder.arm(sheet.text(row, *columns.arm), {row, *columns.arm})
                                    : builder.arm("", {row, columns.time});
        const std::optional<SeriesBuilder::CellAt> value =
            role == Role::unknown ? std::nullopt : std::optional(SeriesBuilder::CellAt{row, columns.value});
        builder.add(of, {row, columns.time}, value, "time", to_string(sheet.content()), role == Role::at_risk);
    }
}

}  // namespace

const Layout long_rows = {"one row per point", fits_long_rows, read_long_rows};
const Layout headless_rows = {"no header, one row per point", fits_headless, read_headless};

}  // namespace hersurv::tables
