// The number-at-risk table: words below the labelled times, read row by row as numbers that never rise. A cell that
// could be something else is empty.
#include "digitise/curves.hpp"
#include "digitise/labels/lattice.hpp"
#include "digitise/labels/reader.hpp"
#include "digitise/progression.hpp"
#include <algorithm>
#include <cmath>

namespace hersurv::digitise {

namespace {

constexpr double cost_of_empty = 6;       // of a cell that is left out so that the row falls
constexpr double least_certainty = 0.82;  // of a cell
constexpr double largest_cost = 1.2;      // of the characters of a cell: a probability of 0.3
constexpr std::size_t readings_of_cell = 8;

struct CellReading {
    int number = 0;
    double cost = 0;
};

struct Cell {
    const Label* label = nullptr;
    std::vector<CellReading> readings{};
};

struct TableRow {
    std::vector<Cell> cells{};
    Box box{};
};

double middle_of_row(const Box& b) { return (b.top + b.bottom) / 2; }

double middle_value(std::vector<double> values) {
    std::ranges::sort(values);
    return values.empty() ? 0 : values[values.size() / 2];
}

std::vector<CellReading> readings_of(const Label& label) {
    std::vector<CellReading> out;
    if (!label.pieces) {
        if (label.number && !label.percent && *label.number >= 0 && *label.number < 1e7 &&
            *label.number == std::floor(*label.number))
            out.push_back({static_cast<int>(*label.number), 0});
        return out;
    }
    for (const TextReading& reading : label.pieces->best_integers(readings_of_cell)) {
        const auto number = parse_label_number(reading.text);
        if (number && number->value < 1e7 && number->value == std::floor(number->value))
            out.push_back({static_cast<int>(number->value), reading.cost});
    }
    return out;
}

// The cheapest choice of readings that never rises; -1: empty. `forbidden` is a reading of `forbidden_cell` that may
// not be chosen.
double falling(const TableRow& row, int forbidden_cell, int forbidden, std::vector<int>* chosen) {
    struct State {
        int last = 0;  // the number of the latest cell that is not empty
        double cost = 0;
        std::vector<int> choice{};
    };
    std::vector<State> states{{1 << 30, 0, {}}};
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
        std::vector<State> next;
        const auto add = [&](const State& from, int last, double cost, int choice) {
            State state{last, from.cost + cost, from.choice};
            state.choice.push_back(choice);
            const auto same = std::ranges::find(next, last, &State::last);
            if (same == next.end())
                next.push_back(std::move(state));
            else if (same->cost > state.cost)
                *same = std::move(state);
        };
        for (const State& state : states) {
            add(state, state.last, row.cells[i].label == nullptr ? 0 : cost_of_empty, -1);
            for (std::size_t k = 0; k < row.cells[i].readings.size(); ++k) {
                const CellReading& reading = row.cells[i].readings[k];
                if (static_cast<int>(i) == forbidden_cell && static_cast<int>(k) == forbidden) continue;
                if (reading.number <= state.last) add(state, reading.number, reading.cost, static_cast<int>(k));
            }
        }
        std::ranges::sort(next, {}, &State::cost);
        if (next.size() > 60) next.resize(60);
        states = std::move(next);
    }
    if (chosen != nullptr) *chosen = states.front().choice;
    return states.front().cost;
}

class TableReader {
  public:
    TableReader(const Drawing& drawing, const Axes& axes) : drawing_(drawing), axes_(axes) {
        for (const double time : axes.time.labelled) positions_.push_back(axes.time.position(time));
    }

    std::optional<AtRiskTable> read() {
        if (positions_.size() < 3) return std::nullopt;
        AtRiskTable table;
        table.times = axes_.time.labelled;
        for (const TableRow& row : find_rows()) {
            AtRiskRow out = read_row(row);
            const auto sure = std::ranges::count_if(out.numbers, [](const auto& n) { return n.has_value(); });
            if (sure >= 2 && 3 * sure >= static_cast<long>(positions_.size())) table.rows.push_back(std::move(out));
        }
        if (table.rows.empty()) return std::nullopt;
        return table;
    }

  private:
    // The column that a word stands below; -1 if none.
    int column_of(const Box& box) const {
        const double middle = (box.left + box.right) / 2;
        for (std::size_t i = 0; i < positions_.size(); ++i) {
            const double before = i > 0 ? positions_[i] - positions_[i - 1] : positions_[i + 1] - positions_[i];
            const double after = i + 1 < positions_.size() ? positions_[i + 1] - positions_[i] : before;
            if (middle > positions_[i] - 0.35 * before && middle < positions_[i] + 0.35 * after)
                return static_cast<int>(i);
        }
        return -1;
    }

