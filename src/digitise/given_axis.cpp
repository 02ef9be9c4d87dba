// Matching given values to labels or tick marks by position first and by text second.
#include "digitise/given_axis.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace hersurv::digitise {

namespace {

constexpr std::size_t most_values = 60;
constexpr std::size_t most_given_labels = 25;

// As shares and as percentages, whichever the picture has.
double cost_of_given(const AxisLabel& label, double value, bool rising) {
    double cost = label_cost_limit;
    for (const std::string& text : label_texts(value)) cost = std::min(cost, label.cost(text));
    if (!rising)
        for (const std::string& text : label_texts(value > 1.5 ? value / 100 : value * 100))
            cost = std::min(cost, label.cost(text));
    return cost;
}

class GivenSearch {
  public:
    GivenSearch(const std::vector<AxisLabel>& labels, const GivenAxis& axis, bool rising, double height)
        : labels_(labels),
          values_(values_of(axis)),
          step_(std::abs(axis.step)),
          rising_(rising),
          tolerance_(1.5 + 0.2 * height) {}

    std::optional<Progression> best() {
        std::optional<Progression> best;
        for (std::size_t i = 0; i < labels_.size(); ++i)
            for (std::size_t j = i + 1; j < labels_.size(); ++j)
                for (const double a : values_)
                    for (const double b : values_) {
                        if ((b > a) != ((labels_[j].position > labels_[i].position) == rising_) || a == b) continue;
                        const double per_unit = (labels_[j].position - labels_[i].position) / (b - a);
                        if (std::abs(per_unit) * step_ < 6) continue;
                        Progression found = progression_of(a, labels_[i].position, per_unit);
                        if (found.labelled.size() >= 3 && (!best || found.score > best->score)) best = std::move(found);
                    }
        return best;
    }

  private:
    Progression progression_of(double value, double position, double per_unit) {
        Progression out;
        for (std::size_t i = 0; i < labels_.size(); ++i) {
            const double here = value + (labels_[i].position - position) / per_unit;
            const auto nearest = std::ranges::min_element(values_, {}, [&](double v) { return std::abs(v - here); });
            if (std::abs((*nearest - here) * per_unit) > tolerance_) continue;
            out.labelled.push_back({*nearest, labels_[i].position, labels_[i].label});
            const auto [at, is_new] = costs_.try_emplace({i, *nearest}, 0.0);
            if (is_new) at->second = cost_of_given(labels_[i], *nearest, rising_);
            out.score += 1 + label_cost_limit - at->second;
        }
        std::ranges::sort(out.labelled, {}, &LabelledValue::value);
        const auto same = [](const auto& a, const auto& b) { return a.value == b.value; };
        out.labelled.erase(std::unique(out.labelled.begin(), out.labelled.end(), same), out.labelled.end());
        if (out.labelled.size() >= 3) out.scale = fit_scale(out.labelled);
        return out;
    }

    const std::vector<AxisLabel>& labels_;
    std::vector<double> values_;
    double step_;
    bool rising_;
    double tolerance_;
    std::map<std::pair<std::size_t, double>, double> costs_;
};

}  // namespace

std::vector<double> values_of(const GivenAxis& axis) {
    std::vector<double> values;
    const double step = axis.step > 0 ? axis.step : axis.to - axis.from;
    if (!(axis.to > axis.from) || !(step > 0)) return values;
    for (std::size_t k = 0; k < most_values && axis.from + static_cast<double>(k) * step < axis.to + 0.01 * step; ++k)
        values.push_back(axis.from + static_cast<double>(k) * step);
    return values;
}

std::optional<Progression> find_given(const std::vector<AxisLabel>& labels, const GivenAxis& axis, bool rising,
                                      double label_height) {
    if (labels.size() < 3 || labels.size() > most_given_labels) return std::nullopt;
    std::optional<Progression> found = GivenSearch(labels, axis, rising, label_height).best();
    if (found) found->percent = !rising && axis.to > 1.5;
    return found;
}

std::optional<GivenTicks> find_given_at_ticks(const std::vector<AxisStroke>& strokes, const GivenAxis& axis,
                                              bool rising, double longest) {
    const std::vector<double> values = values_of(axis);
    if (values.size() < 3) return std::nullopt;
    std::optional<GivenTicks> best;
    for (const AxisStroke& first : strokes)
        for (const auto end : {&AxisStroke::from, &AxisStroke::to}) {
            std::vector<double> positions;
            for (const AxisStroke& s : strokes)
                if (s.to - s.from <= longest && std::abs(s.*end - first.*end) < 0.6) positions.push_back(s.position);
            std::ranges::sort(positions);
            const auto close = [](double a, double b) { return b - a < 2; };
            positions.erase(std::unique(positions.begin(), positions.end(), close), positions.end());
            if (positions.size() != values.size()) continue;
            Progression found;
            for (std::size_t k = 0; k < values.size(); ++k)
                found.labelled.push_back(
                    {values[k], rising ? positions[k] : positions[positions.size() - 1 - k], nullptr});
            found.scale = fit_scale(found.labelled);
            found.percent = !rising && axis.to > 1.5;
            found.score = std::abs(found.scale.per_unit) * (axis.to - axis.from);  // the longest axis
            if (found.scale.residual < 1 && (!best || found.score > best->labels.score))
                best = GivenTicks{found, first.*end};
        }
    return best;
}

}  // namespace hersurv::digitise
