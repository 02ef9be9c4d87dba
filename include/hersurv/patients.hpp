// Patient-level data: estimators, patients simulated from fitted curves, and patients out of digitised curves.
#pragma once

#include "hersurv/fit.hpp"
#include "hersurv/records.hpp"
#include "hersurv/survival.hpp"
#include "hersurv/tables.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hersurv::patients {

// ---- patients.cpp ----

// Patient-level survival data: what trials keep, and what pseudo-patients imitate.

struct Patient {
    double time_months = 0;
    bool event = false;  // false: censored at that time
    bool operator==(const Patient&) const = default;
};

struct Arm {
    std::string name;
    std::vector<Patient> patients;
};

// Censored if there was an event and the other way round: its Kaplan-Meier median is the median follow-up (Schemper
// & Smith 1996, Control Clin Trials 17:343).
[[nodiscard]] std::vector<Patient> reversed(std::vector<Patient> patients);

// The median follow-up of patients: that by the reverse Kaplan-Meier estimate (absent: not reached), or the median of
// their times on study.
[[nodiscard]] std::optional<double> median_follow_up(const std::vector<Patient>& patients, bool on_study);

// ---- kaplan_meier.cpp ----

// The Kaplan-Meier estimate with Greenwood's variance, its limits and its quantiles.

// One distinct time of the data. Who is censored at the time of an event is at risk for it.
struct KaplanMeierStep {
    double time_months = 0;
    std::size_t n_at_risk = 0;  // just before the time
    std::size_t n_events = 0, n_censored = 0;
    double survival = 1;               // S(time)
    double log_survival_variance = 0;  // Greenwood: sum of d / (n (n - d)); infinite where S is 0
};

// Unlike those of evidence either may be absent: a curve need not come down so far.
struct Limits {
    std::optional<double> lower, upper;
};

struct Quantile {
    std::optional<double> time_months;  // absent: not reached
    Limits limits;                      // each absent if its curve does not come down to the quantile
};

class KaplanMeier {
  public:
    // Kaplan & Meier 1958, J Am Stat Assoc 53:457. In any order; throws std::invalid_argument if a time is negative
    // or not finite.
    explicit KaplanMeier(std::vector<Patient> patients);

    [[nodiscard]] const std::vector<KaplanMeierStep>& steps() const { return steps_; }
    [[nodiscard]] std::size_t n_patients() const { return n_patients_; }
    [[nodiscard]] std::size_t n_events() const { return n_events_; }
    // The last step at or before a time; nullptr before the first.
    [[nodiscard]] const KaplanMeierStep* step_at(double time_months) const;
    [[nodiscard]] double survival(double time_months) const;
    // How many are followed to the time or longer.
    [[nodiscard]] std::size_t n_at_risk(double time_months) const;
    // The end of the data; 0 without patients.
    [[nodiscard]] double last_time_months() const { return steps_.empty() ? 0 : steps_.back().time_months; }

    // The time at which S comes down to `survival` (0.5: the median), with the limits of Brookmeyer & Crowley 1982,
    // Biometrics 38:29. Where S runs level at that value, the middle of the level stretch, as R's survival prints it.
    [[nodiscard]] Quantile quantile(double survival, catalogue::LimitsTransform transform, double level = 0.95) const;

  private:
    std::vector<KaplanMeierStep> steps_;
    std::size_t n_patients_ = 0, n_events_ = 0;
};

// Pointwise limits of S, cut to 0..1. Absent if the transform has none: at S = 0, and of log-log at S = 1.
[[nodiscard]] Limits limits(const KaplanMeierStep& step, catalogue::LimitsTransform transform, double level = 0.95);

// ---- log_rank.cpp ----

// The log-rank test of two arms.

struct LogRank {
    std::array<double, 2> observed{}, expected{};  // events by arm
    double variance = 0;                           // hypergeometric, of observed - expected
    std::optional<double> chi_square, p_value;     // 1 degree of freedom; absent if the variance is 0
};

// Mantel 1966, Cancer Chemother Rep 50:163; Peto & Peto 1972.
[[nodiscard]] LogRank log_rank(const KaplanMeier& control, const KaplanMeier& experimental);

