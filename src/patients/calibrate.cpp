// The draws are sorted lists and every move is monotone, so that one pass over them gives the Kaplan-Meier curve.
#include "patients/calibrate.hpp"

#include "hersurv/patients.hpp"

#include "support/numbers.hpp"
#include "survival/solve.hpp"
#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>
#include <utility>

namespace hersurv::patients {
namespace {

// Calls visit(event, Kaplan-Meier just after it), censored times multiplied by `stretch`; returns the last.
template <class Visit>
double survival_by_event(const std::vector<double>& events, const std::vector<double>& censored, double stretch,
                         const Visit& visit) {
    auto at_risk = static_cast<double>(events.size() + censored.size());
    std::size_t c = 0;
    double survival = 1;
    for (const double event : events) {
        for (; c < censored.size() && censored[c] * stretch < event; ++c) --at_risk;
        survival *= 1 - 1 / at_risk;
        --at_risk;
        visit(event, survival);
    }
    return survival;
}

double final_survival(const std::vector<double>& events, const std::vector<double>& censored, double stretch) {
    return survival_by_event(events, censored, stretch, [](double, double) {});
}

// Times later where `tilt` > 0 and earlier where it is < 0, within each stretch between two pins: x -> x + tilt x (1 -
// x), which is monotone for |tilt| <= 1.
std::vector<double> bent(const DrawnArm& arm, double tilt) {
    std::vector<double> events = arm.events;
    double from = 0;
    std::size_t i = 0;
    for (std::size_t pin = 0; pin <= arm.pins.size(); ++pin) {
        const double to = pin < arm.pins.size() ? arm.pins[pin].time_months : arm.end_months;
        for (; i < events.size() && events[i] <= to; ++i) {
            const double x = (events[i] - from) / (to - from);
            events[i] += (to - from) * tilt * x * (1 - x);
        }
        from = to;
    }
    return events;
}

// The factor on the times of the censored with which the curve ends at `target`: the nearer to 1 the better. The later
// they leave, the more are at risk at the events, and the higher it ends.
double stretch_for(const std::vector<double>& events, const std::vector<double>& censored, double target) {
    const double tolerance = 0.25 / static_cast<double>(events.size() + censored.size());
    const auto miss = [&](double log_factor) {
        return final_survival(events, censored, std::exp(log_factor)) - target;
    };
    survival::Guess low{0, miss(0)};
    if (std::abs(low.value) <= tolerance || censored.empty()) return 1;
    constexpr double furthest = 3, narrowest = 1e-6;  // of log factor
    const double direction = low.value < 0 ? 1 : -1;
    survival::Guess high{direction * 0.125, miss(direction * 0.125)};
    while (high.value * direction < 0 && std::abs(high.x) < furthest) {
        low = high;
        high = {2 * low.x, miss(2 * low.x)};
    }
    constexpr int most_steps = 30;
    return std::exp(survival::false_position(miss, low, high, tolerance, most_steps, narrowest).x);
}

// Piecewise linear, strictly increasing, from (0, 0) to (end, end).
class Warp {
  public:
    explicit Warp(double end) : end_(end) {}
    // Left out where it does not lie above and to the right of the last one.
    bool add(double from, double to) {
        if (!(from > from_.back() && to > to_.back() && from < end_ && to < end_)) return false;
        from_.push_back(from);
        to_.push_back(to);
        return true;
    }
    // Between what was added, unless that would stretch or squeeze a part of it more than fourfold.
    bool insert(double from, double to) {
        const auto after = std::ranges::upper_bound(to_, to) - to_.begin();
        const auto k = static_cast<std::size_t>(after);
        const double next_from = k < from_.size() ? from_[k] : end_, next_to = k < to_.size() ? to_[k] : end_;
        if (!(from > from_[k - 1] && from < next_from && to > to_[k - 1] && to < next_to)) return false;
        const double before = (to - to_[k - 1]) / (from - from_[k - 1]), behind = (next_to - to) / (next_from - from),
                     whole = (next_to - to_[k - 1]) / (next_from - from_[k - 1]);
        constexpr double most = 4;
        for (const double slope : {before, behind})
            if (slope > most * whole || slope < whole / most) return false;
        from_.insert(from_.begin() + after, from);
        to_.insert(to_.begin() + after, to);
        return true;
    }
    void close() {
        from_.push_back(end_);
        to_.push_back(end_);
    }
    // Times in increasing order.
    [[nodiscard]] double operator()(double time) {
        while (from_[next_] < time) ++next_;
        if (from_[next_] == time) return to_[next_];
        const double share = (time - from_[next_ - 1]) / (from_[next_] - from_[next_ - 1]);
        return to_[next_ - 1] + share * (to_[next_] - to_[next_ - 1]);
    }

