// `patients simulate`: patients drawn from fitted curves, with a report on how well the published numbers come back.
#include "hersurv/patients.hpp"

#include "catalogue/record_writer.hpp"
#include "cli/commands/patients_actions.hpp"
#include "cli/fitting.hpp"
#include "cli/options.hpp"
#include "render/formats.hpp"
#include "report/patients_text.hpp"
#include "report/simulation_report.hpp"
#include "support/file.hpp"
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

// What the record says of the numbers of patients and events, and in their place what --n and --events give.
std::vector<patients::ArmNumber> numbers_for(const report::AnalysisFit& fit, const PatientsCounts& counts) {
    const std::vector<evidence::ArmEvidence>& arms = fit.evidence->arms;
    std::vector<patients::ArmNumber> numbers = patients::numbers_of_arms(*fit.trial, *fit.analysis);
    std::vector<std::string> names;
    for (const evidence::ArmEvidence& arm : arms) names.push_back(arm.id);
    const std::string whose = fit.trial->id + " " + fit.analysis->id;
    const auto n_patients = counts_of_arms("--n", counts.n_patients, names, whose),
               n_events = counts_of_arms("--events", counts.n_events, names, whose);
    for (std::size_t i = 0; i < arms.size(); ++i) {
        patients::ArmNumber& number = numbers[i];
        number.n_events = n_events[i];
        const auto events = static_cast<std::size_t>(std::lround(std::max(0.0, arms[i].n_events.value_or(0))));
        if (n_patients[i]) {
            if (*n_patients[i] < 1) throw UsageError("--n gives " + arms[i].id + " no patients; give it at least 1");
            if (!n_events[i] && arms[i].n_events && number.from == patients::NumberFrom::published)
                number.n_events = static_cast<std::size_t>(
                    std::lround(static_cast<double>(events) * static_cast<double>(*n_patients[i]) /
                                static_cast<double>(std::max(events, number.n_patients))));
            number = {*n_patients[i], patients::NumberFrom::given, "", number.n_events};
        }
        const bool counted = number.n_events || number.from != patients::NumberFrom::assumed;
        const std::size_t among = number.n_events.value_or(counted ? events : 0);
        if (among > number.n_patients)
            throw UsageError(arms[i].id + ": " + std::to_string(among) + " events are more than the " +
                             std::to_string(number.n_patients) + " patients; correct one of them with --n or --events");
    }
    return numbers;
}

class Simulate : public PatientsAction {
  public:
    explicit Simulate(const PatientsCounts& counts) : counts_(counts) {}

    void setup(OptionTable& options) override {
        model_.setup(options);
        auto& calibrate = options.add("--calibrate", "TO", &calibrate_,
                                      "published: every replicate has the published events, medians, milestones and "
                                      "hazard ratios, where it can; none: plain draws, which have them in expectation");
        calibrate.choices = [] { return std::vector<std::string>{"published", "none"}; };
        calibrate.closed = true;
        options.add("--deterministic", "", &deterministic_, "evenly spaced quantiles in place of random times");
        auto& replicates =
            options.add("--replicates", "N", &n_replicates_, "how many data sets; from 2 on a column numbers them");
        replicates.valid = [this] { return n_replicates_ > 0; };
        replicates.accepted = "a whole number from 1 on";
        options.add("--agreement", "FILE", &agreement_,
                    "write the comparison of published and drawn estimates to a file: .csv, .tsv, .json or .jsonl");
    }

