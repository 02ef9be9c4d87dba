// Which words of a command line are paths of catalogues and not names of trials.
#include "cli/trial_paths.hpp"

#include "cli/lines.hpp"
#include "cli/options.hpp"
#include "support/words.hpp"
#include <algorithm>
#include <filesystem>
#include <iterator>

namespace hersurv::cli {
namespace {

bool is_path(const std::string& name) {
    constexpr std::string_view endings[] = {".json", ".jsonl", ".csv", ".tsv"};
    const std::string lower = support::folded(name);
    if (std::ranges::any_of(endings, [&](std::string_view ending) { return lower.ends_with(ending); })) return true;
    std::error_code ignored;
    return name.find('/') != std::string::npos && std::filesystem::exists(name, ignored);
}

// The word that is before the trials of `plot`: a kind of figure, or a trial already.
std::string* word_before_trials(const OptionTable::Row& row) {
    auto* const* const text = std::get_if<std::string*>(&row.target);
    return row.names == "KIND" && text != nullptr ? *text : nullptr;
}

std::vector<std::string>* trials_of(const OptionTable::Row& row) {
    auto* const* const many = std::get_if<std::vector<std::string>*>(&row.target);
    return row.names == "TRIAL" && many != nullptr ? *many : nullptr;
}

}  // namespace

TrialPaths trial_paths(const OptionTable& options) {
    TrialPaths found;
    bool others = false;
    const auto look_at = [&](const std::string& name) {
        if (!is_path(name))
            others = true;
        else if (std::ranges::find(found.paths, name) == found.paths.end())
            found.paths.push_back(name);
    };
    for (const OptionTable::Row& row : options.rows()) {
        if (const std::string* const word = word_before_trials(row); word != nullptr && !word->empty()) {
            const std::vector<std::string> kinds = row.choices();
            if (std::ranges::find(kinds, *word) == kinds.end()) look_at(*word);
        }
        if (const auto* const trials = trials_of(row); trials != nullptr) std::ranges::for_each(*trials, look_at);
    }
    found.alone = !found.paths.empty() && !others;
    return found;
}

std::vector<std::string> take_lines_files(const OptionTable& options) {
    std::vector<std::string> taken;
    for (const OptionTable::Row& row : options.rows()) {
        auto* const trials = trials_of(row);
        if (trials == nullptr) continue;
        std::ranges::copy_if(*trials, std::back_inserter(taken), is_lines_file);
        std::erase_if(*trials, is_lines_file);
    }
    return taken;
}

}  // namespace hersurv::cli
