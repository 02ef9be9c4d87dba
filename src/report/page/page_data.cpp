// The data block of the page: curves on a grid of times, published numbers, tables as CSV.
#include "report/page/page_data.hpp"

#include "hersurv/fit.hpp"

#include "render/cell_text.hpp"
#include "render/characters.hpp"
#include "render/figure_style.hpp"
#include "render/formats.hpp"
#include "report/comparison_parts.hpp"
#include "report/figures/figure_parts.hpp"
#include "report/headings.hpp"
#include "report/numbers.hpp"
#include "support/parallel.hpp"
#include <algorithm>
#include <cmath>
#include <map>

namespace hersurv::report {
namespace {

using support::Json;

Json text(std::string_view words) { return without_controls(words); }

// null if there is none, or it is infinite.
Json number_or_null(const std::optional<double>& value) {
    Json number;
    if (value && std::isfinite(*value)) number = *value;
    return number;
}

// A curve on times between which log S, and the log of each limit, may be taken as straight: then S is within 0.001
// and its limits within 0.006 of what they are (tests/page). The times are the whole months that the numbers of the arm
// support, every third month beyond, and whatever lies between where these are too far apart.
class SampledCurve {
  public:
    SampledCurve(const fit::FittedModel& model, std::size_t arm, double end_months, const fit::IntervalOptions& options)
        : model_(model), arm_(arm), options_(options) {
        points.push_back(at(0));
        // A number of steps that no time makes endless.
        const double month = std::max(1.0, std::ceil(end_months / most_steps));
        while (points.back().time_months < end_months) {
            const double last = points.back().time_months;
            const double next =
                last < model.arms[arm].supported_months ? last + month : 3 * month * std::floor(last / (3 * month) + 1);
            add(points.back(), at(std::min(next, end_months)));
        }
    }

    std::vector<fit::CurvePoint> points;

  private:
    static constexpr double least_step = 1.0 / 32;  // months
    static constexpr double most_steps = 1200;      // a hundred years of months

    [[nodiscard]] fit::CurvePoint at(double time) const {
        return {time, fit::survival_at(model_, arm_, time, options_)};
    }

    static bool straight(const std::optional<double>& a, const std::optional<double>& b,
                         const std::optional<double>& between, double share, double tolerance) {
        if (!a || !b || !between) return true;
        const double straight_log = *a > 0 && *b > 0 ? std::exp((1 - share) * std::log(*a) + share * std::log(*b))
                                                     : (1 - share) * *a + share * *b;
        return std::abs(straight_log - *between) <= tolerance;
    }

    // The points behind `a` up to `b`.
    void add(const fit::CurvePoint& a, const fit::CurvePoint& b) {
        const fit::CurvePoint first = a;  // `a` may be in `points`
        const double step = b.time_months - first.time_months;
        const auto agrees = [&](double share) {
            const fit::Estimate s = at(first.time_months + share * step).survival;
            return straight(first.survival.value, b.survival.value, s.value, share, 0.0008) &&
                   straight(first.survival.lower, b.survival.lower, s.lower, share, 0.005) &&
                   straight(first.survival.upper, b.survival.upper, s.upper, share, 0.005);
        };
        if (step > least_step && !(agrees(0.5) && agrees(0.25) && agrees(0.75))) {
            const fit::CurvePoint middle = at(first.time_months + step / 2);
            add(first, middle);
            add(middle, b);
            return;
        }
        points.push_back(b);
    }

