// What the commands that fit share.
#include "cli/fitting.hpp"

#include "hersurv/catalogue.hpp"

#include "cli/options.hpp"
#include "cli/progress.hpp"
#include "render/formats.hpp"
#include "support/number_text.hpp"
#include "support/words.hpp"
#include <algorithm>
#include <cmath>

namespace hersurv::cli {
namespace {

using support::UsageError;

std::vector<std::string> model_names() {
    std::vector<std::string> names;
    for (const fit::Model& model : fit::models()) names.emplace_back(model.name);
    return names;
}

// What flexsurv, survreg and Stata call the families, and other spellings; with -cure after them as well.
std::vector<std::pair<std::string, std::string>> other_model_names() {
    constexpr std::pair<const char*, const char*> families[] = {{"exp", "exponential"},
                                                                {"lnorm", "lognormal"},
                                                                {"log-normal", "lognormal"},
                                                                {"llogis", "loglogistic"},
                                                                {"log-logistic", "loglogistic"},
                                                                {"generalised-gamma", "gengamma"},
                                                                {"generalized-gamma", "gengamma"},
                                                                {"ggamma", "gengamma"}};
    std::vector<std::pair<std::string, std::string>> names;
    for (const auto& [name, model] : families)
        for (const std::string cure : {"", "-cure"}) names.emplace_back(name + cure, model + cure);
    return names;
}

std::string in_unit(double months, catalogue::TimeUnit unit) {
    return unit == catalogue::TimeUnit::months ? support::shortest(months)
                                               : support::significant(months / catalogue::months_in(unit), 3);
}

double parse_time(const std::string& part, const std::string& whole, catalogue::TimeUnit unit) {
    const auto value = support::parse_number(part);
    if (!value || !catalogue::is_time_in_months(catalogue::to_months(*value, unit, support::decimals_of(*value))))
        throw UsageError("invalid time '" + part + "' in --times " + whole + ": not a time in " +
                         std::string(to_string(unit)) + " (0, or from " +
                         in_unit(catalogue::least_positive_months, unit) + " to " +
                         in_unit(catalogue::greatest_months, unit) +
                         "); give times such as 12,24,60 or first:last:step such as 0:96:1");
    return *value;
}

}  // namespace

study::FitRequest requested_models(const ModelChoice& choice) {
    study::FitRequest chosen;
    const auto add = [&](const fit::Model& model) {
        if (std::ranges::find(chosen.models, &model) == chosen.models.end()) chosen.models.push_back(&model);
    };
    for (const std::string& list : choice.names)
        for (const std::string& name : support::split(list, ',')) {
            if (name == "auto") {
                chosen.automatic = true;
            } else if (name == "all") {
                for (const fit::Model& model : fit::models()) add(model);
            } else if (const fit::Model* model = fit::find_model(name)) {
                add(*model);
            } else {
                auto known = model_names();
                known.insert(known.end(), {"auto", "all"});
                throw UsageError("unknown model '" + name + "'" +
                                 did_you_mean(name, known, "; known: " + joined(known)));
            }
        }
    return chosen;
}

void ModelChoice::setup(OptionTable& options, bool offer_cuts) {
    auto& row = options.add(
        "--model", "NAMES", &names,
        "models, separated by commas, or auto. auto chooses by accuracy in validation; NAME-cure is a mixture cure "
        "model; R's names (exp, lnorm, llogis) are accepted");
    row.choices = [] {
        auto words = model_names();
        words.insert(words.end(), {"all", "auto"});
        return words;
    };
    row.spellings = other_model_names();
    auto& shapes = options.add("--shape", "KIND", &shape,
                               "shape of parametric models: by arm, or common. separate: each arm has its own shape");
    shapes.choices = [] { return std::vector<std::string>{"separate", "common"}; };
    shapes.closed = true;
    auto& targets = options.add(
        "--target", "WHAT", &target,
        "what parametric models are fitted to. published: the published medians and milestones, exactly if there are "
        "no more of them than parameters; curve: the reconstructed curve, which uses all results; automatic: published "
        "if an arm has nothing else and as many of them as parameters, else curve");
    targets.choices = [] { return std::vector<std::string>{"automatic", "published", "curve"}; };
    targets.closed = true;
    if (!offer_cuts) {
        cuts = "own";
        return;
    }
    auto& data_cuts = options.add("--cuts", "WHICH", &cuts,
                                  "data cuts to use. all: also survival published at earlier data cuts of the trial; "
                                  "own: only this analysis");
    data_cuts.choices = [] { return std::vector<std::string>{"all", "own"}; };
    data_cuts.closed = true;
}

std::vector<study::AnalysisFit> fit_analyses(const std::vector<SelectedAnalysis>& analyses, const ModelChoice& choice,
                                             Context& context) {
    study::FitRequest request = requested_models(choice);
    request.options.shape = choice.shape == "common" ? fit::Shape::common : fit::Shape::separate;
    request.options.target = choice.target == "published" ? fit::Target::published
                             : choice.target == "curve"   ? fit::Target::curve
                                                          : fit::Target::automatic;
    request.families_beside = choice.families_beside;
    request.hazard_floor = choice.hazard_floor;
    request.cuts = choice.cuts == "all" ? evidence::Cuts::all : evidence::Cuts::own;
    request.threads = context.global.threads;
    request.progress = [&](std::size_t done, std::size_t total) { context.progress.tell("fits", done, total); };
    return study::fit_analyses(analyses, request);
}

namespace {

// The analyses whose fits the plan asks for.
void follow_plan(FitPlan plan, const study::Filter& filter, std::vector<SelectedAnalysis>& analyses,
                 FitsOfSelection& result) {
    if (plan == FitPlan::controls_alone) {
        result.baselines = study::baselines_of(analyses);
        analyses = result.baselines.analyses;
    } else if (plan == FitPlan::with_overall_survival) {
        // Other endpoints that overall survival caps (PFS2, CNS-PFS) only if they are asked for.
        if (filter.endpoint.empty() && filter.analysis.empty())
            std::erase_if(analyses, [](const SelectedAnalysis& one) { return one.analysis->endpoint != "PFS"; });
        analyses = study::with_overall_survival(analyses);
    }
}

}  // namespace

FitsOfSelection fit_selection(Selection selection, const ModelChoice& choice, Context& context, FitPlan plan) {
    selection.settle(context);
    FitsOfSelection result;
    Selected selected = select(selection, context);
    result.trials = selected.trials;
    std::vector<SelectedAnalysis> analyses = std::move(selected.analyses);
    if (!selection.filter.arm.empty())
        result.takes_arm = [filter = selection.filter](const std::string& arm) { return filter.takes_arm(arm); };
    for (const catalogue::Trial* trial : result.trials)
        if (trial->analyses.empty()) result.without_numbers.push_back(trial);
    follow_plan(plan, selection.filter, analyses, result);
    result.fits = fit_analyses(analyses, choice, context);
    return result;
}

std::vector<double> parse_times(const std::string& text, catalogue::TimeUnit unit) {
    std::vector<double> times;
    const auto range = support::split(text, ':');
    if (range.size() == 1) {
        for (const std::string& item : support::split(text, ',')) times.push_back(parse_time(item, text, unit));
        return times;
    }
    constexpr double most_times = 100000;
    const double first = parse_time(range[0], text, unit), last = parse_time(range[1], text, unit),
                 step = range.size() > 2 ? parse_time(range[2], text, unit) : 1;
    if (range.size() > 3 || step <= 0 || last < first || (last - first) / step > most_times)
        throw UsageError("--times '" + text + "': a range is first:last:step in " + std::string(to_string(unit)) +
                         " with first <= last, a step above 0 and at most "
                         "100000 times, such as 0:96:1");
    const auto n = static_cast<std::size_t>(std::floor((last - first) / step + 1e-9));
    // 0:1:0.1 means 0.3, not 0.30000000000000004.
    const double whole = std::pow(10.0, std::max(support::decimals_of(first), support::decimals_of(step)));
    for (std::size_t i = 0; i <= n; ++i)
        times.push_back(std::round((first + static_cast<double>(i) * step) * whole) / whole);
    return times;
}

std::vector<double> parse_horizons(const std::string& text) {
    std::vector<double> horizons;
    for (const std::string& item : support::split(text, ',')) {
        const auto value = support::parse_number(item);
        if (!value || !(*value > 0) || !catalogue::is_time_in_months(*value))
            throw UsageError("--horizon: \"" + item + "\" is not a number of months from " +
                             support::shortest(catalogue::least_positive_months) + " to " +
                             support::shortest(catalogue::greatest_months));
        if (std::ranges::find(horizons, *value) == horizons.end()) horizons.push_back(*value);
    }
    return horizons;
}

void BandChoice::setup(OptionTable& options) {
    auto& row = options.add("--band", "KIND", &name,
                            "interval to show. reconstruction: uncertainty about the published curve; population: plus "
                            "sampling error (a confidence interval). csv, tsv, json and jsonl have both under their "
                            "names");
    row.choices = [] { return std::vector<std::string>{"reconstruction", "population"}; };
    row.closed = true;
    row.default_text = of_programs == fit::Band::population
                           ? "population"
                           : "population; lower and upper of csv, tsv, json and jsonl: reconstruction";
}

report::Intervals BandChoice::intervals(const GlobalOptions& global) const {
    const render::Format* const format = render::find_format(global.format);
    const bool for_people = format == nullptr || format->human;
    report::Intervals intervals;
    intervals.level = global.level;
    intervals.both = !for_people;
    intervals.falls_back = for_people && name.empty();
    if (!name.empty())
        intervals.band = name == "population" ? fit::Band::population : fit::Band::reconstruction;
    else if (!for_people)
        intervals.band = of_programs;
    return intervals;
}

}  // namespace hersurv::cli
