// The report of `fit`: parameters of every model, and what it makes of every published number.
#include "report/fit_report.hpp"

#include "hersurv/evidence.hpp"

#include <fmt/format.h>

#include "fit/coherence.hpp"
#include "report/accuracy_parts.hpp"
#include "report/comparison_parts.hpp"
#include "report/covariance_parts.hpp"
#include "report/family_means.hpp"
#include "report/fit_parameters.hpp"
#include "report/fit_summaries.hpp"
#include "report/fit_tables.hpp"
#include "report/headings.hpp"
#include "report/misfit_ranking.hpp"
#include "report/numbers.hpp"
#include "report/ratio_parts.hpp"
#include "report/shared_columns.hpp"
#include "support/number_text.hpp"
#include <algorithm>
#include <cmath>
#include <optional>

namespace hersurv::report {
namespace {

using evidence::Observation;
using support::Json;

const fit::Residual* find_residual(const fit::FittedModel& model, std::size_t observation) {
    const auto found = std::find_if(model.residuals.begin(), model.residuals.end(),
                                    [&](const auto& r) { return r.observation == observation; });
    return found == model.residuals.end() ? nullptr : &*found;
}

Json limits_json(const std::pair<double, double>& limits) {
    return Json::Object{{"lower", limits.first}, {"upper", limits.second}};
}

Json parameters_json(const AnalysisFit& fit, const fit::FittedModel& model, std::size_t arm,
                     const FitReportOptions& options) {
    const auto& result = model.arms[arm];
    const survival::Family* family = model.model->family;
    Json::Object entry = {{"trial", fit.evidence->trial},
                          {"analysis", fit.evidence->analysis},
                          {"endpoint", fit.evidence->endpoint},
                          {"arm", fit.evidence->arms[arm].id},
                          {"model", model.model->name},
                          {"fit_status", word(result.status)},
                          {"reason", result.reason.empty() ? Json() : Json(result.reason)},
                          {"formula", family != nullptr ? Json(family->formula) : Json()},
                          {"parametrisation", family != nullptr ? Json(family->parametrisation) : Json()}};
    Json::Object parameters, units;
    for (std::size_t p = 0; family != nullptr && p < family->parameters.size(); ++p) {
        parameters.emplace_back(std::string(family->parameters[p].name),
                                result.parameters.empty() ? Json() : Json(result.parameters[p]));
        units.emplace_back(std::string(family->parameters[p].name),
                           family->parameters[p].unit.empty() ? Json("1") : Json(family->parameters[p].unit));
    }
    entry.emplace_back("parameters", std::move(parameters));
    entry.emplace_back("units", std::move(units));
    Json::Object limits;
    for (std::size_t p = 0; p < result.parameter_limits.size(); ++p)
        limits.emplace_back(std::string(family->parameters[p].name), limits_json(result.parameter_limits[p]));
    entry.emplace_back("parameter_limits_95", limits.empty() ? Json() : Json(std::move(limits)));
    entry.emplace_back("cured_share_range", result.cured_share_range ? limits_json(*result.cured_share_range) : Json());
    add_accuracy_members(entry, model, arm);
    Json median, supported;
    if (model.fitted(arm)) {
        const BandedEstimate estimate = median_with(options.interval, model, arm);
        Json::Object members{{"value", estimate.value},
                             {"lower", estimate.lower ? Json(*estimate.lower) : Json()},
                             {"upper", estimate.upper ? Json(*estimate.upper) : Json()},
                             {"extrapolated", estimate.extrapolated},
                             {"support", std::string(fit::support_word(estimate))},
                             {"band", fit::word(options.interval.band)}};
        add_band_members(members, estimate);
        median = std::move(members);
        supported = result.supported_months;
    }
    add_covariances(entry, model, arm);
    entry.emplace_back("median_months", std::move(median));
    Json::Array lowered;
    for (const auto& stretch : model.lowered != nullptr ? model.lowered->stretches : std::vector<fit::LoweredStretch>{})
        if (stretch.arm == arm)
            lowered.push_back(
                Json::Object{{"analysis", model.lowered->overall.evidence->analysis},
                             {"from_months", stretch.from_months},
                             {"to_months", std::isinf(stretch.to_months) ? Json() : Json(stretch.to_months)},
                             {"most", stretch.most}});
    entry.emplace_back("lowered_to_overall_survival", std::move(lowered));
    entry.emplace_back("supported_months", std::move(supported));
    entry.emplace_back("target", model.reconstruction != nullptr && model.fitted(arm)
                                     ? Json(std::string(word(result.target)))
                                     : Json());
    const auto of_family = [&](double distance) {
        return model.reconstruction != nullptr && model.fitted(arm) ? Json(distance) : Json();
    };
    entry.emplace_back("rms_distance", of_family(result.rms_distance));
    entry.emplace_back("largest_distance", of_family(result.largest_distance));
    entry.emplace_back("largest_distance_months", of_family(result.largest_distance_months));
    Json::Array messages;
    for (const std::string& message : model.messages) messages.emplace_back(message);
    entry.emplace_back("messages", std::move(messages));
    return entry;
}

std::string_view kind_word(fit::NumberInFit::Use use, bool of_contrast) {
    using Use = fit::NumberInFit::Use;
    switch (use) {
        case Use::median:
        case Use::anchor:
            return "point";
        case Use::grid_end:
            return "bound";
        case Use::tie:
            return of_contrast ? "log-hazard-ratio" : "events";
        case Use::not_used:
            break;
    }
    return "not-used";
}

Json observation_json(const AnalysisFit& fit, std::size_t index) {
    using Use = fit::NumberInFit::Use;
    const Observation& o = fit.evidence->observations[index];
    const fit::NumberInFit& number = fit.models.front().numbers_in_fit()[index];
    const auto number_if = [](bool there, double value) { return there ? Json(value) : Json(); };
    const bool point = number.use == Use::median || number.use == Use::anchor || number.use == Use::grid_end;
    return Json::Object{{"trial", fit.evidence->trial},
                        {"analysis", fit.evidence->analysis},
                        {"arm", fit.evidence->arms[o.arm].id},
                        {"statistic", to_string(o.statistic)},
                        {"kind", kind_word(number.use, o.control.has_value())},
                        {"time_months", number_if(point, number.time_months)},
                        {"survival", number_if(point, number.survival)},
                        {"value", number_if(number.use == Use::tie, number.value)},
                        {"sd", number.sd ? Json(*number.sd) : Json()},
                        {"derivation", number.derivation},
                        {"cut", o.cut.empty() ? Json() : Json(o.cut)},
                        {"source", o.from.source},
                        {"line", o.from.line ? Json(*o.from.line) : Json()}};
}

// A published number beside what a model makes of it.
struct ResidualRow {
    ArmOfModel of;
    const Observation* observation;
    const fit::Residual* residual;  // nullptr: the model says nothing about it
    RankedInArm ranked{};           // if families are ranked

