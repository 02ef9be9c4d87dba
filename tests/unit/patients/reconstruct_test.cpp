// Patients out of digitised curves: nobody is lost, known numbers are kept, and nothing is invented.
#include "hersurv/catalogue.hpp"
#include "hersurv/patients.hpp"

#include <catch2/catch.hpp>

#include "catalogue/record_writer.hpp"
#include "support/json.hpp"
#include <algorithm>
#include <array>
#include <cmath>
#include <random>

using namespace hersurv::patients;

namespace {

double uniform(std::mt19937_64& engine) { return (static_cast<double>(engine() >> 11) + 0.5) * 0x1p-53; }

// Exponential times under even censoring between a half and the whole of the follow-up.
std::vector<Patient> drawn(std::size_t n, double median, double follow_up, std::uint64_t seed) {
    std::mt19937_64 engine(seed);
    std::vector<Patient> all;
    for (std::size_t i = 0; i < n; ++i) {
        const double time = -std::log(uniform(engine)) * median / std::log(2.0);
        const double limit = follow_up * (0.5 + 0.5 * uniform(engine));
        all.push_back({std::min(time, limit), time <= limit});
    }
    return all;
}

DigitisedArm digitise(const KaplanMeier& truth, std::size_t n_points, double noise, std::uint64_t seed) {
    std::mt19937_64 engine(seed);
    DigitisedArm arm;
    const double end = truth.last_time_months();
    for (std::size_t i = 0; i < n_points; ++i) {
        const double time = end * uniform(engine);
        const double error = noise * (uniform(engine) + uniform(engine) + uniform(engine) - 1.5) * 2;
        arm.clicks.push_back({time, std::clamp(truth.survival(time) + error, 0.0, 1.0)});
    }
    std::sort(arm.clicks.begin(), arm.clicks.end(),
              [](const Click& a, const Click& b) { return a.time_months < b.time_months; });
    for (int i = 0; i < 7; ++i) arm.at_risk.push_back({end * i / 7, truth.n_at_risk(end * i / 7)});
    arm.n_patients = truth.n_patients();
    arm.n_events = truth.n_events();
    return arm;
}

void check_whole(const ReconstructedArm& rebuilt, std::size_t n_patients) {
    const auto& all = rebuilt.arm.patients;
    CHECK(all.size() == n_patients);
    CHECK(std::is_sorted(all.begin(), all.end(),
                         [](const Patient& a, const Patient& b) { return a.time_months < b.time_months; }));
    for (const Patient& patient : all) {
        CHECK(std::isfinite(patient.time_months));
        CHECK(patient.time_months >= 0);
    }
}

DigitisedArm points(std::vector<Click> clicks, std::size_t n_patients) {
    DigitisedArm arm;
    arm.clicks = std::move(clicks);
    arm.n_patients = n_patients;
    return arm;
}

}  // namespace

TEST_CASE("nobody is lost, whatever is known", "[patients][reconstruct]") {
    for (const std::size_t n : {1, 2, 5, 40, 700})
        for (const std::uint64_t seed : {1, 2, 3}) {
            const KaplanMeier truth(drawn(n, 10, 30, seed));
            for (const bool at_risk : {true, false})
                for (const bool events : {true, false}) {
                    INFO(n << ' ' << seed << ' ' << at_risk << ' ' << events);
                    DigitisedArm arm = digitise(truth, 100, 0.003, seed);
                    if (!at_risk) arm.at_risk.clear();
                    if (!events) arm.n_events.reset();
                    const auto rebuilt = reconstruct({arm}).front();
                    check_whole(rebuilt, n);
                    const KaplanMeier curve(rebuilt.arm.patients);
                    if (at_risk) CHECK(at_risk_agreement(curve, arm)->largest == 0);
                    CHECK(reconstruct({arm}).front().arm.patients == rebuilt.arm.patients);
                }
        }
}

