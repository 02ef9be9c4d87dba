// THE table of the names of columns.
#include "tables/headers.hpp"

#include "support/words.hpp"
#include <algorithm>
#include <array>
#include <vector>

namespace hersurv::tables {
namespace {

constexpr unsigned in(Content content) { return 1U << static_cast<unsigned>(content); }
constexpr unsigned curves = in(Content::survival), risks = in(Content::numbers_at_risk),
                   marks = in(Content::censor_marks), people = in(Content::patients);
constexpr unsigned everywhere = curves | risks | marks | people;

struct Synonym {
    std::string_view name;  // small letters; everything that is neither letter nor digit is an underscore
    Role role;
    unsigned contents;
};

// The likeliest of a role first: hersurv's own, then those of R (survival, survminer, broom, survHE, IPDfromKM), Stata,
// lifelines, WebPlotDigitizer and cBioPortal. A unit of time is taken off before ("time_days", "OS (months)").
constexpr Synonym synonyms[] = {
    {"time", Role::time, everywhere},
    {"t", Role::time, everywhere},
    {"x", Role::time, curves | risks | marks},
    {"times", Role::time, everywhere},
    {"futime", Role::time, people},
    {"survtime", Role::time, people},
    {"survival_time", Role::time, everywhere},
    {"surv_time", Role::time, everywhere},
    {"os_time", Role::time, everywhere},
    {"pfs_time", Role::time, everywhere},
    {"dfs_time", Role::time, everywhere},
    {"time_to_event", Role::time, everywhere},
    {"event_time", Role::time, everywhere},
    {"follow_up", Role::time, everywhere},
    {"followup", Role::time, everywhere},
    {"follow_up_time", Role::time, everywhere},
    {"timepoint", Role::time, everywhere},
    {"time_point", Role::time, everywhere},
    {"timeline", Role::time, curves | risks | marks},
    {"duration", Role::time, everywhere},
    {"tk", Role::time, curves | risks | marks},
    {"t_risk", Role::time, risks},
    {"trisk", Role::time, risks},
    {"censor_time", Role::time, marks},
    {"_t", Role::time, everywhere},
    {"survival", Role::survival, curves},
    {"surv", Role::survival, curves},
    {"s", Role::survival, curves},
    {"y", Role::survival, curves},
    {"sk", Role::survival, curves},
    {"s_t", Role::survival, curves},
    {"st", Role::survival, curves},
    {"survival_probability", Role::survival, curves},
    {"surv_prob", Role::survival, curves},
    {"survival_prob", Role::survival, curves},
    {"probability", Role::survival, curves},
    {"prob", Role::survival, curves},
    {"estimate", Role::survival, curves},
    {"km", Role::survival, curves},
    {"km_estimate", Role::survival, curves},
    {"kaplan_meier", Role::survival, curves},
    {"survival_rate", Role::survival, curves},
    {"survival_function", Role::survival, curves},
    {"cum_survival", Role::survival, curves},
    {"cumulative_survival", Role::survival, curves},
    {"proportion", Role::survival, curves},
    {"proportion_surviving", Role::survival, curves},
    {"fraction", Role::survival, curves},
    {"proportion_alive", Role::survival, curves},
    {"probability_of_survival", Role::survival, curves},
    {"percent", Role::survival, curves},
    {"percent_survival", Role::survival, curves},
    {"percent_alive", Role::survival, curves},
    {"overall_survival", Role::survival, curves},
    {"progression_free_survival", Role::survival, curves},
    {"disease_free_survival", Role::survival, curves},
    {"event_free_survival", Role::survival, curves},
    {"os", Role::survival, curves},
    {"pfs", Role::survival, curves},
    {"dfs", Role::survival, curves},
    {"efs", Role::survival, curves},
    {"rfs", Role::survival, curves},
    {"n_at_risk", Role::at_risk, curves | risks},
    {"n_risk", Role::at_risk, curves | risks},
    {"nrisk", Role::at_risk, curves | risks},
    {"at_risk", Role::at_risk, curves | risks},
    {"atrisk", Role::at_risk, curves | risks},
    {"number_at_risk", Role::at_risk, curves | risks},
    {"numbers_at_risk", Role::at_risk, curves | risks},
    {"no_at_risk", Role::at_risk, curves | risks},
    {"num_at_risk", Role::at_risk, curves | risks},
    {"patients_at_risk", Role::at_risk, curves | risks},
    {"no_of_patients_at_risk", Role::at_risk, curves | risks},
    {"number_of_patients_at_risk", Role::at_risk, curves | risks},
    {"nar", Role::at_risk, curves | risks},
    {"risk", Role::at_risk, risks},
    {"no_risk", Role::at_risk, risks},
    {"number", Role::at_risk, risks},
    {"number_of_patients", Role::at_risk, risks},
    {"patients", Role::at_risk, risks},
    {"count", Role::at_risk, risks},
    {"n", Role::at_risk, risks},
    {"y", Role::at_risk, risks},
    {"arm", Role::arm, everywhere},
    {"group", Role::arm, everywhere},
    {"treatment", Role::arm, everywhere},
    {"treat", Role::arm, everywhere},
    {"trt", Role::arm, everywhere},
    {"rx", Role::arm, everywhere},
    {"treatment_arm", Role::arm, everywhere},
    {"study_arm", Role::arm, everywhere},
    {"_group", Role::arm, everywhere},
    {"strata", Role::arm, everywhere},
    {"stratum", Role::arm, everywhere},
    {"curve", Role::arm, everywhere},
    {"series", Role::arm, curves | risks | marks},
    {"dataset", Role::arm, curves | risks | marks},
    {"regimen", Role::arm, everywhere},
    {"therapy", Role::arm, everywhere},
    {"event", Role::event, people},
    {"status", Role::event, people},
    {"fustat", Role::event, people},
    {"dead", Role::event, people},
    {"death", Role::event, people},
    {"died", Role::event, people},
    {"delta", Role::event, people},
    {"os", Role::event, people},
    {"pfs", Role::event, people},
    {"os_event", Role::event, people},
    {"pfs_event", Role::event, people},
    {"os_status", Role::event, people},
    {"pfs_status", Role::event, people},
    {"event_observed", Role::event, people},
    {"_d", Role::event, people},
    {"censored", Role::censored, people},
    {"is_censored", Role::censored, people},
    {"n_event", Role::n_events, curves | risks},
    {"n_events", Role::n_events, curves | risks},
    {"n_censor", Role::n_censored, curves | risks},
    {"n_censored", Role::n_censored, curves | risks},
    {"ncensor", Role::n_censored, curves | risks},
    {"id", Role::ignored, curves | risks | marks},
    {"k", Role::ignored, curves | risks | marks},
    {"row", Role::ignored, curves | risks | marks},
    {"index", Role::ignored, curves | risks | marks},
    {"interval", Role::ignored, curves | risks | marks},
    {"lower", Role::ignored, curves | risks | marks},
    {"upper", Role::ignored, curves | risks | marks},
    {"std_err", Role::ignored, curves | risks | marks},
    {"std_error", Role::ignored, curves | risks | marks},
    {"conf_low", Role::ignored, curves | risks | marks},
    {"conf_high", Role::ignored, curves | risks | marks},
    {"remark", Role::ignored, curves | risks | marks},
    {"note", Role::ignored, curves | risks | marks},
    {"comment", Role::ignored, curves | risks | marks},
    {"quantity", Role::ignored, curves | risks | marks},
    {"unit", Role::ignored, curves | risks | marks},
    {"band", Role::ignored, curves | risks | marks},
    {"level", Role::ignored, curves | risks | marks},
};

struct UnitWord {
    std::string_view word, unit;
};
constexpr UnitWord unit_words[] = {
    {"days", "days"},   {"day", "days"},      {"weeks", "weeks"},  {"week", "weeks"}, {"wks", "weeks"},
    {"wk", "weeks"},    {"months", "months"}, {"month", "months"}, {"mos", "months"}, {"mo", "months"},
    {"mths", "months"}, {"years", "years"},   {"year", "years"},   {"yrs", "years"},  {"yr", "years"},
};
constexpr UnitWord unit_letters[] = {{"d", "days"}, {"w", "weeks"}, {"m", "months"}, {"y", "years"}};

bool is_word_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
}

// Small letters, everything else but digits one underscore, none at the end; one at the beginning stays (Stata's _t).
std::string normal(std::string_view text) {
    std::string result;
    for (const char c : support::folded(text)) {
        if (is_word_character(c))
            result += c;
        else if (c == '_' ? result.empty() || result.back() != '_' : !result.empty() && result.back() != '_')
            result += '_';
    }
    while (result.size() > 1 && result.back() == '_') result.pop_back();
    return result;
}

const Synonym* find_synonym(std::string_view name, Content content) {
    for (const Synonym& one : synonyms)
        if (one.name == name && (one.contents & in(content)) != 0) return &one;
    return nullptr;
}

int rank_of(const Synonym& synonym) { return static_cast<int>(&synonym - std::begin(synonyms)); }

// Takes "_days" or "_in_days" off the end; returns the unit. A letter alone means one only in brackets.
std::string_view take_unit(std::string& name, bool bracket) {
    const std::size_t gap = name.rfind('_');
    const std::string_view last = std::string_view(name).substr(gap == std::string::npos ? 0 : gap + 1);
    std::string_view unit = time_unit_of(last);
    if (unit.empty() && bracket)
        for (const UnitWord& letter : unit_letters)
            if (letter.word == last) unit = letter.unit;
    if (unit.empty()) return unit;
    name.resize(gap == std::string::npos ? 0 : gap);
    if (name.ends_with("_in") || name == "in") name.resize(name.size() - std::min<std::size_t>(3, name.size()));
    return unit;
}

bool take_percent(std::string& name) {
    for (const std::string_view word : {"percent", "pct", "percentage"}) {
        if (name == word) {
            name = "percent";
            return true;
        }
        if (!name.ends_with("_" + std::string(word))) continue;
        name.resize(name.size() - word.size() - 1);
        return true;
    }
    return false;
}

}  // namespace

