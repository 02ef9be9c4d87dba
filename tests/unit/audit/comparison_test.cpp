// Comparisons with a fitted model, places in words, the baseline, and the loop over threads.
#include "hersurv/audit.hpp"
#include "hersurv/error.hpp"
#include "hersurv/study.hpp"

#include "audit/place.hpp"
#include "support/parallel.hpp"
#include "unit/audit/fixture.hpp"
#include <atomic>
#include <cmath>
#include <limits>
#include <memory>
#include <stdexcept>

using namespace audit_fixture;
namespace audit = hersurv::audit;
namespace fit = hersurv::fit;
namespace study = hersurv::study;
using audit::Verdict;
using Catch::Matchers::Contains;
using hersurv::catalogue::Place;
using hersurv::catalogue::Trial;

namespace {

fit::FittedModel fitted(const Trial& trial, const char* model) {
    return fit::fit(std::make_shared<const hersurv::evidence::AnalysisEvidence>(
                        hersurv::evidence::gather(trial, trial.analyses.front())),
                    *fit::find_model(model));
}

hersurv::catalogue::Catalogue one_arm(const std::string& arm, const std::string& more = "") {
    return hersurv::catalogue::read_document(
        R"({"format": "hersurv-catalogue", "version": 1, "trials": [{"id": "T", "arms": [{"id": "a", "n": 100}], "analyses": [{"id": "os", "endpoint": "OS", "arms": {"a": {)" +
            arm + "}}" + more + "}]}]}",
        "x.json");
}

std::string problems(const std::string& text) {
    try {
        (void)study::read_baseline(text, "base.json");
    } catch (const hersurv::support::InputError& error) {
        return error.what();
    }
    return "";
}

}  // namespace

TEST_CASE("every published number is compared, in the order of the evidence", "[audit]") {
    const auto catalogue = audit_fixture::catalogue({});
    for (const char* name : {"exponential", "weibull"}) {
        const auto model = fitted(catalogue.trials[0], name);
        const auto rows = audit::compare(model);
        const auto& observations = model.evidence->observations;
        REQUIRE(rows.size() == observations.size());
        for (std::size_t i = 0; i < rows.size(); ++i) {
            INFO(name << " " << rows[i].arm << " " << to_string(rows[i].statistic));
            CHECK(rows[i].statistic == observations[i].statistic);
            CHECK(rows[i].published == observations[i].published);
            CHECK(rows[i].model == name);
            CHECK(rows[i].source == "paper");
            CHECK((rows[i].verdict == Verdict::not_comparable) ==
                  (!rows[i].reconstructed ||
                   (!rows[i].published.is_number() && observations[i].kind != hersurv::evidence::Kind::bound)));
            CHECK((rows[i].verdict == Verdict::not_comparable) == !rows[i].remark.empty());
            if (!rows[i].difference) continue;
            CHECK(*rows[i].difference == Approx(*rows[i].reconstructed - rows[i].published.value));
            CHECK(*rows[i].tolerance > rows[i].published.half_unit());
            const double away = std::abs(*rows[i].difference);
            if (rows[i].verdict == Verdict::outside) CHECK(away > *rows[i].tolerance);
            if (rows[i].verdict == Verdict::within_tolerance)
                CHECK((away <= *rows[i].tolerance && away > rows[i].published.half_unit()));
            if (rows[i].verdict == Verdict::within_rounding) CHECK(away <= rows[i].published.half_unit() * (1 + 1e-9));
        }
        const auto findings = audit::not_reproduced(rows, "fixture.json");
        CHECK(static_cast<std::ptrdiff_t>(findings.size()) ==
              std::count_if(rows.begin(), rows.end(), [](const auto& row) { return row.verdict == Verdict::outside; }));
    }
}

TEST_CASE("a p-value has no counterpart, and says why", "[audit]") {
    const auto catalogue = audit_fixture::catalogue({});
    const auto rows = audit::compare(fitted(catalogue.trials[0], "weibull"));
    const auto p = std::find_if(rows.begin(), rows.end(), [](const auto& row) {
        return row.statistic.is(hersurv::catalogue::StatisticKey::Kind::p_value);
    });
    REQUIRE(p != rows.end());
    CHECK(p->verdict == Verdict::not_comparable);
    CHECK(p->control == "old");
    CHECK_THAT(p->remark, Contains("p-value"));
}

