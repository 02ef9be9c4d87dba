// Tables with one row a time.
#include "report/curve_wide.hpp"

#include "report/family_range.hpp"
#include "report/numbers.hpp"
#include "support/number_text.hpp"
#include "support/words.hpp"
#include <algorithm>
#include <array>
#include <set>

namespace hersurv::report {
namespace {

// One time of all curves. A curve may have fewer of them.
struct TimeRow {
    std::size_t index;
    double time;
};

std::string time_title(catalogue::TimeUnit unit) {
    std::string title(to_string(unit));
    title[0] = static_cast<char>(title[0] - 'a' + 'A');
    return title;
}

// "15.2-31.0", of the families beyond the supported range; nothing within it.
Cell range_cell(const CurveSeries& series, const TimeRow& row) {
    if (row.index >= series.points.size() || !series.points[row.index].families) return {};
    const auto& [lowest, highest] = *series.points[row.index].families;
    const double factor = series.percent ? 100 : 1;
    return support::fixed(factor * lowest, series.decimals) + "\xe2\x80\x93" +
           support::fixed(factor * highest, series.decimals);
}

// A column with the interval, or columns for the value and each limit.
Columns<TimeRow> columns_of_values(const CurveSeries& series, const CurveReportOptions& options) {
    const auto band = series.without_interval() ? fit::Band::reconstruction : options.interval.band;
    const std::string head = series.head + " (" + interval_name(band, options.interval.level) + ")";
    const CurveSeries* const all = &series;
    const auto interval = [all](const TimeRow& row) -> std::optional<Interval> {
        if (row.index >= all->points.size()) return std::nullopt;
        const auto& estimate = all->points[row.index].estimate;
        if (!estimate) return Interval{Number::missing(Status::not_estimable), std::nullopt, std::nullopt};
        // At month 0 everybody is alive: nothing is uncertain.
        if (row.time == 0) return Interval{cell(*estimate, all->decimals, all->percent), std::nullopt, std::nullopt};
        Interval shown = interval_cell(*estimate, all->decimals, all->percent);
        shown.other_kind = false;  // the heading names it
        return shown;
    };
    if (!options.wide || options.quantity == CurveQuantity::state)  // states would not fit on a page
    {
        Columns<TimeRow> columns = {human(head, true, series.subject()), [interval](const TimeRow& row) {
                                        const auto shown = interval(row);
                                        return shown ? Cell(*shown) : Cell();
                                    }};
        if (has_family_range(series))
            columns.append({human("Families", true, series.subject()),
                            [all](const TimeRow& row) { return range_cell(*all, row); }});
        return columns;
    }
    const auto limit = [interval](std::optional<Number> Interval::*which) {
        return [interval, which](const TimeRow& row) {
            const auto shown = interval(row);
            if (row.time == 0) return Cell();
            return shown ? Cell((*shown.*which).value_or(Number::missing(Status::not_estimable))) : Cell();
        };
    };
    const std::string group = series.subject(), kind = band == fit::Band::population ? "CI" : "band";
    return {{human(series.head, true, group),
             [interval](const TimeRow& row) {
                 const auto shown = interval(row);
                 return shown ? Cell(shown->value) : Cell();
             }},
            {human(kind + " lower", true, group), limit(&Interval::lower)},
            {human(kind + " upper", true, group), limit(&Interval::upper)}};
}

// Curves of several trials, analyses or models are distinguished by these.
class Keys {
  public:
    explicit Keys(const std::list<std::vector<CurveSeries>>& all) {
        for (const auto& one : all)
            for (const CurveSeries& series : one) {
                trials_.insert(series.of.fit->evidence->trial);
                analyses_.insert(series.of.fit->analysis);
                models_.insert(series.of.model_name());
            }
    }

    // Never the same twice.
    std::string of(const CurveSeries& series) {
        std::vector<std::string> parts;
        if (trials_.size() > 1) parts.push_back(series.of.fit->evidence->trial);
        if (analyses_.size() > trials_.size()) parts.push_back(series.of.fit->evidence->analysis);
        parts.push_back(series.arm);
        if (!series.control.empty()) parts.insert(parts.end(), {"v", series.control});
        if (!series.state.empty()) parts.push_back(series.state);
        if (series.quantity == "rmst-difference") parts.emplace_back("difference");
        if (models_.size() > 1) parts.push_back(series.of.model_name());
        std::string key = support::joined(parts, "_");
        for (int n = 2; !unused(key); ++n) key = support::joined(parts, "_") + "_" + std::to_string(n);
        for (const char* const end : ends) used_.insert(key + end);
        return key;
    }

