// Tables by law, number of patients and kind of evidence.
#include "coverage_report.hpp"

#include "hersurv/error.hpp"

#include <fmt/format.h>

#include "render/columns.hpp"
#include "report/numbers.hpp"
#include "support/number_text.hpp"
#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <set>
#include <tuple>

namespace hersurv::bench {
namespace {

using render::both;
using render::human;
using render::machine;

constexpr std::string_view zone_all = "all";
constexpr int decimals_of_record = 6;

render::Number number(const std::optional<double>& value, int decimals) {
    if (!value || !std::isfinite(*value)) return report::missing();
    return render::Number::derived(std::stod(support::fixed(*value, decimals_of_record)), decimals);
}

std::string group_name(LawGroup group) {
    switch (group) {
        case LawGroup::findings:
            return "findings";
        case LawGroup::further:
            return "further";
        case LawGroup::drawn:
            return "drawn";
        case LawGroup::test:
            break;
    }
    return "test";
}

CoverageLine line_of(std::string_view measure, std::string_view zone, const GroupedSums& sums) {
    CoverageLine line;
    line.measure = measure;
    line.zone = zone;
    line.count = sums.rows();
    line.value = sums.coverage();
    if (line.value) line.error_of_value = std::sqrt(sums.coverage_variance());
    line.width = sums.width();
    line.error = sums.error();
    line.absolute_error = sums.absolute_error();
    return line;
}

CoverageLine share_line(std::string_view measure, std::size_t count, std::size_t of) {
    CoverageLine line;
    line.measure = measure;
    line.count = static_cast<double>(of);
    if (of == 0) return line;
    const double share = static_cast<double>(count) / static_cast<double>(of);
    line.value = share;
    line.error_of_value = std::sqrt(share * (1 - share) / static_cast<double>(of));
    return line;
}

std::vector<CoverageLine> lines_of(const CoverageOptions& options, const CoverageCell& cell) {
    std::vector<CoverageLine> lines;
    for (std::size_t b = 0; b < bands.size(); ++b) {
        for (std::size_t zone = 0; zone < zones.size(); ++zone)
            lines.push_back(line_of(fit::word(bands[b]), word(zones[zone]), cell.by_zone[b][zone]));
        lines.push_back(line_of(fit::word(bands[b]), zone_all, cell.all[b]));
    }
    lines.push_back(share_line("contradictions", cell.n_contradictions, cell.n_analyses));
    std::size_t upper = 0, lower = 0;
    for (std::size_t b = 0; b < bands.size(); ++b) {
        upper += cell.n_upper_rises[b];
        lower += cell.n_lower_rises[b];
    }
    lines.push_back(share_line("upper-rises", upper, bands.size() * cell.n_curves));
    lines.push_back(share_line("lower-rises", lower, bands.size() * cell.n_curves));
    lines.push_back(share_line("without-curve", cell.n_without_curve, cell.n_curves + cell.n_without_curve));
    for (CoverageLine& line : lines) {
        line.laws = options.laws[cell.law].name;
        line.n = options.n_per_arm[cell.n];
        line.evidence = options.evidence[cell.evidence].name;
    }
    return lines;
}

using Member = std::optional<double> CoverageLine::*;

// The mean over the laws that have a value.
CoverageLine mean_of(const std::vector<CoverageLine>& lines, std::string laws) {
    CoverageLine mean = lines.front();
    mean.laws = std::move(laws);
    mean.count = 0;
    mean.n_laws = 0;
    double variance = 0;
    for (const CoverageLine& line : lines) {
        mean.count += line.count;
        mean.n_laws += line.value.has_value();
        variance += line.error_of_value.value_or(0) * line.error_of_value.value_or(0);
    }
    for (const Member member :
         {&CoverageLine::value, &CoverageLine::width, &CoverageLine::error, &CoverageLine::absolute_error}) {
        double sum = 0;
        int n = 0;
        for (const CoverageLine& line : lines)
            if (line.*member) {
                sum += *(line.*member);
                ++n;
            }
        mean.*member = n > 0 ? std::optional(sum / n) : std::nullopt;
    }
    mean.error_of_value =
        mean.n_laws > 0 ? std::optional(std::sqrt(variance) / static_cast<double>(mean.n_laws)) : std::nullopt;
    return mean;
}

using Key = std::tuple<std::string, std::size_t, std::string, std::string, std::string>;
Key key_of(const CoverageLine& line) { return {line.laws, line.n, line.evidence, line.measure, line.zone}; }

using Lines = std::map<Key, const CoverageLine*>;

// A row of a human table: what is in front, and the key but for n.
struct TableRow {
    std::vector<std::string> heads;
    std::string laws, evidence, measure, zone;
};

render::Section table_by_n(std::string heading, const std::vector<std::string>& titles, const CoverageOptions& options,
                           const std::vector<TableRow>& rows, const Lines& lines,
                           const std::vector<std::pair<std::string, Member>>& members) {
    render::Columns<TableRow> columns;
    for (std::size_t i = 0; i < titles.size(); ++i)
        columns.append({human(titles[i]), [i](const TableRow& row) { return row.heads[i]; }});
    for (const auto& member : members)
        for (const std::size_t n : options.n_per_arm)
            columns.append({human(fmt::format("n {}", n), true, member.first),
                            [&lines, n, value = member.second](const TableRow& row) {
                                const auto found = lines.find({row.laws, n, row.evidence, row.measure, row.zone});
                                return number(found == lines.end() ? std::nullopt : (*found->second).*value, 3);
                            }});
    render::Section section;
    section.heading = std::move(heading);
    render::Table table;
    table.name = "coverage";
    for (std::size_t i = 1; i < rows.size(); ++i)
        if (!rows[i].heads.front().empty()) table.rule_before.push_back(i);
    columns.fill(table, rows);
    section.table = std::move(table);
    return section;
}

const std::vector<std::string>& all_zones() {
    static const std::vector<std::string> names = {"supported", "borrowed", "extrapolated", std::string(zone_all)};
    return names;
}

void add_means(render::Report& report, const CoverageOptions& options, const Lines& lines, const std::string& group) {
    for (const fit::Band band : bands) {
        std::vector<TableRow> rows;
        for (const SimulatedEvidence& evidence : options.evidence)
            for (const std::string& zone : all_zones())
                rows.push_back({{zone == all_zones().front() ? std::string(evidence.words) : "", zone},
                                group,
                                std::string(evidence.name),
                                std::string(fit::word(band)),
                                zone});
        report.sections.push_back(table_by_n(fmt::format("{} band, mean over the laws ({})", fit::word(band), group),
                                             {"Published", "Rows"}, options, rows, lines,
                                             {{"Coverage", &CoverageLine::value},
                                              {"Mean width", &CoverageLine::width},
                                              {"Mean error", &CoverageLine::error}}));
    }
}

void add_laws(render::Report& report, const CoverageOptions& options, const Lines& lines) {
    for (const SimulatedEvidence& evidence : options.evidence)
        for (const fit::Band band : bands) {
            std::vector<TableRow> rows;
            for (const Law& law : options.laws)
                for (const std::string& zone : all_zones())
                    rows.push_back({{zone == all_zones().front() ? std::string(law.name) : "", zone},
                                    std::string(law.name),
                                    std::string(evidence.name),
                                    std::string(fit::word(band)),
                                    zone});
            report.sections.push_back(table_by_n(fmt::format("{} band by law, {}", fit::word(band), evidence.words),
                                                 {"Law", "Rows"}, options, rows, lines,
                                                 {{"Coverage", &CoverageLine::value}}));
        }
}

void add_shares(render::Report& report, const CoverageOptions& options, const Lines& lines,
                const std::vector<std::string>& groups) {
    const std::vector<std::pair<std::string, std::string>> measures = {
        {"contradictions", "Analyses of which fit says that the published numbers contradict one another"},
        {"upper-rises", "Bands with an upper limit that rises by more than half a point"},
        {"lower-rises", "Bands with a lower limit that falls more than half a point below a later one"},
        {"without-curve", "Arms without a curve"}};
    for (const auto& measure : measures) {
        std::vector<TableRow> rows;
        for (const std::string& group : groups)
            for (const SimulatedEvidence& evidence : options.evidence)
                rows.push_back({{&evidence == options.evidence.data() ? group : "", std::string(evidence.words)},
                                group,
                                std::string(evidence.name),
                                measure.first,
                                ""});
        report.sections.push_back(
            table_by_n(measure.second, {"Laws", "Published"}, options, rows, lines, {{"Share", &CoverageLine::value}}));
    }
}

// The settings that a record depends on beside its rows.
std::string settings_of(const CoverageOptions& options) {
    return fmt::format("trials {}; seed {}; model {}", options.trials, options.seed,
                       options.model != nullptr ? options.model->name : "auto");
}

render::Columns<CoverageLine> key_columns() {
    return {{machine("laws"), &CoverageLine::laws},
            {machine("n"), [](const CoverageLine& line) { return static_cast<long>(line.n); }},
            {machine("evidence"), &CoverageLine::evidence},
            {machine("measure"), &CoverageLine::measure},
            {machine("zone"), &CoverageLine::zone}};
}

render::Columns<CoverageLine> value_column(const char* key, Member member) {
    return {machine(key), [member](const CoverageLine& line) { return number(line.*member, decimals_of_record); }};
}

bool is_mean(const CoverageLine& line) {
    return line.laws == "findings" || line.laws == "further" || line.laws == "drawn";
}

void compare_line(const CsvTable& record, std::size_t row, const CoverageLine& now, RecordComparison& result) {
    constexpr double allowed = 0.01, allowed_width = 0.02;
    ++result.n_compared;
    const std::string what = fmt::format("{}, n {}, {}, {} {}", now.laws, now.n, now.evidence, now.measure, now.zone);
    const auto recorded = record.number(row, "value"), width = record.number(row, "width");
    if (recorded && !now.value) result.losses.push_back(what + ": recorded, and without a value now");
    if (recorded && now.value) {
        const bool is_band = !now.zone.empty();
        const double worse = is_band ? *recorded - *now.value : *now.value - *recorded;
        const std::string change =
            fmt::format("{}: {}, recorded {}", what, support::fixed(*now.value, 3), support::fixed(*recorded, 3));
        if (worse > (now.measure.ends_with("rises") ? 0 : allowed) + 1e-6)
            result.losses.push_back(change);
        else if (worse < -allowed - 1e-9)
            result.notes.push_back(change);
    }
    if (width && now.width && *now.width > *width * (1 + allowed_width) + 1e-9)
        result.losses.push_back(fmt::format("{}: mean width {}, recorded {}", what, support::fixed(*now.width, 4),
                                            support::fixed(*width, 4)));
}

}  // namespace

std::vector<CoverageLine> coverage_lines(const CoverageOptions& options, const std::vector<CoverageCell>& cells) {
    std::vector<CoverageLine> lines;
    std::map<LawGroup, std::map<std::size_t, std::vector<CoverageLine>>> of_groups;  // by group and place
    const std::size_t n_places = options.n_per_arm.size() * options.evidence.size();
    for (const CoverageCell& cell : cells) {
        const std::vector<CoverageLine> of_cell = lines_of(options, cell);
        const std::size_t place = cell.n * options.evidence.size() + cell.evidence;
        for (std::size_t i = 0; i < of_cell.size(); ++i)
            of_groups[options.laws[cell.law].group][i * n_places + place].push_back(of_cell[i]);
        lines.insert(lines.end(), of_cell.begin(), of_cell.end());
    }
    for (const auto& of_group : of_groups)
        if (of_group.first != LawGroup::test)
            for (const auto& of_place : of_group.second)
                lines.push_back(mean_of(of_place.second, group_name(of_group.first)));
    return lines;
}

render::Report coverage_report(const CoverageOptions& options, const std::vector<CoverageLine>& lines) {
    render::Report report;
    report.title = fmt::format("Coverage of the bands in simulated trials: {} trials for each law and n, both arms",
                               options.trials);
    report.table.name = "coverage";
    const render::Columns<CoverageLine> columns = {
        key_columns(),
        {machine("n_laws"), [](const CoverageLine& line) { return static_cast<long>(line.n_laws); }},
        {machine("count"), [](const CoverageLine& line) { return number(line.count, 0); }},
        value_column("value", &CoverageLine::value),
        value_column("value_se", &CoverageLine::error_of_value),
        value_column("width", &CoverageLine::width),
        value_column("mean_error", &CoverageLine::error),
        value_column("mean_absolute_error", &CoverageLine::absolute_error)};
    columns.fill(report.table, lines);
    render::Section legend;
    legend.paragraphs = {
        "Monthly rows to month 60. Reconstruction: the 95% band, widened outward by 1/n, against the Kaplan-Meier "
        "curve "
        "of the simulated patients while anybody is at risk. Population: the 95% band against the law. Supported: from "
        "the first to the last published time of the arm; borrowed: before; extrapolated: after it. Mean error: "
        "estimate less truth."};
    Lines by_key;
    std::set<std::string> groups;
    for (const CoverageLine& line : lines) {
        by_key[key_of(line)] = &line;
        if (is_mean(line)) groups.insert(line.laws);
    }
    for (const Law& law : options.laws) legend.notes.push_back(fmt::format("{}: {}", law.name, law.formula));
    report.sections.push_back(std::move(legend));
    for (const std::string& group : groups) add_means(report, options, by_key, group);
    add_shares(report, options, by_key, {groups.begin(), groups.end()});
    add_laws(report, options, by_key);
    return report;
}

render::Report coverage_record(const CoverageOptions& options, const std::vector<CoverageLine>& lines) {
    std::vector<CoverageLine> kept;
    std::copy_if(lines.begin(), lines.end(), std::back_inserter(kept),
                 [](const CoverageLine& line) { return is_mean(line) || line.evidence == "full"; });
    const std::string settings = settings_of(options);
    const render::Columns<CoverageLine> columns = {
        key_columns(),
        value_column("value", &CoverageLine::value),
        value_column("width", &CoverageLine::width),
        {machine("settings"), [&settings](const CoverageLine&) { return settings; }}};
    render::Report report;
    report.table.name = "record";
    columns.fill(report.table, kept);
    return report;
}

RecordComparison compare_coverage(const CoverageOptions& options, const CsvTable& record,
                                  const std::vector<CoverageLine>& lines) {
    Lines now;
    for (const CoverageLine& line : lines) now[key_of(line)] = &line;
    RecordComparison result;
    for (std::size_t row = 0; row < record.n_rows(); ++row) {
        if (record.text(row, "settings") != settings_of(options))
            throw support::UsageError(
                fmt::format("the record is of '{}', this run of '{}'; give the options of the record",
                            record.text(row, "settings"), settings_of(options)));
        const Key key = {record.text(row, "laws"), static_cast<std::size_t>(record.required_number(row, "n")),
                         record.text(row, "evidence"), record.text(row, "measure"), record.text(row, "zone")};
        const auto found = now.find(key);
        if (found == now.end())
            result.losses.push_back(fmt::format("{}, n {}, {}, {}: recorded, and no longer measured", std::get<0>(key),
                                                std::get<1>(key), std::get<2>(key), std::get<3>(key)));
        else
            compare_line(record, row, *found->second, result);
    }
    return result;
}

}  // namespace hersurv::bench
