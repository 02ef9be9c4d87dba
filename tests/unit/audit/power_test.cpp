// How often the rules are wrong and how much they find, on simulated trials: false alarms by severity, and the power of
// each rule against the size of a mistake. The table is docs/rules-power.md; HERSURV_UPDATE=1 writes it anew.
#include "hersurv/audit.hpp"
#include "hersurv/catalogue.hpp"

#include <catch2/catch.hpp>

#include "support/file.hpp"
#include "unit/audit/simulated_trials.hpp"
#include <cstdlib>
#include <functional>
#include <map>
#include <set>

using hersurv::audit::Finding;
using hersurv::audit::Severity;

namespace {

// Under the sanitisers, which are about twenty times slower, a few catalogues have to do, and no share is held.
#ifdef __SANITIZE_ADDRESS__
constexpr bool measures = false;
constexpr int n_sound = 25, n_mutated = 5, n_odd = 25;
#else
constexpr bool measures = true;
constexpr int n_sound = 500, n_mutated = 100, n_odd = 400;
#endif

std::vector<Finding> findings_of(const simulated::Trial& trial) {
    const auto catalogue = hersurv::catalogue::read_document(simulated::document(trial), "simulated.json");
    return hersurv::audit::check_subject({&catalogue.trials.front(), &catalogue});
}

// A mistake of a size; false where the trial has nothing that it could be made of.
struct Mistake {
    std::string rule, words;
    std::vector<double> sizes;
    std::string unit;
    std::function<bool(simulated::Trial&, double size)> make;
};

void scale(simulated::Estimate& estimate, double factor) {
    estimate.value *= factor;
    estimate.lower *= factor;
    estimate.upper *= factor;
}

// Moves both limits to `factor` of their distance from the value, on the log scale.
void stretch(simulated::Estimate& estimate, double factor) {
    estimate.lower = estimate.value * std::pow(estimate.lower / estimate.value, factor);
    estimate.upper = estimate.value * std::pow(estimate.upper / estimate.value, factor);
}

bool reached(const simulated::Estimate& estimate) { return std::isfinite(estimate.upper); }

const std::vector<Mistake>& mistakes() {
    using simulated::Trial;
    static const std::vector<Mistake> all = {
        {"interval-holds-value",
         "the median is printed too high by",
         {0.1, 0.2, 0.3, 0.5},
         "of itself",
         [](Trial& t, double x) {
             auto& median = t.analyses[0].arm[0].median;
             if (!reached(median)) return false;
             median.value *= 1 + x;
             return true;
         }},
        {"milestones-decrease",
         "survival at the second milestone is printed too high by",
         {0.05, 0.1, 0.2, 0.3},
         "",
         [](Trial& t, double x) {
             auto& milestones = t.analyses[0].arm[0].milestones;
             if (milestones.size() < 2 || milestones[1].survival.value + x > 1) return false;
             milestones[1].survival.value += x;
             milestones[1].survival.upper = 1;
             return true;
         }},
        {"median-limits-milestones",
         "the limits of survival at 24 months are both too high by",
         {0.05, 0.1, 0.2, 0.3},
         "",
         [](Trial& t, double x) {
             for (auto& milestone : t.analyses[0].arm[0].milestones) {
                 if (milestone.time != 24 || milestone.survival.upper + x > 1) continue;
                 milestone.survival.lower += x;
                 milestone.survival.upper += x;
                 return true;
             }
             return false;
         }},
        {"median-precision",
         "the interval of the median is wider, on the log scale, by a factor of",
         {2, 3, 4, 6},
         "",
         [](Trial& t, double x) {
             auto& median = t.analyses[0].arm[0].median;
             if (!reached(median)) return false;
             stretch(median, x);
             return true;
         }},
        {"median-precision",
         "the interval of the median is narrower by a factor of",
         {2, 4, 8},
         "",
         [](Trial& t, double x) {
             auto& median = t.analyses[0].arm[0].median;
             if (!reached(median)) return false;
             stretch(median, 1 / x);
             return true;
         }},
        {"events-within-n",
         "the events of all arms are too many by",
         {1, 5},
         "",
         [](Trial& t, double x) {
             t.analyses[0].total_events += static_cast<int>(x);
             return true;
         }},
        {"events-follow-up",
         "events are missing, of all patients",
         {0.2, 0.4, 0.6},
         "",
         [](Trial& t, double x) {
             auto& arm = t.analyses[0].arm[0];
             const int fewer = static_cast<int>(x * arm.n);
             if (fewer > arm.events || !std::isfinite(arm.median.value)) return false;
             arm.events -= fewer;
             t.analyses[0].total_events -= fewer;
             return true;
         }},
        {"hazard-ratio-symmetric",
         "the hazard ratio alone is too high by",
         {0.01, 0.02, 0.05, 0.1},
         "",
         [](Trial& t, double x) {
             t.analyses[0].hazard_ratio.value += x;
             t.claimed_reduction -= x;
             return true;
         }},
        {"hazard-ratio-precision",
         "the limits of the hazard ratio are closer by a factor of",
         {1.1, 1.25, 1.5, 2},
         "",
         [](Trial& t, double x) {
             stretch(t.analyses[0].hazard_ratio, 1 / x);
             return true;
         }},
        {"hazard-ratio-precision",
         "the limits of the hazard ratio are further apart by a factor of",
         {1.25, 1.5, 2},
         "",
         [](Trial& t, double x) {
             stretch(t.analyses[0].hazard_ratio, x);
             return true;
         }},
        {"p-value-hazard-ratio",
         "the p-value is smaller by a factor of",
         {2, 5, 10, 100},
         "",
         [](Trial& t, double x) {
             auto& p = t.analyses[0].p;
             if (p < 0.02) return false;
             p /= x;
             return true;
         }},
        {"hazard-ratio-medians",
         "the hazard ratio and its limits are too high by a factor of",
         {1.5, 2, 3},
         "",
         [](Trial& t, double x) {
             scale(t.analyses[0].hazard_ratio, x);
             t.claimed_reduction = 1 - t.analyses[0].hazard_ratio.value;
             return true;
         }},
        {"proportional-hazards",
         "the hazard ratio and its limits are too high by a factor of",
         {1.5, 2, 3},
         "",
         [](Trial& t, double x) {
             scale(t.analyses[0].hazard_ratio, x);
             t.claimed_reduction = 1 - t.analyses[0].hazard_ratio.value;
             return true;
         }},
        {"pfs-not-above-os",
         "PFS is printed too long by a factor of",
         {1.5, 2, 3, 5},
         "",
         [](Trial& t, double x) {
             auto& median = t.analyses[1].arm[0].median;
             if (!reached(median)) return false;
             scale(median, x);
             return true;
         }},
        {"response-arithmetic",
         "a response rate is off by",
         {0.001, 0.002, 0.01},
         "",
         [](Trial& t, double x) {
             t.response[0].rate.value += x;
             return t.response[0].rate.value < 1;
         }},
        {"response-limits",
         "the lower limit of a response rate is off by",
         {0.01, 0.02, 0.05, 0.1},
         "",
         [](Trial& t, double x) {
             auto& rate = t.response[0].rate;
             if (rate.lower + x > rate.value) return false;
             rate.lower += x;
             return true;
         }},
        {"sources-disagree",
         "another source prints the median, without decimals, too high by",
         {0.5, 1, 2},
         "months",
         [](Trial& t, double x) {
             if (!std::isfinite(t.second_source_median)) return false;
             t.second_source_median += x;
             return true;
         }},
        {"number-reused",
         "the subgroup has the medians of all",
         {1},
         "",
         [](Trial& t, double) {
             if (!reached(t.analyses[0].arm[0].median)) return false;
             for (int a = 0; a < 2; ++a) t.analyses[2].arm[a].median = t.analyses[0].arm[a].median;
             return true;
         }},
        {"claim-arithmetic",
         "the difference of the medians is claimed too large by",
         {0.1, 0.2, 0.3},
         "months",
         [](Trial& t, double x) {
             if (!std::isfinite(t.claimed_difference)) return false;
             t.claimed_difference += x;
             return true;
         }},
        {"claim-arithmetic",
         "the reduction of the hazard is claimed too large by",
         {0.01, 0.02},
         "",
         [](Trial& t, double x) {
             t.claimed_reduction += x;
             return true;
         }},
    };
    return all;
}

std::string percent(double share) { return fmt::format("{:.1f} %", 100 * share); }

}  // namespace

