// The pipeline as a library user calls it: fits in the order of the selection, PFS capped at OS, the same for any
// number of threads; findings of a catalogue.
#include "hersurv/catalogue.hpp"
#include "hersurv/estimates.hpp"
#include "hersurv/study.hpp"

#include <catch2/catch.hpp>

#include "catalogue/builtin.hpp"
#include <atomic>

using namespace hersurv;

namespace {

// A trial whose PFS, fitted alone, lies above its OS.
const catalogue::Catalogue& crossing() {
    static const catalogue::Catalogue read = catalogue::read_document(R"({"format": "hersurv-catalogue", "version": 1,
        "trials": [{"id": "T", "arms": [{"id": "a", "n": 200}], "analyses": [
            {"id": "pfs", "endpoint": "PFS", "arms": {"a": {"median": {"value": 20.0},
             "milestones": [{"time": 36, "survival": 0.30}]}}},
            {"id": "os", "endpoint": "OS", "arms": {"a": {"median": {"value": 20.5},
             "milestones": [{"time": 36, "survival": 0.25}]}}}]}]})",
                                                                      "text");
    return read;
}

study::FitRequest weibull_and_flexible(int threads) {
    study::FitRequest request;
    request.models = {fit::find_model("weibull"), fit::find_model("flexible")};
    request.threads = threads;
    return request;
}

}  // namespace

TEST_CASE("a selection without overall survival is capped at it all the same", "[study]") {
    const auto& trial = crossing().trials.front();
    const std::vector<study::SelectedAnalysis> pfs_alone = {{&trial, &trial.analyses.front()}};
    const auto capped = study::fit_analyses(pfs_alone, weibull_and_flexible(1));
    REQUIRE(capped.size() == 1);
    const auto overall = study::fit_analyses({{&trial, &trial.analyses.back()}}, weibull_and_flexible(1));
    for (std::size_t m = 0; m < 2; ++m) {
        const auto& pfs = capped.front().models[m];
        CHECK(pfs.lowered != nullptr);
        for (const double time : {6.0, 20.0, 36.0, 60.0})
            CHECK(fit::survival_at(pfs, 0, time, {}).value <=
                  fit::survival_at(overall.front().models[m], 0, time, {}).value + 1e-12);
    }
}

TEST_CASE("fits keep the order of the selection and do not depend on the threads", "[study]") {
    const auto& trial = crossing().trials.front();
    const auto analyses = study::default_analyses(trial);
    REQUIRE(analyses.size() == 2);
    std::atomic<std::size_t> calls = 0, sum = 0, wrong_totals = 0;  // Catch2's checks are for one thread
    auto request = weibull_and_flexible(4);
    request.automatic = true;
    request.progress = [&](std::size_t done, std::size_t total) {
        ++calls;
        sum += done;
        wrong_totals += total != 6;
    };
    const auto several = study::fit_analyses(analyses, request);
    CHECK(calls == 6);
    CHECK(sum == 1 + 2 + 3 + 4 + 5 + 6);
    CHECK(wrong_totals == 0);
    request.threads = 1;
    request.progress = nullptr;
    const auto one = study::fit_analyses(analyses, request);
    REQUIRE(several.size() == analyses.size());
    for (std::size_t i = 0; i < several.size(); ++i) {
        CHECK(several[i].analysis == analyses[i].analysis);
        REQUIRE(several[i].models.size() == 3);
        CHECK(several[i].models[1].model->name == "weibull");
        CHECK(several[i].models[1].free_parameters == one[i].models[1].free_parameters);
    }
}

TEST_CASE("an audit finds what a record contradicts", "[study]") {
    auto catalogue = crossing();
    study::Audit sound;
    study::audit_records({&catalogue.trials.front()}, catalogue, false, 1, sound);
    CHECK(sound.n_trials == 1);
    CHECK(sound.n_analyses == 2);
    // An event count above the number of patients.
    const auto contradicted = catalogue::read_document(R"({"format": "hersurv-catalogue", "version": 1, "trials": [
        {"id": "T", "arms": [{"id": "a", "n": 100}], "analyses": [{"id": "os", "endpoint": "OS",
         "arms": {"a": {"median": {"value": 20.0}, "events": {"value": 120}}}}]}]})",
                                                       "text");
    study::Audit found;
    study::audit_records({&contradicted.trials.front()}, contradicted, false, 1, found);
    CHECK(found.fails());
    CHECK(found.count(audit::Severity::error) >= 1);
}