  private:
    double end_;
    std::vector<double> from_{0.0}, to_{0.0};
    std::size_t next_ = 1;
};

// When the follow-up of half the patients has ended, none beyond the end: between the two middle patients, if their
// number is even.
std::optional<std::pair<double, double>> median_follow_up_of(const std::vector<double>& events,
                                                             const std::vector<double>& censored, double end,
                                                             bool on_study) {
    const std::size_t n = events.size() + censored.size();
    if (on_study) {
        std::vector<double> times(n);
        std::ranges::merge(events, censored, times.begin());
        const std::pair middle{times[(n - 1) / 2], times[n / 2]};
        return middle.second < end ? std::optional(middle) : std::nullopt;
    }
    double followed = 1;
    std::size_t e = 0;
    for (std::size_t c = 0; c < censored.size() && censored[c] < end; ++c) {
        while (e < events.size() && events[e] <= censored[c]) ++e;
        followed *= 1 - 1 / static_cast<double>(n - e - c);
        if (followed <= 0.5) return std::pair{censored[c], censored[c]};
    }
    return std::nullopt;
}

// Returns how many events are up to the median.
std::size_t pin_median(Warp& warp, const Pin& pin, const std::vector<double>& events,
                       const std::vector<double>& survival) {
    constexpr double tolerance = 1.4901161193847656e-8;  // as KaplanMeier::quantile
    const auto reached =
        std::ranges::find_if(survival, [](double s) { return s < 0.5 + tolerance; }) - survival.begin();
    const auto k = static_cast<std::size_t>(reached);
    if (k == survival.size()) return events.size();
    if (std::abs(survival[k] - 0.5) >= tolerance || k == events.size()) {
        warp.add(events[k - 1], pin.time_months);
        return k;
    }
    // Level at one half: the median is the middle of the stretch.
    const double half = std::min(0.5 * pin.tolerance, 0.5 * pin.time_months);
    if (warp.add(events[k - 1], pin.time_months - half)) warp.add(events[k], pin.time_months + half);
    return k + 1;
}

// The first level of the curve that is at a published survival or below.
std::size_t first_at_or_below(const std::vector<double>& survival, double level) {
    return static_cast<std::size_t>(std::ranges::lower_bound(survival, level, std::greater<>()) - survival.begin());
}

std::size_t nearest_level(const std::vector<double>& survival, double level) {
    const std::size_t k = first_at_or_below(survival, level);
    return k == survival.size() || (k > 0 && survival[k - 1] - level < level - survival[k]) ? k - 1 : k;
}

// The level nearest to a published survival, laid over its time; not before event `from`. Returns how many events are
// up to the pin.
std::size_t pin_milestone(Warp& warp, const Pin& pin, const std::vector<double>& events,
                          const std::vector<double>& survival, std::size_t from, double end) {
    const std::size_t k = std::max(nearest_level(survival, pin.survival), from);
    const double before = k == 0 ? 0 : events[k - 1], after = k == events.size() ? end : events[k];
    warp.add(0.5 * (before + after), pin.time_months);
    return k;
}

// Where a step of the curve is higher than the rounding of a published survival, no level may lie within it. Then some
// of the censored are moved, behind event `from`: each takes 1 / (Y (Y - 1)) off log S at every event that no longer
// has it at risk, Y the number at risk, and adds as much where one more is at risk.
class LevelMover {
  public:
    LevelMover(const std::vector<double>& events, std::vector<double>& censored, std::size_t from,
               std::vector<double>& survival)
        : events_(events), censored_(censored), from_(from), survival_(survival) {}

