// The reader: the contract's example, every kind of fault with its place, and nothing half-loaded.
#include "hersurv/catalogue.hpp"
#include "hersurv/records.hpp"

#include <catch2/catch.hpp>

#include "catalogue/builtin.hpp"
#include "catalogue/folder.hpp"
#include "catalogue/writer.hpp"
#include "support/file.hpp"
#include "support/json.hpp"
#include "unit/catalogue/documents.hpp"
#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>

using namespace hersurv;
using namespace hersurv::catalogue;
using catalogue_documents::small_document;
using catalogue_documents::whole_document;
using catalogue_documents::with;
using support::Fault;
using support::Json;

namespace {

const std::string fixtures = HERSURV_SOURCE_DIR "/tests/fixtures/catalogue/";

std::string listing(const std::vector<Fault>& faults) {
    std::string text;
    for (const Fault& fault : faults) text += support::describe(fault) + '\n';
    return text;
}

}  // namespace

TEST_CASE("the contract's example loads and holds its numbers", "[catalogue][reader]") {
    const Catalogue catalogue = read_document(support::read_file(fixtures + "cleopatra_example.json"), "example.json");
    CHECK(catalogue.title == "Anti-HER2 therapies in HER2-positive metastatic breast cancer");
    CHECK(catalogue.sources.at("swain2020").year == 2020);
    CHECK(catalogue.sources.at("perjeta-label").kind == "label");
    REQUIRE(catalogue.trials.size() == 1);
    const Trial& trial = catalogue.trials[0];
    CHECK(trial.aliases == std::vector<std::string>{"NCT00567190"});
    CHECK(trial.line == "first");
    REQUIRE(trial.arms.size() == 2);
    CHECK(trial.arms[1].regimen == "T+D");
    CHECK(trial.find_arm("placebo")->n_patients == 406);
    CHECK(trial.find_arm("nobody") == nullptr);

    const Analysis* first = trial.find_analysis("os-2015");
    REQUIRE(first);
    CHECK_FALSE(first->is_default);
    CHECK(first->data_cutoff == "2014-02-11");
    REQUIRE(first->arms.size() == 2);
    CHECK(first->arms[0].arm == "pertuzumab");
    CHECK(first->arms[0].events.at(0).value.value == 168);
    CHECK(first->arms[0].median.at(0).value.value == 56.5);
    CHECK(first->arms[0].median[0].upper->kind == PrintedNumber::Kind::not_reached);
    CHECK(first->arms[1].median.at(0).lower->value == 35.8);
    // The follow-up of the analysis is that of its arms.
    CHECK(first->arms[1].follow_up.at(0).median_months.value == 50);
    CHECK(first->contrasts.at(0).hazard_ratio.at(0).value.value == 0.68);
    CHECK(first->contrasts[0].p_values.at(0).relation == Relation::less);

    const Analysis* last = trial.find_analysis("os-end-of-study");
    REQUIRE(last);
    CHECK(last->is_default);
    const Statistic& median = last->arms.at(0).median.at(0);
    CHECK(median.value.value == 57.1);
    CHECK(median.value.decimals == 1);
    CHECK(median.value.half_unit() == Approx(0.05));
    CHECK(median.lower->value == 50);
    CHECK(median.lower->decimals == 0);
    CHECK(median.level == 0.95);
    CHECK(median.from.source == "review");
    CHECK(median.from.line == 58);
    CHECK(median.from.pointer == "/trials/0/analyses/1/arms/pertuzumab/median");
    REQUIRE(last->arms[1].milestones.size() == 1);
    CHECK(last->arms[1].milestones[0].time_months == 96);
    CHECK(last->arms[1].milestones[0].survival.at(0).value.value == 0.23);
    CHECK(last->arms[1].events.empty());

    REQUIRE(trial.claims.size() == 1);
    const Claim& claim = trial.claims[0];
    CHECK(claim.kind == "median-difference");
    CHECK(claim.value->value == 16.3);
    REQUIRE(claim.of.size() == 2);
    CHECK(follow(claim.of[0], &trial, nullptr).number->value == 57.1);
    CHECK(follow(claim.of[1], &trial, nullptr).number->value == 40.8);
    REQUIRE(trial.notes.at(0).at);
    CHECK(trial.notes[0].rule == "...");
    CHECK(to_string(trial.notes[0].at->statistic) == "median");
}