// ---- cox.cpp ----

// Cox's proportional-hazards model of two arms: the hazard ratio of one binary covariate.

enum class CoxStatus {
    estimated,
    without_limit_below,  // every event of the experimental arm is after the last control: the hazard ratio runs to 0
    without_limit_above,  // the same of the control arm: it runs to infinity
    no_information,       // no event while both arms are at risk
};

struct CoxFit {
    CoxStatus status = CoxStatus::no_information;
    // Of experimental v control; 0 and not to be shown unless estimated.
    double log_hr = 0, se_log_hr = 0;
    [[nodiscard]] bool estimated() const { return status == CoxStatus::estimated; }
    [[nodiscard]] double hazard_ratio() const;
    [[nodiscard]] Limits limits(double level = 0.95) const;  // Wald
};

// Cox 1972, J R Stat Soc B 34:187; ties by Efron 1977, J Am Stat Assoc 72:557. Newton's method with halved steps on the
// concave log partial likelihood. A likelihood without a maximum is a status.
[[nodiscard]] CoxFit cox(const KaplanMeier& control, const KaplanMeier& experimental);

[[nodiscard]] std::string_view describe(CoxStatus status);

// ---- restricted_mean.cpp ----

// The restricted mean survival time of a Kaplan-Meier curve, and its difference and ratio between arms.

struct RestrictedMean {
    double horizon_months = 0;
    double mean_months = 0, standard_error_months = 0;
    // Whether the curve ends before the horizon without having come down to 0: its last value is drawn on.
    bool extrapolated = false;
};

// Area under S up to the horizon; variance: sum over the event times of (area from there on)^2 d / (n (n - d)) (Klein &
// Moeschberger 2003, eq. 4.5.2; R's survfit, survRM2).
[[nodiscard]] RestrictedMean restricted_mean(const KaplanMeier& curve, double horizon_months);

struct Contrast {
    double value = 0, standard_error = 0;
    Limits limits;
};

// Experimental less control. Both of the same horizon.
[[nodiscard]] Contrast restricted_mean_difference(const RestrictedMean& control, const RestrictedMean& experimental,
                                                  double level = 0.95);
// Experimental over control; its standard error is that of the logarithm (delta method), absent if a mean is 0.
[[nodiscard]] std::optional<Contrast> restricted_mean_ratio(const RestrictedMean& control,
                                                            const RestrictedMean& experimental, double level = 0.95);

// ---- arm_numbers.cpp ----

// How many patients each arm of an analysis has.

enum class NumberFrom {
    published,  // of the arm in this analysis
    record,     // elsewhere in the record: numbers at risk, a measure, responders
    share,      // of a published total; how it is divided is an assumption
    assumed,    // nothing is known
    given,      // by the user
};

struct ArmNumber {
    std::size_t n_patients = 0;
    NumberFrom from = NumberFrom::assumed;
    std::string words;  // where it is from: "the number at risk at month 0"; empty if there is nothing to say
    std::optional<std::size_t> n_events{};  // in place of the published ones
};

// One for each arm of the analysis, in its order; at least 1 each. Nothing that is known here enters a fit.
[[nodiscard]] std::vector<ArmNumber> numbers_of_arms(const catalogue::Trial& trial,
                                                     const catalogue::Analysis& analysis);

// ---- simulate.cpp ----

// Pseudo-patients from fitted curves, so that the published numbers come back.

enum class Calibration {
    none,       // plain draws: the published numbers come back in expectation
    published,  // each draw has the published events, medians, milestones and hazard ratios, where it can
};

struct SimulationOptions {
    Calibration calibration = Calibration::published;
    bool deterministic = false;  // evenly spaced quantiles in place of random numbers; every replicate is the same
    std::uint64_t seed = 0;
};

