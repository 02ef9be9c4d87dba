// The chi-squared distribution of tests, central and not.
#pragma once

namespace hersurv::survival {

// Probability that a chi-squared variable exceeds x >= 0.
[[nodiscard]] double chi_squared_above(double x, double degrees_of_freedom);
// The x that it exceeds with probability p, 0 < p < 1.
[[nodiscard]] double chi_squared_limit(double p, double degrees_of_freedom);
// Probability that one with this noncentrality (>= 0, the sum of the squared means) exceeds x: a Poisson mixture of
// central ones (Johnson, Kotz & Balakrishnan 1995, Continuous Univariate Distributions 2, eq. 29.2).
[[nodiscard]] double noncentral_chi_squared_above(double x, double degrees_of_freedom, double noncentrality);

}  // namespace hersurv::survival
