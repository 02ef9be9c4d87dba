// Lines of a vector file that never rise along the time axis.
#include "digitise/vector/chains.hpp"

#include <algorithm>
#include <cmath>

namespace hersurv::digitise {

namespace {

// Rounding of coordinates: programs write two decimals or more of a point.
constexpr double rounding = 0.12, touching = 0.5;
// Shares of the axes: a line that begins here is a curve; one that begins a little later as well, if it is long. Some
// programs draw a curve from its first event.
constexpr double start_time = 0.006, start_share = 0.994, late_start = 0.08, late_share = 0.95;
constexpr double least_extent = 0.05, long_extent = 0.15;
constexpr std::size_t many_points = 6;

struct Piece {
    Chain chain{};
    bool used = false;
};

double middle(std::vector<double> values) {
    if (values.empty()) return 0;
    const auto half = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), half, values.end());
    return *half;
}

bool within(const Box& box, const Point& point, double slack) {
    return point.x >= box.left - slack && point.x <= box.right + slack && point.y >= box.top - slack &&
           point.y <= box.bottom + slack;
}

// The parts of a path that never rise; what goes backwards as a whole is turned.
void add_pieces(const Path& path, std::size_t index, const CurveFrame& frame, std::vector<Piece>& pieces) {
    std::vector<Point> points = path.points;
    if (path.closed && points.size() > 2) points.push_back(points.front());
    if (points.front().x > points.back().x + rounding) std::reverse(points.begin(), points.end());
    const auto add = [&](std::vector<Point> part) {
        if (part.size() < 2) return;
        const Box area = frame.area();
        const bool inside =
            std::any_of(part.begin(), part.end(), [&](const Point& point) { return within(area, point, 2); });
        if (inside)
            pieces.push_back({{std::move(part), {*path.stroke, path.width, path.dashes}, path.clip, {index}, 0}});
    };
    std::vector<Point> part{points[0]};
    for (std::size_t i = 1; i < points.size(); ++i) {
        const bool rises =
            (points[i].y - part.back().y) * frame.down() < -rounding || points[i].x < part.back().x - rounding;
        if (rises) {
            add(std::move(part));
            part.clear();
        }
        part.push_back(points[i]);
    }
    // One vertical line is the same read upwards.
    add(std::move(part));
}

// Two short lines that cross in their middles are a sign, no part of a curve.
void remove_crosses(std::vector<Piece>& pieces, const CurveFrame& frame) {
    constexpr double longest = 0.06;
    const Box panel = frame.area();
    struct Short {
        double x, y;
        std::size_t piece;
        bool vertical;
    };
    std::vector<Short> lines;
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        const std::vector<Point>& points = pieces[i].chain.points;
        const double width = points.back().x - points.front().x, height = std::abs(points.back().y - points.front().y);
        if (points.size() == 2 && std::max(width, height) < longest * (panel.right - panel.left) &&
            std::min(width, height) < rounding)
            lines.push_back({(points[0].x + points[1].x) / 2, (points[0].y + points[1].y) / 2, i, width < height});
    }
    std::sort(lines.begin(), lines.end(), [](const Short& a, const Short& b) { return a.x < b.x; });
    std::vector<bool> cross(pieces.size(), false);
    for (std::size_t i = 0; i < lines.size(); ++i)
        for (std::size_t k = i + 1; k < lines.size() && lines[k].x - lines[i].x < rounding; ++k)
            if (lines[i].vertical != lines[k].vertical && std::abs(lines[i].y - lines[k].y) < rounding &&
                same_style(pieces[lines[i].piece].chain.style, pieces[lines[k].piece].chain.style))
                cross[lines[i].piece] = cross[lines[k].piece] = true;
    std::vector<Piece> kept;
    for (std::size_t i = 0; i < pieces.size(); ++i)
        if (!cross[i]) kept.push_back(std::move(pieces[i]));
    pieces = std::move(kept);
}

