// The label reader: components, words, characters, lines.
#include "digitise/labels/reader.hpp"

#include "digitise/labels/lattice.hpp"
#include "digitise/labels/words.hpp"
#include "digitise/strokes.hpp"
#include <algorithm>
#include <cctype>
#include <cmath>

namespace hersurv::digitise {

namespace {

constexpr int text_threshold = 70;          // ink of characters; rings around them in a JPEG have up to 50
constexpr int lowest_word = 4;              // pixels
constexpr double space_in_line = 1.0;       // gaps between words of a line, in heights of the line
constexpr double certain_enough = 0.5;      // a word that is read so well needs no second reading turned by 90 degrees
constexpr float unevenness_of_bar = 0.22F;  // the ends of a tick mark may be lighter
constexpr int most_words = 4000;            // a picture with more is no figure, and reading them would take long

int largest_character(const InkMap& map) { return std::max(40, std::max(map.width, map.height) / 25); }

bool can_be_word(const Component& c, int largest) {
    return c.height() >= lowest_word && c.height() <= largest && c.width() >= 1;
}

struct ReadWord {
    Component box{};
    Label label{};
    bool is_number = false;
    bool may_be_number = false;
};

// A tick mark or a dash: all rows of its frame alike, or all columns.
bool is_bar(const WordInk& word) {
    InkFrame frame;
    if (!frame_of(word, 0, word.width, frame)) return true;
    const int wide = frame.right - frame.left, high = frame.bottom - frame.top;
    std::vector<float> rows(high, 0.0F), columns(wide, 0.0F);
    float total = 0, off_rows = 0, off_columns = 0;
    const auto ink = [&](int x, int y) { return word.at(frame.left + x, frame.top + y); };
    for (int y = 0; y < high; ++y)
        for (int x = 0; x < wide; ++x) {
            total += ink(x, y);
            rows[y] += ink(x, y) / static_cast<float>(wide);
            columns[x] += ink(x, y) / static_cast<float>(high);
        }
    for (int y = 0; y < high; ++y)
        for (int x = 0; x < wide; ++x)
            off_rows += std::abs(ink(x, y) - rows[y]), off_columns += std::abs(ink(x, y) - columns[x]);
    return std::min(off_rows, off_columns) < unevenness_of_bar * total;
}

ReadWord read_word(const InkMap& map, const Component& box) {
    ReadWord word{box, {}};
    const WordInk ink = word_ink(map, box);
    if (ink.bottom - ink.top < lowest_word || is_bar(ink)) return word;
    auto lattice = std::make_shared<const CharacterLattice>(ink);
    const TextReading text = lattice->best_text(), number = lattice->best_number();
    word.label.text = text.text;
    word.label.certainty = std::exp(-text.cost);
    const auto parsed = parse_label_number(number.text);
    const double per_character = number.cost / static_cast<double>(std::max<std::size_t>(1, number.text.size()));
    word.may_be_number = !number.text.empty() && number.text.size() <= 8 && per_character < 6;
    if (parsed && number.cost < text.cost + 1.0 && per_character < 3) {
        word.is_number = true;
        word.label.text = number.text;
        word.label.number = parsed->value;
        word.label.percent = parsed->percent;
        word.label.certainty = std::exp(-number.cost);
    }
    if (word.may_be_number) word.label.pieces = std::move(lattice);
    return word;
}

Box box_of(const Component& c) {
    return {static_cast<double>(c.left), static_cast<double>(c.top), static_cast<double>(c.right),
            static_cast<double>(c.bottom)};
}

// Joins words with a space between them; a line that is all numbers stays apart.
void add_lines(const std::vector<ReadWord>& words, std::vector<Label>& labels) {
    std::vector<bool> used(words.size(), false);
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (used[i]) continue;
        Component frame = words[i].box;
        Label line = words[i].label;
        bool all_numbers = words[i].is_number;
        int height = frame.height();
        double certainty = line.certainty;
        std::size_t count = 1;
        for (std::size_t j = i + 1; j < words.size(); ++j) {
            const Component& next = words[j].box;
            if (used[j] || next.left < frame.right - height / 2) continue;
            if (next.left - frame.right > space_in_line * std::max(height, next.height())) {
                if (next.left - frame.right > 3 * height) break;
                continue;
            }
            if (!on_one_line(frame, next) || next.height() > 2 * height || height > 2.5 * next.height()) continue;
            used[j] = true, ++count;
            frame = {frame.left, std::min(frame.top, next.top), next.right, std::max(frame.bottom, next.bottom)};
            height = std::max(height, next.height());
            line.text += ' ' + words[j].label.text;
            certainty = std::min(certainty, words[j].label.certainty);
            all_numbers = all_numbers && words[j].is_number;
        }
        if (all_numbers || (count == 1 && words[i].label.pieces)) continue;
        line.number.reset(), line.pieces.reset();
        line.percent = false;
        line.certainty = certainty;
        line.box = box_of(frame);
        labels.push_back(std::move(line));
    }
}

// Text that runs upwards is rare: a single character counts only if it stands in the column of a number (0 above 20,
// 40, 60).
bool beside_number(const Component& box, const std::vector<ReadWord>& words) {
    return std::ranges::any_of(words,
                               [&](const ReadWord& word) { return word.is_number && on_one_line(word.box, box); });
}

std::vector<Label> read_one_direction(const InkMap& map, const std::vector<Component>& components, int largest,
                                      bool turned) {
    // An axis with its tick marks is as high as many characters, and would take all of them into its word.
    std::vector<Component> characters = components;
    std::erase_if(characters, [&](const Component& c) { return c.height() > largest; });
    std::vector<Component> boxes = group_words(std::move(characters));
    std::erase_if(boxes, [&](const Component& c) { return !can_be_word(c, largest); });
    if (static_cast<int>(boxes.size()) > most_words) return {};
    std::ranges::sort(boxes, {}, [](const Component& c) { return c.left; });
    std::vector<ReadWord> words;
    std::vector<Label> labels;
    const auto is_single = [&](const Component& box) { return turned && box.width() < 1.2 * box.height(); };
    for (const bool single : {false, true})
        for (const Component& box : boxes) {
            if (is_single(box) != single || (single && !beside_number(box, words))) continue;
            ReadWord word = read_word(map, box);
            if (word.label.text.empty()) continue;
            word.label.box = box_of(box);
            words.push_back(std::move(word));
        }
    std::ranges::stable_sort(words, {}, [](const ReadWord& word) { return word.box.left; });
    add_lines(words, labels);
    for (ReadWord& word : words)
        if (word.is_number || word.may_be_number) labels.push_back(std::move(word.label));
    return labels;
}

}  // namespace

