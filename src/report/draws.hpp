// Draws for a probabilistic sensitivity analysis as tables for programs: sets of parameters, and curves.
#pragma once

#include "render/formats.hpp"
#include "report/curve_series.hpp"
#include "report/names.hpp"
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hersurv::report {

struct DrawsOptions {
    std::uint64_t n_draws = 0, seed = 0;
    std::function<bool(const std::string&)> takes_arm;  // empty: all
    // Families whose parameters have columns even if nothing is drawn of them: tables that follow one another have the
    // same ones.
    std::vector<const survival::Family*> families;
};

// An arm of a model of which there are no draws.
struct ArmWithoutDraws {
    std::string trial, analysis, endpoint, arm, model, why;
};

// The draws of all models of some fits, which must outlive them. Numbered from 1: the same number in two rows of an
// analysis is the same draw, of all arms together.
class Draws {
  public:
    virtual ~Draws() = default;
    [[nodiscard]] virtual const std::vector<ArmWithoutDraws>& without() const = 0;
    [[nodiscard]] bool empty() const;  // there are none at all
    // Writes them in constant memory; `format` as render::RowStream takes it.
    void write(const render::Format& format, bool continued, const std::function<void(std::string_view)>& write) const;

  protected:
    explicit Draws(DrawsOptions options) : options_(std::move(options)) {}
    [[nodiscard]] const DrawsOptions& options() const { return options_; }
    [[nodiscard]] virtual std::size_t n_models() const = 0;
    [[nodiscard]] virtual std::size_t rows_per_draw(std::size_t model) const = 0;
    // The draws first, first + 1, ..., last - 1 of a model.
    [[nodiscard]] virtual Table rows(std::size_t model, std::uint64_t first, std::uint64_t last) const = 0;
    [[nodiscard]] virtual Table without_rows() const = 0;
    // Members of JSON beside the rows, behind what all draws have.
    [[nodiscard]] virtual support::Json::Object beside() const { return {}; }

  private:
    DrawsOptions options_;
};

// A row for each draw and arm, with a column for each parameter of the families.
[[nodiscard]] std::unique_ptr<const Draws> parameter_draws(const std::vector<AnalysisFit>& fits,
                                                           const DrawsOptions& options);

// A row for each draw, arm (or comparison) and time. Of the quantities those that have CurveQuantityRow::of_draws.
[[nodiscard]] std::unique_ptr<const Draws> curve_draws(const std::vector<AnalysisFit>& fits,
                                                       const CurveReportOptions& curve, const DrawsOptions& options);

}  // namespace hersurv::report
