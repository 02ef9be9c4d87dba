// Curves beyond an earlier cut of digitised figures: `extrapolation DIR`, see usage_text.
#include "hersurv/error.hpp"

#include <fmt/format.h>

#include "arguments.hpp"
#include "extrapolation_catalogue.hpp"
#include "extrapolation_measure.hpp"
#include "extrapolation_report.hpp"
#include "figure_constants.hpp"
#include "output.hpp"
#include "program.hpp"
#include "support/file.hpp"
#include <optional>
#include <string>
#include <vector>

namespace {

using namespace hersurv;

constexpr std::string_view usage_text = R"(extrapolation DIR [options]

Cuts the patients of each digitised figure of the folder DIR (index.csv, published.csv, curves.csv, baselines.csv, ipd/)
at 50 and 70% of its longest follow-up, publishes the cut as a paper would, fits it, and compares the curves beyond its
support with the full figure. Dates of entry are drawn so that the censoring of the figure is consistent. Also compares
the later data cuts of the built-in catalogue with the curves of the earlier ones.

  --models A,B,...   only these models (of the table of models, and auto)
  --seed N           of the dates of entry (1)
  --priors FILE      score with the constants of this document instead of the built-in ones
  --folds DIR        score every figure with that document of DIR whose held_out names it
  --csv FILE         every line as CSV
  --markdown FILE    the tables as Markdown
  --record FILE      write the figures that later runs are compared with: data/extrapolation.csv
  --check FILE       compare with such a file
  --threads N        threads (all processors)
  --help             this text

Exit: 0, or 1 if --check finds an absolute error more than 2% or a mean error more than .002 worse than the record,
coverage of the population band more than .01 below it, or fewer arms; 2 wrong usage; 3 DIR or a file cannot be read; 5
an output cannot be written.
)";

struct Options {
    std::string folder, priors, folds, csv, markdown, record, check;
    std::vector<std::string> models;
    std::uint64_t seed = 1;
    int threads = 0;
    bool help = false;
};

Options parse(const std::vector<std::string>& given) {
    Options options;
    bench::Arguments arguments(given);
    while (arguments.left()) {
        const std::string& argument = arguments.take();
        if (argument == "--help")
            options.help = true;
        else if (argument == "--models")
            options.models = arguments.list();
        else if (argument == "--seed")
            options.seed = arguments.whole_number<std::uint64_t>(0);
        else if (argument == "--priors")
            options.priors = arguments.value();
        else if (argument == "--folds")
            options.folds = arguments.value();
        else if (argument == "--csv")
            options.csv = arguments.value();
        else if (argument == "--markdown")
            options.markdown = arguments.value();
        else if (argument == "--record")
            options.record = arguments.value();
        else if (argument == "--check")
            options.check = arguments.value();
        else if (argument == "--threads")
            options.threads = arguments.whole_number<int>(1);
        else if (argument.starts_with("-"))
            throw support::UsageError("unknown option '" + argument + "'; --help lists them");
        else if (options.folder.empty())
            options.folder = argument;
        else
            throw support::UsageError("one folder only, not also '" + argument + "'");
    }
    if (!options.record.empty() && !options.check.empty())
        throw support::UsageError("--record and --check exclude each other: compare first, then record");
    if (!options.priors.empty() && !options.folds.empty())
        throw support::UsageError("--priors and --folds exclude each other");
    if (options.folder.empty() && !options.help)
        throw support::UsageError("the folder of digitised figures is missing: extrapolation DIR; --help says more");
    return options;
}

int run(const Options& options) {
    if (!support::is_folder(options.folder)) {
        fmt::print(stderr, "extrapolation: NOTHING WAS MEASURED: there is no folder '{}'\n", options.folder);
        return static_cast<int>(support::ExitCode::bad_input);
    }
    bench::ExtrapolationOptions measured;
    measured.models = bench::chosen(bench::scored_models(), options.models, "model");
    measured.seed = options.seed;
    measured.threads = options.threads;
    std::optional<bench::CsvTable> record;
    if (!options.check.empty()) record.emplace(options.check);
    const bench::Figures figures = bench::read_figures(options.folder);
    const bool held_out = !options.folds.empty();
    const auto outcomes = bench::measure_extrapolation(
        figures, options.folder, bench::constants_of(figures, options.priors, options.folds), measured);
    const auto lines = bench::extrapolation_lines(figures, measured, outcomes);
    const render::Report report = bench::extrapolation_report(measured, lines, bench::later_numbers(), held_out);
    fmt::print("{}", bench::rendered(report, "text"));
    bench::write(options.csv, report, "csv");
    bench::write(options.markdown, report, "markdown");
    bench::write(options.record, bench::extrapolation_record(lines, held_out), "csv");
    return record ? bench::tell("extrapolation", options.check, bench::compare_extrapolation(*record, lines, held_out))
                  : 0;
}

}  // namespace

int main(int argc, char** argv) { return bench::run_program("extrapolation", usage_text, argc, argv, parse, run); }