// How an arm is drawn.
struct SimulatedArm {
    std::size_t arm = 0;  // index into the evidence
    std::string id;
    std::size_t n_patients = 0;
    NumberFrom n_from = NumberFrom::published;
    std::string n_words;                        // as ArmNumber::words
    std::optional<std::size_t> printed_events;  // or those that were given
    bool events_given = false;
    double expected_events = 0;
    double follow_up_months = 0, censoring_gamma = 0;  // F and gamma of G(t) = 1 / (1 + (t / F)^gamma)
    bool time_on_study = false;                        // the published median follow-up is that of the time on study
    double end_months = 0;                             // the data cut: nobody is followed beyond
    double supported_months = 0;                       // of the curve; beyond it everything is extrapolation
};

// A published number as drawn patients have it.
struct DrawnNumber {
    std::size_t observation = 0;   // index into the evidence
    std::optional<double> value;   // absent: not reached, or not estimable
    bool within_rounding = false;  // also if both are absent
    // By how much it may be off: rounding, of a limit of a median also 1.96 standard deviations with which S is read
    // from it, and of plain draws 1.96 standard errors. Absent: nothing can be said.
    std::optional<double> tolerance;
    bool beyond_tolerance = false;  // also if one is a number and the other is not, but of plain draws
};

// Patients of the arms of one analysis that have a curve. May be asked by several threads at once.
class Simulation {
  public:
    // `numbers`: one for each arm of the evidence; without them the published ones, else an assumption. Throws
    // std::invalid_argument if an arm has more events than patients, InputError if it has more than most_patients.
    Simulation(fit::FittedModel model, const SimulationOptions& options, std::vector<ArmNumber> numbers = {});

    [[nodiscard]] const SimulationOptions& options() const;
    [[nodiscard]] const std::vector<SimulatedArm>& arms() const;
    // Those of a replicate, as arms(), by time. It depends on the options, the names of trial, analysis and arm, and
    // its number alone.
    [[nodiscard]] std::vector<Arm> draw(std::uint64_t replicate) const;
    // The medians, their limits, milestones and hazard ratios of the evidence, out of patients that were drawn.
    [[nodiscard]] std::vector<DrawnNumber> compare(const std::vector<Arm>& drawn, double level = 0.95) const;
    // S(t) and G(t), which plain draws have in expectation.
    [[nodiscard]] double survival(std::size_t simulated_arm, double time_months) const;
    [[nodiscard]] double followed(std::size_t simulated_arm, double time_months) const;

    // The number by which the arm's random numbers are told from those of others.
    [[nodiscard]] std::uint64_t stream(std::size_t simulated_arm) const;

  private:
    struct State;
    std::shared_ptr<const State> state_;
};

// ---- joint.cpp ----

// PFS and OS of the same patients.

struct JointPatient {
    Patient progression, survival;  // the former never later
};

struct JointArm {
    std::string name;
    std::vector<JointPatient> patients;  // by time of OS
    // Spearman's, of the times that the patients would have without censoring.
    double rank_correlation = 0;
    // So many progressions were later than every OS left for them, and were moved to its end.
    std::size_t n_earlier = 0;
};

// Between PFS and OS of patients with HER2-positive metastatic breast cancer, Spearman's, out of 1839 patients of 9
// randomised trials (Michiels et al. 2016, Ann Oncol 27:1029).
inline constexpr double usual_rank_correlation = 0.67;

// Pairs the records of two simulations, of which it changes none but the `n_earlier`: each endpoint keeps its published
// estimates. PFS before OS alone forces a correlation; where the one asked for cannot be had, it is the nearest.
class JointSimulation {
  public:
    // For the arms that both have. Throws std::invalid_argument if an arm has different numbers of patients.
    JointSimulation(Simulation progression, Simulation survival, double rank_correlation = usual_rank_correlation);

    [[nodiscard]] const Simulation& progression() const { return progression_; }
    [[nodiscard]] const Simulation& survival() const { return survival_; }
    // Indices of the arms in the two simulations.
    [[nodiscard]] const std::vector<std::pair<std::size_t, std::size_t>>& arms() const { return arms_; }
    [[nodiscard]] double rank_correlation() const { return rank_correlation_; }
    [[nodiscard]] std::vector<JointArm> draw(std::uint64_t replicate) const;