TEST_CASE("the censored are at the marks of the figure", "[patients][reconstruct]") {
    // Half of the patients leave early, in a burst that even censoring would miss.
    for (const bool events : {true, false})
        for (const bool at_risk : {true, false}) {
            INFO(events << ' ' << at_risk);
            std::vector<Patient> all = drawn(400, 12, 40, 21);
            for (std::size_t i = 0; i < all.size(); i += 2)
                if (all[i].time_months > 6) all[i] = {6 + 1e-4 * static_cast<double>(i), false};
            const KaplanMeier truth(all);
            DigitisedArm arm = digitise(truth, 300, 0.001, 21);
            if (at_risk)
                arm.at_risk = {{0, truth.n_at_risk(0)}, {20, truth.n_at_risk(20)}};
            else
                arm.at_risk.clear();
            if (!events) arm.n_events.reset();
            const KaplanMeier without(reconstruct({arm}).front().arm.patients);
            for (const auto& step : truth.steps())
                for (std::size_t k = 0; k < step.n_censored; ++k) arm.censor_marks.push_back(step.time_months);
            const auto rebuilt = reconstruct({arm}).front();
            check_whole(rebuilt, all.size());
            const KaplanMeier with(rebuilt.arm.patients);
            const auto off = [&](const KaplanMeier& curve, double time) {
                return std::abs(static_cast<double>(curve.n_at_risk(time)) -
                                static_cast<double>(truth.n_at_risk(time)));
            };
            CHECK(off(with, 10) <= 6);
            CHECK(off(without, 10) > 20);
            CHECK(std::abs(static_cast<double>(with.n_events()) - static_cast<double>(truth.n_events())) <=
                  (events ? 0 : 5));
        }
}

TEST_CASE("a dense digitised curve comes back", "[patients][reconstruct]") {
    for (const std::uint64_t seed : {11, 12, 13, 14}) {
        const KaplanMeier truth(drawn(300, 10, 36, seed));
        const DigitisedArm arm = digitise(truth, 400, 0.001, seed);
        const KaplanMeier curve(reconstruct({arm}, {0.001, 0.001}).front().arm.patients);
        double error = 0;
        for (int i = 1; i <= 100; ++i) {
            const double time = truth.last_time_months() * i / 100;
            error += std::abs(curve.survival(time) - truth.survival(time)) / 100;
        }
        CHECK(error < 0.004);
        CHECK(std::abs(static_cast<double>(curve.n_events()) - static_cast<double>(truth.n_events())) <= 2);
        const auto median = [](const KaplanMeier& of) {
            return *of.quantile(0.5, hersurv::catalogue::LimitsTransform::log_log).time_months;
        };
        CHECK(median(curve) == Approx(median(truth)).epsilon(0.02));
        const auto agreement = point_agreement(curve, arm);
        CHECK(agreement.root_mean_square < 0.006);
        CHECK(std::abs(agreement.mean) <= agreement.root_mean_square);
        CHECK(std::abs(agreement.largest) >= agreement.root_mean_square);
    }
}

TEST_CASE("a level tail has no events", "[patients][reconstruct]") {
    std::mt19937_64 engine(5);
    for (const std::size_t n : {40, 200, 1000}) {
        std::vector<Click> clicks;
        for (int i = 0; i <= 20; ++i) clicks.push_back({i * 0.5, 1 - 0.03 * i});
        for (int i = 1; i <= 60; ++i) clicks.push_back({10 + i * 0.5, 0.4 + 0.003 * (2 * uniform(engine) - 1)});
        DigitisedArm arm = points(clicks, n);
        for (const bool at_risk : {false, true}) {
            if (at_risk) arm.at_risk = {{0, n}, {12, n * 4 / 10}, {30, n * 2 / 10}};
            std::size_t late = 0;
            const ReconstructedArm rebuilt = reconstruct({arm}).front();
            for (const Patient& patient : rebuilt.arm.patients) late += patient.event && patient.time_months > 11;
            CHECK(late == 0);
        }
    }
    // A curve without any drop, and one that ends at 0.
    const ReconstructedArm level = reconstruct({points({{0, 1}, {5, 1}, {20, 1}}, 30)}).front();
    for (const Patient& patient : level.arm.patients) CHECK_FALSE(patient.event);
    const KaplanMeier all_dead(
        reconstruct({points({{0, 1}, {1, 0.75}, {2, 0.5}, {3, 0.25}, {4, 0}, {5, 0}}, 4)}).front().arm.patients);
    CHECK(all_dead.survival(5) == 0);
}

