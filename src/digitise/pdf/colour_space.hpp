// Colour spaces of a PDF, as far as colours tell arms apart.
#pragma once

#include "digitise/drawing.hpp"
#include "digitise/pdf/document.hpp"
#include <vector>

namespace hersurv::digitise {

class PdfColourSpace {
  public:
    enum class Kind { gray, rgb, cmyk, indexed, tint, pattern };
    PdfColourSpace() = default;
    explicit PdfColourSpace(const PdfObject& space);
    explicit PdfColourSpace(Kind kind) : kind_(kind) {}
    [[nodiscard]] int components() const;
    [[nodiscard]] bool indexed() const { return kind_ == Kind::indexed; }
    // Components from 0 to 1 (of an indexed space the index); nullopt for a pattern.
    [[nodiscard]] std::optional<Colour> colour(const std::vector<double>& values) const;

  private:
    PdfColourSpace(const PdfObject& space, int depth);
    void read(const PdfObject& space, int depth);

    Kind kind_ = Kind::gray;
    int tints_ = 1;                              // of a tint space
    std::vector<Colour> table_{};                // of an indexed space
    std::vector<double> no_ink_{}, full_ink_{};  // of a separation, in its alternate space
    Kind alternate_ = Kind::gray;
};

}  // namespace hersurv::digitise
