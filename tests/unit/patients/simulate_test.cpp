// Drawn patients: the published numbers come back, plain draws have the distribution of the curves, and a replicate is
// the same whoever asks for it.
#include "hersurv/catalogue.hpp"
#include "hersurv/error.hpp"
#include "hersurv/patients.hpp"

#include <catch2/catch.hpp>

#include "cli/command.hpp"
#include "cli/run.hpp"
#include "support/random.hpp"
#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <sstream>

namespace evidence = hersurv::evidence;
namespace fit = hersurv::fit;
using namespace hersurv::patients;

namespace {

fit::FittedModel model_of(const hersurv::catalogue::Trial& trial, const hersurv::catalogue::Analysis& analysis) {
    return fit::fit_auto(std::make_shared<const evidence::AnalysisEvidence>(evidence::gather(trial, analysis)));
}

Simulation simulation(const std::vector<std::string>& arms, const std::string& hazard_ratio,
                      const SimulationOptions& options) {
    hersurv::catalogue::TypedTrial typed;
    typed.arms = arms;
    if (!hazard_ratio.empty()) typed.hazard_ratios = {hazard_ratio};
    const auto trial = hersurv::catalogue::trial_from_text(typed);
    return {model_of(trial, trial.analyses.front()), options};
}

const std::vector<std::string> two_arms = {"name=A n=402 events=168 follow-up=50 median=57.1[50,72] S(24)=0.80",
                                           "name=B n=406 events=221 follow-up=50 median=40.8[36,48] S(24)=0.70"};

std::size_t n_events(const Arm& arm) {
    return static_cast<std::size_t>(std::ranges::count(arm.patients, true, &Patient::event));
}

const SimulationOptions ways[] = {{.deterministic = true}, {.seed = 1}, {.seed = 2}};

struct Tally {
    int asked = 0;
    std::vector<std::string> missed;
};

}  // namespace

TEST_CASE("an arm of more patients than can be drawn is refused", "[patients]") {
    CHECK(simulation({"name=A n=1000000 median=10"}, "", {}).arms().size() == 1);
    CHECK_THROWS_AS(simulation({"name=A n=1000001 median=10"}, "", {}), hersurv::support::InputError);
}

TEST_CASE("random numbers are those of their references", "[patients]") {
    // The first numbers of splitmix64.c with the seed 1234567 and of xoshiro256plusplus.c with the state 1, 2, 3, 4
    // (prng.di.unimi.it).
    std::uint64_t state = 1234567;
    CHECK(hersurv::support::split_mix(state) == 6457827717110365317U);
    CHECK(hersurv::support::split_mix(state) == 3203168211198807973U);
    hersurv::support::RandomStream stream(std::array<std::uint64_t, 4>{1, 2, 3, 4});
    CHECK(stream.next() == 41943041U);
    CHECK(stream.next() == 58720359U);
    CHECK(stream.next() == 3588806011781223U);
    CHECK(stream.next() == 3591011842654386U);
    CHECK(hersurv::support::RandomStream{1, 2, 3}.next() != hersurv::support::RandomStream{1, 3, 2}.next());
    CHECK(hersurv::support::RandomStream{1, 2}.next() != hersurv::support::RandomStream{1, 2, 0}.next());
}

// Sanitisers take twenty times as long, and look for other faults.
#ifdef __SANITIZE_ADDRESS__
constexpr int every = 4;
#else
constexpr int every = 1;
#endif