    void bring_to(double level, double tolerance) {
        const std::size_t below = first_at_or_below(survival_, level);
        const auto miss = [&](std::size_t k) { return survival_[k] - level; };
        const double near_enough = 0.9 * tolerance, enough = 0.5 * tolerance / level;
        if (below <= from_ + 1 || miss(below - 1) <= near_enough) return;
        if (below < survival_.size() && -miss(below) <= near_enough) return;
        // The level above is lowered where enough are there to leave earlier, else the one below is raised. A few
        // rounds, as what each patient adds depends on the others.
        std::size_t k = below - 1;
        constexpr int most_rounds = 8;
        for (int round = 0; round < most_rounds && std::abs(miss(k)) > near_enough; ++round) {
            const double wanted = std::log(survival_[k] / level);
            if (wanted > 0 ? !lower(k, wanted, enough) : !raise(k, -wanted, enough)) {
                if (round > 0 || below == survival_.size() || survival_[below] <= 0) return;
                k = below;
                continue;
            }
            look_again();
        }
    }

    // The whole curve, if there are censored to stay longer.
    void keep_above(double level) {
        constexpr int most_rounds = 8;
        for (int round = 0; round < most_rounds && survival_.back() <= level; ++round) {
            if (survival_.back() <= 0 || events_.size() <= from_) return;
            const double margin = 0.5 / static_cast<double>(events_.size() + censored_.size());
            if (!raise(events_.size(), std::log((level + 2 * margin) / survival_.back()), margin)) return;
            look_again();
        }
    }

  private:
    void look_again() {
        std::ranges::sort(censored_);
        survival_.resize(1);
        survival_by_event(events_, censored_, 1, [&](double, double s) { survival_.push_back(s); });
    }
    // weight_[j]: what leaving just before event from + j takes off log S behind the first `k` events.
    void weigh(std::size_t k) {
        weight_.assign(k - from_ + 1, 0.0);
        first_behind_ =
            static_cast<std::size_t>(std::ranges::lower_bound(censored_, events_[k - 1]) - censored_.begin());
        std::size_t c = first_behind_;
        for (std::size_t j = k; j-- > from_;) {
            while (c > 0 && censored_[c - 1] >= events_[j]) --c;
            const double at_risk = std::max(2.0, static_cast<double>(events_.size() + censored_.size() - j - c));
            weight_[j - from_] = weight_[j - from_ + 1] + 1 / (at_risk * (at_risk - 1));
        }
    }
    // The event, from `from` on, before which a patient leaves; at most the one behind the first k.
    [[nodiscard]] std::size_t place(std::size_t patient) const {
        const auto first = events_.begin() + static_cast<std::ptrdiff_t>(from_);
        const auto last = first + static_cast<std::ptrdiff_t>(weight_.size() - 1);
        return static_cast<std::size_t>(std::lower_bound(first, last, censored_[patient]) - first);
    }
    void leave_before(std::size_t patient, std::size_t place) {
        const std::size_t event = from_ + place;
        const double before = event == 0 ? 0 : events_[event - 1];
        censored_[patient] = event < events_.size() ? 0.5 * (before + events_[event]) : before;
    }
    [[nodiscard]] bool is_behind_from(std::size_t patient) const {
        return from_ == 0 || censored_[patient] >= events_[from_ - 1];
    }

    // Patients leave earlier, each by as many events as fit into what is wanted: those behind the first k events, the
    // first of them first, then those before, among whom more are at risk and each adds less.
    bool lower(std::size_t k, double wanted, double enough) {
        weigh(k);
        double most = static_cast<double>(censored_.size() - first_behind_) * weight_.front();
        for (std::size_t i = first_behind_; i-- > 0 && is_behind_from(i);) most += weight_.front() - weight_[place(i)];
        if (most < wanted) return false;
        const auto move = [&](std::size_t patient) {
            const std::size_t now = patient >= first_behind_ ? weight_.size() - 1 : place(patient);
            const auto fits = [&](double weight) { return weight - weight_[now] > wanted; };
            const auto to = static_cast<std::size_t>(std::ranges::partition_point(weight_, fits) - weight_.begin());
            if (to >= now) return false;
            wanted -= weight_[to] - weight_[now];
            leave_before(patient, to);
            return true;
        };
        for (std::size_t i = first_behind_; i < censored_.size() && wanted > enough; ++i)
            if (!move(i)) break;
        for (std::size_t i = first_behind_; i-- > 0 && wanted > enough && is_behind_from(i);) (void)move(i);
        return true;
    }
    // Patients who leave before the first k events stay longer, the last of them first.
    bool raise(std::size_t k, double wanted, double enough) {
        weigh(k);
        bool any = false;
        for (std::size_t i = first_behind_; i-- > 0 && wanted > enough && is_behind_from(i);) {
            const std::size_t now = place(i);
            const auto exceeds = [&](double weight) { return weight_[now] - weight <= wanted; };
            const auto to =
                static_cast<std::size_t>(std::ranges::partition_point(weight_, exceeds) - weight_.begin()) - 1;
            if (to <= now) continue;
            wanted -= weight_[now] - weight_[to];
            leave_before(i, to);
            any = true;
        }
        return any;
    }

