// What the three layouts of the help (terminal, Markdown, manual page) share.
#pragma once

#include "cli/command.hpp"
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hersurv::cli {

inline constexpr std::string_view purpose = "survival curves from the results that trial reports publish";

struct ExitRow {
    support::ExitCode code;
    std::string_view meaning;

    [[nodiscard]] std::string number() const { return std::to_string(static_cast<int>(code)); }
};
[[nodiscard]] std::span<const ExitRow> exit_codes();

struct EnvironmentRow {
    std::string_view name, meaning;
};
[[nodiscard]] std::span<const EnvironmentRow> environment_variables();

// Options that every program has and no table holds.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> common_options();

// "TRIAL..." or "-o, --output FILE".
[[nodiscard]] std::string head_of(const OptionTable::Row& row);
// The help text with the accepted values and the default.
[[nodiscard]] std::string text_of(const OptionTable::Row& row);
// "hersurv list [TRIAL...] [options]".
[[nodiscard]] std::string usage_of(const CommandRow& row, const OptionTable& options);
// "text (default), json, csv".
[[nodiscard]] std::string formats_of(const CommandRow& row);

// A summary of the table of commands as a sentence: "the trials" -> "The trials."
[[nodiscard]] std::string sentence(std::string_view summary);

// The lines of a text, each after `indent`.
[[nodiscard]] std::string indented(std::string_view text, std::string_view indent);

}  // namespace hersurv::cli
