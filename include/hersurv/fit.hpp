// Models fitted to published numbers, with their status, and how accurate such fits have been.
#pragma once

#include "hersurv/evidence.hpp"
#include "hersurv/survival.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace hersurv::fit {

// ---- fit.cpp ----

// Models fitted to the published numbers of all arms of an analysis at once: `flexible`, the conditioned process,
// and the families, each the member that runs closest to it. docs/method.md gives the formulas.

using evidence::NumberInFit;

enum class FitStatus {
    // The published estimates of the arm identify every parameter of the family by themselves, without the curves of
    // similar trials: they are as precise as these, and the value lies within parameter_limits. Of a cure
    // model: they show a curve that has levelled off. Of flexible: two estimates place the curve.
    determined,
    prior,            // the shape is mostly that of similar trials
    not_enough_data,  // nothing places the curve of this arm
    not_converged,
    no_exact_fit,  // no member of the family goes through the estimates that it was to go through; the nearest is given
};
// "determined", "prior", "not-enough-data", "not-converged", "no-exact-fit"
[[nodiscard]] std::string_view word(FitStatus status);

// What a family is laid through.
enum class Target {
    automatic,  // the published estimates of survival, if they are as many as the parameters and all that is known of
                // the arm; else the curve
    published,  // the published medians and milestones: exactly if they are no more than the parameters, else weighted
                // by their precision
    curve,      // the reconstructed curve, which uses all evidence
};
[[nodiscard]] std::string_view word(Target target);  // "automatic", "published", "curve"

inline constexpr double parameter_level = 0.95;  // of ArmFit::parameter_limits

enum class Shape { separate, common };

// A row of THE table of models (src/fit/models.cpp).
struct Model {
    std::string_view name;
    std::string_view summary;
    const survival::Family* family;  // nullptr: no family (flexible)
};
[[nodiscard]] std::span<const Model> models();
// Those of them that have a family; they are first.
[[nodiscard]] std::span<const Model> parametric_models();
[[nodiscard]] const Model* find_model(std::string_view name);

struct SymmetricMatrix {
    std::size_t size = 0;
    std::vector<double> values;  // row-major, size * size
    [[nodiscard]] double operator()(std::size_t i, std::size_t j) const { return values[i * size + j]; }
};

struct ArmFit {
    FitStatus status = FitStatus::not_enough_data;
    std::string reason;  // what is missing, or what the prior supplied; may be empty
    std::vector<double>
        parameters;  // natural scale, the family's order; empty if not_enough_data, or where the model has no family
    // 95% confidence limits of `parameters` from the published estimates alone, for a trial of this size, under the
    // family; empty unless determined, and if a cure model's lie elsewhere.
    std::vector<std::pair<double, double>> parameter_limits;
    Target target = Target::curve;  // of a family: what it was laid through, published or curve
    // Cure models whose share is not identified: the least and the largest share of all cure families.
    std::optional<std::pair<double, double>> cured_share_range;
    // The first published estimate of survival that the fit uses: before it the curve is borrowed from similar trials.
    double supported_from_months = 0;
    double supported_months = 0;  // beyond it everything is extrapolation
    // Parametric models, what they miss of the reconstructed curve over the supported range: root mean square of S - S
    // of the reconstruction, the largest distance (signed, model minus reconstruction), and where it is.
    double rms_distance = 0, largest_distance = 0, largest_distance_months = 0;
};

// How an observation was met.
struct Residual {
    std::size_t observation = 0;  // index into evidence->observations
    double fitted = 0;  // what the model makes of the published number, in its unit (months, probability, ratio, count)
    bool within_rounding = false;
    // (model - observed) / sd, sd that of the observation, of a family at a point of the curve with what families miss
    // of curves; 0 for a bound that is met.
    double standardised = 0;
};

