#!/usr/bin/env python3
"""Writes families_precise.csv: values of every distribution to 50 digits with mpmath, in the tails and at extreme shapes too.

Usage: tests/reference/families_precise.py > tests/reference/families_precise.csv

Parameters and arguments are the doubles nearest to the decimals in the file; a value is rounded to 17 significant digits. The
formulas are those of the textbooks: 60 digits make up for what they lose in cancellation.
"""

import mpmath as mp

mp.mp.dps = 60


# Above this shape mpmath's own series gives up.
LARGE_SHAPE = 1000


def large_lower(a, u):
    """P(a, u) by DLMF 8.7.1, u <= a."""
    term = total = mp.mpf(1)
    n = 0
    while term > mp.eps * total:
        n += 1
        term *= u / (a + n)
        total += term
    return mp.exp(a * mp.log(u) - u - mp.loggamma(a + 1)) * total


def large_upper(a, u):
    """Q(a, u) by the continued fraction DLMF 8.9.2, u > a."""
    b = u + 1 - a
    numerator_before, numerator = mp.mpf(0), mp.mpf(1)
    denominator_before, denominator = mp.mpf(1), b
    n, value, before = 0, numerator / denominator, mp.mpf(0)
    while abs(value - before) > mp.eps * value:
        n += 1
        b += 2
        factor = -n * (n - a)
        numerator_before, numerator = numerator, b * numerator + factor * numerator_before
        denominator_before, denominator = denominator, b * denominator + factor * denominator_before
        before, value = value, numerator / denominator
    return mp.exp(a * mp.log(u) - u - mp.loggamma(a)) * value


def gamma_upper(a, u):
    """Regularised upper incomplete gamma function."""
    if a < LARGE_SHAPE:
        return mp.gammainc(a, u, mp.inf, regularized=True)
    return large_upper(a, u) if u > a else 1 - large_lower(a, u)


def gamma_lower(a, u):
    if a < LARGE_SHAPE:
        return mp.gammainc(a, 0, u, regularized=True)
    return large_lower(a, u) if u <= a else 1 - large_upper(a, u)


def log_of_one_minus(p):
    return mp.log1p(-p) if p < mp.mpf("0.5") else mp.log(1 - p)


def gamma_log_survival(a, u):
    lower = gamma_lower(a, u)
    return mp.log1p(-lower) if lower < mp.mpf("0.5") else mp.log(gamma_upper(a, u))


def exponential(rate):
    return dict(
        log_survival=lambda t: -rate * t,
        log_density=lambda t: mp.log(rate) - rate * t,
        rmst=lambda t: (1 - mp.exp(-rate * t)) / rate,
        time_at=lambda h: h / rate,
    )


def weibull(shape, scale):
    return dict(
        log_survival=lambda t: -((t / scale) ** shape),
        log_density=lambda t: mp.log(shape / scale) + (shape - 1) * mp.log(t / scale) - (t / scale) ** shape,
        rmst=lambda t: scale * mp.gamma(1 + 1 / shape) * gamma_lower(1 / shape, (t / scale) ** shape),
        time_at=lambda h: scale * h ** (1 / shape),
    )


def gompertz(shape, rate):
    def log_survival(t):
        return -rate * t if shape == 0 else -rate / shape * mp.expm1(shape * t)

    def rmst(t):
        if shape == 0:
            return -mp.expm1(-rate * t) / rate
        ratio = rate / shape
        # E1 of a negative argument has the imaginary part -pi on both ends.
        return mp.re(mp.exp(ratio) / shape * (mp.e1(ratio) - mp.e1(ratio * mp.exp(shape * t))))

    return dict(
        log_survival=log_survival,
        log_density=lambda t: mp.log(rate) + shape * t + log_survival(t),
        rmst=rmst,
        time_at=lambda h: h / rate if shape == 0 else mp.log1p(shape * h / rate) / shape,
    )


def normal_log_upper(w):
    lower = mp.erfc(-w / mp.sqrt(2)) / 2
    return mp.log1p(-lower) if lower < mp.mpf("0.5") else mp.log(mp.erfc(w / mp.sqrt(2)) / 2)


def lognormal(meanlog, sdlog):
    def w(t):
        return (mp.log(t) - meanlog) / sdlog

    def rmst(t):
        later = mp.exp(meanlog + sdlog**2 / 2) * mp.erfc(-(w(t) - sdlog) / mp.sqrt(2)) / 2
        return later + t * mp.exp(normal_log_upper(w(t)))

    return dict(
        log_survival=lambda t: normal_log_upper(w(t)),
        log_density=lambda t: -w(t) ** 2 / 2 - mp.log(2 * mp.pi) / 2 - mp.log(sdlog * t),
        rmst=rmst,
        time_at=None,
    )


