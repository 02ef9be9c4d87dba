// The coordinates in which the member of a family is searched for (private to the module): any real numbers are a
// member, and the first, the log median, hardly depends on the others.
#pragma once

#include "hersurv/survival.hpp"

#include <span>
#include <vector>

namespace hersurv::fit {

// log of the median in months; the shape coordinate, where the family has one; the parameters that from_median holds
// (generalised gamma: q); the logit of the cured share. Of a cure model all but the last are those of the uncured.
class Coordinates {
  public:
    explicit Coordinates(const survival::Family& family)
        : family_(family), base_(family.uncured != nullptr ? *family.uncured : family) {}

    [[nodiscard]] std::size_t size() const { return 1 + n_shapes() + (has_cure() ? 1 : 0); }
    // Of the coordinates 1 to n_shapes(), which arms share under Shape::common.
    [[nodiscard]] std::size_t n_shapes() const { return (base_.shape_name.empty() ? 0 : 1) + base_.n_held; }
    [[nodiscard]] bool has_cure() const { return family_.uncured != nullptr; }
    // Natural parameters, in the family's order.
    [[nodiscard]] std::vector<double> parameters(std::span<const double> coordinates) const;

  private:
    const survival::Family& family_;
    const survival::Family& base_;
};

// Natural parameters of an arm whose coordinates are at these positions of a vector of free parameters.
[[nodiscard]] std::vector<double> parameters_of(const survival::Family& family, std::span<const std::size_t> positions,
                                                std::span<const double> free);

}  // namespace hersurv::fit