// The curves of a fit, as functions of its free parameters. Arms that have no curve must not be asked for. Times in
// months, >= 0.
class Curves {
  public:
    virtual ~Curves() = default;
    // H(t) = -log S(t).
    [[nodiscard]] virtual double cumulative_hazard(std::size_t arm, double time_months,
                                                   std::span<const double> free) const = 0;
    // The t with S(t) = s; +infinity if the curve never gets there.
    [[nodiscard]] virtual double time_at_survival(std::size_t arm, double s, std::span<const double> free) const = 0;
    // Integral of S from 0 to the horizon.
    [[nodiscard]] virtual double rmst(std::size_t arm, double horizon_months, std::span<const double> free) const = 0;
    // -dS/dt, 1/month.
    [[nodiscard]] virtual double density(std::size_t arm, double time_months, std::span<const double> free) const = 0;
    // Variance of a function of the free parameters with this gradient at the estimate.
    [[nodiscard]] virtual double variance(std::span<const double> gradient) const = 0;
    // Variance of log((1 - S) / S) at a time that the fit knows without the delta method; nullopt if it does not.
    [[nodiscard]] virtual std::optional<double> variance_of_log_odds(std::size_t /*arm*/,
                                                                     double /*time_months*/) const {
        return std::nullopt;
    }
    // Of a family: the covariance of its free parameters times a vector, that of the reconstruction or,
    // `with_sampling`, with what another trial of this size would vary (inverse of the expected information). nullopt
    // where that is not known, and of curves without a formula.
    [[nodiscard]] virtual std::optional<std::vector<double>> covariance_times(std::span<const double> /*vector*/,
                                                                              bool /*with_sampling*/) const {
        return std::nullopt;
    }
    // Reconstruction limits of S(t) that the fit knows without the delta method; nullopt if it does not.
    [[nodiscard]] virtual std::optional<std::pair<double, double>> survival_limits(std::size_t /*arm*/,
                                                                                   double /*time_months*/,
                                                                                   double /*level*/) const {
        return std::nullopt;
    }
};

// Background mortality: a hazard below which that of extrapolated patients is not let fall.
struct HazardFloor {
    double first_age = 0;          // years, of the first element of per_year
    std::vector<double> per_year;  // hazard by year of age, 1/year, >= 0; the last one holds on, and is > 0
    double age_at_start = 0;       // years, >= first_age
    std::string description;       // "female, 54 years old at the start"
    // 1/month, at a time since the start.
    [[nodiscard]] double at(double time_months) const;
};

struct Lowered;        // private: fit/coherence.hpp
class MonotoneLimits;  // private: fit/monotone_limits.hpp

struct FittedModel {
    const Model* model = nullptr;
    Shape shape = Shape::separate;
    std::shared_ptr<const evidence::AnalysisEvidence> evidence;
    std::vector<ArmFit> arms;              // as evidence->arms
    std::vector<double> free_parameters;   // of the joint fit; empty if no arm has a curve
    std::shared_ptr<const Curves> curves;  // as functions of them; nullptr if no arm has a curve
    // Parametric models: where the free coordinates of each arm are among free_parameters (src/fit/coordinates.hpp
    // names them); empty for an arm without curve.
    std::vector<std::vector<std::size_t>> coordinates;
    SymmetricMatrix covariance;  // of the free parameters, parametric models
    // How each observation entered the reconstruction, as evidence->observations; empty for a family, whose
    // reconstruction has them.
    std::vector<NumberInFit> numbers;
    std::vector<Residual> residuals;    // of every observation that the model can say something about
    std::vector<std::string> messages;  // what the user should know, one sentence each
    // Parametric models: the flexible fit that they are the projection of. It knows where the published curve runs,
    // whatever family is laid through it.
    std::shared_ptr<const FittedModel> reconstruction;
    // Whether the intervals are to hold whatever the true curve is, those of the reconstruction: so where a family was
    // taken as the nearest to the curve (`auto`). Else those of a family are its own, and hold if the family does.
    bool intervals_of_reconstruction = false;
    // Where curves were lowered to those of overall survival; nullptr if none was. Then the free parameters and
    // their covariance are those of this fit followed by those of overall survival.
    std::shared_ptr<const Lowered> lowered;
    // What makes the limits of its curves never rise.
    std::shared_ptr<const MonotoneLimits> limits;
    std::shared_ptr<const HazardFloor> hazard_floor;  // nullptr: none
    // Of a cure model some of whose shares are not identified: the nearest member with nobody cured in these arms, the
    // same parameters otherwise. Its intervals are part of those of the model; nullptr if every share is identified
    // or none.
    std::shared_ptr<const FittedModel> with_nobody_cured;

