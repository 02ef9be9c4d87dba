// `patients simulate`: patients drawn from fitted curves, with a report on how well the published numbers come back.
#include "hersurv/patients.hpp"

#include "catalogue/record_writer.hpp"
#include "cli/commands/patients_actions.hpp"
#include "cli/commands/patients_agreement.hpp"
#include "cli/commands/patients_joint.hpp"
#include "cli/fitting.hpp"
#include "cli/options.hpp"
#include "report/patients_text.hpp"
#include "report/simulation_report.hpp"
#include "support/parallel.hpp"
#include <algorithm>
#include <cmath>
#include <optional>

namespace hersurv::cli {
namespace {

using patients::Simulation;
using report::PatientsText;
using support::UsageError;

// One analysis that has curves.
struct Simulated {
    const report::AnalysisFit* fit = nullptr;
    Simulation simulation;
    std::vector<std::size_t> arms;  // of the simulation, those that are asked for

    [[nodiscard]] report::SimulatedAnalysis reported() const { return {fit, &simulation, arms}; }
};

std::vector<patients::Arm> taken(const Simulated& from, std::vector<patients::Arm> drawn) {
    std::vector<patients::Arm> arms;
    for (const std::size_t arm : from.arms) arms.push_back(std::move(drawn[arm]));
    return arms;
}

class Simulate : public PatientsAction {
  public:
    explicit Simulate(const PatientsCounts& counts) : counts_(counts) {}

    void setup(OptionTable& options) override {
        model_.setup(options);
        auto& calibrate = options.add("--calibrate", "TO", &calibrate_,
                                      "how to match the published results. published: every replicate has the "
                                      "published events, medians, milestones and hazard ratios, if possible; none: "
                                      "plain draws, which have them in expectation");
        calibrate.choices = [] { return std::vector<std::string>{"published", "none"}; };
        calibrate.closed = true;
        options.add("--deterministic", "", &deterministic_, "use evenly spaced quantiles instead of random times");
        auto& replicates = options.add("--replicates", "N", &n_replicates_,
                                       "number of data sets. With 2 or more a column numbers them");
        replicates.valid = [this] { return n_replicates_ > 0; };
        replicates.accepted = "a whole number from 1 on";
        options.add("--joint", "", &joint_,
                    "PFS and OS of the same patients in one table. PFS is at or before OS; columns pfs_months, "
                    "pfs_event, os_months, os_event, arm");
        auto& dependence = options.add("--dependence", "RHO", &dependence_,
                                       "rank correlation (Spearman) of PFS and OS, with --joint. 0.67 is that of 9 "
                                       "trials of HER2-positive metastatic breast cancer (Michiels et al. 2016, Ann "
                                       "Oncol 27:1029)");
        dependence.valid = [this] { return std::abs(dependence_) <= 1; };
        dependence.accepted = "a rank correlation, from -1 to 1";
        options.add("--agreement", "FILE", &agreement_,
                    "write published and simulated estimates to a file. csv, tsv, json or jsonl by its extension");
    }

