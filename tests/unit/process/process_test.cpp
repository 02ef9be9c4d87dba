// The conditioned process: against dense matrices in R (tests/reference/process.R), and what must hold of every curve
// of it.
#include <Eigen/Dense>
#include <catch2/catch.hpp>

#include "evidence/constants.hpp"
#include "process/mixture.hpp"
#include "process/posterior.hpp"
#include "process/prior.hpp"
#include "process/schedules.hpp"
#include "support/json.hpp"
#include "unit/evidence/records.hpp"
#include <algorithm>
#include <cmath>
#include <map>
#include <random>

namespace evidence = hersurv::evidence;
namespace process = hersurv::process;
namespace support = hersurv::support;
namespace test = hersurv::test;
using process::Posterior;
using test::Paper;
using Use = evidence::NumberInFit::Use;

namespace {

// Mean and covariance of y before any number but the medians, schedules aside; the arms share n and median.
double prior_mean(std::string_view endpoint, double time_months, double median_months) {
    const process::Prior prior(evidence::builtin_constants()->process(endpoint));
    return prior.mean(std::log(time_months / median_months), median_months);
}

double prior_covariance(std::string_view endpoint, double time_a, double time_b, double median_months,
                        double n_patients, bool same_arm) {
    const auto& constants = evidence::builtin_constants()->process(endpoint);
    const process::Prior prior(constants);
    return prior.covariance(prior.point(0, time_a, median_months), prior.point(same_arm ? 0 : 1, time_b, median_months),
                            constants.noise_per_patient / n_patients, 0);
}

// What a schedule adds to the mean of y; nullopt if a median cannot lie there.
std::optional<double> scan_shift(double interval_months, double median_months, double time_months) {
    const process::ScanSchedule schedule(*evidence::builtin_constants()->process("PFS").scans, interval_months,
                                         median_months);
    if (!schedule.possible()) return std::nullopt;
    return schedule.shift(time_months);
}

Posterior fitted(const Paper& paper, const process::Options& options = {}) {
    return Posterior(paper.shared(), options);
}

Paper full_paper(const std::string& endpoint) {
    return endpoint == "OS"
               ? Paper("OS")
                     .arm({"new", "295", "169", "24.5", "25.1", "22.4", "28.0", {{12, "0.80"}, {24, "0.523"}}})
                     .arm({"old", "290", "198", "23.5", "20.3", "17.9", "23.1", {{12, "0.71"}}})
                     .hazard_ratio("new", "old", "0.72")
               : Paper("PFS")
                     .arm({"new", "201", "121", "19.4", "11.6", "9.8", "13.7", {{12, "0.48"}}})
                     .arm({"old", "199", "147", "18.9", "7.1", "6.2", "8.0", {}})
                     .hazard_ratio("new", "old", "0.58");
}

// What is wrong with the curve of a placed arm at times from nothing to far beyond every follow-up; empty where nothing
// is.
std::string fault_of_curve(const Posterior& process, std::size_t arm) {
    const auto& data = process.evidence();
    double end = 1;
    for (std::size_t i = 0; i < data.arms.size(); ++i) end = std::max(end, data.follow_up_or_guess(i));
    if (process.survival(arm, 0) != 1) return "S(0) is not 1";
    double before = 1;
    // Large mixtures take their time.
    const bool large = process.components().size() > 20;
    const double near = large ? 1.5 : 1.1, far = large ? 10 : 2;
    for (double time = 1e-4 * end; time<1e5 * end; time *= time> 0.05 * end && time < 5 * end ? near : far) {
        const auto fault = [&](const std::string& what) {
            return "arm " + std::to_string(arm) + ", time " + std::to_string(time) + ": " + what;
        };
        for (const auto& m : process.moments(arm, time))
            if (!std::isfinite(m.mean) || !std::isfinite(m.variance) || m.variance < 0) return fault("moments");
        const auto interval = process.reconstruction_interval(arm, time);
        if (!(interval.value <= before + 1e-12))
            return fault("S rises from " + std::to_string(before) + " to " + std::to_string(interval.value));
        if (interval.value != process.survival(arm, time)) return fault("S and the middle of its interval differ");
        if (!(0 <= interval.lower && interval.lower <= interval.upper && interval.upper <= 1)) return fault("interval");
        before = interval.value;
        double least = 0;
        for (const double p : {0.001, 0.025, 0.5, 0.975, 0.999}) {
            const double s = process.survival_quantile(arm, time, p);
            if (!(s >= least)) return fault("quantiles cross");
            least = s;
        }
    }
    return "";
}

void check_all(const Posterior& process) {
    REQUIRE(process.arms().size() == process.evidence().arms.size());
    REQUIRE(process.numbers().size() == process.evidence().observations.size());
    double sum = 0;
    for (const auto& component : process.components()) {
        CHECK(component.weight > 0);
        sum += component.weight;
    }
    bool any = false;
    for (std::size_t arm = 0; arm < process.arms().size(); ++arm) {
        any = any || process.arms()[arm].placed;
        CHECK(process.arms()[arm].reason.empty() == process.arms()[arm].placed);
        if (process.arms()[arm].placed)
            CHECK(fault_of_curve(process, arm) == "");
        else
            CHECK_THROWS_AS(process.survival(arm, 1), std::invalid_argument);
    }
    CHECK(process.components().empty() == !any);
    if (any) CHECK(sum == Approx(1));
    for (const auto& number : process.numbers()) CHECK_FALSE(number.derivation.empty());
}

const evidence::NumberInFit& number(const Posterior& process, const std::string& statistic, std::size_t arm = 0) {
    const auto& observations = process.evidence().observations;
    for (std::size_t i = 0; i < observations.size(); ++i)
        if (to_string(observations[i].statistic) == statistic && observations[i].arm == arm)
            return process.numbers()[i];
    throw std::out_of_range(statistic);
}

}  // namespace

