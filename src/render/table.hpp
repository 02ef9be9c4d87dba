// A finished table or report, before any format: cells with their status, columns with their unit. The only thing that
// formats see.
#pragma once

#include "support/json.hpp"
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace hersurv::render {

// Why a number is there or not. The three kinds of missing never collapse and never become 0.
enum class Status { reported, derived, not_reached, not_estimable, not_reported };

// "reported", "derived", "NR", "NE", "not-reported": the words of the machine formats.
[[nodiscard]] std::string_view word(Status status);

// A number of a table. Machine formats print it in full (shortest round trip) or leave it empty when it is missing;
// human formats print it with `decimals`, or NR, NE, "-".
struct Number {
    std::optional<double> value;
    Status status = Status::not_reported;
    int decimals = 1;           // human formats
    bool percent = false;       // human formats show 100 times the value
    bool extrapolated = false;  // human formats add a dagger, explained in a footnote
    bool borrowed = false;      // human formats add a double dagger, explained in a footnote
    bool weak = false;          // human formats add a pilcrow, explained in a footnote
    bool flagged = false;       // human formats add an asterisk; Table::flag_meaning explains it
    std::string as_printed{};   // human formats add it in brackets: the number in the unit of its source

    static Number reported(double value, int decimals) { return {value, Status::reported, decimals}; }
    static Number derived(double value, int decimals) { return {value, Status::derived, decimals}; }
    static Number missing(Status status) { return {std::nullopt, status}; }
};

// A number with its limits, human formats only: "57.1 (50-72)" with an en dash, "NR (49.3-NE)", "57.1" if no limit
// is given.
struct Interval {
    Number value;
    std::optional<Number> lower, upper;
    bool other_kind = false;  // than the heading says: a section sign; Table::other_kind_meaning explains it
};

// std::monostate: nothing (human: empty; machine: empty cell, null).
using Cell = std::variant<std::monostate, std::string, bool, long, Number, Interval>;

enum class Audience { both, machine, human };

struct Column {
    std::string key;    // machine name, snake_case with unit: "time_months"
    std::string title;  // human heading with unit: "Median OS, months (95% CI)"
    Audience audience = Audience::both;
    bool numeric = false;  // right-aligned in human formats
    std::string
        rule_group{};  // human formats: columns of the same non-empty group are under one spanning head of this text
};

struct Table {
    std::string name;     // "medians"
    std::string caption;  // one line; may be empty
    std::vector<Column> columns;
    std::vector<std::vector<Cell>> rows;   // each as long as `columns`
    std::vector<std::string> footnotes;    // human formats, one per line
    std::string flag_meaning;              // what the asterisk of flagged numbers means
    std::string extrapolated_meaning;      // what the intervals of extrapolated numbers are; empty: they have no level
    std::string other_kind_meaning;        // what intervals of another kind than the heading says are
    std::vector<std::size_t> rule_before;  // human formats: a thin rule before these rows (groups)
};

// What human formats print, in this order.
struct Section {
    std::string heading;                                           // may be empty
    std::vector<std::string> paragraphs;                           // before the table; text formats wrap them
    std::optional<Table> table;                                    // its human columns
    std::vector<std::string> notes;                                // after the table, as a list
    enum class Tone { plain, error, warning } tone = Tone::plain;  // colours the heading on a terminal
};

// One finding of a check, for the formats of continuous integration.
struct Problem {
    std::string level;    // "error", "warning", "note"
    std::string rule;     // name
    std::string subject;  // one of Problems::subjects
    std::string place;    // in words
    std::string message;
    std::string file, pointer;  // where the number is; may be empty
    int line = 0, column = 0;   // of the pointer in the file, 1-based; 0: not known
    std::string source;         // key and line of what prints the number
    std::string published, expected;
    bool fails = false;
    bool acknowledged = false;
    std::string acknowledgement;  // the reason
};

// What a check looked at and found.
struct Problems {
    std::string_view command = "check";  // that found them
    struct Rule {
        std::string name, level, summary, arithmetic, remedy;
    };
    std::vector<Rule> rules;            // that were asked
    std::vector<std::string> subjects;  // that were looked at: trials
    std::vector<Problem> found;
};

// What a command answers. Machine formats print `table` (its machine columns), human formats print `sections`
// (or, if there are none, `table`).
struct Report {
    std::string title;
    Table table;
    std::vector<Section> sections;
    // JSON only: members beside "rows".
    support::Json::Object beside;
    // JSON only: where given, the whole answer (`show --format json`, `check --format json`), instead of {"rows": ...}.
    std::optional<support::Json> document;
    // The formats of findings print this and nothing else.
    Problems problems;
};

// One row as a JSON object with the machine columns as keys.
[[nodiscard]] support::Json row_object(const Table& table, const std::vector<Cell>& row);

}  // namespace hersurv::render