TEST_CASE("every record is read as printed", "[catalogue][reader]") {
    const Catalogue catalogue = read_document(whole_document, "whole.json");
    const Trial& trial = catalogue.trials.at(0);
    CHECK(catalogue.file == "whole.json");
    CHECK(trial.file == "whole.json");
    CHECK(trial.pointer == "/trials/0");
    CHECK(trial.arms[0].name == "new");
    CHECK(trial.arms[1].name == "Old arm");
    const Analysis& os = trial.analyses[0];
    // Arms stand in the order of the trial, whatever the order of the document; n is the arm's unless the analysis has
    // its own.
    REQUIRE(os.arms.size() == 2);
    CHECK(os.arms[0].arm == "new");
    CHECK(os.arms[0].n_patients == 200);
    CHECK(os.arms[1].n_patients == 190);
    CHECK(os.arms[0].follow_up.at(0).median_months.kind == PrintedNumber::Kind::not_estimable);
    CHECK(os.arms[1].follow_up.at(0).range_months == std::pair{0.0, 61.2});
    CHECK(os.arms[1].follow_up[0].from.note == "about");
    CHECK(os.arms[0].median.size() == 2);
    CHECK(os.arms[0].median[0].value.kind == PrintedNumber::Kind::not_reached);
    CHECK(os.arms[0].median[1].from.pointer == "/trials/0/analyses/0/arms/new/median/1");
    CHECK(os.arms[0].median[1].from.line == 7);
    CHECK(os.arms[1].median[0].limits == LimitsTransform::log);
    CHECK(os.arms[1].median[0].level == 0.9);
    // Entries of one time are one milestone, by time.
    REQUIRE(os.arms[0].milestones.size() == 2);
    CHECK(os.arms[0].milestones[0].time_months == 12);
    REQUIRE(os.arms[0].milestones[1].survival.size() == 2);
    CHECK(os.arms[0].milestones[1].survival[1].from.approximate);
    CHECK(os.arms[0].milestones[1].survival[1].from.pointer == "/trials/0/analyses/0/arms/new/milestones/2");
    CHECK(os.contrasts[0].hazard_ratio[0].stratified == true);
    CHECK_FALSE(os.contrasts[0].hazard_ratio[0].adjusted.has_value());
    CHECK(os.contrasts[0].p_values.size() == 2);
    CHECK(os.contrasts[0].p_values[1].relation == Relation::equal);
    CHECK(os.crossover.at(0).value.value == 0.2);
    CHECK(os.events.at(0).value.value == 240);
    CHECK(os.assessment_interval_weeks == 6.0);
    CHECK(os.measures.at(0).time_months == 60.0);
    CHECK(trial.responses[0].evaluable == 200);
    CHECK(trial.claims[4].relation == Relation::greater_equal);
    CHECK(trial.claims[2].stated ==
          std::vector<std::pair<std::string, std::string>>{{"population", "all"}, {"time", "24"}});
    CHECK(catalogue.claims[0].file == "whole.json");
}

TEST_CASE("default analyses", "[catalogue][reader]") {
    const Catalogue catalogue = read_document(whole_document, "f");
    CHECK(catalogue.trials[0].analyses[0].is_default);  // the only one of OS
    CHECK_FALSE(catalogue.trials[0].analyses[1].is_default);
    CHECK(catalogue.trials[0].analyses[2].is_default);
    // None marked: the first.
    const Catalogue unmarked = read_document(
        small_document(R"({"id": "a", "endpoint": "PFS", "arms": {}}, {"id": "b", "endpoint": "OS", "arms": {}},
        {"id": "c", "endpoint": "OS", "default": false, "arms": {}})"),
        "f");
    CHECK(unmarked.trials[0].analyses[0].is_default);
    CHECK(unmarked.trials[0].analyses[1].is_default);
    CHECK_FALSE(unmarked.trials[0].analyses[2].is_default);
}

