// What the judgement of a digitised figure says of sound ones.
#pragma once

#include "hersurv/patients.hpp"

#include <span>
#include <string>
#include <vector>

namespace hersurv::bench {

struct Judgement {
    std::string refusal;                // empty: it was read
    std::vector<std::string> warnings;  // of the files, the numbers and the patients
    // Of each arm: root mean square distance of the patients' curve to the points less half a step (1 / (2 n)), and the
    // events that the curve asks for beyond those that the numbers at risk allow, as a share of the patients.
    std::vector<double> distance, lacking;
};

// Writes the figure as tables, reads them, and reconstructs the patients.
[[nodiscard]] Judgement judge(std::span<const patients::DigitisedArm> arms);

// Counts and 99% quantiles, in words.
[[nodiscard]] std::string summary(std::span<const Judgement> judgements);

}  // namespace hersurv::bench
