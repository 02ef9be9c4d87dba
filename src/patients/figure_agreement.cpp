// Compares numbers of patients, events and numbers at risk with the curve through the points.
#include "patients/figure_agreement.hpp"

#include "support/antitonic.hpp"
#include "support/number_text.hpp"
#include "support/words.hpp"
#include <algorithm>
#include <cmath>

namespace hersurv::patients {
namespace {

// What points are off by at most, in sound figures: of S, and of the axis of times.
constexpr double most_off_survival = 0.03, most_off_time = 0.02;

// Straight between the points made non-increasing; 1 at time 0, level after the last.
class CurveOfPoints {
  public:
    explicit CurveOfPoints(std::span<const Click> clicks) : clicks_(clicks) {
        std::vector<double> values;
        for (const Click& click : clicks) values.push_back(click.survival);
        survival_ = support::antitonic(values);
    }
    [[nodiscard]] double operator()(double time_months) const {
        const auto next = std::ranges::upper_bound(clicks_, time_months, {}, &Click::time_months);
        const auto i = static_cast<std::size_t>(next - clicks_.begin());
        if (i == clicks_.size()) return survival_.back();
        const double from = i == 0 ? 0 : clicks_[i - 1].time_months, before = i == 0 ? 1 : survival_[i - 1];
        const double to = clicks_[i].time_months;
        return to > from ? before + (survival_[i] - before) * (time_months - from) / (to - from) : survival_[i];
    }
    // From the last point at or before a time to it, or from time 0.
    [[nodiscard]] double since_last_point(double time_months) const {
        const auto next = std::ranges::upper_bound(clicks_, time_months, {}, &Click::time_months);
        return next == clicks_.begin() ? time_months : time_months - (next - 1)->time_months;
    }
    [[nodiscard]] double end_months() const { return clicks_.back().time_months; }
    [[nodiscard]] double last() const { return survival_.back(); }

