// What the parser, the help and the completion share about option tables: names, defaults, choices, conversion of
// values.
#pragma once

#include "cli/command.hpp"
#include "support/words.hpp"
#include <string>
#include <string_view>
#include <vector>

namespace hersurv::cli {

using support::alternatives;
using support::equal_any_case;
using support::joined;

// The table of the global options, bound to `global`.
[[nodiscard]] OptionTable global_option_table(GlobalOptions& global);

// "--output" and "-o" of "-o,--output"; the long name first if there is one.
[[nodiscard]] std::vector<std::string> option_names(const OptionTable::Row& row);
[[nodiscard]] bool is_positional(const OptionTable::Row& row);
[[nodiscard]] bool is_flag(const OptionTable::Row& row);
[[nodiscard]] bool takes_many(const OptionTable::Row& row);

// The default that help shows, or "" if there is none to show.
[[nodiscard]] std::string default_shown(const OptionTable::Row& row);

// Stores the values of the command line in the row's target. Throws UsageError that names the option, the value and
// what is accepted.
void assign(const OptionTable::Row& row, const std::vector<std::string>& values);

// "; did you mean X or Y?" after a problem, `otherwise` if nothing is near.
[[nodiscard]] std::string did_you_mean(const std::string& name, const std::vector<std::string>& candidates,
                                       const std::string& otherwise = "");

}  // namespace hersurv::cli
