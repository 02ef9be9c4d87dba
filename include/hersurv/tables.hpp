// Tables as people keep them: which file is read, what its reader is told beforehand, and how it was read.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hersurv::tables {

// ---- dialect.cpp ----

enum class Separator { comma, semicolon, tab, pipe, wide_blanks, blanks, none };
// "comma", "runs of blanks"; none: "one column".
[[nodiscard]] std::string_view to_string(Separator separator);
// Its word, or the character itself.
[[nodiscard]] std::optional<Separator> parse_separator(std::string_view text);

enum class Decimal { point, comma };
[[nodiscard]] std::string_view to_string(Decimal mark);
[[nodiscard]] std::optional<Decimal> parse_decimal(std::string_view text);

// What is known of a file beforehand; what is absent is taken from the file.
struct ReadOptions {
    std::optional<Separator> separator{};
    std::optional<Decimal> decimal{};
    std::string time_unit{};  // days, weeks, months or years
};

// One file. The bytes must live as long as what is read from them.
struct Input {
    std::string_view bytes{};
    std::string file{};  // its name, for messages
    std::string arm{};   // whose file it is, if it holds one arm that goes by this name
    ReadOptions options{};
};

// How a file was read.
struct FileRead {
    std::string file{};
    std::string encoding{};  // "UTF-8", "UTF-16", "Windows-1252"
    Separator separator = Separator::comma;
    std::optional<Decimal> decimal{};  // absent: no number has a decimal mark that could be either
    bool percent = false;              // its header or its cells say so
    std::string layout{};              // "one row per point"
    std::string time_unit{};           // of the header or the options; empty: not stated
    std::vector<std::string> unused_columns{};
    std::vector<std::string> notes{};  // what was left out, one sentence each

    // "semicolon-separated, decimal comma, percent, one row per point, times in days".
    [[nodiscard]] std::string description() const;
};

}  // namespace hersurv::tables
