// Cox's proportional-hazards model of two arms: the hazard ratio of one binary covariate.
#pragma once

#include "hersurv/patients/kaplan_meier.hpp"

#include <string_view>

namespace hersurv::patients {

enum class CoxStatus {
    estimated,
    without_limit_below,  // every event of the experimental arm is after the last control: the hazard ratio runs to 0
    without_limit_above,  // the same of the control arm: it runs to infinity
    no_information,       // no event while both arms are at risk
};

struct CoxFit {
    CoxStatus status = CoxStatus::no_information;
    // Of experimental v control; 0 and not to be shown unless estimated.
    double log_hr = 0, se_log_hr = 0;
    [[nodiscard]] bool estimated() const { return status == CoxStatus::estimated; }
    [[nodiscard]] double hazard_ratio() const;
    [[nodiscard]] Limits limits(double level = 0.95) const;  // Wald
};

// Cox 1972, J R Stat Soc B 34:187; ties by Efron 1977, J Am Stat Assoc 72:557. Newton's method with halved steps on the
// concave log partial likelihood. A likelihood without a maximum is a status.
[[nodiscard]] CoxFit cox(const KaplanMeier& control, const KaplanMeier& experimental);

[[nodiscard]] std::string_view describe(CoxStatus status);

}  // namespace hersurv::patients
