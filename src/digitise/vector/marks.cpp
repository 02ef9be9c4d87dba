// Censor marks of a vector file: small signs of one shape that sit on a curve.
#include "digitise/vector/chains.hpp"
#include <algorithm>
#include <cmath>
#include <map>

namespace hersurv::digitise {

namespace {

// Of the panel: larger shapes are lines of a legend, boxes or areas.
constexpr double largest_mark = 0.06;
constexpr double same_place = 0.15;
// Vertical distance of the middle of a sign from its curve.
constexpr double tolerance = 0.75;

struct Mark {
    Box box{};
    Colour colour{};
    std::string shape{};  // marks of one shape and size have the same
    [[nodiscard]] double x() const { return (box.left + box.right) / 2; }
    [[nodiscard]] double y() const { return (box.top + box.bottom) / 2; }
};

// Signs are the same on the left and on the right; most letters are not.
bool is_symmetric(const std::vector<Point>& points, const Box& box) {
    const double centre = box.left + box.right;
    return std::all_of(points.begin(), points.end(), [&](const Point& point) {
        return std::any_of(points.begin(), points.end(), [&](const Point& other) {
            return std::abs(centre - point.x - other.x) < same_place && std::abs(point.y - other.y) < same_place;
        });
    });
}

std::string tenths(double value) { return std::to_string(std::lround(value * 4)) + " "; }

bool is_small(const Box& box, const Box& panel) {
    const double width = box.right - box.left, height = box.bottom - box.top,
                 largest = largest_mark * std::min(panel.right - panel.left, panel.bottom - panel.top);
    return std::max(width, height) <= largest && std::max(width, height) > 0.5;
}

bool is_seen(const Box& box, const std::optional<Box>& clip, const Box& panel) {
    const double x = (box.left + box.right) / 2, y = (box.top + box.bottom) / 2;
    constexpr double slack = 6;  // a mark at S = 1 or at the end of the axis may stick out
    const Box shown = clip ? intersect(*clip, panel) : panel;
    return x >= shown.left - 0.5 && x <= shown.right + 0.5 && y >= shown.top - slack && y <= shown.bottom + slack;
}

// Lines of one sign that follow each other in the file, as the two of a plus.
bool belongs_to(const Mark& mark, const Box& box, const Colour& colour, bool vertical_line) {
    return mark.colour == colour && std::abs(mark.x() - (box.left + box.right) / 2) < same_place &&
           std::abs(mark.y() - (box.top + box.bottom) / 2) < same_place &&
           !(vertical_line && mark.shape.starts_with("|"));
}

std::vector<Mark> small_shapes(const Drawing& drawing, const std::vector<bool>& used, const Box& panel) {
    std::vector<Mark> marks;
    for (std::size_t i = 0; i < drawing.paths.size(); ++i) {
        const Path& path = drawing.paths[i];
        if (used[i] || path.points.size() > 200) continue;
        const Box box = box_of(path.points);
        if (!is_small(box, panel) || !is_seen(box, path.clip, panel)) continue;
        const Colour colour = path.stroke ? *path.stroke : path.fill.value_or(Colour{});
        if (colour == Colour{255, 255, 255}) continue;
        const double width = box.right - box.left, height = box.bottom - box.top;
        const std::string kind = width < same_place ? "|" : height < same_place ? "-" : "o";
        if (!marks.empty() && belongs_to(marks.back(), box, colour, kind == "|") && marks.back().shape.size() < 40 &&
            path.stroke && !path.closed) {
            marks.back().box = unite(marks.back().box, box);
            marks.back().shape += kind + tenths(width) + tenths(height);
            continue;
        }
        if (kind == "o" && path.points.size() > 2 && !is_symmetric(path.points, box)) continue;
        marks.push_back(
            {box, colour,
             kind + std::to_string(path.points.size()) + (path.stroke ? "s" : "f") + tenths(width) + tenths(height)});
    }
    // One horizontal line is a dash, one slanted line no sign.
    std::erase_if(marks, [](const Mark& mark) {
        const bool one_line = mark.shape.find_first_of("|-o", 1) == std::string::npos;
        return one_line && (mark.shape.starts_with("-") || mark.shape.starts_with("o2"));
    });
    return marks;
}

struct MarkClass {
    std::vector<const Mark*> marks{};
    double shift = 0;                 // of their middle from the curve, downwards
    std::vector<std::size_t> arms{};  // that they can belong to
};

double distance_to(const Chain& chain, const CurveFrame& frame, double x, double y) {
    // The middle of a sign at the end of a curve may lie a little behind it.
    constexpr double overhang = 1;
    const double first = chain.points.front().x, last = chain.points.back().x;
    if (x > first - overhang && x < last + overhang) x = std::clamp(x, first, last);
    const auto span = span_at(chain, frame, x, same_place);
    if (!span) return 1e9;
    const double high = frame.y(span->high), low = frame.y(span->low), top = std::min(high, low),
                 bottom = std::max(high, low);
    return y < top ? y - top : y > bottom ? y - bottom : 0;
}

double nearest_distance(const MarkClass& kind, const std::vector<Chain>& curves, const CurveFrame& frame,
                        const Mark& mark) {
    double nearest = 1e9;
    for (const std::size_t arm : kind.arms) {
        const double distance = distance_to(curves[arm], frame, mark.x(), mark.y() - kind.shift);
        if (std::abs(distance) < std::abs(nearest)) nearest = distance;
    }
    return nearest;
}

// How many of the signs of this shape sit on curves; some programs draw them above their place, all by the same amount.
double share_on_curves(MarkClass& kind, const std::vector<Chain>& curves, const CurveFrame& frame) {
    if (kind.arms.empty()) return 0;
    std::vector<double> distances;
    for (const Mark* mark : kind.marks) distances.push_back(nearest_distance(kind, curves, frame, *mark));
    std::sort(distances.begin(), distances.end());
    const double height = kind.marks[0]->box.bottom - kind.marks[0]->box.top;
    const auto on_curve = [&](double shift) {
        return std::count_if(distances.begin(), distances.end(),
                             [&](double distance) { return std::abs(distance - shift) < tolerance; });
    };
    double best = 0;
    for (const double shift : distances)
        if (std::abs(shift) < 0.6 * height + 0.5 && on_curve(shift) > on_curve(best)) best = shift;
    // The middle of those that agree.
    double sum = 0;
    for (const double distance : distances)
        if (std::abs(distance - best) < tolerance) sum += distance;
    const auto agreeing = static_cast<double>(on_curve(best));
    if (best != 0 && agreeing > 0) kind.shift = sum / agreeing;
    return agreeing / static_cast<double>(distances.size());
}

// The nearest arm; nothing where another one is as near, or none is.
std::optional<std::size_t> nearest_arm(const MarkClass& kind, const std::vector<Chain>& curves, const CurveFrame& frame,
                                       const Mark& mark, bool& on_curve) {
    constexpr double farthest = 2 * tolerance, tie = 0.3;
    std::optional<std::size_t> nearest;
    double best = farthest, second = 1e9;
    for (const std::size_t arm : kind.arms) {
        const double distance = std::abs(distance_to(curves[arm], frame, mark.x(), mark.y() - kind.shift));
        if (distance < best) {
            second = best;
            best = distance;
            nearest = arm;
        } else {
            second = std::min(second, distance);
        }
    }
    on_curve = nearest.has_value();
    return on_curve && second - best >= tie ? nearest : std::nullopt;
}

// The arm of each mark. Programs draw the marks of one arm from left to right, then those of the next: a mark that sits
// on two curves belongs to the arm of its row.
void assign(const MarkClass& kind, const std::vector<Chain>& curves, const CurveFrame& frame,
            std::vector<std::vector<double>>& times) {
    for (std::size_t first = 0; first < kind.marks.size();) {
        std::size_t end = first + 1;
        while (end < kind.marks.size() && kind.marks[end]->x() >= kind.marks[end - 1]->x() - same_place) ++end;
        std::vector<std::size_t> votes(curves.size(), 0);
        std::vector<std::optional<std::size_t>> nearest(end - first);
        std::vector<bool> on_curve(end - first, false);
        std::size_t all = 0;
        for (std::size_t i = first; i < end; ++i) {
            bool on = false;
            nearest[i - first] = nearest_arm(kind, curves, frame, *kind.marks[i], on);
            on_curve[i - first] = on;
            if (nearest[i - first]) ++votes[*nearest[i - first]], ++all;
        }
        const auto most = std::max_element(votes.begin(), votes.end());
        const std::size_t own = *most > 0 ? static_cast<std::size_t>(most - votes.begin()) : kind.arms[0];
        // Nearly all are of one arm: so are those that lie a little nearer to another one that crosses it.
        const bool one_arm = static_cast<double>(*most) >= 0.8 * static_cast<double>(all);
        for (std::size_t i = first; i < end; ++i) {
            if (!on_curve[i - first]) continue;
            const Mark& mark = *kind.marks[i];
            const bool at_own =
                one_arm && std::abs(distance_to(curves[own], frame, mark.x(), mark.y() - kind.shift)) < tolerance;
            times[at_own ? own : nearest[i - first].value_or(own)].push_back(std::max(0.0, frame.time(mark.x())));
        }
        first = end;
    }
}

}  // namespace

std::vector<std::vector<double>> find_marks(const Drawing& drawing, const std::vector<Chain>& curves,
                                            const CurveFrame& frame) {
    Box panel = frame.area();
    for (const Chain& curve : curves)
        panel = unite(panel, curve.clip ? intersect(box_of(curve.points), *curve.clip) : box_of(curve.points));
    std::vector<bool> used(drawing.paths.size(), false);
    for (const Chain& curve : curves)
        for (const std::size_t path : curve.paths) used[path] = true;
    std::vector<Mark> marks = small_shapes(drawing, used, panel);
    for (const Label& symbol : drawing.symbols)
        if (is_small(symbol.box, panel) && is_seen(symbol.box, std::nullopt, panel))
            marks.push_back(
                {symbol.box, symbol.colour, "text " + symbol.text + tenths(symbol.box.bottom - symbol.box.top)});

    std::map<std::string, MarkClass> classes;
    for (const Mark& mark : marks) {
        const Colour& c = mark.colour;
        classes[mark.shape + "#" + std::to_string(c.red * 65536 + c.green * 256 + c.blue)].marks.push_back(&mark);
    }
    std::vector<std::vector<double>> times(curves.size());
    for (auto& [shape, kind] : classes) {
        // Marks of an arm's own colour are its own, unless black marks are on all curves and one curve is black.
        constexpr double least_share = 0.6, nearly_all = 0.95;
        MarkClass of_all = kind;
        for (std::size_t arm = 0; arm < curves.size(); ++arm) {
            of_all.arms.push_back(arm);
            if (curves[arm].style.colour == kind.marks[0]->colour) kind.arms.push_back(arm);
        }
        const double own_share = share_on_curves(kind, curves, frame);
        if (own_share >= nearly_all) {
            assign(kind, curves, frame, times);
            continue;
        }
        const double whole_share = share_on_curves(of_all, curves, frame);
        if (std::max(own_share, whole_share) < least_share) continue;
        assign(whole_share > own_share + 0.05 ? of_all : kind, curves, frame, times);
    }
    for (std::vector<double>& list : times) std::sort(list.begin(), list.end());
    return times;
}

}  // namespace hersurv::digitise
