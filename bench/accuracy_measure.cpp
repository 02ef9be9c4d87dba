// The measurement: records to evidence to fits to curves to scores, one figure after another on all processors.
#include "accuracy_measure.hpp"

#include "hersurv/estimates.hpp"
#include "hersurv/evidence.hpp"

#include "support/parallel.hpp"
#include <algorithm>

namespace hersurv::bench {
namespace {

constexpr double band_level = 0.95;

std::optional<ArmScore> score_arm(const fit::FittedModel& model, std::size_t arm, const DigitisedArm& published) {
    const auto curve = fit::survival_curve(model, arm, published.times_months, {fit::Band::reconstruction, band_level});
    std::vector<ComparedPoint> points;
    points.reserve(curve.size());
    for (std::size_t k = 0; k < curve.size(); ++k) {
        const fit::Estimate& estimate = curve[k].survival;
        points.push_back({published.survival[k], estimate.value, estimate.lower, estimate.upper});
    }
    return score(points, published.n_patients);
}

// The outcomes of one figure under every pattern and model.
std::vector<ArmOutcome> measure_figure(const DigitisedFigure& figure, std::size_t index,
                                       const std::shared_ptr<const evidence::Constants>& priors,
                                       const std::vector<Pattern>& patterns, const std::vector<ScoredModel>& models,
                                       fit::Target target) {
    std::vector<ArmOutcome> outcomes;
    for (std::size_t pattern = 0; pattern < patterns.size(); ++pattern) {
        const auto records = records_of(figure, patterns[pattern]);
        std::vector<std::shared_ptr<const evidence::AnalysisEvidence>> evidence;
        for (const PrintedRecord& record : records)
            evidence.push_back(std::make_shared<const evidence::AnalysisEvidence>(
                evidence::gather(record.trial, record.trial.analyses.front(), priors)));
        std::vector<const fit::Model*> rows;
        for (const ScoredModel& model : models)
            if (model.row != nullptr) rows.push_back(model.row);
        std::vector<std::vector<fit::FittedModel>> fits;
        for (const auto& of_record : evidence) {
            auto of_rows = fit::fit(of_record, rows, {.target = target});
            auto& all = fits.emplace_back();
            auto next = of_rows.begin();
            for (const ScoredModel& model : models)
                all.push_back(model.row != nullptr ? std::move(*next++) : fit::fit_auto(of_record));
        }
        for (std::size_t model = 0; model < models.size(); ++model)
            for (std::size_t record = 0; record < records.size(); ++record) {
                const fit::FittedModel& fitted = fits[record][model];
                for (const auto& scored : records[record].scored) {
                    ArmOutcome outcome;
                    outcome.figure = index;
                    outcome.arm = scored.in_figure;
                    outcome.pattern = pattern;
                    outcome.model = model;
                    outcome.status = fitted.arms[scored.in_record].status;
                    outcome.reason = fitted.arms[scored.in_record].reason;
                    if (fitted.fitted(scored.in_record)) {
                        outcome.fitted_model = fitted.model->name;
                        outcome.score = score_arm(fitted, scored.in_record, figure.arms[scored.in_figure]);
                    }
                    outcomes.push_back(std::move(outcome));
                }
            }
    }
    return outcomes;
}

// Numbers that belong to arms, with the cluster of each arm.
struct Sample {
    std::vector<double> values;
    std::vector<std::size_t> clusters;
    void add(double value, std::size_t cluster) {
        values.push_back(value);
        clusters.push_back(cluster);
    }
    [[nodiscard]] std::optional<ClusteredMean> mean() const { return clustered_mean(values, clusters); }
};

// The errors by the number of patients.
class SizesOfArms {
  public:
    void add(int n_patients, double error) {
        n_patients_.push_back(n_patients);
        const std::size_t size = fit::size_class_of(n_patients);
        ++n_arms_[size];
        sums_[size] += error;
    }
    void write(MeanScores& means) {
        if (n_patients_.empty()) return;
        std::ranges::sort(n_patients_);
        means.least_patients = n_patients_[n_patients_.size() / 20];
        means.n_arms_of_size = n_arms_;
        for (std::size_t i = 0; i < sums_.size(); ++i)
            if (n_arms_[i] > 0) means.error_of_size[i] = sums_[i] / static_cast<double>(n_arms_[i]);
    }