TEST_CASE("The mean is R's natural spline", "[process][reference]") {
    const std::map<std::string, double> typical{{"OS", 16.0}, {"PFS", 5.5}};
    std::size_t n = 0;
    for (const auto& row : test::reference_rows("process_mean.csv")) {
        const double u = std::stod(row[1]), median = typical.at(row[0]);
        INFO(row[0] << ", u = " << u);
        CHECK(prior_mean(row[0], median * std::exp(u), median) ==
              Approx(std::stod(row[2])).epsilon(1e-10).margin(1e-10));
        ++n;
    }
    CHECK(n > 60);
    // The slopes that were learnt are those of the spline.
    const auto document = support::parse_json(evidence::builtin_constants_text(), "priors.json");
    for (const auto& [endpoint, median] : typical) {
        const auto* mean = document.find("process")->find("classes")->find(endpoint)->find("mean");
        const auto slope = [&, &endpoint_class = endpoint, m = median](double u) {
            return prior_mean(endpoint_class, m * std::exp(u + 0.5), m) -
                   prior_mean(endpoint_class, m * std::exp(u - 0.5), m);
        };
        CHECK(slope(-4) == Approx(*mean->find("slope_before")->if_number()).margin(2e-4));
        CHECK(slope(3) == Approx(*mean->find("slope_after")->if_number()).margin(2e-4));
    }
}

TEST_CASE("Mean and sd agree with the same conditioning by dense matrices in R", "[process][reference]") {
    std::map<std::string, Posterior> fits;
    for (const auto& [name, paper] : test::process_papers())
        fits.emplace(name,
                     Posterior(paper, {.cancer = {}, .assessment_interval_months = paper->assessment_interval_months}));
    std::map<std::string, int> compared;
    for (const auto& row : test::reference_rows("process.csv")) {
        const Posterior& process = fits.at(row[0]);
        INFO(row[0] << ", kind " << row[1] << ", arm " << row[3] << ", time " << row[4]);
        const auto kind = std::stoul(row[1]);
        const double weight = std::stod(row[2]);
        const auto moments = process.moments(std::stoul(row[3]), std::stod(row[4]));
        constexpr double negligible = 1e-5;  // the lightest components are left out
        const bool both = weight > 2 * negligible && weight < 1 - 2 * negligible;
        if (both) REQUIRE(moments.size() == 2);
        if (!both && weight < 0.5) continue;
        const std::size_t c = moments.size() == 2 ? kind : 0;
        CHECK(process.components()[c].weight == Approx(weight).margin(negligible));
        CHECK(std::abs(moments[c].mean - std::stod(row[5])) < 1e-6);
        CHECK(std::abs(std::sqrt(moments[c].variance) - std::stod(row[6])) < 1e-6);
        ++compared[row[0]];
    }
    CHECK(compared.size() == fits.size());
    CHECK(compared.size() >= 5);
    for (const auto& [name, n] : compared) CHECK(n >= 10);
}

