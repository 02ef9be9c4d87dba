// Rule interval-holds-value: a confidence interval contains its estimate.
#include <fmt/format.h>

#include "audit/rule_support.hpp"

namespace hersurv::audit {

extern const Rule interval_holds_value;

namespace {

using catalogue::PrintedNumber;

struct Printed {
    PrintedNumber value;
    std::optional<PrintedNumber> lower, upper;
    bool count = false;
};

// What is wrong, or nothing. A median that is not reached has no upper limit that is: the upper limit of S lies above S
// and crosses one half later. A lower limit that is not reached needs a median that is not, unless the last event ends
// the curve: at S = 0 there are no limits, and R's survfit gives none of the median, on neither side.
std::string fault(const Printed& printed, bool approximate) {
    const auto range = [&](const std::optional<PrintedNumber>& number) {
        return number ? range_of(*number, printed.count, approximate) : std::nullopt;
    };
    const auto value = range(printed.value), upper = range(printed.upper);
    auto lower = range(printed.lower);
    const auto text = [](const std::optional<PrintedNumber>& number) { return printed_text(*number); };
    if (printed.lower && printed.value.is_number() && printed.lower->kind == PrintedNumber::Kind::not_reached) {
        if (printed.upper && printed.upper->is_number())
            return fmt::format("the lower confidence limit is NR, but the estimate {} is reached",
                               printed_text(printed.value));
        lower.reset();
    }
    if (printed.upper && printed.upper->is_number() && printed.value.kind == PrintedNumber::Kind::not_reached)
        return fmt::format("the upper confidence limit {} is reached, but the estimate is NR", text(printed.upper));
    if (lower && upper && upper->clearly_below(*lower))
        return fmt::format("the lower confidence limit {} is above the upper one, {}, by more than rounding",
                           text(printed.lower), text(printed.upper));
    if (value && lower && value->clearly_below(*lower))
        return fmt::format("the lower confidence limit {} is above the estimate {} by more than rounding",
                           text(printed.lower), printed_text(printed.value));
    if (value && upper && upper->clearly_below(*value))
        return fmt::format("the upper confidence limit {} is below the estimate {} by more than rounding",
                           text(printed.upper), printed_text(printed.value));
    return "";
}

void look_at(const catalogue::Trial& trial, const catalogue::Place& at, const Printed& printed,
             const catalogue::Provenance& from, std::vector<Finding>& findings) {
    const std::string problem = fault(printed, from.approximate);
    if (problem.empty()) return;
    Finding finding = start(interval_holds_value, trial, at, from);
    const auto limit = [](const std::optional<PrintedNumber>& number) {
        return number ? printed_text(*number) : std::string("-");
    };
    finding.published =
        fmt::format("{} [{}, {}]", printed_text(printed.value), limit(printed.lower), limit(printed.upper));
    finding.expected = "lower <= value <= upper";
    finding.message = problem;
    findings.push_back(std::move(finding));
}

void check(const Subject& subject, std::vector<Finding>& findings) {
    if (subject.trial == nullptr) return;
    const catalogue::Trial& trial = *subject.trial;
    for (const StatisticList& list : statistic_lists(trial))
        for (const auto& print : *list.prints)
            look_at(trial, list.at, {print.value, print.lower, print.upper, list.count}, print.from, findings);
    for (const auto& response : trial.responses) {
        catalogue::Place at;
        at.response = response.id;
        at.arm = response.arm;
        look_at(trial, at, {response.rate, response.lower, response.upper}, response.from, findings);
    }
    const auto measures = [&](const std::vector<catalogue::Measure>& list, const std::string& analysis) {
        for (const auto& measure : list) {
            catalogue::Place at;
            at.analysis = analysis;
            at.measure = measure.id;
            at.arm = measure.arm;
            look_at(trial, at, {measure.value, measure.lower, measure.upper, is_count_unit(measure.unit)}, measure.from,
                    findings);
        }
    };
    measures(trial.measures, "");
    for (const auto& analysis : trial.analyses) measures(analysis.measures, analysis.id);
}

}  // namespace

const Rule interval_holds_value{
    "interval-holds-value",
    Severity::error,
    "the confidence interval of a median, survival rate, hazard ratio, response rate or measure contains its estimate",
    "lower - half unit <= value + half unit, value - half unit <= upper + half unit; NR counts as later than every "
    "time, NE is not compared",
    "compare the estimate and its CI with the source",
    check,
};

}  // namespace hersurv::audit
