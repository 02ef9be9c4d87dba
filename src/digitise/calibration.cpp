// Rows and columns of labels that form axes, pairs of these that form panels, and where their panels end.
#include "digitise/calibration.hpp"

#include "digitise/axis_title.hpp"
#include "digitise/given_axis.hpp"
#include "digitise/snapping.hpp"
#include "digitise/strokes.hpp"
#include <algorithm>
#include <cmath>
#include <list>

namespace hersurv::digitise {

namespace {

constexpr double least_score = 7;  // of a row or column: two labels that are read without doubt and a third
constexpr double least_given_score =
    4;  // of an axis whose values the user gave: three labels in their places, one of them like its value
constexpr double least_lead = 2.5;         // over the best rival
constexpr double margin_of_panel = 0.045;  // R and ggplot2 add 4 and 5% of the range to each end

struct AxisCandidate {
    Progression labels{};
    Box box{};                // of the labels that have values
    double label_height = 0;  // across the text
    bool turned = false;
};

double middle_x(const Box& b) { return (b.left + b.right) / 2; }
double middle_y(const Box& b) { return (b.top + b.bottom) / 2; }
double text_height(const Label& l) { return l.turned ? l.box.right - l.box.left : l.box.bottom - l.box.top; }

Box frame_of(const std::vector<LabelledValue>& labels) {
    Box box = labels.front().label->box;
    for (const LabelledValue& v : labels) {
        const Box& b = v.label->box;
        box = {std::min(box.left, b.left), std::min(box.top, b.top), std::max(box.right, b.right),
               std::max(box.bottom, b.bottom)};
    }
    return box;
}

// Labels whose `key` is nearly the same, the largest group first; each label is in one group.
template <typename Key>
std::vector<std::vector<const Label*>> aligned(std::vector<const Label*> labels, const Key& key) {
    std::ranges::sort(labels, {}, [&](const Label* l) { return key(*l); });
    std::vector<std::vector<const Label*>> groups;
    while (labels.size() >= 3) {
        std::vector<const Label*> largest;
        for (std::size_t i = 0; i < labels.size(); ++i) {
            const double height = text_height(*labels[i]), within = std::max(1.5, 0.3 * height);
            std::vector<const Label*> group;
            for (std::size_t j = i; j < labels.size() && key(*labels[j]) - key(*labels[i]) <= within; ++j) {
                const double other = text_height(*labels[j]);
                if (other < 1.5 * height && height < 1.5 * other) group.push_back(labels[j]);
            }
            if (group.size() > largest.size()) largest = std::move(group);
        }
        if (largest.size() < 3) break;
        std::erase_if(labels, [&](const Label* l) { return std::ranges::find(largest, l) != largest.end(); });
        groups.push_back(std::move(largest));
    }
    return groups;
}

// The labels of panels side by side, or above one another, are on one line: it begins anew where the first number comes
// again. Parts with fewer labels than an axis has are none.
std::vector<std::vector<const Label*>> split_panels(std::vector<const Label*> group, bool rising) {
    std::ranges::sort(group, {}, [&](const Label* l) { return rising ? middle_x(l->box) : middle_y(l->box); });
    std::vector<std::vector<const Label*>> parts;
    for (const Label* label : group) {
        const bool again = !parts.empty() && label->number && parts.front().front()->number &&
                           *label->number == *parts.front().front()->number;
        if (parts.empty() || again) parts.emplace_back();
        parts.back().push_back(label);
    }
    constexpr std::size_t fewest_labels = 3;
    if (std::ranges::any_of(parts, [](const auto& part) { return part.size() < fewest_labels; })) return {group};
    return parts;
}

struct AxisPair {
    const AxisCandidate* row = nullptr;
    const AxisCandidate* column = nullptr;
    double worth = 0;
};

// The part of the smaller box that both share.
double overlap(const Box& a, const Box& b) {
    const double wide = std::min(a.right, b.right) - std::max(a.left, b.left),
                 high = std::min(a.bottom, b.bottom) - std::max(a.top, b.top);
    const auto area = [](const Box& box) { return (box.right - box.left) * (box.bottom - box.top); };
    return wide <= 0 || high <= 0 ? 0 : wide * high / std::min(area(a), area(b));
}

// The labelled values with those between them whose labels could not be read.
std::vector<double> all_steps(const std::vector<LabelledValue>& labels) {
    double step = 1e300;
    for (std::size_t i = 1; i < labels.size(); ++i) step = std::min(step, labels[i].value - labels[i - 1].value);
    std::vector<double> values;
    const double first = labels.front().value, steps = (labels.back().value - first) / step;
    if (std::abs(steps - std::round(steps)) > 1e-6 || steps > 200) {
        for (const LabelledValue& v : labels) values.push_back(v.value);
        return values;
    }
    for (int k = 0; k <= std::lround(steps); ++k) values.push_back(first + k * step);
    return values;
}

// Below the lowest survival label that was read there may be others that were not: whole steps down to 0 for which
// there is room above `limit`.
void add_lower_steps(const Scale& survival, double limit, std::vector<double>& labelled) {
    if (labelled.size() < 2) return;
    const double step = labelled[1] - labelled[0];
    while (labelled.front() > .5 * step && survival.position(labelled.front() - step) < limit)
        labelled.insert(labelled.begin(), std::max(labelled.front() - step, 0.0));
}

class Calibrator {
  public:
    Calibrator(const Drawing& drawing, const CalibrationHints& hints) : drawing_(drawing), hints_(hints) {}

