// Laws that hold for every row of the table of distributions: derived functions agree with one another, with numerical
// calculus, with the special cases; nothing is NaN; and every argument outside its domain is refused in the same words.
#include "hersurv/survival.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <random>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using namespace hersurv::survival;

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr std::array extreme_times{0.0, 1e-9, 1e-3, 1.0, 1e3, 1e6};

// Uniform numbers from the engine's bits: the standard fixes the engine, not its distributions.
class Uniform {
  public:
    explicit Uniform(std::uint64_t seed) : engine_(seed) {}
    double between(double low, double high) {
        return low + (high - low) * (static_cast<double>(engine_() >> 11) * 0x1p-53);
    }

  private:
    std::mt19937_64 engine_;
};

struct Member {
    const Family* family;
    std::vector<double> parameters;
    double median;
    double shape;
};

std::string describe(const Member& member) {
    std::ostringstream text;
    text.precision(17);
    text << member.family->name << '(';
    for (std::size_t i = 0; i < member.parameters.size(); ++i) text << (i > 0 ? ", " : "") << member.parameters[i];
    text << "), median " << member.median;
    return text.str();
}

// Members of every family with medians from 0.1 to 300 months; a parameter that from_median leaves alone is random too.
std::vector<Member> random_members(int n_of_each, double widest_shape, std::uint64_t seed) {
    Uniform uniform(seed);
    std::vector<Member> members;
    for (const Family* family : families()) {
        for (int i = 0; i < n_of_each; ++i) {
            Member member{family, std::vector<double>(family->parameters.size()), 0, 0};
            for (std::size_t k = 0; k < member.parameters.size(); ++k)
                member.parameters[k] =
                    family->parameters[k].domain == Domain::share ? uniform.between(0, 0.45) : uniform.between(-3, 3);
            member.median = std::exp(uniform.between(std::log(0.1), std::log(300.0)));
            member.shape = uniform.between(-widest_shape, widest_shape);
            // Where the cured and a plateau of the others are more than one half, fewer are cured.
            while (true) try {
                    from_median(*family, member.median, member.shape, member.parameters);
                    break;
                } catch (const std::domain_error&) {
                    if (family->uncured == nullptr) throw;
                    member.parameters.back() /= 2;
                }
            members.push_back(std::move(member));
        }
    }
    return members;
}

double relative_difference(double a, double b) {
    if (a == b) return 0;
    return std::fabs(a - b) / std::max(std::fabs(a), std::fabs(b));
}

// d log H / d log t: how strongly H answers to t.
double slope_of_log(const Member& member, double t) {
    return t * hazard(*member.family, t, member.parameters) / cumulative_hazard(*member.family, t, member.parameters);
}

// Gauss-Legendre, 5 nodes on each of many panels: nothing that the library uses.
double integrate_survival_between(const Member& member, double from, double to) {
    constexpr std::array nodes{0.0, 0.53846931010568309104, 0.90617984593866399280};
    constexpr std::array weights{0.56888888888888888889, 0.47862867049936646804, 0.23692688505618908751};
    constexpr int n_panels = 4000;
    const double half = (to - from) / n_panels / 2;
    double sum = 0;
    for (int panel = 0; panel < n_panels; ++panel) {
        const double middle = from + (2 * panel + 1) * half;
        for (std::size_t i = 0; i < nodes.size(); ++i) {
            sum += weights[i] * survival(*member.family, middle + nodes[i] * half, member.parameters);
            if (i > 0) sum += weights[i] * survival(*member.family, middle - nodes[i] * half, member.parameters);
        }
    }
    return sum * half;
}

const Family& family_named(const std::string& name) {
    const Family* family = find_family(name);
    REQUIRE(family != nullptr);
    return *family;
}

}  // namespace

TEST_CASE("the table of families is complete and finds each by its name", "[survival]") {
    std::set<std::string_view> names;
    for (const Family* family : families()) {
        INFO(family->name);
        CHECK(names.insert(family->name).second);
        CHECK(find_family(family->name) == family);
        for (const std::string_view text :
             {family->title, family->formula, family->parametrisation, family->reference}) {
            CHECK(!text.empty());
        }
        REQUIRE(!family->parameters.empty());
        for (const ParameterInfo& parameter : family->parameters) {
            CHECK(!parameter.name.empty());
            CHECK(!parameter.meaning.empty());
            const std::set<std::string_view> units{"", "months", "1/month"};
            CHECK(units.count(parameter.unit) == 1);
        }
        CHECK(family->cumulative_hazard != nullptr);
        CHECK(family->log_hazard != nullptr);
        CHECK(family->from_median != nullptr);
        CHECK(family->shape_of != nullptr);
    }
    for (const Family* family : families())
        if (family->uncured == nullptr) CHECK(names.contains(std::string(family->name) + "-cure"));
    CHECK(find_family("Weibull") == nullptr);
    CHECK(find_family("") == nullptr);
}

