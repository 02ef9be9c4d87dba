// Reads what --time-unit, --separator and --decimal say of the files of a command.
#include "cli/table_options.hpp"

#include "cli/options.hpp"
#include "support/file.hpp"
#include "tables/headers.hpp"
#include <algorithm>
#include <filesystem>
#include <istream>

namespace hersurv::cli {
namespace {

using support::UsageError;

// What of a value is accepted, by option.
struct TableOptionRow {
    std::string_view option, accepted;
    bool (*accepts)(const std::string& value);
};
constexpr TableOptionRow table_options[] = {
    {"--time-unit", "days, weeks, months or years",
     [](const std::string& value) { return !tables::time_unit_of(value).empty(); }},
    {"--separator", "comma, semicolon, tab, pipe, blanks or wide-blanks",
     [](const std::string& value) { return tables::parse_separator(value).has_value(); }},
    {"--decimal", "point or comma", [](const std::string& value) { return tables::parse_decimal(value).has_value(); }},
};

bool exists(const std::string& path) {
    std::error_code error;
    return std::filesystem::exists(path, error);
}

}  // namespace

void TableOptions::setup(OptionTable& options) {
    const std::string metavar = kinds_.empty() ? "" : "|FILE=...";
    const std::string each = kinds_.empty() ? ""
                                            : ". For each kind of file: " + kinds_[0] + "=VALUE," + kinds_[1] +
                                                  "=VALUE, or the name of an arm";
    options.add("--time-unit", "UNIT" + metavar, &time_unit_,
                "unit of the times: days, weeks, months or years. Default: as the heading says, else months" + each);
    options
        .add("--separator", "WORD" + metavar, &separator_,
             "column separator. One of comma, semicolon, tab, pipe, blanks, wide-blanks (two or more)")
        .default_text = "detected";
    options.add("--decimal", "MARK" + metavar, &decimal_, "decimal mark: point or comma").default_text = "detected";
}

std::string TableOptions::value_of(const std::string& option, const std::string& text, const Wanted& wanted) const {
    if (text.empty()) return "";
    const TableOptionRow& row = *std::ranges::find(table_options, option, &TableOptionRow::option);
    if (row.accepts(text)) return text;
    std::vector<std::string> known = kinds_;
    known.insert(known.end(), wanted.arms.begin(), wanted.arms.end());
    std::string of_kind, of_arm;
    for (const std::string& item : support::split(text, ',')) {
        const std::size_t equals = item.rfind('=');
        const std::string of = item.substr(0, equals),
                          value = equals == std::string::npos ? "" : item.substr(equals + 1);
        if (std::ranges::find(known, of) == known.end() || !row.accepts(value)) {
            std::string problem = option + " \"" + text + "\": give " + std::string(row.accepted);
            if (!known.empty())
                problem += ", or one for each of " + joined(known) + ", as in " + known.front() + "=" +
                           std::string(row.accepted.substr(0, row.accepted.find_first_of(", ")));
            throw UsageError(problem);
        }
        if (of == wanted.kind) of_kind = value;
        if (!wanted.arm.empty() && of == wanted.arm) of_arm = value;
    }
    return of_arm.empty() ? of_kind : of_arm;
}

tables::ReadOptions TableOptions::of(std::string_view kind, std::string_view arm,
                                     const std::vector<std::string>& arms) const {
    const Wanted wanted{kind, arm, arms};
    tables::ReadOptions options;
    options.time_unit = std::string(tables::time_unit_of(value_of("--time-unit", time_unit_, wanted)));
    if (const std::string separator = value_of("--separator", separator_, wanted); !separator.empty())
        options.separator = tables::parse_separator(separator);
    if (const std::string decimal = value_of("--decimal", decimal_, wanted); !decimal.empty())
        options.decimal = tables::parse_decimal(decimal);
    return options;
}

std::string arm_of_file(const std::string& text) {
    const std::size_t equals = text.find('=');
    return equals == std::string::npos || exists(text) ? "" : text.substr(0, equals);
}

tables::Input TableFiles::read(const std::string& path, const tables::ReadOptions& options, Context& context) {
    texts_.push_back(path == "-" ? support::read_stream(context.in, "standard input") : support::read_file(path));
    tables::Input input;
    input.bytes = texts_.back();
    input.file = path == "-" ? "stdin" : path;
    input.options = options;
    return input;
}

tables::Input TableFiles::read_of_arm(const std::string& text, const tables::ReadOptions& options, Context& context) {
    const std::string arm = arm_of_file(text);
    tables::Input input = read(arm.empty() ? text : text.substr(arm.size() + 1), options, context);
    input.arm = arm;
    return input;
}

namespace {

// "curve=days,at-risk=months" of "... as if the curve were in days and the table in months"; else empty.
std::string units_that_agree(std::string_view problem) {
    constexpr std::string_view curve = "as if the curve were in ", table = " and the table in ";
    const std::size_t first = problem.find(curve), second = problem.find(table);
    if (first == std::string_view::npos || second == std::string_view::npos || second < first) return "";
    const std::size_t begin = first + curve.size();
    return "curve=" + std::string(problem.substr(begin, second - begin)) +
           ",at-risk=" + std::string(problem.substr(second + table.size()));
}

}  // namespace

support::InputError with_options(const support::InputError& error) {
    constexpr std::pair<std::string_view, std::string_view> helps[] = {
        {"give the decimal mark of the file", ": --decimal point or --decimal comma"},
        {"give both in the same unit of time", ", or give them: --time-unit curve=days,at-risk=months"},
        {"name the arm of the curve", ": --curve ARM=FILE"},
        {"read the file as cumulative incidence", ": --failure"},
        {"read the file as survival", ": leave out --failure"},
        {"another separator, such as semicolons", "; --separator says which one there is"},
    };
    std::vector<support::Fault> faults = error.faults();
    for (support::Fault& fault : faults) {
        if (const std::string units = units_that_agree(fault.problem); !units.empty()) {
            fault.remedy += ", or give them: --time-unit " + units;
            continue;
        }
        for (const auto& [words, help] : helps)
            if (const std::size_t at = fault.remedy.find(words); at != std::string::npos)
                fault.remedy.insert(at + words.size(), help);
    }
    return support::InputError(std::move(faults));
}

}  // namespace hersurv::cli
