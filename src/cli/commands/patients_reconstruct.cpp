// `patients reconstruct`: patient times out of a digitised curve, with a report on how well they agree with it.
#include "hersurv/digitise.hpp"
#include "hersurv/patients.hpp"

#include "catalogue/record_writer.hpp"
#include "cli/commands/patients_actions.hpp"
#include "cli/options.hpp"
#include "cli/published_figure.hpp"
#include "cli/table_options.hpp"
#include "render/formats.hpp"
#include "report/digitise_report.hpp"
#include "report/patients_text.hpp"
#include "report/reconstruction_report.hpp"
#include "support/file.hpp"
#include "support/number_text.hpp"
#include <algorithm>
#include <optional>
#include <tuple>

namespace hersurv::cli {
namespace {

using patients::DigitisedArm;
using support::UsageError;

std::string name_of(const DigitisedArm& arm) { return arm.name.empty() ? "the arm" : "arm " + arm.name; }

// --n or --events into the arms of the curve.
void assign_counts(const std::string& option, const std::string& text, std::vector<DigitisedArm>& arms,
                   std::optional<std::size_t> DigitisedArm::*member) {
    std::vector<std::string> names;
    for (const DigitisedArm& arm : arms) names.push_back(arm.name);
    const auto counts = counts_of_arms(option, text, names, "the curve");
    for (std::size_t i = 0; i < arms.size(); ++i)
        if (counts[i]) arms[i].*member = counts[i];
}

support::Json words_json(const std::vector<std::string>& words) {
    return support::Json::Array(words.begin(), words.end());
}

// The tables that `digitise` writes of a figure. Throws InputError if a curve of it is not sure.
struct FigureTables {
    std::string curve{}, at_risk{}, censored{};
    std::vector<std::string> notes{};  // what must be known of the reading
};

FigureTables tables_of_figure(const std::string& file, bool failures) {
    const report::DigitisedFigure figure{file, digitise::read(support::read_file(file), file, {.failure = failures}),
                                         failures};
    for (const digitise::Arm& arm : figure.reading.arms)
        if (arm.certificate.verdict != digitise::Verdict::sure)
            throw support::InputError({support::Fault{
                file, "",
                "arm " + arm.name + ": " +
                    (arm.certificate.reasons.empty() ? "the curve is not reliable" : joined(arm.certificate.reasons)),
                "read it with hersurv digitise, check it with --overlay, and give its table with --curve"}});
    const auto csv = [](const render::Report& report) {
        return report.table.rows.empty() ? std::string() : render::find_format("csv")->render(report, {});
    };
    const std::vector<report::DigitisedFigure> figures = {figure};
    return {csv(report::digitise_report(figures)), csv(report::digitised_at_risk(figures)),
            csv(report::digitised_censored(figures)), figure.reading.notes};
}

class Reconstruct : public PatientsAction {
  public:
    explicit Reconstruct(const PatientsCounts& counts) : counts_(counts) {}

    void setup(OptionTable& options) override {
        options.add("--curve", "FILE|ARM=FILE", &curve_,
                    "points of the digitised curve. As WebPlotDigitizer, a spreadsheet or R write them: columns time, "
                    "survival (0 to 1 or percent) and, with several arms, arm; or one column or file per arm; - is "
                    "stdin");
        options.add(
            "--figure", "FIGURE", &figure_,
            "picture of a Kaplan-Meier figure in place of the tables. It is read as `hersurv digitise` reads it, "
            "with its numbers at risk and censor marks");
        options.add("--at-risk", "FILE|ARM=FILE", &at_risk_,
                    "numbers at risk. Columns time, n_at_risk and arm, or as below a figure: times across, one row per "
                    "arm");
        options.add("--censored", "FILE|ARM=FILE", &censored_, "censoring marks on the curve. Columns time and arm");
        options.add("--failure", "", &failures_, "the curve is a cumulative incidence (it rises from 0)");
        tables_.setup(options);
        options.add("--control", "ARM", &control_, "control arm").default_text = "that of the trial, else the last";
    }

