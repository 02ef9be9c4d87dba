// From the bytes of a picture to its axes and its number-at-risk table. fixtures/make_fixtures.py draws the pictures,
// so that their axes are known.
#include "hersurv/error.hpp"

#include <catch2/catch.hpp>

#include "digitise/calibration.hpp"
#include "digitise/curves.hpp"
#include "digitise/formats.hpp"
#include "digitise/labels/reader.hpp"
#include "digitise/progression.hpp"
#include "digitise/snapping.hpp"
#include "support/file.hpp"
#include <cmath>
#include <string>

namespace {

using namespace hersurv;
using namespace hersurv::digitise;

std::string fixture(const std::string& name) {
    return support::read_file(std::string(HERSURV_SOURCE_DIR) + "/tests/unit/digitise/fixtures/" + name);
}

Drawing read_fixture(const std::string& name) {
    Drawing drawing = read_drawing(fixture(name), name);
    read_raster(drawing);
    return drawing;
}

// The frame of the axes of all figures: 15% to 95% of 520 px, 8% to 62% of 400 px.
constexpr double left = 78, right = 494, top = 32, bottom = 248;

void check_axes(const Axes& axes) {
    CHECK(axes.time.position(0) == Approx(left).margin(0.003 * (right - left)));
    CHECK(axes.time.position(48) == Approx(right).margin(0.003 * (right - left)));
    CHECK(axes.survival.position(0) == Approx(bottom).margin(0.003 * (bottom - top)));
    CHECK(axes.survival.position(1) == Approx(top).margin(0.003 * (bottom - top)));
    CHECK(axes.time.labelled == std::vector<double>{0, 12, 24, 36, 48});
    CHECK(axes.survival.labelled == std::vector<double>{0, 0.25, 0.5, 0.75, 1});
}

}  // namespace

TEST_CASE("axes are read with their unit", "[digitise]") {
    const auto [name, percent, unit] =
        GENERATE(table<std::string, bool, TimeUnit>({{"share.png", false, TimeUnit::months},
                                                     {"share_75.jpg", false, TimeUnit::months},
                                                     {"percent_turned.png", true, TimeUnit::weeks}}));
    CAPTURE(name);
    const Calibration found = calibrate(read_fixture(name), {});
    REQUIRE(found.panels.size() == 1);
    check_axes(found.panels[0]);
    CHECK(found.panels[0].percent == percent);
    CHECK(found.panels[0].unit == unit);
    CHECK(found.panels[0].panel.left == Approx(left).margin(2));
    CHECK(found.panels[0].panel.bottom == Approx(bottom).margin(2));
}

TEST_CASE("a picture that is half as large is read as well", "[digitise]") {
    const Drawing whole = read_drawing(fixture("share.png"), "share.png");
    Raster half{whole.raster->width / 2, whole.raster->height / 2, {}};
    for (int y = 0; y < half.height; ++y)
        for (int x = 0; x < half.width; ++x) {
            const auto mean = [&](auto channel) {
                int sum = 2;
                for (const int dy : {0, 1})
                    for (const int dx : {0, 1}) sum += whole.raster->at(2 * x + dx, 2 * y + dy).*channel;
                return static_cast<std::uint8_t>(sum / 4);
            };
            half.pixels.push_back({mean(&Colour::red), mean(&Colour::green), mean(&Colour::blue)});
        }
    Drawing drawing = drawing_of(std::move(half));
    read_raster(drawing);
    const Calibration found = calibrate(drawing, {});
    // Labels of 4 px: either right or not at all.
    for (const Axes& axes : found.panels) {
        CHECK(axes.time.position(48) == Approx(right / 2).margin(1));
        CHECK(axes.survival.position(1) == Approx(top / 2).margin(1));
    }
    CHECK(found.panels.size() + found.why_not.size() >= 1);
}

TEST_CASE("the number-at-risk table is read below the axes", "[digitise]") {
    const std::string name = GENERATE(as<std::string>(), "share.png", "percent_turned.png");
    const Drawing drawing = read_fixture(name);
    const Calibration found = calibrate(drawing, {});
    REQUIRE(found.panels.size() == 1);
    const auto table = read_at_risk(drawing, found.panels[0]);
    REQUIRE(table);
    CHECK(table->times == std::vector<double>{0, 12, 24, 36, 48});
    REQUIRE(table->rows.size() == 2);
    const std::vector<std::vector<int>> truth = {{413, 287, 151, 62, 7}, {405, 301, 178, 80, 11}};
    int read = 0;
    for (std::size_t row = 0; row < 2; ++row)
        for (std::size_t i = 0; i < 5; ++i)
            if (table->rows[row].numbers[i]) {
                CHECK(*table->rows[row].numbers[i] == truth[row][i]);
                ++read;
            }
    CHECK(read >= 8);
}