TEST_CASE("survival, density and hazard say the same in both scales", "[survival][laws]") {
    for (const Member& member : random_members(60, 2.5, 1)) {
        const auto& [family, parameters, median, shape] = member;
        INFO(describe(member));
        std::vector<double> times(extreme_times.begin(), extreme_times.end());
        for (const double factor : {0.01, 0.3, 1.0, 2.0, 10.0}) times.push_back(factor * median);
        for (const double t : times) {
            INFO("t = " << t);
            const double h = cumulative_hazard(*family, t, parameters);
            CHECK(h >= 0);
            CHECK(log_survival(*family, t, parameters) == -h);
            CHECK(relative_difference(survival(*family, t, parameters), std::exp(-h)) < 1e-15);
            const double log_h = log_hazard(*family, t, parameters);
            CHECK(!std::isnan(log_h));
            CHECK(hazard(*family, t, parameters) == std::exp(log_h));
            const double density_here = density(*family, t, parameters);
            CHECK(density_here == std::exp(log_density(*family, t, parameters)));
            const double product = std::exp(log_h) * std::exp(-h);
            if (std::isnormal(product)) CHECK(relative_difference(density_here, product) < 1e-12);
        }
        CHECK(cumulative_hazard(*family, 0, parameters) == 0);
        CHECK(survival(*family, 0, parameters) == 1);
        CHECK(log_density(*family, infinity, parameters) == -infinity);
    }
}

TEST_CASE("the hazard is the derivative of the cumulative hazard", "[survival][laws]") {
    int n_checked = 0;
    for (const Member& member : random_members(60, 2.5, 2)) {
        const auto& [family, parameters, median, shape] = member;
        INFO(describe(member));
        std::vector<double> times(extreme_times.begin() + 1, extreme_times.end());
        for (const double factor : {0.01, 0.3, 0.9, 1.0, 1.1, 2.0, 10.0}) times.push_back(factor * median);
        for (const double t : times) {
            const double h = cumulative_hazard(*family, t, parameters);
            if (!(h > 1e-280 && h < 1e280)) continue;
            const double slope = slope_of_log(member, t);
            // Differences of a plateau, or of a step far below its width, say nothing.
            if (!(slope > 1e-4 && slope < 300)) continue;
            // Nor does the last bend before it.
            if (family->uncured != nullptr && std::exp(-h) < 1.01 * parameters.back()) continue;
            // Five points on log H in log t.
            const double step = 2e-3 / std::max(1.0, slope);
            const auto log_h = [&](double k) {
                return std::log(cumulative_hazard(*member.family, t * std::exp(k * step), member.parameters));
            };
            const double numerical = (log_h(-2) - 8 * log_h(-1) + 8 * log_h(1) - log_h(2)) / (12 * step);
            INFO("t = " << t << ", d log H / d log t = " << slope);
            CHECK(std::fabs(numerical - slope) < 1e-7 * std::max(slope, 1e-3) + 1e-11 / step);
            ++n_checked;
        }
    }
    CHECK(n_checked > 2500);
}

TEST_CASE("survival never rises", "[survival][laws]") {
    for (const Member& member : random_members(40, 3, 3)) {
        const auto& [family, parameters, median, shape] = member;
        INFO(describe(member));
        double before = 0;
        for (double log_t = -40; log_t <= 40; log_t += 0.05) {
            const double h = cumulative_hazard(*family, std::exp(log_t), parameters);
            // Where H is flat it may be out by its rounding, no more.
            if (!(h >= before * (1 - 1e-13)))
                FAIL_CHECK("H falls from " << before << " to " << h << " at t = " << std::exp(log_t));
            before = h;
        }
        const double at_infinity = cumulative_hazard(*family, infinity, parameters);
        CHECK(at_infinity >= before * (1 - 1e-13));
    }
}