    // The numbers of this fit or of the one that it is the projection of.
    [[nodiscard]] const std::vector<NumberInFit>& numbers_in_fit() const {
        const FittedModel* const original = reconstruction.get();
        return original != nullptr ? original->numbers : numbers;
    }
    static constexpr std::size_t npos = static_cast<std::size_t>(-1);
    // The name of the family that its intervals suppose to be true; empty if they suppose none.
    [[nodiscard]] std::string_view intervals_suppose() const {
        return reconstruction != nullptr && !intervals_of_reconstruction ? model->name : std::string_view();
    }
    [[nodiscard]] bool fitted(std::size_t arm) const { return arms[arm].status != FitStatus::not_enough_data; }
    // Parametric models. The family's natural parameters of an arm at any value of the free parameters.
    [[nodiscard]] std::vector<double> parameters_at(std::size_t arm, std::span<const double> free) const;
    // Covariance of the natural parameters of one arm (delta method), family's order; size 0 where it is beyond the
    // range of double.
    [[nodiscard]] SymmetricMatrix natural_covariance(std::size_t arm) const;
};

struct FitOptions {
    Shape shape = Shape::separate;  // parametric models
    Target target = Target::automatic;
};

// The models of one analysis. What they share, the flexible fit, is made by the constructor. May be asked by several
// threads at once. Never throws for what a paper can print; an arm that nothing places has status not_enough_data and
// its reason.
class Fitter {
  public:
    explicit Fitter(std::shared_ptr<const evidence::AnalysisEvidence> evidence, const FitOptions& options = {});
    [[nodiscard]] FittedModel fit(const Model& model) const;
    // The model that `auto` takes, with the reason as first message: the one that was measured to be nearest to
    // digitised curves with the same evidence, flexible if none is clearly nearer, never one that contradicts a
    // published number which flexible meets.
    [[nodiscard]] FittedModel fit_auto() const;

  private:
    struct Shared;
    std::shared_ptr<const Shared> shared_;
};

// One model, or several in their order, of an analysis.
[[nodiscard]] FittedModel fit(std::shared_ptr<const evidence::AnalysisEvidence> evidence, const Model& model,
                              const FitOptions& options = {});
[[nodiscard]] std::vector<FittedModel> fit(std::shared_ptr<const evidence::AnalysisEvidence> evidence,
                                           std::span<const Model* const> models, const FitOptions& options = {});
[[nodiscard]] FittedModel fit_auto(std::shared_ptr<const evidence::AnalysisEvidence> evidence,
                                   const FitOptions& options = {});

// ---- hazard_floor.cpp ----

// The same fit, whose hazard beyond the supported range is nowhere below the floor. A model without a formula is
// returned as it is, with a message that says so.
[[nodiscard]] FittedModel with_hazard_floor(FittedModel model, std::shared_ptr<const HazardFloor> floor);

// ---- parameter_covariances.cpp ----

// Of the parameters of one arm of a family, on the scale that R's flexsurv estimates them on: the logarithm of what is
// positive, the logit of a cured share, everything else as it is; times in months.
struct ParameterCovariances {
    std::vector<std::string> order;  // "log(shape)", "log(scale)"
    std::vector<double> estimates;   // on that scale
    // What another trial of this size and follow-up would vary: the inverse of the expected information (size 0 if the
    // number of patients is not published, or where such a trial does not determine every parameter).
    SymmetricMatrix sampling;
    // What the published estimates leave open of the published curve's own best member (delta method).
    SymmetricMatrix reconstruction;
    SymmetricMatrix population;  // their sum: the one to draw from for a probabilistic sensitivity analysis
};
[[nodiscard]] ParameterCovariances parameter_covariances(const FittedModel& fitted, std::size_t arm);

// The population covariance of all arms at once, those that have one: arm after arm, each in the order and on the scale
// of its ParameterCovariances. Arms are correlated by what was published of both (hazard ratio) and by a common shape.
struct JointCovariance {
    std::vector<std::size_t> arms;
    std::vector<double> estimates;
    SymmetricMatrix population;
};
[[nodiscard]] JointCovariance joint_covariance(const FittedModel& fitted);

// ---- parameter_draws.cpp ----

