// Lays the measured accuracy out as tables and holds it against a record.
#include "accuracy_report.hpp"

#include <fmt/format.h>

#include "render/columns.hpp"
#include "report/numbers.hpp"
#include "support/number_text.hpp"
#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace hersurv::bench {
namespace {

using render::Cell;
using render::Number;

// Six decimals are finer than any difference that means something, and the same whatever the compiler.
constexpr int decimals_of_record = 6;

Number number(const std::optional<double>& value, int decimals) {
    if (!value) return report::missing();
    return Number::derived(support::rounded(*value, decimals_of_record), decimals);
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

// A row of means, as one of its table.
struct MeansRow {
    const MeanScores* means;
    Measured measured;
    bool first_of_pattern = true;
};

render::Columns<MeansRow> mean_column(render::Column heading, std::optional<ClusteredMean> MeanScores::*member,
                                      int decimals) {
    return {std::move(heading), [=](const MeansRow& row) { return number(mean_of(row.means->*member), decimals); }};
}
render::Columns<MeansRow> error_column(render::Column heading, std::optional<ClusteredMean> MeanScores::*member,
                                       int decimals) {
    return {std::move(heading), [=](const MeansRow& row) { return number(error_of(row.means->*member), decimals); }};
}
render::Columns<MeansRow> count_column(render::Column heading, std::size_t MeanScores::*member) {
    return {std::move(heading), [=](const MeansRow& row) { return count(row.means->*member); }};
}
render::Columns<MeansRow> text_column(render::Column heading, std::string MeanScores::*member) {
    return {std::move(heading), [=](const MeansRow& row) { return row.means->*member; }};
}

// Which means they are: what a record has in front of its numbers.
render::Columns<MeansRow> median_reached_column() {
    return {render::machine("median"), [](const MeansRow& row) { return arms_word(row.means->median_reached); }};
}
render::Columns<MeansRow> measured_column() {
    return {render::machine("measured"), [](const MeansRow& row) { return word(row.measured); }};
}

render::Columns<MeansRow> means_columns(const Figures& figures) {
    using render::both;
    using render::machine;
    render::Columns<MeansRow> columns = {
        text_column(machine("endpoint"), &MeanScores::endpoint),
        median_reached_column(),
        text_column(machine("pattern"), &MeanScores::pattern),
        {render::human("Printed"),
         [](const MeansRow& row) { return row.first_of_pattern ? row.means->pattern : std::string(); }},
        text_column(both("model", "Model"), &MeanScores::model),
        measured_column(),
        count_column(both("n_arms", "Arms", true), &MeanScores::n_arms),
        count_column(both("n_without_curve", "None", true), &MeanScores::n_without_curve),
        count_column(both("n_not_converged", "n.c.", true), &MeanScores::n_not_converged),
        mean_column(both("mae", "MAE", true), &MeanScores::mean_absolute_error, 4),
        error_column(both("mae_se", "se", true), &MeanScores::mean_absolute_error, 4),
        mean_column(both("largest_error", "Largest", true), &MeanScores::largest_error, 3),
        mean_column(both("relative_rmst_error", "RMST", true), &MeanScores::relative_rmst_error, 4),
        mean_column(both("coverage", "Cover", true), &MeanScores::coverage, 3),
        error_column(both("coverage_se", "se", true), &MeanScores::coverage, 3),
        mean_column(both("width", "Width", true), &MeanScores::width, 3)};
    const std::map<std::string, std::string> short_titles = {
        {"exp_median", "Exp"}, {"weibull_ipd", "Weib"}, {"loglogistic_ipd", "LogL"}, {"lognormal_ipd", "LogN"}};
    for (std::size_t i = 0; i < figures.baselines.size(); ++i) {
        const auto title = short_titles.find(figures.baselines[i]);
        render::Column heading =
            both(figures.baselines[i], title == short_titles.end() ? figures.baselines[i] : title->second, true);
        heading.rule_group = "Baselines, MAE";
        columns.append({heading, [i](const MeansRow& row) { return number(row.means->baselines.at(i), 4); }});
    }
    const auto add_ratio = [&columns](const char* key, const char* title, std::optional<double> MeanScores::*member) {
        render::Column heading = both(key, title, true);
        heading.rule_group = "Ratio";
        columns.append({heading, [member](const MeansRow& row) { return number(row.means->*member, 2); }});
    };
    add_ratio("mae_over_weibull_ipd", "Weib", &MeanScores::over_weibull_ipd);
    add_ratio("mae_over_own_ipd", "own", &MeanScores::over_own_ipd);
    return columns;
}

using RowKey = std::tuple<std::string, std::string, std::string, std::string>;  // endpoint, arms, pattern, model

std::string describe(const RowKey& key) {
    const auto& [endpoint, arms, pattern, model] = key;
    return fmt::format("{}, median {}, {}, {}", endpoint, arms == arms_word(true) ? "reached" : "not reached", pattern,
                       model);
}

}  // namespace

render::Report accuracy_report(const Figures& figures, const std::vector<Pattern>& patterns,
                               const std::vector<MeanScores>& means, Measured measured) {
    render::Report result;
    result.title = "Accuracy against digitised Kaplan-Meier curves, " + word(measured);
    result.table.name = "accuracy";
    const render::Columns<MeansRow> columns = means_columns(figures);
    std::vector<MeansRow> rows;
    for (const MeanScores& row : means) rows.push_back({&row, measured});
    columns.fill(result.table, rows);

    render::Section legend;
    legend.paragraphs = {
        measured == Measured::held_out
            ? "Held out: the constants that a figure is scored with were learnt without it and without every other "
              "figure of its trial and publication."
            : "In sample: the constants were learnt on figures that are among those scored, if not on all of them.",
        "MAE: mean absolute error of S over (0, horizon], mean over arms, se clustered by trial and publication; "
        "largest: of the arm's curve; RMST: absolute error / horizon; cover: share of the points inside the 95% "
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
        render::Section section;
        section.heading = fmt::format("{}, median {}", means[begin].endpoint,
                                      means[begin].median_reached ? "reached" : "not reached");
        render::Table table;
        table.name = result.table.name;
        rows.clear();
        for (end = begin; end < means.size() && same_table(means[end]); ++end) {
            const bool first = end == begin || means[end - 1].pattern != means[end].pattern;
            if (first && end != begin) table.rule_before.push_back(rows.size());
            rows.push_back({&means[end], measured, first});
        }
        columns.fill(table, rows);
        section.table = std::move(table);
        result.sections.push_back(std::move(section));
    }
    return result;
}

namespace {

struct ArmRow {
    const ArmOutcome* outcome;
    const DigitisedFigure* figure;
    const DigitisedArm* arm;
    const Pattern* pattern;
    const ScoredModel* model;
};

// A part of the arm's score; nothing where it has none.
template <class Member>
render::Columns<ArmRow> score_column(const char* key, Member member, int decimals) {
    return {render::machine(key), [=](const ArmRow& row) {
                const auto& score = row.outcome->score;
                return number(score ? std::optional<double>((*score).*member) : std::nullopt, decimals);
            }};
}

render::Columns<ArmRow> arms_columns(const Figures& figures) {
    using render::machine;
    render::Columns<ArmRow> columns = {
        {machine("endpoint"), [](const ArmRow& row) { return row.figure->endpoint; }},
        {machine("dataset"), [](const ArmRow& row) { return row.figure->dataset; }},
        {machine("trial"), [](const ArmRow& row) { return row.figure->trial; }},
        {machine("publication"), [](const ArmRow& row) { return row.figure->publication; }},
        {machine("arm"), [](const ArmRow& row) { return row.arm->name; }},
        {machine("median"), [](const ArmRow& row) { return arms_word(row.arm->median_months.has_value()); }},
        {machine("n_patients"), [](const ArmRow& row) { return static_cast<long>(row.arm->n_patients); }},
        {machine("pattern"), [](const ArmRow& row) { return std::string(row.pattern->name); }},
        {machine("model"), [](const ArmRow& row) { return row.model->name; }},
        {machine("fitted_model"), [](const ArmRow& row) { return row.outcome->fitted_model; }},
        {machine("status"), [](const ArmRow& row) { return std::string(fit::word(row.outcome->status)); }},
        score_column("mae", &ArmScore::mean_absolute_error, 4),
        score_column("largest_error", &ArmScore::largest_error, 4),
        score_column("relative_rmst_error", &ArmScore::relative_rmst_error, 4),
        score_column("coverage", &ArmScore::coverage, 4),
        {machine("width"), [](const ArmRow& row) {
             return number(row.outcome->score ? row.outcome->score->mean_width : std::nullopt, 3);
         }}};
    for (std::size_t i = 0; i < figures.baselines.size(); ++i)
        columns.append(
            {machine(figures.baselines[i]), [i](const ArmRow& row) { return number(row.arm->baselines.at(i), 4); }});
    return columns;
}

}  // namespace

render::Report arms_report(const Figures& figures, const std::vector<Pattern>& patterns,
                           const std::vector<ScoredModel>& models, const std::vector<ArmOutcome>& outcomes) {
    render::Report result;
    result.title = "Accuracy of every arm";
    result.table.name = "accuracy_arms";
    std::vector<ArmRow> rows;
    for (const ArmOutcome& outcome : outcomes) {
        const DigitisedFigure& figure = figures.figures[outcome.figure];
        rows.push_back(
            {&outcome, &figure, &figure.arms[outcome.arm], &patterns[outcome.pattern], &models[outcome.model]});
    }
    arms_columns(figures).fill(result.table, rows);
    return result;
}

render::Report record_report(const std::vector<MeanScores>& means, Measured measured) {
    using render::machine;
    render::Columns<MeansRow> columns = {
        text_column(machine("endpoint"), &MeanScores::endpoint),
        median_reached_column(),
        text_column(machine("pattern"), &MeanScores::pattern),
        text_column(machine("model"), &MeanScores::model),
        measured_column(),
        count_column(machine("n_arms"), &MeanScores::n_arms),
        mean_column(machine("mae"), &MeanScores::mean_absolute_error, decimals_of_record),
        error_column(machine("mae_se"), &MeanScores::mean_absolute_error, decimals_of_record),
        mean_column(machine("coverage"), &MeanScores::coverage, decimals_of_record),
        {machine("least_patients"), [](const MeansRow& row) { return number(row.means->least_patients, 0); }}};
    for (std::size_t i = 0; i < fit::size_classes.size(); ++i) {
        const std::string name(fit::size_classes[i].name);
        columns.append(
            {machine("n_arms_" + name), [i](const MeansRow& row) { return count(row.means->n_arms_of_size[i]); }});
        columns.append({machine("mae_" + name),
                        [i](const MeansRow& row) { return number(row.means->error_of_size[i], decimals_of_record); }});
    }
    std::vector<MeansRow> rows;
    for (const MeanScores& row : means)
        if (row.n_arms > 0) rows.push_back({&row, measured});
    render::Report report;
    report.table.name = "record";
    columns.fill(report.table, rows);
    return report;
}

namespace {

// Whether a row of the record is of a pattern or model that the caller left out. A name that the program no longer
// knows was not left out: it is gone.
class LeftOut {
  public:
    LeftOut(const std::vector<Pattern>& patterns, const std::vector<std::string>& models)
        : models_(models.begin(), models.end()) {
        for (const Pattern& pattern : patterns) patterns_.insert(std::string(pattern.name));
        for (const Pattern& pattern : bench::patterns()) all_patterns_.insert(std::string(pattern.name));
        for (const ScoredModel& model : scored_models()) all_models_.insert(model.name);
    }
    [[nodiscard]] bool contains(const RowKey& key) const {
        const auto& [endpoint, arms, pattern, model] = key;
        return (all_patterns_.contains(pattern) && !patterns_.contains(pattern)) ||
               (all_models_.contains(model) && !models_.contains(model));
    }