TEST_CASE("every kind of fault is told with its place", "[catalogue][reader]") {
    struct Row {
        std::string piece, other, pointer, says;
    };
    const std::string analysis = "/trials/0/analyses/0";
    const std::string c = "/trials/0/claims/";
    const std::vector<Row> rows = {
        // The document
        {R"("format": "hersurv-catalogue")", R"("format": "survival")", "/format", "the format is \"survival\""},
        {R"("format": "hersurv-catalogue")", R"("format": 1)", "/format", "expected text, got a number"},
        {R"("format": "hersurv-catalogue", )", "", "", "\"format\" is missing"},
        {R"("version": 1)", R"("version": 2)", "/version", "of version 2: this program reads version 1"},
        {R"("version": 1)", R"("version": "1")", "/version", "without quotes"},
        {R"("version": 1)", R"("version": 1, "version": 1)", "/version", "is given twice"},
        {R"("title": "T")", R"("titel": "T")", "/titel", "did you mean title?"},
        {R"("title": "T")", R"("title": null)", "/title", "leave out the key"},
        {R"("time": 12)", R"("time": 1e-308)", analysis + "/arms/new/milestones/1/time", "1e-308 is not a time"},
        {R"("time": 12)", R"("time": 10001)", analysis + "/arms/new/milestones/1/time", "10001 is not a time"},
        {R"("year": 2020)", R"("year": 20.5)", "/sources/p1/year", "20.5 is not a year"},
        {R"("citation": "Paper 2")", "", "/sources/p2", "\"citation\" is missing"},
        {R"("kind": "primary")", R"("kind": "paper")", "/sources/p1/kind", "\"paper\" is not a valid kind"},
        // Names
        {R"("id": "Trial-B")", R"("id": "tRIAL-a")", "/trials/1/id", "is taken by /trials/0/id"},
        {R"("id": "Trial-B")", R"("id": "Trial-B", "aliases": ["alpha"])", "/trials/1/aliases/0",
         "is taken by /trials/0/aliases/1"},
        {R"("id": "Trial-B")", R"("id": "Trial-B", "aliases": ["TRIAL-A"])", "/trials/1/aliases/0",
         "is taken by /trials/0/id"},
        {R"(["NCT1", "Alpha"])", R"(["NCT1", "nct1"])", "/trials/0/aliases/1", "is taken"},
        {R"(["NCT1", "Alpha"])", R"([1])", "/trials/0/aliases/0", "a number found, text expected"},
        {R"("id": "Trial-B")", R"("id": "")", "/trials/1/id", "the name is empty"},
        {R"("id": "Trial-B")", R"("id": "B ")", "/trials/1/id", "begins or ends with a space"},
        {R"("id": "Trial-B", )", "", "/trials/1", "\"id\" is missing"},
        {R"({"id": "Trial-B", "arms": [], "analyses": []})", "7", "/trials/1", "expected an object, got a number"},
        {R"("arms": [], "analyses": [])", R"("analyses": [])", "/trials/1", "\"arms\" is missing"},
        {R"("arms": [], "analyses": [])", R"("arms": [])", "/trials/1", "\"analyses\" is missing"},
        {R"("arms": [], "analyses": [])", R"("arms": {}, "analyses": [])", "/trials/1/arms",
         "expected a list, got an object"},
        {R"({"id": "old", "name")", R"({"id": "NEW"}, {"id": "old", "name")", "/trials/0/arms/1/id",
         "is taken by /trials/0/arms/0/id"},
        {R"("id": "pfs-2")", R"("id": "PFS-1")", "/trials/0/analyses/2/id", "is taken by /trials/0/analyses/1/id"},
        {R"("id": "m2")", R"("id": "M1")", "/trials/0/measures/0/id", "is taken by /trials/0/analyses/0/measures/0/id"},
        {R"("id": "c5")", R"("id": "C4")", c + "4/id", "is taken by"},
        {R"("design": "randomised")", R"("design": "randomized")", "/trials/0/design", "use randomised"},
        {R"("role": "experimental")", R"("role": "new")", "/trials/0/arms/0/role", "is not a valid role"},
        {R"("n": 200})", R"("n": 0})", "/trials/0/arms/0/n", "0 is not a number of patients"},
        {R"("n": 198)", R"("n": 198.5)", "/trials/0/arms/1/n", "give a whole number"},
        {R"("n": 198)", R"("n": 1e12)", "/trials/0/arms/1/n", "1000000000000 is not a number of patients"},
        // Analyses
        {R"("endpoint": "OS")", R"("endpoint": "over all")", analysis + "/endpoint",
         "is not the name of an endpoint; write letters, digits and hyphens"},
        {R"("endpoint": "OS")", R"("endpoint": "")", analysis + "/endpoint", "is not the name of an endpoint"},
        {R"("endpoint": "OS")", R"("endpoint": "Os")", analysis + "/endpoint", "\"Os\" is written OS"},
        {R"("endpoint": "OS")", R"("endpoint": "orr")", analysis + "/endpoint", "is a rate, not a time to an event"},
        {R"("endpoint": "OS")", R"("endpoint": 5)", analysis + "/endpoint", "expected text, got a number"},
        {R"("id": "pfs-1", "endpoint": "PFS", )", R"("id": "pfs-1", )", "/trials/0/analyses/1",
         "\"endpoint\" is missing"},
        {R"("endpoint": "PFS", "arms": {}}, {)", R"("endpoint": "PFS"}, {)", "/trials/0/analyses/1",
         "\"arms\" is missing"},
        {R"("id": "pfs-1", )", R"("id": "pfs-1", "default": true, )", "/trials/0/analyses/2/default",
         "a second default analysis of PFS besides \"pfs-1\""},
        {R"("assessed_by": "BICR")", R"("assessed_by": "IRC")", "/trials/0/analyses/2/assessed_by",
         "BICR or investigator"},
        {R"("assessment_interval_weeks": 6)", R"("assessment_interval_weeks": 0)",
         analysis + "/assessment_interval_weeks", "above 0"},
        {"2020-02-29", "2021-02-29", analysis + "/data_cutoff", "is not a date"},
        {"2020-02-29", "2020-2", analysis + "/data_cutoff", "is not a date"},
        {"2020-02-29", "2020-13", analysis + "/data_cutoff", "is not a date"},
        {"2020-02-29", "", analysis + "/data_cutoff", "is not a date"},
        {R"("old": {"n": 190)", R"("odl": {"n": 190)", analysis + "/arms/odl", "did you mean old?"},
        {R"("experimental": "new")", R"("experimental": "newer")", analysis + "/contrasts/0/experimental",
         "did you mean new?"},
        {R"("control": "old")", R"("control": "new")", analysis + "/contrasts/0", "compared with itself"},
        {R"("control": "old")", R"("control": "placebo")", analysis + "/contrasts/0/control",
         "its arms are new or old"},
        {R"("contrasts": [)", R"("contrasts": [{"experimental": "new", "control": "old"}, )", analysis + "/contrasts/1",
         "is taken by"},
        {R"("range": [0, 61.2])", R"("range": [0])", analysis + "/follow_up/range", "a list of two numbers"},
        {R"("range": [0, 61.2])", R"("range": [-1, 61.2])", analysis + "/follow_up/range/0", "-1 is not a time"},
        {R"("range": [0, 61.2])", R"("range": [62, 61.2])", analysis + "/follow_up/range", "above the high end"},
        {R"("median": 30.5, )", "", analysis + "/follow_up", "\"median\" is missing"},
        // Statistics
        {R"("value": 18, )", "", analysis + "/arms/old/median", "\"value\" is missing"},
        {R"("value": 18)", R"("value": -18)", analysis + "/arms/old/median/value", "0 to 10000"},
        {R"("value": 18)", R"("value": "not reached")", analysis + "/arms/old/median/value", "\"NR\" or \"NE\""},
        {R"("value": 18)", R"("value": "18")", analysis + "/arms/old/median/value", "without quotes"},
        {R"("lower": 15.25)", R"("lower": null)", analysis + "/arms/old/median/lower", "leave out the key"},
        {R"("lower": 15.25)", R"("lower": [15.25])", analysis + "/arms/old/median/lower", "got a list"},
        {R"("upper": "NE")", R"("upper": "nr")", analysis + "/arms/old/median/upper", "got text"},
        {R"("level": 0.9)", R"("level": 1)", analysis + "/arms/old/median/level", "above 0 and below 1"},
        {R"("level": 0.9)", R"("level": 0)", analysis + "/arms/old/median/level", "above 0 and below 1"},
        {R"("level": 0.9)", R"("level": 95)", analysis + "/arms/old/median/level", "write 95% as 0.95"},
        {R"("limits": "log")", R"("limits": "loglog")", analysis + "/arms/old/median/limits",
         "use log-log, log or linear"},
        {R"("decimals": 1)", R"("decimals": 16)", analysis + "/arms/new/median/1/decimals",
         "16 is not a number of decimals"},
        {R"("survival": 0.8)", R"("survival": 0.8125, "decimals": 3)", analysis + "/arms/new/milestones/1/decimals",
         "fewer decimals (3)"},
        {R"("line": 7)", R"("line": 0)", analysis + "/arms/new/median/1/line", "0 is not a line number"},
        {R"("value": 101, "source": "p1")", R"("value": 101)", analysis + "/arms/new/events", "\"source\" is missing"},
        {R"("value": 101, "source": "p1")", R"("value": 101, "source": "p3")", analysis + "/arms/new/events/source",
         "is not in \"sources\""},
        {R"("value": 101)", R"("value": 101.5)", analysis + "/arms/new/events/value", "101.5 is not a count"},
        {R"("value": 101)", R"("value": -1)", analysis + "/arms/new/events/value", "-1 is not a count"},
        {R"("value": 101)", R"("value": "NR")", analysis + "/arms/new/events/value", "expected a number, got text"},
        {R"("events": {"value": 101, "source": "p1"})", R"("events": 101)", analysis + "/arms/new/events",
         "write {\"value\": 101}"},
        {R"("events": {"value": 101, "source": "p1"})", R"("events": [])", analysis + "/arms/new/events",
         "the list is empty"},
        {R"("events": {"value": 101, "source": "p1"})", R"("events": [[]])", analysis + "/arms/new/events/0",
         "expected an object, got a list"},
        {R"({"time": 12, )", "{", analysis + "/arms/new/milestones/1", "\"time\" is missing"},
        {R"("time": 12)", R"("time": -12)", analysis + "/arms/new/milestones/1/time", "-12 is not a time"},
        {R"("survival": 0.8)", R"("survival": 80)", analysis + "/arms/new/milestones/1/survival", "write 80% as 0.8"},
        {R"("survival": 0.8)", R"("survival": -0.1)", analysis + "/arms/new/milestones/1/survival", "0 to 1"},
        {R"("survival": 0.8)", R"("value": 0.8)", analysis + "/arms/new/milestones/1/value", "unknown key"},
        {R"("value": 0.6, "lower")", R"("value": 0, "lower")", analysis + "/contrasts/0/hazard_ratio/value", "above 0"},
        {R"("lower": 0.4)", R"("lower": -0.4)", analysis + "/contrasts/0/hazard_ratio/lower", "above 0"},
        {R"("stratified": true)", R"("stratified": 1)", analysis + "/contrasts/0/hazard_ratio/stratified",
         "true or false"},
        {R"("value": 0.001)", R"("value": 1.5)", analysis + "/contrasts/0/p_value/0/value", "1.5 is not a p-value"},
        {R"("relation": "<")", R"("relation": "less")", analysis + "/contrasts/0/p_value/0/relation", "use =, <"},
        {R"("value": 0.2, "source")", R"("value": 20, "source")", analysis + "/crossover/value", "write 20% as 0.2"},
        {R"("value": 240)", R"("value": 1e999)", analysis + "/events/value", "outside the range"},
        // Measures and responses
        {R"("value": 0.3, "unit": "proportion")", R"("value": 30, "unit": "proportion")",
         analysis + "/measures/0/value", "write 30% as 0.3"},
        {R"("time": 60, "arm": "new")", R"("time": 60, "arm": "nwe")", analysis + "/measures/0/arm",
         "did you mean new?"},
        {R"("value": 12, "unit": "patients")", R"("value": 12.5, "unit": "patients")", "/trials/0/measures/0/value",
         "12.5 is not a count"},
        {R"("value": 12, "unit": "patients")", R"("value": 12)", "/trials/0/measures/0", "\"unit\" is missing"},
        {R"("name": "brain metastases", )", "", "/trials/0/measures/0", "\"name\" is missing"},
        {R"("endpoint": "ORR", "arm": "new")", R"("endpoint": "ORR", "arm": "newest")", "/trials/0/responses/0/arm",
         "has no arm"},
        {R"("endpoint": "ORR")", R"("endpoint": "OS")", "/trials/0/responses/0/endpoint", "use ORR, ORR-IC or CBR"},
        {R"("responders": 40)", R"("responders": 40.5)", "/trials/0/responses/0/responders", "40.5 is not a count"},
        {R"("rate": 0.2, )", "", "/trials/0/responses/0", "\"rate\" is missing"},
        // Claims
        {R"("kind": "ratio")", R"("kind": "quotient")", c + "1/kind", "is not a valid kind"},
        {R"("value": 16.3, )", "", c + "0", "\"value\" is missing"},
        {R"("analysis": "os-1", "value": 16.3)", R"("analysis": "os-2", "value": 16.3)", c + "0/analysis",
         "did you mean os-1?"},
        {R"("analysis": "os-1", "value": 16.3)", R"("analysis": "pfs-1", "value": 16.3)", c + "0/analysis",
         "has no contrast"},
        {R"("analysis": "os-1", "value": 16.3)", R"("value": 16.3)", c + "0", "\"of\" is missing"},
        {R"([{"response": "r1"}, {"measure": "m1"}])", R"([{"response": "r1"}])", c + "1/of",
         "a claim about two places"},
        {R"({"response": "r1"}, )", R"({"response": "r2"}, )", c + "1/of/0", "has no response \"r2\""},
        {R"({"measure": "m1"}])", R"({"measure": "m3"}])", c + "1/of/1", "has no measure \"m3\""},
        {R"({"measure": "m1"}])", R"({"measure": "m1", "response": "r1"}])", c + "1/of/1", "names several things"},
        {R"({"measure": "m1"}])", R"({"arm": "new"}])", c + "1/of/1", "does not name a value"},
        {R"({"measure": "m1"}])", R"({"measur": "m1"}])", c + "1/of/1/measur", "did you mean measure?"},
        {R"("value": 2, )", R"("value": 2, "direction": "increasing", )", c + "1/direction", "has no \"direction\""},
        {R"("value": 2, )", R"("value": 2, "stated": {"label": "x"}, )", c + "1/stated", "has no \"stated\""},
        {R"("value": 2, )", R"("value": "NR", )", c + "1/value", "are not allowed as value of a claim"},
        {R"("kind": "ratio")", R"("kind": "rate-difference")", c + "1/value", "2 is not a difference of probabilities"},
        {R"("statistic": "milestone_24", "source")", R"("statistic": "milestone_25", "source")", c + "2/of/0",
         "has no milestone_25"},
        {R"("statistic": "milestone_24", "source")", R"("statistic": "milestones_24", "source")", c + "2/of/0",
         "is not a known statistic"},
        {R"("statistic": "milestone_24", "source": "p2")", R"("statistic": "milestone_12", "source": "p2")",
         c + "2/of/0", "from the source \"p2\""},
        {R"("value": 0.6,
                "stated")",
         R"("value": 60,
                "stated")",
         c + "2/value", "write 60% as 0.6"},
        {R"("time": 24}, "source")", R"("place": 24}, "source")", c + "2/stated/place", "unknown key"},
        {R"("direction": "decreasing", )", "", c + "3", "\"direction\" is missing"},
        {R"("direction": "decreasing", )", R"("direction": "decreasing", "value": 3, )", c + "3/value",
         "has no \"value\""},
        {R"("statistic": "milestone_24_lower")", R"("statistic": "milestone_12_lower")", c + "3/of/1",
         "does not exist"},
        {R"([{"analysis": "os-1", "statistic": "hazard_ratio"}])",
         R"([{"analysis": "os-2", "statistic": "hazard_ratio"}])", c + "4/of/0", "did you mean os-1?"},
        {R"([{"analysis": "os-1", "statistic": "hazard_ratio"}])",
         R"([{"analysis": "os-1", "arm": "old", "statistic": "hazard_ratio"}])", c + "4/of/0", "experimental"},
        {R"([{"analysis": "os-1", "statistic": "hazard_ratio"}])", R"([{"statistic": "hazard_ratio"}])", c + "4/of/0",
         "does not name the analysis"},
        {R"("relation": ">=")", R"("relation": "=")", c + "4/relation", "is not a valid relation"},
        // Notes, and what stands across trials
        {R"("at": {"claim": "c1"})", R"("at": {"claim": "c9"})", "/trials/0/notes/0/at", "has no claim \"c9\""},
        {R"("at": {"claim": "c1"})", R"("at": {})", "/trials/0/notes/0/at", "names nothing"},
        {R"("at": {"claim": "c1"})", R"("at": "c1")", "/trials/0/notes/0/at", "expected an object, got text"},
        {R"("at": {"claim": "c1"})", R"("at": {"trial": "Trial-B", "analysis": "os-1"})", "/trials/0/notes/0/at",
         "trial \"Trial-B\" has no analysis"},
        {R"("text": "why")", R"("text": "")", "/trials/0/notes/0/text", "the text is empty"},
        {R"("kind": "discrepancy")", R"("kind": "error")", "/trials/0/notes/0/kind", "is not a valid kind"},
        {R"({"trial": "Trial-A", )", "{", "/claims/0/of/0", "does not name the trial"},
        {R"("trial": "Trial-A", "analysis": "os-1")", R"("trial": "trial-a", "analysis": "os-7")", "/claims/0/of/0",
         "has no analysis \"os-7\""},
        {R"("at": {"claim": "d1"})", R"("at": {"claim": "d2"})", "/notes/0/at", "the catalogue has no claim"},
        {R"("id": "d1")",
         R"("id": "d1", "value": 0.4, "kind": "percent-reduction", "source": "p2", "of": [{"trial": "Trial-A", "response": "r1"}]}, {"id": "D1")",
         "/claims/1/id", "is taken by /claims/0/id"},
        {R"("value": 0.4, "source": "p2"}],
  "notes")",
         R"("value": 40, "source": "p2"}],
  "notes")",
         "/claims/0/value", "write 40% as 0.4"},
    };
    REQUIRE(validate_document(whole_document, "f").empty());
    for (const Row& row : rows) {
        const std::string text = with(row.piece, row.other);
        INFO(row.piece << "  ->  " << row.other);
        const std::vector<Fault> faults = validate_document(text, "file.json");
        INFO(listing(faults));
        CHECK(std::any_of(faults.begin(), faults.end(), [&](const Fault& fault) {
            return fault.file == "file.json" && fault.pointer == row.pointer &&
                   support::describe(fault).find(row.says) != std::string::npos;
        }));
        CHECK_THROWS_AS(read_document(text, "file.json"), support::InputError);
        for (const Fault& fault : faults) CHECK_FALSE(fault.problem.empty());
    }
}

