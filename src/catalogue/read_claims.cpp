// Reading claims and notes, and whether the places of a claim are of the sort that its kind refers to.
#include "catalogue/read_claims.hpp"

#include "hersurv/records.hpp"

#include "catalogue/fields.hpp"
#include "catalogue/read_statistics.hpp"
#include "catalogue/text.hpp"
#include "support/number_text.hpp"
#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace hersurv::catalogue {
namespace {

using support::Json;

constexpr auto claim_relations = word_list(">", ">=", "<", "<=");
constexpr auto directions = word_list("increasing", "decreasing");
constexpr auto note_kinds = word_list("discrepancy", "remark", "correction", "data", "crossover");

Place read_place(const Json& json, const std::string& pointer, const Reading& reading) {
    static constexpr auto keys =
        word_list("trial", "analysis", "arm", "statistic", "response", "measure", "claim", "source");
    const Fields fields(json, pointer, keys, reading.log);
    Place place;
    place.trial = fields.identifier("trial");
    place.analysis = fields.identifier("analysis");
    place.arm = fields.identifier("arm");
    place.statistic = NamedStatistic(fields.identifier("statistic"));
    place.response = fields.identifier("response");
    place.measure = fields.identifier("measure");
    place.claim = fields.identifier("claim");
    place.source = fields.identifier("source");
    return place;
}

// What a claim of each kind needs, so that a member that nothing would look at is a fault and not silence.
struct ClaimKind {
    std::string_view kind;
    std::size_t fewest_places, most_places;
    bool has_value;
    std::optional<StatisticKey::Kind> statistic;  // that its places may name; absent: any
    std::string_view says;
};
constexpr std::size_t no_bound = static_cast<std::size_t>(-1);
constexpr std::array<ClaimKind, 7> claim_kinds = {{
    {"median-difference", 2, 2, true, StatisticKey::Kind::median, "two medians, or \"analysis\" alone"},
    {"rate-difference", 2, 2, true, StatisticKey::Kind::milestone, "two milestones or responses"},
    {"ratio", 2, 2, true, std::nullopt, "two places"},
    {"percent-reduction", 1, 2, true, std::nullopt, "one hazard ratio, or two places"},
    {"exceeds", 1, no_bound, true, std::nullopt, "one place or more"},
    {"trend", 2, no_bound, false, std::nullopt, "two places or more, in the stated order"},
    {"restatement", 1, 1, true, std::nullopt, "one place"},
}};

constexpr auto claim_kind_names() {
    std::array<std::string_view, claim_kinds.size()> names;
    for (std::size_t i = 0; i < names.size(); ++i) names[i] = claim_kinds[i].kind;
    return names;
}

// The two medians of the first contrast of a `median-difference` that names an analysis only.
void expand_analysis(Claim& claim, const Fields& fields, const Trial* trial) {
    if (!trial) {
        fields.fault("analysis", "a claim across trials has no analysis", "give \"of\" with two places");
        return;
    }
    const Analysis* analysis = trial->find_analysis(claim.analysis);
    if (!analysis) {
        std::vector<std::string> known;
        for (const Analysis& each_analysis : trial->analyses) known.push_back(each_analysis.id);
        fields.fault("analysis", "the trial has no analysis \"" + claim.analysis + "\"",
                     did_you_mean(claim.analysis, known, "its analyses are " + alternatives(known)));
        return;
    }
    if (analysis->contrasts.empty()) {
        fields.fault("analysis", "analysis \"" + claim.analysis + "\" has no contrast",
                     "give \"of\" with the two medians instead");
        return;
    }
    for (const std::string& arm : {analysis->contrasts.front().experimental, analysis->contrasts.front().control}) {
        Place place;
        place.analysis = claim.analysis;
        place.arm = arm;
        place.statistic = StatisticKey::Kind::median;
        claim.of.push_back(std::move(place));
    }
}

// Whether the places of a claim are of the sort that its kind refers to.
void check_claim_places(const Claim& claim, const Fields& fields) {
    const auto kind = std::find_if(claim_kinds.begin(), claim_kinds.end(),
                                   [&](const ClaimKind& row) { return row.kind == claim.kind; });
    if (kind == claim_kinds.end()) return;
    const std::string wanted = "\"" + claim.kind + "\" is a claim about " + std::string(kind->says);
    if (claim.of.size() < kind->fewest_places || claim.of.size() > kind->most_places) {
        fields.fault("of", std::to_string(claim.of.size()) + " places", wanted);
        return;
    }
    for (std::size_t i = 0; i < claim.of.size(); ++i) {
        const Place& place = claim.of[i];
        const std::string pointer = support::pointer_append(fields.pointer_of("of"), i);
        if (place.statistic.empty() && place.response.empty() && place.measure.empty() && place.claim.empty()) {
            fields.log().add(pointer, "the place does not name a value",
                             "name a statistic, a response, a measure or a claim");
            continue;
        }
        const std::optional<StatisticKey>& key = place.statistic.key;
        const bool response_in_median = claim.kind == "median-difference" && !place.response.empty();
        const bool other_statistic = kind->statistic && key && key->kind != *kind->statistic;
        const bool no_hazard_ratio =
            claim.kind == "percent-reduction" && claim.of.size() == 1 &&
            (!place.response.empty() || (key && key->kind != StatisticKey::Kind::hazard_ratio));
        if (response_in_median || other_statistic || no_hazard_ratio)
            fields.log().add(pointer, "the place names " + describe(place), wanted);
    }
}

// Claims on times of an analysis may be in another unit than months, which the times are kept in.
bool is_about_times(const Claim& claim) {
    return std::ranges::all_of(claim.of, [](const Place& place) {
        const std::optional<StatisticKey>& key = place.statistic.key;
        return key && key->unit() == StatisticKey::Unit::months;
    });
}

// What the value of a claim may be: that of the numbers it refers to.
Quantity claim_quantity(const Claim& claim, const Trial* trial) {
    if (claim.kind == "rate-difference") return quantity::difference_of_probabilities;
    if (claim.kind == "percent-reduction") return quantity::probability;
    if (claim.kind == "median-difference" && is_about_times(claim)) {
        Quantity difference = quantity::any;
        difference.unit = parse_time_unit(claim.unit).value_or(TimeUnit::months);
        return difference;
    }
    if (claim.kind != "restatement" && claim.kind != "exceeds") return quantity::any;
    if (claim.unit == "proportion") return quantity::probability_or_word;
    for (const Place& place : claim.of) {
        if (const std::optional<StatisticKey>& key = place.statistic.key) {
            using Unit = StatisticKey::Unit;
            switch (key->unit()) {
                case Unit::months:
                    return is_about_times(claim)
                               ? quantity::time_in(parse_time_unit(claim.unit).value_or(TimeUnit::months))
                               : quantity::months;
                case Unit::probability:
                    return quantity::probability_or_word;
                case Unit::ratio:
                    return quantity::hazard_ratio;
                case Unit::count:
                    return quantity::count;
                case Unit::p_value:
                    return quantity::p_value;
            }
        }
        if (!place.response.empty()) return quantity::probability_or_word;
        if (!place.measure.empty() && trial && place.trial.empty()) {
            const auto is_proportion = [&](const std::vector<Measure>& measures) {
                return std::any_of(measures.begin(), measures.end(),
                                   [&](const Measure& m) { return m.id == place.measure && m.unit == "proportion"; });
            };
            if (is_proportion(trial->measures) ||
                std::any_of(trial->analyses.begin(), trial->analyses.end(),
                            [&](const Analysis& a) { return is_proportion(a.measures); })) {
                return quantity::probability_or_word;
            }
        }
    }
    return quantity::any;
}

// A member that belongs to another kind of claim would never be looked at.
void refuse_members_of_other_kinds(const Claim& claim, const Fields& fields, bool expands) {
    const auto only_of = [&](std::string_view key, bool belongs) {
        if (belongs || claim.kind.empty() || !fields.find(key)) return;
        fields.fault(key, "a claim of kind \"" + claim.kind + "\" has no \"" + std::string(key) + "\"", "remove it");
    };
    only_of("analysis", expands);
    only_of("value", claim.kind != "trend");
    only_of("relation", claim.kind == "exceeds");
    only_of("direction", claim.kind == "trend");
    only_of("stated", claim.kind == "restatement");
}

// Under what the number is repeated, where that differs from the place it comes from.
std::vector<std::pair<std::string, std::string>> read_stated(const Fields& fields, const Reading& reading) {
    static constexpr auto keys =
        word_list("population", "endpoint", "label", "time", "trial", "phase", "year", "evaluable");
    static constexpr auto numbers = word_list("time", "year", "evaluable");
    std::vector<std::pair<std::string, std::string>> statements;
    const Fields stated(*fields.find("stated"), fields.pointer_of("stated"), keys, reading.log);
    for (const std::string_view key : keys) {
        const Json* found = stated.find(key);
        if (!found) continue;
        if (found->if_number() && std::ranges::find(numbers, key) != numbers.end()) {
            statements.emplace_back(key, support::shortest(*found->if_number()));
        } else {
            statements.emplace_back(key, stated.text(key));
        }
    }
    if (fields.object("stated")->empty()) fields.fault("stated", "it is empty", "leave it out if nothing differs");
    return statements;
}

}  // namespace