std::vector<Piece> pieces_of(const Drawing& drawing, const CurveFrame& frame) {
    std::vector<Piece> pieces;
    for (std::size_t i = 0; i < drawing.paths.size(); ++i) {
        const Path& path = drawing.paths[i];
        if (!path.stroke || path.points.size() < 2 || *path.stroke == Colour{255, 255, 255}) continue;
        if (path.closed && path.fill) continue;
        if (path.points.size() == 2 && std::abs(path.points[0].x - path.points[1].x) < rounding) {
            // A vertical piece of a curve may be drawn from either end.
            Path turned = path;
            if ((turned.points[1].y - turned.points[0].y) * frame.down() < 0)
                std::swap(turned.points[0], turned.points[1]);
            add_pieces(turned, i, frame, pieces);
        } else {
            add_pieces(path, i, frame, pieces);
        }
    }
    remove_crosses(pieces, frame);
    return pieces;
}

bool begins_a_curve(const Chain& chain, const CurveFrame& frame, bool late) {
    const Point first = chain.points.front();
    const double time = frame.time(first.x) / frame.time_range(), share = frame.share(first.y);
    if (!late) return std::abs(time) < start_time && share > start_share;
    return time > -start_time && time < late_start && share > late_share && chain.points.size() >= many_points &&
           (frame.time(chain.points.back().x) / frame.time_range()) - time > long_extent;
}

// The distance that may lie between two pieces of a line of this style: dashes that are drawn one by one leave gaps.
double widest_gap(const std::vector<Piece>& pieces, const LineStyle& style, const CurveFrame& frame) {
    constexpr std::size_t many = 20;
    std::vector<double> lengths;
    for (const Piece& piece : pieces) {
        if (!same_style(piece.chain.style, style)) continue;
        double length = 0;
        for (std::size_t i = 1; i < piece.chain.points.size(); ++i)
            length += std::hypot(piece.chain.points[i].x - piece.chain.points[i - 1].x,
                                 piece.chain.points[i].y - piece.chain.points[i - 1].y);
        lengths.push_back(length);
    }
    const double typical = middle(lengths), width = frame.area().right - frame.area().left;
    constexpr double long_dash = 0.04;
    return lengths.size() >= many && typical < long_dash * width ? std::max(3.0 * typical, 4 * style.width) : touching;
}

// Goes on with `next` behind a gap. A corner that lies in it is where the directions on both sides meet.
void append(Chain& chain, const Chain& next) {
    const Point end = chain.points.back(), start = next.points.front();
    const bool ends_vertical =
        chain.points.size() > 1 && std::abs(end.x - chain.points[chain.points.size() - 2].x) < rounding;
    const bool starts_vertical = next.points.size() > 1 && std::abs(next.points[1].x - start.x) < rounding;
    if (std::abs(end.x - start.x) > rounding && std::abs(end.y - start.y) > rounding) {
        if (ends_vertical && !starts_vertical) {
            chain.points.push_back({end.x, start.y});
        } else if (!ends_vertical && starts_vertical) {
            chain.points.push_back({start.x, end.y});
        } else {
            const double x = (end.x + start.x) / 2;
            chain.points.push_back({x, end.y});
            chain.points.push_back({x, start.y});
        }
    }
    chain.bridged += std::hypot(end.x - start.x, end.y - start.y);
    chain.points.insert(chain.points.end(), next.points.begin(), next.points.end());
    chain.paths.insert(chain.paths.end(), next.paths.begin(), next.paths.end());
}

// Joins what goes on from the end of the chain; `used` gets the pieces.
void extend(Chain& chain, const std::vector<Piece>& pieces, double gap, double down, std::vector<std::size_t>& used) {
    while (true) {
        const Point end = chain.points.back();
        std::optional<std::size_t> best;
        double nearest = 2 * gap;
        for (std::size_t i = 0; i < pieces.size(); ++i) {
            const Piece& piece = pieces[i];
            if (piece.used || !same_style(piece.chain.style, chain.style)) continue;
            const Point start = piece.chain.points.front(), stop = piece.chain.points.back();
            const double along = start.x - end.x, fall = (start.y - end.y) * down;
            if (along < -rounding || fall < -rounding || along > gap || fall > gap) continue;
            const bool moves = stop.x > end.x + rounding || (stop.y - end.y) * down > rounding;
            if (moves && std::abs(along) + std::abs(fall) < nearest &&
                std::find(used.begin(), used.end(), i) == used.end()) {
                nearest = std::abs(along) + std::abs(fall);
                best = i;
            }
        }
        if (!best) return;
        used.push_back(*best);
        append(chain, pieces[*best].chain);
    }
}

