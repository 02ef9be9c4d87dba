// The reader of tables: what people's files look like, what is refused, and what the messages say.
#include "hersurv/error.hpp"
#include "hersurv/patients.hpp"

#include <catch2/catch.hpp>

#include "tables/numerals.hpp"
#include "tables/series.hpp"
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace {

using namespace hersurv;
using Catch::Matchers::Contains;
using tables::Content;

tables::Series read(const std::string& text, Content content = Content::survival,
                    const tables::ReadOptions& options = {}) {
    tables::Input input;
    input.bytes = text;
    input.file = "t.csv";
    input.options = options;
    return tables::read_series(input, content);
}

std::string fault(const std::string& text, Content content = Content::survival) {
    try {
        (void)read(text, content);
    } catch (const support::InputError& error) {
        return error.what();
    }
    return "no fault";
}

// "A 0=1 6=.9" of each arm.
std::string points(const tables::Series& series) {
    std::string text;
    for (const tables::ArmSeries& arm : series.arms) {
        text += (text.empty() ? "" : "; ") + arm.name;
        for (const tables::Point& point : arm.points) {
            const auto short_text = [](double value) {
                std::string digits = std::to_string(value);
                while (digits.back() == '0') digits.pop_back();
                if (digits.back() == '.') digits.pop_back();
                return digits;
            };
            text += " " + short_text(point.time) + "=" + short_text(point.value);
        }
    }
    return text;
}

const std::string one_curve = " 0=1 6=0.9 12=0.8";

}  // namespace

TEST_CASE("a table is read in every dialect", "[tables]") {
    for (const std::string text : {
             "time,survival\n0,1\n6,0.9\n12,0.8\n",
             "\xef\xbb\xbftime,survival\r\n0,1\r\n6,0.9\r\n12,0.8\r\n",
             "time,survival\r0,1\r6,0.9\r12,0.8\r",
             "# digitised by me\ntime,survival\n0,1\n6,0.9\n12,0.8",
             "time,survival,\n0,1,\n6,0.9,\n12,0.8,\n,,\n",
             "sep=;\ntime;survival\n0;1\n6;0,9\n12;0,8\n",
             "\"time\" \"survival\"\n0 1\n6 0.9\n12 0.8\n",
             "time  survival\n   0         1\n   6       0.9\n  12       0.8\n",
             "time\tsurvival\n0\t1\n6\t0\xc2\xb7"
             "9\n12\t0\xc2\xb7"
             "8\n",
             "0,1\n6,0.9\n12,0.8\n",
             "0;1\n6;,9\n12;,8\n",
             "x, y\n0, 1\n6, 0.9\n12, 0.8\n",
             "K\tTk\tS\n1\t0\t1\n2\t6\t0.9\n3\t12\t0.8\n",
             "\"time\" \"survival\"\n\"1\" 0 1\n\"2\" 6 0.9\n\"3\" 12 0.8\n",
             "|time|survival|\n|0|1|\n|6|.9|\n|12|.8|\n",
         }) {
        CAPTURE(text);
        CHECK(points(read(text)) == one_curve);
    }
    const std::string narrow = "time\tsurvival\n0\t1\n6\t0.9\n12\t0.8\n";
    std::string wide;
    for (const char c : narrow) wide += {c, '\0'};
    CHECK(points(read(wide)) == one_curve);
    CHECK(read(wide).read.description() ==
          "tab-separated, decimal point, one row per point, times taken as months, UTF-16");
    CHECK(read("t [days];OS (%);Note\n0;100;-\n6;90,5;-\n").read.description() ==
          "semicolon-separated, decimal comma, percent, one row per point, times in days; not read: Note");
}

