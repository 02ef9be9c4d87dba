// Names in any case, and lists of words.
#include "hersurv/support/words.hpp"

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

}  // namespace hersurv::support
