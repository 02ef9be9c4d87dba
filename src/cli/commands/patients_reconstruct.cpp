// `patients reconstruct`: patient times out of a digitised curve, with a report on how well they agree with it.
#include "hersurv/patients.hpp"

#include "catalogue/record_writer.hpp"
#include "cli/commands/patients_actions.hpp"
#include "cli/options.hpp"
#include "render/formats.hpp"
#include "report/numbers.hpp"
#include "report/patients_report.hpp"
#include "report/patients_text.hpp"
#include "support/file.hpp"
#include "support/number_text.hpp"
#include <algorithm>
#include <charconv>
#include <cmath>
#include <istream>
#include <iterator>
#include <optional>

namespace hersurv::cli {
namespace {

using patients::DigitisedArm;
using patients::KaplanMeier;
using patients::ReconstructedArm;
using render::Number;
using report::AgreementRow;
using support::UsageError;

std::string signed_text(double value, int decimals) {
    const std::string text = support::fixed(std::abs(value), decimals);
    return (value < 0 ? "-" : "+") + text;
}

std::string name_of(const DigitisedArm& arm) { return arm.name.empty() ? "the arm" : "arm " + arm.name; }

// "402" for one arm, "402,406" in the order of the curve, or "A=402,B=406".
void assign_counts(const std::string& option, const std::string& text, std::vector<DigitisedArm>& arms,
                   std::optional<std::size_t> DigitisedArm::*member) {
    if (text.empty()) return;
    std::size_t position = 0;
    for (std::size_t start = 0; start <= text.size();) {
        const std::size_t end = std::min(text.find(',', start), text.size());
        const std::string item = text.substr(start, end - start);
        start = end + 1;
        const std::size_t equals = item.rfind('=');
        const std::string digits = equals == std::string::npos ? item : item.substr(equals + 1);
        std::size_t count = 0;
        const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), count);
        if (error != std::errc() || stop != digits.data() + digits.size())
            throw UsageError(option + " \"" + text + "\": '" + digits + "' is no number of patients; give " + option +
                             " 402, or " + option + " A=402,B=406 for several arms");
        auto arm = arms.begin();
        if (equals != std::string::npos) {
            const std::string name = item.substr(0, equals);
            arm = std::ranges::find_if(arms, [&](const DigitisedArm& one) { return equal_any_case(one.name, name); });
            if (arm == arms.end()) throw UsageError(option + " \"" + text + "\": the curve has no arm '" + name + "'");
        } else {
            if (position == arms.size())
                throw UsageError(option + " \"" + text + "\": more numbers than the curve has arms (" +
                                 std::to_string(arms.size()) + ")");
            arm += static_cast<std::ptrdiff_t>(position++);
        }
        if (count > patients::most_patients)
            throw UsageError(option + " \"" + text + "\": " + digits + " is more than the " +
                             std::to_string(patients::most_patients) + " patients that an arm may have");
        (*arm).*member = count;
    }
}

class Reconstruct : public PatientsAction {
  public:
    void setup(OptionTable& options) override {
        options.add("--curve", "FILE", &curve_,
                    "CSV of the digitised points: time (months), survival (0..1 or percent) and, with several arms, "
                    "arm; - is stdin");
        options.add("--at-risk", "FILE", &at_risk_, "CSV of the numbers at risk: time, n_at_risk and arm");
        options.add("--censored", "FILE", &censored_,
                    "CSV of the marks of censored patients on the curve: time and arm; they tell when people left");
        options.add("--n", "N|ARM=N,...", &n_patients_,
                    "number of patients of each arm, where no number at risk at time 0 tells it");
        options.add("--events", "N|ARM=N,...", &n_events_, "total number of events of each arm");
        options.add("--control", "ARM", &control_, "the arm that the others are compared with").default_text =
            "the control of the trial, else the last arm";
    }

