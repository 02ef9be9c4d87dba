// Log density and log survival of every family as functions of its parameters, differentiated automatically. The
// formulas are those of the family files; what is new is written beside it.
#include "survival/log_likelihood.hpp"

#include <boost/math/special_functions/digamma.hpp>
#include <boost/math/special_functions/trigamma.hpp>

#include "support/numbers.hpp"
#include "survival/jet.hpp"
#include "survival/tail_functions.hpp"
#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>

namespace hersurv::survival {

namespace {

const double log_root_two_pi = 0.5 * std::log(2 * std::numbers::pi);

Slopes log_one_plus_exp_slopes(double x) {
    const double p = support::expit(x);
    return {support::log_one_plus_exp(x), p, p * support::expit(-x)};
}

// (e^x - 1) / x and its derivatives: near 0 the sum of x^n / (n + 1)!.
Slopes relative_growth(double x) {
    if (std::fabs(x) < 1) {
        Slopes sum{0, 0, 0};
        double coefficient = 1;       // 1 / (n + 1)!
        double power[3] = {1, 0, 0};  // x^n, x^(n - 1), x^(n - 2)
        for (int n = 0; n < 20; ++n) {
            sum.value += coefficient * power[0];
            sum.first += n * coefficient * power[1];
            sum.second += n * (n - 1) * coefficient * power[2];
            coefficient /= n + 2;
            power[2] = power[1];
            power[1] = power[0];
            power[0] *= x;
        }
        return sum;
    }
    const double growth = std::expm1(x) / x, first = (std::exp(x) - growth) / x;
    return {growth, first, (std::exp(x) - 2 * first) / x};
}

// (e^x - 1 - x) / x^2 and its derivatives: near 0 the sum of x^n / (n + 2)!.
Slopes relative_excess(double x) {
    if (std::fabs(x) < 1) {
        Slopes sum{0, 0, 0};
        double coefficient = 0.5;     // 1 / (n + 2)!
        double power[3] = {1, 0, 0};  // x^n, x^(n - 1), x^(n - 2)
        for (int n = 0; n < 20; ++n) {
            sum.value += coefficient * power[0];
            sum.first += n * coefficient * power[1];
            sum.second += n * (n - 1) * coefficient * power[2];
            coefficient /= n + 3;
            power[2] = power[1];
            power[1] = power[0];
            power[0] *= x;
        }
        return sum;
    }
    const Slopes growth = relative_growth(x);
    const double excess = exponential_excess(x) / x / x, first = (growth.value - 2 * excess) / x;
    return {excess, first, (growth.first - 3 * first) / x};
}

// log_stirling_remainder(1 / q^2) as a function of q: even, and smooth through 0 (DLMF 5.11.1), its derivatives beyond
// the series from digamma and trigamma (DLMF 5.2.2, 5.15.1).
Slopes stirling_slopes(double q) {
    const double value = q == 0 ? 0 : log_stirling_remainder(1 / q / q);
    constexpr double series_below = 0.3;
    if (std::fabs(q) < series_below) {
        constexpr double series[] = {1.0 / 12,   -1.0 / 360,      1.0 / 1260, -1.0 / 1680,
                                     1.0 / 1188, -691.0 / 360360, 1.0 / 156,  -3617.0 / 122400};
        double first = 0, second = 0, power = 1;  // q^(4 k)
        for (int k = 0; k < 8; ++k, power *= q * q * q * q) {
            const int exponent = 4 * k + 2;
            first += series[k] * exponent * power * q;
            second += series[k] * exponent * (exponent - 1) * power;
        }
        return {value, first, second};
    }
    const double a = 1 / q / q, by_q = -2 * a / q, by_q_twice = 6 * a * a;
    const double first = boost::math::digamma(a) + 0.5 / a - std::log(a),
                 second = boost::math::trigamma(a) - 0.5 / a / a - 1 / a;
    return {value, first * by_q, second * by_q * by_q + first * by_q_twice};
}

// Log density of the standardised log time w of the generalised gamma (Prentice 1974): with a = 1 / q^2 it is
// -log sqrt(2 pi) - (Stirling remainder of a) - a (e^(q w) - 1 - q w), which is smooth through q = 0.
PartialSlopes log_density_of_w(double w, double q, const Slopes& remainder) {
    const double x = q * w, square = w * w;
    const Slopes excess = relative_excess(x), growth = relative_growth(x);
    return {-log_root_two_pi - remainder.value - square * excess.value,
            -w * growth.value,
            -remainder.first - square * w * excess.first,
            -std::exp(x),
            -square * growth.first,
            -remainder.second - square * square * excess.second};
}

// Log survival of w, given its derivatives by q; those by w follow from the density: dS/dw = -f.
PartialSlopes log_survival_of_w(const PartialSlopes& log_density, const Slopes& by_q) {
    const double hazard = std::exp(log_density.value - by_q.value);
    return {by_q.value, -hazard, by_q.first, -hazard * (log_density.x + hazard), -hazard * (log_density.y - by_q.first),
            by_q.second};
}

// Each family: made from its coordinates, asked for log f and log S at the times. `N` may count parameters of a
// surrounding cure model.

template <std::size_t N>
class ExponentialTerms {
  public:
    static constexpr std::size_t n_parameters = 1;
    ExponentialTerms(std::span<const CensoredTime> /*times*/, const std::array<Jet<N>, N>& p, Precision /*precision*/)
        : log_rate_(p[0]), rate_(exp(p[0])) {}
    [[nodiscard]] Jet<N> log_density(const CensoredTime& at) const { return log_rate_ - rate_ * at.time_months; }
    [[nodiscard]] Jet<N> log_survival(const CensoredTime& at, std::size_t /*index*/) const {
        return rate_ * -at.time_months;
    }

