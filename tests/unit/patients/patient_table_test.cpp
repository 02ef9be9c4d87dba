// Tables of patients: names of columns, codes of events, times of 0, and what is refused.
#include "hersurv/error.hpp"
#include "hersurv/patients.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace patients = hersurv::patients;
using Catch::Matchers::Contains;
using hersurv::support::InputError;
using patients::Patient;
using patients::read_patients;

TEST_CASE("columns go by the names that R, Stata and hersurv give them, in any order and case") {
    const std::vector<Patient> expected = {{2.5, true}, {4, false}};
    for (const std::string text :
         {"time_months,event,arm\n2.5,1,A\n4,0,A\n", "Arm,STATUS,Time\nA,1,2.5\nA,0,4\n",
          "rx\tfustat\tfutime\nA\t1\t2.5\nA\t0\t4\n", "age;_t;_d;group\n50;2.5;1;A\n60;4;0;A\n",
          "\xEF\xBB\xBFtime,event,arm\r\n2.5,1,A\r\n4,0,A\r\n",
          "\"time\",\"event\",\"arm\"\n2.5,1,\"A\"\n4,0,\"A\"\n"}) {
        CAPTURE(text);
        const auto table = read_patients(text, "f.csv");
        REQUIRE(table.arms.size() == 1);
        CHECK(table.arms.front().name == "A");
        CHECK(table.arms.front().patients == expected);
    }
    const auto without_arms = read_patients("time,event\n2.5,1\n4,0\n", "f.csv");
    REQUIRE(without_arms.arms.size() == 1);
    CHECK(without_arms.arms.front().name.empty());
}

TEST_CASE("only what hersurv patients writes counts as reconstructed") {
    CHECK(read_patients("time_months,event,arm\n2,1,A\n3,0,A\n", "f").reconstructed);
    CHECK(read_patients("replicate,trial,analysis,time_months,event,arm\n1,T,os,2,1,A\n1,T,os,3,0,A\n", "f")
              .reconstructed);
    CHECK_FALSE(read_patients("time,event,arm\n2,1,A\n3,0,A\n", "f").reconstructed);
    CHECK_FALSE(read_patients("id,time_months,event,arm\n1,2,1,A\n2,3,0,A\n", "f").reconstructed);
}

TEST_CASE("patients are read from every format that they are written in") {
    const std::vector<Patient> expected = {{2.5, true}, {4, false}};
    for (const std::string text :
         {"{\"rows\": [\n  {\"time_months\": 2.5, \"event\": 1, \"arm\": \"A, \\\"b\\\"\"},\n"
          "  {\"time_months\": 4, \"event\": 0, \"arm\": \"A, \\\"b\\\"\"}\n],\n\"files\": []}\n",
          "{\"time_months\": 2.5, \"event\": 1, \"arm\": \"A, \\\"b\\\"\"}\n"
          "{\"time_months\": 4, \"event\": 0, \"arm\": \"A, \\\"b\\\"\"}\n",
          "[{\"time\": 2.5, \"event\": true, \"arm\": \"A, \\\"b\\\"\"}, {\"time\": 4, \"event\": false, \"arm\": \"A, "
          "\\\"b\\\"\"}]"}) {
        CAPTURE(text);
        const auto table = read_patients(text, "f");
        CHECK(table.arms.front().name == "A, \"b\"");
        CHECK(table.arms.front().patients == expected);
        CHECK(table.reconstructed == (text.find("time_months") != std::string::npos));
    }
}

TEST_CASE("events may be coded as R codes them, and the notes say so") {
    const auto words = read_patients("time,status\n1,TRUE\n2,FALSE\n", "f");
    CHECK(words.arms.front().patients == std::vector<Patient>{{1, true}, {2, false}});
    CHECK_THAT(words.notes.front(), Contains("status is TRUE for an event"));
    const auto ones_and_twos = read_patients("time,status\n1,2\n2,1\n", "f");
    CHECK(ones_and_twos.arms.front().patients == std::vector<Patient>{{1, true}, {2, false}});
    CHECK_THAT(ones_and_twos.notes.front(), Contains("status is 2 for an event"));
    CHECK(read_patients("time_months,status\n1,1\n2,1\n", "f").notes ==
          std::vector<std::string>{"status is 1 throughout: nobody is censored"});
    CHECK(read_patients("time_months,status\n1,1\n2,0\n", "f").notes.empty());
}

