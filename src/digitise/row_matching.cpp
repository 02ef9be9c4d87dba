// Orders of the rows of a number-at-risk table, scored by names, colours and the numbers themselves.
#include "digitise/row_matching.hpp"

#include "digitise/certificate.hpp"
#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>

namespace hersurv::digitise {

namespace {

using Order = std::vector<std::size_t>;
using PairScore = std::function<double(std::size_t curve, std::size_t row)>;

// Letters and digits only; signs that are often taken for one another are one.
std::string plain_letters(const std::string& text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        // The ligature of f and i.
        if (text.compare(i, 3, "\xEF\xAC\x81") == 0) {
            out += "fl";
            i += 2;
            continue;
        }
        const auto c = static_cast<char>(std::tolower(static_cast<unsigned char>(text[i])));
        if (c == '0')
            out += 'o';
        else if (c == '1' || c == 'i' || c == '|')
            out += 'l';
        else if (std::isalnum(static_cast<unsigned char>(c)) != 0)
            out += c;
    }
    return out;
}

double colour_difference(const Colour& one, const Colour& other) {
    return std::hypot(one.red - other.red, std::hypot(one.green - other.green, one.blue - other.blue));
}

// The best order of rows by the sum of its pairs, and how much better it is than the next one.
struct BestOrder {
    Order rows{};
    double score = 0, lead = 0;
};

BestOrder best_order(std::size_t n, const PairScore& score) {
    BestOrder best;
    best.score = -std::numeric_limits<double>::infinity();
    double second = best.score;
    Order order(n);
    std::iota(order.begin(), order.end(), std::size_t{0});
    do {
        double sum = 0;
        for (std::size_t i = 0; i < n; ++i) sum += score(i, order[i]);
        if (sum > best.score) {
            second = best.score;
            best.score = sum, best.rows = order;
        } else {
            second = std::max(second, sum);
        }
    } while (std::ranges::next_permutation(order).found);
    best.lead = n == 1 ? std::numeric_limits<double>::infinity() : best.score - second;
    return best;
}

// What one row would mean for a curve, interval by interval.
struct Course {
    double contradiction = 0;                      // in squared standard deviations
    std::vector<std::optional<double>> leaving{};  // share censored in each interval between times
    std::vector<double> uncertainty{};
};

// Standard deviation of S as it was read.
double noise_of_survival(bool from_pixels) { return from_pixels ? .004 : 2e-4; }

Course course_of(const TracedCurve& curve, const std::vector<double>& times, const AtRiskRow& row, bool from_pixels) {
    Course course;
    const double noise = noise_of_survival(from_pixels), tiny = 1e-4 * std::max(curve.ends_at, 1e-9);
    const double slack = from_pixels ? .004 * curve.ends_at : 1e-3 * curve.ends_at;
    std::size_t before = 0;
    bool first = true;
    for (std::size_t k = 0; k < times.size() && k < row.numbers.size(); ++k) {
        if (!row.numbers[k]) continue;
        const double n = *row.numbers[k];
        // The curve is drawn to its last patient, if the axis does not end before.
        const bool within = times[k] < times.back() + tiny;
        if (within && times[k] > curve.ends_at + slack && n > 0) course.contradiction += 4;
        if (within && times[k] < curve.ends_at - slack && n == 0) course.contradiction += 4;
        if (!first) {
            const double start = *row.numbers[before];
            const double from = survival_at(curve, times[before] - tiny), to = survival_at(curve, times[k] - tiny);
            if (start > 0 && from > 0 && times[k] <= curve.ends_at + slack) {
                const double alive = start * to / from;
                const double sd = 1 + start * noise * (1 + to / from) / from;
                const double over = std::max(0.0, (n - alive) / sd);
                course.contradiction += std::min(9.0, over * over);
                course.leaving.emplace_back(alive > 0 ? std::clamp(1 - n / alive, 0.0, 1.0) : 0.0);
                const double share = std::clamp(1 - n / std::max(alive, 1.0), .02, .98);
                const double relative = sd / std::max(alive, 1.0);
                course.uncertainty.push_back(share * (1 - share) / std::max(alive, 1.0) + relative * relative);
            } else {
                course.leaving.emplace_back(), course.uncertainty.push_back(0);
            }
        }
        first = false, before = k;
    }
    return course;
}

// Each drop of a curve of lines is a whole number of events among those at risk, who are between the numbers of the
// row: the number of drops that are none.
double unlike_drops(const TracedCurve& curve, const std::vector<double>& times, const AtRiskRow& row) {
    double unlike = 0;
    for (std::size_t i = 1; i < curve.steps.size(); ++i) {
        const double before = curve.steps[i - 1].survival, drop = before - curve.steps[i].survival;
        if (drop <= 1e-5 || before <= 0) continue;
        double most = -1, least = 0;
        for (std::size_t k = 0; k < times.size() && k < row.numbers.size(); ++k) {
            if (!row.numbers[k]) continue;
            if (times[k] <= curve.steps[i].time) most = *row.numbers[k];
            if (times[k] > curve.steps[i].time) {
                least = *row.numbers[k];
                break;
            }
        }
        if (most < 0) continue;
        const double error = std::min(.5, 6e-5 / drop + .01);  // of the drop, relative
        bool found = false;
        for (int events = 1; !found; ++events) {
            const double n = events * before / drop;
            if (n * (1 - error) > most + .5) break;
            found = n * (1 + error) >= least - .5;
        }
        if (error < .25 && !found) unlike += 1;
    }
    return unlike;
}

// Patients of both arms of a trial leave it for the same reasons: how unlike the shares of those who are censored are.
double unlike_leaving(const std::vector<Course>& courses) {
    double sum = 0;
    for (std::size_t i = 0; i + 1 < courses.size(); ++i)
        for (std::size_t k = 0; k < courses[i].leaving.size() && k < courses[i + 1].leaving.size(); ++k) {
            const auto &one = courses[i].leaving[k], &other = courses[i + 1].leaving[k];
            if (!one || !other) continue;
            // Trials differ; a share of .03 more is nothing.
            const double variance = courses[i].uncertainty[k] + courses[i + 1].uncertainty[k] + .0009;
            sum += std::min(9.0, (*one - *other) * (*one - *other) / variance);
        }
    return sum;
}

std::optional<Order> by_names(const std::vector<TracedCurve>& curves, const AtRiskTable& table) {
    const auto alike = [&](std::size_t i, std::size_t r) {
        const std::string& row = table.rows[r].name;
        return std::max(likeness(curves[i].name, row), likeness(curves[i].legend, row));
    };
    const BestOrder best = best_order(curves.size(), alike);
    const auto n = static_cast<double>(curves.size());
    if (best.lead < .5 || best.score < (curves.size() == 1 ? 0 : .3 * n)) return std::nullopt;
    return best.rows;
}

std::optional<Order> by_colours(const std::vector<TracedCurve>& curves, const AtRiskTable& table) {
    constexpr double alike = 110;
    Order order(curves.size());
    for (std::size_t i = 0; i < curves.size(); ++i) {
        std::size_t found = table.rows.size();
        for (std::size_t r = 0; r < table.rows.size(); ++r) {
            if (!table.rows[r].colour) return std::nullopt;
            const double difference = colour_difference(*table.rows[r].colour, curves[i].colour);
            const bool nearest = std::ranges::all_of(curves, [&](const TracedCurve& other) {
                return &other == &curves[i] ||
                       colour_difference(*table.rows[r].colour, other.colour) > 2 * difference + 20;
            });
            if (difference > alike || !nearest) continue;
            if (found < table.rows.size()) return std::nullopt;
            found = r;
        }
        if (found == table.rows.size()) return std::nullopt;
        order[i] = found;
    }
    return order;
}

// What the numbers of the rows cost in an order, all orders together.
class NumberFit {
  public:
    NumberFit(const std::vector<TracedCurve>& curves, const AtRiskTable& table, bool from_pixels)
        : from_pixels_(from_pixels), courses_(curves.size()), drops_(curves.size()) {
        for (std::size_t i = 0; i < curves.size(); ++i)
            for (const AtRiskRow& row : table.rows) {
                courses_[i].push_back(course_of(curves[i], table.times, row, from_pixels));
                drops_[i].push_back(from_pixels ? 0 : unlike_drops(curves[i], table.times, row));
            }
        Order order(curves.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        do {
            const double found = cost(order);
            if (found < least_)
                second_ = least_, least_ = found, best_ = order;
            else
                second_ = std::min(second_, found);
        } while (std::ranges::next_permutation(order).found);
    }

    // The best order, if no other one is nearly as good. Of 1770 numbers below drawn figures none went to a wrong
    // curve.
    [[nodiscard]] std::optional<Order> clear_order() const {
        if (second_ - least_ < lead()) return std::nullopt;
        return best_;
    }
    [[nodiscard]] bool contradicts(const Order& order) const { return cost(order) - least_ > .4 * lead(); }

  private:
    [[nodiscard]] double cost(const Order& order) const {
        double sum = 0;
        std::vector<Course> chosen;
        for (std::size_t i = 0; i < order.size(); ++i) {
            chosen.push_back(courses_[i][order[i]]);
            sum += chosen.back().contradiction + 2 * drops_[i][order[i]];
        }
        return sum + .5 * unlike_leaving(chosen);
    }
    [[nodiscard]] double lead() const { return from_pixels_ ? 9 + .3 * least_ : 7 + .5 * least_; }

    bool from_pixels_;
    std::vector<std::vector<Course>> courses_;
    std::vector<std::vector<double>> drops_;
    Order best_{};
    double least_ = std::numeric_limits<double>::infinity(), second_ = std::numeric_limits<double>::infinity();
};

}  // namespace

double likeness(const std::string& one, const std::string& other) {
    std::string shorter = plain_letters(one), longer = plain_letters(other);
    if (shorter.size() > longer.size()) std::swap(shorter, longer);
    if (shorter.size() < 2) return !shorter.empty() && shorter == longer ? 1 : 0;
    // Fewest letters to change so that the shorter one begins the longer one (V. I. Levenshtein, Soviet Physics Doklady
    // 1966;10:707-710).
    std::vector<int> row(longer.size() + 1);
    std::iota(row.begin(), row.end(), 0);
    for (std::size_t i = 1; i <= shorter.size(); ++i) {
        int diagonal = row[0];
        row[0] = static_cast<int>(i);
        for (std::size_t j = 1; j <= longer.size(); ++j) {
            const int above = row[j];
            row[j] = std::min({diagonal + (shorter[i - 1] == longer[j - 1] ? 0 : 1), above + 1, row[j - 1] + 1});
            diagonal = above;
        }
    }
    const double changes = *std::ranges::min_element(row), length = static_cast<double>(shorter.size());
    // What is as long as the other is more alike than what only begins it.
    const double covered = length / static_cast<double>(longer.size());
    return std::max(0.0, 1 - 1.5 * changes / length) * (.8 + .2 * covered);
}

std::vector<std::optional<std::size_t>> match_rows(const std::vector<TracedCurve>& curves, const AtRiskTable& table,
                                                   bool from_pixels) {
    std::vector<std::optional<std::size_t>> rows(curves.size());
    constexpr std::size_t most_arms = 6;
    if (table.rows.size() != curves.size() || curves.size() > most_arms) return rows;
    const NumberFit fit(curves, table, from_pixels);
    std::optional<Order> order = curves.size() == 1 ? std::optional(Order{0}) : by_names(curves, table);
    if (!order) order = by_colours(curves, table);
    if (order && fit.contradicts(*order)) return rows;
    if (!order) order = fit.clear_order();
    if (order)
        for (std::size_t i = 0; i < curves.size(); ++i) rows[i] = (*order)[i];
    return rows;
}

void leave_out_contradictions(const TracedCurve& curve, bool from_pixels, const std::vector<double>& times,
                              AtRiskRow& row) {
    const double tiny = 1e-4 * std::max(curve.ends_at, 1e-9);
    const double noise = 3 * noise_of_survival(from_pixels);
    // The number that most others contradict is the wrong one.
    while (true) {
        std::vector<int> against(row.numbers.size(), 0);
        for (std::size_t i = 0; i < row.numbers.size() && i < times.size(); ++i)
            for (std::size_t k = i + 1; k < row.numbers.size() && k < times.size(); ++k) {
                if (!row.numbers[i] || !row.numbers[k]) continue;
                const double from = survival_at(curve, times[i] - tiny), to = survival_at(curve, times[k] - tiny);
                if (from <= 0 || times[k] > curve.ends_at) continue;
                const double n = *row.numbers[i], most = n * (to / from) + n * noise * (1 + to / from) / from + 1;
                if (*row.numbers[k] > most) ++against[i], ++against[k];
            }
        const auto worst = std::ranges::max_element(against);
        if (worst == against.end() || *worst < 2) return;
        row.numbers[static_cast<std::size_t>(worst - against.begin())].reset();
    }
}

}  // namespace hersurv::digitise
