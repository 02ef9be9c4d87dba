// Rule events-of-endpoints: deaths are events of PFS too, and not all its events are deaths.
// At one data cut PFS has at least as many events as OS, unless patients were censored before they died (at another
// treatment, or by a review that saw no progression). It has as many in both arms only if nobody lives with a
// progression: of patients who are alive, those without one are a minority once the median PFS is clearly below the
// median OS. Of 8000 simulated trials (tests/unit/audit/simulated_trials.hpp, 15 patients an arm and more) none has
// equal counts in both arms.
#include <fmt/format.h>

#include "audit/rule_support.hpp"
#include "support/words.hpp"

namespace hersurv::audit {

extern const Rule events_of_endpoints;

namespace {

using catalogue::Analysis;
using catalogue::ArmResult;

// Fewer patients without an event may all have been without progression by chance.
constexpr double fewest_alive = 5;

struct Pair {
    const ArmResult *pfs, *os;
    double events, deaths;
};

bool one_cut(const Analysis& pfs, const Analysis& os) { return pfs.data_cutoff == os.data_cutoff; }

std::vector<Pair> pairs_of(const Analysis& pfs, const Analysis& os) {
    std::vector<Pair> pairs;
    for (const auto& mine : pfs.arms)
        for (const auto& theirs : os.arms) {
            if (mine.arm != theirs.arm) continue;
            const auto events = exact_count(mine.events), deaths = exact_count(theirs.events);
            if (events && deaths && mine.n_patients == theirs.n_patients)
                pairs.push_back({&mine, &theirs, *events, *deaths});
        }
    return pairs;
}

// Nothing is known of the median PFS, or it is not clearly below that of OS.
bool may_be_equal(const Pair& pair) {
    if (pair.pfs->median.empty() || pair.os->median.empty()) return true;
    const auto first = range_of(pair.pfs->median.front().value, false, true),
               second = range_of(pair.os->median.front().value, false, true);
    return !first || !second || !first->clearly_below(*second);
}

void compare(const catalogue::Trial& trial, const Analysis& pfs, const Analysis& os, std::vector<Finding>& findings) {
    const auto pairs = pairs_of(pfs, os);
    const auto report = [&](const Analysis& analysis, const Pair& pair, const catalogue::Statistic& print,
                            Severity severity, std::string expected, std::string message) {
        catalogue::Place at;
        at.analysis = analysis.id;
        at.arm = pair.pfs->arm;
        at.statistic = StatisticKind::events;
        Finding finding = start(events_of_endpoints, trial, at, print.from);
        finding.severity = severity;
        finding.published = printed_text(print.value);
        finding.expected = std::move(expected);
        finding.message = std::move(message);
        findings.push_back(std::move(finding));
    };
    double alive = 0;
    bool all_equal = pairs.size() >= 2;
    for (const Pair& pair : pairs) {
        all_equal = all_equal && pair.events == pair.deaths && !may_be_equal(pair);
        alive += pair.pfs->n_patients ? *pair.pfs->n_patients - pair.events : 0;
        if (pair.events < pair.deaths)
            // A review sees fewer progressions, and what it does not see before another treatment is censored.
            report(pfs, pair, pair.pfs->events.front(), pfs.assessed_by == "BICR" ? Severity::note : Severity::warning,
                   fmt::format("at least {}", computed(pair.deaths, 6)),
                   fmt::format("{} PFS events are fewer than {} deaths ({}) in the same patients, although a death is "
                               "a PFS event: most likely the events of the two endpoints are exchanged, unless "
                               "patients were censored before they died",
                               computed(pair.events, 6), computed(pair.deaths, 6), os.id));
    }
    if (!all_equal || alive < fewest_alive) return;
    const Pair& first = pairs.front();
    report(os, first, first.os->events.front(), Severity::warning,
           fmt::format("fewer than {}", computed(first.events, 6)),
           fmt::format("OS has exactly as many events as PFS ({}) in every arm, although PFS is clearly shorter and {} "
                       "patients had no event: most likely the events of one endpoint are given for both",
                       pfs.id, computed(alive, 6)));
}

void check(const Subject& subject, std::vector<Finding>& findings) {
    if (subject.trial == nullptr) return;
    for (const auto& pfs : subject.trial->analyses) {
        if (pfs.endpoint != "PFS") continue;
        for (const auto& os : subject.trial->analyses)
            if (os.endpoint == "OS" && same_population(pfs, os) && one_cut(pfs, os))
                compare(*subject.trial, pfs, os, findings);
    }
}

}  // namespace

const Rule events_of_endpoints{
    "events-of-endpoints",
    Severity::warning,
    "PFS has at least as many events as OS, and not exactly the same number in every arm",
    "counts of the same arms, patients and data cut are compared exactly; equal counts are reported only if the median "
    "PFS is shorter than the median OS even after a change of 5% in each and at least 5 patients had no event; a note "
    "if PFS is by central review",
    "compare the events of both endpoints with the source, and check that they come from one data cut",
    check,
};

}  // namespace hersurv::audit