    [[nodiscard]] const std::optional<fit::ExpectedAccuracy>& accuracy() const { return of.accuracy; }
    [[nodiscard]] Number published() const { return cell(observation->published); }
    [[nodiscard]] Number fitted() const {
        return residual != nullptr ? Number::derived(residual->fitted, 2) : Number::missing(Status::not_estimable);
    }
    [[nodiscard]] Number difference() const {
        if (residual == nullptr || !observation->published.is_number()) return Number::missing(Status::not_estimable);
        return Number::derived(residual->fitted - observation->published.value, 2);
    }
};

Columns<ResidualRow> residual_columns(bool ranking) {
    using Row = ResidualRow;
    Columns<Row> columns = {
        {arm_of_model_columns(), &Row::of},
        {machine("fit_status"), [](const Row& row) { return row.of.status(); }},
        {machine("statistic"), [](const Row& row) { return to_string(row.observation->statistic); }},
        {number_and_status("published", "status"), &Row::published},
        {machine("fitted"), &Row::fitted},
        {machine("difference"), &Row::difference},
        {machine("within_rounding"),
         [](const Row& row) { return row.residual != nullptr ? Cell(row.residual->within_rounding) : Cell(); }},
        {machine("source"), [](const Row& row) { return row.observation->from.source; }},
        {machine("line"), [](const Row& row) { return line_cell(row.observation->from); }},
        {machine("fitted_status"), [](const Row& row) { return status_word(row.fitted()); }},
        {accuracy_columns(), &Row::accuracy}};
    if (ranking) columns.append({ranking_columns(), &Row::ranked});
    return columns;
}

void add_residual_rows(std::vector<ResidualRow>& rows, const AnalysisFit& fit, const MisfitRanking* ranking,
                       const FitReportOptions& options) {
    for (const auto& model : fit.models) {
        std::vector<ArmOfModel> arms;
        std::vector<RankedInArm> ranked(fit.evidence->arms.size());
        for (std::size_t arm = 0; arm < fit.evidence->arms.size(); ++arm) {
            arms.emplace_back(fit, model, arm);
            if (ranking != nullptr) ranked[arm] = ranking->of(model, arm);
        }
        for (std::size_t i = 0; i < fit.evidence->observations.size(); ++i) {
            const Observation& o = fit.evidence->observations[i];
            if (wanted(fit, o.arm, options) && o.cut.empty() && !o.statistic.is(catalogue::StatisticKey::Kind::p_value))
                rows.push_back({arms[o.arm], &o, find_residual(model, i), ranked[o.arm]});
        }
    }
}

// Of an arm without a curve, or with one that misses what it was to go through: what is missing. With --explain also
// why it is weakly identified. Once if the models say the same.
void add_reasons(Section& section, const AnalysisFit& fit, const FitReportOptions& options) {
    for (std::size_t arm = 0; arm < fit.evidence->arms.size(); ++arm) {
        if (!wanted(fit, arm, options)) continue;
        std::vector<std::pair<std::string, std::string>> models_of_reason;  // status and reason, names of models
        for (const auto& model : fit.models) {
            const auto& result = model.arms[arm];
            const bool weak = result.status == fit::FitStatus::prior || result.status == fit::FitStatus::determined;
            if (result.reason.empty() || (weak && !options.explain)) continue;
            const std::string text = fmt::format("{}: {}", status_words(result.status), result.reason);
            const auto same = std::find_if(models_of_reason.begin(), models_of_reason.end(),
                                           [&](const auto& one) { return one.first == text; });
            if (same == models_of_reason.end())
                models_of_reason.emplace_back(text, model.model->name);
            else
                same->second += ", " + std::string(model.model->name);
        }
        for (const auto& [text, models] : models_of_reason)
            section.notes.push_back(fmt::format("{}, {}: {}", fit.evidence->arms[arm].title(), models, text));
    }
}

// How far the families are from the reconstructed curve.
void add_distances(Section& section, const AnalysisFit& fit, const FitReportOptions& options) {
    for (std::size_t arm = 0; arm < fit.evidence->arms.size(); ++arm) {
        if (!wanted(fit, arm, options)) continue;
        std::vector<std::string> of_models;
        for (const auto& model : fit.models) {
            if (model.reconstruction == nullptr || !model.fitted(arm)) continue;
            const auto& result = model.arms[arm];
            of_models.push_back(fmt::format("{} {}, at most {} (month {})", model.model->name,
                                            support::fixed(100 * result.rms_distance, 1),
                                            support::fixed(100 * std::abs(result.largest_distance), 1),
                                            support::fixed(result.largest_distance_months, 0)));
        }
        if (!of_models.empty())
            section.notes.push_back(
                fmt::format("{}: distance from the reconstructed curve, percentage points (root mean square): {}",
                            fit.evidence->arms[arm].title(), fmt::join(of_models, "; ")));
    }
}

// What several models have in common is written once.
void add_messages(Section& section, const AnalysisFit& fit) {
    std::vector<std::pair<std::string, std::vector<std::string>>> models_of_message;
    for (const auto& model : fit.models)
        for (const std::string& message : model.messages) {
            auto found = std::ranges::find(models_of_message, message, &decltype(models_of_message)::value_type::first);
            if (found == models_of_message.end()) found = models_of_message.insert(found, {message, {}});
            found->second.emplace_back(model.model->name);
        }
    for (const auto& [message, models] : models_of_message)
        section.notes.push_back(
            models.size() == fit.models.size() ? message : fmt::format("{}: {}", fmt::join(models, ", "), message));
}

// Why a published number has no counterpart in the models. That a confidence limit has none is of no use to anybody but
// with --explain.
void add_unused(Section& section, const AnalysisFit& fit, const FitReportOptions& options) {
    using Kind = catalogue::StatisticKey::Kind;
    for (std::size_t i = 0; i < fit.evidence->observations.size(); ++i) {
        const Observation& o = fit.evidence->observations[i];
        if (o.used() || o.statistic.is(Kind::p_value) || !wanted(fit, o.arm, options)) continue;
        if (o.statistic.is_limit_of(Kind::median) && !options.explain) continue;
        const bool shown = std::any_of(fit.models.begin(), fit.models.end(),
                                       [&](const auto& model) { return find_residual(model, i) != nullptr; });
        if (!shown)
            section.notes.push_back(fmt::format("{}, {}: {}", fit.evidence->arms[o.arm].title(),
                                                statistic_title(o.statistic), o.derivation));
    }
}

bool any_weak(const AnalysisFit& fit, const FitReportOptions& options) {
    for (const auto& model : fit.models)
        for (std::size_t arm = 0; arm < model.arms.size(); ++arm)
            if (wanted(fit, arm, options) && model.arms[arm].status == fit::FitStatus::prior) return true;
    return false;
}

void add_explanation(Report& report, const AnalysisFit& fit, const std::vector<evidence::ProportionalHazards>& hazards,
                     const FitReportOptions& options) {
    Section section;
    section.paragraphs = {
        "What each published estimate says about the curves, with the standard deviation (sd) that it leaves of S or "
        "of the log hazard ratio."};
    section.table = explanation_table(fit, options);
    add_distances(section, fit, options);
    for (const std::string& note : accuracy_notes(fit, [&](std::size_t arm) { return wanted(fit, arm, options); }))
        section.notes.push_back(note);
    for (const auto& result : hazards) section.notes.push_back(result.statement);
    report.sections.push_back(std::move(section));
}

void add_sections(Report& report, const AnalysisFit& fit, const MisfitRanking* ranking,
                  const std::vector<evidence::ProportionalHazards>& hazards, const FitReportOptions& options) {
    const auto is_wanted = [&](std::size_t arm) { return wanted(fit, arm, options); };
    Section head;
    head.table = answer_table(fit, options);
    if (any_weak(fit, options))
        head.table->footnotes.emplace_back(
            "Weakly identified: the shape is largely borrowed from similar trials (--explain says why).");
    add_reasons(head, fit, options);
    report.sections.push_back(std::move(head));
    if (ranking != nullptr) report.sections.push_back(ranking->section());
    if (options.summaries) {
        for (Section& summary : summaries_sections(fit, options)) report.sections.push_back(std::move(summary));
        if (Section means = family_means_section(fit, options); means.table)
            report.sections.push_back(std::move(means));
    }
    Section comparison;
    comparison.paragraphs = analysis_paragraphs(fit);
    comparison.table = comparison_table(fit, options);
    if (comparison.table->rows.empty()) comparison.table.reset();
    if (std::string expected = expected_error_note(fit, is_wanted); !expected.empty())
        comparison.notes.push_back(std::move(expected));
    for (const auto& result : hazards)
        if (std::string words = proportional_words(fit, result); !words.empty())
            comparison.notes.push_back(std::move(words));
    for (const auto& derived : evidence::derive_hazard_ratios(*fit.analysis))
        comparison.notes.push_back(derived_ratio_words(*fit.trial, derived));
    add_unused(comparison, fit, options);
    add_messages(comparison, fit);
    if (std::string words = crossover_words(fit); !words.empty()) comparison.notes.push_back(std::move(words));
    report.sections.push_back(std::move(comparison));
    if (options.explain) add_explanation(report, fit, hazards, options);
}

}  // namespace

Report fit_report(const std::vector<AnalysisFit>& fits, const std::vector<const catalogue::Trial*>& without_numbers,
                  const FitReportOptions& options) {
    Report report;
    report.table.name = "fit";
    std::vector<ResidualRow> rows;
    Json::Array parameters, observations, summaries, means, proportional, derived, rankings;
    for (const AnalysisFit& fit : fits) {
        std::optional<MisfitRanking> of_families;
        if (options.ranking) of_families.emplace(fit, options.takes_arm);
        const MisfitRanking* const ranking = of_families ? &*of_families : nullptr;
        std::vector<evidence::ProportionalHazards> hazards;
        for (auto& result : evidence::check_proportional_hazards(*fit.analysis, *fit.evidence))
            if (wanted(fit, result.arm, options)) hazards.push_back(std::move(result));
        if (options.for_programs) {
            if (options.rows == FitRows::fitted) add_residual_rows(rows, fit, ranking, options);
            if (ranking != nullptr) rankings.push_back(ranking->json());
            for (const auto& model : fit.models)
                for (std::size_t arm = 0; arm < fit.evidence->arms.size(); ++arm)
                    if (wanted(fit, arm, options)) parameters.push_back(parameters_json(fit, model, arm, options));
            for (std::size_t i = 0; options.explain && i < fit.evidence->observations.size(); ++i)
                if (wanted(fit, fit.evidence->observations[i].arm, options))
                    observations.push_back(observation_json(fit, i));
            if (options.summaries) {
                add_summaries(summaries, fit, options);
                add_family_means(means, fit, options);
            }
            for (const auto& result : hazards) proportional.push_back(proportional_json(fit, result));
            for (const auto& ratio : evidence::derive_hazard_ratios(*fit.analysis))
                derived.push_back(derived_ratio_json(fit, ratio));
        }
        if (!options.for_people) continue;
        const std::size_t first = report.sections.size();
        add_sections(report, fit, ranking, hazards, options);
        // Once is enough.
        if (&fit == &fits.front())
            report.sections[first].table->footnotes.push_back(interval_footnote(options.interval, Supposition(fits)));
    }
    switch (options.rows) {
        case FitRows::fitted:
            residual_columns(options.ranking).fill(report.table, rows);
            break;
        case FitRows::parameters:
            fill_parameters_table(report.table, fits, options);
            break;
        case FitRows::summaries:
            fill_summaries_table(report.table, fits, options);
            break;
    }
    add_trials_without_numbers(report, without_numbers);
    add_crossover(report, fits);
    report.beside.emplace_back("parameters", std::move(parameters));
    report.beside.emplace_back("proportional_hazards", std::move(proportional));
    report.beside.emplace_back("derived_hazard_ratios", std::move(derived));
    if (options.ranking) report.beside.emplace_back("ranking", std::move(rankings));
    if (options.summaries) {
        report.beside.emplace_back("summaries", std::move(summaries));
        report.beside.emplace_back("means_of_families", std::move(means));
    }
    if (options.explain) report.beside.emplace_back("observations", std::move(observations));
    return report;
}

}  // namespace hersurv::report
