// Which curves a figure draws, in which panels, and what they are called.
#include "hersurv/catalogue.hpp"
#include "hersurv/error.hpp"

#include <fmt/format.h>

#include "render/figure_style.hpp"
#include "report/figures/figure_parts.hpp"
#include "support/words.hpp"
#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace hersurv::report {
namespace {

// The black squares are those of published estimates if colours tell models.
constexpr std::size_t published_style = 6;

void add_reason(std::vector<std::string>& list, const std::string& text) {
    if (std::ranges::find(list, text) == list.end()) list.push_back(text);
}

bool is_taken(const AnalysisFit& fit, const std::string& arm, const FigureOptions& options) {
    if (options.takes_arm && !options.takes_arm(arm)) return false;
    const catalogue::Arm* const record = fit.trial->find_arm(arm);
    return options.role.empty() || (record != nullptr && record->role == options.role);
}

std::vector<DrawnCurve> all_curves(const ComparisonInput& input, const FigureOptions& options) {
    std::vector<DrawnCurve> curves;
    std::vector<std::string> reasons;
    for (const catalogue::Trial* trial : input.trials)
        if (trial->analyses.empty()) reasons.push_back(trial->id + ": no survival results in the catalogue");
    for (const AnalysisFit& fit : input.fits)
        for (const fit::FittedModel& model : fit.models)
            for (std::size_t arm = 0; arm < model.arms.size(); ++arm) {
                const std::string& id = fit.evidence->arms[arm].id;
                if (!is_taken(fit, id, options)) continue;
                if (!model.fitted(arm)) {
                    add_reason(reasons,
                               fit.trial->id + " " + fit.analysis->id + " " + id + ": " + model.arms[arm].reason);
                    continue;
                }
                curves.push_back({&fit, &model, arm, "", 0, &model == &fit.models.front(), arm_name(fit, id)});
            }
    if (curves.empty()) {
        if (reasons.empty() && !options.role.empty()) reasons.push_back("no arm has the role " + options.role);
        throw support::NotFoundError("there is no curve to draw" +
                                     (reasons.empty() ? "" : ": " + support::joined(reasons, "; ")));
    }
    return curves;
}

bool has_several_models(const std::vector<DrawnCurve>& curves) {
    return std::ranges::any_of(curves, [](const DrawnCurve& curve) { return !curve.first_of_arm; });
}

// The names of a panel's curves say as much as tells them apart.
void name_curves(CurvePanel& panel) {
    std::set<std::string> trials, endpoints;
    std::set<const catalogue::Analysis*> analyses;
    for (const DrawnCurve& curve : panel.curves) {
        trials.insert(curve.fit->trial->id);
        endpoints.insert(curve.fit->analysis->endpoint);
        analyses.insert(curve.fit->analysis);
    }
    for (DrawnCurve& curve : panel.curves) {
        if (panel.by_model) {
            curve.name = curve.model->model->name;
            continue;
        }
        if (trials.size() > 1) curve.name += curve.fit->trial->id + " ";
        if (analyses.size() > trials.size())
            curve.name +=
                (endpoints.size() == analyses.size() ? curve.fit->analysis->endpoint : curve.fit->analysis->id) + " ";
        curve.name += curve.arm_name;
    }
}

// One colour for each curve, or for each model of all panels.
void style_curves(std::vector<CurvePanel>& panels) {
    std::vector<const fit::Model*> models;
    for (CurvePanel& panel : panels)
        for (std::size_t k = 0; k < panel.curves.size(); ++k) {
            std::size_t style = k;
            if (panel.by_model) {
                const fit::Model* const model = panel.curves[k].model->model;
                const auto place = std::ranges::find(models, model);
                style = static_cast<std::size_t>(place - models.begin());
                if (place == models.end()) models.push_back(model);
                if (style >= published_style) ++style;
            }
            panel.curves[k].style = style;
        }
    const std::size_t most = render::most_styles - 1;
    if (models.size() > most)
        throw support::UsageError(
            fmt::format("{} models are too many for one figure (at most {})", models.size(), most));
    for (const CurvePanel& panel : panels)
        if (panel.curves.size() > render::most_styles)
            throw support::UsageError(fmt::format(
                "{} curves are too many for one panel (at most {}): name fewer trials, show one role of arms only "
                "(experimental), or make a facet of each trial",
                panel.curves.size(), render::most_styles));
}

std::string panel_title(const DrawnCurve& curve, bool by_model, bool several_trials, bool several_analyses) {
    std::string title = !by_model || several_trials ? curve.fit->trial->id : "";
    if (several_analyses) title += (title.empty() ? "" : " ") + curve.fit->analysis->id;
    if (by_model) title += (title.empty() ? "" : ", ") + curve.arm_name;
    return title;
}

struct EndpointWords {
    std::string_view name, words;
};
// Of the endpoints that have a name in words; the others are called by their abbreviation.
constexpr std::array<EndpointWords, 15> endpoint_words = {{{"OS", "overall survival"},
                                                           {"PFS", "progression-free survival"},
                                                           {"CNS-PFS", "CNS progression-free survival"},
                                                           {"rPFS", "radiographic progression-free survival"},
                                                           {"TTP", "freedom from progression"},
                                                           {"DOR", "ongoing response"},
                                                           {"EFS", "event-free survival"},
                                                           {"DFS", "disease-free survival"},
                                                           {"RFS", "relapse-free survival"},
                                                           {"iDFS", "invasive disease-free survival"},
                                                           {"DDFS", "distant disease-free survival"},
                                                           {"DRFS", "distant relapse-free survival"},
                                                           {"MFS", "metastasis-free survival"},
                                                           {"DMFS", "distant metastasis-free survival"},
                                                           {"FFS", "failure-free survival"}}};

std::string sentence(std::string words) {
    if (words[0] >= 'a' && words[0] <= 'z') words[0] = static_cast<char>(words[0] - 'a' + 'A');
    return words;
}

std::string endpoint_in_words(const std::vector<DrawnCurve>& curves) {
    const std::string& endpoint = curves.front().fit->analysis->endpoint;
    for (const DrawnCurve& curve : curves)
        if (curve.fit->analysis->endpoint != endpoint) return "survival";
    const auto* const found = std::ranges::find(endpoint_words, endpoint, &EndpointWords::name);
    return found == endpoint_words.end() ? endpoint : std::string(found->words);
}

}  // namespace

