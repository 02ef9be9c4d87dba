// Features and network of the character classifier.
#include "digitise/labels/character_classifier.hpp"

#include "digitise/labels/character_weights.hpp"
#include <algorithm>
#include <cmath>
#include <cstring>

namespace hersurv::digitise {

namespace {

using Features = std::array<float, character_features>;

struct CharacterNetwork {
    int classes = 0;                                        // with "no character"
    std::vector<std::array<float, hidden_units>> hidden{};  // by feature
    std::vector<std::array<float, hidden_units>> output{};  // by class
};

float level_of(char c) {
    const char meant = c == '}' ? '\\' : (c == '~' ? '?' : c);
    return static_cast<float>(meant - weight_zero);
}

CharacterNetwork unpack_network() {
    CharacterNetwork network;
    network.classes = static_cast<int>(std::strlen(character_classes)) + 1;
    network.hidden.resize(character_features);
    for (int unit = 0; unit < hidden_units; ++unit)
        for (int i = 0; i < character_features; ++i)
            network.hidden[i][unit] = level_of(hidden_levels[unit * character_features + i]) * hidden_factors[unit];
    network.output.resize(network.classes);
    for (int k = 0; k < network.classes; ++k)
        for (int unit = 0; unit < hidden_units; ++unit)
            network.output[k][unit] = level_of(output_levels[k * hidden_units + unit]) * output_factors[k];
    return network;
}

const CharacterNetwork& character_network() {
    static const CharacterNetwork network = unpack_network();
    return network;
}

// Calls `use(pixel, share)` for the pixels of [0, length) that lie in part `index` of `n_equal` of equal width; the
// shares add up to 1.
template <typename Use>
void over_cell(int index, int n_equal, int length, const Use& use) {
    const float a = static_cast<float>(index) * static_cast<float>(length) / static_cast<float>(n_equal);
    const float b = static_cast<float>(index + 1) * static_cast<float>(length) / static_cast<float>(n_equal);
    for (int pixel = static_cast<int>(a); pixel < std::min(length, static_cast<int>(std::ceil(b))); ++pixel) {
        const float share = std::min(b, static_cast<float>(pixel + 1)) - std::max(a, static_cast<float>(pixel));
        if (share > 0) use(pixel, share / (b - a));
    }
}

Features features_of(const WordInk& word, const InkFrame& frame) {
    const int wide = frame.right - frame.left, high = frame.bottom - frame.top;
    Features features{};
    std::vector<float> columns(static_cast<std::size_t>(high) * cell_columns, 0.0F);
    for (int column = 0; column < cell_columns; ++column)
        over_cell(column, cell_columns, wide, [&](int x, float share) {
            for (int y = 0; y < high; ++y)
                columns[static_cast<std::size_t>(y) * cell_columns + column] +=
                    share * word.at(frame.left + x, frame.top + y);
        });
    for (int row = 0; row < cell_rows; ++row)
        over_cell(row, cell_rows, high, [&](int y, float share) {
            for (int column = 0; column < cell_columns; ++column)
                features[row * cell_columns + column] +=
                    share * columns[static_cast<std::size_t>(y) * cell_columns + column];
        });
    const auto height = static_cast<float>(word.bottom - word.top);
    float* place = features.data() + static_cast<std::ptrdiff_t>(cell_columns) * cell_rows;
    place[0] = static_cast<float>(wide) / height;
    place[1] = static_cast<float>(high) / height;
    place[2] = static_cast<float>(frame.top - word.top) / height;
    place[3] = static_cast<float>(word.bottom - frame.bottom) / height;
    place[4] = std::min(3.0F, 12.0F / height);
    return features;
}

}  // namespace

WordInk word_ink(const InkMap& map, const Component& box) {
    const int left = std::max(0, box.left - 1), top = std::max(0, box.top - 1);
    const int right = std::min(map.width, box.right + 1), bottom = std::min(map.height, box.bottom + 1);
    WordInk word{right - left, bottom - top, {}};
    word.ink.reserve(static_cast<std::size_t>(word.width) * word.height);
    int lightest = 255, darkest = 1;
    for (int y = top; y < bottom; ++y)
        for (int x = left; x < right; ++x)
            lightest = std::min(lightest, map.at(x, y)), darkest = std::max(darkest, map.at(x, y));
    const auto range = static_cast<float>(std::max(1, darkest - lightest));
    for (int y = top; y < bottom; ++y)
        for (int x = left; x < right; ++x) {
            const float ink = static_cast<float>(map.at(x, y) - lightest) / range;
            word.ink.push_back(ink < faint_ink ? 0.0F : ink);
        }
    InkFrame frame;
    if (frame_of(word, 0, word.width, frame)) word.top = frame.top, word.bottom = frame.bottom;
    return word;
}

bool frame_of(const WordInk& word, int begin, int end, InkFrame& frame) {
    frame = {end, word.height, begin, 0};
    for (int y = 0; y < word.height; ++y)
        for (int x = begin; x < end; ++x)
            if (word.at(x, y) >= ink_trim) {
                frame.left = std::min(frame.left, x), frame.right = std::max(frame.right, x + 1);
                frame.top = std::min(frame.top, y), frame.bottom = std::max(frame.bottom, y + 1);
            }
    return frame.right > frame.left;
}

ClassCosts classify_character(const WordInk& word, const InkFrame& frame) {
    const CharacterNetwork& network = character_network();
    const Features features = features_of(word, frame);
    std::array<float, hidden_units> hidden{};
    std::copy(hidden_biases, hidden_biases + hidden_units, hidden.begin());
    for (int i = 0; i < character_features; ++i) {
        const float feature = features[i];
        if (feature == 0) continue;
        const auto& weights = network.hidden[i];
        for (int unit = 0; unit < hidden_units; ++unit) hidden[unit] += feature * weights[unit];
    }
    for (float& h : hidden) h = std::max(0.0F, h);
    ClassCosts costs(network.classes);
    float most = -1e30F;
    for (int k = 0; k < network.classes; ++k) {
        float sum = output_biases[k];
        for (int unit = 0; unit < hidden_units; ++unit) sum += hidden[unit] * network.output[k][unit];
        costs[k] = sum;
        most = std::max(most, sum);
    }
    float total = 0;
    for (const float c : costs) total += std::exp(c - most);
    const float log_total = most + std::log(total);
    for (float& c : costs) c = log_total - c;
    return costs;
}

int class_of(char character) {
    const char* found = character == '\0' ? nullptr : std::strchr(character_classes, character);
    return found == nullptr ? -1 : static_cast<int>(found - character_classes);
}

}  // namespace hersurv::digitise
