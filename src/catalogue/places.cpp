// Following a place to the number that it names.
#include "hersurv/records.hpp"

#include "catalogue/text.hpp"
#include "support/number_text.hpp"
#include <charconv>
#include <cmath>
#include <system_error>
#include <vector>

namespace hersurv::catalogue {
namespace {

using Kind = StatisticKey::Kind;
using Side = StatisticKey::Side;

Destination nowhere(std::string problem, std::string remedy) {
    Destination destination;
    destination.problem = std::move(problem);
    destination.remedy = std::move(remedy);
    return destination;
}

Destination at(const std::optional<PrintedNumber>& number, const Provenance* from) {
    Destination destination;
    destination.number = number;
    destination.from = from;
    return destination;
}

// What one record prints, of which a place may still name the source.
Destination at_source(const std::optional<PrintedNumber>& number, const Provenance& from, const Place& place,
                      const std::string& owner) {
    if (!place.source.empty() && place.source != from.source) {
        return nowhere(owner + " is not from the source \"" + place.source + "\"", "leave out the source");
    }
    return at(number, &from);
}

template <class Records>
std::vector<std::string> ids_of(const Records& records) {
    std::vector<std::string> ids;
    for (const auto& record : records) {
        if (!record.id.empty()) ids.push_back(record.id);
    }
    return ids;
}

Destination unknown(std::string_view what, const std::string& id, const std::string& of,
                    const std::vector<std::string>& ids) {
    return nowhere(of + " has no " + std::string(what) + " \"" + id + "\"",
                   did_you_mean(id, ids, ids.empty() ? "it has none" : "it has " + alternatives(ids)));
}

// The number of one entry: its value or one of its limits.
std::optional<PrintedNumber> part_of(const Statistic& statistic, Side side) {
    switch (side) {
        case Side::lower:
            return statistic.lower;
        case Side::upper:
            return statistic.upper;
        case Side::value:
            break;
    }
    return statistic.value;
}
std::optional<PrintedNumber> part_of(const PValue& p, Side) { return p.value; }
std::optional<PrintedNumber> part_of(const FollowUp& follow_up, Side) { return follow_up.median_months; }

std::string of_source(const std::string& source) { return source.empty() ? "" : " from the source \"" + source + "\""; }

// The first entry (of the source, where one is named) that has this part.
template <class Entries>
Destination entry_of(const Entries& entries, const Place& place, Side side, const std::string& owner) {
    for (const auto& entry : entries) {
        if (!place.source.empty() && entry.from.source != place.source) continue;
        if (const std::optional<PrintedNumber> number = part_of(entry, side)) return at(number, &entry.from);
    }
    return nowhere(owner + " has no " + to_string(place.statistic) + of_source(place.source),
                   "correct the place, or add the value");
}

const Statistics* milestone_of(const ArmResult& arm, double time_months) {
    for (const Milestone& milestone : arm.milestones) {
        if (milestone.time_months == time_months) return &milestone.survival;
    }
    return nullptr;
}

Destination statistic_of_arm(const ArmResult& arm, const StatisticKey& key, const Place& place,
                             const std::string& owner) {
    static const Statistics none;
    switch (key.kind) {
        case Kind::median:
            return entry_of(arm.median, place, key.side, owner);
        case Kind::events:
            return entry_of(arm.events, place, key.side, owner);
        case Kind::follow_up:
            return entry_of(arm.follow_up, place, key.side, owner);
        case Kind::milestone: {
            const Statistics* survival = milestone_of(arm, key.time_months);
            return entry_of(survival ? *survival : none, place, key.side, owner);
        }
        case Kind::n_patients:
        case Kind::hazard_ratio:  // these are of the analysis
        case Kind::p_value:
        case Kind::crossover:
            break;
    }
    if (arm.n_patients)
        return at(PrintedNumber{PrintedNumber::Kind::number, static_cast<double>(*arm.n_patients), 0}, nullptr);
    return nowhere(owner + " has no n", "correct the place, or add the value");
}

Destination statistic_of_contrast(const Analysis& analysis, const StatisticKey& key, const Place& place,
                                  const std::string& owner) {
    Destination first = nowhere(owner + " has no " + to_string(place.statistic) + of_source(place.source) +
                                    (place.arm.empty() ? "" : " with the experimental arm \"" + place.arm + "\""),
                                "the arm of a hazard ratio is the experimental arm of its contrast");
    std::size_t found = 0;
    for (const Contrast& contrast : analysis.contrasts) {
        if (!place.arm.empty() && contrast.experimental != place.arm) continue;
        const Destination destination = key.kind == Kind::hazard_ratio
                                            ? entry_of(contrast.hazard_ratio, place, key.side, owner)
                                            : entry_of(contrast.p_values, place, key.side, owner);
        if (destination.leads_nowhere()) continue;
        if (++found == 1) first = destination;
    }
    // Without an arm several contrasts may be meant: a note may say so of all of them, but there is no one number.
    if (found > 1 && place.arm.empty()) return at(std::nullopt, nullptr);
    return first;
}

Destination statistic_of_analysis(const Analysis& analysis, const StatisticKey& key, const Place& place) {
    const std::string owner = "analysis \"" + analysis.id + "\"";
    if (key.kind == Kind::hazard_ratio || key.kind == Kind::p_value)
        return statistic_of_contrast(analysis, key, place, owner);
    if (key.kind == Kind::crossover) return entry_of(analysis.crossover, place, key.side, owner);
    if (key.kind == Kind::events && place.arm.empty() && !analysis.events.empty())
        return entry_of(analysis.events, place, key.side, owner);
    if (!place.arm.empty()) {
        for (const ArmResult& arm : analysis.arms) {
            if (arm.arm == place.arm) return statistic_of_arm(arm, key, place, "arm \"" + arm.arm + "\" of " + owner);
        }
        return nowhere(owner + " has no arm \"" + place.arm + "\"", "correct the place, or add the results of the arm");
    }
    Destination first = nowhere(owner + " has no " + to_string(place.statistic) + of_source(place.source),
                                "correct the place, or add the value");
    std::size_t found = 0;
    for (const ArmResult& arm : analysis.arms) {
        const Destination destination = statistic_of_arm(arm, key, place, owner);
        if (destination.leads_nowhere()) continue;
        if (++found == 1) first = destination;
    }
    if (found > 1) return at(std::nullopt, nullptr);
    return first;
}

Destination follow_statistic(const Place& place, const Trial& trial, const Analysis* analysis, const Arm* arm) {
    const std::optional<StatisticKey>& key = place.statistic.key;
    if (!key) {
        return nowhere("\"" + place.statistic.other + "\" is not a known statistic",
                       "known: median, milestone_96, hazard_ratio (each also with _lower or _upper), p_value, events, "
                       "follow_up, crossover and n");
    }
    if (analysis) return statistic_of_analysis(*analysis, *key, place);
    if (key->kind == Kind::n_patients && arm) {
        if (arm->n_patients)
            return at(PrintedNumber{PrintedNumber::Kind::number, static_cast<double>(*arm->n_patients), 0}, nullptr);
        return nowhere("arm \"" + arm->id + "\" has no n", "correct the place, or add the value");
    }
    return nowhere("the place does not name the analysis",
                   "name the analysis: " + alternatives(ids_of(trial.analyses)));
}

Destination follow_response(const Place& place, const Trial& trial, const std::string& owner) {
    for (const Response& response : trial.responses) {
        if (response.id != place.response) continue;
        if (!place.arm.empty() && response.arm != place.arm) {
            return nowhere("response \"" + response.id + "\" does not belong to arm \"" + place.arm + "\"",
                           "leave out the arm");
        }
        return at_source(response.rate, response.from, place, "response \"" + response.id + "\"");
    }
    return unknown("response", place.response, owner, ids_of(trial.responses));
}

Destination follow_measure(const Place& place, const Trial& trial, const Analysis* analysis, const std::string& owner) {
    std::vector<std::string> known;
    const auto search = [&](const std::vector<Measure>& measures) -> const Measure* {
        for (const Measure& measure : measures) {
            if (measure.id == place.measure) return &measure;
            if (!measure.id.empty()) known.push_back(measure.id);
        }
        return nullptr;
    };
    if (analysis) {
        if (const Measure* measure = search(analysis->measures))
            return at_source(measure->value, measure->from, place, "measure \"" + measure->id + "\"");
    } else {
        if (const Measure* measure = search(trial.measures))
            return at_source(measure->value, measure->from, place, "measure \"" + measure->id + "\"");
        for (const Analysis& each : trial.analyses) {
            if (const Measure* measure = search(each.measures))
                return at_source(measure->value, measure->from, place, "measure \"" + measure->id + "\"");
        }
    }
    return unknown("measure", place.measure, analysis ? "analysis \"" + analysis->id + "\"" : owner, known);
}

Destination follow_claim(const Place& place, const std::vector<Claim>& claims, const std::string& owner) {
    for (const Claim& claim : claims) {
        if (claim.id == place.claim) return at_source(claim.value, claim.from, place, "claim \"" + claim.id + "\"");
    }
    return unknown("claim", place.claim, owner, ids_of(claims));
}

Destination follow_within(const Place& place, const Trial& trial) {
    const std::string owner = "trial \"" + trial.id + "\"";
    const Analysis* analysis = nullptr;
    const Arm* arm = nullptr;
    if (!place.analysis.empty()) {
        analysis = trial.find_analysis(place.analysis);
        if (!analysis) return unknown("analysis", place.analysis, owner, ids_of(trial.analyses));
    }
    if (!place.arm.empty()) {
        arm = trial.find_arm(place.arm);
        if (!arm) return unknown("arm", place.arm, owner, ids_of(trial.arms));
    }
    if (!place.statistic.empty()) return follow_statistic(place, trial, analysis, arm);
    if (!place.response.empty()) return follow_response(place, trial, owner);
    if (!place.measure.empty()) return follow_measure(place, trial, analysis, owner);
    if (!place.claim.empty()) return follow_claim(place, trial.claims, owner);
    return {};
}

}  // namespace

Destination follow(const Place& place, const Trial* home, const Catalogue* catalogue) {
    const int named =
        !place.statistic.empty() + !place.response.empty() + !place.measure.empty() + !place.claim.empty();
    if (named > 1)
        return nowhere("the place names several things", "keep one of statistic, response, measure and claim");
    if (place == Place{})
        return nowhere("the place names nothing",
                       "name an analysis, an arm and a statistic, or a response, measure or claim");
    if (place.trial.empty()) {
        if (home) return follow_within(place, *home);
        if (named == 1 && !place.claim.empty() && place.analysis.empty() && place.arm.empty()) {
            static const std::vector<Claim> none;
            return follow_claim(place, catalogue ? catalogue->claims : none, "the catalogue");
        }
        return nowhere("the place does not name the trial", "name the trial");
    }
    const std::string key = folded(place.trial);
    if (home && folded(home->id) == key) return follow_within(place, *home);
    if (catalogue) {
        for (const Trial& trial : catalogue->trials) {
            if (folded(trial.id) == key) return follow_within(place, trial);
        }
    }
    Destination destination;
    destination.unknown_trial = true;
    return destination;
}

std::string describe(const Place& place) {
    std::string text;
    const auto add = [&](std::string_view what, const std::string& id) {
        if (id.empty()) return;
        if (!text.empty()) text += ", ";
        if (!what.empty()) text += std::string(what) + ' ';
        text += id;
    };
    add("trial", place.trial);
    add("analysis", place.analysis);
    add("arm", place.arm);
    add("", to_string(place.statistic));
    add("response", place.response);
    add("measure", place.measure);
    add("claim", place.claim);
    add("source", place.source);
    return text;
}

}  // namespace hersurv::catalogue
