// Finds the ground, lines and confidence bands of a panel and subtracts them.
#include "digitise/tracing/ground.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace hersurv::digitise::tracing {
namespace {

constexpr int bin_width = 8;  // of colours, in units of 0..255
constexpr int bins = 256 / bin_width;

std::size_t bin_of(const Ink& colour) {
    const auto one = [](float value) { return static_cast<std::size_t>(std::clamp(value, 0.0F, 255.0F)) / bin_width; };
    return (one(colour.red) * bins + one(colour.green)) * bins + one(colour.blue);
}

// Floats would lose the last digits of a sum over a million pixels.
struct MeanInk {
    double red = 0, green = 0, blue = 0;
    int n = 0;
    void add(const Ink& ink) { red += ink.red, green += ink.green, blue += ink.blue, ++n; }
    [[nodiscard]] Ink value() const {
        const double count = std::max(n, 1);
        return {static_cast<float>(red / count), static_cast<float>(green / count), static_cast<float>(blue / count)};
    }
};

// The commonest colour of the panel, and the spread of the pixels around it.
void find_ground(const PanelPixels& canvas, PanelInk& map) {
    std::vector<int> counts(static_cast<std::size_t>(bins) * bins * bins);
    for (int y = 0; y < canvas.height(); ++y)
        for (int x = 0; x < canvas.width(); ++x) ++counts[bin_of(canvas.pixel(x, y))];
    const std::size_t top = static_cast<std::size_t>(std::ranges::max_element(counts) - counts.begin());
    MeanInk mean;
    for (int y = 0; y < canvas.height(); ++y)
        for (int x = 0; x < canvas.width(); ++x)
            if (bin_of(canvas.pixel(x, y)) == top) mean.add(canvas.pixel(x, y));
    map.ground = mean.value();
    double squares = 0;
    int n = 0;
    for (int y = 0; y < canvas.height(); ++y)
        for (int x = 0; x < canvas.width(); ++x) {
            const float distance = (canvas.pixel(x, y) - map.ground).length();
            if (distance < 20) squares += distance * distance, ++n;
        }
    map.noise = static_cast<float>(std::sqrt(squares / std::max(n, 1)));
}

// The part of `pixel - from` that no mixture of `from` and `to` explains.
Ink beside_segment(const Ink& pixel, const Ink& from, const Ink& to) {
    const Ink along = to - from, offset = pixel - from;
    const float squared = along.dot(along);
    if (squared < 1) return offset;
    return offset - along * std::clamp(offset.dot(along) / squared, 0.0F, 1.0F);
}

// A row (or column) of the panel that has ink along its whole length is a frame, grid or reference line. A legend may
// hide one end of a column; of rows both must show, as curves that end on a long level do not begin there.
struct Lines {
    std::vector<std::uint8_t> is_line{};
    std::vector<Ink> colour{};
};

template <typename Pixel>
Lines find_lines(int n_lines, int length, bool both_ends, const Ink& ground, float threshold, const Pixel& pixel) {
    Lines lines{std::vector<std::uint8_t>(static_cast<std::size_t>(n_lines)),
                std::vector<Ink>(static_cast<std::size_t>(n_lines), ground)};
    const int tenth = std::max(length / 10, 4);
    std::vector<std::uint8_t> inked(static_cast<std::size_t>(length));
    for (int line = 0; line < n_lines; ++line) {
        for (int i = 0; i < length; ++i) inked[i] = (pixel(line, i) - ground).length() > threshold;
        const auto share = [&](int from, int to) {
            return static_cast<double>(std::accumulate(inked.begin() + from, inked.begin() + to, 0)) / (to - from);
        };
        const double first = share(2, tenth + 2), last = share(length - tenth - 2, length - 2),
                     whole = share(0, length);
        const bool through = whole >= .4 && std::min(first, last) >= .35;
        if (!through && (both_ends || whole < .6 || std::max(first, last) < .35)) continue;
        std::array<std::vector<float>, 3> channels;
        for (int i = 0; i < length; ++i)
            if (inked[i]) {
                const Ink value = pixel(line, i);
                channels[0].push_back(value.red), channels[1].push_back(value.green), channels[2].push_back(value.blue);
            }
        const auto median = [](std::vector<float>& values) {
            std::ranges::nth_element(values, values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2));
            return values[values.size() / 2];
        };
        lines.is_line[line] = 1;
        lines.colour[line] = {median(channels[0]), median(channels[1]), median(channels[2])};
    }
    return lines;
}

