// The layout of figures: widths of texts, sizes of the sheet and of its type, captions, panels.
#include "hersurv/error.hpp"

#include <catch2/catch.hpp>

#include "render/figure.hpp"
#include "render/figure_formats/svg_sheet.hpp"

using namespace hersurv::render;

namespace {

CurvesChart falling_chart(const std::string& name) {
    CurvesChart chart;
    chart.title = name;
    chart.x = {"Months", 0, 10, false, {{0, "0"}, {5, "5"}, {10, "10"}}};
    chart.y = {"OS (%)", 0, 1, false, {{0, "0"}, {1, "100"}}};
    Line line;
    line.name = name;
    line.vertices = {{0, 1, std::nullopt}, {6, 0.4, std::nullopt}};
    line.supported_to = 6;
    chart.lines = {line};
    chart.rows_title = "Number at risk";
    chart.rows = {{name, 0, {"10", "5", ""}}};
    return chart;
}

Figure falling_figure(const std::string& name) {
    Figure figure;
    figure.title = "Title";
    figure.description = "Survival.";
    figure.short_caption = {"Short line."};
    figure.caption = {"Long paragraph."};
    figure.chart = falling_chart(name);
    return figure;
}

std::string svg_of(const Figure& figure) { return find_figure_format("svg")->render(figure, {}); }

std::string view_box(const std::string& svg) {
    const std::size_t start = svg.find("viewBox=\"") + 9;
    return svg.substr(start, svg.find('"', start) - start);
}

bool shows(const std::string& svg, const std::string& text) { return svg.find(">" + text + "</text>") != svg.npos; }

}  // namespace

TEST_CASE("texts are as wide as in Helvetica", "[figure]") {
    // Adobe's Helvetica.afm and Helvetica-Bold.afm.
    CHECK(text_width("Hello", 1) == Approx(0.722 + 0.556 + 0.222 + 0.222 + 0.556));
    CHECK(text_width("Hello", 10, true) == Approx(10 * (0.722 + 0.556 + 0.278 + 0.278 + 0.611)));
    CHECK(text_width("\xc3\xa9\xe2\x80\x93", 1) == Approx(0.556 + 0.556));  // e acute, en dash
    CHECK(text_width("\xe4\xb8\xad", 1) == 1);
    CHECK(text_width("", 1) == 0);
}

TEST_CASE("a text that is too wide is shortened to what fits", "[figure]") {
    const std::string text = "a long name of an arm";
    CHECK(shortened_to_width(text, 10, text_width(text, 10)) == text);
    const std::string shorter = shortened_to_width(text, 10, 50);
    CHECK(text_width(shorter, 10) <= 50);
    CHECK(shorter.ends_with("\xe2\x80\xa6"));
    CHECK(text.starts_with(shorter.substr(0, shorter.size() - 3)));
    CHECK(shorter.size() > 6);
}

TEST_CASE("a box is crossed by the lines that go through it", "[figure]") {
    const svg::Box box{2, 2, 4, 4};
    CHECK(box.crossed_by({0, 0}, {6, 6}));
    CHECK(box.crossed_by({3, 0}, {3, 9}));
    CHECK(box.crossed_by({2.5, 2.5}, {3, 3}));
    CHECK_FALSE(box.crossed_by({0, 0}, {1.9, 1.9}));
    CHECK_FALSE(box.crossed_by({0, 5}, {6, 4.5}));
    CHECK_FALSE(box.crossed_by({5, 0}, {5, 9}));
    CHECK_FALSE(box.crossed_by({0, 4}, {2, 6.1}));
}

TEST_CASE("a figure has the size that is asked for, and its type another", "[figure]") {
    Figure figure = falling_figure("A");
    CHECK(view_box(svg_of(figure)) == "0 0 504 360");
    figure.width_cm = 25.4;
    figure.height_cm = 12.7;
    CHECK(view_box(svg_of(figure)) == "0 0 720 360");
    CHECK(svg_of(figure).find("font-size=\"9\"") != std::string::npos);
    figure.type_points = 14;
    CHECK(view_box(svg_of(figure)) == "0 0 720 360");
    CHECK(svg_of(figure).find("font-size=\"14\"") != std::string::npos);
}

TEST_CASE("a figure that is too small for its content is refused", "[figure]") {
    for (const bool narrow : {true, false}) {
        Figure figure = falling_figure("A");
        (narrow ? figure.width_cm : figure.height_cm.emplace()) = 2;
        CHECK_THROWS_AS(svg_of(figure), hersurv::support::UsageError);
    }
}

TEST_CASE("what the caption leaves out is in the description", "[figure]") {
    Figure figure = falling_figure("A");
    const auto described = [&](const std::string& text) { return figure.full_description().find(text) != text.npos; };
    CHECK(shows(svg_of(figure), "Short line."));
    CHECK_FALSE(shows(svg_of(figure), "Long paragraph."));
    CHECK(described("Long paragraph."));
    CHECK_FALSE(described("Short line."));
    figure.caption_length = CaptionLength::none;
    CHECK_FALSE(shows(svg_of(figure), "Short line."));
    CHECK(described("Short line."));
    figure.caption_length = CaptionLength::full;
    CHECK(shows(svg_of(figure), "Long paragraph."));
    CHECK(figure.full_description() == "Survival.");
}

TEST_CASE("a name is beside the end of its curve, and a long one is shortened there and whole in the key", "[figure]") {
    CHECK(svg_of(falling_figure("Arm A")).find(">Arm A</text>") != std::string::npos);
    std::string name;
    for (int k = 0; k < 60; ++k) name += "word ";
    const std::string svg = svg_of(falling_figure(name));
    CHECK(svg.find("\xe2\x80\xa6</text>") != std::string::npos);
    CHECK(view_box(svg).starts_with("0 0 504 "));
}

TEST_CASE("forty panels fit into one figure, each with its title", "[figure]") {
    Figure figure = falling_figure("A");
    PanelsChart panels;
    for (int k = 1; k <= 40; ++k) panels.panels.push_back(falling_chart("Trial " + std::to_string(k)));
    figure.chart = panels;
    const std::string svg = svg_of(figure);
    for (const int k : {1, 17, 40}) CHECK(shows(svg, "Trial " + std::to_string(k)));
    figure.height_cm = 8;
    CHECK_THROWS_AS(svg_of(figure), hersurv::support::UsageError);
    CHECK(find_figure_format("text")->render(figure, {}).find("Trial 40") != std::string::npos);
}
