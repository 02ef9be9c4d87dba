// Puts the evidence behind a curve and its measured error into words and cells.
#include "report/accuracy_parts.hpp"

#include <fmt/format.h>

#include "evidence/constants.hpp"
#include "report/numbers.hpp"
#include "support/number_text.hpp"
#include "support/words.hpp"
#include <algorithm>
#include <set>
#include <utility>

namespace hersurv::report {
namespace {

using fit::ExpectedAccuracy;

constexpr int decimals_of_error = 3;

// "; the error of S with these numbers was not measured"
std::string not_measured(const ExpectedAccuracy& expected) {
    return expected.smaller_than_measured
               ? fmt::format("; no error of S is known for arms this small: those measured had {:.0f} patients or more",
                             *expected.smaller_than_measured)
               : "; the error of S with these numbers was not measured";
}

// " of 150 to 299 patients"
std::string size_words(const ExpectedAccuracy& expected) {
    return expected.size_class ? " " + std::string(fit::size_classes[*expected.size_class].words) : "";
}

std::string evidence_words(const ExpectedAccuracy& expected) {
    return expected.pattern != nullptr ? fit::words(*expected.pattern, expected.median)
                                       : "a combination of numbers that is no measured pattern";
}

// "0.021 (weibull)", "0.021 (weibull, 3 arms only)", "not measured (weibull)".
std::string error_words(const ExpectedAccuracy& expected, std::string_view model) {
    if (!expected.measured) return fmt::format("not measured ({})", model);
    const std::size_t n = expected.measured->n_arms;
    const std::string few =
        n < fit::AccuracyRecord::enough_arms ? fmt::format(", {} arm{} only", n, n == 1 ? "" : "s") : "";
    return fmt::format("{} ({}{})", support::fixed(expected.measured->error, decimals_of_error), model, few);
}

// What all models of an analysis make of an arm, and how it was measured.
struct ArmWords {
    std::string evidence, errors, endpoint_class, measured;  // `measured` is empty where nothing was
    std::string size, not_measured;
};

ArmWords words_of(const AnalysisFit& fit, std::size_t arm) {
    ArmWords result;
    std::vector<std::string> errors;
    std::set<std::string> measured;
    for (const auto& model : fit.models) {
        if (!model.fitted(arm)) continue;
        const ExpectedAccuracy expected = fit::expected_accuracy(model, arm);
        result.evidence = evidence_words(expected);
        result.endpoint_class = expected.endpoint_class;
        result.size = size_words(expected);
        result.not_measured = not_measured(expected);
        errors.push_back(error_words(expected, model.model->name));
        if (expected.measured) measured.insert(expected.measured->measured);
    }
    result.errors = support::joined(errors);
    result.measured = support::joined({measured.begin(), measured.end()}, " or ");
    return result;
}

// Names by what is said of them, in the order in which it is said first.
template <class Key>
using Groups = std::vector<std::pair<Key, std::vector<std::string>>>;

template <class Key>
void add_to_group(Groups<Key>& groups, const Key& key, const std::string& name) {
    auto group = std::find_if(groups.begin(), groups.end(), [&](const auto& one) { return one.first == key; });
    if (group == groups.end()) group = groups.insert(groups.end(), {key, {}});
    if (std::find(group->second.begin(), group->second.end(), name) == group->second.end())
        group->second.push_back(name);
}

// Empty if the constants were learnt on curves of the endpoint itself.
std::string constants_words(const evidence::AnalysisEvidence& evidence) {
    const std::string& of = evidence.constants->endpoint(evidence.endpoint).endpoint_class;
    if (of == evidence.endpoint) return "";
    return fmt::format("{0}: uses the constants learnt from {1} curves (no {0} curves were available)",
                       evidence.endpoint, of);
}

void put_first(std::vector<std::string>& notes, std::string words) {
    if (!words.empty() && !notes.empty()) notes.insert(notes.begin(), std::move(words));
}

std::vector<std::string> evidence_notes(const Groups<std::string>& arms_of_text) {
    std::vector<std::string> notes;
    for (const auto& [text, arms] : arms_of_text)
        notes.push_back(fmt::format("evidence of {}: {}", support::joined(arms), text));
    return notes;
}

Cell pattern_cell(const ExpectedAccuracy& expected) {
    return expected.pattern != nullptr ? Cell(std::string(expected.pattern->name)) : Cell();
}

Cell measured_words(const ExpectedAccuracy& expected) {
    return expected.measured ? expected.measured->measured : std::string("not measured");
}

Cell measured_arms(const ExpectedAccuracy& expected) {
    return expected.measured ? Cell(static_cast<long>(expected.measured->n_arms)) : Cell();
}

// The number of patients of the arms that the error is of.
Cell measured_patients(const ExpectedAccuracy& expected) {
    if (expected.smaller_than_measured) return fmt::format("{:.0f}-", *expected.smaller_than_measured);
    if (!expected.measured) return Cell();
    return std::string(expected.size_class ? fit::size_classes[*expected.size_class].range : "all");
}

Cell figure(const ExpectedAccuracy& expected, double fit::MeasuredAccuracy::*member) {
    return expected.measured ? Number::derived((*expected.measured).*member, decimals_of_error) : missing();
}

}  // namespace

std::optional<ExpectedAccuracy> accuracy_of(const fit::FittedModel& model, std::optional<std::size_t> arm) {
    if (!arm || !model.fitted(*arm)) return std::nullopt;
    return fit::expected_accuracy(model, *arm);
}

Columns<std::optional<ExpectedAccuracy>> accuracy_columns(const std::string& prefix) {
    using Accuracy = std::optional<ExpectedAccuracy>;
    const auto column = [&prefix](const char* key, auto cell_of) -> Columns<Accuracy> {
        return {machine(prefix + key),
                [cell_of](const Accuracy& accuracy) { return accuracy ? cell_of(*accuracy) : Cell(); }};
    };
    return {column("evidence_pattern", pattern_cell),
            column("measured_error",
                   [](const ExpectedAccuracy& expected) { return figure(expected, &fit::MeasuredAccuracy::error); }),
            column("measured_coverage",
                   [](const ExpectedAccuracy& expected) { return figure(expected, &fit::MeasuredAccuracy::coverage); }),
            column("measured_arms", measured_arms),
            column("measured", measured_words),
            column("measured_patients", measured_patients)};
}

void add_accuracy_members(support::Json::Object& object, const fit::FittedModel& model, std::size_t arm) {
    Table table;
    accuracy_columns().fill(table, {accuracy_of(model, arm)});
    const support::Json members = row_object(table, table.rows.front());
    for (const auto& member : *members.if_object()) object.push_back(member);
}

std::vector<std::string> accuracy_notes(const AnalysisFit& fit, const std::function<bool(std::size_t)>& wanted) {
    Groups<std::string> arms_of_text;
    for (std::size_t arm = 0; arm < fit.evidence->arms.size(); ++arm) {
        if (!wanted(arm)) continue;
        const ArmWords words = words_of(fit, arm);
        if (words.errors.empty()) continue;
        const std::string text =
            words.measured.empty()
                ? words.evidence + words.not_measured
                : fmt::format("{}; on digitised {} curves{} with these numbers the mean error of S was {}, {}",
                              words.evidence, words.endpoint_class, words.size, words.errors, words.measured);
        add_to_group(arms_of_text, text, fit.evidence->arms[arm].id);
    }
    std::vector<std::string> notes = evidence_notes(arms_of_text);
    put_first(notes, constants_words(*fit.evidence));
    return notes;
}

std::vector<std::string> accuracy_notes_of_curves(const fit::FittedModel& model, const std::vector<std::size_t>& arms) {
    // The least that the bands of flexible must cover (docs/accuracy.md).
    constexpr double least_coverage = 0.93;
    Groups<std::string> arms_of_text;
    for (const std::size_t arm : arms) {
        const ExpectedAccuracy expected = fit::expected_accuracy(model, arm);
        const std::string evidence = evidence_words(expected), error = error_words(expected, model.model->name);
        const auto& measured = expected.measured;
        const std::string text =
            !measured ? evidence + not_measured(expected)
                      : fmt::format(
                            "{}; on digitised {} curves{} with these numbers the mean error of S was {}, and the 95% "
                            "reconstruction band covered {}{}% of the published curve, {}",
                            evidence, expected.endpoint_class, size_words(expected), error,
                            measured->coverage < least_coverage ? "only " : "",
                            support::fixed(100 * measured->coverage, 0), measured->measured);
        add_to_group(arms_of_text, text, model.evidence->arms[arm].id);
    }
    std::vector<std::string> notes = evidence_notes(arms_of_text);
    put_first(notes, constants_words(*model.evidence));
    return notes;
}

std::vector<std::string> accuracy_footnotes(const std::vector<const AnalysisFit*>& fits) {
    struct Line {
        std::string curves, errors, evidence;  // of which digitised curves; empty where not measured
        bool operator==(const Line&) const = default;
    };
    Groups<Line> trials_of_line;
    for (const AnalysisFit* fit : fits) {
        Groups<Line> arms_of_line;
        for (std::size_t arm = 0; arm < fit->evidence->arms.size(); ++arm) {
            const ArmWords words = words_of(*fit, arm);
            if (words.errors.empty()) continue;
            const std::string curves = words.measured.empty() ? ""
                                                              : fmt::format("{} curves of arms of similar size, {}",
                                                                            words.endpoint_class, words.measured);
            add_to_group(arms_of_line, {curves, words.errors, words.evidence}, fit->evidence->arms[arm].id);
        }
        // The arms are named where they differ.
        for (const auto& [line, arms] : arms_of_line)
            add_to_group(trials_of_line, line,
                         fit->trial->id + (arms_of_line.size() > 1 ? " (" + support::joined(arms) + ")" : ""));
    }
    // The curves in the order in which they come; what was not measured last; the least error first.
    std::vector<std::string> order;
    for (const auto& [line, trials] : trials_of_line)
        if (!line.curves.empty() && std::find(order.begin(), order.end(), line.curves) == order.end())
            order.push_back(line.curves);
    const auto place = [&order](const Line& line) { return std::find(order.begin(), order.end(), line.curves); };
    std::stable_sort(trials_of_line.begin(), trials_of_line.end(), [&](const auto& a, const auto& b) {
        return std::pair(place(a.first), a.first.errors) < std::pair(place(b.first), b.first.errors);
    });
    std::vector<std::string> footnotes;
    for (const AnalysisFit* fit : fits) {
        const std::string words = constants_words(*fit->evidence);
        if (!words.empty() && std::find(footnotes.begin(), footnotes.end(), words + ".") == footnotes.end())
            footnotes.push_back(words + ".");
    }
    const std::string* last = nullptr;
    for (const auto& [line, trials] : trials_of_line) {
        if (last == nullptr || *last != line.curves)
            footnotes.push_back(line.curves.empty()
                                    ? "Mean error of S with these numbers printed:"
                                    : "Mean error of S on digitised " + line.curves + ", with these numbers printed:");
        last = &line.curves;
        footnotes.push_back(fmt::format("{}: {}: {}.", line.errors, line.evidence, support::joined(trials)));
    }
    return footnotes;
}

}  // namespace hersurv::report
