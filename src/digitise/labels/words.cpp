// Grouping components into words.
#include "digitise/labels/words.hpp"

#include <algorithm>
#include <numeric>

namespace hersurv::digitise {

namespace {

// Gaps within a word are up to this share of the height of its characters; a space is 0.28 em, which is 0.39 of the
// height of a digit, and its neighbours keep some distance as well.
constexpr double gap_within_word = 0.45;

Component around(const Component& a, const Component& b) {
    return {std::min(a.left, b.left), std::min(a.top, b.top), std::max(a.right, b.right), std::max(a.bottom, b.bottom)};
}

// A tick mark behind a label of the survival axis ends the word, as a hyphen does.
bool is_dash_after(const Component& dash, const Component& before) {
    const double middle = (dash.top + dash.bottom) / 2.0 - before.top;
    return dash.width() >= 1.8 * dash.height() && dash.height() < 0.35 * before.height() &&
           middle > 0.25 * before.height() && middle < 0.75 * before.height();
}

}  // namespace

bool on_one_line(const Component& a, const Component& b) {
    const Component& high = a.height() >= b.height() ? a : b;
    const Component& low = a.height() >= b.height() ? b : a;
    const double middle = (low.top + low.bottom) / 2.0;
    return middle > high.top - 0.3 * high.height() && middle < high.bottom + 0.35 * high.height();
}

std::vector<Component> group_words(std::vector<Component> components) {
    std::ranges::sort(components, {}, [](const Component& c) { return std::pair(c.left, c.top); });
    std::vector<std::size_t> parents(components.size());
    std::iota(parents.begin(), parents.end(), std::size_t{0});
    const auto root = [&](std::size_t i) {
        while (parents[i] != i) i = parents[i] = parents[parents[i]];
        return i;
    };
    int widest = 0, highest = 0;
    for (const Component& c : components) widest = std::max(widest, c.width()), highest = std::max(highest, c.height());
    for (std::size_t i = 0; i < components.size(); ++i) {
        const Component& a = components[i];
        const double reach = a.right + gap_within_word * highest;
        for (std::size_t j = i + 1; j < components.size() && components[j].left <= reach; ++j) {
            const Component& b = components[j];
            const double gap = b.left - a.right;
            if (gap > gap_within_word * std::max(a.height(), b.height()) || !on_one_line(a, b) || is_dash_after(b, a))
                continue;
            parents[root(j)] = root(i);
        }
    }
    std::vector<Component> words(components.size());
    for (std::size_t i = 0; i < components.size(); ++i) {
        Component& word = words[root(i)];
        word = word.right == 0 ? components[i] : around(word, components[i]);
    }
    std::erase_if(words, [](const Component& w) { return w.right == 0; });
    return words;
}

}  // namespace hersurv::digitise
