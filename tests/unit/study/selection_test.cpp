// What a filter takes of the analyses of trials.
#include "hersurv/catalogue.hpp"
#include "hersurv/study.hpp"

#include <catch2/catch.hpp>

using namespace hersurv;

namespace {

// Trial T with two analyses of OS, of which the later is the default one, and a PFS of arm b alone; U with a rate only.
const catalogue::Catalogue& two_trials() {
    static const catalogue::Catalogue read = catalogue::read_document(R"({"format": "hersurv-catalogue", "version": 1,
        "trials": [
          {"id": "T", "arms": [{"id": "a", "n": 200}, {"id": "b", "n": 199}], "analyses": [
            {"id": "os-interim", "endpoint": "OS", "arms": {"a": {"median": {"value": 19.0}}}},
            {"id": "os-final", "endpoint": "OS", "default": true, "arms": {"a": {"median": {"value": 20.0}}}},
            {"id": "pfs", "endpoint": "PFS", "arms": {"b": {"median": {"value": 9.0}}}}]},
          {"id": "U", "arms": [{"id": "c", "n": 50}], "analyses": [],
           "responses": [{"endpoint": "ORR-IC", "arm": "c", "rate": 0.4, "evaluable": 50}]}]})",
                                                                      "text");
    return read;
}

std::vector<std::string> taken(const study::Filter& filter, study::Unnamed unnamed) {
    std::vector<std::string> ids;
    for (const auto& one :
         study::select_analyses({&two_trials().trials[0], &two_trials().trials[1]}, filter, unnamed).analyses)
        ids.push_back(one.analysis->id);
    return ids;
}

using Ids = std::vector<std::string>;
constexpr auto by_default = study::Unnamed::default_analyses, all = study::Unnamed::everything;

}  // namespace

TEST_CASE("a filter takes default analyses, or those that it names", "[study]") {
    CHECK(taken({}, by_default) == Ids{"os-final", "pfs"});
    CHECK(taken({}, all) == Ids{"os-interim", "os-final", "pfs"});
    CHECK(taken({.endpoint = "os", .analysis = {}, .arm = {}}, by_default) == Ids{"os-final"});
    CHECK(taken({.endpoint = {}, .analysis = "os-*", .arm = {}}, by_default) == Ids{"os-interim", "os-final"});
    CHECK(taken({.endpoint = {}, .analysis = {}, .arm = "B"}, by_default) == Ids{"pfs"});
    CHECK(taken({.endpoint = "OS", .analysis = {}, .arm = "b"}, all).empty());
}

TEST_CASE("a filter says of which trials it takes nothing", "[study]") {
    const std::vector<const catalogue::Trial*> trials = {&two_trials().trials[0], &two_trials().trials[1]};
    const auto untaken = [&](const study::Filter& filter, study::Unnamed unnamed) {
        Ids ids;
        for (const auto* trial : study::select_analyses(trials, filter, unnamed).untaken) ids.push_back(trial->id);
        return ids;
    };
    CHECK(untaken({}, by_default) == Ids{"U"});
    // Response rates are numbers of their endpoint only where everything is asked for.
    CHECK(untaken({}, all).empty());
    CHECK(untaken({.endpoint = "ORR-IC", .analysis = {}, .arm = {}}, all) == Ids{"T"});
    CHECK(untaken({.endpoint = "ORR-IC", .analysis = {}, .arm = {}}, by_default) == Ids{"T", "U"});
    CHECK(untaken({.endpoint = "PFS", .analysis = {}, .arm = {}}, all) == Ids{"U"});
}
