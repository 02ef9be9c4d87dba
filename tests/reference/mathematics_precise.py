#!/usr/bin/env python3
"""Writes mathematics_precise.csv: roots of the functions of tests/unit/survival/solve_test.cpp and values of logit and its like, to 50 digits with mpmath.

Usage: tests/reference/mathematics_precise.py > tests/reference/mathematics_precise.csv

Arguments are the doubles nearest to the decimals in the file; a value is rounded to 17 significant digits.
"""

import mpmath as mp

mp.mp.dps = 60


def number(text):
    return mp.mpf(float(text))


def log_odds(p):
    return mp.log(p / (1 - p))


# name: the root, with the argument of the family of functions that the name stands for.
ROOTS = {
    "cubic": (["2", "1e-9"], lambda c: mp.cbrt(c)),  # x^3 = c
    "omega": (["1", "1e-6", "20"], lambda c: mp.lambertw(c).real),  # x e^x = c
    "weibull": (["0.999", "0.5", "1e-6"], lambda s: 25 * (-mp.log(s)) ** (1 / mp.mpf("2.5"))),  # exp(-(t / 25)^2.5) = S
    "lognormal": (["0.999", "0.9", "1e-6"], lambda s: mp.exp(3 + mp.mpf("0.75") * mp.sqrt(2) * mp.erfinv(1 - 2 * s))),
    "steep": (["0.5", "-0.25"], lambda c: number("0.1") + mp.atanh(c) / 10**8),  # tanh(1e8 (x - 0.1)) = c
    "soon": (["1e-9", "1e-3"], lambda p: -mp.log1p(-p)),  # 1 - exp(-t) = p
}
VALUES = {
    "logit": (["1e-300", "1e-9", "0.001", "0.25", "0.75", "0.999", "0.999999999"], log_odds),
    "expit": (["-740", "-720", "-40", "-1", "-1e-9", "0", "0.5", "3", "36"], lambda x: mp.exp(x) / (1 + mp.exp(x))),
    "log_one_plus_exp": (["-740", "-40", "-1", "0", "1e-9", "2", "37", "710", "1e6"], lambda x: mp.log1p(mp.exp(x))),
    "logit_of_complement": (["1e-300", "1e-20", "1e-9", "0.3"], lambda q: log_odds(1 - q) if q > 1e-50 else -mp.log(q)),
    # Integral of G dF, rate 1 and G = a / (a + t): a e^a E1(a).
    "exponential_followed": (["0.1", "1", "5"], lambda a: a * mp.exp(a) * mp.e1(a)),
}

print("function,argument,value")
for table in ROOTS, VALUES:
    for name, (arguments, value) in table.items():
        for argument in arguments:
            print(f"{name},{argument},{mp.nstr(value(number(argument)), 17)}")
