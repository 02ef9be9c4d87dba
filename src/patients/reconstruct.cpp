// Whole patients whose Kaplan-Meier curve follows a digitised one.
//
// As Guyot et al. 2012 (BMC Med Res Methodol 12:9): between two times with numbers at risk, whoever leaves has an event
// or is censored; the censored are spread evenly, and their number is the one at which the events that the curve then
// needs add up to those who left; where the figure marks the censored, they are at its marks. The events themselves are
// not rounded from S at each point: the next one is placed where the curve has come down by half of the step that it
// makes, S / (2 n), so that the patients' curve never is more than half a step away and no remainder is lost; a level
// curve has none. The total number of events (their `tot.events`; Rogula et al. 2022, Liu et al. 2021) settles the
// censored after the last number at risk and, within what the axis of a figure can be off by, the scale of the drops.
#include "hersurv/patients.hpp"

#include "evidence/constants.hpp"
#include "patients/digitised_curve.hpp"
#include "support/number_text.hpp"
#include "support/numbers.hpp"
#include "survival/expected_data.hpp"
#include "survival/solve.hpp"
#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <stdexcept>

namespace hersurv::patients {
namespace {

// Times of m censored patients in a stretch: evenly over its marks, where it has any, else over the stretch.
std::vector<double> spread_evenly(double from, double to, std::span<const double> marks, std::size_t m) {
    std::vector<double> times(m);
    for (std::size_t k = 0; k < m; ++k)
        times[k] = marks.empty() ? from + (to - from) * (static_cast<double>(k) + 0.5) / static_cast<double>(m)
                                 : marks[(2 * k + 1) * marks.size() / (2 * m)];
    return times;
}

// The marks in [from, to).
std::span<const double> marks_between(std::span<const double> marks, double from, double to) {
    const auto first = std::lower_bound(marks.begin(), marks.end(), from);
    return {first, std::lower_bound(first, marks.end(), to)};
}

std::size_t difference(std::size_t a, std::size_t b) { return a > b ? a - b : b - a; }

// The argument in [low, high] at which a count that rises with it is nearest to `wanted`.
template <class Count>
std::size_t nearest_count(std::size_t low, std::size_t high, std::size_t wanted, const Count& count) {
    std::size_t best = low, least = std::numeric_limits<std::size_t>::max();
    const auto side = [&](std::ptrdiff_t argument) {
        const std::size_t here = count(static_cast<std::size_t>(argument));
        if (difference(here, wanted) < least) {
            least = difference(here, wanted);
            best = static_cast<std::size_t>(argument);
        }
        return here < wanted ? -1 : here > wanted ? 1 : 0;
    };
    (void)survival::bisect(static_cast<std::ptrdiff_t>(low) - 1, static_cast<std::ptrdiff_t>(high) + 1, side);
    return best;
}

class PatientBuilder {
  public:
    // `scale` stretches the drops of the curve.
    PatientBuilder(const DigitisedCurve& curve, std::size_t n_patients, double scale,
                   std::span<const double> marks = {})
        : curve_(&curve), scale_(scale), marks_(marks), n_at_risk_(n_patients) {}

    // Everybody who leaves before the end of a stretch.
    void pass(double from, double to, std::size_t n_left) {
        const std::size_t leaving = n_at_risk_ - n_left;
        const double last = std::clamp(curve_->end_months, from, to);
        const auto marks = marks_between(marks_, from, last);
        const auto times = [&](std::size_t m) { return spread_evenly(from, last, marks, m); };
        std::size_t n_censored = nearest_count(
            0, leaving, leaving, [&](std::size_t m) { return walk(from, to, times(m)).events.size() + m; });
        std::vector<double> events = walk(from, to, times(n_censored)).events;
        // What one stretch lacks the next one asks for again, as S is still too high: the most at once is the excess.
        const std::size_t lacking = events.size() - std::min(events.size(), leaving);
        n_lacking_ = std::max(n_lacking_, lacking);
        if (lacking > 0) {
            for (std::size_t k = 0; k < leaving; ++k) events[k] = events[(2 * k + 1) * events.size() / (2 * leaving)];
            events.resize(leaving);
        }
        n_censored = leaving - events.size();
        leave(events, times(n_censored));
    }

