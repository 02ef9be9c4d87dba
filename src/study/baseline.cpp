// The baseline: its numbers out of the fits, its file, and what changed.
#include "hersurv/audit.hpp"
#include "hersurv/estimates.hpp"
#include "hersurv/study.hpp"

#include <fmt/format.h>

#include "support/json.hpp"
#include "support/number_text.hpp"
#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <set>

namespace hersurv::study {
namespace {

using audit::Finding;
using support::Json;

constexpr std::string_view format_name = "hersurv-baseline";
constexpr double format_version = 1;
constexpr int digits = 7;
constexpr std::array<std::string_view, 3> models = {"exponential", "weibull", "flexible"};
constexpr std::size_t parts_of_name = 5;

std::string escaped(std::string_view part) {
    std::string text;
    for (const char c : part) {
        if (c == '~')
            text += "~0";
        else if (c == '/')
            text += "~1";
        else
            text += c;
    }
    return text;
}

std::string unescaped(std::string_view part) {
    std::string text;
    for (std::size_t i = 0; i < part.size(); ++i) {
        const bool code = part[i] == '~' && i + 1 < part.size() && (part[i + 1] == '0' || part[i + 1] == '1');
        text += code ? (part[++i] == '0' ? '~' : '/') : part[i];
    }
    return text;
}

std::vector<std::string> parts(const std::string& name) {
    std::vector<std::string> result;
    std::size_t start = 0;
    while (true) {
        const std::size_t end = name.find('/', start);
        result.push_back(unescaped(std::string_view(name).substr(start, end - start)));
        if (end == std::string::npos) return result;
        start = end + 1;
    }
}

// The kind of a number by the last part of its name; empty if there is no such number.
std::string_view kind_of(std::string_view number) {
    if (number.starts_with("parameter_")) return "parameter";
    if (number.starts_with("hazard_ratio_v_")) return "hazard_ratio";
    if (number == "rms_distance") return "rms_distance";
    if (number == "supported_months" || number == "rmst") return "time";
    using Kind = catalogue::StatisticKey::Kind;
    if (const auto statistic = catalogue::parse_statistic(number)) {
        switch (statistic->kind) {
            case Kind::median:
                return "time";
            case Kind::milestone:
                return "survival";
            case Kind::events:
                return "events";
            case Kind::n_patients:
            case Kind::follow_up:
            case Kind::hazard_ratio:  // is written with the arm that it compares with
            case Kind::p_value:
            case Kind::crossover:
                break;
        }
    }
    return "";
}

std::string_view kind_of_name(const std::string& name) {
    return kind_of(std::string_view(name).substr(name.rfind('/') + 1));
}

double rounded(double value) { return support::rounded_to_digits(value, digits); }

void add_numbers(BaselineNumbers& numbers, const fit::FittedModel& model) {
    const auto& evidence = *model.evidence;
    const auto add = [&](std::string_view arm, const std::string& number, double value) {
        if (!std::isfinite(value)) return;
        numbers[fmt::format("{}/{}/{}/{}/{}", escaped(evidence.trial), escaped(evidence.analysis), arm,
                            model.model->name, escaped(number))] = value;
    };
    const fit::IntervalOptions interval;
    for (std::size_t arm = 0; arm < model.arms.size(); ++arm) {
        if (!model.fitted(arm)) continue;
        const std::string id = escaped(evidence.arms[arm].id);
        const auto& result = model.arms[arm];
        for (std::size_t i = 0; i < result.parameters.size(); ++i)
            add(id, fmt::format("parameter_{}", model.model->family->parameters[i].name), result.parameters[i]);
        add(id, "median", fit::median(model, arm, interval).value);
        if (model.reconstruction != nullptr) add(id, "rms_distance", result.rms_distance);
        add(id, "supported_months", result.supported_months);
        add(id, "rmst", fit::rmst(model, arm, result.supported_months, interval).value);
    }
    for (const fit::Residual& residual : model.residuals) {
        const auto& observation = evidence.observations[residual.observation];
        std::string number = to_string(observation.statistic);
        if (observation.statistic.is(catalogue::StatisticKey::Kind::median))
            continue;  // is there already, printed or not
        if (observation.control) number += "_v_" + evidence.arms[*observation.control].id;
        add(escaped(evidence.arms[observation.arm].id), number, residual.fitted);
    }
}

class Reader {
  public:
    Reader(const Json& document, std::string file) : document_(document), file_(std::move(file)) {}

