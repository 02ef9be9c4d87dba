// SARIF 2.1.0 (OASIS Standard, 27 March 2020), as GitHub code scanning and editors read it.
#include <fmt/format.h>

#include "render/characters.hpp"
#include "render/formats.hpp"
#include "support/version.hpp"
#include <algorithm>
#include <string_view>

namespace hersurv::render {

extern const Format sarif_format;

namespace {

using support::Json;

Json text_of(std::string text) { return Json::Object{{"text", std::move(text)}}; }

// A relative reference (RFC 3986, section 3.3): what may not be in a path is percent-encoded.
std::string uri_of(const std::string& path) {
    constexpr std::string_view allowed =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/!$&'()*+,;=@";
    std::string uri;
    for (const char c : path) {
        if (allowed.find(c) != std::string_view::npos)
            uri += c;
        else
            uri += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return path.starts_with('/') ? "file://" + uri : uri;
}

Json location_of(const Problem& problem) {
    Json::Object location;
    if (!problem.file.empty()) {
        // A file without a known line is about its first one: code scanning wants a region.
        Json::Object region{{"startLine", std::max(problem.line, 1)}};
        if (problem.column > 0) region.emplace_back("startColumn", problem.column);
        location.emplace_back("physicalLocation",
                              Json::Object{{"artifactLocation", Json::Object{{"uri", uri_of(problem.file)}}},
                                           {"region", std::move(region)}});
    }
    Json::Object logical{{"name", problem.place}};
    if (!problem.pointer.empty()) logical.emplace_back("fullyQualifiedName", problem.pointer);
    location.emplace_back("logicalLocations", Json::Array{Json(std::move(logical))});
    return location;
}

std::string render_sarif(const Report& report, const RenderOptions&) {
    Json::Array rules;
    for (const auto& rule : report.problems.rules)
        rules.push_back(Json::Object{{"id", rule.name},
                                     {"shortDescription", text_of(rule.summary)},
                                     {"fullDescription", text_of(rule.summary + ". How: " + rule.arithmetic)},
                                     {"help", text_of(rule.remedy)},
                                     {"defaultConfiguration", Json::Object{{"level", rule.level}}}});
    Json::Array results;
    for (const Problem& problem : report.problems.found) {
        const auto rule = std::ranges::find(report.problems.rules, problem.rule, &Problems::Rule::name);
        Json::Object result{{"ruleId", problem.rule}};
        if (rule != report.problems.rules.end())
            result.emplace_back("ruleIndex", static_cast<int>(rule - report.problems.rules.begin()));
        result.emplace_back("level", problem.level);
        result.emplace_back("message", text_of(problem.place + ": " + problem.message));
        result.emplace_back("locations", Json::Array{location_of(problem)});
        // The same finding keeps its identity when lines move.
        result.emplace_back(
            "partialFingerprints",
            Json::Object{{"ruleAndPlace/v1", problem.rule + "|" + problem.subject + "|" + problem.place}});
        if (problem.acknowledged)
            result.emplace_back("suppressions", Json::Array{Json::Object{{"kind", "inSource"},
                                                                         {"status", "accepted"},
                                                                         {"justification", problem.acknowledgement}}});
        Json::Object properties;
        for (const auto& [key, value] : {std::pair{"source", problem.source}, std::pair{"published", problem.published},
                                         std::pair{"expected", problem.expected}})
            if (!value.empty()) properties.emplace_back(key, value);
        if (!properties.empty()) result.emplace_back("properties", std::move(properties));
        results.push_back(std::move(result));
    }
    const Json log = Json::Object{
        {"$schema", "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"},
        {"version", "2.1.0"},
        {"runs", Json::Array{Json::Object{
                     {"tool", Json::Object{{"driver", Json::Object{{"name", "hersurv"},
                                                                   {"semanticVersion", std::string(support::version())},
                                                                   {"rules", std::move(rules)}}}}},
                     {"columnKind", "unicodeCodePoints"},
                     {"results", std::move(results)}}}}};
    return with_escaped_harmful(support::write_json(log, 2)) + "\n";
}

}  // namespace

const Format sarif_format{"sarif", "SARIF 2.1.0, for code scanning and editors", "sarif", false, false, render_sarif};

}  // namespace hersurv::render
