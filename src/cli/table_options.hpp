// The options that say how tables of points or patients are read, and the files that they are of.
#pragma once

#include "hersurv/error.hpp"
#include "hersurv/tables.hpp"

#include "cli/command.hpp"
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace hersurv::cli {

// --time-unit, --separator and --decimal: one value for all files, or one for each kind of them, or for that of an arm.
class TableOptions {
  public:
    // `kinds`: the options that name files, without dashes; none: there is one file.
    explicit TableOptions(std::vector<std::string> kinds = {}) : kinds_(std::move(kinds)) {}
    void setup(OptionTable& options);
    // Of a file of a kind, and if it is that of one arm of it; `arms`: all that files are of. Throws UsageError.
    [[nodiscard]] tables::ReadOptions of(std::string_view kind = "", std::string_view arm = "",
                                         const std::vector<std::string>& arms = {}) const;

  private:
    struct Wanted {
        std::string_view kind, arm;
        const std::vector<std::string>& arms;
    };
    [[nodiscard]] std::string value_of(const std::string& option, const std::string& text, const Wanted& wanted) const;

    std::vector<std::string> kinds_;
    std::string time_unit_, separator_, decimal_;
};

// The arm of ARM=PATH; empty for a path, also one that has such a name.
[[nodiscard]] std::string arm_of_file(const std::string& text);

// Files that are read once and kept while what is made of them is.
class TableFiles {
  public:
    // A path, or - for stdin. Throws InputError if it cannot be read.
    tables::Input read(const std::string& path, const tables::ReadOptions& options, Context& context);
    // The same, or ARM=PATH for the file of one arm.
    tables::Input read_of_arm(const std::string& text, const tables::ReadOptions& options, Context& context);

  private:
    std::deque<std::string> texts_;
};

// The same error, whose remedies name the options that help.
[[nodiscard]] support::InputError with_options(const support::InputError& error);

}  // namespace hersurv::cli
