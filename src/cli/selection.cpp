// What a command line selects: trials by name or glob, analyses by endpoint, id and arm; what does not exist is an
// error that names the nearest.
#include "cli/selection.hpp"

#include "catalogue/endpoints.hpp"
#include "catalogue/names.hpp"
#include "catalogue/writer.hpp"
#include "cli/options.hpp"
#include "support/file.hpp"
#include "support/words.hpp"
#include <algorithm>
#include <istream>
#include <set>

namespace hersurv::cli {
namespace {

using catalogue::Analysis;
using catalogue::glob_match;
using catalogue::Trial;
using support::NotFoundError;
using support::UsageError;

// The patterns with "-" replaced by the lines of stdin; nothing if no pattern was given.
std::optional<std::vector<std::string>> expanded(const std::vector<std::string>& patterns, std::istream& in) {
    if (patterns.empty()) return std::nullopt;
    std::vector<std::string> names;
    for (const std::string& pattern : patterns) {
        if (pattern != "-") {
            names.push_back(pattern);
            continue;
        }
        std::string line;
        for (int number = 1; support::read_line(in, "standard input", number, line); ++number) {
            if (const auto name = support::trimmed(line); !name.empty()) names.emplace_back(name);
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

// "; did you mean …?", or what there is.
std::string instead(const std::string& name, const std::set<std::string>& there) {
    const std::vector<std::string> all(there.begin(), there.end());
    if (all.empty()) return "";
    return did_you_mean(name, all, "; known: " + joined(all));
}

[[noreturn]] void nothing_matches(const study::Filter& filter, const std::vector<const Trial*>& trials,
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
    if (none(filter.endpoint, endpoints)) {
        throw NotFoundError("no endpoint \"" + filter.endpoint + "\"" + where + instead(filter.endpoint, endpoints));
    }
    if (none(filter.analysis, ids)) {
        throw NotFoundError("no analysis \"" + filter.analysis + "\"" + where + instead(filter.analysis, ids));
    }
    if (none(filter.arm, arms)) {
        throw NotFoundError("no arm \"" + filter.arm + "\"" + where + instead(filter.arm, arms));
    }
    std::string filters;
    if (!filter.endpoint.empty()) filters += " --endpoint " + filter.endpoint;
    if (!filter.analysis.empty()) filters += " --analysis " + filter.analysis;
    if (!filter.arm.empty()) filters += " --arm " + filter.arm;
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

// The paths among the names replaced by the ids of their trials.
std::vector<std::string> without_paths(const std::vector<std::string>& names, const Context& context) {
    std::vector<std::string> ids;
    for (const std::string& name : names) {
        const auto path = context.paths.find(name);
        if (path == context.paths.end()) {
            ids.push_back(name);
            continue;
        }
        if (path->second.empty()) throw NotFoundError(name + ": all its trials are also in a later file");
        ids.insert(ids.end(), path->second.begin(), path->second.end());
    }
    return ids;
}

// What a user probably means by a word that is not a trial; empty if unknown.
std::string hint_for(const std::string& name, const std::vector<std::string>& trials) {
    const auto is_trial = [&](std::string_view word) {
        return std::ranges::any_of(trials, [&](const std::string& trial) { return glob_match(word, trial); });
    };
    if (is_trial(name)) return "";
    if (name.find(',') != std::string::npos) {
        const std::vector<std::string> parts = support::split(name, ',');
        if (std::ranges::all_of(parts, is_trial))
            return "unknown trial \"" + name + "\"; separate trials with spaces: " + joined(parts, " ");
    }
    for (const std::string_view endpoint : catalogue::endpoint_names)
        if (equal_any_case(name, endpoint))
            return "unknown trial \"" + name + "\"; choose an endpoint with --endpoint " + std::string(endpoint);
    for (const std::string_view word : {"v", "vs", "vs.", "versus", "and", "against"})
        if (equal_any_case(name, word))
            return "unknown trial \"" + name + "\"; separate trials with spaces, without \"" + name + "\"";
    return "";
}

void refuse_what_means_something_else(const std::vector<std::string>& names, const catalogue::Library& library) {
    const std::vector<std::string> trials = library.names();
    for (const std::string& name : names)
        if (const std::string hint = hint_for(name, trials); !hint.empty()) throw NotFoundError(hint);
}

Asked ask(const std::vector<std::string>& patterns, Context& context) {
    if (context.selection_alone) {
        const auto names = expanded(patterns, context.in);
        if (!names && context.library.ids().empty())
            throw NotFoundError(
                "there are no trials: the built-in catalogue is left out and no other file has any; name a file of "
                "trials, or use the built-in catalogue");
        if (!names) return {context.library.select({}), {}};
        if (names->empty()) return {};
        refuse_what_means_something_else(*names, context.library);
        return {context.library.select(without_paths(*names, context)), *names};
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
std::string lacking(const study::Filter& filter, const Trial& trial) {
    const auto any = [&](auto&& matches) { return std::ranges::any_of(trial.analyses, matches); };
    if (!filter.endpoint.empty() &&
        !any([&](const Analysis& analysis) { return glob_match(filter.endpoint, analysis.endpoint); })) {
        return "endpoint " + filter.endpoint;
    }
    if (!filter.analysis.empty() &&
        !any([&](const Analysis& analysis) { return glob_match(filter.analysis, analysis.id); })) {
        return "analysis " + filter.analysis;
    }
    if (!filter.arm.empty() && !any([&](const Analysis& analysis) { return filter.has_arm(analysis); })) {
        return "arm " + filter.arm;
    }
    std::vector<std::string> filters;
    if (!filter.endpoint.empty()) filters.push_back("endpoint " + filter.endpoint);
    if (!filter.analysis.empty()) filters.push_back("analysis " + filter.analysis);
    if (!filter.arm.empty()) filters.push_back("arm " + filter.arm);
    return joined(filters, " with ");
}

// Papers give one follow-up of all arms; typed for one of them it may have been meant so.
void say_follow_up_of_some(const Trial& trial, const Context& context) {
    std::vector<std::string> with, without;
    for (const catalogue::ArmResult& arm : trial.analyses.front().arms)
        (arm.follow_up.empty() ? without : with).push_back(arm.arm);
    if (with.empty() || without.empty()) return;
    context.say("follow-up is given for " + joined(with) + " only, not for " + joined(without) +
                "; --follow-up gives one for all arms");
}

}  // namespace

void Selection::setup(OptionTable& options, ArmOption arm) {
    options.add("TRIAL", "", &trials,
                "name of a trial, a pattern such as 'DESTINY*', or a file. Case does not matter. A file or folder of "
                "trials (mine.json, mine.csv, folder/) selects its trials only; - reads names from stdin");
    options
        .add("--endpoint", "NAME", &filter.endpoint,
             arm == ArmOption::none ? "only this endpoint" : "only this endpoint. Of typed results, any name")
        .choices = [] {
        return std::vector<std::string>{catalogue::endpoint_names.begin(), catalogue::endpoint_names.end()};
    };
    options.add("--analysis", "ID", &filter.analysis,
                "only analyses with this id or pattern. By default the main analysis of each endpoint");
    if (arm == ArmOption::none) return;
    const std::string details =
        ". Once per arm: \"name=A n=402 events=168 follow-up=50 "
        "median=57.1[50,72] S(96)=0.37\". Times are in months, or have a unit: 12.7y, 55 weeks. "
        "at-risk=0:402,12:371 gives numbers at risk";
    takes_ids_ = arm == ArmOption::id_or_numbers;
    options.add("--arm", takes_ids_ ? "ID|NUMBERS" : "NUMBERS", &arms,
                (takes_ids_ ? "id of an arm, or its results, typed or pasted" : "results of an arm, typed or pasted") +
                    details);
    options.add(
        "--hr", "NUMBERS", &hazard_ratios,
        "hazard ratio of the first typed arm v the second. For example 0.69[0.58,0.82], B:A=0.69 or \"HR 0.69 (95% CI "
        "0.58 to 0.82; p<0.001)\"");
    options.add("--p", "NUMBER", &p_values, "p-value of that hazard ratio, such as 0.01 or \"<0.001\"");
    options.add("--follow-up", "TIME", &follow_up,
                "median follow-up of all typed arms. For example 80, or \"20.2 observed\" if it is the median time on "
                "study");
    options.add("--name", "NAME", &name, "name of the typed trial").default_text = catalogue::TypedTrial{}.name;
}

// An id has neither signs nor blanks: "median 17.6 months, n: 200" are numbers.
bool Selection::typed() const {
    return std::ranges::any_of(arms, [](const std::string& arm) {
        return arm.find('=') != std::string::npos ||
               (arm.find_first_of(": ") != std::string::npos && arm.find_first_of("0123456789") != std::string::npos);
    });
}

void Selection::settle(Context& context) {
    if (!typed()) {
        if (!hazard_ratios.empty() || !p_values.empty() || !name.empty() || !follow_up.empty())
            throw UsageError(
                "--hr, --p, --follow-up and --name belong to typed arms: give their results with --arm \"name=A n=402 "
                "median=57.1[50,72]\", once per arm");
        if (arms.empty()) return;
        if (!takes_ids_)
            throw UsageError("--arm " + arms.front() +
                             ": the arms of a trial are always shown together here; --arm gives the results of an arm "
                             "that is not in the catalogue: --arm \"name=A n=402 median=57.1[50,72]\"");
        if (arms.size() > 1) throw UsageError("--arm names one arm (or glob) of a catalogue's trials; give it once");
        filter.arm = arms.front();
        return;
    }
    if (!trials.empty())
        throw UsageError("typed arms are a trial of their own; leave out " + joined(trials) +
                         (takes_ids_ ? ", or name an arm of it by its id" : ""));
    if (!context.global.catalogue.empty())
        throw UsageError("typed arms need no catalogue; leave out --catalogue " + context.global.catalogue.front());
    catalogue::TypedTrial numbers;
    if (!filter.endpoint.empty()) numbers.endpoint = filter.endpoint;
    numbers.arms = arms;
    numbers.hazard_ratios = hazard_ratios;
    numbers.p_values = p_values;
    numbers.follow_up = follow_up;
    if (!name.empty()) numbers.name = name;
    catalogue::Catalogue typed_alone;
    typed_alone.trials.push_back(catalogue::trial_from_text(numbers));
    say_follow_up_of_some(typed_alone.trials.front(), context);
    context.library = catalogue::Library(std::move(typed_alone));
}

void Selection::need_trial(const Context& context, std::string_view command) const {
    if (!trials.empty() || typed() || filter.filters() || !context.selection_alone || !context.builtin) return;
    // Whoever says how or where to write it wants it all.
    if (context.given_global.contains("--format") || context.given_global.contains("--output")) return;
    throw UsageError(std::string(command) + " needs a trial, such as hersurv " + std::string(command) +
                     " CLEOPATRA; '*' means all, and hersurv list prints their names");
}

std::string typed_catalogue(Selection selection, Context& context) {
    selection.settle(context);
    if (!selection.typed())
        throw UsageError(
            "--format catalogue writes results typed with --arm; the record of a trial is written by show TRIAL "
            "--format json");
    return support::write_json(catalogue::to_document(*context.library.select({}).front())) + "\n";
}

std::vector<const Trial*> select_trials(const std::vector<std::string>& patterns, Context& context) {
    return ask(patterns, context).trials;
}

Selected select(const Selection& selection, Context& context, Unnamed unnamed) {
    const Asked asked = [&] {
        try {
            return ask(selection.trials, context);
        } catch (const NotFoundError& error) {
            const std::string message = error.what();
            const bool nothing_near = message.find("`hersurv list`") != std::string::npos;
            if (selection.trials.size() != 1 || !nothing_near || !context.selection_alone) throw;
            throw NotFoundError(message + "; results of other trials can be typed with --arm");
        }
    }();
    Selected selected{study::select_analyses(asked.trials, selection.filter, unnamed), {}};
    for (const Trial* trial : selected.trials)
        if (asked.names(*trial)) selected.named.push_back(trial);
    if (!selection.filter.filters()) return selected;
    if (!selected.trials.empty() && selected.untaken.size() == selected.trials.size())
        nothing_matches(selection.filter, selected.trials, unnamed);
    // A trial that was asked for by name is not left out silently.
    for (const Trial* trial : selected.named)
        if (std::ranges::find(selected.untaken, trial) != selected.untaken.end())
            context.say(trial->id + ": no " + lacking(selection.filter, *trial));
    return selected;
}

}  // namespace hersurv::cli
