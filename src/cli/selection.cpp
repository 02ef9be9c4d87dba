// What a command line selects: trials by name or glob, analyses by endpoint, id and arm; what does not exist is an
// error that names the nearest.
#include "cli/selection.hpp"

#include "cli/options.hpp"
#include <algorithm>
#include <istream>
#include <set>

namespace hersurv::cli {
namespace {

using catalogue::Analysis;
using catalogue::glob_match;
using catalogue::Trial;
using support::NotFoundError;

std::string trimmed(const std::string& text) {
    constexpr const char* blanks = " \t\r\n";
    const std::size_t start = text.find_first_not_of(blanks);
    return start == std::string::npos ? "" : text.substr(start, text.find_last_not_of(blanks) - start + 1);
}

// The patterns with "-" replaced by the lines of stdin; nothing where no pattern was given.
std::optional<std::vector<std::string>> expanded(const std::vector<std::string>& patterns, std::istream& in) {
    if (patterns.empty()) return std::nullopt;
    std::vector<std::string> names;
    for (const std::string& pattern : patterns) {
        if (pattern != "-") {
            names.push_back(pattern);
            continue;
        }
        std::string line;
        while (std::getline(in, line)) {
            if (std::string name = trimmed(line); !name.empty()) names.push_back(std::move(name));
        }
    }
    return names;
}

// The patterns that this line of a stream can answer; what it cannot is remembered.
std::vector<std::string> answerable(const std::vector<std::string>& patterns, const catalogue::Library& library,
                                    SelectionMemory& memory) {
    const std::vector<std::string> names = library.names();
    std::vector<std::string> found;
    for (const std::string& pattern : patterns) {
        SelectionMemory::Wanted& wanted = memory.wanted[pattern];
        if (std::ranges::any_of(names, [&](const std::string& name) { return glob_match(pattern, name); })) {
            wanted.found = true;
            found.push_back(pattern);
        } else if (!wanted.found) {
            std::vector<std::string> candidates = wanted.nearest;
            candidates.insert(candidates.end(), names.begin(), names.end());
            wanted.nearest = catalogue::nearest(pattern, candidates);
        }
    }
    return found;
}

bool has_arm(const Selection& selection, const Analysis& analysis) {
    return selection.arm.empty() || std::ranges::any_of(analysis.arms, [&](const catalogue::ArmResult& result) {
               return selection.takes_arm(result.arm);
           });
}

bool takes(const Selection& selection, const Analysis& analysis, Unnamed unnamed) {
    if (!selection.endpoint.empty() && !glob_match(selection.endpoint, analysis.endpoint)) return false;
    if (!selection.analysis.empty() && !glob_match(selection.analysis, analysis.id)) return false;
    if (selection.analysis.empty() && unnamed == Unnamed::default_analyses && !analysis.is_default) return false;
    return has_arm(selection, analysis);
}

// "; did you mean …?", or what there is.
std::string instead(const std::string& name, const std::set<std::string>& there) {
    const std::vector<std::string> all(there.begin(), there.end());
    if (all.empty()) return "";
    return did_you_mean(name, all, "; there is " + joined(all));
}

[[noreturn]] void nothing_matches(const Selection& selection, const std::vector<const Trial*>& trials,
                                  Unnamed unnamed) {
    std::set<std::string> endpoints, ids, arms;
    for (const Trial* trial : trials) {
        for (const Analysis& analysis : trial->analyses) {
            endpoints.insert(analysis.endpoint);
            ids.insert(analysis.id);
            for (const catalogue::ArmResult& result : analysis.arms) arms.insert(result.arm);
        }
        if (unnamed == Unnamed::everything) {
            for (const catalogue::Response& response : trial->responses) endpoints.insert(response.endpoint);
        }
    }
    const std::string where = trials.size() == 1 ? " in " + trials.front()->id : " in the selected trials";
    const auto none = [](const std::string& pattern, const std::set<std::string>& there) {
        return !pattern.empty() &&
               std::ranges::none_of(there, [&](const std::string& one) { return glob_match(pattern, one); });
    };
    if (none(selection.endpoint, endpoints)) {
        throw NotFoundError("no endpoint \"" + selection.endpoint + "\"" + where +
                            instead(selection.endpoint, endpoints));
    }
    if (none(selection.analysis, ids)) {
        throw NotFoundError("no analysis \"" + selection.analysis + "\"" + where + instead(selection.analysis, ids));
    }
    if (none(selection.arm, arms)) {
        throw NotFoundError("no arm \"" + selection.arm + "\"" + where + instead(selection.arm, arms));
    }
    std::string filters;
    if (!selection.endpoint.empty()) filters += " --endpoint " + selection.endpoint;
    if (!selection.analysis.empty()) filters += " --analysis " + selection.analysis;
    if (!selection.arm.empty()) filters += " --arm " + selection.arm;
    throw NotFoundError("nothing" + where + " matches" + filters + " together");
}

bool is_glob(const std::string& pattern) { return pattern.find_first_of("*?[") != std::string::npos; }

// What the command line asked for, with the names of stdin.
struct Asked {
    std::vector<const Trial*> trials;
    std::vector<std::string> patterns;

