// Suggestions by edit distance, shell globs.
#include "catalogue/names.hpp"

#include "catalogue/text.hpp"
#include <algorithm>
#include <utility>

namespace hersurv::catalogue {
namespace {

char folded_letter(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// Edits (insert, delete, replace, swap of neighbours) that turn one text into the other: the restricted
// Damerau-Levenshtein distance (optimal string alignment), or any number above `most` where it is larger.
std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t most) {
    if (a.size() > b.size()) std::swap(a, b);
    if (b.size() - a.size() > most) return most + 1;
    std::vector<std::size_t> before_last(a.size() + 1), last(a.size() + 1), row(a.size() + 1);
    for (std::size_t i = 0; i <= a.size(); ++i) last[i] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
        row[0] = j;
        for (std::size_t i = 1; i <= a.size(); ++i) {
            row[i] = std::min({last[i] + 1, row[i - 1] + 1, last[i - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[i] = std::min(row[i], before_last[i - 2] + 1);
        }
        std::swap(before_last, last);
        std::swap(last, row);
    }
    return last[a.size()];
}

// Bytes of the character that begins at `at`.
std::size_t character_length(std::string_view text, std::size_t at) {
    std::size_t length = 1;
    while (at + length < text.size() && (static_cast<unsigned char>(text[at + length]) & 0xC0u) == 0x80u) ++length;
    return length;
}

}  // namespace

std::vector<std::string> nearest(const std::string& name, const std::vector<std::string>& candidates,
                                 std::size_t most) {
    // What is longer than any name is compared with none: the work grows with the product of the lengths.
    constexpr std::size_t longest = 300;
    if (name.size() > longest) return {};
    const std::string key = folded(std::string_view(name));
    // One edit in three letters; a single letter is near to nothing but itself.
    const std::size_t allowed = key.size() < 2 ? 0 : std::max<std::size_t>(1, key.size() / 3);
    constexpr std::size_t shortest_part = 3;
    std::vector<std::pair<std::size_t, std::size_t>> near;  // distance, position
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        const std::string candidate = folded(std::string_view(candidates[i]));
        const std::size_t distance = edit_distance(key, candidate, allowed);
        if (distance <= allowed) {
            near.emplace_back(distance, i);
        } else if (key.size() >= shortest_part && candidate.find(key) != std::string::npos) {
            near.emplace_back(allowed + (candidate.starts_with(key) ? 1 : 2),
                              i);  // part of a name: after those that are a slip away
        } else if (candidate.size() >= shortest_part && key.starts_with(candidate)) {
            near.emplace_back(allowed + 2, i);
        }
    }
    std::stable_sort(near.begin(), near.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<std::string> names;
    for (const auto& [distance, i] : near) {
        if (names.size() == most) break;
        if (std::find(names.begin(), names.end(), candidates[i]) == names.end()) names.push_back(candidates[i]);
    }
    return names;
}

bool glob_match(std::string_view pattern, std::string_view text) {
    std::size_t p = 0, t = 0;
    std::size_t star = std::string_view::npos,
                resume = 0;  // where to go back to when what follows a star does not match
    while (t < text.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            resume = t;
        } else if (p < pattern.size() && pattern[p] == '?') {
            ++p;
            t += character_length(text, t);
        } else if (p < pattern.size() && folded_letter(pattern[p]) == folded_letter(text[t])) {
            ++p;
            ++t;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            resume += character_length(text, resume);
            t = resume;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '*') ++p;
    return p == pattern.size();
}

}  // namespace hersurv::catalogue