    const std::vector<double>& events_;
    std::vector<double>& censored_;
    std::size_t from_;
    std::vector<double>& survival_;
    std::vector<double> weight_;
    std::size_t first_behind_ = 0;
};

class Calibrator {
  public:
    explicit Calibrator(const DrawnArm& arm) : arm_(arm) {
        const double last = arm.pins.empty() ? 0 : arm.pins.back().time_months;
        double at_last_pin = 1;
        const double at_end = survival_by_event(arm.events, arm.censored, 1, [&](double event, double survival) {
            if (event <= last) at_last_pin = survival;
        });
        if (at_last_pin > 0) beyond_ = at_end / at_last_pin;
    }

    // Patients by time; survival is better with a greater tilt.
    [[nodiscard]] std::vector<Patient> patients(double tilt, bool with_follow_up = true) const {
        const double end = arm_.end_months;
        const std::vector<double> events = tilt == 0 ? arm_.events : bent(arm_, std::clamp(tilt, -1.0, 1.0));
        const double at_last_pin = arm_.pins.empty() ? 1 : arm_.pins.back().survival;
        double stretch = 1;
        if (!arm_.pins.empty() || tilt != 0 || arm_.stays_above_half) {
            double target = at_last_pin * std::pow(beyond_, std::exp(-tilt));
            // Beyond the tolerance on the right side of one half.
            const double margin = 0.5 / static_cast<double>(events.size() + arm_.censored.size());
            if (arm_.stays_above_half) target = std::max(target, 0.5 + margin);
            if (!arm_.pins.empty() && arm_.pins.back().kind == PinKind::median) target = std::min(target, 0.5 - margin);
            stretch = stretch_for(events, arm_.censored, target);
        }
        std::vector<double> censored = arm_.censored;
        for (double& time : censored) time *= stretch;
        std::vector<double> survival{1.0};
        survival_by_event(events, censored, 1, [&](double, double s) { survival.push_back(s); });
        std::size_t pinned = 0;  // events up to the last pin
        for (const Pin& pin : arm_.pins) {
            if (pin.kind == PinKind::median || events.empty()) continue;
            LevelMover(events, censored, pinned, survival).bring_to(pin.survival, pin.tolerance);
            if (pin.kind == PinKind::milestone) pinned = nearest_level(survival, pin.survival);
        }
        if (arm_.stays_above_half) LevelMover(events, censored, pinned, survival).keep_above(0.5);
        pinned = 0;
        Warp warp(end);
        for (const Pin& pin : arm_.pins)
            pinned = pin.kind == PinKind::median ? pin_median(warp, pin, events, survival)
                                                 : pin_milestone(warp, pin, events, survival, pinned, end);
        if (arm_.follow_up && with_follow_up)
            if (const auto median = median_follow_up_of(events, censored, end, arm_.follow_up->on_study)) {
                const double half = 0.5 * (median->second - median->first), middle = arm_.follow_up->median_months;
                if (warp.insert(median->first, middle - half) && half > 0)
                    (void)warp.insert(median->second, middle + half);
            }
        warp.close();
        std::vector<Patient> patients;
        patients.reserve(events.size() + censored.size());
        std::size_t c = 0;
        const auto leave_before = [&](double time) {
            for (; c < censored.size() && censored[c] < time; ++c) patients.push_back({warp(censored[c]), false});
        };
        for (const double event : events) {
            leave_before(event);
            patients.push_back({warp(event), true});
        }
        leave_before(end);
        patients.resize(events.size() + censored.size(), {end, false});
        // Whoever is left behind the last event is still there at the last pin.
        if (!arm_.pins.empty() && !patients.back().event && patients.back().time_months < arm_.pins.back().time_months)
            patients.back().time_months = end;
        return patients;
    }

