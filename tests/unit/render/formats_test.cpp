// Laws that every output format keeps, over the whole table of formats: nothing is lost, nothing acts, nothing is
// rounded by a machine format.
#include "render/formats.hpp"

#include <catch2/catch.hpp>

#include "render/cell_text.hpp"
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <map>
#include <random>
#include <set>
#include <sstream>
#include <stdexcept>
#include <utility>

using namespace hersurv::render;
using hersurv::support::Json;
using hersurv::support::parse_json;

namespace {

const Format& format(std::string_view name) {
    const Format* found = find_format(name);
    REQUIRE(found != nullptr);
    return *found;
}

std::string render(std::string_view name, const Report& report, const RenderOptions& options = {}) {
    return format(name).render(report, options);
}

// A column with what it lacks at its default.
Column column(std::string key, std::string title, Audience audience = Audience::both, bool numeric = false,
              std::string group = "") {
    return {std::move(key), std::move(title), audience, numeric, std::move(group)};
}

Report report_of(Table table) {
    Report report;
    report.table = std::move(table);
    return report;
}

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
    return lines;
}

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

std::size_t count(const std::string& text, std::string_view part) {
    std::size_t n = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++n;
    return n;
}

// Code points of well-formed UTF-8, decoded independently of the library; fails the test where it is not well-formed.
std::u32string code_points(const std::string& text) {
    std::u32string result;
    for (std::size_t i = 0; i < text.size();) {
        const auto lead = static_cast<unsigned char>(text[i]);
        const std::size_t length = lead < 0x80 ? 1 : lead >> 5 == 6 ? 2 : lead >> 4 == 14 ? 3 : lead >> 3 == 30 ? 4 : 0;
        REQUIRE(length > 0);
        REQUIRE(i + length <= text.size());
        char32_t code = length == 1 ? lead : lead & (0x7fu >> length);
        for (std::size_t k = 1; k < length; ++k) {
            const auto byte = static_cast<unsigned char>(text[i + k]);
            REQUIRE(byte >> 6 == 2);
            code = code << 6 | (byte & 0x3fu);
        }
        result += code;
        i += length;
    }
    return result;
}

Number percent(double value, int decimals) {
    Number number = Number::reported(value, decimals);
    number.percent = true;
    return number;
}

Number extrapolated(Number number) {
    number.extrapolated = true;
    return number;
}

Number flagged(Number number) {
    number.flagged = true;
    return number;
}

const Number not_reached = Number::missing(Status::not_reached);
const Number not_estimable = Number::missing(Status::not_estimable);
const Number not_reported = Number::missing(Status::not_reported);

// A table with each kind of cell and each status.
Table all_kinds() {
    Table table;
    table.name = "all_kinds";
    table.caption = "Each kind of cell";
    table.columns = {column("trial", "Trial"),
                     column("empty", "Empty"),
                     column("is_blinded", "Blinded"),
                     column("n_patients", "n", Audience::both, true),
                     column("median_months", "Median, months", Audience::machine, true),
                     column("status", "", Audience::machine),
                     column("", "Median OS, months (95% CI)", Audience::human, true, "Survival"),
                     column("survival_24", "S(24), %", Audience::both, true, "Survival")};
    const auto row = [](const char* trial, bool blinded, long n, Number median, Interval interval, Number survival) {
        return std::vector<Cell>{
            std::string(trial), std::monostate{}, blinded, n, median, std::string(word(median.status)),
            interval,           survival};
    };
    const auto reported = Number::reported;
    table.rows = {
        row("A", true, 402, reported(57.1, 1), {reported(57.1, 1), reported(50, 0), reported(72, 0)}, percent(0.37, 0)),
        row("B", false, -1, not_reached, {not_reached, reported(49.3, 1), not_estimable},
            extrapolated(percent(0.575, 0))),
        row("C", true, 0, not_estimable, {Number::derived(-1.25, 1), reported(-3, 1), reported(1, 1)},
            flagged(percent(0.5, 1))),
        row("D", true, 1, not_reported, {not_reported, std::nullopt, std::nullopt}, not_reported)};
    table.rule_before = {2};
    table.flag_meaning = "outside the published limits";
    table.footnotes = {"Times in months."};
    return table;
}