std::optional<NumberText> parse_label_number(std::string_view text) {
    NumberText out;
    if (text.ends_with('%')) out.percent = true, text.remove_suffix(1);
    const bool negative = text.starts_with('-');
    if (negative) text.remove_prefix(1);
    std::string digits;
    int marks = 0, after = 0, before = 0;
    char mark = '.';
    for (const char c : text) {
        if (c == '.' || c == ',') {
            mark = c, ++marks, digits += '.';
        } else if (std::isdigit(static_cast<unsigned char>(c)) != 0) {
            digits += c, ++(marks > 0 ? after : before);
        } else {
            return std::nullopt;
        }
    }
    if (marks > 1 || before + after == 0 || before + after > 7 || (marks == 1 && after == 0)) return std::nullopt;
    // A comma before three digits separates thousands, unless a zero stands before it.
    if (mark == ',' && after == 3 && before >= 1 && text.front() != '0') std::erase(digits, '.');
    if (mark == '.' && before > 1 && text.front() == '0') return std::nullopt;
    if (marks == 0 && before > 1 && text.front() == '0') return std::nullopt;
    out.value = (negative ? -1 : 1) * std::stod(digits);
    return out;
}

std::vector<Label> read_labels(const InkMap& map) {
    const int largest = largest_character(map);
    std::vector<Component> components = find_components(map, text_threshold, largest);
    std::vector<Label> labels = read_one_direction(map, components, largest, false);
    // What reads well as it stands is not turned.
    const auto reads_well = [&](const Component& c) {
        return std::ranges::any_of(labels, [&](const Label& label) {
            return label.text.size() > 1 && label.certainty > certain_enough && c.left >= label.box.left &&
                   c.right <= label.box.right && c.top >= label.box.top && c.bottom <= label.box.bottom;
        });
    };
    std::erase_if(components, reads_well);
    for (Component& c : components) c = {map.height - c.bottom, c.left, map.height - c.top, c.right};
    for (Label& label : read_one_direction(turned_clockwise(map), components, largest, true)) {
        const Box box = label.box;
        label.box = {box.top, map.height - box.right, box.bottom, map.height - box.left};
        label.turned = true;
        labels.push_back(std::move(label));
    }
    return labels;
}

void read_raster(Drawing& drawing) {
    if (!drawing.raster) return;
    const InkMap map = ink_of(*drawing.raster);
    drawing.labels = read_labels(map);
    drawing.strokes = find_strokes(*drawing.raster, map);
}

}  // namespace hersurv::digitise
