// The layout that all human formats share.
#include "render/layout.hpp"

#include "render/cell_text.hpp"
#include "render/cells.hpp"
#include "render/characters.hpp"
#include <algorithm>
#include <numeric>
#include <stdexcept>
#include <utility>

namespace hersurv::render {
namespace {

// Pieces of words up to this width are never broken: a table that is too wide is easier to read. Addresses may be
// longer.
constexpr int longest_whole_piece = 30;

// Without harmful characters and without blanks around it.
std::string safe(std::string_view text, Controls controls) {
    const std::string harmless = controls == Controls::show ? with_visible_controls(text) : without_controls(text);
    const std::size_t begin = harmless.find_first_not_of(' ');
    if (begin == std::string::npos) return {};
    return harmless.substr(begin, harmless.find_last_not_of(' ') + 1 - begin);
}

// Paragraphs, notes and footnotes: those that say nothing are left out.
std::vector<std::string> safe(const std::vector<std::string>& texts, Controls controls) {
    std::vector<std::string> result;
    for (const std::string& text : texts) {
        if (std::string paragraph = safe(text, controls); !paragraph.empty()) result.push_back(std::move(paragraph));
    }
    return result;
}

// Which words and marks a table prints, so that footnotes explain these and no others.
struct Marks {
    bool not_reached = false, not_estimable = false, not_reported = false, extrapolated = false, borrowed = false,
         weak = false, other_kind = false, flagged = false;

    void see(const Number& number) {
        if (!present_value(number)) {
            (number.status == Status::not_reached     ? not_reached
             : number.status == Status::not_estimable ? not_estimable
                                                      : not_reported) = true;
        }
        extrapolated = extrapolated || number.extrapolated;
        borrowed = borrowed || (number.borrowed && !number.extrapolated);
        weak = weak || number.weak;
        flagged = flagged || number.flagged;
    }

    void see(const Cell& cell) {
        if (const auto* number = std::get_if<Number>(&cell)) see(*number);
        if (const auto* interval = std::get_if<Interval>(&cell)) {
            see(interval->value);
            if (!prints_limits(*interval)) return;
            other_kind = other_kind || interval->other_kind;
            for (const auto& limit : {interval->lower, interval->upper}) {
                see(limit.value_or(Number::missing(Status::not_reported)));
            }
        }
    }

