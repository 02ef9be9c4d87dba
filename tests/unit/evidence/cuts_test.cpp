// Estimates of earlier data cuts in the evidence of a later one, follow-up of either kind, estimates near 1, few
// events.
#include "evidence/cuts.hpp"

#include "hersurv/catalogue.hpp"
#include "hersurv/estimates.hpp"
#include "hersurv/fit.hpp"

#include <catch2/catch.hpp>

#include "catalogue/dates.hpp"
#include "evidence/follow_up.hpp"
#include "fit/outcome.hpp"
#include "unit/evidence/records.hpp"
#include <cmath>
#include <random>
#include <set>

namespace catalogue = hersurv::catalogue;
namespace evidence = hersurv::evidence;
namespace fit = hersurv::fit;
using hersurv::test::find;
using hersurv::test::Paper;

namespace {

double survival(const evidence::AnalysisEvidence& data, std::size_t arm, double time) {
    const auto fitted = fit::fit_auto(std::make_shared<const evidence::AnalysisEvidence>(data));
    return fit::survival_at(fitted, arm, time, {}).value;
}

evidence::AnalysisEvidence with_all_cuts(const catalogue::Trial& trial, const catalogue::Analysis& analysis) {
    return evidence::gather(trial, analysis, evidence::builtin_constants(), evidence::Cuts::all);
}

catalogue::PrintedNumber months_of(double time) { return {catalogue::PrintedNumber::Kind::number, time, 1}; }

}  // namespace

TEST_CASE("the default curve of CLEOPATRA has what every cut of it published", "[evidence][cuts]") {
    catalogue::Library library{catalogue::LibraryOptions{}};
    const catalogue::Trial& trial = *library.find("CLEOPATRA");
    const auto data = with_all_cuts(trial, *trial.find_analysis("os-end-of-study"));
    constexpr double published[3][3] = {{12, 0.94, 0.89}, {48, 0.58, 0.45}, {96, 0.37, 0.23}};
    for (const auto& [time, pertuzumab, placebo] : published) {
        CHECK(std::abs(survival(data, 0, time) - pertuzumab) <= 0.005);
        CHECK(std::abs(survival(data, 1, time) - placebo) <= 0.005);
    }
    CHECK(find(data, "milestone_48")->cut == "os-2015");
    CHECK(find(data, "milestone_96")->cut.empty());
    const auto own = evidence::gather(trial, *trial.find_analysis("os-end-of-study"));
    CHECK(find(own, "milestone_48") == nullptr);
}

TEST_CASE("no fit of an earlier cut has an estimate of a later one", "[evidence][cuts]") {
    catalogue::Library library{catalogue::LibraryOptions{}};
    std::size_t n_joined = 0;
    for (const catalogue::Trial* record : library.select({}))
        for (const catalogue::Analysis& analysis : record->analyses) {
            const catalogue::Trial& trial = *record;
            const auto data = with_all_cuts(trial, analysis);
            for (const auto& o : data.observations) {
                if (o.cut.empty()) continue;
                ++n_joined;
                INFO(trial.id << " " << analysis.id << " " << o.cut);
                const catalogue::Analysis& cut = *trial.find_analysis(o.cut);
                CHECK(cut.endpoint == analysis.endpoint);
                CHECK(cut.population == analysis.population);
                CHECK(cut.assessed_by == analysis.assessed_by);
                const auto date = catalogue::month_of(cut.data_cutoff),
                           later = catalogue::month_of(analysis.data_cutoff);
                if (date && later) CHECK(*date < *later);
                for (const auto& result : cut.arms)
                    if (result.arm == data.arms[o.arm].id)
                        CHECK(o.time_months <= evidence::printed_follow_up(result)->median_months.value);
            }
        }
    CHECK(n_joined >= 8);
}

TEST_CASE("where cuts disagree the analysis' own estimate counts", "[evidence][cuts]") {
    Paper paper;
    paper.arm({"a", "300", "", "40", "20", "", "", {{24, "0.42"}}});
    paper.analysis.data_cutoff = "2020-06";
    catalogue::Analysis earlier = paper.analysis, later = paper.analysis;
    earlier.id = "earlier";
    earlier.data_cutoff = "2018";
    earlier.arms[0].median = {hersurv::test::statistic("19")};
    earlier.arms[0].milestones = {{6, {hersurv::test::statistic("0.88")}},    // joins
                                  {12, {hersurv::test::statistic("0.30")}},   // below the own median
                                  {24, {hersurv::test::statistic("0.60")}},   // the own one is there
                                  {50, {hersurv::test::statistic("0.10")}}};  // beyond its follow-up
    later.id = "later";
    later.data_cutoff = "2022-01";
    later.arms[0].milestones = {{9, {hersurv::test::statistic("0.80")}}};
    paper.trial.analyses = {earlier, paper.analysis, later};
    const auto data = with_all_cuts(paper.trial, paper.analysis);
    CHECK(find(data, "milestone_6")->used());
    CHECK_FALSE(find(data, "milestone_12")->used());
    CHECK(find(data, "milestone_24")->published.value == 0.42);
    CHECK(find(data, "milestone_50") == nullptr);
    CHECK(find(data, "milestone_9") == nullptr);
    CHECK(find(data, "median")->published.value == 20);
    // Another population, or another assessor, is not the same curve.
    paper.trial.analyses[0].assessed_by = "BICR";
    CHECK(find(with_all_cuts(paper.trial, paper.analysis), "milestone_6") == nullptr);
}