// Draws of the parameters of a family for a probabilistic sensitivity analysis: normal on the scale of
// ParameterCovariances, with the joint population covariance of all arms, as flexsurv's normboot.flexsurvreg draws
// those of a fit to patients (Mandel 2013, Am Stat 67:76). A draw is a function of seed, trial, analysis and its number
// alone.
class ParameterDraws {
  public:
    ParameterDraws(const FittedModel& fitted, std::uint64_t seed);
    // Why there are none of an arm; empty if there are.
    [[nodiscard]] const std::string& why_none(std::size_t arm) const { return why_none_[arm]; }
    // Natural parameters by arm; empty for an arm of which there are none.
    [[nodiscard]] std::vector<std::vector<double>> operator()(std::uint64_t draw) const;

  private:
    const survival::Family* family_ = nullptr;
    std::vector<std::string> why_none_;
    JointCovariance joint_;
    std::vector<double> factor_;  // lower triangle L with L L' = the covariance, row-major
    std::uint64_t seed_ = 0, stream_ = 0;
};

// ---- curve_draws.cpp ----

// One draw of a curve. Times in months, >= 0.
class DrawnCurve {
  public:
    virtual ~DrawnCurve() = default;
    [[nodiscard]] virtual double cumulative_hazard(double time_months) const = 0;  // never falls
    // 1/month, at a time > 0; of a curve without a formula the mean over the doubling of time about it (hazard_at).
    [[nodiscard]] virtual double hazard(double time_months) const = 0;
    [[nodiscard]] virtual double rmst(double horizon_months) const = 0;
};

// Draws of the curves of all arms: of a family those of its ParameterDraws; of the flexible model draws of the mixture,
// to which the sampling error of a Kaplan-Meier curve of this size is added. Curves capped at overall survival are
// capped at the draw of the same number of that. Draws are as those of ParameterDraws, and each may be asked for by any
// thread.
class CurveDraws {
  public:
    CurveDraws(const FittedModel& fitted, std::uint64_t seed);
    [[nodiscard]] const std::string& why_none(std::size_t arm) const;
    // By arm; nullptr of an arm of which there are none.
    [[nodiscard]] std::vector<std::unique_ptr<const DrawnCurve>> operator()(std::uint64_t draw) const;

    class Source;

  private:
    std::shared_ptr<const Source> source_;
};

// ---- misfit.cpp ----

// How far a fit is from the published medians and milestones that it uses: residuals of S, each divided by the standard
// error of the published estimate (that of a Kaplan-Meier curve of this size, with the rounding).
struct Misfit {
    std::size_t n_estimates = 0;
    double sum_of_squares = 0;
    double largest = 0;  // the residual that is furthest from 0
    [[nodiscard]] double root_mean_square() const;
    Misfit& operator+=(const Misfit& other);
};
// Needs fitted.fitted(arm).
[[nodiscard]] Misfit misfit(const FittedModel& fitted, std::size_t arm);

// Fits whose sums of squares differ by less cannot be distinguished by the published estimates: the 95% point of
// chi-squared with one degree of freedom, as of a likelihood ratio.
inline constexpr double alike_within = 3.841458820694124;
// 1 for the least sum and all that are alike with it; then on from the least of the others, behind those before it.
[[nodiscard]] std::vector<std::size_t> ranks_of_misfit(const std::vector<double>& sums_of_squares);

// ---- pattern.cpp ----

// Patterns of evidence: which numbers a paper reports of an arm. The accuracy of the curves is measured by pattern
// (bench/accuracy), and every fitted arm is told which of them it has.

// What is published of an arm. A median that was not reached is published too.
struct PrintedOfArm {
    bool n_patients = false, events = false, median = false, limits = false, follow_up = false;
    int milestones = 0;
};

enum class ArmsOfPattern {
    both,             // the same numbers of both arms
    alone,            // one arm, whatever is known of others
    by_hazard_ratio,  // of the arm at most its number of patients; the numbers are those of the other one
};

// A row of THE table of patterns (pattern.cpp).
struct Pattern {
    std::string_view name;
    PrintedOfArm printed;
    bool hazard_ratio = false;  // between the arms
    ArmsOfPattern arms = ArmsOfPattern::both;
};
[[nodiscard]] std::span<const Pattern> patterns();
[[nodiscard]] const Pattern* find_pattern(std::string_view name);  // nullptr if there is none

enum class MedianCase { reached, not_reached, not_printed };
[[nodiscard]] MedianCase median_case(const evidence::AnalysisEvidence& evidence, std::size_t arm);

// "n, median with limits, hazard ratio", "median not reached (this arm alone)".
[[nodiscard]] std::string words(const Pattern& pattern, MedianCase median = MedianCase::reached);