    Baseline read() {
        if (document_.if_object() == nullptr)
            fault("", fmt::format("the document is {}", document_.kind()), "expected an object");
        else
            members();
        if (!faults_.empty()) throw support::InputError(std::move(faults_));
        return std::move(baseline_);
    }

  private:
    void fault(std::string pointer, std::string problem, std::string remedy) {
        faults_.push_back({file_, std::move(pointer), std::move(problem), std::move(remedy), 0, 0});
    }

    void members() {
        const Json* format = document_.find("format");
        const Json* version = document_.find("version");
        if (format == nullptr || format->if_string() == nullptr || *format->if_string() != format_name) {
            fault("/format", "this is not a baseline", fmt::format("a baseline has \"format\": \"{}\"", format_name));
            return;  // what follows belongs to another format
        }
        if (version == nullptr || version->if_number() == nullptr || *version->if_number() != format_version) {
            const std::string found = version != nullptr && version->if_number() != nullptr
                                          ? support::shortest(*version->if_number())
                                          : "missing";
            fault("/version",
                  fmt::format("the version is {}, but this program reads version {}", found,
                              support::shortest(format_version)),
                  "delete the file and renew it with --update-baseline");
            return;
        }
        for (const auto& [key, value] : *document_.if_object()) {
            const std::string pointer = support::pointer_append("", key);
            if (key == "format" || key == "version") continue;
            if (key != "tolerances" && key != "numbers")
                fault(pointer, "unknown key", "a baseline has format, version, tolerances and numbers");
            else if (value.if_object() == nullptr)
                fault(pointer, fmt::format("is {}", value.kind()), "give an object");
            else if (key == "tolerances")
                tolerances(*value.if_object(), pointer);
            else
                numbers(*value.if_object(), pointer);
        }
        if (document_.find("numbers") == nullptr)
            fault("", "\"numbers\" is missing", "delete the file and renew it with --update-baseline");
    }

    void tolerances(const Json::Object& kinds, const std::string& pointer) {
        std::string known;
        for (const auto& [kind, tolerance] : default_tolerances()) known += (known.empty() ? "" : ", ") + kind;
        for (const auto& [kind, value] : kinds) {
            const std::string at = support::pointer_append(pointer, kind);
            if (!default_tolerances().contains(kind)) {
                fault(at, fmt::format("unknown kind of value \"{}\"", kind), "the kinds are " + known);
                continue;
            }
            if (value.if_object() == nullptr) {
                fault(at, fmt::format("is {}", value.kind()),
                      "write {\"relative\": ..., \"absolute\": ..., \"why\": ...}");
                continue;
            }
            BaselineTolerance tolerance;
            for (const auto& [key, member] : *value.if_object()) {
                const std::string place = support::pointer_append(at, key);
                if (key == "relative" || key == "absolute") {
                    if (member.if_number() == nullptr || *member.if_number() < 0)
                        fault(place, "is not a tolerance", "give a number, 0 or above");
                    else
                        (key == "relative" ? tolerance.relative : tolerance.absolute) = *member.if_number();
                } else if (key == "why") {
                    if (member.if_string() == nullptr)
                        fault(place, fmt::format("is {}", member.kind()), "give the reason as text");
                    else
                        tolerance.why = *member.if_string();
                } else {
                    fault(place, "unknown key", "a tolerance has relative, absolute and why");
                }
            }
            baseline_.tolerances[kind] = tolerance;
        }
    }

