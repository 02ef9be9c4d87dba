// THE table of layouts, and what they share.
#include "hersurv/error.hpp"

#include "support/words.hpp"
#include "tables/layout.hpp"
#include <algorithm>
#include <array>

namespace hersurv::tables {
namespace {

const std::array<Layout, 6> all_layouts = {column_pairs, survfit_table, long_rows,
                                           arm_columns,  times_across,  headless_rows};

// "arm=A" of R's strata, if all names begin with the same variable.
void strip_variable(std::vector<ArmSeries>& arms) {
    const auto variable = [](const ArmSeries& arm) {
        const std::size_t equals = arm.name.find('=');
        return equals == std::string::npos ? std::string() : arm.name.substr(0, equals + 1);
    };
    while (!arms.empty() && !variable(arms.front()).empty()) {
        const std::string common = variable(arms.front());
        const bool all = std::ranges::all_of(
            arms, [&](const ArmSeries& arm) { return variable(arm) == common && arm.name.size() > common.size(); });
        if (!all) return;
        for (ArmSeries& arm : arms) arm.name = std::string(support::trimmed(arm.name.substr(common.size())));
    }
}

void refuse_alike(const Source& source, const std::vector<ArmSeries>& arms) {
    for (std::size_t i = 0; i < arms.size(); ++i)
        for (std::size_t j = 0; j < i; ++j)
            if (support::equal_any_case(arms[i].name, arms[j].name))
                source.fail(
                    arms[i].name_at, "the arms " + arms[j].name + " and " + arms[i].name + " differ only in case",
                    "write the name of an arm the same way in all rows, and give different arms different names");
}

void finish(Series& series) {
    for (auto* const arms : {&series.arms, &series.at_risk}) {
        strip_variable(*arms);
        refuse_alike(*series.source, *arms);
        for (const ArmSeries& arm : *arms)
            if (arm.n_missing > 0)
                series.read.notes.push_back((arm.name.empty() ? "" : "arm " + arm.name + ": ") +
                                            support::counted(arm.n_missing, "row") + " without a value left out");
        std::erase_if(*arms, [](const ArmSeries& arm) { return arm.points.empty(); });
    }
    for (const ArmSeries& arm : series.arms) series.read.percent = series.read.percent || arm.percent;
}

[[noreturn]] void refuse_layout(const Sheet& sheet) {
    const Content content = sheet.content();
    const bool needs_time = !sheet.find(Role::time);
    const Role values = value_role(content);
    const Role missing = needs_time || values == Role::unknown ? Role::time : values;
    const std::string what = missing == Role::time ? "times" : std::string(to_string(content));
    std::string remedy = "name it " + known_names(missing, content);
    if (needs_time && values != Role::unknown)
        remedy = "name the column of the times " + known_names(Role::time, content) + ", and that of the " +
                 std::string(to_string(content)) + " " + known_names(values, content);
    sheet.fail(0, 0, "no column has the " + what + "; read as " + sheet.seen(), remedy);
}

const Layout* layout_of(const Sheet& sheet) {
    const auto found = std::ranges::find_if(layouts(), [&](const Layout& one) { return one.fits(sheet); });
    return found == layouts().end() ? nullptr : &*found;
}

}  // namespace

std::span<const Layout> layouts() { return all_layouts; }

Role value_role(Content content) {
    switch (content) {
        case Content::survival:
            return Role::survival;
        case Content::numbers_at_risk:
            return Role::at_risk;
        default:
            return Role::unknown;
    }
}

void note_unused(const Sheet& sheet, std::span<const std::size_t> used, FileRead& read) {
    for (std::size_t column = 0; column < sheet.headers().size(); ++column)
        if (!sheet.headers()[column].name.empty() && std::ranges::count(used, column) == 0)
            read.unused_columns.push_back(sheet.headers()[column].name);
}

ArmSeries& SeriesBuilder::arm(std::string_view name, CellAt at) {
    if (last_ < arms_.size() && arms_[last_].name == name) return arms_[last_];
    const auto found = std::ranges::find(arms_, name, &ArmSeries::name);
    last_ = static_cast<std::size_t>(found - arms_.begin());
    if (found == arms_.end()) {
        constexpr std::size_t most_arms = 50;
        if (arms_.size() == most_arms)
            sheet_.fail(at.row, at.column, "'" + std::string(name) + "' is arm number " + std::to_string(most_arms + 1),
                        "give a table that has one name for each arm");
        ArmSeries arm;
        arm.name = std::string(name);
        arm.name_at = sheet_.grid().cell(at.row, at.column).at;
        arm.line = sheet_.line(at.row);
        arms_.push_back(std::move(arm));
    }
    return arms_[last_];
}

void SeriesBuilder::add(ArmSeries& arm, CellAt time, std::optional<CellAt> value, std::string_view time_name,
                        std::string_view value_name, bool counts) {
    const auto time_read = sheet_.plain_number(time.row, time.column, time_name);
    std::optional<Numeral> value_read = Numeral{};
    if (value)
        value_read = counts ? sheet_.count(value->row, value->column, value_name)
                            : sheet_.number(value->row, value->column, value_name);
    if (!time_read || !value_read) {
        ++arm.n_missing;
        arm.ends_missing = time_read.has_value();
        return;
    }
    arm.ends_missing = false;
    arm.percent = arm.percent || value_read->percent;
    const std::uint32_t time_at = sheet_.grid().cell(time.row, time.column).at;
    const std::uint32_t value_at = value ? sheet_.grid().cell(value->row, value->column).at : time_at;
    arm.points.push_back(
        {*time_read, value_read->value, time_at, value_at, sheet_.line(value ? value->row : time.row)});
}

Series read_series(const Input& input, Content content) {
    Series series;
    series.source = std::make_shared<const Source>(input.bytes, input.file);
    const ChosenSheet chosen = choose_sheet(*series.source, content, input.options,
                                            [](const Sheet& sheet) { return layout_of(sheet) != nullptr; });
    if (!chosen.fits) refuse_layout(*chosen.sheet);
    const Layout& layout = *layout_of(*chosen.sheet);
    series.read = chosen.sheet->file_read();
    series.read.layout = layout.description;
    layout.read(*chosen.sheet, series);
    if (!input.arm.empty()) {
        if (series.arms.size() > 1)
            series.source->fail(series.arms[1].name_at, "has more than one arm", "give each arm in a file of its own");
        for (auto* const arms : {&series.arms, &series.at_risk})
            for (ArmSeries& arm : *arms) arm.name = input.arm;
    }
    finish(series);
    return series;
}

}  // namespace hersurv::tables
