// Conditions the process on the anchors exactly and on the ties by Gauss-Newton, for every schedule of scans and every
// possible median, and reads curves off the mixture.
//
// With La La' = K_AA + R, Lw Lw' = H V H' + D (V = posterior covariance on the grid given the anchors, H = derivative
// of the ties by y on the grid) the joint system of anchors and ties has the factor [[La, 0], [X', Lw]], X = La^-1 K_AG
// H'. A time t has the whitened covariance with all that is known
//     q_A = La^-1 k_tA,   q_z = Lw^-1 (H k_tG - X' q_A),
// so that mean = m(t) + q_A . e + q_z . f and cov(t, s) = k(t, s) - q_A(t) . q_A(s) - q_z(t) . q_z(s)
// (Rasmussen & Williams 2006, Gaussian Processes for Machine Learning, eq. 2.23-2.26): any time costs one row of
// covariances.
#include "hersurv/fit/process.hpp"

#include "hersurv/fit/follow_up.hpp"
#include "hersurv/support/number_text.hpp"

#include <Eigen/Cholesky>
#include <fmt/format.h>

#include "process_evidence.hpp"
#include "process_prior.hpp"
#include "process_ties.hpp"
#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <stdexcept>

namespace hersurv::fit {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr int most_iterations = 4;          // Gauss-Newton steps
constexpr double settled = 0.002;           // largest change of S on the grid that ends them
constexpr double most_left_out = 1e-5;      // share of the mixture that its lightest components may have to be left out
constexpr double events_gate = 4;           // sds beyond which an event count contradicts the rest
constexpr double ratio_gate = 3;            // sds by which a compromise may miss a hazard ratio that it tries to have
constexpr std::size_t most_settings = 144;  // combinations of medians on grids
constexpr int most_narrowings = 3;          // of the range that a median is looked for in
constexpr int n_intervals = 40;             // of the grid of the follow-up

double survival_of(double y) { return 1 / (1 + std::exp(y)); }

// One combination of medians: everything that the schedules share.
struct Setting {
    std::vector<double> median;    // by arm; 0 where it is not placed
    std::vector<double> noise;     // noise_per_patient / n
    std::vector<double> rounding;  // variance of y from the rounding of the median
    double end_months = 0;         // of the grid
    std::vector<ProcessPoint> anchors, grid;
    VectorXd observed, anchor_mean, grid_mean;  // y of the anchors; the mean without schedule
    MatrixXd anchor_factor;                     // La
    double log_determinant = 0;                 // of K_AA + R
    // For the components only.
    MatrixXd grid_covariance, whitened_grid;  // K_GG, La^-1 K_AG
};

struct Component {
    std::size_t setting = 0, schedule = 0;
    std::vector<ScanSchedule> scans;  // by arm; empty where the class has none
    double log_weight = 0;
    MatrixXd ties, coupling, tie_factor;  // H, X, Lw
    VectorXd anchor_part, tie_part;       // e, f
    VectorXd grid_y;                      // mean of y on the grid given everything
};

double quantile_of_mixture(const std::vector<ProcessMoments>& moments, const std::vector<double>& weights,
                           double inflation, double p) {
    const double z = p == 0.5 ? 0.0 : (p > 0.5 ? 1 : -1) * evidence::z_of_level(std::abs(2 * p - 1));
    double low = std::numeric_limits<double>::infinity(), high = -low, y = 0;
    for (std::size_t c = 0; c < moments.size(); ++c) {
        const double at = moments[c].mean + z * inflation * std::sqrt(moments[c].variance);
        low = std::min(low, at);
        high = std::max(high, at);
        y += weights[c] * at;
    }
    // Newton inside the bracket that the components' own quantiles give; a component of no variance is a step, where
    // halving takes over.
    constexpr double accuracy = 1e-12,
                     last_step = 1e-7;  // Newton doubles the digits: what follows the last step is below the accuracy
    constexpr double certain = 8.3;     // 1 - Phi(8.3) < 1e-16
    const double root_of_2pi = std::sqrt(2 * 3.14159265358979323846);
    for (int i = 0; i < 200 && high - low > accuracy * (1 + std::abs(y)); ++i) {
        double below = -p, density = 0;
        for (std::size_t c = 0; c < moments.size(); ++c) {
            const double sd = std::max(inflation * std::sqrt(moments[c].variance), 1e-12),
                         x = (y - moments[c].mean) / sd;
            if (std::abs(x) > certain) {
                if (x > 0) below += weights[c];
                continue;
            }
            below += weights[c] * 0.5 * std::erfc(-x / std::sqrt(2.0));
            density += weights[c] * std::exp(-0.5 * x * x) / (sd * root_of_2pi);
        }
        (below < 0 ? low : high) = y;
        const double step = below / density, next = y - step;
        const bool inside = next > low && next < high;
        y = inside ? next : 0.5 * (low + high);
        if (inside && std::abs(step) < last_step) break;
    }
    return y;
}

}  // namespace

