// The report of `fit`: parameters of every model, and what it makes of every published number.
#include "hersurv/evidence/proportional_hazards.hpp"
#include "hersurv/fit/coherence.hpp"
#include "hersurv/report/answers.hpp"
#include "hersurv/report/headings.hpp"
#include "hersurv/report/numbers.hpp"
#include "hersurv/support/number_text.hpp"

#include <fmt/format.h>

#include "accuracy_parts.hpp"
#include "fit_summaries.hpp"
#include <algorithm>
#include <cmath>

namespace hersurv::report {
namespace {

using evidence::Observation;
using support::Json;

bool is_probability(const catalogue::StatisticKey& statistic) {
    return statistic.is(catalogue::StatisticKey::Kind::milestone);
}

int fitted_decimals(const Observation& observation, const fit::Residual& residual) {
    if (observation.statistic.is(catalogue::StatisticKey::Kind::events)) return 0;
    if (observation.published.is_number()) return observation.published.decimals;
    return residual.fitted < 100 ? 1 : 0;
}

Number fitted_cell(const Observation& observation, const fit::Residual& residual) {
    const bool percent = is_probability(observation.statistic);
    const int decimals = fitted_decimals(observation, residual);
    Number number = Number::derived(residual.fitted, percent ? std::max(0, decimals - 2) : decimals);
    number.percent = percent;
    number.flagged = !residual.within_rounding;
    return number;
}

const fit::Residual* find_residual(const fit::FittedModel& model, std::size_t observation) {
    const auto found = std::find_if(model.residuals.begin(), model.residuals.end(),
                                    [&](const auto& r) { return r.observation == observation; });
    return found == model.residuals.end() ? nullptr : &*found;
}

bool wanted(const AnalysisFit& fit, std::size_t arm, const FitReportOptions& options) {
    return !options.takes_arm || options.takes_arm(fit.evidence->arms[arm].id);
}

std::string parameters_text(const fit::FittedModel& model, std::size_t arm) {
    if (model.model->family == nullptr && model.fitted(arm)) return "(a curve)";
    std::string text;
    for (std::size_t p = 0; p < model.arms[arm].parameters.size(); ++p) {
        const auto& info = model.model->family->parameters[p];
        text += fmt::format("{}{} {}", text.empty() ? "" : ", ", info.name,
                            support::significant(model.arms[arm].parameters[p], 3));
    }
    return text;
}

Table parameter_table(const AnalysisFit& fit, const FitReportOptions& options) {
    Table table;
    table.name = "parameters";
    table.columns = {human("Arm"), human("Model"), human("Parameters"),
                     human(fmt::format("Median, months ({}{} band)", percent_text(options.interval.level),
                                       options.interval.band == curve::Band::population ? " population" : ""),
                           true),
                     human("Status")};
    for (std::size_t arm = 0; arm < fit.evidence->arms.size(); ++arm) {
        if (!wanted(fit, arm, options)) continue;
        for (std::size_t m = 0; m < fit.models.size(); ++m) {
            const auto& model = fit.models[m];
            const auto& result = model.arms[arm];
            const std::string id = m == 0 ? fit.evidence->arms[arm].id : "";
            Cell median = std::string("-");
            if (model.fitted(arm)) median = interval_cell(curve::median(model, arm, options.interval), 1);
            table.rows.push_back({id, std::string(model.model->name), parameters_text(model, arm), median,
                                  std::string(word(result.status))});
        }
    }
    return table;
}

Table comparison_table(const AnalysisFit& fit, const FitReportOptions& options) {
    Table table;
    table.name = "fitted-v-published";
    table.columns = {human("Published number"), human("Arm"), human("Printed", true)};
    for (const auto& model : fit.models) table.columns.push_back(human(std::string(model.model->name), true, "Fitted"));
    table.flag_meaning = "not within the rounding of the printed number";
    const auto& observations = fit.evidence->observations;
    for (std::size_t i = 0; i < observations.size(); ++i) {
        const Observation& o = observations[i];
        if (!wanted(fit, o.arm, options) || o.statistic.is(catalogue::StatisticKey::Kind::p_value)) continue;
        std::string title = statistic_title(o.statistic);
        if (o.control) title += " v " + fit.evidence->arms[*o.control].id;
        std::vector<Cell> row = {title, fit.evidence->arms[o.arm].id, cell(o.published, is_probability(o.statistic))};
        for (const auto& model : fit.models) {
            const auto* residual = find_residual(model, i);
            row.push_back(residual != nullptr ? Cell(fitted_cell(o, *residual)) : Cell(std::string("-")));
        }
        table.rows.push_back(std::move(row));
    }
    return table;
}

Table explanation_table(const AnalysisFit& fit, const FitReportOptions& options) {
    Table table;
    table.name = "observations";
    table.columns = {human("Printed number"), human("Arm"), human("Printed", true),
                     human("What it says about the curve"), human("Source")};
    const auto& numbers = fit.models.front().numbers_in_fit();
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        const Observation& o = fit.evidence->observations[i];
        if (!wanted(fit, o.arm, options)) continue;
        std::string source = o.from.source;
        if (o.from.line) source += fmt::format(", line {}", *o.from.line);
        table.rows.push_back({statistic_title(o.statistic), fit.evidence->arms[o.arm].id,
                              cell(o.published, is_probability(o.statistic)), numbers[i].derivation, source});
    }
    return table;
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
    add_accuracy_members(entry, model, arm);
    Json::Array covariance;
    Json median, supported;
    if (model.fitted(arm)) {
        const fit::SymmetricMatrix matrix = family != nullptr ? model.natural_covariance(arm) : fit::SymmetricMatrix{};
        for (std::size_t i = 0; i < matrix.size; ++i) {
            Json::Array row;
            for (std::size_t j = 0; j < matrix.size; ++j) row.emplace_back(matrix(i, j));
            covariance.emplace_back(std::move(row));
        }
        const auto estimate = curve::median(model, arm, options.interval);
        median = Json::Object{{"value", estimate.value},
                              {"lower", estimate.lower ? Json(*estimate.lower) : Json()},
                              {"upper", estimate.upper ? Json(*estimate.upper) : Json()},
                              {"extrapolated", estimate.extrapolated}};
        supported = result.supported_months;
    }
    entry.emplace_back("covariance", std::move(covariance));
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
    entry.emplace_back("rms_distance",
                       model.reconstruction != nullptr && model.fitted(arm) ? Json(result.rms_distance) : Json());
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
                        {"source", o.from.source},
                        {"line", o.from.line ? Json(*o.from.line) : Json()}};
}

