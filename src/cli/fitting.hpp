// What the commands that fit share: which models, which analyses.
#pragma once

#include "hersurv/estimates.hpp"

#include "cli/selection.hpp"
#include "report/fit_report.hpp"
#include <memory>
#include <string>
#include <vector>

namespace hersurv::cli {

struct ModelChoice {
    std::vector<std::string> names;  // "auto", "all", or models, separately or with commas between
    std::string shape = "separate";
    std::string target = "automatic";
    std::string cuts = "all";
    std::shared_ptr<const fit::HazardFloor> hazard_floor;  // of HazardFloorChoice
    bool families_beside = false;  // no option: what the command needs besides (study::FitRequest)

    explicit ModelChoice(std::vector<std::string> default_names) : names(std::move(default_names)) {}
    // `offer_cuts`: --cuts as well; else only what an analysis itself published is fitted.
    void setup(OptionTable& options, bool offer_cuts = true);
};

// The models that --model names; throws UsageError for a name that there is not.
[[nodiscard]] study::FitRequest requested_models(const ModelChoice& choice);

// Which fits are made of the analyses that are selected.
enum class FitPlan {
    as_selected,
    with_overall_survival,  // of PFS, or the endpoint that is asked for, and the overall survival of the same patients
    controls_alone,         // for curves under proportional hazards: study::baselines_of
};

struct FitsOfSelection {
    std::vector<study::AnalysisFit> fits;
    std::vector<const catalogue::Trial*> trials;           // of the selection
    std::vector<const catalogue::Trial*> without_numbers;  // of those, the ones that have no analysis at all
    std::function<bool(const std::string&)> takes_arm;     // of --arm
    study::Baselines baselines;                            // of FitPlan::controls_alone
};

// study::fit_analyses with the models, threads and progress of the command line.
[[nodiscard]] std::vector<study::AnalysisFit> fit_analyses(const std::vector<SelectedAnalysis>& analyses,
                                                           const ModelChoice& choice, Context& context);
[[nodiscard]] FitsOfSelection fit_selection(Selection selection, const ModelChoice& choice, Context& context,
                                            FitPlan plan = FitPlan::as_selected);

// "12,24,60" or "0:96:1" (first:last:step), in the unit; throws UsageError.
[[nodiscard]] std::vector<double> parse_times(const std::string& text,
                                              catalogue::TimeUnit unit = catalogue::TimeUnit::months);

// "24,60": months above 0, of --horizon; throws UsageError.
[[nodiscard]] std::vector<double> parse_horizons(const std::string& text);

// Which interval is shown. People get the population interval unless they ask for the reconstruction band; programs
// get the limits of both under their names, and as `lower` and `upper` those that are asked for.
struct BandChoice {
    std::string name;       // empty: not asked for
    fit::Band of_programs;  // their `lower` and `upper`, if none is asked for
    explicit BandChoice(fit::Band without_choice) : of_programs(without_choice) {}
    void setup(OptionTable& options);
    [[nodiscard]] report::Intervals intervals(const GlobalOptions& global) const;
};

}  // namespace hersurv::cli
