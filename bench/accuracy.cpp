// Accuracy of the reconstructed curves against a folder of digitised Kaplan-Meier figures: `accuracy DIR`, see
// usage_text.
#include "hersurv/error.hpp"

#include <fmt/format.h>

#include "accuracy_figures.hpp"
#include "accuracy_measure.hpp"
#include "accuracy_patterns.hpp"
#include "accuracy_report.hpp"
#include "csv.hpp"
#include "evidence/constants.hpp"
#include "program.hpp"
#include "render/formats.hpp"
#include "support/file.hpp"
#include "support/json.hpp"
#include <algorithm>
#include <charconv>
#include <cstdio>
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
  --folds DIR        score every figure with that document of DIR (bench/learn_priors --folds-out) whose held_out names
                     it: constants that did not see it
  --threads N        threads (all processors)
  --help             this text

Exit: 0, or 1 where --against finds a mean absolute error more than 2 % above the recorded one, fewer arms with a curve,
or a row gone; 2 wrong usage; 3 DIR or a file cannot be read; 5 an output cannot be written.
)";

struct Options {
    std::string folder;
    std::vector<std::string> models, patterns;  // empty: all
    std::string csv, markdown, arms, record, against, priors, folds;
    int threads = 0;
    bool help = false;
};

std::vector<std::string> split(const std::string& list) {
    std::vector<std::string> parts;
    std::size_t begin = 0;
    while (begin <= list.size()) {
        const std::size_t end = std::min(list.find(',', begin), list.size());
        if (end > begin) parts.push_back(list.substr(begin, end - begin));
        begin = end + 1;
    }
    return parts;
}

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
            options.models = split(value());
        } else if (argument == "--tiers") {
            options.patterns = split(value());
        } else if (argument == "--csv") {
            options.csv = value();
        } else if (argument == "--markdown") {
            options.markdown = value();
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

// Those of `all` that are named, in their order; all of them where nothing is named.
template <class Row>
std::vector<Row> chosen(const std::vector<Row>& all, const std::vector<std::string>& names, const char* what) {
    const auto is_named = [&names](const Row& row) {
        return std::find(names.begin(), names.end(), row.name) != names.end();
    };
    for (const std::string& name : names) {
        if (std::any_of(all.begin(), all.end(), [&name](const Row& row) { return row.name == name; })) continue;
        std::string known;
        for (const Row& row : all) known += fmt::format("{}{}", known.empty() ? "" : ", ", row.name);
        throw support::UsageError(fmt::format("no {} '{}'; there are: {}", what, name, known));
    }
    if (names.empty()) return all;
    std::vector<Row> result;
    std::copy_if(all.begin(), all.end(), std::back_inserter(result), is_named);
    return result;
}

std::string render(const render::Report& report, std::string_view format, int width) {
    render::RenderOptions options;
    options.width = width;
    return render::find_format(format)->render(report, options);
}

// The constants for every figure: built-in, of one document, or of the fold that holds the figure out.
bench::PriorsOfFigures priors_of(const bench::Figures& figures, const Options& options) {
    const auto read = [](const std::string& path, const std::string& text) {
        return std::make_shared<const evidence::Constants>(text, path);
    };
    if (options.folds.empty()) {
        const auto same = options.priors.empty() ? evidence::builtin_constants()
                                                 : read(options.priors, support::read_file(options.priors));
        return bench::PriorsOfFigures(figures.figures.size(), same);
    }
    bench::PriorsOfFigures result(figures.figures.size());
    for (const std::string& path : support::list_json_documents(options.folds)) {
        const std::string text = support::read_file(path);
        const auto document = support::parse_json(text, path);
        const auto* held_out = document.find("held_out");
        if (held_out == nullptr || held_out->if_array() == nullptr) continue;
        const auto constants = read(path, text);
        for (std::size_t i = 0; i < result.size(); ++i) {
            const auto& names = *held_out->if_array();
            if (std::find(names.begin(), names.end(), support::Json(figures.figures[i].dataset)) == names.end())
                continue;
            if (result[i])
                throw support::UsageError(
                    fmt::format("two documents of {} hold {} out", options.folds, figures.figures[i].dataset));
            result[i] = constants;
        }
    }
    for (std::size_t i = 0; i < result.size(); ++i)
        if (!result[i])
            throw support::UsageError(
                fmt::format("no document of {} holds {} out", options.folds, figures.figures[i].dataset));
    return result;
}

int run(const Options& options) {
    const auto models = chosen(bench::scored_models(), options.models, "model");
    const auto table = bench::patterns();
    const auto patterns =
        chosen(std::vector<bench::Pattern>(table.begin(), table.end()), options.patterns, "pattern of evidence");
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
    const auto outcomes = bench::measure(figures, priors_of(figures, options), patterns, models, options.threads);
    const auto means = bench::mean_scores(figures, patterns, models, outcomes);
    const render::Report report = bench::accuracy_report(figures, patterns, means, measured);

    constexpr int width = 140;  // of the widest table
    fmt::print("{}", render(report, "text", width));
    const auto write = [](const std::string& path, const std::string& bytes) {
        if (!path.empty()) support::write_file_whole(path, bytes);
    };
    write(options.csv, render(report, "csv", width));
    write(options.record, render(bench::record_report(means, measured), "csv", width));
    write(options.markdown, render(report, "markdown", width));
    if (!options.arms.empty())
        write(options.arms, render(bench::arms_report(figures, patterns, models, outcomes), "csv", width));

    if (!record) return 0;
    std::vector<std::string> names;
    for (const auto& model : models) names.push_back(model.name);
    const auto comparison = bench::compare_with_record(*record, patterns, names, means, measured);
    fmt::print("\nAgainst {}: {} rows compared, {} worse\n", options.against, comparison.n_compared,
               comparison.losses.size());
    for (const std::string& note : comparison.notes) fmt::print("  {}\n", note);
    std::fflush(stdout);
    for (const std::string& loss : comparison.losses) fmt::print(stderr, "accuracy: WORSE: {}\n", loss);
    // A record that holds nothing of what was measured guards nothing.
    if (comparison.n_compared == 0) fmt::print(stderr, "accuracy: WORSE: no row of the record was compared\n");
    return comparison.losses.empty() && comparison.n_compared > 0 ? 0
                                                                  : static_cast<int>(support::ExitCode::check_failed);
}

}  // namespace

int main(int argc, char** argv) { return bench::run_program("accuracy", usage_text, argc, argv, parse, run); }
