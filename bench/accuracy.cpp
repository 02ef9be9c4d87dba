// Accuracy of the reconstructed curves against a folder of digitised Kaplan-Meier figures: `accuracy DIR`, see
// usage_text.
#include "hersurv/error.hpp"

#include <fmt/format.h>

#include "accuracy_figures.hpp"
#include "accuracy_measure.hpp"
#include "accuracy_patterns.hpp"
#include "accuracy_report.hpp"
#include "arguments.hpp"
#include "csv.hpp"
#include "figure_constants.hpp"
#include "output.hpp"
#include "program.hpp"
#include "support/file.hpp"
#include <algorithm>
#include <array>
#include <charconv>
#include <exception>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

namespace {

using namespace hersurv;

constexpr std::string_view usage_text = R"(accuracy DIR [options]

Scores the curves of every model against the digitised Kaplan-Meier figures of the folder DIR (index.csv, published.csv,
curves.csv, baselines.csv), for several patterns of printed evidence.

  --models A,B,...   only these models (of the table of models, and auto)
  --tiers A,B,...    only these patterns of evidence
  --csv FILE         every row as CSV
  --markdown FILE    the tables as Markdown
  --arms FILE        every arm as CSV
  --record FILE      write the figures that the program shows and that later runs are held against: data/accuracy.csv
  --against FILE     compare with such a file
  --priors FILE      score with the constants of this document instead of the built-in ones
  --target WHAT      what a family is laid through: automatic (as the program), published, curve
  --folds DIR        score every figure with that document of DIR (bench/learn_priors --folds-out) whose held_out names
                     it: constants that did not see it
  --threads N        threads (all processors)
  --help             this text

Exit: 0, or 1 where --against finds a mean absolute error more than 2% above the recorded one, fewer arms with a curve,
or a row gone; 2 wrong usage; 3 DIR or a file cannot be read; 5 an output cannot be written.
)";

constexpr std::array targets = {fit::Target::automatic, fit::Target::published, fit::Target::curve};

struct Options {
    fit::Target target = fit::Target::automatic;
    std::string folder;
    std::vector<std::string> models, patterns;  // empty: all
    std::string csv, markdown, arms, record, against, priors, folds;
    int threads = 0;
    bool help = false;
};

Options parse(const std::vector<std::string>& arguments) {
    Options options;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string& argument = arguments[i];
        const auto value = [&]() -> const std::string& {
            if (i + 1 >= arguments.size()) throw support::UsageError(argument + " needs a value");
            return arguments[++i];
        };
        if (argument == "--help") {
            options.help = true;
        } else if (argument == "--models") {
            options.models = bench::Arguments::split(value());
        } else if (argument == "--tiers") {
            options.patterns = bench::Arguments::split(value());
        } else if (argument == "--csv") {
            options.csv = value();
        } else if (argument == "--markdown") {
            options.markdown = value();
        } else if (argument == "--target") {
            const std::string name = value();
            const auto found = std::ranges::find_if(targets, [&](fit::Target one) { return fit::word(one) == name; });
            if (found == targets.end())
                throw support::UsageError("unknown target '" + name + "'; it is automatic, published or curve");
            options.target = *found;
        } else if (argument == "--arms") {
            options.arms = value();
        } else if (argument == "--record") {
            options.record = value();
        } else if (argument == "--against") {
            options.against = value();
        } else if (argument == "--priors") {
            options.priors = value();
        } else if (argument == "--folds") {
            options.folds = value();
        } else if (argument == "--threads") {
            const std::string& text = value();
            const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), options.threads);
            if (error != std::errc() || end != text.data() + text.size() || options.threads < 1)
                throw support::UsageError("--threads needs a whole number above 0, not '" + text + "'");
        } else if (argument.starts_with("-")) {
            throw support::UsageError("no such option: " + argument + "; --help lists them");
        } else if (options.folder.empty()) {
            options.folder = argument;
        } else {
            throw support::UsageError("one folder only, not also '" + argument + "'");
        }
    }
    if (!options.record.empty() && !options.against.empty())
        throw support::UsageError("--record and --against exclude each other: compare first, then record");
    if (!options.priors.empty() && !options.folds.empty())
        throw support::UsageError("--priors and --folds exclude each other");
    if (options.folder.empty() && !options.help)
        throw support::UsageError("the folder of digitised figures is missing: accuracy DIR; --help says more");
    return options;
}

int run(const Options& options) {
    const auto models = bench::chosen(bench::scored_models(), options.models, "model");
    const auto table = bench::patterns();
    const auto patterns =
        bench::chosen(std::vector<bench::Pattern>(table.begin(), table.end()), options.patterns, "pattern of evidence");
    if (!support::is_folder(options.folder)) {
        fmt::print(stderr,
                   "accuracy: NOTHING WAS MEASURED: there is no folder '{}'; give the folder of digitised figures "
                   "(index.csv, published.csv, curves.csv, baselines.csv)\n",
                   options.folder);
        return static_cast<int>(support::ExitCode::bad_input);
    }
    // Read before the work, so that a wrong path does not cost the run.
    std::optional<bench::CsvTable> record;
    if (!options.against.empty()) record.emplace(options.against);
    const bench::Figures figures = bench::read_figures(options.folder);
    const auto measured = options.folds.empty() ? bench::Measured::in_sample : bench::Measured::held_out;
    const auto outcomes = bench::measure(figures, bench::constants_of(figures, options.priors, options.folds), patterns,
                                         models, options.threads, options.target);
    const auto means = bench::mean_scores(figures, patterns, models, outcomes);
    const render::Report report = bench::accuracy_report(figures, patterns, means, measured);

    fmt::print("{}", bench::rendered(report, "text"));
    bench::write(options.csv, report, "csv");
    bench::write(options.record, bench::record_report(means, measured), "csv");
    bench::write(options.markdown, report, "markdown");
    if (!options.arms.empty())
        bench::write(options.arms, bench::arms_report(figures, patterns, models, outcomes), "csv");

    if (!record) return 0;
    std::vector<std::string> names;
    for (const auto& model : models) names.push_back(model.name);
    return bench::tell("accuracy", options.against,
                       bench::compare_with_record(*record, patterns, names, means, measured));
}

}  // namespace

int main(int argc, char** argv) { return bench::run_program("accuracy", usage_text, argc, argv, parse, run); }