TEST_CASE("one slip gives one fault", "[catalogue][reader]") {
    for (const auto& [piece, other] :
         std::vector<std::pair<std::string, std::string>>{{R"("value": 18)", R"("value": "18")"},
                                                          {R"("survival": 0.8)", R"("survival": 80)"},
                                                          {R"("value": 0.6, "lower")", R"("value": 0, "lower")"},
                                                          {R"("title": "T")", R"("titel": "T")"},
                                                          {R"("version": 1)", R"("version": 2)"},
                                                          {R"("rate": 0.2)", R"("rate": 20)"},
                                                          {R"("endpoint": "OS")", R"("endpoint": "O S")"},
                                                          {R"("value": 101, "source": "p1")", R"("value": 101)"}}) {
        INFO(other);
        CHECK(validate_document(with(piece, other), "f").size() == 1);
    }
}

TEST_CASE("all faults of a document are reported together", "[catalogue][reader]") {
    std::string text = with(R"("value": 18)", R"("value": -18)");
    const auto change = [&](const std::string& piece, const std::string& other) {
        text.replace(text.find(piece), piece.size(), other);
    };
    change(R"("title": "T")",
           R"("title": "T", "title": "U")");  // also a key that is given twice, which another reader finds
    change(R"("survival": 0.8)", R"("survival": 80)");
    change(R"("text": "why")", R"("txet": "why")");
    std::set<std::string> pointers;
    for (const Fault& fault : validate_document(text, "f")) pointers.insert(fault.pointer);
    CHECK(pointers == std::set<std::string>{"/title", "/trials/0/analyses/0/arms/old/median/value",
                                            "/trials/0/analyses/0/arms/new/milestones/1/survival", "/trials/0/notes/0",
                                            "/trials/0/notes/0/txet"});
}

