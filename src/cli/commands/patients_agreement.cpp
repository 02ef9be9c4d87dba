// The table of what was published and what was drawn goes to people, to a file and into JSON.
#include "cli/commands/patients_agreement.hpp"

#include "cli/options.hpp"
#include "render/formats.hpp"
#include "support/file.hpp"
#include <algorithm>
#include <cmath>

namespace hersurv::cli {

using support::UsageError;

namespace {

void write_agreement(render::Report report, const std::vector<std::string>& notes, const std::string& file) {
    const auto dot = file.rfind('.');
    const render::Format* const format = render::find_format(dot == std::string::npos ? "" : file.substr(dot + 1));
    if (format == nullptr || format->human)
        throw UsageError("--agreement " + file + ": unknown file extension; use .csv, .tsv, .json or .jsonl");
    support::Json::Array texts;
    for (const std::string& note : notes) texts.emplace_back(note);
    report.beside.emplace_back("notes", support::Json(std::move(texts)));
    support::write_file_whole(file, format->render(report, {}));
}

}  // namespace

support::Json tell_agreement(const std::vector<AgreementPart>& parts, const std::string& file, Context& context) {
    std::vector<report::SimulationRow> rows;
    std::vector<std::string> notes;
    for (const AgreementPart& part : parts) {
        if (!context.global.quiet) {
            render::Report said = report::simulation_report(part.rows, part.notes);
            said.sections.front().table->caption = part.caption;
            say(said, context);
        }
        rows.insert(rows.end(), part.rows.begin(), part.rows.end());
        for (const std::string& note : part.notes) notes.push_back(parts.size() > 1 ? part.name + ", " + note : note);
    }
    const render::Report whole = report::simulation_report(rows, notes);
    if (!file.empty()) write_agreement(whole, notes, file);
    return report::simulation_json(whole, notes);
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

}  // namespace hersurv::cli
