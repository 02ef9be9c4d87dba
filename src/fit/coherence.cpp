// Curves lowered to overall survival: S = min(S, S_os).
//
// The two fits share no number, so that the covariance of their free parameters is block-diagonal. That the same
// patients are behind both is not used: it would only narrow the bands.
#include "fit/coherence.hpp"

#include "hersurv/records.hpp"

#include <fmt/format.h>

#include "catalogue/dates.hpp"
#include "catalogue/endpoints.hpp"
#include "fit/hazard_floor.hpp"
#include "fit/monotone_limits.hpp"
#include "fit/outcome.hpp"
#include "support/number_text.hpp"
#include "support/numbers.hpp"
#include "survival/solve.hpp"
#include <algorithm>
#include <cmath>
#include <tuple>

namespace hersurv::fit {
namespace {

// The free parameters of a lowered model, split.
struct Split {
    std::span<const double> own, overall;
};
Split split(const Lowered& lowered, std::span<const double> free) {
    const std::size_t n = lowered.own.free_parameters.size();
    return {free.first(n), free.subspan(n)};
}

// Where the curve of an arm is above that of an arm of `overall`. Crossings are looked for between times that are a
// factor 1.16 apart, from a thousandth of the follow-up to 16 times as long.
std::vector<LoweredStretch> stretches_above(const FittedModel& own, std::size_t arm, const FittedModel& overall,
                                            std::size_t overall_arm, const Split& free) {
    constexpr int n_times = 65, halvings = 30;
    constexpr double earliest = 1e-3, latest = 16;  // of the follow-up
    const double follow_up = std::max({own.evidence->follow_up_or_guess(arm), own.arms[arm].supported_months,
                                       overall.arms[overall_arm].supported_months});
    const auto hazards = [&](double time) {
        return std::pair{own.curves->cumulative_hazard(arm, time, free.own),
                         overall.curves->cumulative_hazard(overall_arm, time, free.overall)};
    };
    const auto above = [](const std::pair<double, double>& h) { return h.first < h.second * (1 - 1e-9); };
    std::vector<LoweredStretch> stretches;
    double before = 0;
    bool was_above = false;
    for (int k = 0; k < n_times; ++k) {
        const double time = follow_up * earliest * std::pow(latest / earliest, static_cast<double>(k) / (n_times - 1));
        const auto h = hazards(time);
        const bool is_above = above(h);
        if (is_above != was_above) {
            const auto side = [&](double middle) { return above(hazards(middle)) == was_above ? -1 : 1; };
            const double crossing = k > 0 ? survival::bisect(before, time, side, halvings).upper : 0;
            if (is_above)
                stretches.push_back({arm, crossing, infinity, 0});
            else
                stretches.back().to_months = crossing;
        }
        if (is_above) stretches.back().most = std::max(stretches.back().most, std::exp(-h.first) - std::exp(-h.second));
        before = time;
        was_above = is_above;
    }
    return stretches;
}

class LoweredCurves : public Curves {
  public:
    explicit LoweredCurves(std::shared_ptr<const Lowered> lowered) : lowered_(std::move(lowered)) {}

    double cumulative_hazard(std::size_t arm, double time_months, std::span<const double> free) const override {
        const Split part = split(*lowered_, free);
        const double own = own_curves().cumulative_hazard(arm, time_months, part.own);
        if (!is_lowered(arm)) return own;
        return std::max(own, overall_curves().cumulative_hazard(overall(arm), time_months, part.overall));
    }

    double time_at_survival(std::size_t arm, double s, std::span<const double> free) const override {
        const Split part = split(*lowered_, free);
        const double own = own_curves().time_at_survival(arm, s, part.own);
        if (!is_lowered(arm)) return own;
        return std::min(own, overall_curves().time_at_survival(overall(arm), s, part.overall));
    }

