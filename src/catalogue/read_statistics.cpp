// Reading published numbers: a number, its limits and where it is.
#include "catalogue/read_statistics.hpp"

#include "catalogue/text.hpp"
#include "support/number_text.hpp"
#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <utility>

namespace hersurv::catalogue {
namespace {

using support::Json;

constexpr auto limits_transforms = word_list("log-log", "log", "linear");
constexpr auto relations = word_list("=", "<", "<=", ">", ">=");

// A statistic is one object, or a list of such objects where several sources report it.
template <class Record, class ReadOne>
std::vector<Record> one_or_list(const Fields& parent, std::string_view key, const Reading& reading, ReadOne read_one) {
    std::vector<Record> records;
    const Json* found = parent.find(key);
    if (!found) return records;
    const std::string pointer = parent.pointer_of(key);
    if (const Json::Array* list = found->if_array()) {
        if (list->empty()) reading.log.add(pointer, "the list is empty", "leave out the key if nothing is reported");
        for_each_element(list, pointer,
                         [&](const Json& json, const std::string& at) { records.push_back(read_one(json, at)); });
    } else if (found->if_object()) {
        records.push_back(read_one(*found, pointer));
    } else {
        reading.log.add(pointer, "expected a statistic, got " + std::string(found->kind()),
                        found->if_number()
                            ? "write {\"value\": " + support::shortest(*found->if_number()) + "}"
                            : "write an object, or a list of objects; leave out the key if nothing is reported");
    }
    return records;
}

// The number of an object without limits.
PrintedNumber read_number(const Fields& fields, std::string_view key, const Quantity& quantity) {
    const std::optional<int> decimals = fields.integer("decimals", quantity::decimals);
    return read_printed(fields, key, quantity, decimals, Presence::required).value_or(PrintedNumber{});
}

LimitsTransform read_limits(const Fields& fields) {
    const std::string text = fields.choice("limits", limits_transforms);
    if (text == "log") return LimitsTransform::log;
    if (text == "linear") return LimitsTransform::linear;
    return LimitsTransform::log_log;
}

}  // namespace

Relation relation_of(std::string_view text) {
    if (text == "<") return Relation::less;
    if (text == "<=") return Relation::less_equal;
    if (text == ">") return Relation::greater;
    if (text == ">=") return Relation::greater_equal;
    return Relation::equal;
}

std::optional<PrintedNumber> read_printed(const Fields& fields, std::string_view key, const Quantity& quantity,
                                          std::optional<int> decimals, Presence presence) {
    const Json* found = fields.find(key, presence);
    if (!found) return std::nullopt;
    if (const std::string* word = found->if_string(); word && quantity.words) {
        if (*word == "NR") return PrintedNumber{PrintedNumber::Kind::not_reached, 0, 0};
        if (*word == "NE") return PrintedNumber{PrintedNumber::Kind::not_estimable, 0, 0};
    }
    const double* value = found->if_number();
    if (!value) {
        fields.wrong_type(key, *found, quantity.words ? "a number, \"NR\" or \"NE\"" : "a number");
        return PrintedNumber{};  // is in its place, so that what points here does not become a second fault
    }
    if (!check_number(*value, quantity, fields.pointer_of(key), fields.log())) return PrintedNumber{};
    // A count of 168.0 is a count of 168, which nobody rounded.
    const int needed = support::decimals_of(*value);
    PrintedNumber number{PrintedNumber::Kind::number, *value, quantity.whole ? 0 : std::max(needed, found->decimals())};
    if (!decimals) {
        number.decimals = std::max(number.decimals, quantity.least_decimals);
    } else if (*decimals < needed) {
        fields.fault("decimals",
                     "fewer decimals (" + std::to_string(*decimals) + ") than \"" + std::string(key) +
                         "\" has: " + support::shortest(*value),
                     "count the decimals of the number as written here (0.524 has 3)");
    } else {
        number.decimals = *decimals;
    }
    number.unit = quantity.unit;
    number.value = to_months(*value, number.unit, number.decimals);
    return number;
}

Provenance read_provenance(const Fields& fields, bool is_number, const Reading& reading) {
    Provenance from;
    from.pointer = fields.pointer();
    from.source = fields.identifier("source");
    from.line = fields.integer("line", quantity::line);
    from.note = is_number ? fields.text("note") : "";
    from.approximate = is_number && fields.truth("approximate").value_or(false);
    if (!from.source.empty() && !reading.sources.contains(from.source)) {
        std::vector<std::string> known;
        for (const auto& [key, source] : reading.sources) known.push_back(key);
        fields.fault("source", "the source \"" + from.source + "\" is not in \"sources\"",
                     did_you_mean(from.source, known, "add it to the document's sources"));
    } else if (is_number && !reading.sources.empty() && fields.is_object() && !fields.find("source")) {
        reading.log.add(fields.pointer(), "\"source\" is missing",
                        "name one of the document's sources; every value needs one");
    }
    return from;
}

Statistic read_statistic(const Fields& fields, std::string_view value_key, const Quantity& quantity,
                         const Reading& reading) {
    Statistic statistic;
    const std::optional<int> decimals = fields.integer("decimals", quantity::decimals);
    statistic.value = read_printed(fields, value_key, quantity, decimals, Presence::required).value_or(PrintedNumber{});
    statistic.lower = read_printed(fields, "lower", quantity, decimals);
    statistic.upper = read_printed(fields, "upper", quantity, decimals);
    statistic.level = fields.number("level", quantity::level).value_or(statistic.level);
    statistic.from = read_provenance(fields, true, reading);
    return statistic;
}

Statistics read_median(const Fields& parent, const Reading& reading) {
    static constexpr auto keys = word_list("value", "lower", "upper", "level", "limits", "unit", "source", "line",
                                           "decimals", "note", "approximate");
    return one_or_list<Statistic>(parent, "median", reading, [&](const Json& json, const std::string& pointer) {
        const Fields fields(json, pointer, keys, reading.log);
        Statistic statistic = read_statistic(fields, "value", quantity::time_in(fields.time_unit()), reading);
        statistic.limits = read_limits(fields);
        return statistic;
    });
}

Statistics read_plain(const Fields& parent, std::string_view key, const Quantity& quantity, const Reading& reading) {
    static constexpr auto keys =
        word_list("value", "lower", "upper", "level", "source", "line", "decimals", "note", "approximate");
    return one_or_list<Statistic>(parent, key, reading, [&](const Json& json, const std::string& pointer) {
        return read_statistic(Fields(json, pointer, keys, reading.log), "value", quantity, reading);
    });
}

Statistics read_hazard_ratio(const Fields& parent, const Reading& reading) {
    static constexpr auto keys = word_list("value", "lower", "upper", "level", "stratified", "adjusted", "source",
                                           "line", "decimals", "note", "approximate");
    return one_or_list<Statistic>(parent, "hazard_ratio", reading, [&](const Json& json, const std::string& pointer) {
        const Fields fields(json, pointer, keys, reading.log);
        Statistic statistic = read_statistic(fields, "value", quantity::hazard_ratio, reading);
        statistic.stratified = fields.truth("stratified");
        statistic.adjusted = fields.truth("adjusted");
        return statistic;
    });
}

std::vector<PValue> read_p_values(const Fields& parent, const Reading& reading) {
    static constexpr auto keys =
        word_list("value", "relation", "test", "source", "line", "decimals", "note", "approximate");
    return one_or_list<PValue>(parent, "p_value", reading, [&](const Json& json, const std::string& pointer) {
        const Fields fields(json, pointer, keys, reading.log);
        PValue p;
        p.value = read_number(fields, "value", quantity::p_value);
        p.relation = relation_of(fields.choice("relation", relations));
        p.test = fields.text("test");
        p.from = read_provenance(fields, true, reading);
        return p;
    });
}

std::vector<FollowUp> read_follow_up(const Fields& parent, const Reading& reading) {
    static constexpr auto keys =
        word_list("median", "kind", "range", "quartiles", "unit", "source", "line", "decimals", "note", "approximate");
    static constexpr auto kinds = word_list("reverse-kaplan-meier", "observed");
    return one_or_list<FollowUp>(parent, "follow_up", reading, [&](const Json& json, const std::string& pointer) {
        const Fields fields(json, pointer, keys, reading.log);
        FollowUp follow_up;
        const Quantity& time = quantity::time_in(fields.time_unit());
        follow_up.median_months = read_number(fields, "median", time);
        const std::string kind = fields.choice("kind", kinds);
        if (kind == kinds[0]) follow_up.kind = FollowUp::Kind::reverse_kaplan_meier;
        if (kind == kinds[1]) follow_up.kind = FollowUp::Kind::observed;
        follow_up.range_months = fields.pair("range", time);
        follow_up.quartiles_months = fields.pair("quartiles", time);
        follow_up.from = read_provenance(fields, true, reading);
        return follow_up;
    });
}

namespace {

// The lists "times" and "patients" of the same length; false if one of them has a fault.
bool read_lists(const Fields& fields, std::vector<NumbersAtRisk::Entry>& numbers) {
    const Json::Array* times = fields.list("times", Presence::required);
    const Json::Array* patients = fields.list("patients", Presence::required);
    if (times == nullptr || patients == nullptr) return false;
    if (times->empty() || times->size() != patients->size()) {
        fields.fault(
            "patients",
            std::to_string(times->size()) + " times, but " + std::to_string(patients->size()) + " numbers of patients",
            "give one number for each time");
        return false;
    }
    const Quantity& time = quantity::time_in(fields.time_unit());
    const auto read = [&](const char* key, const Json& json, std::size_t i, const Quantity& quantity, double& value) {
        const std::string pointer = support::pointer_append(fields.pointer_of(key), i);
        const double* number = json.if_number();
        if (number == nullptr) {
            fields.log().add(pointer, "expected a number, got " + std::string(json.kind()), "write a number");
            return false;
        }
        value = *number;
        return check_number(value, quantity, pointer, fields.log());
    };
    bool valid = true;
    for (std::size_t i = 0; i < times->size(); ++i) {
        double at = 0, n = 0;
        const bool time_valid = read("times", (*times)[i], i, time, at),
                   number_valid = read("patients", (*patients)[i], i, quantity::count, n);
        valid = valid && time_valid && number_valid;
        if (valid) numbers.push_back({to_months(at, time.unit, support::decimals_of(at)), static_cast<int>(n)});
    }
    return valid;
}

}  // namespace

std::optional<NumbersAtRisk> read_at_risk(const Fields& parent, const Reading& reading) {
    static constexpr auto keys = word_list("times", "patients", "unit", "source", "line", "note", "approximate");
    const Json* found = parent.find("at_risk");
    if (found == nullptr) return std::nullopt;
    const Fields fields(*found, parent.pointer_of("at_risk"), keys, reading.log);
    NumbersAtRisk at_risk;
    at_risk.from = read_provenance(fields, true, reading);
    if (!fields.is_object() || !read_lists(fields, at_risk.numbers)) return std::nullopt;
    for (std::size_t i = 1; i < at_risk.numbers.size(); ++i) {
        const auto &before = at_risk.numbers[i - 1], &now = at_risk.numbers[i];
        if (now.time_months <= before.time_months)
            reading.log.add(support::pointer_append(fields.pointer_of("times"), i),
                            "the time is not later than the one before",
                            "give the times in increasing order, each once");
        if (now.n_patients > before.n_patients)
            reading.log.add(
                support::pointer_append(fields.pointer_of("patients"), i),
                std::to_string(now.n_patients) + " patients are at risk after " + std::to_string(before.n_patients),
                "numbers at risk cannot increase; compare them with the figure");
    }
    return at_risk;
}

namespace {

// The time of a milestone, which names it: in months, to a thousandth where it is given in another unit (24 weeks are
// 5.52 months, S(5.52)).
std::optional<double> read_time(const Fields& fields) {
    const TimeUnit unit = fields.time_unit();
    const std::optional<double> time = fields.number("time", quantity::time_in(unit), Presence::required);
    if (!time || unit == TimeUnit::months) return time;
    constexpr double per_month = 1 / least_positive_months;
    return std::round(*time * months_in(unit) * per_month) / per_month;
}

}  // namespace

// Entries of the same time are the same statistic from several sources.
std::vector<Milestone> read_milestones(const Fields& parent, const Reading& reading) {
    static constexpr auto keys = word_list("time", "unit", "survival", "lower", "upper", "level", "limits", "source",
                                           "line", "decimals", "note", "approximate");
    std::vector<Milestone> milestones;
    for_each_element(
        parent.list("milestones"), parent.pointer_of("milestones"), [&](const Json& json, const std::string& pointer) {
            const Fields fields(json, pointer, keys, reading.log);
            const std::optional<double> time = read_time(fields);
            Statistic survival = read_statistic(fields, "survival", quantity::probability_or_word, reading);
            survival.limits = read_limits(fields);
            if (!time) return;
            const auto same = std::find_if(milestones.begin(), milestones.end(),
                                           [&](const Milestone& m) { return m.time_months == *time; });
            if (same != milestones.end()) {
                same->survival.push_back(std::move(survival));
            } else {
                milestones.push_back(Milestone{*time, {std::move(survival)}});
            }
        });
    std::stable_sort(milestones.begin(), milestones.end(),
                     [](const Milestone& a, const Milestone& b) { return a.time_months < b.time_months; });
    return milestones;
}

}  // namespace hersurv::catalogue
