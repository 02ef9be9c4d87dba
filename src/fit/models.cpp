// THE table of models: what `--model` accepts. One more model = one row (and, for a new family, its file in
// src/survival and its prior).
#include "hersurv/fit/fit.hpp"

#include <algorithm>
#include <array>

namespace hersurv::fit {

std::span<const Model> models() {
    static const std::array<Model, 5> table = {{
        {"exponential", "constant hazard; one parameter", survival::find_family("exponential")},
        {"weibull", "hazard rises or falls with a power of time", survival::find_family("weibull")},
        {"lognormal", "hazard rises, then falls", survival::find_family("lognormal")},
        {"loglogistic", "hazard rises, then falls, with a heavy tail", survival::find_family("loglogistic")},
        {"flexible", "no family: how published curves run, bent to the printed numbers", nullptr},
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
