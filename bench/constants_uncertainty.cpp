// How far the curves of the built-in trials move with the constants that were learnt without a part of the figures:
// `constants_uncertainty FOLDS`, see usage_text.
#include "hersurv/catalogue.hpp"
#include "hersurv/estimates.hpp"
#include "hersurv/study.hpp"

#include <fmt/format.h>

#include "evidence/constants.hpp"
#include "program.hpp"
#include "support/file.hpp"
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace {

using namespace hersurv;

constexpr std::string_view usage_text = R"(constants_uncertainty FOLDS

Fits the default analyses of the built-in trials with the constants of FOLDS/fold-1.json to fold-5.json, which were
learnt without a fifth of the figures each, and compares the jackknife standard deviation of S with the half-width of
the 95% reconstruction band.

  --help   this text
)";

struct Options {
    std::string folds;
    bool help = false;
};

Options parse(const std::vector<std::string>& arguments) {
    Options options;
    for (const std::string& argument : arguments)
        if (argument == "--help")
            options.help = true;
        else
            options.folds = argument;
    if (!options.help && options.folds.empty())
        throw support::UsageError("the folder of constants is missing: constants_uncertainty FOLDS");
    return options;
}

constexpr std::size_t n_folds = 5;

double quantile_of(std::vector<double> values, double p) {
    std::ranges::sort(values);
    return values[static_cast<std::size_t>(p * static_cast<double>(values.size() - 1))];
}

int run(const Options& options) {
    std::vector<std::shared_ptr<const evidence::Constants>> constants;
    for (std::size_t k = 1; k <= n_folds; ++k) {
        const std::string name = fmt::format("{}/fold-{}.json", options.folds, k);
        constants.push_back(std::make_shared<const evidence::Constants>(support::read_file(name), name));
    }
    catalogue::Library library{catalogue::LibraryOptions{}};
    std::vector<double> share_of_half_width, points;
    for (const catalogue::Trial* trial : library.select({}))
        for (const study::SelectedAnalysis& selected : study::default_analyses(*trial)) {
            std::vector<fit::FittedModel> fits;
            for (const auto& without_a_fold : constants)
                fits.push_back(fit::fit(std::make_shared<const evidence::AnalysisEvidence>(
                                            evidence::gather(*trial, *selected.analysis, without_a_fold)),
                                        *fit::find_model("flexible")));
            for (std::size_t arm = 0; arm < fits.front().arms.size(); ++arm) {
                if (!fits.front().fitted(arm)) continue;
                for (const double share : {0.25, 0.5, 0.75, 1.0, 1.5}) {
                    const double time = share * fits.front().arms[arm].supported_months;
                    double sum = 0, square = 0, half_width = 0;
                    for (const fit::FittedModel& model : fits) {
                        const fit::Estimate s = fit::survival_at(model, arm, time, {});
                        sum += s.value / n_folds;
                        square += s.value * s.value / n_folds;
                        half_width += 0.5 * (*s.upper - *s.lower) / n_folds;
                    }
                    // Jackknife over groups (Efron & Stein 1981, Ann Stat 9:586): (K - 1) / K sum of squares.
                    const double sd = std::sqrt((n_folds - 1) * std::max(square - sum * sum, 0.0));
                    points.push_back(100 * sd);
                    share_of_half_width.push_back(half_width > 0 ? 1.96 * sd / half_width : 0);
                }
            }
        }
    fmt::print("{} values of S: jackknife sd of S, points: median {:.2f}, 90% {:.2f}, 99% {:.2f}\n", points.size(),
               quantile_of(points, 0.5), quantile_of(points, 0.9), quantile_of(points, 0.99));
    fmt::print("1.96 sd over the half-width of the band: median {:.2f}, 90% {:.2f}, 99% {:.2f}\n",
               quantile_of(share_of_half_width, 0.5), quantile_of(share_of_half_width, 0.9),
               quantile_of(share_of_half_width, 0.99));
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    return bench::run_program("constants_uncertainty", usage_text, argc, argv, parse, run);
}
