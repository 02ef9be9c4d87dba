// Lays the measured accuracy out as tables and holds it against a record.
#include "accuracy_report.hpp"

#include "hersurv/report/numbers.hpp"
#include "hersurv/support/number_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace hersurv::bench {
namespace {

using report::Cell;
using report::Number;

// Six decimals are finer than any difference that means something, and the same whatever the compiler.
constexpr int decimals_of_record = 6;

Number number(const std::optional<double>& value, int decimals) {
    if (!value) return report::missing();
    return Number::derived(std::stod(support::fixed(*value, decimals_of_record)), decimals);
}

std::optional<double> mean_of(const std::optional<ClusteredMean>& mean) {
    return mean ? std::optional(mean->mean) : std::nullopt;
}
std::optional<double> error_of(const std::optional<ClusteredMean>& mean) {
    return mean ? mean->standard_error : std::nullopt;
}

Cell count(std::size_t n) { return static_cast<long>(n); }

std::string word(Measured measured) { return measured == Measured::held_out ? "held out" : "in sample"; }

std::string arms_word(bool median_reached) { return median_reached ? "reached" : "not-reached"; }

std::vector<report::Column> columns_of(const Figures& figures) {
    using report::both;
    using report::machine;
    std::vector<report::Column> columns = {machine("endpoint"),
                                           machine("median"),
                                           machine("pattern"),
                                           report::human("Printed"),
                                           both("model", "Model"),
                                           machine("measured"),
                                           both("n_arms", "Arms", true),
                                           both("n_without_curve", "None", true),
                                           both("n_not_converged", "n.c.", true),
                                           both("mae", "MAE", true),
                                           both("mae_se", "se", true),
                                           both("largest_error", "Largest", true),
                                           both("relative_rmst_error", "RMST", true),
                                           both("coverage", "Cover", true),
                                           both("coverage_se", "se", true),
                                           both("width", "Width", true)};
    const std::map<std::string, std::string> short_titles = {
        {"exp_median", "Exp"}, {"weibull_ipd", "Weib"}, {"loglogistic_ipd", "LogL"}, {"lognormal_ipd", "LogN"}};
    for (const std::string& baseline : figures.baselines) {
        const auto title = short_titles.find(baseline);
        report::Column column = both(baseline, title == short_titles.end() ? baseline : title->second, true);
        column.rule_group = "Baselines, MAE";
        columns.push_back(column);
    }
    for (const auto& [key, title] : {std::pair("mae_over_weibull_ipd", "Weib"), std::pair("mae_over_own_ipd", "own")}) {
        report::Column column = both(key, title, true);
        column.rule_group = "Ratio";
        columns.push_back(column);
    }
    return columns;
}

std::vector<Cell> row_of(const MeanScores& means, Measured measured, bool first_of_pattern) {
    std::vector<Cell> row = {means.endpoint,
                             arms_word(means.median_reached),
                             means.pattern,
                             first_of_pattern ? means.pattern : std::string(),
                             means.model,
                             word(measured),
                             count(means.n_arms),
                             count(means.n_without_curve),
                             count(means.n_not_converged),
                             number(mean_of(means.mean_absolute_error), 4),
                             number(error_of(means.mean_absolute_error), 4),
                             number(mean_of(means.largest_error), 3),
                             number(mean_of(means.relative_rmst_error), 4),
                             number(mean_of(means.coverage), 3),
                             number(error_of(means.coverage), 3),
                             number(mean_of(means.width), 3)};
    for (const auto& baseline : means.baselines) row.emplace_back(number(baseline, 4));
    row.emplace_back(number(means.over_weibull_ipd, 2));
    row.emplace_back(number(means.over_own_ipd, 2));
    return row;
}

using RowKey = std::tuple<std::string, std::string, std::string, std::string>;  // endpoint, arms, pattern, model

std::string describe(const RowKey& key) {
    const auto& [endpoint, arms, pattern, model] = key;
    return fmt::format("{}, median {}, {}, {}", endpoint, arms == arms_word(true) ? "reached" : "not reached", pattern,
                       model);
}

}  // namespace