    Answer run(const Selection& selection, Context& context) override {
        check_options(selection, context);
        patients::SimulationOptions options;
        options.calibration = calibrate_ == "none" ? patients::Calibration::none : patients::Calibration::published;
        options.deterministic = deterministic_;
        options.seed = context.global.seed;
        if (joint_)
            return simulate_joint(
                selection, model_, counts_,
                {options, dependence_, !context.given.contains("--dependence"), n_replicates_, agreement_}, context);
        const Selected selected = select(selection, context);
        // The stream is written after this call: it owns what it needs.
        struct Work {
            std::vector<report::AnalysisFit> fits;
            std::vector<Simulated> all;
            std::string agreement;  // as a JSON text
        };
        const auto work = std::make_shared<Work>();
        if (selected.analyses.size() > 1 && !(counts_.n_patients.empty() && counts_.n_events.empty()))
            throw UsageError("--n and --events apply to one analysis; name it with --endpoint or --analysis");
        work->fits = fit_analyses(selected.analyses, model_, context);
        for (const report::AnalysisFit& fit : work->fits) {
            Simulated one{&fit, Simulation(fit.models.front(), options, numbers_for(fit, counts_)), {}};
            for (std::size_t arm = 0; arm < one.simulation.arms().size(); ++arm)
                if (selection.filter.takes_arm(one.simulation.arms()[arm].id)) one.arms.push_back(arm);
            say_without_curve(fit, selection, context);
            if (!one.arms.empty()) work->all.push_back(std::move(one));
        }
        for (const catalogue::Trial* trial : selected.trials)
            if (trial->analyses.empty())
                context.say(trial->id + ": no survival results in the catalogue, so no patients can be simulated");
        if (work->all.empty() && context.selection_alone && selected.trials.size() == 1)
            throw support::NotFoundError(selected.trials.front()->id + " has no curve to draw patients from");
        std::vector<AgreementPart> parts;
        for (const Simulated& one : work->all) parts.push_back(part_of(one, context.global.level));
        work->agreement = support::write_json(tell_agreement(parts, agreement_, context), -1);
        if (is_record(context)) {
            if (work->all.size() != 1)
                throw UsageError("a catalogue of patients has one analysis; name it with --endpoint or --analysis");
            return {support::write_json(catalogue::write_record(record(work->all.front(), context.global.seed))) +
                    "\n"};
        }
        const report::PatientsColumns columns{n_replicates_ > 1, work->all.size() > 1 || !context.selection_alone};
        return {TextStream([work, columns, format = context.global.format, threads = context.global.threads,
                            n = n_replicates_](const auto& write, bool continued) {
            PatientsText writer(format, columns, continued);
            for (const Simulated& one : work->all) write_replicates(one, {format, columns, threads, n}, writer, write);
            std::string end;
            writer.finish(end, work->agreement);
            write(end);
        })};
    }

  private:
    struct Form {
        const std::string& format;
        report::PatientsColumns columns;
        int threads;
        std::uint64_t n_replicates;
    };

    void check_options(const Selection& selection, const Context& context) const {
        if (model_.names.size() > 1 || model_.names.front() == "all" ||
            model_.names.front().find(',') != std::string::npos)
            throw UsageError("patients simulate takes one --model, or auto");
        check_joint(selection, context);
        if (!agreement_.empty() && !context.selection_alone)
            throw UsageError("--agreement is one file; name one document with --catalogue, not lines of a .jsonl");
        if (n_replicates_ > 1 && is_record(context))
            throw UsageError("a catalogue holds one data set; leave out --replicates, or name another --format");
        if (selection.trials.empty() && context.selection_alone && context.library.ids().size() != 1)
            throw UsageError("patients simulate needs a trial; '*' means all");
    }

    void check_joint(const Selection& selection, const Context& context) const {
        if (!joint_) {
            if (context.given.contains("--dependence"))
                throw UsageError("--dependence needs --joint: it is the correlation of PFS and OS drawn together");
            return;
        }
        const auto refuse = [](bool given, const std::string& what) {
            if (given) throw UsageError("--joint: " + what);
        };
        refuse(selection.typed(),
               "typed arms have one endpoint; put PFS and OS of a trial into a catalogue (hersurv template)");
        refuse(!selection.filter.endpoint.empty(),
               "it draws PFS and OS; leave out --endpoint (--analysis names that of PFS)");
        refuse(is_record(context), "a catalogue holds analyses one by one; name another --format");
        refuse(deterministic_, "PFS and OS are paired at random; leave out --deterministic");
        refuse(!counts_.n_events.empty(), "the events of PFS and OS differ; leave out --events");
    }

    static bool is_record(const Context& context) { return context.global.format == "catalogue"; }