    void numbers(const Json::Object& list, const std::string& pointer) {
        for (const auto& [name, value] : list) {
            const std::string at = support::pointer_append(pointer, name);
            if (parts(name).size() != parts_of_name)
                fault(at, "is not the name of a value", "names have the form TRIAL/ANALYSIS/ARM/MODEL/NUMBER");
            else if (kind_of_name(name).empty())
                fault(at, "unknown kind of value", "delete the file and renew it with --update-baseline");
            if (value.if_number() == nullptr)
                fault(at, fmt::format("is {}", value.kind()), "give a number");
            else
                baseline_.numbers[name] = *value.if_number();
        }
    }

    const Json& document_;
    std::string file_;
    Baseline baseline_{default_tolerances(), {}};
    std::vector<support::Fault> faults_;
};

}  // namespace

const std::map<std::string, BaselineTolerance>& default_tolerances() {
    static const std::map<std::string, BaselineTolerance> table = {
        {"events", {1e-4, 1e-3, "a thousandth of an event is nothing"}},
        {"hazard_ratio",
         {1e-4, 0,
          "well below the last printed digit of 0.69; other compilers and processors differ by less than 1e-6"}},
        {"parameter",
         {1e-4, 0,
          "other compilers and processors stop the minimisation elsewhere, by less than 1e-6 as measured; what is "
          "meant to be found is larger"}},
        {"rms_distance",
         {1e-3, 1e-6,
          "the absolute part: near 0 where the family runs along the reconstruction; the relative part: the least is "
          "flat"}},
        {"survival", {0, 1e-5, "a hundredth of the last printed digit of 37.0%"}},
        {"time", {1e-4, 1e-4, "a thousandth of the last printed digit of 57.1 months"}},
    };
    return table;
}

BaselineNumbers baseline_numbers(const catalogue::Trial& trial) {
    BaselineNumbers numbers;
    FitRequest request;
    request.threads = 1;  // the trials of a catalogue share the processors
    for (const std::string_view name : models) request.models.push_back(fit::find_model(name));
    std::vector<SelectedAnalysis> all;
    for (const auto& analysis : trial.analyses) all.push_back({&trial, &analysis});
    for (const AnalysisFit& fit : fit_analyses(all, request))
        for (const fit::FittedModel& model : fit.models) add_numbers(numbers, model);
    return numbers;
}

Baseline read_baseline(std::string_view text, const std::string& file) {
    const Json document = support::parse_json(text, file);
    return Reader(document, file).read();
}

std::string write_baseline(const Baseline& baseline) {
    const auto text = [](const Json& value) { return support::write_json(value, -1); };
    std::string out = fmt::format("{{\n  \"format\": \"{}\",\n  \"version\": {},\n  \"tolerances\": {{", format_name,
                                  support::shortest(format_version));
    const char* separator = "\n    ";
    for (const auto& [kind, tolerance] : baseline.tolerances) {
        out += separator + text(kind) + ": " +
               text(Json::Object{
                   {"relative", tolerance.relative}, {"absolute", tolerance.absolute}, {"why", tolerance.why}});
        separator = ",\n    ";
    }
    out += baseline.tolerances.empty() ? "},\n  \"numbers\": {" : "\n  },\n  \"numbers\": {";
    separator = "\n    ";
    for (const auto& [name, value] : baseline.numbers) {
        // A distance of 1e-15 is the rounding of one processor.
        const auto tolerance = baseline.tolerances.find(std::string(kind_of_name(name)));
        const bool noise = tolerance != baseline.tolerances.end() && std::abs(value) < tolerance->second.absolute;
        out += separator + text(name) + ": " + text(noise ? 0 : rounded(value));
        separator = ",\n    ";
    }
    return out + (baseline.numbers.empty() ? "}\n}\n" : "\n  }\n}\n");
}

std::string trial_of(const std::string& name) { return parts(name).front(); }

namespace {

class Differences {
  public:
    Differences(const Baseline& baseline, const BaselineNumbers& now, const std::vector<std::string>& trials,
                const std::string& file)
        : baseline_(baseline), now_(now), trials_(trials.begin(), trials.end()), file_(file) {}

