// Groups of columns that several tables share, each for the value that they show.
#pragma once

#include "hersurv/estimates.hpp"
#include "hersurv/evidence.hpp"
#include "hersurv/fit.hpp"
#include "hersurv/records.hpp"

#include "render/columns.hpp"
#include "report/intervals.hpp"
#include "report/names.hpp"
#include "report/numbers.hpp"
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hersurv::report {

// What is written once in human formats, in the first row of its group, and in every row of machine formats.
struct OncePerGroup {
    bool first = false;
    Cell cell;
};
[[nodiscard]] Columns<OncePerGroup> once_columns(const std::string& title, const std::string& key);

// A number, and why it is there or not.
[[nodiscard]] Columns<Number> number_and_status(const std::string& key, const std::string& status_key);

// A published number with its limits: PREFIXstatus, PREFIXlower, PREFIXlower_status, PREFIXupper, PREFIXupper_status.
[[nodiscard]] Columns<std::optional<catalogue::Statistic>> published_columns(const std::string& title,
                                                                             const std::string& key,
                                                                             const std::string& prefix = {});

// The same for programs alone.
[[nodiscard]] Columns<std::optional<catalogue::Statistic>> published_machine_columns(const std::string& key,
                                                                                     const std::string& prefix = {});
// "0.58–0.82", for a column of its own; nothing without limits.
[[nodiscard]] Cell limits_only(const Interval& interval);

// What the curves make of a quantity, if they do.
struct CurveEstimate {
    std::optional<BandedEstimate> estimate{};
    int decimals = 1;
    bool percent = false;  // shown to people times 100
};
struct EstimateHeadings {
    std::string title{}, key{};
    std::string prefix{};        // PREFIXlower, PREFIXupper, PREFIXstatus
    bool limits_status = false;  // PREFIXlimits_status as well
    // Without an estimate: its status, and whether people see it or nothing.
    Status absent = Status::not_reported;
    bool shows_absent = false;
};
[[nodiscard]] Columns<CurveEstimate> estimate_columns(const EstimateHeadings& headings);
[[nodiscard]] Columns<CurveEstimate> estimate_machine_columns(const EstimateHeadings& headings);  // without the title
// For programs: PREFIXreconstruction_lower, PREFIXreconstruction_upper, PREFIXpopulation_lower, PREFIXpopulation_upper.
// They are behind all other columns of a table.
[[nodiscard]] Columns<CurveEstimate> both_bands_columns(const std::string& prefix = {});

// analysis, endpoint.
[[nodiscard]] Columns<AnalysisFit> analysis_columns(const std::vector<AnalysisFit>& fits);

// source, line: nothing of a number that is not there (nullptr).
[[nodiscard]] Columns<const catalogue::Provenance*> source_columns();

// The same cell in every row.
template <class Row>
[[nodiscard]] Columns<Row> constant_column(Column heading, Cell cell) {
    return {std::move(heading), [cell = std::move(cell)](const Row&) { return cell; }};
}
template <class Row>
[[nodiscard]] Columns<Row> band_column(const Intervals& interval) {
    return constant_column<Row>(machine("band"), std::string(fit::word(interval.band)));
}
template <class Row>
[[nodiscard]] Columns<Row> level_column(const Intervals& interval) {
    return constant_column<Row>(machine("level"), Number::derived(interval.level, 2));
}

// An arm in one of the models of its analysis, with what is known of its curve beforehand.
struct ArmOfModel {
    ArmOfModel(const AnalysisFit& of_fit, const fit::FittedModel& of_model, std::size_t arm_index);

    const AnalysisFit* fit;
    const fit::FittedModel* model;
    std::size_t arm;
    std::optional<fit::ExpectedAccuracy> accuracy;  // nothing if the model has no curve of the arm

    [[nodiscard]] bool has_curve() const { return model->fitted(arm); }
    [[nodiscard]] const std::string& id() const { return fit->evidence->arms[arm].id; }
    [[nodiscard]] std::string model_name() const { return std::string(model->model->name); }
    [[nodiscard]] const fit::ArmFit& result() const { return model->arms[arm]; }
    [[nodiscard]] std::string status() const { return std::string(fit::word(result().status)); }
};
// "shape 1.31, scale 80.2"; "(a curve)" of a model without a formula.
[[nodiscard]] std::string parameters_text(const ArmOfModel& of);
// "shape=1.31 (0.05), scale=80.2 (4.1)": with the standard errors of the population covariance, on the natural scale by
// the delta method, if there are any (they need the number of patients).
struct ParametersText {
    std::string text{};
    bool has_errors = false;
};
[[nodiscard]] ParametersText parameters_with_errors(const ArmOfModel& of);
// These standard errors, in the order of the family; empty if there are none.
[[nodiscard]] std::vector<double> parameter_errors(const ArmOfModel& of);
// "identified", "weakly identified", "not enough data", "not converged", "no exact fit": for people.
[[nodiscard]] std::string_view status_words(fit::FitStatus status);
// trial, analysis, endpoint, arm, model.
[[nodiscard]] Columns<ArmOfModel> arm_of_model_columns();
// fit_status, and the columns of the expected accuracy.
[[nodiscard]] Columns<ArmOfModel> fit_status_columns(const Column& status);

}  // namespace hersurv::report
