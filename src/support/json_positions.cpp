// JSON pointers -> lines and columns: a walk over the text of a valid document that keeps the pointer of where it is.
// The parser (nlohmann 3.11) does not tell where a value was; only documents with findings are walked again.
#include "support/json_positions.hpp"

#include "support/json.hpp"
#include <algorithm>

namespace hersurv::support {
namespace {

class Walk {
  public:
    Walk(std::string_view text, const std::set<std::string>& wanted) : text_(text), wanted_(wanted) {}

    std::map<std::string, TextPosition> run() {
        if (constexpr std::string_view mark = "\xEF\xBB\xBF"; text_.starts_with(mark)) position_ = mark.size();
        blank();
        value("");
        return std::move(found_);
    }

  private:
    [[nodiscard]] bool at(char c) const { return position_ < text_.size() && text_[position_] == c; }

    void step() {
        const char c = text_[position_++];
        if (c == '\n') {
            ++now_.line;
            now_.column = 1;
        } else if ((static_cast<unsigned char>(c) & 0xC0u) != 0x80u) {
            ++now_.column;
        }
    }

    void blank() {
        while (at(' ') || at('\t') || at('\n') || at('\r')) step();
    }

    // The text between quotes, escapes undone.
    std::string string() {
        const std::size_t begin = position_;
        step();
        while (position_ < text_.size() && !at('"')) {
            if (at('\\')) step();
            if (position_ < text_.size()) step();
        }
        if (position_ < text_.size()) step();
        const std::string_view quoted = text_.substr(begin, position_ - begin);
        if (quoted.find('\\') == std::string_view::npos)
            return quoted.size() < 2 ? "" : std::string(quoted.substr(1, quoted.size() - 2));
        try {
            const Json list = parse_json("[" + std::string(quoted) + "]", "");
            return *list.if_array()->front().if_string();
        } catch (const InputError&) {
            return "";
        }
    }

    void value(const std::string& pointer) {
        if (wanted_.contains(pointer)) found_.emplace(pointer, now_);
        if (at('"')) {
            string();
        } else if (at('{') || at('[')) {
            const bool object = at('{');
            step();
            blank();
            for (std::size_t index = 0; position_ < text_.size() && !at('}') && !at(']'); ++index) {
                std::string inner;
                if (object) {
                    if (!at('"')) return;
                    inner = pointer_append(pointer, string());
                    blank();
                    if (at(':')) step();
                    blank();
                } else {
                    inner = pointer_append(pointer, index);
                }
                const std::size_t before = position_;
                value(inner);
                if (position_ == before) return;
                blank();
                if (at(',')) step();
                blank();
            }
            if (position_ < text_.size()) step();
        } else {
            while (position_ < text_.size() &&
                   std::string_view(",]} \t\r\n").find(text_[position_]) == std::string_view::npos)
                step();
        }
    }

    std::string_view text_;
    const std::set<std::string>& wanted_;
    std::size_t position_ = 0;
    TextPosition now_;
    std::map<std::string, TextPosition> found_;
};

}  // namespace

std::map<std::string, TextPosition> positions_of(std::string_view text, const std::set<std::string>& pointers) {
    return Walk(text, pointers).run();
}

}  // namespace hersurv::support
