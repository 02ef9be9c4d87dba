// The weights of the character classifier, as learn_characters.py writes them: whole numbers as characters, a factor
// for each unit.
#pragma once

namespace hersurv::digitise {

inline constexpr int hidden_units = 96;
inline constexpr int weight_zero =
    44 + 35;  // the character of a weight of 0; '}' stands for the backslash, '~' for the question mark

extern const char* const character_classes;  // one character for each output; the last output is "no character"
extern const char* const hidden_levels;      // unit by unit, one character for each feature
extern const float hidden_factors[];
extern const float hidden_biases[];
extern const char* const output_levels;  // class by class, one character for each hidden unit
extern const float output_factors[];
extern const float output_biases[];

}  // namespace hersurv::digitise
