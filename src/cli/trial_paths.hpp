// Files and folders that are where a trial is named: `check mine.json`, `table medians folder/`.
#pragma once

#include "cli/command.hpp"
#include <string>
#include <vector>

namespace hersurv::cli {

struct TrialPaths {
    std::vector<std::string> paths{};  // in their order, each once
    bool alone = false;                // nothing else is named
};

// Those among the trials of a command line. A path ends in .json, .jsonl, .csv or .tsv, or is that of a file or folder
// and has a slash in it: what a trial is called is never one.
[[nodiscard]] TrialPaths trial_paths(const OptionTable& options);

// Takes the paths *.jsonl away from the trials of the command line, to be worked through as catalogues.
[[nodiscard]] std::vector<std::string> take_lines_files(const OptionTable& options);

}  // namespace hersurv::cli
