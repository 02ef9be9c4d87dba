// THE tables of formats. An addition is one file that defines its `Format`, and its name here.
#include "render/formats.hpp"

#include <algorithm>

namespace hersurv::render {

extern const Format text_format, json_format, jsonl_format, csv_format, tsv_format, markdown_format, latex_format,
    html_format;
extern const Format github_format, junit_format, sarif_format;

namespace {

const Format* const all_formats[] = {
    &text_format, &json_format, &jsonl_format, &csv_format, &tsv_format, &markdown_format, &latex_format, &html_format,
};

const Format* const all_finding_formats[] = {&github_format, &junit_format, &sarif_format};

}  // namespace

std::span<const Format* const> formats() { return all_formats; }
std::span<const Format* const> finding_formats() { return all_finding_formats; }

const Format* find_format(std::string_view name) {
    for (const auto table : {formats(), finding_formats()}) {
        const auto found = std::ranges::find_if(table, [&](const Format* format) { return format->name == name; });
        if (found != table.end()) return *found;
    }
    return nullptr;
}

}  // namespace hersurv::render
