// The answer first, then how well it follows what was published.
#include "report/fit_tables.hpp"

#include "hersurv/audit.hpp"
#include "hersurv/evidence.hpp"

#include <fmt/format.h>

#include "report/comparison_parts.hpp"
#include "report/headings.hpp"
#include "report/intervals.hpp"
#include "report/numbers.hpp"
#include "report/shared_columns.hpp"
#include "support/number_text.hpp"
#include "support/words.hpp"
#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

namespace hersurv::report {
namespace {

using catalogue::StatisticKey;
using evidence::Observation;

// The published estimate with its interval, as the record has it.
std::optional<catalogue::Statistic> published_statistic(const AnalysisFit& fit, const Observation& of) {
    const std::string& arm = fit.evidence->arms[of.arm].id;
    if (of.statistic.is(StatisticKey::Kind::hazard_ratio)) {
        for (const catalogue::Contrast& contrast : fit.analysis->contrasts)
            if (contrast.experimental == arm && of.control && contrast.control == fit.evidence->arms[*of.control].id)
                return first_print(contrast.hazard_ratio);
        return std::nullopt;
    }
    if (of.statistic.is(StatisticKey::Kind::median)) return printed_median(*fit.analysis, arm);
    if (!of.statistic.is(StatisticKey::Kind::milestone)) return std::nullopt;
    for (const catalogue::ArmResult& result : fit.analysis->arms)
        for (const catalogue::Milestone& milestone : result.milestones)
            if (result.arm == arm && milestone.time_months == of.statistic.time_months)
                return first_print(milestone.survival);
    return std::nullopt;
}

struct AnswerRow {
    ArmOfModel of;
    bool first_of_arm;
    ParametersText parameters;

    [[nodiscard]] Cell arm_shown() const {
        return first_of_arm ? Cell(of.fit->evidence->arms[of.arm].title()) : Cell();
    }
    [[nodiscard]] Cell published_median() const {
        if (!first_of_arm) return {};
        const auto median = printed_median(*of.fit->analysis, of.id());
        return median ? Cell(interval_cell(*median)) : Cell(missing());
    }
    [[nodiscard]] std::string status() const { return std::string(status_words(of.result().status)); }
};

Cell fitted_median(const AnswerRow& row, const Intervals& interval) {
    if (!row.of.has_curve()) return std::string("-");
    return interval_cell(median_with(interval, *row.of.model, row.of.arm), 1);
}

// By status: the fits that have it, "P+T+D weibull"; an arm alone if all its models have it.
std::vector<std::pair<std::string, std::vector<std::string>>> fits_by_status(const std::vector<AnswerRow>& rows) {
    std::vector<std::pair<std::string, std::vector<std::string>>> groups;
    for (const AnswerRow& row : rows) {
        const auto of_arm = [&](const AnswerRow& other) { return other.of.arm == row.of.arm; };
        const bool alike = std::ranges::all_of(
            rows, [&](const AnswerRow& other) { return !of_arm(other) || other.status() == row.status(); });
        if (alike && !row.first_of_arm) continue;
        auto group = std::ranges::find(groups, row.status(), &decltype(groups)::value_type::first);
        if (group == groups.end()) group = groups.insert(group, {row.status(), {}});
        const std::string& arm = row.of.fit->evidence->arms[row.of.arm].title();
        group->second.push_back(alike ? arm : arm + " " + row.of.model_name());
    }
    return groups;
}

// "CLEOPATRA, OS (os-end-of-study): median in months (95% CI); status: identified". A column of the status would leave
// too little room to the parameters.
void add_caption_and_status(Table& table, const AnalysisFit& fit, const std::vector<AnswerRow>& rows,
                            const Intervals& interval) {
    const std::string published = interval_name(fit::Band::population, 0.95), fitted = interval_name(interval);
    table.caption = analysis_heading(*fit.evidence) + ": median in months (" +
                    (published == fitted ? published : published + "; fitted: " + fitted) + ")";
    const auto groups = fits_by_status(rows);
    if (groups.size() == 1) {
        table.caption += "; status: " + groups.front().first;
    } else if (!groups.empty()) {
        std::vector<std::string> parts;
        for (const auto& [status, names] : groups) parts.push_back(status + " (" + support::joined(names) + ")");
        table.footnotes.push_back("Status: " + support::joined(parts, "; ") + ".");
    }
}

// A published estimate of an analysis.
struct EstimateRow {
    const AnalysisFit* fit;
    std::size_t index;  // among the observations