  private:
    Jet<N> log_rate_, rate_;
};

template <std::size_t N>
class WeibullTerms {
  public:
    static constexpr std::size_t n_parameters = 2;
    WeibullTerms(std::span<const CensoredTime> /*times*/, const std::array<Jet<N>, N>& p, Precision /*precision*/)
        : log_shape_(p[0]), shape_(exp(p[0])), log_scale_(p[1]) {}
    [[nodiscard]] Jet<N> log_density(const CensoredTime& at) const {
        const Jet<N> z = log_hazard(at);
        return log_shape_ + z - exp(z) - at.log_time;
    }
    [[nodiscard]] Jet<N> log_survival(const CensoredTime& at, std::size_t /*index*/) const {
        return -exp(log_hazard(at));
    }

  private:
    // Of the cumulative hazard.
    [[nodiscard]] Jet<N> log_hazard(const CensoredTime& at) const { return shape_ * (at.log_time - log_scale_); }
    Jet<N> log_shape_, shape_, log_scale_;
};

template <std::size_t N>
class LogLogisticTerms {
  public:
    static constexpr std::size_t n_parameters = 2;
    LogLogisticTerms(std::span<const CensoredTime> /*times*/, const std::array<Jet<N>, N>& p, Precision /*precision*/)
        : log_shape_(p[0]), shape_(exp(p[0])), log_scale_(p[1]) {}
    [[nodiscard]] Jet<N> log_density(const CensoredTime& at) const {
        const Jet<N> z = logit_of_failure(at);
        return log_shape_ + z - 2 * Jet<N>::of(z, log_one_plus_exp_slopes(z.value)) - at.log_time;
    }
    [[nodiscard]] Jet<N> log_survival(const CensoredTime& at, std::size_t /*index*/) const {
        const Jet<N> z = logit_of_failure(at);
        return -Jet<N>::of(z, log_one_plus_exp_slopes(z.value));
    }

