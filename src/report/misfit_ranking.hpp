// The families of an analysis ranked by what they make of the published medians and milestones, for the report of
// `fit`.
#pragma once

#include "hersurv/estimates.hpp"
#include "hersurv/fit.hpp"

#include "render/columns.hpp"
#include "report/names.hpp"
#include <array>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace hersurv::report {

// Ranks are shared by fits that are alike (fit::ranks_of_misfit).
struct MisfitRank {
    std::optional<fit::Misfit> misfit{};
    std::size_t rank = 0, n_alike = 0;  // how many have this rank; 0: not ranked
};

// A model in an arm.
struct RankedInArm {
    MisfitRank of_arm, of_all;
    std::array<std::optional<fit::Estimate>, 2> survival{};  // at MisfitRanking::times_months
};
// n_estimates, misfit, misfit_rank, misfit_alike, all_arms_misfit, all_arms_misfit_rank, all_arms_misfit_alike,
// survival_60_months, survival_120_months.
[[nodiscard]] Columns<RankedInArm> ranking_columns();

class MisfitRanking {
  public:
    static constexpr std::array<double, 2> times_months = {60, 120};

    // `takes_arm`: empty: all. The fit must outlive it.
    MisfitRanking(const AnalysisFit& fit, const std::function<bool(const std::string&)>& takes_arm);
    [[nodiscard]] RankedInArm of(const fit::FittedModel& model, std::size_t arm) const;
    [[nodiscard]] Section section() const;
    [[nodiscard]] support::Json json() const;

  private:
    struct Family {
        const fit::FittedModel* model;
        std::vector<MisfitRank> by_arm;  // as arms_
        MisfitRank all;
        [[nodiscard]] std::size_t n_parameters(const std::vector<std::size_t>& arms) const;
    };

    [[nodiscard]] const std::string& id(std::size_t arm) const { return fit_->evidence->arms[arm].id; }
    [[nodiscard]] const std::string& title(std::size_t arm) const { return fit_->evidence->arms[arm].title(); }
    void add_notes(Section& section) const;
    [[nodiscard]] Table table() const;

    const AnalysisFit* fit_;
    std::vector<std::size_t> arms_;     // that have published estimates and a curve
    std::vector<std::string> without_;  // ids of those that have a curve alone
    std::vector<Family> families_;      // by rank, those alike in the order of the models
};

}  // namespace hersurv::report
