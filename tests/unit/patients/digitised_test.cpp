// Digitised figures: what is repaired is said, and what cannot be is an error with its place.
#include "hersurv/error.hpp"
#include "hersurv/patients.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>

using hersurv::patients::Digitised;
using hersurv::patients::read_digitised;

namespace {

const std::string plain = "time,survival\n0,1\n2,0.9\n4,0.8\n6,0.7\n8,0.65\n";

Digitised read(const std::string& curve, const std::string& at_risk = "") {
    return read_digitised(curve, "c.csv", at_risk, at_risk.empty() ? "" : "r.csv");
}

std::string fault_of(const std::string& curve, const std::string& at_risk = "") {
    try {
        (void)read(curve, at_risk);
    } catch (const hersurv::support::InputError& error) {
        return error.what();
    }
    return "no fault";
}

bool says(const Digitised& digitised, const std::string& words) {
    return std::any_of(digitised.repairs.begin(), digitised.repairs.end(),
                       [&](const std::string& repair) { return repair.find(words) != std::string::npos; });
}

}  // namespace

TEST_CASE("a clean figure is read without a word", "[patients][digitised]") {
    const auto digitised = read(plain, "time,n_at_risk\n0,50\n4,38\n8,20\n");
    REQUIRE(digitised.arms.size() == 1);
    CHECK(digitised.repairs.empty());
    CHECK(digitised.arms[0].clicks.size() == 5);
    CHECK(digitised.arms[0].clicks[2] == hersurv::patients::Click{4, 0.8});
    CHECK(digitised.arms[0].at_risk.back() == hersurv::patients::AtRisk{8, 20});
    CHECK_FALSE(digitised.arms[0].n_patients.has_value());
}

TEST_CASE("what hands do to a figure is repaired and said", "[patients][digitised]") {
    const auto expected = read(plain).arms[0].clicks;
    const auto shuffled = read("time,survival\n8,0.65\n2,0.9\n0,1\n6,0.7\n4,0.8\n");
    CHECK(shuffled.arms[0].clicks == expected);
    CHECK(says(shuffled, "out of order"));
    const auto twice = read("time,survival\n0,1\n2,0.9\n2,0.9\n4,0.8\n6,0.7\n8,0.65\n");
    CHECK(twice.arms[0].clicks == expected);
    CHECK(says(twice, "1 point given twice"));
    const auto percent = read("time,survival\n0,100\n2,90\n4,80\n6,70\n8,65\n");
    CHECK(percent.arms[0].clicks[1].survival == Approx(0.9));
    CHECK(says(percent, "percent"));
    const auto above = read("time,survival\n-0.01,1.004\n2,0.9\n4,0.8\n6,0.7\n8,-0.003\n");
    CHECK(above.arms[0].clicks.front() == hersurv::patients::Click{0, 1});
    CHECK(above.arms[0].clicks.back().survival == 0);
    CHECK(says(above, "before time 0"));
    CHECK(says(above, "above survival 1"));
    CHECK(says(above, "below survival 0"));
    CHECK(says(read("time,survival\n2,0.9\n4,0.8\n6,0.7\n"), "no point before 2"));
    CHECK(says(read("time,survival\n0,1\n2,0.9\n4,0.81\n4.2,0.815\n6,0.7\n"), "1 point above an earlier one"));
    const auto slip = read("time,survival\n0,1\n2,0.9\n3,0.2\n4,0.8\n6,0.7\n8,0.65\n");
    CHECK(slip.arms[0].clicks == expected);
    CHECK(says(slip, "line 4"));
    CHECK(says(read(plain, "time,n_at_risk\n0,50\n4,38\n12,5\n"), "level to the last number at risk"));
    const auto spaced = read("\xEF\xBB\xBFtime, survival\n0, 1\n2, 0.9\n");
    CHECK(spaced.arms[0].clicks.back().survival == 0.9);
}

TEST_CASE("arms keep their order and their own numbers at risk", "[patients][digitised]") {
    const auto digitised =
        read("arm,time,survival\nB,0,1\nA,0,1\nB,5,0.5\nA,5,0.7\n", "time,n_at_risk,arm\n0,30,A\n0,40,B\n3,20,A\n");
    REQUIRE(digitised.arms.size() == 2);
    CHECK(digitised.arms[0].name == "B");
    CHECK(digitised.arms[0].at_risk.size() == 1);
    CHECK(digitised.arms[1].at_risk.size() == 2);
    CHECK(digitised.arms[1].clicks.back().survival == 0.7);
}

