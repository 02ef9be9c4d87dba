// THE table of the kinds of figures: one row each, built in figures/NAME.cpp.
#include "report/figures.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace hersurv::report {

Figure survival_figure(const ComparisonInput&, const FigureOptions&);
Figure medians_figure(const ComparisonInput&, const FigureOptions&);
Figure orr_ic_figure(const ComparisonInput&, const FigureOptions&);
Figure forest_figure(const ComparisonInput&, const FigureOptions&);
Figure hazard_figure(const ComparisonInput&, const FigureOptions&);
Figure hazard_ratio_figure(const ComparisonInput&, const FigureOptions&);
Figure log_log_figure(const ComparisonInput&, const FigureOptions&);

std::span<const FigureKind> figure_kinds() {
    static const std::array<FigureKind, 7> table = {{
        {"survival",
         "survival curves of the arms with their interval and the published estimates",
         "OS",
         true,
         survival_figure,
         {Choice::analyses, Choice::arms, Choice::hazard_ratio, Choice::p_value, Choice::model, Choice::band,
          Choice::times, Choice::horizon, Choice::role, Choice::facet, Choice::extrapolation, Choice::overlay}},
        {"medians",
         "published medians across trials, by class and year",
         "OS",
         false,
         medians_figure,
         {Choice::analyses, Choice::arms, Choice::role}},
        {"orr-ic", "intracranial response rates with exact 95% CI", "", false, orr_ic_figure, {}},
        {"forest",
         "published hazard ratios on a logarithmic axis",
         "",
         false,
         forest_figure,
         {Choice::analyses, Choice::arms, Choice::hazard_ratio, Choice::p_value}},
        {"hazard",
         "the hazard of the curves over time, with its interval",
         "OS",
         true,
         hazard_figure,
         {Choice::analyses, Choice::arms, Choice::hazard_ratio, Choice::p_value, Choice::model, Choice::band,
          Choice::times, Choice::horizon, Choice::role, Choice::facet, Choice::extrapolation}},
        {"hazard-ratio",
         "the hazard ratio of the curves over time, with its interval",
         "OS",
         true,
         hazard_ratio_figure,
         {Choice::analyses, Choice::arms, Choice::hazard_ratio, Choice::p_value, Choice::model, Choice::band,
          Choice::times, Choice::horizon, Choice::facet, Choice::extrapolation}},
        {"log-log",
         "log(-log S) against log time: parallel if hazards are proportional",
         "OS",
         true,
         log_log_figure,
         {Choice::analyses, Choice::arms, Choice::hazard_ratio, Choice::p_value, Choice::model, Choice::times,
          Choice::horizon, Choice::role, Choice::facet, Choice::extrapolation}},
    }};
    return table;
}

const FigureKind* find_figure_kind(std::string_view name) {
    const auto found = std::ranges::find(figure_kinds(), name, &FigureKind::name);
    return found == figure_kinds().end() ? nullptr : &*found;
}

}  // namespace hersurv::report
