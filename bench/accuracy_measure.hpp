// Fits every model to every record of the figures, scores the curves, and takes means over arms.
#pragma once

#include "hersurv/fit.hpp"

#include "accuracy_figures.hpp"
#include "accuracy_patterns.hpp"
#include "figure_constants.hpp"
#include "scoring.hpp"
#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hersurv::bench {

// What `--model` of the program accepts: a row of the table of models, or `auto`.
struct ScoredModel {
    std::string name;
    const fit::Model* row = nullptr;  // nullptr: auto
};
[[nodiscard]] std::vector<ScoredModel> scored_models();

// One arm under one pattern and model.
struct ArmOutcome {
    std::size_t figure = 0, arm = 0;     // of Figures, of DigitisedFigure
    std::size_t pattern = 0, model = 0;  // of the lists that were given
    std::string fitted_model;            // what `auto` took
    fit::FitStatus status = fit::FitStatus::not_enough_data;
    std::string reason;
    std::optional<ArmScore> score;  // absent where no curve was given
};

// In the order of figures, patterns, models, arms: the same for any number of threads (<= 0: as many as there are
// processors).
[[nodiscard]] std::vector<ArmOutcome> measure(const Figures& figures, const PriorsOfFigures& priors,
                                              const std::vector<Pattern>& patterns,
                                              const std::vector<ScoredModel>& models, int threads,
                                              fit::Target target = fit::Target::automatic);

// Means over the arms of an endpoint whose median was reached, or was not, under one pattern and model.
struct MeanScores {
    std::string endpoint, pattern, model;
    bool median_reached = true;
    std::size_t n_arms = 0;           // with a curve: those that the means are over
    std::size_t n_without_curve = 0;  // the model gave none
    std::size_t n_not_converged = 0;  // of n_arms
    // Absent where no arm has a curve; clustered by trial and publication.
    std::optional<ClusteredMean> mean_absolute_error, largest_error, relative_rmst_error, coverage, width;
    std::vector<std::optional<double>> baselines;  // over the same arms; absent where one of them has none
    std::optional<double> over_weibull_ipd;        // mean absolute error / that of the patient-level Weibull fit
    std::optional<double> over_own_ipd;            // / that of the patient-level fit of the same family
    double least_patients = 0;                     // that 95% of the arms have at least
    std::array<std::size_t, fit::size_classes.size()> n_arms_of_size = {};
    std::array<std::optional<double>, fit::size_classes.size()> error_of_size;  // mean absolute, by number of patients
};

[[nodiscard]] std::vector<MeanScores> mean_scores(const Figures& figures, const std::vector<Pattern>& patterns,
                                                  const std::vector<ScoredModel>& models,
                                                  const std::vector<ArmOutcome>& outcomes);

}  // namespace hersurv::bench