std::string_view to_string(Content content) {
    switch (content) {
        case Content::survival:
            return "survival";
        case Content::numbers_at_risk:
            return "numbers at risk";
        case Content::censor_marks:
            return "censor marks";
        case Content::patients:
            return "patients";
    }
    return "";
}

std::string_view time_unit_of(std::string_view word) {
    const std::string small = support::folded(word);
    for (const UnitWord& one : unit_words)
        if (one.word == small) return one.unit;
    return "";
}

Header parse_header(std::string_view text, Content content) {
    Header header;
    header.name = std::string(text);
    std::string name = normal(text);
    if (text.find('%') != std::string_view::npos) {
        header.percent = true;
        if (name.empty() || name == "_") name = "percent";
    }
    const auto settle = [&](const std::string& key) {
        const Synonym* const found = find_synonym(key, content);
        if (found == nullptr) return false;
        header.role = found->role;
        header.rank = rank_of(*found);
        return true;
    };
    if (settle(name)) {
        header.percent = header.percent || name.starts_with("percent");
        return header;
    }
    if (take_percent(name)) header.percent = true;
    if (settle(name)) return header;
    const bool bracket = text.find_first_of("([,") != std::string_view::npos;
    header.time_unit = take_unit(name, bracket);
    if (header.time_unit.empty()) return header;
    // "months", "OS (months)": a column in a unit of time holds times.
    const bool outcome = name.empty() || name == "os" || name == "pfs" || name == "dfs" || name == "efs" ||
                         name == "survival" || name == "surv" || name == "overall_survival";
    if (outcome) {
        header.role = Role::time;
        const Synonym* const own = find_synonym(name + "_time", content);
        header.rank = rank_of(own != nullptr ? *own : *find_synonym("os_time", content));
    } else if (!settle(name) || header.role != Role::time) {
        header.role = Role::unknown;
        header.time_unit = "";
    } else if (name == "time") {
        header.rank = -1;  // hersurv's own name
    }
    return header;
}

std::string known_names(Role role, Content content) {
    std::vector<std::string> names;
    constexpr std::size_t most_named = 4;
    for (const Synonym& one : synonyms)
        if (one.role == role && (one.contents & in(content)) != 0 && names.size() < most_named)
            names.emplace_back(one.name);
    return support::alternatives(names);
}

}  // namespace hersurv::tables