TEST_CASE("the tolerance is what the estimate itself leaves open, and no less than the allowance", "[audit]") {
    using Kind = hersurv::catalogue::StatisticKey::Kind;
    // Worked out by hand: 1.96 standard errors of the log median, by its limits or by n; of a share of 402 patients
    // with two successes and two failures more; of log HR, sqrt(1/168 + 1/221).
    const auto reach = [](double share) {
        const double middle = (share * 402 + 2) / 406;
        return 1.959964 * std::sqrt(middle * (1 - middle) / 406) + std::abs(middle - share);
    };
    const auto catalogue = audit_fixture::catalogue({});
    std::size_t n_compared = 0;
    for (const auto& row : audit::compare(fitted(catalogue.trials[0], "weibull"))) {
        if (!row.tolerance) continue;
        INFO(row.arm << ' ' << to_string(row.statistic));
        const double more = *row.tolerance - row.published.half_unit(), published = row.published.value;
        ++n_compared;
        if (row.statistic.kind == Kind::median)
            CHECK(more == Approx(published * std::log(row.arm == "new" ? 72.0 / 50 : 48.0 / 36) / 2).epsilon(1e-5));
        if (row.statistic.is(Kind::milestone) && row.arm == "new")
            CHECK(more == Approx(reach(published)).epsilon(1e-5));
        if (row.statistic.is(Kind::hazard_ratio))
            CHECK(more == Approx(published * 1.959964 * std::sqrt(1.0 / 168 + 1.0 / 221)).epsilon(1e-5));
        if (row.statistic.is(Kind::events)) CHECK(more >= 402 * reach(published / 402));
    }
    CHECK(n_compared >= 8);

    // Of very many patients the allowances remain.
    const audit::Allowances allowances;
    const auto alone =
        one_arm(R"("n": 10000000, "median": {"value": 20}, "milestones": [{"time": 36, "survival": 0.30}])");
    for (const auto& row : audit::compare(fitted(alone.trials[0], "weibull"))) {
        if (!row.tolerance) continue;
        const double more = *row.tolerance - row.published.half_unit();
        CHECK(more == Approx(row.statistic.kind == Kind::median ? allowances.time_relative * 20 : allowances.survival));
    }
}

TEST_CASE("more events than the follow-up shows are no miss if it may be the time on study", "[audit]") {
    // As one trial printed them: 219 events of 300 patients, 7.5 months of median time on study.
    const auto findings_with = [](int events, const std::string& kind) {
        const auto catalogue = one_arm(
            R"("n": 300, "events": {"value": )" + std::to_string(events) + R"(}, "follow_up": {"median": 7.5)" + kind +
            R"(}, "median": {"value": 9.4, "lower": 8.4, "upper": 10.1}, "milestones": [{"time": 12, "survival": 0.354}, {"time": 24, "survival": 0.073}])");
        const auto all = audit::not_reproduced(audit::compare(fitted(catalogue.trials[0], "weibull")), "x.json");
        return std::ranges::count(all, "events", [](const auto& finding) { return to_string(finding.at.statistic); });
    };
    CHECK(findings_with(219, "") == 0);
    CHECK(findings_with(260, "") == 0);
    CHECK(findings_with(260, R"(, "kind": "reverse-kaplan-meier")") == 1);
}

TEST_CASE("an exponential cannot follow a curve that stays flat and then falls", "[audit]") {
    const auto catalogue = one_arm(
        R"("milestones": [{"time": 12, "survival": 0.99}, {"time": 24, "survival": 0.95}, {"time": 36, "survival": 0.10}])");
    const auto rows = audit::compare(fitted(catalogue.trials[0], "exponential"));
    const auto findings = audit::not_reproduced(rows, "x.json");
    REQUIRE_FALSE(findings.empty());
    for (const auto& finding : findings) {
        CHECK(finding.rule == "not-reproduced");
        CHECK(finding.severity == audit::Severity::note);
        CHECK(finding.at.trial == "T");
        CHECK(finding.at.arm == "a");
        CHECK(finding.pointer.starts_with("/trials/0/analyses/0/arms/a/milestones/"));
        CHECK_THAT(finding.message, Contains("the exponential model gives"));
    }
}