TEST_CASE("survival ends at zero, or at the plateau of the cured and of a Gompertz with negative shape",
          "[survival][laws]") {
    for (const Member& member : random_members(40, 3, 4)) {
        const auto& [family, parameters, median, shape] = member;
        INFO(describe(member));
        const double end = survival(*family, infinity, parameters);
        const double cure = family->uncured != nullptr ? parameters.back() : 0;
        const bool levels_off = family->name.starts_with("gompertz") && parameters[0] < 0;
        if (levels_off || cure > 0) {
            const double plateau = levels_off ? std::exp(parameters[1] / parameters[0]) : 0;
            CHECK(relative_difference(end, cure + (1 - cure) * plateau) < 1e-14);
            CHECK(time_at_survival(*family, end * 0.999, parameters) == infinity);
            CHECK(std::isfinite(time_at_survival(*family, end + (1 - end) * 0.001, parameters)));
        } else {
            CHECK(end == 0);
        }
        CHECK(quantile(*family, 0, parameters) == 0);
        CHECK(quantile(*family, 1, parameters) == infinity);
        CHECK(time_at_survival(*family, 1, parameters) == 0);
        CHECK(time_at_survival(*family, 0, parameters) == infinity);
    }
}

TEST_CASE("quantiles invert the distribution", "[survival][laws]") {
    int n_checked = 0;
    for (const Member& member : random_members(60, 2.5, 5)) {
        const auto& [family, parameters, median, shape] = member;
        Family numerical = *family;
        numerical.time_at_cumulative_hazard = nullptr;
        INFO(describe(member));
        std::vector<double> times(extreme_times.begin() + 1, extreme_times.end());
        for (const double factor : {0.01, 0.3, 1.0, 2.0, 10.0}) times.push_back(factor * median);
        for (const double t : times) {
            INFO("t = " << t);
            const double h = cumulative_hazard(*family, t, parameters);
            if (!(h > 1e-290 && h < 1e290)) continue;
            const double slope = slope_of_log(member, t);
            if (!(slope > 1e-6)) continue;  // a plateau: many times have this H
            // A relative error of H is one of t divided by the slope.
            const double tolerance = 1e-12 + 2e-13 / slope;
            CHECK(relative_difference(time_at_cumulative_hazard(*family, h, parameters), t) < tolerance);
            CHECK(relative_difference(time_at_cumulative_hazard(numerical, h, parameters), t) < tolerance);
            const double s = survival(*family, t, parameters);
            // S itself is rounded to 1e-16: how much of H that is, near S = 1, and what a denormal S loses.
            if (s > 1e-300 && h > 1e-6) {
                CHECK(relative_difference(time_at_survival(*family, s, parameters), t) <
                      tolerance + 1e-15 / (h * slope));
                ++n_checked;
            }
        }
        for (int k = 1; k < 64; ++k) {
            const double s = k / 64.0;  // both s and 1 - s are exact
            const double by_survival = time_at_survival(*family, s, parameters);
            const double by_probability = quantile(*family, 1 - s, parameters);
            if (by_survival == infinity || by_probability == infinity) {
                CHECK(by_survival == by_probability);
                continue;
            }
            INFO("s = " << s);
            CHECK(std::fabs(survival(*family, by_survival, parameters) - s) < 1e-12);
            const double conditioning = slope_of_log(member, by_survival) * -std::log(s);
            CHECK(relative_difference(by_survival, by_probability) < 1e-12 + 1e-14 / conditioning);
        }
    }
    CHECK(n_checked > 1000);
}

