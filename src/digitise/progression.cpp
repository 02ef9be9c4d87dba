// Hypotheses from pairs of labels that were read, and from common steps for labels that were not; each is scored by all
// labels together.
#include "digitise/progression.hpp"

#include "digitise/labels/lattice.hpp"
#include "digitise/labels/reader.hpp"
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>

namespace hersurv::digitise {

namespace {

constexpr double common_steps[] = {0.05, 0.1, 0.2, 0.25, 0.5, 1,   2,   2.5, 3,   4,   5,   6,   8,   9,
                                   10,   12,  15,  18,   20,  24,  25,  26,  30,  36,  40,  48,  50,  52,
                                   60,   90,  91,  100,  120, 180, 200, 250, 300, 365, 400, 500, 1000};
constexpr std::size_t most_labels_of_row = 60;

struct Hypothesis {
    double value = 0;  // at `position`
    double position = 0;
    double per_unit = 1;
};

std::string fixed_text(double value, int decimals) {
    char text[32];
    std::snprintf(text, sizeof text, "%.*f", decimals, value);
    return text;
}

// The number with the fewest digits within `within` of the value.
double roundest(double value, double within) {
    for (const double unit : {100.0, 50.0, 20.0, 10.0, 5.0, 2.0, 1.0, 0.5, 0.25, 0.2, 0.1, 0.05, 0.01}) {
        const double round = std::round(value / unit) * unit;
        if (std::abs(round - value) <= within) return round;
    }
    return value;
}

bool is_multiple(double value, double unit) { return std::abs(value / unit - std::round(value / unit)) < 1e-6; }

// The largest step of which all values are multiples apart; 0 if there is none that axes have.
double common_step(const std::vector<LabelledValue>& values) {
    double smallest = 1e300;
    for (std::size_t i = 1; i < values.size(); ++i)
        smallest = std::min(smallest, values[i].value - values[i - 1].value);
    if (!(smallest > 1e-9)) return 0;
    for (const int parts : {1, 2}) {
        const double step = smallest / parts;
        const bool all = std::ranges::all_of(
            values, [&](const LabelledValue& v) { return is_multiple(v.value - values.front().value, step); });
        const bool nice = (step >= 1 && is_multiple(step, 0.5)) || is_multiple(step, 0.05) || is_multiple(step, 0.125);
        if (all && nice) return step;
    }
    return 0;
}

class Search {
  public:
    Search(std::vector<AxisLabel>& labels, bool rising, double height)
        : labels_(labels), rising_(rising), tolerance_(1.5 + 0.2 * height) {}

    std::optional<Progression> best() {
        for (std::size_t i = 0; i < labels_.size(); ++i)
            for (std::size_t j = i + 1; j < labels_.size(); ++j) try_pair(i, j);
        for (std::size_t i = 0; i + 2 < labels_.size(); ++i) try_steps(i);
        if (found_.empty()) return std::nullopt;
        std::ranges::sort(found_, [](const Progression& a, const Progression& b) { return a.score > b.score; });
        Progression result = found_.front();
        for (const Progression& other : found_)
            if (differs(other, result)) {
                result.rival = other.score;
                break;
            }
        return result;
    }

  private:
    void try_pair(std::size_t i, std::size_t j) {
        const Label &a = *labels_[i].label, &b = *labels_[j].label;
        if (!a.number || !b.number || *a.number == *b.number) return;
        const double distance = labels_[j].position - labels_[i].position;
        if (std::abs(distance) < 4) return;
        try_one({*a.number, labels_[i].position, distance / (*b.number - *a.number)});
    }

    // Label i is the first, and the next two follow in common steps from 0 (times) or down from 1 or 100 (survival).
    void try_steps(std::size_t i) {
        const double distance = labels_[i + 1].position - labels_[i].position;
        const double next = labels_[i + 2].position - labels_[i + 1].position;
        if (distance < 4 || std::abs(next - distance) > 2 * tolerance_) return;
        const double spacing = (labels_[i + 2].position - labels_[i].position) / 2;
        for (const double step : common_steps) {
            if (rising_) {
                try_one({0, labels_[i].position, spacing / step});
            } else if (step <= 0.5) {
                try_one({1, labels_[i].position, -spacing / step});
            } else if (step >= 5 && step <= 50) {
                try_one({100, labels_[i].position, -spacing / step});
            }
        }
    }

