// Speed of the library: what one fit, one document and one table cost, without the start of a process (bench/process
// measures that).
#include "hersurv/catalogue/library.hpp"
#include "hersurv/curve/curve.hpp"
#include "hersurv/fit/fit.hpp"
#include "hersurv/report/answers.hpp"
#include "hersurv/report/format.hpp"

#include <benchmark/benchmark.h>

#include <memory>

namespace {

using namespace hersurv;

catalogue::Library& library() {
    static catalogue::Library built_in{catalogue::LibraryOptions{}};
    return built_in;
}

std::shared_ptr<const evidence::AnalysisEvidence> evidence_of(const char* trial, const char* analysis) {
    const auto* record = library().find(trial);
    return std::make_shared<const evidence::AnalysisEvidence>(
        evidence::gather(*record, *record->find_analysis(analysis)));
}

void read_one_trial(benchmark::State& state) {
    for (auto _ : state) {
        catalogue::Library fresh{catalogue::LibraryOptions{}};
        benchmark::DoNotOptimize(fresh.select({"CLEOPATRA"}));
    }
}
BENCHMARK(read_one_trial)->Unit(benchmark::kMicrosecond);

void read_all_trials(benchmark::State& state) {
    for (auto _ : state) {
        catalogue::Library fresh{catalogue::LibraryOptions{}};
        benchmark::DoNotOptimize(fresh.select({}));
    }
}
BENCHMARK(read_all_trials)->Unit(benchmark::kMillisecond);

void gather_observations(benchmark::State& state) {
    const auto* trial = library().find("CLEOPATRA");
    const auto* analysis = trial->find_analysis("os-end-of-study");
    for (auto _ : state) benchmark::DoNotOptimize(evidence::gather(*trial, *analysis));
}
BENCHMARK(gather_observations)->Unit(benchmark::kMicrosecond);

// Both arms of one analysis; the argument is the row of the table of models.
void fit_model(benchmark::State& state) {
    const auto evidence = evidence_of("CLEOPATRA", "os-2015");
    const fit::Model& model = fit::models()[static_cast<std::size_t>(state.range(0))];
    state.SetLabel(std::string(model.name));
    for (auto _ : state) benchmark::DoNotOptimize(fit::fit(evidence, model));
}
BENCHMARK(fit_model)->DenseRange(0, static_cast<int>(fit::models().size()) - 1)->Unit(benchmark::kMicrosecond);

void curve_of_100_months(benchmark::State& state) {
    const auto fitted = fit::fit(evidence_of("CLEOPATRA", "os-2015"), *fit::find_model("weibull"));
    std::vector<double> times;
    for (int month = 0; month <= 100; ++month) times.push_back(month);
    for (auto _ : state)
        benchmark::DoNotOptimize(curve::survival_curve(fitted, 0, times, {curve::Band::population, 0.95}));
}
BENCHMARK(curve_of_100_months)->Unit(benchmark::kMicrosecond);

void report_as_text(benchmark::State& state) {
    const auto* trial = library().find("CLEOPATRA");
    report::AnalysisFit fit{trial, trial->find_analysis("os-2015"), evidence_of("CLEOPATRA", "os-2015"), {}};
    fit.models.push_back(fit::fit(fit.evidence, *fit::find_model("weibull")));
    const std::vector<report::AnalysisFit> fits = {fit};
    for (auto _ : state)
        benchmark::DoNotOptimize(report::find_format("text")->render(report::fit_report(fits, {}, {}), {}));
}
BENCHMARK(report_as_text)->Unit(benchmark::kMicrosecond);

}  // namespace
