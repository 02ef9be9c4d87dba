// `fit --what parameters`: values and standard errors, one parameter per row.
#include "report/fit_parameters.hpp"

#include "hersurv/survival.hpp"

#include "report/accuracy_parts.hpp"
#include "report/comparison_parts.hpp"
#include "report/fit_tables.hpp"
#include "report/numbers.hpp"
#include "report/shared_columns.hpp"
#include <cmath>
#include <optional>

namespace hersurv::report {
namespace {

struct FittedParameter {
    ArmOfModel of;
    std::optional<std::size_t> parameter;  // in the order of the family
    std::optional<double> error{};         // standard error on the natural scale

    [[nodiscard]] const survival::ParameterInfo& description() const {
        return of.model->model->family->parameters[*parameter];
    }
    [[nodiscard]] Cell name() const { return parameter ? Cell(std::string(description().name)) : Cell(); }
    [[nodiscard]] Cell unit() const { return parameter ? text_or_nothing(std::string(description().unit)) : Cell(); }
    [[nodiscard]] Cell value() const {
        return parameter ? Cell(Number::derived(of.result().parameters[*parameter], 4)) : Cell();
    }
    [[nodiscard]] Cell standard_error() const { return error ? Cell(Number::derived(*error, 4)) : Cell(); }
    [[nodiscard]] Cell limit(bool upper) const {
        const auto& limits = of.result().parameter_limits;
        if (!parameter || *parameter >= limits.size()) return {};
        const auto& [least, most] = limits[*parameter];
        const double value = upper ? most : least;
        return std::isfinite(value) ? Cell(Number::derived(value, 4)) : Cell();
    }
};

Columns<FittedParameter> fitted_parameter_columns() {
    using Row = FittedParameter;
    return {{arm_of_model_columns(), &Row::of},
            {machine("fit_status"), [](const Row& row) { return row.of.status(); }},
            {machine("parameter"), &Row::name},
            {machine("value"), &Row::value},
            {machine("standard_error"), &Row::standard_error},
            {machine("lower_95"), [](const Row& row) { return row.limit(false); }},
            {machine("upper_95"), [](const Row& row) { return row.limit(true); }},
            {machine("unit"), &Row::unit},
            {accuracy_columns(), [](const Row& row) { return row.of.accuracy; }}};
}

void add_parameters_of(std::vector<FittedParameter>& rows, const ArmOfModel& of) {
    const std::size_t n = of.model->model->family != nullptr ? of.result().parameters.size() : 0;
    if (n == 0) return rows.push_back({of, std::nullopt});
    const std::vector<double> errors = parameter_errors(of);
    for (std::size_t p = 0; p < n; ++p) {
        rows.push_back({of, p});
        if (!errors.empty() && std::isfinite(errors[p])) rows.back().error = errors[p];
    }
}

}  // namespace

void fill_parameters_table(Table& table, const std::vector<AnalysisFit>& fits, const FitReportOptions& options) {
    std::vector<FittedParameter> rows;
    for (const AnalysisFit& fit : fits)
        for (const fit::FittedModel& model : fit.models)
            for (std::size_t arm = 0; arm < fit.evidence->arms.size(); ++arm)
                if (wanted(fit, arm, options)) add_parameters_of(rows, ArmOfModel(fit, model, arm));
    fitted_parameter_columns().fill(table, rows);
}

}  // namespace hersurv::report
