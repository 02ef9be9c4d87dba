// One known curve with its numbers at risk, written in some hundred combinations of dialect, heading, layout and unit
// of time: the same patients come out of each.
#include "hersurv/error.hpp"
#include "hersurv/patients.hpp"

#include <catch2/catch.hpp>

#include "support/number_text.hpp"
#include <cmath>
#include <cstddef>
#include <deque>
#include <set>
#include <string>
#include <vector>

namespace {

using namespace hersurv;
using Table = std::vector<std::vector<std::string>>;

struct Dialect {
    std::string name, separator = ",", end = "\n";
    bool decimal_comma = false, quoted = false;
    std::string before{}, after{};  // lines around the table
    bool empty_column = false;
    enum class Encoding { utf8, with_mark, utf16_little, utf16_big, windows_1252 } encoding = Encoding::utf8;
};

std::vector<Dialect> dialects() {
    using Encoding = Dialect::Encoding;
    std::vector<Dialect> all = {
        {"plain"},
        {"quoted", ",", "\r\n", false, true},
        {"decimal comma quoted", ",", "\n", true, true},
        {"semicolons", ";", "\r\n", true},
        {"semicolons and points", ";"},
        {"tabs", "\t"},
        {"tabs and commas", "\t", "\r\n", true},
        {"pipes", "|"},
        {"pipes and commas", " | ", "\n", true},
        {"blanks", " ", "\n", false, true},
        {"blanks and commas", " ", "\n", true, true},
        {"runs of blanks", "   "},
        {"classic Mac", ",", "\r"},
        {"sep=", ";", "\r\n", true, false, "sep=;\r\n"},
        {"comments", ",", "\n", false, false, "# digitised by hand\n\n// twice\n", "# end\n"},
        {"empty rows and columns", ";", "\r\n", false, false, "", ";;;\r\n;;;\r\n\r\n", true},
    };
    for (const Encoding encoding :
         {Encoding::with_mark, Encoding::utf16_little, Encoding::utf16_big, Encoding::windows_1252}) {
        Dialect one{"encoding " + std::to_string(static_cast<int>(encoding)), ";", "\r\n", true};
        one.encoding = encoding;
        all.push_back(one);
    }
    return all;
}

// Two bytes a character, or one: all characters of the tests are below U+0100.
std::string encoded(const std::string& utf8, Dialect::Encoding encoding) {
    using Encoding = Dialect::Encoding;
    if (encoding == Encoding::utf8) return utf8;
    if (encoding == Encoding::with_mark) return "\xef\xbb\xbf" + utf8;
    std::string result = encoding == Encoding::utf16_little ? "\xff\xfe"
                         : encoding == Encoding::utf16_big  ? "\xfe\xff"
                                                            : "";
    for (std::size_t i = 0; i < utf8.size(); ++i) {
        auto code = static_cast<unsigned char>(utf8[i]);
        if (code >= 0xc0)
            code = static_cast<unsigned char>((code << 6) | (static_cast<unsigned char>(utf8[++i]) & 0x3f));
        if (encoding == Encoding::utf16_big) result += '\0';
        result += static_cast<char>(code);
        if (encoding == Encoding::utf16_little) result += '\0';
    }
    return result;
}

bool is_word(const std::string& cell) { return cell.find_first_not_of("0123456789.,%") != std::string::npos; }

std::string written(const Table& table, const Dialect& dialect) {
    std::string text = dialect.before;
    for (const auto& row : table) {
        for (std::size_t i = 0; i < row.size(); ++i) {
            std::string cell = row[i];
            if (dialect.decimal_comma && !is_word(cell))
                for (char& c : cell) c = c == '.' ? ',' : c;
            const bool quote = dialect.quoted && (is_word(cell) || cell.empty() || cell.find(',') != std::string::npos);
            text += (i == 0 ? "" : dialect.separator) + (quote ? "\"" + cell + "\"" : cell);
        }
        if (dialect.empty_column) text += dialect.separator;
        text += dialect.end;
    }
    return encoded(text + dialect.after, dialect.encoding);
}

const std::string names[] = {"Drug A", "Contr\xc3\xb4le"};

struct Known {
    std::vector<double> months[2], survival[2];
    std::vector<double> risk_months = {0, 6, 12, 18, 24};
    std::vector<int> at_risk[2] = {{100, 78, 52, 33, 20}, {98, 66, 37, 20, 9}};
};

Known known() {
    Known result;
    for (int arm = 0; arm < 2; ++arm)
        for (int i = 0; i <= 16 - 2 * arm; ++i) {
            const double months = 1.5 * i;
            result.months[arm].push_back(months);
            // Falls from 1, with 3 decimals in shares and 1 in percent.
            result.survival[arm].push_back(std::round(1000 * std::exp(-(arm == 0 ? 0.045 : 0.07) * months)) / 1000);
        }
    return result;
}

struct Unit {
    std::string name;
    double months;
};
const Unit units[] = {{"months", 1}, {"days", 12 / 365.25}, {"weeks", 7 * 12 / 365.25}, {"years", 12}};

enum class Values { share, percent, percent_sign };

std::string value_text(double survival, Values values) {
    if (values == Values::share) return support::shortest(survival);
    return support::fixed(100 * survival, 1) + (values == Values::percent_sign ? "%" : "");
}

// One combination; each layout gives one table, or one for each arm.
struct Combination {
    Dialect dialect;
    Unit unit;
    Values values[2];
    std::size_t heading = 0;
    bool unit_in_heading = false;

