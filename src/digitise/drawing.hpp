// What every route of digitising works with: what a picture shows, before anybody knows what it means.
// Positions are in the picture's own units (pixels of a raster picture, points of a PDF, user units of an SVG), y
// downwards. Pixel (x, y) covers x to x + 1 and y to y + 1: its middle is (x + 0.5, y + 0.5).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hersurv::digitise {

struct Point {
    double x = 0;
    double y = 0;
};

struct Box {
    double left = 0;
    double top = 0;
    double right = 0;
    double bottom = 0;
};

struct Colour {
    std::uint8_t red = 0;
    std::uint8_t green = 0;
    std::uint8_t blue = 0;
    bool operator==(const Colour&) const = default;
};

// Pixels row by row from the top, transparency already laid over white.
struct Raster {
    int width = 0;
    int height = 0;
    std::vector<Colour> pixels{};
    [[nodiscard]] const Colour& at(int x, int y) const { return pixels[static_cast<std::size_t>(y) * width + x]; }
};

class CharacterLattice;

// A piece of text: one number, or the words of one line that belong together.
struct Label {
    std::string text{};
    std::optional<double> number{};  // as written: 50 for "50" and for "50%"
    bool percent = false;            // a percent sign follows the number
    Box box{};
    bool turned = false;     // read from the bottom to the top
    double certainty = 1.0;  // 0 to 1; 1 where the file has the text itself
    // Of one word that was read from pixels: what else it could be (labels/lattice.hpp). Words that may be a number but
    // hardly can be read have it without `number`, so that a row of labels can be read as a whole.
    std::shared_ptr<const CharacterLattice> pieces{};
    Colour colour{};  // of the letters, where a vector file says it
};

// A straight horizontal or vertical line: a piece of a frame, an axis, a tick mark or a grid line.
struct Stroke {
    Point from{};
    Point to{};
    double width = 0;
    Colour colour{};
};

// A line or an area of a vector file, its curves already replaced by short straight pieces.
struct Path {
    std::vector<Point> points{};
    bool closed = false;
    std::optional<Colour> stroke{};
    double width = 0;
    std::vector<double> dashes{};  // empty: solid
    std::optional<Colour> fill{};
    double opacity = 1;
    std::optional<Box> clip{};
};

// `raster` is there for raster pictures only, `paths` for vector files only.
struct Drawing {
    double width = 0;
    double height = 0;
    std::vector<Label> labels{};
    std::vector<Label> symbols{};  // single signs of a vector file that may be censor marks: +, |, o
    std::vector<Stroke> strokes{};
    std::vector<Path> paths{};
    std::optional<Raster> raster{};
};

}  // namespace hersurv::digitise
