// Catalogue documents: a text is refused with faults or read; what was read is written and read again to the same
// bytes; its curves can be fitted, and every S(t) is a probability within its limits.
#include "hersurv/catalogue.hpp"

#include "hersurv/error.hpp"
#include "hersurv/estimates.hpp"
#include "hersurv/evidence.hpp"
#include "hersurv/fit.hpp"

#include "catalogue/writer.hpp"
#include "require.hpp"
#include "support/json.hpp"
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace {

using namespace hersurv;

std::optional<catalogue::Catalogue> read(std::string_view text) {
    try {
        return catalogue::read_document(text, "fuzz");
    } catch (const support::InputError& error) {
        require(!error.faults().empty(), "a refused document has a fault");
        return std::nullopt;
    }
}

std::string written(const catalogue::Catalogue& catalogue) {
    return support::write_json(catalogue::to_document(catalogue), 2);
}

void check_arm(const fit::FittedModel& model, std::size_t arm) {
    for (const double time : {0.0, 0.5, 6.0, 24.0, 120.0, 1200.0}) {
        const fit::Estimate estimate = fit::survival_at(model, arm, time, {});
        require(estimate.value >= 0 && estimate.value <= 1, "0 <= S(t) <= 1");
        if (estimate.lower) require(*estimate.lower <= estimate.value + 1e-9, "lower limit <= S(t)");
        if (estimate.upper) require(*estimate.upper >= estimate.value - 1e-9, "S(t) <= upper limit");
    }
    require(!std::isnan(fit::median(model, arm, {}).value), "the median is a number or infinite");
}

// Small analyses only: the work grows with the cube of the published numbers.
constexpr std::size_t most_arms = 3, most_analyses = 2, most_observations = 24;

void check_fits(const catalogue::Trial& trial) {
    std::size_t fitted = 0;
    for (const catalogue::Analysis& analysis : trial.analyses) {
        auto evidence = std::make_shared<const evidence::AnalysisEvidence>(evidence::gather(trial, analysis));
        if (evidence->arms.size() > most_arms || evidence->observations.size() > most_observations) continue;
        if (++fitted > most_analyses) return;
        const fit::Fitter fitter(evidence);
        for (const char* name : {"flexible", "exponential", "weibull"}) {
            const fit::FittedModel model = fitter.fit(*fit::find_model(name));
            for (std::size_t arm = 0; arm < model.arms.size(); ++arm) {
                if (model.fitted(arm)) check_arm(model, arm);
            }
        }
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::optional<catalogue::Catalogue> first = read({reinterpret_cast<const char*>(data), size});
    if (!first) return 0;
    const std::string text = written(*first);
    const std::optional<catalogue::Catalogue> second = read(text);
    require(second.has_value(), "what was written can be read");
    require(written(*second) == text, "what was read again is the same");
    for (const catalogue::Trial& trial : first->trials) check_fits(trial);
    return 0;
}