struct ProcessFit::State {
    State(std::shared_ptr<const evidence::AnalysisEvidence> data, const ProcessOptions& options)
        : evidence(std::move(data)),
          constants(evidence->constants->process(evidence->endpoint)),
          prior(constants),
          input(process_data(*evidence, constants)) {
        arms.resize(evidence->arms.size());
        for (std::size_t arm = 0; arm < arms.size(); ++arm) {
            arms[arm].placed = input.arms[arm].placed;
            arms[arm].reason = input.reasons[arm];
            arms[arm].median_months = input.arms[arm].median;
            if (evidence->arms[arm].n_patients.value_or(0) > 0) arms[arm].n_patients = evidence->arms[arm].n_patients;
            arms[arm].inflation =
                input.arms[arm].median ? constants.inflation : evidence->constants->median_grid().inflation;
            if (arms[arm].placed) placed.push_back(arm);
        }
        messages = input.messages;
        if (!placed.empty()) {
            choose_schedules(options);
            solve();
            gate_ties();
            finish();
        }
        numbers = input.numbers;
    }

    std::shared_ptr<const evidence::AnalysisEvidence> evidence;
    const evidence::ProcessConstants& constants;
    ProcessPrior prior;
    ProcessData input;
    std::vector<ProcessArm> arms;
    std::vector<NumberInFit> numbers;
    std::vector<std::string> messages;
    std::vector<std::size_t> placed;
    std::vector<double> schedules{0}, schedule_prior{1};  // months, probability

    std::vector<Setting> settings;
    std::vector<Component> components;
    std::vector<double> weights;
    std::vector<ProcessComponent> described;

    // The medians of the mixture on a grid, made non-increasing, by arm: between two times the curve stays between
    // their values.
    struct Envelope {
        std::vector<double> time, survival;
    };
    std::vector<Envelope> envelopes;

    void choose_schedules(const ProcessOptions& options) {
        if (!constants.scans) return;
        if (options.assessment_interval_months && *options.assessment_interval_months > 0) {
            const bool possible = std::all_of(placed.begin(), placed.end(), [&](std::size_t arm) {
                const auto& median = input.arms[arm].median;
                return !median ||
                       ScanSchedule(*constants.scans, *options.assessment_interval_months, *median).possible();
            });
            if (possible) {
                schedules = {*options.assessment_interval_months};
                return;
            }
            messages.push_back(fmt::format(
                "a median before the first assessment at {:.3g} months: the schedule of the protocol is not used",
                *options.assessment_interval_months));
        }
        const auto found = constants.scans->prior.find(options.cancer);
        schedules = constants.scans->months;
        schedule_prior =
            (found != constants.scans->prior.end() ? *found : *constants.scans->prior.find("other")).second;
    }

    double noise_of(std::size_t arm) const { return constants.noise_per_patient / input.arms[arm].n_patients; }

    double covariance(const Setting& setting, const ProcessPoint& a, const ProcessPoint& b) const {
        return prior.covariance(a, b, setting.noise[a.arm], setting.rounding[a.arm]);
    }

    Setting make_setting(std::vector<double> median) const {
        Setting setting;
        setting.median = std::move(median);
        double latest_follow_up = 0, latest_median = 0;
        for (const std::size_t arm : placed) {
            latest_follow_up = std::max(latest_follow_up, input.arms[arm].follow_up);
            latest_median = std::max(latest_median, setting.median[arm]);
        }
        setting.end_months = std::max(1.7 * latest_follow_up, 1.05 * latest_median);
        for (std::size_t arm = 0; arm < arms.size(); ++arm) {
            setting.noise.push_back(noise_of(arm));
            const double relative =
                arms[arm].placed && input.arms[arm].median
                    ? constants.median_rounding_factor * input.arms[arm].median_rounding / setting.median[arm]
                    : 0;
            setting.rounding.push_back(relative * relative);
        }
        const auto n_anchors = static_cast<Index>(input.anchors.size());
        setting.observed.resize(n_anchors);
        setting.anchor_mean.resize(n_anchors);
        VectorXd variance(n_anchors);
        for (Index i = 0; i < n_anchors; ++i) {
            const ProcessAnchor& anchor = input.anchors[static_cast<std::size_t>(i)];
            const double s = anchor.survival;
            setting.anchors.push_back(prior.point(anchor.arm, anchor.time_months, setting.median[anchor.arm]));
            setting.observed[i] = std::log((1 - s) / s);
            setting.anchor_mean[i] = prior.mean(setting.anchors.back().u, setting.median[anchor.arm]);
            variance[i] = std::pow(anchor.sd / (s * (1 - s)), 2);
        }
        MatrixXd known(n_anchors, n_anchors);
        for (Index i = 0; i < n_anchors; ++i)
            for (Index j = 0; j <= i; ++j)
                known(i, j) = known(j, i) = covariance(setting, setting.anchors[static_cast<std::size_t>(i)],
                                                       setting.anchors[static_cast<std::size_t>(j)]);
        known.diagonal() += variance;
        setting.anchor_factor = known.llt().matrixL();
        setting.log_determinant = 2 * setting.anchor_factor.diagonal().array().log().sum();
        if (!input.ties.empty()) lay_grid(setting);
        return setting;
    }