    Calibration run() {
        Calibration out;
        if (hints_.box && hints_.time && hints_.survival) {
            out.panels.push_back(axes_of_box());
            return out;
        }
        find_rows();
        find_columns();
        std::vector<AxisPair> pairs;
        for (const AxisCandidate& row : rows_)
            for (const AxisCandidate& column : columns_)
                if (const double worth = worth_of(row, column); worth > 0) pairs.push_back({&row, &column, worth});
        std::ranges::stable_sort(pairs, [](const AxisPair& a, const AxisPair& b) { return a.worth > b.worth; });
        std::vector<Box> taken;
        std::vector<AxisPair> chosen;
        const auto take = [&](const AxisPair& pair) {
            const Box box = between(pair);
            if (hints_.box && overlap(box, *hints_.box) < 0.5) return;
            if (is_far_worse(pair, pairs.front())) return;
            if (std::ranges::any_of(taken, [&](const Box& other) { return overlap(box, other) > 0.1; })) return;
            taken.push_back(box);
            chosen.push_back(pair);
            add_panel(*pair.row, *pair.column, out);
        };
        for (const AxisPair& pair : pairs) take(pair);
        std::list<AxisCandidate> shared;
        for (const AxisPair& pair : pairs_that_share(chosen, shared)) take(pair);
        keep_apart(out.panels);
        if (out.panels.empty() && out.why_not.empty()) explain_nothing(out);
        std::ranges::stable_sort(out.panels, [](const Axes& a, const Axes& b) {
            if (a.panel.top > b.panel.bottom || b.panel.top > a.panel.bottom) return a.panel.top < b.panel.top;
            return a.panel.left < b.panel.left;
        });
        return out;
    }

  private:
    std::vector<const Label*> numbers(bool turned) const {
        std::vector<const Label*> out;
        for (const Label& label : drawing_.labels)
            if (label.turned == turned && (label.number || label.pieces)) out.push_back(&label);
        return out;
    }

    void add_candidate(const std::vector<const Label*>& group, bool rising, bool turned,
                       std::vector<AxisCandidate>& out) const {
        std::vector<AxisLabel> labels;
        double height = 0;
        for (const Label* label : group) {
            labels.push_back({label, rising ? middle_x(label->box) : middle_y(label->box)});
            height += text_height(*label) / static_cast<double>(group.size());
        }
        const auto& given = rising ? hints_.time : hints_.survival;
        const auto found =
            given ? find_given(labels, *given, rising, height) : find_progression(labels, rising, height);
        if (!found || found->score < (given ? least_given_score : least_score)) return;
        const double top = found->labelled.back().value;
        if (!rising && top > (found->percent ? 100.5 : 1.005)) return;
        out.push_back({*found, frame_of(found->labelled), height, turned});
    }

