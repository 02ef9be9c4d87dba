// Logits and their inverses against values to 50 digits (tests/reference/mathematics_precise.py).
#include "support/numbers.hpp"

#include <catch2/catch.hpp>

#include "unit/survival/precise.hpp"
#include <cmath>
#include <limits>
#include <map>
#include <string>

using namespace hersurv::support;
namespace test = hersurv::test;

TEST_CASE("logit, expit and log(1 + e^x) are accurate in both tails", "[support][number]") {
    using Function = double (*)(double);
    const std::map<std::string, Function> functions{
        {"logit", [](double p) { return logit(p); }},
        {"expit", expit},
        {"log_one_plus_exp", log_one_plus_exp},
        {"logit_of_complement", [](double q) { return logit(1 - q, q); }},
    };
    int n_values = 0;
    for (const test::PreciseRow& row : test::read_precise()) {
        const auto function = functions.find(row.function);
        if (function == functions.end()) continue;
        ++n_values;
        INFO(row.function << "(" << row.argument << ")");
        // 4 units of the last digit, and below the normal numbers the one that there is.
        const double tolerance = std::max(4 * std::numeric_limits<double>::epsilon() * std::fabs(row.value),
                                          std::numeric_limits<double>::denorm_min());
        CHECK(std::fabs(function->second(row.argument) - row.value) <= tolerance);
    }
    CHECK(n_values == 29);
}

TEST_CASE("logit and expit are inverse to one another, and end at 0 and 1", "[support][number]") {
    for (double x = -700; x <= 700; x += 0.5) {
        const double p = expit(x), q = expit(-x);
        INFO(x);
        CHECK(logit(p, q) == Approx(x).epsilon(1e-14).margin(1e-15));
        CHECK(p + q == Approx(1).epsilon(1e-15));
        CHECK(log_one_plus_exp(x) == Approx(x < 0 ? -std::log1p(-p) : -std::log(q)).epsilon(1e-14).margin(1e-300));
    }
    CHECK(expit(-hersurv::infinity) == 0);
    CHECK(expit(hersurv::infinity) == 1);
    CHECK(expit(-1e6) == 0);
    CHECK(expit(1e6) == 1);
    CHECK(logit(0) == -hersurv::infinity);
    CHECK(logit(1) == hersurv::infinity);
    CHECK(log_one_plus_exp(hersurv::infinity) == hersurv::infinity);
    CHECK(log_one_plus_exp(-hersurv::infinity) == 0);
}