    void lay_grid(Setting& setting) const {
        const std::vector<double> times = follow_up_grid(setting.end_months, n_intervals);
        const auto n_grid = static_cast<Index>(placed.size() * n_intervals),
                   n_anchors = static_cast<Index>(setting.anchors.size());
        setting.grid.reserve(static_cast<std::size_t>(n_grid));
        setting.grid_mean.resize(n_grid);
        for (const std::size_t arm : placed)
            for (std::size_t k = 1; k < times.size(); ++k) {
                const auto row = static_cast<Index>(setting.grid.size());
                setting.grid.push_back(prior.point(arm, times[k], setting.median[arm]));
                setting.grid_mean[row] = prior.mean(setting.grid.back().u, setting.median[arm]);
            }
        setting.grid_covariance.resize(n_grid, n_grid);
        for (Index j = 0; j < n_grid; ++j)
            for (Index i = j; i < n_grid; ++i)
                setting.grid_covariance(i, j) = setting.grid_covariance(j, i) = covariance(
                    setting, setting.grid[static_cast<std::size_t>(i)], setting.grid[static_cast<std::size_t>(j)]);
        setting.whitened_grid.resize(n_anchors, n_grid);
        for (Index j = 0; j < n_grid; ++j)
            for (Index i = 0; i < n_anchors; ++i)
                setting.whitened_grid(i, j) = covariance(setting, setting.anchors[static_cast<std::size_t>(i)],
                                                         setting.grid[static_cast<std::size_t>(j)]);
        setting.anchor_factor.triangularView<Eigen::Lower>().solveInPlace(setting.whitened_grid);
    }

    std::size_t grid_position(std::size_t arm) const {
        return static_cast<std::size_t>(std::find(placed.begin(), placed.end(), arm) - placed.begin());
    }

    // Value and derivative by y of every tie at y on the grid.
    void linearise(const Setting& setting, const std::vector<std::vector<double>>& followed, const VectorXd& y,
                   VectorXd& value, MatrixXd& derivative) const {
        std::vector<NonIncreasing> curves;
        for (std::size_t i = 0; i < placed.size(); ++i)
            curves.push_back(non_increasing(
                {y.data() + static_cast<Index>(i) * n_intervals, static_cast<std::size_t>(n_intervals)}));
        derivative.setZero(static_cast<Index>(input.ties.size()), static_cast<Index>(setting.grid.size()));
        const auto grid_arm = [&](std::size_t position) {
            return GridArm{curves[position].survival, followed[position], input.arms[placed[position]].n_patients};
        };
        // dS/dy = -S (1 - S), of the time whose S it is.
        const auto carry_over = [&](Index row, std::size_t position, const std::vector<double>& gradient) {
            for (std::size_t k = 1; k < gradient.size(); ++k) {
                const double s = curves[position].survival[k];
                const auto column = static_cast<Index>(position * n_intervals + curves[position].from[k] - 1);
                derivative(row, column) -= gradient[k] * s * (1 - s);
            }
        };
        std::vector<double> gradient(n_intervals + 1), control_gradient(n_intervals + 1);
        for (std::size_t i = 0; i < input.ties.size(); ++i) {
            const ProcessTie& tie = input.ties[i];
            const auto row = static_cast<Index>(i);
            const std::size_t position = grid_position(tie.arm);
            if (tie.control) {
                const std::size_t control = grid_position(*tie.control);
                value[row] = log_hazard_ratio(grid_arm(position), grid_arm(control), gradient, control_gradient);
                carry_over(row, control, control_gradient);
            } else {
                value[row] = events_fraction(grid_arm(position), gradient);
            }
            carry_over(row, position, gradient);
        }
    }