TEST_CASE("every rule about records has a mistake that it is measured on", "[audit]") {
    // These compare words, or hold without any arithmetic that could be off by little.
    const std::set<std::string_view> exact = {"look-alike-numbers", "source-years", "claim-trend", "claim-restatement"};
    for (const auto* rule : hersurv::audit::rules()) {
        if (!rule->about_records()) continue;
        INFO(rule->name);
        CHECK(std::ranges::any_of(mistakes(), [&](const Mistake& mistake) { return mistake.rule == rule->name; }) !=
              exact.contains(rule->name));
    }
}

TEST_CASE("no number makes a rule fail or speak of one that is none", "[audit]") {
    simulated::Random random(7);
    const std::vector<double> odd = {0.001, 0.002, 0.01, 0.5, 1, 1.005, 3, 100, 1e4, simulated::never};
    const auto pick = [&] {
        return odd[static_cast<std::size_t>(random.integer(0, static_cast<int>(odd.size()) - 1))];
    };
    std::size_t n_findings = 0;
    for (int round = 0; round < n_odd; ++round) {
        auto trial = simulated::trial(static_cast<std::uint64_t>(round % 20));
        const auto probability = [&](simulated::Estimate& estimate) {
            for (double* number : {&estimate.value, &estimate.lower, &estimate.upper})
                if (random.uniform() < 0.5) *number = std::min(1.0, pick());
        };
        const auto time = [&](simulated::Estimate& estimate) {
            for (double* number : {&estimate.value, &estimate.lower, &estimate.upper})
                if (random.uniform() < 0.5) *number = std::max(0.1, pick());
        };
        const auto ratio = [&](simulated::Estimate& estimate) {
            for (double* number : {&estimate.value, &estimate.lower, &estimate.upper})
                if (random.uniform() < 0.5) *number = std::clamp(pick(), 0.01, 1e6);
        };
        for (auto& analysis : trial.analyses) {
            for (auto& arm : analysis.arm) {
                time(arm.median);
                for (auto& milestone : arm.milestones) probability(milestone.survival);
                if (random.uniform() < 0.3) arm.events = random.integer(0, 3);
                if (random.uniform() < 0.3) arm.n = random.integer(1, 5);
                if (random.uniform() < 0.3) arm.follow_up = std::max(0.1, pick());
            }
            ratio(analysis.hazard_ratio);
            if (random.uniform() < 0.5) analysis.p = std::min(1.0, pick());
            if (random.uniform() < 0.3) analysis.total_events = 0;
        }
        for (auto& response : trial.response) {
            probability(response.rate);
            if (random.uniform() < 0.5) response.evaluable = random.integer(1, 3);
            if (random.uniform() < 0.5) response.responders = random.integer(0, 3);
        }
        trial.claimed_difference = simulated::never;
        trial.claimed_reduction = 0.5;
        for (const Finding& finding : findings_of(trial)) {
            ++n_findings;
            for (const std::string& text : {finding.message, finding.published, finding.expected}) {
                INFO(finding.rule << ": " << text);
                CHECK(text.find("nan") == std::string::npos);
                CHECK(text.find(" inf") == std::string::npos);
                CHECK(text.find("  ") == std::string::npos);
            }
        }
    }
    CHECK(n_findings > 2 * n_odd);
}

