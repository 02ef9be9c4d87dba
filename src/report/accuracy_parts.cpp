// Puts the evidence behind a curve and its measured error into words and cells.
#include "report/accuracy_parts.hpp"

#include <fmt/format.h>

#include "evidence/constants.hpp"
#include "report/numbers.hpp"
#include "support/number_text.hpp"
#include "support/words.hpp"
#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

namespace hersurv::report {
namespace {

using fit::ExpectedAccuracy;

constexpr int decimals_of_error = 3;

// Why there is no measured error.
std::string not_measured(const ExpectedAccuracy& expected) {
    return expected.smaller_than_measured
               ? fmt::format("unknown for arms of fewer than {:.0f} patients", *expected.smaller_than_measured)
               : "not measured for this kind of data";
}

// " of 150 to 299 patients"
std::string size_words(const ExpectedAccuracy& expected) {
    return expected.size_class ? " " + std::string(fit::size_classes[*expected.size_class].words) : "";
}

std::string evidence_words(const ExpectedAccuracy& expected) {
    return expected.pattern != nullptr ? fit::words(*expected.pattern, expected.median)
                                       : "a combination of estimates that was not measured";
}

// "held out" is how the record says it.
std::string measured_how(const std::string& measured) { return measured == "held out" ? "cross-validated" : measured; }

// "weibull 2.1", "weibull 2.1 (3 arms only)", "weibull not measured".
std::string error_words(const ExpectedAccuracy& expected, std::string_view model) {
    if (!expected.measured) return fmt::format("{} not measured", model);
    const std::size_t n = expected.measured->n_arms;
    const std::string few =
        n < fit::AccuracyRecord::enough_arms ? fmt::format(" ({} arm{} only)", n, n == 1 ? "" : "s") : "";
    return fmt::format("{} {}{}", model, support::fixed(100 * expected.measured->error, 1), few);
}

// The expected errors of all models of an arm, and how they were measured.
struct ArmWords {
    std::string evidence, errors, endpoint_class, measured;  // `measured` is empty if nothing was
    std::string size, not_measured;

    // "cross-validated on digitised OS curves of 300 patients or more"
    [[nodiscard]] std::string how() const {
        return fmt::format("{} on digitised {} curves{}", measured, endpoint_class, size);
    }
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
        if (expected.measured) measured.insert(measured_how(expected.measured->measured));
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
        notes.push_back(fmt::format("{}: based on {}", support::joined(arms), text));
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
        const std::string error =
            words.measured.empty() ? words.not_measured : fmt::format("{} ({})", words.errors, words.how());
        const std::string text = fmt::format("{}. Expected error of S(t) with this information, percentage points: {}",
                                             words.evidence, error);
        add_to_group(arms_of_text, text, fit.evidence->arms[arm].title());
    }
    std::vector<std::string> notes = evidence_notes(arms_of_text);
    put_first(notes, constants_words(*fit.evidence));
    return notes;
}

std::string expected_error_note(const AnalysisFit& fit, const std::function<bool(std::size_t)>& wanted) {
    Groups<std::string> arms_of_text;
    for (std::size_t arm = 0; arm < fit.evidence->arms.size(); ++arm) {
        const ArmWords words = wanted(arm) ? words_of(fit, arm) : ArmWords{};
        if (words.errors.empty()) continue;
        add_to_group(arms_of_text,
                     words.measured.empty() ? words.not_measured : fmt::format("{} ({})", words.errors, words.measured),
                     fit.evidence->arms[arm].title());
    }
    if (arms_of_text.empty()) return "";
    std::vector<std::string> parts;
    for (const auto& [text, arms] : arms_of_text)
        parts.push_back(arms_of_text.size() == 1 ? text : support::joined(arms) + ": " + text);
    const std::string constants = constants_words(*fit.evidence);
    return fmt::format("expected error of S(t), percentage points: {}{}", support::joined(parts, "; "),
                       constants.empty() ? "" : ". " + constants);
}

std::vector<std::string> accuracy_notes_of_curves(const fit::FittedModel& model, const std::vector<std::size_t>& arms) {
    // The least that the bands of flexible must cover (docs/accuracy.md).
    constexpr double least_coverage = 0.93;
    Groups<std::string> arms_of_text;
    for (const std::size_t arm : arms) {
        const ExpectedAccuracy expected = fit::expected_accuracy(model, arm);
        const auto& measured = expected.measured;
        std::string text = evidence_words(expected) + ". Expected error of S(t) with this information: ";
        if (!measured) {
            text += not_measured(expected);
        } else {
            const std::size_t n = measured->n_arms;
            text += fmt::format(
                "{} percentage points{}; {}% of the published curve was inside the 95% reconstruction "
                "band{} ({} on digitised {} curves{})",
                support::fixed(100 * measured->error, 1),
                n < fit::AccuracyRecord::enough_arms ? fmt::format(" ({} arm{} only)", n, n == 1 ? "" : "s") : "",
                support::fixed(100 * measured->coverage, 0),
                measured->coverage < least_coverage ? ", which is too narrow" : "", measured_how(measured->measured),
                expected.endpoint_class, size_words(expected));
        }
        add_to_group(arms_of_text, text, model.evidence->arms[arm].title());
    }
    std::vector<std::string> notes = evidence_notes(arms_of_text);
    put_first(notes, constants_words(*model.evidence));
    return notes;
}

std::vector<std::string> accuracy_footnotes(const std::vector<const AnalysisFit*>& fits) {
    std::vector<std::string> footnotes;
    std::map<std::string, std::set<std::string>> endpoints_of_class;
    std::optional<double> least, largest;
    std::set<std::string> how, without;
    for (const AnalysisFit* fit : fits) {
        const std::string& of = fit->evidence->constants->endpoint(fit->evidence->endpoint).endpoint_class;
        if (of != fit->evidence->endpoint) endpoints_of_class[of].insert(fit->evidence->endpoint);
        for (const auto& model : fit->models)
            for (std::size_t arm = 0; arm < model.arms.size(); ++arm) {
                if (!model.fitted(arm)) continue;
                const ExpectedAccuracy expected = fit::expected_accuracy(model, arm);
                if (!expected.measured) {
                    without.insert(fit->trial->id);
                    continue;
                }
                const double error = expected.measured->error;
                least = std::min(least.value_or(error), error);
                largest = std::max(largest.value_or(error), error);
                how.insert(measured_how(expected.measured->measured));
            }
    }
    for (const auto& [of, endpoints] : endpoints_of_class)
        footnotes.push_back(fmt::format("{} {} the constants learnt from {} curves.",
                                        support::joined({endpoints.begin(), endpoints.end()}),
                                        endpoints.size() == 1 ? "uses" : "use", of));
    if (!least && without.empty()) return footnotes;
    const std::string missing =
        without.empty() ? "" : "not measured for " + support::joined({without.begin(), without.end()});
    if (!least) {
        footnotes.push_back("Expected error of S(t): " + missing + ".");
        return footnotes;
    }
    const std::string low = support::fixed(100 * *least, 1), high = support::fixed(100 * *largest, 1);
    footnotes.push_back(fmt::format(
        "Expected error of S(t), percentage points: {} ({} on digitised curves with similar data; by arm in csv and "
        "JSON){}.",
        low == high ? low : low + " to " + high, support::joined({how.begin(), how.end()}, " or "),
        missing.empty() ? "" : "; " + missing));
    return footnotes;
}

}  // namespace hersurv::report
