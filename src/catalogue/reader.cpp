// Reading one document. Each function below reads one object of docs/catalogue-format.md; the keys that it knows stand
// in its first lines.
#include "hersurv/catalogue/reader.hpp"

#include "hersurv/catalogue/library.hpp"
#include "hersurv/catalogue/places.hpp"
#include "hersurv/support/number_text.hpp"

#include "fields.hpp"
#include "merge.hpp"
#include "text.hpp"
#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <unordered_map>
#include <utility>

namespace hersurv::catalogue {
namespace {

using support::Json;

constexpr std::string_view format_name = "hersurv-catalogue";
constexpr double format_version = 1;

template <class... Texts>
constexpr auto words(Texts... texts) {
    return std::array<std::string_view, sizeof...(Texts)>{std::string_view(texts)...};
}

constexpr auto source_kinds =
    words("review", "primary", "label", "registry", "conference", "release", "news", "hta", "secondary");
constexpr auto designs = words("randomised", "single-arm", "pooled", "retrospective", "observational");
constexpr auto roles = words("experimental", "control", "single");
constexpr auto endpoints = words("OS", "PFS", "CNS-PFS", "TTP", "PFS2", "DOR");
constexpr auto response_endpoints = words("ORR", "ORR-IC", "CBR");
constexpr auto assessors = words("BICR", "investigator");
constexpr auto limits_transforms = words("log-log", "log", "linear");
constexpr auto relations = words("=", "<", "<=", ">", ">=");
constexpr auto claim_relations = words(">", ">=", "<", "<=");
constexpr auto directions = words("increasing", "decreasing");
constexpr auto note_kinds = words("discrepancy", "remark", "correction", "data", "crossover");

Relation relation_of(std::string_view text) {
    if (text == "<") return Relation::less;
    if (text == "<=") return Relation::less_equal;
    if (text == ">") return Relation::greater;
    if (text == ">=") return Relation::greater_equal;
    return Relation::equal;
}

// Names that must not come twice, in any case of their letters.
class Names {
  public:
    Names(std::string what, FaultLog& log) : what_(std::move(what)), log_(log) {}
    void add(const std::string& name, const std::string& pointer) {
        if (name.empty()) return;
        const auto [first, added] = seen_.emplace(folded(name), pointer);
        if (!added) {
            log_.add(pointer, "the " + what_ + " \"" + name + "\" is taken by " + first->second,
                     "give it another name");
        }
    }

  private:
    std::string what_;
    FaultLog& log_;
    std::unordered_map<std::string, std::string> seen_;
};

// What the records of one trial are checked against while they are read.
struct TrialContext {
    const Trial& trial;
    bool arms_known = false;  // the list of arms could be read, so that an arm that is not in it does not exist
};

class DocumentReader {
  public:
    explicit DocumentReader(FaultLog& log) : log_(log) {}
    Catalogue read(const Json& document);

  private:
    std::map<std::string, Source> read_sources(const Json::Object& members, const std::string& pointer);
    Provenance read_provenance(const Fields& fields, bool is_number);
    Statistic read_statistic(const Fields& fields, std::string_view value_key, const Quantity& quantity,
                             Presence presence);
    template <class Record, class ReadOne>
    std::vector<Record> one_or_list(const Fields& parent, std::string_view key, ReadOne read_one);
    Statistics read_median(const Fields& parent);
    Statistics read_plain(const Fields& parent, std::string_view key, const Quantity& quantity);
    Statistics read_hazard_ratio(const Fields& parent);
    std::vector<PValue> read_p_values(const Fields& parent);
    std::vector<FollowUp> read_follow_up(const Fields& parent);
    std::vector<Milestone> read_milestones(const Fields& parent);
    LimitsTransform read_limits(const Fields& fields);
    std::string read_arm_name(const Fields& fields, std::string_view key, const TrialContext& context,
                              Presence presence);
    void check_arm(const std::string& arm, const std::string& pointer, const TrialContext& context);
    Arm read_arm(const Json& json, const std::string& pointer);
    ArmResult read_arm_result(const std::string& arm, const Json& json, const std::string& pointer,
                              const TrialContext& context);
    Contrast read_contrast(const Json& json, const std::string& pointer, const TrialContext& context);
    Analysis read_analysis(const Json& json, const std::string& pointer, const TrialContext& context);
    Response read_response(const Json& json, const std::string& pointer, const TrialContext& context);
    Measure read_measure(const Json& json, const std::string& pointer, const TrialContext& context);
    Place read_place(const Json& json, const std::string& pointer);
    Claim read_claim(const Json& json, const std::string& pointer, const Trial* trial);
    void expand_analysis(Claim& claim, const Fields& fields, const Trial* trial);
    void check_claim_places(const Claim& claim, const Fields& fields);
    const Quantity& claim_quantity(const Claim& claim, const Trial* trial);
    Note read_note(const Json& json, const std::string& pointer);
    void read_date(const Fields& fields, std::string& date);
    void mark_defaults(Trial& trial);
    Trial read_trial(const Json& json, const std::string& pointer);
    template <class ReadOne>
    void each(const Json::Array* list, const std::string& pointer, ReadOne read_one);

