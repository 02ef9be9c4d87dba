// Turns the records of one analysis into observations on its survival curves, one function for each kind of published
// number.
#include "hersurv/evidence.hpp"

#include <fmt/format.h>

#include "evidence/at_risk.hpp"
#include "evidence/constants.hpp"
#include "evidence/cuts.hpp"
#include "evidence/follow_up.hpp"
#include "support/number_text.hpp"
#include "support/numbers.hpp"
#include <algorithm>
#include <cctype>
#include <cmath>
#include <numbers>

namespace hersurv::evidence {
namespace {

using catalogue::PrintedNumber;
using catalogue::Statistic;
using catalogue::StatisticKey;
using support::sd_of_rounding;
using support::shortest;

constexpr double whole_percent = 0.005;      // half the unit of the milestones that sd_milestone was learnt on
constexpr double near_one = 0.985;           // from here on a milestone is a bound
constexpr double near_median_months = 0.06;  // a milestone so near to the median says what the median says

// The first kind of cancer that a text names.
std::string cancer_of(std::string text) {
    for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    std::string first;
    std::size_t where = std::string::npos;
    for (const char* cancer : {"breast", "lung", "colorectal", "prostate"})
        if (const std::size_t found = text.find(cancer); found < where) {
            where = found;
            first = cancer;
        }
    return first;
}

class Gatherer {
  public:
    Gatherer(const catalogue::Trial& trial, const catalogue::Analysis& analysis,
             std::shared_ptr<const Constants> constants)
        : trial_(trial),
          analysis_(analysis),
          constants_(constants->endpoint(analysis.endpoint)),
          process_(constants->process(analysis.endpoint)) {
        out_.constants = std::move(constants);
        out_.trial = trial.id;
        out_.analysis = analysis.id;
        out_.endpoint = analysis.endpoint;
        out_.label = analysis.label;
        out_.population = analysis.population;
        out_.data_cutoff = analysis.data_cutoff;
        out_.cancer = cancer_of(trial.population + " " + analysis.population);
        constexpr double weeks_per_month = 365.25 / 12 / 7;
        if (analysis.assessment_interval_weeks)
            out_.assessment_interval_months = *analysis.assessment_interval_weeks / weeks_per_month;
        for (const auto& result : analysis.arms) add_arm(trial, result);
    }

    AnalysisEvidence gather(Cuts cuts) {
        if (trial_.pools_studies()) return gather_pooled();
        for (std::size_t arm = 0; arm < analysis_.arms.size(); ++arm) {
            const auto& result = analysis_.arms[arm];
            if (!result.median.empty()) add_median(arm, first_print(result.median));
            for (const auto& milestone : result.milestones)
                add_milestone(arm, milestone.time_months, first_print(milestone.survival));
            if (!result.events.empty()) add_events(arm, result.events.front());
        }
        for (const auto& contrast : analysis_.contrasts) add_contrast(contrast);
        if (cuts == Cuts::all)
            for (const catalogue::Analysis* cut : earlier_cuts(trial_, analysis_)) join(*cut);
        return std::move(out_);
    }

  private:
    // The median of a log-logistic curve of the typical shape through the median or the milestone nearest to one half.
    [[nodiscard]] std::optional<double> rough_median(const catalogue::ArmResult& result) const {
        if (!result.median.empty()) {
            const PrintedNumber& median = first_print(result.median).value;
            if (median.is_number() && median.value > 0) return median.value;
        }
        std::optional<double> rough;
        double nearest = 0.5;
        for (const auto& milestone : result.milestones) {
            const PrintedNumber& survival = first_print(milestone.survival).value;
            if (!survival.is_number() || milestone.time_months <= 0) continue;
            const double s = survival.value, away = std::abs(s - 0.5);
            if (away >= nearest) continue;
            nearest = away;
            rough = milestone.time_months * std::pow(s / (1 - s), 1 / constants_.log_logistic_shape);
        }
        return rough;
    }