    [[nodiscard]] std::string time_heading() const {
        const char* const forms[] = {"time", "Time", "t", "TIME", "Times"};
        const std::string base = forms[heading % 5];
        if (!unit_in_heading) return base;
        return heading % 2 == 0 ? base + "_" + unit.name : base + " (" + unit.name + ")";
    }
    [[nodiscard]] std::string time(double months) const { return support::shortest(months / unit.months); }
};

struct Texts {
    std::vector<std::string> texts{};
    bool by_arm = false;
};

Texts long_curve(const Combination& of, const Known& k) {
    const char* const survival[] = {"survival", "Surv", "S", "prob", "Survival probability"};
    const char* const arm_names[] = {"arm", "Group", "treatment", "STRATA", "curve"};
    Table table = {{of.time_heading(), survival[of.heading % 5], arm_names[of.heading % 5]}};
    for (int arm = 0; arm < 2; ++arm)
        for (std::size_t i = 0; i < k.months[arm].size(); ++i)
            table.push_back({of.time(k.months[arm][i]), value_text(k.survival[arm][i], of.values[arm]),
                             (of.heading % 5 == 3 ? "arm=" : "") + names[arm]});
    return {{written(table, of.dialect)}};
}

Texts arm_columns_curve(const Combination& of, const Known& k) {
    Table table = {{of.time_heading(), names[0], names[1]}};
    for (std::size_t i = 0; i < k.months[0].size(); ++i) {
        table.push_back({of.time(k.months[0][i]), value_text(k.survival[0][i], of.values[0])});
        table.back().push_back(i < k.months[1].size() ? value_text(k.survival[1][i], of.values[1]) : "NA");
    }
    return {{written(table, of.dialect)}};
}

Texts pairs_curve(const Combination& of, const Known& k) {
    const bool gaps = of.dialect.separator.find_first_not_of(' ') != std::string::npos;
    const std::string x = of.unit_in_heading ? of.time_heading() : "X", none = gaps ? "" : "NA";
    Table table = {{names[0], gaps ? "" : names[0], names[1], gaps ? "" : names[1]}, {x, "Y", x, "Y"}};
    for (std::size_t i = 0; i < k.months[0].size(); ++i) {
        table.push_back({of.time(k.months[0][i]), value_text(k.survival[0][i], of.values[0]), none, none});
        if (i >= k.months[1].size()) continue;
        table.back()[2] = of.time(k.months[1][i]);
        table.back()[3] = value_text(k.survival[1][i], of.values[1]);
    }
    return {{written(table, of.dialect)}};
}

Texts files_curve(const Combination& of, const Known& k) {
    Texts texts{{}, true};
    for (int arm = 0; arm < 2; ++arm) {
        Table table;
        if (of.heading % 2 == 0 || of.unit_in_heading) table.push_back({of.time_heading(), "y"});
        for (std::size_t i = 0; i < k.months[arm].size(); ++i)
            table.push_back({of.time(k.months[arm][i]), value_text(k.survival[arm][i], of.values[arm])});
        texts.texts.push_back(written(table, of.dialect));
    }
    return texts;
}

Texts survfit_curve(const Combination& of, const Known& k) {
    Table table = {{of.time_heading(), "n.risk", "n.event", "n.censor", "surv", "std.err", "strata"}};
    for (int arm = 0; arm < 2; ++arm)
        for (std::size_t i = 0; i < k.months[arm].size(); ++i)
            table.push_back({of.time(k.months[arm][i]), std::to_string(90 - i), "1", "0",
                             value_text(k.survival[arm][i], of.values[arm]), "0.0125", "arm=" + names[arm]});
    return {{written(table, of.dialect)}};
}

Texts long_risk(const Combination& of, const Known& k) {
    const char* const at_risk[] = {"n_at_risk", "nrisk", "n.risk", "NAR", "No. at risk"};
    Table table = {{of.time_heading(), at_risk[of.heading % 5], "Arm"}};
    for (int arm = 0; arm < 2; ++arm)
        for (std::size_t i = 0; i < k.risk_months.size(); ++i)
            // In any case.
            table.push_back(
                {of.time(k.risk_months[i]), std::to_string(k.at_risk[arm][i]), arm == 0 ? "drug a" : names[arm]});
    return {{written(table, of.dialect)}};
}

Texts arm_columns_risk(const Combination& of, const Known& k) {
    Table table = {{of.time_heading(), names[0], names[1]}};
    for (std::size_t i = 0; i < k.risk_months.size(); ++i)
        table.push_back({of.time(k.risk_months[i]), std::to_string(k.at_risk[0][i]), std::to_string(k.at_risk[1][i])});
    return {{written(table, of.dialect)}};
}

Texts across_risk(const Combination& of, const Known& k) {
    Table table = {{of.time_heading()}, {names[0]}, {names[1]}};
    for (std::size_t i = 0; i < k.risk_months.size(); ++i) {
        table[0].push_back(of.time(k.risk_months[i]));
        for (std::size_t arm = 0; arm < 2; ++arm) table[arm + 1].push_back(std::to_string(k.at_risk[arm][i]));
    }
    return {{written(table, of.dialect)}};
}

Texts files_risk(const Combination& of, const Known& k) {
    Texts texts{{}, true};
    for (int arm = 0; arm < 2; ++arm) {
        Table table = {{of.time_heading(), "number at risk"}};
        for (std::size_t i = 0; i < k.risk_months.size(); ++i)
            table.push_back({of.time(k.risk_months[i]), std::to_string(k.at_risk[arm][i])});
        texts.texts.push_back(written(table, of.dialect));
    }
    return texts;
}

using Write = Texts (*)(const Combination& of, const Known& k);
constexpr Write curves[] = {long_curve, arm_columns_curve, pairs_curve, files_curve, survfit_curve};
constexpr Write risks[] = {long_risk, arm_columns_risk, across_risk, files_risk};

std::vector<tables::Input> inputs_of(const Texts& texts, const Combination& of, const std::string& file) {
    std::vector<tables::Input> result;
    for (std::size_t i = 0; i < texts.texts.size(); ++i) {
        tables::Input& input = result.emplace_back();
        input.bytes = texts.texts[i];
        input.file = file;
        if (texts.by_arm) input.arm = names[i];
        if (!of.unit_in_heading) input.options.time_unit = of.unit.name;
    }
    return result;
}

// Of what the patients are, without the last digits of converted times.
std::vector<std::string> patients_of(const patients::Digitised& digitised) {
    std::vector<patients::DigitisedArm> arms = digitised.arms;
    for (patients::DigitisedArm& arm : arms)
        if (!arm.at_risk.empty()) arm.n_patients = arm.at_risk.front().n_patients;
    std::vector<std::string> result;
    for (const auto& arm : patients::reconstruct(arms))
        for (const patients::Patient& patient : arm.arm.patients)
            result.push_back(arm.arm.name + (patient.event ? " event " : " censored ") +
                             support::fixed(patient.time_months, 6));
    return result;
}

}  // namespace

