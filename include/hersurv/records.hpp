// What papers report, exactly as published: trials, arms, analyses, statistics, and how to name one of them.
#pragma once

#include <cmath>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hersurv::catalogue {

// ---- statistic.cpp ----

// Names every statistic that an analysis can report.

struct StatisticKey {
    enum class Kind { n_patients, events, median, milestone, follow_up, hazard_ratio, p_value, crossover };
    enum class Side { value, lower, upper };  // the estimate, or a limit of its interval
    enum class Unit { months, probability, ratio, count, p_value };

    Kind kind = Kind::median;
    Side side = Side::value;
    double time_months = 0;  // of a milestone

    [[nodiscard]] static StatisticKey milestone_at(double time_months) {
        return {Kind::milestone, Side::value, time_months};
    }
    bool operator==(const StatisticKey&) const = default;
    // The estimate of this kind itself, not a limit of it.
    [[nodiscard]] bool is(Kind wanted) const { return kind == wanted && side == Side::value; }
    [[nodiscard]] bool is_limit_of(Kind wanted) const { return kind == wanted && side != Side::value; }
    [[nodiscard]] Unit unit() const;
};

// "median", "median_lower", "milestone_24", "n": the name in catalogues and machine formats.
[[nodiscard]] std::string to_string(const StatisticKey& key);
// The inverse; "milestone_96_lower" is the lower limit of the survival at 96 months. nullopt for any other text.
[[nodiscard]] std::optional<StatisticKey> parse_statistic(std::string_view text);

// The statistic that a place names. Other words are kept as written: a mistake in a document,
// which is reported when the place is resolved, or a number of the baseline that no paper reports ("parameter_shape").
struct NamedStatistic {
    std::optional<StatisticKey> key;
    std::string other;  // only without a key

    NamedStatistic() = default;
    NamedStatistic(const StatisticKey& named) : key(named) {}
    NamedStatistic(StatisticKey::Kind kind) : key(StatisticKey{kind}) {}
    explicit NamedStatistic(std::string_view text);  // as in a document; empty: none
    bool operator==(const NamedStatistic&) const = default;
    [[nodiscard]] bool empty() const { return !key && other.empty(); }
};
[[nodiscard]] std::string to_string(const NamedStatistic& statistic);  // empty if none is named

}  // namespace hersurv::catalogue

namespace hersurv::support {
class Json;  // private to the library
}

namespace hersurv::catalogue {

// ---- records.cpp ----

// The records of a catalogue: exactly what was published, and where. No number is computed. What a document leaves out
// is filled in where a member's comment says so: an arm's n and follow-up in an analysis, the default analysis, the
// places of a claim about an analysis. Times are in months, probabilities 0..1, limits as published. The format is
// described in docs/catalogue-format.md.

// A time is 0, or from 0.001 months (three quarters of an hour) to 10 000 months (833 years): what is outside of this
// is a slip of the pen or a file in other units, and no curve is drawn from it.
inline constexpr double least_positive_months = 0.001, greatest_months = 10000;
[[nodiscard]] constexpr bool is_time_in_months(double months) {
    return months == 0 || (months >= least_positive_months && months <= greatest_months);
}

// The unit that a time is published in. It is kept in months: a year has 12 of them and, as in the Julian calendar of
// astronomers (IAU, 1 a = 365.25 d), 365.25 days, so that a month has 30.4375 days.
enum class TimeUnit { months, years, weeks, days };
[[nodiscard]] constexpr double months_in(TimeUnit unit) {
    constexpr double months_in_year = 12, days_in_year = 365.25, days_in_week = 7;
    switch (unit) {
        case TimeUnit::years:
            return months_in_year;
        case TimeUnit::weeks:
            return days_in_week * months_in_year / days_in_year;
        case TimeUnit::days:
            return months_in_year / days_in_year;
        case TimeUnit::months:
            break;
    }
    return 1;
}
[[nodiscard]] std::string_view to_string(TimeUnit unit);  // "years"
[[nodiscard]] std::optional<TimeUnit> parse_time_unit(std::string_view text);

// A number as published, or the word published in its place. A number that is not reported is an absent optional or an
// empty list: the three kinds of missing never become 0.
struct PrintedNumber {
    enum class Kind { number, not_reached, not_estimable };
    Kind kind = Kind::number;
    double value = 0;                  // only where kind == number; of a time in months
    int decimals = 0;                  // printed decimals: 1 of 22.0
    TimeUnit unit = TimeUnit::months;  // of a time: the unit in which it is published

