// THE tables of the kinds of figures and of their formats: one row each; every builder stands in figure_NAME.cpp.
#include "hersurv/report/figures.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace hersurv::report {

Figure survival_figure(const ComparisonInput&, const FigureOptions&);
Figure medians_figure(const ComparisonInput&, const FigureOptions&);
Figure orr_ic_figure(const ComparisonInput&, const FigureOptions&);
Figure forest_figure(const ComparisonInput&, const FigureOptions&);
Figure hazard_figure(const ComparisonInput&, const FigureOptions&);
Figure log_log_figure(const ComparisonInput&, const FigureOptions&);

std::string figure_as_text(const Figure&, const FigureRenderOptions&);
std::string figure_as_svg(const Figure&, const FigureRenderOptions&);
std::string figure_as_pdf(const Figure&, const FigureRenderOptions&);
std::string figure_as_png(const Figure&, const FigureRenderOptions&);

std::span<const FigureKind> figure_kinds() {
    static const std::array<FigureKind, 6> table = {{
        {"survival", "survival curves of the arms with their band and the published numbers", "OS", true,
         survival_figure, "--endpoint --analysis --arm --hr --p --model --shape --band --times --horizon"},
        {"medians", "published medians across trials, by class and year", "OS", false, medians_figure,
         "--endpoint --analysis --arm"},
        {"orr-ic", "intracranial response rates with exact limits", "", false, orr_ic_figure, ""},
        {"forest", "published hazard ratios on a logarithmic axis", "", false, forest_figure,
         "--endpoint --analysis --arm --hr"},
        {"hazard", "the hazard of the curves over time", "OS", true, hazard_figure,
         "--endpoint --analysis --arm --hr --p --model --shape --times --horizon"},
        {"log-log", "log(-log S) against log time: parallel where hazards are proportional", "OS", true, log_log_figure,
         "--endpoint --analysis --arm --hr --p --model --shape --times --horizon"},
    }};
    return table;
}

const FigureKind* find_figure_kind(std::string_view name) {
    const auto found = std::ranges::find(figure_kinds(), name, &FigureKind::name);
    return found == figure_kinds().end() ? nullptr : &*found;
}

std::span<const FigureFormat> figure_formats() {
    static const std::array<FigureFormat, 4> table = {{
        {"text", false, figure_as_text},
        {"svg", false, figure_as_svg},
        {"pdf", true, figure_as_pdf},
        {"png", true, figure_as_png},
    }};
    return table;
}

const FigureFormat* find_figure_format(std::string_view name) {
    const auto found = std::ranges::find(figure_formats(), name, &FigureFormat::name);
    return found == figure_formats().end() ? nullptr : &*found;
}

double Axis::place(double value) const {
    if (logarithmic) return std::log(value / from) / std::log(to / from);
    return (value - from) / (to - from);
}

double Axis::value_at(double place) const {
    return logarithmic ? from * std::pow(to / from, place) : from + place * (to - from);
}

Vertex between(const Vertex& a, const Vertex& b, double x) {
    const auto mixed = [share = (x - a.x) / (b.x - a.x)](double from, double to) { return from + share * (to - from); };
    Vertex result{x, mixed(a.y, b.y), std::nullopt};
    if (a.band && b.band) result.band = Span{mixed(a.band->lower, b.band->lower), mixed(a.band->upper, b.band->upper)};
    return result;
}

}  // namespace hersurv::report