// For each pixel of a kind, the shorter of its runs along the row and the column: how many pixels have which.
template <typename IsKind>
std::vector<int> count_runs(int width, int height, const IsKind& is_kind) {
    Grid<std::uint16_t> down(width, height, 0);
    std::vector<int> counts(static_cast<std::size_t>(std::max(width, height)) + 1);
    for (int x = 0; x < width; ++x)
        for (int y = 0; y < height;) {
            int to = y;
            while (to < height && is_kind(x, to)) ++to;
            for (int k = y; k < to; ++k) down(x, k) = static_cast<std::uint16_t>(to - y);
            y = std::max(to, y + 1);
        }
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width;) {
            int to = x;
            while (to < width && down(to, y) > 0) ++to;
            for (int k = x; k < to; ++k) ++counts[std::min<int>(down(k, y), to - x)];
            x = std::max(to, x + 1);
        }
    return counts;
}

// The length below which a share of the runs is.
int run_length(const std::vector<int>& counts, double share) {
    const int n = std::accumulate(counts.begin(), counts.end(), 0);
    int below = 0;
    for (std::size_t length = 0; length < counts.size(); ++length)
        if ((below += counts[length]) >= share * n) return n > 0 ? static_cast<int>(length) : 0;
    return 0;
}

// Colours of areas: light against the darkest ink, and wider than its lines are thick.
class BandSearch {
  public:
    BandSearch(const PanelPixels& canvas, const PanelInk& map)
        : canvas_(canvas), map_(map), near_(10 + 2.5F * map.noise) {}

    std::vector<Ink> run() {
        std::vector<int> counts = count_flat();
        if (darkest_ <= 0) return {};
        thickness_ = run_length(
            count_runs(canvas_.width(), canvas_.height(),
                       [&](int x, int y) { return (canvas_.pixel(x, y) - map_.ground).length() > .6F * darkest_; }),
            .5);
        std::vector<Candidate> dark;
        const double enough = .002 * canvas_.width() * canvas_.height();
        for (int attempt = 0; attempt < 12; ++attempt) {
            const auto top = std::ranges::max_element(counts);
            if (*top < enough * .5) break;
            *top = 0;
            const Ink seed = middle_of_bin(static_cast<std::size_t>(top - counts.begin()));
            const float strength = (seed - map_.ground).length() / darkest_;
            if (strength > .55F) continue;
            if (std::ranges::any_of(bands_, [&](const Ink& band) { return (band - seed).length() < near_; })) continue;
            Candidate candidate = measure(seed);
            if (candidate.pixels < enough) continue;
            if (candidate.usual_width < std::max(4.0, 1.6 * thickness_ + 1)) continue;
            // Tints of lines are light: a darker one is where two of them lie over each other, or else a broad line.
            if (strength > .42F)
                dark.push_back(candidate);
            else
                bands_.push_back(candidate.colour);
        }
        const std::size_t n_light = bands_.size();
        for (const Candidate& candidate : dark)
            if (candidate.varies || is_overlap(candidate.colour, n_light)) bands_.push_back(candidate.colour);
        return bands_;
    }

  private:
    struct Candidate {
        Ink colour{};
        int pixels = 0;
        int usual_width = 0;
        bool varies = false;  // wide here and narrow there, as lines are not
    };

    // How many pixels have each colour within areas of it; finds the darkest ink, too.
    std::vector<int> count_flat() {
        std::vector<float> lengths;
        std::vector<int> counts(static_cast<std::size_t>(bins) * bins * bins);
        const float tolerance = 6 + 2 * map_.noise;
        for (int y = 1; y + 1 < canvas_.height(); ++y)
            for (int x = 1; x + 1 < canvas_.width(); ++x) {
                const Ink pixel = canvas_.pixel(x, y);
                const float length = (pixel - map_.ground).length();
                if (length > 30) lengths.push_back(length);
                if (length < 9 + map_.noise) continue;
                const bool flat = (pixel - canvas_.pixel(x, y - 1)).length() < tolerance &&
                                  (pixel - canvas_.pixel(x, y + 1)).length() < tolerance &&
                                  (pixel - canvas_.pixel(x - 1, y)).length() < tolerance &&
                                  (pixel - canvas_.pixel(x + 1, y)).length() < tolerance;
                if (flat) ++counts[bin_of(pixel)];
            }
        if (lengths.empty()) return counts;
        const auto near_top = lengths.begin() + static_cast<std::ptrdiff_t>(lengths.size() * 97 / 100);
        std::ranges::nth_element(lengths, near_top);
        darkest_ = *near_top;
        return counts;
    }

