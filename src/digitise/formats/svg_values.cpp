// The values that attributes of an SVG have.
#include "digitise/formats/svg_values.hpp"

#include "support/number_text.hpp"
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <numbers>

namespace hersurv::digitise {

namespace {

// Reads a number at `at` and goes behind it; flags of arcs and numbers that start with a point may follow without a
// blank.
std::optional<double> number_at(std::string_view text, std::size_t& at) {
    std::size_t start = at;
    if (start < text.size() && text[start] == '+') ++start;
    double value = 0;
    const auto [end, fault] = std::from_chars(text.data() + start, text.data() + text.size(), value);
    if (fault != std::errc() || !std::isfinite(value)) return std::nullopt;
    at = static_cast<std::size_t>(end - text.data());
    return value;
}

bool starts_number(char c) { return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.'; }

double colour_part(std::string_view text) {
    text = trim_blanks(text);
    const bool percent = !text.empty() && text.back() == '%';
    std::size_t at = 0;
    const double value = number_at(text, at).value_or(0);
    return percent ? value * 2.55 : value;
}

std::uint8_t to_byte(double value) { return static_cast<std::uint8_t>(std::lround(std::clamp(value, 0.0, 255.0))); }

std::optional<Colour> hex_colour(std::string_view digits) {
    unsigned value = 0;
    const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
    if (fault != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
    const auto byte = [](unsigned number) { return static_cast<std::uint8_t>(number & 0xFFU); };
    if (digits.size() == 3)
        return Colour{byte((value >> 8U & 0xFU) * 17), byte((value >> 4U & 0xFU) * 17), byte((value & 0xFU) * 17)};
    if (digits.size() == 6) return Colour{byte(value >> 16U), byte(value >> 8U), byte(value)};
    return std::nullopt;
}

// Path data command by command.
class PathReader {
  public:
    PathReader(std::string_view data, OutlineBuilder& builder) : data_(data), builder_(builder) {}

    void read() {
        while (skip(), at_ < data_.size()) {
            if (!starts_number(data_[at_])) {
                command_ = data_[at_++];
            } else if (command_ == 'M') {
                command_ = 'L';
            } else if (command_ == 'm') {
                command_ = 'l';
            } else if (command_ == 'z' || command_ == 'Z' || command_ == 0) {
                return;
            }
            if (!step()) return;
        }
    }

  private:
    void skip() {
        while (at_ < data_.size() && (data_[at_] == ' ' || data_[at_] == ',' || data_[at_] == '\n' ||
                                      data_[at_] == '\t' || data_[at_] == '\r'))
            ++at_;
    }

    bool numbers(std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) {
            skip();
            const auto value = number_at(data_, at_);
            if (!value) return false;
            values_[i] = *value;
        }
        return true;
    }

    // Flags of an arc are one digit, and no blank has to follow.
    bool arc_numbers() {
        if (!numbers(3)) return false;
        const std::array<double, 3> radii = {values_[0], values_[1], values_[2]};
        for (std::size_t i = 0; i < 2; ++i) {
            skip();
            if (at_ >= data_.size() || (data_[at_] != '0' && data_[at_] != '1')) return false;
            flags_[i] = data_[at_++] == '1';
        }
        if (!numbers(2)) return false;
        values_ = {radii[0], radii[1], radii[2], values_[0], values_[1], 0, 0};
        return true;
    }

    [[nodiscard]] Point point(std::size_t first) const {
        const bool relative = command_ >= 'a';
        const Point base = relative ? builder_.current() : Point{};
        return {values_[first] + base.x, values_[first + 1] + base.y};
    }

    [[nodiscard]] Point mirrored() const {
        const Point now = builder_.current();
        return {2 * now.x - control_.x, 2 * now.y - control_.y};
    }

    bool lines(char kind) {
        const Point now = builder_.current();
        const bool relative = command_ >= 'a';
        if (!numbers(kind == 'H' || kind == 'V' ? 1 : 2)) return false;
        if (kind == 'M')
            builder_.move(point(0));
        else if (kind == 'L')
            builder_.line(point(0));
        else if (kind == 'H')
            builder_.line({values_[0] + (relative ? now.x : 0), now.y});
        else
            builder_.line({now.x, values_[0] + (relative ? now.y : 0)});
        return true;
    }

    bool curves(char kind) {
        const bool after_cubic = last_ == 'C' || last_ == 'S', after_quadratic = last_ == 'Q' || last_ == 'T';
        if (!numbers(kind == 'C' ? 6 : kind == 'T' ? 2 : 4)) return false;
        if (kind == 'C' || kind == 'S') {
            const Point first = kind == 'C' ? point(0) : after_cubic ? mirrored() : builder_.current();
            const Point second = point(kind == 'C' ? 2 : 0), to = point(kind == 'C' ? 4 : 2);
            builder_.cubic(first, second, to);
            control_ = second;
        } else {
            const Point control = kind == 'Q' ? point(0) : after_quadratic ? mirrored() : builder_.current();
            builder_.quadratic(control, point(kind == 'Q' ? 2 : 0));
            control_ = control;
        }
        return true;
    }

    bool step() {
        const char kind = command_ >= 'a' ? static_cast<char>(command_ - 'a' + 'A') : command_;
        bool done = true;
        if (kind == 'Z')
            builder_.close();
        else if (kind == 'M' || kind == 'L' || kind == 'H' || kind == 'V')
            done = lines(kind);
        else if (kind == 'C' || kind == 'S' || kind == 'Q' || kind == 'T')
            done = curves(kind);
        else if (kind == 'A' && arc_numbers())
            builder_.arc(values_[0], values_[1], values_[2], flags_[0], flags_[1], point(3));
        else
            done = false;
        last_ = kind;
        return done;
    }

    std::string_view data_;
    OutlineBuilder& builder_;
    std::size_t at_ = 0;
    char command_ = 0, last_ = 0;
    std::array<double, 7> values_{};
    std::array<bool, 2> flags_{};
    Point control_{};
};

}  // namespace

std::string_view trim_blanks(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::vector<double> svg_numbers(std::string_view text) {
    std::vector<double> found;
    for (std::size_t at = 0; at < text.size();) {
        const auto value = starts_number(text[at]) ? number_at(text, at) : std::nullopt;
        if (value)
            found.push_back(*value);
        else
            ++at;
    }
    return found;
}

std::optional<double> svg_length(std::string_view text, double whole) {
    text = trim_blanks(text);
    std::size_t at = 0;
    const auto value = number_at(text, at);
    if (!value) return std::nullopt;
    const std::string_view unit = trim_blanks(text.substr(at));
    if (unit.empty() || unit == "px") return value;
    if (unit == "%") return *value * whole / 100;
    // CSS Values 4, section 6.2: 96 pixels an inch.
    constexpr double per_inch = 96;
    if (unit == "pt") return *value * per_inch / 72;
    if (unit == "pc") return *value * per_inch / 6;
    if (unit == "in") return *value * per_inch;
    if (unit == "cm") return *value * per_inch / 2.54;
    if (unit == "mm") return *value * per_inch / 25.4;
    if (unit == "em") return *value * 16;
    return std::nullopt;
}

std::optional<Colour> svg_colour(std::string_view text, Colour current) {
    text = trim_blanks(text);
    if (text.empty() || text == "none" || text == "transparent" || text.starts_with("url")) return std::nullopt;
    if (text == "currentColor" || text == "currentcolor") return current;
    if (text[0] == '#') return hex_colour(text.substr(1));
    if (text.starts_with("rgb")) {
        const std::size_t open = text.find('('), end = text.find(')');
        if (open == std::string_view::npos || end == std::string_view::npos || end < open) return std::nullopt;
        std::array<double, 3> parts{};
        std::string_view rest = text.substr(open + 1, end - open - 1);
        for (double& part : parts) {
            rest = rest.substr(std::min(rest.find_first_not_of(" ,"), rest.size()));
            const std::size_t next = std::min(rest.find_first_of(" ,/"), rest.size());
            part = colour_part(rest.substr(0, next));
            rest = rest.substr(next);
        }
        return Colour{to_byte(parts[0]), to_byte(parts[1]), to_byte(parts[2])};
    }
    std::string lower(text);
    for (char& c : lower)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return named_colour(lower);
}

Matrix svg_transform(std::string_view text) {
    Matrix whole;
    // No drawing has more steps in one attribute; each costs a few operations.
    for (std::size_t open = text.find('('); open != std::string_view::npos; open = text.find('(')) {
        const std::size_t end = std::min(text.find(')', open), text.size());
        std::string_view kind = trim_blanks(text.substr(0, open));
        kind = kind.substr(kind.find_last_of(" ,\n\t") + 1);
        std::vector<double> n = svg_numbers(text.substr(open + 1, end - open - 1));
        n.resize(std::max<std::size_t>(n.size(), 1));
        Matrix one;
        if (kind == "translate") {
            one = {1, 0, 0, 1, n[0], n.size() > 1 ? n[1] : 0};
        } else if (kind == "scale") {
            one = {n[0], 0, 0, n.size() > 1 ? n[1] : n[0], 0, 0};
        } else if (kind == "rotate") {
            const double angle = n[0] * std::numbers::pi / 180, cosine = std::cos(angle), sine = std::sin(angle);
            one = {cosine, sine, -sine, cosine, 0, 0};
            if (n.size() > 2) one = combine(combine({1, 0, 0, 1, n[1], n[2]}, one), {1, 0, 0, 1, -n[1], -n[2]});
        } else if (kind == "matrix" && n.size() >= 6) {
            one = {n[0], n[1], n[2], n[3], n[4], n[5]};
        } else if (kind == "skewX") {
            one.c = std::tan(n[0] * std::numbers::pi / 180);
        } else if (kind == "skewY") {
            one.b = std::tan(n[0] * std::numbers::pi / 180);
        }
        whole = combine(whole, one);
        text = text.substr(std::min(end + 1, text.size()));
    }
    return whole;
}

void svg_path(std::string_view data, OutlineBuilder& builder) { PathReader(data, builder).read(); }

void add_declarations(std::string_view text, SvgProperties& properties) {
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(';'), text.size());
        const std::string_view one = text.substr(0, end);
        const std::size_t colon = one.find(':');
        if (colon != std::string_view::npos) {
            std::string_view value = trim_blanks(one.substr(colon + 1));
            if (value.ends_with("!important")) value = trim_blanks(value.substr(0, value.size() - 10));
            properties[std::string(trim_blanks(one.substr(0, colon)))] = std::string(value);
        }
        text = text.substr(std::min(end + 1, text.size()));
    }
}

void add_style_sheet(std::string_view text, std::vector<SvgRule>& rules) {
    constexpr std::size_t most_rules = 2000;
    while (rules.size() < most_rules) {
        const std::size_t open = text.find('{');
        if (open == std::string_view::npos) return;
        const std::size_t end = std::min(text.find('}', open), text.size());
        std::string_view selectors = text.substr(0, open);
        while (!selectors.empty() && rules.size() < most_rules) {
            const std::size_t comma = std::min(selectors.find(','), selectors.size());
            const std::string_view selector = trim_blanks(selectors.substr(0, comma));
            selectors = selectors.substr(std::min(comma + 1, selectors.size()));
            if (selector.empty() || selector.find_first_of(" >+~:[@") != std::string_view::npos) continue;
            SvgRule rule;
            const std::size_t mark = std::min(selector.find_first_of(".#"), selector.size());
            if (selector[0] != '*') rule.element = selector.substr(0, mark);
            if (mark < selector.size()) (selector[mark] == '.' ? rule.css_class : rule.id) = selector.substr(mark + 1);
            add_declarations(text.substr(open + 1, end - open - 1), rule.properties);
            rules.push_back(std::move(rule));
        }
        text = text.substr(std::min(end + 1, text.size()));
    }
}

}  // namespace hersurv::digitise
