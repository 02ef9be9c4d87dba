// The report of `fit --patients`: families fitted to patients by maximum likelihood, ranked, with their parameters.
#pragma once

#include "hersurv/patients.hpp"

#include "report/names.hpp"
#include <string>
#include <vector>

namespace hersurv::report {

struct LikelihoodReportOptions {
    std::string file;  // as people call it
    fit::Shape shape = fit::Shape::separate;
    double level = 0.95;
};

[[nodiscard]] Report likelihood_report(const patients::PatientTable& table,
                                       const std::vector<patients::FamilyFits>& fits,
                                       const LikelihoodReportOptions& options);

}  // namespace hersurv::report
