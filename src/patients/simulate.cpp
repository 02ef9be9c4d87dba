// Times of events and of censoring are drawn by inverting their tabulated distributions; docs/method.md has the model.
#include "hersurv/error.hpp"
#include "hersurv/patients.hpp"

#include <fmt/format.h>

#include "evidence/constants.hpp"
#include "fit/follow_up.hpp"
#include "patients/calibrate.hpp"
#include "patients/censoring.hpp"
#include "patients/tabulated.hpp"
#include "support/random.hpp"
#include "survival/solve.hpp"
#include <algorithm>
#include <cmath>
#include <functional>
#include <stdexcept>

namespace hersurv::patients {
namespace {

using catalogue::StatisticKey;
using evidence::AnalysisEvidence;
using evidence::Kind;
using evidence::Observation;

struct SimulationArm {
    Tabulated curve;
    std::optional<InverseTable> event_times, censored_times;
    HazardTable hazard;          // of the curve as fitted, for searches
    Censoring usual, censoring;  // a guess, and as it was placed
    std::optional<FollowUpTarget> target;
    double share_with_event = 0;  // that is published, or expected
    double tilt = 0;              // of the fitted curve, for the hazard ratio
    std::uint64_t stream = 0;
    std::vector<Pin> pins;
    std::vector<double> pin_times;
    bool stays_above_half = false;

    // Times of the censored, `value` of the share of all patients from 0 to that of the censored: those still at risk
    // at the end get the time to which they would have been followed.
    [[nodiscard]] double censored_time(double value, const SimulatedArm& arm) const {
        if (value < censored_times->total()) return (*censored_times)(value);
        const double at_risk = curve.survival.back() * curve.followed.back();
        const double share = std::clamp(1 - (value - censored_times->total()) / at_risk, 1e-9, 1.0);
        const double g = curve.followed.back() * share;
        return std::max(arm.end_months, censoring.follow_up_months * std::pow(1 / g - 1, 1 / censoring.gamma));
    }
};

constexpr int coarse = 256, fine = 4096;  // intervals: to place the follow-up and the tilts, to draw from
constexpr double furthest_in_table = 3;   // of the follow-up or the last published time

// A survival that is published as 50% is at most one half after the median, and at least that before it.
void narrow_by_median(std::vector<Pin>& pins) {
    const auto median = std::ranges::find(pins, PinKind::median, &Pin::kind);
    if (median == pins.end()) return;
    for (Pin& pin : pins) {
        if (pin.kind != PinKind::milestone || std::abs(pin.survival - 0.5) >= pin.tolerance) continue;
        double lower = pin.survival - pin.tolerance, upper = pin.survival + pin.tolerance;
        (pin.time_months < median->time_months ? lower : upper) = 0.5;
        pin.survival = 0.5 * (lower + upper);
        pin.tolerance = 0.5 * (upper - lower);
    }
}

// A limit of a median is left out where a published number says otherwise: at the same time, or where it is later and
// higher or earlier and lower than that.
void drop_limits_beside_numbers(std::vector<Pin>& pins) {
    const std::vector<Pin> all = pins;
    std::erase_if(pins, [&](const Pin& limit) {
        return limit.kind == PinKind::limit && std::ranges::any_of(all, [&](const Pin& other) {
                   return other.kind != PinKind::limit &&
                          (limit.time_months - other.time_months) * (limit.survival - other.survival) >= 0;
               });
    });
}

constexpr double normal_95 = 1.96;

// An estimate of drawn patients.
struct DrawnEstimate {
    std::optional<double> value, standard_error;
};

// Absent for a statistic that is not compared.
std::optional<DrawnEstimate> drawn_estimate(const Observation& o, const KaplanMeier& curve, const KaplanMeier* control,
                                            double level) {
    DrawnEstimate estimate;
    if (o.statistic.is(StatisticKey::Kind::hazard_ratio) && control != nullptr) {
        const CoxFit fit = cox(*control, curve);
        if (fit.estimated()) estimate = {fit.hazard_ratio(), fit.hazard_ratio() * fit.se_log_hr};
    } else if (o.statistic.is(StatisticKey::Kind::milestone)) {
        const double time = o.statistic.time_months;
        const KaplanMeierStep* const step = curve.step_at(time);
        if (time <= curve.last_time_months())
            estimate = {curve.survival(time),
                        step != nullptr ? step->survival * std::sqrt(step->log_survival_variance) : 0};
    } else if (o.statistic.is(StatisticKey::Kind::median) || o.statistic.is_limit_of(StatisticKey::Kind::median)) {
        const Quantile median = curve.quantile(0.5, catalogue::LimitsTransform::log_log, level);
        const Limits& limits = median.limits;
        estimate.value = o.statistic.is(StatisticKey::Kind::median)      ? median.time_months
                         : o.statistic.side == StatisticKey::Side::lower ? limits.lower
                                                                         : limits.upper;
        if (limits.lower && limits.upper)
            estimate.standard_error = (*limits.upper - *limits.lower) / (2 * evidence::z_of_level(level));
    } else {
        return std::nullopt;
    }
    return estimate;
}

// What the evidence alone knows.
std::vector<ArmNumber> published_numbers(const AnalysisEvidence& data) {
    std::vector<ArmNumber> numbers;
    for (const evidence::ArmEvidence& arm : data.arms) {
        if (arm.n_patients.value_or(0) > 0)
            numbers.push_back({static_cast<std::size_t>(*arm.n_patients), NumberFrom::published, ""});
        else
            numbers.push_back({static_cast<std::size_t>(std::lround(data.constants->reading().default_n_patients)),
                               NumberFrom::assumed, ""});
    }
    return numbers;
}

// Published events say nothing of as many patients as were assumed.
std::optional<std::size_t> events_of(const ArmNumber& number, const evidence::ArmEvidence& printed) {
    std::optional<std::size_t> events = number.n_events;
    if (!events && printed.n_events && number.from != NumberFrom::assumed)
        events = static_cast<std::size_t>(std::lround(std::max(0.0, *printed.n_events)));
    if (events && *events > number.n_patients)
        throw std::invalid_argument(printed.id + ": " + std::to_string(*events) + " events are more than the " +
                                    std::to_string(number.n_patients) + " patients");
    return events;
}

}  // namespace

struct Simulation::State {
    SimulationOptions options;
    std::vector<ArmNumber> numbers;  // by arm of the evidence
    fit::FittedModel model;
    std::vector<SimulatedArm> arms;
    std::vector<SimulationArm> states;
    std::vector<RatioTarget> ratios;