const std::vector<std::string> hostile_texts = {
    "<script>alert(1)</script>",
    "</td></table><img src=x onerror=alert(1)>",
    "&lt;b&gt; &amp; \"quoted\" 'single'",
    "| a | b |\n|---|---|",
    "```\ncode\n```",
    "**bold** _em_ [link](javascript:alert(1)) ![i](x) ~~s~~ $x$ # h",
    "# heading",
    "- item",
    "1. item",
    "\\input{/etc/passwd}% comment",
    "\\\\[1em] & # $ % _ { } ~ ^ \\",
    "[optional] argument",
    "*starred",
    "\x1b[31mred\x1b[0m \x1b]0;title\x07",
    std::string("nul\0inside", 10),
    "tab\tand\rreturn\nline\vfeed\fform",
    "\xc2\x9b"
    "31m C1 control",
    "\xe2\x80\xae"
    "reversed"
    "\xe2\x80\xac \xe2\x81\xa6isolated\xe2\x81\xa9 \xe2\x80\xaa\xe2\x80\xab\xe2\x80\xad",
    "line\xe2\x80\xa8separator\xe2\x80\xa9paragraph\xc2\x85next",
    "\xef\xbb\xbf"
    "byte order mark, zero\xe2\x80\x8bwidth, \xf3\xa0\x81\xa1tag",
    "bad \xff\xc0\xaf\xed\xa0\x80\xe2\x82 bytes \xf0\x9f",
    "=HYPERLINK(\"http://x\")",
    "comma, \"quote\" and 'quote'",
    " blanks around ",
    "",
    std::string(300, 'x'),
    "\xe8\x87\xa8\xe5\xba\x8a\xe8\xa9\xa6\xe9\xa8\x93 e\xcc\x81 \xf0\x9f\x98\x80",
};

// Hostile text wherever the input of a user can come to stand.
Report hostile_report() {
    Table table;
    table.name = "hostile";
    table.columns = {column("text", ""), column("value", "", Audience::both, true), column("other", "")};
    for (const std::string& text : hostile_texts) {
        table.caption += text;
        table.flag_meaning += text;
        table.footnotes.push_back(text);
        table.rows.push_back({text, flagged(Number::reported(0.1, 1)), text});
    }
    for (Column& column : table.columns) column.title = table.caption;
    for (Column& column : table.columns) column.rule_group = table.caption;
    table.columns.back().rule_group.clear();
    Report report;
    report.title = table.caption;
    report.table = table;
    for (const std::string& text : hostile_texts) {
        report.sections.push_back({text, {text}, std::nullopt, {text}});
        report.beside.emplace_back("beside_" + std::to_string(report.beside.size()), text);
    }
    report.sections.push_back({table.caption, {table.caption}, table, {table.caption}});
    return report;
}

// An independent reader of RFC 4180.
std::vector<std::vector<std::string>> read_csv(const std::string& text) {
    std::vector<std::vector<std::string>> records;
    std::vector<std::string> record;
    std::string field;
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (quoted) {
            if (c != '"') {
                field += c;
            } else if (i + 1 < text.size() && text[i + 1] == '"') {
                field += '"';
                ++i;
            } else {
                quoted = false;
                REQUIRE((i + 1 < text.size() && (text[i + 1] == ',' || text[i + 1] == '\n')));
            }
        } else if (c == '"') {
            REQUIRE(field.empty());
            quoted = true;
        } else if (c == ',' || c == '\n') {
            record.push_back(field);
            field.clear();
            if (c == '\n') records.push_back(std::exchange(record, {}));
        } else {
            REQUIRE(c != '\r');
            field += c;
        }
    }
    REQUIRE(!quoted);
    REQUIRE(field.empty());
    REQUIRE(record.empty());
    return records;
}