    void find_rows() {
        for (const auto& group : aligned(numbers(false), [](const Label& l) { return middle_y(l.box); }))
            for (const auto& part : split_panels(group, true)) add_candidate(part, true, false, rows_);
        if (hints_.time && rows_.empty()) add_ticks(*hints_.time, true, rows_);
    }

    // An axis without labels that can be read, but with as many tick marks as the user gave values.
    void add_ticks(const GivenAxis& given, bool rising, std::vector<AxisCandidate>& out) const {
        const double longest = 0.04 * std::max(drawing_.width, drawing_.height);
        const auto found = find_given_at_ticks(strokes_across(drawing_.strokes, rising), given, rising, longest);
        if (!found) return;
        const double first = found->labels.labelled.front().position, last = found->labels.labelled.back().position,
                     across = found->across;
        const Box box =
            rising ? Box{first, across, last, across + longest / 2} : Box{across - longest / 2, last, across, first};
        out.push_back({found->labels, box, longest / 2, false});
        out.back().labels.score = least_score;
    }

    void find_columns() {
        const auto add = [&](bool turned, auto key) {
            for (const auto& group : aligned(numbers(turned), key))
                for (const auto& part : split_panels(group, false)) add_candidate(part, false, turned, columns_);
        };
        add(true, [](const Label& l) { return middle_x(l.box); });
        add(false, [](const Label& l) { return l.box.right; });
        add(false, [](const Label& l) { return middle_x(l.box); });
        add(false, [](const Label& l) { return l.box.left; });
        if (hints_.survival && columns_.empty()) add_ticks(*hints_.survival, false, columns_);
    }

    Axes axes_of_box() const {
        const Box& box = *hints_.box;
        const double largest = hints_.survival->to > 1.5 ? 100 : 1;
        const auto scale = [](const GivenAxis& axis, double unit, double from, double to) {
            Scale out;
            out.per_unit = (to - from) / ((axis.to - axis.from) / unit);
            out.origin = from - axis.from / unit * out.per_unit;
            for (const double v : values_of(axis)) out.labelled.push_back(v / unit);
            return out;
        };
        Axes axes;
        axes.time = scale(*hints_.time, 1, box.left, box.right);
        axes.survival = scale(*hints_.survival, largest, box.bottom, box.top);
        axes.percent = largest > 1;
        axes.panel = box;
        axes.time_title = time_title(
            drawing_, {box.left, box.bottom, box.right, box.bottom + (box.bottom - box.top) / 20}, box.left, box.right);
        axes.unit = unit_in(axes.time_title);
        return axes;
    }

    // Panels side by side may show the survival axis once, to the left of the first one.
    std::vector<AxisPair> pairs_that_share(const std::vector<AxisPair>& chosen,
                                           std::list<AxisCandidate>& shared) const {
        std::vector<AxisPair> more;
        for (const AxisCandidate& row : rows_)
            for (const AxisPair& pair : chosen) {
                const Box &own = pair.row->box, &other = row.box;
                if (pair.row == &row || other.left < own.right || std::abs(middle_y(own) - middle_y(other)) > 2)
                    continue;
                if (row.labels.labelled.size() != pair.row->labels.labelled.size() ||
                    row.labels.labelled.front().value != pair.row->labels.labelled.front().value)
                    continue;
                shared.push_back(*pair.column);
                // Where the labels would be if the panel had its own.
                Box& box = shared.back().box;
                box.right = std::max(own.right, other.left - row.label_height), box.left = box.right - 1;
                more.push_back({&row, &shared.back(), 1});
            }
        return more;
    }