TEST_CASE("false alarms and power of the rules are those of docs/rules-power.md", "[audit]") {
    std::map<std::string, std::map<Severity, int>> alarms;  // catalogues with a finding, by rule
    int errors = 0, warnings = 0;
    for (int seed = 0; seed < n_sound; ++seed) {
        std::map<std::string, std::set<Severity>> seen;
        for (const Finding& finding : findings_of(simulated::trial(static_cast<std::uint64_t>(seed))))
            seen[finding.rule].insert(finding.severity);
        bool error = false, warning = false;
        for (const auto& [rule, severities] : seen)
            for (const Severity severity : severities) {
                ++alarms[rule][severity];
                error = error || severity == Severity::error;
                warning = warning || severity == Severity::warning;
            }
        errors += error ? 1 : 0;
        warnings += warning ? 1 : 0;
    }
    CHECK(errors < 0.01 * n_sound);
    CHECK(warnings < 0.05 * n_sound);

    std::string text = fmt::format(
        "# How often the rules are wrong, and how much they find\n\n"
        "This page is written by a test (`tests/unit/audit/power_test.cpp`; `HERSURV_UPDATE=1` writes it anew) on "
        "trials "
        "simulated patient by patient: two arms of 40 to 450 patients, Weibull curves (a third with hazards that are "
        "not "
        "proportional), progression seen at scans, a subgroup, log-log limits, Cox and log-rank test, all rounded as "
        "papers round.\n\n"
        "## False alarms\n\n"
        "Sound catalogues of {} with a finding. Of errors fewer than 1 % are demanded: {} of {} have one; {} have a "
        "warning.\n\n| rule | error | warning | note |\n|---|---:|---:|---:|\n",
        n_sound, errors, n_sound, warnings);
    for (const auto* rule : hersurv::audit::rules()) {
        if (!rule->about_records()) continue;
        auto& counts = alarms[std::string(rule->name)];
        text += fmt::format("| {} | {} | {} | {} |\n", rule->name, counts[Severity::error], counts[Severity::warning],
                            counts[Severity::note]);
    }
    text += fmt::format(
        "\n## Power\n\nOne mistake is put into each of {} sound catalogues, as far as they have the number: how often "
        "the "
        "rule finds it (as a warning or error; as a note too), and how often any rule does.\n\n"
        "| rule | mistake | size | warning or error | note too | any rule |\n|---|---|---:|---:|---:|---:|\n",
        n_mutated);
    std::vector<simulated::Trial> sound;
    for (int seed = 0; seed < n_mutated; ++seed) sound.push_back(simulated::trial(static_cast<std::uint64_t>(seed)));
    for (const Mistake& mistake : mistakes()) {
        double last = 0;
        for (const double size : mistake.sizes) {
            int made = 0, severe = 0, told = 0, by_any = 0;
            for (simulated::Trial trial : sound) {
                if (!mistake.make(trial, size)) continue;
                ++made;
                bool own = false, own_severe = false, other = false;
                for (const Finding& finding : findings_of(trial)) {
                    const bool severe_one = finding.severity != Severity::note;
                    if (finding.rule == mistake.rule) {
                        own = true;
                        own_severe = own_severe || severe_one;
                    }
                    other = other || severe_one;
                }
                severe += own_severe ? 1 : 0;
                told += own ? 1 : 0;
                by_any += other || own ? 1 : 0;
            }
            if (!measures) continue;
            REQUIRE(made >= 20);
            last = static_cast<double>(told) / made;
            text +=
                fmt::format("| {} | {} | {}{} | {} | {} | {} |\n", mistake.rule, mistake.words, size,
                            mistake.unit.empty() ? "" : " " + mistake.unit, percent(static_cast<double>(severe) / made),
                            percent(last), percent(static_cast<double>(by_any) / made));
        }
        // A rule that does not find the largest of its mistakes in one catalogue of four is none.
        INFO(mistake.rule << ": " << mistake.words);
        if (measures) CHECK(last > 0.25);
    }

    if (!measures) return;
    const std::string file = std::string(HERSURV_SOURCE_DIR) + "/docs/rules-power.md";
    if (std::getenv("HERSURV_UPDATE") != nullptr) hersurv::support::write_file_whole(file, text);
    CHECK(hersurv::support::read_file(file) == text);
}
