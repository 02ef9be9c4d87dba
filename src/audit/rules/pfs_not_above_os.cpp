// Rule pfs-not-above-os: progression-free survival of an arm is not above its overall survival, as death ends both.
#include <fmt/format.h>

#include "audit/rule_support.hpp"
#include "support/number_text.hpp"
#include <algorithm>

namespace hersurv::audit {

extern const Rule pfs_not_above_os;

namespace {

using catalogue::Analysis;
using catalogue::ArmResult;

void compare(const catalogue::Trial& trial, const Analysis& pfs, const ArmResult& mine, const Analysis& os,
             const ArmResult& theirs, std::vector<Finding>& findings) {
    // The same patients at the same data cut, else numbers of two cuts differ a little.
    const bool one_cut = !pfs.data_cutoff.empty() && pfs.data_cutoff == os.data_cutoff;
    const auto report = [&](const StatisticKey& statistic, const catalogue::Statistic& low,
                            const catalogue::Statistic& high, bool beyond_limits) {
        catalogue::Place at;
        at.analysis = pfs.id;
        at.arm = mine.arm;
        at.statistic = statistic;
        Finding finding = start(pfs_not_above_os, trial, at, high.from);
        if (!one_cut || !beyond_limits) finding.severity = Severity::warning;
        finding.published = words(high);
        finding.expected = "at most " + printed_text(low.value);
        finding.message =
            fmt::format("{} of PFS is above {} of OS ({}) by more than rounding{}", printed_text(high.value),
                        printed_text(low.value), os.id, beyond_limits ? ", and their CIs do not overlap" : "");
        findings.push_back(std::move(finding));
    };
    const auto look_at = [&](const StatisticKey& statistic, const catalogue::Statistics& of_pfs,
                             const catalogue::Statistics& of_os) {
        if (of_pfs.empty() || of_os.empty()) return;
        const auto &high = of_pfs.front(), &low = of_os.front();
        // A median that is not reached lies behind the end of its curve, and that may be before the other one's.
        if (!high.value.is_number()) return;
        const auto above = range_of(high.value, false, high.from.approximate),
                   below = range_of(low.value, false, low.from.approximate);
        if (!above || !below || !below->clearly_below(*above)) return;
        const auto lower = high.lower ? range_of(*high.lower, false, high.from.approximate) : std::nullopt,
                   upper = low.upper ? range_of(*low.upper, false, low.from.approximate) : std::nullopt;
        report(statistic, low, high, lower && upper && upper->clearly_below(*lower));
    };
    look_at({StatisticKind::median}, mine.median, theirs.median);
    for (const auto& milestone : mine.milestones) {
        const auto same =
            std::ranges::find(theirs.milestones, milestone.time_months, &catalogue::Milestone::time_months);
        if (same != theirs.milestones.end())
            look_at(StatisticKey::milestone_at(milestone.time_months), milestone.survival, same->survival);
    }
}

void check(const Subject& subject, std::vector<Finding>& findings) {
    if (subject.trial == nullptr) return;
    for (const auto& pfs : subject.trial->analyses) {
        if (pfs.endpoint != "PFS") continue;
        for (const auto& os : subject.trial->analyses) {
            if (os.endpoint != "OS" || !same_population(pfs, os)) continue;
            for (const auto& mine : pfs.arms)
                for (const auto& theirs : os.arms)
                    if (mine.arm == theirs.arm) compare(*subject.trial, pfs, mine, os, theirs, findings);
        }
    }
}

}  // namespace

const Rule pfs_not_above_os{
    "pfs-not-above-os",
    Severity::error,
    "median and survival rates of PFS do not exceed those of OS in the same arm and population (an error if they have "
    "one data cut and their CIs do not overlap, otherwise a warning)",
    "PFS - half unit <= OS + half unit, for medians and for survival at the same time; CIs: the lower limit of PFS is "
    "compared with the upper limit of OS",
    "check endpoint, population and data cut of both",
    check,
};

}  // namespace hersurv::audit