  private:
    [[nodiscard]] Jet<N> logit_of_failure(const CensoredTime& at) const { return shape_ * (at.log_time - log_scale_); }
    Jet<N> log_shape_, shape_, log_scale_;
};

template <std::size_t N>
class LogNormalTerms {
  public:
    static constexpr std::size_t n_parameters = 2;
    LogNormalTerms(std::span<const CensoredTime> /*times*/, const std::array<Jet<N>, N>& p, Precision /*precision*/)
        : mean_(p[0]), log_sd_(p[1]), inverse_sd_(exp(-p[1])) {}
    [[nodiscard]] Jet<N> log_density(const CensoredTime& at) const {
        const Jet<N> w = standardised(at);
        return w * w * -0.5 - log_sd_ - (log_root_two_pi + at.log_time);
    }
    [[nodiscard]] Jet<N> log_survival(const CensoredTime& at, std::size_t /*index*/) const {
        const Jet<N> w = standardised(at);
        const double log_s = -minus_log_upper(normal_tail(w.value));
        const double hazard = std::exp(-0.5 * w.value * w.value - log_root_two_pi - log_s);
        return Jet<N>::of(w, {log_s, -hazard, -hazard * (hazard - w.value)});
    }

  private:
    [[nodiscard]] Jet<N> standardised(const CensoredTime& at) const { return (at.log_time - mean_) * inverse_sd_; }
    Jet<N> mean_, log_sd_, inverse_sd_;
};

template <std::size_t N>
class GompertzTerms {
  public:
    static constexpr std::size_t n_parameters = 2;
    GompertzTerms(std::span<const CensoredTime> /*times*/, const std::array<Jet<N>, N>& p, Precision /*precision*/)
        : shape_(p[0]), log_rate_(p[1]), rate_(exp(p[1])) {}
    [[nodiscard]] Jet<N> log_density(const CensoredTime& at) const {
        return log_rate_ + shape_ * at.time_months + log_survival(at, 0);
    }
    [[nodiscard]] Jet<N> log_survival(const CensoredTime& at, std::size_t /*index*/) const {
        const Jet<N> x = shape_ * at.time_months;
        return rate_ * Jet<N>::of(x, relative_growth(x.value)) * -at.time_months;
    }

  private:
    Jet<N> shape_, log_rate_, rate_;
};

// Log S has no closed derivative by q: differences of order 8 (search: 4) of the tail, which is accurate to the last
// digits, in q alone (Fornberg 1988, Math. Comp. 51:699, table 1). One after the other in q, since each q costs a gamma
// function.
std::vector<Slopes> log_survival_by_q(std::span<const CensoredTime> times, double mean, double sd, double q,
                                      Precision precision) {
    static constexpr double first_of_8[] = {4.0 / 5, -1.0 / 5, 4.0 / 105, -1.0 / 280},
                            second_of_8[] = {8.0 / 5, -1.0 / 5, 8.0 / 315, -1.0 / 560};
    static constexpr double first_of_4[] = {2.0 / 3, -1.0 / 12}, second_of_4[] = {4.0 / 3, -1.0 / 12};
    const bool full = precision == Precision::full;
    const std::span<const double> first = full ? std::span<const double>(first_of_8) : first_of_4,
                                  second = full ? std::span<const double>(second_of_8) : second_of_4;
    const double middle_of_second = full ? -205.0 / 72 : -5.0 / 2;
    const double step = full ? 0.03 : 0.01;
    std::vector<Slopes> slopes(times.size(), Slopes{0, 0, 0});
    const auto for_q = [&](double at_q, const auto& take) {
        for (std::size_t i = 0; i < times.size(); ++i)
            if (times[i].n_censored > 0)
                take(slopes[i], -minus_log_upper(generalised_gamma_tail((times[i].log_time - mean) / sd, at_q)));
    };
    for_q(q, [&](Slopes& at, double log_s) {
        at.value = log_s;
        at.second = middle_of_second * log_s / (step * step);
    });
    for (std::size_t k = 0; k < first.size(); ++k)
        for (const int side : {-1, 1})
            for_q(q + side * static_cast<double>(k + 1) * step, [&](Slopes& at, double log_s) {
                at.first += side * first[k] * log_s / step;
                at.second += second[k] * log_s / (step * step);
            });
    return slopes;
}

// A generalised gamma of which location, scale and q are any functions of the coordinates.
template <std::size_t N>
class PrenticeTerms {
  public:
    PrenticeTerms(std::span<const CensoredTime> times, const Jet<N>& mean, const Jet<N>& log_sd, const Jet<N>& q,
                  Precision precision)
        : mean_(mean),
          log_sd_(log_sd),
          inverse_sd_(exp(-log_sd)),
          q_(q),
          remainder_(stirling_slopes(q.value)),
          by_q_(log_survival_by_q(times, mean.value, std::exp(log_sd.value), q.value, precision)) {}
    [[nodiscard]] Jet<N> log_density(const CensoredTime& at) const {
        const Jet<N> w = standardised(at);
        return Jet<N>::of(w, q_, log_density_of_w(w.value, q_.value, remainder_)) - log_sd_ - at.log_time;
    }
    [[nodiscard]] Jet<N> log_survival(const CensoredTime& at, std::size_t index) const {
        const Jet<N> w = standardised(at);
        return Jet<N>::of(w, q_, log_survival_of_w(log_density_of_w(w.value, q_.value, remainder_), by_q_[index]));
    }