TEST_CASE("The prior covariance is positive definite", "[process]") {
    std::mt19937_64 engine(20260101);
    std::uniform_real_distribution<double> log_ratio(-4, 2);
    for (const char* endpoint : {"OS", "PFS"})
        for (const double median : {2.0, 16.0, 70.0})
            for (const double n : {5.0, 200.0, 1e5}) {
                constexpr int per_arm = 30;
                std::vector<std::pair<int, double>> points;
                for (int arm = 0; arm < 2; ++arm)
                    for (int i = 0; i < per_arm; ++i) points.emplace_back(arm, median * std::exp(log_ratio(engine)));
                Eigen::MatrixXd k(2 * per_arm, 2 * per_arm);
                for (int i = 0; i < k.rows(); ++i)
                    for (int j = 0; j < k.cols(); ++j)
                        k(i, j) = prior_covariance(endpoint, points[i].second, points[j].second, median, n,
                                                   points[i].first == points[j].first);
                INFO(endpoint << ", median " << median << ", n " << n);
                CHECK((k - k.transpose()).cwiseAbs().maxCoeff() < 1e-14 * k.cwiseAbs().maxCoeff());
                const auto values = Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(k).eigenvalues();
                CHECK(values.minCoeff() > -1e-12 * values.maxCoeff());
                CHECK(values.minCoeff() > -1e-11);
                // At the median itself nothing is open.
                for (const auto& [arm, time] : points)
                    CHECK(std::abs(prior_covariance(endpoint, median, time, median, n, true)) < 1e-12);
            }
}

TEST_CASE("The posterior covariance is one of a Gaussian and agrees with the moments", "[process]") {
    for (const char* endpoint : {"OS", "PFS"}) {
        const auto process = fitted(full_paper(endpoint));
        std::vector<process::ArmTime> points;
        for (double time = 0.5; time < 80; time *= 1.6)
            for (const std::size_t arm : {0u, 1u}) points.push_back({arm, time});
        for (std::size_t c = 0; c < process.components().size(); ++c) {
            const auto joint = process.joint_moments(c, points);
            Eigen::MatrixXd covariance(points.size(), points.size());
            for (std::size_t i = 0; i < points.size(); ++i) {
                const auto alone = process.moments(points[i].arm, points[i].time_months)[c];
                CHECK(joint.mean[i] == Approx(alone.mean).epsilon(1e-10));
                CHECK(joint(i, i) == Approx(alone.variance).epsilon(1e-9).margin(1e-12));
                for (std::size_t j = 0; j < points.size(); ++j)
                    covariance(static_cast<int>(i), static_cast<int>(j)) = joint(i, j);
            }
            CHECK((covariance - covariance.transpose()).cwiseAbs().maxCoeff() == 0);
            CHECK(Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(covariance).eigenvalues().minCoeff() > -1e-10);
        }
        CHECK_THROWS_AS(process.joint_moments(process.components().size(), points), std::out_of_range);
        points.push_back({0, 0});
        CHECK_THROWS_AS(process.joint_moments(0, points), std::invalid_argument);
    }
}

TEST_CASE("The curve passes one half at a printed median", "[process]") {
    for (const char* endpoint : {"OS", "PFS"}) {
        // Without other numbers exactly.
        for (const char* median : {"1.4", "5.5", "16.0", "120.0"}) {
            const auto process = fitted(Paper(endpoint).arm({"a", "", "", "", median, "", "", {}}));
            CHECK(process.survival(0, std::stod(median)) == Approx(0.5).margin(1e-9));
            check_all(process);
        }
        // With others up to the rounding of the median, 0.05 months.
        const auto process = fitted(full_paper(endpoint));
        for (std::size_t arm = 0; arm < 2; ++arm) {
            const double median = *process.arms()[arm].median_months;
            const double slope =
                (process.survival(arm, 0.93 * median) - process.survival(arm, 1.07 * median)) / (0.14 * median);
            CHECK(std::abs(process.survival(arm, median) - 0.5) < std::max(slope * 0.05 * 2, 2e-3));
        }
        check_all(process);
    }
}