    [[nodiscard]] bool is_number() const { return kind == Kind::number; }
    // Half a unit of the last published digit: the true number is within value +- half_unit(). 12.7 years are 152.4 +-
    // 0.6 months.
    [[nodiscard]] double half_unit() const { return 0.5 * std::pow(10.0, -decimals) * months_in(unit); }
    // The number in the paper: 12.7 for 152.4 months published as 12.7 years.
    [[nodiscard]] double printed_value() const { return value / months_in(unit); }
    // The decimals of `value` for people: those that are published, of other units one.
    [[nodiscard]] int shown_decimals() const { return unit == TimeUnit::months ? decimals : 1; }
    bool operator==(const PrintedNumber&) const = default;
};

// A time that is published in this unit, in months, without the rounding error of the multiplication.
[[nodiscard]] double to_months(double time, TimeUnit unit, int decimals);

// "57.1" with its published decimals, "12.7 years", "NR", "NE".
[[nodiscard]] std::string printed_text(const PrintedNumber& number);
// The same of a time, always with its unit: "57.1 months".
[[nodiscard]] std::string printed_time_text(const PrintedNumber& number);

struct Source {
    std::string key, citation, doi, pmid, nct, url, kind, note;
    std::optional<int> year;
    bool operator==(const Source&) const = default;
};

// Where a number is. `pointer` is the JSON pointer inside `Trial::file`.
// The sources of a document by key, which all its trials share: a document of 4000 trials with a source each would
// otherwise hold 16 million.
class SharedSources {
  public:
    using Map = std::map<std::string, Source>;
    SharedSources() = default;
    explicit SharedSources(Map sources) : sources_(std::make_shared<const Map>(std::move(sources))) {}
    [[nodiscard]] const Map& map() const {
        static const Map none;
        return sources_ == nullptr ? none : *sources_;
    }
    [[nodiscard]] bool empty() const { return map().empty(); }
    [[nodiscard]] bool contains(const std::string& key) const { return map().contains(key); }
    [[nodiscard]] const Source& at(const std::string& key) const { return map().at(key); }
    [[nodiscard]] Map::const_iterator find(const std::string& key) const { return map().find(key); }
    [[nodiscard]] Map::const_iterator begin() const { return map().begin(); }
    [[nodiscard]] Map::const_iterator end() const { return map().end(); }

  private:
    std::shared_ptr<const Map> sources_;
};

struct Provenance {
    std::string source;  // key; empty if the document has no sources
    std::optional<int> line;
    std::string pointer;
    std::string note;
    bool approximate = false;
};

enum class LimitsTransform { log_log, log, linear };

struct Statistic {
    PrintedNumber value;
    std::optional<PrintedNumber> lower, upper;
    double level = 0.95;
    LimitsTransform limits = LimitsTransform::log_log;  // of Kaplan-Meier statistics
    std::optional<bool> stratified, adjusted;           // of hazard ratios
    Provenance from;
    std::optional<Provenance> limits_from;  // where the limits are, if another source gives them
};

// The same statistic as several sources report it: the first is used, the others are checked against it. Empty = not
// reported.
using Statistics = std::vector<Statistic>;

enum class Relation { equal, less, less_equal, greater, greater_equal };
[[nodiscard]] std::string_view relation_sign(Relation relation);  // "<="

struct PValue {
    PrintedNumber value;
    Relation relation = Relation::equal;
    std::string test;
    Provenance from;
};

struct Milestone {
    double time_months = 0;
    Statistics survival;
};

struct FollowUp {
    // How the median was found, where the paper says so. Of the follow-up that patients would have had without an event
    // (Schemper & Smith 1996, Control Clin Trials 17:343), or of the time that they were on study, which ends with the
    // event too and is shorter.
    enum class Kind { unknown, reverse_kaplan_meier, observed };

