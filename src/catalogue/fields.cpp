// Typed access to the members of a JSON object, with the wording of every fault of type and range.
#include "catalogue/fields.hpp"

#include "catalogue/text.hpp"
#include "support/number_text.hpp"
#include <algorithm>
#include <cmath>
#include <limits>

namespace hersurv::catalogue {

using support::Json;

namespace quantity {

// Counts are kept as int, so that they end where int ends.
constexpr double largest_count = std::numeric_limits<int>::max();

const Quantity months{.name = "a time in months",
                      .least = 0,
                      .greatest = greatest_months,
                      .words = true,
                      .least_positive = least_positive_months};
// The same times, to round numbers.
const Quantity time_in_years{.name = "a time in years",
                             .least = 0,
                             .greatest = 833,
                             .words = true,
                             .least_positive = 0.0001,
                             .unit = TimeUnit::years};
const Quantity time_in_weeks{.name = "a time in weeks",
                             .least = 0,
                             .greatest = 43000,
                             .words = true,
                             .least_positive = 0.005,
                             .unit = TimeUnit::weeks};
const Quantity time_in_days{.name = "a time in days",
                            .least = 0,
                            .greatest = 300000,
                            .words = true,
                            .least_positive = 0.04,
                            .unit = TimeUnit::days};
const Quantity weeks{.name = "a time in weeks",
                     .least = 0,
                     .above_least = true,
                     .greatest = greatest_months,
                     .least_positive = least_positive_months};
const Quantity probability{.name = "a probability", .least = 0, .greatest = 1, .least_decimals = 2};
const Quantity probability_or_word{
    .name = "a probability", .least = 0, .greatest = 1, .words = true, .least_decimals = 2};
const Quantity hazard_ratio{
    .name = "a hazard ratio", .least = 0, .above_least = true, .words = true, .least_decimals = 2};
const Quantity count{.name = "a count", .least = 0, .greatest = largest_count, .whole = true};
const Quantity patients{.name = "a number of patients", .least = 1, .greatest = largest_count, .whole = true};
const Quantity level{
    .name = "a confidence level", .least = 0, .above_least = true, .greatest = 1, .below_greatest = true};
const Quantity p_value{.name = "a p-value", .least = 0, .greatest = 1};
const Quantity line{.name = "a line number", .least = 1, .greatest = largest_count, .whole = true};
const Quantity year{.name = "a year", .least = 1000, .greatest = 9999, .whole = true};
const Quantity decimals{.name = "a number of decimals", .least = 0, .greatest = 15, .whole = true};
const Quantity any{.name = "a number", .least = -std::numeric_limits<double>::infinity(), .words = true};
const Quantity difference_of_probabilities{
    .name = "a difference of probabilities", .least = -1, .greatest = 1, .least_decimals = 2};

const Quantity& time_in(TimeUnit unit) {
    switch (unit) {
        case TimeUnit::years:
            return time_in_years;
        case TimeUnit::weeks:
            return time_in_weeks;
        case TimeUnit::days:
            return time_in_days;
        case TimeUnit::months:
            break;
    }
    return months;
}

}  // namespace quantity

bool check_number(double value, const Quantity& quantity, const std::string& pointer, FaultLog& log) {
    const std::string name(quantity.name);
    const std::string found = support::shortest(value) + " is not " + name;
    const bool low = quantity.above_least ? value <= quantity.least : value < quantity.least;
    const bool tiny = value > 0 && value < quantity.least_positive;
    const bool high =
        quantity.greatest && (quantity.below_greatest ? value >= *quantity.greatest : value > *quantity.greatest);
    if (tiny) {
        log.add(pointer, found,
                name + " above 0 is at least " + support::shortest(quantity.least_positive) + "; check its unit");
        return false;
    }
    if (low || high) {
        std::string remedy = name + " is ";
        if (quantity.greatest && *quantity.greatest < quantity::largest_count) {
            remedy += (quantity.above_least ? "above " : "") + support::shortest(quantity.least) +
                      (quantity.above_least || quantity.below_greatest ? " and below " : " to ") +
                      support::shortest(*quantity.greatest);
            if (*quantity.greatest == 1 && value > 1 && value <= 100) {
                remedy += "; write " + support::shortest(value) + "% as " +
                          support::shortest(support::with_point_moved(value, -2));
            }
            if (low && quantity.least_positive > 0) remedy += "; leave out what is not reported";
        } else if (high) {
            remedy += "at most " + support::shortest(*quantity.greatest);
        } else {
            remedy += (quantity.above_least ? "above " : "at least ") + support::shortest(quantity.least) +
                      "; leave out what is not reported";
        }
        log.add(pointer, found, remedy);
        return false;
    }
    if (quantity.whole && value != std::floor(value)) {
        log.add(pointer, found, "give a whole number");
        return false;
    }
    return true;
}

bool check_identifier(const std::string& text, const std::string& pointer, FaultLog& log) {
    if (text.empty()) {
        log.add(pointer, "the name is empty", "give it at least one character");
        return false;
    }
    constexpr std::size_t longest_name = 300, quoted = 40;  // bytes
    if (text.size() > longest_name) {
        std::string start = text.substr(0, quoted);
        while (support::is_continuation(text[start.size()])) start.pop_back();
        log.add(pointer, "the name \"" + start + "...\" is " + std::to_string(text.size()) + " bytes long",
                "shorten it to at most " + std::to_string(longest_name));
        return false;
    }
    const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
    if (text.front() == ' ' || text.back() == ' ' || std::any_of(text.begin(), text.end(), is_control)) {
        log.add(pointer, "the name \"" + text + "\" begins or ends with a space or contains a control character",
                "remove it");
        return false;
    }
    return true;
}

Fields::Fields(const Json& json, std::string pointer, std::span<const std::string_view> keys, FaultLog& log)
    : json_(json), pointer_(std::move(pointer)), log_(log), object_(json.if_object() != nullptr) {
    if (!object_) {
        log_.add(pointer_, "expected an object, got " + std::string(json.kind()),
                 "write {…} with the keys " + alternatives(to_strings(keys)));
        return;
    }
    for (const Json::Member& member : *json.if_object()) {
        if (std::find(keys.begin(), keys.end(), member.first) != keys.end()) continue;
        const std::vector<std::string> known = to_strings(keys);
        fault(member.first, "unknown key \"" + member.first + "\"",
              did_you_mean(member.first, known, "known keys: " + alternatives(known)));
    }
}

std::string Fields::pointer_of(std::string_view key) const { return support::pointer_append(pointer_, key); }

const Json* Fields::find(std::string_view key) const { return object_ ? json_.find(key) : nullptr; }

const Json* Fields::find(std::string_view key, Presence presence) const {
    const Json* found = find(key);
    if (object_ && !found && presence == Presence::required) {
        log_.add(pointer_, "\"" + std::string(key) + "\" is missing", "add it");
    }
    return found;
}

void Fields::fault(std::string_view key, std::string problem, std::string remedy) const {
    log_.add(pointer_of(key), std::move(problem), std::move(remedy));
}

void Fields::wrong_type(std::string_view key, const Json& found, std::string_view wanted) const {
    std::string remedy;
    if (found.is_null()) {
        remedy = "leave out the key if nothing is reported";
    } else if (const std::string* text = found.if_string(); text && wanted.starts_with("a number")) {
        const bool words = wanted.find("\"NR\"") != std::string_view::npos;
        const bool digits = !text->empty() && text->find_first_not_of("0123456789.-+eE ") == std::string::npos;
        remedy = digits  ? "write the number without quotes"
                 : words ? "write a number, \"NR\" if it was not reached or \"NE\" if it cannot be estimated; leave "
                           "out what is not reported"
                         : "write a number";
    } else {
        remedy = "write " + std::string(wanted);
    }
    fault(key, "expected " + std::string(wanted) + ", got " + std::string(found.kind()), remedy);
}

std::string Fields::text(std::string_view key, Presence presence) const {
    const Json* found = find(key, presence);
    if (!found) return "";
    if (const std::string* text = found->if_string()) {
        if (text->empty() && presence == Presence::required) fault(key, "the text is empty", "write it");
        return *text;
    }
    wrong_type(key, *found, "text");
    return "";
}

std::string Fields::identifier(std::string_view key, Presence presence) const {
    const Json* found = find(key, presence);
    if (!found) return "";
    if (const std::string* text = found->if_string()) {
        check_identifier(*text, pointer_of(key), log_);
        return *text;
    }
    wrong_type(key, *found, "text");
    return "";
}

std::string Fields::choice(std::string_view key, std::span<const std::string_view> choices, Presence presence) const {
    const Json* found = find(key, presence);
    if (!found) return "";
    const std::string* text = found->if_string();
    if (!text) {
        wrong_type(key, *found, "text");
        return "";
    }
    if (std::find(choices.begin(), choices.end(), *text) == choices.end()) {
        fault(key, "\"" + *text + "\" is not a valid " + std::string(key), "use " + alternatives(to_strings(choices)));
        return "";
    }
    return *text;
}

std::optional<bool> Fields::truth(std::string_view key) const {
    const Json* found = find(key);
    if (!found) return std::nullopt;
    if (const bool* value = found->if_bool()) return *value;
    wrong_type(key, *found, "true or false");
    return std::nullopt;
}

std::optional<double> Fields::number(std::string_view key, const Quantity& quantity, Presence presence) const {
    const Json* found = find(key, presence);
    if (!found) return std::nullopt;
    const double* value = found->if_number();
    if (!value) {
        wrong_type(key, *found, "a number");
        return std::nullopt;
    }
    if (!check_number(*value, quantity, pointer_of(key), log_)) return std::nullopt;
    return *value;
}

std::optional<int> Fields::integer(std::string_view key, const Quantity& quantity, Presence presence) const {
    const std::optional<double> value = number(key, quantity, presence);
    if (!value) return std::nullopt;
    return static_cast<int>(*value);
}

TimeUnit Fields::time_unit() const {
    static constexpr std::string_view units[] = {"months", "years", "weeks", "days"};
    return parse_time_unit(choice("unit", units)).value_or(TimeUnit::months);
}

std::optional<std::pair<double, double>> Fields::pair(std::string_view key, const Quantity& quantity) const {
    const Json* found = find(key);
    if (!found) return std::nullopt;
    const Json::Array* both = found->if_array();
    if (!both || both->size() != 2 || !(*both)[0].if_number() || !(*both)[1].if_number()) {
        wrong_type(key, *found, "a list of two numbers [low, high]");
        return std::nullopt;
    }
    const double low = *(*both)[0].if_number(), high = *(*both)[1].if_number();
    const bool valid_low = check_number(low, quantity, support::pointer_append(pointer_of(key), std::size_t{0}), log_);
    const bool valid_high =
        check_number(high, quantity, support::pointer_append(pointer_of(key), std::size_t{1}), log_);
    if (!valid_low || !valid_high) return std::nullopt;
    if (low > high) {
        fault(key, "the low end " + support::shortest(low) + " is above the high end " + support::shortest(high),
              "write [low, high]");
        return std::nullopt;
    }
    const auto in_months = [&](double time) { return to_months(time, quantity.unit, support::decimals_of(time)); };
    return std::pair{in_months(low), in_months(high)};
}

const Json::Array* Fields::list(std::string_view key, Presence presence) const {
    const Json* found = find(key, presence);
    if (!found) return nullptr;
    const Json::Array* array = found->if_array();
    if (!array) wrong_type(key, *found, "a list");
    return array;
}

const Json::Object* Fields::object(std::string_view key, Presence presence) const {
    const Json* found = find(key, presence);
    if (!found) return nullptr;
    const Json::Object* members = found->if_object();
    if (!members) wrong_type(key, *found, "an object");
    return members;
}

}  // namespace hersurv::catalogue