TEST_CASE("Limits and milestones are met within their sd", "[process]") {
    for (const char* endpoint : {"OS", "PFS"}) {
        const auto process = fitted(full_paper(endpoint));
        std::size_t anchors = 0;
        for (const auto& used : process.numbers()) {
            if (used.use != Use::anchor) continue;
            ++anchors;
            INFO(used.derivation);
            CHECK(used.sd > 0);
            const double s = process.survival(used.arm, used.time_months);
            CHECK(std::abs(s - used.survival) < 2 * used.sd.value());
        }
        CHECK(anchors == (std::string(endpoint) == "OS" ? 7 : 5));
        CHECK(number(process, "hazard_ratio").use == Use::tie);
        CHECK(number(process, "events").use == Use::tie);
        CHECK(number(process, "median").use == Use::median);
        CHECK(number(process, "median_lower").survival > 0.5);
        CHECK(number(process, "median_upper").survival < 0.5);
    }
}

TEST_CASE("The order of the arms and the direction of the hazard ratio do not matter to the process", "[process]") {
    for (const char* endpoint : {"OS", "PFS"}) {
        Paper paper = full_paper(endpoint), turned = paper;
        std::swap(turned.analysis.arms[0], turned.analysis.arms[1]);
        const auto a = fitted(paper), b = fitted(turned);
        auto inverse = paper.gather();
        for (auto& o : inverse.observations)
            if (o.kind == evidence::Kind::log_hazard_ratio) {
                std::swap(o.arm, *o.control);
                o.value = -o.value;
            }
        const auto c = Posterior(std::make_shared<const evidence::AnalysisEvidence>(inverse));
        for (double time = 0.3; time < 100; time *= 1.5)
            for (const std::size_t arm : {0u, 1u}) {
                CHECK(b.survival(1 - arm, time) == Approx(a.survival(arm, time)).epsilon(1e-7));
                CHECK(c.survival(arm, time) == Approx(a.survival(arm, time)).epsilon(1e-7));
                CHECK(b.reconstruction_interval(1 - arm, time).lower ==
                      Approx(a.reconstruction_interval(arm, time).lower).epsilon(1e-7));
            }
    }
}

TEST_CASE("Curves of different scale have the same shape but for the learnt change with the median", "[process]") {
    // Outside log(M / typical) = +-1.3 the mean no longer changes with M: all of the curve is a function of t / M.
    for (const char* endpoint : {"OS", "PFS"}) {
        for (double u = -3; u < 1.5; u += 0.25) {
            CHECK(prior_mean(endpoint, 70 * std::exp(u), 70) == Approx(prior_mean(endpoint, 700 * std::exp(u), 700)));
            CHECK(prior_covariance(endpoint, 70 * std::exp(u), 35, 70, 100, true) ==
                  Approx(prior_covariance(endpoint, 700 * std::exp(u), 350, 700, 100, true)).epsilon(1e-9));
        }
    }
    const auto paper = [](double scale) {
        const auto text = [scale](double months) { return std::to_string(months * scale); };
        return Paper("OS")
            .arm({"new", "295", "169", text(124.5), text(125.1), text(112.4), text(138.0), {{60 * scale, "0.80"}}})
            .arm({"old", "290", "198", text(123.5), text(100.3), text(87.9), text(113.1), {}})
            .hazard_ratio("new", "old", "0.72");
    };
    const auto one = fitted(paper(1)), ten = fitted(paper(10));
    for (double time = 5; time < 400; time *= 1.4)
        for (const std::size_t arm : {0u, 1u})
            CHECK(ten.survival(arm, 10 * time) == Approx(one.survival(arm, time)).epsilon(1e-5));
}

TEST_CASE("More numbers make the band narrower", "[process]") {
    const auto width = [](const Paper& paper, double time) {
        const auto interval = fitted(paper).reconstruction_interval(0, time);
        return interval.upper - interval.lower;
    };
    const Paper median = Paper("OS").arm({"a", "295", "", "", "25.1", "", "", {}});
    const Paper limits = Paper("OS").arm({"a", "295", "", "", "25.1", "22.4", "28.0", {}});
    const Paper milestone = Paper("OS").arm({"a", "295", "", "", "25.1", "22.4", "28.0", {{12, "0.80"}}});
    for (const double time : {6.0, 12.0, 20.0, 30.0, 40.0}) CHECK(width(limits, time) < width(median, time));
    for (const double time : {6.0, 12.0, 15.0}) CHECK(width(milestone, time) < width(limits, time));
    CHECK(width(milestone, 12) < 0.04);
}

