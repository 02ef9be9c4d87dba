// Differences between patients and what they were made from.
#include "hersurv/patients.hpp"

#include <array>
#include <cmath>

namespace hersurv::patients {

PointAgreement point_agreement(const KaplanMeier& curve, const DigitisedArm& arm) {
    PointAgreement agreement;
    const auto n = static_cast<double>(arm.clicks.size());
    for (const Click& click : arm.clicks) {
        const double difference = curve.survival(click.time_months) - click.survival;
        agreement.mean += difference / n;
        agreement.root_mean_square += difference * difference / n;
        if (std::abs(difference) > std::abs(agreement.largest)) {
            agreement.largest = difference;
            agreement.largest_at_months = click.time_months;
        }
    }
    agreement.root_mean_square = std::sqrt(agreement.root_mean_square);
    return agreement;
}

std::optional<AtRiskAgreement> at_risk_agreement(const KaplanMeier& curve, const DigitisedArm& arm) {
    if (arm.at_risk.empty()) return std::nullopt;
    AtRiskAgreement agreement;
    for (const AtRisk& row : arm.at_risk) {
        const long difference = static_cast<long>(curve.n_at_risk(row.time_months)) - static_cast<long>(row.n_patients);
        if (std::abs(difference) > std::abs(agreement.largest)) agreement = {difference, row.time_months};
    }
    return agreement;
}

std::string grade(double found, double published) {
    const double off = std::abs(found / published - 1);
    constexpr std::array classes = {5, 10, 20};  // percent
    for (const int percent : classes)
        if (off <= percent / 100.0) return "within " + std::to_string(percent) + "%";
    return "off by more than " + std::to_string(classes.back()) + "%";
}

}  // namespace hersurv::patients
