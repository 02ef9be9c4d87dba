// One column per arm: times in one column, the values of each arm in another that is called like the arm.
#include "tables/layout.hpp"
#include <algorithm>
#include <vector>

namespace hersurv::tables {
namespace {

// "A_lower" beside "A": a confidence limit, as `hersurv curve --wide` writes them.
bool is_limit(const Sheet& sheet, std::string_view name) {
    for (const std::string_view suffix : {"_lower", "_upper"})
        if (name.ends_with(suffix))
            return std::ranges::any_of(sheet.headers(), [&](const Header& header) {
                return header.name == name.substr(0, name.size() - suffix.size());
            });
    return false;
}

std::vector<std::size_t> value_columns(const Sheet& sheet) {
    std::vector<std::size_t> columns;
    for (std::size_t column = 0; column < sheet.headers().size(); ++column) {
        const Header& header = sheet.headers()[column];
        if (header.role == Role::unknown && !is_limit(sheet, header.name) && sheet.is_numeric(column, 1))
            columns.push_back(column);
    }
    return columns;
}

bool fits_arm_columns(const Sheet& sheet) {
    const auto time = sheet.find(Role::time);
    if (!time || sheet.n_rows() < 2 || sheet.find(Role::arm) || !sheet.is_numeric(*time, 1)) return false;
    for (const Header& header : sheet.headers())
        if (header.name.empty() || looks_numeric(header.name)) return false;
    // One column of an unknown name may hold anything.
    return value_columns(sheet).size() > 1;
}

void read_arm_columns(const Sheet& sheet, Series& series) {
    sheet.refuse_columns_twice();
    const std::size_t time = sheet.find(Role::time).value();
    std::vector<std::size_t> used = value_columns(sheet);
    const Header& time_header = sheet.headers()[time];
    if (series.read.time_unit.empty()) series.read.time_unit = std::string(time_header.time_unit);
    const bool counts = sheet.content() == Content::numbers_at_risk;
    SeriesBuilder builder(sheet, series.arms);
    for (const std::size_t column : used) {
        const std::string& name = sheet.headers()[column].name;
        ArmSeries& arm = builder.arm(name, {0, column});
        arm.percent = sheet.headers()[column].percent;
        for (std::size_t row = 1; row < sheet.n_rows(); ++row)
            // A column of marks or of a curve that ends early is empty below.
            if (!is_missing(sheet.text(row, column)))
                builder.add(arm, {row, time}, SeriesBuilder::CellAt{row, column}, time_header.name, name, counts);
    }
    used.push_back(time);
    note_unused(sheet, used, series.read);
}

}  // namespace

const Layout arm_columns = {"one column per arm", fits_arm_columns, read_arm_columns};

}  // namespace hersurv::tables
