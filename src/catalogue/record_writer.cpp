// Records -> JSON, member by member. (writer.cpp gives back what was read.)
#include "catalogue/record_writer.hpp"

#include "support/json.hpp"
#include "support/number_text.hpp"
#include <utility>

namespace hersurv::catalogue {
namespace {

using support::Json;

Json to_json(const PrintedNumber& number) {
    if (!number.is_number()) return printed_text(number);
    // As it was read: the nearest double to the published digits.
    const double printed = number.unit == TimeUnit::months
                               ? number.value
                               : support::parse_number(support::fixed(number.printed_value(), number.decimals)).value();
    return Json::Number{printed, number.decimals};
}

void add_text(Json::Object& members, const char* key, const std::string& text) {
    if (!text.empty()) members.emplace_back(key, text);
}

Json to_json(const Statistic& statistic, Json::Object members = {}, const char* value_key = "value") {
    members.emplace_back(value_key, to_json(statistic.value));
    for (const auto& [key, limit] : {std::pair("lower", &statistic.lower), std::pair("upper", &statistic.upper)})
        if (*limit) members.emplace_back(key, to_json(**limit));
    TimeUnit unit = statistic.value.unit;
    for (const auto* limit : {&statistic.lower, &statistic.upper})
        if (*limit && (*limit)->is_number()) unit = (*limit)->unit;
    add_unit(members, unit);
    if (statistic.level != 0.95) members.emplace_back("level", statistic.level);
    add_text(members, "source", statistic.from.source);
    add_text(members, "note", statistic.from.note);
    return members;
}

Json to_json(const ArmResult& result) {
    Json::Object members;
    if (result.n_patients) members.emplace_back("n", *result.n_patients);
    if (!result.events.empty()) members.emplace_back("events", to_json(result.events.front()));
    if (!result.median.empty()) members.emplace_back("median", to_json(result.median.front()));
    Json::Array milestones;
    for (const Milestone& milestone : result.milestones)
        milestones.push_back(to_json(milestone.survival.front(), {{"time", Json(milestone.time_months)}}, "survival"));
    if (!milestones.empty()) members.emplace_back("milestones", std::move(milestones));
    if (!result.follow_up.empty()) {
        Json::Object follow_up{{"median", to_json(result.follow_up.front().median_months)}};
        if (const auto kind = result.follow_up.front().kind; kind != FollowUp::Kind::unknown)
            follow_up.emplace_back("kind", kind == FollowUp::Kind::observed ? "observed" : "reverse-kaplan-meier");
        add_unit(follow_up, result.follow_up.front().median_months.unit);
        add_text(follow_up, "source", result.follow_up.front().from.source);
        members.emplace_back("follow_up", std::move(follow_up));
    }
    if (result.at_risk) {
        Json::Array times, patients;
        for (const auto& [time_months, n_patients] : result.at_risk->numbers) {
            times.emplace_back(time_months);
            patients.emplace_back(n_patients);
        }
        Json::Object at_risk{{"times", std::move(times)}, {"patients", std::move(patients)}};
        add_text(at_risk, "source", result.at_risk->from.source);
        members.emplace_back("at_risk", std::move(at_risk));
    }
    return members;
}

Json to_json(const Analysis& analysis) {
    Json::Object members;
    add_text(members, "id", analysis.id);
    add_text(members, "endpoint", analysis.endpoint);
    add_text(members, "label", analysis.label);
    add_text(members, "population", analysis.population);
    Json::Object arms;
    for (const ArmResult& result : analysis.arms) arms.emplace_back(result.arm, to_json(result));
    members.emplace_back("arms", std::move(arms));
    Json::Array contrasts;
    for (const Contrast& contrast : analysis.contrasts)
        contrasts.push_back(Json::Object{{"experimental", contrast.experimental},
                                         {"control", contrast.control},
                                         {"hazard_ratio", to_json(contrast.hazard_ratio.front())}});
    if (!contrasts.empty()) members.emplace_back("contrasts", std::move(contrasts));
    return members;
}

}  // namespace

void add_unit(Json::Object& members, TimeUnit unit) {
    if (unit != TimeUnit::months) members.emplace_back("unit", std::string(to_string(unit)));
}

Json write_record(const Trial& trial) {
    Json::Object sources;
    for (const auto& [key, source] : trial.sources) {
        Json::Object members{{"citation", source.citation}};
        add_text(members, "kind", source.kind);
        add_text(members, "note", source.note);
        sources.emplace_back(key, std::move(members));
    }
    Json::Array arms, analyses;
    for (const Arm& arm : trial.arms) {
        Json::Object members{{"id", arm.id}};
        add_text(members, "name", arm.name);
        add_text(members, "role", arm.role);
        add_text(members, "regimen", arm.regimen);
        if (arm.n_patients) members.emplace_back("n", *arm.n_patients);
        arms.push_back(std::move(members));
    }
    for (const Analysis& analysis : trial.analyses) analyses.push_back(to_json(analysis));
    Json::Object record{{"id", trial.id}};
    add_text(record, "drug_class", trial.drug_class);
    add_text(record, "agent", trial.agent);
    add_text(record, "design", trial.design);
    add_text(record, "line", trial.line);
    add_text(record, "population", trial.population);
    record.emplace_back("arms", std::move(arms));
    record.emplace_back("analyses", std::move(analyses));
    Json::Object document{{"format", "hersurv-catalogue"}, {"version", 1}};
    if (!sources.empty()) document.emplace_back("sources", std::move(sources));
    document.emplace_back("trials", Json::Array{Json(std::move(record))});
    return document;
}

}  // namespace hersurv::catalogue