  private:
    Simulation progression_, survival_;
    double rank_correlation_;
    std::vector<std::pair<std::size_t, std::size_t>> arms_;
};

// ---- digitised.cpp ----

// A Kaplan-Meier figure as somebody digitised it: points of its curves and the numbers at risk below it, checked and
// repaired.

struct Click {
    double time_months = 0, survival = 1;
    bool operator==(const Click&) const = default;
};

struct AtRisk {
    double time_months = 0;
    std::size_t n_patients = 0;
    bool operator==(const AtRisk&) const = default;
};

// More than any trial has; what says more is a slip.
inline constexpr std::size_t most_patients = 1'000'000;

struct DigitisedArm {
    std::string name;             // empty if the file has no column for it
    std::vector<Click> clicks;    // by time; S in 0..1
    std::vector<AtRisk> at_risk;  // by time, not increasing; empty if there is none
    std::optional<std::size_t> n_patients, n_events;
    std::vector<double> censor_marks;  // times of the marks of censored patients, increasing; empty if none are known
    // The patients themselves, of a table that counts events and censored at each time (R's survfit) and whose survival
    // is theirs; empty of points that somebody clicked.
    std::vector<Patient> counted{};
};

struct Digitised {
    std::vector<DigitisedArm> arms;       // as they first appear
    std::vector<std::string> warnings;    // what is unlikely of such a figure: they lead every report
    std::vector<std::string> repairs;     // what was not as it should be, in words with counts
    std::vector<tables::FileRead> files;  // how each file was read
};

// The files of one figure: the points of its curves, and if there are any, the numbers at risk and the times of the
// marks of censored patients. Arms go by their names in any case; if there is one, it needs none.
struct DigitisedFiles {
    std::vector<tables::Input> curve{}, at_risk{}, censor_marks{};
    bool failures = false;  // the curves are cumulative incidences, 1 - survival
};

// Reads tables of any dialect and layout that src/tables knows; without numbers at risk those of a table of R's
// survfit count. Times become months.
//
// Repaired, and said: points out of order, points given twice, arms in percent, points just outside 0..1 or before time
// 0, rows without a value. With a warning: single points far outside or far off their neighbours (left out), curves of
// which the beginning is missing, arms in different scales, numbers at risk that look exchanged, times that no trial
// has in months. Throws support::InputError if the data contradict themselves: a curve that rises, as a cumulative
// incidence does, or starts far below 1, exchanged columns, survival that is neither a share nor percent, numbers at
// risk that grow or are more than are alive, times of two files in different units.
[[nodiscard]] Digitised read_digitised(const DigitisedFiles& files);
// The same of one file each; an empty name of a file: there is none.
[[nodiscard]] Digitised read_digitised(std::string_view curve, const std::string& curve_file, std::string_view at_risk,
                                       const std::string& at_risk_file, std::string_view marks = {},
                                       const std::string& marks_file = {});

// The number of patients at the start: as given, else the first number at risk, divided by S where it is later.
// Absent if neither is known.
[[nodiscard]] std::optional<std::size_t> patients_at_start(const DigitisedArm& arm);

// What is unlikely of the numbers of the arms beside their curves, once all that is known of them is there (n_patients,
// n_events): more events than the curve leaves room for, numbers at risk that end early or would fit the other arm
// better.
[[nodiscard]] std::vector<std::string> unlikely_numbers(const std::vector<DigitisedArm>& arms);

// ---- reconstruct.cpp ----

// Patient times out of a digitised Kaplan-Meier figure.

// A non-increasing curve of straight pieces between even times from 0 on.
struct DigitisedCurve {
    double step_months = 0, end_months = 0;
    std::vector<double> survival;  // at k * step_months, up to the end; the first is 1

    [[nodiscard]] double at(double time_months) const;
    // When it comes down to a survival; infinity if it does not.
    [[nodiscard]] double time_at(double value) const;
};

// Where the numbers of censored patients come from.
enum class CensoringFrom { counts, at_risk_and_events, at_risk, events, marks, assumption };

