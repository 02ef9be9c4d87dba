// Reading arms, analyses, responses and measures. The keys that each object knows are in the first lines of its
// function.
#include "catalogue/read_analyses.hpp"

#include "catalogue/endpoints.hpp"
#include "catalogue/fields.hpp"
#include "catalogue/names.hpp"
#include "catalogue/read_statistics.hpp"
#include "catalogue/text.hpp"
#include "catalogue/typed_scanner.hpp"
#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

namespace hersurv::catalogue {
namespace {

using support::Json;

constexpr auto roles = word_list("experimental", "control", "single");
constexpr auto response_endpoints = word_list("ORR", "ORR-IC", "CBR");
constexpr auto assessors = word_list("BICR", "investigator");

void check_arm(const std::string& arm, const std::string& pointer, const TrialContext& context,
               const Reading& reading) {
    if (arm.empty() || !context.arms_known || context.trial.find_arm(arm)) return;
    std::vector<std::string> known;
    for (const Arm& each_arm : context.trial.arms) known.push_back(each_arm.id);
    reading.log.add(
        pointer, "the trial has no arm \"" + arm + "\"",
        did_you_mean(arm, known, known.empty() ? "add it to the trial's arms" : "its arms are " + alternatives(known)));
}

std::string read_arm_name(const Fields& fields, std::string_view key, const TrialContext& context, Presence presence,
                          const Reading& reading) {
    std::string arm = fields.identifier(key, presence);
    check_arm(arm, fields.pointer_of(key), context, reading);
    return arm;
}

ArmResult read_arm_result(const std::string& arm, const Json& json, const std::string& pointer,
                          const TrialContext& context, const Reading& reading) {
    static constexpr auto keys = word_list("n", "events", "median", "milestones", "follow_up", "at_risk");
    check_arm(arm, pointer, context, reading);
    const Fields fields(json, pointer, keys, reading.log);
    ArmResult result;
    result.arm = arm;
    result.pointer = pointer;
    result.n_patients = fields.integer("n", quantity::patients);
    result.events = read_plain(fields, "events", quantity::count, reading);
    result.median = read_median(fields, reading);
    result.milestones = read_milestones(fields, reading);
    result.follow_up = read_follow_up(fields, reading);
    result.at_risk = read_at_risk(fields, reading);
    return result;
}

// Not more patients than the arm has.
void check_at_risk(const ArmResult& result, const Reading& reading) {
    if (!result.at_risk || !result.n_patients) return;
    const int first = result.at_risk->numbers.front().n_patients;
    if (first <= *result.n_patients) return;
    reading.log.add(result.at_risk->from.pointer + "/patients/0",
                    std::to_string(first) + " patients at risk, but n is " + std::to_string(*result.n_patients),
                    "compare both with the source");
}

Contrast read_contrast(const Json& json, const std::string& pointer, const TrialContext& context,
                       const Reading& reading) {
    static constexpr auto keys = word_list("experimental", "control", "hazard_ratio", "p_value");
    const Fields fields(json, pointer, keys, reading.log);
    Contrast contrast;
    contrast.pointer = pointer;
    contrast.experimental = read_arm_name(fields, "experimental", context, Presence::required, reading);
    contrast.control = read_arm_name(fields, "control", context, Presence::required, reading);
    if (!contrast.experimental.empty() && contrast.experimental == contrast.control) {
        reading.log.add(pointer, "arm \"" + contrast.control + "\" is compared with itself", "name two different arms");
    }
    contrast.hazard_ratio = read_hazard_ratio(fields, reading);
    contrast.p_values = read_p_values(fields, reading);
    return contrast;
}

// Any name of a time to an event; those that are known have one spelling, so that OS is never another endpoint.
std::string read_endpoint(const Fields& fields) {
    std::string name = fields.text("endpoint", Presence::required);
    const Json* const found = fields.find("endpoint");
    if (found == nullptr || found->if_string() == nullptr) return name;
    const auto refuse = [&](const std::string& problem, const std::string& remedy) {
        fields.fault("endpoint", "\"" + name + "\" " + problem, remedy);
        return std::string();
    };
    const auto allowed = [](char letter) { return is_letter(letter) || is_digit(letter) || letter == '-'; };
    if (name.empty() || !is_letter(name.front()) || !std::ranges::all_of(name, allowed))
        return refuse("is not the name of an endpoint", "write letters, digits and hyphens, such as OS, PFS or iDFS");
    const auto same = [&](std::string_view other) { return folded(other) == folded(name); };
    if (std::ranges::any_of(response_endpoints, same))
        return refuse("is a rate, not a time to an event", "enter it among the responses of the trial");
    const auto* const known = std::ranges::find_if(endpoint_names, same);
    if (known != endpoint_names.end() && *known != name)
        return refuse("is written " + std::string(*known), "write " + std::string(*known));
    return name;
}

// YYYY, YYYY-MM or YYYY-MM-DD, and a day that exists.
void read_date(const Fields& fields, std::string& date) {
    date = fields.text("data_cutoff");
    if (date.empty() && !fields.find("data_cutoff")) return;
    if (fields.find("data_cutoff")->if_string() == nullptr) return;
    const std::string_view shape = "0000-00-00";
    bool valid = date.size() == 4 || date.size() == 7 || date.size() == 10;
    for (std::size_t i = 0; valid && i < date.size(); ++i) {
        valid = shape[i] == '-' ? date[i] == '-' : date[i] >= '0' && date[i] <= '9';
    }
    if (valid) {
        const auto part = [&](std::size_t from, std::size_t length) {
            return date.size() >= from + length ? std::stoi(date.substr(from, length)) : 1;
        };
        using namespace std::chrono;
        valid = year_month_day(year(part(0, 4)), month(static_cast<unsigned>(part(5, 2))),
                               day(static_cast<unsigned>(part(8, 2))))
                    .ok();
    }
    if (!valid) fields.fault("data_cutoff", "\"" + date + "\" is not a date", "write YYYY, YYYY-MM or YYYY-MM-DD");
}

// The work of a fit grows with the third power of both.
void check_size(const Analysis& analysis, const Fields& fields) {
    constexpr std::size_t most_arms = 40, most_milestones = 240;
    if (analysis.arms.size() > most_arms)
        fields.fault("arms", "the analysis has " + std::to_string(analysis.arms.size()) + " arms",
                     "give at most " + std::to_string(most_arms) + ", in several analyses if there are more");
    std::size_t milestones = 0;
    for (const ArmResult& arm : analysis.arms) milestones += arm.milestones.size();
    if (milestones > most_milestones)
        fields.fault("arms", "the analysis has " + std::to_string(milestones) + " milestones",
                     "give at most " + std::to_string(most_milestones) +
                         "; points of a digitised curve are for `hersurv patients reconstruct --curve`");
}

// The number of patients of an arm is that of its analyses only where these are of the whole arm: not of a subgroup,
// which names its population, and not of a duration of response, which is the responders'.
bool speaks_of_whole_arms(const Analysis& analysis) {
    return analysis.endpoint != "DOR" &&
           (analysis.population.empty() || glob_match("intention to treat*", analysis.population));
}

}  // namespace

Arm read_arm(const Json& json, const std::string& pointer, const Reading& reading) {
    static constexpr auto keys = word_list("id", "name", "role", "regimen", "n");
    const Fields fields(json, pointer, keys, reading.log);
    Arm arm;
    arm.id = fields.identifier("id", Presence::required);
    arm.name = fields.text("name");
    if (arm.name.empty()) arm.name = arm.id;
    arm.role = fields.choice("role", roles);
    arm.regimen = fields.text("regimen");
    arm.n_patients = fields.integer("n", quantity::patients);
    return arm;
}

Analysis read_analysis(const Json& json, const std::string& pointer, const TrialContext& context,
                       const Reading& reading) {
    static constexpr auto keys =
        word_list("id", "endpoint", "label", "population", "data_cutoff", "default", "follow_up", "assessed_by",
                  "assessment_interval_weeks", "crossover", "events", "arms", "contrasts", "measures");
    const Fields fields(json, pointer, keys, reading.log);
    Analysis analysis;
    analysis.pointer = pointer;
    analysis.id = fields.identifier("id", Presence::required);
    analysis.endpoint = read_endpoint(fields);
    analysis.label = fields.text("label");
    analysis.population = fields.text("population");
    read_date(fields, analysis.data_cutoff);
    analysis.is_default = fields.truth("default").value_or(false);
    analysis.assessed_by = fields.choice("assessed_by", assessors);
    analysis.assessment_interval_weeks = fields.number("assessment_interval_weeks", quantity::weeks);
    analysis.crossover = read_plain(fields, "crossover", quantity::probability, reading);
    analysis.events = read_plain(fields, "events", quantity::count, reading);
    const std::vector<FollowUp> follow_up = read_follow_up(fields, reading);
    if (const Json::Object* members = fields.object("arms", Presence::required)) {
        const std::string at = fields.pointer_of("arms");
        for (const auto& [arm, value] : *members) {
            ArmResult result = read_arm_result(arm, value, support::pointer_append(at, arm), context, reading);
            if (result.follow_up.empty()) result.follow_up = follow_up;
            if (!result.n_patients && speaks_of_whole_arms(analysis)) {
                if (const Arm* of_trial = context.trial.find_arm(arm)) result.n_patients = of_trial->n_patients;
            }
            check_at_risk(result, reading);
            analysis.arms.push_back(std::move(result));
        }
    }
    check_size(analysis, fields);
    const auto position = [&](const ArmResult& result) {
        const auto& arms = context.trial.arms;
        return std::find_if(arms.begin(), arms.end(), [&](const Arm& arm) { return arm.id == result.arm; }) -
               arms.begin();
    };
    std::stable_sort(analysis.arms.begin(), analysis.arms.end(),
                     [&](const ArmResult& a, const ArmResult& b) { return position(a) < position(b); });
    UniqueNames pairs("contrast", reading.log);
    for_each_element(fields.list("contrasts"), fields.pointer_of("contrasts"),
                     [&](const Json& value, const std::string& at) {
                         Contrast contrast = read_contrast(value, at, context, reading);
                         if (!contrast.experimental.empty() && !contrast.control.empty())
                             pairs.add(contrast.experimental + " v " + contrast.control, at);
                         analysis.contrasts.push_back(std::move(contrast));
                     });
    for_each_element(fields.list("measures"), fields.pointer_of("measures"),
                     [&](const Json& value, const std::string& at) {
                         analysis.measures.push_back(read_measure(value, at, context, reading));
                     });
    return analysis;
}

Response read_response(const Json& json, const std::string& pointer, const TrialContext& context,
                       const Reading& reading) {
    static constexpr auto keys =
        word_list("id", "endpoint", "population", "arm", "rate", "responders", "evaluable", "lower", "upper", "level",
                  "criterion", "assessed_by", "analysis", "source", "line", "decimals", "approximate", "note");
    const Fields fields(json, pointer, keys, reading.log);
    Response response;
    response.id = fields.identifier("id");
    response.endpoint = fields.choice("endpoint", response_endpoints, Presence::required);
    response.population = fields.text("population");
    response.arm = read_arm_name(fields, "arm", context, Presence::optional, reading);
    response.criterion = fields.text("criterion");
    response.assessed_by = fields.choice("assessed_by", assessors);
    response.analysis = fields.text("analysis");
    Statistic rate = read_statistic(fields, "rate", quantity::probability_or_word, reading);
    response.rate = rate.value;
    response.lower = rate.lower;
    response.upper = rate.upper;
    response.level = rate.level;
    response.from = std::move(rate.from);
    response.responders = fields.integer("responders", quantity::count);
    response.evaluable = fields.integer("evaluable", quantity::patients);
    return response;
}

Measure read_measure(const Json& json, const std::string& pointer, const TrialContext& context,
                     const Reading& reading) {
    static constexpr auto keys = word_list("id", "name", "value", "lower", "upper", "level", "unit", "time", "arm",
                                           "population", "approximate", "source", "line", "decimals", "note");
    const Fields fields(json, pointer, keys, reading.log);
    Measure measure;
    measure.id = fields.identifier("id");
    measure.name = fields.text("name", Presence::required);
    measure.unit = fields.text("unit", Presence::required);
    measure.arm = read_arm_name(fields, "arm", context, Presence::optional, reading);
    measure.population = fields.text("population");
    measure.time_months = fields.number("time", quantity::months);
    const bool is_count = measure.unit == "patients" || measure.unit == "events" || measure.unit == "studies";
    const bool is_time = measure.unit == "months" || measure.unit == "years";
    const Quantity& quantity = measure.unit == "proportion" ? quantity::probability_or_word
                               : is_count                   ? quantity::count
                               : is_time                    ? quantity::months
                                                            : quantity::any;
    Statistic statistic = read_statistic(fields, "value", quantity, reading);
    measure.value = statistic.value;
    measure.lower = statistic.lower;
    measure.upper = statistic.upper;
    measure.level = statistic.level;
    measure.from = std::move(statistic.from);
    return measure;
}

}  // namespace hersurv::catalogue
