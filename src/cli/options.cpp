// Option tables as data: the table of the global options, defaults as text, and values of the command line into their
// targets.
#include "cli/options.hpp"

#include "catalogue/text.hpp"
#include "render/figure.hpp"
#include "render/formats.hpp"
#include "support/number_text.hpp"
#include <algorithm>
#include <charconv>
#include <cmath>

namespace hersurv::cli {
namespace {

using support::UsageError;

// The name that messages use: "--digits", "TRIAL".
std::string message_name(const OptionTable::Row& row) { return option_names(row).front(); }

template <class Number>
Number whole(const OptionTable::Row& row, const std::string& value, std::string_view wanted) {
    Number number{};
    const char* end = value.data() + value.size();
    const auto [rest, error] = std::from_chars(value.data(), end, number);
    if (error == std::errc::result_out_of_range) {
        throw UsageError(message_name(row) + ": " + value + " is too large");
    }
    if (error != std::errc() || rest != end) {
        throw UsageError(message_name(row) + ": \"" + value + "\" is not " +
                         (row.accepted.empty() ? std::string(wanted) : row.accepted));
    }
    return number;
}

double real(const OptionTable::Row& row, const std::string& value) {
    double number = 0;
    const char* end = value.data() + value.size();
    const auto [rest, error] = std::from_chars(value.data(), end, number);
    if (error != std::errc() || rest != end || !std::isfinite(number)) {
        throw UsageError(message_name(row) + ": \"" + value + "\" is not " +
                         (row.accepted.empty() ? "a number" : row.accepted));
    }
    return number;
}

// The choice that a word means, whatever its case or spelling; the word itself if it means none.
std::string meant(const OptionTable::Row& row, const std::vector<std::string>& choices, const std::string& word) {
    for (const std::string& choice : choices)
        if (equal_any_case(choice, word)) return choice;
    for (const auto& [spelling, choice] : row.spellings)
        if (equal_any_case(spelling, word)) return choice;
    return word;
}

// The words of a list with commas between, each as the choice that it means.
std::string spelled(const OptionTable::Row& row, const std::vector<std::string>& choices, const std::string& value) {
    std::string result;
    std::size_t start = 0;
    while (true) {
        const std::size_t comma = std::min(value.find(',', start), value.size());
        result += meant(row, choices, value.substr(start, comma - start));
        if (comma == value.size()) return result;
        result += ',';
        start = comma + 1;
    }
}

// The value, its choices spelled as in their list; a closed list takes no other value.
std::string chosen(const OptionTable::Row& row, const std::string& value) {
    if (!row.choices) return value;
    const std::vector<std::string> choices = row.choices();
    std::string result = spelled(row, choices, value);
    if (!row.closed || std::ranges::find(choices, result) != choices.end()) return result;
    throw UsageError(message_name(row) + ": \"" + value + "\" is not " + alternatives(choices));
}

struct Assign {
    const OptionTable::Row& row;
    const std::vector<std::string>& values;

