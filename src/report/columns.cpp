// What must hold of the columns of every table, whatever its rows.
#include "hersurv/report/columns.hpp"

#include <algorithm>
#include <stdexcept>

namespace hersurv::report {

void require_distinct_keys(const Table& table) {
    for (auto column = table.columns.begin(); column != table.columns.end(); ++column) {
        if (column->audience == Audience::human) continue;
        const auto same = [&](const Column& other) {
            return other.audience != Audience::human && other.key == column->key;
        };
        if (column->key.empty())
            throw std::logic_error("report: table '" + table.name + "' has a machine column without a key");
        if (std::any_of(table.columns.begin(), column, same))
            throw std::logic_error("report: table '" + table.name + "' has two machine columns '" + column->key + "'");
    }
}

}  // namespace hersurv::report
