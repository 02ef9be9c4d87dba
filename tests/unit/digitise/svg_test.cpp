// Figures as SVG: what is drawn comes back exactly, however it is written.
#include "hersurv/digitise.hpp"
#include "hersurv/error.hpp"

#include <catch2/catch.hpp>

#include "vector_figure.hpp"
#include <cmath>

namespace {

using namespace hersurv;
using namespace hersurv::test;

std::string text_at(double x, double y, const std::string& text, const std::string& more = "") {
    std::ostringstream svg;
    svg << "<text x='" << x << "' y='" << y << "' font-size='12' " << more << ">" << text << "</text>\n";
    return svg.str();
}

std::string line_of(double x1, double y1, double x2, double y2, const std::string& more = "stroke='black'") {
    std::ostringstream svg;
    svg << "<line x1='" << x1 << "' y1='" << y1 << "' x2='" << x2 << "' y2='" << y2 << "' " << more << "/>\n";
    return svg.str();
}

std::string axes() {
    std::string svg = line_of(Frame::x(0), Frame::y(0), Frame::x(48), Frame::y(0)) +
                      line_of(Frame::x(0), Frame::y(0), Frame::x(0), Frame::y(1));
    for (int month = 0; month <= 48; month += 12)
        svg += line_of(Frame::x(month), Frame::y(0), Frame::x(month), Frame::y(0) + 5) +
               text_at(Frame::x(month), Frame::y(0) + 20, std::to_string(month), "text-anchor='middle'");
    for (int tenth = 0; tenth <= 10; tenth += 2)
        svg += line_of(Frame::x(0), Frame::y(tenth / 10.0), Frame::x(0) - 5, Frame::y(tenth / 10.0)) +
               text_at(Frame::x(0) - 8, Frame::y(tenth / 10.0) + 4, tenth == 10 ? "1.0" : "0." + std::to_string(tenth),
                       "text-anchor='end'");
    return svg + text_at(300, 360, "Time (months)", "text-anchor='middle'");
}

std::string path_data(const DrawnArm& arm) {
    std::ostringstream data;
    data.precision(10);
    char command = 'M';
    for (const auto& [x, y] : corners_of(arm)) {
        data << command << x << ' ' << y << ' ';
        command = 'L';
    }
    return data.str();
}

std::string whole_path(const DrawnArm& arm) {
    return "<path d='" + path_data(arm) + "' fill='none' stroke='" + arm.colour + "' stroke-width='1.5'/>\n";
}

std::string crosses(const DrawnArm& arm) {
    std::string svg;
    for (const double time : arm.censored) {
        const double x = Frame::x(time), y = Frame::y(survival_of(arm, time));
        const std::string style = "stroke='" + arm.colour + "'";
        svg += line_of(x - 3, y, x + 3, y, style) + line_of(x, y - 3, x, y + 3, style);
    }
    return svg;
}

std::string legend() {
    std::string svg;
    double y = 40;
    for (const DrawnArm& arm : two_arms()) {
        svg +=
            line_of(400, y, 425, y, "stroke='" + arm.colour + "' stroke-width='1.5'") + text_at(430, y + 4, arm.name);
        y += 16;
    }
    return svg;
}

std::string document(const std::string& inside) {
    return "<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink' viewBox='0 0 600 "
           "400'>\n" +
           inside + "</svg>\n";
}

std::string document(const std::function<std::string(const DrawnArm&)>& draw) {
    std::string svg = axes();
    for (const DrawnArm& arm : two_arms()) svg += draw(arm);
    return document(svg + legend());
}

// Both curves are those that were drawn, to `tolerance` at every time.
void require_curves(const digitise::Reading& reading, double tolerance = 1e-6) {
    std::vector<DrawnArm> arms = two_arms();
    REQUIRE(reading.arms.size() == 2);
    CHECK(reading.vector);
    CHECK(reading.time_unit == "months");
    for (const digitise::Arm& read : reading.arms) {
        const DrawnArm& drawn = read.colour == arms[0].colour ? arms[0] : arms[1];
        CHECK(read.colour == drawn.colour);
        CHECK(read.ends_at == Approx(drawn.ends_at).margin(0.01));
        double worst = 0;
        for (double time = 0.001; time < drawn.ends_at; time += 0.0173) {
            double survival = 1;
            for (const auto& point : read.curve)
                if (point.time <= time + 1e-7) survival = point.survival;
            worst = std::max(worst, std::abs(survival - survival_of(drawn, time + 1e-7)));
        }
        CHECK(worst < tolerance);
    }
    CHECK(reading.arms[0].colour == arms[1].colour);  // the upper curve first
}

void require_marks(const digitise::Reading& reading) {
    for (const digitise::Arm& read : reading.arms) {
        const DrawnArm drawn = two_arms()[read.colour == two_arms()[0].colour ? 0 : 1];
        REQUIRE(read.censored.size() == drawn.censored.size());
        for (std::size_t i = 0; i < drawn.censored.size(); ++i)
            CHECK(read.censored[i] == Approx(drawn.censored[i]).margin(1e-3 * 48));
    }
}

}  // namespace

TEST_CASE("an SVG gives back its curves, censor marks and names", "[digitise]") {
    const digitise::Reading reading =
        digitise::read(document([](const DrawnArm& arm) { return whole_path(arm) + crosses(arm); }), "figure.svg");
    require_curves(reading);
    require_marks(reading);
    CHECK(reading.arms[0].name == "trastuzumab");
    CHECK(reading.arms[1].name == "placebo");
    CHECK(reading.verdict() == digitise::Verdict::sure);
}

