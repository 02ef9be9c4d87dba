// Tables whose columns know their cells: a column is a heading together with the function that gives its cell of a
// row, so that headings and values cannot get out of step.
#pragma once

#include "render/table.hpp"
#include <functional>
#include <initializer_list>
#include <utility>
#include <vector>

namespace hersurv::render {

// A column of the machine formats / of the human formats / of both.
[[nodiscard]] Column machine(std::string key);
[[nodiscard]] Column human(std::string title, bool numeric = false, std::string rule_group = {});
[[nodiscard]] Column both(std::string key, std::string title, bool numeric = false);

// The columns of a table in their order. `Row` holds what one row is about. Each part of a list is a heading with the
// cell of a row (a function or a member of Row), or columns of something that Row holds with the way to it:
//
//     const Columns<ArmRow> columns = {{both("arm", "Arm"), &ArmRow::id},
//                                      {machine("n"), [](const ArmRow& row) { return count_cell(row.n_patients); }},
//                                      {source_columns(), &ArmRow::from}};
//     columns.fill(table, rows);
//
// Groups that several tables share are written once in this way. Cells are made one after the other in the thread that
// fills the table: what takes long, or what several cells need, is computed first and stored in Row.
template <class Row>
class Columns {
  public:
    using CellOf = std::function<Cell(const Row&)>;
    struct One {
        Column heading;
        CellOf cell;
    };

    Columns() = default;
    Columns(Column heading, CellOf cell) { all_.push_back({std::move(heading), std::move(cell)}); }
    // Columns of a part of the row; `part` is a member of Row, or a function of it.
    template <class Part, class PartOf>
    Columns(const Columns<Part>& columns, PartOf part) {
        all_.reserve(columns.all().size());
        for (const auto& column : columns.all())
            all_.push_back(
                {column.heading, [cell = column.cell, part](const Row& row) { return cell(std::invoke(part, row)); }});
    }
    Columns(std::initializer_list<Columns> parts) {
        all_.reserve(parts.size());
        for (const Columns& part : parts) append(part);
    }

    void append(const Columns& more) { all_.insert(all_.end(), more.all_.begin(), more.all_.end()); }
    [[nodiscard]] const std::vector<One>& all() const { return all_; }

    // Adds the headings to a table without columns, and a row of cells for each of `rows`. Throws std::logic_error if
    // a column of the machine formats has no key, or that of another one.
    void fill(Table& table, const std::vector<Row>& rows) const;

  private:
    std::vector<One> all_;
};

// Throws std::logic_error if a column of the machine formats has no key, or that of another one.
void require_distinct_keys(const Table& table);

template <class Row>
void Columns<Row>::fill(Table& table, const std::vector<Row>& rows) const {
    table.columns.reserve(all_.size());
    for (const One& column : all_) table.columns.push_back(column.heading);
    require_distinct_keys(table);
    table.rows.reserve(rows.size());
    for (const Row& row : rows) {
        std::vector<Cell>& cells = table.rows.emplace_back();
        cells.reserve(all_.size());
        for (const One& column : all_) cells.push_back(column.cell(row));
    }
}

}  // namespace hersurv::render
