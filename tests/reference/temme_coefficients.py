#!/usr/bin/env python3
"""Writes src/survival/temme_coefficients.hpp: power series of Temme's c_k(eta), DLMF 8.12.7 to 8.12.11, in exact rational arithmetic.

Usage: tests/reference/temme_coefficients.py > src/survival/temme_coefficients.hpp
"""

from fractions import Fraction

SMALLEST_SHAPE = 30  # the expansion is used for a >= SMALLEST_SHAPE and |eta| <= 1
NEGLIGIBLE = Fraction(1, 10**18)  # relative to 1, of a term c_k[n] eta^n a^-k
ROWS = 12
LENGTH = 40 + 2 * ROWS + 2


def ratio_minus_one_over_eta(length):
    """mu / eta as a series in eta, where eta^2 / 2 = mu - log(1 + mu), so that mu' (eta) = eta (1 + mu) / mu."""
    # mu = sum m[i] eta^i, m[1] = 1; mu mu' = eta (1 + mu): solve coefficient by coefficient.
    m = [Fraction(0)] * (length + 2)
    m[1] = Fraction(1)
    for order in range(2, length + 2):
        # coefficient of eta^order in mu mu' is sum m[i] (order + 1 - i) m[order + 1 - i]; on the right it is m[order - 1].
        known = sum(m[i] * (order + 1 - i) * m[order + 1 - i] for i in range(2, order))
        m[order] = (m[order - 1] - known) / (order + 1)
    return m[1 : length + 1]


def reciprocal(series):
    inverse = [1 / series[0]]
    for n in range(1, len(series)):
        inverse.append(-sum(series[i] * inverse[n - i] for i in range(1, n + 1)) / series[0])
    return inverse


def rows():
    # eta / mu = sum r[i] eta^i, hence 1 / mu = 1 / eta + r[1] + r[2] eta + ...
    r = reciprocal(ratio_minus_one_over_eta(LENGTH))
    c = r[1:]  # c_0 = 1 / mu - 1 / eta
    result = [c]
    for _ in range(1, ROWS):
        # c_k = c_{k-1}' / eta + g / mu, where g removes the pole at eta = 0.
        derivative = [(i + 1) * c[i + 1] for i in range(len(c) - 1)]
        g = -derivative[0]
        c = [derivative[i + 1] + g * r[i + 1] for i in range(len(derivative) - 1)]
        result.append(c)
    return result


def main():
    kept = []
    for k, row in enumerate(rows()):
        scale = Fraction(1, SMALLEST_SHAPE**k)
        last = max((n for n in range(min(len(row), 40)) if abs(row[n]) * scale > NEGLIGIBLE), default=-1)
        if last < 0:
            break
        kept.append(row[: last + 1])
    assert len(kept) < ROWS, "raise ROWS"
    longest = max(len(row) for row in kept)
    print("// Power series in eta of the coefficients c_k of Temme's uniform expansion of the incomplete gamma functions")
    print("// (DLMF 8.12.7 to 8.12.11), to 1e-18 for |eta| <= 1 and a >= %d. Written by tests/reference/temme_coefficients.py." % SMALLEST_SHAPE)
    print("#pragma once\n")
    print("namespace hersurv::survival {\n")
    print("inline constexpr double temme_smallest_shape = %d.0;" % SMALLEST_SHAPE)
    print("inline constexpr int temme_rows = %d;" % len(kept))
    print("inline constexpr int temme_lengths[temme_rows] = {%s};" % ", ".join(str(len(row)) for row in kept))
    print("// clang-format off")
    print("inline constexpr double temme_coefficients[temme_rows][%d] = {" % longest)
    for row in kept:
        numbers = ["%.17g" % float(c) for c in row]
        lines = [", ".join(numbers[i : i + 5]) for i in range(0, len(numbers), 5)]
        print("    {" + ",\n     ".join(lines) + "},")
    print("};")
    print("// clang-format on")
    print("\n}  // namespace hersurv::survival")


if __name__ == "__main__":
    main()
