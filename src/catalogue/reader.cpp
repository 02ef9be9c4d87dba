// Reading one document: its sources, trials, claims and notes. The keys that each object knows are in the first lines
// of its function.
#include "catalogue/reader.hpp"

#include "hersurv/catalogue.hpp"

#include "catalogue/consistency.hpp"
#include "catalogue/fault_places.hpp"
#include "catalogue/fields.hpp"
#include "catalogue/read_analyses.hpp"
#include "catalogue/read_claims.hpp"
#include "catalogue/reading.hpp"
#include "catalogue/trials_table.hpp"
#include "support/number_text.hpp"
#include <algorithm>
#include <iterator>
#include <map>
#include <memory>
#include <utility>

namespace hersurv::catalogue {
namespace {

using support::Json;

constexpr std::string_view format_name = "hersurv-catalogue";
constexpr double format_version = 1;

constexpr auto source_kinds =
    word_list("review", "primary", "label", "registry", "conference", "release", "news", "hta", "secondary");
constexpr auto designs =
    word_list("randomised", "single-arm", "pooled", "pooled-patients", "retrospective", "observational");

std::map<std::string, Source> read_sources(const Json::Object& members, const std::string& pointer, FaultLog& log) {
    static constexpr auto keys = word_list("citation", "doi", "pmid", "nct", "url", "year", "kind", "note");
    std::map<std::string, Source> sources;
    for (const auto& [key, json] : members) {
        const std::string at = support::pointer_append(pointer, key);
        check_identifier(key, at, log);
        const Fields fields(json, at, keys, log);
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

// One default analysis an endpoint: the one that is marked, else the first.
void mark_defaults(Trial& trial, FaultLog& log) {
    std::map<std::string, Analysis*> marked, first;
    for (Analysis& analysis : trial.analyses) {
        if (analysis.endpoint.empty()) continue;
        first.emplace(analysis.endpoint, &analysis);
        if (!analysis.is_default) continue;
        const auto [other, added] = marked.emplace(analysis.endpoint, &analysis);
        if (!added) {
            log.add(support::pointer_append(analysis.pointer, "default"),
                    "a second default analysis of " + analysis.endpoint + " besides \"" + other->second->id + "\"",
                    "mark one analysis per endpoint as default");
        }
    }
    for (const auto& [endpoint, analysis] : first) {
        if (!marked.contains(endpoint)) analysis->is_default = true;
    }
}

std::vector<std::string> read_aliases(const Fields& fields) {
    std::vector<std::string> aliases;
    for_each_element(fields.list("aliases"), fields.pointer_of("aliases"),
                     [&](const Json& alias, const std::string& at) {
                         if (const std::string* text = alias.if_string()) {
                             if (check_identifier(*text, at, fields.log())) aliases.push_back(*text);
                         } else {
                             fields.log().add(at, std::string(alias.kind()) + " found, text expected", "write text");
                         }
                     });
    return aliases;
}

// The arms, and everything that names them.
void read_results(Trial& trial, const Fields& fields, const Reading& reading) {
    UniqueNames arm_ids("arm", reading.log), analysis_ids("analysis", reading.log),
        response_ids("response", reading.log), measure_ids("measure", reading.log);
    const Json::Array* arms = fields.list("arms", Presence::required);
    for_each_element(arms, fields.pointer_of("arms"), [&](const Json& value, const std::string& at) {
        trial.arms.push_back(read_arm(value, at, reading));
        arm_ids.add(trial.arms.back().id, support::pointer_append(at, "id"));
    });
    const TrialContext context{trial, arms != nullptr};
    const auto add_measure_ids = [&](const std::vector<Measure>& measures) {
        for (const Measure& measure : measures)
            measure_ids.add(measure.id, support::pointer_append(measure.from.pointer, "id"));
    };
    for_each_element(fields.list("analyses", Presence::required), fields.pointer_of("analyses"),
                     [&](const Json& value, const std::string& at) {
                         trial.analyses.push_back(read_analysis(value, at, context, reading));
                         analysis_ids.add(trial.analyses.back().id, support::pointer_append(at, "id"));
                         add_measure_ids(trial.analyses.back().measures);
                     });
    mark_defaults(trial, reading.log);
    for_each_element(fields.list("responses"), fields.pointer_of("responses"),
                     [&](const Json& value, const std::string& at) {
                         trial.responses.push_back(read_response(value, at, context, reading));
                         response_ids.add(trial.responses.back().id, support::pointer_append(at, "id"));
                     });
    for_each_element(fields.list("measures"), fields.pointer_of("measures"),
                     [&](const Json& value, const std::string& at) {
                         trial.measures.push_back(read_measure(value, at, context, reading));
                     });
    add_measure_ids(trial.measures);
}

Trial read_trial(const Json& json, const std::string& pointer, const Reading& reading) {
    static constexpr auto keys =
        word_list("id", "aliases", "drug_class", "agent", "design", "phase", "line", "population", "year", "arms",
                  "analyses", "responses", "measures", "claims", "notes");
    const Fields fields(json, pointer, keys, reading.log);
    Trial trial;
    trial.file = reading.log.file();
    trial.pointer = pointer;
    trial.json = reading.keep(json);
    trial.sources = reading.sources;
    trial.id = fields.identifier("id", Presence::required);
    trial.aliases = read_aliases(fields);
    trial.drug_class = fields.text("drug_class");
    trial.agent = fields.text("agent");
    trial.design = fields.choice("design", designs);
    trial.phase = fields.text("phase");
    trial.line = fields.text("line");
    trial.population = fields.text("population");
    trial.year = fields.integer("year", quantity::year);
    read_results(trial, fields, reading);
    UniqueNames claim_ids("claim", reading.log), note_ids("note", reading.log);
    for_each_element(fields.list("claims"), fields.pointer_of("claims"), [&](const Json& value, const std::string& at) {
        trial.claims.push_back(read_claim(value, at, &trial, reading));
        claim_ids.add(trial.claims.back().id, support::pointer_append(at, "id"));
    });
    for_each_element(fields.list("notes"), fields.pointer_of("notes"), [&](const Json& value, const std::string& at) {
        trial.notes.push_back(read_note(value, at, reading));
        note_ids.add(trial.notes.back().id, support::pointer_append(at, "id"));
    });
    return trial;
}

// A document of another format or version is not read against this one: its every key would be a fault.
bool is_of_this_format(const Json& document, FaultLog& log) {
    bool is = true;
    if (const Json* format = document.find("format");
        format && format->if_string() && *format->if_string() != format_name) {
        log.add("/format", "the format is \"" + *format->if_string() + "\"",
                "a catalogue's is \"" + std::string(format_name) + "\"");
        is = false;
    }
    if (const Json* version = document.find("version");
        version && version->if_number() && *version->if_number() != format_version) {
        log.add("/version",
                "the catalogue is of version " + support::shortest(*version->if_number()) +
                    ": this program reads version 1",
                "use a newer program, or write version 1");
        is = false;
    }
    return is;
}

Catalogue read_catalogue(Json parsed, FaultLog& log) {
    static constexpr auto keys = word_list("format", "version", "title", "sources", "trials", "claims", "notes");
    Catalogue catalogue;
    catalogue.file = log.file();
    const auto kept = std::make_shared<const Json>(std::move(parsed));
    const Json& document = *kept;
    if (!is_of_this_format(document, log)) return catalogue;

    const Fields fields(document, "", keys, log);
    static_cast<void>(fields.text("format", Presence::required));
    static_cast<void>(fields.number("version", quantity::any, Presence::required));
    catalogue.title = fields.text("title");
    if (const Json::Object* sources = fields.object("sources"))
        catalogue.sources = read_sources(*sources, "/sources", log);
    const Reading reading{log, SharedSources(catalogue.sources), kept};
    for_each_element(
        fields.list("trials", Presence::required), "/trials",
        [&](const Json& value, const std::string& at) { catalogue.trials.push_back(read_trial(value, at, reading)); });
    for_each_element(fields.list("claims"), "/claims", [&](const Json& value, const std::string& at) {
        catalogue.claims.push_back(read_claim(value, at, nullptr, reading));
    });
    for_each_element(fields.list("notes"), "/notes", [&](const Json& value, const std::string& at) {
        catalogue.notes.push_back(read_note(value, at, reading));
    });

    const auto add = [&](const std::vector<support::Fault>& faults) {
        log.faults.insert(log.faults.end(), faults.begin(), faults.end());
    };
    add(check_names(catalogue));
    for (const Trial& trial : catalogue.trials) add(check_places(places_of(trial), catalogue));
    add(check_places(places_of(catalogue), catalogue));
    return catalogue;
}

}  // namespace

namespace {

Catalogue read_table(std::string_view text, const std::string& file) {
    TrialsDocument table = document_of_table(text, file);
    FaultLog log(file);
    Catalogue catalogue = read_catalogue(std::move(table.document), log);
    log.add_not_told();
    place_in_text(log.faults, text, file);
    std::ranges::move(table.faults, std::back_inserter(log.faults));
    if (log.faults.empty()) return catalogue;
    std::ranges::stable_sort(log.faults, {}, [](const support::Fault& fault) {
        return std::pair{fault.line, fault.column};
    });
    throw support::InputError(std::move(log.faults));
}

}  // namespace

Catalogue read_document(std::string_view text, const std::string& file) {
    if (is_trials_table(text, file)) return read_table(text, file);
    FaultLog log(file);
    Catalogue catalogue = read_catalogue(support::parse_json(text, file, log.faults), log);
    if (log.faults.empty()) return catalogue;
    log.add_not_told();
    place_in_text(log.faults, text, file);
    throw support::InputError(std::move(log.faults));
}

Catalogue read_parsed(Json document, const std::string& file) {
    FaultLog log(file);
    Catalogue catalogue = read_catalogue(std::move(document), log);
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