TEST_CASE("time on study gives the follow-up that it came from", "[evidence][follow-up]") {
    // Simulated: log-logistic deaths, follow-up with G(t) = 1 / (1 + (t / 30)^gamma).
    const auto& constants = evidence::builtin_constants()->endpoint("OS");
    std::mt19937_64 random(11);
    std::uniform_real_distribution<double> uniform(0, 1);
    const double median = 40, follow_up = 30;
    std::vector<double> on_study;
    double events = 0;
    constexpr int n = 200001;
    for (int i = 0; i < n; ++i) {
        const double u = uniform(random), v = uniform(random);
        const double death = median * std::pow(u / (1 - u), 1 / constants.log_logistic_shape);
        const double censored = follow_up * std::pow(v / (1 - v), 1 / constants.censoring_gamma);
        on_study.push_back(std::min(death, censored));
        events += death < censored ? 1 : 0;
    }
    std::nth_element(on_study.begin(), on_study.begin() + n / 2, on_study.end());
    using Kind = catalogue::FollowUp::Kind;
    const double printed = on_study[n / 2];
    const auto assumed =
        evidence::assumed_follow_up(constants, months_of(printed), Kind::observed, median, std::nullopt);
    CHECK(assumed.median_months == Approx(follow_up).epsilon(0.01));
    CHECK(assumed.log_sd > 0);
    CHECK(evidence::expected_events_fraction(constants, median, follow_up) == Approx(events / n).epsilon(0.01));
    // Of unknown kind: what the events allow is taken as it stands.
    const auto as_printed = evidence::assumed_follow_up(constants, months_of(follow_up), Kind::unknown, median,
                                                        events / n - constants.events_offset);
    CHECK(as_printed.median_months == follow_up);
    CHECK(as_printed.why.empty());
    // The events of SOPHIA: 194 of 266 at a median of 20.2 months, which is shorter than the median of survival.
    CHECK(evidence::assumed_follow_up(constants, months_of(20.2), Kind::unknown, 21.6, 194.0 / 266).median_months > 28);
    CHECK(evidence::assumed_follow_up(constants, months_of(20.2), Kind::reverse_kaplan_meier, 21.6, 194.0 / 266)
              .median_months == 20.2);
}

TEST_CASE("events are kept, whatever the follow-up", "[evidence][follow-up]") {
    // One set of 300 patients; 7.5 months is their time on study.
    Paper paper;
    paper.arm({"A", "300", "219", "7.5", "9.4", "8.4", "10.1", {{12, "0.354"}, {24, "0.073"}}});
    for (const auto kind : {catalogue::FollowUp::Kind::unknown, catalogue::FollowUp::Kind::observed,
                            catalogue::FollowUp::Kind::reverse_kaplan_meier}) {
        paper.analysis.arms[0].follow_up[0].kind = kind;
        const auto fitted = fit::fit_auto(paper.shared());
        CHECK(fit::contradicted(fitted).empty());
        for (const auto& message : fitted.messages) {
            INFO(message);
            CHECK(message.find("contradict") == std::string::npos);
            CHECK(message.find("left out") == std::string::npos);
        }
    }
}

TEST_CASE("survival near 1 is a bound, and rises with what is printed", "[evidence]") {
    double before = 0;
    for (const char* printed : {"0.97", "0.98", "0.985", "0.990", "0.995", "1.000"}) {
        INFO(printed);
        Paper paper;
        paper.arm({"A", "300", "", "", "60", "50", "70", {{12, printed}}});
        const double s = survival(paper.gather(), 0, 12), value = std::stod(printed);
        CHECK(s > before);
        CHECK(s >= value - 0.0052);
        CHECK(s < 1);
        before = s;
    }
    Paper rounded;
    rounded.arm({"A", "300", "", "", "60", "50", "70", {{12, "0.99"}}});
    CHECK(survival(rounded.gather(), 0, 12) >= 0.985);
}

TEST_CASE("few events are as uncertain as their count", "[evidence]") {
    // One event among 100 patients: the exact limits of 1 / 100 are .054% and 5.4 % (Clopper & Pearson).
    Paper paper;
    paper.arm({"A", "100", "1", "12", "NR", "", "", {}});
    const auto fitted = fit::fit_auto(paper.shared());
    const auto s = fit::survival_at(fitted, 0, 12, {});
    CHECK(s.value > 0.98);
    CHECK(s.value < 0.995);
    CHECK(*s.lower > 0.92);
}

TEST_CASE("a pooled median is no point of a curve", "[evidence]") {
    Paper paper;
    paper.trial.design = "pooled";
    paper.arm({"A", "799", "", "", "11.2", "8.9", "14.1", {}});
    const auto fitted = fit::fit_auto(paper.shared());
    CHECK_FALSE(fitted.fitted(0));
    CHECK(fitted.arms[0].reason.find("pooled over studies") != std::string::npos);
}