TEST_CASE("arms are found in every layout", "[tables]") {
    const std::string two = "A 0=1 6=0.9; B 0=1 7=0.8 9=0.7";
    for (const std::string text : {
             "time,survival,arm\n0,1,A\n6,0.9,A\n0,1,B\n7,0.8,B\n9,0.7,B\n",
             "time,surv,strata\n0,1,arm=A\n6,0.9,arm=A\n0,1,arm=B\n7,0.8,arm=B\n9,0.7,arm=B\n",
             "time,A,B\n0,1,1\n6,0.9,\n7,,0.8\n9,NA,0.7\n",
             "A, , B, \nX, Y, X, Y\n0, 1, 0, 1\n6, 0.9, 7, 0.8\n, , 9, 0.7\n",
             "A,,B,\r\nX,Y,X,Y\r\n0,1,0,1\r\n6,0.9,7,0.8\r\n,,9,0.7\r\n",
             "0,1,A\n6,0.9,A\n0,1,B\n7,0.8,B\n9,0.7,B\n",
             "time,surv,n.risk,n.event,group\n0,1,9,0,A\n6,0.9,8,1,A\n0,1,9,0,B\n7,0.8,8,1,B\n9,0.7,7,1,B\n",
         }) {
        CAPTURE(text);
        CHECK(points(read(text)) == two);
    }
    // What `hersurv curve` writes.
    CHECK(points(read(
              "time_months,A,A_lower,A_upper,B,B_lower,B_upper,A_support,quantity,unit,level\n"
              "0,1,1,1,1,1,1,supported,survival,1,0.95\n6,0.9,0.8,0.95,0.8,0.7,0.9,supported,survival,1,0.95\n")) ==
          "A 0=1 6=0.9; B 0=1 6=0.8");
    CHECK_THAT(fault("trial,time,survival\nT,0,1\nU,0,1\n"),
               Contains("t.csv:3:1: trial U after T: the file holds more than one figure"));
    const std::string at_risk = "Drug A 0=100 6=78 12=52; Placebo 0=98 6=66";
    for (const std::string text : {
             "time,n_at_risk,arm\n0,100,Drug A\n6,78,Drug A\n12,52,Drug A\n0,98,Placebo\n6,66,Placebo\n",
             "time,0,6,12\nDrug A,100,78,52\nPlacebo,98,66,\n",
             ",0,6,12\nDrug A,100,78,52\nPlacebo,98,66,-\n",
             "Number at risk\n\t0\t6\t12\nDrug A\t100 (0)\t78 (3)\t52 (9)\nPlacebo\t98 (0)\t66 (1)\n",
             "No. at risk\nMonths 0 6 12\nDrug A 100 78 52\nPlacebo 98 66\n",
             "0 6 12\nDrug A 100 78 52\nPlacebo 98 66\n",
             "Time  Drug A  Placebo\n0  100  98\n6  78  66\n12  52  NA\n",
         }) {
        CAPTURE(text);
        CHECK(points(read(text, Content::numbers_at_risk)) == at_risk);
    }
    CHECK(read("Months,0,6\nA,9,8\nB,9,7\n", Content::numbers_at_risk).read.time_unit == "months");
    CHECK(points(read("0,6,12\n100,78,52\n", Content::numbers_at_risk)) == " 0=100 6=78 12=52");
    CHECK(points(read("time;arm\n1,5;A\n2;B\n", Content::censor_marks)) == "A 1.5=0; B 2=0");
    CHECK(points(read("1.5\n2\n", Content::censor_marks)) == " 1.5=0 2=0");
}

