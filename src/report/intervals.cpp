// Which interval an estimate of the curves is shown with, and what it is called.
#include "report/intervals.hpp"

#include "report/numbers.hpp"
#include <algorithm>

namespace hersurv::report {
namespace {

BandLimits limits_of(const std::optional<fit::Estimate>& estimate) {
    return estimate ? BandLimits{estimate->lower, estimate->upper} : BandLimits{};
}

bool has_patients(const fit::FittedModel& model, std::size_t arm) {
    return model.evidence->arms[arm].n_patients.value_or(0) > 0;
}

bool published_median(const fit::FittedModel& model, std::size_t arm) {
    return std::ranges::any_of(model.evidence->observations, [arm](const evidence::Observation& o) {
        return o.arm == arm && o.statistic.is(catalogue::StatisticKey::Kind::median) && o.published.is_number();
    });
}

// Nothing but its median places the curve of the arm.
bool placed_by_median_alone(const fit::FittedModel& model, std::size_t arm) {
    using Use = evidence::NumberInFit::Use;
    bool median = false;
    for (const evidence::NumberInFit& number : model.numbers_in_fit()) {
        if (number.arm != arm) continue;
        median = median || number.use == Use::median;
        if (number.use == Use::anchor || number.use == Use::grid_end) return false;
    }
    return median;
}

}  // namespace

std::optional<BandedEstimate> estimate_with(const Intervals& intervals, const fit::FittedModel& model,
                                            std::initializer_list<std::size_t> arms, const EstimateOf& of) {
    using fit::Band;
    const auto own = of(intervals.options());
    if (!own) return std::nullopt;
    BandedEstimate result{*own, {}, {}, std::nullopt};
    result.supposes = model.intervals_suppose();
    const bool population = intervals.band == Band::population;
    const bool no_interval =
        population && !std::ranges::all_of(arms, [&](std::size_t arm) { return has_patients(model, arm); });
    const bool replaced = intervals.falls_back && no_interval && !(own->lower && own->upper);
    if (intervals.both || replaced) {
        const BandLimits other = limits_of(of({population ? Band::reconstruction : Band::population, intervals.level}));
        if (intervals.both) {
            result.reconstruction = population ? other : limits_of(own);
            result.population = population ? limits_of(own) : other;
        }
        if (replaced) result.instead = other;
    }
    result.weak =
        std::ranges::any_of(arms, [&](std::size_t arm) { return model.arms[arm].status == fit::FitStatus::prior; });
    result.from_medians_alone = arms.size() > 1 && std::ranges::all_of(arms, [&](std::size_t arm) {
                                    return placed_by_median_alone(model, arm);
                                });
    result.weak = result.weak || result.from_medians_alone;
    return result;
}

fit::IntervalOptions options_for(const Intervals& intervals, const fit::FittedModel& model, std::size_t arm) {
    const bool replaced = intervals.falls_back && !has_patients(model, arm);
    return {replaced ? fit::Band::reconstruction : intervals.band, intervals.level};
}

BandedEstimate median_with(const Intervals& intervals, const fit::FittedModel& model, std::size_t arm) {
    BandedEstimate median = *estimate_with(intervals, model, {arm}, [&](const fit::IntervalOptions& options) {
        return std::optional(fit::median(model, arm, options));
    });
    median.weak = median.weak && !published_median(model, arm);
    return median;
}

std::string interval_name(fit::Band band, double level) {
    return percent_text(level) + (band == fit::Band::population ? " CI" : " reconstruction band");
}

std::string interval_name(const Intervals& intervals) { return interval_name(intervals.band, intervals.level); }

std::string replacement_meaning(const Intervals& intervals) {
    return "no CI without the number of patients, which was not published: " +
           interval_name(fit::Band::reconstruction, intervals.level) + ", without sampling error";
}

Supposition::Supposition(std::span<const fit::FittedModel> models) {
    for (const fit::FittedModel& model : models) add(model);
}

Supposition::Supposition(const std::vector<AnalysisFit>& fits) {
    for (const AnalysisFit& fit : fits)
        for (const fit::FittedModel& model : fit.models) add(model);
}

void Supposition::add(const fit::FittedModel& model) {
    if (model.curves == nullptr) return;
    if (!model.intervals_suppose().empty())
        families_.insert(model.model->family->title);
    else
        others_ = true;
}

std::string Supposition::in_words() const {
    return families_.size() == 1 ? "the " + std::string(*families_.begin()) + " model" : "the model";
}

std::string Supposition::extrapolation_meaning() const {
    if (!any()) return "";
    return others_ ? "the interval of a parametric model holds only if the model does, others have no stated level"
                   : "the interval holds only if " + in_words() + " does";
}

std::string interval_footnote(const Intervals& intervals, const Supposition& supposition) {
    const bool population = intervals.band == fit::Band::population;
    const std::string condition = !supposition.any()     ? ""
                                  : supposition.others() ? " That of a parametric model holds only if the model does."
                                                         : " It holds only if " + supposition.in_words() + " does.";
    return interval_name(intervals) +
           (population
                ? " for a trial of this size (sampling error and uncertainty of the reconstruction)."
                : ": uncertainty about the published curve, without sampling error; not a confidence interval.") +
           condition;
}

}  // namespace hersurv::report
