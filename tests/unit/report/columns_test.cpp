// Columns that know their cells: each cell is under its own heading, whatever was put together from groups; and in all
// tables of the program each row is as long as the headings, and a key names one column.
#include "render/columns.hpp"

#include "hersurv/catalogue.hpp"

#include <catch2/catch.hpp>

#include "report/comparison_tables.hpp"
#include "report/curve_report.hpp"
#include "report/fit_report.hpp"
#include "report/numbers.hpp"
#include "report/record_report.hpp"
#include "report/trials_table.hpp"
#include <algorithm>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <variant>

using namespace hersurv::report;

namespace {

struct Size {
    long width = 0, height = 0;
};

struct Box {
    std::string name;
    Size inner, outer;
    [[nodiscard]] long wall() const { return (outer.width - inner.width) / 2; }
};

Columns<Size> size_columns(const std::string& prefix) {
    return {{machine(prefix + "width"), &Size::width}, {machine(prefix + "height"), &Size::height}};
}

Columns<Box> box_columns() {
    return {{both("name", "Name"), &Box::name},
            {human("Inner", true),
             [](const Box& box) { return std::to_string(box.inner.width) + "x" + std::to_string(box.inner.height); }},
            {size_columns("inner_"), &Box::inner},
            {size_columns("outer_"), [](const Box& box) -> const Size& { return box.outer; }},
            {both("wall", "Wall", true), &Box::wall}};
}

const std::vector<Box> boxes = {{"small", {2, 3}, {4, 5}}, {"large", {20, 30}, {26, 36}}};

long whole(const Cell& cell) { return std::get<long>(cell); }

}  // namespace

TEST_CASE("each cell is under its own heading, in the order of the columns", "[report][columns]") {
    Table table;
    box_columns().fill(table, boxes);
    std::vector<std::string> headings;
    std::vector<Audience> audiences;
    for (const Column& column : table.columns) {
        headings.push_back(column.key.empty() ? column.title : column.key);
        audiences.push_back(column.audience);
    }
    CHECK(headings == std::vector<std::string>{"name", "Inner", "inner_width", "inner_height", "outer_width",
                                               "outer_height", "wall"});
    CHECK(audiences == std::vector{Audience::both, Audience::human, Audience::machine, Audience::machine,
                                   Audience::machine, Audience::machine, Audience::both});
    CHECK(table.columns[6].numeric);
    REQUIRE(table.rows.size() == boxes.size());
    for (std::size_t i = 0; i < boxes.size(); ++i) {
        const std::vector<Cell>& row = table.rows[i];
        REQUIRE(row.size() == table.columns.size());
        CHECK(std::get<std::string>(row[0]) == boxes[i].name);
        CHECK(whole(row[2]) == boxes[i].inner.width);
        CHECK(whole(row[3]) == boxes[i].inner.height);
        CHECK(whole(row[4]) == boxes[i].outer.width);
        CHECK(whole(row[5]) == boxes[i].outer.height);
        CHECK(whole(row[6]) == boxes[i].wall());
    }
    CHECK(std::get<std::string>(table.rows[1][1]) == "20x30");
}

TEST_CASE("columns may be made in a loop and have no row", "[report][columns]") {
    Columns<Size> columns;
    for (const long factor : {1L, 2L, 3L})
        columns.append(
            {human("x" + std::to_string(factor)), [factor](const Size& size) { return factor * size.width; }});
    Table table, empty;
    columns.fill(table, {{5, 0}});
    columns.fill(empty, {});
    CHECK(empty.columns.size() == 3);
    CHECK(empty.rows.empty());
    CHECK(whole(table.rows.front()[2]) == 15);
}

TEST_CASE("two machine columns of one key, or one without a key, are refused", "[report][columns]") {
    Table table;
    const Columns<Size> twice = {{machine("width"), &Size::width}, {both("width", "Width"), &Size::height}};
    CHECK_THROWS_WITH(twice.fill(table, {}), Catch::Contains("'width'"));
    Table other;
    const Columns<Size> nameless = {{machine(""), &Size::width}};
    CHECK_THROWS_AS(nameless.fill(other, {}), std::logic_error);
    Table third;
    const Columns<Size> headed_alike = {{human("95% CI"), &Size::width}, {human("95% CI"), &Size::height}};
    CHECK_NOTHROW(headed_alike.fill(third, {}));
}