TEST_CASE("restricted mean survival time is the integral of survival", "[survival][laws]") {
    for (const Member& member : random_members(25, 2, 6)) {
        const auto& [family, parameters, median, shape] = member;
        Family numerical = *family;
        numerical.rmst = nullptr;
        INFO(describe(member));
        CHECK(rmst(*family, 0, parameters) == 0);
        std::vector<double> horizons(extreme_times.begin() + 1, extreme_times.end());
        for (const double factor : {0.1, 0.5, 1.0, 2.0, 8.0}) horizons.push_back(factor * median);
        std::sort(horizons.begin(), horizons.end());
        double before = 0;
        double horizon_before = 0;
        for (const double horizon : horizons) {
            INFO("horizon " << horizon);
            const double value = rmst(*family, horizon, parameters);
            CHECK(value <= horizon);
            CHECK(value >= horizon * survival(*family, horizon, parameters) * (1 - 1e-12));
            CHECK(value >= before * (1 - 1e-12));
            CHECK(value - before <=
                  (horizon - horizon_before) * survival(*family, horizon_before, parameters) + 1e-12 * value);
            CHECK(relative_difference(value, rmst(numerical, horizon, parameters)) < 1e-10);
            before = value;
            horizon_before = horizon;
        }
        for (const double factor : {0.5, 1.0, 2.0}) {
            const double from = factor * median;
            const double to = 2 * from;
            const double later = rmst(*family, to, parameters);
            const double gained = later - rmst(*family, from, parameters);
            INFO("from " << from << " to " << to);
            CHECK(std::fabs(gained - integrate_survival_between(member, from, to)) < 1e-10 * later);
            // Its derivative is S.
            const double step = 1e-4 * from / std::max(1.0, slope_of_log(member, from));
            const double derivative =
                (rmst(*family, from + step, parameters) - rmst(*family, from - step, parameters)) / (2 * step);
            CHECK(std::fabs(derivative - survival(*family, from, parameters)) < 1e-5);
        }
    }
}

TEST_CASE("a member is found by its median and its shape coordinate", "[survival][laws]") {
    for (const Member& member : random_members(200, 3, 7)) {
        const auto& [family, parameters, median, shape] = member;
        INFO(describe(member));
        CHECK(std::fabs(survival(*family, median, parameters) - 0.5) < 1e-12);
        CHECK(relative_difference(time_at_survival(*family, 0.5, parameters), median) < 1e-10);
        const double wanted = family->shape_name.empty() ? 0 : shape;
        CHECK(std::fabs(shape_of(*family, parameters) - wanted) < 1e-12);
    }
    SECTION("the generalised gamma keeps q") {
        std::vector<double> parameters{0, 0, -1.25};
        from_median(family_named("gengamma"), 20, 0.3, parameters);
        CHECK(parameters[2] == -1.25);
    }
    SECTION("a Gompertz whose plateau is at one half or above has no median, but a shape coordinate") {
        const Family& family = family_named("gompertz");
        CHECK(quantile(family, 0.5, std::array{-0.1, 0.05}) == infinity);
        for (const double plateau : {0.4, 0.49, 0.495, 0.505, 0.6, 0.85, 0.98}) {
            const double slope = 0.08, rate = -slope * std::log(plateau);
            const double shape = shape_of(family, std::array{-slope, rate});
            INFO("levels off at " << plateau << ": shape " << shape);
            CHECK((shape < family.last_shape_with_median) == (plateau > 0.4936));
            std::vector<double> parameters(2);
            from_median(family, shape / -slope, shape, parameters);
            CHECK(parameters[0] == Approx(-slope));
            CHECK(parameters[1] == Approx(rate));
        }
    }
    SECTION("what double cannot hold is refused, not returned") {
        std::vector<double> parameters(2);
        CHECK_THROWS_AS(from_median(family_named("weibull"), 20, -20, parameters), std::domain_error);
        CHECK_THROWS_AS(from_median(family_named("gompertz"), 20, 800, parameters), std::domain_error);
        CHECK_THROWS_AS(from_median(family_named("gamma"), 20, -20, parameters), std::domain_error);
    }
}

