// Times of events and of censoring are drawn by inverting their tabulated distributions; docs/method.md has the model.
#include "hersurv/patients.hpp"

#include "evidence/constants.hpp"
#include "fit/follow_up.hpp"
#include "patients/calibrate.hpp"
#include "support/random.hpp"
#include "survival/expected_data.hpp"
#include "survival/solve.hpp"
#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace hersurv::patients {
namespace {

using catalogue::StatisticKey;
using evidence::AnalysisEvidence;
using evidence::Kind;
using evidence::Observation;

// A distribution function on a grid, linear in between, and its inverse.
class InverseTable {
  public:
    InverseTable(const std::vector<double>& times, std::vector<double> cumulative)
        : times_(&times), cumulative_(std::move(cumulative)) {
        // Where to begin looking for each of as many equal parts of the range (Chen & Asau 1974, AIIE Trans 6:163).
        start_.reserve(cumulative_.size());
        std::uint32_t k = 0;
        const auto parts = static_cast<double>(cumulative_.size());
        for (std::size_t part = 0; part < cumulative_.size(); ++part) {
            while (k + 2 < cumulative_.size() && cumulative_[k + 1] < static_cast<double>(part) / parts * total()) ++k;
            start_.push_back(k);
        }
    }
    [[nodiscard]] double total() const { return cumulative_.back(); }
    // Where the function comes to `value`, 0 <= value <= total().
    [[nodiscard]] double operator()(double value) const {
        const auto parts = static_cast<double>(start_.size());
        const auto part = static_cast<std::size_t>(value / total() * parts);
        std::size_t k = start_[std::min(part, start_.size() - 1)];
        while (k + 2 < cumulative_.size() && cumulative_[k + 1] < value) ++k;
        const double rise = cumulative_[k + 1] - cumulative_[k];
        const double share = rise > 0 ? std::clamp((value - cumulative_[k]) / rise, 0.0, 1.0) : 0.5;
        return (*times_)[k] + share * ((*times_)[k + 1] - (*times_)[k]);
    }

  private:
    const std::vector<double>* times_;
    std::vector<double> cumulative_;
    std::vector<std::uint32_t> start_;
};

// S, and G of a follow-up, at the times of a grid.
struct Tabulated {
    std::vector<double> times, survival, followed;

    void follow(double follow_up, double gamma) {
        followed.clear();
        for (const double time : times) followed.push_back(survival::still_followed(time, follow_up, gamma));
    }
    // The share of the patients with an event under another follow-up.
    [[nodiscard]] double events(double follow_up, double gamma) const {
        const auto means = survival::mean_followed(times, follow_up, gamma);
        return survival::expected_events({survival, means});
    }
    // With the share still at risk at the end they add up to 1.
    [[nodiscard]] std::vector<double> events() const { return survival::cumulative_fallen(survival, followed); }
    [[nodiscard]] std::vector<double> censored() const { return survival::cumulative_fallen(followed, survival); }
};

struct SimulationArm {
    Tabulated curve;
    std::optional<InverseTable> event_times, censored_times;
    double gamma = 1;
    std::uint64_t stream = 0;
    std::vector<Pin> pins;
    bool stays_above_half = false;

    // Times of the censored, `value` of the share of all patients from 0 to that of the censored: those still at risk
    // at the end get the time to which they would have been followed.
    [[nodiscard]] double censored_time(double value, const SimulatedArm& arm) const {
        if (value < censored_times->total()) return (*censored_times)(value);
        const double at_risk = curve.survival.back() * curve.followed.back();
        const double share = std::clamp(1 - (value - censored_times->total()) / at_risk, 1e-9, 1.0);
        const double g = curve.followed.back() * share;
        return std::max(arm.end_months, arm.follow_up_months * std::pow(1 / g - 1, 1 / gamma));
    }
};

constexpr int coarse = 256, fine = 4096;  // intervals: to place the follow-up, to draw from

// A survival that is printed as 50 % is at most one half after the median, and at least that before it.
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

// A limit of a median is left out where a printed number says otherwise: at the same time, or where it is later and
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
    [[nodiscard]] Tabulated tabulated(std::size_t arm, double end_months, int intervals) const;
    [[nodiscard]] double share_with_event(const SimulatedArm& arm) const;
    [[nodiscard]] double longest_follow_up(std::size_t arm) const;
    [[nodiscard]] double data_cut() const;
    void place_follow_up(SimulatedArm& arm, SimulationArm& state) const;
    [[nodiscard]] DrawnArm drawn(std::size_t index, std::uint64_t replicate) const;
};