    Answer run(const Selection& selection, Context& context) override {
        if (curve_.empty() && figure_.empty())
            throw UsageError(
                "patients reconstruct needs the digitised points: --curve FILE, with the columns time, "
                "survival and, with several arms, arm");
        if (!curve_.empty() && !figure_.empty())
            throw UsageError("--figure is read in place of --curve; leave out one of the two");
        patients::Digitised digitised = read_files(context);
        auto& arms = digitised.arms;
        const std::optional<SelectedAnalysis> published = published_analysis(selection, context);
        assign_counts("--n", counts_.n_patients, arms, &DigitisedArm::n_patients);
        assign_counts("--events", counts_.n_events, arms, &DigitisedArm::n_events);
        patients::PublishedFigure figure;
        if (published) {
            figure.trial = published->trial;
            figure.analysis = published->analysis;
        }
        std::vector<std::string> names;
        for (const DigitisedArm& arm : arms) names.push_back(arm.name);
        figure.results =
            published_results(published, names, selection, arms.size() == 1 ? ", or say which with --arm" : "");
        patients::take_published(figure, digitised);
        check_counts(digitised);
        for (std::string& warning : patients::unlikely_numbers(arms)) digitised.warnings.push_back(std::move(warning));
        const std::vector<patients::ReconstructedArm> rebuilt = patients::reconstruct(arms);
        for (const patients::ReconstructedArm& arm : rebuilt)
            for (const std::string& warning : arm.warnings)
                digitised.warnings.push_back((arm.arm.name.empty() ? "" : "arm " + arm.arm.name + ": ") + warning);
        for (std::string& warning : patients::unlike_published(figure, rebuilt))
            digitised.warnings.push_back(std::move(warning));
        const std::size_t control = control_arm(figure, arms);
        for (const std::string& warning : digitised.warnings) context.say("warning: " + warning);
        for (const tables::FileRead& file : digitised.files) context.say(file.file + ": " + file.description());
        for (const std::string& repair : digitised.repairs) context.say(repair);
        say(report::reconstruction_report(arms, rebuilt, figure, control), context);

        std::vector<patients::Arm> answer;
        for (const patients::ReconstructedArm& arm : rebuilt) answer.push_back(arm.arm);
        std::string text;
        if (context.global.format == "catalogue") {
            const std::string& endpoint = selection.filter.endpoint;
            const std::string& path = digitised.files.front().file;
            const std::string file = path.substr(path.rfind('/') + 1);
            text = support::write_json(catalogue::write_record(patients::record_of(
                       answer, patients::frame_of(figure, arms, control, file, endpoint.empty() ? "OS" : endpoint)))) +
                   "\n";
        } else {
            report::PatientsText writer(context.global.format);
            writer.append(text, answer);
            writer.finish(text,
                          support::write_json(support::Json::Object{{"files", report::files_json(digitised.files)},
                                                                    {"warnings", words_json(digitised.warnings)},
                                                                    {"repairs", words_json(digitised.repairs)}},
                                              -1));
        }
        return {std::move(text)};
    }

