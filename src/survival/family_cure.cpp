// Mixture cure models: a share of the patients never has the event, the others follow one of the other families.
#include "support/numbers.hpp"
#include "survival/families.hpp"
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace hersurv::survival {

namespace {

template <const Family& (*base)()>
struct Cure {
    static Parameters uncured(Parameters p) { return p.first(p.size() - 1); }
    static double share(Parameters p) { return p.back(); }

    // S = cure + (1 - cure) exp(-H0).
    static double cumulative_hazard(double t, Parameters p) {
        const double cure = share(p), h0 = base().cumulative_hazard(t, uncured(p));
        // Near S = 1 the difference from 1 is what counts.
        if (h0 < 1) return -std::log1p((1 - cure) * std::expm1(-h0));
        const double cured = std::log(cure), others = std::log1p(-cure) - h0;
        const double larger = std::max(cured, others), smaller = std::min(cured, others);
        return -larger - std::log1p(std::exp(smaller - larger));
    }

    // h = (1 - cure) f0 / S.
    static double log_hazard(double t, Parameters p) {
        if (share(p) > 0 && std::isinf(base().cumulative_hazard(t, uncured(p)))) return -infinity;
        const double h0 = base().cumulative_hazard(t, uncured(p));
        if (std::isinf(h0)) return base().log_hazard(t, uncured(p));
        return std::log1p(-share(p)) + base().log_hazard(t, uncured(p)) - h0 + cumulative_hazard(t, p);
    }

    // -log S0 where S = exp(-h).
    static double uncured_cumulative_hazard(double h, double cure) {
        if (cure == 0) return h;
        if (h < 1) {
            const double fallen = std::expm1(-h) / (1 - cure);
            return fallen <= -1 ? infinity : -std::log1p(fallen);
        }
        const double cured_of_alive = std::exp(h + std::log(cure));
        return cured_of_alive >= 1 ? infinity : h - std::log1p(-cured_of_alive) + std::log1p(-cure);
    }

    static double time_at(double h, Parameters p) {
        const double h0 = uncured_cumulative_hazard(h, share(p));
        return std::isinf(h0) && share(p) > 0 ? infinity : time_at_cumulative_hazard(base(), h0, uncured(p));
    }

    static double rmst(double horizon, Parameters p) {
        return share(p) * horizon + (1 - share(p)) * survival::rmst(base(), horizon, uncured(p));
    }

    // Every family is a scale family at a fixed shape coordinate: the time at which the uncured are where S = 1/2 is
    // proportional to their own median.
    static void from_median(double median, double shape, std::span<double> p) {
        const auto others = p.first(p.size() - 1);
        const double h0 = uncured_cumulative_hazard(std::log(2.0), p.back());
        if (std::isfinite(h0)) {
            base().from_median(1, shape, others);
            const double time = survival::time_at_cumulative_hazard(base(), h0, others);
            if (std::isfinite(time)) return base().from_median(median / time, shape, others);
        }
        // The cured, and the plateau of the others, are one half or more: there is no such median.
        std::fill(others.begin(), others.end(), std::numeric_limits<double>::quiet_NaN());
    }

    static double shape_of(Parameters p) { return base().shape_of(uncured(p)); }

    static const Family& family() {
        static const std::string name = std::string(base().name) + "-cure",
                                 title = std::string(base().title) + " mixture cure",
                                 formula = "S(t) = cure + (1 - cure) S0(t); S0: " + std::string(base().formula),
                                 parametrisation = "flexsurvcure (mixture): theta = cure; of the uncured, " +
                                                   std::string(base().parametrisation),
                                 reference = "Boag, J. R. Stat. Soc. B 11 (1949) 15; of the uncured, " +
                                             std::string(base().reference);
        static const std::vector<ParameterInfo> parameters = [] {
            std::vector<ParameterInfo> all(base().parameters.begin(), base().parameters.end());
            all.push_back({"cure", "", "share of patients who never have the event", Domain::share});
            return all;
        }();
        static const Family made{
            .name = name,
            .title = title,
            .formula = formula,
            .parametrisation = parametrisation,
            .reference = reference,
            .parameters = parameters,
            .cumulative_hazard = cumulative_hazard,
            .log_hazard = log_hazard,
            .time_at_cumulative_hazard = time_at,
            .rmst = rmst,
            .from_median = from_median,
            .n_held = base().n_held + 1,
            .shape_name = base().shape_name,
            .shape_of = shape_of,
            .uncured = &base(),
        };
        return made;
    }
};

}  // namespace

std::span<const Family* const> cure_families() {
#define HERSURV_ENTRY(NAME) &Cure<NAME##_family>::family(),
    static const std::array table{HERSURV_FAMILIES(HERSURV_ENTRY)};
#undef HERSURV_ENTRY
    return table;
}

}  // namespace hersurv::survival