    std::vector<Finding> find() {
        for (const auto& [name, value] : baseline_.numbers) {
            if (!trials_.contains(trial_of(name))) continue;
            const auto found = now_.find(name);
            if (found == now_.end())
                lacking(name, now_, "are missing", "is gone", support::shortest(value));
            else
                changed(name, value, found->second);
        }
        for (const auto& [name, value] : now_)
            if (trials_.contains(trial_of(name)) && !baseline_.numbers.contains(name))
                lacking(name, baseline_.numbers, "are new", "is new", support::shortest(rounded(value)));
        return std::move(findings_);
    }

  private:
    Finding start(const std::string& name) const {
        const auto part = parts(name);
        Finding finding;
        finding.rule = audit::baseline_rule.name;
        finding.severity = audit::baseline_rule.severity;
        finding.at.trial = part[0];
        finding.at.analysis = part[1];
        finding.at.arm = part[2];
        finding.at.statistic = catalogue::NamedStatistic(part[4]);
        finding.file = file_;
        finding.pointer = support::pointer_append("/numbers", name);
        return finding;
    }

    void changed(const std::string& name, double before, double now) {
        const auto& tolerance = baseline_.tolerances.at(std::string(kind_of_name(name)));
        const double allowed = tolerance.absolute + tolerance.relative * std::abs(before);
        if (std::abs(now - before) <= allowed) return;
        Finding finding = start(name);
        finding.published = support::shortest(before);
        finding.expected = support::shortest(rounded(now));
        finding.message =
            fmt::format("{} ({} model) was {} and is now {}: changed by {}, more than {}; {}", parts(name)[4],
                        parts(name)[3], finding.published, finding.expected, support::significant(now - before, 3),
                        support::significant(allowed, 2), audit::baseline_rule.remedy);
        findings_.push_back(std::move(finding));
    }

    // A number that `others` lacks. Where they lack the whole trial or analysis that is said once.
    void lacking(const std::string& name, const BaselineNumbers& others, const char* are, const char* is,
                 const std::string& value) {
        std::size_t end = name.find('/');
        for (const char* what : {"trial", "analysis"}) {
            const std::string prefix = name.substr(0, end + 1);
            const auto first = others.lower_bound(prefix);
            if (first == others.end() || !first->first.starts_with(prefix)) {
                if (!said_.insert(prefix).second) return;
                Finding finding = start(name);
                if (what == std::string_view("trial")) finding.at.analysis.clear();
                finding.at.arm.clear();
                finding.at.statistic = {};
                finding.pointer.clear();
                finding.message = fmt::format("all values of the {} {}; {}", what, are, audit::baseline_rule.remedy);
                findings_.push_back(std::move(finding));
                return;
            }
            end = name.find('/', end + 1);
        }
        Finding finding = start(name);
        (&others == &now_ ? finding.published : finding.expected) = value;
        finding.message = fmt::format("{} ({} model) {}: {}; {}", parts(name)[4], parts(name)[3], is, value,
                                      audit::baseline_rule.remedy);
        findings_.push_back(std::move(finding));
    }

    const Baseline& baseline_;
    const BaselineNumbers& now_;
    std::set<std::string> trials_;
    const std::string& file_;
    std::set<std::string> said_;
    std::vector<Finding> findings_;
};

}  // namespace

std::vector<Finding> compare_baseline(const Baseline& baseline, const BaselineNumbers& now,
                                      const std::vector<std::string>& trials, const std::string& file) {
    return Differences(baseline, now, trials, file).find();
}

}  // namespace hersurv::study