TEST_CASE("numbers have one decimal mark; what may be two numbers is refused with both", "[tables]") {
    CHECK(points(read("time,n_at_risk\n0,\"2,549\"\n6,\"2,350\"\n", Content::numbers_at_risk)) == " 0=2549 6=2350");
    CHECK(points(read("time;n_at_risk\n0;2.549\n6;1'350\n", Content::numbers_at_risk)) == " 0=2549 6=1350");
    CHECK(points(read("time;n_at_risk\n0;12 549\n6,5;999\n", Content::numbers_at_risk)) == " 0=12549 6.5=999");
    CHECK(points(read("time;survival\n0;1\n1.095,5;0,9\n", Content::survival)) == " 0=1 1095.5=0.9");
    const std::string both = "time;survival\n0;1\n1,234;1\n";
    CHECK_THAT(fault(both), Contains("t.csv:3:1: time '1,234' may be 1.234 (decimal mark) or 1234 (thousands)"));
    tables::ReadOptions options;
    options.decimal = tables::Decimal::comma;
    CHECK(points(read(both, Content::survival, options)) == " 0=1 1.234=1");
    options.decimal = tables::Decimal::point;
    CHECK(points(read(both, Content::survival, options)) == " 0=1 1234=1");
    CHECK(points(read("time;survival\n0;1\n1,234;0,95\n")) == " 0=1 1.234=0.95");
    // No percentage has thousands.
    CHECK(points(read("1,234;97,495\n67;15,151\n")) == " 1.234=97.495 67=15.151");
    CHECK(points(read("time\tsurvival\n8,371\t22.573\n")) == " 8371=22.573");
    CHECK_THAT(fault("time;survival\n1.234;1\n2.345;0\n"), Contains("may be 1.234 (decimal mark) or 1234"));
    CHECK(points(read("0,000  100,0\n1,262  85,6\n2,697  76,7\n")) == " 0=100 1.262=85.6 2.697=76.7");
    CHECK_THAT(fault("time;survival\n0;1\n1,5;0.95\n"),
               Contains("t.csv:3:5: '0.95' has another decimal mark than '1,5' in line 3"));
    CHECK_THAT(fault("time;n_at_risk\n0;100.000\n6;90.000\n", Content::numbers_at_risk),
               Contains("n_at_risk '100.000' may be 100 (decimal mark) or 100000 (thousands)"));
    CHECK_THAT(fault("time;n_at_risk\n0.5;2.549\n", Content::numbers_at_risk),
               Contains("not a valid number of patients"));
    using tables::Decimal;
    CHECK(tables::parse_numeral("-1.234,5", Decimal::comma)->value == -1234.5);
    CHECK(tables::parse_numeral("95 %", Decimal::point)->percent);
    for (const char* const text :
         {"1,2,3", "1.2.3", "1e", "--1", "12,34", "1 23", "%", "+", "1,234.5.6", "inf", "1e999"})
        CHECK_FALSE(tables::parse_numeral(text, Decimal::point));
}

TEST_CASE("options outweigh what the file looks like", "[tables]") {
    tables::ReadOptions options;
    options.separator = tables::Separator::semicolon;
    options.time_unit = "days";
    const auto series = read("time;survival;note, mine\n0;1;a\n6;0.9;b\n", Content::survival, options);
    CHECK(series.read.time_unit == "days");
    CHECK_THROWS_AS(read("time,survival\n0,1\n", Content::survival, options), support::InputError);
}

TEST_CASE("what is no table is refused with what was seen", "[tables]") {
    CHECK_THAT(fault("PK\x03\x04..[Content_Types].xml"),
               Contains("t.csv: is an Excel workbook (xlsx); save the sheet as CSV"));
    CHECK_THAT(fault("\xd0\xcf\x11\xe0..."), Contains("is an Excel file (xls); save the sheet as CSV"));
    CHECK_THAT(fault("time;hazard\n0;1\n6;,9\n"),
               Contains("t.csv:1:1: no column has the survival; read as semicolon-separated, decimal comma; the header "
                        "line has time, hazard; the next 0, 1; name it survival, surv, s or y"));
    CHECK_THAT(fault("a,b\n1,2\n"), Contains("no column has the times"));
    CHECK_THAT(fault("time,survival,time\n0,1,2\n"), Contains("t.csv:1:15: the column time is given twice"));
    CHECK_THAT(fault("time,survival\n0,1,1\n"), Contains("t.csv:2: 3 fields under a header of 2"));
    CHECK_THAT(fault("time,survival\n0,5,0,95\n1,0,1\n"), Contains("decimal commas need another separator"));
    CHECK_THAT(fault("time,survival\n0,5,100\n1,5,95\n"), Contains("t.csv:2: 3 fields under a header of 2"));
    CHECK_THAT(fault("time,survival\n0%,1\n"), Contains("t.csv:2:1: time '0%' is a percentage"));
    CHECK_THAT(fault("time,survival\n0,\"1\n"), Contains("t.csv:2: a quotation mark is not closed"));
    CHECK_THAT(fault("time,0,6\nA,9,8,7\n", Content::numbers_at_risk),
               Contains("t.csv:2:7: 3 numbers at risk under 2 times"));
    CHECK_THAT(fault("time,0,6\nA,9,8\nA,9,7\n", Content::numbers_at_risk),
               Contains("t.csv:3:1: the arm A is given twice"));
    CHECK_THAT(fault("A,,A,\nX,Y,X,Y\n0,1,0,1\n"), Contains("t.csv:1:4: the arm A is given twice"));
}

