// JSON text to values and back: laws over random values, and where and how every kind of fault is told.
#include "support/json.hpp"

#include <catch2/catch.hpp>

#include "support/json_positions.hpp"
#include "support/number_text.hpp"
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>

using hersurv::support::Fault;
using hersurv::support::InputError;
using hersurv::support::Json;
using hersurv::support::parse_json;
using hersurv::support::write_json;

namespace {

std::vector<Fault> faults_of(const std::string& text) {
    try {
        static_cast<void>(parse_json(text, "file.json"));
    } catch (const InputError& error) {
        CHECK(std::string(error.what()).find("json.exception") == std::string::npos);
        CHECK(std::string(error.what()).find("syntax error") == std::string::npos);
        CHECK(std::string(error.what()).find("file.json") == 0);
        return error.faults();
    }
    return {};
}

double random_double(std::mt19937_64& random) {
    double value = 0;
    do value = std::bit_cast<double>(random());
    while (!std::isfinite(value));
    return value;
}

std::string random_text(std::mt19937_64& random) {
    static const std::vector<std::string> characters = {
        "a",    "\"", "\\", "/", "\n", "\t", "\r", "\b", "\f",      std::string(1, '\0'), "\x01", "\x1f",
        "\x7f", " ",  "{",  "[", ",",  "é",  "≥",  "😀",  "<U+000A>"};
    std::string text;
    for (auto length = random() % 12; length > 0; --length) text += characters[random() % characters.size()];
    return text;
}

Json random_value(std::mt19937_64& random, int depth) {
    switch (random() % (depth > 0 ? 6 : 4)) {
        case 0:
            return Json();
        case 1:
            return Json(random() % 2 == 0);
        case 2:
            return Json(random_double(random));
        case 3:
            return Json(random_text(random));
        case 4: {
            Json::Array array;
            for (auto size = random() % 4; size > 0; --size) array.push_back(random_value(random, depth - 1));
            return Json(array);
        }
        default: {
            Json::Object members;
            for (auto size = random() % 4; size > 0; --size) {
                members.emplace_back(std::to_string(size) + random_text(random), random_value(random, depth - 1));
            }
            return Json(members);
        }
    }
}

}  // namespace

TEST_CASE("what is written reads back to the same value", "[support][json]") {
    std::mt19937_64 random(20250711);
    for (int i = 0; i < 3000; ++i) {
        const Json value = random_value(random, 4);
        REQUIRE(parse_json(write_json(value, -1), "x") == value);
        REQUIRE(parse_json(write_json(value, 2), "x") == value);
    }
}

TEST_CASE("every double reads back to the same bits", "[support][json]") {
    std::mt19937_64 random(7);
    std::vector<double> values = {0.0,
                                  -0.0,
                                  5e-324,
                                  -5e-324,
                                  2.2250738585072014e-308,
                                  std::numeric_limits<double>::max(),
                                  1e15,
                                  1e15 - 1,
                                  -1e15,
                                  1e21,
                                  123456789012345678.0,
                                  9007199254740993.0,
                                  1.8446744073709552e19,
                                  -9.223372036854775808e18,
                                  0.1,
                                  1e-4,
                                  1e-5};
    for (int i = 0; i < 20000; ++i) values.push_back(random_double(random));
    for (int i = 0; i < 20000; ++i)
        values.push_back(
            std::round(std::ldexp(random_double(random) > 0 ? 1.0 : -1.0, static_cast<int>(random() % 60)) * 1.37));
    for (const double value : values) {
        const Json back = parse_json(write_json(Json(Json::Array{Json(value)}), -1), "x");
        REQUIRE(std::bit_cast<std::uint64_t>(*(*back.if_array())[0].if_number()) ==
                std::bit_cast<std::uint64_t>(value));
    }
}