Tabulated Simulation::State::tabulated(std::size_t arm, double end_months, int intervals) const {
    Tabulated curve;
    curve.times = fit::follow_up_grid(end_months, intervals);
    double lowest = 1;
    for (const double time : curve.times) {
        lowest = std::min(lowest, std::exp(-model.curves->cumulative_hazard(arm, time, model.free_parameters)));
        curve.survival.push_back(lowest);
    }
    return curve;
}

// That is printed; else what the curve and the follow-up make of it, as `fit` does.
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

// Within e^2 of the printed one, as for the effective number of patients.
double Simulation::State::longest_follow_up(std::size_t arm) const {
    return model.evidence->follow_up_or_guess(arm) * std::exp(2.0);
}

// One for all arms: where the numbers of any of them end, and further where the printed events need it.
double Simulation::State::data_cut() const {
    const AnalysisEvidence& data = *model.evidence;
    // A milestone at the very end needs patients beyond it.
    constexpr double beyond_last_print = 1.05;
    double end = 0;
    for (std::size_t arm = 0; arm < data.arms.size(); ++arm)
        if (model.fitted(arm))
            end = std::max({end, model.arms[arm].supported_months,
                            beyond_last_print * data.arms[arm].last_printed_month.value_or(0)});
    // A hazard ratio speaks of the whole follow-up. Where that is not printed, the last printed time is not its end.
    const bool follow_up_printed = std::ranges::any_of(
        data.arms, [](const evidence::ArmEvidence& arm) { return arm.follow_up_months.has_value(); });
    if (!ratios.empty() && !follow_up_printed) end = std::max(end, fit::follow_up_grid(data).back());
    constexpr double furthest = 600;  // months; a curve that levels off never has the events
    for (std::size_t i = 0; i < arms.size(); ++i)
        while (arms[i].printed_events && end < furthest &&
               tabulated(arms[i].arm, end, coarse).events(longest_follow_up(arms[i].arm), states[i].gamma) <
                   share_with_event(arms[i]))
            end *= 1.1;
    return std::ceil(10 * end - 1e-6) / 10;
}

// The follow-up with which the events are expected.
void Simulation::State::place_follow_up(SimulatedArm& arm, SimulationArm& state) const {
    const Tabulated curve = tabulated(arm.arm, arm.end_months, coarse);
    const double wanted = share_with_event(arm);
    const double low = std::log(model.evidence->follow_up_or_guess(arm.arm)) - 5,
                 high = std::log(longest_follow_up(arm.arm));
    constexpr int halvings = 50;
    const auto side = [&](double log_follow_up) {
        return curve.events(std::exp(log_follow_up), state.gamma) < wanted ? -1 : 1;
    };
    arm.follow_up_months = std::exp(survival::bisect(low, high, side, halvings).middle());
    state.curve = tabulated(arm.arm, arm.end_months, fine);
    state.curve.follow(arm.follow_up_months, state.gamma);
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
    state.gamma = data.constants->endpoint(data.endpoint).censoring_gamma;
    state.stream = support::number_of_name(data.trial + '\n' + data.analysis + '\n' + printed.id);
    for (const Observation& o : data.observations) {
        if (o.arm != index || o.kind != Kind::point) continue;
        const PinKind kind = o.statistic.is(StatisticKey::Kind::median)            ? PinKind::median
                             : o.statistic.is_limit_of(StatisticKey::Kind::median) ? PinKind::limit
                                                                                   : PinKind::milestone;
        state.pins.push_back(
            {o.time_months, o.survival, kind == PinKind::limit ? o.sd : o.published.half_unit(), kind});
    }
    std::ranges::sort(state.pins, {}, &Pin::time_months);
    narrow_by_median(state.pins);
    drop_limits_beside_numbers(state.pins);
    state.stays_above_half = printed.median_not_reached;
    arms.push_back(std::move(arm));
    states.push_back(std::move(state));
}

