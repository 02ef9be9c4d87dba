// Starts of the search: a member of the family that is exponential or nearly so, members that bend either way where the
// likelihood may have several maxima, and the maxima of families that this one contains.
#include "patients/likelihood_starts.hpp"

#include "patients/likelihood_maximum.hpp"
#include "support/numbers.hpp"
#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>

namespace hersurv::patients {
namespace {

using survival::CensoredTime;
using survival::Domain;
using survival::Family;
using survival::ParameterInfo;
using Coordinates = std::vector<double>;

// By how much a coordinate grows if times do: 1 of a log time, -1 of a log rate.
int time_exponent(const ParameterInfo& info) {
    if (info.name == "meanlog" || info.name == "mu") return 1;
    if (info.domain != Domain::positive || info.unit.empty()) return 0;
    return info.unit == "months" ? 1 : -1;
}

const double log_median = std::log(std::numbers::ln2);  // of the exponential of rate 1

// The generalised gamma with the coordinates of another family that it contains: Weibull, log-normal, gamma.
std::optional<Coordinates> as_gengamma(std::string_view name, const std::optional<Coordinates>& of) {
    if (!of) return of;
    const double first = (*of)[0], second = (*of)[1];
    if (name == "weibull") return Coordinates{second, -first, 1};
    if (name == "lognormal") return Coordinates{first, second, 0};
    return Coordinates{first - second, -first / 2, std::exp(-first / 2)};
}

std::vector<Coordinates> starts_of_gengamma(const MaximumOf& maximum_of, const std::string& ending) {
    std::vector<Coordinates> starts;
    for (const std::string name : {"weibull", "lognormal", "gamma"})
        if (auto start = as_gengamma(name, maximum_of(*survival::find_family(name + ending)))) {
            if (!ending.empty()) start->push_back(maximum_of(*survival::find_family(name + ending))->back());
            starts.push_back(*start);
            // Tails beyond those of the log-normal and the Weibull.
            if (name == "gamma") continue;
            start->at(2) = name == "lognormal" ? -1 : 2;
            starts.push_back(*start);
        }
    return starts;
}

// Members of a family that is not a cure model.
std::vector<Coordinates> starts_of_members(const Family& family, double last_time) {
    if (family.name == "gengamma") return {{0, 0, 2}, {log_median, 0, -0.5}};
    if (family.name == "gompertz") return {{0, 0}, {2 / last_time, 0}, {-2 / last_time, 0}};
    if (family.name == "lognormal") return {{log_median, 0}};
    if (family.name == "loglogistic") return {{0, log_median}};
    return {Coordinates(family.parameters.size(), 0)};
}

// Kaplan & Meier's estimate at the end.
double last_survival(std::span<const CensoredTime> times) {
    double at_risk = 0, survival = 1;
    for (const CensoredTime& at : times) at_risk += at.n_events + at.n_censored;
    for (const CensoredTime& at : times) {
        survival *= 1 - at.n_events / at_risk;
        at_risk -= at.n_events + at.n_censored;
    }
    return survival;
}

}  // namespace

std::size_t location_of(const Family& family) {
    const auto found =
        std::ranges::find_if(family.parameters, [](const ParameterInfo& info) { return time_exponent(info) != 0; });
    return static_cast<std::size_t>(found - family.parameters.begin());
}

double stretch_slope(const ParameterInfo& info, double log_factor) {
    return info.domain == Domain::real && info.unit == "1/month" ? std::exp(-log_factor) : 1;
}

void stretch_time(const Family& family, std::span<double> coordinates, double log_factor) {
    for (std::size_t i = 0; i < coordinates.size(); ++i) {
        const ParameterInfo& info = family.parameters[i];
        coordinates[i] = coordinates[i] * stretch_slope(info, log_factor) + time_exponent(info) * log_factor;
    }
}

std::vector<Coordinates> starts_of(const Family& family, std::span<const CensoredTime> times,
                                   const MaximumOf& maximum_of) {
    const double last_time = times.back().time_months;
    std::vector<Coordinates> starts;
    if (family.uncured == nullptr) {
        starts = starts_of_members(family, last_time);
        if (family.name == "gengamma")
            for (Coordinates& start : starts_of_gengamma(maximum_of, "")) starts.push_back(std::move(start));
        return starts;
    }
    const Family& uncured = *family.uncured;
    const auto add = [&](Coordinates others, double coordinate_of_share) {
        others.push_back(coordinate_of_share);
        starts.push_back(std::move(others));
    };
    // Nobody, or nearly nobody, is cured.
    if (const auto others = maximum_of(uncured))
        for (const double share : {nobody_cured, support::logit(0.02)}) add(*others, share);
    // Those who are left at the end are cured: the others have their events early.
    double n_events = 0, time_of_events = 0;
    for (const CensoredTime& at : times) {
        n_events += at.n_events;
        time_of_events += at.n_events * at.time_months;
    }
    const double left = last_survival(times);
    if (uncured.name == "gengamma")
        for (Coordinates& start : starts_of_gengamma(maximum_of, "-cure")) starts.push_back(std::move(start));
    for (Coordinates& others : starts_of_members(uncured, last_time)) {
        stretch_time(uncured, others, std::log(time_of_events / n_events));
        for (const double share : {0.5 * left, 0.95 * left}) add(others, support::logit(std::max(share, 0.01)));
    }
    return starts;
}

}  // namespace hersurv::patients
