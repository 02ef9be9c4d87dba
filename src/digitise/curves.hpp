// What is read of the curves of one panel.
#pragma once

#include "digitise/calibration.hpp"
#include <optional>
#include <string>
#include <vector>

namespace hersurv::digitise {

// S drops to `survival` at `time` and stays there until the next step. Times in the unit of the axis.
struct Step {
    double time = 0;
    double survival = 1;
};

// How well the picture bears out what was read of a curve; the certificate judges by these. Columns are positions along
// the time axis.
struct CurveEvidence {
    double ink_explained = 1;           // share of the arm's own ink that lies on what was read
    double path_on_ink = 1;             // share of the curve that runs over ink of its own
    double rival = 0;                   // share of the columns where another path is as good
    std::vector<Step> doubtful_from{};  // where the doubt begins, if anywhere: (time, survival read there)
    // Of a raster curve, 0 to 1 unless noted.
    double own_share = 1;        // share of its columns on ink of its own
    double dash_share = 0;       // share of its pixels within the gaps of a line of dashes or dots
    double beyond_share = 0;     // share of the panel's columns beyond its end where ink of its colour continues
    double hidden_share = 0;     // share of its columns hidden under other lines, marks or text
    double unexplained = 0;      // the best other line of its colour: its columns against those of the longest curve
    double unread_columns = 0;   // the best line of any colour that was not read: its columns against the longest curve
    double unread_area = 0;      // and its mean distance from the nearest curve, in S
    double blank_area = 0;       // mean uncertainty of S from falls within stretches without ink
    double blank_fall = 0;       // the largest fall without ink beneath it, in S
    bool dashed = false;         // of a line with gaps
    bool same_ink = false;       // another arm has its colour
    bool missed_colour = false;  // all curves have one colour, but there are lines of another
    double swap_risk = 0;  // two arms look the same and meet: mean difference in S if they were exchanged somewhere
    double swap_from = 0;  // time at which they meet
    double stray = 0;      // mean distance of the reading from the ink that it was read of, in px
    double thickness = 0;  // of the line, in px
};

struct TracedCurve {
    std::string name{};    // of the arm: from the legend, else the colour
    std::string legend{};  // what the legend says beside its line, if the letters were read from pixels or outlines
    Colour colour{};
    std::string dash{};              // "solid", "dashed" or "dotted"
    std::vector<Step> steps{};       // first step: (0, 1)
    double ends_at = 0;              // time at which the curve ends
    std::vector<double> censored{};  // times of censor marks, ascending
    CurveEvidence evidence{};
};

struct CurveHints {
    std::optional<int> arms{};
    struct NamedColour {
        std::string arm{};
        Colour colour{};
    };
    std::vector<NamedColour> colours{};
    struct KnownPoint {
        std::string arm{};
        double time = 0;
        double survival = 0;
    };
    std::vector<KnownPoint> points{};
    bool failure = false;  // the curves rise from 0: cumulative incidence
};

// The curves of a raster panel, the upper one first.
std::vector<TracedCurve> trace_raster(const Drawing& drawing, const Axes& axes, const CurveHints& hints);

// The curves of a vector panel, the upper one first.
std::vector<TracedCurve> trace_paths(const Drawing& drawing, const Axes& axes, const CurveHints& hints);

// The number-at-risk table below a panel: one row an arm, one number for each labelled time (nothing where it cannot be
// read).
struct AtRiskRow {
    std::string name{};
    std::vector<std::optional<int>> numbers{};
    std::vector<double> certainty{};
    Box box{};
    std::optional<Colour> colour{};  // of its letters, if that is no grey
};
struct AtRiskTable {
    std::vector<double> times{};
    std::vector<AtRiskRow> rows{};
};
std::optional<AtRiskTable> read_at_risk(const Drawing& drawing, const Axes& axes);

}  // namespace hersurv::digitise