    void add_arm(const catalogue::Trial& trial, const catalogue::ArmResult& result) {
        ArmEvidence arm;
        arm.id = result.arm;
        const catalogue::Arm* record = trial.find_arm(result.arm);
        arm.name = record != nullptr ? record->name : result.arm;
        arm.label = catalogue::arm_label(trial, result.arm);
        arm.n_patients = result.n_patients;
        if (!result.events.empty() && result.events.front().value.is_number())
            arm.n_events = result.events.front().value.value;
        if (const auto* printed = printed_follow_up(result)) {
            std::optional<double> events_fraction;
            if (arm.n_patients && *arm.n_patients > 0 && arm.n_events)
                events_fraction = *arm.n_events / *arm.n_patients;
            AssumedFollowUp assumed = assumed_follow_up(constants_, printed->median_months, printed->kind,
                                                        rough_median(result), events_fraction);
            arm.published_follow_up = printed->median_months;
            arm.follow_up_kind = printed->kind;
            arm.follow_up_months = assumed.median_months;
            arm.follow_up_log_sd = assumed.log_sd;
            arm.follow_up_derivation = std::move(assumed.why);
        }
        take_numbers_at_risk(constants_, result, arm);
        const auto note_time = [&](double time) {
            arm.last_printed_month = std::max(arm.last_printed_month.value_or(0), time);
        };
        if (!result.median.empty()) {
            const Statistic median = first_print(result.median);
            arm.median_not_reached = !median.value.is_number();
            if (median.value.is_number()) note_time(median.value.value);
            if (median.lower && median.lower->is_number()) note_time(median.lower->value);
            if (median.upper && median.upper->is_number()) note_time(median.upper->value);
        }
        for (const auto& milestone : result.milestones) note_time(milestone.time_months);
        out_.arms.push_back(std::move(arm));
    }

    Observation start(const StatisticKey& statistic, std::size_t arm, const PrintedNumber& published,
                      const catalogue::Provenance& from) {
        Observation observation;
        observation.statistic = statistic;
        observation.arm = arm;
        observation.published = published;
        observation.from = from;
        return observation;
    }

    void unused(Observation observation, std::string why) {
        observation.kind = Kind::only_compared;
        observation.derivation = "not used: " + std::move(why);
        out_.observations.push_back(std::move(observation));
    }

    void point(Observation observation, double time, double survival, double sd, std::string derivation) {
        observation.kind = Kind::point;
        observation.time_months = time;
        observation.survival = survival;
        observation.sd = sd;
        observation.derivation = std::move(derivation);
        out_.observations.push_back(std::move(observation));
    }

    void add_median(std::size_t arm, const Statistic& median) {
        Observation observation = start({StatisticKey::Kind::median}, arm, median.value, median.from);
        if (!median.value.is_number()) {
            add_not_reached(std::move(observation), arm);
        } else if (median.value.value <= 0) {
            unused(std::move(observation), "a median of 0 months does not determine a curve");
        } else {
            const double time = median.value.value, half_unit = median.value.half_unit();
            // The rounding moves y = logit(1 - S), of which S moves by S (1 - S) = 1/4.
            const double by_rounding = process_.median_rounding_factor * sd_of_rounding(half_unit) / time / 4;
            point(
                std::move(observation), time, 0.5, std::hypot(process_.nugget_sd, by_rounding),
                fmt::format("S({0}) = 0.5, with {0} rounded to {1}", shortest(time),
                            median.value.unit == catalogue::TimeUnit::months ? shortest(2 * half_unit)
                                                                             : support::significant(2 * half_unit, 2)));
        }
        if (median.lower) add_limit(arm, median, *median.lower, StatisticKey::Side::lower);
        if (median.upper) add_limit(arm, median, *median.upper, StatisticKey::Side::upper);
    }

    void add_not_reached(Observation observation, std::size_t arm) {
        const auto follow_up = out_.arms[arm].follow_up_months;
        if (!follow_up)
            return unused(std::move(observation),
                          "median not reached, and no follow-up is published that would say by when");
        observation.kind = Kind::bound;
        observation.time_months = *follow_up;
        observation.survival = 0.5;
        observation.sd = out_.constants->reading().sd_model;
        observation.derivation =
            fmt::format("median not reached: S > 0.5 at the median follow-up of {} months", shortest(*follow_up));
        out_.observations.push_back(std::move(observation));
    }

