// Figures as finished values: their axes, what the formats make of one, and that every format escapes its text.
#include "report/figures.hpp"

#include <catch2/catch.hpp>

#include "render/figure.hpp"
#include <limits>
#include <set>

using namespace hersurv::report;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

std::string draw(std::string_view format, const Figure& figure, const FigureRenderOptions& options = {}) {
    const FigureFormat* found = find_figure_format(format);
    REQUIRE(found != nullptr);
    return found->render(figure, options);
}

int count(const std::string& text, const std::string& part) {
    int n = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
    return n;
}

// S falls from 1 to 0 over 10 months; supported to month 5.
Figure curves_figure(const std::string& name) {
    CurvesChart chart;
    chart.x = {"Months", 0, 10, false, {{0, "0"}, {5, "5"}, {10, "10"}}};
    chart.y = {"OS, %", 0, 1, false, {{0, "0"}, {1, "100"}}};
    Line line;
    line.name = name;
    line.vertices = {{0, 1, Span{1, 1}}, {10, 0, Span{0, 0.2}}};
    line.supported_to = 5;
    chart.lines = {line};
    Mark mark;
    mark.x = 5;
    mark.y = 0.5;
    mark.x_limits = Span{4, infinity};
    mark.text = name + ": median 5";
    chart.marks = {mark};
    chart.rows_title = "Expected number at risk";
    chart.rows = {{name, 0, {"10", "5", "0"}}};
    Figure figure;
    figure.title = name;
    figure.description = "Survival.";
    figure.chart = chart;
    return figure;
}

Figure rows_figure(std::optional<Span> limits) {
    RowsChart chart;
    chart.x = {"Hazard ratio", 0.5, 2, true, {{0.5, "0.5"}, {1, "1"}, {2, "2"}}};
    chart.label_head = "Trial";
    chart.column_heads = {"HR"};
    chart.rows = {{"OS", true, 0, {}, {}, {}}, {"A", false, 0, 1, limits, {"1.0"}}};
    chart.guide = 1;
    Figure figure;
    figure.title = "Hazard ratios";
    figure.description = "Hazard ratios.";
    figure.chart = chart;
    return figure;
}

}  // namespace

TEST_CASE("an axis places values and takes them back", "[figure]") {
    for (const bool logarithmic : {false, true}) {
        const Axis axis{"", 0.25, 4, logarithmic, {}};
        CHECK(axis.place(0.25) == Approx(0).margin(1e-15));
        CHECK(axis.place(4) == Approx(1));
        CHECK(axis.place(8) > 1);
        for (const double value : {0.25, 0.3, 1.0, 2.5, 4.0}) CHECK(axis.value_at(axis.place(value)) == Approx(value));
    }
    CHECK(Axis{"", 0.25, 4, true, {}}.place(1) == Approx(0.5));
}

TEST_CASE("between two vertices everything is linear, and a band needs both", "[figure]") {
    const Vertex a{2, 1, Span{0.8, 1}}, b{4, 0.5, Span{0.4, 0.6}};
    const Vertex middle = between(a, b, 2.5);
    CHECK(middle.x == 2.5);
    CHECK(middle.y == Approx(0.875));
    REQUIRE(middle.band);
    CHECK(middle.band->lower == Approx(0.7));
    CHECK(middle.band->upper == Approx(0.9));
    CHECK_FALSE(between(a, {4, 0.5, std::nullopt}, 3).band);
}

TEST_CASE("a curve is solid as far as it is supported and dashed beyond", "[figure]") {
    const std::string svg = draw("svg", curves_figure("A"));
    CHECK(count(svg, "stroke-dasharray=\"5 4\"") == 1);
    // Where the curve has fallen by half, one part ends and the other begins.
    const std::size_t solid = svg.find("<path fill=\"none\" stroke=\"#0072B2\" stroke-width=\"1.8\" stroke-linejoin");
    const std::size_t dashed = svg.find("stroke-dasharray=\"5 4\"");
    REQUIRE(solid != std::string::npos);
    REQUIRE(dashed > solid);
    const auto track = [&](std::size_t from) {
        const std::size_t start = svg.find("d=\"M", from) + 4;
        return svg.substr(start, svg.find('"', start) - start);
    };
    const std::string first = track(solid), second = track(dashed);
    CHECK(first.substr(first.find('L') + 1) == second.substr(0, second.find('L')));
}

TEST_CASE("the stretches of a line meet where its support begins and ends, and cover it", "[figure]") {
    const auto drawn = [](double from, double to, const std::vector<Vertex>& vertices) {
        Line line;
        line.supported_from = from;
        line.supported_to = to;
        line.vertices = vertices;
        return stretches(line);
    };
    const std::vector<Vertex> falling = {{0, 1, std::nullopt}, {4, 0.6, std::nullopt}, {10, 0, std::nullopt}};
    const auto three = drawn(2, 8, falling);
    REQUIRE(three.size() == 3);
    CHECK(three[0].stroke == Stroke::dotted);
    CHECK(three[1].stroke == Stroke::solid);
    CHECK(three[2].stroke == Stroke::dashed);
    CHECK(three[0].vertices.back().x == 2);
    CHECK(three[0].vertices.back().y == Approx(0.8));
    CHECK(three[1].vertices.size() == 3);
    CHECK(three[1].vertices.front().y == three[0].vertices.back().y);
    CHECK(three[2].vertices.front().x == 8);
    CHECK(three[2].vertices.front().y == three[1].vertices.back().y);
    CHECK(three[2].vertices.back().x == 10);
    // Ends at a vertex, at one another, and outside of the line.
    CHECK(drawn(4, 4, falling).size() == 2);
    CHECK(drawn(0, 10, falling).size() == 1);
    CHECK(drawn(0, 20, falling).front().vertices.size() == 3);
    CHECK(drawn(20, 30, falling).front().stroke == Stroke::dotted);
    CHECK(drawn(1, 2, falling).size() == 3);
    CHECK(drawn(9, 2, falling).front().vertices.back().x == 2);
}