report::Report accuracy_report(const Figures& figures, const std::vector<Pattern>& patterns,
                               const std::vector<MeanScores>& means, Measured measured) {
    report::Report result;
    result.title = "Accuracy against digitised Kaplan-Meier curves, " + word(measured);
    result.table.name = "accuracy";
    result.table.columns = columns_of(figures);
    for (const MeanScores& row : means) result.table.rows.push_back(row_of(row, measured, true));

    report::Section legend;
    legend.paragraphs = {
        measured == Measured::held_out
            ? "Held out: the constants that a figure is scored with were learnt without it and without every other "
              "figure of its trial and publication."
            : "In sample: the constants were learnt on figures that are among those scored, if not on all of them.",
        "MAE: mean absolute error of S over (0, horizon], mean over arms, se clustered by trial and publication; "
        "largest: of the arm's curve; RMST: absolute error / horizon; cover: share of the points inside the 95 % "
        "reconstruction band widened outward by 1/n; width: of that band; none: arms without a curve; n.c.: not "
        "converged. Baselines over the same arms: exponential through the exact median; maximum likelihood on the "
        "patient-level data. Ratio: of the MAE to that of the patient-level Weibull, and of the same family."};
    for (const Pattern& pattern : patterns)
        legend.notes.push_back(std::string(pattern.name) + ": " + fit::words(pattern));
    legend.notes.emplace_back("Milestones: OS 24, then 12 months; PFS 12, then 6 months");
    result.sections.push_back(std::move(legend));

    for (std::size_t begin = 0, end = 0; begin < means.size(); begin = end) {
        const auto same_table = [&](const MeanScores& row) {
            return row.endpoint == means[begin].endpoint && row.median_reached == means[begin].median_reached;
        };
        report::Section section;
        section.heading = fmt::format("{}, median {}", means[begin].endpoint,
                                      means[begin].median_reached ? "reached" : "not reached");
        report::Table table;
        table.name = result.table.name;
        table.columns = result.table.columns;
        for (end = begin; end < means.size() && same_table(means[end]); ++end) {
            const bool first = end == begin || means[end - 1].pattern != means[end].pattern;
            if (first && end != begin) table.rule_before.push_back(table.rows.size());
            table.rows.push_back(row_of(means[end], measured, first));
        }
        section.table = std::move(table);
        result.sections.push_back(std::move(section));
    }
    return result;
}

report::Report arms_report(const Figures& figures, const std::vector<Pattern>& patterns,
                           const std::vector<ScoredModel>& models, const std::vector<ArmOutcome>& outcomes) {
    report::Report result;
    result.title = "Accuracy of every arm";
    report::Table& table = result.table;
    table.name = "accuracy_arms";
    for (const char* key :
         {"endpoint", "dataset", "trial", "publication", "arm", "median", "n_patients", "pattern", "model",
          "fitted_model", "status", "mae", "largest_error", "relative_rmst_error", "coverage", "width"})
        table.columns.push_back(report::machine(key));
    for (const std::string& baseline : figures.baselines) table.columns.push_back(report::machine(baseline));
    for (const ArmOutcome& outcome : outcomes) {
        const DigitisedFigure& figure = figures.figures[outcome.figure];
        const DigitisedArm& arm = figure.arms[outcome.arm];
        const auto& score = outcome.score;
        const auto of_score = [&score](double ArmScore::*member) {
            return number(score ? std::optional((*score).*member) : std::nullopt, 4);
        };
        std::vector<Cell> row = {figure.endpoint,
                                 figure.dataset,
                                 figure.trial,
                                 figure.publication,
                                 arm.name,
                                 arms_word(arm.median_months.has_value()),
                                 static_cast<long>(arm.n_patients),
                                 std::string(patterns[outcome.pattern].name),
                                 models[outcome.model].name,
                                 outcome.fitted_model,
                                 std::string(fit::word(outcome.status)),
                                 of_score(&ArmScore::mean_absolute_error),
                                 of_score(&ArmScore::largest_error),
                                 of_score(&ArmScore::relative_rmst_error),
                                 of_score(&ArmScore::coverage),
                                 number(score ? score->mean_width : std::nullopt, 3)};
        for (const auto& baseline : arm.baselines) row.emplace_back(number(baseline, 4));
        table.rows.push_back(std::move(row));
    }
    return result;
}