    // A limit of the median is a point of the curve: see survival_at_median_limit().
    void add_limit(std::size_t arm, const Statistic& median, const PrintedNumber& limit, StatisticKey::Side side) {
        Observation observation =
            start({StatisticKey::Kind::median, side}, arm, limit, median.limits_from.value_or(median.from));
        const bool lower = side == StatisticKey::Side::lower;
        const ArmEvidence& evidence = out_.arms[arm];
        if (!limit.is_number())
            return unused(std::move(observation), "limit not reached: the confidence limit of S stays above 0.5");
        if (!evidence.n_patients)
            return unused(std::move(observation),
                          "a confidence limit says something about the curve only if the number of patients is known");
        if (*evidence.n_patients == 0 || limit.value <= 0)
            return unused(std::move(observation), "no patients, or a limit of 0 months");
        if (median.value.is_number() && std::abs(limit.value - median.value.value) < 0.049)
            return unused(std::move(observation), "same time as the median, which is used");
        const double n = *evidence.n_patients;
        const double z = (lower ? 1 : -1) * z_of_level(median.level);
        const auto uncensored = survival_at_median_limit(z, n, median.limits);
        const double share = effective_share(constants_, evidence, limit.value, uncensored.value_or(0.5));
        const auto survival = survival_at_median_limit(z, n * share, median.limits);
        const double offset = lower ? constants_.offset_lower : constants_.offset_upper;
        const double s = survival.value_or(0) - offset;
        if (!uncensored || !(s > 0.01 && s < 0.99))
            return unused(
                std::move(observation),
                fmt::format("with an effective {:.1f} patients at risk the limit is uninformative", n * share));
        // The rounding of the time moves y = logit(1 - S) by its slope against log t.
        const double rounding_of_y = constants_.limit_rounding_factor * constants_.typical_slope * limit.half_unit() /
                                     std::numbers::sqrt3 / limit.value;
        const bool guessed = !evidence.n_events && !evidence.follow_up_months;
        const double own = std::hypot(constants_.limit_sd, constants_.limit_sd_by_censoring * (*survival - *uncensored),
                                      guessed ? constants_.limit_sd_by_guess * (*survival - 0.5) : 0);
        const double sd = std::hypot(own, process_.nugget_sd, rounding_of_y * s * (1 - s));
        point(std::move(observation), limit.value, s, sd,
              fmt::format("S({}) = {:.3f}; sd {:.4f} (from the {} limit of S, which is 0.5 there: {} patients x {:.2f} "
                          "effective{})",
                          shortest(limit.value), s, sd, lower ? "lower" : "upper", *evidence.n_patients, share,
                          guessed ? ", events assumed" : ""));
    }

    // The median of the arm, if the curve passes one half there; nullptr if it was not reached or is not published.
    const Observation* reached_median(std::size_t arm) const {
        const auto found = std::ranges::find_if(out_.observations, [arm](const Observation& o) {
            return o.arm == arm && o.statistic.is(StatisticKey::Kind::median) && o.kind == Kind::point;
        });
        return found != out_.observations.end() ? &*found : nullptr;
    }

    void add_milestone(std::size_t arm, double time, const Statistic& milestone) {
        Observation observation = start({StatisticKey::Kind::milestone, StatisticKey::Side::value, time}, arm,
                                        milestone.value, milestone.from);
        if (!milestone.value.is_number()) return unused(std::move(observation), "not estimable");
        const double s = milestone.value.value, half_unit = milestone.value.half_unit();
        const Observation* median = reached_median(arm);
        // An arm whose median was not reached has little else than milestones near 1.
        if (time <= 0) return unused(std::move(observation), "S(0) is 1 in every curve");
        const double least = median != nullptr ? 0.01 : 0.004;
        if (s <= least) return unused(std::move(observation), "too close to 0 to be informative after rounding");
        if (s >= near_one) return add_near_one(std::move(observation), s, half_unit);
        const double sd = std::hypot(
            std::hypot(constants_.sd_milestone * std::max(1.0, half_unit / whole_percent), process_.nugget_sd) *
                room_below_one(s),
            sd_of_step(out_.arms[arm], time, s));
        if (median != nullptr && std::abs(median->time_months - time) < near_median_months) {
            observation.time_months = time;
            observation.survival = s;
            observation.sd = sd;
            return unused(std::move(observation), "same time as the median, which is used");
        }
        point(std::move(observation), time, s, sd,
              fmt::format("S({}) = {}; sd {:.4f} (rounded to {})", shortest(time),
                          support::fixed(s, milestone.value.decimals), sd, shortest(2 * half_unit)));
    }

