// Accuracy of digitised figures: `digitise DIR`, see usage_text.
#include <fmt/format.h>

#include "arguments.hpp"
#include "digitise_figures.hpp"
#include "program.hpp"
#include "support/file.hpp"
#include "support/parallel.hpp"
#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <string>
#include <sys/resource.h>
#include <vector>

namespace {

using namespace hersurv;
using bench::DrawnFigure;
using bench::FigureScore;
using digitise::Verdict;

constexpr std::string_view usage_text = R"(digitise DIR [options]

Digitises the drawn figures of the folder DIR (figures.json, images/, vector/, truth/) and compares the curves with the
truth: mean absolute error of S over (0, end of the curve or the axis], arms in the better order.

  --mode M           raster, pdf or svg (raster)
  --axes-given       the ranges of both axes are given
  --only LIST        identifiers of figures
  --every N          every N-th figure only
  --by-construct     tables by engine, style, limits, JPEG, grid and width
  --record FILE      every figure as CSV, which later runs are held against: data/digitise_accuracy.csv
  --against FILE     compare with such a file
  --threads N        threads (1: seconds are those of a figure alone)
  --help             this text

Exit: 0, or 1 where --against finds a figure that is worse; 2 wrong usage; 3 DIR cannot be read; 5 an output cannot be written.
)";

struct Options {
    std::string folder, record, against;
    bench::FigureMode mode = bench::FigureMode::raster;
    std::vector<std::string> only;
    int every = 1, threads = 1;
    bool axes_given = false, by_construct = false, help = false;
};

Options parse(const std::vector<std::string>& given) {
    Options options;
    bench::Arguments arguments(given);
    while (arguments.left()) {
        const std::string argument = arguments.take();
        if (argument == "--help")
            options.help = true;
        else if (argument == "--axes-given")
            options.axes_given = true;
        else if (argument == "--by-construct")
            options.by_construct = true;
        else if (argument == "--record")
            options.record = arguments.value();
        else if (argument == "--against")
            options.against = arguments.value();
        else if (argument == "--only")
            options.only = arguments.list();
        else if (argument == "--every")
            options.every = arguments.whole_number<int>(1);
        else if (argument == "--threads")
            options.threads = arguments.whole_number<int>(0);
        else if (argument == "--mode") {
            const std::string mode = arguments.value();
            if (mode == "raster")
                options.mode = bench::FigureMode::raster;
            else if (mode == "pdf")
                options.mode = bench::FigureMode::pdf;
            else if (mode == "svg")
                options.mode = bench::FigureMode::svg;
            else
                throw support::UsageError("unknown mode '" + mode + "'; known: raster, pdf, svg");
        } else if (argument.starts_with("--") || !options.folder.empty())
            throw support::UsageError("unknown argument '" + argument + "'; see --help");
        else
            options.folder = argument;
    }
    if (options.folder.empty() && !options.help) throw support::UsageError("name a folder of figures; see --help");
    return options;
}

double median(std::vector<double> values) {
    if (values.empty()) return std::nan("");
    std::ranges::sort(values);
    return values[values.size() / 2];
}

double mean(const std::vector<double>& values) {
    double sum = 0;
    for (const double value : values) sum += value;
    return values.empty() ? std::nan("") : sum / static_cast<double>(values.size());
}