TEST_CASE("families reduce to one another", "[survival][laws]") {
    struct Reduction {
        std::string general;
        std::vector<double> general_parameters;
        std::string special;
        std::vector<double> special_parameters;
        double tolerance;  // of H, relative
    };
    const double exact = 1e-12;
    std::vector<Reduction> reductions;
    Uniform uniform(8);
    for (int i = 0; i < 20; ++i) {
        const double rate = std::exp(uniform.between(-5, 1));
        const double shape = std::exp(uniform.between(-1.5, 1.5));
        const double scale = std::exp(uniform.between(0, 5));
        const double mu = uniform.between(0, 5);
        const double sigma = std::exp(uniform.between(-2, 1));
        reductions.push_back({"weibull", {1, scale}, "exponential", {1 / scale}, exact});
        reductions.push_back({"gamma", {1, rate}, "exponential", {rate}, exact});
        reductions.push_back({"gompertz", {0, rate}, "exponential", {rate}, exact});
        for (const double sign : {-1.0, 1.0}) {
            reductions.push_back(
                {"gompertz", {sign * 1e-14, rate}, "exponential", {rate}, 1e-9});  // shape t / 2 at t = 1e4
            reductions.push_back({"gengamma", {mu, sigma, sign * 1e-14}, "lognormal", {mu, sigma}, 1e-7});
            reductions.push_back({"gengamma", {mu, sigma, sign * 1e-200}, "lognormal", {mu, sigma}, exact});
        }
        reductions.push_back({"gengamma", {std::log(scale), 1 / shape, 1}, "weibull", {shape, scale}, exact});
        reductions.push_back({"gengamma", {mu, sigma, 0}, "lognormal", {mu, sigma}, exact});
        // q = sigma: gamma with shape 1 / sigma^2 and rate exp(-mu) / sigma^2.
        reductions.push_back(
            {"gengamma", {mu, sigma, sigma}, "gamma", {1 / sigma / sigma, std::exp(-mu) / sigma / sigma}, 1e-11});
    }
    for (const auto& [general, p, special, r, tolerance] : reductions) {
        const Family& one = family_named(general);
        const Family& other = family_named(special);
        INFO(general << " " << Catch::StringMaker<std::vector<double>>::convert(p) << " = " << special << " "
                     << Catch::StringMaker<std::vector<double>>::convert(r));
        CHECK(relative_difference(rmst(one, 24, p), rmst(other, 24, r)) < std::max(tolerance, 1e-10));
        for (const double t : {1e-6, 1e-3, 0.1, 1.0, 5.0, 20.0, 100.0, 1e4}) {
            INFO("t = " << t);
            const double expected = cumulative_hazard(other, t, r);
            if (!std::isnormal(expected) || expected < 1e-280) continue;
            // The rounding of log t - mu, divided by sigma, counts w times: in a tail of 600 nats some hundred times.
            const double tail = std::max(1.0, std::fabs(std::log(expected)));
            CHECK(relative_difference(cumulative_hazard(one, t, p), expected) < tolerance * tail);
            CHECK(std::fabs(log_hazard(one, t, p) - log_hazard(other, t, r)) < tolerance * std::max(10.0, tail));
        }
    }
    SECTION("a Weibull log hazard at the ends is that of the generalised gamma") {
        for (const double shape : {0.5, 1.0, 2.0}) {
            const std::array weibull{shape, 8.0};
            const std::array gengamma{std::log(8.0), 1 / shape, 1.0};
            for (const double t : {0.0, infinity}) {
                const double expected = log_hazard(family_named("weibull"), t, weibull);
                const double found = log_hazard(family_named("gengamma"), t, gengamma);
                INFO("shape " << shape << ", t = " << t << ": " << found << ", Weibull " << expected);
                CHECK((found == expected || std::fabs(found - expected) < 1e-13));
            }
        }
    }
}

TEST_CASE("nothing is NaN at the ends of double", "[survival][laws]") {
    Uniform uniform(9);
    for (const Family* family : families()) {
        for (int i = 0; i < 3000; ++i) {
            Member member{family, {}, 0, 0};
            for (const ParameterInfo& info : family->parameters) {
                const double exponent = uniform.between(-1, 1) * (i % 3 == 0 ? 3 : i % 3 == 1 ? 30 : 290);
                const double size = std::pow(10.0, exponent);
                member.parameters.push_back(info.domain == Domain::share                    ? uniform.between(0, 1)
                                            : info.domain == Domain::positive || i % 2 == 0 ? size
                                                                                            : -size);
            }
            INFO(describe(member));
            const std::array times{0.0,   5e-324,  1e-300,  std::pow(10.0, uniform.between(-10, 10)),
                                   1e300, 1.7e308, infinity};
            double before = 0;
            for (const double t : times) {
                const double h = cumulative_hazard(*family, t, member.parameters);
                const double log_h = log_hazard(*family, t, member.parameters);
                const double log_f = log_density(*family, t, member.parameters);
                if (std::isnan(h) || h < before * (1 - 1e-9) || std::isnan(log_h) || std::isnan(log_f)) {
                    FAIL_CHECK("t = " << t << ": H = " << h << " after " << before << ", log h = " << log_h
                                      << ", log f = " << log_f);
                }
                before = h;
            }
            for (const double h : {5e-324, 1e-300, 1e-16, 1e3, 1e300, infinity}) {
                const double t = time_at_cumulative_hazard(*family, h, member.parameters);
                if (!(t >= 0)) FAIL_CHECK("time at H = " << h << " is " << t);
            }
            const double s = uniform.between(0, 1);
            const double t = time_at_survival(*family, s, member.parameters);
            if (!(t >= 0)) FAIL_CHECK("time at S = " << s << " is " << t);
            if (i % 10 == 0) {
                const double horizon = times[3];
                const double mean = rmst(*family, horizon, member.parameters);
                if (!(mean >= 0 && mean <= horizon)) FAIL_CHECK("rmst to " << horizon << " is " << mean);
            }
        }
    }
}