TEST_CASE("events at time 0 are moved to half a day, who is censored there is left out") {
    const auto table = read_patients("time_months,event\n0,1\n0,0\n3,1\n", "f");
    REQUIRE(table.arms.front().patients.size() == 2);
    CHECK(table.arms.front().patients.front().time_months == Approx(0.5 * 12 / 365.25));
    REQUIRE(table.notes.size() == 2);
    CHECK(table.notes[0] == "1 event at time 0, taken at 0.016 months");
    CHECK_THAT(table.notes[1], Contains("1 patient censored at time 0, left out"));
    // Never after an event that is later.
    const auto early = read_patients("time_months,event\n0,1\n0.01,1\n3,0\n", "f");
    CHECK(early.arms.front().patients.front().time_months == Approx(0.005));
}

TEST_CASE("what no family can be fitted to is one error with its line and column") {
    const std::vector<std::pair<std::string, std::string>> faults = {
        {"", "f.csv:1: the file is empty"},
        {"time,event\n", "f.csv:1: has no line below its header"},
        {"day_of_birth,event\n1,1\n",
         "f.csv:1:1: no column has the times; read as comma-separated; the header line has day_of_birth, event"},
        {"time,cause\n1,1\n", "f.csv:1:1: no column has the events"},
        {"time,event\n2,1\n-1,0\n", "f.csv:3:1: time -1 is before 0"},
        {"time,event\n2,1\nnan,0\n", "f.csv:3:1: time is empty"},
        {"time,event\n2,1\ninf,0\n", "f.csv:3:1: time 'inf' is not a number"},
        {"time,event\n2,1\n,0\n", "f.csv:3:1: time is empty"},
        {"time,event\n2,1\n20000,0\n", "f.csv:3:1: time 20000 is more than 10000 months"},
        {"time,event\n2,1\n3,3\n", "f.csv:3:3: event '3' is neither 0 nor 1"},
        {"time,event\n2,1\n3,NA\n", "f.csv:3:3: event is empty"},
        {"time,event\n2,1\n3,0.5\n", "f.csv:3:3: event '0.5' is neither 0 nor 1"},
        {"time,event\n2,0\n3,2\n", "f.csv:3:3: event '2' in a file that has 0 as well"},
        {"time,event\n2,TRUE\n3,0\n", "f.csv:3:3: event '0' in a file that has TRUE or FALSE as well"},
        {"time,event,arm\n2,1,A\n3,0,A\n4,0,B\n5,0,B\n", "f.csv:4:3: arm B has no event"},
        {"time,event,arm\n2,1,A\n3,0,A\n4,1,B\n", "f.csv:4:5: arm B has one patient"},
        {"time,event\n0,0\n3,1\n", "f.csv:2:1: the file has one patient"},
        {"time,event,arm\n2,1,A\n3,0,\n", "f.csv:3:5: arm is empty"},
        {"time,event,arm\n2,1\n", "f.csv:2: 2 fields under a header of 3"},
        {"replicate,time_months,event,arm\n1,2,1,A\n1,3,1,A\n2,3,1,A\n", "f.csv:4:1: replicate 2 after 1"},
        {"{\"rows\": []}", "f.csv:1:1: is JSON without rows"},
        {"time,event\n2,1\n\x01,0\n", "f.csv:3:1: is not text"},
    };
    for (const auto& [text, message] : faults) {
        CAPTURE(text);
        CHECK_THROWS_WITH(read_patients(text, "f.csv"), Contains(message));
        CHECK_THROWS_AS(read_patients(text, "f.csv"), InputError);
    }
}
