// JUnit XML: one test suite a trial, one test case a rule or finding, as Jenkins and GitLab read it (the schema of the
// Jenkins xunit plugin). What does not fail passes with its text as output; what is acknowledged is skipped.
#include "render/characters.hpp"
#include "render/formats.hpp"
#include <algorithm>

namespace hersurv::render {

extern const Format junit_format;

namespace {

std::string attribute(std::string_view name, std::string_view value) {
    return " " + std::string(name) + "=\"" + xml_escaped(value) + "\"";
}

std::string where(const Problem& problem) {
    std::string text = problem.place;
    if (!problem.source.empty()) text += " (" + problem.source + ")";
    if (!problem.file.empty()) {
        text += ", " + problem.file;
        if (problem.line > 0) text += ":" + std::to_string(problem.line);
        if (!problem.pointer.empty()) text += " " + problem.pointer;
    }
    return text;
}

std::string test_case(const Problem& problem) {
    std::string text = "    <testcase" + attribute("classname", problem.subject) +
                       attribute("name", problem.rule + ": " + problem.place) + ">\n      ";
    const std::string level_and_place = problem.level + " at " + where(problem);
    if (problem.acknowledged)
        text += "<skipped" + attribute("message", "acknowledged: " + problem.acknowledgement) + "/>";
    else if (problem.fails)
        text += "<failure" + attribute("type", problem.rule) + attribute("message", problem.message) + ">" +
                xml_escaped(level_and_place) + "</failure>";
    else
        text += "<system-out>" + xml_escaped(level_and_place + ": " + problem.message) + "</system-out>";
    return text + "\n    </testcase>\n";
}

std::string render_junit(const Report& report, const RenderOptions&) {
    std::string suites;
    std::size_t all = 0, all_failures = 0, all_skipped = 0;
    const auto counts = [](std::size_t tests, std::size_t failures, std::size_t skipped) {
        return attribute("tests", std::to_string(tests)) + attribute("failures", std::to_string(failures)) +
               attribute("errors", "0") + attribute("skipped", std::to_string(skipped));
    };
    for (const std::string& subject : report.problems.subjects) {
        std::string cases;
        std::size_t tests = 0, failures = 0, skipped = 0;
        for (const auto& rule : report.problems.rules) {
            bool any = false;
            for (const Problem& problem : report.problems.found) {
                if (problem.rule != rule.name || problem.subject != subject) continue;
                any = true;
                ++tests;
                failures += problem.fails ? 1 : 0;
                skipped += problem.acknowledged ? 1 : 0;
                cases += test_case(problem);
            }
            if (any) continue;
            ++tests;
            cases += "    <testcase" + attribute("classname", subject) + attribute("name", rule.name) + "/>\n";
        }
        suites += "  <testsuite" + attribute("name", subject) + counts(tests, failures, skipped) + ">\n" + cases +
                  "  </testsuite>\n";
        all += tests;
        all_failures += failures;
        all_skipped += skipped;
    }
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites" +
           attribute("name", "hersurv " + std::string(report.problems.command)) +
           counts(all, all_failures, all_skipped) + ">\n" + suites + "</testsuites>\n";
}

}  // namespace

const Format junit_format{
    "junit", "JUnit XML: one test case per finding, and per rule without findings", "xml", false, false, render_junit};

}  // namespace hersurv::render
