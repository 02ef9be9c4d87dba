// What formats share about cells: which columns they print, and when a number has a value.
#pragma once

#include "render/table.hpp"
#include <cmath>
#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace hersurv::render {

// The value of a number that is there: its status says so and it is finite.
[[nodiscard]] inline std::optional<double> present_value(const Number& number) {
    const bool there = number.status == Status::reported || number.status == Status::derived;
    return there && number.value && std::isfinite(*number.value) ? number.value : std::nullopt;
}

[[nodiscard]] inline std::vector<std::size_t> columns_except(const Table& table, Audience left_out) {
    std::vector<std::size_t> indices;
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        if (table.columns[i].audience != left_out) indices.push_back(i);
    }
    return indices;
}

[[nodiscard]] inline std::vector<std::size_t> machine_columns(const Table& table) {
    return columns_except(table, Audience::human);
}
[[nodiscard]] inline std::vector<std::size_t> human_columns(const Table& table) {
    return columns_except(table, Audience::machine);
}

// An interval without any limit that is reported, reached or not, is printed as its value alone.
[[nodiscard]] inline bool prints_limits(const Interval& interval) {
    const auto said = [](const std::optional<Number>& limit) {
        return limit && (present_value(*limit) || limit->status == Status::not_reached ||
                         limit->status == Status::not_estimable);
    };
    return said(interval.lower) || said(interval.upper);
}

inline void require_row_length(const Table& table, const std::vector<Cell>& row) {
    if (row.size() == table.columns.size()) return;
    throw std::logic_error("render: table '" + table.name + "' has " + std::to_string(table.columns.size()) +
                           " columns and a row of " + std::to_string(row.size()) + " cells");
}

// An interval is a human text of up to three numbers; machine columns hold one number each.
[[nodiscard]] inline std::logic_error interval_in_machine_column(const Column& column) {
    return std::logic_error("render: machine column '" + column.key + "' holds an interval");
}

}  // namespace hersurv::render