std::vector<std::vector<std::string>> read_tsv(const std::string& text) {
    std::vector<std::vector<std::string>> records;
    for (const std::string& line : lines_of(text)) {
        std::vector<std::string>& record = records.emplace_back(1);
        bool quoted = false, begins = true;
        for (std::size_t i = 0; i < line.size(); ++i) {
            const bool first = std::exchange(begins, false);
            if (line[i] == '\t') {
                record.emplace_back();
                begins = true;
                quoted = false;
            } else if (line[i] == '"' && first) {
                quoted = true;
            } else if (line[i] == '"' && quoted) {
                // A doubled quote is one; a single one ends the field.
                if (i + 1 < line.size() && line[i + 1] == '"') record.back() += line[++i];
            } else if (line[i] == '\\') {
                REQUIRE(i + 1 < line.size());
                const std::map<char, char> escapes = {{'t', '\t'}, {'n', '\n'}, {'r', '\r'}, {'\\', '\\'}};
                record.back() += escapes.at(line[++i]);
            } else {
                record.back() += line[i];
            }
        }
    }
    return records;
}

}  // namespace

TEST_CASE("the table of formats holds every format once", "[report]") {
    std::set<std::string_view> names, extensions;
    for (const Format* f : formats()) {
        INFO(f->name);
        CHECK(names.insert(f->name).second);
        CHECK(extensions.insert(f->extension).second);
        CHECK(find_format(f->name) == f);
        CHECK(!f->summary.empty());
        CHECK(!contains(std::string(f->summary), "\n"));
    }
    CHECK(find_format("") == nullptr);
    CHECK(find_format("CSV") == nullptr);
    for (const char* streaming : {"text", "jsonl", "csv", "tsv", "markdown"}) CHECK(format(streaming).streams);
    for (const char* whole : {"json", "latex", "html"}) CHECK(!format(whole).streams);
    for (const char* machine : {"json", "jsonl", "csv", "tsv"}) CHECK(!format(machine).human);
}

TEST_CASE("every format renders every table into clean lines", "[report]") {
    Report nothing;
    Table no_rows = all_kinds();
    no_rows.rows.clear();
    no_rows.rule_before.clear();
    Report sections;
    sections.title = "Title";
    sections.table = all_kinds();
    sections.sections = {
        {"One", {"A paragraph.", "Another."}, all_kinds(), {"A note."}}, {"", {}, no_rows, {}}, {"Empty", {}, {}, {}}};
    const std::vector<Report> reports = {nothing, report_of(no_rows), report_of(all_kinds()), sections,
                                         hostile_report()};
    for (const Format* f : formats()) {
        for (std::size_t i = 0; i < reports.size(); ++i) {
            for (const bool continued : {false, true}) {
                RenderOptions options;
                options.continued = continued;
                const std::string text = f->render(reports[i], options);
                INFO(f->name << ", report " << i);
                CHECK((text.empty() || text.ends_with('\n')));
                CHECK(text == f->render(reports[i], options));
                if (f->human) {
                    for (const std::string& line : lines_of(text)) CHECK(!line.ends_with(' '));
                    CHECK(!contains(text, "\n\n\n"));
                }
            }
        }
    }
}

