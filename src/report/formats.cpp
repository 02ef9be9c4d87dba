// THE table of formats. An addition is one file that defines its `Format`, and its name here.
#include "hersurv/report/format.hpp"

#include <algorithm>

namespace hersurv::report {

extern const Format text_format, json_format, jsonl_format, csv_format, tsv_format, markdown_format, latex_format,
    html_format;

namespace {

const Format* const all_formats[] = {
    &text_format, &json_format, &jsonl_format, &csv_format, &tsv_format, &markdown_format, &latex_format, &html_format,
};

}  // namespace

std::span<const Format* const> formats() { return all_formats; }

const Format* find_format(std::string_view name) {
    const auto* found = std::ranges::find_if(all_formats, [&](const Format* format) { return format->name == name; });
    return found == std::end(all_formats) ? nullptr : *found;
}

}  // namespace hersurv::report