TEST_CASE("what a paper can print is no fault", "[catalogue][reader]") {
    const auto valid = [](const std::string& piece, const std::string& other) {
        const auto faults = validate_document(with(piece, other), "f");
        INFO(listing(faults));
        CHECK(faults.empty());
    };
    valid(R"("lower": 15.25)", R"("lower": 19)");
    valid(R"("lower": 0.4, "upper": 1)", R"("lower": 1, "upper": 0.4)");
    valid(R"("value": 101)", R"("value": 1000)");
    valid(R"("survival": 0.8)", R"("survival": 0.1)");
    valid(R"("responders": 40)", R"("responders": 400)");
    valid(R"("range": [0, 61.2])", R"("quartiles": [20, 40])");
    CHECK(validate_document(small_document(""), "f").empty());
    CHECK(validate_document(R"({"format": "hersurv-catalogue", "version": 1, "trials": []})", "f").empty());
    // Without sources no number needs one; an empty list of them is none.
    CHECK(validate_document(small_document(R"({"id": "a", "endpoint": "OS", "arms": {"x": {"median": {"value": 3}}}})"),
                            "f")
              .empty());
    CHECK(
        validate_document(
            R"({"format": "hersurv-catalogue", "version": 1, "sources": {}, "trials": [{"id": "A", "arms": [{"id": "x"}],
        "analyses": [{"id": "a", "endpoint": "OS", "arms": {"x": {"median": {"value": 3}}}}]}]})",
            "f")
            .empty());
}

