// Typed numbers -> a catalogue document -> the reader: the same ranges, defaults and records as a file has, with faults
// told by the column of the text. The document is made here; what it may hold is decided by the reader alone.
#include "hersurv/catalogue.hpp"
#include "hersurv/error.hpp"

#include "catalogue/endpoints.hpp"
#include "catalogue/reader.hpp"
#include "catalogue/text.hpp"
#include "catalogue/typed_arm.hpp"
#include "catalogue/typed_statistic.hpp"
#include <algorithm>
#include <optional>
#include <utility>

namespace hersurv::catalogue {
namespace {

using support::Json;
using support::UsageError;

using Pair = std::pair<std::string, std::string>;

// "B:A=" in front of a hazard ratio, by the names of the arms, which may have colons and equals signs in them.
std::optional<Pair> take_arm_names(TypedScanner& scanner, const std::vector<TypedArm>& arms) {
    for (const TypedArm& experimental : arms) {
        TypedScanner first = scanner;
        if (!first.take_text(experimental.name) || !first.take(":")) continue;
        for (const TypedArm& control : arms) {
            TypedScanner second = first;
            if (!second.take_text(control.name) || !second.take("=")) continue;
            scanner = second;
            return Pair{experimental.name, control.name};
        }
    }
    return std::nullopt;
}

[[noreturn]] void refuse_arm_names(const TypedScanner& scanner, const std::vector<TypedArm>& arms) {
    const std::string& text = scanner.text();
    const std::size_t equals = text.find('='), colon = text.find(':');
    if (colon == std::string::npos || colon > equals) scanner.fail(0, "write the arms as EXPERIMENTAL:CONTROL=RATIO");
    std::string there;
    for (const TypedArm& arm : arms) there += (there.empty() ? "" : ", ") + arm.name;
    const auto is_arm = [&](const std::string& name) {
        return std::ranges::any_of(arms, [&](const TypedArm& arm) { return folded(arm.name) == folded(name); });
    };
    const std::string experimental = scanner.typed(0, colon);
    const bool first = !is_arm(experimental);
    std::size_t start = first ? 0 : colon + 1;
    while (start < equals && is_blank(text[start])) ++start;
    scanner.fail(start, "there is no arm \"" + (first ? experimental : scanner.typed(colon + 1, equals)) +
                            "\"; there is " + there);
}

// The arms that a hazard ratio compares; the scanner is before the ratio then.
Pair contrast_arms(TypedScanner& scanner, const std::vector<TypedArm>& arms) {
    if (const auto named = take_arm_names(scanner, arms)) return *named;
    const bool ratio = scanner.number_follows() || hazard_ratio_follows(scanner) || TypedScanner(scanner).take("(");
    if (!ratio && scanner.text().find('=') != std::string::npos) refuse_arm_names(scanner, arms);
    if (arms.size() < 2) scanner.fail(0, "a hazard ratio compares two arms; give --arm twice");
    return {arms[0].name, arms[1].name};
}

TypedPValue p_value_of_option(const std::string& text, const std::string& pointer, Spots& spots, Json& json) {
    TypedScanner scanner("--p", text);
    TypedPValue p = read_typed_p_value(scanner);
    scanner.refuse_rest();
    json = p_value_json(p, pointer, scanner, spots);
    return p;
}

bool same(const TypedPValue& left, const TypedPValue& right) {
    return left.relation == right.relation && left.value.value() == right.value.value();
}

Json::Array contrasts_json(const TypedTrial& typed, const std::vector<TypedArm>& arms, Spots& spots) {
    Json::Array contrasts;
    const std::size_t count = std::max<std::size_t>(typed.hazard_ratios.size(), typed.p_values.empty() ? 0 : 1);
    if (typed.p_values.size() > count)
        throw UsageError("there are more --p than --hr; give one p-value for each hazard ratio");
    for (std::size_t i = 0; i < count; ++i) {
        const std::string pointer = support::pointer_append(std::string("/trials/0/analyses/0/contrasts"), i);
        Json::Object contrast;
        TypedStatistic statistic;
        Json p_value;
        if (i < typed.hazard_ratios.size()) {
            TypedScanner scanner("--hr", typed.hazard_ratios[i]);
            const auto [experimental, control] = contrast_arms(scanner, arms);
            contrast = {{"experimental", experimental}, {"control", control}};
            spots[pointer] = scanner.spot(0);
            statistic = read_typed_hazard_ratio(scanner);
            if (statistic.value.percent)
                scanner.fail(statistic.value.offset, "a hazard ratio is a plain number such as 0.69");
            scanner.refuse_rest();
            contrast.emplace_back(
                "hazard_ratio",
                statistic_json(statistic, support::pointer_append(pointer, "hazard_ratio"), scanner, spots));
            if (statistic.p) p_value = p_value_json(*statistic.p, pointer + "/p_value", scanner, spots);
        } else {
            if (arms.size() < 2) throw UsageError("--p compares two arms; give --arm twice");
            contrast = {{"experimental", arms[0].name}, {"control", arms[1].name}};
        }
        if (i < typed.p_values.size()) {
            const TypedPValue p = p_value_of_option(typed.p_values[i], pointer + "/p_value", spots, p_value);
            if (statistic.p && !same(p, *statistic.p))
                throw UsageError(described(spots[pointer + "/p_value"], "the hazard ratio already has the p-value \"" +
                                                                            typed.hazard_ratios[i] +
                                                                            "\"; leave out one of the two"));
        }
        if (!p_value.is_null()) contrast.emplace_back("p_value", std::move(p_value));
        contrasts.emplace_back(std::move(contrast));
    }
    return contrasts;
}

// Of the arms that have none of their own.
Json::Object follow_up_json(const TypedTrial& typed, const std::vector<TypedArm>& arms, Spots& spots) {
    const auto has_own = [](const TypedArm& arm) {
        return std::ranges::any_of(arm.result, [](const Json::Member& one) { return one.first == "follow_up"; });
    };
    if (std::ranges::all_of(arms, has_own))
        throw UsageError("--follow-up " + typed.follow_up +
                         " is for arms without follow-up=, but all have it; leave out one of the two");
    TypedScanner scanner("--follow-up", typed.follow_up);
    scanner.skip_blanks();
    Json::Object follow_up = read_typed_follow_up(scanner, "/trials/0/analyses/0/follow_up", spots);
    scanner.refuse_rest();
    return follow_up;
}

// What goes into the document is written as JSON some day, and shown until then.
void require_utf8(const std::string& text) {
    if (!support::is_utf8(text)) throw UsageError("the text is not valid UTF-8; save the file as UTF-8");
}

// The faults of the reader, each at the number it refers to.
[[noreturn]] void refuse(const support::InputError& error, const Spots& spots) {
    constexpr std::size_t most_told = 20;
    std::string message;
    for (std::size_t i = 0; i < std::min(error.faults().size(), most_told); ++i) {
        const support::Fault& fault = error.faults()[i];
        std::string pointer = fault.pointer;
        while (!pointer.empty() && !spots.contains(pointer))
            pointer.resize(pointer.rfind('/') == std::string::npos ? 0 : pointer.rfind('/'));
        const std::string problem = fault.problem + (fault.remedy.empty() ? "" : "; " + fault.remedy);
        message +=
            (message.empty() ? "" : "\n") + (spots.contains(pointer) ? described(spots.at(pointer), problem) : problem);
    }
    throw UsageError(message);
}

}  // namespace

Trial trial_from_text(const TypedTrial& typed) {
    if (typed.arms.empty())
        throw UsageError("--arm is missing; give one for each arm, such as --arm \"name=A n=402 median=57.1[50,72]\"");
    Spots spots;
    std::vector<TypedArm> arms;
    for (const std::string& text : typed.arms) {
        TypedArm arm = read_typed_arm(text, arms.size(), spots);
        for (const TypedArm& other : arms) {
            if (folded(other.name) == folded(arm.name)) {
                throw UsageError(described(arm.name_spot, "two arms have the name \"" + arm.name + "\""));
            }
        }
        arms.push_back(std::move(arm));
    }
    spots["/trials/0/id"] = spot_of("--name", typed.name);
    spots["/trials/0/analyses/0/endpoint"] = spot_of("--endpoint", typed.endpoint);

    // Known endpoints may be typed in any case.
    std::string endpoint = typed.endpoint;
    const auto* const known =
        std::ranges::find_if(endpoint_names, [&](std::string_view name) { return folded(name) == folded(endpoint); });
    if (known != endpoint_names.end()) endpoint = *known;
    Json::Array contrasts = contrasts_json(typed, arms, spots);
    Json::Object follow_up;
    if (!typed.follow_up.empty()) follow_up = follow_up_json(typed, arms, spots);
    require_utf8(endpoint);
    require_utf8(typed.name);
    Json::Array trial_arms;
    Json::Object results;
    for (std::size_t i = 0; i < arms.size(); ++i) {
        arms[i].arm.emplace_back("role", arms.size() == 1 ? "single" : i == 0 ? "experimental" : "control");
        trial_arms.emplace_back(std::move(arms[i].arm));
        results.emplace_back(arms[i].name, std::move(arms[i].result));
    }
    Json::Object analysis{{"id", folded(endpoint)}, {"endpoint", endpoint}};
    if (!follow_up.empty()) analysis.emplace_back("follow_up", std::move(follow_up));
    analysis.emplace_back("arms", std::move(results));
    if (!contrasts.empty()) analysis.emplace_back("contrasts", std::move(contrasts));
    Json::Object trial{
        {"id", typed.name}, {"arms", std::move(trial_arms)}, {"analyses", Json::Array{std::move(analysis)}}};
    Json document(
        Json::Object{{"format", "hersurv-catalogue"}, {"version", 1}, {"trials", Json::Array{std::move(trial)}}});

    try {
        return read_parsed(std::move(document), "command line").trials.at(0);
    } catch (const support::InputError& error) {
        refuse(error, spots);
    }
}

}  // namespace hersurv::catalogue
