// What each published number says about the survival curves, and how surely.
#pragma once

#include "hersurv/records.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hersurv::evidence {

// ---- observation.cpp ----

// What each published number says about S(t), with its tolerance. The only place that converts published statistics.

// The learnt constants of data/priors.json (private to the library), and the compiled-in ones.
class Constants;
struct EndpointConstants;
[[nodiscard]] const std::shared_ptr<const Constants>& builtin_constants();

enum class Kind {
    point,             // S(time) = survival +- sd
    bound,             // S(time) > survival, sd = softness of the bound
    events,            // expected fraction with an event by the end of follow-up = value +- sd
    log_hazard_ratio,  // average log hazard ratio of `arm` v `control` over the follow-up = value +- sd
    only_compared,     // says nothing that a curve could be fitted to; kept for the record
};

struct Observation {
    Kind kind = Kind::only_compared;
    catalogue::StatisticKey statistic;
    std::size_t arm = 0;                   // index into AnalysisEvidence::arms (the experimental arm of a hazard ratio)
    std::optional<std::size_t> control;    // of a hazard ratio
    double time_months = 0, survival = 0;  // point, bound
    double value = 0;                      // events, log_hazard_ratio
    double sd = 0;                         // of S or of the value, with its rounding
    catalogue::PrintedNumber published;
    std::string derivation;  // in words, with the numbers; for only_compared: why it is not used
    catalogue::Provenance from;
    std::string cut;  // id of the analysis that reports it, where this is an earlier data cut of the same endpoint

    // Whether a fit may use it. A bound alone does not place a curve, all others do.
    [[nodiscard]] bool used() const { return kind != Kind::only_compared; }
};

// Of several prints of one statistic the one that counts: the first, completed by the limits of the first other print
// of the same value (within rounding) where it has none itself.
// `prints` must not be empty.
[[nodiscard]] catalogue::Statistic first_print(const catalogue::Statistics& prints);

struct ArmEvidence {
    std::string id, name;
    std::string label{};  // catalogue::arm_label()
    std::optional<int> n_patients;
    std::optional<double> n_events;
    // Median follow-up of the arm, else of the analysis: how long patients would have been followed without an event.
    std::optional<double> follow_up_months;
    std::optional<catalogue::PrintedNumber> published_follow_up;                    // the median as the paper gives it
    catalogue::FollowUp::Kind follow_up_kind = catalogue::FollowUp::Kind::unknown;  // of the published one
    double follow_up_log_sd = 0;          // of its logarithm, where it was worked out; else 0
    std::string follow_up_derivation;     // why it is not the published one; empty if it is
    bool follow_up_from_at_risk = false;  // estimated from the numbers at risk
    std::vector<catalogue::NumbersAtRisk::Entry> at_risk;
    std::optional<double> last_printed_month;  // latest of median, limits and milestones
    bool median_not_reached = false;

    // What people call the arm, in messages and tables; machine formats have the id.
    [[nodiscard]] const std::string& title() const { return label.empty() ? id : label; }
};

struct AnalysisEvidence {
    std::string trial, analysis, endpoint, label, population, data_cutoff;
    std::string cancer;  // "breast", "lung", "colorectal" or "prostate", where the population says so
    std::optional<double> assessment_interval_months;                  // between two scans of the protocol
    std::shared_ptr<const Constants> constants = builtin_constants();  // that everything is read and fitted with
    std::vector<ArmEvidence> arms;
    std::vector<Observation> observations;
    std::string no_curve;  // why there can be none, whatever is published; else empty

    // Months that stand for the follow-up if none is published: the last published time of any arm.
    [[nodiscard]] double follow_up_or_guess(std::size_t arm) const;
};

// Which data cuts refer to a curve.
enum class Cuts {
    own,  // the analysis alone
    // Also the survival that earlier cuts of the same endpoint and population, assessed by the same, report for times
    // up to their median follow-up, and their median where the analysis has none. Where cuts disagree the analysis' own
    // estimate counts. Never what a later cut reports.
    all,
};

// The observations of one analysis: of every arm its median, the limits of the median, milestones and events, of every
// contrast the hazard ratio and p-value, each in its first print, used or not.
[[nodiscard]] AnalysisEvidence gather(const catalogue::Trial& trial, const catalogue::Analysis& analysis,
                                      std::shared_ptr<const Constants> constants = builtin_constants(),
                                      Cuts cuts = Cuts::own);

// ---- median_limit.cpp ----

// S of the published Kaplan-Meier curve at a limit of its median. For the lower limit L (z > 0) the lower pointwise
// limit of S crosses one half at L, so S(L) solves g(S) + z se(g(S)) = g(1/2) with the interval's transform g and
// Greenwood's se at an effective sample size (Brookmeyer & Crowley 1982; Kalbfleisch & Prentice 2002, eq. 1.17 for
// log(-log S)). z < 0 gives the upper limit. nullopt if the equation has no root (very few patients at risk).
[[nodiscard]] std::optional<double> survival_at_median_limit(double z, double effective_n,
                                                             catalogue::LimitsTransform transform);

// Share of the patients whose information is still there at a point of their curve: that of Greenwood's variance of log
// S without censoring in the variance under the censoring that leaves the published events, else under the published
// follow-up; docs/method.md.
[[nodiscard]] double effective_share(const EndpointConstants& constants, const ArmEvidence& arm, double time_months,
                                     double survival);