def loglogistic(shape, scale):
    return dict(
        log_survival=lambda t: -mp.log1p((t / scale) ** shape),
        log_density=lambda t: mp.log(shape / scale)
        + (shape - 1) * mp.log(t / scale)
        - 2 * mp.log1p((t / scale) ** shape),
        rmst=lambda t: t * mp.hyp2f1(1, 1 / shape, 1 + 1 / shape, -((t / scale) ** shape)),
        time_at=lambda h: scale * mp.expm1(h) ** (1 / shape),
    )


def gamma(shape, rate):
    return dict(
        log_survival=lambda t: gamma_log_survival(shape, rate * t),
        log_density=lambda t: shape * mp.log(rate) + (shape - 1) * mp.log(t) - rate * t - mp.loggamma(shape),
        rmst=lambda t: t * mp.exp(gamma_log_survival(shape, rate * t)) + shape / rate * gamma_lower(shape + 1, rate * t),
        time_at=None,
    )


def gengamma(mu, sigma, q):
    if q == 0:
        return lognormal(mu, sigma)
    a = 1 / q**2

    def u(t):
        return a * mp.exp(q * (mp.log(t) - mu) / sigma)

    def log_survival(t):
        if q > 0:
            return gamma_log_survival(a, u(t))
        upper = gamma_upper(a, u(t))
        return mp.log1p(-upper) if upper < mp.mpf("0.5") else mp.log(gamma_lower(a, u(t)))

    def log_density(t):
        return mp.log(abs(q) / (sigma * t)) + a * mp.log(u(t)) - u(t) - mp.loggamma(a)

    def rmst(t):
        power = sigma / q
        partial = mp.gammainc(a + power, 0, u(t)) if q > 0 else mp.gammainc(a + power, u(t))
        return t * mp.exp(log_survival(t)) + mp.exp(mu) * a**-power * partial / mp.gamma(a)

    return dict(log_survival=log_survival, log_density=log_density, rmst=rmst, time_at=None)


def cure(uncured):
    """Mixture cure model (Boag 1949): S = c + (1 - c) S0; the share c is the last parameter."""

    def constructor(*parameters):
        share, others = parameters[-1], uncured(*parameters[:-1])

        def log_survival(t):
            dead = (1 - share) * -mp.expm1(others["log_survival"](t))
            return mp.log1p(-dead)

        def time_at(h):
            alive_uncured = (mp.exp(-h) - share) / (1 - share)
            return others["time_at"](-mp.log(alive_uncured)) if alive_uncured > 0 else mp.inf

        return dict(
            log_survival=log_survival,
            log_density=lambda t: mp.log(1 - share) + others["log_density"](t),
            rmst=lambda t: share * t + (1 - share) * others["rmst"](t),
            time_at=time_at if others["time_at"] else None,
        )

    return constructor


