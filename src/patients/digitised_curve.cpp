// Curves through digitised points: what an optimal smoother makes of a survival curve's own noise and the hand's.
//
// On a grid of times the drop of S in a cell has the mean m and, S being a Kaplan-Meier curve, the variance m S / n
// (Greenwood: d events among n at risk move log S by d / n with the variance d / n^2). A point is S(u) with a normal
// error, at a time u that has one as well. Given where on the grid each point may lie, the curve is a Gaussian chain,
// and its mean one tridiagonal system (Rauch, Tung & Striebel 1965). Two things are learnt from the curve itself in a
// few rounds (expectation-maximisation): where the points lie, weighted by their distance to the curve in both axes,
// and m. m is the arm's own drop over a wide window times what all arms share at a narrow one: scans on a schedule make
// the curves of a trial fall together, and each arm has points where the other has none.
#include "patients/digitised_curve.hpp"

#include "support/antitonic.hpp"
#include "support/numbers.hpp"
#include <algorithm>
#include <cmath>

namespace hersurv::patients {
namespace {

// Chosen on the figures of bench/patients, where they matter little: halving or doubling one moves the mean error of S
// by less than 3%. Without a shared shape of the drops it is 8% larger.
constexpr std::size_t n_cells = 500;     // of the longest arm
constexpr std::size_t wide_cells = 25;   // half a window of an arm's own drop
constexpr std::size_t narrow_cells = 2;  // half a window of what the arms share
constexpr double shared_weight = 0.95;   // of the shared shape of the drops; the rest is even
constexpr int n_rounds = 6;
constexpr double least_drop_of_curve = 0.02;  // spread evenly over the cells: S may fall anywhere
constexpr double least_survival = 0.02;       // below which the variance of drops no longer shrinks

struct SmoothedArm {
    const DigitisedArm* arm = nullptr;
    std::vector<double> survival, n_at_risk;  // at the times of the grid
    std::vector<double> wide;                 // mean drop of the cells around
    [[nodiscard]] std::size_t n_cells_of_arm() const { return survival.size() - 1; }
};

double end_of(const DigitisedArm& arm) {
    double end = arm.clicks.back().time_months;
    for (const AtRisk& row : arm.at_risk)
        if (row.n_patients > 0) end = std::max(end, row.time_months);
    return end;
}

// Straight between the antitonic values of the points, level after the last; 1 at time 0.
std::vector<double> first_survival(const DigitisedArm& arm, double step, std::size_t cells) {
    std::vector<double> values;
    for (const Click& click : arm.clicks) values.push_back(click.survival);
    values = support::antitonic(values);
    std::vector<double> survival(cells + 1, 1.0);
    std::size_t next = 0;
    double before_time = 0, before = 1;
    for (std::size_t j = 0; j <= cells; ++j) {
        const double time = step * static_cast<double>(j);
        for (; next < values.size() && arm.clicks[next].time_months <= time; ++next) {
            before_time = arm.clicks[next].time_months;
            before = values[next];
        }
        survival[j] = before;
        if (next < values.size())
            survival[j] +=
                (values[next] - before) * (time - before_time) / (arm.clicks[next].time_months - before_time);
    }
    survival.front() = 1;
    return support::antitonic(survival);
}

// Straight between the numbers at risk, down to nobody at the end; without them as many as the curve leaves under an
// even loss of most of the patients. It sets only how large drops are expected to be.
std::vector<double> numbers_at_risk(const DigitisedArm& arm, const std::vector<double>& survival, double step) {
    constexpr double share_lost_by_the_end = 0.7;
    const std::size_t cells = survival.size() - 1;
    const double end = step * static_cast<double>(cells);
    std::vector<double> n_at_risk(cells + 1);
    std::size_t i = 0;
    for (std::size_t j = 0; j <= cells; ++j) {
        const double time = step * static_cast<double>(j);
        if (arm.at_risk.empty()) {
            n_at_risk[j] =
                static_cast<double>(*arm.n_patients) * survival[j] * (1 - share_lost_by_the_end * time / end);
        } else {
            while (i + 1 < arm.at_risk.size() && arm.at_risk[i + 1].time_months <= time) ++i;
            const AtRisk from = arm.at_risk[i];
            const AtRisk to = i + 1 < arm.at_risk.size() ? arm.at_risk[i + 1] : AtRisk{std::max(end, time + step), 0};
            const double share = std::max(0.0, (time - from.time_months) / (to.time_months - from.time_months));
            n_at_risk[j] =
                static_cast<double>(from.n_patients) * (1 - share) + static_cast<double>(to.n_patients) * share;
        }
        n_at_risk[j] = std::max(1.0, n_at_risk[j]);
    }
    return n_at_risk;
}

// Mean drop of the cells from `half` before to `half` after.
std::vector<double> windowed_drops(const std::vector<double>& survival, std::size_t half) {
    const std::size_t cells = survival.size() - 1;
    std::vector<double> drops(cells);
    for (std::size_t j = 0; j < cells; ++j) {
        const std::size_t from = j < half ? 0 : j - half, to = std::min(cells, j + 1 + half);
        drops[j] = (survival[from] - survival[to]) / static_cast<double>(to - from);
    }
    return drops;
}

// How much faster than their surroundings the curves of all arms fall in a cell, weighted by the patients at risk.
std::vector<double> shared_shape(const std::vector<SmoothedArm>& arms, std::size_t cells) {
    std::vector<double> narrow(cells), wide(cells), shape(cells, 1.0);
    for (const SmoothedArm& arm : arms) {
        const std::vector<double> drops = windowed_drops(arm.survival, narrow_cells);
        for (std::size_t j = 0; j < drops.size(); ++j) {
            const double weight = arm.n_at_risk[j] / std::max(arm.survival[j], least_survival);
            narrow[j] += weight * drops[j];
            wide[j] += weight * arm.wide[j];
        }
    }
    for (std::size_t j = 0; j < cells; ++j)
        if (wide[j] > 0) shape[j] = narrow[j] / wide[j];
    return shape;
}

void smooth(SmoothedArm& state, const std::vector<double>& shape, double step, double sd_time, double sd_survival) {
    const std::size_t cells = state.n_cells_of_arm();
    std::vector<double>& survival = state.survival;
    // What the points say: sum of precision (S_j - s)^2.
    std::vector<double> diagonal(cells + 1, 0.0), right(cells + 1, 0.0), upper(cells, 0.0), weights;
    constexpr double most_sds = 3.5;
    const auto reach = static_cast<std::size_t>(std::ceil(most_sds * sd_time / step));
    const double sd_on_grid = std::max(sd_time, 0.5 * step), precision = 1 / (sd_survival * sd_survival);
    for (const Click& click : state.arm->clicks) {
        const auto at = std::min(cells, static_cast<std::size_t>(std::lround(click.time_months / step)));
        const std::size_t from = at < reach ? 0 : at - reach, to = std::min(cells, at + reach);
        weights.clear();
        double sum = 0;
        for (std::size_t j = from; j <= to; ++j) {
            // Far from the curve every time is as good.
            constexpr double far = 6;
            const double u = (static_cast<double>(j) * step - click.time_months) / sd_on_grid;
            const double v = std::min(far, std::abs(survival[j] - click.survival) / sd_survival);
            weights.push_back(std::exp(-0.5 * (u * u + v * v)));
            sum += weights.back();
        }
        for (std::size_t j = from; j <= to; ++j) {
            const double share = precision * weights[j - from] / sum;
            diagonal[j] += share;
            right[j] += share * click.survival;
        }
    }
    // What drops are expected: sum of (S_j - S_j+1 - m)^2 / variance.
    constexpr double least_variance = 1e-9;
    for (std::size_t j = 0; j < cells; ++j) {
        const double mean = state.wide[j] * (shared_weight * shape[j] + (1 - shared_weight));
        const double variance = (mean + least_drop_of_curve / static_cast<double>(n_cells)) *
                                    std::max(survival[j], least_survival) / state.n_at_risk[j] +
                                least_variance;
        diagonal[j] += 1 / variance;
        diagonal[j + 1] += 1 / variance;
        upper[j] = -1 / variance;
        right[j] += mean / variance;
        right[j + 1] -= mean / variance;
    }
    // S(0) = 1, then Gauss elimination of a tridiagonal system.
    right[1] -= upper[0];
    for (std::size_t j = 2; j <= cells; ++j) {
        const double factor = upper[j - 1] / diagonal[j - 1];
        diagonal[j] -= factor * upper[j - 1];
        right[j] -= factor * right[j - 1];
    }
    survival[cells] = right[cells] / diagonal[cells];
    for (std::size_t j = cells; j-- > 1;) survival[j] = (right[j] - upper[j] * survival[j + 1]) / diagonal[j];
    survival = support::antitonic(survival);
    for (double& s : survival) s = std::clamp(s, 0.0, 1.0);
}

// A tail on which the points do not tell a falling curve from a level one is level: least squares of a non-increasing
// curve gain no more over one level than noise would give.
void level_tail(DigitisedCurve& curve, const DigitisedArm& arm, double sd_survival) {
    constexpr std::size_t fewest_points = 6;
    constexpr double most_gain = 4;  // in squared sds
    std::vector<double> tail;
    double level = 0;
    std::size_t first = arm.clicks.size();
    for (std::size_t start = arm.clicks.size(); start-- > 0;) {
        tail.insert(tail.begin(), arm.clicks[start].survival);
        double sum = 0;
        for (const double s : tail) sum += s;
        const double mean = sum / static_cast<double>(tail.size());
        const std::vector<double> falling = support::antitonic(tail);
        double gain = 0;
        for (const double s : falling) gain += (s - mean) * (s - mean);
        if (gain > most_gain * sd_survival * sd_survival) break;
        first = start;
        level = mean;
    }
    if (arm.clicks.size() - first < fewest_points) return;
    const double from = arm.clicks[first].time_months;
    for (std::size_t j = 0; j < curve.survival.size(); ++j) {
        double& s = curve.survival[j];
        s = curve.step_months * static_cast<double>(j) < from ? std::max(s, level) : std::clamp(level, 0.0, 1.0);
    }
}

}  // namespace

double DigitisedCurve::at(double time_months) const {
    const double place = time_months / step_months;
    if (!(place > 0)) return survival.front();
    if (place >= static_cast<double>(survival.size() - 1)) return survival.back();
    const auto j = static_cast<std::size_t>(place);
    return survival[j] + (place - static_cast<double>(j)) * (survival[j + 1] - survival[j]);
}

double DigitisedCurve::time_at(double value) const {
    const auto below = std::partition_point(survival.begin(), survival.end(), [&](double s) { return s > value; });
    if (below == survival.end()) return infinity;
    if (below == survival.begin()) return 0;
    const double before = *(below - 1);
    const double place = static_cast<double>(below - survival.begin() - 1) + (before - value) / (before - *below);
    return std::min(end_months, step_months * place);
}

std::vector<DigitisedCurve> curves_through_clicks(const std::vector<DigitisedArm>& arms, const ClickNoise& noise) {
    double end = 0;
    for (const DigitisedArm& arm : arms) end = std::max(end, end_of(arm));
    const double step = end / static_cast<double>(n_cells);
    std::vector<SmoothedArm> states(arms.size());
    for (std::size_t i = 0; i < arms.size(); ++i) {
        states[i].arm = &arms[i];
        const auto cells =
            std::clamp(static_cast<std::size_t>(std::ceil(end_of(arms[i]) / step - 1e-9)), std::size_t{2}, n_cells);
        states[i].survival = first_survival(arms[i], step, cells);
        states[i].n_at_risk = numbers_at_risk(arms[i], states[i].survival, step);
    }
    for (int round = 0; round < n_rounds; ++round) {
        for (SmoothedArm& state : states) state.wide = windowed_drops(state.survival, wide_cells);
        const std::vector<double> shape = shared_shape(states, n_cells);
        for (SmoothedArm& state : states) smooth(state, shape, step, noise.time_share * end, noise.survival);
    }
    std::vector<DigitisedCurve> curves;
    for (SmoothedArm& state : states) {
        curves.push_back({step, end_of(*state.arm), std::move(state.survival)});
        level_tail(curves.back(), *state.arm, noise.survival);
    }
    return curves;
}

}  // namespace hersurv::patients
