// Root searches against certified roots (tests/reference/mathematics_precise.py), on flat and steep functions,
// functions that jump, and without a root in the bracket.
#include "survival/solve.hpp"

#include <catch2/catch.hpp>

#include "survival/memo.hpp"
#include "unit/survival/precise.hpp"
#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <numbers>
#include <vector>

namespace {

using namespace hersurv::survival;
namespace test = hersurv::test;

constexpr double never = std::numeric_limits<double>::infinity();

// f(x) = target rises from below the target at `lower` to above it at `upper`.
struct Problem {
    std::function<ValueAndSlope(double)> f;
    double target, start, lower, upper;
};

double normal_density(double z) { return std::exp(-0.5 * z * z) / std::sqrt(2 * std::numbers::pi); }

Problem problem_of(const std::string& name, double argument) {
    using Make = std::function<Problem(double)>;
    static const std::map<std::string, Make> problems{
        {"cubic",
         [](double c) {
             return Problem{[](double x) { return ValueAndSlope{x * x * x, 3 * x * x}; }, c, 1, 0, 10};
         }},
        {"omega",
         [](double c) {
             return Problem{[](double x) { return ValueAndSlope{x * std::exp(x), (1 + x) * std::exp(x)}; }, c, 1, 0, 9};
         }},
        {"weibull",
         [](double s) {
             const auto hazard = [](double t) {
                 const double h = std::pow(t / 25, 2.5);
                 return ValueAndSlope{h, 2.5 * h / t};
             };
             return Problem{hazard, -std::log(s), 25, 0, 1000};
         }},
        {"lognormal",
         [](double s) {
             // The smaller of S and 1 - S, so that the function is accurate.
             const double sign = s > 0.5 ? 1 : -1;
             const auto tail = [sign](double t) {
                 const double z = (std::log(t) - 3) / 0.75;
                 return ValueAndSlope{sign * 0.5 * std::erfc(-sign * z / std::numbers::sqrt2),
                                      normal_density(z) / (0.75 * t)};
             };
             return Problem{tail, s > 0.5 ? 1 - s : -s, 20, 0, 10000};
         }},
        {"steep",
         [](double c) {
             const auto wall = [](double x) {
                 const double height = std::tanh(1e8 * (x - 0.1));
                 return ValueAndSlope{height, 1e8 * (1 - height * height)};
             };
             return Problem{wall, c, 0.9, -1, 1};
         }},
        {"soon",
         [](double p) {
             return Problem{[](double t) { return ValueAndSlope{-std::expm1(-t), std::exp(-t)}; }, p, 5, 0, 10};
         }},
    };
    const auto found = problems.find(name);
    return found == problems.end() ? Problem{} : found->second(argument);
}

}  // namespace

TEST_CASE("Root searches find certified roots", "[survival][solve]") {
    int n_roots = 0;
    for (const test::PreciseRow& row : test::read_precise()) {
        const Problem problem = problem_of(row.function, row.argument);
        if (!problem.f) continue;
        ++n_roots;
        INFO(row.function << " of " << row.argument);
        // Relative to the root, or where it is small to the 2 epsilon that the last step is allowed.
        constexpr double epsilon = std::numeric_limits<double>::epsilon();
        const double tolerance = 4 * epsilon * std::max(1.0, row.value) + 8 * epsilon * row.value;
        CHECK(std::fabs(solve_increasing(problem.f, problem.target, problem.start, problem.lower, problem.upper) -
                        row.value) <= tolerance);
        Bracket<double> bracket{problem.lower, problem.upper};
        CHECK(std::fabs(newton(problem.f, problem.target, problem.start, bracket, 1e-14) - row.value) <=
              1e-14 * std::max(1.0, row.value) + tolerance);
        CHECK(bracket.lower <= row.value + tolerance);
        CHECK(bracket.upper >= row.value - tolerance);
        const auto side = [&](double x) { return problem.f(x).value < problem.target ? -1 : 1; };
        const auto halved = bisect(problem.lower, problem.upper, side);
        CHECK(std::nextafter(halved.lower, never) == halved.upper);
        CHECK(std::fabs(halved.lower - row.value) <= 8 * epsilon * row.value);
        const auto miss = [&](double x) { return problem.f(x).value - problem.target; };
        // On the steepest function neighbouring doubles are 1e-9 apart.
        const double near_enough =
            1e-12 * std::max(1.0, std::fabs(problem.target)) + epsilon * row.value * problem.f(row.value).slope;
        const Guess guess = false_position(miss, {problem.lower, miss(problem.lower)},
                                           {problem.upper, miss(problem.upper)}, near_enough, 300);
        CHECK(std::fabs(guess.value) <= near_enough);
        CHECK(guess.value == miss(guess.x));
    }
    CHECK(n_roots == 15);
}

