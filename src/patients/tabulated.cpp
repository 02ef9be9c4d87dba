// Times of events and of censoring as tables.
#include "patients/tabulated.hpp"

#include "survival/expected_data.hpp"
#include "survival/follow_up.hpp"
#include <algorithm>
#include <cmath>

namespace hersurv::patients {

InverseTable::InverseTable(const std::vector<double>& times, std::vector<double> cumulative)
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

double InverseTable::operator()(double value) const {
    const auto parts = static_cast<double>(start_.size());
    const auto part = static_cast<std::size_t>(value / total() * parts);
    std::size_t k = start_[std::min(part, start_.size() - 1)];
    while (k + 2 < cumulative_.size() && cumulative_[k + 1] < value) ++k;
    const double rise = cumulative_[k + 1] - cumulative_[k];
    const double share = rise > 0 ? std::clamp((value - cumulative_[k]) / rise, 0.0, 1.0) : 0.5;
    return (*times_)[k] + share * ((*times_)[k + 1] - (*times_)[k]);
}

Tabulated::Tabulated(std::vector<double> grid, const std::function<double(double)>& cumulative_hazard)
    : times(std::move(grid)) {
    double lowest = 1;
    for (const double time : times) {
        lowest = std::min(lowest, std::exp(-cumulative_hazard(time)));
        survival.push_back(lowest);
        log_times_.push_back(std::log(time));
    }
}

void Tabulated::follow(const Censoring& censoring) {
    followed.clear();
    const double log_follow_up = std::log(censoring.follow_up_months);
    for (const double log_time : log_times_)
        followed.push_back(1 / (1 + std::exp(censoring.gamma * (log_time - log_follow_up))));
}

double Tabulated::events(const Censoring& censoring) const {
    const double log_follow_up = std::log(censoring.follow_up_months);
    double sum = 0, before = 1;
    for (std::size_t k = 1; k < times.size(); ++k) {
        const double now = 1 / (1 + std::exp(censoring.gamma * (log_times_[k] - log_follow_up)));
        sum += survival::fallen(survival[k - 1], survival[k], before, now);
        before = now;
    }
    return sum;
}

std::vector<double> Tabulated::events() const { return survival::cumulative_fallen(survival, followed); }

std::vector<double> Tabulated::censored() const { return survival::cumulative_fallen(followed, survival); }

double Tabulated::median_time_on_study(const Censoring& censoring) const {
    double before = 1;
    for (std::size_t k = 1; k < times.size(); ++k) {
        const double on_study =
            survival[k] * survival::still_followed(times[k], censoring.follow_up_months, censoring.gamma);
        if (on_study <= 0.5) return times[k - 1] + (before - 0.5) / (before - on_study) * (times[k] - times[k - 1]);
        before = on_study;
    }
    return times.back();
}

double Tabulated::survival_at(double time_months) const {
    const auto next = std::ranges::lower_bound(times, time_months);
    if (next == times.begin()) return 1;
    if (next == times.end()) return survival.back();
    const auto k = static_cast<std::size_t>(next - times.begin());
    const double share = (time_months - times[k - 1]) / (times[k] - times[k - 1]);
    return survival[k - 1] + share * (survival[k] - survival[k - 1]);
}

namespace {
constexpr int table_intervals = 1024;
}

HazardTable::HazardTable(double end_months, std::function<double(double)> cumulative_hazard)
    : end_(end_months),
      times_(survival::follow_up_grid(end_months, table_intervals)),
      beyond_(std::move(cumulative_hazard)) {
    values_.reserve(times_.size());
    for (const double time : times_) values_.push_back(time > 0 ? beyond_(time) : 0);
}

double HazardTable::operator()(double time_months) const {
    if (time_months >= end_) return beyond_(time_months);
    // The grid is t_k = end (k / intervals)^1.5.
    const double place = table_intervals * std::cbrt(time_months * time_months / (end_ * end_));
    auto k = std::min(static_cast<std::size_t>(place), times_.size() - 2);
    if (time_months < times_[k] && k > 0) --k;
    const double share = (time_months - times_[k]) / (times_[k + 1] - times_[k]);
    return values_[k] + share * (values_[k + 1] - values_[k]);
}

double tilted(const std::function<double(double)>& cumulative_hazard, std::span<const double> at, double tilt,
              double time_months) {
    if (tilt == 0) return cumulative_hazard(time_months);
    const auto next = std::ranges::upper_bound(at, time_months);
    const double from = next == at.begin() ? 0 : *(next - 1);
    if (next == at.end()) {
        const double until = from > 0 ? cumulative_hazard(from) : 0;
        return until + (cumulative_hazard(time_months) - until) * std::exp(-tilt);
    }
    // x of which this time is x + b x (1 - x), the smaller root of b x^2 - (1 + b) x + y = 0.
    const double b = std::clamp(tilt, -1.0, 1.0), y = (time_months - from) / (*next - from);
    const double root = std::sqrt(std::max(0.0, (1 + b) * (1 + b) - 4 * b * y));
    const double x = 2 * y / (1 + b + root);
    return cumulative_hazard(from + (std::isfinite(x) ? std::min(x, 1.0) : 0.0) * (*next - from));
}

double expected_log_hazard_ratio(const TabulatedArm& experimental, const TabulatedArm& control) {
    std::vector<survival::ExpectedInterval> intervals;
    const auto at_risk = [](const TabulatedArm& arm, std::size_t k) {
        const Tabulated& curve = *arm.curve;
        return arm.n_patients * 0.5 *
               (curve.survival[k - 1] * curve.followed[k - 1] + curve.survival[k] * curve.followed[k]);
    };
    const auto events = [](const TabulatedArm& arm, std::size_t k) {
        const Tabulated& curve = *arm.curve;
        return arm.n_patients *
               survival::fallen(curve.survival[k - 1], curve.survival[k], curve.followed[k - 1], curve.followed[k]);
    };
    for (std::size_t k = 1; k < control.curve->times.size(); ++k)
        intervals.push_back(
            {at_risk(experimental, k), at_risk(control, k), events(experimental, k), events(control, k)});
    return survival::expected_cox(intervals).log_hazard_ratio;
}

}  // namespace hersurv::patients