TEST_CASE("the formats of figures tell the strokes apart and explain them", "[figure]") {
    Figure figure = curves_figure("A");
    auto& chart = std::get<CurvesChart>(figure.chart);
    chart.lines.front().supported_from = 3;
    chart.strokes = {"supported", "borrowed", "extrapolated", ""};
    const std::string svg = draw("svg", figure), text = draw("text", figure);
    // Each once for the curve and once in the key.
    CHECK(count(svg, "stroke-dasharray=\"5 4\"") == 2);
    CHECK(count(svg, "stroke-dasharray=\"1.5 2.5\"") == 2);
    for (const char* const word : {"supported", "borrowed", "extrapolated"}) {
        CHECK(count(svg, ">" + std::string(word) + "<") == 1);
        CHECK(count(text, word) == 1);
    }
    chart.strokes.dotted.clear();
    CHECK(count(draw("svg", figure), "stroke-dasharray=\"1.5 2.5\"") == 1);
}

TEST_CASE("markup and invisible characters of a name are text in every format", "[figure]") {
    const std::string hostile = "<b>A&B\"</b>\xe2\x80\xae\x1b[31m";
    const std::string svg = draw("svg", curves_figure(hostile)), text = draw("text", curves_figure(hostile));
    CHECK(count(svg, "<b>") == 0);
    CHECK(count(svg, "&lt;b&gt;A&amp;B&quot;&lt;/b&gt;\\u202e\\x1b[31m") > 0);
    for (const std::string& drawn : {svg, text}) {
        CHECK(count(drawn, "\x1b") == 0);
        CHECK(count(drawn, "\xe2\x80\xae") == 0);
    }
    CHECK(count(text, "\\u202e") > 0);
    // Noncharacters of Unicode are no text: U+FFFE, U+FDD0, U+FDEF, U+1FFFE, U+10FFFF; their neighbours are.
    for (const std::string none :
         {"\xef\xbf\xbe", "\xef\xb7\x90", "\xef\xb7\xaf", "\xf0\x9f\xbf\xbe", "\xf4\x8f\xbf\xbf"}) {
        const std::string drawn = draw("svg", curves_figure("A" + none + "B"));
        CHECK(count(drawn, none) == 0);
        CHECK(count(drawn,
                    "A\xef\xbf\xbd"
                    "B") > 0);
    }
    for (const std::string some : {"\xef\xb7\x8f", "\xef\xb7\xb0", "\xf0\x9f\xbf\xbd"})
        CHECK(count(draw("svg", curves_figure("A" + some + "B")), "A" + some + "B") > 0);
}

TEST_CASE("limits beyond the axis are arrows, absent limits nothing", "[figure]") {
    const auto arrows = [](const std::string& text) {
        return count(text, "\xe2\x86\x90") + count(text, "\xe2\x86\x92");
    };
    const auto ends = [](const std::string& text) { return count(text, "\xe2\x94\x9c") + count(text, "\xe2\x94\xa4"); };
    const std::string inside = draw("text", rows_figure(Span{0.8, 1.25})),
                      one = draw("text", rows_figure(Span{0.8, infinity})),
                      both = draw("text", rows_figure(Span{0.1, 9})), none = draw("text", rows_figure(std::nullopt));
    CHECK(arrows(inside) == 0);
    CHECK(ends(inside) == 2);
    CHECK(arrows(one) == 1);
    CHECK(ends(one) == 1);
    CHECK(arrows(both) == 2);
    CHECK(ends(both) == 0);
    CHECK(arrows(none) + ends(none) == 0);
}

TEST_CASE("a figure in a terminal is as wide as the terminal", "[figure]") {
    for (const int width : {50, 80, 132}) {
        FigureRenderOptions options;
        options.width = width;
        int longest = 0;
        const std::string text = draw("text", curves_figure("A"), options);
        for (std::size_t start = 0; start < text.size();) {
            const std::size_t end = text.find('\n', start);
            int columns = 0;
            for (std::size_t k = start; k < end; ++k) columns += (static_cast<unsigned char>(text[k]) & 0xc0) != 0x80;
            longest = std::max(longest, columns);
            start = end + 1;
        }
        CHECK(longest == width);
    }
}

TEST_CASE("kinds and formats of figures have names of their own", "[figure]") {
    std::set<std::string_view> names;
    for (const FigureKind& kind : figure_kinds()) {
        CHECK(names.insert(kind.name).second);
        CHECK(find_figure_kind(kind.name) == &kind);
        CHECK(kind.build != nullptr);
    }
    CHECK(find_figure_kind("CLEOPATRA") == nullptr);
    for (const FigureFormat& format : figure_formats()) CHECK(find_figure_format(format.name) == &format);
}