    // Whether the trial was asked for by its own name, not by a glob.
    [[nodiscard]] bool names(const Trial& trial) const {
        return std::ranges::any_of(patterns, [&](const std::string& pattern) {
            return !is_glob(pattern) &&
                   (glob_match(pattern, trial.id) || std::ranges::any_of(trial.aliases, [&](const std::string& name) {
                        return glob_match(pattern, name);
                    }));
        });
    }
};

Asked ask(const std::vector<std::string>& patterns, Context& context) {
    if (context.selection_alone) {
        const auto names = expanded(patterns, context.in);
        if (!names) return {context.library.select({}), {}};
        if (names->empty()) return {};
        return {context.library.select(*names), *names};
    }
    SelectionMemory& memory = *context.memory;
    if (patterns.empty()) return {context.library.select({}), {}};
    if (!memory.names) memory.names = expanded(patterns, context.in);
    if (memory.names->empty()) return {};
    const std::vector<std::string> here = answerable(*memory.names, context.library, memory);
    if (here.empty()) throw NotFoundError("no line has a trial " + alternatives(*memory.names));
    return {context.library.select(here), here};
}

// What the filters look for and a trial has not: "analysis os-2015".
std::string lacking(const Selection& selection, const Trial& trial) {
    const auto any = [&](auto&& matches) { return std::ranges::any_of(trial.analyses, matches); };
    if (!selection.endpoint.empty() &&
        !any([&](const Analysis& analysis) { return glob_match(selection.endpoint, analysis.endpoint); })) {
        return "endpoint " + selection.endpoint;
    }
    if (!selection.analysis.empty() &&
        !any([&](const Analysis& analysis) { return glob_match(selection.analysis, analysis.id); })) {
        return "analysis " + selection.analysis;
    }
    if (!selection.arm.empty() && !any([&](const Analysis& analysis) { return has_arm(selection, analysis); })) {
        return "arm " + selection.arm;
    }
    std::vector<std::string> filters;
    if (!selection.endpoint.empty()) filters.push_back("endpoint " + selection.endpoint);
    if (!selection.analysis.empty()) filters.push_back("analysis " + selection.analysis);
    if (!selection.arm.empty()) filters.push_back("arm " + selection.arm);
    return joined(filters, " with ");
}

}  // namespace

void Selection::setup(OptionTable& options, bool with_arm) {
    options.add("TRIAL", "", &trials,
                "id or alias in any case, or a glob such as 'DESTINY*'; - reads names from stdin; none means all");
    options.add("--endpoint", "NAME", &endpoint, "only this endpoint").choices = [] {
        return std::vector<std::string>{"OS", "PFS"};
    };
    options.add("--analysis", "ID", &analysis, "only the analyses of this id (or glob), instead of the default ones");
    if (with_arm) options.add("--arm", "ID", &arm, "only this arm (or glob)");
}

bool Selection::takes_arm(const std::string& arm_id) const { return arm.empty() || glob_match(arm, arm_id); }

std::vector<const Trial*> select_trials(const std::vector<std::string>& patterns, Context& context) {
    return ask(patterns, context).trials;
}

Selected select(const Selection& selection, Context& context, Unnamed unnamed) {
    Selected selected;
    const Asked asked = ask(selection.trials, context);
    selected.trials = asked.trials;
    const bool responses_count = unnamed == Unnamed::everything && selection.analysis.empty() && selection.arm.empty();
    std::vector<const Trial*> untaken;
    for (const Trial* trial : selected.trials) {
        if (asked.names(*trial)) selected.named.push_back(trial);
        bool taken = responses_count && std::ranges::any_of(trial->responses, [&](const catalogue::Response& response) {
                         return selection.endpoint.empty() || glob_match(selection.endpoint, response.endpoint);
                     });
        for (const Analysis& analysis : trial->analyses) {
            if (!takes(selection, analysis, unnamed)) continue;
            selected.analyses.push_back({trial, &analysis});
            taken = true;
        }
        if (!taken) untaken.push_back(trial);
    }
    if (!selection.filters()) return selected;
    if (!selected.trials.empty() && untaken.size() == selected.trials.size()) {
        nothing_matches(selection, selected.trials, unnamed);
    }
    // A trial that was asked for by name is not left out silently.
    for (const Trial* trial : selected.named) {
        if (std::ranges::find(untaken, trial) == untaken.end()) continue;
        context.say(trial->id + ": no " + lacking(selection, *trial));
    }
    return selected;
}

}  // namespace hersurv::cli