    // Frames and axes of panels in one line look like one long line: no panel reaches into the next one.
    static void keep_apart(std::vector<Axes>& panels) {
        const auto frame = [](const Axes& axes) {
            return Box{
                axes.time.position(axes.time.labelled.front()), axes.survival.position(axes.survival.labelled.back()),
                axes.time.position(axes.time.labelled.back()), axes.survival.position(axes.survival.labelled.front())};
        };
        for (Axes& one : panels)
            for (const Axes& other : panels) {
                const Box a = frame(one), b = frame(other);
                const double wide = margin_of_panel * (a.right - a.left), high = margin_of_panel * (a.bottom - a.top);
                if (a.right < b.left && a.top < b.bottom && b.top < a.bottom)
                    one.panel.right = std::min(one.panel.right, a.right + wide);
                if (b.right < a.left && a.top < b.bottom && b.top < a.bottom)
                    one.panel.left = std::max(one.panel.left, a.left - wide);
                if (b.bottom < a.top && a.left < b.right && b.left < a.right)
                    one.panel.top = std::max(one.panel.top, a.top - high);
                if (a.bottom < b.top && a.left < b.right && b.left < a.right)
                    one.panel.bottom = std::min(one.panel.bottom, a.bottom + high);
            }
    }

    // How well the two fit: the column is to the left of the row, and its lowest label above it. 0 if they cannot
    // belong together.
    static double worth_of(const AxisCandidate& row, const AxisCandidate& column) {
        const double lowest = column.labels.labelled.front().position,
                     span = lowest - column.labels.labelled.back().position;
        const double below = middle_y(row.box) - lowest,
                     beside = row.labels.labelled.front().position - column.box.right;
        if (below < -0.5 * column.label_height || below > 0.5 * span || beside < -column.label_height ||
            beside > 0.8 * span)
            return 0;
        return row.labels.score + column.labels.score - 10 * (std::max(0.0, below) + std::max(0.0, beside)) / span;
    }

    // Given values need not be read to be found, so that numbers at risk and words can pass for axes of another panel.
    bool is_far_worse(const AxisPair& pair, const AxisPair& best) const {
        constexpr double share = .5;
        return (hints_.time && pair.row->labels.score < share * best.row->labels.score) ||
               (hints_.survival && pair.column->labels.score < share * best.column->labels.score);
    }

    static Box between(const AxisPair& pair) {
        return {pair.row->labels.labelled.front().position, pair.column->labels.labelled.back().position,
                pair.row->labels.labelled.back().position, pair.column->labels.labelled.front().position};
    }

    void add_panel(const AxisCandidate& row, const AxisCandidate& column, Calibration& out) const {
        const std::string where = " (axis labels at x " + std::to_string(std::lround(row.box.left)) + " to " +
                                  std::to_string(std::lround(row.box.right)) + ", y " +
                                  std::to_string(std::lround(row.box.top)) + ")";
        for (const bool time : {true, false}) {
            const Progression& labels = (time ? row : column).labels;
            if (!(time ? hints_.time : hints_.survival) && labels.rival > labels.score - least_lead) {
                out.why_not.push_back(std::string("the labels of the ") + (time ? "time" : "survival") +
                                      " axis can be read in more than one way" + where);
                return;
            }
        }
        Axes axes;
        axes.percent = column.labels.percent;
        place(row, column, axes);
        if (std::max(axes.time.residual, axes.survival.residual) > std::max(1.0, 0.15 * row.label_height)) {
            out.why_not.push_back("the labels are not where an axis with equal steps has them" + where);
            return;
        }
        if (axes.percent) {
            axes.survival.per_unit *= 100;
            for (double& v : axes.survival.labelled) v /= 100;
        }
        axes.time_title = time_title(drawing_, row.box, axes.panel.left, axes.panel.right);
        axes.survival_title = survival_title(drawing_, column.box, axes.panel.top, axes.panel.bottom);
        // Panels side by side may share their title.
        if (axes.time_title.empty()) axes.time_title = time_title(drawing_, row.box, 0, drawing_.width);
        axes.unit = unit_in(axes.time_title);
        out.panels.push_back(std::move(axes));
    }

