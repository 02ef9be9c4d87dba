// THE table of models: what `--model` accepts. One more model = one row (and, for a new family, its file in
// src/survival and its prior).
#include "hersurv/fit.hpp"

#include <algorithm>
#include <array>

namespace hersurv::fit {

std::span<const Model> models() {
    using survival::find_family;
    static const std::array<Model, 15> table = {{
        {"exponential", "constant hazard; one parameter", find_family("exponential")},
        {"weibull", "hazard rises or falls with a power of time", find_family("weibull")},
        {"lognormal", "hazard rises, then falls", find_family("lognormal")},
        {"loglogistic", "hazard rises, then falls, with a heavy tail", find_family("loglogistic")},
        {"gompertz", "hazard rises or falls exponentially", find_family("gompertz")},
        {"gamma", "hazard rises or falls to a constant", find_family("gamma")},
        {"gengamma", "three parameters; includes Weibull, log-normal and gamma", find_family("gengamma")},
        {"exponential-cure", "mixture cure model; uncured patients as exponential", find_family("exponential-cure")},
        {"weibull-cure", "mixture cure model; uncured patients as weibull", find_family("weibull-cure")},
        {"lognormal-cure", "mixture cure model; uncured patients as lognormal", find_family("lognormal-cure")},
        {"loglogistic-cure", "mixture cure model; uncured patients as loglogistic", find_family("loglogistic-cure")},
        {"gompertz-cure", "mixture cure model; uncured patients as gompertz", find_family("gompertz-cure")},
        {"gamma-cure", "mixture cure model; uncured patients as gamma", find_family("gamma-cure")},
        {"gengamma-cure", "mixture cure model; uncured patients as gengamma", find_family("gengamma-cure")},
        {"flexible", "no formula: the shape of published curves, adapted to the published results", nullptr},
    }};
    return table;
}

std::span<const Model> parametric_models() {
    const auto all = models();
    const auto first = std::find_if(all.begin(), all.end(), [](const Model& model) { return model.family == nullptr; });
    return {all.begin(), first};
}

const Model* find_model(std::string_view name) {
    for (const Model& model : models())
        if (model.name == name) return &model;
    return nullptr;
}

}  // namespace hersurv::fit