TEST_CASE("a median that is not reached is compared with the follow-up", "[audit]") {
    const std::string follow_up = R"(, "follow_up": {"median": 30})";
    SECTION("beyond it: followed") {
        const auto catalogue = one_arm(
            R"("median": {"value": "NR", "lower": 28}, "milestones": [{"time": 24, "survival": 0.8}])", follow_up);
        const auto rows = audit::compare(fitted(catalogue.trials[0], "weibull"));
        REQUIRE(rows[0].statistic.is(hersurv::catalogue::StatisticKey::Kind::median));
        CHECK(rows[0].verdict == Verdict::within_rounding);
        CHECK(rows[0].reconstructed > 30.0);
        CHECK_FALSE(rows[0].difference);
    }
    SECTION("before it: not followed") {
        const auto catalogue = one_arm(
            R"("median": {"value": "NR"}, "milestones": [{"time": 6, "survival": 0.6}, {"time": 12, "survival": 0.35}, {"time": 24, "survival": 0.1}])",
            follow_up);
        const auto rows = audit::compare(fitted(catalogue.trials[0], "weibull"));
        CHECK(rows[0].verdict == Verdict::outside);
        CHECK_THAT(audit::not_reproduced(rows, "x.json").at(0).message, Contains("had not reached it"));
    }
    SECTION("no follow-up: nothing to compare with") {
        const auto catalogue = one_arm(R"("median": {"value": "NR"}, "milestones": [{"time": 24, "survival": 0.8}])");
        CHECK(audit::compare(fitted(catalogue.trials[0], "weibull"))[0].verdict == Verdict::not_comparable);
    }
}

TEST_CASE("an arm without a curve is not comparable", "[audit]") {
    const auto catalogue = one_arm(R"("median": {"value": "NR"})");
    const auto rows = audit::compare(fitted(catalogue.trials[0], "weibull"));
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].verdict == Verdict::not_comparable);
    CHECK_FALSE(rows[0].reconstructed);
    CHECK_FALSE(rows[0].remark.empty());
}

TEST_CASE("places in words, with rounding, source and what the number is of", "[audit]") {
    const auto catalogue = audit_fixture::catalogue({});
    const Trial& trial = catalogue.trials[0];
    const auto at = [&](Place place) { return audit::resolve(place, &trial, &catalogue); };
    Place place;
    place.analysis = "os";
    place.arm = "new";
    place.statistic = hersurv::catalogue::NamedStatistic("median");
    {
        const auto number = at(place).number;
        REQUIRE(number);
        CHECK(number->label == "median OS of ONE, arm new, os");
        CHECK(number->value.value == 57.1);
        CHECK(number->half_unit() == Approx(0.05));
        CHECK(number->source == "paper");
        CHECK(number->population == "intention to treat");
        CHECK(number->endpoint == "OS");
        CHECK_FALSE(number->approximate);
    }
    place.source = "abstract";
    CHECK(at(place).number->value.value == 57);
    CHECK(at(place).number->approximate);
    CHECK(at(place).number->label == "median OS of ONE, arm new, os, source abstract");
    place.source.clear();
    place.statistic = hersurv::catalogue::NamedStatistic("milestone_96");
    CHECK(at(place).number->label == "OS at 96 months of ONE, arm new, os");
    CHECK(at(place).number->time == "96 months");
    place.statistic = hersurv::catalogue::NamedStatistic("events");
    CHECK(at(place).number->half_unit() == 0);
    place.statistic = hersurv::catalogue::NamedStatistic("n");
    CHECK(at(place).number->value.value == 402);
    CHECK(at(place).number->half_unit() == 0);
    place.statistic = hersurv::catalogue::NamedStatistic("hazard_ratio_lower");
    CHECK(at(place).number->label == "lower confidence limit of the hazard ratio of OS of ONE, arm new, os");
    place.statistic = hersurv::catalogue::NamedStatistic("milestone_12");
    CHECK_FALSE(at(place).number);
    CHECK_FALSE(at(place).problem.empty());

    Place response;
    response.response = "counted";
    CHECK(at(response).number->population == "active brain metastases");
    CHECK(at(response).number->endpoint == "ORR-IC");
    Place measure;
    measure.measure = "crossed";
    CHECK(at(measure).number->half_unit() == 0);
    measure.measure = "incidence";
    CHECK(at(measure).number->half_unit() == Approx(0.005));
    CHECK(at(measure).number->population == "everybody");
    Place claim;
    claim.claim = "gain";
    CHECK(at(claim).number->value.value == 16.3);
    Place elsewhere;
    elsewhere.trial = "TWO";
    elsewhere.response = "counted";
    CHECK(at(elsewhere).problem == "unknown trial TWO");
    elsewhere.trial = "one";
    CHECK(audit::resolve(elsewhere, nullptr, &catalogue).number->trial == "ONE");
}

