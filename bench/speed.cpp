// Speed of the library: what one fit, one document and one table cost, without the start of a process (bench/process
// measures that).
#include "hersurv/catalogue.hpp"
#include "hersurv/estimates.hpp"
#include "hersurv/fit.hpp"
#include "hersurv/patients.hpp"

#include <benchmark/benchmark.h>

#include "cli/command.hpp"
#include "cli/run.hpp"
#include "render/formats.hpp"
#include "report/fit_report.hpp"
#include "report/patients_text.hpp"
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <sstream>
#include <string>
#include <sys/resource.h>
#include <vector>

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

void fit_all_models(benchmark::State& state) {
    const auto evidence = evidence_of("CLEOPATRA", "os-2015");
    std::vector<const fit::Model*> models;
    for (const fit::Model& model : fit::models()) models.push_back(&model);
    for (auto _ : state) benchmark::DoNotOptimize(fit::fit(evidence, models));
}
BENCHMARK(fit_all_models)->Unit(benchmark::kMillisecond);

// The flexible model and its curve where 0, 1 or both medians were not reached: those are looked for on a grid.
void fit_flexible(benchmark::State& state, const char* endpoint) {
    const auto medians_not_reached = state.range(0);
    catalogue::TypedTrial typed;
    typed.endpoint = endpoint;
    const char* const reached[] = {"name=A n=300 events=200 follow-up=30 median=16.0[14.1,18.2]",
                                   "name=B n=300 events=220 follow-up=30 median=12.0[10.6,13.9]"};
    const char* const not_reached[] = {"name=A n=300 events=90 follow-up=30 median=NR[28.1,NE] S(24)=0.72",
                                       "name=B n=300 events=110 follow-up=30 median=NR[25.2,NE] S(24)=0.66"};
    for (int arm = 0; arm < 2; ++arm)
        typed.arms.emplace_back(arm < medians_not_reached ? not_reached[arm] : reached[arm]);
    typed.hazard_ratios = {medians_not_reached == 1 ? "0.45[0.35,0.58]" : "0.79[0.65,0.96]"};
    const catalogue::Trial trial = catalogue::trial_from_text(typed);
    const auto evidence =
        std::make_shared<const evidence::AnalysisEvidence>(evidence::gather(trial, trial.analyses.front()));
    for (auto _ : state) benchmark::DoNotOptimize(fit::fit(evidence, *fit::find_model("flexible")));
}
BENCHMARK_CAPTURE(fit_flexible, OS, "OS")->DenseRange(0, 2)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(fit_flexible, PFS, "PFS")->DenseRange(0, 2)->Unit(benchmark::kMillisecond);