TEST_CASE("the published numbers of the built-in trials come back", "[patients][numbers]") {
    hersurv::catalogue::Library library{hersurv::catalogue::LibraryOptions{}};
    std::map<std::string, Tally> tallies;
    std::size_t n_arms = 0;
    int n_analyses = 0;
    for (const auto* trial : library.select({}))
        for (const auto& analysis : trial->analyses) {
            if (++n_analyses % every != 0) continue;
            const fit::FittedModel model = model_of(*trial, analysis);
            const auto& observations = model.evidence->observations;
            for (const SimulationOptions& way : {ways[0], ways[1 + n_analyses % 2]}) {
                const Simulation simulated(model, way);
                const std::vector<Arm> drawn = simulated.draw(1);
                INFO(trial->id << " " << analysis.id << (way.deterministic ? " deterministic" : " random"));
                REQUIRE(drawn.size() == simulated.arms().size());
                for (std::size_t i = 0; i < drawn.size(); ++i) {
                    const SimulatedArm& plan = simulated.arms()[i];
                    INFO(plan.id);
                    ++n_arms;
                    CHECK(drawn[i].patients.size() == plan.n_patients);
                    if (plan.printed_events) CHECK(n_events(drawn[i]) == *plan.printed_events);
                    CHECK(std::ranges::is_sorted(drawn[i].patients, {}, &Patient::time_months));
                    CHECK(drawn[i].patients.front().time_months >= 0);
                    CHECK(drawn[i].patients.back().time_months <= plan.end_months);
                    if (const auto& follow_up = model.evidence->arms[plan.arm].published_follow_up)
                        CHECK(plan.end_months >= follow_up->value);
                }
                for (const DrawnNumber& number : simulated.compare(drawn)) {
                    const auto& o = observations[number.observation];
                    const std::string name = to_string(o.statistic), kind = name.substr(0, name.find('_'));
                    if (!o.used() || o.statistic.is_limit_of(hersurv::catalogue::StatisticKey::Kind::median)) continue;
                    ++tallies[kind].asked;
                    if (!number.within_rounding)
                        tallies[kind].missed.push_back(trial->id + " " + analysis.id + " " + name +
                                                       (way.deterministic ? " deterministic" : " random"));
                }
            }
        }
    CHECK(n_arms > std::size_t{300} / every);
    REQUIRE(tallies.size() == 3);
    for (const auto& [kind, tally] : tallies) {
        std::string missed;
        for (const std::string& one : tally.missed) missed += "\n" + one;
        INFO(kind << ": " << tally.missed.size() << " of " << tally.asked << missed);
        CHECK(tally.asked > 50 / every);
        CHECK(tally.missed.size() <= static_cast<std::size_t>(0.02 * tally.asked));
    }
}

TEST_CASE("plain draws have the distribution of the curves", "[patients]") {
    // One very large arm: the largest difference of the Kaplan-Meier estimate to S, and of that of the censoring to G,
    // where a fifth is still at risk, so that neither variance is above five times that of a full sample: the 99.9%
    // point of the Kolmogorov distribution is 1.95.
    constexpr double n = 400'000, at_risk = 0.2;
    const Simulation plain = simulation({"name=A n=400000 follow-up=50 median=57.1 S(24)=0.80"}, "",
                                        {.calibration = Calibration::none, .seed = 5});
    const double end = plain.arms()[0].end_months;
    const std::vector<Patient> patients = plain.draw(3)[0].patients;
    const KaplanMeier events(patients), censoring(reversed(patients));
    double of_survival = 0, of_follow_up = 0;
    for (int i = 1; i < 2000; ++i) {
        const double time = end * i / 2000;
        if (static_cast<double>(events.n_at_risk(time)) < at_risk * n) break;
        of_survival = std::max(of_survival, std::abs(events.survival(time) - plain.survival(0, time)));
        of_follow_up = std::max(of_follow_up, std::abs(censoring.survival(time) - plain.followed(0, time)));
    }
    const double bound = 1.95 / std::sqrt(at_risk * n);
    CHECK(of_survival < bound);
    CHECK(of_follow_up < bound);
    CHECK(of_survival > 0);
    // A curve that is off by a hundredth of its times would be found.
    CHECK(std::abs(plain.survival(0, 40) - plain.survival(0, 40.8)) > bound);
}

