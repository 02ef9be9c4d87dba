// Which interval an estimate of the curves is shown with, what it is called, and whether the estimate is weakly
// identified.
#pragma once

#include "hersurv/estimates.hpp"
#include "hersurv/fit.hpp"

#include "report/names.hpp"
#include <cstddef>
#include <functional>
#include <initializer_list>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hersurv::report {

// The population interval is a confidence interval; the reconstruction band is not, and is shown to people only if they
// ask for it.
struct Intervals {
    fit::Band band = fit::Band::population;  // of the limits that people see, and of `lower` and `upper` for programs
    double level = 0.95;
    // For programs: the limits of both bands, each under its name, as well.
    bool both = false;
    // For people: if the number of patients is not published, and so there is no population interval, the
    // reconstruction band, marked as such.
    bool falls_back = false;

    [[nodiscard]] fit::IntervalOptions options() const { return {band, level}; }
};

struct BandLimits {
    std::optional<double> lower, upper;
};

// An estimate with all limits that are asked for. Its own are those of Intervals::band.
struct BandedEstimate : fit::Estimate {
    BandLimits reconstruction, population;  // where Intervals::both asks for them
    // What people see instead of limits that need a number of patients which was not published.
    std::optional<BandLimits> instead;
    bool weak = false;                // the fit of an arm that it is about has the status `prior`
    bool from_medians_alone = false;  // it compares arms of which nothing but the median places the curve
    std::string_view supposes{};      // the family that the limits suppose to be true; empty: none
};

// What the intervals of several models suppose.
class Supposition {
  public:
    Supposition() = default;
    explicit Supposition(std::span<const fit::FittedModel> models);
    explicit Supposition(const std::vector<AnalysisFit>& fits);
    void add(const fit::FittedModel& model);

    [[nodiscard]] bool any() const { return !families_.empty(); }
    // Of "the interval holds only if ...": "the Weibull model does", "the family does".
    [[nodiscard]] std::string in_words() const;
    // As Table::extrapolated_meaning.
    [[nodiscard]] std::string extrapolation_meaning() const;
    [[nodiscard]] bool others() const { return others_; }

  private:
    std::set<std::string_view> families_;  // titles
    bool others_ = false;                  // there are models whose intervals suppose no family
};

using EstimateOf = std::function<std::optional<fit::Estimate>(const fit::IntervalOptions&)>;

// `of` gives the estimate, which is about these arms of the model; nullopt if it gives none.
[[nodiscard]] std::optional<BandedEstimate> estimate_with(const Intervals& intervals, const fit::FittedModel& model,
                                                          std::initializer_list<std::size_t> arms,
                                                          const EstimateOf& of);
// A median that was published is not weakly identified, however little else is known of the curve.
[[nodiscard]] BandedEstimate median_with(const Intervals& intervals, const fit::FittedModel& model, std::size_t arm);

// What people see of the curve of one arm.
[[nodiscard]] fit::IntervalOptions options_for(const Intervals& intervals, const fit::FittedModel& model,
                                               std::size_t arm);

// "95% CI", "95% reconstruction band".
[[nodiscard]] std::string interval_name(const Intervals& intervals);
[[nodiscard]] std::string interval_name(fit::Band band, double level);
// What that is, as a footnote.
[[nodiscard]] std::string interval_footnote(const Intervals& intervals, const Supposition& supposition = {});

// What is there if the number of patients was not published, as Table::other_kind_meaning.
[[nodiscard]] std::string replacement_meaning(const Intervals& intervals);

}  // namespace hersurv::report