    const fit::FittedModel& model_;
    std::size_t arm_;
    fit::IntervalOptions options_;
};

// Where a curve ends: at the horizon that was asked for, else half as late again as its numbers support it.
double end_of(const fit::ArmFit& arm, const FigureOptions& options) {
    return options.horizon_months.value_or(3 * std::ceil(1.5 * arm.supported_months / 3));
}

Json limits_of(const std::optional<Span>& span) {
    Json::Array ends;
    if (!span) return {};
    ends.push_back(number_or_null(span->lower));
    ends.push_back(number_or_null(span->upper));
    return ends;
}

Json marks_json(const std::vector<PublishedMark>& marks) {
    Json::Array drawn;
    for (const PublishedMark& mark : marks) {
        if (mark.median && !mark.reached && !mark.limits) continue;
        drawn.emplace_back(
            Json::Object{{"median", mark.median},
                         {"time", number_or_null(mark.reached ? std::optional(mark.time_months) : std::nullopt)},
                         {"survival", mark.survival},
                         {"limits", limits_of(mark.limits)},
                         {"text", text(mark.text)}});
    }
    return drawn;
}

// The published median with its CI, "57.1 (50–72)"; "" if none was published.
std::string published_median(const std::vector<PublishedMark>& marks) {
    for (const PublishedMark& mark : marks)
        if (mark.median) return mark.text.substr(std::string_view("median ").size());
    return "";
}

// The published hazard ratio of an arm with its CI; "" if none was published, or the arm is the one compared with.
std::string published_hazard_ratio(const AnalysisFit& fit, const std::string& arm) {
    const auto* contrast = contrast_of(*fit.analysis, arm);
    const auto published = contrast == nullptr ? std::nullopt : first_print(contrast->hazard_ratio);
    return published ? cell_text(interval_cell(*published), {}) : "";
}

// The population of an analysis, if it is not everybody who was randomised.
std::string special_population(const catalogue::Analysis& analysis) {
    return analysis.population == "intention to treat" ? "" : analysis.population;
}

Json curve_of(const AnalysisFit& fit, std::size_t arm, const std::map<std::size_t, std::size_t>& places,
              const FigureOptions& options) {
    const fit::FittedModel& model = fit.models.front();
    const auto& evidence = *fit.evidence;
    const auto& own = evidence.arms[arm];
    // What relative time is counted in: the median of the arm that this one is compared with, else its own.
    const std::size_t reference = fitted_control_of(fit, arm).value_or(arm);
    const fit::Estimate median = fit::median(model, reference, {});
    const fit::IntervalOptions interval = options_for(options.interval, model, arm);
    const catalogue::Arm* const record = fit.trial->find_arm(own.id);
    const auto measured = fit::expected_accuracy(model, arm).measured;
    const DrawnCurve drawn{&fit, &model, arm, "", 0, true};
    const std::vector<PublishedMark> marks = published_marks(drawn);
    Json::Array times, survival, lower, upper;
    for (const auto& point : SampledCurve(model, arm, end_of(model.arms[arm], options), interval).points) {
        times.emplace_back(point.time_months);
        survival.emplace_back(point.survival.value);
        lower.push_back(number_or_null(point.survival.lower));
        upper.push_back(number_or_null(point.survival.upper));
    }
    return Json::Object{{"trial", text(evidence.trial)},
                        {"analysis", text(evidence.analysis)},
                        {"endpoint", text(evidence.endpoint)},
                        {"arm", text(own.id)},
                        {"regimen", text(own.name)},
                        {"population", text(special_population(*fit.analysis))},
                        {"published_median", text(published_median(marks))},
                        {"published_hazard_ratio", text(published_hazard_ratio(fit, own.id))},
                        {"role", text(record == nullptr ? "" : record->role)},
                        {"model", text(model.model->name)},
                        {"fit_status", text(word(model.arms[arm].status))},
                        {"n", number_or_null(own.n_patients)},
                        {"band", text(fit::word(interval.band))},
                        {"supported_from", model.arms[arm].supported_from_months},
                        {"supported", model.arms[arm].supported_months},
                        {"earlier_cuts", text(earlier_cuts_of(fit, arm))},
                        {"crossover", text(crossover_words(fit))},
                        {"measured_error", number_or_null(measured ? std::optional(measured->error) : std::nullopt)},
                        {"reference", static_cast<double>(places.at(reference))},
                        {"reference_median", number_or_null(median.value)},
                        {"reference_extrapolated", median.extrapolated},
                        {"time", std::move(times)},
                        {"survival", std::move(survival)},
                        {"lower", std::move(lower)},
                        {"upper", std::move(upper)},
                        {"published", marks_json(marks)}};
}

Json styles() {
    constexpr std::string_view shapes[] = {"circle", "square", "triangle", "diamond", "inverted"};
    Json::Array all;
    for (const FigureStyle& drawn : figure_styles)
        all.emplace_back(Json::Object{{"color", drawn.color},
                                      {"shape", shapes[static_cast<std::size_t>(drawn.shape)]},
                                      {"filled", drawn.filled}});
    return all;
}

}  // namespace

Json page_data(const PageInput& input, const PageOptions& options, const std::vector<PageTable>& tables) {
    struct Wanted {
        const AnalysisFit* fit;
        std::size_t arm;
        std::map<std::size_t, std::size_t> places;  // of the arms of the analysis among all curves
    };
    std::vector<Wanted> wanted;
    for (const AnalysisFit& fit : input.selection.fits) {
        std::map<std::size_t, std::size_t> places;
        for (std::size_t arm = 0; arm < fit.evidence->arms.size(); ++arm)
            if (fit.models.front().fitted(arm)) places.emplace(arm, wanted.size() + places.size());
        for (const auto& [arm, place] : places) wanted.push_back({&fit, arm, places});
    }
    Json::Array curves(wanted.size());
    support::parallel_for(wanted.size(), options.tables.threads, [&](std::size_t i) {
        const auto& [fit, arm, places] = wanted[i];
        curves[i] = curve_of(*fit, arm, places, options.figures);
    });
    Json::Object copies;
    for (const PageTable& table : tables)
        copies.emplace_back(table.name, find_format("csv")->render(table.report, RenderOptions{}));
    return Json::Object{
        {"level", options.figures.interval.level},
        {"band", text(fit::word(options.figures.interval.band))},
        {"interval", text(interval_name(options.figures.interval))},
        {"interval_meaning", text(interval_footnote(options.figures.interval, Supposition(input.selection.fits)))},
        {"named", options.trials_named},
        {"styles", styles()},
        {"curves", std::move(curves)},
        {"tables", std::move(copies)}};
}

std::string script_json(const Json& data) {
    const std::string json = with_escaped_harmful(write_json(data, -1));
    std::string safe;
    safe.reserve(json.size());
    for (const char c : json) {
        // "<" can be in strings only, where its escape means the same; so can neither </script> nor <!--.
        if (c == '<')
            safe += "\\u003c";
        else
            safe += c;
    }
    return safe;
}

}  // namespace hersurv::report