report::Report record_report(const std::vector<MeanScores>& means, Measured measured) {
    report::Report report;
    for (const char* key :
         {"endpoint", "median", "pattern", "model", "measured", "n_arms", "mae", "mae_se", "coverage"})
        report.table.columns.push_back(report::machine(key));
    for (const MeanScores& row : means)
        if (row.n_arms > 0)
            report.table.rows.push_back({row.endpoint, arms_word(row.median_reached), row.pattern, row.model,
                                         word(measured), count(row.n_arms), number(mean_of(row.mean_absolute_error), 6),
                                         number(error_of(row.mean_absolute_error), 6),
                                         number(mean_of(row.coverage), 6)});
    return report;
}

RecordComparison compare_with_record(const CsvTable& record, const std::vector<Pattern>& patterns,
                                     const std::vector<std::string>& measured_models,
                                     const std::vector<MeanScores>& means, Measured measured) {
    std::map<RowKey, const MeanScores*> now;
    for (const MeanScores& row : means)
        now[{row.endpoint, arms_word(row.median_reached), row.pattern, row.model}] = &row;
    std::set<std::string> all_models, all_patterns;
    for (const ScoredModel& model : scored_models()) all_models.insert(model.name);
    for (const Pattern& pattern : bench::patterns()) all_patterns.insert(std::string(pattern.name));
    // A name that the program no longer knows was not left out by the caller: it is gone.
    const auto left_out = [&](const std::string& pattern, const std::string& model) {
        const bool pattern_measured =
            std::any_of(patterns.begin(), patterns.end(), [&](const Pattern& row) { return row.name == pattern; });
        const bool model_measured =
            std::find(measured_models.begin(), measured_models.end(), model) != measured_models.end();
        return (!pattern_measured && all_patterns.contains(pattern)) || (!model_measured && all_models.contains(model));
    };

    RecordComparison result;
    std::set<RowKey> recorded;
    for (std::size_t i = 0; i < record.n_rows(); ++i) {
        if (record.text(i, "measured") != word(measured)) continue;
        const RowKey key = {record.text(i, "endpoint"), record.text(i, "median"), record.text(i, "pattern"),
                            record.text(i, "model")};
        recorded.insert(key);
        if (left_out(std::get<2>(key), std::get<3>(key))) continue;
        const auto found = now.find(key);
        if (found == now.end()) {
            result.losses.push_back(describe(key) + ": recorded, and no longer measured");
            continue;
        }
        ++result.n_compared;
        const MeanScores& means_now = *found->second;
        // A mean over fewer arms is no gain: the hard ones may be those that are gone.
        const double n_recorded = record.required_number(i, "n_arms");
        if (static_cast<double>(means_now.n_arms) < n_recorded) {
            result.losses.push_back(fmt::format("{}: {} arms have a curve, {} had one", describe(key), means_now.n_arms,
                                                support::shortest(n_recorded)));
            continue;
        }
        const auto error_recorded = record.number(i, "mae");
        const auto error_now = mean_of(means_now.mean_absolute_error);
        if (!error_recorded || !error_now) continue;
        const std::string change =
            fmt::format("{}: MAE {}, recorded {} ({:+.1f} %)", describe(key), support::fixed(*error_now, 5),
                        support::fixed(*error_recorded, 5), 100 * (*error_now / *error_recorded - 1));
        if (grew(*error_now, *error_recorded, allowed_growth)) {
            // More arms than recorded: the mean is over others.
            if (static_cast<double>(means_now.n_arms) > n_recorded)
                result.losses.push_back(change + fmt::format(", over {} arms instead of {}", means_now.n_arms,
                                                             support::shortest(n_recorded)));
            else
                result.losses.push_back(change);
        } else if (grew(*error_recorded, *error_now, allowed_growth)) {
            result.notes.push_back(change);
        }
    }
    for (const auto& [key, row] : now)
        if (row->n_arms > 0 && !recorded.contains(key)) result.notes.push_back(describe(key) + ": not in the record");
    return result;
}

}  // namespace hersurv::bench
