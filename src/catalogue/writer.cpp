// Records -> a catalogue document: the JSON that was read, with the sources that it names.
#include "catalogue/writer.hpp"

#include <set>
#include <utility>

namespace hersurv::catalogue {
namespace {

using support::Json;

void collect_sources(const Json& json, std::set<std::string>& keys) {
    if (const Json::Array* array = json.if_array()) {
        for (const Json& element : *array) collect_sources(element, keys);
    } else if (const Json::Object* members = json.if_object()) {
        for (const auto& [key, value] : *members) {
            const std::string* text = value.if_string();
            if (key == "source" && text)
                keys.insert(*text);
            else
                collect_sources(value, keys);
        }
    }
}

Json to_json(const Source& source) {
    Json::Object members;
    members.emplace_back("citation", source.citation);
    const auto add = [&](const char* key, const std::string& text) {
        if (!text.empty()) members.emplace_back(key, text);
    };
    add("doi", source.doi);
    add("pmid", source.pmid);
    add("nct", source.nct);
    add("url", source.url);
    if (source.year) members.emplace_back("year", *source.year);
    add("kind", source.kind);
    add("note", source.note);
    return Json(std::move(members));
}

template <class Record>
const Json& as_read(const Record& record, const std::string& what) {
    if (!record.json) {
        throw support::Error(support::ExitCode::bug,
                             "the " + what + " \"" + record.id + "\" has no JSON text to write");
    }
    return *record.json;
}

template <class Record>
void add_records(Json::Object& document, const char* key, const std::vector<Record>& records, const std::string& what,
                 bool even_if_empty) {
    Json::Array list;
    for (const Record& record : records) list.push_back(as_read(record, what));
    if (even_if_empty || !list.empty()) document.emplace_back(key, std::move(list));
}

Json document_of(const std::string& title, const std::map<std::string, Source>& sources, Json::Object records) {
    std::set<std::string> used;
    for (const auto& [key, value] : records) collect_sources(value, used);
    Json::Object source_members;
    for (const std::string& key : used) {
        if (const auto source = sources.find(key); source != sources.end())
            source_members.emplace_back(key, to_json(source->second));
    }
    Json::Object document;
    document.emplace_back("format", "hersurv-catalogue");
    document.emplace_back("version", 1);
    if (!title.empty()) document.emplace_back("title", title);
    if (!source_members.empty()) document.emplace_back("sources", std::move(source_members));
    for (Json::Member& member : records) document.push_back(std::move(member));
    return Json(std::move(document));
}

}  // namespace

Json to_document(const Trial& trial) {
    Json::Object records;
    records.emplace_back("trials", Json::Array{as_read(trial, "trial")});
    return document_of("", trial.sources.map(), std::move(records));
}

Json to_document(const Catalogue& catalogue) {
    Json::Object records;
    add_records(records, "trials", catalogue.trials, "trial", true);
    add_records(records, "claims", catalogue.claims, "claim", false);
    add_records(records, "notes", catalogue.notes, "note", false);
    return document_of(catalogue.title, catalogue.sources, std::move(records));
}

}  // namespace hersurv::catalogue
