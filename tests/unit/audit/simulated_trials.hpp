// Trials simulated patient by patient from known curves and printed as papers print them: what the rules must be silent
// about, and, after a mistake was put in, what they should find.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <vector>

namespace simulated {

inline constexpr double never = std::numeric_limits<double>::infinity();
inline constexpr double z95 = 1.959963984540054;

// Numbers before they are rounded; an infinite one is not reached.
struct Estimate {
    double value = 0, lower = 0, upper = 0;
};

struct Milestone {
    double time = 0;
    Estimate survival;
};

struct Arm {
    int n = 0, events = 0;
    Estimate median;
    std::vector<Milestone> milestones;
    double follow_up = 0;
};

// One endpoint in one population: two arms and their contrast.
struct Analysis {
    std::string id, endpoint, population;
    Arm arm[2];  // experimental, control
    Estimate hazard_ratio;
    double p = 1;
    int total_events = 0;
};

struct Response {
    int responders = 0, evaluable = 0;
    Estimate rate;
};

struct Trial {
    std::vector<Analysis> analyses;  // OS, PFS, OS of a subgroup
    Response response[2];
    double second_source_median = 0;  // OS of the experimental arm, again
    double claimed_difference = 0, claimed_reduction = 0;
};

class Random {
  public:
    explicit Random(std::uint64_t seed) : engine_(seed) {}
    double uniform() { return (static_cast<double>(engine_() >> 11) + 0.5) * 0x1p-53; }
    double between(double a, double b) { return a + (b - a) * uniform(); }
    int integer(int a, int b) { return a + static_cast<int>(uniform() * (b - a + 1)); }

  private:
    std::mt19937_64 engine_;
};

struct Patient {
    double time = 0;
    bool event = false;
    int arm = 0;
};

inline double normal_tail(double z) { return 0.5 * std::erfc(z / std::sqrt(2.0)); }

// Kaplan-Meier with log-log limits (Kalbfleisch & Prentice 2002, eq. 1.17).
struct Curve {
    std::vector<double> time, survival, lower, upper;

    explicit Curve(std::vector<Patient> patients) {
        std::ranges::sort(patients, {}, &Patient::time);
        double s = 1, greenwood = 0;
        for (std::size_t i = 0; i < patients.size();) {
            const double at_risk = static_cast<double>(patients.size() - i), t = patients[i].time;
            double deaths = 0;
            for (; i < patients.size() && patients[i].time == t; ++i) deaths += patients[i].event ? 1 : 0;
            if (deaths == 0) continue;
            s *= 1 - deaths / at_risk;
            greenwood += at_risk > deaths ? deaths / (at_risk * (at_risk - deaths)) : 0;
            const double spread = s > 0 ? z95 * std::sqrt(greenwood) / -std::log(s) : 0;
            time.push_back(t);
            survival.push_back(s);
            lower.push_back(s > 0 ? std::pow(s, std::exp(spread)) : 0);
            upper.push_back(s > 0 ? std::pow(s, std::exp(-spread)) : 0);
        }
    }