    [[nodiscard]] std::vector<std::string> footnotes(const Table& table) const {
        std::string words;
        const auto add = [&words](bool seen, const char* meaning) {
            if (!seen) return;
            if (!words.empty()) words += "; ";
            words += meaning;
        };
        add(not_reached, "NR: not reached");
        add(not_estimable, "NE: not estimable");
        add(not_reported, "-: not reported");
        std::vector<std::string> result;
        if (!words.empty()) result.push_back(words + ".");
        if (extrapolated)
            result.push_back("\xe2\x80\xa0 extrapolated: " + (table.extrapolated_meaning.empty()
                                                                  ? "intervals have no stated level"
                                                                  : table.extrapolated_meaning));
        if (borrowed)
            result.push_back(std::string(double_dagger) +
                             " before the first published estimate: borrowed from similar trials");
        if (weak)
            result.push_back(std::string(pilcrow) +
                             " weakly identified: the shape is largely borrowed from similar trials");
        const auto explain = [&result](bool seen, std::string_view mark, const std::string& meaning,
                                       const char* otherwise) {
            if (seen) result.push_back(std::string(mark) + " " + (meaning.empty() ? otherwise : meaning));
        };
        explain(other_kind, section_sign, table.other_kind_meaning, "an interval of another kind");
        explain(flagged, "*", table.flag_meaning, "flagged");
        return result;
    }
};

bool says_something(const Cell& cell) {
    if (std::holds_alternative<std::monostate>(cell)) return false;
    if (const auto* text = std::get_if<std::string>(&cell)) return !text->empty() && *text != "-";
    if (const auto* number = std::get_if<Number>(&cell))
        return present_value(*number).has_value() || number->status != Status::not_reported;
    return true;
}

// Those with a cell that says something; all of a table without rows, or whose cells say nothing at all.
std::vector<std::size_t> columns_with_content(const Table& table) {
    std::vector<std::size_t> indices = human_columns(table), filled;
    for (const std::size_t i : indices)
        if (std::ranges::any_of(table.rows, [i](const auto& row) { return i < row.size() && says_something(row[i]); }))
            filled.push_back(i);
    return filled.empty() ? indices : filled;
}

LayoutTable lay_out_table(const Table& table, const RenderOptions& options, Controls controls) {
    const std::vector<std::size_t> indices = columns_with_content(table);
    LayoutTable layout;
    layout.name = table.name;
    layout.caption = safe(table.caption, controls);
    bool grouped = false;
    for (std::size_t i = 0; i < indices.size(); ++i) {
        const Column& column = table.columns[indices[i]];
        layout.columns.push_back({safe(column.title, controls), column.numeric});
        const std::string head = safe(column.rule_group, controls);
        grouped = grouped || !head.empty();
        if (!head.empty() && !layout.groups.empty() && layout.groups.back().head == head) {
            ++layout.groups.back().count;
        } else {
            layout.groups.push_back({head, i, 1});
        }
    }
    if (!grouped) layout.groups.clear();

    Marks marks;
    for (const auto& row : table.rows) {
        require_row_length(table, row);
        std::vector<LayoutCell>& cells = layout.rows.emplace_back();
        for (const std::size_t i : indices) {
            const std::string text = cell_text(row[i], options);
            marks.see(row[i]);
            const bool number = std::holds_alternative<Number>(row[i]) || std::holds_alternative<Interval>(row[i]) ||
                                std::holds_alternative<long>(row[i]);
            cells.push_back({safe(text, controls), number});
        }
    }
    layout.rule_before.assign(table.rows.size(), false);
    for (const std::size_t row : table.rule_before) {
        if (row > 0 && row < table.rows.size()) layout.rule_before[row] = true;
    }
    layout.footnotes = safe(marks.footnotes(table), controls);
    const std::vector<std::string> own = safe(table.footnotes, controls);
    layout.footnotes.insert(layout.footnotes.end(), own.begin(), own.end());
    return layout;
}

// Blanks part words, but not before "%" or "CI", nor between a number and its brackets: "95 %", "(95% CI)" and
// "1.06 (0.07)" stay together.
bool parts_words(std::string_view text, std::size_t blank) {
    const std::string_view rest = text.substr(blank + 1);
    if (rest.starts_with('%') || rest.starts_with("CI)")) return false;
    const auto is_digit = [](char letter) { return letter >= '0' && letter <= '9'; };
    return !(blank > 0 && is_digit(text[blank - 1]) && rest.size() > 1 && rest[0] == '(' && is_digit(rest[1]));
}

std::vector<std::string_view> words_of(std::string_view text) {
    std::vector<std::string_view> words;
    std::size_t begin = text.find_first_not_of(' ');
    while (begin != std::string_view::npos) {
        std::size_t end = text.find(' ', begin);
        while (end != std::string_view::npos && !parts_words(text, end)) end = text.find(' ', end + 1);
        words.push_back(text.substr(begin, end == std::string_view::npos ? end : end - begin));
        begin = end == std::string_view::npos ? end : text.find_first_not_of(' ', end);
    }
    return words;
}

int longest_word(std::string_view text) {
    int longest = 0;
    for (const std::string_view word : words_of(text)) longest = std::max(longest, display_width(word));
    return longest;
}

bool is_joint(char byte) { return byte == '-' || byte == '+' || byte == '/'; }

// Whether a word may be broken before `position`: behind a joint that has something before it and something else than a
// joint behind it, so that signs stay with their numbers.
bool breaks_at(std::string_view word, std::size_t position) {
    return position > 1 && position < word.size() && is_joint(word[position - 1]) && !is_joint(word[position]) &&
           word.substr(0, position).find_first_not_of("-+/(") != std::string_view::npos;
}

// The pieces of a word between its joints, which stay with the piece before.
int longest_piece(std::string_view text) {
    int longest = 0;
    for (const std::string_view word : words_of(text)) {
        std::size_t begin = 0;
        for (std::size_t position = 1; position <= word.size(); ++position) {
            if (position < word.size() && !breaks_at(word, position)) continue;
            longest = std::max(longest, display_width(word.substr(begin, position - begin)));
            begin = position;
        }
    }
    return longest;
}

// The longest beginning of `word` that fits and ends at a joint; if there is none, at any character. Never empty.
std::size_t break_point(std::string_view word, int width) {
    std::size_t end = 0;
    std::size_t nice = 0;
    for (std::size_t position = 0; position < word.size();) {
        static_cast<void>(next_character(word, position));
        const int used = display_width(word.substr(0, position));
        if (used > width && end > 0) break;
        end = position;
        if (breaks_at(word, position)) nice = position;
        if (used > width) break;
    }
    return nice > 0 ? nice : end;
}

// Whether a cell of this column may be spread over lines.
bool breakable(const LayoutTable& table, const LayoutCell& cell, std::size_t column) {
    return !cell.number && !table.columns[column].numeric;
}

// How wide a column would like to be, and down to which widths it can go at rising cost.
struct ColumnNeed {
    int natural = 0;     // everything on one line
    int with_head = 0;   // heads over several lines
    int with_texts = 0;  // texts too
    int least = 0;       // words broken at their joints too
};

ColumnNeed need_of(const LayoutTable& table, std::size_t column) {
    int body = 0, body_words = 0, body_pieces = 0, numbers = 0;
    for (const auto& row : table.rows) {
        const LayoutCell& cell = row[column];
        const int width = display_width(cell.text);
        body = std::max(body, width);
        if (breakable(table, cell, column)) {
            body_words = std::max(body_words, longest_word(cell.text));
            body_pieces = std::max(body_pieces, longest_piece(cell.text));
        } else {
            numbers = std::max(numbers, width);
        }
    }
    const std::string& head = table.columns[column].title;
    ColumnNeed need;
    need.with_texts = std::max({numbers, body_words, longest_word(head), 1});
    need.with_head = std::max({body, longest_word(head), 1});
    need.natural = std::max({body, display_width(head), 1});
    need.least = std::max({numbers, std::min(std::max(body_pieces, longest_piece(head)), longest_whole_piece), 1});
    return need;
}

// Takes columns away one by one, the widest first, until `excess` is gone or every column is at its floor.
void narrow(std::vector<ColumnWidth>& columns, const std::vector<ColumnNeed>& needs, int ColumnNeed::*floor,
            int& excess) {
    while (excess > 0) {
        std::size_t widest = columns.size();
        int second = 0;  // the widest of the others that can still give way
        for (std::size_t i = 0; i < columns.size(); ++i) {
            if (columns[i].width <= needs[i].*floor) continue;
            if (widest == columns.size() || columns[i].width > columns[widest].width) {
                if (widest != columns.size()) second = std::max(second, columns[widest].width);
                widest = i;
            } else {
                second = std::max(second, columns[i].width);
            }
        }
        if (widest == columns.size()) return;
        const int down_to = std::max(needs[widest].*floor, std::min(second, columns[widest].width - 1));
        const int step = std::min(excess, columns[widest].width - down_to);
        columns[widest].width -= step;
        excess -= step;
    }
}

// Gives room that is left to the columns that lack most, so that texts and heads take fewer lines.
void widen(std::vector<ColumnWidth>& columns, const std::vector<ColumnNeed>& needs, int room) {
    for (; room > 0; --room) {
        int lack = 0;
        std::size_t neediest = 0;
        for (std::size_t i = 0; i < columns.size(); ++i) {
            const int lacking = needs[i].natural - columns[i].width;
            if (lacking <= lack) continue;
            lack = lacking;
            neediest = i;
        }
        if (lack == 0) return;
        ++columns[neediest].width;
    }
}

}  // namespace

LayoutReport lay_out(const Report& report, const RenderOptions& options, Controls controls) {
    LayoutReport layout;
    layout.title = safe(report.title, controls);
    if (report.sections.empty()) {
        LayoutSection& section = layout.sections.emplace_back();
        section.table = lay_out_table(report.table, options, controls);
        // The one table says it itself.
        if (section.table->caption == layout.title) layout.title.clear();
    }
    for (const Section& section : report.sections) {
        LayoutSection& laid_out = layout.sections.emplace_back();
        laid_out.heading = safe(section.heading, controls);
        laid_out.tone = section.tone;
        laid_out.paragraphs = safe(section.paragraphs, controls);
        if (section.table) laid_out.table = lay_out_table(*section.table, options, controls);
        laid_out.notes = safe(section.notes, controls);
    }
    // A table without a human column has nothing to show.
    for (LayoutSection& section : layout.sections) {
        if (section.table && section.table->columns.empty()) section.table.reset();
    }
    return layout;
}

std::vector<ColumnWidth> fit_columns(const LayoutTable& table, int width, int gap) {
    std::vector<ColumnNeed> needs;
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        needs.push_back(need_of(table, i));
    }
    // A group of narrow columns grows until its head's longest word has room, and by up to a half for the whole head.
    for (const LayoutGroup& group : table.groups) {
        const auto members = [&](int ColumnNeed::*need) {
            int sum = gap * (static_cast<int>(group.count) - 1);
            for (std::size_t i = group.first; i < group.first + group.count; ++i) sum += needs[i].*need;
            return sum;
        };
        const auto grow = [&](int ColumnNeed::*need, int width_of_head) {
            for (std::size_t i = 0; members(need) < width_of_head; ++i) {
                ++(needs[group.first + i % group.count].*need);
            }
        };
        const int word = longest_word(group.head);
        grow(&ColumnNeed::natural,
             std::max(word, std::min(display_width(group.head), members(&ColumnNeed::natural) * 3 / 2)));
        for (const auto need : {&ColumnNeed::with_head, &ColumnNeed::with_texts}) grow(need, word);
    }
    std::vector<ColumnWidth> columns;
    int excess = -gap - width;
    for (const ColumnNeed& need : needs) {
        columns.push_back({need.natural});
        excess += need.natural + gap;
    }
    narrow(columns, needs, &ColumnNeed::with_head, excess);
    narrow(columns, needs, &ColumnNeed::with_texts, excess);
    if (excess <= 0) return columns;
    std::vector<ColumnWidth> whole = columns;
    narrow(columns, needs, &ColumnNeed::least, excess);
    // A table that is too wide all the same is easier to read whole.
    if (excess > 0) return whole;
    widen(columns, needs, -excess);
    return columns;
}

std::vector<std::string> wrap(std::string_view text, int width, bool break_words) {
    std::vector<std::string> lines;
    std::string line;
    int used = 0;
    const auto flush = [&] {
        lines.push_back(std::exchange(line, {}));
        used = 0;
    };
    for (std::string_view word : words_of(text)) {
        int wide = display_width(word);
        if (used > 0 && used + 1 + wide > width) flush();
        while (break_words && wide > width) {
            const std::size_t end = break_point(word, width);
            if (end == word.size()) break;
            line = word.substr(0, end);
            flush();
            word.remove_prefix(end);
            wide = display_width(word);
        }
        if (!line.empty()) {
            line += ' ';
            ++used;
        }
        line += word;
        used += wide;
    }
    if (!line.empty() || lines.empty()) flush();
    return lines;
}

std::vector<std::string> wrap_cell(const LayoutTable& table, const LayoutCell& cell, std::size_t column,
                                   const ColumnWidth& in) {
    if (!breakable(table, cell, column)) return {cell.text};
    return display_width(cell.text) <= in.width ? std::vector{cell.text} : wrap(cell.text, in.width, true);
}

}  // namespace hersurv::render