Claim read_claim(const Json& json, const std::string& pointer, const Trial* trial, const Reading& reading) {
    static constexpr auto keys = word_list("id", "kind", "source", "line", "text", "of", "analysis", "value", "unit",
                                           "decimals", "approximate", "relation", "direction", "stated");
    static constexpr auto kinds = claim_kind_names();
    const Fields fields(json, pointer, keys, reading.log);
    Claim claim;
    claim.file = reading.log.file();
    claim.json = reading.keep(json);
    claim.id = fields.identifier("id", Presence::required);
    claim.kind = fields.choice("kind", kinds, Presence::required);
    claim.text = fields.text("text");
    claim.unit = fields.text("unit");
    claim.from = read_provenance(fields, true, reading);
    claim.analysis = fields.identifier("analysis");
    const bool expands = claim.kind == "median-difference" && fields.find("analysis") && !fields.find("of");
    for_each_element(
        fields.list("of", expands ? Presence::optional : Presence::required), fields.pointer_of("of"),
        [&](const Json& place, const std::string& at) { claim.of.push_back(read_place(place, at, reading)); });
    if (expands) {
        expand_analysis(claim, fields, trial);
    } else if (fields.find("of") && fields.find("of")->if_array()) {
        check_claim_places(claim, fields);
    }
    refuse_members_of_other_kinds(claim, fields, expands);
    const std::optional<int> decimals = fields.integer("decimals", quantity::decimals);
    const bool needs_value = !claim.kind.empty() && claim.kind != "trend";
    claim.value = read_printed(fields, "value", claim_quantity(claim, trial), decimals,
                               needs_value ? Presence::required : Presence::optional);
    if (claim.value && !claim.value->is_number() && claim.kind != "restatement") {
        fields.fault("value", "\"NR\" and \"NE\" are not allowed as value of a claim of kind \"" + claim.kind + "\"",
                     "write a number");
    }
    if (const std::string relation = fields.choice("relation", claim_relations); !relation.empty())
        claim.relation = relation_of(relation);
    claim.direction =
        fields.choice("direction", directions, claim.kind == "trend" ? Presence::required : Presence::optional);
    if (fields.object("stated")) claim.stated = read_stated(fields, reading);
    return claim;
}

Note read_note(const Json& json, const std::string& pointer, const Reading& reading) {
    static constexpr auto keys = word_list("id", "kind", "text", "at", "rule", "source", "line");
    const Fields fields(json, pointer, keys, reading.log);
    Note note;
    note.file = reading.log.file();
    note.json = reading.keep(json);
    note.id = fields.identifier("id");
    note.kind = fields.choice("kind", note_kinds, Presence::required);
    note.text = fields.text("text", Presence::required);
    note.rule = fields.identifier("rule");
    if (const Json* at = fields.find("at")) note.at = read_place(*at, fields.pointer_of("at"), reading);
    note.from = read_provenance(fields, false, reading);
    return note;
}

}  // namespace hersurv::catalogue
