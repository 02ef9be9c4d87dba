// A trial from numbers that somebody types, without a catalogue: one text an arm, the hazard ratio, the p-value.
#pragma once

#include "hersurv/catalogue/records.hpp"

#include <string>
#include <vector>

namespace hersurv::catalogue {

struct TypedTrial {
    std::string endpoint = "OS";
    // "name=A n=402 events=168 follow-up=50 median=57.1[50,72] S(96)=0.37 S(24)=80%[75,85]"; the first arm is the
    // experimental one, the others are controls. All keys are optional.
    std::vector<std::string> arms;
    // "0.69[0.58,0.82]" of the first arm against the second, or "B:A=0.69[0.58,0.82]" of B against A.
    std::vector<std::string> hazard_ratios;
    // "0.01", "p<0.001": of the hazard ratios in their order, or of the first two arms where there is none.
    std::vector<std::string> p_values;
};

// The trial "command-line" with one analysis, whose id is the endpoint in lower case. Numbers are taken as typed: 57.10
// has two decimals, 80% is 0.80, NR and NE are what they are in a catalogue, limits are [a,b], (a-b) or a-b behind the
// value. The ranges are those of the reader. Throws UsageError, one line a fault: the text and the column in it.
[[nodiscard]] Trial trial_from_text(const TypedTrial& typed);

}  // namespace hersurv::catalogue
