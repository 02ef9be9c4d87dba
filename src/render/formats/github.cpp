// GitHub annotations: one workflow command a problem, which the runner shows beside the line that it is about
// (GitHub Docs, "Workflow commands for GitHub Actions"). The worst come first: the runner shows the first of them.
#include "render/characters.hpp"
#include "render/formats.hpp"
#include <array>

namespace hersurv::render {

extern const Format github_format;

namespace {

// actions/toolkit, packages/core/src/command.ts: escapeData and escapeProperty.
std::string command_escaped(std::string_view text, bool property) {
    std::string result;
    for (const char c : with_visible_controls_except_whitespace(text)) {
        if (c == '%')
            result += "%25";
        else if (c == '\r')
            result += "%0D";
        else if (c == '\n')
            result += "%0A";
        else if (property && c == ':')
            result += "%3A";
        else if (property && c == ',')
            result += "%2C";
        else
            result += c;
    }
    return result;
}

std::string line_of(const Problem& problem, std::string_view command) {
    std::string text = "::" + std::string(command) + " ";
    if (!problem.file.empty()) {
        text += "file=" + command_escaped(problem.file, true) + ",";
        if (problem.line > 0) text += "line=" + std::to_string(problem.line) + ",";
        if (problem.column > 0) text += "col=" + std::to_string(problem.column) + ",";
    }
    text += "title=" + command_escaped(problem.rule + (problem.acknowledged ? " (acknowledged)" : ""), true) + "::";
    std::string message = problem.place;
    if (!problem.source.empty()) message += " (" + problem.source + ")";
    message += ": " + problem.message;
    if (problem.acknowledged) message += "\nAcknowledged: " + problem.acknowledgement;
    return text + command_escaped(message, false) + "\n";
}

std::string render_github(const Report& report, const RenderOptions&) {
    // What is acknowledged fails nothing and is a notice, whatever its level.
    struct Kind {
        std::string_view command, level;
        bool acknowledged;
    };
    constexpr std::array<Kind, 4> kinds = {Kind{"error", "error", false}, Kind{"warning", "warning", false},
                                           Kind{"notice", "note", false}, Kind{"notice", "", true}};
    std::string text;
    for (const Kind& kind : kinds)
        for (const Problem& problem : report.problems.found)
            if (problem.acknowledged == kind.acknowledged && (kind.acknowledged || problem.level == kind.level))
                text += line_of(problem, kind.command);
    return text;
}

}  // namespace

const Format github_format{"github",     "annotations of GitHub Actions, one per finding", "github", false, true,
                           render_github};

}  // namespace hersurv::render
