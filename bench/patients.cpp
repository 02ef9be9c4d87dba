// Accuracy of patients out of digitised curves: `patients DIR`, see usage_text.
#include "hersurv/patients.hpp"

#include "hersurv/error.hpp"

#include <fmt/format.h>

#include "accuracy_figures.hpp"
#include "csv.hpp"
#include "patients_judgement.hpp"
#include "program.hpp"
#include "render/columns.hpp"
#include "render/formats.hpp"
#include "report/numbers.hpp"
#include "scoring.hpp"
#include "support/antitonic.hpp"
#include "support/file.hpp"
#include "support/number_text.hpp"
#include "support/parallel.hpp"
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <exception>
#include <numbers>
#include <numeric>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace {

using namespace hersurv;
using patients::Click;
using patients::KaplanMeier;

constexpr std::string_view usage_text = R"(patients DIR [options]

From the patient-level times of each digitised figure of the folder DIR (index.csv, published.csv, curves.csv,
baselines.csv, ipd/) makes what a person would digitise of it, reconstructs the patients, and compares. Each arm has 60
to 200 points at random times, with normal errors of 0.3% of either axis; each figure has the numbers at risk at 6 to 10
even times.

  --replicates N     sets of points for each figure (4)
  --points N         exactly so many points for each arm
  --figures FILE     every figure and replicate as CSV
  --markdown FILE    the table as Markdown
  --record FILE      write the figures that later runs are held against: data/patients_accuracy.csv
  --against FILE     compare with such a file
  --threads N        threads (all processors)
  --help             this text

Exit: 0, or 1 where --against finds an error more than 5% above the recorded one or a figure that fails; 2 wrong usage;
3 DIR or a file cannot be read; 5 an output cannot be written.
)";

struct Options {
    std::string folder, figures, markdown, record, against;
    int replicates = 4, points = 0, threads = 0;
    bool help = false;
};

// What is known beside the points.
struct Known {
    std::string_view name;
    bool at_risk, events, marks;
};
constexpr std::array<Known, 6> known_sets = {{{"numbers at risk, events and marks", true, true, true},
                                              {"numbers at risk and events", true, true, false},
                                              {"numbers at risk", true, false, false},
                                              {"patients and marks", false, false, true},
                                              {"patients and events", false, true, false},
                                              {"patients", false, false, false}}};

// Errors of one figure and replicate: means over its two arms.
struct Errors {
    bool failed = false;
    double survival = 0, straight = 0;  // mean |S error| over (0, horizon]; of straight lines through antitonic points
    double log_hr = 0;                  // absolute
    std::optional<double> median;       // relative, where the median is reached in both
    std::size_t n_reached_otherwise = 0;  // arms whose median is reached in one of the two only
    double events = 0;                    // relative
};

// Uniform in (0, 1) and standard normal numbers that are the same on every platform.
class Random {
  public:
    explicit Random(std::uint64_t seed) : engine_(seed) {}
    double uniform() { return (static_cast<double>(engine_() >> 11) + 0.5) * 0x1p-53; }
    double normal() {  // Box & Muller 1958
        const double radius = std::sqrt(-2 * std::log(uniform()));
        return radius * std::cos(2 * std::numbers::pi * uniform());
    }
    std::size_t between(std::size_t low, std::size_t high) {
        return low + static_cast<std::size_t>(uniform() * static_cast<double>(high - low + 1));
    }

  private:
    std::mt19937_64 engine_;
};

std::array<patients::DigitisedArm, 2> digitise(const std::array<KaplanMeier, 2>& truth, int points, Random& random) {
    constexpr double sd = 0.003;
    const double axis = std::max(truth[0].last_time_months(), truth[1].last_time_months());
    const std::size_t n_ticks = random.between(6, 10);
    std::array<patients::DigitisedArm, 2> arms;
    for (std::size_t a = 0; a < 2; ++a) {
        const std::size_t n_points = points > 0 ? static_cast<std::size_t>(points) : random.between(60, 200);
        for (std::size_t i = 0; i < n_points; ++i) {
            const double time = random.uniform() * truth[a].last_time_months();
            const double time_error = sd * axis * random.normal();
            arms[a].clicks.push_back(
                {std::max(0.0, time + time_error), truth[a].survival(time) + sd * random.normal()});
        }
        std::sort(arms[a].clicks.begin(), arms[a].clicks.end(),
                  [](const Click& x, const Click& y) { return x.time_months < y.time_months; });
        for (std::size_t i = 0; i < n_ticks; ++i) {
            const double time = axis * static_cast<double>(i) / static_cast<double>(n_ticks);
            arms[a].at_risk.push_back({time, truth[a].n_at_risk(time)});
        }
        arms[a].n_patients = truth[a].n_patients();
        arms[a].n_events = truth[a].n_events();
        // Censored patients who are nearer to one another than a hand can tell apart have one mark.
        for (const auto& step : truth[a].steps())
            if (step.n_censored > 0 &&
                (arms[a].censor_marks.empty() || step.time_months > arms[a].censor_marks.back() + sd * axis))
                arms[a].censor_marks.push_back(step.time_months);
        Random of_marks(a);
        for (double& time : arms[a].censor_marks)
            time = std::clamp(time + sd * axis * of_marks.normal(), 0.0, arms[a].clicks.back().time_months);
        std::sort(arms[a].censor_marks.begin(), arms[a].censor_marks.end());
    }
    return arms;
}

