// PFS and OS of one patient: the records of two simulations of one arm, paired so that no patient dies before the
// progression, with a rank correlation that is asked for.
#include "hersurv/patients.hpp"

#include "support/random.hpp"
#include "survival/solve.hpp"
#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <stdexcept>

namespace hersurv::patients {
namespace {

// The records of an arm by time, and the rank (from 0) that the time of each would have without censoring.
struct Ranked {
    std::vector<Patient> records;
    std::vector<std::size_t> rank;
};

// F at the time of an event; of a censored patient anywhere between F at that time and 1.
Ranked ranked(const Simulation& simulation, std::size_t arm, std::vector<Patient> records,
              support::RandomStream& random) {
    std::vector<double> latent;
    latent.reserve(records.size());
    for (const Patient& patient : records) {
        const double survival = simulation.survival(arm, patient.time_months);
        latent.push_back(patient.event ? 1 - survival : 1 - survival * random.uniform());
    }
    std::vector<std::size_t> order(records.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, {}, [&](std::size_t i) { return latent[i]; });
    Ranked result{std::move(records), std::vector<std::size_t>(order.size())};
    for (std::size_t r = 0; r < order.size(); ++r) result.rank[order[r]] = r;
    return result;
}

std::vector<std::size_t> ranks_of(const std::vector<double>& values) {
    std::vector<std::size_t> order(values.size()), ranks(values.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, {}, [&](std::size_t i) { return values[i]; });
    for (std::size_t r = 0; r < order.size(); ++r) ranks[order[r]] = r;
    return ranks;
}

struct Pairing {
    std::vector<std::size_t> progression;  // for each record of OS by time, that of PFS
    double correlation = 0;                // Spearman's
    std::size_t n_earlier = 0;             // progressions that had to be moved to the end of OS
};

// Standard normal (Box & Muller 1958, Ann Math Stat 29:610).
double normal(support::RandomStream& random) {
    const double radius = std::sqrt(-2 * std::log(random.uniform()));
    return radius * std::cos(2 * 3.141592653589793 * random.uniform());
}

class Pairer {
  public:
    Pairer(const Ranked& progression, const Ranked& survival, support::RandomStream& random)
        : progression_(progression), survival_(survival) {
        for (std::size_t i = 0; i < survival.records.size(); ++i) {
            first_.push_back(normal(random));
            second_.push_back(normal(random));
        }
        first_rank_ = ranks_of(first_);
        record_of_rank_.resize(first_.size());
        for (std::size_t i = 0; i < first_.size(); ++i) record_of_rank_[progression.rank[i]] = i;
    }

    // A normal copula of this correlation says which rank of PFS each record of OS would have. By the time of OS, each
    // gets the nearest rank among the records that are not later than it and not taken.
    [[nodiscard]] Pairing pair(double correlation) const {
        const std::size_t n = first_.size();
        std::vector<double> with(n);
        const double rest = std::sqrt(std::max(0.0, 1 - correlation * correlation));
        for (std::size_t i = 0; i < n; ++i) with[i] = correlation * first_[i] + rest * second_[i];
        const std::vector<std::size_t> with_rank = ranks_of(with);
        std::vector<std::size_t> wanted(n);  // by rank of OS
        for (std::size_t i = 0; i < n; ++i) wanted[with_rank[i]] = first_rank_[i];
        Pairing pairing;
        std::set<std::size_t> free;  // ranks
        std::size_t next = 0;
        double squares = 0;
        for (std::size_t i = 0; i < n; ++i) {
            const auto is_early = [&](std::size_t record) {
                return progression_.records[record].time_months <= survival_.records[i].time_months;
            };
            while (next < n && is_early(next)) free.insert(progression_.rank[next++]);
            if (free.empty()) {
                free.insert(progression_.rank[next++]);
                ++pairing.n_earlier;
            }
            const auto taken = nearest(free, wanted[survival_.rank[i]]);
            const double apart = static_cast<double>(*taken) - static_cast<double>(survival_.rank[i]);
            squares += apart * apart;
            pairing.progression.push_back(record_of_rank_[*taken]);
            free.erase(taken);
        }
        const auto size = static_cast<double>(n);
        pairing.correlation = n > 1 ? 1 - 6 * squares / (size * (size * size - 1)) : 0;
        return pairing;
    }

  private:
    static std::set<std::size_t>::iterator nearest(const std::set<std::size_t>& free, std::size_t wanted) {
        const auto above = free.lower_bound(wanted);
        if (above == free.begin()) return above;
        const auto below = std::prev(above);
        return above == free.end() || wanted - *below <= *above - wanted ? below : above;
    }

    const Ranked &progression_, &survival_;
    std::vector<double> first_, second_;
    std::vector<std::size_t> first_rank_, record_of_rank_;
};

// The nearest that is found to the rank correlation asked for.
Pairing paired(const Pairer& pairer, double wanted) {
    Pairing best = pairer.pair(wanted);
    const auto miss = [&](double correlation) {
        Pairing tried = pairer.pair(correlation);
        const double off = tried.correlation - wanted;
        if (std::abs(off) < std::abs(best.correlation - wanted)) best = std::move(tried);
        return off;
    };
    constexpr double near_enough = 0.002;
    constexpr int most_steps = 25;
    const survival::Guess low{-1, miss(-1)}, high{1, miss(1)};
    if ((low.value < 0) != (high.value < 0)) (void)survival::false_position(miss, low, high, near_enough, most_steps);
    return best;
}

}  // namespace

JointSimulation::JointSimulation(Simulation progression, Simulation survival, double rank_correlation)
    : progression_(std::move(progression)), survival_(std::move(survival)), rank_correlation_(rank_correlation) {
    if (!(std::abs(rank_correlation) <= 1)) throw std::invalid_argument("a rank correlation is between -1 and 1");
    for (std::size_t i = 0; i < progression_.arms().size(); ++i) {
        const auto& arms = survival_.arms();
        const auto same = std::ranges::find(arms, progression_.arms()[i].id, &SimulatedArm::id);
        if (same == arms.end()) continue;
        if (same->n_patients != progression_.arms()[i].n_patients)
            throw std::invalid_argument(same->id + ": PFS and OS have different numbers of patients");
        arms_.emplace_back(i, static_cast<std::size_t>(same - arms.begin()));
    }
}

std::vector<JointArm> JointSimulation::draw(std::uint64_t replicate) const {
    const std::vector<Arm> progressions = progression_.draw(replicate), survivals = survival_.draw(replicate);
    std::vector<JointArm> arms;
    for (const auto& [p, s] : arms_) {
        // A stream of its own, so that the records are those of the two simulations.
        support::RandomStream random{survival_.options().seed, replicate, survival_.stream(s), 2};
        const Ranked progression = ranked(progression_, p, progressions[p].patients, random),
                     survival = ranked(survival_, s, survivals[s].patients, random);
        const Pairing pairing = paired(Pairer(progression, survival, random), rank_correlation_);
        JointArm arm{survivals[s].name, {}, pairing.correlation, pairing.n_earlier};
        for (std::size_t i = 0; i < survival.records.size(); ++i) {
            JointPatient patient{progression.records[pairing.progression[i]], survival.records[i]};
            patient.progression.time_months = std::min(patient.progression.time_months, patient.survival.time_months);
            arm.patients.push_back(patient);
        }
        arms.push_back(std::move(arm));
    }
    return arms;
}

}  // namespace hersurv::patients
