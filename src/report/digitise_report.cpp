// What was read of figures.
#include "report/digitise_report.hpp"

#include "render/columns.hpp"
#include "report/numbers.hpp"
#include "support/number_text.hpp"
#include <algorithm>
#include <cmath>
#include <functional>

namespace hersurv::report {
namespace {

using digitise::Arm;
using digitise::Reading;
using render::both;
using render::Columns;
using render::human;
using render::machine;

// Times in months if every figure says its unit: files of one answer must not mix units.
bool in_months(const std::vector<DigitisedFigure>& figures) {
    return std::ranges::all_of(
        figures, [](const DigitisedFigure& figure) { return figure.reading.months_per_unit.has_value(); });
}

struct ReadPointRow {
    std::string figure{}, arm{};
    double time = 0, value = 0;
};

Columns<ReadPointRow> point_columns(const std::vector<DigitisedFigure>& figures, const std::string& value, bool whole) {
    Columns<ReadPointRow> columns;
    if (figures.size() > 1) columns.append({machine("figure"), &ReadPointRow::figure});
    columns.append({machine("arm"), &ReadPointRow::arm});
    // Nine digits are more than any file has; without rounding 1/30.4375 of a day would be written with seventeen.
    columns.append({machine(in_months(figures) ? "time_months" : "time"), [](const ReadPointRow& row) {
                        return Number::derived(support::rounded_to_digits(row.time, 9), 2);
                    }});
    if (!value.empty())
        columns.append({machine(value), [whole](const ReadPointRow& row) -> Cell {
                            if (whole) return static_cast<long>(row.value);
                            return Number::derived(support::rounded_to_digits(row.value, 9), 4);
                        }});
    return columns;
}

using AddRow = std::function<void(double time, double value)>;

// One row for each thing that `each` gives of an arm, times in the unit of the answer.
std::vector<ReadPointRow> rows_of(const std::vector<DigitisedFigure>& figures,
                                  const std::function<void(const DigitisedFigure&, const Arm&, const AddRow&)>& each) {
    std::vector<ReadPointRow> rows;
    const bool months = in_months(figures);
    for (const DigitisedFigure& figure : figures)
        for (const Arm& arm : figure.reading.arms)
            each(figure, arm, [&](double time, double value) {
                rows.push_back({figure.file, arm.name, time * (months ? *figure.reading.months_per_unit : 1), value});
            });
    return rows;
}

double drawn_at(const DigitisedFigure& figure, const Arm& arm, double time) {
    const double survival = read_survival(arm, time);
    return figure.failure ? 1 - survival : survival;
}

// The curves as letters on a grid, so that one look shows whether they are those of the figure.
Table preview_of(const DigitisedFigure& figure) {
    constexpr int width = 60, height = 13;
    const Reading& reading = figure.reading;
    const double end = reading.panels[reading.panel].time.to;
    std::vector<std::string> lines(height, std::string(width, ' '));
    for (std::size_t i = 0; i < reading.arms.size(); ++i)
        for (int x = 0; x < width; ++x) {
            const double time = end * (x + 0.5) / width;
            if (time > reading.arms[i].ends_at) break;
            const double value = std::clamp(drawn_at(figure, reading.arms[i], time), 0.0, 1.0);
            char& place =
                lines[static_cast<std::size_t>(std::lround((1 - value) * (height - 1)))][static_cast<std::size_t>(x)];
            const char letter = static_cast<char>('a' + i % 26);
            place = place == ' ' ? letter : '*';
        }
    Table table;
    table.columns = {human("S", true), human("time 0 to " + support::shortest(support::rounded_to_digits(end, 4)) +
                                             (reading.time_unit.empty() ? "" : " " + reading.time_unit))};
    if (figure.failure) table.columns[0] = human("incidence", true);
    for (int y = 0; y < height; ++y) {
        const double value = 1 - static_cast<double>(y) / (height - 1);
        table.rows.push_back({y % 3 == 0 ? Cell(support::fixed(value, 2)) : Cell(std::string()),
                              "|" + lines[static_cast<std::size_t>(y)]});
    }
    for (std::size_t i = 0; i < reading.arms.size(); ++i)
        table.footnotes.push_back(std::string(1, static_cast<char>('a' + i % 26)) + ": " + reading.arms[i].name);
    return table;
}

// As it is labelled: 0.1, not 0.09999999999999998.
std::string label_text(double value) { return support::shortest(support::rounded_to_digits(value, 6)); }

std::string axis_text(const digitise::Axis& axis) {
    const double step = axis.labels.size() > 1 ? axis.labels[1] - axis.labels[0] : 0;
    return label_text(axis.from) + " to " + label_text(axis.to) + (step > 0 ? " by " + label_text(step) : "");
}

std::string how_it_was_read(const DigitisedFigure& figure) {
    const Reading& reading = figure.reading;
    const digitise::Panel& panel = reading.panels[reading.panel];
    return reading.format + (reading.vector ? ", from its lines" : ", from its pixels") +
           (reading.panels.size() > 1
                ? "; panel " + std::to_string(reading.panel + 1) + " of " + std::to_string(reading.panels.size())
                : "") +
           "; time " + axis_text(panel.time) +
           (reading.time_unit.empty() ? ", unit not stated" : " " + reading.time_unit) + "; survival " +
           axis_text(panel.survival) + (panel.percent ? " (labelled in %)" : "");
}

struct ArmRow {
    const DigitisedFigure* figure = nullptr;
    const Arm* arm = nullptr;
};

Table table_of_arms(const DigitisedFigure& figure) {
    static const Columns<ArmRow> columns = {
        {human("Arm"), [](const ArmRow& row) { return row.arm->name; }},
        {human("Line"), [](const ArmRow& row) { return row.arm->colour + " " + row.arm->dash; }},
        {human("Drops", true), [](const ArmRow& row) { return static_cast<long>(row.arm->curve.size()) - 1; }},
        {human("Median", true),
         [](const ArmRow& row) {
             const auto median = read_median(*row.arm);
             return median ? Number::derived(*median, 1) : Number::missing(Status::not_reached);
         }},
        {human("Ends at", true), [](const ArmRow& row) { return Number::derived(row.arm->ends_at, 1); }},
        {human("Censor marks", true), [](const ArmRow& row) { return static_cast<long>(row.arm->censored.size()); }},
        {human("At risk", true),
         [](const ArmRow& row) -> Cell {
             if (row.arm->at_risk.empty() || !row.arm->at_risk.front().patients) return missing();
             return static_cast<long>(*row.arm->at_risk.front().patients);
         }},
        {human("Reading"),
         [](const ArmRow& row) { return std::string(digitise::to_string(row.arm->certificate.verdict)); }},
    };
    std::vector<ArmRow> rows;
    for (const Arm& arm : figure.reading.arms) rows.push_back({&figure, &arm});
    Table table;
    columns.fill(table, rows);
    return table;
}

Section section_of(const DigitisedFigure& figure) {
    Section section;
    section.heading = figure.file;
    section.paragraphs = {how_it_was_read(figure)};
    section.table = table_of_arms(figure);
    for (const Arm& arm : figure.reading.arms)
        for (const std::string& reason : arm.certificate.reasons) section.notes.push_back(arm.name + ": " + reason);
    for (const std::string& note : figure.reading.notes) section.notes.push_back(note);
    return section;
}

support::Json certificate_json(const Arm& arm) {
    const digitise::Certificate& certificate = arm.certificate;
    support::Json::Array reasons(certificate.reasons.begin(), certificate.reasons.end()), times;
    for (const auto& interval : certificate.doubtful_times)
        times.emplace_back(support::Json::Object{{"from", interval.from}, {"to", interval.to}});
    return support::Json::Object{{"arm", arm.name},
                                 {"colour", arm.colour},
                                 {"dash", arm.dash},
                                 {"ends_at", arm.ends_at},
                                 {"verdict", digitise::to_string(certificate.verdict)},
                                 {"reasons", std::move(reasons)},
                                 {"doubtful_times", std::move(times)},
                                 {"ink_explained", certificate.ink_explained},
                                 {"path_on_ink", certificate.path_on_ink},
                                 {"rival", certificate.rival}};
}

support::Json axis_json(const digitise::Axis& axis) {
    return support::Json::Object{{"from", axis.from},         {"to", axis.to},
                                 {"origin", axis.origin},     {"per_unit", axis.per_unit},
                                 {"residual", axis.residual}, {"title", axis.title}};
}

support::Json figure_json(const DigitisedFigure& figure) {
    const Reading& reading = figure.reading;
    const digitise::Panel& panel = reading.panels[reading.panel];
    support::Json::Array arms, notes(reading.notes.begin(), reading.notes.end());
    for (const Arm& arm : reading.arms) arms.push_back(certificate_json(arm));
    return support::Json::Object{
        {"figure", figure.file},
        {"format", reading.format},
        {"vector", reading.vector},
        {"verdict", digitise::to_string(reading.verdict())},
        {"panels", static_cast<int>(reading.panels.size())},
        {"panel", static_cast<int>(reading.panel) + 1},
        {"time_unit", reading.time_unit.empty() ? support::Json() : support::Json(reading.time_unit)},
        {"time_axis", axis_json(panel.time)},
        {"survival_axis", axis_json(panel.survival)},
        {"arms", std::move(arms)},
        {"notes", std::move(notes)}};
}

}  // namespace

double read_survival(const Arm& arm, double time) {
    double value = arm.curve.empty() ? 1 : arm.curve.front().survival;
    for (const digitise::CurvePoint& point : arm.curve)
        if (point.time <= time) value = point.survival;
    return value;
}

std::optional<double> read_median(const Arm& arm) {
    for (const digitise::CurvePoint& point : arm.curve)
        if (point.survival <= 0.5) return point.time;
    return std::nullopt;
}

Report digitise_report(const std::vector<DigitisedFigure>& figures) {
    Report report;
    report.title = figures.size() == 1 ? "Digitised figure" : "Digitised figures";
    report.table.name = "digitised";
    const auto points = [](const DigitisedFigure&, const Arm& arm, const AddRow& add) {
        for (const digitise::CurvePoint& point : arm.curve) add(point.time, point.survival);
        if (!arm.curve.empty() && arm.ends_at > arm.curve.back().time) add(arm.ends_at, arm.curve.back().survival);
    };
    point_columns(figures, "survival", false).fill(report.table, rows_of(figures, points));
    support::Json::Array described;
    for (const DigitisedFigure& figure : figures) {
        report.sections.push_back(section_of(figure));
        report.sections.push_back({"", {}, preview_of(figure), {}});
        described.push_back(figure_json(figure));
    }
    report.beside = {{"figures", std::move(described)}};
    return report;
}

Report digitised_at_risk(const std::vector<DigitisedFigure>& figures) {
    Report report;
    const auto numbers = [](const DigitisedFigure&, const Arm& arm, const AddRow& add) {
        for (const digitise::AtRiskNumber& number : arm.at_risk)
            if (number.patients) add(number.time, *number.patients);
    };
    point_columns(figures, "n_at_risk", true).fill(report.table, rows_of(figures, numbers));
    return report;
}

Report digitised_censored(const std::vector<DigitisedFigure>& figures) {
    Report report;
    const auto marks = [](const DigitisedFigure&, const Arm& arm, const AddRow& add) {
        for (const double time : arm.censored) add(time, 0);
    };
    point_columns(figures, "", false).fill(report.table, rows_of(figures, marks));
    return report;
}

}  // namespace hersurv::report
