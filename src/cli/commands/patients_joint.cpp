// Which analyses are of the same patients, and what is said of them.
#include "cli/commands/patients_joint.hpp"

#include "cli/commands/patients_agreement.hpp"
#include "fit/coherence.hpp"
#include "report/patients_text.hpp"
#include "support/number_text.hpp"
#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>

namespace hersurv::cli {
namespace {

using patients::ArmNumber;
using patients::JointSimulation;
using patients::NumberFrom;
using support::UsageError;

// PFS, and OS of the same population.
struct JointFits {
    report::AnalysisFit progression, survival;
};

struct Joined {
    JointFits fits;
    std::optional<JointSimulation> simulation;
    std::vector<std::size_t> arms;  // of the simulation, those that are asked for

    [[nodiscard]] const report::AnalysisFit& fit(bool survival) const {
        return survival ? fits.survival : fits.progression;
    }
    [[nodiscard]] const patients::Simulation& of_endpoint(bool survival) const {
        return survival ? simulation->survival() : simulation->progression();
    }
    [[nodiscard]] std::size_t arm_of_endpoint(std::size_t arm, bool survival) const {
        return survival ? simulation->arms()[arm].second : simulation->arms()[arm].first;
    }
};

bool is_known(const ArmNumber& number) {
    return number.from != NumberFrom::assumed && number.from != NumberFrom::share;
}

// The same patients: an arm whose number one endpoint leaves open has that of the other.
void make_equal(const JointFits& fits, std::vector<ArmNumber>& progression, std::vector<ArmNumber>& survival) {
    const auto& arms = fits.progression.evidence->arms;
    const auto& others = fits.survival.evidence->arms;
    for (std::size_t i = 0; i < arms.size(); ++i) {
        const auto same = std::ranges::find(others, arms[i].id, &evidence::ArmEvidence::id);
        if (same == others.end()) continue;
        ArmNumber &mine = progression[i], &theirs = survival[static_cast<std::size_t>(same - others.begin())];
        if (mine.n_patients == theirs.n_patients) continue;
        if (is_known(mine) && is_known(theirs))
            throw UsageError("--joint: " + arms[i].id + " has " + std::to_string(mine.n_patients) + " patients in " +
                             fits.progression.analysis->id + " and " + std::to_string(theirs.n_patients) + " in " +
                             fits.survival.analysis->id + "; say how many are drawn with --n");
        ArmNumber &open = is_known(mine) ? theirs : mine, &known = is_known(mine) ? mine : theirs;
        open.n_patients = known.n_patients;
        open.from = known.from;
        open.words = "that of the other endpoint";
    }
}

std::vector<JointFits> fits_of(const Selected& selected, const ModelChoice& model, Context& context) {
    std::vector<SelectedAnalysis> analyses;
    for (const SelectedAnalysis& one : selected.analyses) {
        if (one.analysis->endpoint != "PFS") continue;
        const auto* const os = fit::overall_survival_for(*one.trial, *one.analysis);
        if (os == nullptr) continue;
        analyses.push_back(one);
        analyses.push_back({one.trial, os});
    }
    std::vector<report::AnalysisFit> fits = fit_analyses(analyses, model, context);
    std::vector<JointFits> pairs;
    for (std::size_t i = 0; i + 1 < fits.size(); i += 2) pairs.push_back({std::move(fits[i]), std::move(fits[i + 1])});
    return pairs;
}

Joined joined_of(JointFits fits, const JointRequest& request, const PatientsCounts& counts,
                 const Selection& selection) {
    Joined joined{std::move(fits), std::nullopt, {}};
    auto of_progression = numbers_for(joined.fits.progression, counts),
         of_survival = numbers_for(joined.fits.survival, counts);
    make_equal(joined.fits, of_progression, of_survival);
    joined.simulation.emplace(
        patients::Simulation(joined.fits.progression.models.front(), request.options, std::move(of_progression)),
        patients::Simulation(joined.fits.survival.models.front(), request.options, std::move(of_survival)),
        request.rank_correlation);
    const auto& arms = joined.simulation->survival().arms();
    for (std::size_t i = 0; i < joined.simulation->arms().size(); ++i)
        if (selection.filter.takes_arm(arms[joined.arm_of_endpoint(i, true)].id)) joined.arms.push_back(i);
    return joined;
}

std::vector<patients::JointArm> taken(const Joined& joined, std::uint64_t replicate) {
    std::vector<patients::JointArm> drawn = joined.simulation->draw(replicate), arms;
    for (const std::size_t arm : joined.arms) arms.push_back(std::move(drawn[arm]));
    return arms;
}

report::SimulationRow correlation_row(const Joined& joined, const patients::JointArm& arm,
                                      const JointRequest& request) {
    report::SimulationRow row;
    row.trial = joined.fits.survival.trial->id;
    row.arm = arm.name;
    row.key = "rank_correlation";
    row.title = "rank correlation, PFS and OS";
    row.drawn = render::Number::derived(arm.rank_correlation, 2);
    row.difference = arm.rank_correlation - request.rank_correlation;
    row.tolerance = 0.01;
    row.agreement = std::abs(*row.difference) > *row.tolerance ? report::Agreement::differs
                    : request.usual_correlation                ? report::Agreement::assumed
                                                               : report::Agreement::given;
    return row;
}

// The patients of one endpoint, by arm of its simulation.
std::vector<patients::Arm> records_of(const Joined& joined, const std::vector<patients::JointArm>& drawn,
                                      bool survival) {
    std::vector<patients::Arm> arms = joined.of_endpoint(survival).draw(1);
    for (std::size_t i = 0; i < drawn.size(); ++i) {
        patients::Arm& arm = arms[joined.arm_of_endpoint(i, survival)];
        arm.patients.clear();
        for (const patients::JointPatient& patient : drawn[i].patients)
            arm.patients.push_back(survival ? patient.survival : patient.progression);
        std::ranges::sort(arm.patients, {}, &patients::Patient::time_months);
    }
    return arms;
}

std::string assumption_on(const JointRequest& request) {
    return "assumption: Spearman's rank correlation of PFS and OS, of the times without censoring, is " +
           support::fixed(request.rank_correlation, 2) +
           (request.usual_correlation ? ", as in 9 trials of HER2-positive metastatic breast cancer (Michiels et al. "
                                        "2016, Ann Oncol 27:1029); --dependence sets another"
                                      : ", as asked for");
}

AgreementPart part_of(const Joined& joined, const JointRequest& request, double level) {
    AgreementPart part;
    part.name = joined.fits.survival.trial->id + " " + joined.fits.progression.analysis->id + " with " +
                joined.fits.survival.analysis->id;
    part.caption = part.name;
    if (request.n_replicates > 1)
        part.caption += ", the first of " + std::to_string(request.n_replicates) + " replicates";
    const std::vector<patients::JointArm> drawn = joined.simulation->draw(1);
    part.notes.push_back(assumption_on(request));
    for (const bool survival : {false, true}) {
        const report::AnalysisFit& fit = joined.fit(survival);
        report::SimulatedAnalysis one{&fit, &joined.of_endpoint(survival), {}};
        for (const std::size_t arm : joined.arms) one.arms.push_back(joined.arm_of_endpoint(arm, survival));
        for (report::SimulationRow& row : report::simulation_rows(one, records_of(joined, drawn, survival), level)) {
            row.title = fit.analysis->endpoint + ": " + row.title;
            part.rows.push_back(std::move(row));
        }
        for (const std::string& note : report::simulation_notes(one))
            part.notes.push_back(fit.analysis->endpoint + ", " + note);
    }
    for (const std::size_t arm : joined.arms) {
        const patients::JointArm& one = drawn[arm];
        part.rows.push_back(correlation_row(joined, one, request));
        if (part.rows.back().agreement == report::Agreement::differs)
            part.notes.push_back(one.name +
                                 ": PFS at or before OS in every patient allows no rank correlation nearer than " +
                                 support::fixed(one.rank_correlation, 2));
        if (one.n_earlier > 0)
            part.notes.push_back(one.name + ": the PFS of " + std::to_string(one.n_earlier) + " of " +
                                 std::to_string(one.patients.size()) +
                                 " patients was later than every remaining OS time and is set to the OS time");
    }
    return part;
}

}  // namespace

Answer simulate_joint(const Selection& selection, const ModelChoice& model, const PatientsCounts& counts,
                      const JointRequest& request, Context& context) {
    const Selected selected = select(selection, context);
    struct Work {
        std::vector<Joined> all;
        std::string agreement;  // as a JSON text
    };
    const auto work = std::make_shared<Work>();
    for (JointFits& fits : fits_of(selected, model, context)) {
        Joined joined = joined_of(std::move(fits), request, counts, selection);
        if (!joined.arms.empty()) work->all.push_back(std::move(joined));
    }
    if (work->all.empty())
        throw support::NotFoundError(
            "--joint needs curves of PFS and of OS of the same population and arms; what is selected" +
            (selected.trials.size() == 1 ? " of " + selected.trials.front()->id : std::string()) +
            " has none (--analysis names that of PFS)");
    std::vector<AgreementPart> parts;
    for (const Joined& joined : work->all) parts.push_back(part_of(joined, request, context.global.level));
    work->agreement = support::write_json(tell_agreement(parts, request.agreement, context), -1);
    report::PatientsColumns columns{request.n_replicates > 1, work->all.size() > 1 || !context.selection_alone, true};
    return {TextStream(
        [work, columns, format = context.global.format, n = request.n_replicates](const auto& write, bool continued) {
            report::PatientsText writer(format, columns, continued);
            for (const Joined& joined : work->all)
                for (std::uint64_t replicate = 1; replicate <= n; ++replicate) {
                    std::string text;
                    writer.append(text, taken(joined, replicate),
                                  {replicate, joined.fits.survival.trial->id, joined.fits.progression.analysis->id});
                    write(text);
                }
            std::string end;
            writer.finish(end, work->agreement);
            write(end);
        })};
}

}  // namespace hersurv::cli