TEST_CASE("A tie moves the curves towards what it says", "[process]") {
    const auto paper = [](const char* ratio) {
        return Paper("OS")
            .arm({"new", "295", "", "34.5", "25.1", "", "", {}})
            .arm({"old", "290", "", "33.5", "20.3", "", "", {}})
            .hazard_ratio("new", "old", ratio);
    };
    // Beyond the medians a lower hazard ratio holds the arms further apart.
    const auto apart = [&](const char* ratio) {
        const auto process = fitted(paper(ratio));
        return process.survival(0, 35) - process.survival(1, 35);
    };
    CHECK(apart("0.60") > apart("0.75") + 0.01);
    CHECK(apart("0.75") > apart("0.90") + 0.01);
    const auto late = [](const char* events) {
        return fitted(Paper("OS").arm({"a", "300", events, "24", "20", "", "", {}})).survival(0, 35);
    };
    CHECK(late("150") > late("190"));
}

TEST_CASE("An event count that contradicts everything else is left out, with a message", "[process]") {
    const auto process = fitted(
        Paper("OS").arm({"a", "300", "20", "40", "20", "18.2", "22.1", {{12, "0.75"}, {24, "0.42"}, {36, "0.22"}}}));
    CHECK(number(process, "events").use == Use::not_used);
    REQUIRE(process.messages().size() == 1);
    CHECK(process.messages()[0].find(
              "a: the published number of events, 20, is left out: all other estimates imply about ") == 0);
    auto uncounted = process.evidence();
    std::erase_if(uncounted.observations, [](const auto& o) { return o.kind == evidence::Kind::events; });
    const auto without = Posterior(std::make_shared<const evidence::AnalysisEvidence>(uncounted));
    for (const double time : {4.0, 15.0, 30.0, 60.0})
        CHECK(process.survival(0, time) == Approx(without.survival(0, time)).epsilon(1e-12));
    check_all(process);
}

TEST_CASE("Scan schedules", "[process]") {
    // The steps are at the scans, and the median stays one half.
    for (const double interval : {1.38, 2.07, 3.22})
        for (const double median : {4.3, 11.0, 40.0}) {
            REQUIRE(scan_shift(interval, median, median));
            CHECK(*scan_shift(interval, median, median) == Approx(0).margin(1e-9));
            CHECK(*scan_shift(interval, median, interval + 0.3) > *scan_shift(interval, median, interval - 0.3) + 0.5);
        }
    // No curve can have its median before the first scan.
    CHECK_FALSE(scan_shift(3.22, 1.5, 1.0));
    CHECK(*scan_shift(0, 1.5, 1.0) == 0);
    CHECK_FALSE(evidence::builtin_constants()->process("OS").scans);

    const auto all = fitted(full_paper("PFS")), breast = fitted(full_paper("PFS"), {"breast", {}}),
               six = fitted(full_paper("PFS"), {"", 1.38});
    CHECK(all.components().size() > 1);
    CHECK(six.components().size() <= 2);  // one schedule for each kind of curve
    for (const auto& component : six.components()) CHECK(component.schedule_months == 1.38);
    CHECK(all.components()[0].weight != Approx(breast.components()[0].weight));
    CHECK(fitted(full_paper("PFS"), {"no such cancer", {}}).survival(0, 5) == all.survival(0, 5));
    CHECK(fitted(full_paper("OS")).components().size() <= 2);

    const auto early = fitted(Paper("PFS").arm({"a", "200", "150", "19", "1.9", "1.7", "2.3", {}}), {"", 2.76});
    CHECK(early.components().size() > 1);
    REQUIRE(early.messages().size() == 1);
    CHECK(early.messages()[0].find("the assessment schedule of the protocol is not used") != std::string::npos);
    for (const auto& component : early.components()) CHECK(component.schedule_months != 2.76);
    check_all(early);
}