TEST_CASE("nothing in a text acts, in any format", "[report]") {
    for (const Format* f : formats()) {
        INFO(f->name);
        const std::string text = f->render(hostile_report(), {});
        for (const char32_t code : code_points(text)) {
            // CSV quotes line ends and tabs: they are data there.
            const bool whitespace = code == '\n' || (f->name == "csv" && (code == '\t' || code == '\r')) ||
                                    (f->name == "tsv" && code == '\t');
            const bool control = code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x2028 || code == 0x2029;
            const bool invisible = (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069) ||
                                   code == 0x200b || code == 0xfeff || (code >= 0xe0000 && code <= 0xe007f);
            if ((control && !whitespace) || invisible) FAIL_CHECK("U+" << std::hex << static_cast<unsigned>(code));
        }
    }

    SECTION("text shows what was there") {
        const std::string text = render("text", hostile_report());
        for (const char* shown : {"\\x1b[31mred", "\\u202ereversed", "\\u2066isolated", "nul\\x00inside",
                                  "\\xff\\xc0\\xaf", "tab\\tand\\rreturn\\nline", "\\u009b31m", "\\U000e0061tag"}) {
            INFO(shown);
            CHECK(contains(text, shown));
        }
    }
    SECTION("html holds no tag but its own, each closed where it belongs") {
        const std::string text = render("html", hostile_report());
        const std::set<std::string> known = {"html",  "head", "meta", "title", "style",   "body",     "h1",
                                             "h2",    "p",    "div",  "table", "caption", "colgroup", "thead",
                                             "tbody", "tr",   "th",   "td",    "ul",      "li"};
        std::vector<std::string> open;
        for (std::size_t at = text.find('<', 1); at != std::string::npos; at = text.find('<', at + 1)) {
            const std::size_t end = text.find_first_of(" >", at);
            const bool closes = text[at + 1] == '/';
            const std::string name = text.substr(at + 1 + closes, end - at - 1 - closes);
            CHECK(known.count(name) == 1);
            if (name == "meta") continue;
            if (!closes) {
                open.push_back(name);
            } else {
                REQUIRE(!open.empty());
                REQUIRE(open.back() == name);
                open.pop_back();
            }
        }
        CHECK(open.empty());
        // Every character reference is complete.
        for (std::size_t at = text.find('&'); at != std::string::npos; at = text.find('&', at + 1)) {
            const std::string reference = text.substr(at, text.find(';', at) + 1 - at);
            CHECK(std::set<std::string>{"&amp;", "&lt;", "&gt;", "&quot;", "&#39;", "&minus;"}.count(reference) == 1);
        }
    }
    SECTION("markdown keeps the cells of every line, and neither code, links nor tags begin") {
        const std::string text = render("markdown", hostile_report());
        std::size_t table_lines = 0;
        for (const std::string& line : lines_of(text)) {
            std::string bare;  // without what is escaped
            for (std::size_t i = 0; i < line.size(); ++i) {
                if (line[i] == '\\') {
                    ++i;
                } else {
                    bare += line[i];
                }
            }
            INFO(line);
            for (const char c : std::string("`[]~$")) CHECK(bare.find(c) == std::string::npos);
            if (bare != "<!-- -->") CHECK(bare.find_first_of("<>") == std::string::npos);
            if (bare.starts_with('|')) {
                CHECK(count(bare, "|") == 4);
                ++table_lines;
            } else {
                CHECK(!contains(bare, "|"));
            }
        }
        CHECK(table_lines == hostile_texts.size() + 2);
    }
    SECTION("latex has balanced braces, as many columns in each row, and no command of the input") {
        const std::string text = render("latex", hostile_report());
        int depth = 0;
        for (const std::string& line : lines_of(text)) {
            if (line.starts_with('%')) continue;
            INFO(line);
            bool comment = false;
            std::size_t columns = 1;
            for (std::size_t i = 0; i < line.size(); ++i) {
                if (line[i] == '\\') {
                    ++i;
                    continue;
                }
                depth += line[i] == '{' ? 1 : line[i] == '}' ? -1 : 0;
                comment = comment || line[i] == '%' || line[i] == '#';
                columns += line[i] == '&' ? 1 : 0;
                CHECK(depth >= 0);
            }
            CHECK(depth == 0);
            CHECK(!comment);
            if (line.ends_with(" \\\\") && !contains(line, "\\multicolumn")) {
                CHECK(columns == 3);
                const std::size_t first = line.find_first_not_of(' ');
                CHECK(std::string("[*(").find(line[first]) == std::string::npos);
            }
        }
        CHECK(!contains(text, "\\input"));
        CHECK(count(text, "\\begin{") == count(text, "\\end{"));
    }
}