TEST_CASE("a number keeps the decimals of its text", "[support][json]") {
    const std::vector<std::pair<std::string, int>> tokens = {{"22", 0},
                                                             {"22.0", 1},
                                                             {"22.10", 2},
                                                             {"-22.10", 2},
                                                             {"0", 0},
                                                             {"-0", 0},
                                                             {"0.0", 1},
                                                             {"-0.00", 2},
                                                             {"1.50e1", 1},
                                                             {"1.50E+1", 1},
                                                             {"1.5e1", 0},
                                                             {"1.5e3", 0},
                                                             {"1e-3", 3},
                                                             {"1.0e-3", 4},
                                                             {"-1E-03", 3},
                                                             {"1e0", 0},
                                                             {"1e400", -1},
                                                             {"0e5", 0},
                                                             {"0e-5", 5},
                                                             {"12.340", 3},
                                                             {"1e22", 0},
                                                             {"1.0e22", 0},
                                                             {"0.1e1", 0},
                                                             {"5e-324", 324},
                                                             {"0e-99999999999999999999", 350},
                                                             {"0.0e99999999999999999999", 0},
                                                             {"123456789012345678901234567890", 0},
                                                             {"123456789012345678901234567890.0", 1}};
    for (const auto& [token, decimals] : tokens) {
        INFO(token);
        if (decimals < 0) {
            CHECK_FALSE(faults_of(token).empty());
            continue;
        }
        CHECK(parse_json(token, "x").decimals() == decimals);
    }
    CHECK(parse_json("22.0", "x") == parse_json("22", "x"));  // equal by value
    CHECK(Json(22).decimals() == 0);
    CHECK(Json("22.0").decimals() == 0);
}

TEST_CASE("decimals of random numbers are those of the shifted text, and survive writing", "[support][json]") {
    std::mt19937_64 random(20260131);
    const auto digits = [&](std::size_t count) {
        std::string text;
        for (; count > 0; --count) text += static_cast<char>('0' + random() % (random() % 3 == 0 ? 1 : 10));
        return text;
    };
    for (int i = 0; i < 20000; ++i) {
        std::string whole = random() % 4 == 0 ? "0" : std::to_string(1 + random() % 100000), fraction;
        std::string token = (random() % 3 == 0 ? "-" : "") + whole;
        if (random() % 4 != 0) {
            fraction = digits(1 + random() % 8);
            token += "." + fraction;
        }
        // The exponent moves the point through the text, one digit at a time.
        if (random() % 2 == 0) {
            const int exponent = static_cast<int>(random() % 25) - 12;
            token += (random() % 2 == 0 ? "e" : "E") + std::string(exponent >= 0 && random() % 2 == 0 ? "+" : "") +
                     std::to_string(exponent);
            for (int k = 0; k < exponent; ++k) {
                whole += fraction.empty() ? '0' : fraction.front();
                if (!fraction.empty()) fraction.erase(0, 1);
            }
            for (int k = 0; k > exponent; --k) {
                fraction.insert(0, 1, whole.empty() ? '0' : whole.back());
                if (!whole.empty()) whole.pop_back();
            }
        }
        INFO(token);
        const Json value = parse_json(token, "x");
        REQUIRE(value.decimals() == static_cast<int>(fraction.size()));
        REQUIRE(*value.if_number() == std::stod(token));
        const std::string written = write_json(value);
        INFO(written);
        const Json back = parse_json(written, "x");
        REQUIRE(back == value);
        const bool negative_zero = *value.if_number() == 0 && std::signbit(*value.if_number());
        REQUIRE(back.decimals() == (negative_zero ? std::max(value.decimals(), 1) : value.decimals()));
        REQUIRE(write_json(back) == written);
        REQUIRE(hersurv::support::decimals_of(*value.if_number()) <= value.decimals());
    }
}

TEST_CASE("decimals are written as they are, and no others", "[support][json]") {
    const std::vector<std::pair<Json, std::string>> rows = {{Json::Number{22, 1}, "22.0"},
                                                            {Json::Number{22.1, 2}, "22.10"},
                                                            {Json::Number{-0.5, 3}, "-0.500"},
                                                            {Json::Number{0, 2}, "0.00"},
                                                            {Json::Number{-0.0, 2}, "-0.00"},
                                                            {Json::Number{1e22, 1}, "10000000000000000000000.0"},
                                                            {Json::Number{1e-7, 8}, "0.00000010"},
                                                            {Json::Number{1e-7, 7}, "1e-07"},
                                                            {Json::Number{57.1, 0}, "57.1"},
                                                            {57.1, "57.1"},
                                                            {22.0, "22"},
                                                            {Json::Number{std::nan(""), 1}, "null"}};
    for (const auto& [value, text] : rows) CHECK(write_json(value) == text);
}