    [[nodiscard]] const Observation& observation() const { return fit->evidence->observations[index]; }
    [[nodiscard]] const std::string& arm() const { return fit->evidence->arms[observation().arm].title(); }
    [[nodiscard]] bool percent() const { return observation().statistic.is(StatisticKey::Kind::milestone); }
    [[nodiscard]] Number published() const { return cell(observation().published, percent()); }
    [[nodiscard]] Cell with_interval() const {
        const auto statistic = published_statistic(*fit, observation());
        return statistic ? Cell(interval_cell(*statistic, percent())) : Cell(published());
    }
    [[nodiscard]] const std::string& derivation() const {
        return fit->models.front().numbers_in_fit()[index].derivation;
    }
    [[nodiscard]] std::string title() const {
        const Observation& o = observation();
        return statistic_title(o.statistic) + (o.control ? " v " + fit->evidence->arms[*o.control].title() : "");
    }
    [[nodiscard]] int decimals() const {
        const Observation& o = observation();
        if (o.statistic.is(StatisticKey::Kind::events)) return 0;
        const int decimals = o.published.is_number() ? o.published.shown_decimals() : 1;
        return percent() ? std::max(0, decimals - 2) : decimals;
    }
};

// Outside the published interval, as far as it has limits; without one, beyond the tolerance of `check`. A fitted value
// is judged as it is shown: one that rounds to a limit is inside.
bool misses(const EstimateRow& row, const audit::Comparison& compared) {
    if (!compared.reconstructed) return false;
    const auto statistic = published_statistic(*row.fit, row.observation());
    const auto is_limit = [](const auto& limit) { return limit && limit->is_number(); };
    if (!statistic || (!is_limit(statistic->lower) && !is_limit(statistic->upper)))
        return compared.verdict == audit::Verdict::outside;
    const double fitted = *compared.reconstructed;
    return (is_limit(statistic->lower) && fitted < statistic->lower->value - statistic->lower->half_unit()) ||
           (is_limit(statistic->upper) && fitted > statistic->upper->value + statistic->upper->half_unit());
}

Cell fitted_value(const EstimateRow& row, const audit::Comparison& compared) {
    if (!compared.reconstructed) return std::string("-");
    Number number = Number::derived(*compared.reconstructed, row.decimals());
    number.percent = row.percent();
    number.flagged = misses(row, compared);
    return number;
}

// "+6.6", "-0.03", "0": with its sign, in the decimals of the published number.
Cell signed_difference(const EstimateRow& row, const audit::Comparison& compared) {
    if (!compared.difference) return std::string("-");
    const double shown = *compared.difference * (row.percent() ? 100 : 1);
    std::string text = support::fixed(std::abs(shown), row.decimals());
    if (text.find_first_of("123456789") == std::string::npos) return text;
    return (shown < 0 ? "-" : "+") + text;
}

}  // namespace

bool wanted(const AnalysisFit& fit, std::size_t arm, const FitReportOptions& options) {
    return !options.takes_arm || options.takes_arm(fit.evidence->arms[arm].id);
}

Table answer_table(const AnalysisFit& fit, const FitReportOptions& options) {
    std::vector<AnswerRow> rows;
    for (std::size_t arm = 0; arm < fit.evidence->arms.size(); ++arm) {
        if (!wanted(fit, arm, options)) continue;
        for (const auto& model : fit.models) {
            const ArmOfModel of(fit, model, arm);
            rows.push_back({of, &model == &fit.models.front(), parameters_with_errors(of)});
        }
    }
    const Intervals interval = options.interval;
    const bool errors = std::ranges::any_of(rows, [](const AnswerRow& row) { return row.parameters.has_errors; });
    const Columns<AnswerRow> columns = {
        {human("Arm"), &AnswerRow::arm_shown},
        {human("Published", true), &AnswerRow::published_median},
        {human("Model"), [](const AnswerRow& row) { return row.of.model_name(); }},
        {human("Fitted", true), [interval](const AnswerRow& row) { return fitted_median(row, interval); }},
        {human(errors ? "Parameters (SE)" : "Parameters"), [](const AnswerRow& row) { return row.parameters.text; }}};
    Table table;
    table.name = "parameters";
    add_caption_and_status(table, fit, rows, interval);
    columns.fill(table, rows);
    table.other_kind_meaning = replacement_meaning(interval);
    table.extrapolated_meaning = Supposition(fit.models).extrapolation_meaning();
    return table;
}

Table comparison_table(const AnalysisFit& fit, const FitReportOptions& options) {
    Columns<EstimateRow> columns = {{human("Estimate"), &EstimateRow::title},
                                    {human("Arm"), &EstimateRow::arm},
                                    {human("Published (95% CI)", true), &EstimateRow::with_interval}};
    // Of more models there is no room for differences.
    const bool with_differences = fit.models.size() <= 2;
    for (const auto& model : fit.models) {
        const std::vector<audit::Comparison> compared = audit::compare(model);
        const std::string name(model.model->name);
        columns.append({with_differences ? human("Fitted", true, name) : human(name, true, "Fitted"),
                        [compared](const EstimateRow& row) { return fitted_value(row, compared[row.index]); }});
        if (with_differences)
            columns.append({human("Diff.", true, name), [compared](const EstimateRow& row) {
                                return signed_difference(row, compared[row.index]);
                            }});
    }
    std::vector<EstimateRow> rows;
    for (std::size_t i = 0; i < fit.evidence->observations.size(); ++i) {
        const Observation& o = fit.evidence->observations[i];
        const bool limit = o.statistic.is_limit_of(StatisticKey::Kind::median);
        const bool p_value = o.statistic.is(StatisticKey::Kind::p_value);
        // The limits of a median are beside it.
        if (wanted(fit, o.arm, options) && o.cut.empty() && !p_value && (options.explain || !limit))
            rows.push_back({&fit, i});
    }
    Table table;
    table.name = "fitted-v-published";
    table.flag_meaning =
        "outside the published 95% CI or, if none was published, further off than the precision of the estimate allows";
    columns.fill(table, rows);
    return table;
}

Table explanation_table(const AnalysisFit& fit, const FitReportOptions& options) {
    const Columns<EstimateRow> columns = {
        {human("Published estimate"),
         [](const EstimateRow& row) { return statistic_title(row.observation().statistic); }},
        {human("Arm"), &EstimateRow::arm},
        {human("Published", true), &EstimateRow::published},
        {human("What it says about the curve"), &EstimateRow::derivation},
        {human("Source"), [](const EstimateRow& row) {
             const catalogue::Provenance& from = row.observation().from;
             const std::string& cut = row.observation().cut;
             return from.source + (from.line ? fmt::format(", text line {}", *from.line) : "") +
                    (cut.empty() ? "" : (from.source.empty() ? "" : "; ") + cut);
         }}};
    std::vector<EstimateRow> rows;
    for (std::size_t i = 0; i < fit.evidence->observations.size(); ++i)
        if (wanted(fit, fit.evidence->observations[i].arm, options)) rows.push_back({&fit, i});
    Table table;
    table.name = "observations";
    columns.fill(table, rows);
    return table;
}

}  // namespace hersurv::report