TEST_CASE("machine formats give back every number and text", "[report]") {
    // Doubles of every magnitude: random bit patterns, and the edges.
    std::mt19937_64 random(20240601);
    std::vector<double> values = {0.0,
                                  0.1,
                                  57.1,
                                  1.0 / 3,
                                  1e-9,
                                  123456789.123456789,
                                  1e300,
                                  std::numeric_limits<double>::min(),
                                  std::numeric_limits<double>::denorm_min(),
                                  std::numeric_limits<double>::max(),
                                  -2.5};
    while (values.size() < 2000) {
        const auto value = std::bit_cast<double>(random());
        if (std::isfinite(value)) values.push_back(value);
    }
    Table table;
    table.columns = {column("text", "Text"), column("value", "Value"), column("shown", "Shown", Audience::human),
                     column("truth", "Truth"), column("count", "Count")};
    for (std::size_t i = 0; i < values.size(); ++i) {
        // What cannot be shown as it is (controls, bad UTF-8) has its own test. What a spreadsheet takes for a formula
        // stays as it is (docs/limits.md).
        static const std::vector<std::string> texts = {"plain",
                                                       "a,b",
                                                       "\"q\"",
                                                       "line\nbreak",
                                                       "tab\tcr\r",
                                                       "back\\slash",
                                                       "\xc3\xa9\xe2\x89\xa5",
                                                       " x ",
                                                       "",
                                                       "=cmd|'/C calc'!A0",
                                                       "@SUM(A1)",
                                                       "-2+3",
                                                       "+1",
                                                       "#A1"};
        // Digits and percent are of no concern to machines.
        Number number = i % 2 == 0 ? Number::reported(values[i], 0) : Number::derived(values[i], 0);
        number.percent = i % 3 == 0;
        number.extrapolated = i % 5 == 0;
        number.flagged = i % 7 == 0;
        table.rows.push_back(
            {texts[i % texts.size()], number, std::string("human only"), i % 2 == 0, static_cast<long>(i) - 7});
    }
    const Report report = report_of(table);
    RenderOptions options;
    options.digits = 1;
    options.color = true;
    options.width = 20;

    const auto check_objects = [&](const Json::Array& rows) {
        REQUIRE(rows.size() == values.size());
        for (std::size_t i = 0; i < rows.size(); ++i) {
            REQUIRE(rows[i].if_object() != nullptr);
            REQUIRE(rows[i].if_object()->size() == 4);
            CHECK(*rows[i].find("value")->if_number() == values[i]);
            CHECK(*rows[i].find("text")->if_string() == std::get<std::string>(table.rows[i][0]));
            CHECK(*rows[i].find("truth")->if_bool() == (i % 2 == 0));
            CHECK(*rows[i].find("count")->if_number() == static_cast<double>(i) - 7);
            CHECK(rows[i] == row_object(table, table.rows[i]));
        }
    };
    SECTION("json, a row a line") {
        const std::string text = render("json", report, options);
        const Json document = parse_json(text, "json");
        check_objects(*document.find("rows")->if_array());
        CHECK(lines_of(text).size() == values.size() + 4);
    }
    SECTION("jsonl") {
        Json::Array rows;
        for (const std::string& line : lines_of(render("jsonl", report, options)))
            rows.push_back(parse_json(line, "jsonl"));
        check_objects(rows);
    }
    for (const char* name : {"csv", "tsv"}) {
        SECTION(name) {
            const std::string text = render(name, report, options);
            const auto records = std::string(name) == "csv" ? read_csv(text) : read_tsv(text);
            REQUIRE(records.size() == values.size() + 1);
            CHECK(records[0] == std::vector<std::string>{"text", "value", "truth", "count"});
            for (std::size_t i = 0; i < values.size(); ++i) {
                const auto& record = records[i + 1];
                REQUIRE(record.size() == 4);
                CHECK(record[0] == std::get<std::string>(table.rows[i][0]));
                CHECK(std::strtod(record[1].c_str(), nullptr) == values[i]);
                CHECK(record[2] == (i % 2 == 0 ? "true" : "false"));
                CHECK(record[3] == std::to_string(static_cast<long>(i) - 7));
            }
        }
    }
}

