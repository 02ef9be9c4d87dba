// What digitised figures are judged by: the course of their points, and whether their files belong together.
#include "hersurv/error.hpp"
#include "hersurv/patients.hpp"

#include <catch2/catch.hpp>

#include "patients/figure_course.hpp"
#include "patients/figure_units.hpp"
#include <array>
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

namespace patients = hersurv::patients;
using Catch::Contains;
using patients::Digitised;

namespace {

Digitised read(const std::string& curve, const std::string& at_risk = "", bool failures = false) {
    patients::DigitisedFiles files;
    files.failures = failures;
    files.curve.emplace_back().bytes = curve;
    files.curve.back().file = "c.csv";
    if (!at_risk.empty()) {
        files.at_risk.emplace_back().bytes = at_risk;
        files.at_risk.back().file = "r.csv";
    }
    return patients::read_digitised(files);
}

std::string fault_of(const std::string& curve, const std::string& at_risk = "", bool failures = false) {
    try {
        (void)read(curve, at_risk, failures);
    } catch (const hersurv::support::InputError& error) {
        return error.what();
    }
    return "no fault";
}

bool warns(const std::vector<std::string>& warnings, const std::string& words) {
    for (const std::string& warning : warnings)
        if (warning.find(words) != std::string::npos) return true;
    return false;
}

// Cumulative incidence 1 - exp(-rate t), written with a factor.
std::string incidence(double last, double factor) {
    std::string text = "time,survival\n";
    const double rate = -std::log(1 - last) / 60;
    for (int month = 0; month <= 60; month += 3) {
        std::array<char, 64> line{};
        std::snprintf(line.data(), line.size(), "%d,%.5f\n", month, factor * -std::expm1(-rate * month));
        text += line.data();
    }
    return text;
}

const std::string plain = "time,survival\n0,1\n6,.9\n12,.8\n24,.6\n36,.5\n";

}  // namespace

TEST_CASE("a cumulative incidence is recognised however low it stays", "[patients][judgement]") {
    for (const double last : {0.005, 0.019, 0.03, 0.12, 0.6, 0.95})
        for (const double factor : {1.0, 100.0}) {
            INFO(last << " times " << factor);
            const std::string text = incidence(last, factor);
            CHECK_THAT(fault_of(text), Contains("as a cumulative incidence does"));
            CHECK_THAT(fault_of(text), Contains("c.csv:22:"));
            // Below 1.03% a share is meant, unless the heading says percent.
            if (factor * last < 1.2 && factor == 100) continue;
            const Digitised digitised = read(text, "", true);
            CHECK(digitised.arms[0].clicks.front().survival == 1);
            CHECK(digitised.arms[0].clicks.back().survival == Approx(1 - last).margin(1e-4));
        }
    CHECK_THAT(fault_of(plain, "", true), Contains("does not rise from 0"));
}

TEST_CASE("a level, a noisy and a steep curve are curves of survival", "[patients][judgement]") {
    using patients::Course;
    using patients::course_of;
    CHECK(course_of(std::vector<patients::CoursePoint>{{0, 1}, {12, 1}}) == Course::survival);
    CHECK(course_of(std::vector<patients::CoursePoint>{{0, 0.98}, {5, 0.978}, {8, 0.981}, {20, 0.979}}) ==
          Course::survival);
    CHECK(course_of(std::vector<patients::CoursePoint>{{0, 100}, {1, 40}, {2, 3}, {3, 0}}) == Course::survival);
    CHECK(course_of(std::vector<patients::CoursePoint>{{0, 0}, {12, 2}, {24, 1.9}, {36, 3}}) == Course::incidence);
}

TEST_CASE("exchanged columns are recognised in shares and in percent", "[patients][judgement]") {
    CHECK_THAT(fault_of("time,survival\n1,0\n.9,6\n.8,12\n.5,24\n"),
               Contains("c.csv:5:4: the columns of time and survival seem to be exchanged: \"survival\" goes up to 24, "
                        "and \"time\" comes down to survival's scale; exchange the two columns or their names"));
    CHECK_THAT(fault_of("survival,time\n0,100\n6,90\n12,80\n24,50\n"),
               Contains("c.csv:5:1: the columns of time and survival seem to be exchanged: \"survival\" goes up to 24, "
                        "and \"time\" comes down to survival's scale; exchange the two columns or their names"));
    // A curve that ends at 0 after 100 months.
    CHECK(fault_of("time,survival\n0,100\n40,60\n80,20\n100,0\n") == "no fault");
}

TEST_CASE("a curve starts near 1, or later", "[patients][judgement]") {
    CHECK_THAT(fault_of("time,survival\n0,.62\n6,.5\n12,.4\n"),
               Contains("c.csv:2:3: survival starts at 0.620, not close to 1"));
    CHECK_THAT(fault_of("time,survival\n.1,.01\n12,.009\n36,.008\n"),
               Contains("c.csv:2:4: survival starts at 0.0100, not close to 1"));
    CHECK(read("time,survival\n.546,1\n6,.9\n36,.5\n").warnings.empty());
    CHECK(read("time,survival\n0,.98\n6,.9\n36,.5\n").warnings.empty());
    CHECK(warns(read("time,survival\n12,.4\n24,.3\n36,.25\n").warnings, "the curve before it is unknown"));
}

TEST_CASE("one point outside the axes is left out, and leads", "[patients][judgement]") {
    for (const char* const point : {"18,104.88", "18,-.5", "-9,1"}) {
        const Digitised digitised = read(plain + point + "\n");
        INFO(point);
        CHECK(digitised.arms[0].clicks.size() == 5);
        CHECK(warns(digitised.warnings, "1 point outside the axes left out (line 7)"));
    }
    CHECK_THAT(fault_of(plain + "18,104.88\n20,55\n"), Contains("neither a share nor percent"));
}

