// Cured shares, parameters of families and proportional hazards in simulated trials.
#include "coverage_identification.hpp"

#include "hersurv/evidence.hpp"

#include <fmt/ranges.h>

#include "accuracy_patterns.hpp"
#include "render/columns.hpp"
#include "report/numbers.hpp"
#include "support/parallel.hpp"
#include <algorithm>
#include <cmath>
#include <memory>
#include <tuple>

namespace hersurv::bench {
namespace {

constexpr double z_95 = 1.959963984540054;

enum class Part { cured_share, parameter, proportional_hazards };

std::string word(Part part) {
    switch (part) {
        case Part::cured_share:
            return "cured-share";
        case Part::parameter:
            return "parameter";
        case Part::proportional_hazards:
            break;
    }
    return "proportional-hazards";
}

// All cure families together: called and hit if one of them is.
constexpr std::string_view any_family = "any of them";

// What one trial says.
struct Judgement {
    Part part = Part::cured_share;
    std::string evidence, model;
    bool asked = true;    // there is a curve, or the hazards can be tested
    bool called = false;  // determined; contradicted
    bool hit = false;     // of the called: excludes 0, holds the truth; of proportional hazards: p < .05
    double estimate = 0;
};

// Judgements of the same kind, counted.
struct Count {
    std::size_t n_trials = 0, n_asked = 0, n_called = 0, n_hit = 0;
    double sum_of_estimates = 0;
};

struct Setup {
    Law law;
    bool long_follow_up = false;
    std::size_t n = 0;
    Schedule schedule;
};

constexpr int milestones_of_long_follow_up = 4;

std::vector<PrintedRecord> publish_trial(const Setup& setup, const SimulatedEvidence& evidence,
                                         const TwoArms& patients) {
    PublishOptions publish;
    publish.follow_up = evidence.follow_up;
    publish.milestone_months = milestone_months("OS");
    fit::Pattern pattern = evidence.printed;
    if (setup.long_follow_up && pattern.printed.milestones > 0) {
        publish.milestone_months = {12, 24, 60, 96};
        pattern.printed.milestones = milestones_of_long_follow_up;
    }
    const DigitisedFigure figure = published(frame_of_simulation(setup.law.name), patients, publish);
    return records_of(figure, printable(pattern, figure), publish.milestone_months);
}

struct WaldInterval {
    double estimate = 0, lower = 0, upper = 0;
};

// Of a natural parameter, as `fit` quotes it: estimate and standard error.
WaldInterval interval_of(const fit::FittedModel& model, std::size_t arm, std::size_t parameter) {
    const double estimate = model.arms[arm].parameters[parameter];
    const double error = std::sqrt(std::max(0.0, model.natural_covariance(arm)(parameter, parameter)));
    return {estimate, estimate - z_95 * error, estimate + z_95 * error};
}

constexpr std::size_t experimental = 1;

void judge_cured_shares(const fit::Fitter& fitter, const std::string& evidence, std::vector<Judgement>& judgements) {
    Judgement any{Part::cured_share, evidence, std::string(any_family), false, false, false, 0};
    for (const fit::Model& model : fit::parametric_models()) {
        if (model.family->uncured == nullptr) continue;
        const fit::FittedModel fitted = fitter.fit(model);
        Judgement judgement{
            Part::cured_share, evidence, std::string(model.name), fitted.fitted(experimental), false, false, 0};
        if (judgement.asked) {
            const auto interval = interval_of(fitted, experimental, model.family->parameters.size() - 1);
            judgement.estimate = interval.estimate;
            judgement.called = says_determined(fitted, experimental);
            // A cured share at the end of its range is the model without one.
            constexpr double nobody = 1e-4;
            // The limits that `fit` quotes with it, where it has them.
            const auto& limits = fitted.arms[experimental].parameter_limits;
            judgement.hit = judgement.called && (limits.empty() ? interval.lower : limits.back().first) > nobody;
        }
        any.asked = any.asked || judgement.asked;
        any.called = any.called || judgement.called;
        any.hit = any.hit || judgement.hit;
        judgements.push_back(judgement);
    }
    judgements.push_back(any);
}

void judge_parameters(const fit::Fitter& fitter, const std::string& evidence, const std::vector<TrueParameter>& truths,
                      std::vector<Judgement>& judgements) {
    for (const TrueParameter& truth : truths) {
        const fit::Model& model = *fit::find_model(truth.family);
        const fit::FittedModel fitted = fitter.fit(model);
        const std::string name = fmt::format("{} {}", model.name, model.family->parameters[truth.parameter].name);
        Judgement judgement{Part::parameter, evidence, name, fitted.fitted(experimental), false, false, 0};
        if (judgement.asked) {
            judgement.estimate = fitted.arms[experimental].parameters[truth.parameter];
            judgement.called = says_determined(fitted, experimental);
            if (judgement.called) {
                const auto [lower, upper] = fitted.arms[experimental].parameter_limits.at(truth.parameter);
                judgement.hit = lower <= truth.value && truth.value <= upper;
            }
        }
        judgements.push_back(judgement);
    }
}

void judge_proportionality(const PrintedRecord& record, const evidence::AnalysisEvidence& published,
                           const std::string& evidence, std::vector<Judgement>& judgements) {
    for (const auto& test : evidence::check_proportional_hazards(record.trial.analyses.front(), published)) {
        Judgement judgement{Part::proportional_hazards, evidence, "", test.p_value.has_value(), false, false, 0};
        judgement.called = test.verdict == evidence::Proportionality::contradicted;
        judgement.hit = test.p_value && *test.p_value < 0.05;
        if (judgement.asked && test.degrees_of_freedom > 0)
            judgement.estimate = test.chi_squared / test.degrees_of_freedom;
        judgements.push_back(judgement);
    }
}

std::vector<Judgement> judge_trial(const CoverageOptions& options, const Setup& setup, std::size_t trial) {
    std::vector<Judgement> judgements;
    const TwoArms patients = draw_trial(setup.law, setup.n, setup.schedule, options.seed, trial);
    for (const SimulatedEvidence& evidence : options.evidence) {
        const bool full = evidence.name == "full", cures = full && setup.law.group != LawGroup::test;
        const bool parameters = !setup.law.parameters.empty() && !setup.long_follow_up &&
                                evidence.follow_up == FollowUpKind::reverse_kaplan_meier;
        const bool tests = full || (evidence.name == "tier-a" && !setup.long_follow_up);
        if (!cures && !parameters && !tests) continue;
        const std::string name(evidence.name);
        for (const PrintedRecord& record : publish_trial(setup, evidence, patients)) {
            const auto published = std::make_shared<const evidence::AnalysisEvidence>(
                evidence::gather(record.trial, record.trial.analyses.front()));
            if (tests) judge_proportionality(record, *published, name, judgements);
            if (!cures && !parameters) continue;
            const fit::Fitter fitter(published);
            if (cures) judge_cured_shares(fitter, name, judgements);
            if (parameters) judge_parameters(fitter, name, setup.law.parameters, judgements);
        }
    }
    return judgements;
}

std::vector<Setup> setups_of(const CoverageOptions& options) {
    const auto& all = laws();
    const Law& plateau = *std::ranges::find(all, std::string_view("cure"), &Law::name);
    std::vector<Law> judged = options.laws;
    for (const Law& law : all)
        if (law.group == LawGroup::test && std::ranges::find(judged, law.name, &Law::name) == judged.end())
            judged.push_back(law);
    std::vector<Setup> setups;
    for (const Law& law : judged)
        for (const bool long_follow_up : {false, true}) {
            if (long_follow_up && law.group == LawGroup::test) continue;
            for (const std::size_t n : options.n_per_arm) {
                Setup setup{law, long_follow_up, n, options.schedule};
                // Median potential follow-up is the cut less half of the accrual.
                if (long_follow_up)
                    setup.schedule.cut_months = 2 * plateau_months(plateau) + 0.5 * setup.schedule.accrual_months;
                setups.push_back(setup);
            }
        }
    return setups;
}

struct Line {
    Part part = Part::cured_share;
    std::string law, follow_up, evidence, model;
    double cured = 0;
    bool proportional = false;
    std::size_t n = 0;
    Count count;