Json proportional_json(const AnalysisFit& fit, const evidence::ProportionalHazards& result) {
    Json::Array ratios;
    for (const auto& ratio : result.ratios)
        ratios.push_back(Json::Object{{"time_months", ratio.time_months},
                                      {"cumulative_hazard_ratio", std::exp(ratio.log_ratio)},
                                      {"se_log", ratio.sd}});
    const bool tested = result.p_value.has_value();
    return Json::Object{{"trial", fit.evidence->trial},
                        {"analysis", fit.evidence->analysis},
                        {"endpoint", fit.evidence->endpoint},
                        {"arm", fit.evidence->arms[result.arm].id},
                        {"control", fit.evidence->arms[result.control].id},
                        {"verdict", word(result.verdict)},
                        {"statement", result.statement},
                        {"ratios_up_to", std::move(ratios)},
                        {"chi_squared", tested ? Json(result.chi_squared) : Json()},
                        {"degrees_of_freedom", tested ? Json(static_cast<double>(result.degrees_of_freedom)) : Json()},
                        {"p_value", tested ? Json(*result.p_value) : Json()}};
}

void add_machine_rows(Table& table, const AnalysisFit& fit, const FitReportOptions& options) {
    for (const auto& model : fit.models)
        for (std::size_t i = 0; i < fit.evidence->observations.size(); ++i) {
            const Observation& o = fit.evidence->observations[i];
            if (!wanted(fit, o.arm, options) || o.statistic.is(catalogue::StatisticKey::Kind::p_value)) continue;
            const Number published = cell(o.published);
            const auto* residual = find_residual(model, i);
            Number fitted = Number::missing(Status::not_estimable), difference = Number::missing(Status::not_estimable);
            Cell within;
            if (residual != nullptr) {
                fitted = Number::derived(residual->fitted, 2);
                if (o.published.is_number()) difference = Number::derived(residual->fitted - o.published.value, 2);
                within = residual->within_rounding;
            }
            table.rows.push_back({fit.evidence->trial, fit.evidence->analysis, fit.evidence->endpoint,
                                  fit.evidence->arms[o.arm].id, std::string(model.model->name),
                                  std::string(word(model.arms[o.arm].status)), to_string(o.statistic), published,
                                  status_word(published), fitted, difference, within, o.from.source,
                                  o.from.line ? Cell(static_cast<long>(*o.from.line)) : Cell(), status_word(fitted)});
            add_accuracy_cells(table.rows.back(), model, o.arm);
        }
}