  private:
    std::span<const Click> clicks_;
    std::vector<double> survival_;
};

// All patients, of whom the first number at risk is what is left.
double at_start(const CurveOfPoints& curve, const AtRisk& first) {
    const auto n = static_cast<double>(first.n_patients);
    const double survival = first.time_months > 0 ? curve(first.time_months) : 1;
    return survival > 0 ? n / survival : n;
}

std::string of_arm(const DigitisedArm& arm) { return arm.name.empty() ? "" : "arm " + arm.name + ": "; }

// After the last number at risk, when patients leave is assumed; empty if that is little, or the events settle it.
std::string table_ends_early(const DigitisedArm& arm) {
    if (arm.at_risk.empty() || arm.n_events || !arm.counted.empty() || !arm.censor_marks.empty()) return "";
    constexpr double least_share_of_curve = 0.5, most_left = 0.15;
    const AtRisk &first = arm.at_risk.front(), &last = arm.at_risk.back();
    const double end = arm.clicks.back().time_months;
    if (last.time_months >= least_share_of_curve * end ||
        static_cast<double>(last.n_patients) <= most_left * static_cast<double>(first.n_patients))
        return "";
    return of_arm(arm) + "the numbers at risk end at " + support::significant(last.time_months, 3) + " of " +
           support::significant(end, 3) + " months with " + std::to_string(last.n_patients) +
           " patients: when these leave, and how many of them have the event, is assumed";
}

// How unlike the shares still followed of two arms are, in squared standard errors, on average over their common times.
// `a` has the curve of one arm and `of_a` the numbers at risk that are taken for its own.
double unlike_follow_up(const DigitisedArm& a, const std::vector<AtRisk>& of_a, const DigitisedArm& b,
                        const std::vector<AtRisk>& of_b) {
    double sum = 0;
    std::size_t n = 0;
    for (std::size_t i = 1; i < of_a.size(); ++i)
        for (std::size_t j = 1; j < of_b.size(); ++j) {
            if (of_a[i].time_months != of_b[j].time_months) continue;
            const double followed_a = share_followed(a.clicks, of_a, i), followed_b = share_followed(b.clicks, of_b, j);
            constexpr std::size_t fewest = 5;
            if (of_a[i].n_patients < fewest || of_b[j].n_patients < fewest || !(followed_a > 0) || !(followed_b > 0))
                continue;
            // Of log(n / (N S)), n a binomial share of those alive; the points are off as well.
            const auto variance = [](double followed, std::size_t n_left, std::size_t n_points) {
                const double off = 0.02 + 0.15 / static_cast<double>(n_points);
                return std::max(1 - followed, 0.02) / static_cast<double>(n_left) + off * off;
            };
            const double away = std::log(followed_a / followed_b);
            sum += away * away /
                   (variance(followed_a, of_a[i].n_patients, a.clicks.size()) +
                    variance(followed_b, of_b[j].n_patients, b.clicks.size()));
            ++n;
        }
    return n == 0 ? 0 : sum / static_cast<double>(n);
}

}  // namespace

AliveAtMost alive_at_most(std::span<const Click> clicks, std::span<const AtRisk> at_risk, std::size_t i) {
    const CurveOfPoints curve(clicks);
    const double n = at_start(curve, at_risk.front()), time = at_risk[i].time_months;
    // Between two points S may fall at any time.
    const double since = curve.since_last_point(time);
    const auto at_most = [&](double off_survival, double off_time, double share_of_gap) {
        const double off = std::max(off_time * curve.end_months(), share_of_gap * since);
        return n * (curve(std::max(0.0, time - off)) + off_survival) + 1;
    };
    // In bench/patients n(t) is above n S(t) by .74% of n at most in 99% of the arms.
    constexpr double likely_off_survival = 0.01, likely_off_time = 0.005;
    return {n * curve(time), at_most(likely_off_survival, likely_off_time, 0.5),
            at_most(most_off_survival, most_off_time, 1)};
}

double share_followed(std::span<const Click> clicks, std::span<const AtRisk> at_risk, std::size_t i) {
    const CurveOfPoints curve(clicks);
    const double alive = at_start(curve, at_risk.front()) * curve(at_risk[i].time_months);
    return alive > 0 ? static_cast<double>(at_risk[i].n_patients) / alive : 0;
}

std::optional<std::size_t> patients_at_start(const DigitisedArm& arm) {
    if (arm.n_patients) return arm.n_patients;
    if (!arm.counted.empty()) return arm.counted.size();
    if (arm.at_risk.empty()) return std::nullopt;
    return static_cast<std::size_t>(std::lround(at_start(CurveOfPoints(arm.clicks), arm.at_risk.front())));
}

std::vector<std::string> unlikely_times(const Digitised& digitised) {
    constexpr double longest = 300, shortest = 7;  // months: of a figure of a trial
    double end = 0;
    for (const DigitisedArm& arm : digitised.arms) end = std::max(end, arm.clicks.back().time_months);
    if ((end <= longest && end >= shortest) || digitised.files.empty() || !digitised.files.front().time_unit.empty())
        return {};
    return {"times go up to " + support::significant(end, 4) + ", taken as months: give the unit if they are " +
            (end > longest ? "days or weeks" : "years")};
}

std::vector<std::string> unlikely_numbers(const std::vector<DigitisedArm>& arms) {
    std::vector<std::string> unlikely;
    for (const DigitisedArm& arm : arms) {
        if (std::string early = table_ends_early(arm); !early.empty()) unlikely.push_back(std::move(early));
        const auto n = patients_at_start(arm);
        if (!n || !arm.n_events) continue;
        // Each event takes at least 1/n of S.
        const auto patients = static_cast<double>(*n);
        const double room = patients * (1 - CurveOfPoints(arm.clicks).last());
        if (static_cast<double>(*arm.n_events) > room + most_off_survival * patients + 1)
            unlikely.push_back(of_arm(arm) + std::to_string(*arm.n_events) + " events, but the curve allows for " +
                               support::fixed(room, 0) + " among " + std::to_string(*n) +
                               " patients: it may end early, or the numbers may be those of another arm");
    }
    for (std::size_t i = 0; i < arms.size(); ++i)
        for (std::size_t j = i + 1; j < arms.size(); ++j) {
            const DigitisedArm &a = arms[i], &b = arms[j];
            // As randomised arms are followed alike, and exchanged ones look alike where the right ones do not.
            constexpr double far = 9, clearly = 4;
            const double named = unlike_follow_up(a, a.at_risk, b, b.at_risk);
            if (named > far && clearly * unlike_follow_up(a, b.at_risk, b, a.at_risk) < named)
                unlikely.push_back("the numbers at risk of " + a.name + " would fit the curve of " + b.name +
                                   " better, and vice versa: the arms may be exchanged in one of the files");
        }
    return unlikely;
}

}  // namespace hersurv::patients