  private:
    [[nodiscard]] bool unused(const std::string& key) const {
        return std::ranges::none_of(ends, [&](const char* const end) { return used_.contains(key + end); });
    }

    static constexpr std::array<const char*, 6> ends = {"",         "_lower",           "_upper",
                                                        "_support", "_families_lowest", "_families_highest"};
    std::set<std::string> trials_, models_;
    std::set<const catalogue::Analysis*> analyses_;
    std::set<std::string> used_{"quantity", "unit", "band", "level"};
};

const BandedEstimate* estimate_at(const CurveSeries& series, double time) {
    const auto found = std::ranges::find(series.points, time, &SeriesPoint::time);
    return found == series.points.end() || !found->estimate ? nullptr : &*found->estimate;
}

}  // namespace

std::string time_key(catalogue::TimeUnit unit) { return "time_" + std::string(to_string(unit)); }

Table table_for_people(const std::vector<const CurveSeries*>& all, const CurveReportOptions& options) {
    Columns<TimeRow> columns = {{human(time_title(options.unit), true), [](const TimeRow& row) {
                                     // As it was asked for, whatever number of digits computed values have.
                                     return Number::reported(row.time, support::decimals_of(row.time));
                                 }}};
    std::vector<TimeRow> rows;
    for (const CurveSeries* series : all) {
        columns.append(columns_of_values(*series, options));
        while (rows.size() < series->points.size()) rows.push_back({rows.size(), series->points[rows.size()].time});
    }
    Table table;
    table.name = "curve";
    columns.fill(table, rows);
    return table;
}

void fill_wide_table(Table& table, const std::list<std::vector<CurveSeries>>& all, const CurveReportOptions& options) {
    Columns<double> columns = {{machine(time_key(options.unit)), [](double time) { return Number::derived(time, 1); }}};
    std::set<double> times;
    Keys keys(all);
    std::string unit;
    Columns<double> support, families;
    for (const auto& one : all)
        for (const CurveSeries& series : one) {
            for (const SeriesPoint& point : series.points) times.insert(point.time);
            if (unit.empty()) unit = series.unit;
            const std::string key = keys.of(series);
            const CurveSeries* const of = &series;
            columns.append({machine(key), [of](double time) {
                                const auto* const estimate = estimate_at(*of, time);
                                return estimate != nullptr ? Cell(cell(*estimate, of->decimals)) : Cell();
                            }});
            if (has_family_range(series))
                for (const bool highest : {false, true})
                    families.append({machine(key + (highest ? "_families_highest" : "_families_lowest")),
                                     [of, highest](double time) {
                                         const auto found = std::ranges::find(of->points, time, &SeriesPoint::time);
                                         if (found == of->points.end() || !found->families) return Cell();
                                         return Cell(Number::derived(
                                             highest ? found->families->second : found->families->first, of->decimals));
                                     }});
            support.append({machine(key + "_support"), [of](double time) {
                                const auto* const estimate = estimate_at(*of, time);
                                return estimate != nullptr ? Cell(std::string(support_word(*estimate))) : Cell();
                            }});
            for (const auto& [end, limit] :
                 {std::pair("_lower", &fit::Estimate::lower), std::pair("_upper", &fit::Estimate::upper)}) {
                const auto which = limit;
                columns.append({machine(key + end), [of, which](double time) {
                                    const auto* const estimate = estimate_at(*of, time);
                                    return estimate != nullptr ? Cell(limit_cell(estimate->*which, of->decimals))
                                                               : Cell();
                                }});
            }
        }
    columns.append(support);
    columns.append(families);
    columns.append({constant_column<double>(machine("quantity"), std::string(row_of(options.quantity).name)),
                    constant_column<double>(machine("unit"), unit), band_column<double>(options.interval),
                    level_column<double>(options.interval)});
    columns.fill(table, std::vector<double>(times.begin(), times.end()));
}

}  // namespace hersurv::report