  private:
    const DrawnArm& arm_;
    double beyond_ = 1;  // the curve at the end over the curve at the last pin, in the draw
};

// log of the patients' hazard ratio less that of the published one; infinite if there is none.
double excess(const std::vector<Patient>& control, const std::vector<Patient>& experimental, double log_hr) {
    const CoxFit fit = cox(KaplanMeier(control), KaplanMeier(experimental));
    switch (fit.status) {
        case CoxStatus::estimated:
            return fit.log_hr - log_hr;
        case CoxStatus::without_limit_below:
            return -infinity;
        case CoxStatus::without_limit_above:
            return infinity;
        case CoxStatus::no_information:
            break;
    }
    return 0;
}

// Two arms under a tilt, and how far their hazard ratio is off.
struct TiltedPair {
    double tilt = 0, excess = 0;
    std::vector<Patient> experimental, control;
};

// The pair with the published hazard ratio and the smallest tilt, or the nearest to it that was found. A greater tilt
// makes a greater ratio. `pair_at` makes a pair with its excess.
template <class PairAt>
TiltedPair meet(const RatioTarget& ratio, const PairAt& pair_at) {
    const double tolerance = ratio.tolerance();
    TiltedPair best = pair_at(0.0);
    const double direction = best.excess > 0 ? -1 : 1;
    const auto excess_at = [&](double tilt) {
        TiltedPair tried = pair_at(tilt);
        const double excess = tried.excess;
        if (std::abs(excess) < std::abs(best.excess)) best = std::move(tried);
        return excess;
    };
    const auto is_met = [&] { return std::abs(best.excess) <= tolerance; };
    survival::Guess low{0, best.excess}, high = low;
    constexpr double furthest = 2;
    for (double tilt = std::clamp(2 * std::abs(low.value), 0.02, furthest); !is_met();
         tilt = std::min(2 * tilt, furthest)) {
        high = {direction * tilt, excess_at(direction * tilt)};
        if (high.value * direction >= 0 || tilt >= furthest) break;
        low = high;
    }
    constexpr int most_steps = 20;
    (void)survival::false_position(excess_at, low, high, tolerance, most_steps);
    // The hazard ratio is a function of ranks and jumps: where the search ended beside a jump, its surroundings are
    // looked at.
    constexpr int most_around = 15;
    const double centre = best.tilt;
    for (int i = 1; i <= most_around && !is_met(); ++i)
        for (const double side : {1.0, -1.0})
            if (!is_met()) (void)excess_at(centre + side * 0.005 * i);
    return best;
}

}  // namespace

std::vector<std::vector<Patient>> calibrated(const std::vector<DrawnArm>& arms,
                                             const std::vector<RatioTarget>& ratios) {
    std::vector<Calibrator> calibrators;
    std::vector<std::vector<Patient>> patients;
    for (const DrawnArm& arm : arms) {
        calibrators.emplace_back(arm);
        patients.push_back(calibrators.back().patients(0));
    }
    std::vector<bool> settled(arms.size(), false);  // by an earlier ratio
    for (const RatioTarget& ratio : ratios) {
        const std::size_t e = ratio.experimental, c = ratio.control;
        if (settled[e] && settled[c]) continue;
        // Both arms by half, or the one that may still be moved.
        const double of_control = settled[c] ? 0 : settled[e] ? 1 : 0.5, of_experimental = of_control - 1;
        const auto pair_with = [&](bool follow_up) {
            return meet(ratio, [&](double tilt) {
                TiltedPair tilted{tilt, 0, patients[e], patients[c]};
                if (!settled[e]) tilted.experimental = calibrators[e].patients(of_experimental * tilt, follow_up);
                if (!settled[c]) tilted.control = calibrators[c].patients(of_control * tilt, follow_up);
                tilted.excess = excess(tilted.control, tilted.experimental, std::log(ratio.hazard_ratio));
                return tilted;
            });
        };
        TiltedPair pair = pair_with(true);
        // Whether the follow-up can be met changes with the tilt, and the ratio jumps there: the ratio goes before.
        const bool has_follow_up = arms[e].follow_up || arms[c].follow_up;
        if (has_follow_up && std::abs(pair.excess) > ratio.tolerance())
            if (TiltedPair other = pair_with(false); std::abs(other.excess) < std::abs(pair.excess))
                pair = std::move(other);
        patients[e] = std::move(pair.experimental);
        patients[c] = std::move(pair.control);
        settled[e] = settled[c] = true;
    }
    return patients;
}

}  // namespace hersurv::patients
