// Reads the measured accuracy and looks it up.
#include "hersurv/fit.hpp"

#include "evidence/constants.hpp"
#include "fit/builtin_accuracy.hpp"
#include "support/csv.hpp"
#include <algorithm>
#include <cmath>
#include <vector>

namespace hersurv::fit {
namespace {

std::string class_of(const evidence::AnalysisEvidence& evidence) {
    return evidence.constants->endpoint(evidence.endpoint).endpoint_class;
}

std::string key_of(std::string_view endpoint_class, std::string_view pattern, bool reached, std::string_view model) {
    std::string key;
    for (const std::string_view part : {endpoint_class, pattern, std::string_view(reached ? "reached" : "not"), model})
        key.append(part).push_back('\n');
    return key;
}

// The mean over the arms of both.
MeasuredAccuracy pooled(const MeasuredAccuracy& a, const MeasuredAccuracy& b) {
    const auto n_a = static_cast<double>(a.n_arms), n_b = static_cast<double>(b.n_arms);
    const auto mean = [&](double of_a, double of_b) { return (n_a * of_a + n_b * of_b) / (n_a + n_b); };
    return {a.n_arms + b.n_arms, mean(a.error, b.error), mean(a.standard_error, b.standard_error),
            mean(a.coverage, b.coverage),
            a.measured == b.measured ? a.measured : "partly " + a.measured + ", partly " + b.measured};
}

}  // namespace

AccuracyRecord::AccuracyRecord(std::string_view csv, const std::string& file) {
    const support::CsvTable table(csv, file);
    figures_.reserve(table.n_rows());
    for (std::size_t row = 0; row < table.n_rows(); ++row) {
        const double n_arms = table.required_number(row, "n_arms");
        if (n_arms < 1) continue;  // the model gave no curve: nothing was measured
        std::string key = key_of(table.text(row, "endpoint"), table.text(row, "pattern"),
                                 table.text(row, "median") == "reached", table.text(row, "model"));
        const MeasuredAccuracy figure{static_cast<std::size_t>(std::lround(n_arms)), table.required_number(row, "mae"),
                                      table.number(row, "mae_se").value_or(0), table.required_number(row, "coverage"),
                                      table.text(row, "measured")};
        if (figure.measured == "held out")
            figures_.insert_or_assign(std::move(key), figure);
        else
            figures_.emplace(std::move(key), figure);
    }
}

std::optional<MeasuredAccuracy> AccuracyRecord::find(std::string_view endpoint_class, std::string_view pattern,
                                                     MedianCase median, std::string_view model) const {
    const auto of = [&](bool reached) -> std::optional<MeasuredAccuracy> {
        const auto found = figures_.find(key_of(endpoint_class, pattern, reached, model));
        return found == figures_.end() ? std::nullopt : std::optional(found->second);
    };
    if (median != MedianCase::not_printed) return of(median == MedianCase::reached);
    const auto reached = of(true), not_reached = of(false);
    return reached && not_reached ? pooled(*reached, *not_reached) : reached ? reached : not_reached;
}

const Pattern* AccuracyRecord::pattern_of(const evidence::AnalysisEvidence& evidence, std::size_t arm) const {
    std::vector<const Pattern*> held;
    for (const Pattern& pattern : patterns())
        if (holds(pattern, evidence, arm)) held.push_back(&pattern);
    const std::string endpoint_class = class_of(evidence);
    const MedianCase median = median_case(evidence, arm);
    const Pattern* best = nullptr;
    double least = 0;
    for (const Pattern* pattern : held) {
        if (std::any_of(held.begin(), held.end(),
                        [&](const Pattern* other) { return other != pattern && includes(*other, *pattern); }))
            continue;
        // An error of S is below 1.
        constexpr double few_arms = 1, not_measured = 2;
        const auto measured = find(endpoint_class, pattern->name, median, "auto");
        const double error = !measured ? not_measured : measured->n_arms < enough_arms ? few_arms : measured->error;
        if (best != nullptr && error >= least) continue;
        best = pattern;
        least = error;
    }
    return best;
}

const AccuracyRecord& accuracy_record() {
    static const AccuracyRecord record(builtin_accuracy(), "data/accuracy.csv");
    return record;
}

ExpectedAccuracy expected_accuracy(const FittedModel& model, std::size_t arm) {
    ExpectedAccuracy expected;
    expected.pattern = accuracy_record().pattern_of(*model.evidence, arm);
    expected.median = median_case(*model.evidence, arm);
    expected.endpoint_class = class_of(*model.evidence);
    if (expected.pattern != nullptr && model.fitted(arm))
        expected.measured =
            accuracy_record().find(expected.endpoint_class, expected.pattern->name, expected.median, model.model->name);
    return expected;
}

}  // namespace hersurv::fit
