// The choice of `--model auto`: the model that was measured to be nearest to digitised curves with the same evidence,
// among those that contradict no published number.
#include "hersurv/fit.hpp"

#include <fmt/format.h>

#include "fit/outcome.hpp"
#include "support/number_text.hpp"
#include <algorithm>
#include <cmath>
#include <optional>

namespace hersurv::fit {
namespace {

struct Expected {
    double error = 0;           // mean over the arms
    double standard_error = 0;  // of the measured means, the largest of the arms
};

// nullopt if an arm's figure is missing, or from too few arms.
std::optional<Expected> expected_of(const FittedModel& model) {
    Expected expected;
    int n = 0;
    for (std::size_t arm = 0; arm < model.arms.size(); ++arm) {
        if (!model.fitted(arm)) continue;
        const auto accuracy = expected_accuracy(model, arm).of_all_sizes;
        if (!accuracy || accuracy->n_arms < AccuracyRecord::enough_arms) return std::nullopt;
        expected.error += accuracy->error;
        expected.standard_error = std::max(expected.standard_error, accuracy->standard_error);
        ++n;
    }
    if (n == 0) return std::nullopt;
    expected.error /= n;
    return expected;
}

std::string names_of(const FittedModel& model, const std::vector<std::size_t>& observations) {
    std::string names;
    for (const std::size_t i : observations) {
        const auto& o = model.evidence->observations[i];
        names += fmt::format("{}{} of {}", names.empty() ? "" : ", ", to_string(o.statistic),
                             model.evidence->arms[o.arm].title());
    }
    return names;
}

}  // namespace

FittedModel Fitter::fit_auto() const {
    // The flexible model is the most accurate one on nearly every pattern of evidence: the others are fitted only where
    // the record has one of them clearly ahead.
    FittedModel flexible = fit(*find_model("flexible"));
    if (flexible.curves == nullptr) return flexible;
    const auto own = expected_of(flexible);
    const Model* ahead = nullptr;
    std::optional<Expected> least;
    for (const Model& candidate : parametric_models()) {
        if (!own) break;
        FittedModel as_if = flexible;  // the record asks for the name and the arms only
        as_if.model = &candidate;
        const auto expected = expected_of(as_if);
        if (!expected || expected->error + expected->standard_error >= own->error) continue;
        if (least && least->error <= expected->error) continue;
        least = expected;
        ahead = &candidate;
    }
    const auto missed = contradicted(flexible);
    std::string reason;
    if (ahead != nullptr) {
        FittedModel other = fit(*ahead);
        const auto error = [](const Expected& expected) { return support::fixed(100 * expected.error, 1); };
        const auto missed_by_other = contradicted(other);
        const bool worse = std::ranges::any_of(
            missed_by_other, [&](std::size_t i) { return std::ranges::find(missed, i) == missed.end(); });
        if (!worse) {
            other.messages.insert(
                other.messages.begin(),
                fmt::format(
                    "model: {}, chosen automatically: in validation it was more accurate than flexible for this "
                    "kind of data (error of S(t) {} v {} percentage points)",
                    ahead->name, error(*least), error(*own)));
            other.intervals_of_reconstruction = true;
            return other;
        }
        reason = fmt::format(
            "model: flexible, chosen automatically: in validation {} was more accurate for this kind of data (error of "
            "S(t) {} v {} percentage points), but it contradicts published results: {}",
            ahead->name, error(*least), error(*own), names_of(other, missed_by_other));
    } else if (own) {
        reason =
            "model: flexible, chosen automatically: in validation no parametric model was clearly more accurate for "
            "this kind of data";
    } else {
        reason =
            "model: flexible, chosen automatically: it is the most accurate model in validation, but this kind of data "
            "was not validated";
    }
    flexible.messages.insert(flexible.messages.begin(), reason);
    return flexible;
}

}  // namespace hersurv::fit