TEST_CASE("an SVG curve is the same in transformed groups, style sheets and relative commands", "[digitise]") {
    const auto draw = [](const DrawnArm& arm) {
        std::ostringstream data;
        data.precision(12);
        double x = 0, y = 0;
        bool first = true;
        for (const auto& [to_x, to_y] : corners_of(arm)) {
            const double page_x = (to_x - 10) / 2, page_y = to_y / 2;
            if (first)
                data << "m" << page_x << "," << page_y;
            else if (page_x != x)
                data << "h" << page_x - x;
            else
                data << "v" << page_y - y;
            x = page_x, y = page_y;
            first = false;
        }
        const std::string name = arm.name;
        return "<style>/* an arm */ ." + name + ", .other { stroke: " + arm.colour +
               "; fill: none; stroke-width: .75 }</style>\n<defs><path id='" + name + "' d='" + data.str() +
               "'/></defs>\n<g transform='translate(10 0) scale(2)'><use xlink:href='#" + name + "' class='" + name +
               "'/></g>\n";
    };
    require_curves(digitise::read(document(draw), "figure.svg"));
}

TEST_CASE("an SVG curve is put together again from its pieces", "[digitise]") {
    const std::string style_end = "' stroke-width='1.5'";
    SECTION("one line for each level and drop") {
        const auto cut = [&](const DrawnArm& arm) {
            std::string svg;
            const auto corners = corners_of(arm);
            for (std::size_t i = 1; i < corners.size(); ++i)
                svg += line_of(corners[i - 1].first, corners[i - 1].second, corners[i].first, corners[i].second,
                               "stroke='" + arm.colour + style_end);
            return svg;
        };
        require_curves(digitise::read(document(cut), "figure.svg"), 1e-5);
    }
    SECTION("dashes of 6 that are drawn one by one, 3 apart") {
        const auto dashes = [&](const DrawnArm& arm) {
            std::string svg;
            const auto corners = corners_of(arm);
            double along = 0;  // of the whole line
            for (std::size_t i = 1; i < corners.size(); ++i) {
                const auto [x, y] = corners[i - 1];
                const auto [to_x, to_y] = corners[i];
                const double length = std::hypot(to_x - x, to_y - y);
                for (double at = 0; at < length - 1e-9;) {
                    const double phase = std::fmod(along + at, 9), rest = phase < 6 ? 6 - phase : 9 - phase,
                                 next = std::min(length, at + rest);
                    if (phase < 6 && next - at > 1e-6)
                        svg += line_of(x + (to_x - x) * at / length, y + (to_y - y) * at / length,
                                       x + (to_x - x) * next / length, y + (to_y - y) * next / length,
                                       "stroke='" + arm.colour + style_end);
                    at = next;
                }
                along += length;
            }
            return svg;
        };
        // A corner that falls into a gap is known to the gap only.
        const digitise::Reading reading = digitise::read(document(dashes), "figure.svg");
        REQUIRE(reading.arms.size() == 2);
        for (const digitise::Arm& read : reading.arms) {
            const DrawnArm drawn = two_arms()[read.colour == two_arms()[0].colour ? 0 : 1];
            double sum = 0;
            int count = 0;
            for (double time = 0.05; time < 46; time += 0.1, ++count) {
                double survival = 1;
                for (const auto& point : read.curve)
                    if (point.time <= time) survival = point.survival;
                sum += std::abs(survival - survival_of(drawn, time));
            }
            CHECK(sum / count < 0.002);
        }
    }
}

TEST_CASE("confidence limits in an SVG are no arms", "[digitise]") {
    // Limits on the log scale, as survfit has them: S exp(+-1.96 se).
    const auto draw = [](const DrawnArm& arm) {
        std::string svg = whole_path(arm);
        for (const double sign : {-1.0, 1.0}) {
            DrawnArm limit = arm;
            double error = 0;
            for (Drop& drop : limit.drops) {
                error += 0.012;
                drop.survival = std::min(1.0, drop.survival * std::exp(sign * error));
            }
            svg += whole_path(limit);
        }
        return svg;
    };
    const digitise::Reading reading = digitise::read(document(draw), "figure.svg");
    require_curves(reading);
}

TEST_CASE("SVG files that are no figure end with one message", "[digitise]") {
    const auto message = [](const std::string& bytes) -> std::string {
        try {
            (void)digitise::read(bytes, "figure.svg");
        } catch (const support::InputError& error) {
            return error.what();
        }
        return "no error";
    };
    CHECK(message("<svg xmlns='http://www.w3.org/2000/svg'><g></svg>").find("not well-formed") != std::string::npos);
    CHECK(message("<svg xmlns='http://www.w3.org/2000/svg'/>").find("no size") != std::string::npos);
    CHECK(message(document("<circle cx='300' cy='200' r='100'/>")).find("no axes") != std::string::npos);
    CHECK(message(document(axes())).find("no curve falls from 1") != std::string::npos);

    std::string deep;
    for (int i = 0; i < 20'000; ++i) deep += "<g>";
    for (int i = 0; i < 20'000; ++i) deep += "</g>";
    CHECK(message(document(deep)).find("no axes") != std::string::npos);
    // An element that uses itself, and ten that use the next one ten times each: ten thousand million lines.
    CHECK(message(document("<g id='a'><use xlink:href='#a'/></g>")).find("no axes") != std::string::npos);
    std::string bomb = "<defs><path id='u0' d='M0 0L1 1'/>";
    for (int level = 1; level <= 10; ++level) {
        bomb += "<g id='u" + std::to_string(level) + "'>";
        for (int i = 0; i < 10; ++i) bomb += "<use xlink:href='#u" + std::to_string(level - 1) + "'/>";
        bomb += "</g>";
    }
    CHECK_FALSE(message(document(bomb + "</defs><use xlink:href='#u10'/>")).empty());
}