Simulation::Simulation(fit::FittedModel model, const SimulationOptions& options, std::vector<ArmNumber> numbers) {
    auto state = std::make_shared<State>();
    state->options = options;
    state->model = std::move(model);
    const AnalysisEvidence& data = *state->model.evidence;
    state->numbers = numbers.empty() ? published_numbers(data) : std::move(numbers);
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
    const double end = state->data_cut();
    // The tables point at the times, which stay where they are from here on.
    for (std::size_t i = 0; i < state->states.size(); ++i) {
        SimulationArm& arm = state->states[i];
        state->arms[i].end_months = end;
        state->place_follow_up(state->arms[i], arm);
        arm.event_times.emplace(arm.curve.times, arm.curve.events());
        arm.censored_times.emplace(arm.curve.times, arm.curve.censored());
        state->arms[i].expected_events = static_cast<double>(state->arms[i].n_patients) * arm.event_times->total();
    }
    state_ = std::move(state);
}

const std::vector<SimulatedArm>& Simulation::arms() const { return state_->arms; }

double Simulation::survival(std::size_t arm, double time_months) const {
    return std::exp(
        -state_->model.curves->cumulative_hazard(state_->arms[arm].arm, time_months, state_->model.free_parameters));
}

double Simulation::followed(std::size_t arm, double time_months) const {
    const SimulatedArm& plan = state_->arms[arm];
    return time_months >= plan.end_months
               ? 0
               : survival::still_followed(time_months, plan.follow_up_months, state_->states[arm].gamma);
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
        draws.back().stays_above_half = false;
    }
    auto patients = calibrated(draws, plain ? std::vector<RatioTarget>{} : state.ratios);
    std::vector<Arm> arms;
    for (std::size_t i = 0; i < patients.size(); ++i) arms.push_back({state.arms[i].id, std::move(patients[i])});
    return arms;
}

std::vector<DrawnNumber> Simulation::compare(const std::vector<Arm>& drawn, double level) const {
    const State& state = *state_;
    std::vector<KaplanMeier> curves;
    for (const Arm& arm : drawn) curves.emplace_back(arm.patients);
    const auto place = [&](std::size_t arm) {
        return static_cast<std::size_t>(std::ranges::find(state.arms, arm, &SimulatedArm::arm) - state.arms.begin());
    };
    const std::vector<Observation>& observations = state.model.evidence->observations;
    std::vector<DrawnNumber> numbers;
    for (std::size_t i = 0; i < observations.size(); ++i) {
        const Observation& o = observations[i];
        const std::size_t arm = place(o.arm), control = o.control ? place(*o.control) : 0;
        if (arm == curves.size() || control == curves.size()) continue;
        DrawnNumber number{i, std::nullopt, false};
        const Quantile median = curves[arm].quantile(0.5, catalogue::LimitsTransform::log_log, level);
        if (o.statistic.is(StatisticKey::Kind::median)) {
            number.value = median.time_months;
        } else if (o.statistic == StatisticKey{StatisticKey::Kind::median, StatisticKey::Side::lower}) {
            number.value = median.limits.lower;
        } else if (o.statistic == StatisticKey{StatisticKey::Kind::median, StatisticKey::Side::upper}) {
            number.value = median.limits.upper;
        } else if (o.statistic.is(StatisticKey::Kind::milestone)) {
            const double time = o.statistic.time_months;
            if (time <= curves[arm].last_time_months()) number.value = curves[arm].survival(time);
        } else if (o.statistic.is(StatisticKey::Kind::hazard_ratio) && o.control) {
            const CoxFit fit = cox(curves[control], curves[arm]);
            if (fit.estimated()) number.value = fit.hazard_ratio();
        } else {
            continue;
        }
        number.within_rounding =
            o.published.is_number() && number.value
                ? std::abs(*number.value - o.published.value) <= o.published.half_unit() * (1 + 1e-9)
                : !o.published.is_number() && !number.value;
        numbers.push_back(number);
    }
    return numbers;
}

}  // namespace hersurv::patients
