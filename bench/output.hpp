// What the measuring programs print and write, and how they tell of a comparison with an earlier record.
#pragma once

#include "hersurv/error.hpp"

#include <fmt/format.h>

#include "render/formats.hpp"
#include "support/file.hpp"
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

namespace hersurv::bench {

struct RecordComparison {
    std::size_t n_compared = 0;
    std::vector<std::string> losses;  // a sentence for every figure that is worse than recorded, or gone
    std::vector<std::string> notes;   // what is better by as much, or new
};

inline constexpr int report_width = 160;  // of the widest table

inline std::string rendered(const render::Report& report, std::string_view format) {
    render::RenderOptions options;
    options.width = report_width;
    return render::find_format(format)->render(report, options);
}

// Nothing where no path is given.
inline void write(const std::string& path, const render::Report& report, std::string_view format) {
    if (!path.empty()) support::write_file_whole(path, rendered(report, format));
}

// The exit code: a record that has nothing of what was measured guards nothing.
inline int tell(std::string_view program, const std::string& record, const RecordComparison& comparison) {
    fmt::print("\nAgainst {}: {} lines compared, {} worse\n", record, comparison.n_compared, comparison.losses.size());
    for (const std::string& note : comparison.notes) fmt::print("  {}\n", note);
    std::fflush(stdout);
    for (const std::string& loss : comparison.losses) fmt::print(stderr, "{}: WORSE: {}\n", program, loss);
    if (comparison.n_compared == 0) fmt::print(stderr, "{}: WORSE: no line of the record was compared\n", program);
    return comparison.losses.empty() && comparison.n_compared > 0 ? 0
                                                                  : static_cast<int>(support::ExitCode::check_failed);
}

}  // namespace hersurv::bench
