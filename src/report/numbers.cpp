// Cells from published and estimated numbers.
#include "report/numbers.hpp"

#include "support/number_text.hpp"
#include <algorithm>
#include <cmath>

namespace hersurv::report {

using catalogue::PrintedNumber;

Number cell(const PrintedNumber& printed, bool percent) {
    switch (printed.kind) {
        case PrintedNumber::Kind::not_reached:
            return Number::missing(Status::not_reached);
        case PrintedNumber::Kind::not_estimable:
            return Number::missing(Status::not_estimable);
        case PrintedNumber::Kind::number:
            break;
    }
    Number number =
        Number::reported(printed.value, percent ? std::max(0, printed.decimals - 2) : printed.shown_decimals());
    number.percent = percent;
    if (printed.unit != catalogue::TimeUnit::months) number.as_printed = printed_text(printed);
    return number;
}

Number cell(const std::optional<PrintedNumber>& printed, bool percent) {
    return printed ? cell(*printed, percent) : missing();
}

std::string text_in_other_unit(const catalogue::Statistic& statistic) {
    const auto parts = {std::optional(statistic.value), statistic.lower, statistic.upper};
    const auto other =
        std::ranges::find_if(parts, [](const auto& p) { return p && p->unit != catalogue::TimeUnit::months; });
    if (other == parts.end()) return "";
    const auto part = [](const std::optional<PrintedNumber>& number) {
        if (!number) return std::string("-");
        return number->is_number() ? support::fixed(number->printed_value(), number->decimals) : printed_text(*number);
    };
    if (!statistic.lower && !statistic.upper) return printed_text(statistic.value);
    return part(statistic.value) + " (" + part(statistic.lower) + " to " + part(statistic.upper) + ") " +
           std::string(to_string((*other)->unit));
}

Interval interval_cell(const catalogue::Statistic& statistic, bool percent) {
    Interval interval{cell(statistic.value, percent), std::nullopt, std::nullopt};
    if (statistic.lower) interval.lower = cell(*statistic.lower, percent);
    if (statistic.upper) interval.upper = cell(*statistic.upper, percent);
    interval.value.as_printed = text_in_other_unit(statistic);
    return interval;
}

Number cell(const fit::Estimate& estimate, int decimals, bool percent) {
    if (!std::isfinite(estimate.value)) return Number::missing(Status::not_estimable);
    Number number = Number::derived(estimate.value, decimals);
    number.percent = percent;
    number.extrapolated = estimate.extrapolated;
    number.borrowed = estimate.borrowed;
    return number;
}

Number limit_cell(const std::optional<double>& limit, int decimals, bool percent) {
    if (!limit || !std::isfinite(*limit)) return Number::missing(Status::not_estimable);
    Number number = Number::derived(*limit, decimals);
    number.percent = percent;
    return number;
}

Interval interval_cell(const fit::Estimate& estimate, int decimals, bool percent) {
    Interval interval{cell(estimate, decimals, percent), std::nullopt, std::nullopt};
    if (estimate.lower) interval.lower = limit_cell(estimate.lower, decimals, percent);
    if (estimate.upper) interval.upper = limit_cell(estimate.upper, decimals, percent);
    return interval;
}

Interval interval_cell(const BandedEstimate& estimate, int decimals, bool percent) {
    fit::Estimate shown = estimate;
    if (estimate.instead) {
        shown.lower = estimate.instead->lower;
        shown.upper = estimate.instead->upper;
    }
    Interval interval = interval_cell(shown, decimals, percent);
    interval.value.weak = estimate.weak;
    interval.other_kind = estimate.instead.has_value();
    return interval;
}

void add_band_members(support::Json::Object& object, const BandedEstimate& estimate) {
    using support::Json;
    const auto add = [&object](const char* name, const std::optional<double>& limit) {
        object.emplace_back(name, limit && std::isfinite(*limit) ? Json(*limit) : Json());
    };
    add("reconstruction_lower", estimate.reconstruction.lower);
    add("reconstruction_upper", estimate.reconstruction.upper);
    add("population_lower", estimate.population.lower);
    add("population_upper", estimate.population.upper);
    object.emplace_back("interval_supposes", estimate.supposes.empty() ? Json() : Json(std::string(estimate.supposes)));
}

std::string limits_status(const fit::Estimate& estimate) {
    const auto known = [](const std::optional<double>& limit) { return limit && std::isfinite(*limit); };
    return std::string(word(known(estimate.lower) && known(estimate.upper) ? Status::derived : Status::not_estimable));
}

Number missing() { return Number::missing(Status::not_reported); }

std::string status_word(const Number& number) { return std::string(word(number.status)); }

std::string percent_text(double level) {
    // 0.95 * 100 is 95.00000000000001 in doubles: the decimals of the level itself say how many are meant.
    return support::fixed(100 * level, std::max(0, support::decimals_of(level) - 2)) + "%";
}

std::string p_value_text(const catalogue::PrintedNumber& value) {
    constexpr double least_in_full = 1e-4;
    if (!value.is_number() || value.value <= 0 || value.value >= least_in_full) return printed_text(value);
    const int exponent = static_cast<int>(std::floor(std::log10(value.value) + 1e-9));
    const int decimals = std::max(0, value.decimals + exponent);
    return support::fixed(value.value * std::pow(10.0, -exponent), decimals) + "e" + std::to_string(exponent);
}

std::string p_value_text(const catalogue::PValue& p_value) {
    const bool equal = p_value.relation == catalogue::Relation::equal;
    return (equal ? "" : std::string(relation_sign(p_value.relation))) + p_value_text(p_value.value);
}

std::string statistic_title(const catalogue::StatisticKey& statistic) {
    using Kind = catalogue::StatisticKey::Kind;
    using Side = catalogue::StatisticKey::Side;
    if (statistic.is(Kind::median)) return "median, months";
    if (statistic.is_limit_of(Kind::median))
        return std::string(statistic.side == Side::lower ? "lower" : "upper") + " limit of the median";
    if (statistic.is(Kind::hazard_ratio)) return "hazard ratio";
    if (statistic.is(Kind::p_value)) return "p-value";
    if (statistic.is(Kind::milestone)) return "S(" + support::shortest(statistic.time_months) + " months), %";
    return to_string(statistic);
}

}  // namespace hersurv::report
