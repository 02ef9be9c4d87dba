// Special functions behind intervals and tests (Boost.Math).
#include "survival/special_functions.hpp"

#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/erf.hpp>
#include <boost/math/special_functions/gamma.hpp>

namespace hersurv::survival {

double inverse_erf(double p) { return boost::math::erf_inv(p); }
double inverse_erfc(double p) { return boost::math::erfc_inv(p); }

double incomplete_beta(double a, double b, double x) { return boost::math::ibeta(a, b, x); }
double inverse_incomplete_beta(double a, double b, double p) { return boost::math::ibeta_inv(a, b, p); }
double inverse_incomplete_beta_complement(double a, double b, double p) { return boost::math::ibetac_inv(a, b, p); }

double upper_incomplete_gamma(double a, double x) { return boost::math::gamma_q(a, x); }

}  // namespace hersurv::survival
