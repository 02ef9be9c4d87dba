// Finding titles beside axes, and units within them by approximate matching.
#include "digitise/axis_title.hpp"

#include <algorithm>
#include <cctype>
#include <string_view>

namespace hersurv::digitise {

namespace {

// The fewest letters to change, leave out or add so that `word` occurs in `text`.
// Source: P. H. Sellers, The theory and computation of evolutionary distances: pattern recognition. J Algorithms
// 1980;1:359-373.
int distance_within(std::string_view word, std::string_view text) {
    std::vector<int> column(word.size() + 1);
    for (std::size_t i = 0; i <= word.size(); ++i) column[i] = static_cast<int>(i);
    int best = column.back();
    for (const char c : text) {
        int diagonal = column[0];
        for (std::size_t i = 1; i <= word.size(); ++i) {
            const int above = column[i];
            column[i] = std::min({diagonal + (word[i - 1] == c ? 0 : 1), above + 1, column[i - 1] + 1});
            diagonal = above;
        }
        best = std::min(best, column.back());
    }
    return best;
}

// Letters only, small; what looks like a letter counts as one.
std::string letters_of(const std::string& text, bool keep_spaces) {
    std::string out;
    for (const char c : text) {
        if (std::isalpha(static_cast<unsigned char>(c)) != 0)
            out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        else if (c == '0')
            out += 'o';
        else if (c == '1')
            out += 'l';
        else if (keep_spaces)
            out += ' ';
    }
    return out;
}

double height_of_text(const Box& box) { return box.bottom - box.top; }

bool is_words(const Label& label) {
    const auto letters =
        std::ranges::count_if(label.text, [](char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; });
    return !label.number && letters >= 2 && letters * 2 > static_cast<long>(label.text.size());
}

}  // namespace

TimeUnit unit_in(const std::string& text) {
    const std::string letters = letters_of(text, false);
    struct Word {
        std::string_view word;
        int wrong;  // letters that may be misread
        TimeUnit unit;
    };
    static constexpr Word words[] = {{"months", 1, TimeUnit::months}, {"weeks", 1, TimeUnit::weeks},
                                     {"years", 1, TimeUnit::years},   {"days", 0, TimeUnit::days},
                                     {"month", 0, TimeUnit::months},  {"week", 0, TimeUnit::weeks},
                                     {"year", 0, TimeUnit::years}};
    const Word* best = nullptr;
    int fewest = 100;
    for (const Word& w : words) {
        const int wrong = distance_within(w.word, letters);
        if (wrong <= w.wrong && wrong < fewest) best = &w, fewest = wrong;
    }
    if (best != nullptr) return best->unit;
    const std::string spaced = " " + letters_of(text, true) + " ";
    struct Short {
        std::string_view word;
        TimeUnit unit;
    };
    static constexpr Short shorts[] = {
        {" mo ", TimeUnit::months}, {" mos ", TimeUnit::months}, {" mths ", TimeUnit::months},
        {" wk ", TimeUnit::weeks},  {" wks ", TimeUnit::weeks},  {" yr ", TimeUnit::years},
        {" yrs ", TimeUnit::years}, {" d ", TimeUnit::days},     {" day ", TimeUnit::days}};
    for (const Short& s : shorts)
        if (spaced.find(s.word) != std::string::npos) return s.unit;
    return TimeUnit::unknown;
}

std::string time_title(const Drawing& drawing, const Box& labels, double left, double right) {
    const Label* nearest = nullptr;
    const Label* with_unit = nullptr;
    for (const Label& label : drawing.labels) {
        if (label.turned || !is_words(label)) continue;
        const double middle = (label.box.left + label.box.right) / 2, below = label.box.top - labels.bottom;
        if (middle < left || middle > right || below < -0.3 * height_of_text(labels) ||
            below > 6 * height_of_text(labels))
            continue;
        const auto nearer = [&](const Label* other) {
            return other == nullptr || label.box.top < other->box.top - 2 ||
                   (label.box.top < other->box.top + 2 && label.text.size() > other->text.size());
        };
        if (nearer(nearest)) nearest = &label;
        if (unit_in(label.text) != TimeUnit::unknown && nearer(with_unit)) with_unit = &label;
    }
    if (with_unit != nullptr) return with_unit->text;
    return nearest == nullptr ? "" : nearest->text;
}

std::string survival_title(const Drawing& drawing, const Box& labels, double top, double bottom) {
    const Label* nearest = nullptr;
    for (const Label& label : drawing.labels) {
        if (!label.turned || !is_words(label) || label.text.size() < 4) continue;
        const double middle = (label.box.top + label.box.bottom) / 2, beside = labels.left - label.box.right;
        if (middle < top || middle > bottom || beside < -0.3 * height_of_text(labels) || beside > 0.6 * (bottom - top))
            continue;
        if (nearest == nullptr || label.text.size() > nearest->text.size()) nearest = &label;
    }
    return nearest == nullptr ? "" : nearest->text;
}

}  // namespace hersurv::digitise