TEST_CASE("what contradicts itself is said", "[patients][reconstruct]") {
    DigitisedArm arm = points({{0, 1}, {2, 0.8}, {4, 0.6}, {6, 0.4}, {8, 0.2}}, 100);
    arm.at_risk = {{0, 100}, {4, 95}, {8, 90}};
    const auto contradicted = reconstruct({arm}).front();
    check_whole(contradicted, 100);
    // S(8) = .2 asks for some 70 deaths, of which the numbers at risk allow 10.
    REQUIRE(contradicted.warnings.size() == 2);
    CHECK(contradicted.warnings[0].find("points away from the digitised one") != std::string::npos);
    CHECK(contradicted.warnings[1].find("more events than the numbers at risk allow") != std::string::npos);
    CHECK(contradicted.lacking_share >= 0.6);
    CHECK(contradicted.lacking_share <= 0.8);
    arm.at_risk.clear();
    arm.n_events = 99;
    const auto too_many = reconstruct({arm}).front();
    check_whole(too_many, 100);
    REQUIRE(too_many.notes.size() == 1);
    CHECK(too_many.notes[0].find("instead of 99") != std::string::npos);
    CHECK(too_many.censoring == CensoringFrom::events);
    CHECK_THROWS_AS(reconstruct({points({{0, 1}, {2, 0.8}}, 0)}), std::invalid_argument);
    CHECK_THROWS_AS(reconstruct({DigitisedArm{}}), std::invalid_argument);
    CHECK_THROWS_AS(reconstruct({points({{0, 1}, {0, 0.9}}, 5)}), std::invalid_argument);
}

TEST_CASE("reconstructed patients are a record of the catalogue", "[patients][reconstruct]") {
    const std::vector<Arm> arms = {{"new", drawn(150, 15, 40, 3)}, {"old", drawn(140, 10, 40, 4)}};
    RecordFrame frame;
    frame.trial = "T";
    frame.endpoint = "PFS";
    frame.label = "digitised curve";
    frame.source.key = "digitised";
    frame.source.citation = "a figure";
    frame.arms.resize(2);
    frame.arms[0].id = frame.arms[0].name = "new";
    frame.arms[1].id = frame.arms[1].name = "old";
    frame.control = 1;
    const auto made = record_of(arms, frame);
    const std::string text = hersurv::support::write_json(hersurv::catalogue::write_record(made));
    const auto read = hersurv::catalogue::read_document(text, "made.json");
    REQUIRE(read.trials.size() == 1);
    const auto& analysis = read.trials[0].analyses[0];
    REQUIRE(analysis.arms.size() == 2);
    for (std::size_t i = 0; i < 2; ++i) {
        const KaplanMeier curve(arms[i].patients);
        const auto& result = analysis.arms[i];
        CHECK(result.n_patients == static_cast<int>(curve.n_patients()));
        CHECK(result.events[0].value.value == static_cast<double>(curve.n_events()));
        CHECK(result.median[0].value == made.analyses[0].arms[i].median[0].value);
        CHECK(result.median[0].lower == made.analyses[0].arms[i].median[0].lower);
        CHECK(result.median[0].upper == made.analyses[0].arms[i].median[0].upper);
        CHECK(result.follow_up[0].median_months == made.analyses[0].arms[i].follow_up[0].median_months);
        CHECK(result.milestones.size() == made.analyses[0].arms[i].milestones.size());
        CHECK(result.milestones.size() >= 10);
        for (const auto& milestone : result.milestones)
            CHECK(milestone.survival[0].value.value == Approx(curve.survival(milestone.time_months)).margin(0.00501));
        CHECK(result.follow_up.size() == 1);
    }
    REQUIRE(analysis.contrasts.size() == 1);
    CHECK(analysis.contrasts[0].control == "old");
    CHECK(analysis.contrasts[0].hazard_ratio[0].value.value ==
          Approx(cox(KaplanMeier(arms[1].patients), KaplanMeier(arms[0].patients)).hazard_ratio()).margin(0.00501));
}

TEST_CASE("agreement with a published number has classes", "[patients][reconstruct]") {
    CHECK(grade(10.4, 10) == "within 5%");
    CHECK(grade(9.1, 10) == "within 10%");
    CHECK(grade(11.9, 10) == "within 20%");
    CHECK(grade(7.9, 10) == "off by more than 20%");
}