TEST_CASE("plain draws have as many events as expected, binomially", "[patients]") {
    const Simulation plain = simulation(two_arms, "0.69", {.calibration = Calibration::none, .seed = 11});
    constexpr int replicates = 2000;
    for (std::size_t arm = 0; arm < 2; ++arm) {
        const double n = static_cast<double>(plain.arms()[arm].n_patients),
                     expected = plain.arms()[arm].expected_events;
        CHECK(std::abs(expected - static_cast<double>(*plain.arms()[arm].printed_events)) < 0.01);
        double sum = 0, squares = 0;
        for (int k = 1; k <= replicates; ++k) {
            const auto events = static_cast<double>(n_events(plain.draw(static_cast<std::uint64_t>(k))[arm]));
            sum += events - expected;
            squares += (events - expected) * (events - expected);
        }
        const double variance = expected * (1 - expected / n);
        CHECK(std::abs(sum / replicates) < 4 * std::sqrt(variance / replicates));
        CHECK(std::abs(squares / replicates / variance - 1) < 4 * std::sqrt(2.0 / replicates));
    }
}

TEST_CASE("deterministic patients follow the curve to a step", "[patients]") {
    const Simulation even = simulation(two_arms, "0.69", {.calibration = Calibration::none, .deterministic = true});
    const std::vector<Arm> drawn = even.draw(1);
    CHECK(even.draw(2)[0].patients == drawn[0].patients);
    for (std::size_t arm = 0; arm < 2; ++arm) {
        const KaplanMeier curve(drawn[arm].patients);
        for (const KaplanMeierStep& step : curve.steps()) {
            if (step.n_at_risk < 10) break;
            const double height = 1 / static_cast<double>(step.n_at_risk);
            INFO(step.time_months);
            CHECK(std::abs(step.survival - even.survival(arm, step.time_months)) < height);
        }
    }
}

TEST_CASE("a replicate is the same whatever else is drawn", "[patients]") {
    const Simulation one = simulation(two_arms, "0.69", {.seed = 3}), again = simulation(two_arms, "0.69", {.seed = 3}),
                     other = simulation(two_arms, "0.69", {.seed = 4});
    const auto first = one.draw(1), seventh = one.draw(7);
    CHECK(again.draw(7)[1].patients == seventh[1].patients);
    CHECK(again.draw(1)[0].patients == first[0].patients);
    CHECK(first[0].patients != seventh[0].patients);
    CHECK(other.draw(1)[0].patients != first[0].patients);
}

TEST_CASE("calibrated replicates differ between the published numbers, not at them", "[patients]") {
    const Simulation simulated = simulation(two_arms, "0.69", {.seed = 9});
    constexpr int replicates = 200;
    double sum = 0, squares = 0;
    int met = 0;
    for (int k = 1; k <= replicates; ++k) {
        const auto drawn = simulated.draw(static_cast<std::uint64_t>(k));
        for (const DrawnNumber& number : simulated.compare(drawn)) met += number.within_rounding;
        const double at_40 = KaplanMeier(drawn[0].patients).survival(40);
        sum += at_40;
        squares += at_40 * at_40;
    }
    const double mean = sum / replicates, sd = std::sqrt(squares / replicates - mean * mean);
    CHECK(met >= 5 * replicates);  // two medians, two milestones, the hazard ratio; the limits of medians now and then
    CHECK(std::abs(mean - simulated.survival(0, 40)) < 0.01);
    CHECK(sd > 0.002);
    CHECK(sd < 0.02);
}

TEST_CASE("a milestone is met where a limit of the median lies beside it, and where one half is printed",
          "[patients]") {
    for (const char* const arm :
         {"name=B n=133 follow-up=34.3 median=29.2[24.0,35.4] S(12)=0.828 S(24)=0.595",
          "name=B n=104 follow-up=34.3 median=23.9 S(24)=0.50", "name=B n=104 follow-up=34.3 median=24.1 S(24)=0.50"})
        for (const SimulationOptions& way : ways) {
            INFO(arm);
            const Simulation simulated = simulation({arm}, "", way);
            const KaplanMeier curve(simulated.draw(1)[0].patients);
            const double printed = std::string(arm).ends_with("0.595") ? 0.595 : 0.50,
                         unit = printed == 0.5 ? 0.01 : 0.001;
            CHECK(std::abs(curve.survival(24) - printed) <= unit / 2);
        }
}