// Whether the line has a part inside of the axes: frames, axes and lines at S = 1 have none.
bool runs_inside(const Chain& chain, const CurveFrame& frame) {
    constexpr double edge = 0.004, least_length = 0.01;
    double inside = 0;
    const Box area = frame.area();
    for (std::size_t i = 1; i < chain.points.size(); ++i) {
        const double share = frame.share(chain.points[i].y);
        const double length = frame.time(chain.points[i].x) - frame.time(chain.points[i - 1].x);
        const bool on_border =
            std::abs(chain.points[i].y - area.bottom) < 1 || std::abs(chain.points[i].y - area.top) < 1;
        if (share > edge && share < 1 - edge / 4 && !on_border) inside += length;
    }
    return inside > least_length * frame.time_range();
}

// Whether the line is a step function, or nearly: a chord or an arrow has few points and is slanted.
bool is_step_like(const Chain& chain) {
    double slanted = 0, whole = 0;
    for (std::size_t i = 1; i < chain.points.size(); ++i) {
        const double x = chain.points[i].x - chain.points[i - 1].x,
                     y = std::abs(chain.points[i].y - chain.points[i - 1].y);
        whole += std::hypot(x, y);
        if (std::min(x, y) > rounding) slanted += std::hypot(x, y);
    }
    constexpr std::size_t smooth_points = 12;
    return slanted < 0.5 * whole || chain.points.size() >= smooth_points;
}

// Whether what is drawn of the chain, without its gaps, runs along the time axis too: a row of ticks does not.
bool is_drawn_along(const Chain& chain, const std::vector<Piece>& pieces, const std::vector<std::size_t>& used) {
    constexpr double least_share = 0.3;
    double drawn = 0;
    for (const std::size_t piece : used)
        drawn += pieces[piece].chain.points.back().x - pieces[piece].chain.points.front().x;
    return drawn > least_share * (chain.points.back().x - chain.points.front().x);
}

bool same_line(const Chain& first, const Chain& second) {
    if (first.points.size() != second.points.size()) return false;
    for (std::size_t i = 0; i < first.points.size(); ++i)
        if (std::abs(first.points[i].x - second.points[i].x) > rounding ||
            std::abs(first.points[i].y - second.points[i].y) > rounding)
            return false;
    return true;
}

}  // namespace

bool same_style(const LineStyle& first, const LineStyle& second) {
    if (first.colour != second.colour ||
        std::abs(first.width - second.width) > 0.02 * std::max(first.width, second.width) + 1e-6 ||
        first.dashes.size() != second.dashes.size())
        return false;
    for (std::size_t i = 0; i < first.dashes.size(); ++i)
        if (std::abs(first.dashes[i] - second.dashes[i]) > 0.02 * first.dashes[i] + 1e-6) return false;
    return true;
}

double CurveFrame::time_range() const {
    return axes_.time.labelled.empty() ? time(axes_.panel.right) : axes_.time.labelled.back();
}

Box CurveFrame::area() const {
    const double first = y(1), lowest = axes_.survival.labelled.empty()
                                            ? first
                                            : axes_.survival.position(axes_.survival.labelled.front());
    return unite(axes_.panel, {x(0), std::min(first, lowest), x(time_range()), std::max(first, lowest)});
}

std::vector<Chain> find_chains(const Drawing& drawing, const CurveFrame& frame) {
    std::vector<Piece> pieces = pieces_of(drawing, frame);
    std::vector<Chain> chains;
    const auto begin_with = [&](bool late, bool dashes) {
        for (std::size_t i = 0; i < pieces.size(); ++i) {
            if (pieces[i].used || !begins_a_curve(pieces[i].chain, frame, late)) continue;
            std::vector<std::size_t> used{i};
            Chain chain = pieces[i].chain;
            const double gap = dashes ? widest_gap(pieces, chain.style, frame) : touching;
            if (dashes && gap <= touching) continue;
            extend(chain, pieces, gap, frame.down(), used);
            const double extent =
                (frame.time(chain.points.back().x) - frame.time(chain.points.front().x)) / frame.time_range();
            if (extent < (dashes ? long_extent : least_extent) || !runs_inside(chain, frame) || !is_step_like(chain) ||
                !is_drawn_along(chain, pieces, used))
                continue;
            for (const std::size_t piece : used) pieces[piece].used = true;
            // A line drawn again over itself (a halo) is the same curve; what is on top is seen.
            const auto again =
                std::find_if(chains.begin(), chains.end(), [&](const Chain& other) { return same_line(chain, other); });
            if (again != chains.end())
                *again = std::move(chain);
            else
                chains.push_back(std::move(chain));
        }
    };
    begin_with(false, false);
    begin_with(true, false);
    begin_with(false, true);
    return chains;
}

