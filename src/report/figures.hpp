// The kinds of figures.
#pragma once

#include "render/figure.hpp"
#include "report/comparison_tables.hpp"
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hersurv::report {

// What has a panel of its own in a figure of curves.
enum class Facet { none, trial, arm };

// A digitised Kaplan-Meier curve.
struct OverlayCurve {
    std::vector<double> times_months{}, survival{};  // by time; S holds from its time on
};

struct FigureOptions {
    std::vector<double> times_months;                   // ticks of the time axis; empty: chosen
    std::optional<double> horizon_months;               // end of the time axis; absent: the longest supported time
    std::function<bool(const std::string&)> takes_arm;  // which arms (ids) are drawn; empty: all
    Intervals interval;
    std::string role;          // of the arms that are drawn: "experimental", "control" or "single"; empty: all
    bool extrapolate = false;  // to the end of the axis; else curves end soon after what supports them
    Facet facet = Facet::none;
    std::vector<OverlayCurve> overlays{};  // published curves that are drawn over the reconstructed ones
};

struct FigureKind {
    std::string_view name, summary;
    std::string_view default_endpoint;  // of the analyses that are put in; empty: all
    bool fits;                          // whether it draws fitted curves
    Figure (*build)(const ComparisonInput&, const FigureOptions&);
    Choices takes;  // what can be chosen for it
};

// The first row is the figure of trials that no kind is named for.
[[nodiscard]] std::span<const FigureKind> figure_kinds();
[[nodiscard]] const FigureKind* find_figure_kind(std::string_view name);

}  // namespace hersurv::report
