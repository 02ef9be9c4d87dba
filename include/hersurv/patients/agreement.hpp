// How well patients reproduce what they were made from: a digitised curve, numbers at risk, published numbers.
#pragma once

#include "hersurv/patients/cox.hpp"
#include "hersurv/patients/reconstruct.hpp"

#include <optional>
#include <string>

namespace hersurv::patients {

// Of the patients' Kaplan-Meier curve less the points of its arm.
struct PointAgreement {
    double root_mean_square = 0, mean = 0;
    double largest = 0, largest_at_months = 0;  // signed, where its size is largest
};
[[nodiscard]] PointAgreement point_agreement(const KaplanMeier& curve, const DigitisedArm& arm);

// The largest difference of patients less printed number at risk, with its sign; absent where none is printed.
struct AtRiskAgreement {
    long largest = 0;
    double largest_at_months = 0;
};
[[nodiscard]] std::optional<AtRiskAgreement> at_risk_agreement(const KaplanMeier& curve, const DigitisedArm& arm);

// "within 5 %", "within 10 %", "within 20 %", "off by more than 20 %": the classes in which kmdata grades its data sets
// against their papers.
[[nodiscard]] std::string grade(double found, double published);

}  // namespace hersurv::patients