TEST_CASE("every argument outside its domain is refused in the same words", "[survival][contract]") {
    struct Call {
        std::string name;
        std::function<void(const Family&, double, Parameters)> run;
        std::string argument;
        std::vector<double> bad_arguments;
        std::string rule;
    };
    const std::vector<double> bad_times{-1, -1e-300, -infinity, not_a_number};
    std::vector<Call> calls;
    const auto add_at_time = [&](std::string name, double (*function)(const Family&, double, Parameters)) {
        calls.push_back({std::move(name),
                         [function](const Family& f, double t, Parameters p) { (void)function(f, t, p); }, "t_months",
                         bad_times, "0 or above"});
    };
    add_at_time("cumulative_hazard", cumulative_hazard);
    add_at_time("log_survival", log_survival);
    add_at_time("survival", survival);
    add_at_time("log_hazard", log_hazard);
    add_at_time("hazard", hazard);
    add_at_time("log_density", log_density);
    add_at_time("density", density);
    const auto wrap = [](double (*function)(const Family&, double, Parameters)) {
        return [function](const Family& f, double x, Parameters p) { (void)function(f, x, p); };
    };
    calls.push_back({"quantile", wrap(quantile), "p", {-0.1, 1.1, not_a_number, infinity}, "from 0 to 1"});
    calls.push_back(
        {"time_at_survival", wrap(time_at_survival), "s", {-0.1, 1.1, not_a_number, infinity}, "from 0 to 1"});
    calls.push_back({"time_at_cumulative_hazard",
                     wrap(time_at_cumulative_hazard),
                     "h",
                     {-0.1, not_a_number, -infinity},
                     "0 or above"});
    calls.push_back({"rmst", wrap(rmst), "horizon_months", {-1, not_a_number, infinity}, "finite and 0 or above"});
    calls.push_back({"shape_of", [](const Family& f, double, Parameters p) { (void)shape_of(f, p); }, "", {}, ""});

    const auto text_of = [](double value) -> std::string {
        if (std::isnan(value)) return "nan";
        if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
        std::ostringstream text;
        text << value;
        return text.str();
    };
    const auto message_of = [](const std::function<void()>& run) -> std::string {
        try {
            run();
        } catch (const std::domain_error& error) {
            return error.what();
        }
        return "nothing was thrown";
    };

    for (const Member& member : random_members(1, 1, 10)) {
        const Family& family = *member.family;
        const std::string in_family = "(" + std::string(family.name) + "): ";
        for (const Call& call : calls) {
            const std::string place = "hersurv::survival::" + call.name + in_family;
            CHECK_NOTHROW(call.run(family, 0.5, member.parameters));
            for (const double bad : call.bad_arguments) {
                CHECK(message_of([&] { call.run(family, bad, member.parameters); }) ==
                      place + call.argument + " is " + text_of(bad) + ", but must be " + call.rule);
            }
            for (std::size_t i = 0; i < family.parameters.size(); ++i) {
                const ParameterInfo& info = family.parameters[i];
                std::vector<double> bad_values{not_a_number, infinity, -infinity};
                if (info.domain == Domain::positive) bad_values.insert(bad_values.end(), {0.0, -2.0});
                if (info.domain == Domain::share) bad_values.insert(bad_values.end(), {1.0, -0.1});
                for (const double bad : bad_values) {
                    std::vector<double> parameters = member.parameters;
                    parameters[i] = bad;
                    CHECK(message_of([&] { call.run(family, 0.5, parameters); }) ==
                          place + std::string(info.name) + " is " + text_of(bad) + ", but must be " +
                              (info.domain == Domain::positive ? "finite and above 0"
                               : info.domain == Domain::share  ? "at least 0 and below 1"
                                                               : "finite"));
                }
            }
            std::vector<double> too_many = member.parameters;
            too_many.push_back(1);
            for (const Parameters wrong : {Parameters{}, Parameters{too_many}}) {
                CHECK(message_of([&] { call.run(family, 0.5, wrong); }) ==
                      place + "number of parameters is " + std::to_string(wrong.size()) + ", but must be " +
                          std::to_string(family.parameters.size()));
            }
        }
        std::vector<double> parameters = member.parameters;
        const std::string place = "hersurv::survival::from_median" + in_family;
        for (const double bad : {0.0, -3.0, not_a_number, infinity}) {
            CHECK(message_of([&] { from_median(family, bad, 0, parameters); }) ==
                  place + "median_months is " + text_of(bad) + ", but must be finite and above 0");
        }
        for (const double bad : {not_a_number, infinity, -infinity}) {
            CHECK(message_of([&] { from_median(family, 10, bad, parameters); }) ==
                  place + "shape is " + text_of(bad) + ", but must be finite");
        }
    }
    std::vector<double> held{1, 1, not_a_number};
    CHECK(message_of([&] { from_median(family_named("gengamma"), 10, 0, held); }) ==
          "hersurv::survival::from_median(gengamma): q is nan, but must be finite");
}

