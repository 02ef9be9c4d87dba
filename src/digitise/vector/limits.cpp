// Confidence limits among the lines of a panel.
#include "digitise/vector/chains.hpp"
#include <algorithm>
#include <cmath>

namespace hersurv::digitise {

namespace {

// A share as it is between two drops, right of a place.
std::optional<double> share_right_of(const Chain& chain, const CurveFrame& frame, double x) {
    const auto span = span_at(chain, frame, x, 0);
    return span ? std::optional(span->low) : std::nullopt;
}

// The scale on which limits lie at equal distances from the estimate (survival::survfit, conf.type): plain, log or
// log-log.
double on_scale(int scale, double share) {
    return scale == 0 ? share : scale == 1 ? std::log(share) : std::log(-std::log(share));
}

double from_scale(int scale, double value) {
    return scale == 0 ? value : scale == 1 ? std::exp(value) : std::exp(-std::exp(value));
}

struct Agreement {
    int places = 0, ordered = 0;
    int symmetric[3] = {0, 0, 0};
    double distance = 0;
};

Agreement agreement(const Chain& low, const Chain& middle, const Chain& high, const CurveFrame& frame) {
    constexpr double edge = 0.003;
    Agreement found;
    for (std::size_t i = 1; i < middle.points.size(); ++i) {
        if (middle.points[i].x - middle.points[i - 1].x < 0.3) continue;
        const double x = (middle.points[i].x + middle.points[i - 1].x) / 2;
        const auto l = share_right_of(low, frame, x), m = share_right_of(middle, frame, x),
                   h = share_right_of(high, frame, x);
        if (!l || !m || !h || *l < edge || *h > 1 - edge || *m > 1 - edge) continue;
        ++found.places;
        found.ordered += *l <= *m + edge && *m <= *h + edge;
        found.distance += *h - *l;
        // Where the lines are close, all scales are the same, and neighbours of one curve are as well.
        for (int scale = 0; scale < 3; ++scale) {
            const double expected = from_scale(scale, (on_scale(scale, *l) + on_scale(scale, *h)) / 2);
            found.symmetric[scale] += std::abs(expected - *m) < edge + 0.02 * (*h - *l);
        }
    }
    return found;
}

}  // namespace

std::vector<bool> find_limits(const std::vector<Chain>& chains, const CurveFrame& frame) {
    std::vector<bool> limit(chains.size(), false);
    constexpr std::size_t most_chains = 60;
    if (chains.size() < 3 || chains.size() > most_chains) return limit;
    struct Triple {
        std::size_t low, middle, high;
        bool own_style;
        double distance;
    };
    std::vector<Triple> triples;
    for (std::size_t m = 0; m < chains.size(); ++m)
        for (std::size_t l = 0; l < chains.size(); ++l)
            for (std::size_t h = 0; h < chains.size(); ++h) {
                if (l == m || h == m || l == h || !same_style(chains[l].style, chains[h].style)) continue;
                const Agreement found = agreement(chains[l], chains[m], chains[h], frame);
                if (found.places < 5 || found.ordered < 0.99 * found.places) continue;
                const bool symmetric = std::any_of(std::begin(found.symmetric), std::end(found.symmetric),
                                                   [&](int places) { return places > 0.9 * found.places; });
                const bool one_colour = chains[l].style.colour == chains[m].style.colour;
                const bool own_style = one_colour && !same_style(chains[l].style, chains[m].style);
                // Lines on both sides of a curve, in its colour and thinner or dashed, are its limits whatever their
                // scale.
                if (symmetric || own_style) triples.push_back({l, m, h, own_style, found.distance / found.places});
            }
    std::sort(triples.begin(), triples.end(), [](const Triple& a, const Triple& b) {
        return a.own_style != b.own_style ? a.own_style : a.distance < b.distance;
    });
    std::vector<bool> curve(chains.size(), false);
    for (const Triple& triple : triples) {
        if (curve[triple.low] || curve[triple.high] || limit[triple.middle] || limit[triple.low] || limit[triple.high])
            continue;
        limit[triple.low] = limit[triple.high] = true;
        curve[triple.middle] = true;
    }
    return limit;
}

}  // namespace hersurv::digitise
