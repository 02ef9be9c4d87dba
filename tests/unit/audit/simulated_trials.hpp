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
    bool stratified_test = false;
    int total_events = 0;
};

struct Response {
    int responders = 0, evaluable = 0;
    Estimate rate;
};

// Hazard ratios of a trial of three arms, OS: new v old, third v old, new v third.
struct ThreeArms {
    int n[3] = {0, 0, 0};
    Estimate hazard_ratio[3];
};

struct Trial {
    std::vector<Analysis> analyses;  // OS, PFS, OS of a subgroup
    ThreeArms three_arms;
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
    int arm = 0, stratum = 0;
};

inline double normal_tail(double z) { return 0.5 * std::erfc(z / std::sqrt(2.0)); }

enum class Limits { log_log, log };

// Kaplan-Meier with log-log limits (Kalbfleisch & Prentice 2002, eq. 1.17) or log limits (the default of R's survfit).
// At S = 0 there are no limits, as in R: that the last event ends the curve reaches no limit of the median.
struct Curve {
    std::vector<double> time, survival, lower, upper;

    Curve(std::vector<Patient> patients, Limits limits) {
        std::ranges::sort(patients, {}, &Patient::time);
        double s = 1, greenwood = 0;
        for (std::size_t i = 0; i < patients.size();) {
            const double at_risk = static_cast<double>(patients.size() - i), t = patients[i].time;
            double deaths = 0;
            for (; i < patients.size() && patients[i].time == t; ++i) deaths += patients[i].event ? 1 : 0;
            if (deaths == 0) continue;
            s *= 1 - deaths / at_risk;
            greenwood += at_risk > deaths ? deaths / (at_risk * (at_risk - deaths)) : 0;
            const double half = z95 * std::sqrt(greenwood), on_log_log = half / -std::log(s);
            constexpr double none = std::numeric_limits<double>::quiet_NaN();
            time.push_back(t);
            survival.push_back(s);
            lower.push_back(s <= 0                      ? none
                            : limits == Limits::log_log ? std::pow(s, std::exp(on_log_log))
                                                        : s * std::exp(-half));
            upper.push_back(s <= 0                      ? none
                            : limits == Limits::log_log ? std::pow(s, std::exp(-on_log_log))
                                                        : std::min(1.0, s * std::exp(half)));
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

// The score and the information of Cox's partial likelihood of arm 0 against arm 1 (Breslow's ties) in one stratum.
struct Derivatives {
    double score = 0, information = 0;
};
inline void add_derivatives(const std::vector<Patient>& sorted, double b, Derivatives& sum) {
    double at_risk[2] = {0, 0};
    for (const Patient& patient : sorted) at_risk[patient.arm] += 1;
    for (std::size_t i = 0; i < sorted.size();) {
        const double t = sorted[i].time, p = at_risk[0] * std::exp(b) / (at_risk[0] * std::exp(b) + at_risk[1]);
        double left[2] = {0, 0};
        for (; i < sorted.size() && sorted[i].time == t; ++i) {
            left[sorted[i].arm] += 1;
            if (!sorted[i].event) continue;
            sum.score += (sorted[i].arm == 0 ? 1 : 0) - p;
            sum.information += p * (1 - p);
        }
        at_risk[0] -= left[0];
        at_risk[1] -= left[1];
    }
}

struct Effect {
    Estimate hazard_ratio;
    double p = 1;  // of the log-rank test, the score at 0
};
// By strata, or not.
inline Effect cox(std::vector<Patient> patients, bool stratified) {
    std::ranges::sort(patients, {}, &Patient::time);
    std::vector<std::vector<Patient>> strata;
    for (const Patient& patient : patients) {
        const std::size_t own = stratified ? static_cast<std::size_t>(patient.stratum) : 0;
        if (strata.size() <= own) strata.resize(own + 1);
        strata[own].push_back(patient);
    }
    const auto derivatives = [&](double b) {
        Derivatives sum;
        for (const auto& stratum : strata) add_derivatives(stratum, b, sum);
        return sum;
    };
    double b = 0;
    Derivatives now = derivatives(0);
    Effect effect;
    effect.p = std::min(1.0, 2 * normal_tail(std::abs(now.score) / std::sqrt(now.information)));
    for (int i = 0; i < 30; ++i) {
        b += std::clamp(now.score / now.information, -1.0, 1.0);
        now = derivatives(b);
    }
    const double half = z95 / std::sqrt(now.information);
    // With no event in an arm there is no ratio; nobody prints what comes of it.
    if (!(std::abs(b) < 4) || !(half < 4) || std::exp(b - half) < 0.005) return {{never, never, never}, 1};
    effect.hazard_ratio = {std::exp(b), std::exp(b - half), std::exp(b + half)};
    return effect;
}

// How a trial's data are analysed and printed.
struct Methods {
    bool reverse_follow_up = true;  // else the median time on study
    Limits limits = Limits::log_log;
    bool stratified_ratio = false, stratified_test = false;
};

inline Analysis analyse(std::string id, std::string endpoint, std::string population,
                        const std::vector<Patient>& patients, const std::vector<double>& times,
                        const Methods& methods) {
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
        const Curve curve(own, methods.limits);
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
        arm.follow_up = methods.reverse_follow_up ? Curve(own, methods.limits).median().value : all[all.size() / 2];
        analysis.total_events += arm.events;
    }
    const Effect effect = cox(patients, methods.stratified_ratio);
    analysis.hazard_ratio = effect.hazard_ratio;
    analysis.stratified_test = methods.stratified_test;
    analysis.p =
        methods.stratified_test == methods.stratified_ratio ? effect.p : cox(patients, methods.stratified_test).p;
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

// What the patients of a trial are drawn from.
struct Laws {
    double control_median = 0, shape = 1, other_shape = 1, hazard_ratio = 1, accrual = 0, rest = 0, weeks = 0,
           progression = 0, on_progression = 1;
    double strata[4] = {1, 1, 1, 1};  // ratios of the hazards
};

struct Both {
    Patient os, pfs;
};
// Of arm 0 or 1, or of a third with half the effect of arm 0.
inline Both patient(Random& random, const Laws& laws, int arm) {
    const int stratum = random.integer(0, 3);
    const double effect = arm == 1 ? 1 : arm == 0 ? laws.hazard_ratio : std::sqrt(laws.hazard_ratio);
    const double k = arm == 0 ? laws.other_shape : laws.shape,
                 median = laws.control_median * std::pow(effect * laws.strata[stratum], -1 / laws.shape);
    const double progression_median = laws.progression / (arm == 0 ? laws.on_progression : 1) / laws.strata[stratum];
    const double death = median * std::pow(-std::log(random.uniform()) / std::log(2.0), 1 / k);
    const double progress = progression_median * -std::log(random.uniform()) / std::log(2.0);
    const double seen = std::ceil(progress / laws.weeks) * laws.weeks;
    const double entry = laws.accrual * random.uniform(), cut = laws.accrual + laws.rest - entry;
    const double lost = random.uniform() < 0.05 ? cut * random.uniform() : cut;
    const double event = std::min(death, seen);
    return {{std::min(death, lost), death <= lost, arm, stratum}, {std::min(event, lost), event <= lost, arm, stratum}};
}

inline ThreeArms three_arms(Random& random, const Laws& laws, const std::vector<Patient>& os, int n_third,
                            const Methods& methods) {
    std::vector<Patient> third;
    for (int i = 0; i < n_third; ++i) third.push_back(patient(random, laws, 2).os);
    const auto against = [&](const std::vector<Patient>& a, const std::vector<Patient>& b) {
        std::vector<Patient> both;
        for (Patient one : a) both.push_back({one.time, one.event, 0, one.stratum});
        for (Patient one : b) both.push_back({one.time, one.event, 1, one.stratum});
        return cox(both, methods.stratified_ratio).hazard_ratio;
    };
    std::vector<Patient> first, control;
    for (const Patient& one : os) (one.arm == 0 ? first : control).push_back(one);
    return {{static_cast<int>(first.size()), static_cast<int>(control.size()), n_third},
            {against(first, control), against(third, control), against(first, third)}};
}

inline Trial trial(std::uint64_t seed, int least_n = 15, int most_n = 500) {
    Random random(seed);
    // Small trials are as frequent as large ones.
    const auto size = [&] {
        return static_cast<int>(std::exp(random.between(std::log(least_n), std::log(most_n + 1.0))));
    };
    const int n[3] = {size(), size(), size()};
    Laws laws;
    laws.control_median = random.between(9, 45);
    laws.shape = random.between(0.9, 1.8);
    // A third of the trials has hazards that are not proportional.
    laws.hazard_ratio = std::exp(random.between(-0.8, 0.15));
    laws.other_shape = laws.shape * (random.uniform() < 1.0 / 3 ? std::exp(random.between(-0.3, 0.3)) : 1);
    laws.accrual = random.between(10, 30);
    laws.rest = laws.control_median * random.between(0.5, 2);
    laws.weeks = 12 / 52.1775 * random.integer(2, 4);  // months between two scans: 6, 9 or 12 weeks
    laws.progression = laws.control_median * random.between(0.25, 0.6);
    laws.on_progression = std::exp(random.between(-1, 0.1));
    Methods methods;
    methods.reverse_follow_up = random.uniform() < 0.5;
    methods.limits = random.uniform() < 0.5 ? Limits::log : Limits::log_log;
    methods.stratified_ratio = random.uniform() < 0.5;
    // A stratified test beside an unstratified ratio is sound, if not common.
    methods.stratified_test = methods.stratified_ratio || random.uniform() < 0.1;
    if (methods.stratified_test)
        for (double& stratum : laws.strata) stratum = std::exp(random.between(-0.5, 0.5));

    std::vector<Patient> os, pfs, subgroup;
    for (int a = 0; a < 2; ++a)
        for (int i = 0; i < n[a]; ++i) {
            const Both both = patient(random, laws, a);
            os.push_back(both.os);
            pfs.push_back(both.pfs);
            if (random.uniform() < 0.4) subgroup.push_back(both.os);
        }
    Trial result;
    result.analyses.push_back(analyse("os", "OS", "intention to treat", os, {12, 24, 36, 60}, methods));
    result.analyses.push_back(analyse("pfs", "PFS", "intention to treat", pfs, {6, 12, 24}, methods));
    const auto of_new = std::ranges::count(subgroup, 0, &Patient::arm),
               of_old = static_cast<long>(subgroup.size()) - of_new;
    if (std::min<long>(of_new, of_old) >= 5)
        result.analyses.push_back(analyse("os-subgroup", "OS", "brain metastases", subgroup, {12, 24}, methods));
    result.three_arms = three_arms(random, laws, os, n[2], methods);
    for (auto& response : result.response) {
        const double probability = random.between(0.1, 0.9);  // drawn first: arguments have no order
        response = respond(random, random.integer(12, 200), probability);
    }
    const Analysis& first = result.analyses[0];
    result.second_source_median = first.arm[0].median.value;
    result.claimed_difference = first.arm[0].median.value - first.arm[1].median.value;
    result.claimed_reduction = std::isfinite(first.hazard_ratio.value) ? 1 - first.hazard_ratio.value : -1;
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

inline std::string contrast_text(const Analysis& analysis) {
    if (!std::isfinite(analysis.hazard_ratio.value)) return "";
    return fmt::format(
        R"({{"experimental": "new", "control": "old", "hazard_ratio": {{{}}}, "p_value": {{{}, "test": "{}", "source": "paper"}}}})",
        statistic(analysis.hazard_ratio, 2),
        analysis.p < 0.001 ? std::string(R"("value": 0.001, "relation": "<")")
                           : fmt::format(R"("value": {}, "decimals": 3)", number(analysis.p, 3)),
        analysis.stratified_test ? "stratified log-rank" : "log-rank");
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
             "contrasts": [{}]}})",
            analyses.empty() ? "" : ", ", analysis.id, analysis.endpoint, analysis.population, analysis.total_events,
            results, contrast_text(analysis));
    }
    if (std::ranges::all_of(trial.three_arms.hazard_ratio, [](const Estimate& e) { return std::isfinite(e.value); })) {
        const ThreeArms& three = trial.three_arms;
        const auto contrast = [&](int i, const char* experimental, const char* control) {
            return fmt::format(R"({{"experimental": "{}", "control": "{}", "hazard_ratio": {{{}}}}})", experimental,
                               control, statistic(three.hazard_ratio[i], 2));
        };
        analyses += fmt::format(
            R"(, {{"id": "os-three", "endpoint": "OS", "arms": {{"new": {{"n": {}}}, "old": {{"n": {}}}, "third": {{"n": {}}}}},
             "contrasts": [{}, {}, {}]}})",
            three.n[0], three.n[1], three.n[2], contrast(0, "new", "old"), contrast(1, "third", "old"),
            contrast(2, "new", "third"));
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
        "trials": [{{"id": "SIMULATED", "design": "randomised", "arms": [{{"id": "new", "n": {}}}, {{"id": "old", "n": {}}}, {{"id": "third"}}],
        "analyses": [{}], "responses": [{}], "claims": [{}]}}]}})",
                       trial.analyses[0].arm[0].n, trial.analyses[0].arm[1].n, analyses, responses, claims);
}

}  // namespace simulated