    // Towards 1 a curve has less room to differ from the published one, and its variance is that of S (1 - S); from .9
    // downwards the learnt sds hold.
    // A Kaplan-Meier curve falls by 1 / (n G) at an event; its value is anywhere on the step.
    [[nodiscard]] double sd_of_step(const ArmEvidence& evidence, double time, double s) const {
        if (!evidence.n_patients || *evidence.n_patients == 0) return 0;
        return sd_of_rounding(0.5 / (*evidence.n_patients * effective_share(constants_, evidence, time, s)));
    }

    static double room_below_one(double s) {
        constexpr double learnt_up_to = 0.9;
        return s <= learnt_up_to ? 1 : std::sqrt(s * (1 - s) / (learnt_up_to * (1 - learnt_up_to)));
    }

    // What is published as 99% says that S is above 98.5%, as far as that rounding goes: within the share of deaths
    // that it allows, the typical curve through the median tells the likeliest, and an end of it where that lies
    // outside.
    void add_near_one(Observation observation, double s, double half_unit) {
        constexpr double least_of_most = 1.0 / 8;  // of the deaths allowed, if none is published
        constexpr double inside = 0.85, sharpness = 0.25;
        const double most_dead = 1 - std::max(s - half_unit, 0.5);
        const double least_dead = std::max(1 - s - half_unit, least_of_most * most_dead);
        const double time = observation.statistic.time_months;
        const auto median = rough_median(result_of(observation.arm));
        const double typical = median ? 1 / (1 + std::pow(*median / time, constants_.log_logistic_shape))
                                      : std::sqrt(most_dead * least_dead);
        const double dead = std::clamp(typical, least_dead / inside, inside * most_dead);
        const double sd = std::hypot(sharpness * sd_of_rounding(0.5 * std::log(most_dead / least_dead)) * dead,
                                     std::min(process_.nugget_sd * room_below_one(1 - dead), 0.1 * dead));
        point(std::move(observation), time, 1 - dead, sd,
              fmt::format("S({}) is above {:.4g}, estimated as {:.4g}; sd {:.4f}", shortest(time), 1 - most_dead,
                          1 - dead, sd));
    }

    void add_events(std::size_t arm, const Statistic& events) {
        Observation observation = start({StatisticKey::Kind::events}, arm, events.value, events.from);
        const ArmEvidence& evidence = out_.arms[arm];
        if (!events.value.is_number()) return unused(std::move(observation), "not a number");
        if (!evidence.n_patients || *evidence.n_patients == 0)
            return unused(std::move(observation), "the number of patients is not published");
        if (!evidence.follow_up_months) return unused(std::move(observation), "no follow-up is published");
        const double fraction = events.value.value / *evidence.n_patients;
        if (fraction > 1) return unused(std::move(observation), "more events than patients");
        // The learnt sd and offset are of trials in which many had an event. Few events are as uncertain as their
        // binomial count, and as the share of them that the typical censoring misses.
        constexpr double missed_share = 0.25;
        const double counted = std::max(events.value.value, 1.0) / *evidence.n_patients;
        const double rare = std::hypot(std::sqrt(counted / *evidence.n_patients), missed_share * counted);
        const double share = std::min(1.0, rare / constants_.sd_events);
        observation.kind = Kind::events;
        observation.value = fraction + share * constants_.events_offset;
        // About half of the count's binomial variance is that of who is censored when, which no curve can tell; the
        // learnt sd has that of large arms.
        constexpr double patients_of_learnt_arms = 400, by_censoring = 0.5;
        const double fewer = std::max(1.0 / *evidence.n_patients - 1 / patients_of_learnt_arms, 0.0);
        const double sd_by_censoring = std::sqrt(by_censoring * fraction * (1 - fraction) * fewer);
        observation.sd =
            std::hypot(share * constants_.sd_events, sd_by_censoring, sd_by_follow_up(result_of(arm), evidence));
        observation.derivation = fmt::format(
            "{} of {} patients had an event by a median follow-up of {} months{}: fraction {:.3f}; sd {:.3f}",
            shortest(events.value.value), *evidence.n_patients, support::significant(*evidence.follow_up_months, 3),
            evidence.follow_up_derivation.empty() ? ""
            : evidence.follow_up_from_at_risk     ? " (estimated from the numbers at risk)"
                                                  : " (estimated from the time on study)",
            fraction, observation.sd);
        out_.observations.push_back(std::move(observation));
    }