    [[nodiscard]] static double crossing(const std::vector<double>& time, const std::vector<double>& curve) {
        for (std::size_t i = 0; i < time.size(); ++i)
            if (curve[i] <= 0.5) return time[i];
        return never;
    }
    [[nodiscard]] Estimate median() const {
        return {crossing(time, survival), crossing(time, lower), crossing(time, upper)};
    }
    [[nodiscard]] Estimate at(double t) const {
        Estimate result{1, 1, 1};
        for (std::size_t i = 0; i < time.size() && time[i] <= t; ++i) result = {survival[i], lower[i], upper[i]};
        return result;
    }
};

// Cox's partial likelihood of arm 0 against arm 1 (Breslow's ties) and the log-rank test, its score at 0.
inline void cox(std::vector<Patient> patients, Analysis& analysis) {
    std::ranges::sort(patients, {}, &Patient::time);
    const auto derivatives = [&](double b, double& score, double& information) {
        double at_risk[2] = {0, 0};
        for (const Patient& patient : patients) at_risk[patient.arm] += 1;
        score = information = 0;
        for (std::size_t i = 0; i < patients.size();) {
            const double t = patients[i].time, p = at_risk[0] * std::exp(b) / (at_risk[0] * std::exp(b) + at_risk[1]);
            double left[2] = {0, 0};
            for (; i < patients.size() && patients[i].time == t; ++i) {
                left[patients[i].arm] += 1;
                if (!patients[i].event) continue;
                score += (patients[i].arm == 0 ? 1 : 0) - p;
                information += p * (1 - p);
            }
            at_risk[0] -= left[0];
            at_risk[1] -= left[1];
        }
    };
    double b = 0, score = 0, information = 0;
    derivatives(0, score, information);
    analysis.p = std::min(1.0, 2 * normal_tail(std::abs(score) / std::sqrt(information)));
    for (int i = 0; i < 30; ++i) {
        b += std::clamp(score / information, -1.0, 1.0);
        derivatives(b, score, information);
    }
    const double half = z95 / std::sqrt(information);
    analysis.hazard_ratio = {std::exp(b), std::exp(b - half), std::exp(b + half)};
}

inline Analysis analyse(std::string id, std::string endpoint, std::string population,
                        const std::vector<Patient>& patients, const std::vector<double>& times,
                        bool reverse_follow_up) {
    Analysis analysis;
    analysis.id = std::move(id);
    analysis.endpoint = std::move(endpoint);
    analysis.population = std::move(population);
    for (int a = 0; a < 2; ++a) {
        std::vector<Patient> own;
        std::ranges::copy_if(patients, std::back_inserter(own), [&](const Patient& p) { return p.arm == a; });
        Arm& arm = analysis.arm[a];
        arm.n = static_cast<int>(own.size());
        arm.events = static_cast<int>(std::ranges::count(own, true, &Patient::event));
        const Curve curve(own);
        arm.median = curve.median();
        double last = 0;
        for (const Patient& patient : own) last = std::max(last, patient.time);
        for (const double t : times)
            if (t < 0.8 * last) arm.milestones.push_back({t, curve.at(t)});
        // Follow-up as papers print it: by reverse Kaplan-Meier, or simply of all patients.
        std::vector<double> all;
        for (Patient& patient : own) {
            patient.event = !patient.event;
            all.push_back(patient.time);
        }
        std::ranges::sort(all);
        arm.follow_up = reverse_follow_up ? Curve(own).median().value : all[all.size() / 2];
        analysis.total_events += arm.events;
    }
    cox(patients, analysis);
    return analysis;
}

// The normal approximation is not what papers print of small studies; Wilson's limits are (Wilson 1927).
inline Response respond(Random& random, int n, double probability) {
    Response response;
    response.evaluable = n;
    for (int i = 0; i < n; ++i) response.responders += random.uniform() < probability ? 1 : 0;
    const double k = response.responders, z2 = z95 * z95, middle = (k + z2 / 2) / (n + z2),
                 half = z95 / (n + z2) * std::sqrt(k * (n - k) / n + z2 / 4);
    response.rate = {k / n, middle - half, middle + half};
    return response;
}

inline Trial trial(std::uint64_t seed) {
    Random random(seed);
    const int n[2] = {random.integer(40, 450), random.integer(40, 450)};
    const double control_median = random.between(9, 45), shape = random.between(0.9, 1.8);
    // A third of the trials has hazards that are not proportional.
    const double hazard_ratio = std::exp(random.between(-0.8, 0.15)),
                 other_shape = shape * (random.uniform() < 1.0 / 3 ? std::exp(random.between(-0.3, 0.3)) : 1);
    const double accrual = random.between(10, 30), rest = control_median * random.between(0.5, 2);
    const double weeks = 12 / 52.1775 * random.integer(2, 4);  // months between two scans: 6, 9 or 12 weeks
    const double progression = control_median * random.between(0.25, 0.6),
                 on_progression = std::exp(random.between(-1, 0.1));
    std::vector<Patient> os, pfs, subgroup;
    for (int a = 0; a < 2; ++a) {
        const double k = a == 0 ? other_shape : shape,
                     median = a == 0 ? control_median * std::pow(hazard_ratio, -1 / shape) : control_median;
        const double progression_median = progression / (a == 0 ? on_progression : 1);
        for (int i = 0; i < n[a]; ++i) {
            const double death = median * std::pow(-std::log(random.uniform()) / std::log(2.0), 1 / k);
            const double progress = progression_median * -std::log(random.uniform()) / std::log(2.0);
            const double seen = std::ceil(progress / weeks) * weeks;
            const double entry = accrual * random.uniform(), cut = accrual + rest - entry;
            const double lost = random.uniform() < 0.05 ? cut * random.uniform() : cut;
            os.push_back({std::min(death, lost), death <= lost, a});
            const double event = std::min(death, seen);
            pfs.push_back({std::min(event, lost), event <= lost, a});
            if (random.uniform() < 0.4) subgroup.push_back(os.back());
        }
    }
    const bool reverse = random.uniform() < 0.5;
    Trial result;
    result.analyses.push_back(analyse("os", "OS", "intention to treat", os, {12, 24, 36, 60}, reverse));
    result.analyses.push_back(analyse("pfs", "PFS", "intention to treat", pfs, {6, 12, 24}, reverse));
    result.analyses.push_back(analyse("os-subgroup", "OS", "brain metastases", subgroup, {12, 24}, reverse));
    for (auto& response : result.response) {
        const double probability = random.between(0.1, 0.9);  // drawn first: arguments have no order
        response = respond(random, random.integer(12, 200), probability);
    }
    const Analysis& first = result.analyses[0];
    result.second_source_median = first.arm[0].median.value;
    result.claimed_difference = first.arm[0].median.value - first.arm[1].median.value;
    result.claimed_reduction = 1 - first.hazard_ratio.value;
    return result;
}

// As papers print: months to a tenth, survival and hazard ratios to two decimals, p-values to three or "<0.001".
inline std::string number(double value, int decimals) {
    return std::isfinite(value) ? fmt::format("{:.{}f}", value, decimals) : "\"NR\"";
}

inline std::string statistic(const Estimate& estimate, int decimals) {
    return fmt::format(R"("value": {}, "lower": {}, "upper": {}, "decimals": {}, "source": "paper")",
                       number(estimate.value, decimals), number(estimate.lower, decimals),
                       number(estimate.upper, decimals), decimals);
}

inline std::string document(const Trial& trial) {
    const char* const arms[2] = {"new", "old"};
    std::string analyses;
    for (const Analysis& analysis : trial.analyses) {
        std::string results;
        const bool again = analysis.id == "os" && std::isfinite(trial.second_source_median);
        for (int a = 0; a < 2; ++a) {
            const Arm& arm = analysis.arm[a];
            std::string milestones;
            for (const Milestone& milestone : arm.milestones)
                milestones += fmt::format(
                    R"({}{{"time": {}, "survival": {}, "lower": {}, "upper": {}, "decimals": 2, "source": "paper"}})",
                    milestones.empty() ? "" : ", ", milestone.time, number(milestone.survival.value, 2),
                    number(milestone.survival.lower, 2), number(milestone.survival.upper, 2));
            std::string median = "{" + statistic(arm.median, 1) + "}";
            if (again && a == 0)
                median = fmt::format(R"([{}, {{"value": {}, "decimals": 0, "source": "news"}}])", median,
                                     number(trial.second_source_median, 0));
            results += fmt::format(
                R"({}"{}": {{"n": {}, "events": {{"value": {}, "source": "paper"}}, "median": {}, "milestones": [{}]{}}})",
                a == 0 ? "" : ", ", arms[a], arm.n, arm.events, median, milestones,
                std::isfinite(arm.follow_up)
                    ? fmt::format(R"(, "follow_up": {{"median": {}, "decimals": 1, "source": "paper"}})",
                                  number(arm.follow_up, 1))
                    : "");
        }
        analyses += fmt::format(
            R"({}{{"id": "{}", "endpoint": "{}", "population": "{}", "data_cutoff": "2020-01-31", "events": {{"value": {}, "source": "paper"}}, "arms": {{{}}},
             "contrasts": [{{"experimental": "new", "control": "old", "hazard_ratio": {{{}}}, "p_value": {{{}, "source": "paper"}}}}]}})",
            analyses.empty() ? "" : ", ", analysis.id, analysis.endpoint, analysis.population, analysis.total_events,
            results, statistic(analysis.hazard_ratio, 2),
            analysis.p < 0.001 ? std::string(R"("value": 0.001, "relation": "<")")
                               : fmt::format(R"("value": {}, "decimals": 3)", number(analysis.p, 3)));
    }
    std::string responses;
    for (int a = 0; a < 2; ++a)
        responses += fmt::format(
            R"({}{{"id": "orr-{}", "endpoint": "ORR", "arm": "{}", "responders": {}, "evaluable": {}, "rate": {}, "lower": {}, "upper": {}, "decimals": 3, "source": "paper"}})",
            a == 0 ? "" : ", ", arms[a], arms[a], trial.response[a].responders, trial.response[a].evaluable,
            number(trial.response[a].rate.value, 3), number(trial.response[a].rate.lower, 3),
            number(trial.response[a].rate.upper, 3));
    std::string claims;
    if (std::isfinite(trial.claimed_difference))
        claims = fmt::format(
            R"({{"id": "gain", "kind": "median-difference", "analysis": "os", "value": {}, "decimals": 1, "source": "paper"}})",
            number(trial.claimed_difference, 1));
    if (trial.claimed_reduction >= 0) {
        if (!claims.empty()) claims += ", ";
        claims +=
            fmt::format(R"({{"id": "risk", "kind": "percent-reduction", "value": {}, "decimals": 2, "source": "paper",
        "of": [{{"analysis": "os", "arm": "new", "statistic": "hazard_ratio"}}]}})",
                        number(trial.claimed_reduction, 2));
    }
    return fmt::format(R"({{"format": "hersurv-catalogue", "version": 1,
        "sources": {{"paper": {{"citation": "A paper 2021;1:1-9", "year": 2021}}, "news": {{"citation": "News 2021", "year": 2021}}}},
        "trials": [{{"id": "SIMULATED", "design": "randomised", "arms": [{{"id": "new", "n": {}}}, {{"id": "old", "n": {}}}],
        "analyses": [{}], "responses": [{}], "claims": [{}]}}]}})",
                       trial.analyses[0].arm[0].n, trial.analyses[0].arm[1].n, analyses, responses, claims);
}

}  // namespace simulated
