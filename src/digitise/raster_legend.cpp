// Samples of lines beside the words of a legend, in pixels.
#include "digitise/certificate.hpp"
#include "digitise/row_matching.hpp"
#include <algorithm>
#include <cmath>

namespace hersurv::digitise {

namespace {

constexpr double like_line = 75;        // distance of colours
constexpr double least_of_letter = .7;  // certainty of each letter
constexpr int least_chroma = 60;        // of a text that is no grey

double distance(const Colour& one, const Colour& other) {
    return std::hypot(one.red - other.red, std::hypot(one.green - other.green, one.blue - other.blue));
}

bool may_be_name(const Label& label, const Axes& axes) {
    const auto letters =
        std::ranges::count_if(label.text, [](char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; });
    if (label.text.find_first_of("=<%") != std::string::npos) return false;
    return !label.turned && !label.number && letters >= 2 && 3 * letters >= 2 * static_cast<long>(label.text.size()) &&
           std::pow(label.certainty, 1 / static_cast<double>(label.text.size())) > least_of_letter &&
           label.box.top < axes.panel.bottom;
}

// Columns of a stretch that have the colour of a line, and how many lie between the first and the last of them.
struct LineSample {
    int columns = 0, span = 0;
};

LineSample sample_at(const Raster& raster, const Box& box, const Colour& colour) {
    LineSample sample;
    const int left = std::max(0, static_cast<int>(box.left)), top = std::max(0, static_cast<int>(box.top)),
              right = std::min(raster.width, static_cast<int>(box.right)),
              bottom = std::min(raster.height, static_cast<int>(box.bottom));
    if (left >= right || top >= bottom) return sample;
    const Colour ground = raster.at(left, top);
    int first = -1, last = -1;
    for (int x = left; x < right; ++x) {
        // The pixel that differs most from the ground: the edges of a dark line have the colours of light ones.
        Colour core = ground;
        for (int y = top; y < bottom; ++y)
            if (distance(raster.at(x, y), ground) > distance(core, ground)) core = raster.at(x, y);
        if (distance(core, ground) < like_line / 2 || distance(core, colour) >= like_line) continue;
        if (first < 0) first = x;
        last = x, ++sample.columns;
    }
    sample.span = first < 0 ? 0 : last - first + 1;
    return sample;
}

bool overlaps(const Box& one, const Box& other) {
    return one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
}

// The sample is a piece of the curve itself.
bool lies_on(const TracedCurve& curve, const Axes& axes, const Box& box) {
    const auto y_at = [&](double x) { return axes.survival.position(survival_at(curve, axes.time.value(x))); };
    const double margin = (box.bottom - box.top) / 2;
    return box.right > axes.panel.left && axes.time.value(box.left) < curve.ends_at &&
           y_at(box.left) < box.bottom + margin && y_at(box.right) > box.top - margin;
}

// The curve whose colour coloured letters have; nothing for grey ones and for colours like two curves.
struct TextColour {
    bool grey = true;
    std::optional<std::size_t> curve{};
};
TextColour curve_of_letters(const Raster& raster, const Box& box, const std::vector<TracedCurve>& curves) {
    const auto chroma = [](const Colour& c) {
        return std::max({c.red, c.green, c.blue}) - std::min({c.red, c.green, c.blue});
    };
    Colour strongest;
    for (int y = std::max(0, static_cast<int>(box.top)); y < std::min<double>(raster.height, box.bottom); ++y)
        for (int x = std::max(0, static_cast<int>(box.left)); x < std::min<double>(raster.width, box.right); ++x)
            if (chroma(raster.at(x, y)) > chroma(strongest)) strongest = raster.at(x, y);
    TextColour out;
    out.grey = chroma(strongest) < least_chroma;
    for (std::size_t i = 0; i < curves.size() && !out.grey; ++i) {
        const double difference = distance(strongest, curves[i].colour);
        const bool nearest = std::ranges::all_of(curves, [&](const TracedCurve& other) {
            return &other == &curves[i] || distance(strongest, other.colour) > 2 * difference + 20;
        });
        if (nearest && difference < like_line) out.curve = i;
    }
    return out;
}

// The curve that the sample can be of, if it can be of no other one.
std::optional<std::size_t> curve_of_sample(const Raster& raster, const Axes& axes, const Box& box, double height,
                                           const std::vector<TracedCurve>& curves) {
    std::optional<std::size_t> found;
    if (std::ranges::any_of(curves, [&](const TracedCurve& curve) { return lies_on(curve, axes, box); }))
        return std::nullopt;
    for (std::size_t i = 0; i < curves.size(); ++i) {
        const LineSample sample = sample_at(raster, box, curves[i].colour);
        if (sample.span < 1.1 * height || sample.columns < .5 * height) continue;
        const bool alike = std::ranges::any_of(curves, [&](const TracedCurve& other) {
            return &other != &curves[i] && distance(other.colour, curves[i].colour) < like_line;
        });
        // Which of two lines of one colour is dashed is not certain enough in pixels.
        if (alike) return std::nullopt;
        if (found) return std::nullopt;
        found = i;
    }
    return found;
}

struct Found {
    std::vector<std::string> texts{};
    std::size_t count = 0;
};

Found texts_on_side(const Drawing& drawing, const Axes& axes, const std::vector<TracedCurve>& curves, bool right) {
    Found found;
    found.texts.resize(curves.size());
    for (const Label& label : drawing.labels) {
        if (!may_be_name(label, axes)) continue;
        const double height = label.box.bottom - label.box.top, middle = (label.box.top + label.box.bottom) / 2;
        constexpr double reach = 5, gap = .25;
        const double from = right ? label.box.right + gap * height : label.box.left - reach * height;
        const Box box{from, middle - .4 * height, from + (reach - gap) * height, middle + .4 * height};
        const TextColour letters = curve_of_letters(*drawing.raster, label.box, curves);
        const bool beside_text = std::ranges::any_of(drawing.labels, [&](const Label& other) {
            return &other != &label && !other.turned && other.text.size() > 1 && overlaps(other.box, box);
        });
        const auto curve = !letters.grey ? letters.curve
                           : beside_text ? std::nullopt
                                         : curve_of_sample(*drawing.raster, axes, box, height, curves);
        if (!curve) continue;
        std::string& text = found.texts[*curve];
        // The words of a line are labels of their own beside the whole line.
        if (text.find(label.text) != std::string::npos) continue;
        if (text.empty()) ++found.count;
        if (text.empty() || label.text.find(text) != std::string::npos)
            text = label.text;
        else
            text = "?";  // two texts for one curve name it neither
    }
    return found;
}

}  // namespace

std::vector<std::string> legend_texts(const Drawing& drawing, const Axes& axes,
                                      const std::vector<TracedCurve>& curves) {
    if (!drawing.raster) return std::vector<std::string>(curves.size());
    const Found right = texts_on_side(drawing, axes, curves, true), left = texts_on_side(drawing, axes, curves, false);
    // A legend has its samples on one side of its words; in a row of them each word has samples on both.
    if (left.count > 0 && right.count > 0 && left.texts != right.texts) {
        if ((left.count == curves.size()) == (right.count == curves.size()))
            return std::vector<std::string>(curves.size());
        return left.count == curves.size() ? left.texts : right.texts;
    }
    return (right.count > left.count ? right : left).texts;
}

}  // namespace hersurv::digitise