    [[nodiscard]] const catalogue::ArmResult& result_of(std::size_t arm) const { return analysis_.arms[arm]; }

    // By how much the expected fraction with an event moves with a follow-up that is not sure.
    [[nodiscard]] double sd_by_follow_up(const catalogue::ArmResult& result, const ArmEvidence& evidence) const {
        const auto median = rough_median(result);
        if (evidence.follow_up_log_sd == 0 || !median) return 0;
        const auto at = [&](double sds) {
            return expected_events_fraction(constants_, *median,
                                            *evidence.follow_up_months * std::exp(sds * evidence.follow_up_log_sd));
        };
        return (at(1) - at(-1)) / 2;
    }

    std::optional<std::size_t> arm_index(const std::string& id) const {
        for (std::size_t i = 0; i < out_.arms.size(); ++i)
            if (out_.arms[i].id == id) return i;
        return std::nullopt;
    }

    void add_contrast(const catalogue::Contrast& contrast) {
        const auto experimental = arm_index(contrast.experimental), control = arm_index(contrast.control);
        if (!experimental || !control) return;
        std::optional<double> log_hr;
        if (!contrast.hazard_ratio.empty()) {
            const Statistic ratio = first_print(contrast.hazard_ratio);
            Observation observation = start({StatisticKey::Kind::hazard_ratio}, *experimental, ratio.value, ratio.from);
            observation.control = control;
            if (!ratio.value.is_number() || ratio.value.value <= 0) {
                unused(std::move(observation), "not a number");
            } else {
                log_hr = std::log(ratio.value.value);
                const bool unstratified = ratio.stratified == false && ratio.adjusted != true;
                const double base = unstratified ? constants_.sd_log_hr_unstratified : constants_.sd_log_hr_otherwise;
                const double rounding = sd_of_rounding(ratio.value.half_unit()) / ratio.value.value;
                observation.kind = Kind::log_hazard_ratio;
                observation.value = *log_hr;
                const bool followed = std::ranges::any_of(
                    out_.arms, [](const ArmEvidence& arm) { return arm.follow_up_months.has_value(); });
                observation.sd = std::hypot(std::max(base, rounding), followed ? 0 : constants_.sd_log_hr_by_guess);
                observation.derivation = fmt::format("average log hazard ratio v {} = {:.3f}; sd {:.3f} ({}{})",
                                                     out_.arms[*control].title(), *log_hr, observation.sd,
                                                     rounding > base ? "from its rounding"
                                                     : unstratified  ? "unstratified"
                                                                     : "stratified, adjusted or not stated",
                                                     followed ? "" : ", follow-up not published");
                out_.observations.push_back(std::move(observation));
            }
        }
        if (!contrast.p_values.empty()) {
            const auto& p = contrast.p_values.front();
            Observation observation = start({StatisticKey::Kind::p_value}, *experimental, p.value, p.from);
            observation.control = control;
            std::string why = "a p-value says something about the sampling error, not about the curves";
            // p = 2 (1 - Phi(|z|)), z = log HR / se (Tierney 2007, Trials 8:16, eq. 7).
            if (log_hr && p.relation == catalogue::Relation::equal && p.value.is_number() && p.value.value > 0 &&
                p.value.value < 1 && *log_hr != 0)
                why +=
                    fmt::format("; with the hazard ratio it gives a standard error of {:.3f} of the log hazard ratio",
                                std::abs(*log_hr) / z_of_two_sided_p(p.value.value));
            unused(std::move(observation), why);
        }
    }