    PrintedNumber median_months;
    Kind kind = Kind::unknown;
    std::optional<std::pair<double, double>> range_months, quartiles_months;
    Provenance from;
};

// The patients who are still followed without an event, as given under a Kaplan-Meier figure.
struct NumbersAtRisk {
    struct Entry {
        double time_months = 0;
        int n_patients = 0;
        bool operator==(const Entry&) const = default;
    };
    std::vector<Entry> numbers;  // by time, increasing; never more than before
    Provenance from;
};

struct Arm {
    std::string id, name, role, regimen;  // name: given, else the id
    std::optional<int> n_patients;
};

// What one analysis says of one arm.
struct ArmResult {
    std::string arm;  // id
    // Of the analysis, else of the trial's arm if the analysis is of whole arms: its population is not given or begins
    // with "intention to treat", and its endpoint is not DOR, which is of responders.
    std::optional<int> n_patients;
    Statistics events, median;
    std::vector<Milestone> milestones;  // by time, increasing
    std::vector<FollowUp> follow_up;    // of the arm, else of the analysis
    std::optional<NumbersAtRisk> at_risk;
    std::string pointer;
};

struct Contrast {
    std::string experimental, control;
    Statistics hazard_ratio;
    std::vector<PValue> p_values;
    std::string pointer;
};

struct Measure {
    std::string id, name, unit, arm, population;
    PrintedNumber value;
    std::optional<PrintedNumber> lower, upper;
    double level = 0.95;
    std::optional<double> time_months;
    Provenance from;
};

struct Analysis {
    std::string id, endpoint, label, population, data_cutoff, assessed_by;
    bool is_default = false;  // given; else the first analysis of its endpoint if none is marked
    std::optional<double> assessment_interval_weeks;
    Statistics crossover, events;
    std::vector<ArmResult> arms;  // in the order of the trial's arms
    std::vector<Contrast> contrasts;
    std::vector<Measure> measures;
    std::string pointer;
};

struct Response {
    std::string id, endpoint, population, arm, criterion, assessed_by, analysis;
    PrintedNumber rate;
    std::optional<int> responders, evaluable;
    std::optional<PrintedNumber> lower, upper;
    double level = 0.95;
    Provenance from;
};

// Names one number by ids, never by position. Empty parts are not given.
struct Place {
    std::string trial, analysis, arm;
    NamedStatistic statistic;
    std::string response, measure, claim, source;
    bool operator==(const Place&) const = default;
};

struct Claim {
    std::string id, kind, text, unit, direction, analysis;
    std::vector<Place> of;  // given; else the medians of the first contrast of `analysis`
    std::optional<PrintedNumber> value;
    Relation relation = Relation::greater;
    std::vector<std::pair<std::string, std::string>> stated;  // key, text
    Provenance from;
    std::string file;                           // where the claim is
    std::shared_ptr<const support::Json> json;  // as it was read, for writing it back
};

struct Note {
    std::string id, kind, text, rule;
    std::optional<Place> at;
    Provenance from;
    std::string file;                           // where the note is
    std::shared_ptr<const support::Json> json;  // as it was read, for writing it back
};

struct Trial {
    std::string id, drug_class, agent, design, phase, line, population;
    std::vector<std::string> aliases;
    std::optional<int> year;
    std::vector<Arm> arms;
    std::vector<Analysis> analyses;
    std::vector<Response> responses;
    std::vector<Measure> measures;
    std::vector<Claim> claims;
    std::vector<Note> notes;
    std::string file, pointer;                  // where the record is
    std::shared_ptr<const support::Json> json;  // the record as it was read, for writing it back
    SharedSources sources;                      // those of the document that the record is in

    // A meta-analysis: its estimates are between studies, not of the patients of one curve.
    [[nodiscard]] bool pools_studies() const { return design == "pooled"; }
    [[nodiscard]] const Arm* find_arm(const std::string& arm_id) const;
    [[nodiscard]] const Analysis* find_analysis(const std::string& analysis_id) const;
};

// The regimen of an arm ("T-DXd", "P+T+D") if no other arm of the trial has it, else its name; the id of an arm that
// has neither.
[[nodiscard]] std::string arm_label(const Trial& trial, const std::string& arm_id);

// Claims and notes that are in a document, across trials.
struct Catalogue {
    std::string title;
    std::map<std::string, Source> sources;
    std::vector<Trial> trials;
    std::vector<Claim> claims;
    std::vector<Note> notes;
    std::string file;  // of the document that gave the title, else of the first one

    [[nodiscard]] const Trial* find_trial(const std::string& trial_id) const;  // exact id
};

// ---- places.cpp ----

// What a place leads to: the number that it names by ids.

struct Destination {
    // The place leads to `trial`, which is not known here: nothing can be said of it.
    bool unknown_trial = false;
    // Not empty: the place leads nowhere, and why.
    std::string problem, remedy;
    // The number, where the place names exactly one.
    std::optional<PrintedNumber> number;
    const Provenance* from = nullptr;  // of that number; null for an arm's `n` and if there is no number

    [[nodiscard]] bool leads_nowhere() const { return !problem.empty(); }
};

// Follows a place that is in `home`, or in a catalogue's own claims and notes (`home` null). `catalogue` holds the
// other trials (may be null). Trials are found by id in any case.
[[nodiscard]] Destination follow(const Place& place, const Trial* home, const Catalogue* catalogue);

// "analysis os-2015, arm placebo, median", for messages.
[[nodiscard]] std::string describe(const Place& place);

}  // namespace hersurv::catalogue
