// Patients out of a digitised figure, and the record that later runs are held against.
#include "hersurv/error.hpp"
#include "hersurv/patients.hpp"

#include <fmt/format.h>

#include "csv.hpp"
#include "digitise_figures.hpp"
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <stdexcept>

namespace hersurv::bench {
namespace {

double true_survival(const std::vector<digitise::CurvePoint>& curve, double time) {
    const auto next = std::ranges::upper_bound(curve, time, {}, &digitise::CurvePoint::time);
    return next == curve.begin() ? 1 : std::prev(next)->survival;
}

// Below these a change is noise of the drawing, not of the reader.
constexpr double allowed_share = .2, allowed_error = .0005;

double worst_recorded(const CsvTable& table, std::size_t row) {
    double worst = -1;
    for (const char* column : {"error_1", "error_2"})
        if (const auto error = table.number(row, column)) worst = std::max(worst, *error);
    return worst < 0 ? std::numeric_limits<double>::infinity() : worst;
}

std::string why_worse(const CsvTable& table, std::size_t row, const FigureScore& score) {
    const double before = worst_recorded(table, row), now = score.worst();
    if (table.text(row, "axes") == "read" && !score.axes_read) return "its axes are not read any more";
    if (now > before * (1 + allowed_share) + allowed_error)
        return fmt::format("error of S {:.4f}, recorded {:.4f}", now, before);
    if (score.wrong_unannounced() && !(table.text(row, "verdict") == "sure" && before >= .01))
        return "it is wrong and called sure";
    if (score.cells_wrong > table.required_number(row, "cells_wrong")) return "a number at risk is wrong";
    if (score.cells_right < table.required_number(row, "cells_right"))
        return fmt::format("{} numbers at risk, recorded {}", score.cells_right, table.text(row, "cells_right"));
    return "";
}

}  // namespace

std::optional<double> patient_error(const TrueArm& truth, const digitise::Arm& read, double until) {
    patients::DigitisedArm arm;
    // What is reconstructed has no unit: times are as on the axis.
    for (const digitise::CurvePoint& point : read.curve) arm.clicks.push_back({point.time, point.survival});
    if (read.ends_at > read.curve.back().time) arm.clicks.push_back({read.ends_at, read.curve.back().survival});
    for (const digitise::AtRiskNumber& number : read.at_risk)
        if (number.patients) arm.at_risk.push_back({number.time, static_cast<std::size_t>(*number.patients)});
    if (!truth.at_risk.empty()) arm.n_patients = static_cast<std::size_t>(truth.at_risk.front());
    if (!arm.at_risk.empty() && arm.at_risk.front().time_months == 0) arm.n_patients = arm.at_risk.front().n_patients;
    if (!arm.n_patients) return std::nullopt;
    try {
        const std::vector<patients::ReconstructedArm> rebuilt = patients::reconstruct({arm});
        const patients::KaplanMeier curve(rebuilt.front().arm.patients);
        constexpr int n = 1000;
        double sum = 0;
        for (int i = 0; i < n; ++i) {
            const double time = (i + .5) / n * until;
            sum += std::abs(true_survival(truth.curve, time) - curve.survival(time));
        }
        return sum / n;
    } catch (const std::invalid_argument&) {
        return std::nullopt;
    }
}

std::string record_of(const std::vector<DrawnFigure>& figures, const std::vector<FigureScore>& scores) {
    std::string text =
        "figure,engine,style,limits,jpeg,width,axes,arms,error_1,error_2,verdict,cells,cells_right,cells_wrong,"
        "patients_1,patients_2,reason\n";
    for (std::size_t i = 0; i < figures.size(); ++i) {
        const FigureScore& score = scores[i];
        const auto error = [](const std::vector<double>& errors, std::size_t k) {
            return k < errors.size() ? fmt::format("{:.5f}", errors[k]) : "";
        };
        // Without the folder, which differs from one machine to the next.
        std::string reason = score.read ? score.reason : "not read";
        std::ranges::replace(reason, '"', '\'');
        text += fmt::format("{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},\"{}\"\n", figures[i].id,
                            figures[i].engine, figures[i].style, figures[i].limits, figures[i].jpeg, figures[i].width,
                            score.axes_read    ? "read"
                            : score.axes_wrong ? "wrong"
                                               : "none",
                            score.n_arms, error(score.errors, 0), error(score.errors, 1),
                            score.read ? to_string(score.verdict) : "not read", score.cells, score.cells_right,
                            score.cells_wrong, error(score.patient_errors, 0), error(score.patient_errors, 1), reason);
    }
    return text;
}

std::vector<std::string> worse_than(const std::string& record_file, const std::vector<FigureScore>& scores) {
    const CsvTable table(record_file);
    std::map<std::string, std::size_t> rows;
    for (std::size_t i = 0; i < table.n_rows(); ++i) rows[table.text(i, "figure")] = i;
    std::vector<std::string> worse;
    for (const FigureScore& score : scores) {
        const auto row = rows.find(score.figure);
        if (row == rows.end()) {
            worse.push_back(score.figure + ": it is not in the record; record again");
            continue;
        }
        if (const std::string why = why_worse(table, row->second, score); !why.empty())
            worse.push_back(score.figure + ": " + why);
    }
    return worse;
}

}  // namespace hersurv::bench