TEST_CASE("UTF-8 is what the parser takes for it", "[support][json]") {
    using hersurv::support::is_utf8;
    const auto parses = [](const std::string& bytes) { return faults_of("\"" + bytes + "\"").empty(); };
    // All texts of one and two bytes, and those of three and four at the edges of their ranges.
    const std::vector<int> edges = {0x20, 0x7E, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF,
                                    0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF};
    const auto same = [&](const std::string& bytes) {
        if (is_utf8(bytes) != parses(bytes)) FAIL_CHECK(bytes);
    };
    for (int a = 0x80; a < 0x100; ++a) {
        same({static_cast<char>(a)});
        for (int b = 0x20; b < 0x100; ++b) {
            if (b != '"' && b != '\\' && b != 0x7F) same({static_cast<char>(a), static_cast<char>(b)});
        }
    }
    for (const int a : edges) {
        for (const int b : edges) {
            for (const int c : edges) {
                const std::string three = {static_cast<char>(a), static_cast<char>(b), static_cast<char>(c)};
                same(three);
                if (a < 0xE0) continue;
                for (const int d : edges) same(three + static_cast<char>(d));
            }
        }
    }
    CHECK(is_utf8(""));
    CHECK_FALSE(is_utf8("\xff"));
    CHECK(is_utf8("\xf0\x9f\x98\x80"));
}

TEST_CASE("the writer's layout and numbers", "[support][json]") {
    const Json value(Json::Object{{"n", Json(402)},
                                  {"s", Json(0.37)},
                                  {"large", Json(123456789012345.0)},
                                  {"none", Json(std::nan(""))},
                                  {"infinite", Json(std::numeric_limits<double>::infinity())},
                                  {"text", Json("a\"b\\c\n\x01 ≥")},
                                  {"list", Json(Json::Array{})},
                                  {"object", Json(Json::Object{})}});
    CHECK(
        write_json(value, -1) ==
        R"({"n":402,"s":0.37,"large":123456789012345,"none":null,"infinite":null,"text":"a\"b\\c\n\u0001 ≥","list":[],"object":{}})");
    CHECK(write_json(Json(Json::Object{{"a", Json(Json::Array{Json(1), Json(true)})}}), 2) ==
          "{\n  \"a\": [\n    1,\n    true\n  ]\n}");
}

TEST_CASE("members keep the order of the document, kinds have names", "[support][json]") {
    const Json value = parse_json(R"( {"z": 1, "a": {"m": null}, "k": [true, "t"]} )", "x");
    REQUIRE(value.if_object());
    CHECK(value.if_object()->at(0).first == "z");
    CHECK(value.if_object()->at(2).first == "k");
    CHECK(value.kind() == "an object");
    CHECK(value.find("z")->kind() == "a number");
    CHECK(value.find("k")->kind() == "a list");
    CHECK(value.find("a")->find("m")->kind() == "null");
    CHECK(value.find("b") == nullptr);
    CHECK(value.find("z")->find("b") == nullptr);
    CHECK(parse_json("\xEF\xBB\xBF{}", "x") == Json(Json::Object{}));
}

TEST_CASE("duplicate keys are faults with pointers, all of them", "[support][json]") {
    const auto faults = faults_of(R"({"a": 1, "b": {"x/y": [0, {"k": 1, "k": 2}], "x/y": 3}, "a": {"q": 1, "q": 2}})");
    REQUIRE(faults.size() == 4);
    CHECK(faults[0].pointer == "/b/x~1y/1/k");
    CHECK(faults[1].pointer == "/b/x~1y");
    CHECK(faults[2].pointer == "/a");
    CHECK(faults[3].pointer == "/a/q");
    // Large objects are looked through with a set: the duplicate is found on either side of the change, and only that
    // one.
    for (const int count : {5, 23, 24, 25, 26, 300}) {
        std::string text = "{";
        for (int i = 0; i < count; ++i) text += "\"k" + std::to_string(i) + "\": 1, ";
        CHECK(faults_of(text + "\"last\": 0}").empty());
        REQUIRE(faults_of(text + "\"k3\": 0}").size() == 1);
        CHECK(faults_of(text + "\"k" + std::to_string(count - 1) + "\": 0}")[0].pointer ==
              "/k" + std::to_string(count - 1));
    }
    std::vector<Fault> collected;
    const Json value = parse_json(R"({"a": 1, "a": 2})", "x", collected);
    CHECK(collected.size() == 1);
    CHECK(*value.find("a")->if_number() == 1);
}

