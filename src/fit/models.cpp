// THE table of models: what `--model` accepts. One more model = one row (and, for a new family, its file in src/survival and its prior).
#include <array>

#include "hersurv/fit/fit.hpp"

namespace hersurv::fit {

std::span<const Model> models() {
    static const std::array<Model, 4> table = {{
        {"exponential", "constant hazard; one parameter", survival::find_family("exponential")},
        {"weibull", "hazard rises or falls with a power of time", survival::find_family("weibull")},
        {"lognormal", "hazard rises, then falls", survival::find_family("lognormal")},
        {"loglogistic", "hazard rises, then falls, with a heavy tail", survival::find_family("loglogistic")},
    }};
    return table;
}

const Model* find_model(std::string_view name) {
    for (const Model& model : models())
        if (model.name == name) return &model;
    return nullptr;
}

}  // namespace hersurv::fit