    Answer run(const Selection& selection, Context& context) override {
        if (curve_.empty())
            throw UsageError(
                "patients reconstruct needs the digitised points: --curve FILE, with the columns time, "
                "survival and, with several arms, arm");
        if ((curve_ == "-") + (at_risk_ == "-") + (censored_ == "-") > 1)
            throw UsageError("stdin cannot hold more than one of the curve, the numbers at risk and the marks");
        const auto read = [&](const std::string& path) {
            return path == "-" ? std::string(std::istreambuf_iterator<char>(context.in), {}) : support::read_file(path);
        };
        const auto read_if_given = [&](const std::string& path) { return path.empty() ? path : read(path); };
        const std::string curve = read(curve_), at_risk = read_if_given(at_risk_), marks = read_if_given(censored_);
        const auto shown = [](const std::string& path) { return path == "-" ? std::string("stdin") : path; };
        patients::Digitised digitised =
            patients::read_digitised(curve, shown(curve_), at_risk, shown(at_risk_), marks, shown(censored_));
        auto& arms = digitised.arms;
        const std::optional<SelectedAnalysis> published = published_analysis(selection, context);
        assign_counts("--n", n_patients_, arms, &DigitisedArm::n_patients);
        assign_counts("--events", n_events_, arms, &DigitisedArm::n_events);
        const std::vector<const catalogue::ArmResult*> results = results_of(published, arms, selection);
        if (arms.size() == 1 && arms[0].name.empty() && results[0] != nullptr) arms[0].name = results[0]->arm;
        take_published_counts(results, digitised);
        check_counts(digitised);
        const std::vector<ReconstructedArm> rebuilt = patients::reconstruct(arms);
        const std::size_t control = control_arm(published, arms, results);
        for (const std::string& repair : digitised.repairs) context.say(repair);
        say_agreement(published, arms, results, rebuilt, control, context);

        std::vector<patients::Arm> answer;
        for (const ReconstructedArm& arm : rebuilt) answer.push_back(arm.arm);
        std::string text;
        if (context.global.format == "catalogue") {
            text = support::write_json(
                       catalogue::write_record(record(published, arms, results, answer, control, selection))) +
                   "\n";
        } else {
            report::PatientsText writer(context.global.format);
            writer.append(text, answer);
            writer.finish(text);
        }
        return {std::move(text)};
    }

  private:
    std::optional<SelectedAnalysis> published_analysis(const Selection& selection, Context& context) const {
        if (selection.trials.empty()) return std::nullopt;
        const Selected selected = select(selection, context);
        if (selected.analyses.size() == 1) return selected.analyses.front();
        if (selected.analyses.empty())
            throw support::NotFoundError(selected.trials.front()->id + " has no survival numbers to compare with");
        std::vector<std::string> ids;
        for (const auto& one : selected.analyses) ids.push_back(one.trial->id + " " + one.analysis->id);
        throw UsageError("a curve is of one analysis; name it with --endpoint or --analysis: " + joined(ids));
    }

    // The published arm of each digitised one, by id or name; nullptr where there is none.
    static std::vector<const catalogue::ArmResult*> results_of(const std::optional<SelectedAnalysis>& published,
                                                               const std::vector<DigitisedArm>& arms,
                                                               const Selection& selection) {
        std::vector<const catalogue::ArmResult*> results(arms.size(), nullptr);
        if (!published) return results;
        std::vector<std::string> ids;
        bool any = false;
        for (const auto& result : published->analysis->arms) {
            if (!selection.filter.takes_arm(result.arm)) continue;
            ids.push_back(result.arm);
            const catalogue::Arm* const record = published->trial->find_arm(result.arm);
            for (std::size_t i = 0; i < arms.size(); ++i)
                if (equal_any_case(arms[i].name, result.arm) ||
                    (record != nullptr && equal_any_case(arms[i].name, record->name))) {
                    results[i] = &result;
                    any = true;
                }
        }
        // One curve, one arm asked for: nothing else can be meant.
        if (!any && arms.size() == 1 && ids.size() == 1) {
            results[0] = &*std::ranges::find(published->analysis->arms, ids.front(), &catalogue::ArmResult::arm);
            any = true;
        }
        if (!any)
            throw UsageError("no arm of the curve is one of " + published->trial->id + ": name them " + joined(ids) +
                             (arms.size() == 1 ? ", or say which with --arm" : ""));
        return results;
    }

    static void take_published_counts(const std::vector<const catalogue::ArmResult*>& results,
                                      patients::Digitised& digitised) {
        for (std::size_t i = 0; i < results.size(); ++i) {
            DigitisedArm& arm = digitised.arms[i];
            if (results[i] == nullptr) continue;
            const auto say = [&](const char* what, std::size_t value) {
                digitised.repairs.push_back(name_of(arm) + ": " + what + " " + std::to_string(value) +
                                            " of the trial's record");
            };
            if (!arm.n_patients && arm.at_risk.empty() && results[i]->n_patients) {
                arm.n_patients = static_cast<std::size_t>(*results[i]->n_patients);
                say("the number of patients is", *arm.n_patients);
            }
            if (!arm.n_events && !results[i]->events.empty() && results[i]->events.front().value.is_number()) {
                arm.n_events = static_cast<std::size_t>(std::lround(results[i]->events.front().value.value));
                say("the number of events is", *arm.n_events);
            }
        }
    }