    FaultLog& log_;
    std::map<std::string, Source> sources_;
    bool sources_given_ = false;
};

template <class ReadOne>
void DocumentReader::each(const Json::Array* list, const std::string& pointer, ReadOne read_one) {
    if (!list) return;
    for (std::size_t i = 0; i < list->size(); ++i) read_one((*list)[i], support::pointer_append(pointer, i));
}

std::map<std::string, Source> DocumentReader::read_sources(const Json::Object& members, const std::string& pointer) {
    static constexpr auto keys = words("citation", "doi", "pmid", "nct", "url", "year", "kind", "note");
    std::map<std::string, Source> sources;
    for (const auto& [key, json] : members) {
        const std::string at = support::pointer_append(pointer, key);
        check_identifier(key, at, log_);
        const Fields fields(json, at, keys, log_);
        Source source;
        source.key = key;
        source.citation = fields.text("citation", Presence::required);
        source.doi = fields.text("doi");
        source.pmid = fields.text("pmid");
        source.nct = fields.text("nct");
        source.url = fields.text("url");
        source.year = fields.integer("year", quantity::year);
        source.kind = fields.choice("kind", source_kinds);
        source.note = fields.text("note");
        sources.emplace(key, std::move(source));
    }
    return sources;
}

// `is_number`: the object gives a number, which needs a source as soon as the document has any.
Provenance DocumentReader::read_provenance(const Fields& fields, bool is_number) {
    Provenance from;
    from.pointer = fields.pointer();
    from.source = fields.identifier("source");
    from.line = fields.integer("line", quantity::line);
    from.note = is_number ? fields.text("note") : "";
    from.approximate = is_number && fields.truth("approximate").value_or(false);
    std::vector<std::string> known;
    for (const auto& [key, source] : sources_) known.push_back(key);
    if (!from.source.empty() && !sources_.contains(from.source)) {
        fields.fault("source", "the source \"" + from.source + "\" is not in \"sources\"",
                     did_you_mean(from.source, known, "add it to the document's sources"));
    } else if (is_number && sources_given_ && fields.is_object() && !fields.find("source")) {
        log_.add(fields.pointer(), "\"source\" is missing",
                 "name one of the document's sources, of which every number has one");
    }
    return from;
}

Statistic DocumentReader::read_statistic(const Fields& fields, std::string_view value_key, const Quantity& quantity,
                                         Presence presence) {
    Statistic statistic;
    const std::optional<int> decimals = fields.integer("decimals", quantity::decimals);
    statistic.value = fields.printed(value_key, quantity, decimals, presence).value_or(PrintedNumber{});
    statistic.lower = fields.printed("lower", quantity, decimals);
    statistic.upper = fields.printed("upper", quantity, decimals);
    statistic.level = fields.number("level", quantity::level).value_or(statistic.level);
    statistic.from = read_provenance(fields, true);
    return statistic;
}

// A statistic is one object, or a list of such objects where several sources print it.
template <class Record, class ReadOne>
std::vector<Record> DocumentReader::one_or_list(const Fields& parent, std::string_view key, ReadOne read_one) {
    std::vector<Record> records;
    const Json* found = parent.find(key);
    if (!found) return records;
    const std::string pointer = parent.pointer_of(key);
    if (const Json::Array* list = found->if_array()) {
        if (list->empty()) log_.add(pointer, "the list is empty", "leave the key out where nothing is reported");
        each(list, pointer, [&](const Json& json, const std::string& at) { records.push_back(read_one(json, at)); });
    } else if (found->if_object()) {
        records.push_back(read_one(*found, pointer));
    } else {
        log_.add(pointer, std::string(found->kind()) + " stands where a statistic is expected",
                 found->if_number()
                     ? "write {\"value\": " + support::shortest(*found->if_number()) + "}"
                     : "write an object, or a list of objects; leave the key out where nothing is reported");
    }
    return records;
}

LimitsTransform DocumentReader::read_limits(const Fields& fields) {
    const std::string text = fields.choice("limits", limits_transforms);
    if (text == "log") return LimitsTransform::log;
    if (text == "linear") return LimitsTransform::linear;
    return LimitsTransform::log_log;
}

Statistics DocumentReader::read_median(const Fields& parent) {
    static constexpr auto keys =
        words("value", "lower", "upper", "level", "limits", "source", "line", "decimals", "note", "approximate");
    return one_or_list<Statistic>(parent, "median", [&](const Json& json, const std::string& pointer) {
        const Fields fields(json, pointer, keys, log_);
        Statistic statistic = read_statistic(fields, "value", quantity::months, Presence::required);
        statistic.limits = read_limits(fields);
        return statistic;
    });
}

Statistics DocumentReader::read_plain(const Fields& parent, std::string_view key, const Quantity& quantity) {
    static constexpr auto keys =
        words("value", "lower", "upper", "level", "source", "line", "decimals", "note", "approximate");
    return one_or_list<Statistic>(parent, key, [&](const Json& json, const std::string& pointer) {
        return read_statistic(Fields(json, pointer, keys, log_), "value", quantity, Presence::required);
    });
}

Statistics DocumentReader::read_hazard_ratio(const Fields& parent) {
    static constexpr auto keys = words("value", "lower", "upper", "level", "stratified", "adjusted", "source", "line",
                                       "decimals", "note", "approximate");
    return one_or_list<Statistic>(parent, "hazard_ratio", [&](const Json& json, const std::string& pointer) {
        const Fields fields(json, pointer, keys, log_);
        Statistic statistic = read_statistic(fields, "value", quantity::hazard_ratio, Presence::required);
        statistic.stratified = fields.truth("stratified");
        statistic.adjusted = fields.truth("adjusted");
        return statistic;
    });
}

std::vector<PValue> DocumentReader::read_p_values(const Fields& parent) {
    static constexpr auto keys =
        words("value", "relation", "test", "source", "line", "decimals", "note", "approximate");
    return one_or_list<PValue>(parent, "p_value", [&](const Json& json, const std::string& pointer) {
        const Fields fields(json, pointer, keys, log_);
        PValue p;
        p.value =
            fields
                .printed("value", quantity::p_value, fields.integer("decimals", quantity::decimals), Presence::required)
                .value_or(PrintedNumber{});
        p.relation = relation_of(fields.choice("relation", relations));
        p.test = fields.text("test");
        p.from = read_provenance(fields, true);
        return p;
    });
}

std::vector<FollowUp> DocumentReader::read_follow_up(const Fields& parent) {
    static constexpr auto keys =
        words("median", "range", "quartiles", "source", "line", "decimals", "note", "approximate");
    return one_or_list<FollowUp>(parent, "follow_up", [&](const Json& json, const std::string& pointer) {
        const Fields fields(json, pointer, keys, log_);
        FollowUp follow_up;
        follow_up.median_months =
            fields
                .printed("median", quantity::months, fields.integer("decimals", quantity::decimals), Presence::required)
                .value_or(PrintedNumber{});
        follow_up.range_months = fields.pair("range", quantity::months);
        follow_up.quartiles_months = fields.pair("quartiles", quantity::months);
        follow_up.from = read_provenance(fields, true);
        return follow_up;
    });
}

// Entries of the same time are the same statistic from several sources.
std::vector<Milestone> DocumentReader::read_milestones(const Fields& parent) {
    static constexpr auto keys = words("time", "survival", "lower", "upper", "level", "limits", "source", "line",
                                       "decimals", "note", "approximate");
    std::vector<Milestone> milestones;
    each(parent.list("milestones"), parent.pointer_of("milestones"), [&](const Json& json, const std::string& pointer) {
        const Fields fields(json, pointer, keys, log_);
        const std::optional<double> time = fields.number("time", quantity::months, Presence::required);
        Statistic survival = read_statistic(fields, "survival", quantity::probability_or_word, Presence::required);
        survival.limits = read_limits(fields);
        if (!time) return;
        const auto same = std::find_if(milestones.begin(), milestones.end(),
                                       [&](const Milestone& m) { return m.time_months == *time; });
        if (same != milestones.end()) {
            same->survival.push_back(std::move(survival));
        } else {
            milestones.push_back(Milestone{*time, {std::move(survival)}});
        }
    });
    std::stable_sort(milestones.begin(), milestones.end(),
                     [](const Milestone& a, const Milestone& b) { return a.time_months < b.time_months; });
    return milestones;
}

void DocumentReader::check_arm(const std::string& arm, const std::string& pointer, const TrialContext& context) {
    if (arm.empty() || !context.arms_known || context.trial.find_arm(arm)) return;
    std::vector<std::string> known;
    for (const Arm& each_arm : context.trial.arms) known.push_back(each_arm.id);
    log_.add(
        pointer, "the trial has no arm \"" + arm + "\"",
        did_you_mean(arm, known, known.empty() ? "add it to the trial's arms" : "its arms are " + alternatives(known)));
}

std::string DocumentReader::read_arm_name(const Fields& fields, std::string_view key, const TrialContext& context,
                                          Presence presence) {
    std::string arm = fields.identifier(key, presence);
    check_arm(arm, fields.pointer_of(key), context);
    return arm;
}

Arm DocumentReader::read_arm(const Json& json, const std::string& pointer) {
    static constexpr auto keys = words("id", "name", "role", "regimen", "n");
    const Fields fields(json, pointer, keys, log_);
    Arm arm;
    arm.id = fields.identifier("id", Presence::required);
    arm.name = fields.text("name");
    if (arm.name.empty()) arm.name = arm.id;
    arm.role = fields.choice("role", roles);
    arm.regimen = fields.text("regimen");
    arm.n_patients = fields.integer("n", quantity::patients);
    return arm;
}

ArmResult DocumentReader::read_arm_result(const std::string& arm, const Json& json, const std::string& pointer,
                                          const TrialContext& context) {
    static constexpr auto keys = words("n", "events", "median", "milestones", "follow_up");
    check_arm(arm, pointer, context);
    const Fields fields(json, pointer, keys, log_);
    ArmResult result;
    result.arm = arm;
    result.pointer = pointer;
    result.n_patients = fields.integer("n", quantity::patients);
    result.events = read_plain(fields, "events", quantity::count);
    result.median = read_median(fields);
    result.milestones = read_milestones(fields);
    result.follow_up = read_follow_up(fields);
    return result;
}

Contrast DocumentReader::read_contrast(const Json& json, const std::string& pointer, const TrialContext& context) {
    static constexpr auto keys = words("experimental", "control", "hazard_ratio", "p_value");
    const Fields fields(json, pointer, keys, log_);
    Contrast contrast;
    contrast.pointer = pointer;
    contrast.experimental = read_arm_name(fields, "experimental", context, Presence::required);
    contrast.control = read_arm_name(fields, "control", context, Presence::required);
    if (!contrast.experimental.empty() && contrast.experimental == contrast.control) {
        log_.add(pointer, "arm \"" + contrast.control + "\" is contrasted with itself", "name two different arms");
    }
    contrast.hazard_ratio = read_hazard_ratio(fields);
    contrast.p_values = read_p_values(fields);
    return contrast;
}

// YYYY, YYYY-MM or YYYY-MM-DD, and a day that exists.
void DocumentReader::read_date(const Fields& fields, std::string& date) {
    date = fields.text("data_cutoff");
    if (date.empty() && !fields.find("data_cutoff")) return;
    if (fields.find("data_cutoff")->if_string() == nullptr) return;
    const std::string_view shape = "0000-00-00";
    bool valid = date.size() == 4 || date.size() == 7 || date.size() == 10;
    for (std::size_t i = 0; valid && i < date.size(); ++i) {
        valid = shape[i] == '-' ? date[i] == '-' : date[i] >= '0' && date[i] <= '9';
    }
    if (valid) {
        const auto part = [&](std::size_t from, std::size_t length) {
            return date.size() >= from + length ? std::stoi(date.substr(from, length)) : 1;
        };
        using namespace std::chrono;
        valid = year_month_day(year(part(0, 4)), month(static_cast<unsigned>(part(5, 2))),
                               day(static_cast<unsigned>(part(8, 2))))
                    .ok();
    }
    if (!valid) fields.fault("data_cutoff", "\"" + date + "\" is no date", "write YYYY, YYYY-MM or YYYY-MM-DD");
}

// The number of patients of an arm is that of its analyses only where these are of the whole arm: not of a subgroup,
// which names its population, and not of a duration of response, which is the responders'.
bool speaks_of_whole_arms(const Analysis& analysis) {
    return analysis.endpoint != "DOR" &&
           (analysis.population.empty() || glob_match("intention to treat*", analysis.population));
}

Analysis DocumentReader::read_analysis(const Json& json, const std::string& pointer, const TrialContext& context) {
    static constexpr auto keys =
        words("id", "endpoint", "label", "population", "data_cutoff", "default", "follow_up", "assessed_by",
              "assessment_interval_weeks", "crossover", "events", "arms", "contrasts", "measures");
    const Fields fields(json, pointer, keys, log_);
    Analysis analysis;
    analysis.pointer = pointer;
    analysis.id = fields.identifier("id", Presence::required);
    analysis.endpoint = fields.choice("endpoint", endpoints, Presence::required);
    analysis.label = fields.text("label");
    analysis.population = fields.text("population");
    read_date(fields, analysis.data_cutoff);
    analysis.is_default = fields.truth("default").value_or(false);
    analysis.assessed_by = fields.choice("assessed_by", assessors);
    analysis.assessment_interval_weeks = fields.number("assessment_interval_weeks", quantity::weeks);
    analysis.crossover = read_plain(fields, "crossover", quantity::probability);
    analysis.events = read_plain(fields, "events", quantity::count);
    const std::vector<FollowUp> follow_up = read_follow_up(fields);
    if (const Json::Object* members = fields.object("arms", Presence::required)) {
        const std::string at = fields.pointer_of("arms");
        for (const auto& [arm, value] : *members) {
            ArmResult result = read_arm_result(arm, value, support::pointer_append(at, arm), context);
            if (result.follow_up.empty()) result.follow_up = follow_up;
            if (!result.n_patients && speaks_of_whole_arms(analysis)) {
                if (const Arm* of_trial = context.trial.find_arm(arm)) result.n_patients = of_trial->n_patients;
            }
            analysis.arms.push_back(std::move(result));
        }
    }
    const auto position = [&](const ArmResult& result) {
        const auto& arms = context.trial.arms;
        return std::find_if(arms.begin(), arms.end(), [&](const Arm& arm) { return arm.id == result.arm; }) -
               arms.begin();
    };
    std::stable_sort(analysis.arms.begin(), analysis.arms.end(),
                     [&](const ArmResult& a, const ArmResult& b) { return position(a) < position(b); });
    Names pairs("contrast", log_);
    each(fields.list("contrasts"), fields.pointer_of("contrasts"), [&](const Json& value, const std::string& at) {
        Contrast contrast = read_contrast(value, at, context);
        if (!contrast.experimental.empty() && !contrast.control.empty())
            pairs.add(contrast.experimental + " v " + contrast.control, at);
        analysis.contrasts.push_back(std::move(contrast));
    });
    each(fields.list("measures"), fields.pointer_of("measures"), [&](const Json& value, const std::string& at) {
        analysis.measures.push_back(read_measure(value, at, context));
    });
    return analysis;
}

Response DocumentReader::read_response(const Json& json, const std::string& pointer, const TrialContext& context) {
    static constexpr auto keys =
        words("id", "endpoint", "population", "arm", "rate", "responders", "evaluable", "lower", "upper", "level",
              "criterion", "assessed_by", "analysis", "source", "line", "decimals", "approximate", "note");
    const Fields fields(json, pointer, keys, log_);
    Response response;
    response.id = fields.identifier("id");
    response.endpoint = fields.choice("endpoint", response_endpoints, Presence::required);
    response.population = fields.text("population");
    response.arm = read_arm_name(fields, "arm", context, Presence::optional);
    response.criterion = fields.text("criterion");
    response.assessed_by = fields.choice("assessed_by", assessors);
    response.analysis = fields.text("analysis");
    Statistic rate = read_statistic(fields, "rate", quantity::probability_or_word, Presence::required);
    response.rate = rate.value;
    response.lower = rate.lower;
    response.upper = rate.upper;
    response.level = rate.level;
    response.from = std::move(rate.from);
    response.responders = fields.integer("responders", quantity::count);
    response.evaluable = fields.integer("evaluable", quantity::patients);
    return response;
}

Measure DocumentReader::read_measure(const Json& json, const std::string& pointer, const TrialContext& context) {
    static constexpr auto keys = words("id", "name", "value", "lower", "upper", "level", "unit", "time", "arm",
                                       "population", "approximate", "source", "line", "decimals", "note");
    const Fields fields(json, pointer, keys, log_);
    Measure measure;
    measure.id = fields.identifier("id");
    measure.name = fields.text("name", Presence::required);
    measure.unit = fields.text("unit", Presence::required);
    measure.arm = read_arm_name(fields, "arm", context, Presence::optional);
    measure.population = fields.text("population");
    measure.time_months = fields.number("time", quantity::months);
    const bool is_count = measure.unit == "patients" || measure.unit == "events" || measure.unit == "studies";
    const bool is_time = measure.unit == "months" || measure.unit == "years";
    const Quantity& quantity = measure.unit == "proportion" ? quantity::probability_or_word
                               : is_count                   ? quantity::count
                               : is_time                    ? quantity::months
                                                            : quantity::any;
    Statistic statistic = read_statistic(fields, "value", quantity, Presence::required);
    measure.value = statistic.value;
    measure.lower = statistic.lower;
    measure.upper = statistic.upper;
    measure.level = statistic.level;
    measure.from = std::move(statistic.from);
    return measure;
}

Place DocumentReader::read_place(const Json& json, const std::string& pointer) {
    static constexpr auto keys =
        words("trial", "analysis", "arm", "statistic", "response", "measure", "claim", "source");
    const Fields fields(json, pointer, keys, log_);
    Place place;
    place.trial = fields.identifier("trial");
    place.analysis = fields.identifier("analysis");
    place.arm = fields.identifier("arm");
    place.statistic = fields.identifier("statistic");
    place.response = fields.identifier("response");
    place.measure = fields.identifier("measure");
    place.claim = fields.identifier("claim");
    place.source = fields.identifier("source");
    return place;
}

// What a claim of each kind needs, so that a member that nothing would look at is a fault and not silence.
struct ClaimKind {
    std::string_view kind;
    std::size_t fewest_places, most_places;
    bool has_value;
    std::optional<StatisticKey::Kind> statistic;  // that its places may name; absent: any
    std::string_view says;
};
constexpr std::size_t no_bound = static_cast<std::size_t>(-1);
constexpr std::array<ClaimKind, 7> claim_kinds = {{
    {"median-difference", 2, 2, true, StatisticKey::Kind::median, "two medians, or \"analysis\" alone"},
    {"rate-difference", 2, 2, true, StatisticKey::Kind::milestone, "two milestones or responses"},
    {"ratio", 2, 2, true, std::nullopt, "two places"},
    {"percent-reduction", 1, 2, true, std::nullopt, "one hazard ratio, or two places"},
    {"exceeds", 1, no_bound, true, std::nullopt, "one place or more"},
    {"trend", 2, no_bound, false, std::nullopt, "two places or more, in the order told"},
    {"restatement", 1, 1, true, std::nullopt, "one place"},
}};

constexpr auto claim_kind_names() {
    std::array<std::string_view, claim_kinds.size()> names;
    for (std::size_t i = 0; i < names.size(); ++i) names[i] = claim_kinds[i].kind;
    return names;
}

// The two medians of the first contrast of a `median-difference` that names an analysis only.
void DocumentReader::expand_analysis(Claim& claim, const Fields& fields, const Trial* trial) {
    if (!trial) {
        fields.fault("analysis", "a claim across trials has no analysis of its own", "give \"of\" with two places");
        return;
    }
    const Analysis* analysis = trial->find_analysis(claim.analysis);
    if (!analysis) {
        std::vector<std::string> known;
        for (const Analysis& each_analysis : trial->analyses) known.push_back(each_analysis.id);
        fields.fault("analysis", "the trial has no analysis \"" + claim.analysis + "\"",
                     did_you_mean(claim.analysis, known, "its analyses are " + alternatives(known)));
        return;
    }
    if (analysis->contrasts.empty()) {
        fields.fault("analysis", "analysis \"" + claim.analysis + "\" has no contrast",
                     "give \"of\" with the two medians instead");
        return;
    }
    for (const std::string& arm : {analysis->contrasts.front().experimental, analysis->contrasts.front().control}) {
        Place place;
        place.analysis = claim.analysis;
        place.arm = arm;
        place.statistic = "median";
        claim.of.push_back(std::move(place));
    }
}

// Whether the places of a claim are of the sort that its kind speaks of.
void DocumentReader::check_claim_places(const Claim& claim, const Fields& fields) {
    const auto kind = std::find_if(claim_kinds.begin(), claim_kinds.end(),
                                   [&](const ClaimKind& row) { return row.kind == claim.kind; });
    if (kind == claim_kinds.end()) return;
    const std::string wanted = "\"" + claim.kind + "\" is a claim about " + std::string(kind->says);
    if (claim.of.size() < kind->fewest_places || claim.of.size() > kind->most_places) {
        fields.fault("of", std::to_string(claim.of.size()) + " places", wanted);
        return;
    }
    for (std::size_t i = 0; i < claim.of.size(); ++i) {
        const Place& place = claim.of[i];
        const std::string pointer = support::pointer_append(fields.pointer_of("of"), i);
        if (place.statistic.empty() && place.response.empty() && place.measure.empty() && place.claim.empty()) {
            log_.add(pointer, "the place names no number", "name a statistic, a response, a measure or a claim");
            continue;
        }
        const std::optional<StatisticKey> key = parse_statistic(place.statistic);
        const bool response_in_median = claim.kind == "median-difference" && !place.response.empty();
        const bool other_statistic = kind->statistic && key && key->kind != *kind->statistic;
        const bool no_hazard_ratio =
            claim.kind == "percent-reduction" && claim.of.size() == 1 &&
            (!place.response.empty() || (key && key->kind != StatisticKey::Kind::hazard_ratio));
        if (response_in_median || other_statistic || no_hazard_ratio)
            log_.add(pointer, "the place names " + describe(place), wanted);
    }
}

// What the value of a claim may be: that of the numbers it speaks of.
const Quantity& DocumentReader::claim_quantity(const Claim& claim, const Trial* trial) {
    if (claim.kind == "rate-difference") return quantity::difference_of_probabilities;
    if (claim.kind == "percent-reduction") return quantity::probability;
    if (claim.kind != "restatement" && claim.kind != "exceeds") return quantity::any;
    if (claim.unit == "proportion") return quantity::probability_or_word;
    for (const Place& place : claim.of) {
        if (const std::optional<StatisticKey> key = parse_statistic(place.statistic)) {
            using Kind = StatisticKey::Kind;
            switch (key->kind) {
                case Kind::hazard_ratio:
                    return quantity::hazard_ratio;
                case Kind::milestone:
                case Kind::crossover:
                    return quantity::probability_or_word;
                case Kind::median:
                case Kind::follow_up:
                    return quantity::months;
                case Kind::p_value:
                    return quantity::p_value;
                case Kind::n_patients:
                case Kind::events:
                    return quantity::count;
            }
        }
        if (!place.response.empty()) return quantity::probability_or_word;
        if (!place.measure.empty() && trial && place.trial.empty()) {
            const auto is_proportion = [&](const std::vector<Measure>& measures) {
                return std::any_of(measures.begin(), measures.end(),
                                   [&](const Measure& m) { return m.id == place.measure && m.unit == "proportion"; });
            };
            if (is_proportion(trial->measures) ||
                std::any_of(trial->analyses.begin(), trial->analyses.end(),
                            [&](const Analysis& a) { return is_proportion(a.measures); })) {
                return quantity::probability_or_word;
            }
        }
    }
    return quantity::any;
}

Claim DocumentReader::read_claim(const Json& json, const std::string& pointer, const Trial* trial) {
    static constexpr auto keys = words("id", "kind", "source", "line", "text", "of", "analysis", "value", "unit",
                                       "decimals", "approximate", "relation", "direction", "stated");
    static constexpr auto stated_keys =
        words("population", "endpoint", "label", "time", "trial", "phase", "year", "evaluable");
    static constexpr auto stated_numbers = words("time", "year", "evaluable");
    static constexpr auto kinds = claim_kind_names();
    const Fields fields(json, pointer, keys, log_);
    Claim claim;
    claim.file = log_.file();
    claim.json = std::make_shared<const Json>(json);
    claim.id = fields.identifier("id", Presence::required);
    claim.kind = fields.choice("kind", kinds, Presence::required);
    claim.text = fields.text("text");
    claim.unit = fields.text("unit");
    claim.from = read_provenance(fields, true);
    claim.analysis = fields.identifier("analysis");
    const bool expands = claim.kind == "median-difference" && fields.find("analysis") && !fields.find("of");
    each(fields.list("of", expands ? Presence::optional : Presence::required), fields.pointer_of("of"),
         [&](const Json& place, const std::string& at) { claim.of.push_back(read_place(place, at)); });
    if (expands) {
        expand_analysis(claim, fields, trial);
    } else if (fields.find("of") && fields.find("of")->if_array()) {
        check_claim_places(claim, fields);
    }
    // A member that belongs to another kind of claim would never be looked at.
    const auto only_of = [&](std::string_view key, bool belongs) {
        if (belongs || claim.kind.empty() || !fields.find(key)) return;
        fields.fault(key, "a claim of the kind \"" + claim.kind + "\" has no \"" + std::string(key) + "\"",
                     "take it out");
    };
    only_of("analysis", expands);
    only_of("value", claim.kind != "trend");
    only_of("relation", claim.kind == "exceeds");
    only_of("direction", claim.kind == "trend");
    only_of("stated", claim.kind == "restatement");
    const std::optional<int> decimals = fields.integer("decimals", quantity::decimals);
    const bool needs_value = !claim.kind.empty() && claim.kind != "trend";
    claim.value = fields.printed("value", claim_quantity(claim, trial), decimals,
                                 needs_value ? Presence::required : Presence::optional);
    if (claim.value && !claim.value->is_number() && claim.kind != "restatement") {
        fields.fault("value", "\"NR\" and \"NE\" are no value of a claim of the kind \"" + claim.kind + "\"",
                     "write a number");
    }
    if (const std::string relation = fields.choice("relation", claim_relations); !relation.empty())
        claim.relation = relation_of(relation);
    claim.direction =
        fields.choice("direction", directions, claim.kind == "trend" ? Presence::required : Presence::optional);
    if (fields.object("stated")) {
        const Fields stated(*fields.find("stated"), fields.pointer_of("stated"), stated_keys, log_);
        for (const std::string_view key : stated_keys) {
            const Json* found = stated.find(key);
            if (!found) continue;
            if (found->if_number() && std::ranges::find(stated_numbers, key) != stated_numbers.end()) {
                claim.stated.emplace_back(key, support::shortest(*found->if_number()));
            } else {
                claim.stated.emplace_back(key, stated.text(key));
            }
        }
        if (fields.object("stated")->empty())
            fields.fault("stated", "it says nothing", "leave it out where nothing differs");
    }
    return claim;
}

Note DocumentReader::read_note(const Json& json, const std::string& pointer) {
    static constexpr auto keys = words("id", "kind", "text", "at", "rule", "source", "line");
    const Fields fields(json, pointer, keys, log_);
    Note note;
    note.file = log_.file();
    note.json = std::make_shared<const Json>(json);
    note.id = fields.identifier("id");
    note.kind = fields.choice("kind", note_kinds, Presence::required);
    note.text = fields.text("text", Presence::required);
    note.rule = fields.identifier("rule");
    if (const Json* at = fields.find("at")) note.at = read_place(*at, fields.pointer_of("at"));
    note.from = read_provenance(fields, false);
    return note;
}

// One default analysis an endpoint: the one that is marked, else the first.
void DocumentReader::mark_defaults(Trial& trial) {
    std::map<std::string, Analysis*> marked, first;
    for (Analysis& analysis : trial.analyses) {
        if (analysis.endpoint.empty()) continue;
        first.emplace(analysis.endpoint, &analysis);
        if (!analysis.is_default) continue;
        const auto [other, added] = marked.emplace(analysis.endpoint, &analysis);
        if (!added) {
            log_.add(support::pointer_append(analysis.pointer, "default"),
                     "a second default analysis of " + analysis.endpoint + " beside \"" + other->second->id + "\"",
                     "mark one analysis per endpoint");
        }
    }
    for (const auto& [endpoint, analysis] : first) {
        if (!marked.contains(endpoint)) analysis->is_default = true;
    }
}

Trial DocumentReader::read_trial(const Json& json, const std::string& pointer) {
    static constexpr auto keys = words("id", "aliases", "drug_class", "agent", "design", "phase", "line", "population",
                                       "year", "arms", "analyses", "responses", "measures", "claims", "notes");
    const Fields fields(json, pointer, keys, log_);
    Trial trial;
    trial.file = log_.file();
    trial.pointer = pointer;
    trial.json = std::make_shared<const Json>(json);
    trial.sources = sources_;
    trial.id = fields.identifier("id", Presence::required);
    each(fields.list("aliases"), fields.pointer_of("aliases"), [&](const Json& alias, const std::string& at) {
        if (const std::string* text = alias.if_string()) {
            if (check_identifier(*text, at, log_)) trial.aliases.push_back(*text);
        } else {
            log_.add(at, std::string(alias.kind()) + " stands where text is expected",
                     "write another name of the trial");
        }
    });
    trial.drug_class = fields.text("drug_class");
    trial.agent = fields.text("agent");
    trial.design = fields.choice("design", designs);
    trial.phase = fields.text("phase");
    trial.line = fields.text("line");
    trial.population = fields.text("population");
    trial.year = fields.integer("year", quantity::year);

    Names arm_ids("arm", log_), analysis_ids("analysis", log_), response_ids("response", log_),
        measure_ids("measure", log_), claim_ids("claim", log_), note_ids("note", log_);
    const Json::Array* arms = fields.list("arms", Presence::required);
    each(arms, fields.pointer_of("arms"), [&](const Json& value, const std::string& at) {
        trial.arms.push_back(read_arm(value, at));
        arm_ids.add(trial.arms.back().id, support::pointer_append(at, "id"));
    });
    const TrialContext context{trial, arms != nullptr};
    const auto add_measure_ids = [&](const std::vector<Measure>& measures) {
        for (const Measure& measure : measures)
            measure_ids.add(measure.id, support::pointer_append(measure.from.pointer, "id"));
    };
    each(fields.list("analyses", Presence::required), fields.pointer_of("analyses"),
         [&](const Json& value, const std::string& at) {
             trial.analyses.push_back(read_analysis(value, at, context));
             analysis_ids.add(trial.analyses.back().id, support::pointer_append(at, "id"));
             add_measure_ids(trial.analyses.back().measures);
         });
    mark_defaults(trial);
    each(fields.list("responses"), fields.pointer_of("responses"), [&](const Json& value, const std::string& at) {
        trial.responses.push_back(read_response(value, at, context));
        response_ids.add(trial.responses.back().id, support::pointer_append(at, "id"));
    });
    each(fields.list("measures"), fields.pointer_of("measures"),
         [&](const Json& value, const std::string& at) { trial.measures.push_back(read_measure(value, at, context)); });
    add_measure_ids(trial.measures);
    each(fields.list("claims"), fields.pointer_of("claims"), [&](const Json& value, const std::string& at) {
        trial.claims.push_back(read_claim(value, at, &trial));
        claim_ids.add(trial.claims.back().id, support::pointer_append(at, "id"));
    });
    each(fields.list("notes"), fields.pointer_of("notes"), [&](const Json& value, const std::string& at) {
        trial.notes.push_back(read_note(value, at));
        note_ids.add(trial.notes.back().id, support::pointer_append(at, "id"));
    });
    return trial;
}

Catalogue DocumentReader::read(const Json& document) {
    static constexpr auto keys = words("format", "version", "title", "sources", "trials", "claims", "notes");
    Catalogue catalogue;
    catalogue.file = log_.file();
    // A document of another format or version is not read against this one: its every key would be a fault.
    bool other = false;
    if (const Json* format = document.find("format");
        format && format->if_string() && *format->if_string() != format_name) {
        log_.add("/format", "the format is \"" + *format->if_string() + "\"",
                 "a catalogue's is \"" + std::string(format_name) + "\"");
        other = true;
    }
    if (const Json* version = document.find("version");
        version && version->if_number() && *version->if_number() != format_version) {
        log_.add("/version",
                 "the catalogue is of version " + support::shortest(*version->if_number()) +
                     ": this program reads version 1",
                 "use a newer program, or write version 1");
        other = true;
    }
    if (other) return catalogue;

    const Fields fields(document, "", keys, log_);
    static_cast<void>(fields.text("format", Presence::required));
    static_cast<void>(fields.number("version", quantity::any, Presence::required));
    catalogue.title = fields.text("title");
    if (const Json::Object* sources = fields.object("sources")) sources_ = read_sources(*sources, "/sources");
    sources_given_ = !sources_.empty();
    catalogue.sources = sources_;
    each(fields.list("trials", Presence::required), "/trials",
         [&](const Json& value, const std::string& at) { catalogue.trials.push_back(read_trial(value, at)); });
    each(fields.list("claims"), "/claims",
         [&](const Json& value, const std::string& at) { catalogue.claims.push_back(read_claim(value, at, nullptr)); });
    each(fields.list("notes"), "/notes",
         [&](const Json& value, const std::string& at) { catalogue.notes.push_back(read_note(value, at)); });

    const auto add = [&](std::vector<support::Fault> faults) {
        log_.faults.insert(log_.faults.end(), faults.begin(), faults.end());
    };
    add(check_names(catalogue));
    for (const Trial& trial : catalogue.trials) add(check_places(places_of(trial), catalogue));
    add(check_places(places_of(catalogue), catalogue));
    return catalogue;
}

}  // namespace

Catalogue read_document(std::string_view text, const std::string& file) {
    FaultLog log(file);
    const Json document = support::parse_json(text, file, log.faults);
    Catalogue catalogue = DocumentReader(log).read(document);
    if (!log.faults.empty()) throw support::InputError(std::move(log.faults));
    return catalogue;
}

std::vector<support::Fault> validate_document(std::string_view text, const std::string& file) {
    try {
        static_cast<void>(read_document(text, file));
    } catch (const support::InputError& error) {
        return error.faults();
    }
    return {};
}

}  // namespace hersurv::catalogue
