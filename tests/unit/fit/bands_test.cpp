// Bands of survival curves: no limit rises, and where published numbers contradict one another the band holds both.
#include "hersurv/catalogue.hpp"
#include "hersurv/estimates.hpp"
#include "hersurv/study.hpp"

#include <catch2/catch.hpp>

#include "fit/monotone_limits.hpp"
#include "unit/evidence/records.hpp"
#include <algorithm>
#include <cmath>

namespace catalogue = hersurv::catalogue;
namespace fit = hersurv::fit;
namespace study = hersurv::study;
using fit::Band;
using hersurv::test::Paper;

namespace {

// The largest rise of either limit over an even grid to thrice the supported range.
double largest_rise(const fit::FittedModel& model, std::size_t arm, Band band) {
    constexpr int n_times = 150;
    const double end = 3 * model.arms[arm].supported_months;
    double lower = 1, upper = 1, rise = 0;
    for (int k = 1; k <= n_times; ++k) {
        const auto s = fit::survival_at(model, arm, end * k / n_times, {band, 0.95});
        if (!s.lower || !s.upper) return 0;
        CHECK(*s.lower <= s.value);
        CHECK(s.value <= *s.upper);
        rise = std::max({rise, *s.lower - lower, *s.upper - upper});
        lower = *s.lower;
        upper = *s.upper;
    }
    return rise;
}

}  // namespace

TEST_CASE("no limit of a curve of the catalogue rises", "[fit][bands][numbers]") {
    catalogue::Library library{catalogue::LibraryOptions{}};
    std::vector<study::SelectedAnalysis> selected;
    for (const catalogue::Trial* trial : library.select({}))
        for (const study::SelectedAnalysis& analysis : study::default_analyses(*trial)) selected.push_back(analysis);
    study::FitRequest request;
    request.models = {fit::find_model("flexible"), fit::find_model("weibull")};
    request.automatic = true;
    std::size_t n_curves = 0;
    for (const study::AnalysisFit& fits : study::fit_analyses(selected, request))
        for (const fit::FittedModel& model : fits.models)
            for (std::size_t arm = 0; arm < model.arms.size(); ++arm) {
                if (!model.fitted(arm)) continue;
                ++n_curves;
                for (const Band band : {Band::reconstruction, Band::population}) {
                    INFO(model.evidence->trial << " " << model.evidence->analysis << " arm " << arm << " "
                                               << model.model->name << " " << fit::word(band));
                    CHECK(largest_rise(model, arm, band) < 2e-3);  // within a step of the grid
                }
            }
    CHECK(n_curves > 200);
}

TEST_CASE("limits are tightened to those of other times", "[fit][bands]") {
    const fit::MonotoneLimits limits({{1, 2, 3, 4}});
    // A published number pins the curve at 2 months.
    const auto raw = [](double time) {
        return time == 2 ? std::pair{0.49, 0.51} : std::pair{0.5 - 0.1 * time, 0.6 + 0.05 * time};
    };
    const auto at = [&](double time) { return limits.at(0, time, {}, raw); };
    CHECK(at(1) == std::pair{0.49, 0.65});
    CHECK(at(2) == std::pair{0.49, 0.51});
    CHECK(at(3).second == 0.51);
    CHECK(at(3.5).second == 0.51);
    CHECK(at(9).second == 0.51);
    CHECK(at(1.5).first == 0.49);
    CHECK(at(4).first == Approx(0.1));
}

TEST_CASE("where published points rise the curve is a compromise with a wide band", "[fit][bands]") {
    const auto at = [](const char* at_8, const char* at_12, double time) {
        const auto fitted =
            fit::fit_auto(Paper("OS").arm({"a", "200", "", "30", "10.0", "", "", {{8, at_8}, {12, at_12}}}).shared());
        return fit::survival_at(fitted, 0, time, {});
    };
    for (const double time : {8.0, 12.0}) {
        const auto contradicting = at("0.20", "0.80", time), sound = at("0.61", "0.42", time);
        CHECK(contradicting.value == Approx(0.5).margin(0.15));
        CHECK(*contradicting.upper - *contradicting.lower > 3 * (*sound.upper - *sound.lower));
    }
    CHECK(at("0.20", "0.80", 1).value > 0.9);
    CHECK(at("0.20", "0.80", 30).value < 0.35);
}

TEST_CASE("an unusual curve has a wider band than a usual one", "[fit][bands]") {
    // The same numbers but for the milestones: of a constant hazard, and of the curves that trials usually have.
    const auto width = [](const char* at_12, const char* at_48) {
        const auto fitted = fit::fit_auto(
            Paper("OS").arm({"a", "1000", "", "50", "24.0", "", "", {{12, at_12}, {48, at_48}}}).shared());
        const auto s = fit::survival_at(fitted, 0, 4, {});
        return *s.upper - *s.lower;
    };
    CHECK(width("0.71", "0.25") > 1.3 * width("0.79", "0.22"));
}