    // The drawn patients as a trial of their own.
    [[nodiscard]] catalogue::Trial record(const Simulated& one, std::uint64_t seed) const {
        const catalogue::Trial& trial = *one.fit->trial;
        patients::RecordFrame frame;
        frame.trial = trial.id + "-simulated";
        frame.of = &trial;
        frame.endpoint = one.fit->analysis->endpoint;
        frame.label = "simulated patients";
        frame.source.key = "simulated";
        frame.source.kind = "secondary";
        frame.source.citation = "Patients drawn from the curves of " + trial.id + ", " + one.fit->analysis->id +
                                (deterministic_ ? ", evenly spaced" : ", seed " + std::to_string(seed));
        for (const std::string& note : report::simulation_notes(one.reported()))
            if (note.find("assumption:") != std::string::npos) frame.source.citation += "; " + note;
        frame.control = one.arms.size() - 1;
        for (std::size_t i = 0; i < one.arms.size(); ++i) {
            const std::string& id = one.simulation.arms()[one.arms[i]].id;
            frame.arms.emplace_back();
            frame.arms.back().id = frame.arms.back().name = id;
            if (const auto* const known = trial.find_arm(id)) frame.arms.back() = *known;
            if (std::ranges::find(one.fit->analysis->contrasts, id, &catalogue::Contrast::control) !=
                one.fit->analysis->contrasts.end())
                frame.control = i;
        }
        return patients::record_of(taken(one, one.simulation.draw(1)), frame);
    }

    static void say_without_curve(const report::AnalysisFit& fit, const Selection& selection, Context& context) {
        const auto& model = fit.models.front();
        for (std::size_t arm = 0; arm < model.arms.size(); ++arm)
            if (!model.fitted(arm) && selection.filter.takes_arm(fit.evidence->arms[arm].id))
                context.say(fit.trial->id + " " + fit.analysis->id + ", " + fit.evidence->arms[arm].id +
                            ": no curve, no patients: " + model.arms[arm].reason);
    }

    [[nodiscard]] AgreementPart part_of(const Simulated& one, double level) const {
        AgreementPart part;
        part.name = one.fit->trial->id + " " + one.fit->analysis->id;
        part.caption = part.name + ", " + std::string(one.fit->models.front().model->name) +
                       (n_replicates_ > 1 ? ", the first of " + std::to_string(n_replicates_) + " replicates" : "");
        part.rows = report::simulation_rows(one.reported(), one.simulation.draw(1), level);
        part.notes = report::simulation_notes(one.reported());
        return part;
    }

    // Replicates in chunks: drawn and put into words by all threads, written in their order.
    static void write_replicates(const Simulated& one, const Form& form, PatientsText& writer,
                                 const std::function<void(std::string_view)>& write) {
        std::size_t patients = 1;
        for (const std::size_t arm : one.arms) patients += one.simulation.arms()[arm].n_patients;
        constexpr std::size_t patients_in_chunk = 200'000;
        const std::uint64_t chunk = std::max<std::uint64_t>(1, patients_in_chunk / patients);
        std::vector<std::string> texts;
        for (std::uint64_t first = 1; first <= form.n_replicates; first += chunk) {
            texts.assign(std::min(chunk, form.n_replicates - first + 1), "");
            const auto append = [&](PatientsText& to, std::size_t i) {
                const report::PatientsPlace place{first + i, one.fit->trial->id, one.fit->analysis->id};
                to.append(texts[i], taken(one, one.simulation.draw(first + i)), place);
            };
            append(writer, 0);
            support::parallel_for(texts.size() - 1, form.threads, [&](std::size_t i) {
                PatientsText behind(form.format, form.columns, true);
                append(behind, i + 1);
            });
            for (const std::string& text : texts) write(text);
        }
    }

    const PatientsCounts& counts_;
    ModelChoice model_{{"auto"}};
    std::string agreement_;
    bool joint_ = false;
    double dependence_ = patients::usual_rank_correlation;
    std::string calibrate_ = "published";
    bool deterministic_ = false;
    std::uint64_t n_replicates_ = 1;
};

}  // namespace

std::unique_ptr<PatientsAction> make_simulate(const PatientsCounts& counts) {
    return std::make_unique<Simulate>(counts);
}

}  // namespace hersurv::cli
