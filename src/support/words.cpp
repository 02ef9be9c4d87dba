// Names in any case, lists of words, counts.
#include "support/words.hpp"

#include <algorithm>

namespace hersurv::support {
namespace {

char folded_letter(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

std::string folded(std::string_view text) {
    std::string key(text);
    for (char& c : key) c = folded_letter(c);
    return key;
}

bool equal_any_case(std::string_view left, std::string_view right) {
    return std::ranges::equal(left, right, {}, folded_letter, folded_letter);
}

std::string joined(const std::vector<std::string>& words, std::string_view separator) {
    std::string text;
    for (const std::string& word : words) {
        if (!text.empty()) text += separator;
        text += word;
    }
    return text;
}

std::string alternatives(const std::vector<std::string>& words) {
    std::string text;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (i > 0) text += i + 1 == words.size() ? " or " : ", ";
        text += words[i];
    }
    return text;
}

std::string counted(std::size_t count, std::string_view singular, std::string_view plural) {
    std::string text = std::to_string(count) + " ";
    text += count == 1 || plural.empty() ? singular : plural;
    if (count != 1 && plural.empty()) text += 's';
    return text;
}

std::string_view trimmed(std::string_view text, std::string_view blanks) {
    const std::size_t from = text.find_first_not_of(blanks);
    if (from == std::string_view::npos) return {};
    return text.substr(from, text.find_last_not_of(blanks) - from + 1);
}

std::vector<std::string> split(std::string_view text, char separator) {
    std::vector<std::string> parts;
    std::size_t start = 0;
    while (true) {
        const std::size_t end = text.find(separator, start);
        parts.emplace_back(text.substr(start, end - start));
        if (end == std::string_view::npos) return parts;
        start = end + 1;
    }
}

}  // namespace hersurv::support