TEST_CASE("the baseline of unchanged records has no finding, and reads back what it wrote", "[audit]") {
    const auto catalogue = audit_fixture::catalogue({});
    const study::BaselineNumbers now = study::baseline_numbers(catalogue.trials[0]);
    REQUIRE(now.contains("ONE/os/new/weibull/parameter_shape"));
    REQUIRE(now.contains("ONE/os/new/exponential/parameter_rate"));
    REQUIRE(now.contains("ONE/os/old/weibull/median"));
    REQUIRE(now.contains("ONE/os/new/weibull/milestone_96"));
    REQUIRE(now.contains("ONE/os/new/weibull/hazard_ratio_v_old"));
    REQUIRE(now.contains("ONE/os/new/weibull/supported_months"));
    REQUIRE(now.contains("ONE/os/new/weibull/rmst"));
    REQUIRE(now.contains("ONE/os/new/weibull/rms_distance"));
    const std::string text = study::write_baseline({study::default_tolerances(), now});
    const study::Baseline read = study::read_baseline(text, "base.json");
    CHECK(study::compare_baseline(read, now, {"ONE"}, "base.json").empty());
    CHECK(study::write_baseline(read) == text);
    CHECK(read.numbers.size() == now.size());
    for (const auto& [name, value] : read.numbers) {
        CHECK(value == Approx(now.at(name)).epsilon(1e-6));
        CHECK(text.find("\n    \"" + name + "\": ") != std::string::npos);
    }
}

TEST_CASE("numbers that change, come or go leave the baseline", "[audit]") {
    const auto catalogue = audit_fixture::catalogue({});
    const study::BaselineNumbers now = study::baseline_numbers(catalogue.trials[0]);
    const study::Baseline sound =
        study::read_baseline(study::write_baseline({study::default_tolerances(), now}), "base.json");
    const std::string name = "ONE/os/new/weibull/median";
    const auto compare = [&](const study::Baseline& baseline) {
        return study::compare_baseline(baseline, now, {"ONE"}, "base.json");
    };
    SECTION("every kind of number has a tolerance, and leaves it") {
        for (const auto& [each, value] : sound.numbers) {
            INFO(each);
            study::Baseline moved = sound;
            moved.numbers[each] = value * 1.01 + 0.01;
            const auto findings = compare(moved);
            REQUIRE(findings.size() == 1);
            CHECK(findings[0].rule == "baseline");
            CHECK(findings[0].severity == audit::Severity::error);
            CHECK(findings[0].at.trial == "ONE");
            CHECK(findings[0].file == "base.json");
            moved.numbers[each] = value * (1 + 1e-7);
            CHECK(compare(moved).empty());
        }
    }
    SECTION("a wider tolerance of the file is used") {
        study::Baseline wide = sound;
        wide.numbers[name] *= 1.01;
        wide.tolerances["time"] = {0.02, 0, "a test"};
        CHECK(compare(wide).empty());
    }
    SECTION("new and gone") {
        study::Baseline baseline = sound;
        baseline.numbers.erase(name);
        baseline.numbers["ONE/os/new/weibull/milestone_12"] = 0.9;
        const auto findings = compare(baseline);
        REQUIRE(findings.size() == 2);
        CHECK_THAT(findings[0].message, Contains("milestone_12 (weibull model) is gone: 0.9"));
        CHECK_THAT(findings[1].message, Contains("median (weibull model) is new"));
    }
    SECTION("a whole analysis or trial is said once") {
        study::Baseline baseline = sound;
        for (const char* arm : {"new", "old"})
            for (const char* number : {"median", "rmst"}) {
                baseline.numbers[std::string("ONE/pfs/") + arm + "/weibull/" + number] = 1;
                baseline.numbers[std::string("GONE/os/") + arm + "/weibull/" + number] = 1;
                baseline.numbers[std::string("OTHER/os/") + arm + "/weibull/" + number] = 1;
            }
        const auto findings = study::compare_baseline(baseline, now, {"ONE", "GONE"}, "base.json");
        REQUIRE(findings.size() == 2);
        CHECK_THAT(findings[0].message, Contains("all values of the trial are missing; find the cause; if the change "
                                                 "is intended, renew the baseline with --update-baseline"));
        CHECK(findings[0].at.trial == "GONE");
        CHECK_THAT(findings[1].message, Contains("all values of the analysis are missing; find the cause; if the "
                                                 "change is intended, renew the baseline with --update-baseline"));
        CHECK(findings[1].at.analysis == "pfs");
        const auto all_new = study::compare_baseline({study::default_tolerances(), {}}, now, {"ONE"}, "base.json");
        REQUIRE(all_new.size() == 1);
        CHECK_THAT(all_new[0].message, Contains("all values of the trial are new; find the cause; if the change is "
                                                "intended, renew the baseline with --update-baseline"));
    }
}