TEST_CASE("what the numbers leave out is assumed and said", "[patients]") {
    const Simulation bare = simulation({"name=A median=20"}, "", {});
    CHECK(bare.arms()[0].n_from == NumberFrom::assumed);
    CHECK_FALSE(bare.arms()[0].printed_events);
    // Every patient has an event: the data cut gives way.
    const Simulation all = simulation({"name=A n=60 events=58 follow-up=30 median=20"}, "", {});
    CHECK(all.arms()[0].end_months > all.arms()[0].supported_months);
    CHECK(n_events(all.draw(1)[0]) == 58);
    CHECK(
        KaplanMeier(all.draw(1)[0].patients).quantile(0.5, hersurv::catalogue::LimitsTransform::log_log).time_months ==
        Approx(20).margin(0.5));
    // A median that was not reached is not reached.
    const Simulation high = simulation({"name=A n=80 follow-up=30 median=NR S(24)=0.60"}, "", {});
    for (int k = 1; k <= 20; ++k)
        CHECK(KaplanMeier(high.draw(static_cast<std::uint64_t>(k))[0].patients).survival(1000) > 0.5);
    // All or none of few patients have an event.
    for (const char* const arm : {"name=A n=1 events=1 median=3", "name=A n=5 events=0 follow-up=20 S(12)=1.00",
                                  "name=A n=5 events=5 median=12", "name=A n=3 events=2 median=12 S(6)=0.67"}) {
        INFO(arm);
        for (const SimulationOptions& way : ways) {
            const Simulation few = simulation({arm}, "", way);
            for (const SimulatedArm& plan : few.arms()) CHECK(few.draw(1)[0].patients.size() == plan.n_patients);
        }
    }
}

TEST_CASE("replicates are written the same by any number of threads", "[patients][cli][numbers]") {
    const auto written = [](const std::string& threads, const std::string& format) {
        std::vector<const char*> arguments = {"hersurv",   "patients",      "simulate", "CLEOPATRA",
                                              "EMILIA",    "--replicates",  "120",      "--quiet",
                                              "--threads", threads.c_str(), "--format", format.c_str()};
        std::istringstream in;
        std::ostringstream out, err;
        REQUIRE(hersurv::cli::run(static_cast<int>(arguments.size()), arguments.data(), {in, out, err}) == 0);
        CHECK(err.str().empty());
        return out.str();
    };
    for (const char* const format : {"csv", "json"}) {
        const std::string one = written("1", format);
        CHECK(one.size() > 1'000'000);
        CHECK((written("3", format) == one));
    }
}

TEST_CASE("the number of patients is the record's, wherever it stands", "[patients]") {
    hersurv::catalogue::Library library{hersurv::catalogue::LibraryOptions{}};
    const auto numbers = [&](const std::string& id, const std::string& analysis) {
        const auto* const trial = library.select({id}).front();
        std::vector<std::size_t> n;
        for (const ArmNumber& number : numbers_of_arms(*trial, *trial->find_analysis(analysis)))
            n.push_back(number.n_patients);
        return n;
    };
    using Numbers = std::vector<std::size_t>;
    CHECK(numbers("CLEOPATRA", "os-2015") == Numbers{402, 406});
    // 252 of all groups, of whom 26 are in the first arm; the others are divided equally.
    CHECK(numbers("Bergen", "os-bm") == Numbers{26, 113, 113});
    CHECK(numbers("Bergen", "pfs-bm") == Numbers{26});
    // 174 of both arms, which were randomised 410 to 202.
    CHECK(numbers("HER2CLIMB", "os-active-bm-2021") == Numbers{117, 57});
    CHECK(numbers("HER2CLIMB", "pfs-bicr-2019") == Numbers{322, 158});
    // Named by the population: 637 patients of both periods.
    CHECK(numbers("GIM14-BIOMETA", "pfs-first-line") == Numbers{319, 318});
    // Responders.
    CHECK(numbers("EMILIA", "dor") == Numbers{173, 120});
    // Not known: the usual 200, but no more than the arm of the trial has.
    CHECK(numbers("PERTAIN", "pfs-no-induction") == Numbers{129, 129});
    CHECK(numbers("Lopes", "os-after-cns-metastases") == Numbers{200});

    const auto* const bergen = library.select({"Bergen"}).front();
    const auto& analysis = *bergen->find_analysis("os-bm");
    const auto words = numbers_of_arms(*bergen, analysis);
    CHECK(words[0].from == NumberFrom::record);
    CHECK(words[1].from == NumberFrom::share);
    CHECK(words[1].words.find("252") != std::string::npos);
    std::size_t drawn = 0;
    for (const Arm& arm : Simulation(model_of(*bergen, analysis), {}, words).draw(1)) drawn += arm.patients.size();
    CHECK(drawn == 252);
    const ArmNumber five{5, NumberFrom::given, "", std::nullopt}, six_events{5, NumberFrom::given, "", 6};
    CHECK_THROWS_AS(Simulation(model_of(*bergen, analysis), {}, {six_events, five, five}), std::invalid_argument);
}

