// Reads the measured accuracy and looks it up.
#include "hersurv/error.hpp"
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
    std::array<MeasuredAccuracy::OfSize, size_classes.size()> by_size;
    for (std::size_t i = 0; i < by_size.size(); ++i) {
        const auto &of_a = a.by_size[i], &of_b = b.by_size[i];
        by_size[i].n_arms = of_a.n_arms + of_b.n_arms;
        if (by_size[i].n_arms == 0) continue;
        const auto n = static_cast<double>(of_a.n_arms), m = static_cast<double>(of_b.n_arms);
        by_size[i].error = (n * of_a.error + m * of_b.error) / (n + m);
    }
    return {a.n_arms + b.n_arms,
            mean(a.error, b.error),
            mean(a.standard_error, b.standard_error),
            mean(a.coverage, b.coverage),
            a.measured == b.measured ? a.measured : "partly " + a.measured + ", partly " + b.measured,
            std::min(a.least_patients, b.least_patients),
            by_size};
}

MeasuredAccuracy::OfSize of_size(const support::CsvTable& table, std::size_t row, const SizeClass& size) {
    const std::string name(size.name);
    const auto n_arms = table.number(row, "n_arms_" + name), error = table.number(row, "mae_" + name);
    if (!n_arms || !error) return {};
    return {static_cast<std::size_t>(std::lround(*n_arms)), *error};
}

// The cells of a row of the record, which has no quotations.
void cut(std::string_view row, std::vector<std::string_view>& cells) {
    cells.clear();
    if (row.ends_with('\r')) row.remove_suffix(1);
    for (std::size_t at = 0; at <= row.size();) {
        const std::size_t end = std::min(row.find(',', at), row.size());
        cells.push_back(row.substr(at, end - at));
        at = end + 1;
    }
}

// The evidence without what the fit left out because it contradicts the rest; nothing if it left out nothing.
std::optional<evidence::AnalysisEvidence> without_what_was_left_out(const FittedModel& model) {
    std::optional<evidence::AnalysisEvidence> used;
    const std::vector<NumberInFit>& numbers = model.numbers_in_fit();
    for (std::size_t i = 0; i < numbers.size() && i < model.evidence->observations.size(); ++i) {
        if (numbers[i].use != NumberInFit::Use::not_used || !model.evidence->observations[i].used()) continue;
        if (!used) used = *model.evidence;
        used->observations[i].kind = evidence::Kind::only_compared;
    }
    return used;
}

}  // namespace

std::size_t size_class_of(int n_patients) {
    std::size_t i = 0;
    while (n_patients > size_classes[i].most_patients) ++i;
    return i;
}

AccuracyRecord::AccuracyRecord(std::string_view csv, const std::string& file) : file_(file) {
    const std::size_t end_of_header = std::min(csv.find('\n'), csv.size());
    header_ = csv.substr(0, end_of_header);
    const support::CsvTable columns(header_, file);
    for (const std::string_view needed :
         {"endpoint", "pattern", "median", "model", "measured", "n_arms", "mae", "coverage"})
        columns.require_column(needed);
    const auto place = [&](std::string_view column) {
        return static_cast<std::size_t>(std::ranges::find(columns.columns(), column) - columns.columns().begin());
    };
    const std::size_t endpoint = place("endpoint"), pattern = place("pattern"), median = place("median"),
                      model = place("model"), measured = place("measured"), n_arms = place("n_arms");
    std::vector<std::string_view> cells;
    int line = 1;
    for (std::size_t at = end_of_header + 1; at < csv.size();) {
        const std::size_t end = std::min(csv.find('\n', at), csv.size());
        const std::string_view row = csv.substr(at, end - at);
        at = end + 1;
        cut(row, cells);
        ++line;
        if (cells.size() == 1 && cells.front().empty()) continue;
        if (cells.size() != columns.columns().size())
            throw support::InputError({support::Fault{
                file, "",
                std::to_string(cells.size()) + " fields under a header of " + std::to_string(columns.columns().size()),
                "renew the record", line, 0}});
        if (cells[n_arms].empty() || cells[n_arms] == "0") continue;  // the model gave no curve: nothing was measured
        std::string key = key_of(cells[endpoint], cells[pattern], cells[median] == "reached", cells[model]);
        if (cells[measured] == "held out")
            rows_.insert_or_assign(std::move(key), std::string(row));
        else
            rows_.emplace(std::move(key), std::string(row));
    }
}

std::optional<MeasuredAccuracy> AccuracyRecord::measured(const std::string& key) const {
    const auto found = rows_.find(key);
    if (found == rows_.end()) return std::nullopt;
    const support::CsvTable table(header_ + '\n' + found->second + '\n', file_);
    MeasuredAccuracy figure{static_cast<std::size_t>(std::lround(table.required_number(0, "n_arms"))),
                            table.required_number(0, "mae"),
                            table.number(0, "mae_se").value_or(0),
                            table.required_number(0, "coverage"),
                            table.text(0, "measured"),
                            table.number(0, "least_patients").value_or(0),
                            {}};
    for (std::size_t i = 0; i < size_classes.size(); ++i) figure.by_size[i] = of_size(table, 0, size_classes[i]);
    return figure;
}

std::optional<MeasuredAccuracy> AccuracyRecord::find(std::string_view endpoint_class, std::string_view pattern,
                                                     MedianCase median, std::string_view model) const {
    const auto of = [&](bool reached) { return measured(key_of(endpoint_class, pattern, reached, model)); };
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
    const auto changed = without_what_was_left_out(model);
    const evidence::AnalysisEvidence& used = changed ? *changed : *model.evidence;
    ExpectedAccuracy expected;
    expected.pattern = accuracy_record().pattern_of(used, arm);
    expected.median = median_case(used, arm);
    expected.endpoint_class = class_of(used);
    if (expected.pattern == nullptr || !model.fitted(arm)) return expected;
    expected.of_all_sizes =
        accuracy_record().find(expected.endpoint_class, expected.pattern->name, expected.median, model.model->name);
    if (expected.of_all_sizes && model.intervals_of_reconstruction)
        if (const auto automatic =
                accuracy_record().find(expected.endpoint_class, expected.pattern->name, expected.median, "auto"))
            expected.of_all_sizes->coverage = automatic->coverage;
    expected.measured = expected.of_all_sizes;
    const std::optional<int> n_patients = used.arms[arm].n_patients;
    if (!expected.measured || !n_patients) return expected;
    if (*n_patients < expected.measured->least_patients) {
        expected.smaller_than_measured = expected.measured->least_patients;
        expected.measured.reset();
        return expected;
    }
    const std::size_t size = size_class_of(*n_patients);
    const MeasuredAccuracy::OfSize of_size = expected.measured->by_size[size];
    if (of_size.n_arms < AccuracyRecord::enough_arms) return expected;
    expected.size_class = size;
    expected.measured->n_arms = of_size.n_arms;
    expected.measured->error = of_size.error;
    return expected;
}

}  // namespace hersurv::fit