TEST_CASE("other kinds of document are told apart", "[catalogue][reader]") {
    for (const std::string text : {"[]", "1", "\"x\"", "null", "{}"}) CHECK_FALSE(validate_document(text, "f").empty());
    CHECK(validate_document("{", "f").at(0).line == 1);
    CHECK(validate_document("", "f").at(0).problem == "the document is empty");
    CHECK(validate_document(R"({"format": "x", "version": 3, "other": 1})", "f").size() == 2);
}

TEST_CASE("the fixtures that the schema refuses are refused here too", "[catalogue][reader]") {
    const auto files = list_documents(fixtures + "invalid_schema").files;
    CHECK(files.size() >= 10);
    for (const std::string& file : files) {
        INFO(file);
        CHECK_FALSE(validate_document(support::read_file(file), file).empty());
    }
}

TEST_CASE("a truncated document never loads in part", "[catalogue][reader]") {
    std::string text = support::read_file(fixtures + "cleopatra_example.json");
    while (text.back() == '\n') text.pop_back();
    REQUIRE(validate_document(text, "f").empty());
    for (std::size_t length = 0; length < text.size(); ++length) {
        CAPTURE(length);
        const auto faults = validate_document(std::string_view(text).substr(0, length), "f");
        REQUIRE(faults.size() == 1);
    }
}

