// Writes learnt constants into data/priors.json, and the document as text.
#include "learn_document.hpp"

#include "process/prior.hpp"
#include "support/number_text.hpp"
#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <utility>

namespace hersurv::bench {
namespace {

using support::Json;

constexpr int digits = 5;  // the curves determine no constant better, and it is the same whatever the compiler

double shortened(double value) { return support::rounded_to_digits(value, digits); }

void set(Json& object, std::initializer_list<std::pair<const char*, double>> numbers) {
    for (const auto& [key, value] : numbers) member(object, key) = shortened(value);
}

Json shortened_array(const std::vector<double>& values) {
    Json::Array array;
    for (const double value : values) array.emplace_back(shortened(value));
    return array;
}

// Shares with so many decimals that they add up to 1.
Json array_of_shares(const std::vector<double>& shares) {
    constexpr double unit = 1e-4;
    std::vector<long> units;
    for (const double share : shares) units.push_back(std::max(1L, std::lround(share / unit)));
    long sum = 0;
    for (const long count : units) sum += count;
    *std::max_element(units.begin(), units.end()) += std::lround(1 / unit) - sum;
    Json::Array array;
    for (const long count : units) array.emplace_back(support::rounded(static_cast<double>(count) * unit, 4));
    return array;
}

bool is_plain(const Json& value) { return value.if_object() == nullptr && value.if_array() == nullptr; }

std::string plain_text(const Json& value) {
    if (const double* number = value.if_number()) {
        // Without exponents, which not every reader of the constants knows.
        std::string text = support::shortest(*number);
        if (text.find('e') != std::string::npos) text = support::fixed(*number, support::decimals_of(*number));
        return text;
    }
    return support::write_json(value, -1);
}

void write(std::string& out, const Json& value, std::size_t depth) {
    if (is_plain(value)) {
        out += plain_text(value);
        return;
    }
    const Json::Object* object = value.if_object();
    const Json::Array* array = value.if_array();
    const auto plain_array = [](const Json& item) {
        const Json::Array* items = item.if_array();
        return is_plain(item) || (items != nullptr && std::all_of(items->begin(), items->end(), is_plain));
    };
    const bool one_line =
        object != nullptr
            ? std::all_of(object->begin(), object->end(), [](const Json::Member& m) { return is_plain(m.second); }) ||
                  (object->size() < 12 && depth > 3 &&
                   std::all_of(object->begin(), object->end(),
                               [&](const Json::Member& m) { return plain_array(m.second); }) &&
                   std::any_of(object->begin(), object->end(),
                               [](const Json::Member& m) { return is_plain(m.second); }))
            : std::all_of(array->begin(), array->end(), is_plain);
    const auto separate = [&](bool last_one) {
        if (one_line) {
            out += last_one ? "" : ", ";
        } else {
            if (!last_one) out += ',';
            out += '\n' + std::string(2 * (last_one ? depth : depth + 1), ' ');
        }
    };
    out += object != nullptr ? '{' : '[';
    if (!one_line) out += '\n' + std::string(2 * (depth + 1), ' ');
    const std::size_t count = object != nullptr ? object->size() : array->size();
    for (std::size_t i = 0; i < count; ++i) {
        if (object != nullptr) out += support::write_json(Json((*object)[i].first), -1) + ": ";
        write(out, object != nullptr ? (*object)[i].second : (*array)[i], depth + 1);
        separate(i + 1 == count);
    }
    out += object != nullptr ? '}' : ']';
}

}  // namespace

Json& member(Json& object, const std::string& key) {
    Json::Object& members = *object.if_object();
    const auto found =
        std::find_if(members.begin(), members.end(), [&key](const Json::Member& m) { return m.first == key; });
    return found != members.end() ? found->second : members.emplace_back(key, Json()).second;
}

void store(const LearntClass& learnt, Json& document) {
    const evidence::ProcessConstants& c = learnt.process.constants;
    const LearntLimits& limits = learnt.limits;
    const LearntTies& ties = learnt.ties;
    Json& direct = member(member(document, "classes"), c.endpoint_class);
    set(member(direct, "limit_anchor"), {{"information_gamma", limits.information_gamma}});
    set(member(direct, "ties"),
        {{"sd_log_hr_unstratified", ties.sd_log_hr}, {"sd_log_hr_by_guess", ties.sd_log_hr_by_guess}});

    Json& process = member(member(member(document, "process"), "classes"), c.endpoint_class);
    Json& mean = member(process, "mean");
    std::vector<double> values;
    for (const double value : c.values) values.push_back(shortened(value));
    member(mean, "values") = shortened_array(values);
    // Of the spline as it is written.
    const process::NaturalSpline spline(c.knots, values);
    const double before = c.knots.front(), after = c.knots.back();
    set(mean, {{"slope_before", spline(before) - spline(before - 1)},
               {"slope_after", spline(after + 1) - spline(after)},
               {"b5", c.early_slope_by_median},
               {"b6", c.late_slope_by_median},
               {"b7", c.early_slope_by_median_squared},
               {"b8", c.late_slope_by_median_squared}});
    set(member(process, "kernel"), {{"th1", c.slope_variance},
                                    {"th2", c.curvature_variance},
                                    {"th3", c.walk_variance},
                                    {"th4", c.wiggle_variance},
                                    {"th5", c.wiggle_length},
                                    {"rho", c.arm_correlation}});
    set(member(process, "sampling"), {{"kn", c.noise_per_patient}});
    set(member(process, "anchors"), {{"pin", c.median_rounding_factor},
                                     {"nug", c.nugget_sd},
                                     {"tf", limits.rounding_factor},
                                     {"a1", limits.sd},
                                     {"a2", limits.sd_by_censoring},
                                     {"a3", limits.sd_by_guess},
                                     {"offset_lower", limits.offset_lower},
                                     {"offset_upper", limits.offset_upper}});
    set(member(process, "ties"), {{"sd_events", ties.sd_events},
                                  {"events_offset", ties.events_offset},
                                  {"censoring_gamma", ties.censoring_gamma}});
    if (!c.scans) return;
    Json& scans = member(process, "scans");
    set(scans, {{"q", c.scans->share_at_assessments},
                {"tau", c.scans->assessment_sd},
                {"k", c.scans->progression_shape},
                {"lambda", c.scans->crossing_weight}});
    Json& prior = member(scans, "prior");
    for (const auto& [cancer, shares] : c.scans->prior) member(prior, cancer) = array_of_shares(shares);
}

void store_share_of_unusual(const std::string& endpoint_class, double share, Json& document) {
    Json& process = member(member(member(document, "process"), "classes"), endpoint_class);
    member(member(process, "unusual"), "share") = shortened(share);
}

void store_inflation(const std::string& endpoint_class, double inflation, Json& document) {
    member(member(member(member(document, "process"), "classes"), endpoint_class), "inflation") = shortened(inflation);
}

std::string document_text(const Json& document) {
    std::string out;
    write(out, document, 0);
    return out + '\n';
}

}  // namespace hersurv::bench