    // Estimates of a meta-analysis are between the studies: no one Kaplan-Meier curve has them.
    AnalysisEvidence gather_pooled() {
        constexpr const char* why = "an estimate pooled over studies is not a point of a Kaplan-Meier curve";
        out_.no_curve = why;
        for (std::size_t arm = 0; arm < analysis_.arms.size(); ++arm) {
            const auto& result = analysis_.arms[arm];
            if (!result.median.empty()) {
                const Statistic median = first_print(result.median);
                unused(start({StatisticKey::Kind::median}, arm, median.value, median.from), why);
            }
            for (const auto& milestone : result.milestones) {
                const Statistic survival = first_print(milestone.survival);
                unused(start({StatisticKey::Kind::milestone, StatisticKey::Side::value, milestone.time_months}, arm,
                             survival.value, survival.from),
                       why);
            }
        }
        return std::move(out_);
    }

    // What an earlier cut says of the curves.
    void join(const catalogue::Analysis& cut) {
        for (const auto& result : cut.arms) {
            const auto arm = arm_index(result.arm);
            const auto* followed = printed_follow_up(result);
            if (!arm || followed == nullptr) continue;
            const double end = followed->median_months.value;
            const std::size_t first = out_.observations.size();
            const auto& own = analysis_.arms[*arm];
            if (own.median.empty() && !result.median.empty()) {
                const Statistic median = first_print(result.median);
                if (median.value.is_number() && median.value.value <= end && reached_median(*arm) == nullptr)
                    add_median(*arm, without_limits(median));
            }
            for (const auto& milestone : result.milestones) {
                const Statistic survival = first_print(milestone.survival);
                if (milestone.time_months > end || !survival.value.is_number()) continue;
                if (!speaks_of(*arm, milestone.time_months)) add_milestone(*arm, milestone.time_months, survival);
            }
            for (std::size_t i = first; i < out_.observations.size(); ++i) {
                Observation& joined = out_.observations[i];
                joined.cut = cut.id;
                if (joined.kind == Kind::point && contradicts_own(joined))
                    joined = unused_of(joined, "it disagrees with the estimates of the analysis itself");
            }
        }
    }

    static Statistic without_limits(Statistic statistic) {
        statistic.lower.reset();
        statistic.upper.reset();
        return statistic;
    }

    static Observation unused_of(Observation observation, const std::string& why) {
        observation.kind = Kind::only_compared;
        observation.derivation = "not used: " + why;
        return observation;
    }

    // Whether an estimate of survival at this time is there already.
    [[nodiscard]] bool speaks_of(std::size_t arm, double time_months) const {
        return std::ranges::any_of(out_.observations, [&](const Observation& o) {
            return o.arm == arm && o.statistic.is(StatisticKey::Kind::milestone) &&
                   std::abs(o.statistic.time_months - time_months) < near_median_months;
        });
    }

    // A curve that falls cannot pass through both, whatever the rounding.
    [[nodiscard]] bool contradicts_own(const Observation& joined) const {
        constexpr double surely = 3;  // sds
        return std::ranges::any_of(out_.observations, [&](const Observation& own) {
            if (own.arm != joined.arm || own.kind != Kind::point || !own.cut.empty()) return false;
            const double rise = (joined.survival - own.survival) * (joined.time_months >= own.time_months ? 1 : -1);
            return rise > surely * std::hypot(own.sd, joined.sd);
        });
    }

    const catalogue::Trial& trial_;
    const catalogue::Analysis& analysis_;
    const EndpointConstants& constants_;
    const ProcessConstants& process_;
    AnalysisEvidence out_;
};

}  // namespace

double AnalysisEvidence::follow_up_or_guess(std::size_t arm) const {
    if (arms[arm].follow_up_months) return *arms[arm].follow_up_months;
    double last = 0;
    for (const auto& other : arms)
        last = std::max({last, other.follow_up_months.value_or(0), other.last_printed_month.value_or(0)});
    return last > 0 ? last : 1;
}

AnalysisEvidence gather(const catalogue::Trial& trial, const catalogue::Analysis& analysis,
                        std::shared_ptr<const Constants> constants, Cuts cuts) {
    return Gatherer(trial, analysis, std::move(constants)).gather(cuts);
}

}  // namespace hersurv::evidence