    static Ink middle_of_bin(std::size_t bin) {
        const auto middle = [](std::size_t index) { return static_cast<float>(index * bin_width) + bin_width / 2.0F; };
        return {middle(bin / (static_cast<std::size_t>(bins) * bins)), middle(bin / bins % bins), middle(bin % bins)};
    }

    [[nodiscard]] Candidate measure(const Ink& seed) const {
        const auto is_band = [&](int x, int y) {
            const float distance = (canvas_.pixel(x, y) - seed).length();
            return distance < near_ && distance < (canvas_.pixel(x, y) - map_.ground).length();
        };
        MeanInk mean;
        for (int y = 0; y < canvas_.height(); ++y)
            for (int x = 0; x < canvas_.width(); ++x)
                if (is_band(x, y)) mean.add(canvas_.pixel(x, y));
        const std::vector<int> runs = count_runs(canvas_.width(), canvas_.height(), is_band);
        return {mean.value(), mean.n, run_length(runs, .6), run_length(runs, .8) > 2.2 * run_length(runs, .3)};
    }

    // Whether the colour is what two bands give together: each lets its share of the light of the ground through.
    [[nodiscard]] bool is_overlap(const Ink& colour, std::size_t n_light) const {
        const auto through = [](float one, float other, float ground) { return one * other / std::max(ground, 1.0F); };
        for (std::size_t i = 0; i < n_light; ++i)
            for (std::size_t k = 0; k <= i; ++k) {
                const Ink both{through(bands_[i].red, bands_[k].red, map_.ground.red),
                               through(bands_[i].green, bands_[k].green, map_.ground.green),
                               through(bands_[i].blue, bands_[k].blue, map_.ground.blue)};
                if ((both - colour).length() < 24) return true;
            }
        return false;
    }

    const PanelPixels& canvas_;
    const PanelInk& map_;
    float near_;
    float darkest_ = 0;
    int thickness_ = 0;
    std::vector<Ink> bands_{};
};

// The nearest ground or band above, below, left and right of each pixel.
std::array<Grid<std::int8_t>, 4> nearest_labels(const Grid<std::int8_t>& label) {
    const int width = label.width(), height = label.height();
    std::array<Grid<std::int8_t>, 4> near_label;
    for (auto& grid : near_label) grid = Grid<std::int8_t>(width, height, 0);
    for (int x = 0; x < width; ++x) {
        std::int8_t last = 0;
        for (int y = 0; y < height; ++y) near_label[0](x, y) = label(x, y) >= 0 ? last = label(x, y) : last;
        last = 0;
        for (int y = height - 1; y >= 0; --y) near_label[1](x, y) = label(x, y) >= 0 ? last = label(x, y) : last;
    }
    for (int y = 0; y < height; ++y) {
        std::int8_t last = 0;
        for (int x = 0; x < width; ++x) near_label[2](x, y) = label(x, y) >= 0 ? last = label(x, y) : last;
        last = 0;
        for (int x = width - 1; x >= 0; --x) near_label[3](x, y) = label(x, y) >= 0 ? last = label(x, y) : last;
    }
    return near_label;
}

// A line hides the band beneath it: its difference to the ground of the panel is that to the band and the band's own.
void add_hidden_band(const Grid<std::int8_t>& beneath, const std::vector<Ink>& colours, PanelInk& map) {
    const int width = map.ink.width(), height = map.ink.height();
    Grid<float> strength(width, height);
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) strength(x, y) = map.ink(x, y).length();
    const auto strongest_around = [&](int x, int y) {
        float strongest = strength(x, y);
        if (x < 2 || y < 2 || x + 2 >= width || y + 2 >= height) return strongest;
        for (int k = -2; k <= 2; ++k) strongest = std::max({strongest, strength(x + k, y), strength(x, y + k)});
        return strongest;
    };
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) {
            if (beneath(x, y) == 0 || strength(x, y) <= 20 + 3 * map.noise) continue;
            const Ink band = colours[beneath(x, y)] - map.ground;
            map.ink.set(x, y, map.ink(x, y) + band * (strength(x, y) / std::max(strongest_around(x, y), 60.0F)));
        }
}

