// Groups the inks of lines, and weighs each pixel by how much it looks like one of them.
#include "digitise/tracing/strokes.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace hersurv::digitise::tracing {
namespace {

// Sums over `window` pixels along columns (or rows), the middle one at the pixel itself.
InkGrid box_sums(const InkGrid& ink, int window, bool along_columns) {
    const int width = ink.width(), height = ink.height(), before = (window - 1) / 2, after = window - 1 - before;
    const float largest = 520.0F * static_cast<float>(window);  // of a channel: its ink and that of a hidden band
    InkGrid sums(width, height, std::max(largest / 32000, 1.0F / 32));
    if (along_columns) {
        std::vector<Ink> running(static_cast<std::size_t>(width));
        for (int y = -after; y < height; ++y) {
            const int enters = y + after, leaves = y - before - 1;
            for (int x = 0; x < width; ++x) {
                if (enters < height) running[x] = running[x] + ink(x, enters);
                if (leaves >= 0) running[x] = running[x] - ink(x, leaves);
                if (y >= 0) sums.set(x, y, running[x]);
            }
        }
        return sums;
    }
    for (int y = 0; y < height; ++y) {
        Ink running;
        for (int x = -after; x < width; ++x) {
            if (x + after < width) running = running + ink(x + after, y);
            if (x - before - 1 >= 0) running = running - ink(x - before - 1, y);
            if (x >= 0) sums.set(x, y, running);
        }
    }
    return sums;
}

float percentile(std::vector<float> values, double share) {
    if (values.empty()) return 0;
    const auto at = values.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
    std::ranges::nth_element(values, at);
    return *at;
}

// Thickness of the lines: the length of runs of ink in columns, where the ink goes on to the left and right.
int line_thickness(const PanelInk& map) {
    const int width = map.ink.width(), height = map.ink.height();
    std::vector<int> counts(static_cast<std::size_t>(std::max(height / 20, 6)));
    for (int x = 4; x + 4 < width; ++x) {
        int from = -1;
        float peak = 0;
        for (int y = 0; y <= height; ++y) {
            const float length = y < height ? map.ink(x, y).length() : 0;
            if (length > 30 + 3 * map.noise) {
                if (from < 0) from = y, peak = 0;
                peak = std::max(peak, length);
                continue;
            }
            if (from < 0) continue;
            float sum = 0;
            for (int k = from; k < y; ++k) sum += map.ink(x, k).length();
            const int middle = (from + y - 1) / 2, thickness = static_cast<int>(std::lround(sum / peak));
            if (thickness < static_cast<int>(counts.size()) && map.ink(x - 3, middle).length() > .5F * peak &&
                map.ink(x + 3, middle).length() > .5F * peak)
                ++counts[std::max(thickness, 1)];
            from = -1;
        }
    }
    int n = 0;
    for (const int count : counts) n += count;
    int below = 0;
    for (std::size_t thickness = 1; thickness < counts.size(); ++thickness)
        if ((below += counts[thickness]) >= .75 * n) return static_cast<int>(thickness);
    return 2;
}

struct Sample {
    Ink cut{};
    float peak = 0;
    int x = 0, y = 0;
};

// Pixels on the middle of lines that go straight on for some pixels.
std::vector<Sample> middles(const PanelInk& map, const InkGrid& down, const InkGrid& across, int window) {
    std::vector<Sample> samples;
    const float uneven = map.noise > .5F ? .22F : .15F, beside = map.noise > .5F ? .35F : .25F;
    const int width = map.ink.width(), height = map.ink.height(), reach = std::max(window, 3);
    for (int y = reach; y + reach < height; ++y)
        for (int x = reach; x + reach < width; ++x) {
            if (map.dark_line(x, y) || map.ink(x, y).length() < 20 + 3 * map.noise) continue;
            for (const bool level : {true, false}) {
                const InkGrid& cut = level ? down : across;
                const int dx = level ? 1 : 0, dy = 1 - dx;
                const Ink here = cut(x, y);
                const float length = here.length(), own = map.ink(x, y).length();
                if (own < map.ink(x - dy, y - dx).length() || own < map.ink(x + dy, y + dx).length()) continue;
                const Ink before = cut(x - 2 * dx, y - 2 * dy);
                const Ink after = cut(x + 2 * dx, y + 2 * dy);
                if ((before - here).length() > uneven * length || (after - here).length() > uneven * length) continue;
                // Nothing may follow beside the line within the window.
                const int off = window / 2 + 2;
                if (map.ink(x - off * dy, y - off * dx).length() > beside * own ||
                    map.ink(x + off * dy, y + off * dx).length() > beside * own)
                    continue;
                samples.push_back({here, own, x, y});
                break;
            }
        }
    return samples;
}

// Groups samples of like cuts, the largest group first.
std::vector<LineInk> group(std::vector<Sample> samples, const PanelInk& map) {
    std::vector<LineInk> inks;
    std::vector<float> lengths;
    if (constexpr std::size_t most = 6000; samples.size() > most) {  // every n-th is enough
        const std::size_t n = samples.size() / most + 1;
        std::size_t kept = 0;
        for (std::size_t i = 0; i < samples.size(); i += n) samples[kept++] = samples[i];
        samples.resize(kept);
    }
    for (const Sample& sample : samples) lengths.push_back(sample.cut.length());
    const float longest = percentile(lengths, .95), bin = std::max(.10F * longest, 12.0F);
    const int enough = std::max(map.ink.width() / 25, 12);
    for (int attempt = 0; attempt < 8 && !samples.empty(); ++attempt) {
        std::map<std::array<int, 3>, int> counts;
        const auto cell = [&](float value) { return static_cast<int>(std::floor(value / bin)); };
        for (const Sample& sample : samples)
            for (const int dr : {0, 1})
                for (const int dg : {0, 1})
                    for (const int db : {0, 1})
                        ++counts[{cell(sample.cut.red + static_cast<float>(dr) * bin / 2),
                                  cell(sample.cut.green + static_cast<float>(dg) * bin / 2),
                                  cell(sample.cut.blue + static_cast<float>(db) * bin / 2)}];
        const auto top = std::ranges::max_element(counts, {}, [](const auto& entry) { return entry.second; });
        const auto middle = [&](int index) { return (static_cast<float>(index) + .25F) * bin; };
        Ink centre{middle(top->first[0]), middle(top->first[1]), middle(top->first[2])};
        for (int round = 0; round < 4; ++round) {
            Ink sum;
            int n = 0;
            for (const Sample& sample : samples)
                if ((sample.cut - centre).length() < std::max(1.1F * bin, .14F * centre.length()))
                    sum = sum + sample.cut, ++n;
            if (n == 0) break;
            centre = sum * (1.0F / static_cast<float>(n));
        }
        const float radius = std::max(1.6F * bin, .24F * centre.length());
        LineInk ink;
        std::vector<float> peaks;
        for (const Sample& sample : samples)
            if ((sample.cut - centre).length() < radius) peaks.push_back(sample.peak);
        ink.sum = centre;
        ink.samples = static_cast<int>(peaks.size());
        const float full = percentile(peaks, .9);
        if (ink.samples < enough || centre.length() < 20) break;
        ink.thickness = std::max(centre.length() / std::max(full, 1.0F), .6F);
        ink.colour = centre * (1 / ink.thickness);
        const Ink shown = map.ground + ink.colour;
        if (std::max({shown.red, shown.green, shown.blue}) < 275)
            inks.push_back(ink);  // brighter: what a band left over
        std::erase_if(samples, [&](const Sample& sample) { return (sample.cut - centre).length() < radius; });
    }
    return inks;
}

// Lines of one colour are one ink, of whatever width: dense censor marks and meeting lines look wider. But if there is
// one colour only, arms may differ in width.
std::vector<LineInk> join_widths(const std::vector<LineInk>& all) {
    std::vector<LineInk> inks, widths;
    for (const LineInk& ink : all) {
        if (ink.sum.length() < .12F * all.front().sum.length()) continue;
        const auto same = std::ranges::find_if(inks, [&](const LineInk& other) { return of_one_colour(ink, other); });
        if (same == inks.end()) {
            inks.push_back(ink);
            continue;
        }
        const float wider = std::max(ink.thickness, same->thickness),
                    thinner = std::min(ink.thickness, same->thickness);
        if (same == inks.begin() && wider > 1.7F * thinner && ink.samples > .2 * same->samples)
            widths.push_back(ink);
        else
            same->samples += ink.samples;
    }
    if (inks.size() == 1 && !widths.empty()) inks.push_back(widths.front());
    return inks;
}

}  // namespace