// The standard normal quantile of the upper tail of a two-sided interval: 1.96 for 0.95.
[[nodiscard]] double z_of_level(double level);

// |z| of a two-sided p-value, 0 < p <= 1: 1.96 for 0.05. Accurate where 1 - p is 1 to a double (p = 7.8e-22 gives 9.6).
[[nodiscard]] double z_of_two_sided_p(double p);

// ---- number ----

// How a published number entered a fit.

struct NumberInFit {
    enum class Use {
        median,    // the curve passes one half there
        anchor,    // S(time) = survival +- sd
        grid_end,  // a median that was not reached: it is sought beyond this time
        tie,       // events, hazard ratio: value +- sd
        not_used,
    };
    Use use = Use::not_used;
    std::size_t arm = 0;
    double time_months = 0, survival = 0;  // median, anchor, grid_end
    double value = 0;                      // tie
    std::optional<double> sd;              // of S or of the value; none of a median, which is met up to its rounding
    std::string derivation;                // in words, with the numbers; of not_used: why
};

// ---- proportional_hazards.cpp ----

// Whether the published numbers of two arms can have a constant hazard ratio.

enum class Proportionality { not_contradicted, contradicted, not_testable };
[[nodiscard]] std::string_view word(Proportionality verdict);  // "not-contradicted", "contradicted", "not-testable"

// Of the cumulative hazards of the two arms up to a time: log(-log S1(t)) - log(-log S0(t)).
struct RatioUpTo {
    double time_months = 0;
    double log_ratio = 0, sd = 0;
};

struct ProportionalHazards {
    std::size_t arm = 0, control = 0;
    Proportionality verdict = Proportionality::not_testable;
    std::vector<RatioUpTo> ratios;  // by time
    // Of the homogeneity of the ratios and, unless of_curves_alone, the published hazard ratio.
    double chi_squared = 0;
    int degrees_of_freedom = 0;
    std::optional<double> p_value;  // uniform if hazards are proportional; absent if none is known to be
    // The published hazard ratio may be stratified or adjusted, so that the p-value does without it. The verdict counts
    // it with an allowance for strata.
    bool of_curves_alone = false;
    // How often estimates of such arms would contradict a hazard ratio that doubles, or halves, at `change_months`,
    // half of the follow-up: the mean of both.
    std::optional<double> power;
    double change_months = 0;
    std::string statement;  // in words
};

// The significance level at which the published numbers are said to contradict proportional hazards.
inline constexpr double proportionality_level = 0.01;

// One for each published hazard ratio of the analysis. `evidence` is what `gather` made of it.
[[nodiscard]] std::vector<ProportionalHazards> check_proportional_hazards(const catalogue::Analysis& analysis,
                                                                          const AnalysisEvidence& evidence);

// ---- derived_ratio.cpp ----

// A hazard ratio that is not published, from a p-value and the events of the arms (Tierney et al. 2007, Trials 8:16).

struct DerivedHazardRatio {
    std::string experimental, control;
    catalogue::Relation relation = catalogue::Relation::equal;  // of the p-value
    std::optional<double> log_ratio;  // empty: the p-value only bounds it, or the direction or the events are not known
    // Of log_ratio: its standard error, and 95% limits that include the rounding of the p-value.
    double sd = 0, lower = 0, upper = 0;
    std::string statement;  // for people: the ratio with its method, or what is missing
};

// One for each contrast with a p-value that is a number and without a hazard ratio. It is said beside the fit, not
// fitted: a p-value is a test of the same survival that the other estimates describe, often a stratified one.
[[nodiscard]] std::vector<DerivedHazardRatio> derive_hazard_ratios(const catalogue::Analysis& analysis);

// ---- rates.cpp ----

// Exact intervals of a response rate, and limits of differences out of the limits of the parts.

struct Limits {
    double lower = 0, upper = 0;
};

// Clopper & Pearson 1934 (Biometrika 26:404): quantiles of beta distributions. 0 <= responders <= evaluable, evaluable
// >= 1, 0 < level < 1; throws std::domain_error otherwise.
[[nodiscard]] Limits clopper_pearson(int responders, int evaluable, double level);

// The only count of responders whose rate among `evaluable` patients is within `half_unit` of `rate`; nullopt if
// none or several are.
[[nodiscard]] std::optional<int> responders_of_rate(double rate, double half_unit, int evaluable);

// The only number of evaluable patients among whom `responders` are a rate within `half_unit` of `rate`; nullopt if
// none or several are.
[[nodiscard]] std::optional<int> evaluable_of_rate(double rate, double half_unit, int responders);

// Limits of a difference a - b of two independent estimates out of their own limits (MOVER; Zou & Donner 2008, Stat Med
// 27:1693, eq. 4).
[[nodiscard]] Limits limits_of_difference(double a, Limits a_limits, double b, Limits b_limits);

// Standard error of a log ratio out of its limits: (log upper - log lower) / (2 z) (Parmar, Torri & Stewart 1998, Stat
// Med 17:2815).
[[nodiscard]] double se_of_log_ratio(double lower, double upper, double level);

}  // namespace hersurv::evidence