TEST_CASE("syntax faults have line, column and plain words", "[support][json]") {
    struct Row {
        std::string text;
        int line, column;
        std::string says;
    };
    const std::vector<Row> rows = {
        {"{\"a\": 1,}", 1, 8, "comma before the closing bracket"},
        {"[1, 2,\n]", 1, 6, "comma before the closing bracket"},
        {"{\"a\": 1\n \"b\": 2}", 2, 2, "expected a comma or the closing bracket"},
        {"{\"é\": 1 \"b\": 2}", 1, 9, "expected a comma or the closing bracket"},
        {"[1 12345]", 1, 4, "'12345'"},
        {"[1 false]", 1, 4, "'false'"},
        {"[1 null]", 1, 4, "'null'"},
        {"{\"a\" 1}", 1, 6, "expected a colon"},
        {"{1: 2}", 1, 2, "expected a key in double quotes"},
        {"{a: 2}", 1, 2, "the word 'a'"},
        {"{\"a\": }", 1, 7, "expected a value"},
        {"{'a': 1}", 1, 2, "single quotes"},
        {"{\"a\": 'x'}", 1, 7, "single quotes"},
        {"{\"a\": NaN}", 1, 7, "the word 'NaN'"},
        {"{\"a\": -Infinity}", 1, 8, "a number is incomplete"},
        {"{\"a\": None}", 1, 7, "the word 'None'"},
        {"{\"a\": nul}", 1, 7, "the word 'nul'"},
        {"{\"a\": .5}", 1, 7, "begins with '.'"},
        {"{\"a\": +5}", 1, 7, "begins with '+'"},
        {"{\"a\": 1.}", 1, 9, "a number is incomplete"},
        {"{\"a\": 1e}", 1, 9, "a number is incomplete"},
        {"{ // remark\n}", 1, 3, "JSON has no comments"},
        {"{\"a\": \"x\ny\"}", 1, 9, "runs over the end of the line"},
        {"[\"a\tb\"]", 1, 4, "control character U+0009"},
        {"[\xff]", 1, 2, "unexpected byte that is not UTF-8"},
        {"[\"a\\qb\"]", 1, 5, "a backslash is followed by 'q'"},
        {"[\"\\u12g4\"]", 1, 7, "four hexadecimal digits"},
        {"[\"\\ud800x\"]", 1, 9, "surrogate"},
        {"{\"a\": \"x", 1, 7, "no closing quote"},
        {"{} x", 1, 4, "'x' follows after the end of the document"},
        {"{}\nx", 2, 1, "'x' follows after the end of the document"},
        {"{\"}\": \"\\\"]\"}\n\n \"a", 3, 2, "follows after the end of the document"},
        {"[[], {}]]", 1, 9, "']' follows after the end of the document"},
        {"1 2", 1, 3, "'2' follows after the end of the document"},
        {"{}\n{}", 2, 1, "follows after the end of the document"},
        {"{\"a\": [1, 2", 1, 12, "2 brackets are still open"},
        {"[1, \n", 2, 1, "one bracket is still open"},
    };
    for (const Row& row : rows) {
        INFO(row.text);
        const auto faults = faults_of(row.text);
        REQUIRE(faults.size() == 1);
        INFO(hersurv::support::describe(faults[0]));
        CHECK(faults[0].line == row.line);
        CHECK(faults[0].column == row.column);
        CHECK(hersurv::support::describe(faults[0]).find(row.says) != std::string::npos);
        CHECK_FALSE(faults[0].remedy.empty());
    }
}

TEST_CASE("whatever the parser refuses has a place and a reason", "[support][json]") {
    // The reason is found by a walk of its own: what the parser refuses must be wrong for it as well.
    const std::string sound = R"({"a": [1, -2.5e3, "x\u00e9\ud83d\ude00\n", true, false, null, {}], "é": {"c": 0.10}})";
    const std::vector<std::string> pieces = {"\"",  "\\", "/",    "{",    "}",     "[",       "]",        ",",
                                             ":",   "1",  "0",    ".",    "e",     "-",       "+",        "t",
                                             "nul", "\n", "\x01", "\xff", "\xc3",  "\\u",     "'",        "true",
                                             "é",   "_",  "😀",    "\xEF", "\\ud8", "\\udc00", "\xed\xa0", "1e999"};
    std::mt19937_64 random(3);
    std::size_t refused = 0;
    for (int i = 0; i < 20000; ++i) {
        std::string text = sound;
        for (auto changes = 1 + random() % 3; changes > 0; --changes) {
            const std::size_t at = random() % (text.size() + 1);
            text.replace(at, random() % 3, pieces[random() % pieces.size()]);
        }
        for (const Fault& fault : faults_of(text)) {
            ++refused;
            INFO(text << "\n" << hersurv::support::describe(fault));
            REQUIRE(fault.problem.find("0 brackets") == std::string::npos);
            REQUIRE(fault.remedy.find("0 brackets") == std::string::npos);
            REQUIRE((fault.line > 0 || !fault.pointer.empty()));
        }
    }
    CHECK(refused > 10000);
}