struct ReconstructedArm {
    Arm arm;               // sorted by time
    DigitisedCurve curve;  // through the points, that the patients follow
    CensoringFrom censoring = CensoringFrom::assumption;
    std::vector<std::string> notes;     // what could not be kept
    std::vector<std::string> warnings;  // where the patients are farther from the figure than those of sound ones
    // What these are about: the root mean square distance of the patients' curve to the points, less half a step (1 /
    // (2 n)), and the events that the curve asks for beyond those that the numbers at risk allow, as a share of n.
    double distance = 0, lacking_share = 0;
};

// Standard deviations of a digitised point, in shares of either axis.
struct ClickNoise {
    double time_share = 0.003, survival = 0.003;
};

// All arms of one figure at once: visits that are scheduled make their curves fall at the same times. Every arm needs a
// number of patients, from n_patients or from numbers at risk at time 0; throws std::invalid_argument if one has
// none, or no point after time 0. The same arms give the same patients.
[[nodiscard]] std::vector<ReconstructedArm> reconstruct(const std::vector<DigitisedArm>& given,
                                                        const ClickNoise& noise = {});

// ---- agreement.cpp ----

// How well patients reproduce what they were made from: a digitised curve, numbers at risk, published numbers.

// Of the patients' Kaplan-Meier curve less the points of its arm.
struct PointAgreement {
    double root_mean_square = 0, mean = 0;
    double largest = 0, largest_at_months = 0;  // signed, where its size is largest
};
[[nodiscard]] PointAgreement point_agreement(const KaplanMeier& curve, const DigitisedArm& arm);

// The largest difference of patients less published number at risk, with its sign; absent if none is published.
struct AtRiskAgreement {
    long largest = 0;
    double largest_at_months = 0;
};
[[nodiscard]] std::optional<AtRiskAgreement> at_risk_agreement(const KaplanMeier& curve, const DigitisedArm& arm);

// "within 5%", "within 10%", "within 20%", "off by more than 20%": the classes in which kmdata grades its data sets
// against their papers.
[[nodiscard]] std::string grade(double found, double published);

// ---- record.cpp ----

// Patients as a record of the catalogue, so that a digitised curve is evidence like any other.

// What is known of the trial beside its patients.
struct RecordFrame {
    std::string trial, endpoint, label;
    catalogue::Source source;              // that every number names
    std::vector<catalogue::Arm> arms;      // as the patients' arms
    const catalogue::Trial* of = nullptr;  // design, line and population are copied from it
    std::size_t control = 0;               // the arm that the others are compared with
};

// One analysis: of each arm the number of patients, events, median and follow-up (reverse Kaplan-Meier), and S at even
// times to where 10 patients or 10% are left; the hazard ratio of each arm against the control.
[[nodiscard]] catalogue::Trial record_of(const std::vector<Arm>& arms, const RecordFrame& frame);

// ---- published_figure.cpp ----

// What is published of the arms of a digitised figure.

struct PublishedFigure {
    const catalogue::Trial* trial = nullptr;  // nullptr: nothing is
    const catalogue::Analysis* analysis = nullptr;
    std::vector<const catalogue::ArmResult*> results;  // as the arms of the figure; nullptr if there are none
};

// Takes over the name of a single arm, and the numbers of patients and events that the figure does not tell: these are
// among the repairs.
void take_published(const PublishedFigure& published, Digitised& digitised);

// Medians of the patients that are farther from the published ones than those of sound figures are.
[[nodiscard]] std::vector<std::string> unlike_published(const PublishedFigure& published,
                                                        const std::vector<ReconstructedArm>& rebuilt);

// The first arm that is the control of a published contrast, else the last.
[[nodiscard]] std::size_t control_of(const PublishedFigure& published);

// `file` is the name of the digitised curve, `endpoint` that of a figure of which nothing is published.
[[nodiscard]] RecordFrame frame_of(const PublishedFigure& published, const std::vector<DigitisedArm>& arms,
                                   std::size_t control, const std::string& file, const std::string& endpoint);

// ---- patient_table.cpp ----

// Patient-level data out of a table: what `hersurv patients` writes, or what a trial keeps.