    void add_arm(std::size_t index);
    [[nodiscard]] double fitted_hazard(std::size_t arm, double time_months) const;
    [[nodiscard]] double cumulative_hazard(std::size_t index, double time_months) const;
    [[nodiscard]] Tabulated tabulated(std::size_t index, double end_months, int intervals) const;
    [[nodiscard]] double share_with_event(const SimulatedArm& arm) const;
    void agree_on_follow_up();
    [[nodiscard]] double data_cut() const;
    void place_follow_up(std::size_t index, int intervals);
    void make_tables(std::size_t index);
    void tilt_curves();
    void meet_in_expectation(const RatioTarget& ratio, bool move_experimental, bool move_control);
    [[nodiscard]] double limit_tolerance(std::size_t index, const Observation& o) const;
    [[nodiscard]] DrawnArm drawn(std::size_t index, std::uint64_t replicate) const;
};

double Simulation::State::fitted_hazard(std::size_t arm, double time_months) const {
    return model.curves->cumulative_hazard(arm, time_months, model.free_parameters);
}

// Of the curve as fitted, tilted.
double Simulation::State::cumulative_hazard(std::size_t index, double time_months) const {
    const auto fitted = [&](double time) { return fitted_hazard(arms[index].arm, time); };
    return tilted(fitted, states[index].pin_times, states[index].tilt, time_months);
}

Tabulated Simulation::State::tabulated(std::size_t index, double end_months, int intervals) const {
    const SimulationArm& state = states[index];
    const std::function<double(double)> fitted = [&](double time) { return state.hazard(time); };
    return {fit::follow_up_grid(end_months, intervals),
            [&](double time) { return tilted(fitted, state.pin_times, state.tilt, time); }};
}

// That is published; else what the curve and the follow-up make of it, as `fit` does.
double Simulation::State::share_with_event(const SimulatedArm& arm) const {
    if (arm.printed_events) return static_cast<double>(*arm.printed_events) / static_cast<double>(arm.n_patients);
    const AnalysisEvidence& data = *model.evidence;
    const auto followed = fit::follow(
        data, arm.arm,
        [&](double time) { return model.curves->cumulative_hazard(arm.arm, time, model.free_parameters); },
        fit::follow_up_grid(data));
    return std::max(0.0,
                    fit::expected_events_fraction(followed) - data.constants->endpoint(data.endpoint).events_offset);
}

// A paper has one kind of follow-up: that which the events of any arm ask for.
void Simulation::State::agree_on_follow_up() {
    const bool on_study =
        std::ranges::any_of(states, [](const SimulationArm& state) { return state.target && state.target->on_study; });
    for (std::size_t i = 0; i < states.size(); ++i) {
        std::optional<FollowUpTarget>& target = states[i].target;
        if (!target) continue;
        if (model.evidence->arms[arms[i].arm].follow_up_kind == catalogue::FollowUp::Kind::unknown)
            target->on_study = on_study;
        arms[i].time_on_study = target->on_study;
    }
}

// One for all arms: where the numbers of any of them end, not before a published median follow-up, and further where
// the events need it.
double Simulation::State::data_cut() const {
    const AnalysisEvidence& data = *model.evidence;
    // A milestone at the very end needs patients beyond it.
    constexpr double beyond_last_print = 1.05;
    double end = 0;
    for (std::size_t arm = 0; arm < data.arms.size(); ++arm)
        if (model.fitted(arm))
            end = std::max({end, model.arms[arm].supported_months,
                            beyond_last_print * data.arms[arm].last_printed_month.value_or(0)});
    // A hazard ratio refers to the whole follow-up. Where that is not published, the last published time is not its
    // end.
    const bool follow_up_printed = std::ranges::any_of(
        data.arms, [](const evidence::ArmEvidence& arm) { return arm.follow_up_months.has_value(); });
    if (!ratios.empty() && !follow_up_printed) end = std::max(end, fit::follow_up_grid(data).back());
    constexpr double furthest = 600;  // months; a curve that levels off never has the events
    // The curve of a median that was not reached must not fall below one half.
    double most = furthest;
    for (std::size_t i = 0; i < arms.size(); ++i) {
        if (!states[i].stays_above_half) continue;
        const Tabulated curve = tabulated(i, furthest_in_table * states[i].usual.follow_up_months, coarse);
        const auto below = std::ranges::find_if(curve.survival, [](double s) { return s < 0.5; });
        if (below != curve.survival.end())
            most = std::min(most, curve.times[static_cast<std::size_t>(below - curve.survival.begin())]);
    }
    for (std::size_t i = 0; i < arms.size(); ++i) {
        const SimulationArm& state = states[i];
        const auto until = [&](double month) { return tabulated(i, month, coarse); };
        if (state.target) end = end_for(until, state.share_with_event, state.usual, *state.target, end, most);
        while (arms[i].printed_events && end < furthest &&
               until(end).events({longest_follow_up(state.usual), state.usual.gamma}) < state.share_with_event)
            end *= 1.1;
    }
    return std::ceil(10 * end - 1e-6) / 10;
}

void Simulation::State::place_follow_up(std::size_t index, int intervals) {
    SimulationArm& state = states[index];
    state.curve = tabulated(index, arms[index].end_months, intervals);
    state.censoring = place_censoring(state.curve, state.share_with_event, state.usual, state.target);
    state.curve.follow(state.censoring);
}

// On a fine grid, which the tables of times are drawn from; they point at the times, which stay where they are.
void Simulation::State::make_tables(std::size_t index) {
    place_follow_up(index, coarse);
    SimulationArm& state = states[index];
    SimulatedArm& plan = arms[index];
    const auto hazard = [&](double time) { return cumulative_hazard(index, time); };
    state.curve = {fit::follow_up_grid(plan.end_months, fine), hazard};
    state.censoring = with_events(state.curve, state.share_with_event, state.censoring.gamma, state.usual);
    state.curve.follow(state.censoring);
    plan.follow_up_months = state.censoring.follow_up_months;
    plan.censoring_gamma = state.censoring.gamma;
    state.event_times.emplace(state.curve.times, state.curve.events());
    state.censored_times.emplace(state.curve.times, state.curve.censored());
    plan.expected_events = static_cast<double>(plan.n_patients) * state.event_times->total();
}

// The tilts of two arms, by half each or of the one that may still be moved, with which Cox's model is expected to find
// the published ratio. The follow-up, which depends on the curve, is placed again in between.
void Simulation::State::meet_in_expectation(const RatioTarget& ratio, bool move_experimental, bool move_control) {
    const std::size_t e = ratio.experimental, c = ratio.control;
    const double of_control = !move_control ? 0 : move_experimental ? 0.5 : 1, of_experimental = of_control - 1;
    constexpr int rounds = 3;
    for (int round = 0; round < rounds; ++round) {
        for (const std::size_t i : {e, c}) place_follow_up(i, coarse);
        const auto arm_at = [&](std::size_t i, double tilt) {
            states[i].tilt = tilt;
            states[i].curve = tabulated(i, arms[i].end_months, coarse);
            states[i].curve.follow(states[i].censoring);
            return TabulatedArm{&states[i].curve, static_cast<double>(arms[i].n_patients)};
        };
        const auto excess = [&](double tilt) {
            const TabulatedArm experimental = arm_at(e, of_experimental == 0 ? states[e].tilt : of_experimental * tilt);
            const TabulatedArm control = arm_at(c, of_control == 0 ? states[c].tilt : of_control * tilt);
            return expected_log_hazard_ratio(experimental, control) - std::log(ratio.hazard_ratio);
        };
        constexpr double furthest = 2, near_enough = 1e-4;
        constexpr int most_steps = 30;
        const survival::Guess low{-furthest, excess(-furthest)}, high{furthest, excess(furthest)};
        const double tilt = survival::false_position(excess, low, high, near_enough, most_steps).x;
        (void)excess((low.value < 0) == (high.value < 0) ? 0 : tilt);
    }
}

// The fitted curves are a compromise of all published estimates, and their hazard ratio need not be the published one.
void Simulation::State::tilt_curves() {
    std::vector<bool> settled(arms.size(), false);  // by an earlier ratio, as in calibrated()
    for (const RatioTarget& ratio : ratios) {
        const std::size_t e = ratio.experimental, c = ratio.control;
        if (settled[e] && settled[c]) continue;
        meet_in_expectation(ratio, !settled[e], !settled[c]);
        settled[e] = settled[c] = true;
    }
}

void Simulation::State::add_arm(std::size_t index) {
    const AnalysisEvidence& data = *model.evidence;
    const evidence::ArmEvidence& printed = data.arms[index];
    SimulatedArm arm;
    SimulationArm state;
    arm.arm = index;
    arm.id = printed.id;
    arm.supported_months = model.arms[index].supported_months;
    const ArmNumber& number = numbers[index];
    arm.n_patients = number.n_patients;
    arm.n_from = number.from;
    arm.n_words = number.words;
    arm.printed_events = events_of(number, printed);
    arm.events_given = number.n_events.has_value();
    state.usual = {data.follow_up_or_guess(index), data.constants->endpoint(data.endpoint).censoring_gamma};
    state.stream = support::number_of_name(data.trial + '\n' + data.analysis + '\n' + printed.id);
    for (const Observation& o : data.observations) {
        if (o.arm != index || o.kind != Kind::point) continue;
        const PinKind kind = o.statistic.is(StatisticKey::Kind::median)            ? PinKind::median
                             : o.statistic.is_limit_of(StatisticKey::Kind::median) ? PinKind::limit
                                                                                   : PinKind::milestone;
        Pin pin{o.time_months, o.survival, kind == PinKind::limit ? o.sd : o.published.half_unit(), kind};
        // S at a limit is read with this uncertainty, and the curve, which all estimates have a part in, knows better.
        if (kind == PinKind::limit)
            pin.survival =
                std::clamp(std::exp(-fitted_hazard(index, o.time_months)), o.survival - o.sd, o.survival + o.sd);
        state.pins.push_back(pin);
    }
    std::ranges::sort(state.pins, {}, &Pin::time_months);
    narrow_by_median(state.pins);
    drop_limits_beside_numbers(state.pins);
    for (const Pin& pin : state.pins) state.pin_times.push_back(pin.time_months);
    state.stays_above_half = printed.median_not_reached;
    state.share_with_event = share_with_event(arm);
    state.hazard =
        HazardTable(furthest_in_table * std::max(state.usual.follow_up_months, printed.last_printed_month.value_or(0)),
                    [this, index](double time) { return fitted_hazard(index, time); });
    arms.push_back(std::move(arm));
    states.push_back(std::move(state));
    const auto until = [&](double month) { return tabulated(arms.size() - 1, month, coarse); };
    SimulationArm& added = states.back();
    added.target = follow_up_target(
        printed, until, arms.back().printed_events ? std::optional<double>(added.share_with_event) : std::nullopt,
        added.usual);
}

Simulation::Simulation(fit::FittedModel model, const SimulationOptions& options, std::vector<ArmNumber> numbers) {
    auto state = std::make_shared<State>();
    state->options = options;
    state->model = std::move(model);
    const AnalysisEvidence& data = *state->model.evidence;
    state->numbers = numbers.empty() ? published_numbers(data) : std::move(numbers);
    for (std::size_t arm = 0; arm < state->numbers.size(); ++arm)
        if (state->numbers[arm].n_patients > most_patients)
            throw support::InputError(
                {support::Fault{"", "",
                                fmt::format("{}: {} patients are more than the {} that an arm may have",
                                            data.arms[arm].id, state->numbers[arm].n_patients, most_patients),
                                "give a smaller number with --n", 0, 0}});
    std::vector<std::size_t> place(data.arms.size(), fit::FittedModel::npos);
    for (std::size_t arm = 0; arm < data.arms.size(); ++arm) {
        if (!state->model.fitted(arm)) continue;
        place[arm] = state->arms.size();
        state->add_arm(arm);
    }
    for (const Observation& o : data.observations)
        if (o.kind == Kind::log_hazard_ratio && o.published.is_number() && place[o.arm] != fit::FittedModel::npos &&
            place[*o.control] != fit::FittedModel::npos)
            state->ratios.push_back({place[o.arm], place[*o.control], o.published.value, o.published.half_unit()});
    state->agree_on_follow_up();
    const double end = state->data_cut();
    for (SimulatedArm& arm : state->arms) arm.end_months = end;
    state->tilt_curves();
    for (std::size_t i = 0; i < state->arms.size(); ++i) state->make_tables(i);
    state_ = std::move(state);
}

const SimulationOptions& Simulation::options() const { return state_->options; }

const std::vector<SimulatedArm>& Simulation::arms() const { return state_->arms; }

std::uint64_t Simulation::stream(std::size_t arm) const { return state_->states[arm].stream; }

double Simulation::survival(std::size_t arm, double time_months) const {
    return std::exp(-state_->cumulative_hazard(arm, time_months));
}

double Simulation::followed(std::size_t arm, double time_months) const {
    const SimulatedArm& plan = state_->arms[arm];
    return time_months >= plan.end_months
               ? 0
               : survival::still_followed(time_months, plan.follow_up_months, plan.censoring_gamma);
}

// Given their number, the times of the events are independent draws from the distribution of an event's time, and those
// of the censored from theirs; so the number can be the published one.
DrawnArm Simulation::State::drawn(std::size_t index, std::uint64_t replicate) const {
    const SimulatedArm& arm = arms[index];
    const SimulationArm& state = states[index];
    const double event_share = state.event_times->total(), censored_share = 1 - event_share;
    DrawnArm draw;
    draw.end_months = arm.end_months;
    draw.pins = state.pins;
    draw.stays_above_half = state.stays_above_half;
    draw.follow_up = state.target;
    support::RandomStream random{options.seed, replicate, state.stream};
    if (options.calibration == Calibration::none && !options.deterministic) {
        for (std::size_t i = 0; i < arm.n_patients; ++i) {
            const double u = random.uniform();
            if (u < event_share)
                draw.events.push_back((*state.event_times)(u));
            else
                draw.censored.push_back(state.censored_time(u - event_share, arm));
        }
    } else {
        const std::size_t n_events =
            arm.printed_events.value_or(static_cast<std::size_t>(std::lround(arm.expected_events)));
        const std::size_t n_censored = arm.n_patients - n_events;
        const auto share = [&](std::size_t i, std::size_t n) {
            return options.deterministic ? (static_cast<double>(i) + 0.5) / static_cast<double>(n) : random.uniform();
        };
        for (std::size_t i = 0; i < n_events; ++i)
            draw.events.push_back((*state.event_times)(share(i, n_events) * event_share));
        for (std::size_t i = 0; i < n_censored; ++i)
            draw.censored.push_back(state.censored_time(share(i, n_censored) * censored_share, arm));
    }
    std::ranges::sort(draw.events);
    std::ranges::sort(draw.censored);
    return draw;
}

std::vector<Arm> Simulation::draw(std::uint64_t replicate) const {
    const State& state = *state_;
    std::vector<DrawnArm> draws;
    const bool plain = state.options.calibration == Calibration::none;
    for (std::size_t i = 0; i < state.arms.size(); ++i) {
        draws.push_back(state.drawn(i, replicate));
        if (!plain) continue;
        draws.back().pins.clear();
        draws.back().follow_up.reset();
        draws.back().stays_above_half = false;
    }
    auto patients = calibrated(draws, plain ? std::vector<RatioTarget>{} : state.ratios);
    std::vector<Arm> arms;
    for (std::size_t i = 0; i < patients.size(); ++i) arms.push_back({state.arms[i].id, std::move(patients[i])});
    return arms;
}

// By how much a calibrated limit of a median may be off: the sd of S there, as a time.
double Simulation::State::limit_tolerance(std::size_t index, const Observation& o) const {
    const double step = 0.02 * o.time_months;
    const auto survival_at = [&](double time) { return std::exp(-cumulative_hazard(index, time)); };
    const double fall = survival_at(o.time_months - step) - survival_at(o.time_months + step);
    return fall > 0 ? normal_95 * o.sd * 2 * step / fall : 0;
}

std::vector<DrawnNumber> Simulation::compare(const std::vector<Arm>& drawn, double level) const {
    const State& state = *state_;
    std::vector<KaplanMeier> curves;
    for (const Arm& arm : drawn) curves.emplace_back(arm.patients);
    const auto place = [&](std::size_t arm) {
        return static_cast<std::size_t>(std::ranges::find(state.arms, arm, &SimulatedArm::arm) - state.arms.begin());
    };
    const bool plain = state.options.calibration == Calibration::none;
    const std::vector<Observation>& observations = state.model.evidence->observations;
    std::vector<DrawnNumber> numbers;
    for (std::size_t i = 0; i < observations.size(); ++i) {
        const Observation& o = observations[i];
        const std::size_t arm = place(o.arm), control = o.control ? place(*o.control) : 0;
        if (arm == curves.size() || control == curves.size()) continue;
        const auto found = drawn_estimate(o, curves[arm], o.control ? &curves[control] : nullptr, level);
        if (!found) continue;
        DrawnNumber number{i, found->value, false, std::nullopt, false};
        const double rounding = o.published.half_unit();
        constexpr double slack = 1 + 1e-9;  // a difference of decimal fractions is not exact
        if (!plain)
            number.tolerance = rounding + (o.statistic.is_limit_of(StatisticKey::Kind::median) && o.kind == Kind::point
                                               ? state.limit_tolerance(arm, o)
                                               : 0);
        else if (found->standard_error)
            number.tolerance = rounding + normal_95 * *found->standard_error;
        if (o.published.is_number() && number.value) {
            const double off = std::abs(*number.value - o.published.value);
            number.within_rounding = off <= rounding * slack;
            number.beyond_tolerance = number.tolerance && off > *number.tolerance * slack;
        } else {
            number.within_rounding = !o.published.is_number() && !number.value;
            number.beyond_tolerance = !plain && !number.within_rounding;
        }
        numbers.push_back(number);
    }
    return numbers;
}

}  // namespace hersurv::patients