  private:
    std::vector<int> n_patients_;
    std::array<std::size_t, fit::size_classes.size()> n_arms_ = {};
    std::array<double, fit::size_classes.size()> sums_ = {};
};

// The means of the outcomes for which `belongs` holds.
template <class Predicate>
MeanScores means_over(const Figures& figures, const std::vector<std::size_t>& cluster,
                      const std::vector<ArmOutcome>& outcomes, const Predicate& belongs) {
    MeanScores means;
    Sample error, largest, rmst, coverage, width;
    SizesOfArms sizes;
    std::vector<Sample> baselines(figures.baselines.size());
    for (const ArmOutcome& outcome : outcomes) {
        if (!belongs(outcome)) continue;
        if (!outcome.score) {
            ++means.n_without_curve;
            continue;
        }
        const std::size_t c = cluster[outcome.figure];
        ++means.n_arms;
        means.n_not_converged += outcome.status == fit::FitStatus::not_converged;
        error.add(outcome.score->mean_absolute_error, c);
        sizes.add(figures.figures[outcome.figure].arms[outcome.arm].n_patients, outcome.score->mean_absolute_error);
        largest.add(outcome.score->largest_error, c);
        rmst.add(outcome.score->relative_rmst_error, c);
        coverage.add(outcome.score->coverage, c);
        if (outcome.score->mean_width) width.add(*outcome.score->mean_width, c);
        const auto& of_arm = figures.figures[outcome.figure].arms[outcome.arm].baselines;
        for (std::size_t b = 0; b < baselines.size(); ++b)
            if (of_arm[b]) baselines[b].add(*of_arm[b], c);
    }
    means.mean_absolute_error = error.mean();
    sizes.write(means);
    means.largest_error = largest.mean();
    means.relative_rmst_error = rmst.mean();
    means.coverage = coverage.mean();
    means.width = width.mean();
    for (const Sample& baseline : baselines) {
        const auto mean = baseline.values.size() == means.n_arms ? baseline.mean() : std::nullopt;
        means.baselines.push_back(mean ? std::optional(mean->mean) : std::nullopt);
    }
    return means;
}

std::optional<double> ratio_to_baseline(const Figures& figures, const MeanScores& means, const std::string& baseline) {
    const auto found = std::find(figures.baselines.begin(), figures.baselines.end(), baseline);
    if (found == figures.baselines.end() || !means.mean_absolute_error) return std::nullopt;
    const auto& value = means.baselines[static_cast<std::size_t>(found - figures.baselines.begin())];
    if (!value || *value <= 0) return std::nullopt;
    return means.mean_absolute_error->mean / *value;
}

}  // namespace

std::vector<ScoredModel> scored_models() {
    std::vector<ScoredModel> models;
    for (const fit::Model& model : fit::models()) models.push_back({std::string(model.name), &model});
    models.push_back({"auto", nullptr});
    return models;
}

std::vector<ArmOutcome> measure(const Figures& figures, const PriorsOfFigures& priors,
                                const std::vector<Pattern>& patterns, const std::vector<ScoredModel>& models,
                                int threads, fit::Target target) {
    std::vector<std::vector<ArmOutcome>> by_figure(figures.figures.size());
    support::parallel_for(by_figure.size(), threads, [&](std::size_t i) {
        by_figure[i] = measure_figure(figures.figures[i], i, priors[i], patterns, models, target);
    });
    std::vector<ArmOutcome> outcomes;
    for (auto& of_figure : by_figure) std::move(of_figure.begin(), of_figure.end(), std::back_inserter(outcomes));
    return outcomes;
}

std::vector<MeanScores> mean_scores(const Figures& figures, const std::vector<Pattern>& patterns,
                                    const std::vector<ScoredModel>& models, const std::vector<ArmOutcome>& outcomes) {
    std::vector<std::vector<std::string>> keys;
    std::vector<std::string> endpoints;
    for (const DigitisedFigure& figure : figures.figures) {
        keys.push_back({"trial " + figure.trial, "publication " + figure.publication});
        if (std::find(endpoints.begin(), endpoints.end(), figure.endpoint) == endpoints.end())
            endpoints.push_back(figure.endpoint);
    }
    const std::vector<std::size_t> cluster = clusters(keys);
    std::vector<MeanScores> all;
    for (const std::string& endpoint : endpoints)
        for (const bool reached : {true, false})
            for (std::size_t pattern = 0; pattern < patterns.size(); ++pattern)
                for (std::size_t model = 0; model < models.size(); ++model) {
                    MeanScores means = means_over(figures, cluster, outcomes, [&](const ArmOutcome& outcome) {
                        const DigitisedFigure& figure = figures.figures[outcome.figure];
                        return outcome.pattern == pattern && outcome.model == model && figure.endpoint == endpoint &&
                               figure.arms[outcome.arm].median_months.has_value() == reached;
                    });
                    if (means.n_arms + means.n_without_curve == 0) continue;
                    means.endpoint = endpoint;
                    means.median_reached = reached;
                    means.pattern = patterns[pattern].name;
                    means.model = models[model].name;
                    means.over_weibull_ipd = ratio_to_baseline(figures, means, "weibull_ipd");
                    means.over_own_ipd = ratio_to_baseline(figures, means, means.model + "_ipd");
                    all.push_back(std::move(means));
                }
    return all;
}

}  // namespace hersurv::bench
