// Typed numbers -> a catalogue document -> the reader: the same ranges, defaults and records as a file has, with faults
// told by the column of the text. The document is made here; what it may hold is decided by the reader alone.
#include "hersurv/catalogue.hpp"
#include "hersurv/error.hpp"

#include "catalogue/endpoints.hpp"
#include "catalogue/reader.hpp"
#include "catalogue/text.hpp"
#include "catalogue/typed_arm.hpp"
#include "catalogue/typed_scanner.hpp"
#include <algorithm>
#include <string_view>
#include <utility>

namespace hersurv::catalogue {
namespace {

using support::Json;
using support::UsageError;

// The arms that "B:A=" in front of a hazard ratio names; the scanner stands behind it then.
std::pair<std::string, std::string> contrast_arms(TypedScanner& scanner, const std::vector<TypedArm>& arms) {
    const std::size_t equals = scanner.text().rfind('=');
    if (equals == std::string::npos) {
        if (arms.size() < 2) scanner.fail(0, "a hazard ratio compares two arms; give --arm twice");
        return {arms[0].name, arms[1].name};
    }
    std::vector<std::string> names;
    for (const TypedArm& arm : arms) names.push_back(arm.name);
    const auto find = [&](std::size_t offset, std::size_t end) {
        std::size_t first = offset, last = end;
        while (first < last && is_blank(scanner.text()[first])) ++first;
        while (last > first && is_blank(scanner.text()[last - 1])) --last;
        const std::string wanted = scanner.text().substr(first, last - first);
        const auto found =
            std::ranges::find_if(names, [&](const std::string& name) { return folded(name) == folded(wanted); });
        if (found == names.end()) {
            std::string there;
            for (const std::string& name : names) there += (there.empty() ? "" : ", ") + name;
            scanner.fail(first, "there is no arm \"" + wanted + "\"; there is " + there);
        }
        return *found;
    };
    const std::size_t colon = scanner.text().find(':');
    if (colon == std::string::npos || colon > equals) scanner.fail(0, "write the arms as EXPERIMENTAL:CONTROL=RATIO");
    std::pair<std::string, std::string> pair{find(0, colon), find(colon + 1, equals)};
    scanner.move_to(equals + 1);
    return pair;
}

Json::Object p_value_json(const std::string& text, const std::string& pointer, Spots& spots) {
    TypedScanner scanner("--p", text);
    scanner.skip_blanks();
    scanner.take_any({"p", "P"});
    scanner.skip_blanks();
    std::string relation = "=";
    constexpr std::pair<std::string_view, std::string_view> spelt_relations[] = {
        {"<=", "<="}, {">=", ">="}, {"\xE2\x89\xA4", "<="}, {"\xE2\x89\xA5", ">="}, {"<", "<"}, {">", ">"}, {"=", "="}};
    for (const auto& [typed, canonical] : spelt_relations) {
        if (scanner.take(typed)) {
            relation = canonical;
            break;
        }
    }
    scanner.skip_blanks();
    const TypedNumber number = scanner.number();
    if (!number.word.empty() || number.percent) scanner.fail(number.offset, "a p-value is a number from 0 to 1");
    scanner.refuse_rest();
    spots[pointer] = scanner.spot(number.offset);
    Json::Object object{{"value", number.json()}};
    if (relation != "=") object.emplace_back("relation", relation);
    return object;
}

Json::Array contrasts_json(const TypedTrial& typed, const std::vector<TypedArm>& arms, Spots& spots) {
    Json::Array contrasts;
    const std::size_t count = std::max<std::size_t>(typed.hazard_ratios.size(), typed.p_values.empty() ? 0 : 1);
    if (typed.p_values.size() > count)
        throw UsageError("--p is given more often than --hr; give one p-value a hazard ratio");
    for (std::size_t i = 0; i < count; ++i) {
        const std::string pointer = support::pointer_append(std::string("/trials/0/analyses/0/contrasts"), i);
        Json::Object contrast;
        if (i < typed.hazard_ratios.size()) {
            TypedScanner scanner("--hr", typed.hazard_ratios[i]);
            const auto [experimental, control] = contrast_arms(scanner, arms);
            contrast = {{"experimental", experimental}, {"control", control}};
            spots[pointer] = scanner.spot(0);
            scanner.skip_blanks();
            const TypedStatistic statistic = scanner.statistic();
            if (statistic.value.percent)
                scanner.fail(statistic.value.offset, "a hazard ratio is a plain number such as 0.69");
            scanner.refuse_rest();
            contrast.emplace_back(
                "hazard_ratio",
                statistic_json(statistic, support::pointer_append(pointer, "hazard_ratio"), scanner, spots));
        } else {
            if (arms.size() < 2) throw UsageError("--p compares two arms; give --arm twice");
            contrast = {{"experimental", arms[0].name}, {"control", arms[1].name}};
        }
        if (i < typed.p_values.size()) {
            contrast.emplace_back("p_value",
                                  p_value_json(typed.p_values[i], support::pointer_append(pointer, "p_value"), spots));
        }
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
                         " is of arms without one of their own, and all have follow-up=; leave out one of the two");
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

// The faults of the reader, each at the number it speaks of.
[[noreturn]] void refuse(const support::InputError& error, const Spots& spots) {
    std::string message;
    for (const support::Fault& fault : error.faults()) {
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
                throw UsageError(
                    described({"--arm", text, arm.name_offset}, "there are two arms \"" + arm.name + "\""));
            }
        }
        arms.push_back(std::move(arm));
    }
    spots["/trials/0/id"] = {"--name", typed.name, 0};
    spots["/trials/0/analyses/0/endpoint"] = {"--endpoint", typed.endpoint, 0};

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
        require_utf8(arms[i].name);
        trial_arms.emplace_back(std::move(arms[i].arm));
        results.emplace_back(arms[i].name, std::move(arms[i].result));
    }
    Json::Object analysis{{"id", folded(endpoint)}, {"endpoint", endpoint}};
    if (!follow_up.empty()) analysis.emplace_back("follow_up", std::move(follow_up));
    analysis.emplace_back("arms", std::move(results));
    if (!contrasts.empty()) analysis.emplace_back("contrasts", std::move(contrasts));
    Json::Object trial{
        {"id", typed.name}, {"arms", std::move(trial_arms)}, {"analyses", Json::Array{std::move(analysis)}}};
    const Json document(
        Json::Object{{"format", "hersurv-catalogue"}, {"version", 1}, {"trials", Json::Array{std::move(trial)}}});

    try {
        return read_parsed(document, "command line").trials.at(0);
    } catch (const support::InputError& error) {
        refuse(error, spots);
    }
}

}  // namespace hersurv::catalogue