    // Mean of G over each interval of the grid, by placed arm.
    std::vector<std::vector<double>> followed_of(const Setting& setting) const {
        const std::vector<double> times = follow_up_grid(setting.end_months, n_intervals);
        std::vector<std::vector<double>> followed;
        for (const std::size_t arm : placed) {
            std::vector<double> means(times.size());
            double before = 1;
            for (std::size_t k = 1; k < times.size(); ++k) {
                const double now = still_followed(times[k], input.arms[arm].follow_up, constants.censoring_gamma);
                means[k] = 0.5 * (before + now);
                before = now;
            }
            followed.push_back(std::move(means));
        }
        return followed;
    }

    double shift(const Component& component, std::size_t arm, double time) const {
        return component.scans.empty() ? 0 : component.scans[arm].shift(time);
    }

    // Conditions on anchors and ties; false where the schedule is impossible.
    bool condition(const Setting& setting, const std::vector<std::vector<double>>& followed,
                   Component& component) const {
        if (constants.scans && schedules[component.schedule] > 0) {
            for (std::size_t arm = 0; arm < arms.size(); ++arm) {
                // An arm that is not placed has no curve; its entry only keeps the positions.
                component.scans.emplace_back(*constants.scans, arms[arm].placed ? schedules[component.schedule] : 0,
                                             arms[arm].placed ? setting.median[arm] : 1);
                if (!component.scans.back().possible()) return false;
            }
        }
        const auto n_anchors = static_cast<Index>(input.anchors.size()), n_ties = static_cast<Index>(input.ties.size());
        component.log_weight = std::log(schedule_prior[component.schedule]) - 0.5 * setting.log_determinant;
        if (constants.scans) component.log_weight += constants.scans->crossing_weight * log_crossing_density(component);
        component.anchor_part = setting.observed - setting.anchor_mean;
        for (Index i = 0; i < n_anchors; ++i) {
            const ProcessAnchor& anchor = input.anchors[static_cast<std::size_t>(i)];
            component.anchor_part[i] -= shift(component, anchor.arm, anchor.time_months);
        }
        setting.anchor_factor.triangularView<Eigen::Lower>().solveInPlace(component.anchor_part);
        component.log_weight -= 0.5 * component.anchor_part.squaredNorm();
        if (n_ties == 0) return true;

        const std::vector<double> times = follow_up_grid(setting.end_months, n_intervals);
        VectorXd expected = setting.grid_mean;
        if (!component.scans.empty())
            for (std::size_t i = 0; i < placed.size(); ++i)
                for (std::size_t k = 1; k < times.size(); ++k)
                    expected[static_cast<Index>(i * n_intervals + k - 1)] += shift(component, placed[i], times[k]);
        expected += setting.whitened_grid.transpose() * component.anchor_part;
        VectorXd observed(n_ties), variance(n_ties), value(n_ties);
        for (Index i = 0; i < n_ties; ++i) {
            const ProcessTie& tie = input.ties[static_cast<std::size_t>(i)];
            observed[i] = tie.value;
            variance[i] = tie.sd * tie.sd;
        }
        VectorXd y = expected, misfit(n_ties);
        for (int iteration = 0; iteration < most_iterations; ++iteration) {
            linearise(setting, followed, y, value, component.ties);
            component.coupling = setting.whitened_grid * component.ties.transpose();
            // H V with V = K_GG - whitened' whitened.
            const MatrixXd reach =
                component.ties * setting.grid_covariance - component.coupling.transpose() * setting.whitened_grid;
            MatrixXd spread = reach * component.ties.transpose();
            spread.diagonal() += variance;
            component.tie_factor = spread.llt().matrixL();
            misfit = observed - value + component.ties * (y - expected);
            component.tie_part = component.tie_factor.triangularView<Eigen::Lower>().solve(misfit);
            const VectorXd weighted =
                component.tie_factor.transpose().triangularView<Eigen::Upper>().solve(component.tie_part);
            const VectorXd next = expected + reach.transpose() * weighted;
            double most = 0;
            for (Index i = 0; i < y.size(); ++i)
                most = std::max(most, std::abs(survival_of(next[i]) - survival_of(y[i])));
            y = next;
            if (most < settled) break;
        }
        component.grid_y = y;
        component.log_weight -=
            0.5 * component.tie_part.squaredNorm() + component.tie_factor.diagonal().array().log().sum();
        return true;
    }