std::optional<SpanAt> span_at(const Chain& chain, const CurveFrame& frame, double x, double slack) {
    const std::vector<Point>& points = chain.points;
    if (x < points.front().x - slack || x > points.back().x + slack) return std::nullopt;
    // The first point behind x - slack, and all up to x + slack.
    auto next = std::lower_bound(points.begin(), points.end(), x - slack,
                                 [](const Point& point, double place) { return point.x < place; });
    if (next == points.begin()) next = points.begin() + 1;
    if (next == points.end()) next = points.end() - 1;
    SpanAt span{-1e9, 1e9};
    for (auto to = next; to != points.end(); ++to) {
        const Point a = *(to - 1), b = *to;
        if (a.x > x + slack) break;
        for (const double place : {x - slack, x + slack}) {
            const double at = std::clamp(place, a.x, b.x);
            const double y = b.x - a.x > 1e-9 ? a.y + (at - a.x) / (b.x - a.x) * (b.y - a.y) : place < x ? a.y : b.y;
            span.high = std::max(span.high, frame.share(y));
            span.low = std::min(span.low, frame.share(y));
        }
    }
    return span;
}

std::vector<Step> steps_of(const Chain& chain, const CurveFrame& frame, double& ends_at) {
    // Only a clip hides a part of a line; a panel may be thought smaller than it is.
    constexpr double everywhere = 1e9;
    const Box shown = chain.clip.value_or(Box{-everywhere, -everywhere, everywhere, everywhere});
    constexpr double slack = 0.5, finest = 0.001;
    std::vector<Step> steps{{0, 1}};
    const auto drop = [&](double x, double y) {
        const double time = std::max(0.0, frame.time(x)), share = std::clamp(frame.share(y), 0.0, 1.0);
        if (share >= steps.back().survival - 1e-9) return;
        if (time <= steps.back().time + 1e-9 * frame.time_range())
            steps.back().survival = share;
        else
            steps.push_back({time, share});
    };
    double last_x = chain.points.front().x;
    drop(chain.points.front().x, chain.points.front().y);
    for (std::size_t i = 1; i < chain.points.size(); ++i) {
        const Point from = chain.points[i - 1];
        Point to = chain.points[i];
        if (to.x > shown.right + slack) {
            const double part = to.x > from.x ? std::clamp((shown.right - from.x) / (to.x - from.x), 0.0, 1.0) : 0;
            to = {shown.right, from.y + part * (to.y - from.y)};
        }
        // What leaves the panel downwards is not seen any more.
        const bool leaves = frame.down() > 0 ? to.y > shown.bottom + slack : to.y < shown.top - slack;
        if (leaves) {
            last_x = to.x;
            break;
        }
        const double fall = frame.share(from.y) - frame.share(to.y);
        if (to.x - from.x <= rounding || fall <= 0) {
            drop(to.x - from.x <= rounding ? (from.x + to.x) / 2 : to.x, to.y);
        } else {
            // A slanted line becomes steps that are off by half of the finest.
            const int pieces = std::clamp(static_cast<int>(std::ceil(fall / finest)), 1, 1000);
            for (int k = 0; k < pieces; ++k)
                drop(from.x + (k + 0.5) / pieces * (to.x - from.x), from.y + (k + 1.0) / pieces * (to.y - from.y));
        }
        last_x = to.x;
        if (chain.points[i].x > shown.right + slack) break;
    }
    ends_at = std::max(frame.time(last_x), steps.back().time);
    return steps;
}

}  // namespace hersurv::digitise