double straight_survival(const std::vector<Click>& clicks, const std::vector<double>& values, double time) {
    const auto next =
        static_cast<std::size_t>(std::upper_bound(clicks.begin(), clicks.end(), time,
                                                  [](double t, const Click& click) { return t < click.time_months; }) -
                                 clicks.begin());
    if (next == clicks.size()) return values.back();
    const double from = next == 0 ? 0 : clicks[next - 1].time_months, before = next == 0 ? 1 : values[next - 1];
    return before + (values[next] - before) * (time - from) / (clicks[next].time_months - from);
}

Errors errors_of(const bench::DigitisedFigure& figure, const std::array<KaplanMeier, 2>& truth,
                 std::array<patients::DigitisedArm, 2> arms, const Known& known) {
    for (auto& arm : arms) {
        if (!known.at_risk) arm.at_risk.clear();
        if (!known.events) arm.n_events.reset();
        if (!known.marks) arm.censor_marks.clear();
    }
    Errors errors;
    const auto rebuilt = patients::reconstruct({arms[0], arms[1]});
    std::vector<KaplanMeier> curves;
    std::size_t n_medians = 0;
    double medians = 0;
    for (std::size_t a = 0; a < 2; ++a) {
        curves.emplace_back(rebuilt[a].arm.patients);
        if (curves[a].n_patients() != truth[a].n_patients()) errors.failed = true;
        std::vector<double> values;
        for (const Click& click : arms[a].clicks) values.push_back(click.survival);
        values = support::antitonic(values);
        constexpr int n_times = 400;
        for (int i = 1; i <= n_times; ++i) {
            const double time = figure.arms[a].horizon_months * i / n_times, survival = truth[a].survival(time);
            errors.survival += std::abs(curves[a].survival(time) - survival) / (2 * n_times);
            errors.straight += std::abs(straight_survival(arms[a].clicks, values, time) - survival) / (2 * n_times);
        }
        const auto median_of = [](const KaplanMeier& curve) {
            return curve.quantile(0.5, catalogue::LimitsTransform::log_log).time_months;
        };
        const auto median = median_of(curves[a]), true_median = median_of(truth[a]);
        if (median && true_median && *true_median > 0) {
            medians += std::abs(*median / *true_median - 1);
            ++n_medians;
        }
        errors.n_reached_otherwise += median.has_value() != true_median.has_value();
        errors.events += std::abs(static_cast<double>(curves[a].n_events()) /
                                      static_cast<double>(std::max<std::size_t>(1, truth[a].n_events())) -
                                  1) /
                         2;
    }
    if (n_medians > 0) errors.median = medians / static_cast<double>(n_medians);
    const auto fit = patients::cox(curves[0], curves[1]), true_fit = patients::cox(truth[0], truth[1]);
    if (fit.status != true_fit.status)
        errors.failed = true;
    else
        errors.log_hr = std::abs(fit.log_hr - true_fit.log_hr);
    return errors;
}

// Linear between order statistics, as R's default.
std::optional<double> quantile(std::vector<double> values, double p) {
    if (values.empty()) return std::nullopt;
    std::sort(values.begin(), values.end());
    const double place = p * static_cast<double>(values.size() - 1);
    const auto below = static_cast<std::size_t>(place), above = std::min(below + 1, values.size() - 1);
    return values[below] + (place - static_cast<double>(below)) * (values[above] - values[below]);
}

render::Number number(const std::optional<double>& value, int decimals, bool percent = false) {
    if (!value) return render::Number::missing(render::Status::not_estimable);
    render::Number result = render::Number::derived(support::rounded(*value, 6), decimals);
    result.percent = percent;
    return result;
}

