// Entries out of the points of tables.
#include "patients/figure_entries.hpp"

#include "hersurv/records.hpp"

#include "support/words.hpp"
#include <algorithm>
#include <tuple>

namespace hersurv::patients {

using support::counted;

std::string of_arm(const std::string& arm) { return arm.empty() ? "" : "arm " + arm + ": "; }

std::vector<ArmEntries> entries_of(const std::vector<tables::ArmSeries>& arms, const std::string& time_unit) {
    const double months =
        catalogue::months_in(catalogue::parse_time_unit(time_unit).value_or(catalogue::TimeUnit::months));
    std::vector<ArmEntries> result;
    for (const tables::ArmSeries& arm : arms) {
        ArmEntries& of = result.emplace_back(ArmEntries{arm.name, arm.name_at, arm.percent, {}});
        of.entries.reserve(arm.points.size());
        for (const tables::Point& point : arm.points)
            of.entries.push_back({point.time * months, point.value, point.time_at, point.value_at, point.line});
    }
    return result;
}

std::pair<std::size_t, std::size_t> put_in_order(std::vector<Entry>& entries) {
    std::size_t out_of_order = 0;
    for (std::size_t i = 1; i < entries.size(); ++i)
        out_of_order += entries[i].time_months < entries[i - 1].time_months;
    std::stable_sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
        return std::tuple(a.time_months, -a.value) < std::tuple(b.time_months, -b.value);
    });
    const auto last = std::unique(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
        return a.time_months == b.time_months && a.value == b.value;
    });
    const auto twice = static_cast<std::size_t>(entries.end() - last);
    entries.erase(last, entries.end());
    return {out_of_order, twice};
}

void say_order(std::vector<std::string>& repairs, const std::string& arm, const std::string& what,
               const std::pair<std::size_t, std::size_t>& counts) {
    if (counts.first > 0)
        repairs.push_back(of_arm(arm) + counted(counts.first, what) + " out of order, sorted by time");
    if (counts.second > 0) repairs.push_back(of_arm(arm) + counted(counts.second, what) + " given twice, taken once");
}

}  // namespace hersurv::patients