  private:
    [[nodiscard]] Jet<N> standardised(const CensoredTime& at) const { return (at.log_time - mean_) * inverse_sd_; }
    Jet<N> mean_, log_sd_, inverse_sd_, q_;
    Slopes remainder_;
    std::vector<Slopes> by_q_;
};

template <std::size_t N>
class GeneralisedGammaTerms : public PrenticeTerms<N> {
  public:
    static constexpr std::size_t n_parameters = 3;
    GeneralisedGammaTerms(std::span<const CensoredTime> times, const std::array<Jet<N>, N>& p, Precision precision)
        : PrenticeTerms<N>(times, p[0], p[1], p[2], precision) {}
};

// The gamma distribution of shape a and rate b is the generalised one with q = sigma = 1 / sqrt(a), mu = log(a / b).
template <std::size_t N>
class GammaTerms : public PrenticeTerms<N> {
  public:
    static constexpr std::size_t n_parameters = 2;
    GammaTerms(std::span<const CensoredTime> times, const std::array<Jet<N>, N>& p, Precision precision)
        : PrenticeTerms<N>(times, p[0] - p[1], p[0] * -0.5, exp(p[0] * -0.5), precision) {}
};

// S = cure + (1 - cure) S0, f = (1 - cure) f0.
template <template <std::size_t> class Base>
struct Cure {
    template <std::size_t N>
    class Terms {
      public:
        static constexpr std::size_t n_parameters = Base<N>::n_parameters + 1;
        Terms(std::span<const CensoredTime> times, const std::array<Jet<N>, N>& p, Precision precision)
            : uncured_(times, p, precision),
              log_cured_(-Jet<N>::of(-p[N - 1], log_one_plus_exp_slopes(-p[N - 1].value))),
              log_others_(-Jet<N>::of(p[N - 1], log_one_plus_exp_slopes(p[N - 1].value))) {}
        [[nodiscard]] Jet<N> log_density(const CensoredTime& at) const {
            return log_others_ + uncured_.log_density(at);
        }
        [[nodiscard]] Jet<N> log_survival(const CensoredTime& at, std::size_t index) const {
            const Jet<N> others = log_others_ + uncured_.log_survival(at, index);
            const Jet<N> more = others - log_cured_;
            return log_cured_ + Jet<N>::of(more, log_one_plus_exp_slopes(more.value));
        }