    // The rest: `censored` before the end where they can be, everybody else with an event or censored at the end.
    void finish(double from, const std::vector<double>& censored) {
        const double end = std::max(from, curve_->end_months);
        const Walk walked = walk(from, infinity, censored);
        leave(walked.events, {censored.begin(), censored.begin() + static_cast<std::ptrdiff_t>(walked.n_censored)});
        leave({}, std::vector<double>(n_at_risk_, end));
    }
    // How many events and censored there would be.
    [[nodiscard]] std::size_t events_to_the_end(double from, const std::vector<double>& censored) const {
        return walk(from, infinity, censored).events.size();
    }

    [[nodiscard]] std::size_t n_at_risk() const { return n_at_risk_; }
    [[nodiscard]] std::size_t n_events() const { return n_events_; }
    // Events that the curve asked for and the numbers at risk did not allow.
    [[nodiscard]] std::size_t n_lacking() const { return n_lacking_; }
    [[nodiscard]] std::vector<Patient> patients() const { return patients_; }

  private:
    struct Walk {
        std::vector<double> events;
        std::size_t n_censored = 0;
    };

    // Follows the curve in [from, to) with these patients censored.
    [[nodiscard]] Walk walk(double from, double to, const std::vector<double>& censored) const {
        Walk walked;
        std::size_t n = n_at_risk_;
        double survival = survival_;
        while (n > 0) {
            const double half_step = survival / (2 * static_cast<double>(n));
            const double event = std::max(from, curve_->time_at(1 - (1 - (survival - half_step)) / scale_));
            const double leaves = walked.n_censored < censored.size() ? censored[walked.n_censored] : infinity;
            if (std::min(event, leaves) >= to) break;
            if (leaves < event) {
                ++walked.n_censored;
            } else {
                walked.events.push_back(event);
                survival -= 2 * half_step;
            }
            --n;
        }
        return walked;
    }

    void leave(const std::vector<double>& events, const std::vector<double>& censored) {
        std::size_t k = 0;
        for (const double time : events) {
            for (; k < censored.size() && censored[k] < time; ++k) --n_at_risk_;
            survival_ *= 1 - 1 / static_cast<double>(n_at_risk_);
            --n_at_risk_;
            patients_.push_back({time, true});
        }
        n_at_risk_ -= censored.size() - k;
        n_events_ += events.size();
        for (const double time : censored) patients_.push_back({time, false});
    }