TEST_CASE("A median that was not reached lies beyond the follow-up", "[process]") {
    for (const char* endpoint : {"OS", "PFS"}) {
        INFO(endpoint);
        const auto one = fitted(Paper(endpoint)
                                    .arm({"new", "261", "72", "28.4", "NR", "", "", {{12, "0.941"}, {24, "0.774"}}})
                                    .arm({"old", "263", "127", "26.5", "25.0", "21.2", "29.4", {}})
                                    .hazard_ratio("new", "old", "0.45"));
        CHECK(one.survival(0, 28.4) > 0.5);
        CHECK(one.survival(1, 25.0) == Approx(0.5).margin(0.01));
        CHECK_FALSE(one.arms()[0].median_months);
        CHECK(one.arms()[0].inflation > one.arms()[1].inflation);
        CHECK(one.components().size() > 1);
        for (const auto& component : one.components()) {
            CHECK(component.median_months[0] >= 1.1 * 28.4 * (1 - 1e-12));
            CHECK(component.median_months[1] == 25.0);
        }
        CHECK(number(one, "median").use == Use::grid_end);
        check_all(one);

        const auto neither =
            fitted(Paper(endpoint)
                       .arm({"new", "261", "72", "28.4", "NR", "40.5", "NR", {{12, "0.941"}, {24, "0.774"}}})
                       .arm({"old", "263", "97", "26.5", "NR", "34.0", "NE", {}})
                       .hazard_ratio("new", "old", "0.64"));
        for (const std::size_t arm : {0u, 1u})
            CHECK(neither.survival(arm, *neither.evidence().arms[arm].follow_up_months) > 0.5);
        for (const auto& component : neither.components()) {
            CHECK(component.median_months[0] > 40.5);
            CHECK(std::abs(std::log(component.median_months[0] / component.median_months[1])) < 1.3);
        }
        CHECK(number(neither, "median_lower").use == Use::anchor);
        CHECK(neither.survival(0, 24) > neither.survival(1, 24));
        check_all(neither);

        // Follow-up in one arm is far longer than the other's: the grids do not meet.
        check_all(fitted(Paper(endpoint)
                             .arm({"a", "100", "8", "6", "NR", "", "", {{6, "0.95"}}})
                             .arm({"b", "100", "30", "90", "NR", "", "", {{60, "0.8"}}})));
        // A milestone so near to 1 is all that such an arm has.
        const auto high = fitted(Paper(endpoint).arm({"a", "300", "", "10", "NR", "", "", {{6, "0.995"}}}));
        CHECK(number(high, "milestone_6").use == Use::anchor);
        CHECK(high.survival(0, 6) == Approx(0.995).margin(0.008));
        check_all(high);
        // Not reached, yet below one half at a milestone: the milestone is believed.
        const auto odd = fitted(Paper(endpoint).arm({"a", "300", "", "40", "NR", "", "", {{12, "0.7"}, {24, "0.42"}}}));
        CHECK(odd.survival(0, 24) == Approx(0.42).margin(0.02));
        CHECK(odd.messages().size() == 1);
        check_all(odd);
    }
}

TEST_CASE("Arms without a printed median are placed by what there is, or not at all", "[process]") {
    for (const char* endpoint : {"OS", "PFS"}) {
        INFO(endpoint);
        const auto milestones =
            fitted(Paper(endpoint).arm({"a", "200", "", "30", "", "", "", {{6, "0.81"}, {12, "0.62"}, {24, "0.33"}}}));
        CHECK(milestones.survival(0, 12) == Approx(0.62).margin(0.015));
        CHECK(milestones.survival(0, 24) == Approx(0.33).margin(0.015));
        check_all(milestones);

        // Only a hazard ratio: a curve whose hazard has about this ratio to the other's.
        const auto ratio = fitted(Paper(endpoint)
                                      .arm({"new", "290", "", "24", "", "", "", {}})
                                      .arm({"old", "290", "198", "24", "20.3", "17.9", "23.1", {}})
                                      .hazard_ratio("new", "old", "0.70"));
        REQUIRE(ratio.arms()[0].placed);
        for (const double time : {8.0, 16.0, 24.0})
            CHECK(std::log(ratio.survival(0, time)) / std::log(ratio.survival(1, time)) == Approx(0.70).margin(0.1));
        check_all(ratio);
        // Without any follow-up too.
        check_all(fitted(Paper(endpoint)
                             .arm({"new", "", "", "", "", "", "", {}})
                             .arm({"old", "", "", "", "20.3", "", "", {}})
                             .hazard_ratio("new", "old", "0.70")));
        // A chain of two: the middle arm is not printed either.
        const auto chain = fitted(Paper(endpoint)
                                      .arm({"a", "290", "", "24", "20.3", "17.9", "23.1", {}})
                                      .arm({"b", "290", "", "24", "", "", "", {}})
                                      .arm({"c", "290", "", "24", "", "", "", {}})
                                      .hazard_ratio("b", "a", "0.80")
                                      .hazard_ratio("c", "b", "0.80"));
        CHECK(chain.survival(2, 20) > chain.survival(1, 20));
        CHECK(chain.survival(1, 20) > chain.survival(0, 20));
        check_all(chain);

        const auto events = fitted(Paper(endpoint).arm({"a", "300", "150", "24", "", "", "", {}}));
        CHECK(events.arms()[0].placed);
        check_all(events);

        const auto nothing = fitted(Paper(endpoint)
                                        .arm({"a", "300", "", "24", "", "", "", {}})
                                        .arm({"b", "", "", "24", "NR", "", "", {}})
                                        .hazard_ratio("a", "b", "0.7"));
        CHECK_FALSE(nothing.arms()[0].placed);
        CHECK_FALSE(nothing.arms()[1].placed);
        CHECK(nothing.arms()[1].reason.find("not reached") != std::string::npos);
        CHECK(number(nothing, "hazard_ratio").use == Use::not_used);
        check_all(nothing);
        check_all(fitted(Paper(endpoint)));
    }
}