    // Of the printed medians and of the limits that are points of the curve.
    double log_crossing_density(const Component& component) const {
        if (component.scans.empty()) return 0;
        double sum = 0;
        for (const std::size_t arm : placed)
            if (input.arms[arm].median) sum += component.scans[arm].log_crossing_density(*input.arms[arm].median);
        for (const ProcessAnchor& anchor : input.anchors)
            if (anchor.is_limit) sum += component.scans[anchor.arm].log_crossing_density(anchor.time_months);
        return sum;
    }

    void solve() {
        struct Search {
            std::size_t arm;
            double least, most;
        };
        std::vector<Search> searches;
        for (const std::size_t arm : placed)
            if (!input.arms[arm].median)
                searches.push_back({arm, input.arms[arm].least_median, input.arms[arm].most_median});
        auto n_values = static_cast<std::size_t>(evidence->constants->median_grid().values);
        while (searches.size() > 1 && n_values > 3 &&
               std::pow(n_values, searches.size()) > static_cast<double>(most_settings))
            --n_values;
        for (int pass = 0;; ++pass) {
            std::vector<std::vector<double>> combinations{std::vector<double>(arms.size(), 0.0)};
            for (const std::size_t arm : placed)
                if (input.arms[arm].median) combinations.front()[arm] = *input.arms[arm].median;
            for (const Search& search : searches) {
                std::vector<std::vector<double>> longer;
                for (const auto& combination : combinations)
                    for (std::size_t i = 0; i < n_values; ++i) {
                        longer.push_back(combination);
                        longer.back()[search.arm] =
                            search.least * std::pow(search.most / search.least,
                                                    static_cast<double>(i) / static_cast<double>(n_values - 1));
                    }
                combinations = std::move(longer);
            }
            keep_similar(combinations);
            run(combinations);
            if (pass == most_narrowings) return;
            bool narrowed = false;
            for (Search& search : searches) {
                if (!input.arms[search.arm].narrow_search) continue;
                double mean = 0, square = 0;
                for (std::size_t c = 0; c < components.size(); ++c) {
                    const double at = std::log(settings[components[c].setting].median[search.arm]);
                    mean += weights[c] * at;
                    square += weights[c] * at * at;
                }
                const double step = std::log(search.most / search.least) / static_cast<double>(n_values - 1);
                const double sd = std::sqrt(std::max(square - mean * mean, 0.0));
                // Coarser than the numbers' own resolution: look again where the weight is.
                if (sd > 0.8 * step) continue;
                const double reach = 3 * std::max(sd, 0.5 * step);
                search.least = std::max(search.least, std::exp(mean - reach));
                search.most = std::min(search.most, std::exp(mean + reach));
                narrowed = true;
            }
            if (!narrowed) return;
        }
    }

    // Arms of one trial whose medians were not reached do not differ by more than a factor, unless their follow-up
    // forces them to.
    void keep_similar(std::vector<std::vector<double>>& combinations) const {
        std::vector<std::vector<double>> similar;
        for (const auto& combination : combinations) {
            double least = std::numeric_limits<double>::infinity(), most = 0;
            for (const std::size_t arm : placed) {
                if (input.arms[arm].median) continue;
                least = std::min(least, combination[arm]);
                most = std::max(most, combination[arm]);
            }
            if (!(most > 0) || std::log(most / least) < evidence->constants->median_grid().most_log_ratio)
                similar.push_back(combination);
        }
        if (!similar.empty()) combinations = std::move(similar);
    }

    void run(const std::vector<std::vector<double>>& combinations) {
        settings.clear();
        components.clear();
        for (const auto& combination : combinations) {
            settings.push_back(make_setting(combination));
            const auto followed =
                input.ties.empty() ? std::vector<std::vector<double>>() : followed_of(settings.back());
            for (std::size_t schedule = 0; schedule < schedules.size(); ++schedule) {
                Component component;
                component.setting = settings.size() - 1;
                component.schedule = schedule;
                if (condition(settings.back(), followed, component)) components.push_back(std::move(component));
            }
        }
        weigh();
    }

    void weigh() {
        double heaviest = -std::numeric_limits<double>::infinity();
        for (const Component& component : components) heaviest = std::max(heaviest, component.log_weight);
        std::vector<double> sorted;
        double sum = 0;
        for (const Component& component : components)
            sum += sorted.emplace_back(std::exp(component.log_weight - heaviest));
        std::sort(sorted.begin(), sorted.end());
        double dropped = 0, least = 0;
        for (const double weight : sorted) {
            dropped += weight;
            if (dropped > most_left_out * sum) {
                least = weight;
                break;
            }
        }
        std::erase_if(components, [&](const Component& c) { return !(std::exp(c.log_weight - heaviest) >= least); });
        weights.clear();
        sum = 0;
        for (const Component& component : components)
            sum += weights.emplace_back(std::exp(component.log_weight - heaviest));
        for (double& weight : weights) weight /= sum;
    }