TEST_CASE("times of two files in different units are refused with the units", "[patients][judgement]") {
    const auto units = [](double curve, double table) {
        const auto found = patients::units_that_agree(curve, table);
        return found ? std::string(found->curve) + " " + std::string(found->table) : "none";
    };
    CHECK(units(36, 1095) == "months days");
    CHECK(units(1095, 30) == "days months");
    CHECK(units(3.2, 36) == "years months");
    CHECK(units(36, 3) == "months years");
    CHECK(units(156, 36) == "weeks months");
    CHECK(units(3, 1095) == "years days");
    CHECK(units(10, 1e6) == "none");
    const std::string days = "time,n_at_risk\n0,200\n365,150\n730,110\n1095,40\n";
    CHECK_THAT(fault_of(plain, days), Contains("as if the curve were in months and the table in days"));
    CHECK_THAT(fault_of(plain, "time,n_at_risk\n0,200\n1,150\n2,110\n3,40\n"),
               Contains("as if the curve were in months and the table in years"));
    // Said, they are converted.
    const Digitised converted = read(plain, "time_days,n_at_risk\n0,200\n365.25,150\n730.5,110\n1095.75,40\n");
    CHECK(converted.warnings.empty());
    CHECK(converted.arms[0].at_risk.back().time_months == Approx(36));
    // A table that is cut short says nothing of units.
    CHECK(read(plain, "time,n_at_risk\n0,200\n6,178\n").warnings.empty());
    CHECK(warns(read("time,survival\n0,1\n365,.8\n1095,.5\n").warnings, "give the unit if they are days or weeks"));
    CHECK(warns(read("time,survival\n0,1\n1,.8\n3,.5\n").warnings, "give the unit if they are years"));
    CHECK(read("time_years,survival\n0,1\n1,.8\n3,.5\n").warnings.empty());
}

TEST_CASE("nobody is at risk who is not alive", "[patients][judgement]") {
    CHECK_THAT(fault_of(plain, "time,n_at_risk\n0,200\n6,195\n12,150\n"),
               Contains("r.csv:3:3: 195 at risk at 6, where the curve leaves 180 of 200 alive"));
    CHECK(read(plain, "time,n_at_risk\n0,200\n6,180\n12,150\n24,100\n").warnings.empty());
    // n.risk of R's survfit counts those who die at the time, and the table begins with an event.
    const Digitised table = read("time,n.risk,n.event,n.censor,surv\n2,10,3,0,.7\n5,7,3,0,.4\n9,4,2,2,.2\n");
    CHECK(table.warnings.empty());
    // It counts its patients.
    const auto exact = patients::reconstruct(table.arms);
    const patients::KaplanMeier curve(exact[0].arm.patients);
    CHECK(exact[0].censoring == patients::CensoringFrom::counts);
    CHECK(curve.n_patients() == 10);
    CHECK(curve.n_events() == 8);
    CHECK(curve.survival(1.9) == 1);
    CHECK(curve.survival(4.9) == Approx(0.7));
    CHECK(curve.survival(9) == Approx(0.2));
    // Counts that do not add up, or give another S, are not the patients.
    for (const char* const other : {"2,10,3,0,.7\n5,6,3,0,.35\n9,3,2,1,.12\n", "2,10,1,0,.7\n5,9,1,0,.6\n9,8,1,0,.5\n"})
        CHECK(read("time,n.risk,n.event,n.censor,surv\n" + std::string(other)).arms[0].counted.empty());
}

TEST_CASE("numbers at risk that begin late are of more patients", "[patients][judgement]") {
    Digitised digitised = read(plain, "time,n_at_risk\n6,180\n12,155\n24,100\n36,40\n");
    CHECK(patients::patients_at_start(digitised.arms[0]) == 200);
    const auto rebuilt = patients::reconstruct(digitised.arms);
    const patients::KaplanMeier curve(rebuilt[0].arm.patients);
    CHECK(curve.n_patients() == 200);
    CHECK(curve.n_at_risk(6.001) <= 181);
    CHECK(curve.survival(6) == Approx(0.9).margin(0.01));
    digitised.arms[0].n_patients = 100;
    CHECK_THROWS_AS(patients::reconstruct(digitised.arms), std::invalid_argument);
}

TEST_CASE("events and numbers at risk of the other arm are unlikely", "[patients][judgement]") {
    Digitised digitised =
        read("arm,time,survival\nA,0,1\nA,6,.95\nA,12,.9\nA,24,.8\nB,0,1\nB,6,.8\nB,12,.6\nB,24,.4\n",
             "arm,time,n_at_risk\nA,0,200\nA,6,188\nA,12,175\nA,24,80\nB,0,200\nB,6,158\nB,12,116\nB,24,40\n");
    CHECK(patients::unlikely_numbers(digitised.arms).empty());
    digitised.arms[0].n_events = 40;
    CHECK(patients::unlikely_numbers(digitised.arms).empty());
    digitised.arms[0].n_events = 90;
    CHECK(warns(patients::unlikely_numbers(digitised.arms), "90 events, but the curve allows for 40"));
    digitised.arms[0].n_events.reset();
    std::swap(digitised.arms[0].at_risk, digitised.arms[1].at_risk);
    CHECK(warns(patients::unlikely_numbers(digitised.arms), "may be exchanged"));
}
