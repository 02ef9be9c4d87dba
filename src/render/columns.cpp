// What must hold of the columns of every table, whatever its rows.
#include "render/columns.hpp"

#include <algorithm>
#include <stdexcept>

namespace hersurv::render {

Column machine(std::string key) { return {std::move(key), "", Audience::machine, false, ""}; }
Column human(std::string title, bool numeric, std::string rule_group) {
    return {"", std::move(title), Audience::human, numeric, std::move(rule_group)};
}
Column both(std::string key, std::string title, bool numeric) {
    return {std::move(key), std::move(title), Audience::both, numeric, ""};
}

void require_distinct_keys(const Table& table) {
    for (auto column = table.columns.begin(); column != table.columns.end(); ++column) {
        if (column->audience == Audience::human) continue;
        const auto same = [&](const Column& other) {
            return other.audience != Audience::human && other.key == column->key;
        };
        if (column->key.empty())
            throw std::logic_error("render: table '" + table.name + "' has a machine column without a key");
        if (std::any_of(table.columns.begin(), column, same))
            throw std::logic_error("render: table '" + table.name + "' has two machine columns '" + column->key + "'");
    }
}

}  // namespace hersurv::render
