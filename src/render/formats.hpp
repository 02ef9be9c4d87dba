// Formats turn a finished report into bytes and compute nothing. THE tables of formats are in formats.cpp; one
// file each.
#pragma once

#include "render/table.hpp"
#include <span>
#include <string>
#include <string_view>

namespace hersurv::render {

struct RenderOptions {
    int width = 80;          // text: columns of the terminal (or 80)
    bool color = false;      // text: ANSI styles
    int digits = -1;         // human formats: decimals of derived numbers instead of each one's own; -1 = its own
    bool continued = false;  // a further report of the same stream: no header line again (csv, tsv), a blank line
                             // before it (human formats)
};

struct Format {
    std::string_view name;       // "csv"
    std::string_view summary;    // one line for help
    std::string_view extension;  // "csv"; a file may also end in the name
    bool human;                  // prints sections and rounds; otherwise full precision
    bool streams;  // reports of a stream may follow one another in one output (text, jsonl, csv, tsv, markdown)
    std::string (*render)(const Report&, const RenderOptions&);
    std::string_view other_extension{};  // "htm"
};

[[nodiscard]] std::span<const Format* const> formats();
// Formats that print the problems of a report instead of its table.
[[nodiscard]] std::span<const Format* const> finding_formats();
// Of either kind; nullptr if there is none.
[[nodiscard]] const Format* find_format(std::string_view name);

}  // namespace hersurv::render