    // Snaps both axes to strokes and finds the edges of the panel.
    void place(const AxisCandidate& row, const AxisCandidate& column, Axes& axes) const {
        const double left = row.labels.labelled.front().position, right = row.labels.labelled.back().position;
        const double top = column.labels.labelled.back().position, bottom = column.labels.labelled.front().position;
        const double wide = right - left, high = bottom - top;
        const AxisLine below = line_near(true, bottom - 3, row.box.top + 1, left, right);
        const AxisLine beside = line_near(false, column.box.right - 1, left + 3, top, bottom);
        const double floor = below.covered > 0 ? below.across : bottom;
        const double wall = beside.covered > 0 ? beside.across : left;
        std::vector<Stroke> strokes = drawing_.strokes;
        if (drawing_.raster) {
            const InkMap& map = ink();
            const std::vector<Stroke> grid =
                find_grid(*drawing_.raster, map,
                          {left - 0.04 * wide, top - 0.04 * high, right + 0.04 * wide, bottom + 0.04 * high});
            strokes.insert(strokes.end(), grid.begin(), grid.end());
        }
        axes.time =
            snap_to_strokes(row.labels, strokes_across(strokes, true), floor, row.box.top, high, row.label_height)
                .scale;
        axes.survival = snap_to_strokes(column.labels, strokes_across(strokes, false), wall, column.box.right, wide,
                                        column.label_height)
                            .scale;
        axes.time.labelled.clear(), axes.survival.labelled.clear();
        axes.time.labelled = all_steps(row.labels.labelled);
        axes.survival.labelled = all_steps(column.labels.labelled);
        add_lower_steps(axes.survival, below.covered > 0 ? floor + 2 : row.box.top, axes.survival.labelled);
        const double lowest = axes.survival.position(axes.survival.labelled.front());
        axes.panel.left = beside.covered > 0 ? std::min(wall, left) : left - margin_of_panel * wide;
        axes.panel.bottom = below.covered > 0 ? std::max(floor, lowest) : lowest + margin_of_panel * high;
        axes.panel.right = std::max(below.covered > 0 ? below.to : 0, right + margin_of_panel * wide);
        axes.panel.top = std::min(beside.covered > 0 ? beside.from : 1e300, top - margin_of_panel * high);
        const AxisLine far_right = line_near(false, right - 2, right + 0.12 * wide, top, bottom);
        const AxisLine ceiling = line_near(true, top - 0.12 * high, top + 2, left, right);
        if (far_right.covered > 0) axes.panel.right = far_right.across;
        if (ceiling.covered > 0) axes.panel.top = ceiling.across;
        axes.panel = {std::max(0.0, axes.panel.left), std::max(0.0, axes.panel.top),
                      std::min(drawing_.width, axes.panel.right), std::min(drawing_.height, axes.panel.bottom)};
    }

    // The line along an axis with the most ink of those between two positions across; `covered` 0 if there is none.
    AxisLine line_near(bool time_axis, double across_from, double across_to, double from, double to) const {
        AxisLine best;
        for (const AxisLine& line : lines_along(drawing_.strokes, time_axis)) {
            if (line.across < across_from || line.across > across_to || line.covered < 0.5 * (to - from)) continue;
            if (line.from > from + 0.25 * (to - from) || line.to < to - 0.25 * (to - from)) continue;
            if (line.covered > best.covered) best = line;
        }
        return best;
    }

    const InkMap& ink() const {
        if (!ink_) ink_ = std::make_shared<InkMap>(ink_of(*drawing_.raster));
        return *ink_;
    }

    void explain_nothing(Calibration& out) const {
        if (rows_.empty() && columns_.empty())
            out.why_not.emplace_back("no labels of axes were found");
        else if (rows_.empty())
            out.why_not.emplace_back("the labels of the time axis could not be read");
        else if (columns_.empty())
            out.why_not.emplace_back("the labels of the survival axis could not be read");
        else
            out.why_not.emplace_back("no pair of a time axis and a survival axis was found");
    }

    const Drawing& drawing_;
    const CalibrationHints& hints_;
    mutable std::shared_ptr<InkMap> ink_;
    std::vector<AxisCandidate> rows_, columns_;
};

}  // namespace

Calibration calibrate(const Drawing& drawing, const CalibrationHints& hints) {
    return Calibrator(drawing, hints).run();
}

}  // namespace hersurv::digitise