    void try_one(const Hypothesis& hypothesis) {
        if ((hypothesis.per_unit > 0) != rising_) return;
        Progression out;
        double saved = 0;
        for (AxisLabel& label : labels_) {
            const double value = hypothesis.value + (label.position - hypothesis.position) / hypothesis.per_unit;
            const double within = tolerance_ / std::abs(hypothesis.per_unit);
            const bool own = label.label->number && std::abs(*label.label->number - value) <= within;
            const double meant = own ? *label.label->number : roundest(value, within);
            if (std::abs(meant - value) > within || meant < -1e-9 || meant > (rising_ ? 20000 : 101)) continue;
            const double cost = cost_of_value(label, meant);
            if (cost >= label_cost_limit) continue;
            saved += label_cost_limit - cost;
            out.labelled.push_back({std::abs(meant) < 1e-9 ? 0 : meant, label.position, label.label});
        }
        std::ranges::sort(out.labelled, [](const auto& a, const auto& b) { return a.value < b.value; });
        const auto same = [](const auto& a, const auto& b) { return std::abs(a.value - b.value) < 1e-9; };
        out.labelled.erase(std::unique(out.labelled.begin(), out.labelled.end(), same), out.labelled.end());
        if (out.labelled.size() < 3) return;
        const double step = common_step(out.labelled);
        if (step == 0) return;
        const double steps = (out.labelled.back().value - out.labelled.front().value) / step;
        out.scale = fit_scale(out.labelled);
        if (out.scale.residual > tolerance_ / 2) return;
        // Labels that the progression leaves out between its first and last speak against it.
        const double left_out = steps + 1 - static_cast<double>(out.labelled.size());
        out.score = saved - 1.5 * std::max(0.0, left_out) - 0.5 * std::max(0.0, out.scale.residual);
        if (out.score > 0) found_.push_back(std::move(out));
    }

    // The cost of the best way to write a value; values are told apart to a thousandth.
    double cost_of_value(const AxisLabel& label, double value) {
        const auto [at, is_new] = costs_.try_emplace({&label, std::lround(value * 1000)}, label_cost_limit);
        if (is_new)
            for (const std::string& text : label_texts(value)) at->second = std::min(at->second, label.cost(text));
        return at->second;
    }

    // Whether most labels of `a` have another value in `b`.
    static bool differs(const Progression& a, const Progression& b) {
        int other = 0;
        for (const LabelledValue& v : a.labelled) {
            const double step = std::abs(b.labelled[1].value - b.labelled[0].value);
            other += std::abs(b.scale.value(v.position) - v.value) > 0.25 * step ? 1 : 0;
        }
        return 2 * other > static_cast<int>(a.labelled.size());
    }

    std::vector<AxisLabel>& labels_;
    bool rising_;
    double tolerance_;
    std::vector<Progression> found_;
    std::map<std::pair<const AxisLabel*, long>, double> costs_;
};

}  // namespace

double AxisLabel::cost(const std::string& text) const {
    if (label->pieces) return label->pieces->cost(text, label_cost_limit);
    const auto meant = parse_label_number(text);
    return meant && label->number && std::abs(*label->number - meant->value) < 1e-9 ? 0 : label_cost_limit;
}

std::vector<std::string> label_texts(double value) {
    std::vector<std::string> texts;
    const bool whole = is_multiple(value, 1);
    if (whole) {
        texts.push_back(fixed_text(value, 0));
        texts.push_back(texts.front() + "%");
        if (value >= 1000)
            texts.push_back(fixed_text(std::floor(value / 1000), 0) + "," +
                            fixed_text(value, 0).substr(fixed_text(value, 0).size() - 3));
    }
    for (const int decimals : {1, 2, 3}) {
        if (!is_multiple(value, std::pow(10.0, -decimals)) || value > 200) continue;
        std::string text = fixed_text(value, decimals);
        texts.push_back(text);
        if (value < 1) texts.push_back(text.substr(1));
        text.replace(text.find('.'), 1, ",");
        texts.push_back(text);
    }
    return texts;
}

Scale fit_scale(const std::vector<LabelledValue>& points) {
    const auto n = static_cast<double>(points.size());
    double v_sum = 0, p_sum = 0, vv = 0, vp = 0;
    for (const LabelledValue& q : points) v_sum += q.value, p_sum += q.position;
    const double v_mean = v_sum / n, p_mean = p_sum / n;
    for (const LabelledValue& q : points)
        vv += (q.value - v_mean) * (q.value - v_mean), vp += (q.value - v_mean) * (q.position - p_mean);
    Scale scale;
    scale.per_unit = vv > 0 ? vp / vv : 1;
    scale.origin = p_mean - scale.per_unit * v_mean;
    double squares = 0;
    for (const LabelledValue& q : points) {
        const double off = q.position - scale.position(q.value);
        squares += off * off;
        scale.labelled.push_back(q.value);
    }
    scale.residual = std::sqrt(squares / n);
    return scale;
}

std::optional<Progression> find_progression(std::vector<AxisLabel>& labels, bool rising, double label_height) {
    if (labels.size() < 3 || labels.size() > most_labels_of_row) return std::nullopt;
    std::ranges::sort(labels, {}, [](const AxisLabel& label) { return label.position; });
    std::optional<Progression> found = Search(labels, rising, label_height).best();
    if (!found) return found;
    int signs = 0;
    for (const LabelledValue& v : found->labelled) signs += v.label->percent ? 1 : 0;
    found->percent = 2 * signs > static_cast<int>(found->labelled.size()) || found->labelled.back().value > 1.5;
    return found;
}

}  // namespace hersurv::digitise
