// Cuts lines at separators, quotations (RFC 4180) apart.
#include "tables/grid.hpp"

#include "support/words.hpp"
#include "tables/numerals.hpp"
#include <algorithm>

namespace hersurv::tables {
namespace {

char character_of(Separator separator) {
    switch (separator) {
        case Separator::comma:
            return ',';
        case Separator::semicolon:
            return ';';
        case Separator::tab:
            return '\t';
        case Separator::pipe:
            return '|';
        default:
            return '\0';
    }
}

bool is_line_end(char c) { return c == '\n' || c == '\r'; }

}  // namespace

char told_separator(std::string_view text) {
    const std::string_view line = support::trimmed(text.substr(0, text.find_first_of("\r\n")), "\"");
    const bool told = line.size() == 5 && support::equal_any_case(line.substr(0, 4), "sep=");
    return told ? line.back() : '\0';
}

class Grid::Cutter {
  public:
    Cutter(Grid& grid, const Source& source)
        : grid_(grid),
          source_(source),
          text_(source.text()),
          by_blanks_(grid.separator_ == Separator::blanks || grid.separator_ == Separator::wide_blanks),
          mark_(character_of(grid.separator_)) {}

    void cut() {
        if (told_separator(text_) != '\0') skip_line();
        while (at_ < text_.size()) {
            skip_blanks();
            if (at_ == text_.size()) break;
            if (is_line_end(text_[at_]))
                end_line();
            else if (is_comment())
                skip_line();
            else
                cut_row();
        }
    }

  private:
    void skip_line() {
        at_ = std::min(text_.find_first_of("\r\n", at_), text_.size());
        if (at_ < text_.size()) end_line();
    }

    // Past a line feed, a carriage return, or both.
    void end_line() {
        at_ += text_[at_] == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n' ? 2 : 1;
        ++line_;
    }

    void skip_blanks() {
        while (at_ < text_.size() && (text_[at_] == ' ' || (text_[at_] == '\t' && mark_ != '\t'))) ++at_;
    }

    // A heading # is a cell like others.
    [[nodiscard]] bool is_comment() const {
        if (text_.substr(at_).starts_with("//")) return true;
        return text_[at_] == '#' && (at_ + 1 == text_.size() || text_[at_ + 1] != mark_ || mark_ == '\0');
    }

    void cut_row() {
        GridRow row;
        row.first = static_cast<std::uint32_t>(grid_.cells_.size());
        row.line = line_;
        while (cut_cell()) {
        }
        row.n_given = static_cast<std::uint32_t>(grid_.cells_.size()) - row.first;
        if (by_blanks_) row.n_given = join_words(row.first, row.n_given);
        row.n_cells = row.n_given;
        while (row.n_cells > 0 && grid_.cells_[row.first + row.n_cells - 1].text.empty()) --row.n_cells;
        if (row.n_cells == 0) {
            grid_.cells_.resize(row.first);
            return;
        }
        if (!grid_.rows_.empty() && grid_.rows_.front().n_given != row.n_given) grid_.rectangular_ = false;
        grid_.n_columns_ = std::max<std::size_t>(grid_.n_columns_, row.n_cells);
        grid_.rows_.push_back(row);
    }

    // Returns whether another cell of the row follows.
    bool cut_cell() {
        skip_blanks();
        const auto begin = static_cast<std::uint32_t>(at_);
        std::string_view content;
        if (at_ < text_.size() && text_[at_] == '"') {
            content = quoted();
            const std::size_t end = at_;
            skip_blanks();
            // What is after a quotation belongs to its cell.
            if (!ends_cell(end)) content = text_.substr(begin, find_end() - begin);
        } else {
            content = text_.substr(begin, find_end() - begin);
        }
        while (!content.empty() && (content.back() == ' ' || content.back() == '\t')) content.remove_suffix(1);
        grid_.cells_.push_back({content, begin});
        if (by_blanks_) skip_blanks();
        if (at_ == text_.size()) return false;
        if (is_line_end(text_[at_])) {
            end_line();
            return false;
        }
        if (!by_blanks_) ++at_;
        return true;
    }

    // Whether a cell ends with a quotation, after which there are blanks up to where the cutter is.
    [[nodiscard]] bool ends_cell(std::size_t end) const {
        if (at_ == text_.size() || is_line_end(text_[at_])) return true;
        if (!by_blanks_) return text_[at_] == mark_;
        const std::string_view blanks = text_.substr(end, at_ - end);
        const std::size_t n_wanted = grid_.separator_ == Separator::wide_blanks ? 2 : 1;
        return blanks.size() >= n_wanted || blanks.find('\t') != std::string_view::npos;
    }