TEST_CASE("axes without labels need their values from the user", "[digitise]") {
    const Drawing drawing = read_fixture("no_labels.png");
    const Calibration without = calibrate(drawing, {});
    CHECK(without.panels.empty());
    CHECK_FALSE(without.why_not.empty());
    CalibrationHints hints;
    hints.time = GivenAxis{0, 48, 12};
    hints.survival = GivenAxis{0, 1, 0.25};
    const Calibration by_ticks = calibrate(drawing, hints);
    REQUIRE(by_ticks.panels.size() == 1);
    check_axes(by_ticks.panels[0]);
    hints.box = Box{left, top, right, bottom};
    const Calibration by_box = calibrate(drawing, hints);
    REQUIRE(by_box.panels.size() == 1);
    check_axes(by_box.panels[0]);
}

TEST_CASE("given values go before what the labels seem to be", "[digitise]") {
    CalibrationHints hints;
    hints.time = GivenAxis{0, 4, 1};  // years, written as months
    const Calibration found = calibrate(read_fixture("share.png"), hints);
    REQUIRE(found.panels.size() == 1);
    CHECK(found.panels[0].time.position(4) == Approx(right).margin(1.5));
}

TEST_CASE("labels of a vector file form axes", "[digitise]") {
    Drawing drawing;
    drawing.width = 500, drawing.height = 400;
    const auto add = [&](const std::string& text, double value, double x, double y) {
        Label label;
        label.text = text, label.number = value;
        label.box = {x - 6, y - 5, x + 6, y + 5};
        drawing.labels.push_back(label);
    };
    for (int k = 0; k <= 4; ++k) add(std::to_string(6 * k), 6 * k, 50 + 100 * k, 380);
    for (int k = 0; k <= 5; ++k) add(std::to_string(20 * k), 20 * k, 20, 350 - 60 * k);
    SECTION("as they are") {
        const Calibration found = calibrate(drawing, {});
        REQUIRE(found.panels.size() == 1);
        CHECK(found.panels[0].percent);
        CHECK(found.panels[0].time.position(24) == Approx(450));
        CHECK(found.panels[0].survival.position(1) == Approx(50));
    }
    SECTION("with a number that does not belong to them") {
        add("7", 7, 290, 380);
        const Calibration found = calibrate(drawing, {});
        REQUIRE(found.panels.size() == 1);
        CHECK(found.panels[0].time.position(24) == Approx(450));
    }
    SECTION("not if their steps differ") {
        for (int k = 0; k <= 4; ++k) drawing.labels[static_cast<std::size_t>(k)].number = k * k * k;
        CHECK(calibrate(drawing, {}).panels.empty());
    }
}

TEST_CASE("labels of survival that cannot be read do not cut the panel off", "[digitise]") {
    Drawing drawing;
    drawing.width = 500, drawing.height = 400;
    const auto add = [&](const std::string& text, double value, double x, double y) {
        Label label;
        label.text = text, label.number = value;
        label.box = {x - 6, y - 5, x + 6, y + 5};
        drawing.labels.push_back(label);
    };
    for (int k = 0; k <= 4; ++k) add(std::to_string(6 * k), 6 * k, 50 + 100 * k, 380);
    for (int k = 1; k <= 5; ++k) add(std::to_string(20 * k), 20 * k, 20, 350 - 60 * k);
    const Calibration found = calibrate(drawing, {});
    REQUIRE(found.panels.size() == 1);
    CHECK(found.panels[0].panel.bottom > 350);
    CHECK(found.panels[0].survival.labelled.size() == 6);
    CHECK(found.panels[0].survival.labelled.front() == Approx(0).margin(1e-9));
}

TEST_CASE("given values make no second panel of numbers that do not have them", "[digitise]") {
    Drawing drawing;
    drawing.width = 500, drawing.height = 600;
    const auto add = [&](double value, double x, double y) {
        Label label;
        label.text = std::to_string(std::lround(value)), label.number = value;
        label.box = {x - 6, y - 5, x + 6, y + 5};
        drawing.labels.push_back(label);
    };
    for (int k = 0; k <= 4; ++k) add(6 * k, 50 + 100 * k, 380);
    for (int k = 0; k <= 5; ++k) add(20 * k, 20, 350 - 60 * k);
    // A second time axis below three rows of numbers at risk, whose first are in a column.
    for (int k = 0; k <= 4; ++k) add(6 * k, 50 + 100 * k, 560);
    for (int row = 0; row < 3; ++row) add(137 - row, 20, 420 + 48 * row);
    CalibrationHints hints;
    hints.time = GivenAxis{0, 24, 6}, hints.survival = GivenAxis{0, 100, 20};
    const Calibration found = calibrate(drawing, hints);
    REQUIRE(found.panels.size() == 1);
    CHECK(found.panels[0].survival.position(1) == Approx(50).margin(.5));
}

