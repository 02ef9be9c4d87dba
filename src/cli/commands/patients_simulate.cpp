// `patients simulate`: patients drawn from fitted curves, with a report on how well the published numbers come back.
#include "hersurv/patients.hpp"

#include "catalogue/record_writer.hpp"
#include "cli/commands/patients_actions.hpp"
#include "cli/fitting.hpp"
#include "cli/options.hpp"
#include "report/numbers.hpp"
#include "report/patients_report.hpp"
#include "report/patients_text.hpp"
#include "support/number_text.hpp"
#include "support/parallel.hpp"
#include <algorithm>
#include <cmath>
#include <optional>

namespace hersurv::cli {
namespace {

using evidence::AnalysisEvidence;
using evidence::Observation;
using patients::SimulatedArm;
using patients::Simulation;
using render::Number;
using report::AgreementRow;
using report::PatientsText;
using support::UsageError;

// One analysis that has curves.
struct Simulated {
    const report::AnalysisFit* fit = nullptr;
    Simulation simulation;
    std::vector<std::size_t> arms;  // of the simulation, those that are asked for
};

std::vector<patients::Arm> taken(const Simulated& from, std::vector<patients::Arm> drawn) {
    std::vector<patients::Arm> arms;
    for (const std::size_t arm : from.arms) arms.push_back(std::move(drawn[arm]));
    return arms;
}

// In words, or how much the patients have more.
std::string difference(const Observation& o, const patients::DrawnNumber& drawn, bool percent) {
    if (!o.published.is_number() || !drawn.value) return drawn.within_rounding ? "as published" : "differs";
    if (drawn.within_rounding) return "within rounding";
    const double more = *drawn.value - o.published.value;
    return (more < 0 ? "-" : "+") + support::fixed(std::abs(more) * (percent ? 100 : 1),
                                                   std::max(0, o.published.shown_decimals() - (percent ? 2 : 0)) + 1);
}

std::string words_of(patients::NumberFrom from) {
    switch (from) {
        case patients::NumberFrom::published:
        case patients::NumberFrom::record:
            return "as published";
        case patients::NumberFrom::given:
            return "as given";
        case patients::NumberFrom::share:
        case patients::NumberFrom::assumed:
            break;
    }
    return "assumed";
}

bool is_assumed(const SimulatedArm& plan) { return words_of(plan.n_from) == "assumed"; }

render::Cell published_number(const SimulatedArm& plan) {
    return is_assumed(plan) ? report::missing() : render::Cell(static_cast<long>(plan.n_patients));
}

// The published numbers beside those of drawn patients, arm by arm, then the hazard ratios.
std::vector<AgreementRow> agreement_rows(const Simulated& from, const std::vector<patients::Arm>& drawn, double level) {
    const AnalysisEvidence& data = *from.fit->evidence;
    const std::vector<SimulatedArm>& plans = from.simulation.arms();
    const auto numbers = from.simulation.compare(drawn, level);
    const auto asked = [&](std::size_t arm) {
        return std::ranges::any_of(from.arms, [&](std::size_t index) { return plans[index].arm == arm; });
    };
    std::vector<AgreementRow> rows;
    const auto count = [](std::size_t n) { return render::Cell(static_cast<long>(n)); };
    const render::Cell none = report::missing();
    for (const std::size_t index : from.arms) {
        const SimulatedArm& plan = plans[index];
        const std::vector<patients::Patient>& patients = drawn[index].patients;
        rows.push_back({plan.id, "patients", published_number(plan), count(patients.size()), words_of(plan.n_from)});
        const auto events = static_cast<std::size_t>(std::ranges::count(patients, true, &patients::Patient::event));
        std::string of_events = "estimated";
        if (plan.printed_events) {
            const auto more = static_cast<long>(events) - static_cast<long>(*plan.printed_events);
            of_events = more == 0 ? "as published" : (more < 0 ? "" : "+") + std::to_string(more);
        }
        rows.push_back(
            {plan.id, "events", plan.printed_events ? count(*plan.printed_events) : none, count(events), of_events});
        for (const patients::DrawnNumber& number : numbers) {
            const Observation& o = data.observations[number.observation];
            if (o.arm != plan.arm || o.control) continue;
            const bool percent = o.statistic.is(catalogue::StatisticKey::Kind::milestone);
            Number cell =
                Number::missing(o.statistic.is(catalogue::StatisticKey::Kind::median) ? render::Status::not_reached
                                                                                      : render::Status::not_estimable);
            if (number.value)
                cell = Number::derived(*number.value, std::max(o.published.shown_decimals(), percent ? 3 : 1));
            cell.percent = percent;
            rows.push_back({plan.id, report::statistic_title(o.statistic), report::cell(o.published, percent), cell,
                            difference(o, number, percent)});
        }
        if (const auto printed = data.arms[plan.arm].published_follow_up) {
            const patients::KaplanMeier reverse(patients::reversed(patients));
            const auto time = reverse.quantile(0.5, catalogue::LimitsTransform::log_log).time_months;
            rows.push_back({plan.id, "median follow-up", Number::reported(printed->value, 1),
                            time ? Number::derived(*time, 1) : Number::missing(render::Status::not_reached), ""});
        }
    }
    for (const patients::DrawnNumber& number : numbers) {
        const Observation& o = data.observations[number.observation];
        if (!o.control || !asked(o.arm) || !asked(*o.control)) continue;
        const Number cell = number.value ? Number::derived(*number.value, std::max(o.published.decimals, 2))
                                         : Number::missing(render::Status::not_estimable);
        rows.push_back({data.arms[o.arm].id + " v " + data.arms[*o.control].id, "hazard ratio (Cox)",
                        report::cell(o.published), cell, difference(o, number, false)});
    }
    return rows;
}

// What is not from the paper.
std::vector<std::string> notes_of(const Simulated& from) {
    const AnalysisEvidence& data = *from.fit->evidence;
    const fit::FittedModel& model = from.fit->models.front();
    std::vector<std::string> notes;
    const auto months = [](double value) { return support::fixed(value, 1) + " months"; };
    for (const std::size_t index : from.arms) {
        const SimulatedArm& plan = from.simulation.arms()[index];
        const auto& printed = data.arms[plan.arm];
        const auto add = [&](const std::string& text) { notes.push_back(plan.id + ": " + text); };
        if (plan.n_from == patients::NumberFrom::assumed)
            add("assumption: no number of patients is published; " + std::to_string(plan.n_patients) + " are drawn" +
                (plan.n_words.empty() ? "" : ", " + plan.n_words));
        else if (plan.n_from == patients::NumberFrom::share)
            add("assumption: the number of patients, " + std::to_string(plan.n_patients) + ", is " + plan.n_words);
        else if (!plan.n_words.empty())
            add("the number of patients is " + plan.n_words);
        if (plan.printed_events)
            add("censored so that the printed events are expected: median follow-up of the model " +
                months(plan.follow_up_months) +
                (printed.published_follow_up ? ", printed " + months(printed.published_follow_up->value)
                                             : std::string()));
        else if (printed.published_follow_up)
            add("events are not printed; they and the censoring follow from the printed median follow-up of " +
                months(printed.published_follow_up->value));
        else
            add("neither events nor follow-up are printed; the last printed time, " +
                months(data.follow_up_or_guess(plan.arm)) + ", stands for the median follow-up");
        constexpr double tenth = 0.1;  // to which the data cut is rounded up
        add("data cut at " + months(plan.end_months) +
            (plan.end_months > plan.supported_months + tenth
                 ? ", beyond the " + months(plan.supported_months) + " that the printed numbers support"
                 : std::string()));
        if (model.arms[plan.arm].status == fit::FitStatus::prior) add("the shape of the curve is mostly the prior's");
        if (model.arms[plan.arm].status == fit::FitStatus::not_converged) add("the fit did not converge");
    }
    return notes;
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
    }