    // What the mixture makes of every tie.
    std::vector<double> expected_ties() const {
        std::vector<double> expected(input.ties.size(), 0.0), gradient(n_intervals + 1), of_control(n_intervals + 1);
        std::vector<std::vector<double>> followed;
        std::size_t current = settings.size();
        for (std::size_t c = 0; c < components.size(); ++c) {
            if (components[c].setting != current) {  // components of a setting follow each other
                current = components[c].setting;
                followed = followed_of(settings[current]);
            }
            std::vector<std::vector<double>> curves;  // GridArm only looks at them
            for (std::size_t position = 0; position < placed.size(); ++position)
                curves.push_back(
                    non_increasing({components[c].grid_y.data() + static_cast<Index>(position) * n_intervals,
                                    static_cast<std::size_t>(n_intervals)})
                        .survival);
            const auto grid_arm = [&](std::size_t arm) {
                const std::size_t position = grid_position(arm);
                return GridArm{curves[position], followed[position], input.arms[arm].n_patients};
            };
            for (std::size_t i = 0; i < input.ties.size(); ++i) {
                const ProcessTie& tie = input.ties[i];
                expected[i] += weights[c] * (tie.control ? log_hazard_ratio(grid_arm(tie.arm), grid_arm(*tie.control),
                                                                            gradient, of_control)
                                                         : events_fraction(grid_arm(tie.arm), gradient));
            }
        }
        return expected;
    }

    // A tie that the compromise with all other numbers misses by far says something else than it seems to, and would
    // only bend the curves: events where the printed follow-up is not the potential one, a hazard ratio that is printed
    // upside down or of other curves. It is left out. Events first: with the wrong ones every hazard ratio is far.
    void gate_ties() {
        if (input.ties.empty()) return;
        std::vector<double> expected = expected_ties();
        for (const bool ratios : {false, true}) {
            std::set<std::size_t> contradicting;
            for (std::size_t i = 0; i < input.ties.size(); ++i) {
                const ProcessTie& tie = input.ties[i];
                if (tie.control.has_value() != ratios) continue;
                const double away = std::abs(expected[i] - tie.value) / tie.sd;
                if (away <= (ratios ? ratio_gate : events_gate)) continue;
                contradicting.insert(tie.observation);
                messages.push_back(
                    ratios ? fmt::format("{}: the hazard ratio is left out: the best compromise with all other numbers "
                                         "misses it by {:.1f} sd",
                                         evidence->arms[tie.arm].id, away)
                           : fmt::format("{}: the number of events is left out: it is {:.1f} sd away from what all "
                                         "other numbers lead to",
                                         evidence->arms[tie.arm].id, away));
                input.numbers[tie.observation].use = NumberInFit::Use::not_used;
                input.numbers[tie.observation].sd.reset();
                input.numbers[tie.observation].derivation = "not used: it contradicts the other numbers";
            }
            if (contradicting.empty()) continue;
            std::erase_if(input.ties, [&](const ProcessTie& tie) { return contradicting.contains(tie.observation); });
            solve();
            if (input.ties.empty()) return;
            expected = expected_ties();
        }
    }

    void finish() {
        for (std::size_t c = 0; c < components.size(); ++c)
            described.push_back(
                {weights[c], schedules[components[c].schedule], settings[components[c].setting].median});
        // What only the conditioning needed.
        for (Setting& setting : settings) {
            setting.grid_covariance.resize(0, 0);
            setting.whitened_grid.resize(0, 0);
        }
        envelopes.resize(arms.size());
        double end = 0;
        for (const Setting& setting : settings) end = std::max(end, setting.end_months);
        for (const ProcessAnchor& anchor : input.anchors) end = std::max(end, 1.05 * anchor.time_months);
        const std::vector<double> even = follow_up_grid(end, n_intervals);
        constexpr double growth = 1.25, earliest = 0.03, beyond_growth = 1.4, furthest = 1e4;
        for (const std::size_t arm : placed) {
            std::vector<double> times(even.begin() + 1, even.end());
            double least_median = std::numeric_limits<double>::infinity();
            for (const Component& component : components)
                least_median = std::min(least_median, settings[component.setting].median[arm]);
            for (double time = earliest * least_median; time < end; time *= growth) times.push_back(time);
            std::sort(times.begin(), times.end());
            const std::size_t n_within = times.size();
            for (double time = end * beyond_growth; time < furthest * end; time *= beyond_growth) times.push_back(time);
            Envelope& envelope = envelopes[arm];
            envelope.time = times;
            for (const double time : times) envelope.survival.push_back(raw_central(arm, moments(arm, time)));
            // Within the trial the largest of what follows; beyond it, where nothing holds the curve, the smallest of
            // what went before.
            for (std::size_t i = n_within - 1; i > 0; --i)
                envelope.survival[i - 1] = std::max(envelope.survival[i - 1], envelope.survival[i]);
            for (std::size_t i = n_within; i < times.size(); ++i)
                envelope.survival[i] = std::min(envelope.survival[i], envelope.survival[i - 1]);
        }
    }

