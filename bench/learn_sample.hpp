// The digitised figures as the learning sees them: the Kaplan-Meier curves themselves beside what is printed of them.
#pragma once

#include "hersurv/patients.hpp"

#include "accuracy_figures.hpp"
#include <cstddef>
#include <string>
#include <vector>

namespace hersurv::bench {

struct SampleArm {
    const DigitisedArm* printed = nullptr;
    patients::KaplanMeier curve;
};

struct SampleFigure {
    const DigitisedFigure* figure = nullptr;
    std::string cancer;           // as the evidence of its record names it
    std::size_t cluster = 0;      // figures of one trial or publication have the same
    std::vector<SampleArm> arms;  // as the figure's
};

// `figures` must outlive the sample. Reads ipd/DATASET.csv of the folder; throws support::InputError as read_figures.
[[nodiscard]] std::vector<SampleFigure> read_sample(const Figures& figures, const std::string& folder);

// Fold 0 .. count - 1 of every figure: clusters stay whole, and the folds are as even as that allows.
[[nodiscard]] std::vector<std::size_t> folds_of(const std::vector<SampleFigure>& sample, std::size_t count);

}  // namespace hersurv::bench
