// Simulates trials from known laws, publishes them, fits them, and scores the bands of the curves.
#pragma once

#include "hersurv/estimates.hpp"

#include "band_score.hpp"
#include "laws.hpp"
#include "publish.hpp"
#include "simulated_trial.hpp"
#include "support_rows.hpp"
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace hersurv::bench {

// What the paper of a simulated trial reports.
struct SimulatedEvidence {
    std::string_view name, words;
    fit::Pattern printed;  // of both arms
    FollowUpKind follow_up = FollowUpKind::reverse_kaplan_meier;
};
[[nodiscard]] const std::vector<SimulatedEvidence>& simulated_evidence();

struct CoverageOptions {
    std::vector<Law> laws;
    std::vector<SimulatedEvidence> evidence;
    std::vector<std::size_t> n_per_arm = {30, 100, 400, 1500};
    std::size_t trials = 100;
    std::uint64_t seed = 1;
    const fit::Model* model = nullptr;  // nullptr: auto
    Schedule schedule;
    double last_month = 60;
    int threads = 0;
};

inline constexpr std::array bands = {fit::Band::reconstruction, fit::Band::population};

// Of one law, number of patients and kind of evidence.
struct CoverageCell {
    std::size_t law = 0, n = 0, evidence = 0;  // indices into the options
    // By band and zone. Every group is one trial: the sum over its arms.
    std::array<std::array<GroupedSums, zones.size()>, bands.size()> by_zone;
    std::array<GroupedSums, bands.size()> all;  // every zone together
    std::size_t n_analyses = 0, n_contradictions = 0;
    std::size_t n_curves = 0, n_without_curve = 0;  // arms
    // Curves with a limit that rises by more than half a point, and the largest rise, by band.
    std::array<std::size_t, bands.size()> n_upper_rises{}, n_lower_rises{};
    std::array<double, bands.size()> largest_upper_rise{}, largest_lower_rise{};
};

// In the order of laws, n, evidence; the same for any number of threads. The reconstruction band, widened outward by
// 1/n, is compared with the Kaplan-Meier curve of the simulated patients while anybody is at risk; the population band
// with the law.
[[nodiscard]] std::vector<CoverageCell> measure_coverage(const CoverageOptions& options);

}  // namespace hersurv::bench