TEST_CASE("names of arms are clean text", "[tables]") {
    const std::string head = "arm,time,survival\n";
    CHECK(read(head + "\" A \",0,1\n\"A\",6,.9\n").arms.size() == 1);
    CHECK(read(head + "\"a\nb\",0,1\n\"a b\",6,.9\n").arms.front().name == "a b");
    CHECK(read(head + "\xff,0,1\n\xff,6,.9\n").arms.front().name == "\xc3\xbf");
    CHECK(read(head + "\xff,0,1\n\xff,6,.9\n").read.encoding == "Windows-1252");
    const auto unseen = read(head + "A\xe2\x80\xae\xe2\x80\x8b\xc2\x9b,0,1\n");
    CHECK(unseen.arms.front().name == "A");
    CHECK(unseen.read.notes == std::vector<std::string>{"3 characters that cannot be seen left out"});
    CHECK_THAT(fault(head + "A,0,1\na,6,.9\n"), Contains("t.csv:3:1: the arms A and a differ only in case"));
}

TEST_CASE("percent is settled for each arm", "[tables][digitised]") {
    using patients::read_digitised;
    const auto survival = [](const patients::DigitisedArm& arm) { return arm.clicks.back().survival; };
    const auto mixed =
        read_digitised("time,survival,arm\n0,100,A\n6,90,A\n12,80,A\n0,1,B\n6,.85,B\n12,.7,B\n", "c", "", "");
    CHECK(survival(mixed.arms[0]) == 0.8);
    CHECK(survival(mixed.arms[1]) == 0.7);
    CHECK(mixed.warnings ==
          std::vector<std::string>{"arm A: survival is in percent, that of the other arms in shares"});
    // A low curve says so in its heading, or with signs.
    CHECK(survival(read_digitised("time,survival (%)\n0,100\n6,.9\n12,.5\n", "c", "", "").arms[0]) == 0.005);
    CHECK(survival(read_digitised("time,survival\n0,100%\n6,.9%\n12,.5%\n", "c", "", "").arms[0]) == 0.005);
    // One point outside 0..1 does not make percent of the others.
    CHECK_THROWS_WITH(read_digitised("time,survival\n0,1\n6,90\n12,.8\n18,.7\n", "c", "", ""),
                      Contains("c:3:3: survival 90 is neither a share nor percent"));
}

TEST_CASE("files belong together by the names of their arms", "[tables][digitised]") {
    using patients::read_digitised;
    const std::string two = "time,survival,arm\n0,1,A\n6,.9,A\n0,1,B\n6,.8,B\n", one = "time,survival\n0,1\n6,.9\n";
    const auto of_two = read_digitised(two, "c", "time,n,arm\n0,90,a \n0,80,B\n", "r");
    CHECK(of_two.arms[0].at_risk.front().n_patients == 90);
    CHECK(of_two.arms[1].at_risk.front().n_patients == 80);
    const auto of_one = read_digitised(one, "c", "time,n,arm\n0,90,A\n", "r");
    CHECK(of_one.arms.front().at_risk.front().n_patients == 90);
    CHECK(of_one.arms.front().name == "A");
    CHECK_THROWS_WITH(read_digitised(two, "c", "time,n,arm\n0,90,C\n", "r"),
                      Contains("r:2:6: the curve has no arm 'C'; name the arms as the curve does: A, B"));
    // Years of the one, days of the other; survfit has its own numbers at risk.
    const auto units = read_digitised("years,survival\n0,1\n2,.5\n", "c", "days,n\n0,9\n365.25,7\n", "r");
    CHECK(units.arms.front().clicks.back().time_months == 24);
    CHECK(units.arms.front().at_risk.back().time_months == Approx(12));
    const auto survfit = read_digitised("time,n.risk,n.event,n.censor,surv\n0,9,0,0,1\n6,9,1,2,.889\n", "c", "", "");
    CHECK(survfit.arms.front().at_risk.back() == patients::AtRisk{6, 9});
    CHECK(survfit.files.front().layout == "survfit table with numbers at risk");
    const auto skipped = read_digitised("time,survival\n0,1\n6,NA\n,.9\n12,.8\n", "c", "", "");
    CHECK(skipped.arms.front().clicks.size() == 2);
    CHECK(skipped.repairs == std::vector<std::string>{"c: 2 rows without a value left out"});
}