    void require(std::size_t arm) const {
        if (arm >= arms.size() || !arms[arm].placed) throw std::invalid_argument("the curve of this arm is not placed");
    }

    // The whitened covariances of a point with what one component knows.
    struct Known {
        ProcessPoint point;
        VectorXd with_anchors, with_grid;
    };

    Known known(const Setting& setting, std::size_t arm, double time) const {
        Known result;
        result.point = prior.point(arm, time, setting.median[arm]);
        result.with_anchors.resize(static_cast<Index>(setting.anchors.size()));
        for (std::size_t i = 0; i < setting.anchors.size(); ++i)
            result.with_anchors[static_cast<Index>(i)] = covariance(setting, result.point, setting.anchors[i]);
        setting.anchor_factor.triangularView<Eigen::Lower>().solveInPlace(result.with_anchors);
        result.with_grid.resize(static_cast<Index>(setting.grid.size()));
        for (std::size_t i = 0; i < setting.grid.size(); ++i)
            result.with_grid[static_cast<Index>(i)] = covariance(setting, result.point, setting.grid[i]);
        return result;
    }

    VectorXd with_ties(const Component& component, const Known& known) const {
        if (component.ties.rows() == 0) return VectorXd();
        VectorXd q = component.ties * known.with_grid - component.coupling.transpose() * known.with_anchors;
        component.tie_factor.triangularView<Eigen::Lower>().solveInPlace(q);
        return q;
    }

    double mean(const Component& component, const Known& known, const VectorXd& q, std::size_t arm, double time) const {
        double m = prior.mean(known.point.u, settings[component.setting].median[arm]) + shift(component, arm, time);
        m += known.with_anchors.dot(component.anchor_part);
        if (q.size() > 0) m += q.dot(component.tie_part);
        return m;
    }

    std::vector<ProcessMoments> moments(std::size_t arm, double time) const {
        std::vector<ProcessMoments> result;
        result.reserve(components.size());
        Known at;
        double left = 0;
        std::size_t current = settings.size();
        for (const Component& component : components) {
            if (component.setting != current) {  // components of a setting follow each other
                current = component.setting;
                at = known(settings[current], arm, time);
                left = covariance(settings[current], at.point, at.point) - at.with_anchors.squaredNorm();
            }
            const VectorXd q = with_ties(component, at);
            result.push_back({mean(component, at, q, arm, time), std::max(left - q.squaredNorm(), 0.0)});
        }
        return result;
    }

    double central(std::size_t arm, double time, const std::vector<ProcessMoments>& at) const {
        const Envelope& envelope = envelopes[arm];
        const auto next = static_cast<std::size_t>(std::lower_bound(envelope.time.begin(), envelope.time.end(), time) -
                                                   envelope.time.begin());
        if (next == envelope.time.size()) return envelope.survival.back();
        // Before the first of them hardly anybody has had the event; where numbers contradict each other the process
        // may say otherwise, and fall and rise again.
        if (next == 0) return 1 - (1 - envelope.survival.front()) * time / envelope.time.front();
        return std::clamp(raw_central(arm, at), envelope.survival[next], envelope.survival[next - 1]);
    }

    double raw_central(std::size_t arm, const std::vector<ProcessMoments>& at) const {
        return survival_of(quantile_of_mixture(at, weights, arms[arm].inflation, 0.5));
    }
};

ProcessFit::ProcessFit(std::shared_ptr<const State> state) : state_(std::move(state)) {}
const evidence::AnalysisEvidence& ProcessFit::evidence() const { return *state_->evidence; }
const std::vector<ProcessArm>& ProcessFit::arms() const { return state_->arms; }
const std::vector<NumberInFit>& ProcessFit::numbers() const { return state_->numbers; }
const std::vector<ProcessComponent>& ProcessFit::components() const { return state_->described; }
const std::vector<std::string>& ProcessFit::messages() const { return state_->messages; }

