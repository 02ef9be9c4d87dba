// Survival distributions: mathematics only.
#pragma once

#include <limits>
#include <span>
#include <string_view>

namespace hersurv::survival {

enum class Domain {
    real,
    positive,
    share,  // 0 <= x < 1
};

struct ParameterInfo {
    std::string_view name;     // as in flexsurv: "shape", "scale", "rate", "meanlog", ...
    std::string_view unit;     // "months", "1/month" or "" (a pure number)
    std::string_view meaning;  // one line
    Domain domain;
};

using Parameters = std::span<const double>;

struct Family {
    std::string_view name;             // "weibull"
    std::string_view title;            // "Weibull", within a sentence
    std::string_view formula;          // "S(t) = exp(-(t/scale)^shape)"
    std::string_view parametrisation;  // how other software names the same numbers (R, SAS, lifelines, Stata)
    std::string_view reference;        // source of the formulas
    std::span<const ParameterInfo> parameters;

    // H(t) = -log S(t) >= 0, non-decreasing; H(0) = 0.
    double (*cumulative_hazard)(double t_months, Parameters parameters);
    // log h(t), h = dH/dt; may be +-infinity at t = 0.
    double (*log_hazard)(double t_months, Parameters parameters);
    // The time at which H(t) = `h`, or +infinity if H stays below it. nullptr: solved numerically.
    double (*time_at_cumulative_hazard)(double h, Parameters parameters);
    // Integral of S from 0 to `horizon_months` > 0, months. nullptr: by quadrature.
    double (*rmst)(double horizon_months, Parameters parameters);
    // Parameters of the member of the family with this median (> 0) and this shape, the family's shape coordinate (see
    // `shape_name`). Writes parameters.size() numbers but the last `n_held`, which it keeps at what `parameters` holds
    // on entry (generalised gamma: q; cure models: the cure share, below 1/2).
    void (*from_median)(double median_months, double shape, std::span<double> parameters);
    std::size_t n_held = 0;
    // The shape coordinate used by priors and starting values, on a scale where any real number is a member of the
    // family: log shape (Weibull, log-logistic, gamma), -log sdlog, ... ; "" for the exponential, which has none
    // (shape_of is 0).
    std::string_view shape_name;
    double (*shape_of)(Parameters parameters);
    // Below this shape coordinate S levels off above one half, and `median_months` is no more than the unit of time.
    double last_shape_with_median = -std::numeric_limits<double>::infinity();
    // Mixture cure models: the family of those who are not cured; its parameters come first, then the cured share.
    const Family* uncured = nullptr;
    // Integral of S from 0 to infinity, months; +infinity if it diverges. nullptr: the family's mean is not known to
    // be finite.
    double (*mean)(Parameters parameters) = nullptr;
};

// THE table of distributions (src/survival/families.cpp).
[[nodiscard]] std::span<const Family* const> families();
// nullptr if there is none of this name.
[[nodiscard]] const Family* find_family(std::string_view name);

// The functions below throw std::domain_error("hersurv::survival::NAME(FAMILY): PARAMETER is VALUE, but must be RULE")
// for a time that is negative or NaN, a parameter outside its domain or not finite, or a wrong number of parameters. t
// = +infinity is allowed.

[[nodiscard]] double cumulative_hazard(const Family&, double t_months, Parameters);
[[nodiscard]] double log_survival(const Family&, double t_months, Parameters);
[[nodiscard]] double survival(const Family&, double t_months, Parameters);
[[nodiscard]] double log_hazard(const Family&, double t_months, Parameters);
[[nodiscard]] double hazard(const Family&, double t_months, Parameters);  // 1/month
[[nodiscard]] double log_density(const Family&, double t_months, Parameters);
[[nodiscard]] double density(const Family&, double t_months, Parameters);  // 1/month
// F^-1(p), p in [0, 1]; +infinity if the distribution never gets there.
[[nodiscard]] double quantile(const Family&, double p, Parameters);
// The t with S(t) = s, s in [0, 1]; accurate for s near 1.
[[nodiscard]] double time_at_survival(const Family&, double s, Parameters);
// The t with H(t) = h, h >= 0; +infinity if H stays below h.
[[nodiscard]] double time_at_cumulative_hazard(const Family&, double h, Parameters);
// Integral of S from 0 to `horizon_months` (finite, >= 0), months; relative error below 1e-10.
[[nodiscard]] double rmst(const Family&, double horizon_months, Parameters);
// Integral of S from 0 to infinity, months; +infinity if it diverges or is not known to be finite.
[[nodiscard]] double mean(const Family&, Parameters);

// `family.from_median` with a finite median > 0 and a finite shape; throws too if double cannot hold the parameters
// (Weibull with log shape -20: the scale is above 1e308).
void from_median(const Family&, double median_months, double shape, std::span<double> parameters);
[[nodiscard]] double shape_of(const Family&, Parameters);

}  // namespace hersurv::survival