TEST_CASE("json strings keep hostile text as it was", "[report]") {
    const Report report = hostile_report();
    const Json document = parse_json(render("json", report), "json");
    const Json::Array& rows = *document.find("rows")->if_array();
    REQUIRE(rows.size() == hostile_texts.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (contains(hostile_texts[i], "\xff")) {
            // Bytes that are no UTF-8 cannot be kept.
            CHECK(contains(*rows[i].find("text")->if_string(), "bad \xef\xbf\xbd\xef\xbf\xbd"));
        } else {
            CHECK(*rows[i].find("text")->if_string() == hostile_texts[i]);
        }
    }
}

TEST_CASE("a missing number stays missing and never becomes a number", "[report]") {
    Table table;
    table.columns = {column("value", "Value", Audience::both, true), column("status", "Status", Audience::machine)};
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const double infinity = std::numeric_limits<double>::infinity();
    std::vector<Number> missing = {not_reached,
                                   not_estimable,
                                   not_reported,
                                   Number::reported(nan, 1),
                                   Number::derived(infinity, 1),
                                   Number::derived(-infinity, 0)};
    // The status has the last word.
    missing.push_back({12.0, Status::not_reached});
    for (const Number& number : missing) table.rows.push_back({number, std::string(word(number.status))});
    table.rows.push_back({std::monostate{}, std::monostate{}});
    const Report report = report_of(table);

    const Json document = parse_json(render("json", report), "json");
    const Json::Array& rows = *document.find("rows")->if_array();
    REQUIRE(rows.size() == missing.size() + 1);
    for (const Json& row : rows) CHECK(row.find("value")->is_null());
    CHECK(rows.back().find("status")->is_null());
    CHECK(render("csv", report) == "value,status\n,NR\n,NE\n,not-reported\n,reported\n,derived\n,derived\n,NR\n,\n");

    const RenderOptions options;
    CHECK(cell_text(missing[0], options) == "NR");
    CHECK(cell_text(missing[1], options) == "NE");
    for (std::size_t i = 2; i < 6; ++i) CHECK(cell_text(missing[i], options) == "-");
    CHECK(cell_text(missing[6], options) == "NR");

    SECTION("the words are those of the machine formats") {
        CHECK(word(Status::reported) == "reported");
        CHECK(word(Status::derived) == "derived");
        CHECK(word(Status::not_reached) == "NR");
        CHECK(word(Status::not_estimable) == "NE");
        CHECK(word(Status::not_reported) == "not-reported");
    }
    SECTION("a line with one empty cell is no empty line in CSV") {
        Table lone;
        lone.columns = {column("value", "Value")};
        lone.rows = {{not_reached}};
        CHECK(render("csv", report_of(lone)) == "value\n\"\"\n");
    }
}

TEST_CASE("machine formats have the same columns whatever the content", "[report]") {
    Table full = all_kinds();
    Table empty = full;
    empty.rows.clear();
    Table missing = full;
    for (auto& row : missing.rows) {
        for (Cell& cell : row) {
            if (!std::holds_alternative<Interval>(cell)) cell = std::monostate{};
        }
    }
    const std::vector<std::string> keys = {"trial",         "empty",  "is_blinded", "n_patients",
                                           "median_months", "status", "survival_24"};
    for (const Table& table : {full, empty, missing}) {
        CHECK(read_csv(render("csv", report_of(table))).at(0) == keys);
        CHECK(read_tsv(render("tsv", report_of(table))).at(0) == keys);
        for (const auto& record : read_csv(render("csv", report_of(table)))) CHECK(record.size() == keys.size());
        for (const auto& row : table.rows) {
            std::vector<std::string> found;
            const Json object = row_object(table, row);
            for (const auto& [key, value] : *object.if_object()) found.push_back(key);
            CHECK(found == keys);
        }
    }
    CHECK(render("jsonl", report_of(empty)).empty());
    CHECK(render("json", report_of(empty)) == "{\n  \"rows\": []\n}\n");
}