    Answer run(const Selection& selection, Context& context) override {
        check_options(selection, context);
        const Selected selected = select(selection, context);
        // The stream is written after this call: it owns what it needs.
        struct Work {
            std::vector<report::AnalysisFit> fits;
            std::vector<Simulated> all;
            std::string agreement;  // as a JSON text
        };
        const auto work = std::make_shared<Work>();
        if (selected.analyses.size() > 1 && !(counts_.n_patients.empty() && counts_.n_events.empty()))
            throw UsageError("--n and --events are of one analysis; name it with --endpoint or --analysis");
        work->fits = fit_analyses(selected.analyses, model_, context);
        patients::SimulationOptions options;
        options.calibration = calibrate_ == "none" ? patients::Calibration::none : patients::Calibration::published;
        options.deterministic = deterministic_;
        options.seed = context.global.seed;
        for (const report::AnalysisFit& fit : work->fits) {
            Simulated one{&fit, Simulation(fit.models.front(), options, numbers_for(fit, counts_)), {}};
            for (std::size_t arm = 0; arm < one.simulation.arms().size(); ++arm)
                if (selection.filter.takes_arm(one.simulation.arms()[arm].id)) one.arms.push_back(arm);
            say_without_curve(fit, selection, context);
            if (!one.arms.empty()) work->all.push_back(std::move(one));
        }
        for (const catalogue::Trial* trial : selected.trials)
            if (trial->analyses.empty()) context.say(trial->id + ": no survival numbers in the catalogue, no patients");
        if (work->all.empty() && context.selection_alone && selected.trials.size() == 1)
            throw support::NotFoundError(selected.trials.front()->id + " has no curve to draw patients from");
        work->agreement = support::write_json(tell_agreement(work->all, context), -1);
        if (is_record(context)) {
            if (work->all.size() != 1)
                throw UsageError("a catalogue of patients is of one analysis; name it with --endpoint or --analysis");
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
        if (n_replicates_ > 1 && is_record(context))
            throw UsageError("a catalogue holds one data set; leave out --replicates, or name another --format");
        if (selection.trials.empty() && context.selection_alone && context.library.ids().size() != 1)
            throw UsageError("patients simulate needs a trial; '*' stands for all");
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

    // Tells people of each analysis, and writes all of them to --agreement; returns them for JSON.
    support::Json tell_agreement(const std::vector<Simulated>& all, Context& context) const {
        std::vector<report::SimulationRow> rows;
        std::vector<std::string> notes;
        for (const Simulated& one : all) {
            const auto own = report::simulation_rows(one.reported(), one.simulation.draw(1), context.global.level);
            const auto own_notes = report::simulation_notes(one.reported());
            const std::string name = one.fit->trial->id + " " + one.fit->analysis->id;
            render::Report said = report::simulation_report(own, own_notes);
            said.sections.front().table->caption =
                name + ", " + std::string(one.fit->models.front().model->name) +
                (n_replicates_ > 1 ? ", the first of " + std::to_string(n_replicates_) + " replicates" : "");
            if (!context.global.quiet) say(said, context);
            rows.insert(rows.end(), own.begin(), own.end());
            for (const std::string& note : own_notes) notes.push_back(all.size() > 1 ? name + ", " + note : note);
        }
        const render::Report whole = report::simulation_report(rows, notes);
        if (!agreement_.empty()) write_agreement(whole, notes);
        return report::simulation_json(whole, notes);
    }

    void write_agreement(render::Report report, const std::vector<std::string>& notes) const {
        const auto dot = agreement_.rfind('.');
        const std::string ending = dot == std::string::npos ? "" : agreement_.substr(dot + 1);
        const render::Format* const format = render::find_format(ending);
        if (format == nullptr || format->human)
            throw UsageError("--agreement " + agreement_ +
                             ": the ending says how it is written; take .csv, .tsv, .json or .jsonl");
        support::Json::Array texts;
        for (const std::string& note : notes) texts.emplace_back(note);
        report.beside.emplace_back("notes", support::Json(std::move(texts)));
        support::write_file_whole(agreement_, format->render(report, {}));
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
    std::string calibrate_ = "published";
    bool deterministic_ = false;
    std::uint64_t n_replicates_ = 1;
};

}  // namespace

std::unique_ptr<PatientsAction> make_simulate(const PatientsCounts& counts) {
    return std::make_unique<Simulate>(counts);
}

}  // namespace hersurv::cli
