// Joins the parts. A row of JSON is a line of JSON lines within one document.
#include "render/row_stream.hpp"

#include <stdexcept>

namespace hersurv::render {
namespace {

constexpr std::string_view json_head = "{\n  \"rows\": [";

bool is_json(const Format& format) { return format.name == "json"; }

}  // namespace

RowStream::RowStream(const Format& format, bool continued) : format_(&format), continued_(continued) {
    if (format.human || !(format.streams || is_json(format)))
        throw std::invalid_argument("rows are not written part by part as " + std::string(format.name));
}

void RowStream::append(std::string& text, const Report& part) {
    if (part.table.rows.empty()) return;
    RenderOptions options;
    options.continued = continued_ || has_rows_;
    if (!is_json(*format_)) {
        text += format_->render(part, options);
    } else {
        const std::string lines = find_format("jsonl")->render(part, options);
        for (std::size_t start = 0; start < lines.size();) {
            const std::size_t end = lines.find('\n', start);
            text += start == 0 && !has_rows_ ? std::string(json_head) + "\n    " : ",\n    ";
            text.append(lines, start, end - start);
            start = end + 1;
        }
    }
    has_rows_ = true;
}

void RowStream::finish(std::string& text, const Report& rest) {
    RenderOptions options;
    options.continued = continued_ || has_rows_;
    const std::string end = format_->render(rest, options);
    if (is_json(*format_) && has_rows_)
        text += "\n  " + end.substr(json_head.size());
    else
        text += end;
}

}  // namespace hersurv::render