    [[nodiscard]] const std::string& single() const {
        if (values.size() > 1) {
            throw UsageError(message_name(row) + " is given " + std::to_string(values.size()) + " times; give it once");
        }
        return values.front();
    }
    void operator()(bool* target) const { *target = true; }
    void operator()(int* target) const { *target = whole<int>(row, single(), "a whole number"); }
    void operator()(std::uint64_t* target) const {
        *target = whole<std::uint64_t>(row, single(), "a whole number of at least 0");
    }
    void operator()(double* target) const { *target = real(row, single()); }
    void operator()(std::string* target) const { *target = chosen(row, single()); }
    void operator()(std::vector<std::string>* target) const {
        target->clear();
        for (const std::string& value : values) target->push_back(chosen(row, value));
    }
};

struct DefaultText {
    std::string operator()(const bool*) const { return ""; }
    std::string operator()(const int* value) const { return std::to_string(*value); }
    std::string operator()(const std::uint64_t* value) const { return std::to_string(*value); }
    std::string operator()(const double* value) const { return support::shortest(*value); }
    std::string operator()(const std::string* value) const { return *value; }
    std::string operator()(const std::vector<std::string>* value) const { return joined(*value, ","); }
};

}  // namespace

OptionTable::Row& OptionTable::add(std::string names, std::string metavar, Target target, std::string help) {
    Row row;
    row.names = std::move(names);
    row.metavar = std::move(metavar);
    const std::size_t end = help.find(". ");
    if (end != std::string::npos) row.details = help.substr(end + 2);
    if (end != std::string::npos) help.resize(end);
    row.help = std::move(help);
    row.target = target;
    rows_.push_back(std::move(row));
    return rows_.back();
}

OptionTable global_option_table(GlobalOptions& global) {
    OptionTable table;
    table.add(
        "--catalogue", "PATH", &global.catalogue,
        "add trials from a file or folder. A trial with the id of a built-in one replaces it. May be given several "
        "times; - is stdin. A .jsonl file has one document per line and is processed line by line, on its own");
    table.add("--no-builtin", "", &global.no_builtin, "leave out the built-in catalogue");
    auto& format =
        table.add("--format", "FORMAT", &global.format,
                  "output format. Default: from the extension of --output, else the first format of the command");
    format.spellings = {{"catalog", "catalogue"}};
    format.choices = [] {
        std::vector<std::string> names;
        for (const auto formats : {render::formats(), render::finding_formats()})
            for (const render::Format* format : formats) names.emplace_back(format->name);
        for (const render::FigureFormat& format : render::figure_formats())
            if (std::ranges::find(names, format.name) == names.end()) names.emplace_back(format.name);
        return names;
    };
    table.add("-o,--output", "FILE", &global.output,
              "write to FILE instead of stdout. The file is complete or not written at all; invalid lines of a .jsonl "
              "catalogue are left out and reported");
    auto& digits =
        table.add("--digits", "N", &global.digits,
                  "decimals of computed values, 0 to 15. Applies to text, markdown, latex and html; published "
                  "values keep their decimals");
    digits.default_text = "by value";
    digits.valid = [&global] { return global.digits >= 0 && global.digits <= 15; };
    digits.accepted = "a whole number from 0 to 15";
    auto& level = table.add("--level", "LEVEL", &global.level, "confidence level, between 0 and 1");
    level.valid = [&global] { return global.level > 0 && global.level < 1; };
    level.accepted = "between 0 and 1";
    auto& threads = table.add("--threads", "N", &global.threads, "number of threads");
    threads.default_text = "number of processors";
    threads.valid = [&global] { return global.threads > 0; };
    threads.accepted = "a whole number of at least 1";
    table.add("--seed", "N", &global.seed, "seed of the random numbers");
    auto& color =
        table.add("--color", "WHEN", &global.color, "when to use colour. auto: on a terminal, unless NO_COLOR is set");
    color.choices = [] { return std::vector<std::string>{"auto", "always", "never"}; };
    color.closed = true;
    table.add("-q,--quiet", "", &global.quiet, "print only errors on stderr");
    return table;
}

std::vector<std::string> option_names(const OptionTable::Row& row) {
    std::vector<std::string> names;
    std::size_t start = 0;
    while (start <= row.names.size()) {
        const std::size_t comma = std::min(row.names.find(',', start), row.names.size());
        names.push_back(row.names.substr(start, comma - start));
        start = comma + 1;
    }
    std::ranges::stable_sort(names, [](const std::string& left, const std::string& right) {
        return left.starts_with("--") && !right.starts_with("--");
    });
    return names;
}

bool is_positional(const OptionTable::Row& row) { return !row.names.starts_with('-'); }

bool is_flag(const OptionTable::Row& row) { return std::holds_alternative<bool*>(row.target); }

bool takes_many(const OptionTable::Row& row) { return std::holds_alternative<std::vector<std::string>*>(row.target); }

std::string default_shown(const OptionTable::Row& row) {
    return row.default_text.empty() ? std::visit(DefaultText{}, row.target) : row.default_text;
}

void assign(const OptionTable::Row& row, const std::vector<std::string>& values) {
    if (values.empty()) return;
    // Such as a shell variable that is not set: taken for "not given", it would select everything.
    if (std::ranges::any_of(values, [](const std::string& value) { return value.empty(); }) && !is_flag(row)) {
        throw UsageError(message_name(row) + " has an empty value; give a value or leave out the option");
    }
    std::visit(Assign{row, values}, row.target);
    if (row.valid && !row.valid()) {
        throw UsageError(message_name(row) + ": \"" + values.back() + "\" is not " + row.accepted);
    }
}

std::string did_you_mean(const std::string& name, const std::vector<std::string>& candidates,
                         const std::string& otherwise) {
    const std::string hint = catalogue::did_you_mean(name, candidates, "");
    return hint.empty() ? otherwise : "; " + hint;
}

}  // namespace hersurv::cli