TEST_CASE("marks of the censored belong to the arms of the curve", "[patients][digitised]") {
    const std::string curve = "arm,time,survival\nB,0,1\nA,0,1\nB,5,0.5\nA,5,0.7\n";
    const auto with_marks = [&](const std::string& marks) {
        return hersurv::patients::read_digitised(curve, "c.csv", "", "", marks, "m.csv");
    };
    const auto digitised = with_marks("time,arm\n3,A\n2,A\n3,A\n5.1,A\n");
    CHECK(digitised.arms[0].censor_marks.empty());
    CHECK(digitised.arms[1].censor_marks == std::vector<double>{2, 3, 3, 5});
    CHECK(says(digitised, "arm A: 1 mark just after the last point"));
    const auto fault = [&](const std::string& marks) {
        try {
            static_cast<void>(with_marks(marks));
        } catch (const hersurv::support::InputError& error) {
            return std::string(error.what());
        }
        return std::string();
    };
    CHECK(fault("time,arm\n3,C\n").find("m.csv:2:3") == 0);
    CHECK(fault("time\n3\n").find("m.csv:2:1") == 0);
    CHECK(fault("time,arm\n-1,A\n").find("m.csv:2:1") == 0);
    CHECK(fault("time,arm\n30,A\n").find("the curve ends at 5") != std::string::npos);
    CHECK(fault("arm\nA\n").find("no column has the times") != std::string::npos);
}

TEST_CASE("what cannot be is one error with its place", "[patients][digitised]") {
    const auto starts = [](const std::string& message, const std::string& place, const std::string& words) {
        INFO(message);
        return message.rfind(place, 0) == 0 && message.find(words) != std::string::npos &&
               message.find('\n') == std::string::npos;
    };
    CHECK(starts(fault_of(""), "c.csv:1", "empty"));
    CHECK(starts(fault_of(std::string("\x89PNG\r\n\x1a\n\0\0", 10)), "c.csv:2:1", "not text"));
    CHECK(starts(fault_of("time,survival\n"), "c.csv:1", "no line"));
    CHECK(starts(fault_of("time,hazard\n1,0.9\n"), "c.csv:1:1", "no column has the survival"));
    CHECK(starts(fault_of("time,survival\n0,1\n1,x\n"), "c.csv:3:3", "not a number"));
    CHECK(starts(fault_of("time,survival\n0,1\n1.5,\n"), "c.csv:2:1", "one point"));
    CHECK(starts(fault_of("time,survival\n0,1\n1,1.4\n2,0.8\n"), "c.csv:3:3", "neither a share nor percent"));
    CHECK(starts(fault_of("time,survival\n0,1\n1,130\n2,0.8\n"), "c.csv:3:3", "neither a share nor percent"));
    CHECK(starts(fault_of("time,survival\n0,1\n1,0.9\n2,-0.4\n"), "c.csv:4:3", "below 0"));
    CHECK(starts(fault_of("time,survival\n-5,1\n1,0.9\n2,0.8\n"), "c.csv:2:1", "before 0"));
    CHECK(starts(fault_of("time,survival\n0,0.1\n1,0.3\n2,0.5\n3,0.7\n4,0.9\n"), "c.csv:6:3", "rises"));
    CHECK(starts(fault_of("time,survival\n3,0.9\n"), "c.csv:2:1", "one point"));
    CHECK(starts(fault_of(plain, "time,n_at_risk\n0,50\n4,60\n"), "r.csv:3:3", "increases"));
    CHECK(starts(fault_of(plain, "time,n_at_risk\n0,50\n0,49\n"), "r.csv:3:1", "two numbers at risk"));
    CHECK(starts(fault_of(plain, "time,n_at_risk\n0,50.5\n"), "r.csv:2:3", "not a number of patients"));
    CHECK(starts(fault_of(plain, "time,n_at_risk\n0,0\n"), "r.csv:2:3", "nobody"));
    CHECK(starts(fault_of(plain, "time,n_at_risk\n30,50\n60,20\n"), "r.csv:3:1", "the curve at 8"));
    CHECK(starts(fault_of("time,survival,arm\n0,1,A\n1,0.9,A\n0,1,B\n1,0.8,B\n", "time,n_at_risk,arm\n0,50,C\n"),
                 "r.csv:2:6", "no arm 'C'"));
    CHECK(starts(fault_of(plain, "time,deaths\n0,50\n"), "r.csv:1:1", "no column has the numbers at risk"));
    CHECK(starts(fault_of("time,survival,arm\n0,1,A\n1,0.9,A\n0,1,a\n1,0.8,a\n"), "c.csv:4:5",
                 "the arms A and a differ only in case"));
    CHECK(starts(fault_of("time,survival,Time\n0,1,3\n1,0.9,4\n"), "c.csv:1:15", "the column Time is given twice"));
}
