// Names of arms: a text beside a sample of the curve's line, else a text in the curve's colour, else one at its end.
#include "digitise/legend.hpp"

#include <algorithm>
#include <cmath>

namespace hersurv::digitise {

namespace {

// In heights of the text: how far it may be from its sample or curve.
constexpr double farthest_text = 4;

bool is_name(const Label& label, double least_certainty) {
    const bool letters = std::any_of(label.text.begin(), label.text.end(),
                                     [](unsigned char c) { return std::isalpha(c) != 0 || c >= 0x80; });
    // "p = 0.003" and "HR 0.74 (95% CI 0.61-0.90)" are results.
    if (label.text.find_first_of("=<%") != std::string::npos) return false;
    return letters && !label.turned && !label.number && label.certainty > least_certainty && label.text.size() <= 80;
}

// Labels that may be names; text that was read from outlines may have wrong letters.
struct NamingTexts {
    const Drawing& drawing;
    double least_certainty = 0;
};

struct Sample {
    Box box{};
    std::size_t arm = 0;
};

double height_of(const Box& box) { return box.bottom - box.top; }

// Short horizontal lines, and small areas, that look like one curve and like no other one.
std::vector<Sample> legend_samples(const Drawing& drawing, const std::vector<Chain>& curves, const CurveFrame& frame) {
    const Box area = frame.area();
    const double longest = 0.25 * (area.right - area.left), shortest = 0.008 * (area.right - area.left);
    std::vector<bool> used(drawing.paths.size(), false);
    for (const Chain& curve : curves)
        for (const std::size_t path : curve.paths) used[path] = true;
    std::vector<Sample> samples;
    for (std::size_t i = 0; i < drawing.paths.size(); ++i) {
        const Path& path = drawing.paths[i];
        const Box box = box_of(path.points);
        const double width = box.right - box.left, height = height_of(box);
        if (used[i] || width > longest || width < shortest || path.points.size() > 8) continue;
        const bool line = path.stroke && height < 0.6,
                   patch = path.fill && height > 2 && height < 2 * width && width < 2 * height;
        if (!line && !patch) continue;
        std::vector<std::size_t> alike;
        for (std::size_t arm = 0; arm < curves.size(); ++arm)
            if (line ? same_style(curves[arm].style, {*path.stroke, path.width, path.dashes})
                     : curves[arm].style.colour == *path.fill)
                alike.push_back(arm);
        if (alike.size() == 1) samples.push_back({box, alike[0]});
    }
    return samples;
}

// The text on the same line that is nearest on one side; the distance in heights of the text.
const Label* text_beside(const NamingTexts& texts, const Box& sample, bool right, double& distance) {
    const Label* nearest = nullptr;
    distance = farthest_text;
    for (const Label& label : texts.drawing.labels) {
        if (!is_name(label, texts.least_certainty)) continue;
        const double height = height_of(label.box), middle = (label.box.top + label.box.bottom) / 2,
                     at = (sample.top + sample.bottom) / 2;
        if (height <= 0 || std::abs(middle - at) > 0.8 * height) continue;
        const double gap = (right ? label.box.left - sample.right : sample.left - label.box.right) / height;
        if (gap > -0.3 && gap < distance) {
            distance = gap;
            nearest = &label;
        }
    }
    return nearest;
}

struct Naming {
    const Label* label = nullptr;
    double distance = 0;
    std::size_t arm = 0;
};

// The nearest text on one side of the samples, each text for one arm.
std::vector<Naming> names_beside(const NamingTexts& texts, const std::vector<Sample>& samples, bool right) {
    std::vector<Naming> all, chosen;
    for (const Sample& sample : samples) {
        Naming naming{nullptr, 0, sample.arm};
        naming.label = text_beside(texts, sample.box, right, naming.distance);
        if (naming.label != nullptr) all.push_back(naming);
    }
    std::stable_sort(all.begin(), all.end(), [](const Naming& a, const Naming& b) { return a.distance < b.distance; });
    for (const Naming& naming : all)
        if (std::none_of(chosen.begin(), chosen.end(),
                         [&](const Naming& other) { return other.arm == naming.arm || other.label == naming.label; }))
            chosen.push_back(naming);
    return chosen;
}

// A legend has its texts on one side: that which names more arms, else the nearer one.
void by_samples(const NamingTexts& texts, const std::vector<Chain>& curves, const CurveFrame& frame,
                std::vector<std::string>& names) {
    const std::vector<Sample> samples = legend_samples(texts.drawing, curves, frame);
    const std::vector<Naming> right = names_beside(texts, samples, true), left = names_beside(texts, samples, false);
    const auto distance = [](const std::vector<Naming>& namings) {
        double sum = 0;
        for (const Naming& naming : namings) sum += naming.distance;
        return sum;
    };
    const bool take_left = left.size() != right.size() ? left.size() > right.size() : distance(left) < distance(right);
    for (const Naming& naming : take_left ? left : right) names[naming.arm] = naming.label->text;
}

// Text inside of the axes in the colour of one curve alone.
void by_colours(const NamingTexts& texts, const std::vector<Chain>& curves, const CurveFrame& frame,
                std::vector<std::string>& names) {
    const Box area = frame.area();
    for (std::size_t arm = 0; arm < curves.size(); ++arm) {
        const Colour colour = curves[arm].style.colour;
        const auto same = std::count_if(curves.begin(), curves.end(),
                                        [&](const Chain& other) { return other.style.colour == colour; });
        if (!names[arm].empty() || same > 1) continue;
        const Label* found = nullptr;
        bool several = false;
        for (const Label& label : texts.drawing.labels) {
            const double x = (label.box.left + label.box.right) / 2, y = (label.box.top + label.box.bottom) / 2;
            const bool inside = x > area.left && x < area.right && y > area.top && y < area.bottom;
            if (!inside || !is_name(label, texts.least_certainty) || label.colour != colour) continue;
            several = found != nullptr;
            if (several) break;
            found = &label;
        }
        if (found != nullptr && !several) names[arm] = found->text;
    }
}

// Text that begins where one curve ends.
void by_ends(const NamingTexts& texts, const std::vector<Chain>& curves, std::vector<std::string>& names) {
    for (std::size_t arm = 0; arm < curves.size(); ++arm) {
        if (!names[arm].empty()) continue;
        const Label* found = nullptr;
        for (const Label& label : texts.drawing.labels) {
            const Point end = curves[arm].points.back();
            const double height = height_of(label.box), y = (label.box.top + label.box.bottom) / 2;
            const double gap = (label.box.left - end.x) / height;
            if (!is_name(label, texts.least_certainty) || gap < -0.5 || gap > farthest_text ||
                std::abs(y - end.y) > height)
                continue;
            const bool of_other = std::any_of(curves.begin(), curves.end(), [&](const Chain& other) {
                return &other != &curves[arm] && std::abs(other.points.back().y - y) < std::abs(end.y - y);
            });
            if (!of_other) found = &label;
        }
        if (found != nullptr) names[arm] = found->text;
    }
}

}  // namespace

std::vector<std::string> arm_names(const Drawing& drawing, const std::vector<Chain>& curves, const CurveFrame& frame,
                                   double least_certainty) {
    const NamingTexts texts{drawing, least_certainty};
    std::vector<std::string> names(curves.size());
    by_samples(texts, curves, frame, names);
    by_colours(texts, curves, frame, names);
    by_ends(texts, curves, names);
    // One name for two curves names neither.
    for (std::size_t i = 0; i < names.size(); ++i)
        for (std::size_t k = i + 1; k < names.size(); ++k)
            if (!names[i].empty() && names[i] == names[k]) names[i].clear(), names[k].clear();
    return names;
}

}  // namespace hersurv::digitise