    std::vector<TableRow> find_rows() const {
        std::vector<const Label*> words;
        const double deepest = axes_.panel.bottom + std::max(1.0, axes_.panel.bottom - axes_.panel.top);
        for (const Label& label : drawing_.labels)
            if (!label.turned && (label.number || label.pieces) && label.box.top > axes_.panel.bottom &&
                label.box.bottom < deepest && column_of(label.box) >= 0)
                words.push_back(&label);
        std::ranges::sort(words, {}, [](const Label* l) { return middle_of_row(l->box); });
        std::vector<TableRow> rows;
        bool below_labels = false;
        for (std::size_t i = 0; i < words.size();) {
            const double height = words[i]->box.bottom - words[i]->box.top;
            std::size_t j = i;
            while (j < words.size() &&
                   middle_of_row(words[j]->box) - middle_of_row(words[i]->box) < std::max(2.0, 0.4 * height))
                ++j;
            TableRow row = row_of({words.begin() + static_cast<long>(i), words.begin() + static_cast<long>(j)});
            const auto filled = std::ranges::count_if(row.cells, [](const Cell& c) { return c.label != nullptr; });
            if (repeats_times(row)) {
                if (!below_labels) rows.clear();  // what stands above the labels of the axis is tick marks
                below_labels = true;
            } else if (filled >= 2 && 3 * filled >= static_cast<long>(positions_.size())) {
                rows.push_back(std::move(row));
            }
            i = j;
        }
        return rows;
    }

    TableRow row_of(const std::vector<const Label*>& words) const {
        TableRow row;
        row.cells.resize(positions_.size());
        row.box = words.front()->box;
        for (const Label* word : words) {
            const auto column = static_cast<std::size_t>(column_of(word->box));
            Cell& cell = row.cells[column];
            // Of two words below one time the nearer one.
            const auto off = [&](const Label* l) {
                return std::abs((l->box.left + l->box.right) / 2 - positions_[column]);
            };
            if (cell.label != nullptr && off(cell.label) <= off(word)) continue;
            cell.label = word;
            cell.readings = readings_of(*word);
            const Box& b = word->box;
            row.box = {std::min(row.box.left, b.left), std::min(row.box.top, b.top), std::max(row.box.right, b.right),
                       std::max(row.box.bottom, b.bottom)};
        }
        return row;
    }

    // The labels of the time axis themselves.
    bool repeats_times(const TableRow& row) const {
        int words = 0, times = 0;
        for (std::size_t i = 0; i < row.cells.size(); ++i) {
            if (row.cells[i].label == nullptr) continue;
            ++words;
            const AxisLabel label{row.cells[i].label, 0};
            for (const std::string& text : label_texts(axes_.time.labelled[i]))
                if (label.cost(text) < 2) {
                    ++times;
                    break;
                }
        }
        return 2 * times > words;
    }

    bool at_edge(const Box& box) const {
        return drawing_.raster &&
               (box.left < 1 || box.right > drawing_.width - 1 || box.top < 1 || box.bottom > drawing_.height - 1);
    }

    // How far the words of a row stand from their columns, by `edge`: the middle of these distances and what they
    // differ from it by.
    template <typename Edge>
    std::pair<double, double> distances(const TableRow& row, const Edge& edge) const {
        std::vector<double> off;
        for (std::size_t i = 0; i < row.cells.size(); ++i)
            if (row.cells[i].label != nullptr) off.push_back(edge(row.cells[i].label->box) - positions_[i]);
        const double middle = middle_value(off);
        for (double& o : off) o = std::abs(o - middle);
        return {middle, middle_value(off)};
    }

