// A table that is written part by part has the bytes of one that is written at once.
#include "render/row_stream.hpp"

#include <catch2/catch.hpp>

#include <stdexcept>
#include <string>

using namespace hersurv::render;

namespace {

Report part(long first, long last) {
    Report report;
    report.table.columns = {{"draw", "", Audience::machine}, {"arm", "", Audience::machine}};
    for (long k = first; k < last; ++k) report.table.rows.push_back({Cell(k), Cell(std::string("a, \"b\""))});
    return report;
}

}  // namespace

TEST_CASE("parts of a table join to the bytes of the whole", "[render][row-stream]") {
    for (const char* name : {"csv", "tsv", "json", "jsonl"})
        for (const bool continued : {false, true})
            for (const long n : {0L, 1L, 5L}) {
                INFO(name << ", continued " << continued << ", " << n << " rows");
                const Format& format = *find_format(name);
                RowStream stream(format, continued);
                std::string text;
                stream.append(text, part(0, n / 2));
                stream.append(text, part(n / 2, n));
                Report rest = part(0, 0), whole = part(0, n);
                rest.beside.emplace_back("seed", 7.0);
                whole.beside = rest.beside;
                stream.finish(text, rest);
                RenderOptions options;
                options.continued = continued;
                CHECK(text == format.render(whole, options));
            }
    CHECK_THROWS_AS(RowStream(*find_format("text"), false), std::invalid_argument);
}
