// Judges digitised figures as `hersurv patients reconstruct` does.
#include "patients_judgement.hpp"

#include "hersurv/error.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hersurv::bench {
namespace {

double quantile_99(std::vector<double> values) {
    if (values.empty()) return 0;
    std::ranges::sort(values);
    return values[static_cast<std::size_t>(0.99 * static_cast<double>(values.size() - 1))];
}

}  // namespace

Judgement judge(std::span<const patients::DigitisedArm> arms) {
    Judgement result;
    std::string curve = "arm,time,survival\n", at_risk = "arm,time,n_at_risk\n";
    for (std::size_t a = 0; a < arms.size(); ++a) {
        for (const patients::Click& click : arms[a].clicks)
            curve += fmt::format("arm {},{:.4f},{:.4f}\n", a + 1, click.time_months, click.survival);
        for (const patients::AtRisk& row : arms[a].at_risk)
            at_risk += fmt::format("arm {},{:.4f},{}\n", a + 1, row.time_months, row.n_patients);
    }
    try {
        patients::Digitised read = patients::read_digitised(curve, "curve.csv", at_risk, "at_risk.csv");
        for (std::size_t a = 0; a < arms.size(); ++a) read.arms[a].n_events = arms[a].n_events;
        result.warnings = read.warnings;
        for (const std::string& warning : patients::unlikely_numbers(read.arms)) result.warnings.push_back(warning);
        for (const patients::ReconstructedArm& arm : patients::reconstruct(read.arms)) {
            result.warnings.insert(result.warnings.end(), arm.warnings.begin(), arm.warnings.end());
            result.distance.push_back(arm.distance);
            result.lacking.push_back(arm.lacking_share);
        }
    } catch (const support::InputError& error) {
        result.refusal = error.what();
    }
    return result;
}

std::string summary(std::span<const Judgement> judgements) {
    std::size_t n_refused = 0, n_warned = 0;
    std::vector<double> distance, lacking;
    std::string text;
    for (const Judgement& judgement : judgements) {
        n_refused += !judgement.refusal.empty();
        n_warned += !judgement.warnings.empty();
        distance.insert(distance.end(), judgement.distance.begin(), judgement.distance.end());
        lacking.insert(lacking.end(), judgement.lacking.begin(), judgement.lacking.end());
        for (const std::string& warning : judgement.warnings) text += "  warning: " + warning + "\n";
        if (!judgement.refusal.empty()) text += "  refused: " + judgement.refusal + "\n";
    }
    return fmt::format(
               "Judgement of these figures as tables: {} of {} refused, {} with a warning; 99% of the arms: distance "
               "to "
               "the points less half a step {:.4f}, events lacking {:.4f} of the patients\n",
               n_refused, judgements.size(), n_warned, quantile_99(distance), quantile_99(lacking)) +
           text;
}

}  // namespace hersurv::bench