// Whether every number of the pattern is there for this arm.
[[nodiscard]] bool holds(const Pattern& pattern, const evidence::AnalysisEvidence& evidence, std::size_t arm);

// Whether evidence that has the richer pattern has the poorer one as well. A pattern includes itself.
[[nodiscard]] bool includes(const Pattern& richer, const Pattern& poorer);

// ---- accuracy.cpp ----

// How near the curves were to digitised Kaplan-Meier curves, by pattern of evidence: the figures of
// data/accuracy.csv (compiled in), which bench/accuracy --record writes.

// By the number of patients of an arm; what is measured of small arms says little of large ones.
struct SizeClass {
    std::string_view name;  // in data/accuracy.csv
    int least_patients = 0, most_patients = 0;
    std::string_view range;  // "150-299"
    std::string_view words;  // "of 150 to 299 patients"
};
inline constexpr std::array<SizeClass, 3> size_classes = {{
    {"small", 0, 149, "1-149", "of fewer than 150 patients"},
    {"medium", 150, 299, "150-299", "of 150 to 299 patients"},
    {"large", 300, std::numeric_limits<int>::max(), "300-", "of 300 patients or more"},
}};
[[nodiscard]] std::size_t size_class_of(int n_patients);  // index into size_classes

// Means over the arms of the digitised figures that got a curve.
struct MeasuredAccuracy {
    std::size_t n_arms = 0;     // >= 1
    double error = 0;           // mean absolute error of S over the horizon
    double standard_error = 0;  // of that mean, clustered by trial; 0 if there was one trial only
    double coverage = 0;        // share of the points inside the 95% reconstruction band widened outward by 1 / n
    std::string measured;       // "in sample": on the figures that the constants were learnt on; "held out": on others
    // The number of patients that 95% of the arms had at least: nothing is known of arms far smaller.
    double least_patients = 0;
    struct OfSize {
        std::size_t n_arms = 0;
        double error = 0;
    };
    std::array<OfSize, size_classes.size()> by_size = {};
};

class AccuracyRecord {
  public:
    // Fewer arms say little: such a figure does not decide between patterns, and is shown with the number of arms.
    static constexpr std::size_t enough_arms = 10;

    // `csv` as bench/accuracy writes it; `file` is the name for messages. If a figure is given twice, the one held out
    // counts. Throws support::InputError if a column is missing; find() if a field is not a number.
    AccuracyRecord(std::string_view csv, const std::string& file);

    // nullopt: not measured. If no median is published, over the arms with and without a reached one.
    [[nodiscard]] std::optional<MeasuredAccuracy> find(std::string_view endpoint_class, std::string_view pattern,
                                                       MedianCase median, std::string_view model) const;

    // Of the patterns that the arm has and that no other of them includes, the one with the least error of `auto`, as
    // far as that was measured on enough arms; else the first in the table that was measured at all, else the first.
    // nullptr if it has none.
    [[nodiscard]] const Pattern* pattern_of(const evidence::AnalysisEvidence& evidence, std::size_t arm) const;

  private:
    [[nodiscard]] std::optional<MeasuredAccuracy> measured(const std::string& key) const;

    std::string file_, header_;
    // The rows, which are read when they are asked for: few of many are. The key is endpoint class, pattern, whether
    // the median was reached, model: "OS\nA\nreached\nweibull".
    std::unordered_map<std::string, std::string> rows_;
};

[[nodiscard]] const AccuracyRecord& accuracy_record();  // the built-in one

// What is known of a curve beforehand.
struct ExpectedAccuracy {
    const Pattern* pattern = nullptr;  // nullptr: none that was scored
    MedianCase median = MedianCase::not_printed;
    std::string endpoint_class;  // "OS" or "PFS": of the digitised curves
    // Absent: not measured, or not on arms as small as this one. Error and number of arms are those of arms of about
    // its size, if these were enough.
    std::optional<MeasuredAccuracy> measured;
    std::optional<std::size_t> size_class;        // whose error it is; absent: of all
    std::optional<double> smaller_than_measured;  // the number of patients that the arm has fewer of than measured ones
    std::optional<MeasuredAccuracy> of_all_sizes;
};
[[nodiscard]] ExpectedAccuracy expected_accuracy(const FittedModel& model, std::size_t arm);

}  // namespace hersurv::fit