TEST_CASE("of two rows of strokes that fit labels the nearer one are their ticks", "[digitise]") {
    std::vector<Label> labels(5);
    Progression progression;
    std::vector<AxisStroke> strokes;
    for (int k = 0; k < 5; ++k) {
        const double at = 400 - 80 * k;
        progression.labelled.push_back({.25 * k, at, &labels[k]});
        strokes.push_back({at + .3 + (k == 2 ? .05 : 0), 160, 170});
        strokes.push_back({at + 6, 160, 170});  // what a JPEG leaves beside them
    }
    progression.scale = fit_scale(progression.labelled);
    const Snapped found = snap_to_strokes(progression, strokes, 170, 140, 600, 15);
    REQUIRE(found.snapped);
    CHECK(found.scale.position(0) == Approx(400.3).margin(.1));
}

TEST_CASE("numbers of labels", "[digitise]") {
    const auto [text, value] = GENERATE(table<std::string, double>({{"12", 12},
                                                                    {"0.25", 0.25},
                                                                    {".5", 0.5},
                                                                    {"0,5", 0.5},
                                                                    {"50%", 50},
                                                                    {"1,234", 1234},
                                                                    {"-3", -3},
                                                                    {"0,125", 0.125},
                                                                    {"100", 100}}));
    CAPTURE(text);
    REQUIRE(parse_label_number(text));
    CHECK(parse_label_number(text)->value == Approx(value));
    CHECK(parse_label_number(text)->percent == text.ends_with('%'));
    for (const char* none : {"", "%", "-", ".", "1.", "1.2.3", "007", "12a", "12345678"})
        CHECK_FALSE(parse_label_number(none));
}

TEST_CASE("pictures in rare formats are decoded", "[digitise]") {
    const auto at = [](const std::string& name, int x, int y) {
        return read_drawing(fixture(name), name).raster->at(x, y);
    };
    CHECK(at("grey16.png", 0, 0) == Colour{0, 0, 0});
    CHECK(at("grey16.png", 1, 0).red == Approx(1000 / 257.0).margin(1));
    CHECK(at("grey16.png", 0, 1).red == Approx(40000 / 257.0).margin(1));
    CHECK(at("alpha.png", 0, 0) == Colour{255, 0, 0});
    CHECK(at("alpha.png", 1, 0) == Colour{255, 255, 255});  // transparent red
    CHECK(at("alpha.png", 0, 1) == Colour{127, 127, 127});  // half transparent black
    CHECK(at("palette.png", 0, 0) == Colour{10, 200, 30});
    const Colour red = at("cmyk.jpg", 8, 8);  // full magenta and yellow
    CHECK(red.red > 240);
    CHECK(red.green < 15);
    CHECK(red.blue < 15);
}

TEST_CASE("damaged pictures end in one message", "[digitise]") {
    for (const char* name : {"share.png", "share_75.jpg", "cmyk.jpg"}) {
        const std::string whole = fixture(name);
        for (const double share : {0.02, 0.2, 0.5, 0.9}) {
            CAPTURE(name, share);
            CHECK_THROWS_AS(
                read_drawing(whole.substr(0, static_cast<std::size_t>(share * static_cast<double>(whole.size()))),
                             name),
                support::InputError);
        }
    }
    CHECK_THROWS_AS(read_drawing("", "empty"), support::InputError);
    CHECK_THROWS_AS(read_drawing("time,survival\n0,1\n", "curve.csv"), support::InputError);
}

TEST_CASE("a picture that claims to be huge is refused before it is decoded", "[digitise]") {
    std::string bytes = fixture("share.png");
    // The width stands in bytes 16 to 19, the checksum of the header in 29 to 32; libpng checks it, so it has to fit:
    // that of 100000 x 400 pixels.
    const auto checksum = [](const std::string& data) {
        std::uint32_t crc = 0xffffffffU;
        for (const char c : data) {
            crc ^= static_cast<unsigned char>(c);
            for (int k = 0; k < 8; ++k) crc = (crc >> 1) ^ ((crc & 1U) != 0 ? 0xedb88320U : 0U);
        }
        return crc ^ 0xffffffffU;
    };
    const auto put = [&](std::size_t at, std::uint32_t value) {
        for (int k = 0; k < 4; ++k) bytes[at + static_cast<std::size_t>(k)] = static_cast<char>(value >> (24 - 8 * k));
    };
    put(16, 500000);
    put(29, checksum(bytes.substr(12, 17)));
    CHECK_THROWS_WITH(read_drawing(bytes, "huge.png"), Catch::Contains("megapixels"));
}
