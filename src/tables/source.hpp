// The text of a file, whatever its encoding, and the places of its faults.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hersurv::tables {

class Source {
  public:
    // Decodes UTF-8, UTF-16 and, if it is neither, Windows-1252; no-break and thin blanks become blanks, a minus sign a
    // hyphen, a mid dot between digits a point, and characters that cannot be seen are dropped. Throws InputError for
    // a spreadsheet or other bytes that are not text. `bytes` must outlive the source.
    Source(std::string_view bytes, std::string file);
    Source(const Source&) = delete;
    Source& operator=(const Source&) = delete;

    [[nodiscard]] const std::string& file() const { return file_; }
    [[nodiscard]] std::string_view text() const { return text_; }
    [[nodiscard]] std::string_view encoding() const { return encoding_; }
    [[nodiscard]] const std::vector<std::string>& notes() const { return notes_; }
    [[nodiscard]] bool has(char c) const { return count_[static_cast<unsigned char>(c)] > 0; }

    // 1-based, of a byte of the text; columns in characters.
    [[nodiscard]] int line(std::size_t at) const;
    [[nodiscard]] int column(std::size_t at) const;
    [[noreturn]] void fail(std::size_t at, const std::string& problem, const std::string& remedy) const;
    // With a line alone, or (0) none.
    [[noreturn]] void fail_line(int line, const std::string& problem, const std::string& remedy, int column = 0) const;

  private:
    void count();
    void refuse_spreadsheets(std::string_view bytes) const;
    void normalise();

    std::string file_;
    std::string_view encoding_ = "UTF-8";
    std::string decoded_;  // unless the bytes are the text
    std::string_view text_;
    std::array<std::uint32_t, 256> count_{};
    std::vector<std::string> notes_;
};

}  // namespace hersurv::tables
