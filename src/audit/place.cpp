// The number that a place leads to, with the words and the facts about it that the records hold beside it.
#include "audit/place.hpp"

#include "hersurv/records.hpp"

#include <fmt/format.h>

#include "support/number_text.hpp"
#include "support/words.hpp"
#include <algorithm>

namespace hersurv::audit {
namespace {

using catalogue::Analysis;
using catalogue::Place;
using catalogue::StatisticKey;
using catalogue::Trial;
using Kind = StatisticKey::Kind;

std::string time_words(double months) { return support::shortest(months) + " months"; }

// "upper limit of the hazard ratio", "survival at 96 months".
std::string statistic_words(const StatisticKey& key, const std::string& endpoint) {
    const auto estimate = [&]() -> std::string {
        switch (key.kind) {
            case Kind::median:
                return "median " + endpoint;
            case Kind::milestone:
                return endpoint + " at " + time_words(key.time_months);
            case Kind::hazard_ratio:
                return "hazard ratio of " + endpoint;
            case Kind::p_value:
                return "p-value of " + endpoint;
            case Kind::follow_up:
                return "median follow-up";
            case Kind::n_patients:
                return "number of patients";
            case Kind::events:
            case Kind::crossover:
                break;
        }
        return to_string(key);
    };
    if (key.side == StatisticKey::Side::lower) return "lower confidence limit of the " + estimate();
    if (key.side == StatisticKey::Side::upper) return "upper confidence limit of the " + estimate();
    return estimate();
}

void describe_statistic(PlacedNumber& number, const Place& place, const Trial& trial) {
    const auto& key = place.statistic.key;
    const Analysis* analysis = trial.find_analysis(place.analysis);
    number.count = key->unit() == StatisticKey::Unit::count;
    number.label =
        fmt::format("{} of {}", statistic_words(*key, analysis == nullptr ? "" : analysis->endpoint), trial.id);
    if (!place.arm.empty()) number.label += ", arm " + place.arm;
    if (analysis == nullptr) return;
    number.label += ", " + analysis->id;
    number.endpoint = analysis->endpoint;
    if (!analysis->population.empty()) number.population = analysis->population;
    if (key->kind == Kind::milestone)
        number.time = time_words(key->time_months);
    else if (!analysis->data_cutoff.empty())
        number.time = "data cutoff " + analysis->data_cutoff;
}

void describe_response(PlacedNumber& number, const Place& place, const Trial& trial) {
    for (const auto& response : trial.responses) {
        if (response.id != place.response) continue;
        number.label = fmt::format("{} of {}, response {}", response.endpoint, trial.id, response.id);
        number.endpoint = response.endpoint;
        if (!response.population.empty()) number.population = response.population;
        number.time = response.analysis;
        if (response.evaluable) number.evaluable = std::to_string(*response.evaluable);
        return;
    }
}

void describe_measure(PlacedNumber& number, const Place& place, const Trial& trial) {
    const auto describe = [&](const catalogue::Measure& measure) {
        number.label = fmt::format("{} of {}, measure {}", measure.name, trial.id, measure.id);
        number.count = is_count_unit(measure.unit);
        if (!measure.population.empty()) number.population = measure.population;
        if (measure.time_months) number.time = time_words(*measure.time_months);
    };
    for (const auto& measure : trial.measures)
        if (measure.id == place.measure && place.analysis.empty()) return describe(measure);
    for (const auto& analysis : trial.analyses)
        for (const auto& measure : analysis.measures)
            if (measure.id == place.measure && (place.analysis.empty() || analysis.id == place.analysis))
                return describe(measure);
}

void describe_claim(PlacedNumber& number, const Place& place, const std::vector<catalogue::Claim>& claims,
                    const std::string& owner) {
    number.label = fmt::format("value of claim {} of {}", place.claim, owner);
    for (const auto& claim : claims)
        if (claim.id == place.claim && !claim.file.empty()) number.file = claim.file;
}

// The trial of a place that leads somewhere; nullptr: it names a claim of the catalogue.
const Trial* trial_of(const Place& place, const Trial* home, const catalogue::Catalogue* catalogue) {
    if (place.trial.empty() || (home != nullptr && support::equal_any_case(home->id, place.trial))) return home;
    for (const Trial& trial : catalogue->trials)
        if (support::equal_any_case(trial.id, place.trial)) return &trial;
    return nullptr;
}

}  // namespace

bool is_count_unit(std::string_view unit) { return unit == "patients" || unit == "events" || unit == "studies"; }

Resolution resolve(const Place& place, const Trial* home, const catalogue::Catalogue* catalogue) {
    const auto destination = catalogue::follow(place, home, catalogue);
    if (destination.unknown_trial) return {std::nullopt, "unknown trial " + place.trial};
    if (destination.leads_nowhere()) return {std::nullopt, destination.problem};
    if (!destination.number)
        return {std::nullopt, fmt::format("the place ({}) does not name a single value", catalogue::describe(place))};

    PlacedNumber number;
    number.value = *destination.number;
    if (const auto* from = destination.from) {
        number.source = from->source;
        number.line = from->line;
        number.pointer = from->pointer;
        number.approximate = from->approximate;
    }
    const Trial* trial = trial_of(place, home, catalogue);
    if (trial == nullptr) {
        describe_claim(number, place, catalogue->claims, "the catalogue");
        return {number, ""};
    }
    number.file = trial->file;
    number.trial = trial->id;
    number.population = trial->population;
    number.phase = trial->phase;
    if (trial->year) number.year = std::to_string(*trial->year);
    if (!place.statistic.empty())
        describe_statistic(number, place, *trial);
    else if (!place.response.empty())
        describe_response(number, place, *trial);
    else if (!place.measure.empty())
        describe_measure(number, place, *trial);
    else
        describe_claim(number, place, trial->claims, trial->id);
    if (!place.source.empty()) number.label += ", source " + place.source;
    return {number, ""};
}

}  // namespace hersurv::audit
