// Tightens the limits on the grid, and those of other times to their neighbours on it.
#include "fit/monotone_limits.hpp"

#include <algorithm>

namespace hersurv::fit {

const std::vector<MonotoneLimits::Limits>& MonotoneLimits::table(std::size_t arm, const IntervalOptions& options,
                                                                 const Raw& raw) const {
    const auto key = std::tuple{arm, options.band, options.level};
    {
        const std::scoped_lock lock(mutex_);
        if (const auto found = tables_.find(key); found != tables_.end()) return found->second;
    }
    std::vector<Limits> limits;
    limits.reserve(times_[arm].size());
    for (const double time : times_[arm]) limits.push_back(raw(time));
    for (std::size_t i = 1; i < limits.size(); ++i) limits[i].second = std::min(limits[i].second, limits[i - 1].second);
    for (std::size_t i = limits.size(); i-- > 1;) limits[i - 1].first = std::max(limits[i - 1].first, limits[i].first);
    const std::scoped_lock lock(mutex_);
    return tables_.try_emplace(key, std::move(limits)).first->second;
}

MonotoneLimits::Limits MonotoneLimits::at(std::size_t arm, double time_months, const IntervalOptions& options,
                                          const Raw& raw) const {
    const std::vector<Limits>& limits = table(arm, options, raw);
    const std::vector<double>& times = times_[arm];
    const auto next =
        static_cast<std::size_t>(std::lower_bound(times.begin(), times.end(), time_months) - times.begin());
    Limits result = next < times.size() && times[next] == time_months ? limits[next] : raw(time_months);
    if (next > 0) {
        result.first = std::min(result.first, limits[next - 1].first);
        result.second = std::min(result.second, limits[next - 1].second);
    }
    if (next < times.size()) {
        result.first = std::max(result.first, limits[next].first);
        result.second = std::max(result.second, limits[next].second);
    }
    // Where published numbers contradict one another no curve is within both: the band holds what either allows.
    return std::minmax(result.first, result.second);
}

}  // namespace hersurv::fit
