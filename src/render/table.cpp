// The words of the states of a number, and a table's row as a JSON object.
#include "render/table.hpp"

#include "render/cells.hpp"
#include "render/characters.hpp"
#include <stdexcept>

namespace hersurv::render {

std::string_view word(Status status) {
    switch (status) {
        case Status::reported:
            return "reported";
        case Status::derived:
            return "derived";
        case Status::not_reached:
            return "NR";
        case Status::not_estimable:
            return "NE";
        case Status::not_reported:
            return "not-reported";
    }
    throw std::logic_error("render: unknown status of a number");
}

support::Json row_object(const Table& table, const std::vector<Cell>& row) {
    using support::Json;
    struct ToJson {
        const Column& column;
        Json operator()(std::monostate) const { return {}; }
        Json operator()(const std::string& text) const { return well_formed(text); }
        Json operator()(bool value) const { return value; }
        Json operator()(long value) const { return static_cast<double>(value); }
        Json operator()(const Number& number) const {
            const auto value = present_value(number);
            return value ? Json(*value) : Json();
        }
        Json operator()(const Interval&) const { throw interval_in_machine_column(column); }
    };
    require_row_length(table, row);
    Json::Object object;
    for (const std::size_t i : machine_columns(table)) {
        object.emplace_back(table.columns[i].key, std::visit(ToJson{table.columns[i]}, row[i]));
    }
    return object;
}

}  // namespace hersurv::render