TEST_CASE("what nlohmann/json would take silently is refused", "[support][json]") {
    CHECK(faults_of("").at(0).problem == "the document is empty");
    CHECK(faults_of(" \n\t ").at(0).problem == "the document is empty");
    CHECK(faults_of("\xEF\xBB\xBF").at(0).problem == "the document is empty");
    const auto nul = faults_of(std::string("{}\n\0 rest", 9));
    REQUIRE(nul.size() == 1);
    CHECK(nul[0].line == 2);
    CHECK(nul[0].problem.find("NUL") != std::string::npos);

    CHECK(faults_of(R"({"a": {"b": 1e999}})").at(0).pointer == "/a/b");
    CHECK(faults_of(R"({"a": [0, -1e400]})").at(0).pointer == "/a/1");
    CHECK(faults_of(R"({"a": 1e-400})").at(0).pointer == "/a");
    CHECK(faults_of(R"({"a": 0e-400, "b": 0.000e5, "c": 4.9e-324})").empty());

    for (const std::string bytes : {"\xff", "\xc3", "\xc0\xaf", "\xed\xa0\x80", "\xf5\x80\x80\x80", "\xe2\x82"}) {
        CHECK(faults_of("{\"a\": \"" + bytes + "\"}").at(0).problem == "the text is not valid UTF-8");
    }
}

TEST_CASE("nesting is bounded", "[support][json]") {
    CHECK(faults_of(std::string(64, '[') + std::string(64, ']')).empty());
    const auto faults = faults_of(std::string(65, '[') + std::string(65, ']'));
    REQUIRE(faults.size() == 1);
    CHECK(faults[0].problem.find("deeper than 64") != std::string::npos);
    CHECK(faults_of(std::string(1000000, '[')).size() == 1);
    std::string objects;
    for (int i = 0; i < 100000; ++i) objects += "{\"a\":";
    CHECK(faults_of(objects).size() == 1);
}

TEST_CASE("JSON pointers escape", "[support][json]") {
    using hersurv::support::pointer_append;
    CHECK(pointer_append("", "a/b~c") == "/a~1b~0c");
    CHECK(pointer_append("/x", std::size_t{12}) == "/x/12");
    CHECK(pointer_append("/x", "") == "/x/");
}

TEST_CASE("faults are described place first", "[support][error]") {
    using hersurv::support::describe;
    CHECK(describe({"f.json", "/a", "bad", "mend it", 3, 7}) == "f.json:3:7: /a: bad; mend it");
    CHECK(describe({"f.json", "", "bad", "", 3, 0}) == "f.json:3: bad");
    CHECK(describe({"", "/a", "bad", "", 0, 0}) == "/a: bad");
    CHECK(describe({"", "", "bad", "", 0, 0}) == "bad");
    CHECK(describe({"", "", "bad", "", 3, 7}) == "line 3:7: bad");
    const InputError error({{"f", "", "one", "", 0, 0}, {"g", "", "two", "", 0, 0}});
    CHECK(std::string(error.what()) == "f: one\ng: two");
    CHECK(error.code() == hersurv::support::ExitCode::bad_input);
}

TEST_CASE("json: values are found in the text by their pointers", "[support]") {
    const std::string text =
        "\xEF\xBB\xBF{\"a\": [1, {\"b/c\": \"\\\"}\"}],\n \"\xc3\xa9\": {\"~\": true},\n\"\\u0061b\": -1.5e3 }\n";
    (void)parse_json(text, "x");
    const auto found = hersurv::support::positions_of(
        text, {"", "/a", "/a/0", "/a/1/b~1c", "/\xc3\xa9/~0", "/ab", "/a/2", "/nothing"});
    const std::map<std::string, std::pair<int, int>> expected = {
        {"", {1, 1}},    {"/a", {1, 7}}, {"/a/0", {1, 8}}, {"/a/1/b~1c", {1, 19}}, {"/\xc3\xa9/~0", {2, 13}},
        {"/ab", {3, 12}}};
    REQUIRE(found.size() == expected.size());
    for (const auto& [pointer, at] : expected) {
        INFO(pointer);
        REQUIRE(found.contains(pointer));
        CHECK(found.at(pointer).line == at.first);
        CHECK(found.at(pointer).column == at.second);
    }
    for (const std::string broken : {"", "{", "{\"a", "[1,", "{\"a\":}", "]", "{\"a\\"})
        CHECK(hersurv::support::positions_of(broken, {"/nothing"}).empty());
}
