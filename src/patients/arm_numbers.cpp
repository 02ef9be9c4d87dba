// The number of patients of each arm, from what the record says of it in whatever place.
#include "hersurv/patients.hpp"

#include "evidence/constants.hpp"
#include <algorithm>
#include <cmath>

namespace hersurv::patients {
namespace {

using catalogue::Analysis;
using catalogue::ArmResult;
using catalogue::Measure;
using catalogue::Trial;

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

bool counts_responders(const Analysis& analysis) { return analysis.endpoint == "DOR"; }

// As catalogue::ArmResult::n_patients reads populations.
bool is_of_whole_arms(const Analysis& analysis) {
    return !counts_responders(analysis) &&
           (analysis.population.empty() || analysis.population.starts_with("intention to treat"));
}

std::optional<std::size_t> whole_count(const Measure& measure) {
    const double value = measure.value.value;
    if (measure.unit != "patients" || !measure.value.is_number() || value < 1 || value != std::floor(value) ||
        value > static_cast<double>(most_patients))
        return std::nullopt;
    return static_cast<std::size_t>(value);
}

// "patients", "patients randomised", "patients, both arms"; not "patients who crossed over".
bool is_number_of_all(const Measure& measure) {
    return measure.arm.empty() && measure.name.starts_with("patients") &&
           (measure.name == "patients" || measure.name == "patients randomised" ||
            contains(measure.name, "both arms") || contains(measure.name, "all arms") ||
            contains(measure.name, "all groups"));
}

bool is_of_population(const Measure& measure, const Analysis& analysis) {
    return measure.population == analysis.population || (measure.population.empty() && is_of_whole_arms(analysis));
}

struct Found {
    std::size_t n_patients = 0;
    std::string name;  // of the measure
};

std::optional<Found> patients_of_arm(const Trial& trial, const Analysis& analysis, const std::string& arm) {
    const auto counts = [&](const Measure& measure) { return measure.arm == arm && measure.name == "patients"; };
    for (const Measure& measure : analysis.measures)
        if (const auto n = whole_count(measure); n && counts(measure)) return Found{*n, measure.name};
    for (const Measure& measure : trial.measures)
        if (const auto n = whole_count(measure);
            n && counts(measure) && is_of_population(measure, analysis) && !counts_responders(analysis))
            return Found{*n, measure.name};
    return std::nullopt;
}

// Of all arms of the analysis together.
std::optional<Found> patients_of_all(const Trial& trial, const Analysis& analysis) {
    for (const Measure& measure : analysis.measures)
        if (const auto n = whole_count(measure); n && is_number_of_all(measure)) return Found{*n, measure.name};
    if (counts_responders(analysis)) return std::nullopt;
    for (const Measure& measure : trial.measures) {
        const auto n = whole_count(measure);
        if (!n || !measure.arm.empty()) continue;
        // "637 patients with X" is a population that the measure "patients with X" counts.
        const bool named = measure.name.starts_with("patients") && contains(analysis.population, measure.name);
        if (named || (is_number_of_all(measure) && is_of_population(measure, analysis))) return Found{*n, measure.name};
    }
    return std::nullopt;
}

// A duration of response is that of the responders: of the arm's response rates of this population that count them, if
// they agree.
std::optional<std::size_t> responders_of(const Trial& trial, const Analysis& analysis, const std::string& arm) {
    std::optional<std::size_t> all;
    for (const catalogue::Response& response : trial.responses) {
        if (response.arm != arm || response.endpoint != "ORR" || response.population != analysis.population ||
            response.responders.value_or(0) < 1)
            continue;
        const auto n = static_cast<std::size_t>(*response.responders);
        if (all && *all != n) return std::nullopt;
        all = n;
    }
    return all;
}

std::optional<std::size_t> n_of_trial(const Trial& trial, const std::string& arm) {
    const catalogue::Arm* const known = trial.find_arm(arm);
    if (known == nullptr || known->n_patients.value_or(0) < 1) return std::nullopt;
    return static_cast<std::size_t>(*known->n_patients);
}

ArmNumber known_number(const Trial& trial, const Analysis& analysis, const ArmResult& result) {
    if (result.n_patients.value_or(0) > 0)
        return {static_cast<std::size_t>(*result.n_patients), NumberFrom::published, ""};
    if (result.at_risk && result.at_risk->numbers.front().time_months == 0 &&
        result.at_risk->numbers.front().n_patients > 0)
        return {static_cast<std::size_t>(result.at_risk->numbers.front().n_patients), NumberFrom::record,
                "the number at risk at month 0"};
    if (const auto found = patients_of_arm(trial, analysis, result.arm))
        return {found->n_patients, NumberFrom::record, "the record's measure \"" + found->name + "\""};
    if (counts_responders(analysis))
        if (const auto n = responders_of(trial, analysis, result.arm))
            return {*n, NumberFrom::record, "the responders of the arm"};
    return {};
}

// What the total leaves for the arms without a number, divided as the trial's arms are, or else equally; each arm gets
// at least one patient.
void share(const Trial& trial, const Analysis& analysis, const Found& total, std::vector<ArmNumber>& numbers) {
    std::size_t known = 0, unknown = 0;
    bool has_ratio = true;
    double weights = 0;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        known += numbers[i].n_patients;
        if (numbers[i].n_patients > 0) continue;
        ++unknown;
        const auto of_trial = n_of_trial(trial, analysis.arms[i].arm);
        has_ratio = has_ratio && of_trial;
        weights += static_cast<double>(of_trial.value_or(0));
    }
    if (unknown == 0 || total.n_patients < known + unknown) return;
    auto rest = static_cast<double>(total.n_patients - known);
    if (!has_ratio) weights = static_cast<double>(unknown);
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        if (numbers[i].n_patients > 0) continue;
        const double weight = has_ratio ? static_cast<double>(*n_of_trial(trial, analysis.arms[i].arm)) : 1;
        // Of what is left, so that the shares add up to the total.
        const double n = std::clamp(std::round(rest * weight / weights), 1.0, rest - static_cast<double>(unknown - 1));
        numbers[i] = {static_cast<std::size_t>(n), NumberFrom::share,
                      std::string("a share of the ") + std::to_string(total.n_patients) + " of all arms (\"" +
                          total.name + "\"), divided " +
                          (has_ratio                   ? "as the trial's arms are"
                           : unknown == numbers.size() ? "equally"
                                                       : "equally among the arms without a number")};
        rest -= n;
        weights -= weight;
        --unknown;
    }
}

}  // namespace

std::vector<ArmNumber> numbers_of_arms(const Trial& trial, const Analysis& analysis) {
    std::vector<ArmNumber> numbers;
    for (const ArmResult& result : analysis.arms) numbers.push_back(known_number(trial, analysis, result));
    if (const auto total = patients_of_all(trial, analysis)) share(trial, analysis, *total, numbers);
    const auto usual =
        static_cast<std::size_t>(std::lround(evidence::builtin_constants()->reading().default_n_patients));
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        if (numbers[i].n_patients > 0) continue;
        const auto most = n_of_trial(trial, analysis.arms[i].arm);
        numbers[i] = {std::min(usual, most.value_or(usual)), NumberFrom::assumed,
                      most && *most < usual ? "as many as the arm has in the whole trial" : ""};
    }
    // Whoever had an event was there.
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        const auto& events = analysis.arms[i].events;
        if (events.empty() || !events.front().value.is_number() || numbers[i].from == NumberFrom::published) continue;
        const auto n_events = static_cast<std::size_t>(std::lround(std::max(0.0, events.front().value.value)));
        numbers[i].n_patients = std::max(numbers[i].n_patients, n_events);
    }
    return numbers;
}

}  // namespace hersurv::patients