namespace {

namespace catalogue = hersurv::catalogue;

// Some trials with all analyses, two models each, and everything that the tables of the program say of them.
struct AllTables {
    catalogue::Library library{catalogue::LibraryOptions{}};
    ComparisonInput input;
    std::vector<std::pair<std::string, Table>> tables;

    AllTables() {
        input.trials = library.select({"CLEOPATRA", "DESTINY-Breast01", "HER2CLIMB"});
        for (const catalogue::Trial* trial : input.trials)
            for (const catalogue::Analysis& analysis : trial->analyses) {
                auto evidence = std::make_shared<const hersurv::evidence::AnalysisEvidence>(
                    hersurv::evidence::gather(*trial, analysis));
                const std::vector<const hersurv::fit::Model*> models = {hersurv::fit::find_model("flexible"),
                                                                        hersurv::fit::find_model("weibull")};
                input.fits.push_back({trial, &analysis, evidence, hersurv::fit::fit(evidence, models)});
            }
        for (const ComparisonTable& table : comparison_tables())
            add("table " + std::string(table.name), table.build(input, {}));
        FitReportOptions fit_options;
        fit_options.explain = fit_options.summaries = true;
        add("fit", fit_report(input.fits, {}, fit_options));
        add("curve", curve_report(input.fits, {}, {}));
        add("list", trials_table(input.trials));
        std::vector<ShownRecord> records;
        for (const catalogue::Trial* trial : input.trials) {
            records.push_back({trial, {}});
            for (const catalogue::Analysis& analysis : trial->analyses) records.back().analyses.push_back(&analysis);
        }
        add("show", record_report(records, {}));
    }

    void add(const std::string& name, const Report& report) {
        tables.emplace_back(name, report.table);
        for (const Section& section : report.sections)
            if (section.table) tables.emplace_back(name + ", section " + section.heading, *section.table);
    }
};

const std::vector<std::pair<std::string, Table>>& all_tables() {
    static const AllTables all;
    return all.tables;
}

}  // namespace

TEST_CASE("in every table a machine key names one column, and each row is as long as the headings",
          "[report][columns]") {
    CHECK(all_tables().size() > comparison_tables().size() + 12);
    for (const auto& [name, table] : all_tables()) {
        INFO(name);
        CHECK_FALSE(table.rows.empty());
        std::set<std::string> keys;
        for (const Column& column : table.columns) {
            INFO("column '" << column.key << "', '" << column.title << "'");
            CHECK((column.audience == Audience::human || !column.key.empty()));
            CHECK((column.audience == Audience::machine || !column.title.empty()));
            if (column.audience != Audience::human) CHECK(keys.insert(column.key).second);
        }
        for (const auto& row : table.rows) CHECK(row.size() == table.columns.size());
    }
}

TEST_CASE("X_status says whether X is there", "[report][columns]") {
    int n_statuses = 0;
    for (const auto& [name, table] : all_tables())
        for (std::size_t i = 0; i < table.columns.size(); ++i) {
            const std::string status_key = table.columns[i].key + "_status";
            const auto status = std::ranges::find(table.columns, status_key, &Column::key);
            if (table.columns[i].key.empty() || status == table.columns.end()) continue;
            for (const auto& row : table.rows) {
                const auto* number = std::get_if<Number>(&row[i]);
                if (number == nullptr) continue;  // a count
                INFO(name << ": " << status_key);
                const Cell& word_of = row[static_cast<std::size_t>(status - table.columns.begin())];
                CHECK(std::get<std::string>(word_of) == status_word(*number));
                CHECK(number->value.has_value() ==
                      (number->status == Status::reported || number->status == Status::derived));
                ++n_statuses;
            }
        }
    CHECK(n_statuses > 100);
}
