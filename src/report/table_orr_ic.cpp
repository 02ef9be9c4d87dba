// `table orr-ic`: intracranial response rates with exact limits (the data of the review's figure of intracranial
// response).
#include "hersurv/evidence/rates.hpp"

#include "comparison_parts.hpp"
#include <algorithm>
#include <limits>

namespace hersurv::report {
namespace {

std::string join(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& each : words) text += (text.empty() ? "" : "; ") + each;
    return text;
}

}  // namespace

Report orr_ic_table(const ComparisonInput& input, const ComparisonOptions& options) {
    Report report;
    report.title = "Intracranial response";
    Table& table = report.table;
    table.name = "orr-ic";
    table.caption = "Intracranial objective response rates, by year of the report";
    table.columns = {human("Trial"),
                     machine("trial"),
                     human("Year"),
                     machine("year"),
                     human("Class"),
                     machine("drug_class"),
                     both("arm", "Arm"),
                     both("population", "Population"),
                     human("Responders", true),
                     machine("responders"),
                     machine("responders_status"),
                     machine("evaluable"),
                     machine("evaluable_status"),
                     human("Rate, % (" + percent_text(options.interval.level) + " CI)", true),
                     machine("rate"),
                     machine("status"),
                     machine("lower"),
                     machine("upper"),
                     machine("limits_status"),
                     machine("limits_from"),
                     machine("level"),
                     machine("criterion"),
                     machine("source"),
                     machine("line")};
    table.footnotes = {
        "Limits: exact (Clopper-Pearson) where responders and evaluable patients are known, else as printed. A count "
        "marked * is the only one that the "
        "printed rate allows among the evaluable patients.",
        "The rates are not one quantity: criteria (RECIST, RANO-BM), active or stable disease and denominators "
        "differ."};
    std::vector<const catalogue::Trial*> trials = input.trials;
    // The year of the first rate that is not only the review's.
    const auto year = [](const catalogue::Trial& trial) {
        const auto rows = response_rows(trial, "ORR-IC");
        return rows.empty() ? trial.year : year_of(trial, rows.front().response->from);
    };
    std::stable_sort(trials.begin(), trials.end(), [&year](const auto* a, const auto* b) {
        constexpr int last = std::numeric_limits<int>::max();
        return year(*a).value_or(last) < year(*b).value_or(last);
    });
    for (const catalogue::Trial* trial : trials) {
        bool first = true;
        for (const ResponseRow& row : response_rows(*trial, "ORR-IC")) {
            const auto& response = *row.response;
            Interval interval{cell(response.rate, true), std::nullopt, std::nullopt};
            Number lower = cell(response.lower, true), upper = cell(response.upper, true);
            std::string from = response.lower ? "printed" : "";
            double level = response.level;
            if (row.responders && row.evaluable) {
                level = options.interval.level;
                const auto limits = evidence::clopper_pearson(*row.responders, *row.evaluable, level);
                lower = limit_cell(limits.lower, 1, true);
                upper = limit_cell(limits.upper, 1, true);
                from = row.responders_derived ? "exact-from-rate" : "exact-from-counts";
            }
            if (!from.empty()) {
                interval.lower = lower;
                interval.upper = upper;
            }
            std::string counts = "-";
            if (row.responders) counts = std::to_string(*row.responders) + (row.responders_derived ? "*" : "");
            if (row.evaluable) counts += "/" + std::to_string(*row.evaluable);
            Number n_responders = row.responders ? Number::reported(*row.responders, 0) : missing();
            if (row.responders_derived) n_responders.status = Status::derived;
            const Number rate = cell(response.rate, true);
            table.rows.push_back({once(first, trial->id),
                                  trial->id,
                                  first ? year_cell(year(*trial)) : Cell(),
                                  year_cell(year(*trial)),
                                  once(first, class_of(*trial)),
                                  class_of(*trial),
                                  text_or_nothing(response.arm),
                                  text_or_nothing(response.population),
                                  counts,
                                  n_responders,
                                  status_word(n_responders),
                                  count_cell(row.evaluable),
                                  std::string(word(row.evaluable ? Status::reported : Status::not_reported)),
                                  interval,
                                  rate,
                                  status_word(rate),
                                  lower,
                                  upper,
                                  status_word(lower),
                                  text_or_nothing(from),
                                  Number::reported(level, 2),
                                  text_or_nothing(response.criterion),
                                  join(row.sources),
                                  line_cell(response.from)});
            first = false;
        }
    }
    return report;
}

}  // namespace hersurv::report
