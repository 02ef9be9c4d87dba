// argv -> the chosen command with its options filled in. Opens no file.
#pragma once

#include "cli/options.hpp"
#include <memory>
#include <optional>
#include <set>
#include <string>

namespace hersurv::cli {

struct CommandLine {
    const CommandRow* row = nullptr;  // the chosen command
    std::unique_ptr<Command> command;
    OptionTable options;          // of the command
    std::set<std::string> given;  // long names of those of `options` that were given
    GlobalOptions global;
    std::set<std::string> given_global;  // long names of the global options that were given
    std::optional<std::string> text;     // the whole answer, where help or the version was asked for
    bool empty = false;                  // no command was given
};

// Fills `line`, whose `global` is the target of the global options. Throws UsageError.
void parse(int argc, const char* const* argv, CommandLine& line);

}  // namespace hersurv::cli