    const DigitisedCurve* curve_;
    double scale_;
    std::span<const double> marks_;
    std::size_t n_at_risk_, n_events_ = 0, n_lacking_ = 0;
    double survival_ = 1;
    std::vector<Patient> patients_;
};

// With numbers at risk; after the last one as many are censored as give the total of events, or, where that is not
// known, as there are marks, or, without marks, as many as can be.
PatientBuilder with_numbers_at_risk(const DigitisedArm& arm, const DigitisedCurve& curve, double scale) {
    PatientBuilder builder(curve, arm.at_risk.front().n_patients, scale, arm.censor_marks);
    std::size_t i = 0;
    for (; i + 1 < arm.at_risk.size(); ++i)
        builder.pass(arm.at_risk[i].time_months, arm.at_risk[i + 1].time_months, arm.at_risk[i + 1].n_patients);
    const double from = arm.at_risk[i].time_months, end = std::max(from, curve.end_months);
    const std::size_t left = builder.n_at_risk();
    const auto marks = marks_between(arm.censor_marks, from, end);
    const auto censored = [&](std::size_t without_event) { return spread_evenly(from, end, marks, without_event); };
    std::size_t m = 0;
    if (arm.n_events) {
        // Fewer censored before the end, more events.
        const std::size_t wanted = *arm.n_events > builder.n_events() ? *arm.n_events - builder.n_events() : 0;
        m = left - nearest_count(0, left, wanted, [&](std::size_t not_censored) {
                return builder.events_to_the_end(from, censored(left - not_censored));
            });
    } else if (!marks.empty()) {
        m = std::min(marks.size(), left);
    } else {
        m = nearest_count(0, left, left,
                          [&](std::size_t k) { return builder.events_to_the_end(from, censored(k)) + k; });
    }
    builder.finish(from, censored(m));
    return builder;
}

// Without numbers at risk: the share that is still followed falls as G(t) = 1 / (1 + (t / median)^gamma), as the rest
// of the library takes it (docs/method.md), and the censored are at its even quantiles.
PatientBuilder with_assumed_follow_up(const DigitisedArm& arm, const DigitisedCurve& curve, double scale,
                                      double median_follow_up_months) {
    // Of overall survival: what a curve is of is not asked.
    const double gamma = evidence::builtin_constants()->endpoint("OS").information_gamma;
    const auto n = static_cast<double>(*arm.n_patients);
    std::vector<double> times;
    double followed = 1, censored = 0;
    for (std::size_t j = 0; j + 1 < curve.survival.size(); ++j) {
        const double from = curve.step_months * static_cast<double>(j);
        const double to = std::min(curve.end_months, from + curve.step_months);
        const double after = survival::still_followed(to, median_follow_up_months, gamma);
        const double more = n * survival::fallen(followed, after, curve.survival[j], curve.survival[j + 1]);
        for (; static_cast<double>(times.size()) + 0.5 < censored + more;)
            times.push_back(from + (to - from) * (static_cast<double>(times.size()) + 0.5 - censored) / more);
        censored += more;
        followed = after;
    }
    PatientBuilder builder(curve, *arm.n_patients, scale);
    builder.finish(0, times);
    return builder;
}

// The argument in [low, high] at which a builder has the number of events, which rises with it; the nearest if none
// has.
template <class Build>
PatientBuilder with_events(double low, double high, std::size_t n_events, const Build& build) {
    constexpr int halvings = 16;
    PatientBuilder best = build(high);
    if (best.n_events() == n_events) return best;
    const auto side = [&](double middle) {
        PatientBuilder here = build(middle);
        const int events = here.n_events() < n_events ? -1 : here.n_events() > n_events ? 1 : 0;
        if (difference(here.n_events(), n_events) <= difference(best.n_events(), n_events)) best = std::move(here);
        return events;
    };
    (void)survival::bisect(low, high, side, halvings);
    return best;
}

// The arms with their number of patients and, where it can be told when people leave, numbers at risk from time 0 on.
std::vector<DigitisedArm> completed(std::vector<DigitisedArm> arms) {
    for (DigitisedArm& arm : arms) {
        if (arm.clicks.empty() || !(arm.clicks.back().time_months > 0))
            throw std::invalid_argument("reconstruct: an arm without points after time 0");
        if (!arm.at_risk.empty() && arm.n_patients && *arm.n_patients < arm.at_risk.front().n_patients)
            throw std::invalid_argument("reconstruct: fewer patients than the first number at risk");
        if (!arm.at_risk.empty() && arm.at_risk.front().time_months > 0) {
            arm.n_patients = patients_at_start(arm);
            arm.at_risk.insert(arm.at_risk.begin(), {0, *arm.n_patients});
        }
        if (!arm.n_patients && !arm.at_risk.empty()) arm.n_patients = arm.at_risk.front().n_patients;
        if (!arm.n_patients || *arm.n_patients == 0)
            throw std::invalid_argument("reconstruct: an arm without a number of patients");
        // Marks say when people leave, as numbers at risk do.
        if (arm.at_risk.empty() && !arm.censor_marks.empty()) arm.at_risk = {{0, *arm.n_patients}};
    }
    return arms;
}

// How far the patients are from the figure, and a warning where that is farther than in sound figures: what 99% of the
// arms of bench/patients reach, with 60 points or more .0125 and 2.6% of the patients, with 12 points .016 and 7.5%.
void judge(const DigitisedArm& arm, std::size_t n_lacking, ReconstructedArm& out) {
    const auto n_points = static_cast<double>(arm.clicks.size());
    const double most_distance = 0.014 + 0.08 / n_points, most_lacking = 0.025 + 0.6 / n_points;
    const auto n = static_cast<double>(out.arm.patients.size());
    const double root_mean_square = point_agreement(KaplanMeier(out.arm.patients), arm).root_mean_square;
    out.distance = std::max(0.0, root_mean_square - 0.5 / n);
    out.lacking_share = static_cast<double>(n_lacking) / n;
    if (out.distance > most_distance)
        out.warnings.push_back(
            "the patients' curve is " + support::fixed(100 * root_mean_square, 1) +
            " points away from the digitised one (root mean square): check the points and the numbers at risk");
    if (out.lacking_share > most_lacking)
        out.warnings.push_back("the curve asks for " + std::to_string(n_lacking) +
                               " more events than the numbers at risk allow");
}

}  // namespace

std::vector<ReconstructedArm> reconstruct(const std::vector<DigitisedArm>& given, const ClickNoise& noise) {
    const std::vector<DigitisedArm> arms = completed(given);
    std::vector<DigitisedCurve> curves = curves_through_clicks(arms, noise);
    std::vector<ReconstructedArm> result;
    for (std::size_t i = 0; i < arms.size(); ++i) {
        const DigitisedArm& arm = arms[i];
        ReconstructedArm out;
        out.curve = std::move(curves[i]);
        const auto build = [&]() -> PatientBuilder {
            if (!arm.at_risk.empty()) {
                PatientBuilder builder = with_numbers_at_risk(arm, out.curve, 1);
                if (!arm.n_events || builder.n_events() == *arm.n_events) return builder;
                // By as much as a point may be off the drops of the whole curve may be, not by more.
                const double most_off = noise.survival;
                return with_events(1 - most_off, 1 + most_off, *arm.n_events,
                                   [&](double scale) { return with_numbers_at_risk(arm, out.curve, scale); });
            }
            // The longer the follow-up, the more events. If neither is known the last patient is taken to have been
            // followed as much longer than the median one as in the figures of bench/patients.
            constexpr double last_over_median = 1.5;
            const double end = out.curve.end_months;
            if (!arm.n_events) return with_assumed_follow_up(arm, out.curve, 1, end / last_over_median);
            constexpr double most_log_factor = 5;
            return with_events(-most_log_factor, most_log_factor, *arm.n_events, [&](double log_factor) {
                return with_assumed_follow_up(arm, out.curve, 1, end * std::exp(log_factor));
            });
        };
        if (!arm.counted.empty()) {
            out.arm = {arm.name, arm.counted};
            out.censoring = CensoringFrom::counts;
            result.push_back(std::move(out));
            continue;
        }
        const PatientBuilder builder = build();
        out.arm = {arm.name, builder.patients()};
        std::stable_sort(out.arm.patients.begin(), out.arm.patients.end(), [](const Patient& a, const Patient& b) {
            return a.time_months < b.time_months || (a.time_months == b.time_months && a.event && !b.event);
        });
        out.censoring = given[i].at_risk.empty() ? !arm.censor_marks.empty() ? CensoringFrom::marks
                                                   : arm.n_events            ? CensoringFrom::events
                                                                             : CensoringFrom::assumption
                        : arm.n_events           ? CensoringFrom::at_risk_and_events
                                                 : CensoringFrom::at_risk;
        judge(given[i], builder.n_lacking(), out);
        if (arm.n_events && builder.n_events() != *arm.n_events)
            out.notes.push_back(std::to_string(builder.n_events()) + " events instead of " +
                                std::to_string(*arm.n_events) +
                                ": the curve and the numbers at risk allow no other number");
        result.push_back(std::move(out));
    }
    return result;
}

}  // namespace hersurv::patients