TEST_CASE("Newton's method reaches the root of a flat function and one of infinite slope", "[survival][solve]") {
    const double root = 1.0 / 3;
    const auto flat = [&](double x) { return ValueAndSlope{std::pow(x - root, 9), 9 * std::pow(x - root, 8)}; };
    const auto vertical = [&](double x) {
        const double y = std::cbrt(x - root);
        return ValueAndSlope{y, 1 / (3 * y * y)};
    };
    for (const double start : {-3.0, 0.0, 0.3, 0.5, 3.0}) {
        // A step is a ninth of the distance.
        CHECK(solve_increasing(flat, 0, start, -4, 4) == Approx(root).epsilon(5e-14));
        CHECK(solve_increasing(vertical, 0, start, -4, 4) == Approx(root).epsilon(1e-14));
    }
    // Level but for a jump: every step is a bisection.
    const auto jump = [](double x) { return ValueAndSlope{x < 0.4 ? -1.0 : 1.0, 0}; };
    CHECK(solve_increasing(jump, 0, 0, -1, 1) == Approx(0.4).epsilon(1e-14));
    // An infinite slope is no sign of a root.
    const auto wall = [](double x) { return ValueAndSlope{x, never}; };
    CHECK(solve_increasing(wall, 0.25, 1, -1, 1) == Approx(0.25).epsilon(1e-14));
    // Infinite values.
    const auto log = [](double x) { return ValueAndSlope{std::log(x), 1 / x}; };
    CHECK(solve_increasing(log, -1, 0, 0, 1) == Approx(std::exp(-1.0)).epsilon(1e-14));
}

TEST_CASE("Without a root in the bracket a search gives the end beyond which it lies", "[survival][solve]") {
    const auto line = [](double x) { return ValueAndSlope{x, 1}; };
    CHECK(solve_increasing(line, 7, 0.3, -1, 2) == 2);
    CHECK(solve_increasing(line, -7, 0.3, -1, 2) == -1);
    CHECK(solve_increasing(line, 2, 0.3, -1, 2) == 2);
    CHECK(solve_increasing(line, -1, 0.3, -1, 2) == -1);
    for (const double target : {7.0, -7.0}) {
        Bracket<double> bracket{-1, 2};
        CHECK(newton(line, target, 0.3, bracket, 1e-12) == Approx(target > 0 ? 2 : -1).epsilon(1e-11));
    }
    const auto always = [](int which) { return [which](double) { return which; }; };
    const auto above = bisect(1.0, 2.0, always(-1)), below = bisect(1.0, 2.0, always(1));
    CHECK((above.upper == 2 && above.lower == std::nextafter(2.0, 0.0)));
    CHECK((below.lower == 1 && below.upper == std::nextafter(1.0, 2.0)));
    CHECK(bisect(1.0, 2.0, always(1), 3).upper == 1.125);
    int asked = 0;
    const auto positive = [&](double) { return ++asked, 1.0; };
    const Guess end = false_position(positive, {0, 3}, {1, 2}, 0.5, 10);
    CHECK((end.x == 1 && end.value == 2 && asked == 0));
}

TEST_CASE("Rounding at the root does not lead Newton's method away from it", "[survival][solve]") {
    // The error of f makes steps of nothing, or to either side.
    for (const double error : {1e-17, 3e-16}) {
        int asked = 0;
        const auto rough = [&](double x) {
            ++asked;
            return ValueAndSlope{(x - 0.7) + (asked % 2 == 0 ? error : -error), 1};
        };
        for (const double start : {-0.9, 0.0, 0.5, 0.69999999, 0.9}) {
            asked = 0;
            Bracket<double> bracket{-1, 1};
            CHECK(newton(rough, 0, start, bracket, 1e-14) == Approx(0.7).epsilon(2e-15));
            CHECK(asked <= 3);
        }
    }
}

TEST_CASE("Bisection finds where whole numbers change sides, and stops where it is told to", "[survival][solve]") {
    for (int wanted = 0; wanted <= 40; ++wanted) {
        int asked = 0;
        const auto side = [&](int i) { return ++asked, i < wanted ? -1 : 1; };
        const auto found = bisect(-1, 40, side);
        CHECK(found.upper == wanted);
        CHECK(found.lower == wanted - 1);
        CHECK(asked <= 6);
    }
    int asked = 0;
    const auto exact = [&](int i) { return ++asked, i - 19; };
    const auto found = bisect(-1, 40, exact);
    CHECK((found.lower == 19 && found.upper == 19 && asked == 1));
    // From the upper end down.
    const auto falling = bisect(8.0, 1.0, [](double x) { return x > std::numbers::e ? -1 : 1; });
    CHECK(falling.upper <= std::numbers::e);
    CHECK(falling.lower > std::numbers::e);
    CHECK(falling.lower == std::nextafter(falling.upper, 3.0));
}

