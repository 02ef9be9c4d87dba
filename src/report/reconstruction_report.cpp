// Each arm of a digitised figure beside its patients: counts, points, numbers at risk, medians; then hazard ratios.
#include "report/reconstruction_report.hpp"

#include "report/numbers.hpp"
#include "report/patients_report.hpp"
#include "support/number_text.hpp"
#include <cmath>
#include <optional>
#include <string>

namespace hersurv::report {
namespace {

using patients::DigitisedArm;
using patients::KaplanMeier;
using patients::ReconstructedArm;

std::string signed_text(double value, int decimals) {
    const std::string text = support::fixed(std::abs(value), decimals);
    return (value < 0 ? "-" : "+") + text;
}

std::vector<AgreementRow> rows_of(const DigitisedArm& arm, const ReconstructedArm& rebuilt, const KaplanMeier& curve,
                                  const catalogue::ArmResult* result) {
    constexpr auto log_log = catalogue::LimitsTransform::log_log;
    std::vector<AgreementRow> rows;
    const auto add = [&](const std::string& statistic, Cell given, Cell found, const std::string& difference) {
        rows.push_back(
            {arm.name.empty() ? "curve" : arm.name, statistic, std::move(given), std::move(found), difference});
    };
    const auto count = [](std::size_t n) { return Cell(static_cast<long>(n)); };
    add("patients", count(*arm.n_patients), count(curve.n_patients()), "");
    const auto events = static_cast<long>(curve.n_events());
    add("events", arm.n_events ? count(*arm.n_events) : Cell(missing()), events,
        arm.n_events ? signed_text(static_cast<double>(events) - static_cast<double>(*arm.n_events), 0) : "");
    const patients::PointAgreement points = point_agreement(curve, arm);
    add("points", count(arm.clicks.size()), {}, "RMSE " + support::fixed(points.root_mean_square, 4));
    add("  mean difference", {}, {}, signed_text(points.mean, 4));
    add("  largest difference", {}, {},
        signed_text(points.largest, 4) + " at " + support::fixed(points.largest_at_months, 1));
    if (const auto at_risk = at_risk_agreement(curve, arm))
        add("numbers at risk", count(arm.at_risk.size()), {},
            at_risk->largest == 0 ? "all the same"
                                  : "up to " + signed_text(static_cast<double>(at_risk->largest), 0) + " at " +
                                        support::shortest(at_risk->largest_at_months));
    const auto median = curve.quantile(0.5, log_log).time_months;
    // Between the rows of a table that counts its patients nothing is drawn.
    const bool counted = rebuilt.censoring == patients::CensoringFrom::counts;
    const double drawn = counted && median ? *median : rebuilt.curve.time_at(0.5);
    const auto months = [](const std::optional<double>& value) {
        return value ? Number::derived(*value, 1) : Number::missing(Status::not_reached);
    };
    add("median, months", months(std::isfinite(drawn) ? std::optional(drawn) : std::nullopt), months(median),
        median && std::isfinite(drawn) ? signed_text(*median - drawn, 2) : "");
    if (result != nullptr && !result->median.empty()) {
        const auto& printed = result->median.front().value;
        add("published median, months", cell(printed), months(median),
            printed.is_number() && median ? patients::grade(*median, printed.value) : "");
    }
    return rows;
}

}  // namespace

Report reconstruction_report(const std::vector<DigitisedArm>& arms, const std::vector<ReconstructedArm>& rebuilt,
                             const patients::PublishedFigure& published, std::size_t control) {
    std::vector<AgreementRow> rows;
    std::vector<std::string> notes;
    std::vector<KaplanMeier> curves;
    for (std::size_t i = 0; i < arms.size(); ++i) {
        curves.emplace_back(rebuilt[i].arm.patients);
        const auto of_arm = rows_of(arms[i], rebuilt[i], curves[i], published.results[i]);
        rows.insert(rows.end(), of_arm.begin(), of_arm.end());
        const std::string start = arms[i].name.empty() ? "" : arms[i].name + ": ";
        for (const std::string& note : rebuilt[i].notes) notes.push_back(start + note);
        if (rebuilt[i].censoring == patients::CensoringFrom::events)
            notes.push_back(start +
                            "without numbers at risk; censoring follows from the events and an assumed "
                            "course of the follow-up");
        if (rebuilt[i].censoring == patients::CensoringFrom::assumption)
            notes.push_back(start +
                            "without numbers at risk and events; censoring is assumed, and the number of "
                            "events with it");
    }
    for (std::size_t i = 0; i < arms.size(); ++i) {
        if (i == control) continue;
        const patients::CoxFit fit = cox(curves[control], curves[i]);
        const std::string pair = arms[i].name + " v " + arms[control].name;
        if (!fit.estimated()) {
            notes.push_back(pair + ": hazard ratio " + std::string(describe(fit.status)));
            continue;
        }
        Cell given;
        std::string difference;
        for (const auto& contrast :
             published.analysis != nullptr ? published.analysis->contrasts : std::vector<catalogue::Contrast>{}) {
            if (published.results[i] == nullptr || published.results[control] == nullptr ||
                contrast.hazard_ratio.empty() || contrast.experimental != published.results[i]->arm ||
                contrast.control != published.results[control]->arm)
                continue;
            const auto& printed = contrast.hazard_ratio.front().value;
            given = cell(printed);
            if (printed.is_number()) difference = patients::grade(fit.hazard_ratio(), printed.value);
        }
        rows.push_back({pair, "hazard ratio (Cox)", given, Number::derived(fit.hazard_ratio(), 2), difference});
    }
    return agreement_report(rows, notes);
}

support::Json files_json(const std::vector<tables::FileRead>& files) {
    const auto words = [](const std::vector<std::string>& list) {
        return support::Json::Array(list.begin(), list.end());
    };
    support::Json::Array result;
    for (const tables::FileRead& file : files) {
        support::Json decimal, time_unit;
        if (file.decimal) decimal = to_string(*file.decimal);
        if (!file.time_unit.empty()) time_unit = file.time_unit;
        result.emplace_back(support::Json::Object{{"file", file.file},
                                                  {"encoding", file.encoding},
                                                  {"separator", to_string(file.separator)},
                                                  {"decimal", std::move(decimal)},
                                                  {"percent", file.percent},
                                                  {"layout", file.layout},
                                                  {"time_unit", std::move(time_unit)},
                                                  {"unused_columns", words(file.unused_columns)},
                                                  {"notes", words(file.notes)}});
    }
    return result;
}

}  // namespace hersurv::report