// What is missing of an arm, or what the prior supplied: once where the models say the same.
void add_reasons(Section& section, const AnalysisFit& fit, const FitReportOptions& options) {
    for (std::size_t arm = 0; arm < fit.evidence->arms.size(); ++arm) {
        if (!wanted(fit, arm, options)) continue;
        std::vector<std::pair<std::string, std::string>> models_of_reason;  // status and reason, names of models
        for (const auto& model : fit.models) {
            const auto& result = model.arms[arm];
            if (result.reason.empty()) continue;
            const std::string text = fmt::format("{}: {}", word(result.status), result.reason);
            const auto same = std::find_if(models_of_reason.begin(), models_of_reason.end(),
                                           [&](const auto& one) { return one.first == text; });
            if (same == models_of_reason.end())
                models_of_reason.emplace_back(text, model.model->name);
            else
                same->second += ", " + std::string(model.model->name);
        }
        for (const auto& [text, models] : models_of_reason)
            section.notes.push_back(fmt::format("{}, {}: {}", fit.evidence->arms[arm].id, models, text));
    }
}

// What several models say alike stands once.
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

// Why a printed number has no counterpart in the models.
void add_unused(Section& section, const AnalysisFit& fit, const FitReportOptions& options) {
    for (std::size_t i = 0; i < fit.evidence->observations.size(); ++i) {
        const Observation& o = fit.evidence->observations[i];
        if (o.used() || o.statistic.is(catalogue::StatisticKey::Kind::p_value) || !wanted(fit, o.arm, options))
            continue;
        const bool shown = std::any_of(fit.models.begin(), fit.models.end(),
                                       [&](const auto& model) { return find_residual(model, i) != nullptr; });
        if (!shown)
            section.notes.push_back(
                fmt::format("{}, {}: {}", fit.evidence->arms[o.arm].id, statistic_title(o.statistic), o.derivation));
    }
}

void add_sections(Report& report, const AnalysisFit& fit, const std::vector<evidence::ProportionalHazards>& hazards,
                  const FitReportOptions& options) {
    Section head;
    head.heading = analysis_heading(*fit.evidence);
    head.paragraphs = analysis_paragraphs(fit);
    head.table = parameter_table(fit, options);
    add_reasons(head, fit, options);
    for (const std::string& note : accuracy_notes(fit, [&](std::size_t arm) { return wanted(fit, arm, options); }))
        head.notes.push_back(note);
    report.sections.push_back(std::move(head));
    if (options.summaries)
        for (Section& summary : summaries_sections(fit, options)) report.sections.push_back(std::move(summary));
    Section comparison;
    comparison.table = comparison_table(fit, options);
    if (comparison.table->rows.empty()) comparison.table.reset();
    add_unused(comparison, fit, options);
    for (const auto& result : hazards) comparison.notes.push_back(result.statement);
    add_messages(comparison, fit);
    report.sections.push_back(std::move(comparison));
    if (options.explain) {
        Section explanation;
        explanation.paragraphs = {
            "What each printed number says about the curves, with the standard deviation (sd) of S or of the log "
            "ratio that it leaves."};
        explanation.table = explanation_table(fit, options);
        report.sections.push_back(std::move(explanation));
    }
}

}  // namespace

Report fit_report(const std::vector<AnalysisFit>& fits, const std::vector<const catalogue::Trial*>& without_numbers,
                  const FitReportOptions& options) {
    Report report;
    report.title = "Models fitted to the published numbers";
    report.table.name = "fit";
    for (const char* key : {"trial", "analysis", "endpoint", "arm", "model", "fit_status", "statistic", "published",
                            "status", "fitted", "difference", "within_rounding", "source", "line", "fitted_status"})
        report.table.columns.push_back(machine(key));
    add_accuracy_columns(report.table.columns);
    Json::Array parameters, observations, summaries, proportional;
    for (const AnalysisFit& fit : fits) {
        std::vector<evidence::ProportionalHazards> hazards;
        for (auto& result : evidence::check_proportional_hazards(*fit.analysis, *fit.evidence))
            if (wanted(fit, result.arm, options)) hazards.push_back(std::move(result));
        if (options.for_programs) {
            add_machine_rows(report.table, fit, options);
            for (const auto& model : fit.models)
                for (std::size_t arm = 0; arm < fit.evidence->arms.size(); ++arm)
                    if (wanted(fit, arm, options)) parameters.push_back(parameters_json(fit, model, arm, options));
            for (std::size_t i = 0; options.explain && i < fit.evidence->observations.size(); ++i)
                if (wanted(fit, fit.evidence->observations[i].arm, options))
                    observations.push_back(observation_json(fit, i));
            if (options.summaries) add_summaries(summaries, fit, options);
            for (const auto& result : hazards) proportional.push_back(proportional_json(fit, result));
        }
        if (options.for_people) add_sections(report, fit, hazards, options);
    }
    add_trials_without_numbers(report, without_numbers);
    report.beside.emplace_back("parameters", std::move(parameters));
    report.beside.emplace_back("proportional_hazards", std::move(proportional));
    if (options.summaries) report.beside.emplace_back("summaries", std::move(summaries));
    if (options.explain) report.beside.emplace_back("observations", std::move(observations));
    return report;
}

}  // namespace hersurv::report