std::vector<ProcessMoments> ProcessFit::moments(std::size_t arm, double time_months) const {
    state_->require(arm);
    if (!(time_months > 0)) throw std::invalid_argument("logit(1 - S) needs a time after 0");
    return state_->moments(arm, time_months);
}

JointMoments ProcessFit::joint_moments(std::size_t component, std::span<const ProcessTime> points) const {
    const State& state = *state_;
    const Component& chosen = state.components.at(component);
    const Setting& setting = state.settings[chosen.setting];
    std::vector<State::Known> known;
    std::vector<VectorXd> q;
    JointMoments result;
    for (const ProcessTime& point : points) {
        state.require(point.arm);
        if (!(point.time_months > 0)) throw std::invalid_argument("logit(1 - S) needs a time after 0");
        known.push_back(state.known(setting, point.arm, point.time_months));
        q.push_back(state.with_ties(chosen, known.back()));
        result.mean.push_back(state.mean(chosen, known.back(), q.back(), point.arm, point.time_months));
    }
    const std::size_t n = points.size();
    result.covariance.resize(n * n);
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j <= i; ++j)
            result.covariance[i * n + j] = result.covariance[j * n + i] =
                state.covariance(setting, known[i].point, known[j].point) -
                known[i].with_anchors.dot(known[j].with_anchors) - q[i].dot(q[j]);
    return result;
}

std::vector<double> ProcessFit::prior_covariance(std::span<const ProcessTime> points) const {
    const State& state = *state_;
    const Setting& setting = state.settings.at(state.components.front().setting);
    std::vector<ProcessPoint> at;
    for (const ProcessTime& point : points) {
        state.require(point.arm);
        at.push_back(state.prior.point(point.arm, point.time_months, setting.median[point.arm]));
    }
    std::vector<double> covariance(points.size() * points.size());
    for (std::size_t i = 0; i < points.size(); ++i)
        for (std::size_t j = 0; j < points.size(); ++j)
            covariance[i * points.size() + j] = state.covariance(setting, at[i], at[j]);
    return covariance;
}

double ProcessFit::survival_quantile(std::size_t arm, double time_months, double p) const {
    state_->require(arm);
    if (!(p > 0 && p < 1)) throw std::invalid_argument("a quantile needs 0 < p < 1");
    if (!(time_months > 0)) return 1;
    return survival_of(
        quantile_of_mixture(state_->moments(arm, time_months), state_->weights, state_->arms[arm].inflation, 1 - p));
}

double ProcessFit::survival(std::size_t arm, double time_months) const {
    state_->require(arm);
    if (!(time_months > 0)) return 1;
    return state_->central(arm, time_months, state_->moments(arm, time_months));
}

ProcessInterval ProcessFit::reconstruction_interval(std::size_t arm, double time_months, double level) const {
    state_->require(arm);
    if (!(time_months > 0)) return {1, 1, 1};
    const auto at = state_->moments(arm, time_months);
    const double inflation = state_->arms[arm].inflation, tail = 0.5 * (1 - level);
    ProcessInterval result;
    result.value = state_->central(arm, time_months, at);
    result.lower = std::min(result.value, survival_of(quantile_of_mixture(at, state_->weights, inflation, 1 - tail)));
    result.upper = std::max(result.value, survival_of(quantile_of_mixture(at, state_->weights, inflation, tail)));
    return result;
}

ProcessFit fit_process(std::shared_ptr<const evidence::AnalysisEvidence> evidence, const ProcessOptions& options) {
    return ProcessFit(std::make_shared<const ProcessFit::State>(std::move(evidence), options));
}

double process_prior_mean(std::string_view endpoint, double time_months, double median_months) {
    const ProcessPrior prior(evidence::builtin_constants()->process(endpoint));
    return prior.mean(std::log(time_months / median_months), median_months);
}

double process_prior_covariance(std::string_view endpoint, double time_a, double time_b, double median_months,
                                double n_patients, bool same_arm) {
    const evidence::ProcessConstants& constants = evidence::builtin_constants()->process(endpoint);
    const ProcessPrior prior(constants);
    return prior.covariance(prior.point(0, time_a, median_months), prior.point(same_arm ? 0 : 1, time_b, median_months),
                            constants.noise_per_patient / n_patients, 0);
}

std::optional<double> process_scan_shift(std::string_view endpoint, double interval_months, double median_months,
                                         double time_months) {
    const evidence::ProcessConstants& constants = evidence::builtin_constants()->process(endpoint);
    if (!constants.scans) return 0.0;
    const ScanSchedule schedule(*constants.scans, interval_months, median_months);
    if (!schedule.possible()) return std::nullopt;
    return schedule.shift(time_months);
}

}  // namespace hersurv::fit