TEST_CASE("names of numbers survive slashes in ids", "[audit]") {
    auto catalogue = one_arm(R"("median": {"value": 20})");
    catalogue.trials[0].id = "A/B~C";
    const auto numbers = study::baseline_numbers(catalogue.trials[0]);
    REQUIRE_FALSE(numbers.empty());
    for (const auto& [name, value] : numbers) {
        CHECK(study::trial_of(name) == "A/B~C");
        CHECK(std::isfinite(value));
    }
    const study::Baseline baseline{study::default_tolerances(), numbers};
    CHECK(study::compare_baseline(study::read_baseline(study::write_baseline(baseline), "b"), numbers, {"A/B~C"}, "b")
              .empty());
}

TEST_CASE("a baseline that cannot be read says why", "[audit]") {
    CHECK_THAT(problems("["), Contains("base.json"));
    CHECK_THAT(problems("[]"), Contains("expected an object"));
    CHECK_THAT(problems(R"({"version": 1})"), Contains("this is not a baseline"));
    CHECK_THAT(problems(R"({"format": "hersurv-catalogue", "version": 1, "trials": []})"),
               Contains("this is not a baseline"));
    CHECK_THAT(problems(R"({"format": "hersurv-baseline", "version": 2, "numbers": {}})"),
               Contains("the version is 2, but this program reads version 1"));
    CHECK_THAT(problems(R"({"format": "hersurv-baseline", "numbers": {}})"), Contains("the version is missing"));
    CHECK_THAT(problems(R"({"format": "hersurv-baseline", "version": 1})"), Contains("\"numbers\" is missing"));
    const std::string several = problems(R"({"format": "hersurv-baseline", "version": 1, "extra": 1,
        "tolerances": {"speed": {"relative": 0}, "time": {"relative": -1, "why": 3, "more": 1}, "survival": 0.1},
        "numbers": {"A/b/c/weibull/median": "57", "A/b/median": 1, "A/b/c/weibull/speed": 1}})");
    for (const char* part :
         {"/extra: unknown key", "/tolerances/speed: unknown kind", "events, hazard_ratio, parameter",
          "/tolerances/time/relative: is not a tolerance", "/tolerances/time/why", "/tolerances/time/more: unknown key",
          "/tolerances/survival: is a number", "median: is text", "is not the name of a value",
          "unknown kind of value"}) {
        INFO(part);
        CHECK_THAT(several, Contains(part));
    }
    const auto partial = study::read_baseline(
        R"({"format": "hersurv-baseline", "version": 1, "tolerances": {"time": {"relative": 0.5}}, "numbers": {}})",
        "b");
    CHECK(partial.tolerances.at("time").relative == 0.5);
    CHECK(partial.tolerances.size() == study::default_tolerances().size());
}

TEST_CASE("the loop over threads does each piece once, whatever their number", "[support]") {
    for (const int threads : {0, 1, 2, 7, 100}) {
        for (const std::size_t count : {0u, 1u, 2u, 5u, 1000u}) {
            std::vector<std::atomic<int>> calls(count);
            hersurv::support::parallel_for(count, threads, [&](std::size_t i) { ++calls[i]; });
            CHECK(std::all_of(calls.begin(), calls.end(), [](const auto& n) { return n == 1; }));
        }
    }
}

TEST_CASE("of several exceptions that of the lowest index is thrown, after all work is done", "[support]") {
    for (const int threads : {1, 4}) {
        std::atomic<int> done = 0;
        std::string message;
        try {
            hersurv::support::parallel_for(50, threads, [&](std::size_t i) {
                ++done;
                if (i % 10 == 7) throw std::runtime_error(std::to_string(i));
            });
        } catch (const std::runtime_error& error) {
            message = error.what();
        }
        CHECK(message == "7");
        CHECK(done == 50);
    }
}
