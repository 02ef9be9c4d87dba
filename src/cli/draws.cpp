// Options of draws, and their answer, which may be longer than memory.
#include "cli/draws.hpp"

#include "cli/options.hpp"
#include "render/formats.hpp"
#include "support/words.hpp"
#include <algorithm>

namespace hersurv::cli {
namespace {

using support::UsageError;

constexpr std::uint64_t most_draws = 100000;

// One sentence for the arms and models of an analysis of which the same is to be said.
std::vector<std::string> sentences(const std::vector<report::ArmWithoutDraws>& without) {
    struct Group {
        const report::ArmWithoutDraws* first;
        std::vector<std::string> arms, models;
    };
    const auto alike = [](const report::ArmWithoutDraws& one, const report::ArmWithoutDraws& other) {
        return one.trial == other.trial && one.analysis == other.analysis && one.why == other.why;
    };
    std::vector<Group> groups;  // of an arm: its models
    for (const report::ArmWithoutDraws& one : without) {
        auto same = std::ranges::find_if(
            groups, [&](const Group& group) { return alike(*group.first, one) && group.arms.front() == one.arm; });
        if (same == groups.end()) same = groups.insert(same, {&one, {one.arm}, {}});
        same->models.push_back(one.model);
    }
    std::vector<Group> merged;
    for (Group& group : groups) {
        const auto same = std::ranges::find_if(merged, [&](const Group& other) {
            return alike(*other.first, *group.first) && other.models == group.models;
        });
        if (same == merged.end())
            merged.push_back(std::move(group));
        else
            same->arms.push_back(group.arms.front());
    }
    std::vector<std::string> lines;
    for (const Group& group : merged)
        lines.push_back(group.first->trial + " " + group.first->analysis + ", " + joined(group.arms) + ", " +
                        joined(group.models) + ": " + group.first->why);
    return lines;
}

}  // namespace

void DrawsChoice::setup(OptionTable& options, std::string help) {
    auto& row = options.add("--draws", "N", &n_, std::move(help));
    row.default_text = "none";
    row.valid = [this] { return n_ >= 1 && n_ <= most_draws; };
    row.accepted = "a whole number from 1 to 100000; for more, draw again with another --seed";
}

bool DrawsChoice::asked(const Context& context,
                        const std::vector<std::pair<std::string_view, std::string_view>>& beside) const {
    if (n_ == 0) {
        if (context.given_global.contains("--seed"))
            throw UsageError("--seed is for --draws (nothing else is random here); add --draws 1000, or leave it out");
        return false;
    }
    const render::Format* const format = render::find_format(context.global.format);
    if (format == nullptr || format->human)
        throw UsageError("--draws writes tables for programs, not " + context.global.format +
                         "; add --format csv (tsv, json or jsonl), or -o FILE.csv");
    for (const auto& [option, why] : beside)
        if (context.given.contains(std::string(option)))
            throw UsageError(std::string(option) + " does not go with --draws: " + std::string(why) +
                             "; leave out one of the two");
    return true;
}

report::DrawsOptions DrawsChoice::options(const Context& context, const FitsOfSelection& fits) const {
    return {n_, context.global.seed, fits.takes_arm, {}};
}

Answer write_draws(std::shared_ptr<const FitsOfSelection> fits, std::shared_ptr<const report::Draws> draws,
                   Context& context) {
    const std::vector<std::string> without = sentences(draws->without());
    if (draws->empty() && context.selection_alone && !fits->fits.empty())
        throw support::NotFoundError("there are no draws: " +
                                     (without.empty() ? "nothing has a curve" : joined(without, "; ")));
    for (const std::string& line : without) context.say("no draws of " + line);
    return {TextStream(
        [fits = std::move(fits), draws = std::move(draws), format = render::find_format(context.global.format)](
            const auto& write, bool continued) { draws->write(*format, continued, write); })};
}

}  // namespace hersurv::cli
