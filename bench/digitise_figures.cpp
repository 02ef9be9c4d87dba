#include "digitise_figures.hpp"

#include "hersurv/error.hpp"

#include <fmt/format.h>

#include "csv.hpp"
#include "support/file.hpp"
#include "support/json.hpp"
#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <numeric>

namespace hersurv::bench {
namespace {

using digitise::CurvePoint;
using support::Json;

constexpr double wrong_from = .01;

const Json& member(const Json& object, std::string_view key, const std::string& file) {
    if (const Json* value = object.find(key)) return *value;
    throw support::InputError({support::Fault{file, "", fmt::format("a figure has no member {}", key),
                                              "draw it with the scripts beside it", 0, 0}});
}

double number(const Json& object, std::string_view key, const std::string& file) {
    const double* value = member(object, key, file).if_number();
    return value != nullptr ? *value : 0;
}

std::string text(const Json& object, std::string_view key, const std::string& file) {
    const std::string* value = member(object, key, file).if_string();
    return value != nullptr ? *value : "";
}

std::vector<CurvePoint> read_curve(const std::string& path) {
    const CsvTable table(path);
    std::vector<CurvePoint> curve;
    for (std::size_t i = 0; i < table.n_rows(); ++i)
        curve.push_back({table.required_number(i, "time"), table.required_number(i, "survival")});
    return curve;
}

double survival_at(const std::vector<CurvePoint>& curve, double time) {
    const auto next = std::ranges::upper_bound(curve, time, {}, &CurvePoint::time);
    return next == curve.begin() ? 1 : std::prev(next)->survival;
}

double curve_error(const std::vector<CurvePoint>& truth, const std::vector<CurvePoint>& read, double until) {
    constexpr int n = 2000;
    double sum = 0;
    for (int i = 0; i < n; ++i) {
        const double time = (i + .5) / n * until;
        sum += std::abs(survival_at(truth, time) - survival_at(read, time));
    }
    return sum / n;
}

bool is_multiple(double value, double from, double step, double to) {
    const double steps = (value - from) / step;
    return std::abs(steps - std::round(steps)) < 1e-6 && value > from - 1e-6 && value < to + 1e-6;
}

void score_axes(const DrawnFigure& figure, const digitise::Panel& panel, FigureScore& score) {
    const double share = panel.percent ? .01 : 1;
    const auto fits = [](const digitise::Axis& axis, double unit, double from, double step, double to) {
        return axis.labels.size() >= 2 && std::ranges::all_of(axis.labels, [&](double label) {
                   return is_multiple(label * unit, from, step, to);
               });
    };
    const double unit = panel.survival.labels.empty() || panel.survival.labels.back() <= 1.5 ? 1 : share;
    score.axes_read = fits(panel.time, 1, 0, figure.x_step, figure.x_end) &&
                      fits(panel.survival, unit, figure.y_start, figure.y_step, 1);
    score.axes_wrong = !score.axes_read;
}

void score_curves(const DrawnFigure& figure, const digitise::Reading& reading, FigureScore& score) {
    const std::size_t n = figure.arms.size();
    std::vector<std::size_t> order(n), best;
    std::iota(order.begin(), order.end(), std::size_t{0});
    double least = std::numeric_limits<double>::infinity();
    if (reading.arms.size() == n) do {
            std::vector<double> errors;
            for (std::size_t i = 0; i < n; ++i)
                errors.push_back(
                    curve_error(figure.arms[i].curve, reading.arms[order[i]].curve, figure.scored_until(i)));
            if (const double sum = std::accumulate(errors.begin(), errors.end(), 0.0); sum < least)
                least = sum, score.errors = errors, best = order;
        } while (std::ranges::next_permutation(order).found);
    for (std::size_t i = 0; i < best.size(); ++i)
        if (const auto error = patient_error(figure.arms[i], reading.arms[best[i]], figure.scored_until(i)))
            score.patient_errors.push_back(*error);
    if (!figure.has_at_risk) return;
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t k = 0; k < figure.arms[i].at_risk.size(); ++k) {
            ++score.cells;
            if (best.empty()) continue;
            for (const digitise::AtRiskNumber& cell : reading.arms[best[i]].at_risk)
                if (cell.patients && std::abs(cell.time - figure.x_step * static_cast<double>(k)) < 1e-6 * figure.x_end)
                    ++(*cell.patients == figure.arms[i].at_risk[k] ? score.cells_right : score.cells_wrong);
        }
}

std::string path_of(const std::string& folder, const DrawnFigure& figure, FigureMode mode) {
    switch (mode) {
        case FigureMode::pdf:
            return folder + "/vector/" + figure.id + ".pdf";
        case FigureMode::svg:
            return folder + "/vector/" + figure.id + ".svg";
        case FigureMode::raster:
            break;
    }
    return folder + "/images/" + figure.id + (figure.jpeg > 0 ? ".jpg" : ".png");
}

}  // namespace