TEST_CASE("patients are read in other dialects and units, and by who was censored", "[tables][patients]") {
    using patients::Patient;
    const auto table = patients::read_patients("OS (years);censored;strata\n0,5;1;rx=A\n1,25;0;rx=A\n", "f");
    REQUIRE(table.arms.size() == 1);
    CHECK(table.arms.front().name == "A");
    CHECK(table.arms.front().patients == std::vector<Patient>{{6, false}, {15, true}});
    CHECK(table.notes == std::vector<std::string>{"censored is 1 for a censored time, 0 for an event",
                                                  "the times of the column OS (years) are years, converted to months",
                                                  "the file is semicolon-separated, decimal comma"});
    // The event belongs to the time.
    const auto joint = patients::read_patients("pfs_months,os_event,pfs_event\n1,0,1\n2,0,1\n", "f");
    CHECK(joint.arms.front().patients == std::vector<Patient>{{1, true}, {2, true}});
    CHECK_THAT(joint.notes.front(), Contains("pfs_months with pfs_event is read"));
    tables::Input input;
    input.bytes = "time,event\n365.25,1\n730.5,0\n";
    input.file = "f";
    input.options.time_unit = "days";
    CHECK(patients::read_patients(input).arms.front().patients.back().time_months == Approx(24));
}

TEST_CASE("files of one figure in different units of time give the same patients once the units are known",
          "[tables][digitised]") {
    const std::vector<double> months = {0, 2, 4, 6, 8, 10, 12, 15, 18, 21, 24, 28, 32, 36, 42};
    const std::vector<double> survival = {1, .97, .93, .88, .83, .78, .73, .66, .60, .55, .50, .45, .41, .37, .33};
    const std::vector<int> at_risk = {200, 174, 140, 108, 80, 52, 30, 5};
    // As people round them: whole days, years with four decimals.
    const auto time = [](double in_months, const std::string& unit) {
        if (unit == "days") return std::to_string(std::lround(in_months * 365.25 / 12));
        return unit == "years" ? std::to_string(std::round(in_months / 12 * 1e4) / 1e4) : std::to_string(in_months);
    };
    for (const std::string curve_unit : {"months", "days", "years"})
        for (const std::string risk_unit : {"months", "days", "years"}) {
            CAPTURE(curve_unit, risk_unit);
            std::string curve = "time,survival\n", risk = "time_" + risk_unit + ",n_at_risk\n";
            for (std::size_t i = 0; i < months.size(); ++i)
                curve += time(months[i], curve_unit) + "," + std::to_string(survival[i]) + "\n";
            for (std::size_t i = 0; i < at_risk.size(); ++i)
                risk += time(6.0 * static_cast<double>(i), risk_unit) + "," + std::to_string(at_risk[i]) + "\n";
            patients::DigitisedFiles files;
            files.curve.push_back({curve, "c", "", {}});
            files.curve.front().options.time_unit = curve_unit;
            files.at_risk.push_back({risk, "r", "", {}});
            auto digitised = patients::read_digitised(files);
            CHECK(digitised.arms.front().clicks.back().time_months == Approx(42).epsilon(1e-3));
            digitised.arms.front().n_patients = 200;
            const auto rebuilt = patients::reconstruct(digitised.arms);
            const auto& people = rebuilt.front().arm.patients;
            CHECK(std::ranges::count(people, true, &patients::Patient::event) == 112);
            const auto last = std::ranges::max_element(people, {}, &patients::Patient::time_months);
            CHECK(last->time_months == Approx(42).epsilon(.01));
        }
}