    // A word that is not where its column has the others has lost a digit, at the edge of the picture or below
    // something else.
    std::vector<bool> out_of_place(const TableRow& row) const {
        const auto left = [](const Box& b) { return b.left; };
        const auto middle = [](const Box& b) { return (b.left + b.right) / 2; };
        const auto by_middle = distances(row, middle), by_left = distances(row, left);
        std::vector<bool> out(row.cells.size(), false);
        const auto filled = std::ranges::count_if(row.cells, [](const Cell& c) { return c.label != nullptr; });
        for (std::size_t i = 0; i < row.cells.size(); ++i) {
            if (row.cells[i].label == nullptr) continue;
            const Box& box = row.cells[i].label->box;
            const double within = 0.5 + 0.18 * (box.bottom - box.top);
            const double off = middle(box) - positions_[i], off_left = left(box) - positions_[i];
            // Of a few words that are out of place themselves nothing follows, least of all for one that may be cut off
            // at its end.
            const bool like_others =
                std::abs(off - by_middle.first) <= within ||
                (by_left.second < by_middle.second && std::abs(off_left - by_left.first) <= within);
            const bool in_place = std::abs(off) <= within || (like_others && (off > 0 || filled >= 5));
            // Some programs begin the first number at its column; one that had lost its first digits would be less than
            // the next.
            out[i] = !in_place && !(i == 0 && off > 0);
        }
        return out;
    }

    AtRiskRow read_row(const TableRow& row) const {
        AtRiskRow out;
        out.box = row.box;
        if (const Label* const name = name_label(row)) {
            out.name = name_of(row, *name);
            out.colour = colour_of_text(*name);
        }
        std::vector<int> chosen;
        const std::vector<bool> misplaced = out_of_place(row);
        const double best = falling(row, -1, -1, &chosen);
        for (std::size_t i = 0; i < row.cells.size(); ++i) {
            out.numbers.emplace_back();
            out.certainty.push_back(0);
            if (chosen[i] < 0) continue;
            const CellReading& reading = row.cells[i].readings[static_cast<std::size_t>(chosen[i])];
            const double lead = falling(row, static_cast<int>(i), chosen[i], nullptr) - best;
            const double certainty = std::exp(-reading.cost) / (1 + std::exp(-lead));
            const bool cut_off = at_edge(row.cells[i].label->box) || misplaced[i];
            out.certainty.back() = cut_off ? std::min(certainty, 0.3) : certainty;
            const bool sure = 1 / (1 + std::exp(-lead)) > least_certainty && reading.cost < largest_cost;
            if (sure && !cut_off) out.numbers.back() = reading.number;
        }
        return out;
    }

    // The words before the first number of the row; nullptr if there are none.
    const Label* name_label(const TableRow& row) const {
        const Label* best = nullptr;
        const auto first = std::ranges::find_if(row.cells, [](const Cell& c) { return c.label != nullptr; });
        for (const Label& label : drawing_.labels) {
            if (label.turned || label.number || &label == first->label) continue;
            const double middle = middle_of_row(label.box);
            if (middle < row.box.top - 2 || middle > row.box.bottom + 2 || label.box.left > first->label->box.left)
                continue;
            if (best == nullptr || label.text.size() > best->text.size()) best = &label;
        }
        return best;
    }

    static std::string name_of(const TableRow& row, const Label& label) {
        std::string name = label.text;
        const auto first = std::ranges::find_if(row.cells, [](const Cell& c) { return c.label != nullptr; });
        // A line that goes on into the numbers.
        const std::string number = " " + first->label->text;
        if (const auto at = name.find(number); label.box.right > first->label->box.left && at != std::string::npos)
            name.resize(at);
        return name;
    }

    // Of its strongest pixels, if these are no grey.
    std::optional<Colour> colour_of_text(const Label& label) const {
        constexpr int least_chroma = 60;
        const auto chroma = [](const Colour& c) {
            return std::max({c.red, c.green, c.blue}) - std::min({c.red, c.green, c.blue});
        };
        if (!drawing_.raster) return chroma(label.colour) >= least_chroma ? std::optional(label.colour) : std::nullopt;
        Colour best;
        const Raster& raster = *drawing_.raster;
        for (int y = std::max(0, static_cast<int>(label.box.top));
             y < std::min<double>(raster.height, label.box.bottom); ++y)
            for (int x = std::max(0, static_cast<int>(label.box.left));
                 x < std::min<double>(raster.width, label.box.right); ++x)
                if (chroma(raster.at(x, y)) > chroma(best)) best = raster.at(x, y);
        return chroma(best) >= least_chroma ? std::optional(best) : std::nullopt;
    }

    const Drawing& drawing_;
    const Axes& axes_;
    std::vector<double> positions_;
};

}  // namespace

std::optional<AtRiskTable> read_at_risk(const Drawing& drawing, const Axes& axes) {
    return TableReader(drawing, axes).read();
}

}  // namespace hersurv::digitise