      private:
        Base<N> uncured_;
        Jet<N> log_cured_, log_others_;
    };
};

template <template <std::size_t> class Terms, std::size_t N>
LogLikelihood sum_of_terms(std::span<const CensoredTime> times, std::span<const double> coordinates,
                           Precision precision) {
    static_assert(Terms<N>::n_parameters == N && N <= most_parameters);
    std::array<Jet<N>, N> parameters;
    for (std::size_t i = 0; i < N; ++i) parameters[i] = Jet<N>::parameter(i, coordinates[i]);
    const Terms<N> terms(times, parameters, precision);
    Jet<N> sum;
    for (std::size_t i = 0; i < times.size(); ++i) {
        const CensoredTime& at = times[i];
        if (at.n_events > 0) sum.add(terms.log_density(at), at.n_events);
        if (at.n_censored > 0) sum.add(terms.log_survival(at, i), at.n_censored);
    }
    LogLikelihood result;
    result.value = sum.value;
    std::ranges::copy(sum.gradient, result.gradient.begin());
    std::ranges::copy(sum.hessian, result.hessian.begin());
    return result;
}

struct TermsOfFamily {
    std::string_view name;
    LogLikelihood (*sum)(std::span<const CensoredTime>, std::span<const double>, Precision);
};

constexpr TermsOfFamily terms_of_families[] = {
    {"exponential", sum_of_terms<ExponentialTerms, 1>},
    {"weibull", sum_of_terms<WeibullTerms, 2>},
    {"lognormal", sum_of_terms<LogNormalTerms, 2>},
    {"loglogistic", sum_of_terms<LogLogisticTerms, 2>},
    {"gompertz", sum_of_terms<GompertzTerms, 2>},
    {"gamma", sum_of_terms<GammaTerms, 2>},
    {"gengamma", sum_of_terms<GeneralisedGammaTerms, 3>},
    {"exponential-cure", sum_of_terms<Cure<ExponentialTerms>::Terms, 2>},
    {"weibull-cure", sum_of_terms<Cure<WeibullTerms>::Terms, 3>},
    {"lognormal-cure", sum_of_terms<Cure<LogNormalTerms>::Terms, 3>},
    {"loglogistic-cure", sum_of_terms<Cure<LogLogisticTerms>::Terms, 3>},
    {"gompertz-cure", sum_of_terms<Cure<GompertzTerms>::Terms, 3>},
    {"gamma-cure", sum_of_terms<Cure<GammaTerms>::Terms, 3>},
    {"gengamma-cure", sum_of_terms<Cure<GeneralisedGammaTerms>::Terms, 4>},
};

}  // namespace

double to_coordinate(const ParameterInfo& info, double natural) {
    switch (info.domain) {
        case Domain::positive:
            return std::log(natural);
        case Domain::share:
            return support::logit(natural);
        case Domain::real:
            break;
    }
    return natural;
}

double to_natural(const ParameterInfo& info, double coordinate) {
    switch (info.domain) {
        case Domain::positive:
            return std::exp(coordinate);
        case Domain::share:
            return support::expit(coordinate);
        case Domain::real:
            break;
    }
    return coordinate;
}

double natural_slope(const ParameterInfo& info, double coordinate) {
    switch (info.domain) {
        case Domain::positive:
            return std::exp(coordinate);
        case Domain::share:
            return support::expit(coordinate) * support::expit(-coordinate);
        case Domain::real:
            break;
    }
    return 1;
}

std::string coordinate_name(const ParameterInfo& info) {
    std::string name(info.name);
    switch (info.domain) {
        case Domain::positive:
            return "log(" + name + ")";
        case Domain::share:
            return "logit(" + name + ")";
        case Domain::real:
            break;
    }
    return name;
}

LogLikelihood log_likelihood(const Family& family, std::span<const CensoredTime> times,
                             std::span<const double> coordinates, Precision precision) {
    const auto* const terms = std::ranges::find(terms_of_families, family.name, &TermsOfFamily::name);
    if (terms == std::end(terms_of_families) || coordinates.size() != family.parameters.size())
        throw std::domain_error("hersurv::survival::log_likelihood(" + std::string(family.name) +
                                "): no such family with " + std::to_string(coordinates.size()) + " parameters");
    return terms->sum(times, coordinates, precision);
}

}  // namespace hersurv::survival
