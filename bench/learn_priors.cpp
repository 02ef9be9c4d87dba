// Learns the constants of data/priors.json on a folder of digitised Kaplan-Meier figures: `learn_priors DIR`, see
// usage_text.
#include "hersurv/error.hpp"

#include <fmt/format.h>

#include "accuracy_figures.hpp"
#include "evidence/constants.hpp"
#include "learn_document.hpp"
#include "learn_inflation.hpp"
#include "learn_printed.hpp"
#include "learn_process.hpp"
#include "learn_sample.hpp"
#include "program.hpp"
#include "support/file.hpp"
#include "support/json.hpp"
#include "support/parallel.hpp"
#include <array>
#include <charconv>
#include <cstdio>
#include <exception>
#include <map>
#include <set>
#include <string>
#include <system_error>
#include <vector>

namespace {

using namespace hersurv;
using support::Json;

constexpr std::string_view usage_text = R"(learn_priors DIR [options]

Learns the constants of the document of priors (data/priors.json) on the digitised Kaplan-Meier figures of the folder
DIR (index.csv, published.csv, curves.csv, baselines.csv, ipd/).

  -o FILE            write the document learnt on the whole folder
  --check FILE       compare the document learnt on the whole folder with such a file
  --folds N          folds for held-out scoring (5); figures of one trial or publication are in the same
  --folds-out DIR    write fold-1.json ...: the documents learnt without each fold
  --threads N        threads (all processors)
  --help             this text

Exit: 0, or 1 where --check finds another document; 2 wrong usage; 3 DIR or a file cannot be read; 5 an output cannot be
written.
)";

struct Options {
    std::string folder, out, check, folds_out;
    int folds = 5, threads = 0;
    bool help = false;
};

int whole_number(const std::string& option, const std::string& text, int least) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value < least)
        throw support::UsageError(fmt::format("{} needs a whole number from {}, not '{}'", option, least, text));
    return value;
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
        } else if (argument == "-o") {
            options.out = value();
        } else if (argument == "--check") {
            options.check = value();
        } else if (argument == "--folds") {
            options.folds = whole_number(argument, value(), 2);
        } else if (argument == "--folds-out") {
            options.folds_out = value();
        } else if (argument == "--threads") {
            options.threads = whole_number(argument, value(), 1);
        } else if (argument.starts_with("-")) {
            throw support::UsageError("no such option: " + argument + "; --help lists them");
        } else if (options.folder.empty()) {
            options.folder = argument;
        } else {
            throw support::UsageError("one folder only, not also '" + argument + "'");
        }
    }
    if (options.help) return options;
    if (options.folder.empty())
        throw support::UsageError("the folder of digitised figures is missing: learn_priors DIR; --help says more");
    if (options.out.empty() && options.check.empty() && options.folds_out.empty())
        throw support::UsageError("nothing to do: give -o FILE, --check FILE or --folds-out DIR");
    return options;
}

constexpr std::array<const char*, 2> classes = {"PFS", "OS"};  // the longest work first

// The constants that are not learnt, from the document; those that are, at their order of magnitude. The search starts
// there, so that what is learnt does not depend on what was learnt before.
evidence::ProcessConstants design_of(const std::string& endpoint_class) {
    evidence::ProcessConstants c = evidence::builtin_constants()->process(endpoint_class);
    for (std::size_t k = 0; k < c.knots.size(); ++k) c.values[k] = 1.6 * c.knots[k];
    c.early_slope_by_median = c.late_slope_by_median = c.early_slope_by_median_squared =
        c.late_slope_by_median_squared = 0;
    c.slope_variance = 0.03;
    c.curvature_variance = 0.003;
    c.walk_variance = 0.003;
    c.wiggle_variance = 0.01;
    c.wiggle_length = 3;
    c.arm_correlation = 0.5;
    c.noise_per_patient = 1;
    c.nugget_sd = 0.003;
    c.median_rounding_factor = 2;
    if (c.scans) {
        c.scans->share_at_assessments = 0.7;
        c.scans->assessment_sd = 0.1;
        c.scans->crossing_weight = 1;
        c.scans->progression_shape = 1.2;
        for (auto& [cancer, shares] : c.scans->prior)
            shares.assign(c.scans->months.size(), 1.0 / static_cast<double>(c.scans->months.size()));
    }
    return c;
}

// What is learnt without the figures of some folds.
struct Work {
    std::set<std::size_t> without;
    std::array<bench::LearntClass, classes.size()> learnt;
    Json document;
};

std::string provenance_of(const Work& work, std::size_t n_figures, std::size_t n_held_out, int n_folds) {
    const std::string from = fmt::format(
        "Learnt by bench/learn_priors on {} of {} digitised Kaplan-Meier figures of phase III trials in metastatic "
        "breast, "
        "lung, colorectal and prostate cancer published 2014-2016 (R package kmdata 1.0.1, Redd, MIT licence), as "
        "described in docs/method.md, section Constants.",
        n_figures - n_held_out, n_figures);
    if (work.without.empty()) return from;
    return from + fmt::format(" Held out: fold {} of {}; figures of one trial or publication are in the same fold.",
                              *work.without.begin() + 1, n_folds);
}

constexpr std::string_view provenance_of_process =
    "Constants of the conditioned Gaussian process of docs/method.md on y = logit(1 - S) against u = log(t / median). "
    "Mean, kernel, kn, nug, pin and scan schedules: Gaussian likelihood of the curves at 30 points per arm, both arms "
    "of a "
    "figure jointly, with the mean by generalised least squares inside it and the schedules as a mixture. Limits and "
    "ties: "
    "regression of the curves on the printed numbers. Inflation: coverage of held-out curves. By design: the knots, "
    "the "
    "typical medians, the bounds, the slopes of plug-in and rounding, the schedules' months, lambda (1: the density of "
    "a "
    "crossing), sd_milestone (rounding to 1%) and the grid of medians that were not reached.";

