// Strokes near the labels of an axis, and least squares through them.
#include "digitise/snapping.hpp"

#include <algorithm>
#include <cmath>

namespace hersurv::digitise {

namespace {

bool is_upright(const Stroke& s) { return std::abs(s.from.x - s.to.x) < std::abs(s.from.y - s.to.y); }

// For each label the stroke nearest to where its value lies; labels may all be off by the same distance.
Snapped match(const Progression& labels, const std::vector<double>& positions, double reach) {
    Snapped best;
    const Scale& scale = labels.scale;
    std::vector<double> shifts{0};
    for (const LabelledValue& v :
         {labels.labelled.front(), labels.labelled[labels.labelled.size() / 2], labels.labelled.back()})
        for (const double p : positions)
            if (std::abs(p - scale.position(v.value)) <= reach) shifts.push_back(p - scale.position(v.value));
    for (const double shift : shifts) {
        std::vector<LabelledValue> points;
        for (const LabelledValue& v : labels.labelled) {
            const double wanted = scale.position(v.value) + shift;
            const auto nearest = std::min_element(positions.begin(), positions.end(), [&](double a, double b) {
                return std::abs(a - wanted) < std::abs(b - wanted);
            });
            if (nearest != positions.end() && std::abs(*nearest - wanted) <= std::max(1.0, 0.3 * reach))
                points.push_back({v.value, *nearest, v.label});
        }
        if (points.size() < 3) continue;
        Snapped found{fit_scale(points), static_cast<int>(points.size()), true};
        if (found.scale.residual > 0.6) {  // one stroke may be something else
            const auto worst = std::max_element(points.begin(), points.end(), [&](const auto& a, const auto& b) {
                return std::abs(a.position - found.scale.position(a.value)) <
                       std::abs(b.position - found.scale.position(b.value));
            });
            points.erase(worst);
            if (points.size() < 3) continue;
            found = {fit_scale(points), static_cast<int>(points.size()), true};
        }
        if (found.scale.residual > 0.6) continue;
        // Labels stand at the middle of their ticks: of two rows of strokes that fit equally well the nearer one is
        // meant.
        const double middle = (labels.labelled.front().value + labels.labelled.back().value) / 2;
        const auto worth = [&](const Snapped& s) {
            const double off = std::abs(s.scale.position(middle) - scale.position(middle));
            return s.matched - 2 * s.scale.residual - off / reach;
        };
        if (!best.snapped || worth(found) > worth(best)) best = found;
    }
    return best;
}

}  // namespace

std::vector<AxisStroke> strokes_across(const std::vector<Stroke>& strokes, bool time_axis) {
    std::vector<AxisStroke> out;
    for (const Stroke& s : strokes) {
        if (is_upright(s) != time_axis) continue;
        if (time_axis) {
            out.push_back({(s.from.x + s.to.x) / 2, std::min(s.from.y, s.to.y), std::max(s.from.y, s.to.y)});
        } else {
            out.push_back({(s.from.y + s.to.y) / 2, std::min(s.from.x, s.to.x), std::max(s.from.x, s.to.x)});
        }
    }
    return out;
}

std::vector<AxisLine> lines_along(const std::vector<Stroke>& strokes, bool time_axis) {
    // A line along the time axis is a stroke across the survival axis.
    std::vector<AxisStroke> pieces = strokes_across(strokes, !time_axis);
    std::ranges::sort(pieces, {}, &AxisStroke::position);
    std::vector<AxisLine> lines;
    for (std::size_t i = 0; i < pieces.size();) {
        AxisLine line{0, 1e300, -1e300, 0};
        double weighted = 0;
        std::size_t j = i;
        for (; j < pieces.size() && pieces[j].position - pieces[i].position < 1.0; ++j) {
            const double length = pieces[j].to - pieces[j].from;
            weighted += pieces[j].position * length;
            line.covered += length;
            line.from = std::min(line.from, pieces[j].from), line.to = std::max(line.to, pieces[j].to);
        }
        line.across = weighted / line.covered;
        lines.push_back(line);
        i = j;
    }
    return lines;
}

Snapped snap_to_strokes(const Progression& labels, const std::vector<AxisStroke>& strokes, double inner, double outer,
                        double depth, double label_height) {
    const double reach = std::max(3.0, 0.5 * label_height);
    const double low = std::min(inner, outer), high = std::max(inner, outer);
    std::vector<double> ticks, longs;
    for (const AxisStroke& s : strokes) {
        const double length = s.to - s.from;
        if (length > 0.6 * depth) longs.push_back(s.position);
        const bool outside = s.from >= low - 3 && s.to <= high + 2;
        const bool panel_side = outer > inner ? s.to <= inner + 1.5 : s.from >= inner - 1.5;
        const bool at_axis = std::abs(s.from - inner) < 6 || std::abs(s.to - inner) < 6;
        const bool inside = length < 0.08 * depth && panel_side && at_axis;
        if ((outside || inside) && length < 0.12 * depth) ticks.push_back(s.position);
    }
    const Snapped by_ticks = match(labels, ticks, reach), by_lines = match(labels, longs, reach);
    const Snapped& best = by_ticks.matched >= by_lines.matched ? by_ticks : by_lines;
    const int wanted = std::max<int>(3, static_cast<int>(std::ceil(0.6 * static_cast<double>(labels.labelled.size()))));
    if (best.snapped && best.matched >= wanted) return best;
    return {labels.scale, 0, false};
}

}  // namespace hersurv::digitise
