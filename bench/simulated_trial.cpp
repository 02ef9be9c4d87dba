// Draws the patients of simulated trials.
#include "simulated_trial.hpp"

#include "support/random.hpp"
#include <algorithm>
#include <cmath>

namespace hersurv::bench {

TwoArms draw_trial(const Law& law, std::size_t n_per_arm, const Schedule& schedule, std::uint64_t seed,
                   std::uint64_t trial) {
    TwoArms arms;
    for (std::size_t arm = 0; arm < arms.size(); ++arm) {
        support::RandomStream random{seed, law.number, n_per_arm, trial, arm};
        const LawOfArm& of_arm = arm == 0 ? law.control : law.experimental;
        arms[arm].reserve(n_per_arm);
        for (std::size_t i = 0; i < n_per_arm; ++i) {
            const double cut = schedule.cut_months - schedule.accrual_months * random.uniform();
            const double drop_out = -std::log(random.uniform()) / schedule.drop_out_per_month;
            const double censored = std::min(cut, drop_out), s = random.uniform();
            // Most events after the censoring need not be searched for.
            const bool event = of_arm.survival(censored) < s;
            arms[arm].push_back({event ? of_arm.time_at_survival(s) : censored, event});
        }
    }
    return arms;
}

}  // namespace hersurv::bench
