// Rows and columns of labels: which arithmetic progression explains them best.
#pragma once

#include "digitise/calibration.hpp"

namespace hersurv::digitise {

// A word of a row or column that is or may be a number, and where its middle is along the axis.
struct AxisLabel {
    const Label* label = nullptr;
    double position = 0;
    // -log probability that the label reads `text`, at most `label_cost_limit`.
    [[nodiscard]] double cost(const std::string& text) const;
};
inline constexpr double label_cost_limit = 6;

struct LabelledValue {
    double value = 0;
    double position = 0;
    const Label* label = nullptr;
};

struct Progression {
    std::vector<LabelledValue> labelled{};  // ascending in value
    double score = 0;                       // what its labels are better read as these values than not at all
    double rival = 0;                       // the best score of a progression with other values
    Scale scale{};
    bool percent = false;  // percent signs, or values above 1.5 of a survival axis
};

// Nothing if fewer than three labels fit any progression. `rising`: values grow with the position (times), else they
// fall (survival).
[[nodiscard]] std::optional<Progression> find_progression(std::vector<AxisLabel>& labels, bool rising,
                                                          double label_height);

// Least squares through the values and positions; `residual` is the root mean square.
[[nodiscard]] Scale fit_scale(const std::vector<LabelledValue>& points);

// How a value may be written on an axis, commonest first.
[[nodiscard]] std::vector<std::string> label_texts(double value);

}  // namespace hersurv::digitise
