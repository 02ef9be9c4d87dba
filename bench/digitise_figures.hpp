// Figures to digitise with their truth: figures.json, images, vector files and curves of one folder.
#pragma once

#include "hersurv/digitise.hpp"

#include <optional>
#include <string>
#include <vector>

namespace hersurv::bench {

struct TrueArm {
    std::vector<digitise::CurvePoint> curve{};  // S falls to `survival` at `time`
    std::vector<int> at_risk{};                 // at 0, xstep, 2 xstep, ...
    double last_time = 0;                       // of the last patient
};

struct DrawnFigure {
    std::string id{}, engine{}, style{}, limits{}, grid{}, censor_marks{};
    int jpeg = 0, width = 0;  // quality (0: PNG), px
    double x_end = 0, x_step = 0, y_start = 0, y_step = 0;
    bool percent = false, has_at_risk = false;
    bool failure = false;  // cumulative incidence
    int panel = 0;         // of a figure with several; 0: it has one
    std::vector<TrueArm> arms{};

    [[nodiscard]] double scored_until(std::size_t arm) const;
};

// Throws InputError if the folder has no figures.json or it has not the members that are needed.
[[nodiscard]] std::vector<DrawnFigure> read_drawn_figures(const std::string& folder);

struct FigureScore {
    std::string figure{};
    bool axes_read = false, axes_wrong = false;
    bool read = false;  // there are curves
    std::size_t n_arms = 0;
    std::vector<double> errors{};  // mean absolute error of S of each true arm; empty if the number of arms is wrong
    digitise::Verdict verdict = digitise::Verdict::refused;
    std::string reason{};                             // of the verdict, or the message
    int cells = 0, cells_right = 0, cells_wrong = 0;  // of the number-at-risk table; wrong: another number is given
    double seconds = 0;
    std::vector<double> patient_errors{};  // mean absolute error of S of the reconstructed patients, as `errors`

    [[nodiscard]] double worst() const;
    [[nodiscard]] bool within(double limit) const { return !errors.empty() && worst() < limit; }
    [[nodiscard]] bool wrong_unannounced() const;
};

enum class FigureMode { raster, pdf, svg };

[[nodiscard]] FigureScore score_figure(const std::string& folder, const DrawnFigure& figure, FigureMode mode,
                                       bool axes_given);

// Mean absolute error of S over (0, until] of the patients that are reconstructed of an arm with the numbers at risk
// that were read, or, if there are none, with the true number of patients. Nothing if they cannot be.
[[nodiscard]] std::optional<double> patient_error(const TrueArm& truth, const digitise::Arm& read, double until);

// What is recorded of a figure, and whether a reading is worse than its record.
[[nodiscard]] std::string record_of(const std::vector<DrawnFigure>& figures, const std::vector<FigureScore>& scores);
// One sentence for each figure that is worse.
[[nodiscard]] std::vector<std::string> worse_than(const std::string& record_file,
                                                  const std::vector<FigureScore>& scores);

}  // namespace hersurv::bench
