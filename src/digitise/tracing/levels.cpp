// Reads levels and drops to a fraction of a pixel.
#include "digitise/tracing/levels.hpp"

#include <algorithm>
#include <cmath>

namespace hersurv::digitise::tracing {
namespace {

// How much of a pixel the line covers.
float coverage(const PanelInk& map, const LineInk& line, int x, int y) {
    if (!map.ink.inside(x, y) || map.dark_line(x, y)) return 0;
    const float full = line.colour.dot(line.colour);
    return std::clamp(map.ink(x, y).dot(line.colour) / full, 0.0F, 1.2F);
}

struct Middle {
    double row = 0;
    bool clean = false;  // the line alone, without a mark or another line on it
};

Middle middle_of(const PanelInk& map, const LineInk& line, const InkAlongPath& ink, int x, int y) {
    const double half = line.thickness / 2;
    const int reach = static_cast<int>(std::ceil(half + 1));
    double sum = 0, weighted = 0;
    for (int k = -reach; k <= reach; ++k) {
        const double covers = coverage(map, line, x, y + k);
        sum += covers, weighted += covers * (y + k);
    }
    if (sum < .3) return {static_cast<double>(y), false};
    const double outside = coverage(map, line, x, y - reach - 1) + coverage(map, line, x, y + reach + 1);
    const bool clean = sum < line.thickness + 1 && outside < .35 && ink.own(x, y) > .4F;
    return {weighted / sum, clean};
}

double median(std::vector<double>& values) {
    const auto at = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::ranges::nth_element(values, at);
    return *at;
}

// Pools neighbours that rise, so that rows never decrease; weights are columns.
void make_monotone(std::vector<double>& rows) {
    struct Block {
        double mean = 0;
        int n = 0;
    };
    std::vector<Block> blocks;
    for (const double row : rows) {
        blocks.push_back({row, 1});
        while (blocks.size() > 1 && blocks[blocks.size() - 2].mean > blocks.back().mean) {
            const Block last = blocks.back();
            blocks.pop_back();
            Block& joined = blocks.back();
            joined.mean = (joined.mean * joined.n + last.mean * last.n) / (joined.n + last.n);
            joined.n += last.n;
        }
    }
    std::size_t i = 0;
    for (const Block& block : blocks)
        for (int k = 0; k < block.n; ++k) rows[i++] = block.mean;
}

}  // namespace

std::vector<double> level_rows(const PanelInk& map, const LineInk& line, const InkAlongPath& ink,
                               const CurvePath& path) {
    const std::size_t n = path.enters.size();
    std::vector<double> rows(n);
    for (std::size_t from = 0; from < n;) {
        std::size_t to = from + 1;
        while (to < n && path.enters[to] == path.enters[from]) ++to;
        std::vector<double> clean, any;
        // The first columns of a level still belong to the vertical stroke before it, the last ones to that behind it.
        const std::size_t skip = to - from > 2 * static_cast<std::size_t>(line.thickness + 1) + 2
                                     ? static_cast<std::size_t>(line.thickness / 2 + 1)
                                     : 0;
        for (std::size_t i = from + skip; i < to - skip; ++i) {
            const int x = path.first + static_cast<int>(i);
            const Middle middle = middle_of(map, line, ink, x, path.enters[i]);
            if (middle.clean)
                clean.push_back(middle.row);
            else
                any.push_back(middle.row);
        }
        double row = path.enters[from];
        if (!clean.empty())
            row = median(clean);
        else if (!any.empty())
            row = std::clamp(median(any), row - .5, row + .5);
        for (std::size_t i = from; i < to; ++i) rows[i] = row;
        from = to;
    }
    make_monotone(rows);
    return rows;
}

std::vector<Step> curve_steps(const PanelPixels& canvas, const Axes& axes, const PanelInk& map, const LineInk& line,
                              const CurvePath& path, const std::vector<double>& rows) {
    std::vector<Step> steps;
    const auto survival_at = [&](double row) {
        const double shown = canvas.flipped ? canvas.top + canvas.height() - 1 - row : canvas.top + row;
        const double value = std::clamp(axes.survival.value(shown + .5), 0.0, 1.0);
        return canvas.flipped ? 1 - value : value;
    };
    double last = canvas.start_row;
    steps.push_back({0, 1});
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (i == 0 ? std::abs(rows[0] - last) < 1.2 : rows[i] - last < .1) continue;
        const int x = path.first + static_cast<int>(i);
        double column = x - .5;  // it fell within the column before
        if (i > 0) {
            column = x - 1;
            const double half = line.thickness / 2;
            const int from = static_cast<int>(std::ceil(last + half + 1)),
                      to = static_cast<int>(std::floor(rows[i] - half - 1));
            if (to >= from) {
                const int reach = static_cast<int>(std::ceil(half + 1));
                double sum = 0, weighted = 0;
                for (int y = from; y <= to; ++y)
                    for (int k = -reach; k <= reach; ++k) {
                        const double covers = coverage(map, line, x - 1 + k, y);
                        sum += covers, weighted += covers * (x - 1 + k);
                    }
                if (sum > .3) column = std::clamp(weighted / sum, x - 1 - half - 1, x - 1 + half + 1);
            }
        }
        const double time = std::max(axes.time.value(canvas.left + column + .5), steps.back().time);
        last = rows[i];
        if (time <= 0) {
            if (i > 0 || rows[i] - canvas.start_row > 1.2) steps.push_back({0, survival_at(rows[i])});
            continue;
        }
        steps.push_back({time, survival_at(rows[i])});
    }
    return steps;
}

}  // namespace hersurv::digitise::tracing
