// Which character a piece of a word is: a small neural network over 12 x 16 grey cells and five measures of its place
// in the word. learn_characters.py trains it and cuts characters in the same way.
#pragma once

#include "digitise/labels/ink.hpp"
#include <array>
#include <string_view>

namespace hersurv::digitise {

inline constexpr int cell_columns = 12, cell_rows = 16, place_measures = 5;
inline constexpr int character_features = cell_columns * cell_rows + place_measures;
inline constexpr float ink_trim = 0.3F;    // share of the word's darkest ink below which a row or column is ground
inline constexpr float faint_ink = 0.12F;  // less than this share of it is grid lines and noise

// The ink of one word, from 0 to 1 (its darkest), and the rows between which its characters stand.
struct WordInk {
    int width = 0, height = 0;
    std::vector<float> ink{};
    int top = 0, bottom = 0;  // of the inked rows
    [[nodiscard]] float at(int x, int y) const { return ink[static_cast<std::size_t>(y) * width + x]; }
};
[[nodiscard]] WordInk word_ink(const InkMap& map, const Component& box);

// Columns [begin, end) without the ground around them; false if there is no ink.
struct InkFrame {
    int left = 0, top = 0, right = 0, bottom = 0;
};
[[nodiscard]] bool frame_of(const WordInk& word, int begin, int end, InkFrame& frame);

// -log of the probability of each class of `character_classes`, and of "no character" as the last.
using ClassCosts = std::vector<float>;
[[nodiscard]] ClassCosts classify_character(const WordInk& word, const InkFrame& frame);

[[nodiscard]] int class_of(char character);  // -1 if there is none

}  // namespace hersurv::digitise
