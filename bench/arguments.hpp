// The arguments of the programs that measure: values, whole numbers, lists.
#pragma once

#include "hersurv/error.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <string>
#include <system_error>
#include <vector>

namespace hersurv::bench {

// Takes one argument after the other.
class Arguments {
  public:
    explicit Arguments(const std::vector<std::string>& arguments) : arguments_(arguments) {}
    [[nodiscard]] bool left() const { return next_ < arguments_.size(); }
    const std::string& take() { return arguments_[next_++]; }
    // The value of the option that was taken last.
    const std::string& value() {
        if (!left()) throw support::UsageError(arguments_[next_ - 1] + " needs a value");
        return take();
    }
    template <class Number>
    Number whole_number(Number least) {
        const std::string option = arguments_[next_ - 1];
        return parse(option, value(), least);
    }
    std::vector<std::string> list() { return split(value()); }
    std::vector<std::size_t> whole_numbers() {
        const std::string option = arguments_[next_ - 1];
        std::vector<std::size_t> numbers;
        for (const std::string& part : list()) numbers.push_back(parse<std::size_t>(option, part, 1));
        return numbers;
    }

    static std::vector<std::string> split(const std::string& list) {
        std::vector<std::string> parts;
        std::size_t begin = 0;
        while (begin <= list.size()) {
            const std::size_t end = std::min(list.find(',', begin), list.size());
            if (end > begin) parts.push_back(list.substr(begin, end - begin));
            begin = end + 1;
        }
        return parts;
    }

  private:
    template <class Number>
    static Number parse(const std::string& option, const std::string& text, Number least) {
        Number number{};
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (error != std::errc() || end != text.data() + text.size() || number < least)
            throw support::UsageError(option + " needs a whole number of " + std::to_string(least) + " or more, not '" +
                                      text + "'");
        return number;
    }
    const std::vector<std::string>& arguments_;
    std::size_t next_ = 0;
};

// Those of `all` that are named, in their order; all of them if nothing is named.
template <class Row>
std::vector<Row> chosen(const std::vector<Row>& all, const std::vector<std::string>& names, const std::string& what) {
    for (const std::string& name : names) {
        if (std::any_of(all.begin(), all.end(), [&name](const Row& row) { return row.name == name; })) continue;
        std::string known;
        for (const Row& row : all) known += (known.empty() ? "" : ", ") + std::string(row.name);
        throw support::UsageError("unknown " + what + " '" + name + "'; known: " + known);
    }
    if (names.empty()) return all;
    std::vector<Row> result;
    std::copy_if(all.begin(), all.end(), std::back_inserter(result),
                 [&names](const Row& row) { return std::find(names.begin(), names.end(), row.name) != names.end(); });
    return result;
}

}  // namespace hersurv::bench