TEST_CASE("Three arms are conditioned together", "[process]") {
    for (const char* endpoint : {"OS", "PFS"}) {
        const auto process = fitted(Paper(endpoint)
                                        .arm({"a", "150", "90", "24", "18.3", "15.9", "21.4", {}})
                                        .arm({"b", "150", "80", "24", "21.5", "18.8", "25.0", {{12, "0.74"}}})
                                        .arm({"c", "150", "101", "24", "14.9", "12.7", "17.0", {}})
                                        .hazard_ratio("a", "c", "0.78")
                                        .hazard_ratio("b", "c", "0.66"));
        CHECK(process.arms().size() == 3);
        for (std::size_t arm = 0; arm < 3; ++arm)
            CHECK(process.survival(arm, *process.arms()[arm].median_months) == Approx(0.5).margin(0.02));
        check_all(process);
    }
}

TEST_CASE("Extremes stay finite", "[process]") {
    for (const char* endpoint : {"OS", "PFS", "CNS-PFS", "DOR"}) {
        INFO(endpoint);
        check_all(fitted(Paper(endpoint).arm({"a", "5", "5", "20", "10", "4", "30", {{6, "0.6"}}})));
        check_all(fitted(Paper(endpoint).arm({"a", "1", "1", "20", "10", "", "", {}})));
        check_all(fitted(Paper(endpoint).arm({"a", "0", "0", "20", "10", "4", "30", {}})));
        check_all(fitted(Paper(endpoint).arm({"a", "300", "300", "20", "10", "9", "11.1", {{6, "0.985"}}})));
        check_all(fitted(Paper(endpoint).arm({"a", "", "", "", "0.1", "0.05", "900", {{600, "0.011"}}})));
        check_all(fitted(Paper(endpoint).arm({"a", "20000", "9000", "300", "400", "390", "410", {{1, "0.989"}}})));
        // Limits that are the median, milestones that stand at it.
        check_all(fitted(
            Paper(endpoint).arm({"a", "300", "200", "20", "10", "10.0", "10.0", {{10, "0.50"}, {10.05, "0.49"}}})));
        // Numbers that contradict each other.
        check_all(fitted(Paper(endpoint)
                             .arm({"a", "300", "20", "6", "10", "2", "90", {{9, "0.2"}, {11, "0.9"}, {40, "0.85"}}})
                             .arm({"b", "300", "290", "6", "30", "", "", {{3, "0.4"}}})
                             .hazard_ratio("a", "b", "9.0")));
        check_all(fitted(Paper(endpoint)
                             .arm({"a", "80", "", "3", "12", "", "", {}})
                             .arm({"b", "80", "", "3", "12", "", "", {}})
                             .hazard_ratio("a", "b", "0.05")));
    }
    CHECK_THROWS_AS(fitted(full_paper("OS")).survival_quantile(0, 1, 1), std::invalid_argument);
    CHECK_THROWS_AS(fitted(full_paper("OS")).survival(2, 1), std::invalid_argument);
}
