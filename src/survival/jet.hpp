// Numbers that carry their first and second derivatives with respect to a few parameters: automatic differentiation in
// forward mode (Griewank & Walther, Evaluating Derivatives, 2nd ed. 2008, chapters 3 and 13).
#pragma once

#include <array>
#include <cmath>
#include <cstddef>

namespace hersurv::survival {

// A function of one number, or of two, at a point, with its derivatives there.
struct Slopes {
    double value, first, second;
};
struct PartialSlopes {
    double value, x, y, xx, xy, yy;
};

// Of `N` parameters. The second derivatives are stored once: (i, j) with j <= i at i (i + 1) / 2 + j.
template <std::size_t N>
struct Jet {
    double value = 0;
    std::array<double, N> gradient{};
    std::array<double, N*(N + 1) / 2> hessian{};

    Jet() = default;
    explicit Jet(double constant) : value(constant) {}
    static Jet parameter(std::size_t index, double value) {
        Jet jet(value);
        jet.gradient[index] = 1;
        return jet;
    }

    Jet& operator+=(const Jet& other) { return add(other, 1); }
    Jet& operator-=(const Jet& other) { return add(other, -1); }
    Jet& add(const Jet& other, double times) {
        value += times * other.value;
        for (std::size_t i = 0; i < N; ++i) gradient[i] += times * other.gradient[i];
        for (std::size_t i = 0; i < hessian.size(); ++i) hessian[i] += times * other.hessian[i];
        return *this;
    }
    Jet& operator*=(double times) {
        value *= times;
        for (double& slope : gradient) slope *= times;
        for (double& slope : hessian) slope *= times;
        return *this;
    }

    friend Jet operator+(Jet left, const Jet& right) { return left += right; }
    friend Jet operator-(Jet left, const Jet& right) { return left -= right; }
    friend Jet operator+(Jet left, double right) { return left.shifted(right); }
    friend Jet operator-(Jet left, double right) { return left.shifted(-right); }
    friend Jet operator-(double left, Jet right) { return (right *= -1).shifted(left); }
    friend Jet operator-(Jet jet) { return jet *= -1; }
    friend Jet operator*(Jet left, double right) { return left *= right; }
    friend Jet operator*(double left, Jet right) { return right *= left; }
    friend Jet operator*(const Jet& left, const Jet& right) {
        return of(left, right, {left.value * right.value, right.value, left.value, 0, 1, 0});
    }

    // f(x), with f and its derivatives at x.
    static Jet of(const Jet& x, const Slopes& f) {
        Jet result(f.value);
        std::size_t k = 0;
        for (std::size_t i = 0; i < N; ++i) {
            result.gradient[i] = f.first * x.gradient[i];
            for (std::size_t j = 0; j <= i; ++j, ++k)
                result.hessian[k] = f.first * x.hessian[k] + f.second * x.gradient[i] * x.gradient[j];
        }
        return result;
    }

    // f(x, y).
    static Jet of(const Jet& x, const Jet& y, const PartialSlopes& f) {
        Jet result(f.value);
        std::size_t k = 0;
        for (std::size_t i = 0; i < N; ++i) {
            result.gradient[i] = f.x * x.gradient[i] + f.y * y.gradient[i];
            for (std::size_t j = 0; j <= i; ++j, ++k)
                result.hessian[k] = f.x * x.hessian[k] + f.y * y.hessian[k] + f.xx * x.gradient[i] * x.gradient[j] +
                                    f.xy * (x.gradient[i] * y.gradient[j] + x.gradient[j] * y.gradient[i]) +
                                    f.yy * y.gradient[i] * y.gradient[j];
        }
        return result;
    }

  private:
    Jet& shifted(double by) {
        value += by;
        return *this;
    }
};

template <std::size_t N>
[[nodiscard]] Jet<N> exp(const Jet<N>& x) {
    const double e = std::exp(x.value);
    return Jet<N>::of(x, {e, e, e});
}

}  // namespace hersurv::survival