// The errors of every figure and replicate with one set of what is known.
struct KnownRow {
    std::string name;
    long n_sets = 0, n_failed = 0;
    std::vector<double> survival{}, straight{}, log_hr{}, medians{}, events{};  // of the sets that did not fail
};

KnownRow row_of(const Known& known, const std::vector<Errors>& all) {
    KnownRow row{std::string(known.name), static_cast<long>(all.size())};
    for (const Errors& errors : all) {
        row.n_failed += errors.failed;
        if (errors.failed) continue;
        row.survival.push_back(errors.survival);
        row.straight.push_back(errors.straight);
        row.log_hr.push_back(errors.log_hr);
        if (errors.median) row.medians.push_back(*errors.median);
        row.events.push_back(errors.events);
    }
    return row;
}

render::Columns<KnownRow> quantile_column(const char* key, const char* title, std::vector<double> KnownRow::*errors,
                                          double p, int decimals, bool percent = false) {
    return {render::both(key, title, true),
            [=](const KnownRow& row) { return number(quantile(row.*errors, p), decimals, percent); }};
}

// One row for each set of what is known; `all` holds the errors of every figure and replicate for each.
render::Table table_of(const std::array<std::vector<Errors>, known_sets.size()>& all) {
    using render::both;
    const render::Columns<KnownRow> columns = {
        {both("known", "Known beside the points"), &KnownRow::name},
        {both("n_sets", "Sets", true), &KnownRow::n_sets},
        {both("n_failed", "Failed", true), &KnownRow::n_failed},
        quantile_column("survival", "|dS|", &KnownRow::survival, 0.5, 4),
        {both("survival_mean", "mean", true),
         [](const KnownRow& row) {
             return number(std::accumulate(row.survival.begin(), row.survival.end(), 0.0) /
                               static_cast<double>(row.survival.size()),
                           4);
         }},
        quantile_column("survival_90", "90%", &KnownRow::survival, 0.9, 4),
        quantile_column("log_hr", "|d log HR|", &KnownRow::log_hr, 0.5, 4),
        quantile_column("log_hr_90", "90%", &KnownRow::log_hr, 0.9, 4),
        quantile_column("median", "Median, %", &KnownRow::medians, 0.5, 2, true),
        quantile_column("events", "Events, %", &KnownRow::events, 0.5, 2, true),
        quantile_column("straight", "Straight |dS|", &KnownRow::straight, 0.5, 4)};
    std::vector<KnownRow> rows;
    for (std::size_t k = 0; k < known_sets.size(); ++k) rows.push_back(row_of(known_sets[k], all[k]));
    render::Table table;
    table.name = "patients_accuracy";
    columns.fill(table, rows);
    table.footnotes = {
        "Medians over figures and their sets of points, each the mean over the two arms of a figure; mean and 90% are "
        "over the same. |dS|: mean absolute error of S over (0, horizon]; d log HR: of Cox's hazard ratio; median and "
        "events: relative. Straight: isotonic regression of the points and straight lines between them."};
    return table;
}

std::string render(const render::Table& table, std::string_view format) {
    render::Report report;
    report.title = "Patients out of digitised curves";
    report.table = table;
    render::RenderOptions options;
    options.width = 140;
    return render::find_format(format)->render(report, options);
}

// What grew beyond the record.
std::vector<std::string> losses(const render::Table& table, const bench::CsvTable& record) {
    constexpr double allowed_share = 0.05;
    std::vector<std::string> found;
    if (record.n_rows() != table.rows.size()) found.emplace_back("the record has other rows");
    for (std::size_t i = 0; i < std::min(record.n_rows(), table.rows.size()); ++i)
        for (std::size_t column = 2; column < table.columns.size(); ++column) {
            const auto& cell = table.rows[i][column];
            const std::string& key = table.columns[column].key;
            const auto* const measured = std::get_if<render::Number>(&cell);
            const double now =
                measured == nullptr ? static_cast<double>(std::get<long>(cell)) : measured->value.value_or(0);
            const auto recorded = record.number(i, key);
            // A median of 0 may become one of the next smallest error.
            constexpr double least_growth = 2e-4;
            if (!recorded || now <= *recorded + least_growth || !bench::grew(now, *recorded, allowed_share)) continue;
            found.push_back(fmt::format("{}: {} {}, recorded {}", record.text(i, "known"), key, support::shortest(now),
                                        support::shortest(*recorded)));
        }
    return found;
}

