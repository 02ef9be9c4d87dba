// The curves of a vector panel: their vertices are in the file, exact to its rounding.
#include "digitise/legend.hpp"
#include "digitise/vector/chains.hpp"
#include <algorithm>
#include <cmath>
#include <numeric>

namespace hersurv::digitise {

namespace {

double colour_distance(const Colour& first, const Colour& second) {
    return std::hypot(first.red - second.red, std::hypot(first.green - second.green, first.blue - second.blue));
}

std::string dash_name(const LineStyle& style) {
    if (style.dashes.empty()) return "solid";
    const double longest = *std::max_element(style.dashes.begin(), style.dashes.end());
    const double drawn = style.dashes[0];
    // A point is as long as the line is wide; R writes 1 to 3 widths for a dot and its gap.
    return drawn <= 1.6 * style.width && longest <= 4.5 * style.width ? "dotted" : "dashed";
}

double survival_at(const std::vector<Step>& steps, double time) {
    const auto next =
        std::upper_bound(steps.begin(), steps.end(), time, [](double at, const Step& step) { return at < step.time; });
    return next == steps.begin() ? steps.front().survival : std::prev(next)->survival;
}

// The mean of S up to a time.
double mean_survival(const std::vector<Step>& steps, double until) {
    double area = 0;
    for (std::size_t i = 0; i < steps.size(); ++i) {
        const double from = std::min(steps[i].time, until),
                     to = i + 1 < steps.size() ? std::min(steps[i + 1].time, until) : until;
        area += (to - from) * steps[i].survival;
    }
    return until > 0 ? area / until : 1;
}

struct Candidate {
    Chain chain{};
    TracedCurve curve{};
    bool limit = false;
};

// Points that are known to lie on an arm bring back a line that was taken for a limit.
void apply_points(const CurveHints& hints, std::vector<Candidate>& candidates) {
    for (const CurveHints::KnownPoint& point : hints.points) {
        Candidate* nearest = nullptr;
        double best = 0.03;
        for (Candidate& candidate : candidates) {
            if (point.time > candidate.curve.ends_at) continue;
            const double distance = std::abs(survival_at(candidate.curve.steps, point.time) -
                                             (hints.failure ? 1 - point.survival : point.survival));
            if (distance < best) {
                best = distance;
                nearest = &candidate;
            }
        }
        if (nearest != nullptr) nearest->limit = false;
    }
}

// With the colours of arms given, lines of other colours are none.
void apply_colours(const CurveHints& hints, std::vector<Candidate>& candidates) {
    if (hints.colours.empty()) return;
    constexpr double alike = 60;
    for (Candidate& candidate : candidates) {
        const auto named =
            std::min_element(hints.colours.begin(), hints.colours.end(), [&](const auto& first, const auto& second) {
                return colour_distance(first.colour, candidate.chain.style.colour) <
                       colour_distance(second.colour, candidate.chain.style.colour);
            });
        if (colour_distance(named->colour, candidate.chain.style.colour) < alike)
            candidate.curve.name = named->arm;
        else
            candidate.limit = true;
    }
}

// More lines than arms: those with few steps, or that end early, are lines of something else.
void keep_arms(int arms, std::vector<Candidate>& candidates) {
    if (candidates.size() <= static_cast<std::size_t>(arms)) return;
    std::stable_sort(candidates.begin(), candidates.end(), [](const Candidate& first, const Candidate& second) {
        return first.curve.steps.size() > second.curve.steps.size();
    });
    candidates.resize(static_cast<std::size_t>(arms));
}

void sort_upper_first(std::vector<Candidate>& candidates, bool failure) {
    double until = std::numeric_limits<double>::infinity();
    for (const Candidate& candidate : candidates) until = std::min(until, candidate.curve.ends_at);
    std::stable_sort(candidates.begin(), candidates.end(), [&](const Candidate& first, const Candidate& second) {
        const double mean_1 = mean_survival(first.curve.steps, until),
                     mean_2 = mean_survival(second.curve.steps, until);
        return failure ? mean_1 < mean_2 : mean_1 > mean_2;
    });
}

double length_of_chain(const Chain& chain) {
    double length = 0;
    for (std::size_t i = 1; i < chain.points.size(); ++i)
        length += std::hypot(chain.points[i].x - chain.points[i - 1].x, chain.points[i].y - chain.points[i - 1].y);
    return length;
}

}  // namespace

std::vector<TracedCurve> trace_paths(const Drawing& drawing, const Axes& axes, const CurveHints& hints) {
    const CurveFrame frame(axes, hints.failure);
    const std::vector<Chain> chains = find_chains(drawing, frame);
    const std::vector<bool> limits = find_limits(chains, frame);
    std::vector<Candidate> candidates;
    for (std::size_t i = 0; i < chains.size(); ++i) {
        Candidate candidate{chains[i], {}, limits[i]};
        candidate.curve.colour = chains[i].style.colour;
        candidate.curve.dash = dash_name(chains[i].style);
        candidate.curve.steps = steps_of(chains[i], frame, candidate.curve.ends_at);
        candidate.curve.evidence.path_on_ink =
            1 - std::min(1.0, chains[i].bridged / std::max(1.0, length_of_chain(chains[i])));
        candidates.push_back(std::move(candidate));
    }
    apply_points(hints, candidates);
    apply_colours(hints, candidates);
    std::erase_if(candidates, [](const Candidate& candidate) { return candidate.limit; });
    if (hints.arms) keep_arms(*hints.arms, candidates);
    sort_upper_first(candidates, hints.failure);

    std::vector<Chain> arms;
    for (const Candidate& candidate : candidates) arms.push_back(candidate.chain);
    const std::vector<std::vector<double>> marks = find_marks(drawing, arms, frame);
    // Text that was read from outlines may have wrong letters: no name for people, but enough to tell rows of a table.
    constexpr double certain = .999, legible = .02;
    const std::vector<std::string> names = arm_names(drawing, arms, frame, certain),
                                   legend = arm_names(drawing, arms, frame, legible);
    std::vector<TracedCurve> curves;
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        TracedCurve curve = std::move(candidates[i].curve);
        if (curve.name.empty()) curve.name = names[i];
        curve.legend = legend[i];
        curve.censored = marks[i];
        std::erase_if(curve.censored, [&](double time) { return time > curve.ends_at + 0.01 * frame.time_range(); });
        curves.push_back(std::move(curve));
    }
    return curves;
}

}  // namespace hersurv::digitise