  private:
    [[nodiscard]] patients::Digitised read_files(Context& context) const {
        TableFiles texts;
        patients::DigitisedFiles files;
        // The tables of a figure are of survival already.
        files.failures = failures_ && figure_.empty();
        FigureTables figure;
        if (!figure_.empty()) {
            figure = tables_of_figure(figure_, failures_);
            files.curve.push_back({figure.curve, figure_, {}, tables_.of("curve")});
            if (at_risk_.empty() && !figure.at_risk.empty())
                files.at_risk.push_back({figure.at_risk, figure_, {}, tables_.of("at-risk")});
            if (censored_.empty() && !figure.censored.empty())
                files.censor_marks.push_back({figure.censored, figure_, {}, tables_.of("censored")});
        }
        std::size_t n_stdin = 0;
        std::vector<std::string> arms;
        for (const auto* const paths : {&curve_, &at_risk_, &censored_})
            for (const std::string& path : *paths)
                if (std::string arm = arm_of_file(path); !arm.empty()) arms.push_back(std::move(arm));
        for (const auto& [paths, kind, inputs] :
             {std::tuple(&curve_, "curve", &files.curve), std::tuple(&at_risk_, "at-risk", &files.at_risk),
              std::tuple(&censored_, "censored", &files.censor_marks)})
            for (const std::string& path : *paths) {
                n_stdin += path == "-" || path.ends_with("=-");
                if (n_stdin > 1) throw UsageError("stdin cannot hold more than one file");
                inputs->push_back(texts.read_of_arm(path, tables_.of(kind, arm_of_file(path), arms), context));
            }
        try {
            patients::Digitised digitised = patients::read_digitised(files);
            digitised.warnings.insert(digitised.warnings.begin(), figure.notes.begin(), figure.notes.end());
            return digitised;
        } catch (const support::InputError& error) {
            throw with_options(error);
        }
    }

    [[nodiscard]] std::size_t control_arm(const patients::PublishedFigure& figure,
                                          const std::vector<DigitisedArm>& arms) const {
        if (control_.empty()) return patients::control_of(figure);
        for (std::size_t i = 0; i < arms.size(); ++i)
            if (equal_any_case(arms[i].name, control_)) return i;
        throw UsageError("--control " + control_ + ": the curve has no such arm");
    }

    void check_counts(patients::Digitised& digitised) const {
        for (DigitisedArm& arm : digitised.arms) {
            if (!arm.at_risk.empty()) {
                const patients::AtRisk& first = arm.at_risk.front();
                if (first.time_months == 0 && arm.n_patients && *arm.n_patients != first.n_patients)
                    throw UsageError("--n gives " + name_of(arm) + " " + std::to_string(*arm.n_patients) +
                                     " patients, the numbers at risk have " + std::to_string(first.n_patients) +
                                     " at time 0; leave out --n or correct one of them");
                if (arm.n_patients && *arm.n_patients < first.n_patients)
                    throw UsageError("--n gives " + name_of(arm) + " " + std::to_string(*arm.n_patients) +
                                     " patients, fewer than the " + std::to_string(first.n_patients) + " at risk at " +
                                     support::shortest(first.time_months));
                if (!arm.n_patients) {
                    arm.n_patients = patients::patients_at_start(arm);
                    if (first.time_months > 0 && arm.counted.empty())
                        digitised.warnings.push_back(
                            (arm.name.empty() ? "" : name_of(arm) + ": ") + "no number at risk at time 0; " +
                            std::to_string(*arm.n_patients) + " patients are taken, of whom the curve leaves the " +
                            std::to_string(first.n_patients) + " at " + support::shortest(first.time_months));
                }
            }
            if (!arm.n_patients)
                throw UsageError("the number of patients of " + name_of(arm) +
                                 " is not known; give --at-risk FILE or --n N");
            if (*arm.n_patients == 0) throw UsageError("--n gives " + name_of(arm) + " no patients");
            if (arm.n_events && *arm.n_events > *arm.n_patients)
                throw UsageError(name_of(arm) + " has " + std::to_string(*arm.n_events) + " events, but " +
                                 std::to_string(*arm.n_patients) + " patients");
        }
    }

    const PatientsCounts& counts_;
    bool failures_ = false;
    std::vector<std::string> curve_, at_risk_, censored_;
    std::string control_, figure_;
    TableOptions tables_{{"curve", "at-risk", "censored"}};
};

}  // namespace

std::unique_ptr<PatientsAction> make_reconstruct(const PatientsCounts& counts) {
    return std::make_unique<Reconstruct>(counts);
}

}  // namespace hersurv::cli