    [[nodiscard]] render::Number share(std::size_t of_count, std::size_t of, int decimals = 3) const {
        if (of == 0) return report::missing();
        return render::Number::derived(static_cast<double>(of_count) / static_cast<double>(of), decimals);
    }
    [[nodiscard]] render::Number mean_estimate() const {
        if (count.n_asked == 0 || model == any_family) return report::missing();
        return render::Number::derived(count.sum_of_estimates / static_cast<double>(count.n_asked), 3);
    }
};

std::vector<Line> measure_lines(const CoverageOptions& options) {
    const std::vector<Setup> setups = setups_of(options);
    std::vector<std::vector<Judgement>> judgements(setups.size() * options.trials);
    support::parallel_for(judgements.size(), options.threads, [&](std::size_t i) {
        judgements[i] = judge_trial(options, setups[i / options.trials], i % options.trials);
    });
    std::vector<Line> lines;
    for (std::size_t s = 0; s < setups.size(); ++s) {
        const std::size_t first = lines.size();
        for (std::size_t trial = 0; trial < options.trials; ++trial)
            for (const Judgement& judgement : judgements[s * options.trials + trial]) {
                const auto same = [&](const Line& line) {
                    return line.part == judgement.part && line.evidence == judgement.evidence &&
                           line.model == judgement.model;
                };
                auto found = std::find_if(lines.begin() + static_cast<std::ptrdiff_t>(first), lines.end(), same);
                if (found == lines.end()) {
                    const Setup& setup = setups[s];
                    lines.push_back({judgement.part,
                                     std::string(setup.law.name),
                                     setup.long_follow_up ? "long" : "usual",
                                     judgement.evidence,
                                     judgement.model,
                                     setup.law.cured_share,
                                     setup.law.proportional,
                                     setup.n,
                                     {}});
                    found = lines.end() - 1;
                }
                ++found->count.n_trials;
                found->count.n_asked += judgement.asked;
                found->count.n_called += judgement.called;
                found->count.n_hit += judgement.hit;
                found->count.sum_of_estimates += judgement.asked ? judgement.estimate : 0;
            }
    }
    std::stable_sort(lines.begin(), lines.end(), [](const Line& a, const Line& b) { return a.part < b.part; });
    return lines;
}

// The lines of the laws under which nobody is cured, added up by follow-up, n and family.
std::vector<Line> nobody_cured_together(const std::vector<Line>& lines) {
    std::vector<Line> sums;
    for (const Line& line : lines) {
        if (line.part != Part::cured_share || line.cured > 0) continue;
        auto found = std::ranges::find_if(sums, [&](const Line& sum) {
            return sum.follow_up == line.follow_up && sum.n == line.n && sum.model == line.model;
        });
        if (found == sums.end()) {
            sums.push_back(line);
            sums.back().law = "all of them";
            continue;
        }
        found->count.n_trials += line.count.n_trials;
        found->count.n_asked += line.count.n_asked;
        found->count.n_called += line.count.n_called;
        found->count.n_hit += line.count.n_hit;
        found->count.sum_of_estimates += line.count.sum_of_estimates;
    }
    return sums;
}

// Of the asked the called; of the asked (cured shares, p-values) or of the called (coverage of parameters) the hits.
render::Columns<Line> columns_of(const char* called, const char* hit, const char* estimate) {
    using render::both;
    using render::human;
    return {{both("law", "Law"), &Line::law},
            {both("follow_up", "Follow-up"), &Line::follow_up},
            {both("n", "n", true), [](const Line& line) { return static_cast<long>(line.n); }},
            {both("evidence", "Published"), &Line::evidence},
            {both("model", "Model"), &Line::model},
            {both("n_trials", "Trials", true), [](const Line& line) { return static_cast<long>(line.count.n_trials); }},
            {both("n_asked", "Asked", true), [](const Line& line) { return static_cast<long>(line.count.n_asked); }},
            {both("called", called, true),
             [](const Line& line) { return line.share(line.count.n_called, line.count.n_asked); }},
            {both("hit", hit, true),
             [](const Line& line) {
                 return line.share(line.count.n_hit,
                                   line.part == Part::parameter ? line.count.n_called : line.count.n_asked);
             }},
            {both("mean_estimate", estimate, true), [](const Line& line) { return line.mean_estimate(); }}};
}

template <class Belongs>
render::Section section_of(std::string heading, const std::vector<Line>& lines, const render::Columns<Line>& columns,
                           const Belongs& belongs) {
    std::vector<Line> rows;
    std::copy_if(lines.begin(), lines.end(), std::back_inserter(rows), belongs);
    render::Section section;
    section.heading = std::move(heading);
    render::Table table;
    table.name = "identification";
    columns.fill(table, rows);
    section.table = std::move(table);
    return section;
}

}  // namespace

namespace {

render::Report report_of(const CoverageOptions& options, const std::vector<Line>& lines) {
    render::Report report;
    report.title = fmt::format("Identification in simulated trials: {} trials for each law and n", options.trials);
    report.table.name = "identification";
    render::Columns<Line> machine_columns = {
        {render::machine("part"), [](const Line& line) { return word(line.part); }},
        {render::machine("cured_share"), [](const Line& line) { return render::Number::derived(line.cured, 2); }},
        {render::machine("proportional"), [](const Line& line) { return line.proportional; }},
        {columns_of("", "", ""), [](const Line& line) { return line; }}};
    machine_columns.fill(report.table, lines);
    const auto every = [](const Line&) { return true; };
    report.sections.push_back(section_of("Cured shares where nobody is cured: all laws together",
                                         nobody_cured_together(lines),
                                         columns_of("Determined", "Excludes 0", "Mean share"), every));
    const auto add = [&](const char* heading, const render::Columns<Line>& columns, auto belongs) {
        report.sections.push_back(section_of(heading, lines, columns, belongs));
    };
    const auto cures = columns_of("Determined", "Excludes 0", "Mean share");
    add("Cured shares where nobody is cured", cures,
        [](const Line& line) { return line.part == Part::cured_share && line.cured == 0; });
    add("Cured shares where some are cured", cures,
        [](const Line& line) { return line.part == Part::cured_share && line.cured > 0; });
    add("Weibull parameters: coverage of the intervals that are called determined",
        columns_of("Determined", "Covered", "Mean shape"),
        [](const Line& line) { return line.part == Part::parameter; });
    const auto tests = columns_of("Contradicted", "p < 0.05", "chi2/df");
    add("Test of proportional hazards where hazards are proportional: size", tests,
        [](const Line& line) { return line.part == Part::proportional_hazards && line.proportional; });
    add("Test of proportional hazards where hazards are not proportional: power", tests,
        [](const Line& line) { return line.part == Part::proportional_hazards && !line.proportional; });
    return report;
}

// A figure of the record: the share of `of` that are `hits`, over all trials that it is about.
struct Figure {
    std::string name;
    std::size_t hits = 0, of = 0;
    [[nodiscard]] double share() const { return of == 0 ? 0 : static_cast<double>(hits) / static_cast<double>(of); }
};

constexpr const char* size_of_test = "proportional hazards, p < .05";
constexpr const char* nobody_called = "cured share that excludes 0, nobody cured";

std::vector<Figure> figures_of(const std::vector<Line>& lines) {
    const auto sum = [&](const char* name, auto belongs, bool of_called) {
        Figure figure{name};
        for (const Line& line : lines)
            if (belongs(line)) {
                figure.hits += line.count.n_hit;
                figure.of += of_called ? line.count.n_called : line.count.n_asked;
            }
        return figure;
    };
    const auto any_cure = [](const Line& line) { return line.part == Part::cured_share && line.model == any_family; };
    const auto test = [](const Line& line) { return line.part == Part::proportional_hazards; };
    return {sum(
                "parameters that are called determined, covered",
                [](const Line& line) { return line.part == Part::parameter; }, true),
            sum(
                nobody_called, [&](const Line& line) { return any_cure(line) && line.cured == 0; }, false),
            sum(
                "cured share that excludes 0, some cured, long follow-up",
                [&](const Line& line) { return any_cure(line) && line.cured > 0 && line.follow_up == "long"; }, false),
            sum(
                size_of_test, [&](const Line& line) { return test(line) && line.proportional; }, false),
            sum(
                "other hazards, p < .05", [&](const Line& line) { return test(line) && !line.proportional; }, false)};
}

std::string settings_of(const CoverageOptions& options) {
    return fmt::format("trials {}; seed {}; n {}", options.trials, options.seed, fmt::join(options.n_per_arm, " "));
}

render::Report record_of(const CoverageOptions& options, const std::vector<Line>& lines) {
    render::Report record;
    record.table.name = "identification_record";
    const std::string settings = settings_of(options);
    const render::Columns<Figure> columns = {
        {render::machine("figure"), &Figure::name},
        {render::machine("share"), [](const Figure& figure) { return render::Number::derived(figure.share(), 4); }},
        {render::machine("of"), [](const Figure& figure) { return static_cast<long>(figure.of); }},
        {render::machine("settings"), [settings](const Figure&) { return settings; }}};
    columns.fill(record.table, figures_of(lines));
    return record;
}

}  // namespace

Identification measure_identification(const CoverageOptions& options) {
    const std::vector<Line> lines = measure_lines(options);
    return {report_of(options, lines), record_of(options, lines)};
}

RecordComparison compare_identification(const CsvTable& record, const Identification& now) {
    constexpr double allowed = 0.02, level = 0.05;
    const support::CsvTable measured(rendered(now.record, "csv"), "this run");
    RecordComparison result;
    for (std::size_t i = 0; i < record.n_rows(); ++i) {
        const std::string name = record.text(i, "figure");
        std::size_t row = 0;
        while (row < measured.n_rows() && measured.text(row, "figure") != name) ++row;
        if (row == measured.n_rows()) {
            result.losses.push_back(name + ": recorded, and no longer measured");
            continue;
        }
        if (record.text(i, "settings") != measured.text(row, "settings"))
            throw support::UsageError(
                fmt::format("the record is of '{}', this run of '{}'; give the options of the record",
                            record.text(i, "settings"), measured.text(row, "settings")));
        ++result.n_compared;
        const double was = record.required_number(i, "share"), is = measured.required_number(row, "share");
        const double worse = name == size_of_test    ? std::abs(is - level) - std::abs(was - level)
                             : name == nobody_called ? is - was
                                                     : was - is;
        if (worse > allowed) result.losses.push_back(fmt::format("{}: {:.3f}, recorded {:.3f}", name, is, was));
        if (worse < -allowed) result.notes.push_back(fmt::format("{}: {:.3f}, recorded {:.3f}", name, is, was));
    }
    return result;
}

}  // namespace hersurv::bench