// `fit` on a catalogue of JSON lines: time goes with the number of lines, memory does not.
void json_lines(benchmark::State& state) {
    const std::string file = std::filesystem::temp_directory_path() / "hersurv-speed.jsonl";
    {
        std::ofstream out(file);
        for (std::int64_t line = 0; line < state.range(0); ++line) {
            const std::string name = "T" + std::to_string(line);
            out << R"({"format":"hersurv-catalogue","version":1,"sources":{"paper":{"citation":"A paper"}},"trials":[)"
                << R"({"id":")" << name << R"(","arms":[{"id":"a","name":"A","role":"experimental","n":402},)"
                << R"({"id":"b","name":"B","role":"control","n":406}],"analyses":[{"id":"os","endpoint":"OS","arms":{)"
                << R"("a":{"median":{"value":57.1,"lower":50,"upper":72,"source":"paper"}},)"
                << R"("b":{"median":{"value":40.8,"lower":36,"upper":48,"source":"paper"}}}}]}]})" << '\n';
        }
    }
    const char* const arguments[] = {"hersurv", "fit", "--catalogue", file.c_str(), "--format", "jsonl", "--quiet"};
    for (auto _ : state) {
        std::ofstream nowhere("/dev/null");
        std::istringstream in;
        std::ostringstream errors;
        if (cli::run(static_cast<int>(std::size(arguments)), arguments, {in, nowhere, errors}) != 0) {
            state.SkipWithError(errors.str().c_str());
            break;
        }
    }
    std::filesystem::remove(file);
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    state.counters["peak_MB"] = static_cast<double>(usage.ru_maxrss) / 1024;
    state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(json_lines)->RangeMultiplier(10)->Range(1, 10000)->Unit(benchmark::kMillisecond);

// One arm of 500 patients, digitised in 120 points: with numbers at risk and events, and without either.
void reconstruct_patients(benchmark::State& state, bool at_risk_and_events) {
    patients::DigitisedArm arm;
    for (int i = 0; i < 120; ++i) {
        const double time = 0.4 * i + 0.05 * (i % 3), wobble = 0.003 * ((i * 7) % 5 - 2);
        arm.clicks.push_back({time, std::clamp(std::exp2(-time / 16) + wobble, 0.0, 1.0)});
    }
    arm.n_patients = 500;
    if (at_risk_and_events) {
        arm.n_events = 330;
        for (int tick = 0; tick < 8; ++tick)
            arm.at_risk.push_back({6.0 * tick, static_cast<std::size_t>(500 * std::exp2(-6.0 * tick / 13))});
    }
    for (auto _ : state) benchmark::DoNotOptimize(patients::reconstruct({arm}));
}
BENCHMARK_CAPTURE(reconstruct_patients, at_risk_and_events, true)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(reconstruct_patients, n_alone, false)->Unit(benchmark::kMicrosecond);

// Replicates of a trial of 808 patients, as drawn and as text: plain draws, and such as have the published numbers.
void simulate_patients(benchmark::State& state, patients::Calibration calibration, bool as_text) {
    const patients::Simulation simulation(
        fit::fit(evidence_of("CLEOPATRA", "os-end-of-study"), *fit::find_model("flexible")),
        {.calibration = calibration, .seed = 1});
    report::PatientsText writer("csv", {.replicate = true});
    std::uint64_t replicate = 0;
    std::int64_t n_patients = 0;
    std::string text;
    for (auto _ : state) {
        const std::vector<patients::Arm> arms = simulation.draw(++replicate);
        text.clear();
        if (as_text) writer.append(text, arms, {.replicate = replicate});
        benchmark::DoNotOptimize(text);
        for (const patients::Arm& arm : arms) n_patients += static_cast<std::int64_t>(arm.patients.size());
    }
    state.SetItemsProcessed(n_patients);
}
BENCHMARK_CAPTURE(simulate_patients, plain, patients::Calibration::none, false)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(simulate_patients, plain_csv, patients::Calibration::none, true)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(simulate_patients, published, patients::Calibration::published, false)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(simulate_patients, published_csv, patients::Calibration::published, true)
    ->Unit(benchmark::kMicrosecond);

void prepare_simulation(benchmark::State& state) {
    const auto fitted = fit::fit(evidence_of("CLEOPATRA", "os-end-of-study"), *fit::find_model("flexible"));
    for (auto _ : state) benchmark::DoNotOptimize(patients::Simulation(fitted, {}));
}
BENCHMARK(prepare_simulation)->Unit(benchmark::kMicrosecond);

void curve_of_100_months(benchmark::State& state) {
    const auto fitted = fit::fit(evidence_of("CLEOPATRA", "os-2015"), *fit::find_model("weibull"));
    std::vector<double> times;
    for (int month = 0; month <= 100; ++month) times.push_back(month);
    for (auto _ : state) benchmark::DoNotOptimize(fit::survival_curve(fitted, 0, times, {fit::Band::population, 0.95}));
}
BENCHMARK(curve_of_100_months)->Unit(benchmark::kMicrosecond);

void report_as_text(benchmark::State& state) {
    const auto* trial = library().find("CLEOPATRA");
    report::AnalysisFit fit{trial, trial->find_analysis("os-2015"), evidence_of("CLEOPATRA", "os-2015"), {}};
    fit.models.push_back(fit::fit(fit.evidence, *fit::find_model("weibull")));
    const std::vector<report::AnalysisFit> fits = {fit};
    for (auto _ : state)
        benchmark::DoNotOptimize(render::find_format("text")->render(report::fit_report(fits, {}, {}), {}));
}
BENCHMARK(report_as_text)->Unit(benchmark::kMicrosecond);

}  // namespace