int whole_number(const std::string& option, const std::string& text) {
    if (text.empty() || text.size() > 6 || text.find_first_not_of("0123456789") != std::string::npos || text == "0")
        throw support::UsageError(option + " needs a whole number above 0, not '" + text + "'");
    return std::stoi(text);
}

Options parse(const std::vector<std::string>& arguments) {
    Options options;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string& argument = arguments[i];
        const auto value = [&]() -> const std::string& {
            if (i + 1 >= arguments.size()) throw support::UsageError(argument + " needs a value");
            return arguments[++i];
        };
        if (argument == "--help") {
            options.help = true;
        } else if (argument == "--replicates") {
            options.replicates = whole_number(argument, value());
        } else if (argument == "--points") {
            options.points = whole_number(argument, value());
        } else if (argument == "--threads") {
            options.threads = whole_number(argument, value());
        } else if (argument == "--figures") {
            options.figures = value();
        } else if (argument == "--markdown") {
            options.markdown = value();
        } else if (argument == "--record") {
            options.record = value();
        } else if (argument == "--against") {
            options.against = value();
        } else if (argument.starts_with("-")) {
            throw support::UsageError("no such option: " + argument + "; --help lists them");
        } else if (options.folder.empty()) {
            options.folder = argument;
        } else {
            throw support::UsageError("one folder only, not also '" + argument + "'");
        }
    }
    if (options.folder.empty() && !options.help)
        throw support::UsageError("the folder of digitised figures is missing: patients DIR; --help says more");
    return options;
}

int run(const Options& options) {
    std::optional<bench::CsvTable> record;
    if (!options.against.empty()) record.emplace(options.against);
    const bench::Figures figures = bench::read_figures(options.folder);
    const auto replicates = static_cast<std::size_t>(options.replicates);
    std::array<std::vector<Errors>, known_sets.size()> all;
    for (auto& errors : all) errors.resize(figures.figures.size() * replicates);
    std::vector<bench::Judgement> judgements(figures.figures.size() * replicates);
    support::parallel_for(figures.figures.size(), options.threads, [&](std::size_t i) {
        const auto arms = bench::read_patients(figures.figures[i], options.folder);
        const std::array truth = {KaplanMeier(arms[0]), KaplanMeier(arms[1])};
        for (std::size_t replicate = 0; replicate < replicates; ++replicate) {
            constexpr std::uint64_t seed = 20250924;
            Random random(seed + 1000 * i + replicate);
            const auto digitised = digitise(truth, options.points, random);
            judgements[i * replicates + replicate] = bench::judge(digitised);
            for (std::size_t k = 0; k < known_sets.size(); ++k) {
                Errors& errors = all[k][i * replicates + replicate];
                try {
                    errors = errors_of(figures.figures[i], truth, digitised, known_sets[k]);
                } catch (const std::exception& error) {
                    fmt::print(stderr, "patients: {}: {}\n", figures.figures[i].dataset, error.what());
                    errors.failed = true;
                }
            }
        }
    });
    const render::Table table = table_of(all);
    fmt::print("{}\n{}", render(table, "text"), bench::summary(judgements));
    const auto write = [&](const std::string& path, std::string_view format) {
        if (!path.empty()) support::write_file_whole(path, render(table, format));
    };
    write(options.markdown, "markdown");
    write(options.record, "csv");
    if (!options.figures.empty()) {
        std::string text = "dataset,endpoint,replicate,known,failed,survival,straight,log_hr,median,events\n";
        for (std::size_t k = 0; k < known_sets.size(); ++k)
            for (std::size_t row = 0; row < all[k].size(); ++row) {
                const Errors& errors = all[k][row];
                const auto& figure = figures.figures[row / replicates];
                text += fmt::format("{},{},{},{},{},{},{},{},{},{}\n", figure.dataset, figure.endpoint,
                                    row % replicates + 1, known_sets[k].name, errors.failed, errors.survival,
                                    errors.straight, errors.log_hr,
                                    errors.median ? support::shortest(*errors.median) : "", errors.events);
            }
        support::write_file_whole(options.figures, text);
    }
    if (!record) return 0;
    const auto worse = losses(table, *record);
    for (const std::string& loss : worse) fmt::print(stderr, "patients: WORSE: {}\n", loss);
    fmt::print("\nAgainst {}: {} worse\n", options.against, worse.size());
    return worse.empty() ? 0 : static_cast<int>(support::ExitCode::check_failed);
}

}  // namespace

int main(int argc, char** argv) { return bench::run_program("patients", usage_text, argc, argv, parse, run); }