// The bands of the constants learnt without some folds are widened by what the constants learnt without one fold more
// miss of that fold.
std::vector<Work> works_of(const Options& options) {
    const auto n_folds = static_cast<std::size_t>(options.folds);
    std::vector<Work> works;
    if (!options.out.empty() || !options.check.empty()) works.push_back({{}, {}, {}});
    for (std::size_t k = 0; k < n_folds; ++k) works.push_back({{k}, {}, {}});
    if (!options.folds_out.empty())
        for (std::size_t k = 0; k < n_folds; ++k)
            for (std::size_t j = k + 1; j < n_folds; ++j) works.push_back({{k, j}, {}, {}});
    return works;
}

class Learning {
  public:
    Learning(const Options& options, const bench::Figures& figures)
        : options_(options),
          sample_(bench::read_sample(figures, options.folder)),
          fold_(bench::folds_of(sample_, static_cast<std::size_t>(options.folds))),
          works_(works_of(options)) {}

    // The constants of every work, as its document.
    void learn() {
        support::parallel_for(works_.size() * classes.size(), options_.threads, [&](std::size_t job) {
            Work& work = works_[job % works_.size()];
            const char* const endpoint_class = classes[job / works_.size()];
            std::vector<const bench::SampleFigure*> learnt_from;
            for (std::size_t i = 0; i < sample_.size(); ++i)
                if (!work.without.contains(fold_[i])) learnt_from.push_back(&sample_[i]);
            bench::LearntClass& learnt = work.learnt[job / works_.size()];
            learnt.process = bench::learn_process(learnt_from, design_of(endpoint_class));
            learnt.limits = bench::learn_limits(learnt_from, learnt.process.constants);
            learnt.ties = bench::learn_ties(learnt_from, endpoint_class);
        });
        for (Work& work : works_) {
            find_[work.without] = &work;
            work.document = support::parse_json(evidence::builtin_constants_text(), "data/priors.json");
            for (const bench::LearntClass& learnt : work.learnt) bench::store(learnt, work.document);
        }
    }

    // Widens the bands and writes or checks the documents that are asked for; the exit code.
    int finish() {
        int status = 0;
        for (Work& work : works_) {
            if (work.without.size() == 2 || (!work.without.empty() && options_.folds_out.empty())) continue;
            Json::Array left_out = widen(work);
            if (!work.without.empty()) {
                bench::member(work.document, "held_out") = std::move(left_out);
                support::write_file_whole(fmt::format("{}/fold-{}.json", options_.folds_out, *work.without.begin() + 1),
                                          bench::document_text(work.document));
                continue;
            }
            const std::string text = bench::document_text(work.document);
            if (!options_.out.empty()) support::write_file_whole(options_.out, text);
            if (!options_.check.empty() && support::read_file(options_.check) != text) {
                fmt::print(stderr, "learn_priors: {} is not what is learnt on {}\n", options_.check, options_.folder);
                status = static_cast<int>(support::ExitCode::check_failed);
            }
        }
        return status;
    }

  private:
    // Stores the inflation of the bands and where everything comes from; the figures that were left out.
    Json::Array widen(Work& work) {
        std::vector<bench::HeldOutFigure> held_out;
        Json::Array left_out;
        for (std::size_t i = 0; i < sample_.size(); ++i) {
            if (work.without.contains(fold_[i])) {
                left_out.emplace_back(sample_[i].figure->dataset);
                continue;
            }
            auto one_more = work.without;
            one_more.insert(fold_[i]);
            held_out.push_back({sample_[i].figure, &find_.at(one_more)->document});
        }
        const auto inflation = bench::learn_inflation(held_out, options_.threads);
        for (const auto& [endpoint_class, factor] : inflation)
            bench::store_inflation(endpoint_class, factor, work.document);
        bench::member(work.document, "provenance") =
            provenance_of(work, sample_.size(), left_out.size(), options_.folds);
        bench::member(bench::member(work.document, "process"), "provenance") = provenance_of_process;
        for (const bench::LearntClass& learnt : work.learnt) {
            const std::string& endpoint_class = learnt.process.constants.endpoint_class;
            fmt::print("{}{}: {} arms, {} points, log likelihood {:.2f}{}; {} limits, {} pairs; inflation {:.2f}\n",
                       endpoint_class, left_out.empty() ? "" : fmt::format(" without {} figures", left_out.size()),
                       learnt.process.n_arms, learnt.process.n_points, learnt.process.log_likelihood,
                       learnt.process.converged ? "" : " (not converged)", learnt.limits.n_limits, learnt.ties.n_pairs,
                       inflation.at(endpoint_class));
        }
        return left_out;
    }

    const Options& options_;
    std::vector<bench::SampleFigure> sample_;
    std::vector<std::size_t> fold_;
    std::vector<Work> works_;
    std::map<std::set<std::size_t>, Work*> find_;
};

int run(const Options& options) {
    if (!support::is_folder(options.folder)) {
        fmt::print(stderr, "learn_priors: there is no folder '{}'\n", options.folder);
        return static_cast<int>(support::ExitCode::bad_input);
    }
    const bench::Figures figures = bench::read_figures(options.folder);
    Learning learning(options, figures);
    learning.learn();
    return learning.finish();
}

}  // namespace

int main(int argc, char** argv) { return bench::run_program("learn_priors", usage_text, argc, argv, parse, run); }
