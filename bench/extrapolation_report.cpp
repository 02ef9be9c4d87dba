// Tables by endpoint, cut, model and distance beyond the support.
#include "extrapolation_report.hpp"

#include <fmt/format.h>

#include "render/columns.hpp"
#include "report/numbers.hpp"
#include "support/number_text.hpp"
#include <cmath>
#include <map>
#include <tuple>

namespace hersurv::bench {
namespace {

using render::both;
using render::machine;

constexpr int decimals_of_record = 6;

render::Number number(const std::optional<double>& value, int decimals) {
    if (!value) return report::missing();
    return render::Number::derived(std::stod(support::fixed(*value, decimals_of_record)), decimals);
}
std::optional<double> value_of(const std::optional<ClusteredMean>& mean) {
    return mean ? std::optional(mean->mean) : std::nullopt;
}
std::optional<double> error_of(const std::optional<ClusteredMean>& mean) {
    return mean ? mean->standard_error : std::nullopt;
}

render::Columns<ExtrapolationLine> key_columns() {
    return {
        {machine("endpoint"), &ExtrapolationLine::endpoint},
        {machine("cut"), [](const ExtrapolationLine& line) { return number(line.cut, 2); }},
        {both("model", "Model"), &ExtrapolationLine::model},
        {both("distance", "Time / support"), &ExtrapolationLine::distance},
        {both("n_arms", "Arms", true), [](const ExtrapolationLine& line) { return static_cast<long>(line.n_arms); }}};
}

render::Columns<ExtrapolationLine> value_columns() {
    using Line = ExtrapolationLine;
    const auto of_band = [](const char* key, const char* title, auto member, std::size_t band,
                            const char* group) -> render::Columns<Line> {
        render::Column heading = both(key, title, true);
        heading.rule_group = group;
        return {heading, [=](const Line& line) { return number(value_of((line.*member)[band]), 3); }};
    };
    return {{both("error", "Mean error", true), [](const Line& line) { return number(value_of(line.error), 3); }},
            {both("error_se", "se", true), [](const Line& line) { return number(error_of(line.error), 3); }},
            {both("absolute_error", "MAE", true),
             [](const Line& line) { return number(value_of(line.absolute_error), 3); }},
            of_band("population_coverage", "Coverage", &Line::coverage, 1, "Population band"),
            of_band("population_width", "Width", &Line::width, 1, "Population band"),
            of_band("reconstruction_coverage", "Coverage", &Line::coverage, 0, "Reconstruction band"),
            of_band("reconstruction_width", "Width", &Line::width, 0, "Reconstruction band")};
}

std::string word(bool held_out) { return held_out ? "held out" : "in sample"; }

render::Section cut_section(const std::string& heading, const std::vector<ExtrapolationLine>& rows) {
    render::Columns<ExtrapolationLine> columns = {
        key_columns(),
        {both("n_points", "Points", true),
         [](const ExtrapolationLine& line) { return static_cast<long>(line.n_points); }},
        {both("n_without_curve", "None", true),
         [](const ExtrapolationLine& line) { return static_cast<long>(line.n_without_curve); }},
        value_columns()};
    render::Section section;
    section.heading = heading;
    render::Table table;
    table.name = "extrapolation";
    for (std::size_t i = 1; i < rows.size(); ++i)
        if (rows[i].model != rows[i - 1].model) table.rule_before.push_back(i);
    columns.fill(table, rows);
    section.table = std::move(table);
    for (const ExtrapolationLine& line : rows)
        if (line.model == rows.front().model && line.distance == "all")
            section.notes.push_back(
                fmt::format("the cuts have {}% of the patients and {}% of the events of their "
                            "figures (means over arms)",
                            support::fixed(100 * line.entered, 0), support::fixed(100 * line.events, 0)));
    return section;
}

// One line on all numbers for which `belongs` holds.
template <class Belongs>
std::string words_of(const char* what, const std::vector<LaterNumber>& later, const Belongs& belongs) {
    double error = 0;
    std::size_t n = 0, above = 0, n_with_band = 0, n_covered = 0;
    for (const LaterNumber& one : later) {
        if (!belongs(one)) continue;
        ++n;
        error += one.error();
        above += one.error() < 0;
        const auto covered = one.covered();
        n_with_band += covered.has_value();
        n_covered += covered.value_or(false);
    }
    if (n == 0) return fmt::format("{}: no number", what);
    return fmt::format(
        "{}: {} numbers, {} of them above the curve, mean error {} points; {} of {} inside the population "
        "band",
        what, n, above, support::fixed(100 * error / static_cast<double>(n), 1), n_covered, n_with_band);
}

render::Section catalogue_section(const std::vector<LaterNumber>& later) {
    using render::human;
    const render::Columns<LaterNumber> columns = {
        {human("Trial"), &LaterNumber::trial},
        {human("Endpoint"), &LaterNumber::endpoint},
        {human("Arm"), &LaterNumber::arm},
        {human("Earlier cut"), &LaterNumber::earlier},
        {human("Later cut"), &LaterNumber::later},
        {human("Statistic"), &LaterNumber::statistic},
        {human("Support", true), [](const LaterNumber& one) { return number(one.support_months, 1); }},
        {human("Time", true), [](const LaterNumber& one) { return number(one.time_months, 1); }},
        {human("Published", true), [](const LaterNumber& one) { return number(one.published, 3); }},
        {human("Curve", true), [](const LaterNumber& one) { return number(one.estimate, 3); }},
        {human("Lower", true), [](const LaterNumber& one) { return number(one.lower, 3); }},
        {human("Upper", true), [](const LaterNumber& one) { return number(one.upper, 3); }},
        {human("Covered"), [](const LaterNumber& one) {
             const auto covered = one.covered();
             return std::string(!covered ? "-" : *covered ? "yes" : "no");
         }}};
    render::Section section;
    section.heading = "Later cuts of the built-in catalogue beyond the support of the earlier cut (auto)";
    render::Table table;
    table.name = "later_cuts";
    columns.fill(table, later);
    section.table = std::move(table);
    section.notes = {words_of("OS", later, [](const LaterNumber& one) { return one.endpoint == "OS"; }),
                     words_of("other endpoints", later, [](const LaterNumber& one) { return one.endpoint != "OS"; }),
                     "the numbers are not independent: few trials, and every arm counts for every pair of cuts"};
    return section;
}

}  // namespace

render::Report extrapolation_report(const ExtrapolationOptions& options, const std::vector<ExtrapolationLine>& lines,
                                    const std::vector<LaterNumber>& later, bool held_out) {
    render::Report report;
    report.title = "Extrapolation beyond an earlier cut of digitised figures, " + word(held_out);
    report.table.name = "extrapolation";
    const render::Columns<ExtrapolationLine> columns = {
        key_columns(),
        {machine("n_points"), [](const ExtrapolationLine& line) { return static_cast<long>(line.n_points); }},
        {machine("n_without_curve"),
         [](const ExtrapolationLine& line) { return static_cast<long>(line.n_without_curve); }},
        value_columns()};
    columns.fill(report.table, lines);
    render::Section legend;
    legend.paragraphs = {
        "Each figure is cut at a share of its longest follow-up, published as a paper would (n, events, median with "
        "limits, follow-up, milestones with 10 patients and 10% at risk, hazard ratio), fitted, and compared with its "
        "full Kaplan-Meier curve from the last supported time of the cut to the horizon. Means over arms, se clustered "
        "by trial and publication; error: estimate less the full curve; coverage of the 95% bands, widened outward by "
        "1/n; none: arms without a curve."};
    report.sections.push_back(std::move(legend));
    for (const char* endpoint : {"OS", "PFS"})
        for (const double cut : options.cuts) {
            std::vector<ExtrapolationLine> rows;
            for (const ExtrapolationLine& line : lines)
                if (line.endpoint == endpoint && line.cut == cut) rows.push_back(line);
            report.sections.push_back(cut_section(
                fmt::format("{}, cut at {}% of the follow-up", endpoint, support::shortest(100 * cut)), rows));
        }
    report.sections.push_back(catalogue_section(later));
    return report;
}

render::Report extrapolation_record(const std::vector<ExtrapolationLine>& lines, bool held_out) {
    render::Columns<ExtrapolationLine> columns = {
        key_columns(),
        {machine("measured"), [held_out](const ExtrapolationLine&) { return word(held_out); }},
        value_columns()};
    render::Report report;
    report.table.name = "record";
    columns.fill(report.table, lines);
    return report;
}

RecordComparison compare_extrapolation(const CsvTable& record, const std::vector<ExtrapolationLine>& lines,
                                       bool held_out) {
    constexpr double allowed_growth = 0.02, allowed_bias = 0.002, allowed_coverage = 0.01, last_bits = 1e-6;
    using Key = std::tuple<std::string, std::string, std::string, std::string>;
    std::map<Key, const ExtrapolationLine*> now;
    for (const ExtrapolationLine& line : lines)
        now[{line.endpoint, support::shortest(line.cut), line.model, line.distance}] = &line;
    RecordComparison result;
    for (std::size_t row = 0; row < record.n_rows(); ++row) {
        if (record.text(row, "measured") != word(held_out)) continue;
        const auto found =
            now.find({record.text(row, "endpoint"), support::shortest(record.required_number(row, "cut")),
                      record.text(row, "model"), record.text(row, "distance")});
        if (found == now.end()) continue;
        ++result.n_compared;
        const ExtrapolationLine& line = *found->second;
        const auto say = [&](const char* what, double is, double was) {
            result.losses.push_back(fmt::format("{}, cut {}, {}, {}: {} {}, recorded {}", line.endpoint, line.cut,
                                                line.model, line.distance, what, support::fixed(is, 4),
                                                support::fixed(was, 4)));
        };
        const double arms = record.required_number(row, "n_arms");
        if (static_cast<double>(line.n_arms) < arms) say("arms", static_cast<double>(line.n_arms), arms);
        const auto error = record.number(row, "error"), absolute = record.number(row, "absolute_error"),
                   coverage = record.number(row, "population_coverage");
        if (error && line.error && std::abs(line.error->mean) > std::abs(*error) + allowed_bias + last_bits)
            say("mean error", line.error->mean, *error);
        if (absolute && line.absolute_error && grew(line.absolute_error->mean, *absolute + last_bits, allowed_growth))
            say("absolute error", line.absolute_error->mean, *absolute);
        if (coverage && line.coverage[1] && line.coverage[1]->mean < *coverage - allowed_coverage - last_bits)
            say("coverage of the population band", line.coverage[1]->mean, *coverage);
    }
    return result;
}

}  // namespace hersurv::bench