    // Over the stretches on which the curve of overall survival is the lower one. A curve without a formula keeps those
    // of the estimate: as the curves cross there, moving an end of one changes the integral by the square of the move
    // only, so that this is exact at the estimate and to first order around it.
    double rmst(std::size_t arm, double horizon_months, std::span<const double> free) const override {
        const Split part = split(*lowered_, free);
        double months = own_curves().rmst(arm, horizon_months, part.own);
        if (!is_lowered(arm)) return months;
        const bool formula = lowered_->own.model->family != nullptr;
        const std::vector<LoweredStretch> stretches =
            formula ? stretches_above(lowered_->own, arm, lowered_->overall, overall(arm), part) : lowered_->stretches;
        for (const LoweredStretch& stretch : stretches) {
            if (stretch.arm != arm || stretch.from_months >= horizon_months) continue;
            const double from = stretch.from_months, to = std::min(stretch.to_months, horizon_months);
            months -= own_curves().rmst(arm, to, part.own) - own_curves().rmst(arm, from, part.own);
            months += overall_curves().rmst(overall(arm), to, part.overall) -
                      overall_curves().rmst(overall(arm), from, part.overall);
        }
        return months;
    }

    double density(std::size_t arm, double time_months, std::span<const double> free) const override {
        const Split part = split(*lowered_, free);
        if (is_lowered(arm) && overall_curves().cumulative_hazard(overall(arm), time_months, part.overall) >
                                   own_curves().cumulative_hazard(arm, time_months, part.own))
            return overall_curves().density(overall(arm), time_months, part.overall);
        return own_curves().density(arm, time_months, part.own);
    }

    double variance(std::span<const double> gradient) const override {
        const Split part = split(*lowered_, gradient);
        return own_curves().variance(part.own) + overall_curves().variance(part.overall);
    }

    std::optional<std::vector<double>> covariance_times(std::span<const double> vector,
                                                        bool with_sampling) const override {
        const Split part = split(*lowered_, vector);
        auto of_own = own_curves().covariance_times(part.own, with_sampling);
        const auto of_overall = overall_curves().covariance_times(part.overall, with_sampling);
        if (!of_own || !of_overall) return std::nullopt;
        of_own->insert(of_own->end(), of_overall->begin(), of_overall->end());
        return of_own;
    }

    std::optional<std::pair<double, double>> survival_limits(std::size_t arm, double time_months,
                                                             double level) const override {
        const auto own = own_curves().survival_limits(arm, time_months, level);
        if (!is_lowered(arm)) return own;
        const auto above = overall_curves().survival_limits(overall(arm), time_months, level);
        if (!own || !above) return std::nullopt;
        return std::pair{std::min(own->first, above->first), std::min(own->second, above->second)};
    }

  private:
    const Curves& own_curves() const { return *lowered_->own.curves; }
    const Curves& overall_curves() const { return *lowered_->overall.curves; }
    std::size_t overall(std::size_t arm) const { return lowered_->overall_arm[arm]; }
    bool is_lowered(std::size_t arm) const { return overall(arm) != FittedModel::npos; }

