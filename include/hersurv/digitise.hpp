// From the picture of a Kaplan-Meier figure to its curves.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hersurv::digitise {

// ---- digitise.cpp ----

struct Rectangle {
    double left = 0, top = 0, right = 0, bottom = 0;  // units of the picture, y downwards
};

// What is known of a figure beforehand; everything that is absent is read from the picture.
struct Hints {
    // An axis by its lowest and highest label and the distance between labels: 0:48:12. Of survival as it is labelled,
    // in shares or per cent.
    struct Axis {
        double from = 0, to = 0, step = 0;
    };
    struct ArmColour {
        std::string arm{};
        std::string colour{};  // "#1f77b4"
    };
    struct ArmPoint {
        std::string arm{};              // its name, or "1" for the upper curve, "2" for the next
        double time = 0, survival = 1;  // in the unit of the axis; share
    };
    std::optional<int> page{};   // of a PDF, from 1
    std::optional<int> panel{};  // from 1, upper left to lower right
    std::optional<Axis> time{}, survival{};
    std::optional<Rectangle> box{};  // of the axes: left is the time `from`, top is the survival `to`
    std::optional<int> arms{};       // number of curves
    std::vector<ArmColour> colours{};
    std::vector<ArmPoint> points{};
    std::vector<std::string> names{};  // of the arms, the upper curve first
    bool failure = false;              // the curves rise from 0: cumulative incidence
    std::string time_unit{};           // days, weeks, months or years; empty: from the title of the axis
};

enum class Verdict { sure, doubtful, refused };
// "sure", "doubtful", "refused".
[[nodiscard]] std::string_view to_string(Verdict verdict);

// How far a curve can be trusted, by what the picture itself says.
struct Certificate {
    Verdict verdict = Verdict::refused;
    std::vector<std::string> reasons{};  // one plain sentence each; empty if sure
    struct Interval {
        double from = 0, to = 0;  // in the unit of the axis
    };
    std::vector<Interval> doubtful_times{};
    // What it was judged by, from 0 to 1.
    double ink_explained = 0;  // share of the ink of the curve's colour that the reading accounts for
    double path_on_ink = 0;    // share of the curve that has ink beneath it
    double rival = 0;          // share of the times at which another path is as good
};

struct CurvePoint {
    double time = 0, survival = 1;  // S drops to `survival` at `time` and stays there until the next point
};

struct AtRiskNumber {
    double time = 0;
    std::optional<int> patients{};  // nothing where it cannot be read
    double certainty = 0;           // 0 to 1
};

// One arm. Times are in the unit of the axis; `months_per_unit` of the reading converts them. Survival is always in
// shares, and with Hints::failure it is 1 - the cumulative incidence that the figure shows.
struct Arm {
    std::string name{};               // of the hints, the legend or the number-at-risk table; else its colour
    std::string colour{};             // "#1f77b4"
    std::string dash{};               // "solid", "dashed", "dotted"
    std::vector<CurvePoint> curve{};  // first point: (0, 1)
    double ends_at = 0;
    std::vector<double> censored{};  // times of censor marks, ascending
    std::vector<AtRiskNumber> at_risk{};
    Certificate certificate{};
};

struct Axis {
    double from = 0, to = 0;          // its lowest and highest label, as labelled
    std::vector<double> labels{};     // ascending
    double origin = 0, per_unit = 1;  // position in the picture = origin + value x per_unit; survival in shares
    double residual = 0;              // root mean squared distance of labels or ticks from that line
    std::string title{};
};

struct Panel {
    Rectangle box{};
    Axis time{}, survival{};
    bool percent = false;  // the survival axis is labelled in per cent
};

struct Reading {
    std::string format{};  // "PNG", "JPEG", "SVG", "PDF"
    bool vector = false;   // curves are from lines of a vector file, not from pixels
    double width = 0, height = 0;
    std::vector<Panel> panels{};  // every panel whose axes can be read
    std::size_t panel = 0;        // the one that was read
    std::string time_unit{};      // empty: not stated
    std::optional<double> months_per_unit{};
    std::vector<Arm> arms{};           // the upper curve first
    std::vector<std::string> notes{};  // what a reader should know, one sentence each

    // The worst of its arms.
    [[nodiscard]] Verdict verdict() const;
};

// The curves of a figure from the bytes of a PNG, JPEG, SVG or PDF file. `file` is its name, for messages.
// Throws support::InputError if the bytes are no such picture, no axes can be read, no curve is found, or several
// panels are there and none is asked for. What is read but cannot be trusted is not thrown: see Certificate.
[[nodiscard]] Reading read(std::string_view bytes, const std::string& file, const Hints& hints = {});

}  // namespace hersurv::digitise
