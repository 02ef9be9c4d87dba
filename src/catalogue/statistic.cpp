// THE table of statistics, and their names as text.
#include "hersurv/records.hpp"

#include "support/number_text.hpp"
#include <algorithm>
#include <charconv>
#include <cmath>
#include <system_error>

namespace hersurv::catalogue {
namespace {

using Kind = StatisticKey::Kind;
using Side = StatisticKey::Side;
using Unit = StatisticKey::Unit;

struct NamedKind {
    std::string_view name;  // of a milestone the part before its time
    Kind kind;
    bool has_limits;
    Unit unit;
};
constexpr NamedKind named_kinds[] = {
    {"n", Kind::n_patients, false, Unit::count},         {"events", Kind::events, false, Unit::count},
    {"median", Kind::median, true, Unit::months},        {"milestone_", Kind::milestone, true, Unit::probability},
    {"follow_up", Kind::follow_up, false, Unit::months}, {"hazard_ratio", Kind::hazard_ratio, true, Unit::ratio},
    {"p_value", Kind::p_value, false, Unit::p_value},    {"crossover", Kind::crossover, false, Unit::probability},
};

const NamedKind& row_of(Kind kind) {
    return *std::ranges::find(named_kinds, kind, &NamedKind::kind);  // every kind has its row
}

struct NamedSide {
    Side side;
    std::string_view suffix;
};
constexpr NamedSide named_limits[] = {{Side::lower, "_lower"}, {Side::upper, "_upper"}};

std::optional<double> time_from(std::string_view text) {
    double time = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), time, std::chars_format::fixed);
    if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    if (!std::isfinite(time) || time < 0) return std::nullopt;
    return time;
}

}  // namespace

StatisticKey::Unit StatisticKey::unit() const { return row_of(kind).unit; }

std::string to_string(const StatisticKey& key) {
    std::string text(row_of(key.kind).name);
    if (key.kind == Kind::milestone) text += support::shortest(key.time_months);
    for (const NamedSide& limit : named_limits)
        if (limit.side == key.side) text += limit.suffix;
    return text;
}

std::optional<StatisticKey> parse_statistic(std::string_view text) {
    StatisticKey key;
    for (const NamedSide& limit : named_limits) {
        if (!text.ends_with(limit.suffix)) continue;
        key.side = limit.side;
        text.remove_suffix(limit.suffix.size());
        break;
    }
    for (const NamedKind& row : named_kinds) {
        if (key.side != Side::value && !row.has_limits) continue;
        key.kind = row.kind;
        if (row.kind != Kind::milestone) {
            if (text == row.name) return key;
            continue;
        }
        if (!text.starts_with(row.name)) continue;
        const auto time = time_from(text.substr(row.name.size()));
        if (!time) return std::nullopt;
        key.time_months = *time;
        return key;
    }
    return std::nullopt;
}

NamedStatistic::NamedStatistic(std::string_view text) : key(parse_statistic(text)) {
    if (!key) other = text;
}

std::string to_string(const NamedStatistic& statistic) {
    return statistic.key ? to_string(*statistic.key) : statistic.other;
}

}  // namespace hersurv::catalogue