// Beside a band the ground of a pixel is what is nearest above, below, left and right of it.
void subtract_bands(const PanelPixels& canvas, const std::vector<Ink>& bands, const Lines& rows, const Lines& columns,
                    PanelInk& map) {
    const int width = canvas.width(), height = canvas.height();
    Grid<std::int8_t> label(width, height, -1);  // 0: ground, k: band k - 1
    const float near = 9 + 2.5F * map.noise;
    std::vector<Ink> colours{map.ground};
    colours.insert(colours.end(), bands.begin(), bands.end());
    int n_band = 0;
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) {
            if (rows.is_line[y] || columns.is_line[x]) continue;
            float best = near;
            for (std::size_t k = 0; k < colours.size(); ++k)
                if (const float distance = (canvas.pixel(x, y) - colours[k]).length(); distance < best)
                    best = distance, label(x, y) = static_cast<std::int8_t>(k);
            n_band += label(x, y) > 0;
        }
    map.band_share = static_cast<double>(n_band) / (static_cast<double>(width) * height);
    Grid<std::int8_t> beneath(width, height, 0);
    const auto near_label = nearest_labels(label);
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) {
            if (label(x, y) >= 0) {
                map.ink.set(x, y, {});
                continue;
            }
            const Ink pixel = canvas.pixel(x, y);
            Ink vertical = beside_segment(pixel, colours[near_label[0](x, y)], colours[near_label[1](x, y)]);
            Ink horizontal = beside_segment(pixel, colours[near_label[2](x, y)], colours[near_label[3](x, y)]);
            // A line beneath a band shows through it.
            if (rows.is_line[y])
                vertical = beside_segment(vertical, {}, rows.colour[y] - map.ground), horizontal = vertical;
            if (columns.is_line[x]) {
                horizontal = beside_segment(horizontal, {}, columns.colour[x] - map.ground);
                if (!rows.is_line[y]) vertical = horizontal;
            }
            const bool down = vertical.dot(vertical) < horizontal.dot(horizontal);
            map.ink.set(x, y, down ? vertical : horizontal);
            beneath(x, y) = near_label[down ? 0 : 2](x, y);
        }
    add_hidden_band(beneath, colours, map);
}

}  // namespace

PanelInk subtract_ground(const PanelPixels& canvas) {
    PanelInk map;
    find_ground(canvas, map);
    const int width = canvas.width(), height = canvas.height();
    constexpr float step = 1.0F / 32;  // a hidden band can double the 255 of a channel
    map.ink = InkGrid(width, height, step);
    map.dark_line = Grid<std::uint8_t>(width, height);
    const float threshold = 7 + 2 * map.noise;
    const Lines rows =
        find_lines(height, width, true, map.ground, threshold, [&](int y, int x) { return canvas.pixel(x, y); });
    const Lines columns =
        find_lines(width, height, false, map.ground, threshold, [&](int x, int y) { return canvas.pixel(x, y); });
    constexpr float dark = 110;
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) {
            const Ink pixel = canvas.pixel(x, y);
            Ink rest = pixel - map.ground;
            const auto less_of = [&](const Ink& line) {
                const Ink other = beside_segment(pixel, map.ground, line);
                if (other.dot(other) < rest.dot(rest)) rest = other;
            };
            if (rows.is_line[y]) less_of(rows.colour[y]);
            if (columns.is_line[x]) less_of(columns.colour[x]);
            map.ink.set(x, y, rest);
            map.dark_line(x, y) = (rows.is_line[y] && (rows.colour[y] - map.ground).length() > dark) ||
                                  (columns.is_line[x] && (columns.colour[x] - map.ground).length() > dark);
        }
    if (const std::vector<Ink> bands = BandSearch(canvas, map).run(); !bands.empty())
        subtract_bands(canvas, bands, rows, columns, map);
    return map;
}

}  // namespace hersurv::digitise::tracing
