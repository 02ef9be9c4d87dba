// The names of arms in tables and their abbreviations.
#include "report/regimens.hpp"

#include <catch2/catch.hpp>

#include "report/bibliography.hpp"
#include "report/numbers.hpp"
#include <map>

using namespace hersurv;
using namespace hersurv::report;

namespace {

catalogue::Arm arm_named(const std::string& id, const std::string& name, const std::string& regimen) {
    catalogue::Arm arm;
    arm.id = id;
    arm.name = name;
    arm.regimen = regimen;
    return arm;
}

std::map<std::string, std::string> meanings(const std::string& name, const std::string& regimen) {
    std::map<std::string, std::string> result;
    for (const auto& [abbreviation, meaning] : abbreviations_of(arm_named("a", name, regimen)))
        result[abbreviation] = meaning;
    return result;
}

using Meanings = std::map<std::string, std::string>;

}  // namespace

TEST_CASE("abbreviations of a regimen are read from the name of its arm", "[report]") {
    CHECK(meanings("Pertuzumab + trastuzumab + docetaxel", "P+T+D") ==
          Meanings{{"P", "pertuzumab"}, {"T", "trastuzumab"}, {"D", "docetaxel"}});
    // By elimination, whatever its letter; a placebo has no abbreviation.
    CHECK(meanings("Placebo + trastuzumab + capecitabine", "T+X") ==
          Meanings{{"T", "trastuzumab"}, {"X", "capecitabine"}});
    // In another order, by the beginning, and what needs no explanation.
    CHECK(meanings("Chemotherapy + trastuzumab", "T+CT") == Meanings{{"T", "trastuzumab"}, {"CT", "chemotherapy"}});
    CHECK(meanings("Tucatinib + trastuzumab + capecitabine", "Tuc+T+X") ==
          Meanings{{"Tuc", "tucatinib"}, {"T", "trastuzumab"}, {"X", "capecitabine"}});
    CHECK(meanings("Pertuzumab + trastuzumab + taxane", "P+T+Taxane") ==
          Meanings{{"P", "pertuzumab"}, {"T", "trastuzumab"}});
    CHECK(meanings("Treatment of physician's choice (trastuzumab + capecitabine)", "TPC") ==
          Meanings{{"TPC", "treatment of physician's choice"}});
    CHECK(meanings("T-DXd", "T-DXd").empty());
    // Two that nothing tells apart are left out.
    CHECK(meanings("alpha + beta", "X+Y").empty());
}

TEST_CASE("an arm is called by its regimen if that tells it apart, else by its name", "[report]") {
    catalogue::Trial trial;
    trial.arms = {arm_named("a", "T-DXd, brain metastases", "T-DXd"), arm_named("b", "T-DXd, others", "T-DXd"),
                  arm_named("c", "Lapatinib + capecitabine", "L+X"), arm_named("d", "", "")};
    CHECK(arm_label(trial, "a") == "T-DXd, brain metastases");
    CHECK(arm_label(trial, "c") == "L+X");
    CHECK(arm_label(trial, "d") == "d");
    CHECK(arm_label(trial, "unknown") == "unknown");
    CHECK(abbreviations_footnote({&trial}) == "L, lapatinib; X, capecitabine.");
}

TEST_CASE("p-values below 0.0001 have an exponent and the digits that were published", "[report]") {
    const auto text = [](double value, int decimals) {
        return p_value_text(catalogue::PrintedNumber{catalogue::PrintedNumber::Kind::number, value, decimals});
    };
    CHECK(text(7.8e-22, 23) == "7.8e-22");
    CHECK(text(0.00007, 5) == "7e-5");
    CHECK(text(0.0001, 4) == "0.0001");
    CHECK(text(0.0498, 4) == "0.0498");
    CHECK(text(0, 1) == "0.0");
    CHECK(p_value_text(catalogue::PValue{
              {catalogue::PrintedNumber::Kind::number, 0.001, 3}, catalogue::Relation::less, "", {}}) == "<0.001");
}

TEST_CASE("the sources of a table are BibTeX entries, once each, without what TeX would take for a command",
          "[report]") {
    catalogue::Trial trial;
    trial.id = "T";
    trial.sources = catalogue::SharedSources(
        {{"a_b", {"a_b", "Smith & Jones, 50% of {all}", "10.1/x_y", "123", "NCT1", "", "article", "", 2020}},
         {"other", {"other", "not used", "", "", "", "", "", "", std::nullopt}}});
    catalogue::Analysis analysis;
    catalogue::ArmResult arm;
    catalogue::Statistic median;
    median.from.source = "a_b";
    arm.median = {median, median};
    analysis.arms = {arm};
    ComparisonInput input;
    input.fits.push_back({&trial, &analysis, nullptr, {}});
    const std::string text = bibliography(input, "");
    CHECK(text ==
          "@misc{a-b,\n  title = {Smith \\& Jones, 50\\% of all},\n  year = {2020},\n  doi = {10.1/x_y},\n"
          "  note = {PMID 123, NCT1}\n}\n");
    CHECK(bibliography(input, "ORR-IC").empty());
}