    // Moves to the end of a cell without quotation.
    std::size_t find_end() {
        const bool wide = grid_.separator_ == Separator::wide_blanks;
        for (; at_ < text_.size() && !is_line_end(text_[at_]); ++at_) {
            if (!by_blanks_) {
                if (text_[at_] == mark_ && mark_ != '\0') break;
                continue;
            }
            if (text_[at_] == '\t') break;
            const char next = at_ + 1 < text_.size() ? text_[at_ + 1] : '\n';
            if (text_[at_] == ' ' && (!wide || next == ' ' || next == '\t')) break;
        }
        return at_;
    }

    std::string_view quoted() {
        const std::size_t begin = ++at_;
        const int first_line = line_;
        bool plain = true;
        std::string kept;
        for (;; ++at_) {
            if (at_ >= text_.size())
                source_.fail_line(first_line, "a quotation mark is not closed", "close it with \"");
            const char c = text_[at_];
            if (c == '"' && at_ + 1 < text_.size() && text_[at_ + 1] == '"') {
                plain = false;
                ++at_;
            } else if (c == '"') {
                break;
            }
            if (is_line_end(c)) {
                // The lines of a name are one name.
                plain = false;
                line_ += c == '\n' || at_ + 1 == text_.size() || text_[at_ + 1] != '\n';
                if (!kept.empty() && kept.back() != ' ') kept += ' ';
            } else {
                kept += c;
            }
        }
        const std::size_t end = at_++;
        const std::string_view content =
            plain ? text_.substr(begin, end - begin) : std::string_view(grid_.unquoted_.emplace_back(std::move(kept)));
        return support::trimmed(content);
    }

    // "Drug A 100 78" and "0.1 1 Drug A": the words of a name before or after the numbers of a row are one cell.
    // Returns how many cells are left.
    std::uint32_t join_words(std::uint32_t first, std::uint32_t count) {
        auto* const cells = grid_.cells_.data() + first;
        const auto is_word = [](const Cell& cell) { return !looks_numeric(cell.text) && !is_missing(cell.text); };
        std::uint32_t words = 0;
        while (words < count && is_word(cells[words])) ++words;
        std::uint32_t tail = 0;
        while (tail < count && is_word(cells[count - 1 - tail])) ++tail;
        if (words == count || words + tail == 0) return count;
        if (std::count_if(cells, cells + count, is_word) != words + tail) return count;
        const auto join = [&](std::uint32_t from, std::uint32_t n) {
            if (n < 2) return;
            const Cell& last = cells[from + n - 1];
            const auto end = static_cast<std::size_t>(last.text.data() - text_.data()) + last.text.size();
            // Not across quotations that had to be copied.
            if (last.text.data() < text_.data() || end > text_.size()) return;
            cells[from].text = text_.substr(cells[from].at, end - cells[from].at);
            std::move(cells + from + n, cells + count, cells + from + 1);
            count -= n - 1;
        };
        join(count - tail, tail);
        join(0, words);
        grid_.cells_.resize(first + count);
        return count;
    }

    Grid& grid_;
    const Source& source_;
    std::string_view text_;
    bool by_blanks_;
    char mark_;
    std::size_t at_ = 0;
    int line_ = 1;
};

Grid::Grid(const Source& source, Separator separator) : separator_(separator) {
    rows_.reserve(source.text().size() / 16);
    Cutter(*this, source).cut();
    name_rows();
}

// R's write.table has names of rows and none above them. A row of commas may be longer by a decimal comma.
void Grid::name_rows() {
    if (rows_.size() < 2 || rectangular_ || separator_ == Separator::comma) return;
    const std::uint32_t n = rows_.front().n_given + 1;
    for (std::size_t row = 1; row < rows_.size(); ++row)
        if (rows_[row].n_cells != n || rows_[row].n_given != n) return;
    cells_.insert(cells_.begin() + rows_.front().first, Cell{{}, cells_[rows_.front().first].at});
    ++rows_.front().n_given;
    ++rows_.front().n_cells;
    for (std::size_t row = 1; row < rows_.size(); ++row) ++rows_[row].first;
    rectangular_ = true;
}

}  // namespace hersurv::tables