TEST_CASE("plain draws have the published hazard ratio in expectation", "[patients]") {
    // The fitted curves alone have .66 for the published .68 of CLEOPATRA, and .61 for the .69 of the typed arms.
    hersurv::catalogue::Library library{hersurv::catalogue::LibraryOptions{}};
    const auto* const trial = library.select({"CLEOPATRA"}).front();
    const SimulationOptions plain{.calibration = Calibration::none, .seed = 17};
    const Simulation published(model_of(*trial, *trial->find_analysis("os-2015")), plain);
    const Simulation typed = simulation(two_arms, "0.75", plain);
    const auto check = [](const Simulation& simulated, double hazard_ratio) {
        constexpr int replicates = 400;
        double sum = 0, squares = 0;
        for (int k = 1; k <= replicates; ++k) {
            const auto drawn = simulated.draw(static_cast<std::uint64_t>(k));
            const CoxFit fit = cox(KaplanMeier(drawn[1].patients), KaplanMeier(drawn[0].patients));
            sum += fit.log_hr;
            squares += fit.log_hr * fit.log_hr;
        }
        const double mean = sum / replicates, error = std::sqrt((squares / replicates - mean * mean) / replicates);
        INFO(std::exp(mean) << " for " << hazard_ratio << ", standard error of its logarithm " << error);
        CHECK(error < 0.006);
        CHECK(std::abs(mean - std::log(hazard_ratio)) < 3 * error);
    };
    check(published, 0.68);
    check(typed, 0.75);
}

TEST_CASE("no data cut is before the published median follow-up, which the patients have", "[patients]") {
    const auto follow_up = [](const Arm& arm) {
        return KaplanMeier(reversed(arm.patients))
            .quantile(0.5, hersurv::catalogue::LimitsTransform::log_log)
            .time_months;
    };
    const auto on_study = [](const Arm& arm) { return arm.patients[arm.patients.size() / 2].time_months; };
    for (const char* const events : {" events=250", " events=215", ""}) {
        INFO(events);
        const Simulation simulated =
            simulation({std::string("name=A n=410 median=22.0[19.5,24.5] follow-up=64.6") + events}, "", {.seed = 3});
        CHECK(simulated.arms()[0].end_months >= 64.6);
        CHECK_FALSE(simulated.arms()[0].time_on_study);
        const Arm drawn = simulated.draw(1)[0];
        REQUIRE(follow_up(drawn));
        CHECK(*follow_up(drawn) == Approx(64.6).margin(0.05));
        if (*events) CHECK(" events=" + std::to_string(n_events(drawn)) == events);
    }
    // Of the time on study, said or because the events allow nothing else.
    const Simulation said = simulation({"name=A n=400 events=160 median=30 follow-up=20.2 observed"}, "", {.seed = 3});
    CHECK(said.arms()[0].time_on_study);
    CHECK(on_study(said.draw(1)[0]) == Approx(20.2).margin(0.1));
    const Simulation found =
        simulation({"name=A n=300 events=219 follow-up=7.5 median=9.4[8.4,10.1]"}, "", {.seed = 3});
    CHECK(found.arms()[0].time_on_study);
    CHECK(on_study(found.draw(1)[0]) == Approx(7.5).margin(0.05));
}
