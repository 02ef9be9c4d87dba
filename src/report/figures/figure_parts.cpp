// What the builders of figures share: which curves are drawn and what they are called, axes, published numbers,
// caption.
#include "report/figures/figure_parts.hpp"

#include "hersurv/error.hpp"

#include <fmt/format.h>

#include "render/cell_text.hpp"
#include "render/cells.hpp"
#include "report/comparison_parts.hpp"
#include "report/headings.hpp"
#include "report/numbers.hpp"
#include "support/number_text.hpp"
#include "support/numbers.hpp"
#include "support/words.hpp"
#include <algorithm>
#include <cmath>

namespace hersurv::report {
namespace {

void add_once(std::vector<std::string>& list, const std::string& text) {
    if (!text.empty() && std::ranges::find(list, text) == list.end()) list.push_back(text);
}

// A limit that is not reached, or cannot be estimated, lies beyond everything.
double limit_value(const std::optional<catalogue::PrintedNumber>& limit, double otherwise) {
    return limit && limit->is_number() ? limit->value : otherwise;
}

// Absent if the source reports no limit.
std::optional<Span> printed_limits(const catalogue::Statistic& statistic, double below, double above) {
    if (!statistic.lower && !statistic.upper) return std::nullopt;
    return Span{limit_value(statistic.lower, below), limit_value(statistic.upper, above)};
}

const catalogue::ArmResult* result_of(const DrawnCurve& curve) {
    const std::string& id = curve.fit->evidence->arms[curve.arm].id;
    const auto found = std::ranges::find(curve.fit->analysis->arms, id, &catalogue::ArmResult::arm);
    return found == curve.fit->analysis->arms.end() ? nullptr : &*found;
}

// 1, 2 or 5 times a power of ten, at least `least`.
double round_step(double least) {
    const double power = std::pow(10.0, std::floor(std::log10(least)));
    for (const double factor : {1.0, 2.0, 5.0})
        if (factor * power >= least * (1 - 1e-9)) return factor * power;
    return 10 * power;
}

// Steps that clinicians read: months, quarters, years.
double month_step(double end, int most) {
    for (const double step : {1.0, 2.0, 3.0, 6.0, 12.0, 24.0, 36.0, 48.0, 60.0, 120.0})
        if (end / step <= most) return end <= 2 ? round_step(end / most) : step;
    return 12 * round_step(end / most / 12);
}

std::vector<Tick> ticks_at(const std::vector<double>& times) {
    std::vector<Tick> ticks;
    for (const double time : times) ticks.push_back({time, support::shortest(time)});
    return ticks;
}

// Where the axis of curves begins: randomisation, unless a trial had none.
std::string start_of(const std::vector<DrawnCurve>& curves) {
    const auto randomised = [](const DrawnCurve& curve) {
        const catalogue::Trial& trial = *curve.fit->trial;
        return curve.fit->analysis->endpoint != "DOR" &&
               (trial.design == "randomised" || (trial.design.empty() && !curve.fit->analysis->contrasts.empty()));
    };
    return std::ranges::all_of(curves, randomised) ? " since randomisation" : "";
}

}  // namespace

Axis time_axis(const std::vector<DrawnCurve>& curves, const FigureOptions& options) {
    Axis axis;
    axis.title = "Months" + start_of(curves);
    constexpr int most_ticks = 10;
    if (options.horizon_months) {
        axis.to = *options.horizon_months;
    } else {
        double end = 0;
        for (const DrawnCurve& curve : curves) end = std::max(end, curve.model->arms[curve.arm].supported_months);
        for (const double time : options.times_months) end = std::max(end, time);
        const double step = month_step(end, most_ticks);
        axis.to = options.times_months.empty() ? step * std::ceil(end / step - 1e-9) : end;
    }
    std::vector<double> times = options.times_months;
    if (times.empty()) {
        const double step = month_step(axis.to, most_ticks);
        for (int k = 0; k * step <= axis.to * (1 + 1e-9); ++k) times.push_back(k * step);
    }
    std::erase_if(times, [&](double time) { return time > axis.to * (1 + 1e-9); });
    std::ranges::sort(times);
    times.erase(std::unique(times.begin(), times.end()), times.end());
    axis.ticks = ticks_at(times);
    return axis;
}

std::vector<double> drawn_times(double end_months) {
    constexpr double fewest = 100;
    const double step = std::exp2(std::min(0.0, std::floor(std::log2(end_months / fewest)))) *
                        std::max(1.0, std::floor(end_months / (4 * fewest)));
    std::vector<double> times;
    for (int k = 0; k * step < end_months * (1 - 1e-9); ++k) times.push_back(k * step);
    times.push_back(end_months);
    return times;
}

double end_of_curve(const DrawnCurve& curve, const Axis& time, const FigureOptions& options) {
    constexpr double beyond_support = 1.1;
    const double supported = curve.model->arms[curve.arm].supported_months;
    if (options.extrapolate || supported <= 0) return time.to;
    return std::min(time.to, beyond_support * supported);
}

Line empty_line(const DrawnCurve& curve) {
    const fit::ArmFit& arm = curve.model->arms[curve.arm];
    Line line;
    line.name = curve.name;
    line.style = curve.style;
    line.supported_from = arm.supported_from_months;
    line.supported_to = arm.supported_months;
    return line;
}

void explain_strokes(CurvesChart& chart) {
    for (const Line& line : chart.lines)
        for (const Stretch& part : render::stretches(line)) {
            if (part.stroke == Stroke::solid) chart.strokes.solid = "supported";
            if (part.stroke == Stroke::dotted) chart.strokes.dotted = "borrowed from similar trials";
            if (part.stroke == Stroke::dashed) chart.strokes.dashed = "extrapolated";
        }
}

std::vector<Tick> linear_ticks(double from, double to, int most) {
    const double step = round_step((to - from) / most);
    std::vector<double> places;
    for (double k = std::ceil(from / step - 1e-9); k * step <= to + 1e-9 * step; ++k)
        places.push_back(std::round(k * step * 1e9) / 1e9 + 0.0);
    return ticks_at(places);
}

std::vector<Tick> logarithmic_ticks(double from, double to) {
    std::vector<double> places;
    for (int power = static_cast<int>(std::floor(std::log10(from))); std::pow(10.0, power) <= to; ++power)
        for (const double factor : {1.0, 2.0, 3.0, 5.0, 7.0}) {
            // The wider the axis, the fewer of them.
            if (to / from > 12 && (factor == 3 || factor == 7)) continue;
            if (to / from > 300 && factor != 1) continue;
            // 10^-1 as the division is the nearest double to 0.1, and so are its multiples.
            const double unit = std::pow(10.0, std::abs(power));
            const double place = power < 0 ? factor / unit : factor * unit;
            if (place >= from * (1 - 1e-9) && place <= to * (1 + 1e-9)) places.push_back(place);
        }
    return ticks_at(places);
}

std::vector<PublishedMark> published_marks(const DrawnCurve& curve) {
    std::vector<PublishedMark> marks;
    const catalogue::ArmResult* result = result_of(curve);
    if (result == nullptr) return marks;
    const auto text = [](const catalogue::Statistic& statistic, bool percent) {
        std::string words = cell_text(interval_cell(statistic, percent), {});
        if (statistic.level != 0.95 && (statistic.lower || statistic.upper))
            words += " [" + percent_text(statistic.level) + " CI]";
        return words;
    };
    if (const auto median = first_print(result->median)) {
        PublishedMark mark;
        mark.median = true;
        mark.reached = median->value.is_number();
        mark.time_months = mark.reached ? median->value.value : 0;
        mark.survival = 0.5;
        mark.limits = printed_limits(*median, 0, infinity);
        mark.text = "median " + text(*median, false);
        mark.from = &result->median.front().from;
        marks.push_back(std::move(mark));
    }
    for (const catalogue::Milestone& milestone : result->milestones) {
        const auto survival = first_print(milestone.survival);
        if (!survival || !survival->value.is_number()) continue;
        PublishedMark mark;
        mark.time_months = milestone.time_months;
        mark.survival = survival->value.value;
        mark.limits = printed_limits(*survival, 0, 1);
        mark.text = "S(" + support::shortest(milestone.time_months) + ") " + text(*survival, true) + "%";
        mark.from = &milestone.survival.front().from;
        marks.push_back(std::move(mark));
    }
    return marks;
}

namespace {

// Notes of lists begin in lower case; a sentence does not, unless it begins with the name of an arm.
std::string as_sentence(std::string note, const evidence::AnalysisEvidence& evidence) {
    const bool of_arm = std::ranges::any_of(
        evidence.arms, [&](const evidence::ArmEvidence& arm) { return !arm.id.empty() && note.starts_with(arm.id); });
    if (!of_arm && !note.empty() && note[0] >= 'a' && note[0] <= 'z') note[0] = static_cast<char>(note[0] - 'a' + 'A');
    return note;
}

}  // namespace

std::vector<std::string> curves_caption(const std::vector<DrawnCurve>& curves, const ComparisonInput& input) {
    const std::vector<const AnalysisFit*> fits = fits_of(curves);
    std::vector<std::string> caption;
    for (const AnalysisFit* fit : fits) {
        std::vector<std::string> models, sources, remarks, messages;
        for (const DrawnCurve& curve : curves) {
            if (curve.fit != fit) continue;
            add_once(models, std::string(curve.model->model->name));
            for (const std::string& message : curve.model->messages) add_once(messages, message + ".");
            for (const PublishedMark& mark : published_marks(curve)) {
                const auto source = fit->trial->sources.find(mark.from->source);
                add_once(sources, source == fit->trial->sources.end() || source->second.citation.empty()
                                      ? mark.from->source
                                      : source->second.citation);
            }
            const fit::ArmFit& arm = curve.model->arms[curve.arm];
            if (arm.reason.empty()) continue;
            const std::string reason = fmt::format(": {}: {}.", word(arm.status), arm.reason);
            const auto same =
                std::ranges::find_if(remarks, [&](const auto& remark) { return remark.ends_with(reason); });
            if (same == remarks.end())
                remarks.push_back(curve.name + reason);
            else
                same->insert(same->size() - reason.size(), ", " + curve.name);
        }
        const auto& evidence = *fit->evidence;
        std::string text = evidence.trial + ", " + evidence.endpoint;
        if (!evidence.label.empty()) text += ", " + evidence.label;
        text += ". Model: " + support::joined(models) + ".";
        if (!evidence.population.empty()) text += " Population: " + evidence.population + ".";
        if (!evidence.data_cutoff.empty()) text += " Data cut-off: " + evidence.data_cutoff + ".";
        if (!sources.empty()) text += " Source: " + support::joined(sources, "; ") + ".";
        caption.push_back(std::move(text));
        caption.insert(caption.end(), remarks.begin(), remarks.end());
        for (const std::string& message : messages) caption.push_back(as_sentence(message, evidence));
        if (const std::string words = crossover_words(*fit); !words.empty()) caption.push_back(words + ".");
    }
    std::vector<std::string> without;
    for (const catalogue::Trial* trial : input.trials)
        if (std::ranges::find(fits, trial, &AnalysisFit::trial) == fits.end()) without.push_back(trial->id);
    if (!without.empty())
        caption.push_back("No curve, since no survival estimate is in the catalogue: " + support::joined(without) +
                          ".");
    return caption;
}

const Cell& TableReader::at(std::size_t row, std::string_view key) const {
    const auto column = std::ranges::find_if(
        table_.columns, [&](const Column& one) { return one.key == key && one.audience != Audience::human; });
    if (column == table_.columns.end())
        throw std::logic_error("report: table '" + table_.name + "' has no column '" + std::string(key) + "'");
    return table_.rows[row][static_cast<std::size_t>(column - table_.columns.begin())];
}

std::string TableReader::text(std::size_t row, std::string_view key) const {
    const Cell& cell = at(row, key);
    if (const auto* const number = std::get_if<long>(&cell)) return std::to_string(*number);
    const auto* const text = std::get_if<std::string>(&cell);
    return text == nullptr ? "" : *text;
}

const Number& TableReader::number(std::size_t row, std::string_view key) const {
    static const Number none;
    const auto* const number = std::get_if<Number>(&at(row, key));
    return number == nullptr ? none : *number;
}

std::optional<Span> TableReader::limits(std::size_t row, double below, double above) const {
    const Number &lower = number(row, "lower"), &upper = number(row, "upper");
    if (lower.status == Status::not_reported && upper.status == Status::not_reported) return std::nullopt;
    return Span{present_value(lower).value_or(below), present_value(upper).value_or(above)};
}

ClassGroups::ClassGroups(const TableReader& table, std::vector<std::size_t> rows)
    : table_(table), rows_(std::move(rows)) {
    for (const std::size_t row : rows_) add_once(classes_, table_.text(row, "drug_class"));
    std::ranges::stable_sort(classes_, {}, class_rank);
    std::ranges::stable_sort(rows_, {}, [this](std::size_t row) { return style(row); });
}

std::size_t ClassGroups::style(std::size_t row) const {
    return static_cast<std::size_t>(std::ranges::find(classes_, table_.text(row, "drug_class")) - classes_.begin());
}

bool ClassGroups::begins(std::size_t row) const {
    const auto place = std::ranges::find(rows_, row);
    return place == rows_.begin() || style(*std::prev(place)) != style(row);
}

IntervalRow ClassGroups::heading(std::size_t row) const {
    const std::string& name = classes_[style(row)];
    return {name == "none" ? "Without a class" : name, true, style(row), {}, {}};
}

Interval interval_of(const Number& value, const Number& lower, const Number& upper) {
    Interval interval{value, std::nullopt, std::nullopt};
    if (lower.status != Status::not_reported || upper.status != Status::not_reported) {
        interval.lower = lower;
        interval.upper = upper;
    }
    return interval;
}

double axis_end(double longest) {
    if (longest <= 0) return 1;
    const double step = round_step(longest / 6);
    return step * std::ceil(longest / step - 1e-9);
}

void require_rows(std::size_t n_rows, const std::string& of_what) {
    if (n_rows == 0) throw support::NotFoundError("none of the selected trials has " + of_what);
}

}  // namespace hersurv::report
