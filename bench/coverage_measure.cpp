// One trial after the other on all processors; the sums are taken in their order.
#include "coverage_measure.hpp"

#include "hersurv/evidence.hpp"

#include "accuracy_patterns.hpp"
#include "support/parallel.hpp"
#include <algorithm>
#include <memory>

namespace hersurv::bench {
namespace {

constexpr double level = 0.95;
constexpr double rise_that_counts = 0.005;  // of S: half a point

// What one trial contributes to a cell.
struct TrialScore {
    std::array<std::array<RowSums, zones.size()>, bands.size()> by_zone;
    bool contradiction = false;
    std::size_t n_curves = 0, n_without_curve = 0;
    std::vector<std::array<double, bands.size()>> upper_rises, lower_rises;  // by curve
};

void score_curve(const fit::FittedModel& model, std::size_t arm, const LawOfArm& law,
                 const patients::KaplanMeier& patients, const std::vector<double>& months, TrialScore& score) {
    const Support support = support_of(model, arm);
    std::array<double, bands.size()> upper_rises{}, lower_rises{};
    for (std::size_t b = 0; b < bands.size(); ++b) {
        const bool of_patients = bands[b] == fit::Band::reconstruction;
        std::vector<double> lower, upper;
        for (const fit::CurvePoint& point : fit::survival_curve(model, arm, months, {bands[b], level})) {
            if (!point.survival.lower || !point.survival.upper) continue;
            lower.push_back(*point.survival.lower);
            upper.push_back(*point.survival.upper);
            if (of_patients && point.time_months > patients.last_time_months()) continue;
            const double truth = of_patients ? patients.survival(point.time_months) : law.survival(point.time_months);
            const double allowed = of_patients ? 1 / static_cast<double>(patients.n_patients()) : 0;
            score.by_zone[b][static_cast<std::size_t>(support.zone_of(point.time_months))].add(
                truth, point.survival.value, lower.back(), upper.back(), allowed);
        }
        upper_rises[b] = largest_rise(upper);
        lower_rises[b] = largest_rise(lower);
    }
    score.upper_rises.push_back(upper_rises);
    score.lower_rises.push_back(lower_rises);
}

TrialScore score_trial(const CoverageOptions& options, const Law& law, const TwoArms& patients,
                       const std::array<patients::KaplanMeier, 2>& curves, const SimulatedEvidence& evidence,
                       const std::vector<double>& months) {
    PublishOptions publish;
    publish.follow_up = evidence.follow_up;
    publish.milestone_months = milestone_months("OS");
    const DigitisedFigure figure = published(frame_of_simulation(law.name), patients, publish);
    TrialScore score;
    for (const PrintedRecord& record : records_of(figure, printable(evidence.printed, figure))) {
        const fit::Fitter fitter(std::make_shared<const evidence::AnalysisEvidence>(
            evidence::gather(record.trial, record.trial.analyses.front())));
        const fit::FittedModel model = options.model != nullptr ? fitter.fit(*options.model) : fitter.fit_auto();
        score.contradiction = score.contradiction || says_contradiction(model);
        for (const auto& scored : record.scored) {
            if (!model.fitted(scored.in_record)) {
                ++score.n_without_curve;
                continue;
            }
            ++score.n_curves;
            score_curve(model, scored.in_record, scored.in_figure == 0 ? law.control : law.experimental,
                        curves[scored.in_figure], months, score);
        }
    }
    return score;
}

void add_rises(const std::vector<std::array<double, bands.size()>>& rises,
               std::array<std::size_t, bands.size()>& counts, std::array<double, bands.size()>& largest) {
    for (const auto& of_curve : rises)
        for (std::size_t b = 0; b < bands.size(); ++b) {
            counts[b] += of_curve[b] > rise_that_counts;
            largest[b] = std::max(largest[b], of_curve[b]);
        }
}

void add(const TrialScore& score, CoverageCell& cell) {
    for (std::size_t b = 0; b < bands.size(); ++b) {
        RowSums all;
        for (std::size_t zone = 0; zone < zones.size(); ++zone) {
            cell.by_zone[b][zone].add(score.by_zone[b][zone]);
            all += score.by_zone[b][zone];
        }
        cell.all[b].add(all);
    }
    ++cell.n_analyses;
    cell.n_contradictions += score.contradiction;
    cell.n_curves += score.n_curves;
    cell.n_without_curve += score.n_without_curve;
    add_rises(score.upper_rises, cell.n_upper_rises, cell.largest_upper_rise);
    add_rises(score.lower_rises, cell.n_lower_rises, cell.largest_lower_rise);
}

}  // namespace

const std::vector<SimulatedEvidence>& simulated_evidence() {
    using enum FollowUpKind;
    //                        n     events median limits follow-up milestones  hazard ratio
    const fit::Pattern full{"full", {true, true, true, true, true, 2}, true};
    const fit::Pattern tier_a{"tier-a", {true, true, true, true, true, 0}, true};
    const fit::Pattern limits{"limits", {true, false, true, true, false, 0}};
    const fit::Pattern median_hr{"median-hr", {true, false, true, false, false, 0}, true};
    const fit::Pattern median{"median", {true, false, true, false, false, 0}};
    static const std::vector<SimulatedEvidence> table = {
        {"full", "full abstract", full, reverse_kaplan_meier},
        {"tier-a", "tier A", tier_a, reverse_kaplan_meier},
        {"limits", "limits", limits, reverse_kaplan_meier},
        {"median-hr", "median + HR", median_hr, reverse_kaplan_meier},
        {"median", "median", median, reverse_kaplan_meier},
        {"full-observed", "full abstract, time on study", full, observed},
        {"tier-a-observed", "tier A, time on study", tier_a, observed},
    };
    return table;
}

std::vector<CoverageCell> measure_coverage(const CoverageOptions& options) {
    std::vector<double> months;
    for (double month = 1; month <= options.last_month; ++month) months.push_back(month);
    const std::size_t n_sizes = options.n_per_arm.size(), n_evidence = options.evidence.size();
    std::vector<std::vector<TrialScore>> scores(options.laws.size() * n_sizes * options.trials);
    support::parallel_for(scores.size(), options.threads, [&](std::size_t i) {
        const Law& law = options.laws[i / options.trials / n_sizes];
        const TwoArms patients = draw_trial(law, options.n_per_arm[i / options.trials % n_sizes], options.schedule,
                                            options.seed, i % options.trials);
        const std::array<patients::KaplanMeier, 2> curves = {patients::KaplanMeier(patients[0]),
                                                             patients::KaplanMeier(patients[1])};
        for (const SimulatedEvidence& evidence : options.evidence)
            scores[i].push_back(score_trial(options, law, patients, curves, evidence, months));
    });
    std::vector<CoverageCell> cells;
    for (std::size_t law = 0; law < options.laws.size(); ++law)
        for (std::size_t n = 0; n < n_sizes; ++n)
            for (std::size_t evidence = 0; evidence < n_evidence; ++evidence) {
                CoverageCell cell;
                cell.law = law;
                cell.n = n;
                cell.evidence = evidence;
                for (std::size_t trial = 0; trial < options.trials; ++trial)
                    add(scores[(law * n_sizes + n) * options.trials + trial][evidence], cell);
                cells.push_back(cell);
            }
    return cells;
}

}  // namespace hersurv::bench