bool of_one_colour(const LineInk& one, const LineInk& other) {
    const float first = one.colour.length(), second = other.colour.length();
    const float cosine = one.colour.dot(other.colour) / (first * second);
    return cosine > .975F && std::max(first, second) < 1.5F * std::min(first, second);
}

StrokeMap find_line_inks(const PanelPixels& canvas, const PanelInk& map) {
    StrokeMap strokes;
    const int thickness = line_thickness(map);
    strokes.window = thickness + 2;
    InkGrid down = box_sums(map.ink, strokes.window, true);
    const InkGrid across = box_sums(map.ink, strokes.window, false);
    strokes.inks = join_widths(group(middles(map, down, across, strokes.window), map));
    for (int y = 0; y < canvas.height(); ++y)
        for (int x = 0; x < canvas.width(); ++x) {
            const Ink one = down(x, y), other = across(x, y);
            if (other.dot(other) <= one.dot(one)) down.set(x, y, other);
        }
    strokes.cut = std::move(down);
    return strokes;
}

namespace {

// How much a cut looks like one through a line of this ink and none of another: 1 within 15 degrees of its colour, 0
// beyond 36.
float likeness(const Ink& cut, const StrokeMap& strokes, std::size_t which) {
    const LineInk& line = strokes.inks[which];
    const float full = line.sum.length(), length = cut.length();
    const Ink direction = line.sum * (1 / full);
    const float along = cut.dot(direction);
    if (along <= 0) return 0;
    const float beside = std::sqrt(std::max(length * length - along * along, 0.0F));
    for (std::size_t k = 0; k < strokes.inks.size(); ++k) {
        if (k == which) continue;
        const Ink& rival = strokes.inks[k].sum;
        const float others = rival.length();
        // Of one hue the strength tells them apart.
        const bool one_hue = rival.dot(direction) / others > .97F;
        if (one_hue ? (cut - rival).length() < (cut - line.sum).length() : cut.dot(rival) / others > along) return 0;
    }
    return std::clamp(1.6F - 2.2F * beside / along, 0.0F, 1.0F);
}

// Ink within the thickness of the line around a pixel, along the column or the row, whichever has less: greatest on the
// middle of the line.
float strength_at(const Grid<float>& amount, int x, int y, float thickness) {
    const float half = thickness / 2 + .5F;
    const int reach = static_cast<int>(std::floor(half + .5F));
    float vertical = 0, horizontal = 0;
    for (int k = -reach; k <= reach; ++k) {
        const float weight = std::clamp(half + .5F - static_cast<float>(std::abs(k)), 0.0F, 1.0F);
        if (y + k >= 0 && y + k < amount.height()) vertical += weight * amount(x, y + k);
        if (x + k >= 0 && x + k < amount.width()) horizontal += weight * amount(x + k, y);
    }
    return std::min(1.0F, std::min(vertical, horizontal) / thickness);
}

// The blurred edge of a dark line looks like a lighter line of its hue.
void leave_edges_to(const PanelInk& map, const LineInk& darker, Ownership& ownership) {
    const float core = .7F * darker.colour.length();
    const int reach = static_cast<int>(std::ceil(darker.thickness / 2 + 1.5F));
    for (int y = 0; y < map.ink.height(); ++y)
        for (int x = 0; x < map.ink.width(); ++x) {
            if (map.ink(x, y).dot(map.ink(x, y)) < core * core) continue;
            for (int dy = -reach; dy <= reach; ++dy)
                for (int dx = -reach; dx <= reach; ++dx)
                    if (ownership.inside(x + dx, y + dy) && ownership.own(x + dx, y + dy) > 0)
                        ownership.set(x + dx, y + dy, 0, ownership.own(x + dx, y + dy));
        }
}

}  // namespace

