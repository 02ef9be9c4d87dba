// Rule look-alike-numbers: what a review prints twice of two things is told, so that nobody mixes them up.
// It is not a contradiction: medians of two trials may agree, and a percentage may look like a median.
#include <fmt/format.h>

#include "audit/rule_support.hpp"
#include "support/number_text.hpp"
#include <algorithm>
#include <cctype>
#include <map>

namespace hersurv::audit {

extern const Rule look_alike_numbers;

namespace {

enum class Unit { months, per_cent, ratio };

struct Print {
    const catalogue::Trial* trial;
    catalogue::Place at;
    const catalogue::Provenance* from;
    std::string what;     // "median OS of EMILIA, arm t-dm1 (os-final)"
    std::string meaning;  // prints of one meaning are one number that is repeated
    Unit unit;
    std::string text;  // as papers report it: probabilities in per cent
};

// By source, and the number without the zeros at its end: 20.0% looks like 20 months.
using Prints = std::map<std::string, std::vector<Print>>;

std::string as_printed(const catalogue::PrintedNumber& number, Unit unit) {
    return unit == Unit::per_cent ? support::fixed(100 * number.value, std::max(0, number.decimals - 2))
                                  : printed_text(number);
}

std::string without_zeros(std::string text) {
    if (text.find('.') == std::string::npos) return text;
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
    return text;
}

std::ptrdiff_t n_digits(const std::string& text) {
    return std::ranges::count_if(text, [](char c) { return std::isdigit(static_cast<unsigned char>(c)); });
}

// Two digits of one unit agree too often by chance; of ratios there are no more.
bool distinctive(const std::vector<Print>& prints) {
    const bool one_unit =
        std::ranges::all_of(prints, [&](const Print& print) { return print.unit == prints.front().unit; });
    return !one_unit || prints.front().unit == Unit::ratio ||
           std::ranges::any_of(prints, [](const Print& print) { return n_digits(print.text) >= 3; });
}

class Collector {
  public:
    // Only documents that tell of several trials: their readers meet both numbers.
    [[nodiscard]] static bool tells_of_several(const catalogue::Trial& trial, const catalogue::Provenance& from) {
        const auto source = trial.sources.find(from.source);
        return source != trial.sources.end() && source->second.kind == "review";
    }

    void add(const catalogue::Trial& trial, catalogue::Place at, const catalogue::PrintedNumber& number,
             const catalogue::Provenance& from, const std::string& what, Unit unit) {
        if (!number.is_number() || !tells_of_several(trial, from)) return;
        const std::string text = as_printed(number, unit);
        if (n_digits(text) < 2) return;
        at.trial = trial.id;
        std::string label = fmt::format("{} of {}", what, trial.id);
        if (!at.arm.empty()) label += ", arm " + at.arm;
        if (!at.analysis.empty()) label += fmt::format(" ({})", at.analysis);
        prints_[from.source + '\n' + without_zeros(text)].push_back(
            {&trial, at, &from, label, trial.id + '/' + at.arm + '/' + what, unit, text});
    }

    void add(const catalogue::Trial& trial, const catalogue::Place& at, const catalogue::Statistic& print,
             const std::string& what, Unit unit) {
        add(trial, at, print.value, print.from, what, unit);
        if (print.lower) add(trial, at, *print.lower, print.from, "lower confidence limit of the " + what, unit);
        if (print.upper) add(trial, at, *print.upper, print.from, "upper confidence limit of the " + what, unit);
    }

    [[nodiscard]] const Prints& prints() const { return prints_; }

  private:
    Prints prints_;
};

void collect(const catalogue::Trial& trial, Collector& collector) {
    for (const StatisticList& list : statistic_lists(trial)) {
        if (list.count) continue;
        const std::string endpoint = trial.find_analysis(list.at.analysis)->endpoint;
        const bool ratio = list.at.statistic == StatisticKind::hazard_ratio,
                   median = list.at.statistic == StatisticKind::median;
        const std::string what = ratio    ? "hazard ratio of " + endpoint
                                 : median ? "median " + endpoint
                                          : endpoint + " " + to_string(list.at.statistic);
        const Unit unit = ratio ? Unit::ratio : median ? Unit::months : Unit::per_cent;
        for (const auto& print : *list.prints) collector.add(trial, list.at, print, what, unit);
    }
    for (const auto& response : trial.responses) {
        catalogue::Place at;
        at.response = response.id;
        at.arm = response.arm;
        const std::string what = response.endpoint;
        collector.add(trial, at, response.rate, response.from, what, Unit::per_cent);
        if (response.lower)
            collector.add(trial, at, *response.lower, response.from, "lower limit of " + what, Unit::per_cent);
        if (response.upper)
            collector.add(trial, at, *response.upper, response.from, "upper limit of " + what, Unit::per_cent);
    }
}

void check(const Subject& subject, std::vector<Finding>& findings) {
    if (subject.trial != nullptr) return;  // of the whole catalogue
    Collector collector;
    for (const auto& trial : subject.catalogue->trials) collect(trial, collector);
    for (const auto& [key, prints] : collector.prints()) {
        std::string all;
        std::vector<std::string> meanings;
        for (const Print& print : prints) {
            if (std::ranges::find(meanings, print.meaning) != meanings.end()) continue;
            meanings.push_back(print.meaning);
            all += fmt::format("{}{}{}", all.empty() ? "" : "; ", print.what,
                               print.from->line ? fmt::format(", line {}", *print.from->line) : "");
        }
        if (meanings.size() < 2 || !distinctive(prints)) continue;
        Finding finding = start(look_alike_numbers, *prints.front().trial, prints.front().at, *prints.front().from);
        finding.at.source = finding.source;
        finding.published = prints.front().text;
        finding.message = fmt::format("{} has {} different meanings: {}", prints.front().text, meanings.size(), all);
        findings.push_back(std::move(finding));
    }
}

}  // namespace

const Rule look_alike_numbers{
    "look-alike-numbers",
    Severity::note,
    "no number in a review could be mistaken for another one",
    "a finding if one source of kind review has the same digits for two trials, arms or statistics: three digits or "
    "more, or two for ratios and if one number is in months and the other in per cent; probabilities are taken as per "
    "cent",
    "give trial, endpoint and unit wherever the number is used",
    check,
};

}  // namespace hersurv::audit
