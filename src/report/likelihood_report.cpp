// What people read: the ranking of the families, then their parameters. What programs read: a row for each parameter,
// and in JSON the covariance of each fit.
#include "report/likelihood_report.hpp"

#include "hersurv/survival.hpp"

#include "render/columns.hpp"
#include "report/covariance_parts.hpp"
#include "report/numbers.hpp"
#include "support/number_text.hpp"
#include "support/words.hpp"
#include <algorithm>
#include <cmath>

namespace hersurv::report {
namespace {

using patients::FamilyFits;
using patients::LikelihoodEstimate;
using patients::LikelihoodFit;
using support::Json;

constexpr std::string_view of_pseudo_patients =
    "These patients were simulated or reconstructed from published results, as their columns say. The standard errors "
    "and intervals leave out the uncertainty of that reconstruction, and AIC compares how well families fit the "
    "pseudo-patients.";

// A family among those that were fitted to the same patients.
struct Ranked {
    std::string_view model;
    patients::LikelihoodStatus status = patients::LikelihoodStatus::not_converged;
    std::size_t n_parameters = 0;
    double log_likelihood = 0, aic = 0, bic = 0;
    const LikelihoodFit* fit = nullptr;  // of the one arm, if it is one
    long rank = 0;                       // 1: least AIC; 0: not fitted
    double difference = 0;               // to the least AIC

    [[nodiscard]] bool fitted() const { return rank > 0; }
};

// By AIC, those without a maximum last.
std::vector<Ranked> in_order(std::vector<Ranked> all) {
    const auto fitted = [](const Ranked& one) { return one.status != patients::LikelihoodStatus::not_converged; };
    std::ranges::stable_sort(all, {}, [&](const Ranked& one) { return fitted(one) ? one.aic : INFINITY; });
    long rank = 0;
    for (Ranked& one : all) {
        if (!fitted(one)) continue;
        one.rank = ++rank;
        one.difference = one.aic - all.front().aic;
    }
    return all;
}

std::vector<Ranked> ranking(const std::vector<FamilyFits>& fits) {
    std::vector<Ranked> all;
    for (const FamilyFits& of : fits)
        all.push_back({of.family->name, of.status(), of.n_parameters(), of.log_likelihood(), of.aic(), of.bic(),
                       of.fits.size() == 1 && of.fits.front().arms.size() < 2 ? of.fits.data() : nullptr});
    return in_order(std::move(all));
}

std::vector<Ranked> ranking_in(const std::vector<FamilyFits>& fits, std::size_t fit_index) {
    std::vector<Ranked> all;
    for (const FamilyFits& of : fits) {
        const LikelihoodFit& fit = of.fits[fit_index];
        all.push_back({of.family->name, fit.status, fit.n_parameters, fit.log_likelihood, fit.aic(), fit.bic(), &fit});
    }
    return in_order(std::move(all));
}

Number if_fitted(bool fitted, double value, int decimals) {
    return fitted ? Number::derived(value, decimals) : Number::missing(Status::not_estimable);
}

// As many decimals as show two digits of the standard error.
int decimals_for(const LikelihoodEstimate& estimate) {
    constexpr int most = 8;
    const double size = estimate.standard_error.value_or(std::fabs(estimate.value));
    if (!(size > 0) || !std::isfinite(size)) return 0;
    return std::clamp(1 - static_cast<int>(std::floor(std::log10(size))), 0, most);
}

Number number_of(const std::optional<double>& value, int decimals) {
    return value && std::isfinite(*value) ? Number::derived(*value, decimals) : Number::missing(Status::not_estimable);
}

// "95% CI".
std::string interval_title(double level) { return percent_text(level) + " CI"; }

Table ranking_table(const std::vector<Ranked>& ranked, const std::string& name) {
    using Row = Ranked;
    Columns<Row> columns = {
        {human("Model"), [](const Row& row) { return std::string(row.model); }},
        {human("AIC", true), [](const Row& row) { return if_fitted(row.fitted(), row.aic, 1); }},
        {human("\u0394AIC", true), [](const Row& row) { return if_fitted(row.fitted(), row.difference, 1); }},
        {human("BIC", true), [](const Row& row) { return if_fitted(row.fitted(), row.bic, 1); }},
        {human("log L", true), [](const Row& row) { return if_fitted(row.fitted(), row.log_likelihood, 2); }}};
    if (ranked.front().fit != nullptr)
        columns.append({human("Median, months", true), [](const Row& row) -> Cell {
                            if (!row.fitted()) return Number::missing(Status::not_estimable);
                            const auto& median = row.fit->arms.front().median;
                            return median ? Number::derived(median->value, 1) : Number::missing(Status::not_reached);
                        }});
    columns.append({human("Status"), [](const Row& row) { return std::string(patients::word(row.status)); }});
    Table table;
    table.name = name;
    columns.fill(table, ranked);
    return table;
}

// One parameter of a model in one arm; the rest of the fit belongs to the arm, or to all arms with a common shape.
struct ParameterRow {
    const std::string* arm;
    const FamilyFits* family;
    const LikelihoodFit* fit;
    const patients::LikelihoodArm* of_arm;  // nullptr: not fitted
    std::size_t parameter;                  // of the family's; behind them: the median
    Ranked in_fit, in_all;
    bool first = false, first_of_arm = false;