double DrawnFigure::scored_until(std::size_t arm) const { return std::min(arms[arm].last_time, x_end); }

double FigureScore::worst() const {
    return errors.empty() ? std::numeric_limits<double>::infinity() : std::ranges::max(errors);
}

bool FigureScore::wrong_unannounced() const {
    return read && verdict == digitise::Verdict::sure && !within(wrong_from);
}

std::vector<DrawnFigure> read_drawn_figures(const std::string& folder) {
    const std::string file = folder + "/figures.json";
    const Json document = support::parse_json(support::read_file(file), file);
    std::vector<DrawnFigure> figures;
    const Json::Array* list = document.if_array();
    if (list == nullptr) throw support::InputError({support::Fault{file, "", "it is not a list of figures", "", 0, 0}});
    for (const Json& one : *list) {
        DrawnFigure figure;
        figure.id = text(one, "id", file), figure.engine = text(one, "engine", file),
        figure.style = text(one, "style", file);
        figure.limits = text(one, "ci", file), figure.grid = text(one, "grid", file),
        figure.censor_marks = text(one, "censor", file);
        figure.jpeg = static_cast<int>(number(one, "jpeg", file)),
        figure.width = static_cast<int>(number(one, "width", file));
        figure.x_end = number(one, "xend", file), figure.x_step = number(one, "xstep", file);
        figure.y_start = number(one, "y0", file), figure.y_step = number(one, "ystep", file);
        figure.percent = text(one, "fmt", file) == "pct";
        const bool* risk = member(one, "risk", file).if_bool();
        if (const Json* failure = one.find("failure")) figure.failure = failure->if_bool() && *failure->if_bool();
        if (const Json* panel = one.find("panel"); panel && panel->if_number())
            figure.panel = static_cast<int>(*panel->if_number());
        // The scripts draw no table below figures of ggplot.
        figure.has_at_risk = risk != nullptr && *risk && figure.engine != "ggplot";
        const Json::Array& at_risk = *member(one, "atrisk", file).if_array();
        const Json::Array& last = *member(one, "tlast", file).if_array();
        for (std::size_t i = 0; i < at_risk.size(); ++i) {
            TrueArm arm;
            arm.curve = read_curve(fmt::format("{}/truth/{}_{}.csv", folder, figure.id, i));
            for (const Json& cell : *at_risk[i].if_array()) arm.at_risk.push_back(static_cast<int>(*cell.if_number()));
            arm.last_time = *last.at(i).if_number();
            figure.arms.push_back(std::move(arm));
        }
        figures.push_back(std::move(figure));
    }
    return figures;
}

FigureScore score_figure(const std::string& folder, const DrawnFigure& figure, FigureMode mode, bool axes_given) {
    FigureScore score;
    score.figure = figure.id;
    digitise::Hints hints;
    if (axes_given) {
        const double unit = figure.percent ? 100 : 1;
        hints.time = digitise::Hints::Axis{0, figure.x_end, figure.x_step};
        hints.survival = digitise::Hints::Axis{figure.y_start * unit, unit, figure.y_step * unit};
    }
    hints.failure = figure.failure;
    if (figure.panel > 0) hints.panel = figure.panel;
    const std::string path = path_of(folder, figure, mode);
    const std::string bytes = support::read_file(path);
    const auto start = std::chrono::steady_clock::now();
    try {
        const digitise::Reading reading = digitise::read(bytes, path, hints);
        score.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        score.read = true;
        score.verdict = reading.verdict();
        score.n_arms = reading.arms.size();
        for (const digitise::Arm& arm : reading.arms)
            for (const std::string& reason : arm.certificate.reasons)
                score.reason += (score.reason.empty() ? "" : "; ") + reason;
        score_axes(figure, reading.panels[reading.panel], score);
        score_curves(figure, reading, score);
    } catch (const support::InputError& error) {
        score.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        score.reason = error.what();
        if (figure.has_at_risk)
            for (const TrueArm& arm : figure.arms) score.cells += static_cast<int>(arm.at_risk.size());
    }
    return score;
}

}  // namespace hersurv::bench
