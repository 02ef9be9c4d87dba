// Cutting words and reading them by dynamic programming over the cuts.
#include "digitise/labels/lattice.hpp"

#include "digitise/labels/character_weights.hpp"
#include <algorithm>
#include <cmath>

namespace hersurv::digitise {

namespace {

constexpr double widest_character = 1.55;  // in heights of the word: W, m and %
constexpr double narrow_run = 0.55;        // a run of ink up to this width is one character
constexpr int small_height = 9;            // characters this low touch so often that every column may be a cut
constexpr std::string_view number_characters = "0123456789.,%-";
constexpr float cost_of_touching = 0.7F;    // of a cut through ink: most characters stand apart
constexpr double cost_of_other_cuts = 1.5;  // a piece with a bit of its neighbour may look like another digit
constexpr float letters_expected = 0.05F;   // share of the probability of letters that counts where a number may stand
constexpr float alike_counts = 0.1F;        // share of the probability of letters that look like a digit in some fonts

std::string_view letters_like(char digit) {
    switch (digit) {
        case '0':
            return "OoD";
        case '1':
            return "Il";
        case '2':
            return "Zz";
        case '5':
            return "Ss";
        case '8':
            return "B";
        default:
            return "";
    }
}

// -log of the probability of each of `number_characters`, where letters are hardly expected.
std::vector<float> number_costs(const ClassCosts& costs) {
    std::vector<float> out;
    float total = std::exp(-costs.back()), seen = total;
    for (const char c : number_characters) {
        float p = std::exp(-costs[class_of(c)]);
        seen += p;
        for (const char letter : letters_like(c)) p += alike_counts * std::exp(-costs[class_of(letter)]);
        total += p;
        out.push_back(p);
    }
    total += letters_expected * std::max(0.0F, 1 - seen);
    for (float& p : out) p = -std::log(std::max(p, 1e-12F) / total);
    return out;
}

}  // namespace

CharacterLattice::CharacterLattice(const WordInk& word) : height_(word.bottom - word.top) {
    find_cuts(word);
    classify_pieces(word);
}

// Cuts in the middle of each gap, and within wide runs of ink where the ink is thin.
void CharacterLattice::find_cuts(const WordInk& word) {
    std::vector<float> sums(word.width, 0.0F), darkest(word.width, 0.0F);
    for (int x = 0; x < word.width; ++x)
        for (int y = 0; y < word.height; ++y)
            sums[x] += word.at(x, y), darkest[x] = std::max(darkest[x], word.at(x, y));
    const auto add = [&](int cut, bool ground) { cuts_.push_back(cut), in_ground_.push_back(ground); };
    int x = 0;
    while (x < word.width && darkest[x] < ink_trim) ++x;
    add(std::max(0, x - 1), true);
    while (x < word.width) {
        const int begin = x;
        while (x < word.width && darkest[x] >= ink_trim) ++x;
        add_inner_cuts(sums, begin, x);
        const int gap = x;
        while (x < word.width && darkest[x] < ink_trim) ++x;
        add(x == word.width ? word.width : (gap + x + 1) / 2, true);
    }
}

void CharacterLattice::add_inner_cuts(const std::vector<float>& sums, int begin, int end) {
    if (end - begin <= narrow_run * height_) return;
    const float most = *std::max_element(sums.begin() + begin, sums.begin() + end);
    for (int cut = begin + 1; cut < end; ++cut) {
        const float here = std::min(sums[cut - 1], sums[cut]);
        bool lowest = here < 0.75F * most;
        // A cut beside the column with the least ink within two columns.
        for (int x = std::max(begin, cut - 3); lowest && x < std::min(end, cut + 3); ++x) lowest = here <= sums[x];
        if (lowest || (height_ <= small_height && here < 0.85F * most))
            cuts_.push_back(cut), in_ground_.push_back(false);
    }
}

void CharacterLattice::classify_pieces(const WordInk& word) {
    const int count = static_cast<int>(cuts_.size());
    for (int to = 1; to < count; ++to) {
        int gaps = 0;
        for (int from = to - 1; from >= 0 && gaps < 2; --from) {
            if (from + 1 < to && in_ground_[from + 1]) ++gaps;
            if (gaps > 1) break;
            InkFrame frame;
            if (!frame_of(word, cuts_[from], cuts_[to], frame)) continue;
            if (frame.right - frame.left > widest_character * height_) break;
            Piece piece{from, to, classify_character(word, frame), {}};
            piece.number_costs = number_costs(piece.costs);
            if (!in_ground_[to]) {
                for (float& cost : piece.costs) cost += cost_of_touching;
                for (float& cost : piece.number_costs) cost += cost_of_touching;
            }
            pieces_.push_back(std::move(piece));
        }
    }
}

float CharacterLattice::cost_of(const Piece& piece, char character) {
    const std::size_t number = number_characters.find(character);
    if (number != std::string_view::npos) return piece.number_costs[number];
    const int index = class_of(character);
    return index < 0 ? 50.0F : piece.costs[index];
}

TextReading CharacterLattice::best(bool numbers_only) const {
    constexpr double none = 1e9;
    struct Node {
        double cost = none;
        int from = -1;
        char character = '\0';
    };
    std::vector<Node> nodes(cuts_.size());
    if (nodes.empty()) return {"", none};
    nodes[0].cost = 0;
    for (const Piece& piece : pieces_) {
        if (nodes[piece.from].cost >= none) continue;
        char best_character = '\0';
        float best_cost = 1e9F;
        const auto try_one = [&](char c, float cost) {
            if (cost < best_cost) best_cost = cost, best_character = c;
        };
        if (numbers_only) {
            for (const char c : number_characters) try_one(c, cost_of(piece, c));
        } else {
            for (std::size_t k = 0; k + 1 < piece.costs.size(); ++k) try_one(character_classes[k], piece.costs[k]);
        }
        if (nodes[piece.from].cost + best_cost < nodes[piece.to].cost)
            nodes[piece.to] = {nodes[piece.from].cost + best_cost, piece.from, best_character};
    }
    TextReading reading{"", nodes.back().cost};
    if (reading.cost >= none) return reading;
    for (int node = static_cast<int>(nodes.size()) - 1; node > 0; node = nodes[node].from)
        reading.text += nodes[node].character;
    std::reverse(reading.text.begin(), reading.text.end());
    return reading;
}

std::vector<TextReading> CharacterLattice::best_integers(std::size_t count) const {
    struct Reading : TextReading {
        std::vector<int> path{};  // the cuts that it ends its characters at
    };
    std::vector<std::vector<Reading>> nodes(cuts_.size());
    if (nodes.empty()) return {};
    nodes.front().push_back({{"", 0}, {}});
    const auto keep = [count](std::vector<Reading>& node, Reading reading) {
        const auto same = std::ranges::find(node, reading.text, &Reading::text);
        if (same == node.end())
            node.push_back(std::move(reading));
        else if (reading.cost < same->cost)
            *same = std::move(reading);
        std::ranges::sort(node, {}, &Reading::cost);
        if (node.size() > count) node.pop_back();
    };
    for (const Piece& piece : pieces_)
        for (const Reading& before : nodes[piece.from])
            for (const char c : std::string_view("0123456789,")) {
                if (before.text.size() >= 7) continue;
                Reading longer = before;
                longer.text += c, longer.cost += cost_of(piece, c);
                longer.path.push_back(piece.to);
                keep(nodes[piece.to], std::move(longer));
            }
    std::vector<TextReading> out;
    for (const Reading& reading : nodes.back()) {
        const bool other_cuts = reading.path != nodes.back().front().path;
        out.push_back({reading.text, reading.cost + (other_cuts ? cost_of_other_cuts : 0)});
    }
    std::ranges::sort(out, {}, &TextReading::cost);
    return out;
}

double CharacterLattice::cost(std::string_view text, double limit) const {
    const std::size_t length = text.size(), count = cuts_.size();
    if (count < 2 || length == 0) return limit;
    // costs[k * count + node]: the first k characters end at this cut.
    std::vector<double> costs((length + 1) * count, limit);
    costs[0] = 0;
    for (std::size_t k = 0; k < length; ++k)
        for (const Piece& piece : pieces_) {
            const double before = costs[k * count + piece.from];
            if (before >= limit) continue;
            double& after = costs[(k + 1) * count + piece.to];
            after = std::min(after, before + cost_of(piece, text[k]));
        }
    return costs.back();
}

}  // namespace hersurv::digitise