# name, constructor, parameter sets, times for survival and hazard, horizons
EVERYDAY = ["1e-9", "0.001", "0.5", "1", "6", "12", "36", "120", "1000", "1e6"]
MILD = ["0.5", "12", "60"]
CASES = [
    ("exponential", exponential, [("0.05",), ("3",), ("1e-6",)], EVERYDAY, ["1e-9", *MILD, "1e6"]),
    (
        "weibull",
        weibull,
        [("1", "10"), ("1.5", "10"), ("0.5", "20"), ("0.05", "10"), ("40", "30"), ("200", "30"), ("0.02", "1e-3")],
        EVERYDAY,
        ["1e-9", *MILD, "29", "31", "1e6"],
    ),
    (
        "gompertz",
        gompertz,
        [("0.03", "0.02"), ("-0.05", "0.04"), ("0", "0.1"), ("1e-12", "0.1"), ("-1e-9", "0.1"), ("2", "1e-12"), ("-3", "0.5")],
        ["1e-9", "0.001", "0.5", "1", "6", "12", "36", "120"],
        ["1e-9", *MILD, "1e4"],
    ),
    (
        "lognormal",
        lognormal,
        [("2.5", "0.8"), ("2.5", "0.05"), ("0", "1"), ("3", "6"), ("-1", "30"), ("4", "0.002")],
        EVERYDAY,
        ["1e-9", *MILD, "54", "1e6"],
    ),
    (
        "loglogistic",
        loglogistic,
        [("1", "10"), ("1.7", "15"), ("0.6", "8"), ("0.03", "8"), ("60", "20"), ("500", "20")],
        EVERYDAY,
        ["1e-9", *MILD, "20.5", "1e6"],
    ),
    (
        "gamma",
        gamma,
        [("1", "0.1"), ("2.3", "0.2"), ("0.4", "0.05"), ("0.01", "0.1"), ("1e-5", "0.02"), ("29.5", "1"), ("30", "1.1"),
         ("80", "4"), ("5000", "100"), ("1e6", "3e4")],
        [*EVERYDAY, "28", "33", "50", "51.5"],
        ["1e-9", *MILD, "1e5"],
    ),
    (
        "gengamma",
        gengamma,
        [("2.5", "0.8", "1"), ("2.5", "0.8", "0.8"), ("2.5", "0.8", "0"), ("2.5", "0.8", "0.3"), ("2.5", "0.8", "-0.7"),
         ("2.5", "1.4", "-2"), ("3", "0.5", "4"), ("2.5", "0.8", "0.18"), ("2.5", "0.8", "-0.18"), ("2.5", "0.8", "0.19"),
         ("2.5", "0.8", "0.01"), ("2.5", "0.8", "-0.003"), ("1", "3", "12"), ("1", "3", "-12"), ("3", "0.02", "1.5")],
        EVERYDAY,
        ["1e-9", *MILD, "500"],
    ),
    ("exponential-cure", cure(exponential), [("0.05", "0.3"), ("0.4", "1e-5"), ("0.02", "0.97")], EVERYDAY, ["1e-9", *MILD, "1e6"]),
    ("weibull-cure", cure(weibull), [("1.5", "10", "0.2"), ("0.6", "20", "1e-7"), ("5", "12", "0.75")], EVERYDAY, ["1e-9", *MILD, "1e6"]),
    ("lognormal-cure", cure(lognormal), [("2.5", "0.8", "0.2"), ("3", "0.3", "1e-6"), ("2", "1.5", "0.6")], EVERYDAY, ["1e-9", *MILD, "1e6"]),
    ("loglogistic-cure", cure(loglogistic), [("1.7", "15", "0.25"), ("4", "10", "1e-6")], EVERYDAY, ["1e-9", *MILD, "1e6"]),
    (
        "gompertz-cure",
        cure(gompertz),
        [("0.03", "0.02", "0.2"), ("-0.05", "0.04", "0.1"), ("0", "0.1", "1e-6")],
        ["1e-9", "0.001", "0.5", "1", "6", "12", "36", "120"],
        ["1e-9", *MILD, "1e4"],
    ),
    ("gamma-cure", cure(gamma), [("2.3", "0.2", "0.2"), ("0.4", "0.05", "1e-6")], EVERYDAY, ["1e-9", *MILD, "1e5"]),
    ("gengamma-cure", cure(gengamma), [("2.5", "0.8", "-0.7", "0.2"), ("2.5", "0.8", "0.3", "1e-6")], EVERYDAY, ["1e-9", *MILD, "500"]),
]
HAZARDS = ["1e-12", "0.001", "0.6931471805599453", "3", "80", "2000"]


def number(text):
    """The double that the library reads, exactly."""
    return mp.mpf(float(text))


def row(family, parameters, quantity, argument, value):
    print(",".join([family, " ".join(parameters), quantity, argument, mp.nstr(value, 17, min_fixed=-5, max_fixed=17)]))


def main():
    print("family,parameters,quantity,argument,value")
    smallest = mp.mpf("1e-300")
    for family, constructor, parameter_sets, times, horizons in CASES:
        for parameters in parameter_sets:
            law = constructor(*map(number, parameters))
            for t in times:
                log_survival = law["log_survival"](number(t))
                # Below or above the doubles there is nothing to compare.
                if smallest < -log_survival < 1 / smallest:
                    row(family, parameters, "log_survival", t, log_survival)
                    # The difference of two numbers of this size must keep its digits.
                    with mp.workdps(mp.mp.dps + max(0, int(mp.log10(-log_survival)))):
                        law_here = constructor(*map(number, parameters))
                        log_hazard = law_here["log_density"](number(t)) - law_here["log_survival"](number(t))
                    row(family, parameters, "log_hazard", t, log_hazard)
            for t in horizons:
                row(family, parameters, "rmst", t, law["rmst"](number(t)))
            for h in HAZARDS:
                if law["time_at"] is None:
                    continue
                time = law["time_at"](number(h))
                if mp.im(time) == 0 and smallest < time < 1 / smallest:
                    row(family, parameters, "time_at_cumulative_hazard", h, time)


if __name__ == "__main__":
    main()
