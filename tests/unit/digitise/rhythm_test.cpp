// Gaps along arms of one ink: which of two arms is the dashed one, and where the picture does not say.
#include "digitise/tracing/rhythm.hpp"

#include <catch2/catch.hpp>

#include "digitise/certificate.hpp"
#include "unit/digitise/drawn_panel.hpp"

namespace {

using namespace hersurv::digitise;
using namespace hersurv::digitise::tracing;

// A path in these rows, one a column; dashes of 6 px with gaps of 4 px in columns from..to, solid elsewhere.
PathCandidate drawn_path(const std::vector<int>& rows, int from, int to) {
    PathCandidate candidate;
    candidate.path.enters = candidate.path.leaves = rows;
    const int n = static_cast<int>(rows.size());
    Ownership ink(n, 60);
    for (int x = 0; x < n; ++x)
        if (x < from || x >= to || (x - from) % 10 < 6) ink.set(x, rows[x], 1, 0);
    candidate.own = InkAlongPath(ink, candidate.path, 3);
    return candidate;
}

TEST_CASE("ink and gaps along a path are counted", "[digitise]") {
    // Ten dashes of 6 px; the gap behind the last one has no end.
    const Rhythm dashes = rhythm_of(drawn_path(std::vector<int>(100, 20), 0, 100), 0, 100, 2);
    CHECK(dashes.ink == 60);
    CHECK(dashes.blank == 36);
    CHECK(dashes.gaps == 9);
    CHECK(rhythm_of(drawn_path(std::vector<int>(100, 20), 0, 0), 0, 100, 2).gaps == 0);
    // A short cut over white, down and to the right, is no gap between dashes.
    PathCandidate shortcut = drawn_path(std::vector<int>(100, 20), 40, 50);
    for (int x = 48; x < 100; ++x) shortcut.path.enters[x] = shortcut.path.leaves[x] = 26;
    shortcut.path.leaves[47] = 26;
    Ownership ink(100, 60);
    for (int x = 0; x < 46; ++x) ink.set(x, 20, 1, 0);
    for (int x = 50; x < 100; ++x) ink.set(x, 26, 1, 0);
    shortcut.own = InkAlongPath(ink, shortcut.path, 3);
    CHECK(rhythm_of(shortcut, 0, 100, 2).gaps == 0);
}

TEST_CASE("gaps tell two arms apart between the places where they meet", "[digitise]") {
    // 20 rows apart over 100 columns, together over 10, apart over 90 again: areas of 10 and 9 rows on 200 columns.
    const std::vector<int> level(200, 20);
    std::vector<int> other(200, 40);
    for (int x = 100; x < 110; ++x) other[x] = 20;
    const PathCandidate solid = drawn_path(other, 0, 0);
    const RhythmMatch all = match_rhythms(drawn_path(level, 0, 200), solid, 2);
    CHECK(all.differ);
    CHECK(all.settled == Approx(19));
    CHECK(all.risk() == 0);
    const RhythmMatch first = match_rhythms(drawn_path(level, 0, 100), solid, 2);
    CHECK(first.settled == Approx(10));
    CHECK(first.open == Approx(9));
    CHECK(first.risk() == Approx(9));
    CHECK(first.open_from == 110);
    const RhythmMatch exchanged = match_rhythms(drawn_path(level, 0, 100), drawn_path(other, 110, 200), 2);
    CHECK(exchanged.contradicted == Approx(9));
    CHECK(exchanged.risk() == Approx(9));
    CHECK_FALSE(match_rhythms(drawn_path(level, 0, 0), solid, 2).differ);
}

TEST_CASE("a solid arm that ends does not go on along the dots of the other", "[digitise]") {
    const std::vector<Step> solid{{0, 1}, {5, .8}, {10, .45}, {14, .1}}, dotted{{0, 1}, {4, .7}, {8, .6}, {12, .45}};
    for (const auto& [on, off] : {std::pair{2.0, 5.0}, std::pair{8.0, 6.0}}) {
        CAPTURE(on, off);
        drawn::PanelPicture picture;
        picture.curve(solid, 18, drawn::black), picture.curve(dotted, 29, drawn::black, 2, on, off);
        const auto curves = trace_raster(picture.drawing(), picture.axes(), {});
        REQUIRE(curves.size() == 2);
        const bool first = curves[0].ends_at > 25;
        CHECK(drawn::difference(curves[first ? 0 : 1].steps, dotted, 28) < .005);
        CHECK(drawn::difference(curves[first ? 1 : 0].steps, solid, 17.5) < .005);
        CHECK(curves[first ? 1 : 0].dash == "solid");
        for (const Certificate& one : certify(curves, picture.axes(), true, nullptr, {}))
            CHECK(one.verdict == Verdict::sure);
    }
}

}  // namespace