TEST_CASE("one curve in hundreds of combinations of dialect, heading, layout and unit gives the same patients",
          "[tables]") {
    const Known k = known();
    const Combination plain{dialects().front(), units[0], {Values::share, Values::share}};
    const Texts plain_curve = long_curve(plain, k), plain_risk = arm_columns_risk(plain, k);
    const auto expected =
        patients_of(patients::read_digitised({inputs_of(plain_curve, plain, "c"), inputs_of(plain_risk, plain, "r")}));
    REQUIRE(expected.size() == 198);
    std::size_t n = 0;
    std::set<std::string> seen;
    for (const Dialect& dialect : dialects())
        for (std::size_t layout = 0; layout < std::size(curves); ++layout)
            for (std::size_t unit = 0; unit < std::size(units); ++unit) {
                Combination of{dialect, units[unit], {Values::share, Values::share}};
                of.heading = n;
                of.unit_in_heading = (n / 3) % 2 == 0;
                const Values forms[] = {Values::share, Values::percent, Values::percent_sign};
                of.values[0] = forms[n % 3];
                of.values[1] = forms[n / 7 % 3];
                Combination of_risk = of;
                of_risk.unit = units[(unit + n / 2) % 4];
                of_risk.dialect = dialects()[(n * 7 + 3) % dialects().size()];
                const std::size_t risk_layout = n % std::size(risks);
                CAPTURE(dialect.name, layout, risk_layout, of_risk.dialect.name, of.unit.name, of.heading);
                const Texts curve = curves[layout](of, k), risk = risks[risk_layout](of_risk, k);
                CAPTURE(curve.texts.front().substr(0, 300), risk.texts.front().substr(0, 300));
                std::vector<std::string> got;
                try {
                    got = patients_of(
                        patients::read_digitised({inputs_of(curve, of, "c"), inputs_of(risk, of_risk, "r")}));
                } catch (const support::InputError& error) {
                    got = {error.what()};
                }
                if (got != expected) {
                    CAPTURE(got.front());
                    REQUIRE(got.size() == expected.size());
                    REQUIRE(got == expected);
                }
                seen.insert(curve.texts.front() + risk.texts.front());
                ++n;
            }
    CHECK(seen.size() >= 200);
}
