// Patients as text: heads, replicates, names that need quoting, and no patients.
#include "report/patients_text.hpp"

#include <catch2/catch.hpp>

#include "support/csv.hpp"
#include "support/json.hpp"

using hersurv::patients::Arm;
using hersurv::report::PatientsText;

namespace {

const std::vector<Arm> two_arms = {{"A, \"new\"", {{0.1, true}, {2.0 / 3, false}}}, {"B", {{12, true}}}};

std::string text_of(const char* format, bool replicates, const std::vector<Arm>& arms = two_arms) {
    PatientsText writer(format, {.replicate = replicates});
    std::string text;
    writer.append(text, arms, {.replicate = 1});
    if (replicates) writer.append(text, arms, {.replicate = 2});
    writer.finish(text);
    return text;
}

}  // namespace

TEST_CASE("patients are written as Surv reads them", "[report][patients]") {
    CHECK(text_of("csv", false) ==
          "time_months,event,arm\n0.1,1,\"A, \"\"new\"\"\"\n0.6666666666666666,0,\"A, \"\"new\"\"\"\n12,1,B\n");
    CHECK(text_of("tsv", true, {{"B", {{12, true}}}}) ==
          "replicate\ttime_months\tevent\tarm\n1\t12\t1\tB\n2\t12\t1\tB\n");
    CHECK(text_of("jsonl", true, {{"B", {{12, true}}}}) ==
          "{\"replicate\": 1, \"time_months\": 12, \"event\": 1, \"arm\": \"B\"}\n"
          "{\"replicate\": 2, \"time_months\": 12, \"event\": 1, \"arm\": \"B\"}\n");
    CHECK(text_of("csv", false, {}) == "time_months,event,arm\n");
    CHECK_THROWS_AS(PatientsText("xml"), std::invalid_argument);
}

TEST_CASE("patients of several analyses name them and go on behind one another", "[report][patients]") {
    const std::vector<Arm> one = {{"B", {{12, true}}}};
    for (const char* const format : {"csv", "tsv", "json", "jsonl"}) {
        PatientsText whole(format, {.replicate = true, .analysis = true});
        std::string text, parts;
        whole.append(text, one, {1, "T,1", "os"});
        parts = text;
        whole.append(text, one, {2, "T,1", "os"});
        PatientsText(format, {.replicate = true, .analysis = true}, true).append(parts, one, {2, "T,1", "os"});
        CHECK(parts == text);
        if (std::string(format) == "csv")
            CHECK(text == "replicate,trial,analysis,time_months,event,arm\n1,\"T,1\",os,12,1,B\n2,\"T,1\",os,12,1,B\n");
        if (std::string(format) == "jsonl")
            CHECK(
                text.starts_with("{\"replicate\": 1, \"trial\": \"T,1\", \"analysis\": \"os\", \"time_months\": 12,"));
    }
}

TEST_CASE("what is written of patients can be read back", "[report][patients]") {
    const hersurv::support::CsvTable table(text_of("csv", true), "text");
    REQUIRE(table.n_rows() == 6);
    CHECK(table.text(1, "arm") == two_arms[0].name);
    CHECK(table.number(4, "time_months") == 2.0 / 3);
    CHECK(table.number(4, "replicate") == 2);
    for (const bool replicates : {false, true}) {
        const auto json = hersurv::support::parse_json(text_of("json", replicates), "text");
        const auto& rows = *json.find("rows")->if_array();
        REQUIRE(rows.size() == (replicates ? 6 : 3));
        CHECK(*rows[0].find("arm")->if_string() == two_arms[0].name);
        CHECK(*rows[1].find("time_months")->if_number() == 2.0 / 3);
    }
    const auto none = hersurv::support::parse_json(text_of("json", false, {}), "text");
    CHECK(none.find("rows")->if_array()->empty());
}
