// Summaries of trials for `list`. Those of the built-in trials come from an index, so that `list` need not parse their
// records.
#include "report/trial_summary.hpp"

#include "hersurv/records.hpp"

#include "catalogue/builtin.hpp"
#include "render/separated.hpp"
#include "report/comparison_parts.hpp"
#include "report/numbers.hpp"
#include "support/csv.hpp"
#include "support/words.hpp"
#include <algorithm>
#include <functional>

namespace hersurv::report {

using catalogue::Trial;

namespace {

// Endpoints with an analysis, then those of response rates, in the order of the record.
std::vector<std::string> endpoints_of(const Trial& trial) {
    std::vector<std::string> endpoints;
    const auto add = [&](const std::string& endpoint) {
        if (std::ranges::find(endpoints, endpoint) == endpoints.end()) endpoints.push_back(endpoint);
    };
    for (const catalogue::Analysis& analysis : trial.analyses) add(analysis.endpoint);
    for (const catalogue::Response& response : trial.responses) add(response.endpoint);
    return endpoints;
}

// Each patient counted once, or not reported.
struct Patients {
    std::optional<long> number;
    bool summed = false, of_analysis = false;
};

// The sum over the arms of these ids; nothing if one has no number, or there is none.
Patients sum_of(const Trial& trial, const std::vector<std::string>& ids) {
    long sum = 0;
    for (const std::string& id : ids) {
        const catalogue::Arm* const arm = trial.find_arm(id);
        if (arm == nullptr || !arm->n_patients) return {};
        sum += *arm->n_patients;
    }
    if (ids.empty()) return {};
    return {sum, ids.size() > 1, false};
}

// Whether arms of an analysis may share patients: where it shows arms side by side that no comparison has distinguished
// (all patients and a subgroup of them), or makes comparisons that have no arm in common (all patients and a stratum).
// Arms of different analyses are cohorts of their own.
bool arms_may_overlap(const Trial& trial, const catalogue::Analysis& analysis) {
    const auto compared = [&](const catalogue::ArmResult& result) {
        const catalogue::Arm* const arm = trial.find_arm(result.arm);
        return arm != nullptr && (arm->role == "experimental" || arm->role == "control");
    };
    if (std::ranges::count_if(analysis.arms, std::not_fn(compared)) > 1) return true;
    const auto apart = [](const catalogue::Contrast& left, const catalogue::Contrast& right) {
        return left.experimental != right.experimental && left.experimental != right.control &&
               left.control != right.experimental && left.control != right.control;
    };
    return std::ranges::any_of(analysis.contrasts, [&](const catalogue::Contrast& left) {
        return std::ranges::any_of(analysis.contrasts,
                                   [&](const catalogue::Contrast& right) { return apart(left, right); });
    });
}

// The default analysis of OS, else the first default one.
const catalogue::Analysis* main_analysis(const Trial& trial) {
    const catalogue::Analysis* main = nullptr;
    for (const catalogue::Analysis& analysis : trial.analyses) {
        if (!analysis.is_default) continue;
        if (analysis.endpoint == "OS") return &analysis;
        if (main == nullptr) main = &analysis;
    }
    return main;
}

Patients patients_of(const Trial& trial) {
    std::vector<std::string> ids;
    for (const catalogue::Arm& arm : trial.arms) ids.push_back(arm.id);
    const auto overlapping = [&](const catalogue::Analysis& analysis) { return arms_may_overlap(trial, analysis); };
    if (std::ranges::none_of(trial.analyses, overlapping)) {
        if (const Patients all = sum_of(trial, ids); all.number) return all;
    }
    const catalogue::Analysis* const analysis = main_analysis(trial);
    if (analysis == nullptr) return {};
    std::vector<std::string> arms;
    if (analysis->arms.size() == 1) {
        arms = {analysis->arms.front().arm};
    } else if (analysis->contrasts.size() == 1) {
        arms = {analysis->contrasts.front().experimental, analysis->contrasts.front().control};
    }
    Patients patients = sum_of(trial, arms);
    patients.of_analysis = patients.number.has_value();
    return patients;
}

// A column of the index: how it is written and read.
struct IndexColumn {
    std::string_view name;
    std::function<std::string(const TrialSummary&)> written;
    std::function<void(TrialSummary&, const std::string&)> read;
};

IndexColumn text_column(std::string_view name, std::string TrialSummary::*field) {
    return {name, [field](const TrialSummary& summary) { return summary.*field; },
            [field](TrialSummary& summary, const std::string& text) { summary.*field = text; }};
}

template <typename Whole>
IndexColumn whole_column(std::string_view name, std::optional<Whole> TrialSummary::*field) {
    return {name,
            [field](const TrialSummary& summary) {
                return summary.*field ? std::to_string(*(summary.*field)) : std::string();
            },
            [field](TrialSummary& summary, const std::string& text) {
                if (!text.empty()) summary.*field = static_cast<Whole>(std::stol(text));
            }};
}

const std::vector<IndexColumn>& index_columns() {
    static const std::vector<IndexColumn> columns = {
        text_column("trial", &TrialSummary::id),
        text_column("aliases", &TrialSummary::aliases),
        text_column("drug_class", &TrialSummary::drug_class),
        text_column("agent", &TrialSummary::agent),
        text_column("design", &TrialSummary::design),
        text_column("line", &TrialSummary::line),
        whole_column("shown_year", &TrialSummary::shown_year),
        whole_column("year", &TrialSummary::year),
        whole_column("n_patients", &TrialSummary::n_patients),
        {"n_patients_summed",
         [](const TrialSummary& summary) { return std::string(summary.patients_summed ? "true" : "false"); },
         [](TrialSummary& summary, const std::string& text) { summary.patients_summed = text == "true"; }},
        {"n_patients_of_analysis",
         [](const TrialSummary& summary) { return std::string(summary.patients_of_analysis ? "true" : "false"); },
         [](TrialSummary& summary, const std::string& text) { summary.patients_of_analysis = text == "true"; }},
        text_column("endpoints", &TrialSummary::endpoints),
        whole_column("analyses", &TrialSummary::n_analyses),
        text_column("population", &TrialSummary::population),
    };
    return columns;
}

constexpr std::string_view document_column = "document", digest_column = "sha256";

const catalogue::BuiltinDocument* document_of(std::string_view id) {
    for (const catalogue::BuiltinDocument& document : catalogue::builtin_documents())
        if (std::ranges::find(document.ids, id) != document.ids.end()) return &document;
    return nullptr;
}

}  // namespace

TrialSummary summary_of(const Trial& trial) {
    const catalogue::Analysis* const analysis = main_analysis(trial);
    TrialSummary summary;
    summary.id = trial.id;
    summary.aliases = support::joined(trial.aliases, " ");
    summary.drug_class = trial.drug_class;
    summary.agent = trial.agent;
    summary.design = trial.design;
    summary.line = trial.line;
    summary.endpoints = support::joined(endpoints_of(trial), " ");
    summary.population = trial.population;
    summary.shown_year = analysis != nullptr ? year_of(trial, *analysis) : trial.year;
    summary.year = trial.year;
    summary.n_analyses = static_cast<long>(trial.analyses.size());
    const Patients patients = patients_of(trial);
    summary.n_patients = patients.number;
    summary.patients_summed = patients.summed;
    summary.patients_of_analysis = patients.of_analysis;
    return summary;
}

std::string summaries_index(const std::vector<const Trial*>& trials) {
    std::string text = std::string(document_column) + "," + std::string(digest_column);
    for (const IndexColumn& column : index_columns()) text += "," + std::string(column.name);
    text += "\n";
    for (const Trial* trial : trials) {
        const catalogue::BuiltinDocument* const document = document_of(trial->id);
        if (document == nullptr) continue;
        text += render::csv_field(std::string(document->file)) + "," + std::string(document->sha256);
        const TrialSummary summary = summary_of(*trial);
        for (const IndexColumn& column : index_columns()) text += "," + render::csv_field(column.written(summary));
        text += "\n";
    }
    return text;
}

std::optional<std::vector<TrialSummary>> builtin_summaries() {
    const support::CsvTable index(catalogue::builtin_index(), "data/catalogue_index.csv");
    std::vector<TrialSummary> summaries;
    std::size_t row = 0;
    for (const catalogue::BuiltinDocument& document : catalogue::builtin_documents()) {
        for (const std::string_view id : document.ids) {
            // The index was made from other documents: it is out of date.
            if (row == index.n_rows() || index.text(row, digest_column) != document.sha256 ||
                index.text(row, index_columns().front().name) != id)
                return std::nullopt;
            for (TrialSummary& summary = summaries.emplace_back(); const IndexColumn& column : index_columns())
                column.read(summary, index.text(row, column.name));
            ++row;
        }
    }
    return summaries;
}

}  // namespace hersurv::report
