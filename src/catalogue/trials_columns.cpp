// Names of columns: lower case with underscores, and what else people call them.
#include "catalogue/trials_columns.hpp"

#include "catalogue/text.hpp"
#include <algorithm>
#include <iterator>
#include <utility>

namespace hersurv::catalogue {
namespace {

constexpr std::string_view columns[] = {"trial",    "endpoint", "arm",      "role",  "analysis", "population", "year",
                                        "n",        "events",   "median",   "lower", "upper",    "level",      "hr",
                                        "hr_lower", "hr_upper", "hr_level", "p",     "follow_up"};

constexpr std::pair<std::string_view, std::string_view> synonyms[] = {
    {"study", "trial"},
    {"outcome", "endpoint"},
    {"group", "arm"},
    {"treatment", "arm"},
    {"publication_year", "year"},
    {"patients", "n"},
    {"n_patients", "n"},
    {"total", "n"},
    {"deaths", "events"},
    {"n_events", "events"},
    {"median_months", "median"},
    {"median_lower", "lower"},
    {"median_upper", "upper"},
    {"lower_months", "lower"},
    {"upper_months", "upper"},
    {"median_level", "level"},
    {"hazard_ratio", "hr"},
    {"hazard_ratio_lower", "hr_lower"},
    {"hazard_ratio_upper", "hr_upper"},
    {"p_value", "p"},
    {"pvalue", "p"},
    {"followup", "follow_up"},
    {"median_follow_up", "follow_up"},
    {"follow_up_months", "follow_up"},
};

// "S(12)" is s_12, "Follow-up" follow_up.
std::string plain_name(const std::string& header) {
    std::string name;
    for (const char letter : folded(header)) {
        if (letter == ')') continue;
        name += letter == ' ' || letter == '-' || letter == '(' ? '_' : letter;
    }
    return name;
}

std::string column_of(const std::string& header) {
    const std::string name = plain_name(header);
    const auto* const other = std::ranges::find(synonyms, name, &std::pair<std::string_view, std::string_view>::first);
    return other == std::end(synonyms) ? name : std::string(other->second);
}

// The time of "survival_12", "surv_24m", "s_5y"; nothing if it is none.
std::optional<TypedNumber> survival_time(std::string_view name) {
    for (const std::string_view prefix : {"survival_", "surv_", "s_"}) {
        if (!name.starts_with(prefix)) continue;
        std::string text(name.substr(prefix.size()));
        std::ranges::replace(text, '_', ' ');
        try {
            TypedScanner scanner("column", text);
            TypedNumber time = scanner.number(Sort::time);
            scanner.refuse_rest();
            if (time.word.empty() && !time.percent) return time;
        } catch (const support::UsageError&) {
            return std::nullopt;
        }
    }
    return std::nullopt;
}

std::string_view without_limit(std::string_view name) {
    for (const std::string_view ending : {"_lower", "_upper"})
        if (name.ends_with(ending)) return name.substr(0, name.size() - ending.size());
    return name;
}

}  // namespace

TrialsColumns::TrialsColumns(const std::vector<std::string>& header, const std::string& file) {
    const auto fault = [&](const std::string& problem, const std::string& remedy) {
        return support::Fault{file, "", problem, remedy, 1, 0};
    };
    for (std::size_t i = 0; i < header.size(); ++i) {
        if (header[i].empty()) continue;  // the column of row names that R writes, or an empty one of a spreadsheet
        const std::string name = column_of(header[i]);
        const std::string bare(without_limit(name));
        const auto time = survival_time(bare);
        if (std::ranges::find(columns, name) == std::end(columns) && !time) {
            std::vector<std::string> known(std::begin(columns), std::end(columns));
            known.emplace_back("survival_12");
            faults_.push_back(fault("unknown column \"" + header[i] + "\"",
                                    did_you_mean(name, known, "known columns: " + alternatives(known))));
            continue;
        }
        if (!indices_.emplace(name, i).second)
            faults_.push_back(
                fault("the columns \"" + header[indices_.at(name)] + "\" and \"" + header[i] + "\" are the same",
                      "leave one of them out"));
        if (time && name == bare) survival_.push_back({name, name + "_lower", name + "_upper", *time});
    }
    std::vector<std::string> missing;
    for (const std::string_view needed : {"trial", "endpoint", "arm"})
        if (!indices_.contains(needed)) missing.emplace_back(needed);
    // The rest of its names says nothing then: it may be another table.
    if (!missing.empty())
        throw support::InputError(
            {fault("a table of trials has the columns trial, endpoint and arm; there is no " + alternatives(missing),
                   "name them in the header line; each row describes an arm")});
    for (const auto& [name, index] : indices_) {
        const std::string bare(without_limit(name));
        if (bare != name && survival_time(bare) && !indices_.contains(bare))
            faults_.push_back(fault("the column \"" + header[index] + "\" has no column " + bare, "add it"));
    }
}

std::optional<std::size_t> TrialsColumns::find(std::string_view column) const {
    const auto found = indices_.find(column);
    return found == indices_.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace hersurv::catalogue