    [[nodiscard]] bool is_median() const { return parameter == family->family->parameters.size(); }
    [[nodiscard]] std::string name() const {
        return is_median() ? "median" : std::string(family->family->parameters[parameter].name);
    }
    [[nodiscard]] std::string_view unit() const {
        return is_median() ? "months" : family->family->parameters[parameter].unit;
    }
    [[nodiscard]] std::optional<LikelihoodEstimate> estimate() const {
        if (of_arm == nullptr) return std::nullopt;
        return is_median() ? of_arm->median : std::optional(of_arm->parameters[parameter]);
    }
    [[nodiscard]] Number number(const std::optional<double>& value) const {
        if (of_arm != nullptr && is_median() && !of_arm->median) return Number::missing(Status::not_reached);
        return number_of(value, estimate() ? decimals_for(*estimate()) : 0);
    }
    [[nodiscard]] Number value() const { return number(estimate() ? std::optional(estimate()->value) : std::nullopt); }
    [[nodiscard]] Number standard_error() const {
        return number(estimate() ? estimate()->standard_error : std::nullopt);
    }
    [[nodiscard]] Number lower() const { return number(estimate() ? estimate()->limits.lower : std::nullopt); }
    [[nodiscard]] Number upper() const { return number(estimate() ? estimate()->limits.upper : std::nullopt); }
};

const Ranked& ranked_of(const std::vector<Ranked>& ranked, const FamilyFits& family) {
    return *std::ranges::find(ranked, family.family->name, &Ranked::model);
}

// Arm by arm, in each the families in the order that was asked for.
std::vector<ParameterRow> parameter_rows(const patients::PatientTable& table, const std::vector<FamilyFits>& fits) {
    const std::vector<Ranked> in_all = ranking(fits);
    std::vector<ParameterRow> rows;
    for (std::size_t arm = 0; arm < table.arms.size(); ++arm) {
        const std::size_t fit_index = fits.front().fits.size() == table.arms.size() ? arm : 0;
        const std::vector<Ranked> in_fit = ranking_in(fits, fit_index);
        bool first_of_arm = true;
        for (const FamilyFits& family : fits) {
            const LikelihoodFit& fit = family.fits[fit_index];
            const auto of_arm = std::ranges::find(fit.arms, arm, &patients::LikelihoodArm::arm);
            for (std::size_t i = 0; i <= family.family->parameters.size(); ++i) {
                rows.push_back({&table.arms[arm].name, &family, &fit, of_arm == fit.arms.end() ? nullptr : &*of_arm, i,
                                ranked_of(in_fit, family), ranked_of(in_all, family), i == 0, first_of_arm});
                first_of_arm = false;
            }
        }
    }
    return rows;
}

Table parameter_table(const std::vector<ParameterRow>& rows, double level) {
    using Row = ParameterRow;
    Columns<Row> columns;
    const bool has_arms = !rows.front().arm->empty();
    if (has_arms)
        columns.append({human("Arm"), [](const Row& row) { return row.first_of_arm ? *row.arm : std::string(); }});
    columns.append({{human("Model"),
                     [](const Row& row) { return row.first ? std::string(row.family->family->name) : std::string(); }},
                    {human("Parameter"), &Row::name},
                    {human("Estimate", true), &Row::value},
                    {human("SE", true), &Row::standard_error},
                    {human(interval_title(level), true), [](const Row& row) -> Cell {
                         const Number lower = row.lower(), upper = row.upper();
                         if (!lower.value || !upper.value) return Number::missing(lower.status);
                         const auto text = [](const Number& number) {
                             return support::fixed(*number.value, number.decimals);
                         };
                         return text(lower) + " to " + text(upper);
                     }}});
    std::vector<Row> shown;
    Table table;
    for (const Row& row : rows) {
        if (row.of_arm == nullptr) continue;
        if (row.first_of_arm && !shown.empty()) table.rule_before.push_back(shown.size());
        shown.push_back(row);
    }
    table.name = "parameters";
    columns.fill(table, shown);
    return table;
}

Columns<ParameterRow> machine_columns_of(const LikelihoodReportOptions& options, bool reconstructed) {
    using Row = ParameterRow;
    const auto count = [](std::size_t n) { return Cell(static_cast<long>(n)); };
    const auto rank = [](const Ranked& ranked) { return ranked.fitted() ? Cell(ranked.rank) : Cell(); };
    return {
        {machine("arm"), [](const Row& row) { return *row.arm; }},
        {machine("model"), [](const Row& row) { return std::string(row.family->family->name); }},
        {machine("shape"),
         [shape = options.shape](const Row&) {
             return std::string(shape == fit::Shape::common ? "common" : "separate");
         }},
        {machine("fit_status"), [](const Row& row) { return std::string(patients::word(row.fit->status)); }},
        {machine("parameter"), &Row::name},
        {machine("unit"), [](const Row& row) { return row.unit().empty() ? "1" : std::string(row.unit()); }},
        {machine("value"), &Row::value},
        {machine("status"), [](const Row& row) { return std::string(word(row.value().status)); }},
        {machine("standard_error"), &Row::standard_error},
        {machine("lower"), &Row::lower},
        {machine("upper"), &Row::upper},
        {machine("level"), [level = options.level](const Row&) { return Number::derived(level, 2); }},
        {machine("n_patients"), [count](const Row& row) { return count(row.fit->n_patients); }},
        {machine("n_events"), [count](const Row& row) { return count(row.fit->n_events); }},
        {machine("n_parameters"), [count](const Row& row) { return count(row.fit->n_parameters); }},
        {machine("log_likelihood"),
         [](const Row& row) { return if_fitted(row.in_fit.fitted(), row.in_fit.log_likelihood, 2); }},
        {machine("aic"), [](const Row& row) { return if_fitted(row.in_fit.fitted(), row.in_fit.aic, 1); }},
        {machine("delta_aic"), [](const Row& row) { return if_fitted(row.in_fit.fitted(), row.in_fit.difference, 1); }},
        {machine("bic"), [](const Row& row) { return if_fitted(row.in_fit.fitted(), row.in_fit.bic, 1); }},
        {machine("aic_rank"), [rank](const Row& row) { return rank(row.in_fit); }},
        {machine("all_arms_log_likelihood"),
         [](const Row& row) { return if_fitted(row.in_all.fitted(), row.in_all.log_likelihood, 2); }},
        {machine("all_arms_aic"), [](const Row& row) { return if_fitted(row.in_all.fitted(), row.in_all.aic, 1); }},
        {machine("all_arms_delta_aic"),
         [](const Row& row) { return if_fitted(row.in_all.fitted(), row.in_all.difference, 1); }},
        {machine("all_arms_bic"), [](const Row& row) { return if_fitted(row.in_all.fitted(), row.in_all.bic, 1); }},
        {machine("all_arms_aic_rank"), [rank](const Row& row) { return rank(row.in_all); }},
        {machine("reason"), [](const Row& row) { return row.fit->reason; }},
        {machine("reconstructed_patients"), [reconstructed](const Row&) { return reconstructed; }}};
}

Json finite_json(const std::optional<double>& value) { return value && std::isfinite(*value) ? Json(*value) : Json(); }

Json estimate_json(const LikelihoodEstimate& estimate) {
    return Json::Object{{"value", estimate.value},
                        {"standard_error", finite_json(estimate.standard_error)},
                        {"lower", finite_json(estimate.limits.lower)},
                        {"upper", finite_json(estimate.limits.upper)}};
}

Json fit_json(const LikelihoodFit& fit, const std::vector<std::string>& arm_names,
              const LikelihoodReportOptions& options) {
    const survival::Family& family = *fit.family;
    Json::Array names, coordinates, estimates, arms;
    for (const std::string& name : arm_names) names.emplace_back(name);
    for (const std::string& name : fit.coordinates) coordinates.emplace_back(name);
    for (const double estimate : fit.estimates) estimates.emplace_back(estimate);
    for (std::size_t i = 0; i < fit.arms.size(); ++i) {
        Json::Object parameters;
        for (std::size_t p = 0; p < family.parameters.size(); ++p)
            parameters.emplace_back(std::string(family.parameters[p].name), estimate_json(fit.arms[i].parameters[p]));
        arms.push_back(
            Json::Object{{"arm", arm_names[i]},
                         {"parameters", std::move(parameters)},
                         {"median_months", fit.arms[i].median ? estimate_json(*fit.arms[i].median) : Json()}});
    }
    const auto if_there = [&](double value) { return fit.fitted() ? Json(value) : Json(); };
    return Json::Object{{"model", family.name},
                        {"shape", options.shape == fit::Shape::common ? "common" : "separate"},
                        {"of_arms", std::move(names)},
                        {"fit_status", patients::word(fit.status)},
                        {"reason", fit.reason.empty() ? Json() : Json(fit.reason)},
                        {"formula", family.formula},
                        {"parametrisation", family.parametrisation},
                        {"n_patients", static_cast<double>(fit.n_patients)},
                        {"n_events", static_cast<double>(fit.n_events)},
                        {"n_parameters", static_cast<double>(fit.n_parameters)},
                        {"log_likelihood", if_there(fit.log_likelihood)},
                        {"aic", if_there(fit.aic())},
                        {"bic", if_there(fit.bic())},
                        {"arms", std::move(arms)},
                        {"covariance_order", std::move(coordinates)},
                        {"covariance_scale", covariance_scale},
                        {"estimates_on_that_scale", std::move(estimates)},
                        {"covariance", matrix_json(fit.covariance)}};
}

Json ranking_json(const std::vector<FamilyFits>& fits) {
    Json::Array list;
    for (const Ranked& one : ranking(fits)) {
        const auto if_there = [&](double value) { return one.fitted() ? Json(value) : Json(); };
        list.push_back(Json::Object{{"model", one.model},
                                    {"fit_status", patients::word(one.status)},
                                    {"rank", if_there(static_cast<double>(one.rank))},
                                    {"n_parameters", static_cast<double>(one.n_parameters)},
                                    {"log_likelihood", if_there(one.log_likelihood)},
                                    {"aic", if_there(one.aic)},
                                    {"delta_aic", if_there(one.difference)},
                                    {"bic", if_there(one.bic)}});
    }
    return list;
}

// Why a maximum is missing or at a boundary: once for the models and arms of which it is the same.
std::vector<std::string> reasons(const std::vector<FamilyFits>& fits, const patients::PatientTable& table) {
    struct Reason {
        std::string text;
        std::vector<std::string> models, arms;
    };
    std::vector<Reason> all;
    const bool of_arms = fits.front().fits.size() > 1;
    for (std::size_t f = 0; f < fits.front().fits.size(); ++f) {
        std::vector<Reason> here;
        for (const FamilyFits& of : fits) {
            const LikelihoodFit& fit = of.fits[f];
            if (fit.reason.empty()) continue;
            const std::string text = std::string(patients::word(fit.status)) + ": " + fit.reason;
            auto same = std::ranges::find(here, text, &Reason::text);
            if (same == here.end()) same = here.insert(same, {text, {}, {}});
            same->models.emplace_back(of.family->name);
        }
        for (Reason& reason : here) {
            auto same = std::ranges::find_if(
                all, [&](const Reason& one) { return one.text == reason.text && one.models == reason.models; });
            if (same == all.end()) same = all.insert(same, std::move(reason));
            if (of_arms) same->arms.push_back(table.arms[f].name);
        }
    }
    std::vector<std::string> notes;
    for (const Reason& reason : all)
        notes.push_back((reason.arms.empty() ? "" : support::joined(reason.arms) + "; ") +
                        support::joined(reason.models) + ": " + reason.text);
    return notes;
}

std::string patients_text(const patients::Arm& arm) {
    const auto events = std::ranges::count(arm.patients, true, &patients::Patient::event);
    return (arm.name.empty() ? "" : arm.name + ": ") + support::counted(arm.patients.size(), "patient") + ", " +
           support::counted(static_cast<std::size_t>(events), "event");
}

void add_sections(Report& report, const patients::PatientTable& table, const std::vector<FamilyFits>& fits,
                  const std::vector<ParameterRow>& rows, const LikelihoodReportOptions& options) {
    Section& head = report.sections.emplace_back();
    head.heading = options.file;
    std::string patients;
    for (const patients::Arm& arm : table.arms) patients += (patients.empty() ? "" : "; ") + patients_text(arm);
    head.paragraphs.push_back(patients + ".");
    if (table.reconstructed) head.paragraphs.emplace_back(of_pseudo_patients);
    const bool several = table.arms.size() > 1;
    if (several)
        head.paragraphs.emplace_back(options.shape == fit::Shape::common
                                         ? "All arms together, with a common shape:"
                                         : "All arms together, each with parameters of its own:");
    head.table = ranking_table(ranking(fits), "ranking");
    head.table->footnotes.emplace_back(
        "Smallest AIC first; log L: log-likelihood. Differences below 2 are small (Burnham & Anderson 2004); AIC says "
        "nothing about the extrapolation beyond the last event.");
    head.notes = reasons(fits, table);
    for (const std::string& note : table.notes) head.notes.push_back(note);
    if (fits.front().fits.size() > 1)
        for (std::size_t arm = 0; arm < table.arms.size(); ++arm) {
            Section& of_arm = report.sections.emplace_back();
            of_arm.heading = "Arm " + table.arms[arm].name;
            of_arm.table = ranking_table(ranking_in(fits, arm), "ranking-of-arm");
        }
    if (std::ranges::none_of(rows, [](const ParameterRow& row) { return row.of_arm != nullptr; })) return;
    Section& parameters = report.sections.emplace_back();
    parameters.heading = "Parameters";
    parameters.table = parameter_table(rows, options.level);
    parameters.notes.emplace_back(
        "parameters as in R's flexsurv, times in months; SE from the observed information; the intervals are normal on "
        "the log scale of positive parameters and the logit scale of the cured share");
}

}  // namespace

Report likelihood_report(const patients::PatientTable& table, const std::vector<FamilyFits>& fits,
                         const LikelihoodReportOptions& options) {
    Report report;
    report.title = "Models fitted to patients by maximum likelihood";
    report.table.name = "fit-patients";
    const std::vector<ParameterRow> rows = parameter_rows(table, fits);
    machine_columns_of(options, table.reconstructed).fill(report.table, rows);
    add_sections(report, table, fits, rows, options);
    Json::Array notes, arms, all_fits;
    for (const std::string& note : table.notes) notes.emplace_back(note);
    for (const patients::Arm& arm : table.arms) {
        const auto events = std::ranges::count(arm.patients, true, &patients::Patient::event);
        arms.push_back(Json::Object{{"arm", arm.name},
                                    {"n_patients", static_cast<double>(arm.patients.size())},
                                    {"n_events", static_cast<double>(events)}});
    }
    for (const FamilyFits& of : fits)
        for (std::size_t f = 0; f < of.fits.size(); ++f) {
            std::vector<std::string> names;
            for (std::size_t arm = 0; arm < table.arms.size(); ++arm)
                if (of.fits.size() == 1 || arm == f) names.push_back(table.arms[arm].name);
            all_fits.push_back(fit_json(of.fits[f], names, options));
        }
    report.beside.emplace_back("file", options.file);
    report.beside.emplace_back("reconstructed_patients", table.reconstructed);
    report.beside.emplace_back("caution", table.reconstructed ? Json(of_pseudo_patients) : Json());
    report.beside.emplace_back("notes", std::move(notes));
    report.beside.emplace_back("arms", std::move(arms));
    report.beside.emplace_back("ranking", ranking_json(fits));
    report.beside.emplace_back("fits", std::move(all_fits));
    return report;
}

}  // namespace hersurv::report
