// Cuts digitised figures earlier, publishes the cut, fits it, and scores the curves beyond its support.
#pragma once

#include "accuracy_measure.hpp"
#include "figure_constants.hpp"
#include "support_rows.hpp"
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hersurv::bench {

// Time over the last supported time of the earlier cut: more than the first, at most the second.
struct Distance {
    std::string_view words;
    double from = 1, to = 1;
};
inline constexpr std::array<Distance, 4> distances = {
    {{"1 to 1.25", 1, 1.25}, {"1.25 to 1.5", 1.25, 1.5}, {"1.5 to 2", 1.5, 2}, {"above 2", 2, 1e9}}};

// Means over the rows of one arm beyond its support.
struct BeyondSupport {
    std::size_t n_points = 0;
    double error = 0, absolute_error = 0;  // estimate less the full curve
    // By band: reconstruction, population; absent if the band is.
    std::array<std::optional<double>, 2> coverage, width;
};

// One arm of one cut under one model.
struct CutOutcome {
    std::size_t figure = 0, arm = 0, cut = 0, model = 0;
    bool has_curve = false;
    double entered = 0;  // share of the patients that the cut has
    double events = 0;   // share of the events of the figure
    double support_months = 0;
    std::array<BeyondSupport, distances.size() + 1> by_distance;  // the last: all of them
};

struct ExtrapolationOptions {
    std::vector<double> cuts = {0.5, 0.7};  // of the longest follow-up of the figure
    std::vector<ScoredModel> models;
    std::uint64_t seed = 1;
    int threads = 0;
};

// A cut that no paper would publish, with fewer than 10 events in an arm, is left out. In the order of figures, cuts,
// models, arms. `folder` holds the patients (ipd/). Both bands are widened outward by 1/n of the full figure.
[[nodiscard]] std::vector<CutOutcome> measure_extrapolation(const Figures& figures, const std::string& folder,
                                                            const PriorsOfFigures& priors,
                                                            const ExtrapolationOptions& options);

// Means over arms.
struct ExtrapolationLine {
    std::string endpoint;  // "OS", "PFS"
    double cut = 0;
    std::string model;
    std::string distance;  // words of a distance, or "all"
    std::size_t n_arms = 0, n_points = 0, n_without_curve = 0;
    double entered = 0, events = 0;  // means over the arms with points
    // Clustered by trial and publication; absent without arms.
    std::optional<ClusteredMean> error, absolute_error;
    std::array<std::optional<ClusteredMean>, 2> coverage, width;
};
[[nodiscard]] std::vector<ExtrapolationLine> extrapolation_lines(const Figures& figures,
                                                                 const ExtrapolationOptions& options,
                                                                 const std::vector<CutOutcome>& outcomes);

}  // namespace hersurv::bench
