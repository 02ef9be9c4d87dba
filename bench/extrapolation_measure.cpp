// From the patients of a figure to the score of what is extrapolated from an earlier cut.
#include "extrapolation_measure.hpp"

#include "hersurv/estimates.hpp"
#include "hersurv/evidence.hpp"

#include "band_score.hpp"
#include "extrapolation_cut.hpp"
#include "publish.hpp"
#include "support/parallel.hpp"
#include <algorithm>
#include <memory>

namespace hersurv::bench {
namespace {

constexpr double level = 0.95;
constexpr int least_events = 10;  // in each arm of a cut

// The sums of one arm by distance and of all, for one band; rows without a band are left out.
std::array<RowSums, distances.size() + 1> sums_of(const fit::FittedModel& model, std::size_t arm, fit::Band band,
                                                  const DigitisedArm& full, double support_months) {
    std::vector<double> times;
    std::vector<double> truth;
    for (std::size_t k = 0; k < full.times_months.size(); ++k)
        if (full.times_months[k] > support_months) {
            times.push_back(full.times_months[k]);
            truth.push_back(full.survival[k]);
        }
    std::array<RowSums, distances.size() + 1> sums;
    const auto curve = fit::survival_curve(model, arm, times, {band, level});
    for (std::size_t k = 0; k < curve.size(); ++k) {
        const fit::Estimate& estimate = curve[k].survival;
        if (!estimate.lower || !estimate.upper) continue;
        RowSums row;
        row.add(truth[k], estimate.value, *estimate.lower, *estimate.upper, 1.0 / full.n_patients);
        const double distance = times[k] / support_months;
        for (std::size_t d = 0; d < distances.size(); ++d)
            if (distance > distances[d].from && distance <= distances[d].to) sums[d] += row;
        sums.back() += row;
    }
    return sums;
}

void score_beyond(const fit::FittedModel& model, std::size_t arm, const DigitisedArm& full, CutOutcome& outcome) {
    outcome.support_months = support_of(model, arm).last_months;
    if (outcome.support_months <= 0) return;
    for (std::size_t b = 0; b < 2; ++b) {
        const auto band = b == 0 ? fit::Band::reconstruction : fit::Band::population;
        const auto sums = sums_of(model, arm, band, full, outcome.support_months);
        for (std::size_t d = 0; d < sums.size(); ++d) {
            const RowSums& of_distance = sums[d];
            if (of_distance.rows == 0) continue;
            BeyondSupport& beyond = outcome.by_distance[d];
            beyond.n_points = static_cast<std::size_t>(of_distance.rows);
            beyond.error = of_distance.error / of_distance.rows;
            beyond.absolute_error = of_distance.absolute_error / of_distance.rows;
            beyond.coverage[b] = of_distance.covered / of_distance.rows;
            beyond.width[b] = of_distance.width / of_distance.rows;
        }
    }
}

// Every model on what the cut publishes: tier A with the milestones within it.
void measure_cut(const DigitisedFigure& figure, const DigitisedFigure& cut, const CutOutcome& place,
                 const std::shared_ptr<const evidence::Constants>& constants, const std::vector<ScoredModel>& models,
                 std::vector<CutOutcome>& outcomes) {
    for (const PrintedRecord& record : records_of(cut, printable(*fit::find_pattern("C"), cut))) {
        const fit::Fitter fitter(std::make_shared<const evidence::AnalysisEvidence>(
            evidence::gather(record.trial, record.trial.analyses.front(), constants)));
        for (std::size_t m = 0; m < models.size(); ++m) {
            const fit::FittedModel model = models[m].row != nullptr ? fitter.fit(*models[m].row) : fitter.fit_auto();
            for (const auto& scored : record.scored) {
                CutOutcome outcome = place;
                outcome.model = m;
                outcome.arm = scored.in_figure;
                const DigitisedArm &early = cut.arms[outcome.arm], &full = figure.arms[outcome.arm];
                outcome.entered = static_cast<double>(early.n_patients) / full.n_patients;
                outcome.events = static_cast<double>(early.n_events) / full.n_events;
                outcome.has_curve = model.fitted(scored.in_record);
                if (outcome.has_curve) score_beyond(model, scored.in_record, figure.arms[scored.in_figure], outcome);
                outcomes.push_back(outcome);
            }
        }
    }
}

}  // namespace

std::vector<CutOutcome> measure_extrapolation(const Figures& figures, const std::string& folder,
                                              const PriorsOfFigures& priors, const ExtrapolationOptions& options) {
    std::vector<std::vector<CutOutcome>> by_figure(figures.figures.size());
    support::parallel_for(by_figure.size(), options.threads, [&](std::size_t i) {
        const DigitisedFigure& figure = figures.figures[i];
        const auto patients = dated(read_patients(figure, folder), options.seed, figure.dataset);
        PublishOptions publish;
        publish.milestone_months = milestone_months(figure.endpoint);
        // As the horizon of the figures.
        publish.least_at_risk = 10;
        publish.least_share_at_risk = 0.1;
        for (std::size_t c = 0; c < options.cuts.size(); ++c) {
            const TwoArms early = cut_earlier(patients, (1 - options.cuts[c]) * last_cut_months(patients));
            const DigitisedFigure cut = published(figure, early, publish);
            if (std::min(cut.arms[0].n_events, cut.arms[1].n_events) < least_events) continue;
            CutOutcome place;
            place.figure = i;
            place.cut = c;
            measure_cut(figure, cut, place, priors[i], options.models, by_figure[i]);
        }
    });
    std::vector<CutOutcome> outcomes;
    for (const auto& of_figure : by_figure) outcomes.insert(outcomes.end(), of_figure.begin(), of_figure.end());
    return outcomes;
}

namespace {

// Numbers of arms, with the cluster of each.
struct Sample {
    std::vector<double> values;
    std::vector<std::size_t> cluster;
    void add(const std::optional<double>& value, std::size_t of_cluster) {
        if (!value) return;
        values.push_back(*value);
        cluster.push_back(of_cluster);
    }
    [[nodiscard]] std::optional<ClusteredMean> mean() const { return clustered_mean(values, cluster); }
};

template <class Belongs>
ExtrapolationLine means_over(const std::vector<std::size_t>& cluster, const std::vector<CutOutcome>& outcomes,
                             std::size_t distance, const Belongs& belongs) {
    ExtrapolationLine line;
    Sample error, absolute;
    std::array<Sample, 2> coverage, width;
    for (const CutOutcome& outcome : outcomes) {
        if (!belongs(outcome)) continue;
        line.n_without_curve += !outcome.has_curve;
        const BeyondSupport& beyond = outcome.by_distance[distance];
        if (beyond.n_points == 0) continue;
        const std::size_t c = cluster[outcome.figure];
        ++line.n_arms;
        line.n_points += beyond.n_points;
        line.entered += outcome.entered;
        line.events += outcome.events;
        error.add(beyond.error, c);
        absolute.add(beyond.absolute_error, c);
        for (std::size_t b = 0; b < 2; ++b) {
            coverage[b].add(beyond.coverage[b], c);
            width[b].add(beyond.width[b], c);
        }
    }
    if (line.n_arms > 0) {
        line.entered /= static_cast<double>(line.n_arms);
        line.events /= static_cast<double>(line.n_arms);
    }
    line.error = error.mean();
    line.absolute_error = absolute.mean();
    for (std::size_t b = 0; b < 2; ++b) {
        line.coverage[b] = coverage[b].mean();
        line.width[b] = width[b].mean();
    }
    return line;
}

}  // namespace

std::vector<ExtrapolationLine> extrapolation_lines(const Figures& figures, const ExtrapolationOptions& options,
                                                   const std::vector<CutOutcome>& outcomes) {
    std::vector<std::vector<std::string>> keys;
    for (const DigitisedFigure& figure : figures.figures)
        keys.push_back({"trial " + figure.trial, "publication " + figure.publication});
    const std::vector<std::size_t> cluster = clusters(keys);
    std::vector<ExtrapolationLine> lines;
    for (const char* endpoint : {"OS", "PFS"})
        for (std::size_t cut = 0; cut < options.cuts.size(); ++cut)
            for (std::size_t model = 0; model < options.models.size(); ++model)
                for (std::size_t d = 0; d <= distances.size(); ++d) {
                    ExtrapolationLine line = means_over(cluster, outcomes, d, [&](const CutOutcome& outcome) {
                        return outcome.cut == cut && outcome.model == model &&
                               figures.figures[outcome.figure].endpoint == endpoint;
                    });
                    line.endpoint = endpoint;
                    line.cut = options.cuts[cut];
                    line.model = options.models[model].name;
                    line.distance = d < distances.size() ? distances[d].words : "all";
                    lines.push_back(std::move(line));
                }
    return lines;
}

}  // namespace hersurv::bench