    std::shared_ptr<const Lowered> lowered_;
};

bool is_extrapolated(const FittedModel& model, const LoweredStretch& stretch) {
    return stretch.from_months > model.arms[stretch.arm].supported_months;
}

std::string in_words(const LoweredStretch& stretch) {
    const auto month = [](double time) { return support::fixed(time, 1); };
    const bool from_start = stretch.from_months < 0.05, to_end = std::isinf(stretch.to_months);
    if (from_start && to_end) return "at all times";
    if (from_start) return "up to month " + month(stretch.to_months);
    if (to_end) return "from month " + month(stretch.from_months) + " on";
    return "in months " + month(stretch.from_months) + " to " + month(stretch.to_months);
}

// Nothing if nobody would see it.
std::string message_on(const FittedModel& model, const FittedModel& overall, std::size_t arm,
                       const std::vector<LoweredStretch>& stretches) {
    std::string where;
    double most = 0;
    for (const LoweredStretch& stretch : stretches) {
        if (!noticeable(model, stretch)) continue;
        where += (where.empty() ? "" : " and ") + in_words(stretch) +
                 (is_extrapolated(model, stretch) ? " (extrapolated)" : "");
        most = std::max(most, stretch.most);
    }
    if (where.empty()) return "";
    return fmt::format("{}: {} would have exceeded OS ({}) {} (by up to {} points) and was capped at OS{}",
                       model.evidence->arms[arm].title(), model.evidence->endpoint, overall.evidence->analysis, where,
                       support::fixed(100 * most, 1),
                       model.model->family != nullptr ? ", while the parameters are those of the fit" : "");
}

// The limits change their slope where the curves cross.
std::shared_ptr<const MonotoneLimits> limits_with_crossings(const MonotoneLimits& limits,
                                                            const std::vector<LoweredStretch>& stretches) {
    std::vector<std::vector<double>> times = limits.times_months();
    for (const LoweredStretch& stretch : stretches)
        for (const double time : {stretch.from_months, stretch.to_months})
            if (time > 0 && std::isfinite(time)) times[stretch.arm].push_back(time);
    for (std::vector<double>& of_arm : times) std::ranges::sort(of_arm);
    return std::make_shared<const MonotoneLimits>(std::move(times));
}

// The free parameters of both fits, one after the other, with their curves.
void take_both(std::shared_ptr<const Lowered> lowered, FittedModel& model) {
    const FittedModel &own = lowered->own, &overall = lowered->overall;
    const std::size_t n = own.free_parameters.size();
    model.free_parameters = own.free_parameters;
    model.free_parameters.insert(model.free_parameters.end(), overall.free_parameters.begin(),
                                 overall.free_parameters.end());
    model.covariance = own.covariance;
    if (own.covariance.size == n && overall.covariance.size == overall.free_parameters.size()) {
        const std::size_t all = model.free_parameters.size();
        SymmetricMatrix both{all, std::vector<double>(all * all, 0.0)};
        for (std::size_t i = 0; i < all; ++i)
            for (std::size_t j = 0; j < all; ++j)
                if ((i < n) == (j < n))
                    both.values[i * all + j] = i < n ? own.covariance(i, j) : overall.covariance(i - n, j - n);
        model.covariance = std::move(both);
    }
    model.curves = std::make_shared<const LoweredCurves>(lowered);
    model.lowered = std::move(lowered);
}

// The same with nobody cured in either fit where that is not identified; nullptr if it is in both.
std::shared_ptr<const FittedModel> with_nobody_cured(const Lowered& lowered) {
    if (lowered.own.with_nobody_cured == nullptr && lowered.overall.with_nobody_cured == nullptr) return nullptr;
    auto uncured = std::make_shared<Lowered>(lowered);
    for (FittedModel* const fit : {&uncured->own, &uncured->overall})
        if (fit->with_nobody_cured != nullptr) *fit = FittedModel(*fit->with_nobody_cured);
    FittedModel model = uncured->own;
    take_both(std::move(uncured), model);
    return std::make_shared<const FittedModel>(std::move(model));
}

bool share_an_arm(const catalogue::Analysis& a, const catalogue::Analysis& b) {
    return std::ranges::any_of(a.arms, [&](const auto& arm) {
        return std::ranges::find(b.arms, arm.arm, &catalogue::ArmResult::arm) != b.arms.end();
    });
}

}  // namespace

const catalogue::Analysis* overall_survival_for(const catalogue::Trial& trial, const catalogue::Analysis& analysis) {
    if (!catalogue::endpoint_kind(analysis.endpoint).counts_deaths) return nullptr;
    const auto cut = catalogue::month_of(analysis.data_cutoff);
    const catalogue::Analysis* best = nullptr;
    // Smaller is nearer; what has no distance is behind all that have one, the default analysis first.
    const auto distance = [&](const catalogue::Analysis& os) {
        const auto other = catalogue::month_of(os.data_cutoff);
        const bool known = cut && other;
        return std::tuple{!known, known ? std::abs(*other - *cut) : 0, !os.is_default};
    };
    for (const catalogue::Analysis& os : trial.analyses) {
        if (os.endpoint != "OS" || os.population != analysis.population || !share_an_arm(os, analysis)) continue;
        if (best == nullptr || distance(os) < distance(*best)) best = &os;
    }
    return best;
}

bool noticeable(const FittedModel& model, const LoweredStretch& stretch) {
    return stretch.most >= (is_extrapolated(model, stretch) ? 0.01 : 0.0005);
}

FittedModel lowered_to(const FittedModel& overall, FittedModel model) {
    if (model.curves == nullptr || overall.curves == nullptr) return model;
    auto lowered = std::make_shared<Lowered>();
    lowered->overall_arm.assign(model.arms.size(), FittedModel::npos);
    std::vector<std::string> messages;
    for (std::size_t arm = 0; arm < model.arms.size(); ++arm) {
        const auto& arms = overall.evidence->arms;
        const auto same = std::ranges::find(arms, model.evidence->arms[arm].id, &evidence::ArmEvidence::id);
        if (same == arms.end() || !model.fitted(arm)) continue;
        const auto other = static_cast<std::size_t>(same - arms.begin());
        if (!overall.fitted(other) || overall.arms[other].status == FitStatus::not_converged) continue;
        const auto stretches =
            stretches_above(model, arm, overall, other, {model.free_parameters, overall.free_parameters});
        if (stretches.empty()) continue;
        lowered->overall_arm[arm] = other;
        if (std::string message = message_on(model, overall, arm, stretches); !message.empty())
            messages.push_back(std::move(message));
        lowered->stretches.insert(lowered->stretches.end(), stretches.begin(), stretches.end());
    }
    if (lowered->stretches.empty()) return model;
    lowered->overall = overall;
    lowered->own = model;
    if (model.reconstruction != nullptr && overall.reconstruction != nullptr)
        model.reconstruction =
            std::make_shared<const FittedModel>(lowered_to(*overall.reconstruction, *model.reconstruction));

    model.messages.insert(model.messages.end(), messages.begin(), messages.end());
    take_both(lowered, model);
    model.with_nobody_cured = with_nobody_cured(*lowered);
    if (model.limits != nullptr) model.limits = limits_with_crossings(*model.limits, lowered->stretches);
    for (std::size_t arm = 0; arm < model.arms.size(); ++arm)
        if (lowered->overall_arm[arm] != FittedModel::npos)
            model.arms[arm].supported_months =
                std::min(model.arms[arm].supported_months, supported_months(*model.evidence, arm, [&](double time) {
                             return model.curves->cumulative_hazard(arm, time, model.free_parameters);
                         }));
    // What a number cost the fit it still does; what the curve makes of it follows the curve.
    model.residuals = published_beside_fitted(model);
    for (Residual& residual : model.residuals)
        for (const Residual& before : lowered->own.residuals)
            if (before.observation == residual.observation) residual.standardised = before.standardised;
    return model;
}

double mean_months(const FittedModel& model, std::size_t arm, std::span<const double> free) {
    if (model.lowered == nullptr) {
        if (model.model->family == nullptr) return infinity;
        if (model.hazard_floor != nullptr) return mean_above_floor(model, arm, free);
        return survival::mean(*model.model->family, model.parameters_at(arm, free));
    }
    const Lowered& lowered = *model.lowered;
    const Split part = split(lowered, free);
    const std::size_t other = lowered.overall_arm[arm];
    const LoweredStretch* last = nullptr;
    for (const LoweredStretch& stretch : lowered.stretches)
        if (stretch.arm == arm) last = &stretch;
    if (last == nullptr) return mean_months(lowered.own, arm, part.own);
    // To the last crossing, and from there on by the curve that is the lower one.
    const bool by_overall = std::isinf(last->to_months);
    const double to = by_overall ? last->from_months : last->to_months;
    const double tail =
        by_overall
            ? mean_months(lowered.overall, other, part.overall) - lowered.overall.curves->rmst(other, to, part.overall)
            : mean_months(lowered.own, arm, part.own) - lowered.own.curves->rmst(arm, to, part.own);
    return model.curves->rmst(arm, to, free) + tail;
}

}  // namespace hersurv::fit
