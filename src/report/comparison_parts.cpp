// What the comparison tables share.
#include "report/comparison_parts.hpp"

#include "hersurv/evidence.hpp"

#include "fit/coherence.hpp"
#include "render/cell_text.hpp"
#include "report/accuracy_parts.hpp"
#include "support/number_text.hpp"
#include "support/words.hpp"
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>

namespace hersurv::report {

std::optional<catalogue::Statistic> first_print(const catalogue::Statistics& prints) {
    if (prints.empty()) return std::nullopt;
    return evidence::first_print(prints);
}

std::optional<catalogue::Statistic> printed_median(const catalogue::Analysis& analysis, const std::string& arm) {
    for (const auto& result : analysis.arms)
        if (result.arm == arm) return first_print(result.median);
    return std::nullopt;
}

std::optional<fit::Estimate> printed_median_difference(const catalogue::Analysis& analysis,
                                                       const std::string& experimental, const std::string& control) {
    const auto a = printed_median(analysis, experimental);
    const auto b = printed_median(analysis, control);
    if (!a || !b || !a->value.is_number() || !b->value.is_number()) return std::nullopt;
    fit::Estimate difference;
    // Two decimal numbers differ by a decimal number: 25.1 - 20.3 is 4.8, not 4.800000000000001. In months, those that
    // were published in years have more decimals.
    constexpr int most_decimals = 6;
    const auto decimals = [](const catalogue::PrintedNumber& number) {
        return number.unit == catalogue::TimeUnit::months ? number.decimals : most_decimals;
    };
    const double unit = std::pow(10.0, std::max(decimals(a->value), decimals(b->value)));
    difference.value = std::round((a->value.value - b->value.value) * unit) / unit;
    const auto complete = [](const catalogue::Statistic& s) {
        return s.lower && s.upper && s.lower->is_number() && s.upper->is_number();
    };
    if (complete(*a) && complete(*b) && a->level == b->level) {
        const auto limits = evidence::limits_of_difference(a->value.value, {a->lower->value, a->upper->value},
                                                           b->value.value, {b->lower->value, b->upper->value});
        difference.lower = limits.lower;
        difference.upper = limits.upper;
    }
    return difference;
}

const catalogue::Contrast* contrast_of(const catalogue::Analysis& analysis, const std::string& experimental) {
    for (const auto& contrast : analysis.contrasts)
        if (contrast.experimental == experimental) return &contrast;
    return nullptr;
}

std::string control_of(const catalogue::Trial& trial, const catalogue::Analysis& analysis,
                       const std::string& experimental) {
    if (const auto* contrast = contrast_of(analysis, experimental)) return contrast->control;
    const auto role = [&](const std::string& id) {
        const auto* arm = trial.find_arm(id);
        return arm != nullptr ? arm->role : std::string();
    };
    if (role(experimental) != "experimental") return "";
    std::string control;
    for (const auto& result : analysis.arms) {
        if (role(result.arm) != "control") continue;
        if (!control.empty()) return "";
        control = result.arm;
    }
    return control;
}

std::optional<int> year_of(const catalogue::Trial& trial, const catalogue::Provenance& from) {
    const auto source = trial.sources.find(from.source);
    if (source == trial.sources.end() || source->second.kind == "review" || !source->second.year) return trial.year;
    return source->second.year;
}

std::optional<int> year_of(const catalogue::Trial& trial, const catalogue::Analysis& analysis) {
    for (const auto& result : analysis.arms)
        if (!result.median.empty()) return year_of(trial, result.median.front().from);
    for (const auto& contrast : analysis.contrasts)
        if (!contrast.hazard_ratio.empty()) return year_of(trial, contrast.hazard_ratio.front().from);
    return trial.year;
}

namespace {

// " Capped at OS where it would have exceeded it: ..."; empty if no curve was, as far as anyone could see.
std::string lowered_footnote(const std::vector<AnalysisFit>& fits) {
    std::string names;
    for (const AnalysisFit& fit : fits) {
        const fit::FittedModel& model = fit.models.front();
        if (model.lowered == nullptr) continue;
        std::string arms;
        for (std::size_t arm = 0; arm < model.arms.size(); ++arm)
            if (std::ranges::any_of(model.lowered->stretches, [&](const auto& stretch) {
                    return stretch.arm == arm && fit::noticeable(model, stretch);
                }))
                arms += (arms.empty() ? "" : ", ") + fit.evidence->arms[arm].title();
        if (!arms.empty())
            names += (names.empty() ? "" : "; ") + fit.trial->id + " " + fit.analysis->id + " (" + arms + ")";
    }
    return names.empty() ? "" : " Capped at OS where it would have exceeded it: " + names + ".";
}

}  // namespace

std::string earlier_cuts_of(const AnalysisFit& fit, std::size_t arm) {
    using Kind = catalogue::StatisticKey::Kind;
    std::vector<std::pair<std::string, std::vector<std::string>>> by_cut;
    for (const evidence::Observation& o : fit.evidence->observations) {
        if (o.arm != arm || !o.used() || o.cut.empty()) continue;
        const bool milestone = o.statistic.is(Kind::milestone);
        const std::string value = cell_text(cell(o.published, milestone), {});
        auto cut = std::ranges::find(by_cut, o.cut, &decltype(by_cut)::value_type::first);
        if (cut == by_cut.end()) cut = by_cut.insert(cut, {o.cut, {}});
        cut->second.push_back(milestone ? "S(" + support::shortest(o.statistic.time_months) + ") " + value + "%"
                                        : "median " + value);
    }
    std::vector<std::string> parts;
    for (const auto& [cut, estimates] : by_cut) parts.push_back(support::joined(estimates) + " (" + cut + ")");
    return support::joined(parts, "; ");
}

std::string earlier_cuts_footnote(const std::vector<AnalysisFit>& fits) {
    std::vector<std::string> parts;
    for (const AnalysisFit* fit : by_year(fits)) {
        std::vector<std::string> cuts;
        for (const evidence::Observation& o : fit->evidence->observations)
            if (o.used() && !o.cut.empty() && std::ranges::find(cuts, o.cut) == cuts.end()) cuts.push_back(o.cut);
        if (!cuts.empty())
            parts.push_back(fit->trial->id + " " + fit->analysis->id + " (" + support::joined(cuts) + ")");
    }
    return parts.empty() ? "" : "Also uses results of earlier data cuts: " + support::joined(parts, "; ") + ".";
}

std::string models_footnote(const std::vector<AnalysisFit>& fits) {
    const bool several_endpoints = shared_endpoint(fits).empty();
    std::vector<std::pair<std::string, std::string>> trials;  // of each model, in the order of the table of models
    for (const fit::Model& model : fit::models())
        for (const AnalysisFit& fit : fits) {
            if (fit.models.front().model != &model || fit.models.front().free_parameters.empty()) continue;
            if (trials.empty() || trials.back().first != model.name) trials.emplace_back(std::string(model.name), "");
            std::string& names = trials.back().second;
            const std::string name = fit.trial->id + (several_endpoints ? " (" + fit.analysis->endpoint + ")" : "");
            if (names.size() < name.size() || names.substr(names.size() - name.size()) != name)
                names += (names.empty() ? "" : ", ") + name;
        }
    if (trials.empty()) return "";
    const std::string lowered = lowered_footnote(fits);
    if (trials.size() == 1) return "Model: " + trials.front().first + "." + lowered;
    std::string text = "Models: ";
    for (const auto& [model, names] : trials) text += (text.size() > 8 ? "; " : "") + model + " for " + names;
    return text + "." + lowered;
}

void explain_intervals(Table& table, const Intervals& intervals, const Supposition& supposition) {
    table.other_kind_meaning = replacement_meaning(intervals);
    table.extrapolated_meaning = supposition.extrapolation_meaning();
    table.footnotes.push_back(interval_footnote(intervals, supposition));
}

void add_curve_footnotes(Table& table, const std::vector<AnalysisFit>& fits, const Intervals& intervals) {
    explain_intervals(table, intervals, Supposition(fits));
    if (const std::string cuts = earlier_cuts_footnote(fits); !cuts.empty()) table.footnotes.push_back(cuts);
    if (const std::string models = models_footnote(fits); !models.empty()) table.footnotes.push_back(models);
    for (const std::string& footnote : accuracy_footnotes(by_year(fits))) table.footnotes.push_back(footnote);
}

std::optional<std::size_t> arm_index(const AnalysisFit& fit, const std::string& arm) {
    for (std::size_t i = 0; i < fit.evidence->arms.size(); ++i)
        if (fit.evidence->arms[i].id == arm) return i;
    return std::nullopt;
}

std::optional<std::size_t> fitted_control_of(const AnalysisFit& fit, std::size_t arm) {
    auto control = arm_index(fit, control_of(*fit.trial, *fit.analysis, fit.evidence->arms[arm].id));
    if (control && !fit.models.front().fitted(*control)) control.reset();
    return control;
}

std::vector<const AnalysisFit*> by_year(const std::vector<AnalysisFit>& fits) {
    // The analyses of a trial stay together: its year is that of its first one.
    std::map<const catalogue::Trial*, int> years;
    for (const AnalysisFit& fit : fits)
        years.try_emplace(fit.trial, year_of(*fit.trial, *fit.analysis).value_or(std::numeric_limits<int>::max()));
    std::vector<const AnalysisFit*> ordered;
    for (const AnalysisFit& fit : fits) ordered.push_back(&fit);
    std::stable_sort(ordered.begin(), ordered.end(), [&years](const AnalysisFit* a, const AnalysisFit* b) {
        return years.at(a->trial) < years.at(b->trial);
    });
    return ordered;
}

std::string shared_endpoint(const std::vector<AnalysisFit>& fits) {
    for (const AnalysisFit& fit : fits)
        if (fit.analysis->endpoint != fits.front().analysis->endpoint) return "";
    return fits.empty() ? "" : fits.front().analysis->endpoint;
}

Column endpoint_column(const std::vector<AnalysisFit>& fits) {
    return shared_endpoint(fits).empty() ? both("endpoint", "Endpoint") : machine("endpoint");
}

Cell text_or_nothing(const std::string& text) { return text.empty() ? Cell() : Cell(text); }
Cell year_cell(const std::optional<int>& year) { return year ? Cell(static_cast<long>(*year)) : Cell(); }
Cell count_cell(const std::optional<int>& count) { return count ? Cell(static_cast<long>(*count)) : Cell(); }
Cell line_cell(const catalogue::Provenance& from) { return from.line ? Cell(static_cast<long>(*from.line)) : Cell(); }

std::string class_of(const catalogue::Trial& trial) { return trial.drug_class.empty() ? "none" : trial.drug_class; }

std::size_t class_rank(const std::string& name) {
    static constexpr std::array<std::string_view, 3> order = {"mAb", "ADC", "TKI"};
    return static_cast<std::size_t>(std::find(order.begin(), order.end(), name) - order.begin());
}

std::vector<ResponseRow> response_rows(const catalogue::Trial& trial, const std::string& endpoint) {
    const auto detail = [](const catalogue::Response& r) {
        return 4 * r.responders.has_value() + 2 * r.evaluable.has_value() + r.lower.has_value();
    };
    std::vector<ResponseRow> rows;
    for (const auto& response : trial.responses) {
        if (response.endpoint != endpoint || !response.rate.is_number()) continue;
        const auto same = std::find_if(rows.begin(), rows.end(), [&](const ResponseRow& row) {
            const auto& other = *row.response;
            const bool same_rate = std::abs(other.rate.value - response.rate.value) <=
                                   other.rate.half_unit() + response.rate.half_unit() + 1e-12;
            const bool clash = other.evaluable && response.evaluable && *other.evaluable != *response.evaluable;
            return other.arm == response.arm && same_rate && !clash;
        });
        if (same == rows.end()) {
            rows.push_back({&response, {response.from.source}, std::nullopt, std::nullopt, false});
        } else {
            if (std::find(same->sources.begin(), same->sources.end(), response.from.source) == same->sources.end())
                same->sources.push_back(response.from.source);
            if (detail(response) > detail(*same->response)) same->response = &response;
        }
    }
    for (ResponseRow& row : rows) {
        row.responders = row.response->responders;
        row.evaluable = row.response->evaluable;
        if (!row.responders && row.evaluable) {
            row.responders =
                evidence::responders_of_rate(row.response->rate.value, row.response->rate.half_unit(), *row.evaluable);
            row.responders_derived = row.responders.has_value();
        } else if (row.responders && !row.evaluable) {
            row.evaluable =
                evidence::evaluable_of_rate(row.response->rate.value, row.response->rate.half_unit(), *row.responders);
            row.evaluable_derived = row.evaluable.has_value();
        }
    }
    return rows;
}

}  // namespace hersurv::report