TEST_CASE("no single changed byte crashes the reader", "[catalogue][reader]") {
    const std::string text = whole_document;
    for (const char byte : {'\0', '"', '}', ']', ',', '9', '-', '\xff', ' '}) {
        for (std::size_t at = 0; at < text.size(); at += 23) {
            std::string changed = text;
            changed[at] = byte;
            try {
                const Catalogue catalogue = read_document(changed, "f");
                REQUIRE(catalogue.trials.size() == 2);
            } catch (const support::InputError& error) {
                REQUIRE_FALSE(error.faults().empty());
            }
        }
    }
}

TEST_CASE("records are written back as they were read", "[catalogue][reader]") {
    const Catalogue catalogue = read_document(whole_document, "f");
    const Json written = to_document(catalogue);
    CHECK(written == support::parse_json(whole_document, "f"));
    const Catalogue again = read_document(support::write_json(written), "f");
    CHECK(to_document(again) == written);

    const Json one = to_document(catalogue.trials[0]);
    const Catalogue alone = read_document(support::write_json(one), "f");
    REQUIRE(alone.trials.size() == 1);
    CHECK(*alone.trials[0].json == *catalogue.trials[0].json);
    CHECK(alone.sources == catalogue.sources);
    CHECK(one.find("claims") == nullptr);
    // Only the sources that the trial names go with it.
    CHECK(to_document(catalogue.trials[1]).find("sources") == nullptr);

    const Catalogue example = read_document(support::read_file(fixtures + "cleopatra_example.json"), "f");
    CHECK(to_document(example) == support::parse_json(support::write_json(to_document(example)), "f"));
    CHECK(*to_document(example).find("trials") ==
          *support::parse_json(support::read_file(fixtures + "cleopatra_example.json"), "f").find("trials"));
    CHECK_THROWS_AS(to_document(Trial{}), support::Error);
}

TEST_CASE("the template is a valid catalogue", "[catalogue][reader]") {
    const Catalogue catalogue = read_document(builtin_template(), "template.json");
    REQUIRE(catalogue.trials.size() == 1);
    CHECK(catalogue.trials[0].arms.size() == 2);
    CHECK(catalogue.trials[0].analyses.at(0).contrasts.at(0).hazard_ratio.size() == 1);
    CHECK(catalogue.sources.size() == 1);
}
