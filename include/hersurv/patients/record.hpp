// Patients as a record of the catalogue, so that a digitised curve is evidence like any other.
#pragma once

#include "hersurv/catalogue/records.hpp"
#include "hersurv/patients/reconstruct.hpp"

#include <string>
#include <vector>

namespace hersurv::patients {

// What is known of the trial beside its patients.
struct RecordFrame {
    std::string trial, endpoint, label;
    catalogue::Source source;              // that every number names
    std::vector<catalogue::Arm> arms;      // as the patients' arms
    const catalogue::Trial* of = nullptr;  // design, line and population are copied from it
    std::size_t control = 0;               // the arm that the others are compared with
};

// One analysis: of each arm the number of patients, events, median and follow-up (reverse Kaplan-Meier), and S at even
// times to where 10 patients or 10 % are left; the hazard ratio of each arm against the control.
[[nodiscard]] catalogue::Trial record_of(const std::vector<Arm>& arms, const RecordFrame& frame);

}  // namespace hersurv::patients
