// Bisection on a grid of factors: coverage grows with the factor.
#include "learn_inflation.hpp"

#include "accuracy_measure.hpp"
#include "accuracy_patterns.hpp"
#include "learn_document.hpp"
#include <algorithm>
#include <cmath>
#include <memory>

namespace hersurv::bench {
namespace {

constexpr double wanted_coverage = 0.95;
constexpr double least_factor = 0.8, step = 0.02;
constexpr int n_factors = 32;  // a power of 2: 0.80 ... 1.42

double factor_of(int index) { return least_factor + step * index; }

// From a median with its limits to all that papers print.
std::vector<Pattern> scored_patterns() {
    std::vector<Pattern> result;
    for (const Pattern& pattern : patterns())
        if (pattern.name == "limits" || pattern.name == "A" || pattern.name == "B" || pattern.name == "C")
            result.push_back(pattern);
    return result;
}

}  // namespace

std::map<std::string, double> learn_inflation(const std::vector<HeldOutFigure>& held_out, int threads) {
    Figures figures;
    for (const HeldOutFigure& entry : held_out) figures.figures.push_back(*entry.figure);
    auto models = scored_models();
    std::erase_if(models, [](const ScoredModel& model) { return model.name != "flexible"; });
    std::map<std::string, int> below;  // by endpoint: the largest index that is known to cover too little, or -1
    for (const DigitisedFigure& figure : figures.figures) below[figure.endpoint] = -1;
    for (int stride = n_factors / 2; stride >= 1; stride /= 2) {
        std::map<const support::Json*, std::shared_ptr<const evidence::Constants>> constants;
        PriorsOfFigures priors;
        for (const HeldOutFigure& entry : held_out) {
            auto& read = constants[entry.document];
            if (!read) {
                support::Json document = *entry.document;
                for (const auto& [endpoint, index] : below) {
                    store_inflation(endpoint, factor_of(index + stride), document);
                    // What the usual curves alone need: the unusual ones are there beside it.
                    store_share_of_unusual(endpoint, 0, document);
                }
                read = std::make_shared<const evidence::Constants>(document_text(document), "learnt constants");
            }
            priors.push_back(read);
        }
        std::map<std::string, double> sum, n_arms;
        for (const ArmOutcome& outcome : measure(figures, priors, scored_patterns(), models, threads)) {
            const DigitisedFigure& figure = figures.figures[outcome.figure];
            if (!outcome.score || !figure.arms[outcome.arm].median_months) continue;
            sum[figure.endpoint] += outcome.score->coverage;
            ++n_arms[figure.endpoint];
        }
        for (auto& [endpoint, index] : below)
            if (sum[endpoint] < wanted_coverage * n_arms[endpoint]) index += stride;
    }
    std::map<std::string, double> result;
    for (const auto& [endpoint, index] : below) result[endpoint] = factor_of(index + 1);
    return result;
}

}  // namespace hersurv::bench
