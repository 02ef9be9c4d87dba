// Units of time, numbers as text, and looking up records by id.
#include "hersurv/records.hpp"

#include "support/number_text.hpp"
#include <algorithm>
#include <cmath>

namespace hersurv::catalogue {
namespace {

struct NamedUnit {
    TimeUnit unit;
    std::string_view name;
};
constexpr NamedUnit named_units[] = {
    {TimeUnit::months, "months"}, {TimeUnit::years, "years"}, {TimeUnit::weeks, "weeks"}, {TimeUnit::days, "days"}};

std::string with_unit(const std::string& number, TimeUnit unit) {
    std::string_view name = to_string(unit);
    if (number == "1") name.remove_suffix(1);
    return number + " " + std::string(name);
}

}  // namespace

std::string_view to_string(TimeUnit unit) { return std::ranges::find(named_units, unit, &NamedUnit::unit)->name; }

std::optional<TimeUnit> parse_time_unit(std::string_view text) {
    const auto* const found = std::ranges::find(named_units, text, &NamedUnit::name);
    if (found == std::end(named_units)) return std::nullopt;
    return found->unit;
}

double to_months(double time, TimeUnit unit, int decimals) {
    if (unit == TimeUnit::months) return time;
    // 12.7 * 12 is 152.39999999999998. Six decimals more than the published ones are a rounding that nobody can see.
    constexpr int further_decimals = 6;
    const double grid = std::pow(10.0, decimals + further_decimals), months = time * months_in(unit);
    return std::abs(months) * grid < 1e15 ? std::round(months * grid) / grid : months;
}

std::string_view relation_sign(Relation relation) {
    switch (relation) {
        case Relation::less:
            return "<";
        case Relation::less_equal:
            return "<=";
        case Relation::greater:
            return ">";
        case Relation::greater_equal:
            return ">=";
        case Relation::equal:
            break;
    }
    return "=";
}

std::string printed_text(const PrintedNumber& number) {
    switch (number.kind) {
        case PrintedNumber::Kind::not_reached:
            return "NR";
        case PrintedNumber::Kind::not_estimable:
            return "NE";
        case PrintedNumber::Kind::number:
            break;
    }
    const std::string text = support::fixed(number.printed_value(), number.decimals);
    return number.unit == TimeUnit::months ? text : with_unit(text, number.unit);
}

std::string printed_time_text(const PrintedNumber& number) {
    const std::string text = printed_text(number);
    return number.is_number() && number.unit == TimeUnit::months ? with_unit(text, number.unit) : text;
}

namespace {

template <class Record>
const Record* find_id(const std::vector<Record>& records, const std::string& id) {
    for (const Record& record : records) {
        if (record.id == id) return &record;
    }
    return nullptr;
}

}  // namespace

const Arm* Trial::find_arm(const std::string& arm_id) const { return find_id(arms, arm_id); }

std::string arm_label(const Trial& trial, const std::string& arm_id) {
    const Arm* const arm = trial.find_arm(arm_id);
    if (arm == nullptr) return arm_id;
    const auto same = std::ranges::count(trial.arms, arm->regimen, &Arm::regimen);
    if (!arm->regimen.empty() && same == 1) return arm->regimen;
    return arm->name.empty() ? arm_id : arm->name;
}

const Analysis* Trial::find_analysis(const std::string& analysis_id) const { return find_id(analyses, analysis_id); }

const Trial* Catalogue::find_trial(const std::string& trial_id) const { return find_id(trials, trial_id); }

}  // namespace hersurv::catalogue