    Answer run(const Selection& selection, Context& context) override {
        check_options(selection, context);
        const Selected selected = select(selection, context);
        // The stream is written after this call: it owns what it needs.
        struct Work {
            std::vector<report::AnalysisFit> fits;
            std::vector<Simulated> all;
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
        if (!context.global.quiet)
            for (const Simulated& one : work->all) say_agreement(one, context);

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
            std::string head;
            for (const Simulated& one : work->all) write_replicates(one, {format, columns, threads, n}, writer, write);
            writer.finish(head);
            write(head);
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

    void say_agreement(const Simulated& one, Context& context) const {
        const auto drawn = one.simulation.draw(1);
        render::Report report =
            report::agreement_report(agreement_rows(one, drawn, context.global.level), notes_of(one));
        report.table.caption =
            one.fit->trial->id + " " + one.fit->analysis->id + ", " + std::string(one.fit->models.front().model->name) +
            (n_replicates_ > 1 ? ", the first of " + std::to_string(n_replicates_) + " replicates" : "");
        say(report, context);
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
    std::string calibrate_ = "published";
    bool deterministic_ = false;
    std::uint64_t n_replicates_ = 1;
};

}  // namespace

std::unique_ptr<PatientsAction> make_simulate(const PatientsCounts& counts) {
    return std::make_unique<Simulate>(counts);
}

}  // namespace hersurv::cli