TEST_CASE("The mean is the limit of the restricted mean, or infinite", "[survival][laws]") {
    for (const Member& member : random_members(40, 0.6, 1123)) {
        INFO(describe(member));
        const double whole = mean(*member.family, member.parameters);
        REQUIRE(whole > 0);
        if (std::isinf(whole)) {
            // t S(t) does not vanish.
            CHECK(std::log(1e250) - cumulative_hazard(*member.family, 1e250, member.parameters) >
                  std::log(member.median) - 30);
            continue;
        }
        const double horizon = 1e7 * member.median, restricted = rmst(*member.family, horizon, member.parameters);
        CHECK(restricted <= whole * (1 + 1e-9));
        // What is left beyond the horizon is S there times a residual life of a few horizons at most.
        const double left = 1e3 * horizon * survival(*member.family, horizon, member.parameters);
        CHECK(whole <= restricted * (1 + 1e-8) + left);
    }
}

TEST_CASE("Means agree with their formulas", "[survival][laws]") {
    const auto mean_of = [](const char* name, std::vector<double> p) { return mean(*find_family(name), p); };
    CHECK(mean_of("exponential", {0.04}) == Approx(25));
    CHECK(mean_of("weibull", {2, 10}) == Approx(10 * std::sqrt(M_PI) / 2));
    CHECK(mean_of("gamma", {3, 0.2}) == Approx(15));
    CHECK(mean_of("lognormal", {1, 0.5}) == Approx(std::exp(1.125)));
    CHECK(mean_of("loglogistic", {2, 10}) == Approx(10 * M_PI / 2));
    CHECK(mean_of("loglogistic", {1, 10}) == infinity);
    CHECK(mean_of("loglogistic", {0.9, 10}) == infinity);
    // exp(1) E1(1), Abramowitz & Stegun table 5.1.
    CHECK(mean_of("gompertz", {0.1, 0.1}) == Approx(10 * 0.596347362323194));
    CHECK(mean_of("gompertz", {0, 0.1}) == Approx(10));
    CHECK(mean_of("gompertz", {1e-5, 0.1}) == Approx(10).epsilon(2e-4));
    CHECK(mean_of("gompertz", {-0.01, 0.1}) == infinity);
    // The generalised gamma has the Weibull (q = 1), the lognormal (q = 0) and the gamma (q = sigma) as members.
    CHECK(mean_of("gengamma", {std::log(10.0), 0.5, 1}) == Approx(mean_of("weibull", {2, 10})));
    CHECK(mean_of("gengamma", {1, 0.5, 0}) == Approx(mean_of("lognormal", {1, 0.5})));
    CHECK(mean_of("gengamma", {std::log(15.0), 0.5, 0.5}) == Approx(mean_of("gamma", {4, 4.0 / 15})));
    for (const double q : {1e-8, 1e-6, 1e-3, 0.049})
        CHECK(mean_of("gengamma", {1, 0.5, q}) == Approx(mean_of("gengamma", {1, 0.5, -q})).epsilon(q));
    CHECK(mean_of("gengamma", {1, 0.5, 0.04999999}) == Approx(mean_of("gengamma", {1, 0.5, 0.05})).epsilon(1e-8));
    CHECK(mean_of("gengamma", {1, 2, -0.6}) == infinity);
}