std::string arm_name(const AnalysisFit& fit, const std::string& arm) { return arm_name(*fit.trial, arm); }

std::string arm_name(const catalogue::Trial& trial, const std::string& arm) { return arm_label(trial, arm); }

std::vector<const AnalysisFit*> fits_of(const std::vector<DrawnCurve>& curves) {
    std::vector<const AnalysisFit*> fits;
    for (const DrawnCurve& curve : curves)
        if (std::ranges::find(fits, curve.fit) == fits.end()) fits.push_back(curve.fit);
    return fits;
}

std::string abbreviations(const std::vector<const AnalysisFit*>& fits) {
    std::vector<std::string> meanings;
    for (const AnalysisFit* fit : fits)
        for (const catalogue::ArmResult& result : fit->analysis->arms) {
            const catalogue::Arm* const record = fit->trial->find_arm(result.arm);
            if (record == nullptr || record->regimen.empty() || record->name.empty()) continue;
            if (arm_name(*fit, result.arm) == record->name) continue;
            add_reason(meanings, record->regimen + ": " + record->name);
        }
    return meanings.empty() ? "" : support::joined(meanings, "; ") + ".";
}

std::string special_population(const catalogue::Analysis& analysis) {
    return support::folded(analysis.population).starts_with("intention to treat") ? "" : analysis.population;
}

std::vector<CurvePanel> curve_panels(const ComparisonInput& input, const FigureOptions& options) {
    std::vector<DrawnCurve> curves = all_curves(input, options);
    const bool by_model = has_several_models(curves);
    std::set<const catalogue::Trial*> trials;
    std::set<const catalogue::Analysis*> analyses;
    for (const DrawnCurve& curve : curves) {
        trials.insert(curve.fit->trial);
        analyses.insert(curve.fit->analysis);
    }
    const bool by_arm = by_model || options.facet == Facet::arm;
    std::vector<CurvePanel> panels;
    std::map<std::pair<const void*, std::size_t>, std::size_t> places;
    for (DrawnCurve& curve : curves) {
        std::pair<const void*, std::size_t> place{nullptr, 0};
        if (by_arm)
            place = {curve.fit, curve.arm};
        else if (options.facet == Facet::trial)
            place = {curve.fit->trial, 0};
        const auto [known, fresh] = places.try_emplace(place, panels.size());
        if (fresh)
            panels.push_back({panel_title(curve, by_arm, trials.size() > 1, by_arm && analyses.size() > trials.size()),
                              {},
                              by_model});
        panels[known->second].curves.push_back(std::move(curve));
    }
    for (CurvePanel& panel : panels) name_curves(panel);
    style_curves(panels);
    return panels;
}

std::vector<DrawnCurve> curves_of(const std::vector<CurvePanel>& panels) {
    std::vector<DrawnCurve> curves;
    for (const CurvePanel& panel : panels) curves.insert(curves.end(), panel.curves.begin(), panel.curves.end());
    return curves;
}

std::string curves_title(const std::vector<CurvePanel>& panels) {
    const std::vector<DrawnCurve> curves = curves_of(panels);
    std::vector<std::string> trials;
    for (const DrawnCurve& curve : curves) add_reason(trials, curve.fit->trial->id);
    const std::size_t most_named = panels.size() > 1 ? 3 : 5;
    const std::string what = endpoint_in_words(curves);
    if (trials.size() > most_named) return fmt::format("{} trials: {}", trials.size(), what);
    // Numbers that were typed without a name for their trial.
    if (trials.front() == catalogue::TypedTrial{}.name) return sentence(what);
    return support::joined(trials) + ": " + what;
}

std::string survival_title(const std::vector<DrawnCurve>& curves) {
    const std::string words = endpoint_in_words(curves);
    return (words == curves.front().fit->analysis->endpoint ? words : sentence(words)) + " (%)";
}

void set_charts(Figure& figure, const std::vector<CurvePanel>& panels, std::vector<CurvesChart> charts) {
    for (std::size_t k = 0; k < charts.size(); ++k) {
        if (panels[k].by_model) {
            for (Mark& mark : charts[k].marks) mark.style = published_style;
            for (TickRow& row : charts[k].rows) row.style = published_style;
        }
        charts[k].title = panels[k].title;
    }
    if (charts.size() > 1) {
        figure.chart = PanelsChart{std::move(charts), panels.front().by_model};
        return;
    }
    if (panels.front().by_model) figure.title += ", " + panels.front().title;
    figure.chart = std::move(charts.front());
}

}  // namespace hersurv::report
