// Coverage of the bands in trials simulated from known laws: `coverage`, see usage_text.
#include <fmt/format.h>

#include "arguments.hpp"
#include "coverage_identification.hpp"
#include "coverage_measure.hpp"
#include "coverage_report.hpp"
#include "drawn_laws.hpp"
#include "output.hpp"
#include "program.hpp"
#include <optional>
#include <string>
#include <vector>

namespace {

using namespace hersurv;

constexpr std::string_view usage_text = R"(coverage [options]

Simulates trials of two arms from known laws (accrual uniform over 18 months, data cut at 40, drop-out 0.004 a month),
publishes each as papers do, fits it, and compares the bands with the patients and with the law.

  --trials N          trials for each law and number of patients (100; with --identification 200)
  --n N,N,...         patients for each arm (30,100,400,1500)
  --laws A,B,...      only these laws (the eight of the findings and four further ones); drawn: forty drawn at random
  --evidence A,B,...  only these kinds of evidence
  --model NAME        the model of the curves (auto)
  --seed N            of the random numbers (1)
  --identification    instead of the bands: cured shares and shapes that are called determined, and the test of
                      proportional hazards
  --csv FILE          every line as CSV
  --markdown FILE     the tables as Markdown
  --record FILE       write the figures that later runs are compared with: data/coverage.csv, data/identification.csv
  --check FILE        compare with such a file
  --threads N         threads (all processors)
  --help              this text

Exit: 0, or 1 if --check finds coverage more than .01 below the record, a band more than 2% wider, .01 more
contradictions, more rising limits, or a line gone; 2 wrong usage; 3 a file cannot be read; 5 an output cannot be written.
)";

struct Options {
    std::vector<std::string> laws, evidence;
    std::string model = "auto", csv, markdown, record, check;
    std::optional<std::size_t> trials;
    std::vector<std::size_t> n_per_arm;
    std::uint64_t seed = 1;
    int threads = 0;
    bool identification = false, help = false;
};

Options parse(const std::vector<std::string>& given) {
    Options options;
    bench::Arguments arguments(given);
    while (arguments.left()) {
        const std::string& argument = arguments.take();
        if (argument == "--help")
            options.help = true;
        else if (argument == "--identification")
            options.identification = true;
        else if (argument == "--laws")
            options.laws = arguments.list();
        else if (argument == "--evidence")
            options.evidence = arguments.list();
        else if (argument == "--n")
            options.n_per_arm = arguments.whole_numbers();
        else if (argument == "--trials")
            options.trials = arguments.whole_number<std::size_t>(1);
        else if (argument == "--seed")
            options.seed = arguments.whole_number<std::uint64_t>(0);
        else if (argument == "--threads")
            options.threads = arguments.whole_number<int>(1);
        else if (argument == "--model")
            options.model = arguments.value();
        else if (argument == "--csv")
            options.csv = arguments.value();
        else if (argument == "--markdown")
            options.markdown = arguments.value();
        else if (argument == "--record")
            options.record = arguments.value();
        else if (argument == "--check")
            options.check = arguments.value();
        else
            throw support::UsageError("unknown argument '" + argument + "'; --help lists the options");
    }
    if (!options.record.empty() && !options.check.empty())
        throw support::UsageError("--record and --check exclude each other: compare first, then record");
    return options;
}

int run(const Options& options) {
    bench::CoverageOptions measured;
    std::vector<bench::Law> default_laws;
    for (const bench::Law& law : bench::laws())
        if (law.group != bench::LawGroup::test) default_laws.push_back(law);
    measured.laws = options.laws.empty() ? default_laws
                    : options.laws == std::vector<std::string>{"drawn"}
                        ? bench::drawn_laws()
                        : bench::chosen(bench::laws(), options.laws, "law");
    measured.evidence = bench::chosen(bench::simulated_evidence(), options.evidence, "kind of evidence");
    if (!options.n_per_arm.empty()) measured.n_per_arm = options.n_per_arm;
    measured.seed = options.seed;
    measured.threads = options.threads;
    constexpr std::size_t default_trials = 100, default_trials_of_identification = 200;
    measured.trials =
        options.trials.value_or(options.identification ? default_trials_of_identification : default_trials);
    if (options.model != "auto") {
        measured.model = fit::find_model(options.model);
        if (measured.model == nullptr) throw support::UsageError("unknown model '" + options.model + "'");
    }
    if (options.identification) {
        std::optional<bench::CsvTable> record;
        if (!options.check.empty()) record.emplace(options.check);
        const bench::Identification now = bench::measure_identification(measured);
        fmt::print("{}", bench::rendered(now.report, "text"));
        bench::write(options.csv, now.report, "csv");
        bench::write(options.markdown, now.report, "markdown");
        bench::write(options.record, now.record, "csv");
        return record ? bench::tell("coverage", options.check, bench::compare_identification(*record, now)) : 0;
    }
    // Read before the work, so that a wrong path does not cost the run.
    std::optional<bench::CsvTable> record;
    if (!options.check.empty()) record.emplace(options.check);
    const auto lines = bench::coverage_lines(measured, bench::measure_coverage(measured));
    const render::Report report = bench::coverage_report(measured, lines);
    fmt::print("{}", bench::rendered(report, "text"));
    bench::write(options.csv, report, "csv");
    bench::write(options.markdown, report, "markdown");
    bench::write(options.record, bench::coverage_record(measured, lines), "csv");
    return record ? bench::tell("coverage", options.check, bench::compare_coverage(measured, *record, lines)) : 0;
}

}  // namespace

int main(int argc, char** argv) { return bench::run_program("coverage", usage_text, argc, argv, parse, run); }
