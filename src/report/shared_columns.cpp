// Groups of columns that several tables share.
#include "report/shared_columns.hpp"

#include <fmt/format.h>

#include "render/cell_text.hpp"
#include "render/cells.hpp"
#include "report/accuracy_parts.hpp"
#include "report/comparison_parts.hpp"
#include "support/number_text.hpp"
#include <cmath>

namespace hersurv::report {

Columns<OncePerGroup> once_columns(const std::string& title, const std::string& key) {
    return {{human(title), [](const OncePerGroup& one) { return one.first ? one.cell : Cell(); }},
            {machine(key), &OncePerGroup::cell}};
}

Columns<Number> number_and_status(const std::string& key, const std::string& status_key) {
    return {{machine(key), [](const Number& number) { return number; }}, {machine(status_key), status_word}};
}

Columns<std::optional<catalogue::Statistic>> published_columns(const std::string& title, const std::string& key,
                                                               const std::string& prefix) {
    using Print = std::optional<catalogue::Statistic>;
    Columns<Print> columns = {
        {human(title, true), [](const Print& print) { return print ? Cell(interval_cell(*print)) : missing(); }}};
    columns.append(published_machine_columns(key, prefix));
    return columns;
}

Columns<std::optional<catalogue::Statistic>> published_machine_columns(const std::string& key,
                                                                       const std::string& prefix) {
    using Print = std::optional<catalogue::Statistic>;
    return {{number_and_status(key, prefix + "status"),
             [](const Print& print) { return print ? cell(print->value) : missing(); }},
            {number_and_status(prefix + "lower", prefix + "lower_status"),
             [](const Print& print) { return print ? cell(print->lower) : missing(); }},
            {number_and_status(prefix + "upper", prefix + "upper_status"),
             [](const Print& print) { return print ? cell(print->upper) : missing(); }}};
}

Columns<CurveEstimate> estimate_columns(const EstimateHeadings& headings) {
    const Number absent = Number::missing(headings.absent);
    const Cell shown_absent = headings.shows_absent ? Cell(absent) : Cell();
    Columns<CurveEstimate> columns = {{human(headings.title, true), [shown_absent](const CurveEstimate& of) {
                                           return of.estimate
                                                      ? Cell(interval_cell(*of.estimate, of.decimals, of.percent))
                                                      : shown_absent;
                                       }}};
    columns.append(estimate_machine_columns(headings));
    return columns;
}

Cell limits_only(const Interval& interval) {
    if (!prints_limits(interval)) return {};
    const std::string text = cell_text(interval, {});
    const std::size_t open = text.find('('), close = text.find(')', open);
    return text.substr(open + 1, close - open - 1) + text.substr(close + 1);
}

Columns<CurveEstimate> estimate_machine_columns(const EstimateHeadings& headings) {
    const Number absent = Number::missing(headings.absent);
    const auto value = [absent](const CurveEstimate& of) {
        return of.estimate ? cell(*of.estimate, of.decimals, of.percent) : absent;
    };
    Columns<CurveEstimate> columns = {
        {machine(headings.key), value},
        {machine(headings.prefix + "lower"),
         [absent](const CurveEstimate& of) {
             return of.estimate ? limit_cell(of.estimate->lower, of.decimals, of.percent) : absent;
         }},
        {machine(headings.prefix + "upper"),
         [absent](const CurveEstimate& of) {
             return of.estimate ? limit_cell(of.estimate->upper, of.decimals, of.percent) : absent;
         }},
        {machine(headings.prefix + "status"), [value](const CurveEstimate& of) { return status_word(value(of)); }}};
    if (headings.limits_status)
        columns.append({machine(headings.prefix + "limits_status"), [absent](const CurveEstimate& of) {
                            return of.estimate ? limits_status(*of.estimate) : status_word(absent);
                        }});
    return columns;
}

Columns<CurveEstimate> both_bands_columns(const std::string& prefix) {
    const auto column = [&prefix](const char* key, BandLimits BandedEstimate::*band,
                                  std::optional<double> BandLimits::*limit) -> Columns<CurveEstimate> {
        return {machine(prefix + key), [band, limit](const CurveEstimate& of) {
                    return of.estimate ? Cell(limit_cell((*of.estimate).*band.*limit, of.decimals, of.percent))
                                       : Cell();
                }};
    };
    return {column("reconstruction_lower", &BandedEstimate::reconstruction, &BandLimits::lower),
            column("reconstruction_upper", &BandedEstimate::reconstruction, &BandLimits::upper),
            column("population_lower", &BandedEstimate::population, &BandLimits::lower),
            column("population_upper", &BandedEstimate::population, &BandLimits::upper),
            {machine(prefix + "interval_supposes"), [](const CurveEstimate& of) {
                 return of.estimate && !of.estimate->supposes.empty() ? Cell(std::string(of.estimate->supposes))
                                                                      : Cell();
             }}};
}

Columns<AnalysisFit> analysis_columns(const std::vector<AnalysisFit>& fits) {
    return {{machine("analysis"), [](const AnalysisFit& fit) { return fit.analysis->id; }},
            {endpoint_column(fits), [](const AnalysisFit& fit) { return fit.analysis->endpoint; }}};
}

Columns<const catalogue::Provenance*> source_columns() {
    using From = const catalogue::Provenance*;
    return {
        {machine("source"), [](const From& from) { return from != nullptr ? text_or_nothing(from->source) : Cell(); }},
        {machine("line"), [](const From& from) { return from != nullptr ? line_cell(*from) : Cell(); }}};
}

ArmOfModel::ArmOfModel(const AnalysisFit& of_fit, const fit::FittedModel& of_model, std::size_t arm_index)
    : fit(&of_fit), model(&of_model), arm(arm_index), accuracy(accuracy_of(of_model, arm_index)) {}

std::string parameters_text(const ArmOfModel& of) {
    const survival::Family* family = of.model->model->family;
    if (family == nullptr) return of.has_curve() ? "(a curve)" : "";
    std::string text;
    const auto& values = of.result().parameters;
    for (std::size_t p = 0; p < values.size(); ++p)
        text +=
            fmt::format("{}{} {}", p == 0 ? "" : ", ", family->parameters[p].name, support::significant(values[p], 3));
    return text;
}

namespace {

// Of a parameter whose estimate on the scale of its covariance has the variance given (delta method).
double natural_error(const std::string& scale, double natural, double variance) {
    const double error = std::sqrt(variance);
    if (scale.starts_with("log(")) return natural * error;
    if (scale.starts_with("logit(")) return natural * (1 - natural) * error;
    return error;
}

}  // namespace

ParametersText parameters_with_errors(const ArmOfModel& of) {
    if (!of.has_curve()) return {};
    const survival::Family* family = of.model->model->family;
    if (family == nullptr) return {"none (a curve without a formula)", false};
    const std::vector<double> errors = parameter_errors(of);
    ParametersText result;
    result.has_errors = !errors.empty();
    const auto& values = of.result().parameters;
    for (std::size_t p = 0; p < values.size(); ++p) {
        result.text +=
            fmt::format("{}{}={}", p == 0 ? "" : ", ", family->parameters[p].name, support::significant(values[p], 3));
        if (result.has_errors) result.text += fmt::format(" ({})", support::significant(errors[p], 2));
    }
    return result;
}

std::vector<double> parameter_errors(const ArmOfModel& of) {
    std::vector<double> errors;
    if (!of.has_curve() || of.model->model->family == nullptr) return errors;
    const fit::ParameterCovariances covariances = fit::parameter_covariances(*of.model, of.arm);
    if (covariances.population.size == 0) return errors;
    const auto& values = of.result().parameters;
    for (std::size_t p = 0; p < values.size(); ++p)
        errors.push_back(natural_error(covariances.order[p], values[p], covariances.population(p, p)));
    return errors;
}

std::string_view status_words(fit::FitStatus status) {
    switch (status) {
        case fit::FitStatus::determined:
            return "identified";
        case fit::FitStatus::prior:
            return "weakly identified";
        case fit::FitStatus::not_enough_data:
            return "not enough data";
        case fit::FitStatus::not_converged:
            return "not converged";
        case fit::FitStatus::no_exact_fit:
            break;
    }
    return "no exact fit";
}

Columns<ArmOfModel> arm_of_model_columns() {
    return {{machine("trial"), [](const ArmOfModel& of) { return of.fit->evidence->trial; }},
            {machine("analysis"), [](const ArmOfModel& of) { return of.fit->evidence->analysis; }},
            {machine("endpoint"), [](const ArmOfModel& of) { return of.fit->evidence->endpoint; }},
            {machine("arm"), &ArmOfModel::id},
            {machine("model"), &ArmOfModel::model_name}};
}

Columns<ArmOfModel> fit_status_columns(const Column& status) {
    return {{status, &ArmOfModel::status}, {accuracy_columns(), &ArmOfModel::accuracy}};
}

}  // namespace hersurv::report