TEST_CASE("json: members beside the rows, or a document of its own", "[report]") {
    Report report = report_of(all_kinds());
    report.beside = {{"horizon_months", 96.5},
                     {"models", Json::Array{"weibull", Json::Object{{"text", "line\nbreak"}}}}};
    const Json document = parse_json(render("json", report), "json");
    REQUIRE(document.if_object()->size() == 3);
    CHECK(document.if_object()->front().first == "rows");
    CHECK(*document.find("horizon_months")->if_number() == 96.5);
    CHECK(*document.find("models") == report.beside[1].second);

    report.document = Json::Object{{"comparisons", Json::Array{1.5}}};
    CHECK(parse_json(render("json", report), "json") == *report.document);

    report.document.reset();
    report.beside.emplace_back("rows", 1);
    CHECK_THROWS_AS(render("json", report), std::logic_error);
}

TEST_CASE("a table that is not well made is a bug, in every format", "[report]") {
    Table interval;
    interval.columns = {column("value", "Value")};
    interval.rows = {{Interval{Number::reported(1, 0), {}, {}}}};
    Table short_row = all_kinds();
    short_row.rows[1].pop_back();
    for (const Format* f : formats()) {
        INFO(f->name);
        CHECK_THROWS_AS(f->render(report_of(short_row), {}), std::logic_error);
        if (f->human) {
            CHECK_NOTHROW(f->render(report_of(interval), {}));
        } else {
            CHECK_THROWS_AS(f->render(report_of(interval), {}), std::logic_error);
        }
    }
}

TEST_CASE("reports of a stream follow one another", "[report]") {
    const Report report = report_of(all_kinds());
    RenderOptions further;
    further.continued = true;
    for (const char* name : {"csv", "tsv"}) {
        const std::string once = render(name, report);
        CHECK(render(name, report, further) == once.substr(once.find('\n') + 1));
    }
    CHECK(render("jsonl", report, further) == render("jsonl", report));
    for (const char* name : {"text", "markdown"}) CHECK(render(name, report, further) == "\n" + render(name, report));
}