    void check_counts(patients::Digitised& digitised) const {
        for (DigitisedArm& arm : digitised.arms) {
            if (!arm.at_risk.empty()) {
                const patients::AtRisk& first = arm.at_risk.front();
                if (first.time_months == 0 && arm.n_patients && *arm.n_patients != first.n_patients)
                    throw UsageError("--n gives " + name_of(arm) + " " + std::to_string(*arm.n_patients) +
                                     " patients, " + at_risk_ + " has " + std::to_string(first.n_patients) +
                                     " at time 0; leave out --n or correct one of them");
                if (arm.n_patients && *arm.n_patients < first.n_patients)
                    throw UsageError("--n gives " + name_of(arm) + " " + std::to_string(*arm.n_patients) +
                                     " patients, fewer than the " + std::to_string(first.n_patients) + " at risk at " +
                                     support::shortest(first.time_months));
                if (first.time_months > 0 && !arm.n_patients)
                    digitised.repairs.push_back(name_of(arm) + ": no number at risk at time 0, taken as the " +
                                                std::to_string(first.n_patients) + " at " +
                                                support::shortest(first.time_months));
                if (!arm.n_patients) arm.n_patients = first.n_patients;
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

    [[nodiscard]] std::size_t control_arm(const std::optional<SelectedAnalysis>& published,
                                          const std::vector<DigitisedArm>& arms,
                                          const std::vector<const catalogue::ArmResult*>& results) const {
        if (!control_.empty()) {
            for (std::size_t i = 0; i < arms.size(); ++i)
                if (equal_any_case(arms[i].name, control_)) return i;
            throw UsageError("--control " + control_ + ": the curve has no such arm");
        }
        if (published)
            for (std::size_t i = 0; i < arms.size(); ++i)
                for (const auto& contrast : published->analysis->contrasts)
                    if (results[i] != nullptr && contrast.control == results[i]->arm) return i;
        return arms.size() - 1;
    }

    static std::vector<AgreementRow> rows_of(const DigitisedArm& arm, const ReconstructedArm& rebuilt,
                                             const KaplanMeier& curve, const catalogue::ArmResult* result) {
        constexpr auto log_log = catalogue::LimitsTransform::log_log;
        std::vector<AgreementRow> rows;
        const auto add = [&](const std::string& statistic, render::Cell given, render::Cell found,
                             const std::string& difference) {
            rows.push_back(
                {arm.name.empty() ? "curve" : arm.name, statistic, std::move(given), std::move(found), difference});
        };
        const auto count = [](std::size_t n) { return render::Cell(static_cast<long>(n)); };
        add("patients", count(*arm.n_patients), count(curve.n_patients()), "");
        const auto events = static_cast<long>(curve.n_events());
        add("events", arm.n_events ? count(*arm.n_events) : render::Cell(report::missing()), events,
            arm.n_events ? signed_text(static_cast<double>(events) - static_cast<double>(*arm.n_events), 0) : "");
        const patients::PointAgreement points = point_agreement(curve, arm);
        add("points", count(arm.clicks.size()), {}, "RMSE " + support::fixed(points.root_mean_square, 4));
        add("  mean difference", {}, {}, signed_text(points.mean, 4));
        add("  largest difference", {}, {},
            signed_text(points.largest, 4) + " at " + support::fixed(points.largest_at_months, 1));
        if (const auto at_risk = at_risk_agreement(curve, arm))
            add("numbers at risk", count(arm.at_risk.size()), {},
                at_risk->largest == 0 ? "all the same"
                                      : "up to " + signed_text(static_cast<double>(at_risk->largest), 0) + " at " +
                                            support::shortest(at_risk->largest_at_months));
        const auto median = curve.quantile(0.5, log_log).time_months;
        const double drawn = rebuilt.curve.time_at(0.5);
        const auto months = [](const std::optional<double>& value) {
            return value ? Number::derived(*value, 1) : Number::missing(render::Status::not_reached);
        };
        add("median, months", months(std::isfinite(drawn) ? std::optional(drawn) : std::nullopt), months(median),
            median && std::isfinite(drawn) ? signed_text(*median - drawn, 2) : "");
        if (result != nullptr && !result->median.empty()) {
            const auto& printed = result->median.front().value;
            add("published median, months", report::cell(printed), months(median),
                printed.is_number() && median ? patients::grade(*median, printed.value) : "");
        }
        return rows;
    }

    static void say_agreement(const std::optional<SelectedAnalysis>& published, const std::vector<DigitisedArm>& arms,
                              const std::vector<const catalogue::ArmResult*>& results,
                              const std::vector<ReconstructedArm>& rebuilt, std::size_t control, Context& context) {
        std::vector<AgreementRow> rows;
        std::vector<std::string> notes;
        std::vector<KaplanMeier> curves;
        for (std::size_t i = 0; i < arms.size(); ++i) {
            curves.emplace_back(rebuilt[i].arm.patients);
            const auto of_arm = rows_of(arms[i], rebuilt[i], curves[i], results[i]);
            rows.insert(rows.end(), of_arm.begin(), of_arm.end());
            const std::string start = arms[i].name.empty() ? "" : arms[i].name + ": ";
            for (const std::string& note : rebuilt[i].notes) notes.push_back(start + note);
            if (rebuilt[i].censoring == patients::CensoringFrom::events)
                notes.push_back(start +
                                "without numbers at risk; censoring follows from the events and an assumed "
                                "course of the follow-up");
            if (rebuilt[i].censoring == patients::CensoringFrom::assumption)
                notes.push_back(start +
                                "without numbers at risk and events; censoring is assumed, and the number of "
                                "events with it");
        }
        for (std::size_t i = 0; i < arms.size(); ++i) {
            if (i == control) continue;
            const patients::CoxFit fit = cox(curves[control], curves[i]);
            const std::string pair = arms[i].name + " v " + arms[control].name;
            if (!fit.estimated()) {
                notes.push_back(pair + ": hazard ratio " + std::string(describe(fit.status)));
                continue;
            }
            render::Cell given;
            std::string difference;
            for (const auto& contrast :
                 published ? published->analysis->contrasts : std::vector<catalogue::Contrast>{}) {
                if (results[i] == nullptr || results[control] == nullptr || contrast.hazard_ratio.empty() ||
                    contrast.experimental != results[i]->arm || contrast.control != results[control]->arm)
                    continue;
                const auto& printed = contrast.hazard_ratio.front().value;
                given = report::cell(printed);
                if (printed.is_number()) difference = patients::grade(fit.hazard_ratio(), printed.value);
            }
            rows.push_back({pair, "hazard ratio (Cox)", given, Number::derived(fit.hazard_ratio(), 2), difference});
        }
        constexpr int prefix = 9;  // "hersurv: "
        render::RenderOptions options;
        options.width -= prefix;
        context.say(render::find_format("text")->render(report::agreement_report(rows, notes), options));
    }

    [[nodiscard]] catalogue::Trial record(const std::optional<SelectedAnalysis>& published,
                                          const std::vector<DigitisedArm>& arms,
                                          const std::vector<const catalogue::ArmResult*>& results,
                                          const std::vector<patients::Arm>& answer, std::size_t control,
                                          const Selection& selection) const {
        patients::RecordFrame frame;
        const std::string file = curve_ == "-" ? "stdin" : curve_.substr(curve_.rfind('/') + 1);
        frame.trial = (published ? published->trial->id : file.substr(0, file.find('.'))) + "-digitised";
        frame.of = published ? published->trial : nullptr;
        if (published)
            frame.endpoint = published->analysis->endpoint;
        else
            frame.endpoint = selection.filter.endpoint.empty() ? "OS" : selection.filter.endpoint;
        frame.label = "digitised curve";
        frame.control = control;
        frame.source = {.key = "digitised",
                        .citation = "Patients reconstructed from the digitised curve " + file,
                        .doi = {},
                        .pmid = {},
                        .nct = {},
                        .url = {},
                        .kind = "secondary",
                        .note = {},
                        .year = {}};
        for (std::size_t i = 0; i < arms.size(); ++i) {
            catalogue::Arm arm;
            if (results[i] != nullptr)
                if (const auto* const known = published->trial->find_arm(results[i]->arm)) arm = *known;
            if (arm.id.empty()) {
                arm.id = arm.name = arms[i].name.empty() ? "arm" : arms[i].name;
                if (arms.size() > 1) arm.role = i == control ? "control" : "experimental";
            }
            frame.arms.push_back(std::move(arm));
        }
        return patients::record_of(answer, frame);
    }

    std::string curve_, at_risk_, censored_, n_patients_, n_events_, control_;
};

}  // namespace

std::unique_ptr<PatientsAction> make_reconstruct() { return std::make_unique<Reconstruct>(); }

}  // namespace hersurv::cli
