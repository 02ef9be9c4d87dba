// All ways to cut a word into characters with what each piece could be; which text fits best, and how well a given text
// fits.
#pragma once

#include "digitise/labels/character_classifier.hpp"
#include <string>

namespace hersurv::digitise {

struct TextReading {
    std::string text{};
    double cost = 0;  // -log probability, the sum over its characters
};

class CharacterLattice {
  public:
    explicit CharacterLattice(const WordInk& word);

    // The best reading of any characters, and the best of digits, point, comma, percent and minus.
    [[nodiscard]] TextReading best_text() const { return best(false); }
    [[nodiscard]] TextReading best_number() const { return best(true); }
    // The best readings as a whole number, each another text, the best first.
    [[nodiscard]] std::vector<TextReading> best_integers(std::size_t count) const;
    // -log probability that the word is `text`; at most `limit`.
    [[nodiscard]] double cost(std::string_view text, double limit) const;
    [[nodiscard]] int height() const { return height_; }

  private:
    struct Piece {
        int from = 0, to = 0;  // indices of cuts
        ClassCosts costs{};
        std::vector<float> number_costs{};  // of digits, point, comma, percent and minus, where a number is expected
    };
    [[nodiscard]] TextReading best(bool numbers_only) const;
    [[nodiscard]] static float cost_of(const Piece& piece, char character);
    void find_cuts(const WordInk& word);
    void add_inner_cuts(const std::vector<float>& sums, int begin, int end);
    void classify_pieces(const WordInk& word);

    int height_ = 0;
    std::vector<int> cuts_{};
    std::vector<bool> in_ground_{};  // of each cut
    std::vector<Piece> pieces_{};    // ascending in `to`
};

}  // namespace hersurv::digitise