void print_summary(const std::vector<FigureScore>& scores) {
    const double n = static_cast<double>(scores.size());
    const auto count = [&](const auto& holds) { return static_cast<int>(std::ranges::count_if(scores, holds)); };
    const auto line = [&](std::string_view what, int found, double of) {
        fmt::print("{:46} {:4} of {:4.0f}  {:5.1f}%\n", what, found, of, of > 0 ? 100 * found / of : 0.0);
    };
    line("axes read", count([](const FigureScore& score) { return score.axes_read; }), n);
    line("axes wrong", count([](const FigureScore& score) { return score.axes_wrong; }), n);
    const int right = count([](const FigureScore& score) { return score.within(.01); });
    line("all curves < .01", right, n);
    line("all curves < .005", count([](const FigureScore& score) { return score.within(.005); }), n);
    line("wrong (> .01) and sure", count([](const FigureScore& score) { return score.wrong_unannounced(); }), n);
    line("of those < .01: doubtful",
         count([](const FigureScore& score) { return score.within(.01) && score.verdict == Verdict::doubtful; }),
         right);
    line("of those < .01: refused",
         count([](const FigureScore& score) { return score.within(.01) && score.verdict == Verdict::refused; }), right);
    line("not read", count([](const FigureScore& score) { return !score.read; }), n);
    std::vector<double> errors, sure_errors, seconds;
    int cells = 0, cells_right = 0, cells_wrong = 0;
    for (const FigureScore& score : scores) {
        seconds.push_back(score.seconds);
        cells += score.cells, cells_right += score.cells_right, cells_wrong += score.cells_wrong;
        if (score.verdict == Verdict::refused) continue;
        for (const double error : score.errors) {
            errors.push_back(error);
            if (score.verdict == Verdict::sure) sure_errors.push_back(error);
        }
    }
    std::vector<double> patient_errors;
    for (const FigureScore& score : scores)
        patient_errors.insert(patient_errors.end(), score.patient_errors.begin(), score.patient_errors.end());
    fmt::print("error of S of the reconstructed patients: median {:.4f}, mean {:.4f} of {} arms\n",
               median(patient_errors), mean(patient_errors), patient_errors.size());
    line("cells of numbers at risk right", cells_right, cells);
    line("cells of numbers at risk wrong", cells_wrong, cells);
    fmt::print("error of S, not refused: median {:.4f}, mean {:.4f}; sure: median {:.4f}, mean {:.4f}\n",
               median(errors), mean(errors), median(sure_errors), mean(sure_errors));
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    fmt::print("seconds a figure: median {:.2f}, mean {:.2f}, most {:.2f}; memory at most {:.0f} MB\n", median(seconds),
               mean(seconds), seconds.empty() ? 0 : std::ranges::max(seconds),
               static_cast<double>(usage.ru_maxrss) / 1024);
}

void print_constructs(const std::vector<DrawnFigure>& figures, const std::vector<FigureScore>& scores) {
    using Key = std::function<std::string(const DrawnFigure&)>;
    const std::vector<std::pair<std::string_view, Key>> constructs = {
        {"engine", [](const DrawnFigure& figure) { return figure.engine; }},
        {"style", [](const DrawnFigure& figure) { return figure.style; }},
        {"confidence limits", [](const DrawnFigure& figure) { return figure.limits; }},
        {"JPEG quality",
         [](const DrawnFigure& figure) { return figure.jpeg > 0 ? std::to_string(figure.jpeg) : "PNG"; }},
        {"grid", [](const DrawnFigure& figure) { return figure.grid; }},
        {"censor marks", [](const DrawnFigure& figure) { return figure.censor_marks; }},
        {"width", [](const DrawnFigure& figure) {
             return figure.width < 800 ? "below 800" : figure.width < 1200 ? "800 to 1199" : "1200 and more";
         }}};
    for (const auto& [name, key] : constructs) {
        struct Row {
            int n = 0, right = 0, wrong_sure = 0, doubtful = 0;
        };
        std::map<std::string, Row> rows;
        for (std::size_t i = 0; i < figures.size(); ++i) {
            Row& row = rows[key(figures[i])];
            ++row.n;
            row.right += scores[i].within(.01);
            row.wrong_sure += scores[i].wrong_unannounced();
            row.doubtful += scores[i].within(.01) && scores[i].verdict != Verdict::sure;
        }
        fmt::print("\n{:18} {:>8} {:>8} {:>14} {:>16}\n", name, "figures", "< .01", "wrong, sure", "right, not sure");
        for (const auto& [value, row] : rows)
            fmt::print("{:18} {:8} {:8} {:14} {:16}\n", value, row.n, row.right, row.wrong_sure, row.doubtful);
    }
}

int run(const Options& options) {
    std::vector<DrawnFigure> figures = bench::read_drawn_figures(options.folder);
    if (!options.only.empty())
        std::erase_if(figures, [&](const DrawnFigure& figure) {
            return std::ranges::find(options.only, figure.id) == options.only.end();
        });
    if (options.every > 1) {
        std::size_t kept = 0;
        for (std::size_t i = 0; i < figures.size(); i += static_cast<std::size_t>(options.every))
            figures[kept++] = figures[i];
        figures.resize(kept);
    }
    std::vector<FigureScore> scores(figures.size());
    support::parallel_for(figures.size(), options.threads, [&](std::size_t i) {
        scores[i] = bench::score_figure(options.folder, figures[i], options.mode, options.axes_given);
    });
    print_summary(scores);
    if (options.by_construct) print_constructs(figures, scores);
    if (!options.record.empty()) support::write_file_whole(options.record, bench::record_of(figures, scores));
    if (options.against.empty()) return 0;
    const std::vector<std::string> worse = bench::worse_than(options.against, scores);
    for (const std::string& one : worse) fmt::print("worse: {}\n", one);
    fmt::print("against {}: {} of {} figures worse\n", options.against, worse.size(), scores.size());
    return worse.empty() ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) { return bench::run_program("digitise", usage_text, argc, argv, parse, run); }
