// The folder of digitised Kaplan-Meier figures: its CSV files as figures of two arms.
#pragma once

#include "hersurv/patients.hpp"

#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace hersurv::bench {

struct DigitisedMilestone {
    double time_months = 0, survival = 0;
};

// One arm, with its statistics as estimated from the digitised curve, unrounded.
struct DigitisedArm {
    std::string name;
    int n_patients = 0, n_events = 0;
    std::optional<double> median_months, median_lower_months, median_upper_months;  // absent: not reached
    std::optional<double> median_follow_up_months;
    // As the paper says; the digitised figures have that of the reverse Kaplan-Meier curve.
    catalogue::FollowUp::Kind follow_up_kind = catalogue::FollowUp::Kind::reverse_kaplan_meier;
    double horizon_months = 0;
    std::vector<DigitisedMilestone> milestones;
    std::vector<double> times_months, survival;    // the published curve on an even grid over (0, horizon]
    std::vector<std::optional<double>> baselines;  // mean absolute error of S, as Figures::baselines
};

struct DigitisedFigure {
    std::string dataset, trial, publication, cancer, endpoint;
    double hazard_ratio = 0, hazard_ratio_lower = 0, hazard_ratio_upper = 0;  // other v reference, Cox, unstratified
    std::array<DigitisedArm, 2> arms;                                         // reference, other
};

struct Figures {
    std::vector<std::string>
        baselines;  // "exp_median", "weibull_ipd", ...: the columns of baselines.csv from the fifth on
    std::vector<DigitisedFigure> figures;  // in the order of index.csv
};

// Reads index.csv, published.csv, curves.csv and baselines.csv. Throws support::InputError where a file or a number is
// missing, or a grid is not even.
[[nodiscard]] Figures read_figures(const std::string& folder);

// The patients of both arms: ipd/DATASET.csv of the folder. Throws support::InputError as read_figures.
[[nodiscard]] std::array<std::vector<patients::Patient>, 2> read_patients(const DigitisedFigure& figure,
                                                                          const std::string& folder);

}  // namespace hersurv::bench