TEST_CASE("the human text of a cell", "[report]") {
    const auto reported = Number::reported;
    const auto text = [](const Cell& cell, int digits = -1) {
        RenderOptions options;
        options.digits = digits;
        return cell_text(cell, options);
    };
    CHECK(text(std::monostate{}).empty());
    CHECK(text(std::string("A\nB")) == "A\nB");
    CHECK(text(true) == "yes");
    CHECK(text(false) == "no");
    CHECK(text(-402L) == "-402");
    CHECK(text(reported(57.1, 1)) == "57.1");
    CHECK(text(Number::derived(57.1, 1)) == "57.1");
    CHECK(text(reported(50, 0)) == "50");
    CHECK(text(reported(-0.04, 1)) == "0.0");
    // A percentage is 100 times the decimal number, not 100 times its nearest double (57.49999999999999).
    CHECK(text(percent(0.575, 0)) == "58");
    CHECK(text(percent(0.37, 0)) == "37");
    CHECK(text(percent(1e-9, 9)) == "0.000000100");
    // --digits is for computed numbers: a published one keeps the decimals that were printed.
    CHECK(text(Number::derived(57.16, 2), 1) == "57.2");
    CHECK(text(Number::derived(57.1, 1), 3) == "57.100");
    CHECK(text(Number{0.37, Status::derived, 0, true}, 2) == "37.00");
    CHECK(text(percent(0.37, 0), 2) == "37");
    CHECK(text(reported(57.16, 2), 1) == "57.16");
    CHECK(text(reported(57.1, 1), 3) == "57.1");
    CHECK(text(402L, 2) == "402");
    CHECK(text(extrapolated(reported(1, 1))) == "1.0†");
    CHECK(text(flagged(extrapolated(reported(1, 1)))) == "1.0†*");
    CHECK(text(flagged(not_reached)) == "NR*");

    CHECK(text(Interval{reported(57.1, 1), reported(50, 0), reported(72, 0)}) == "57.1 (50–72)");
    CHECK(text(Interval{reported(57.1, 1), reported(50, 0), reported(72, 0)}, 1) == "57.1 (50–72)");
    CHECK(text(Interval{reported(57, 0), Number::derived(50, 0), Number::derived(72, 0)}, 1) == "57 (50.0–72.0)");
    CHECK(text(Interval{not_reached, reported(49.3, 1), not_estimable}) == "NR (49.3–NE)");
    CHECK(text(Interval{reported(57.1, 1), {}, {}}) == "57.1");
    CHECK(text(Interval{reported(57.1, 1), not_reported, not_reported}) == "57.1");
    CHECK(text(Interval{not_reported, {}, {}}) == "-");
    CHECK(text(Interval{reported(1, 0), reported(0.5, 1), {}}) == "1 (0.5 to -)");
    CHECK(text(Interval{reported(-1, 0), reported(-3, 0), reported(-0.5, 1)}) == "-1 (-3 to -0.5)");
    CHECK(text(Interval{percent(0.1, 0), percent(-0.05, 0), percent(0.25, 0)}) == "10 (-5 to 25)");
    CHECK(text(Interval{extrapolated(reported(9, 0)), reported(8, 0), extrapolated(not_estimable)}) == "9† (8–NE†)");
}

TEST_CASE("footnotes explain what a table prints and nothing else", "[report]") {
    const auto with = [](const Cell& cell) {
        Table table;
        table.columns = {column("", "Value", Audience::human, true), column("hidden", "Hidden", Audience::machine)};
        table.rows = {{cell, not_estimable}};
        table.flag_meaning = "see the audit";
        return report_of(table);
    };
    struct Case {
        Cell cell;
        std::vector<std::string> notes;
    };
    const Number one = Number::reported(1, 0);
    const std::vector<Case> cases = {
        {one, {}},
        {std::string("NR"), {}},
        {not_reached, {"NR: not reached."}},
        {not_estimable, {"NE: not estimable."}},
        {not_reported, {"-: not reported."}},
        {Interval{not_reached, one, not_estimable}, {"NR: not reached; NE: not estimable."}},
        {Interval{one, not_reported, not_reported}, {}},
        {Interval{one, one, std::nullopt}, {"-: not reported."}},
        {extrapolated(one), {"† extrapolated: intervals have no stated level"}},
        {Interval{one, one, flagged(one)}, {"* see the audit"}},
        {flagged(extrapolated(not_reached)),
         {"NR: not reached.", "† extrapolated: intervals have no stated level", "* see the audit"}},
    };
    for (std::size_t i = 0; i < cases.size(); ++i) {
        const std::string text = render("text", with(cases[i].cell));
        INFO("case " << i << "\n" << text);
        const std::vector<std::string> lines = lines_of(text);
        CHECK(std::vector<std::string>(lines.begin() + 5, lines.end()) == cases[i].notes);
    }
    for (const Format* f : formats()) {
        if (!f->human) continue;
        INFO(f->name);
        const std::string text = f->render(report_of(all_kinds()), {});
        for (const char* note :
             {"NR: not reached; NE: not estimable; -: not reported.", "extrapolated: intervals have no stated level",
              "outside the published limits", "Times in months."}) {
            CHECK(contains(text, note));
        }
    }
}