Ownership own_ink(const PanelInk& map, const StrokeMap& strokes, std::size_t which) {
    // A frame or the line at a median hides a curve that crosses it; one that follows it costs more than one that lies
    // under another curve.
    constexpr float of_dark_line = .8F;
    const LineInk& line = strokes.inks[which];
    const int width = map.ink.width(), height = map.ink.height();
    const float least = .12F * line.sum.length(), colour_length = line.colour.length();
    Grid<float> amount(width, height);
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x)
            if (const float squared = map.ink(x, y).dot(map.ink(x, y)); squared > 1)
                amount(x, y) = std::min(std::sqrt(squared) / colour_length, 1.3F);
    Ownership result(width, height);
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) {
            const Ink cut = strokes.cut(x, y);
            if (map.dark_line(x, y)) {
                result.set(x, y, 0, of_dark_line);
            } else if (cut.dot(cut) >= least * least) {
                const float own = likeness(cut, strokes, which), strength = strength_at(amount, x, y, line.thickness);
                result.set(x, y, own * strength, (1 - own) * strength);
            }
        }
    for (const LineInk& other : strokes.inks) {
        const float own = line.colour.length(), others = other.colour.length();
        if (others > 1.3F * own && other.colour.dot(line.colour) > .97F * own * others)
            leave_edges_to(map, other, result);
    }
    return result;
}

}  // namespace hersurv::digitise::tracing
