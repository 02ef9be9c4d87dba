// A drawn arm is a tabulated cumulative hazard: a Weibull or log-normal law whose hazard is multiplied by factors that
// change at random times, mixed with a cured share.
#include "drawn_laws.hpp"

#include "support/random.hpp"
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <optional>
#include <string>
#include <utility>

namespace hersurv::bench {
namespace {

constexpr std::size_t n_laws = 40;
constexpr std::uint64_t seed = 20261128;
constexpr unsigned first_number = 1000;  // of their random numbers

// Tabulated evenly in log time, in units of the median of the law before its hazard is changed.
constexpr double first_time = 1e-3, last_time = 50;
constexpr std::size_t n_times = 800;

constexpr double sd_of_log_shape = 0.3;                    // of a Weibull law about 1
constexpr double least_sd_log = 0.7, most_sd_log = 1.3;    // of a log-normal law
constexpr double earliest_break = 0.15, latest_break = 3;  // of a change of the hazard
constexpr double share_with_break = 0.5, sd_of_log_factor = 0.6;
constexpr double share_with_delay = 0.5, earliest_delay = 0.1, latest_delay = 1;
constexpr double mean_log_hazard_ratio = -0.3, sd_of_log_hazard_ratio = 0.3;
constexpr double share_with_cure = 0.25, least_cured = 0.05, most_cured = 0.45;
constexpr double median_of_medians = 14, sd_of_log_median = 0.4;  // months, of the control

class Draw {
  public:
    explicit Draw(std::uint64_t law) : random_{seed, law, 0, 0, 0} {}
    double between(double least, double most) { return least + (most - least) * random_.uniform(); }
    double log_between(double least, double most) { return std::exp(between(std::log(least), std::log(most))); }
    // Box & Muller 1958, Ann Math Stat 29:610.
    double normal() {
        const double radius = std::sqrt(-2 * std::log(random_.uniform()));
        return radius * std::cos(2 * std::numbers::pi * random_.uniform());
    }
    bool chance(double share) { return random_.uniform() < share; }

  private:
    support::RandomStream random_;
};

double time_of(std::size_t i) {
    return first_time * std::pow(last_time / first_time, static_cast<double>(i) / (n_times - 1));
}

// Cumulative hazards at time_of(i).
using Table = std::vector<double>;

Table drawn_base(Draw& draw) {
    const bool weibull = draw.chance(0.5);
    const double shape = std::exp(sd_of_log_shape * draw.normal()), sd_log = draw.between(least_sd_log, most_sd_log);
    constexpr double most = 600;  // exp(-600) is nobody
    Table table(n_times);
    for (std::size_t i = 0; i < n_times; ++i) {
        const double t = time_of(i);
        table[i] = weibull ? std::numbers::ln2 * std::pow(t, shape)
                           : -std::log(0.5 * std::erfc(std::log(t) / sd_log / std::numbers::sqrt2));
        table[i] = std::min(table[i], most);
    }
    return table;
}

// The hazard times factors that hold from some time on.
Table changed(const Table& table, double factor_at_first, const std::vector<std::pair<double, double>>& factors) {
    Table result(n_times, factor_at_first * table[0]);
    for (std::size_t i = 1; i < n_times; ++i) {
        double factor = factor_at_first;
        for (const auto& [from, more] : factors)
            if (time_of(i) > from) factor *= more;
        result[i] = result[i - 1] + factor * (table[i] - table[i - 1]);
    }
    return result;
}

Table with_breaks(const Table& table, Draw& draw) {
    std::vector<std::pair<double, double>> factors;
    for (int i = 0; i < 2; ++i)
        if (draw.chance(share_with_break))
            factors.emplace_back(draw.log_between(earliest_break, latest_break),
                                 std::exp(sd_of_log_factor * draw.normal()));
    return changed(table, 1, factors);
}

Table with_hazard_ratio(const Table& table, Draw& draw) {
    const double ratio = std::exp(mean_log_hazard_ratio + sd_of_log_hazard_ratio * draw.normal());
    const double early = std::exp(sd_of_log_hazard_ratio * draw.normal());
    if (!draw.chance(share_with_delay)) return changed(table, ratio, {});
    return changed(table, early, {{draw.log_between(earliest_delay, latest_delay), ratio / early}});
}

Table with_cure(Table table, double cured) {
    for (double& hazard : table) hazard = -std::log(cured + (1 - cured) * std::exp(-hazard));
    return table;
}

std::optional<double> median_of(const Table& table) {
    const auto at = std::ranges::lower_bound(table, std::numbers::ln2) - table.begin();
    if (at == 0 || at == static_cast<std::ptrdiff_t>(n_times)) return std::nullopt;
    return time_of(static_cast<std::size_t>(at));
}

// Linear in time between two entries and beyond the last, so that the hazard is constant in each piece.
LawOfArm law_of(Table table, double months_per_unit) {
    const auto piece = [](double time) {
        const double at = std::log(std::max(time, first_time) / first_time) / std::log(last_time / first_time);
        return static_cast<std::size_t>(std::clamp(at * (n_times - 1), 0.0, n_times - 2.0));
    };
    const auto slope = [table, piece](double time) {
        if (time < first_time) return table[0] / first_time;
        const std::size_t i = piece(time);
        return (table[i + 1] - table[i]) / (time_of(i + 1) - time_of(i));
    };
    return {[table, slope, piece, months_per_unit](double months) {
                const double time = months / months_per_unit;
                if (time < first_time) return slope(time) * time;
                const std::size_t i = piece(time);
                return table[i] + slope(time) * (time - time_of(i));
            },
            [slope, months_per_unit](double months) { return slope(months / months_per_unit) / months_per_unit; }};
}

std::vector<Law> draw_laws() {
    static std::vector<std::string> names(n_laws);  // the table of laws refers to them
    std::vector<Law> laws;
    for (unsigned i = 0; laws.size() < n_laws; ++i) {
        Draw draw(i);
        const Table control = with_breaks(drawn_base(draw), draw);
        const Table experimental = with_breaks(with_hazard_ratio(control, draw), draw);
        const double cured = draw.chance(share_with_cure) ? draw.between(least_cured, most_cured) : 0;
        const double median_months = median_of_medians * std::exp(sd_of_log_median * draw.normal());
        const Table cured_control = with_cure(control, draw.chance(0.5) ? 0.5 * cured : 0);
        const auto median = median_of(cured_control);
        if (!median) continue;
        const double months_per_unit = median_months / *median;
        const auto k = laws.size();
        names[k] = "drawn-" + std::to_string(k + 1);
        laws.push_back({names[k], "drawn at random", LawGroup::drawn, first_number + i, cured,
                        law_of(cured_control, months_per_unit), law_of(with_cure(experimental, cured), months_per_unit),
                        false});
    }
    return laws;
}

}  // namespace

const std::vector<Law>& drawn_laws() {
    static const std::vector<Law> table = draw_laws();
    return table;
}

}  // namespace hersurv::bench