struct PatientTable {
    std::vector<Arm> arms;           // as they first appear; one without a name if there is no column for it
    std::vector<std::string> notes;  // how the file was read, one sentence each
    // Whether the columns are those that `hersurv patients` writes: the patients are simulated or reconstructed.
    bool reconstructed = false;
};

// Reads a table of any dialect that src/tables knows: a time (converted to months), an event (0/1, TRUE/FALSE, or 1/2
// as R codes status; or `censored`, which is its reverse) and, with several arms, an arm; under the names that R's and
// Stata's data sets give them. Throws InputError for a table whose arms cannot each be fitted: no time may be negative,
// each arm needs two patients and one event.
[[nodiscard]] PatientTable read_patients(const tables::Input& input);
[[nodiscard]] PatientTable read_patients(std::string_view text, const std::string& file);

// ---- maximum_likelihood.cpp ----

// Families fitted to right-censored patients by maximum likelihood.

enum class LikelihoodStatus {
    converged,
    at_boundary,    // the likelihood is greatest with nobody cured; what is left has its standard errors
    not_converged,  // no maximum was found: `reason` says where the search ended
};
[[nodiscard]] std::string_view word(LikelihoodStatus status);

struct LikelihoodEstimate {
    double value = 0;
    std::optional<double> standard_error;  // absent at a boundary
    Limits limits;                         // normal on the scale of the coordinates, as flexsurv
};

// What a fit says of one of its arms.
struct LikelihoodArm {
    std::size_t arm = 0;                         // index among the arms given
    std::vector<LikelihoodEstimate> parameters;  // the family's order, natural scale
    std::optional<LikelihoodEstimate> median;    // absent if S does not come down to one half
};

// A family fitted to one arm, or with a common shape to all arms.
struct LikelihoodFit {
    const survival::Family* family = nullptr;
    LikelihoodStatus status = LikelihoodStatus::not_converged;
    std::string reason;  // empty if converged
    std::size_t n_patients = 0, n_events = 0;
    std::size_t n_parameters = 0;     // all of the model's, one at a boundary too
    double log_likelihood = 0;        // of the times in months, with all its constants
    std::vector<LikelihoodArm> arms;  // empty unless there is a maximum
    // The coordinates in which the likelihood was maximised, flexsurv's: log of what is positive, logit of the cured
    // share, everything else as it is. One at a boundary is left out.
    std::vector<std::string> coordinates;  // "log(shape)"; with a common shape "log(scale), arm A"
    std::vector<double> estimates;
    fit::SymmetricMatrix covariance;  // inverse of the observed information

    [[nodiscard]] bool fitted() const { return status != LikelihoodStatus::not_converged; }
    [[nodiscard]] double aic() const;  // Akaike 1974, IEEE Trans Autom Control 19:716
    [[nodiscard]] double bic() const;  // Schwarz 1978, Ann Stat 6:461, with the number of patients
};

struct LikelihoodOptions {
    fit::Shape shape = fit::Shape::separate;
    double level = 0.95;
    int threads = 0;  // 0: as many as there are processors
};

// The fits of one family: one for each arm, or one of all arms with a common shape (then only the location and the
// cured share are each arm's own).
struct FamilyFits {
    const survival::Family* family = nullptr;
    std::vector<LikelihoodFit> fits;

    // Of all arms together.
    [[nodiscard]] bool fitted() const;
    [[nodiscard]] LikelihoodStatus status() const;  // the worst of the fits
    [[nodiscard]] std::size_t n_parameters() const;
    [[nodiscard]] double log_likelihood() const;
    [[nodiscard]] double aic() const;
    [[nodiscard]] double bic() const;
};

// Newton's method on exact second derivatives from several starts, the highest maximum taken. Every arm has at least
// one event; times are above 0 (`read_patients`). Families that do not converge have a status.
[[nodiscard]] std::vector<FamilyFits> fit_patients(const std::vector<Arm>& arms,
                                                   const std::vector<const survival::Family*>& families,
                                                   const LikelihoodOptions& options = {});

}  // namespace hersurv::patients