  private:
    std::set<std::string> patterns_, models_, all_patterns_, all_models_;
};

// Adds what a row of the record and the same row of now say to the losses or the notes.
void compare_row(const CsvTable& record, std::size_t i, const RowKey& key, const MeanScores& now,
                 RecordComparison& result) {
    ++result.n_compared;
    // A mean over fewer arms is no gain: the hard ones may be those that are gone.
    const double n_recorded = record.required_number(i, "n_arms");
    if (static_cast<double>(now.n_arms) < n_recorded) {
        result.losses.push_back(fmt::format("{}: {} arms have a curve, {} had one", describe(key), now.n_arms,
                                            support::shortest(n_recorded)));
        return;
    }
    const auto error_recorded = record.number(i, "mae");
    const auto error_now = mean_of(now.mean_absolute_error);
    if (!error_recorded || !error_now) return;
    const std::string change =
        fmt::format("{}: MAE {}, recorded {} ({:+.1f}%)", describe(key), support::fixed(*error_now, 5),
                    support::fixed(*error_recorded, 5), 100 * (*error_now / *error_recorded - 1));
    if (grew(*error_now, *error_recorded, allowed_growth)) {
        // More arms than recorded: the mean is over others.
        const bool others = static_cast<double>(now.n_arms) > n_recorded;
        result.losses.push_back(
            change + (others ? fmt::format(", over {} arms instead of {}", now.n_arms, support::shortest(n_recorded))
                             : std::string()));
    } else if (grew(*error_recorded, *error_now, allowed_growth)) {
        result.notes.push_back(change);
    }
}

}  // namespace

RecordComparison compare_with_record(const CsvTable& record, const std::vector<Pattern>& patterns,
                                     const std::vector<std::string>& measured_models,
                                     const std::vector<MeanScores>& means, Measured measured) {
    std::map<RowKey, const MeanScores*> now;
    for (const MeanScores& row : means)
        now[{row.endpoint, arms_word(row.median_reached), row.pattern, row.model}] = &row;
    const LeftOut left_out(patterns, measured_models);
    RecordComparison result;
    std::set<RowKey> recorded;
    for (std::size_t i = 0; i < record.n_rows(); ++i) {
        if (record.text(i, "measured") != word(measured)) continue;
        const RowKey key = {record.text(i, "endpoint"), record.text(i, "median"), record.text(i, "pattern"),
                            record.text(i, "model")};
        recorded.insert(key);
        if (left_out.contains(key)) continue;
        if (const auto found = now.find(key); found != now.end())
            compare_row(record, i, key, *found->second, result);
        else
            result.losses.push_back(describe(key) + ": recorded, and no longer measured");
    }
    for (const auto& [key, row] : now)
        if (row->n_arms > 0 && !recorded.contains(key)) result.notes.push_back(describe(key) + ": not in the record");
    return result;
}

}  // namespace hersurv::bench
