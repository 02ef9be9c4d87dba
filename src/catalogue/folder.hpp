// The documents of a folder of trials.
#pragma once

#include <string>
#include <vector>

namespace hersurv::catalogue {

struct FolderDocuments {
    std::vector<std::string> files{};     // sorted by name, each with the folder's path in front
    std::vector<std::string> left_out{};  // tables without a column "trial": curves or patients, say
};

// The documents `*.json` and the tables of trials `*.csv` and `*.tsv`. Throws InputError if the folder cannot be listed
// or has none of them.
[[nodiscard]] FolderDocuments list_documents(const std::string& folder);

}  // namespace hersurv::catalogue