TEST_CASE("The narrowing search finds changes of sign in few evaluations, jumps and flats included",
          "[survival][solve]") {
    int asked = 0;
    const auto search = [&](const std::function<double(double)>& f, double below, double above, double narrowest) {
        asked = 0;
        const auto counted = [&](double x) { return ++asked, f(x); };
        return narrow(counted, {below, f(below)}, {above, f(above)}, narrowest);
    };
    const auto cosine = search([](double x) { return x - std::cos(x); }, 0, 1, 1e-13);
    CHECK(cosine.middle() == Approx(0.7390851332151607).epsilon(1e-13));
    // The eighth guess is the root itself; the other end follows at once.
    CHECK(asked < 12);
    // The root of Wallis, of 1685.
    CHECK(search([](double x) { return x * x * x - 2 * x - 5; }, 0, 100, 1e-13).middle() ==
          Approx(2.0945514815423265).epsilon(1e-13));
    CHECK(asked < 40);
    // The larger end may be the negative one.
    CHECK(search([](double x) { return std::exp(-x) - 0.5; }, 50, 0, 1e-12).middle() ==
          Approx(std::numbers::ln2).epsilon(1e-11));
    // A jump, ends of infinite values, and a flat stretch at zero: its first point counts.
    for (const auto& [f, at] : std::vector<std::pair<std::function<double(double)>, double>>{
             {[](double x) { return x < 0.37 ? -1.0 : 5.0; }, 0.37},
             {[](double x) { return x < 0.001 ? -never
                                    : x > 0.9 ? never
                                              : x - 0.25; }, 0.25},
             {[](double x) { return x < 0.4   ? x - 0.4
                                    : x < 0.6 ? 0.0
                                              : x - 0.6; }, 0.4}}) {
        const auto place = search(f, 0, 1, 1e-12);
        CHECK(place.lower < at);
        CHECK(place.upper >= at);
        CHECK(place.upper - place.lower <= 1e-12);
        // Hardly more than bisection.
        CHECK(asked <= 42);
    }
    // Without a change of sign: the end beyond which it lies.
    CHECK(search([](double x) { return x - 2; }, 0, 1, 1e-12).upper == 1);
    CHECK(search([](double x) { return x + 2; }, 0, 1, 1e-12).lower == 0);
}

TEST_CASE("False position finds the level of a function that jumps, from infinite ends too", "[survival][solve]") {
    int asked = 0;
    const auto steps = [&](double x) { return ++asked, std::floor(20 * x) - 7; };
    const Guess level = false_position(steps, {0, -never}, {1, never}, 0.25, 60);
    CHECK(level.value == 0);
    CHECK((level.x >= 0.35 && level.x < 0.4));
    // No level is near enough: the jump is closed in on.
    asked = 0;
    const auto jump = [&](double x) { return ++asked, x < 0.37 ? -1.0 : 5.0; };
    const Guess beside = false_position(jump, {0, -1}, {1, 5}, 0.25, 200, 1e-9);
    CHECK(beside.x == Approx(0.37).margin(1e-8));
    CHECK(asked < 100);
    // An end that stays where it is: without its bisections false position takes thousands of steps here.
    asked = 0;
    const auto bent = [&](double x) { return ++asked, std::pow(x, 20) - 1e-3; };
    CHECK(std::fabs(false_position(bent, {0, -1e-3}, {3, bent(3)}, 1e-12, 300).value) <= 1e-12);
    CHECK(asked < 120);
    // Falling functions alike.
    const auto falling = [](double x) { return 2 - x * x; };
    CHECK(false_position(falling, {0, 2}, {5, -23}, 1e-13, 100).x == Approx(std::numbers::sqrt2).epsilon(1e-12));
    // The end itself may be near enough.
    CHECK(false_position(falling, {0, 2}, {1.5, -0.25}, 0.3, 100).x == 1.5);
}

TEST_CASE("what was worked out lately is not worked out again, and is never another number's", "[survival][solve]") {
    int asked = 0;
    const auto square = [&](double x) { return ++asked, x * x; };
    Memo memo;
    for (int round = 0; round < 3; ++round)
        for (const double x : {0.5, -0.5, 0.0, 1e-300, 1e300}) CHECK(memo(x, square) == x * x);
    CHECK(asked == 5);
    // More numbers than there is room for, and neighbours that differ in the last bit.
    double x = 1;
    for (int i = 0; i < 2000; ++i, x = std::nextafter(x, 2.0)) CHECK(memo(x, square) == x * x);
    for (int i = 0; i < 2000; ++i) CHECK(memo(0.001 * i, square) == 0.001 * i * (0.001 * i));
    CHECK(std::isnan(memo(std::nan(""), square)));
    CHECK(std::isnan(memo(std::nan(""), square)));
}
