// Curves out of pixels: pictures drawn here come back, and what no picture says is not said.
#include <catch2/catch.hpp>

#include "digitise/certificate.hpp"
#include "digitise/row_matching.hpp"
#include "unit/digitise/drawn_panel.hpp"
#include <random>

namespace {

using namespace hersurv::digitise;
using drawn::PanelPicture;

std::vector<TracedCurve> traced(PanelPicture& picture, const CurveHints& hints = {}) {
    return trace_raster(picture.drawing(), picture.axes(), hints);
}

constexpr double pixel = 1.0 / 400;  // in S

TEST_CASE("a drawn step curve comes back within half a pixel", "[digitise]") {
    const auto steps = drawn::staircase(9, .12);
    for (const double thickness : {1.0, 1.4, 2.0, 3.3, 6.0}) {
        CAPTURE(thickness);
        PanelPicture picture;
        picture.frame();
        picture.curve(steps, 29, drawn::blue, thickness);
        const auto curves = traced(picture);
        REQUIRE(curves.size() == 1);
        for (std::size_t i = 0; i + 1 < steps.size(); ++i) {
            const double middle = (steps[i].time + steps[i + 1].time) / 2;
            CHECK(std::abs(survival_at(curves[0], middle) - steps[i].survival) < .5 * pixel);
        }
        for (std::size_t i = 1; i < steps.size(); ++i) {
            // The time of a drop: where the reading passes the middle of it.
            const double half = (steps[i - 1].survival + steps[i].survival) / 2;
            const auto drop = std::find_if(curves[0].steps.begin(), curves[0].steps.end(),
                                           [&](const Step& step) { return step.survival < half; });
            REQUIRE(drop != curves[0].steps.end());
            CHECK(std::abs(drop->time - steps[i].time) * 20 < .5 + .1 * thickness);
        }
        CHECK(std::abs(curves[0].ends_at - 29) * 20 < 3 + thickness);
        CHECK(certify(curves, picture.axes(), true, nullptr, {})[0].verdict == Verdict::sure);
    }
}

TEST_CASE("curves come in the order of their height, whatever is drawn first", "[digitise]") {
    const auto upper = drawn::staircase(12, .5), lower = drawn::staircase(15, .1, .3);
    for (const bool upper_first : {true, false}) {
        PanelPicture picture;
        if (upper_first) picture.curve(upper, 29, drawn::red);
        picture.curve(lower, 29, drawn::blue);
        if (!upper_first) picture.curve(upper, 29, drawn::red);
        const auto curves = traced(picture);
        REQUIRE(curves.size() == 2);
        CHECK(curves[0].colour.red > 150);
        CHECK(curves[1].colour.red < 60);
        CHECK(drawn::difference(curves[0].steps, upper, 28.5) < .5 * pixel);
        CHECK(drawn::difference(curves[1].steps, lower, 28.5) < .5 * pixel);
    }
}

TEST_CASE("confidence bands are no ink of curves", "[digitise]") {
    const auto upper = drawn::staircase(12, .5), lower = drawn::staircase(15, .25, .3);
    for (const auto& [first, second] :
         {std::pair{drawn::red, drawn::blue}, std::pair{drawn::black, Colour{0x99, 0x99, 0x99}}}) {
        PanelPicture picture;
        picture.frame();
        picture.band(upper, 29, .1, first), picture.band(lower, 29, .1, second);
        picture.curve(upper, 29, first), picture.curve(lower, 29, second);
        const auto curves = traced(picture);
        REQUIRE(curves.size() == 2);
        CHECK(drawn::difference(curves[0].steps, upper, 28.5) < pixel);
        // Grey beside black within bands of both is the hardest: edges of the black line and dark bands are grey, too.
        CHECK(drawn::difference(curves[1].steps, lower, 28.5) < (first == drawn::black ? 2 : 1) * pixel);
    }
}

TEST_CASE("dashes and dots are closed", "[digitise]") {
    const auto upper = drawn::staircase(12, .5), lower = drawn::staircase(15, .1, .3);
    for (const auto& [on, off] : {std::pair{8.0, 6.0}, std::pair{14.0, 6.0}, std::pair{2.0, 5.0}}) {
        CAPTURE(on, off);
        PanelPicture picture;
        picture.curve(upper, 29, drawn::black, 2);
        picture.curve(lower, 29, drawn::black, 2, on, off);
        const auto curves = traced(picture);
        REQUIRE(curves.size() == 2);
        CHECK(drawn::difference(curves[0].steps, upper, 28.5) < pixel);
        CHECK(drawn::difference(curves[1].steps, lower, 28) < 2 * pixel);
        CHECK(curves[1].dash != "solid");
        CHECK(curves[0].dash == "solid");
    }
}

TEST_CASE("two arms of one look are both read, and doubted once they cross", "[digitise]") {
    const auto upper = drawn::staircase(12, .5), lower = drawn::staircase(15, .1, .3);
    PanelPicture apart;
    apart.curve(upper, 29, drawn::black), apart.curve(lower, 29, drawn::black);
    const auto curves = traced(apart);
    REQUIRE(curves.size() == 2);
    CHECK(drawn::difference(curves[0].steps, upper, 28.5) < pixel);
    CHECK(drawn::difference(curves[1].steps, lower, 28.5) < pixel);
    for (const Certificate& one : certify(curves, apart.axes(), true, nullptr, {})) CHECK(one.verdict == Verdict::sure);

    // An early fall to .45 against a steady one that ends lower.
    const std::vector<Step> early{{0, 1}, {2, .8}, {4, .6}, {6, .45}, {20, .42}};
    PanelPicture crossing;
    crossing.curve(early, 29, drawn::black), crossing.curve(drawn::staircase(20, .1), 29, drawn::black);
    const auto crossed = traced(crossing);
    REQUIRE(crossed.size() == 2);
    for (const Certificate& one : certify(crossed, crossing.axes(), true, nullptr, {})) {
        CHECK(one.verdict == Verdict::doubtful);
        REQUIRE_FALSE(one.doubtful_times.empty());
        CHECK(one.doubtful_times[0].from > 6);
    }
}

TEST_CASE("cumulative incidence rises on the page and is read as survival", "[digitise]") {
    const auto steps = drawn::staircase(10, .4);
    std::vector<Step> rising = steps;
    for (Step& step : rising) step.survival = 1 - step.survival;
    PanelPicture picture;
    std::vector<Step> levels = rising;
    // Vertical strokes are drawn from the upper level down.
    for (std::size_t i = 0; i < levels.size(); ++i) {
        const double until = i + 1 < levels.size() ? levels[i + 1].time : 29;
        picture.curve({levels[i]}, until, drawn::blue);
        if (i > 0) {
            const double x = 60 + 20 * levels[i].time;
            picture.fill({x - 1, 440 - 400 * levels[i].survival - 1, x + 1, 440 - 400 * levels[i - 1].survival + 1},
                         drawn::blue);
        }
    }
    CurveHints hints;
    hints.failure = true;
    const auto curves = traced(picture, hints);
    REQUIRE(curves.size() == 1);
    CHECK(drawn::difference(curves[0].steps, steps, 28.5) < pixel);
}

TEST_CASE("a picture of nothing but noise has no curve that is called sure", "[digitise]") {
    for (const unsigned seed : {1U, 2U, 3U}) {
        PanelPicture picture;
        std::mt19937 random(seed);
        for (Colour& one : picture.drawing().raster->pixels) {
            const auto grey = static_cast<std::uint8_t>(random() % (seed == 1 ? 256 : 60) + (seed == 1 ? 0 : 196));
            one = {grey, grey, grey};
        }
        const auto curves = traced(picture);
        for (const Certificate& one : certify(curves, picture.axes(), true, nullptr, {}))
            CHECK(one.verdict != Verdict::sure);
    }
    PanelPicture empty;
    empty.frame();
    CHECK(traced(empty).empty());
}

TEST_CASE("a number of arms that is given is kept", "[digitise]") {
    PanelPicture picture;
    for (const double last : {.6, .35, .1})
        picture.curve(drawn::staircase(12, last, last), 29,
                      last > .5   ? drawn::red
                      : last > .2 ? drawn::blue
                                  : drawn::black);
    CHECK(traced(picture).size() == 3);
    CurveHints hints;
    hints.arms = 2;
    CHECK(traced(picture, hints).size() == 2);
}

TEST_CASE("curves of given colours have the names of their arms, and pass the points that are given", "[digitise]") {
    const auto upper = drawn::staircase(12, .5), lower = drawn::staircase(15, .1, .3);
    PanelPicture picture;
    picture.curve(upper, 29, drawn::red), picture.curve(lower, 29, drawn::blue);
    CurveHints hints;
    hints.colours = {{"new", drawn::blue}};
    auto curves = traced(picture, hints);
    REQUIRE(curves.size() == 1);
    CHECK(curves[0].name == "new");
    CHECK(drawn::difference(curves[0].steps, lower, 28.5) < pixel);
    // A point far from the ink: the reading goes there nevertheless.
    hints.points = {{"new", 15, drawn::value_at(lower, 15) - .1}};
    curves = traced(picture, hints);
    REQUIRE(curves.size() == 1);
    CHECK(survival_at(curves[0], 15.2) < drawn::value_at(lower, 15) - .06);
}

TEST_CASE("a broad light curve beside a thin one is no confidence band", "[digitise]") {
    const auto upper = drawn::staircase(9, .5), lower = drawn::staircase(11, .1, .3);
    PanelPicture picture;
    const Colour salmon{0xF8, 0x76, 0x6D};
    picture.curve(upper, 29, salmon, 8), picture.curve(lower, 29, drawn::black, 2);
    const auto curves = traced(picture);
    REQUIRE(curves.size() == 2);
    CHECK(curves[0].colour.red > 200);
    CHECK(drawn::difference(curves[0].steps, upper, 28.5) < pixel);
    CHECK(drawn::difference(curves[1].steps, lower, 28.5) < pixel);
}

TEST_CASE("a line that starts with the curves but is not read makes them doubtful", "[digitise]") {
    const auto upper = drawn::staircase(12, .5), lower = drawn::staircase(15, .1, .3);
    PanelPicture picture;
    picture.curve(upper, 29, drawn::red), picture.curve(lower, 29, drawn::blue);
    CurveHints one;
    one.arms = 1;
    const auto curves = traced(picture, one);
    REQUIRE(curves.size() == 1);
    CHECK(curves[0].evidence.unread_area > .05);
    CHECK(certify(curves, picture.axes(), true, nullptr, {})[0].verdict == Verdict::doubtful);
    // Both read, nothing is left; and whoever names a colour knows of the other.
    CHECK(traced(picture)[0].evidence.unread_area < .002);
    CurveHints named;
    named.colours = {{"new", drawn::red}};
    const auto chosen = traced(picture, named);
    REQUIRE(chosen.size() == 1);
    CHECK(certify(chosen, picture.axes(), true, nullptr, {})[0].verdict == Verdict::sure);
}

TEST_CASE("a legend and a text that no curve leads to are no lines that were not read", "[digitise]") {
    PanelPicture picture;
    picture.curve(drawn::staircase(12, .2), 29, drawn::blue);
    for (int k = 0; k < 9; ++k) picture.fill({440.0 + 14 * k, 60, 448.0 + 14 * k, 70}, drawn::black);
    picture.fill({400, 64, 430, 66}, drawn::blue);
    const auto curves = traced(picture);
    REQUIRE(curves.size() == 1);
    CHECK(curves[0].evidence.unread_area < .002);
    CHECK(certify(curves, picture.axes(), true, nullptr, {})[0].verdict == Verdict::sure);
}

TEST_CASE("a curve that lies under another does not go on along the line at the median", "[digitise]") {
    // Under the red one for half of its way, below it then.
    std::vector<Step> upper{{0, 1}}, lower;
    for (int i = 1; i <= 28; ++i) upper.push_back({.5 * i, 1 - .02 * i});
    lower = upper;
    upper.push_back({16, .4}), lower.push_back({16, .2});
    PanelPicture picture;
    picture.fill({59, 440, 661, 441}, drawn::black), picture.fill({60, 39, 61, 441}, drawn::black);
    for (int k = 0; k < 60; ++k) picture.fill({60.0 + 10 * k, 239.5, 67.0 + 10 * k, 240.5}, drawn::black, .6);
    picture.curve(lower, 29, drawn::blue, 3), picture.curve(upper, 29, drawn::red, 3);
    const auto curves = traced(picture);
    REQUIRE(curves.size() == 2);
    CHECK(drawn::difference(curves[0].steps, upper, 28.5) < pixel);
    CHECK(drawn::difference(curves[1].steps, lower, 28.5) < 2 * pixel);
}

TEST_CASE("a stretch without ink matters by how far the curve falls within it", "[digitise]") {
    const std::vector<Step> steps{{0, 1}, {5, .9}, {14, .75}, {20, .6}};
    const auto read_without = [&](double from, double to) {
        PanelPicture picture;
        picture.curve(steps, 29, drawn::blue);
        picture.fill({60 + 20 * from, 36, 60 + 20 * to, 439}, drawn::white);
        return traced(picture);
    };
    const auto level = read_without(8, 11);
    REQUIRE(level.size() == 1);
    CHECK(level[0].evidence.blank_area < 1e-6);
    CHECK(certify(level, PanelPicture().axes(), true, nullptr, {})[0].verdict == Verdict::sure);
    const auto fall = read_without(12.5, 15.5);
    REQUIRE(fall.size() == 1);
    CHECK(fall[0].evidence.blank_area > .01);
    CHECK(certify(fall, PanelPicture().axes(), true, nullptr, {})[0].verdict == Verdict::doubtful);
}

TEST_CASE("numbers at risk above the survivors are a reason to doubt", "[digitise]") {
    TracedCurve curve;
    curve.steps = {{0, 1}, {6, .5}};
    curve.ends_at = 12;
    AtRiskTable table;
    table.times = {0, 3, 9};
    Axes axes;
    table.rows = {{"", {100, 90, 45}, {}, {}}};
    CHECK(certify({curve}, axes, false, &table, {0})[0].verdict == Verdict::sure);
    table.rows = {{"", {100, 90, 60}, {}, {}}};
    CHECK(certify({curve}, axes, false, &table, {0})[0].verdict == Verdict::doubtful);
    CHECK(certify({curve}, axes, false, nullptr, {})[0].verdict == Verdict::sure);
}

TEST_CASE("a curve that ends at a legend and continues behind it is doubtful", "[digitise]") {
    constexpr Colour red{220, 30, 30}, blue{30, 60, 200};
    const std::vector<Step> falling = {{0, 1},   {4, .85},  {8, .7},   {12, .6}, {16, .5},
                                       {18, .4}, {22, .25}, {26, .18}, {28, .1}};
    const auto verdict = [&](bool legend_hides, bool sample) {
        PanelPicture picture;
        picture.curve({{0, 1}, {3, .7}, {6, .5}, {9, .3}, {12, .2}}, 14, blue);
        picture.curve({falling.begin(), legend_hides ? falling.end() : falling.begin() + 5}, legend_hides ? 30 : 17,
                      red);
        if (legend_hides) picture.fill({60 + 20 * 16.5, 60, 60 + 20 * 24.0, 430}, drawn::white);
        // The sample of a legend in the corner below.
        if (sample) picture.fill({600, 420, 640, 422}, red);
        const auto curves = trace_raster(picture.drawing(), picture.axes(), {});
        REQUIRE(curves.size() == 2);
        return certify(curves, picture.axes(), true, nullptr, {})[0].verdict;
    };
    CHECK(verdict(false, false) == Verdict::sure);
    CHECK(verdict(false, true) == Verdict::sure);
    CHECK(verdict(true, false) == Verdict::doubtful);
}

TEST_CASE("patients at risk beyond the end of a curve are a reason to doubt", "[digitise]") {
    TracedCurve curve;
    curve.steps = {{0, 1}, {6, .5}};
    curve.ends_at = 12;
    AtRiskTable table;
    table.times = {0, 6, 12, 18};
    Axes axes;
    const auto verdict = [&](std::vector<std::optional<int>> numbers) {
        table.rows = {{"", {numbers.begin(), numbers.end()}, {}, {}}};
        return certify({curve}, axes, false, &table, {0})[0].verdict;
    };
    CHECK(verdict({100, 40, 20, 0}) == Verdict::sure);
    CHECK(verdict({100, 40, 20, std::nullopt}) == Verdict::sure);
    CHECK(verdict({100, 40, 20, 1}) == Verdict::doubtful);
    // The last label stands where the axis ends, and the curve with it.
    curve.ends_at = 17.9;
    CHECK(verdict({100, 40, 20, 9}) == Verdict::sure);
}

TEST_CASE("rows of the number-at-risk table go to the curve they do not contradict", "[digitise]") {
    TracedCurve high, low;
    high.steps = {{0, 1}, {6, .9}}, low.steps = {{0, 1}, {6, .3}};
    high.ends_at = low.ends_at = 12;
    AtRiskTable table;
    table.times = {0, 9};
    table.rows = {{"", {100, 20}, {}, {}}, {"", {100, 80}, {}, {}}};
    const auto rows = match_rows({high, low}, table, false);
    CHECK(rows[0] == 1U);
    CHECK(rows[1] == 0U);
    table.rows[1].numbers[1] = 25;  // fits both
    CHECK_FALSE(match_rows({high, low}, table, false)[0]);
    table.rows[0].name = "A", table.rows[1].name = "B", high.name = "a", low.name = "b";
    CHECK(match_rows({high, low}, table, false)[0] == 0U);
}

TEST_CASE("names of rows may be cut off or misread", "[digitise]") {
    CHECK(likeness("controI", "control") > .9);
    CHECK(likeness("folfiri.be", "folfiri_bevacizumab") > .6);
    CHECK(likeness("ct", "necitumumab_ct") == 0);
    CHECK(likeness("", "control") == 0);
}

TEST_CASE("a number at risk that two others contradict is left out", "[digitise]") {
    TracedCurve curve;
    curve.steps = {{0, 1}, {6, .5}};
    curve.ends_at = 20;
    AtRiskRow row{"", {100, 33, 49, 48}, {}, {}};
    leave_out_contradictions(curve, false, {0, 3, 9, 12}, row);
    CHECK(row.numbers[0] == 100);
    CHECK_FALSE(row.numbers[1]);
    CHECK(row.numbers[2] == 49);
}

}  // namespace
