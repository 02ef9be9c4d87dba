// Ranks the families, and lays them out with survival at 60 and 120 months side by side: families that the published
// estimates cannot distinguish may be far from one another there.
#include "report/misfit_ranking.hpp"

#include <fmt/format.h>

#include "report/numbers.hpp"
#include "support/number_text.hpp"
#include "support/words.hpp"
#include <algorithm>
#include <set>

namespace hersurv::report {
namespace {

using support::Json;

constexpr std::string_view criterion =
    "root mean square of (S - published S) / standard error over the published medians and milestones; not AIC";

// Of those that have a misfit; `rank_of` gives the place to be filled in.
template <class Families, class RankOf>
void fill_ranks(Families& families, const RankOf& rank_of) {
    std::vector<double> sums;
    std::vector<MisfitRank*> ranked;
    for (auto& family : families) {
        MisfitRank& rank = rank_of(family);
        if (!rank.misfit) continue;
        sums.push_back(rank.misfit->sum_of_squares);
        ranked.push_back(&rank);
    }
    const std::vector<std::size_t> ranks = fit::ranks_of_misfit(sums);
    for (std::size_t i = 0; i < ranks.size(); ++i) {
        ranked[i]->rank = ranks[i];
        ranked[i]->n_alike = static_cast<std::size_t>(std::ranges::count(ranks, ranks[i]));
    }
}

Number misfit_number(const MisfitRank& rank) {
    return rank.misfit ? Number::derived(rank.misfit->root_mean_square(), 2) : Number::missing(Status::not_estimable);
}

std::string rank_text(const MisfitRank& rank) {
    return rank.rank == 0 ? "-" : std::to_string(rank.rank) + (rank.n_alike > 1 ? "=" : "");
}

Cell count_or_nothing(std::size_t n) { return n > 0 ? Cell(static_cast<long>(n)) : Cell(); }

Columns<MisfitRank> rank_columns(const std::string& prefix) {
    return {{machine(prefix + "misfit"), misfit_number},
            {machine(prefix + "misfit_rank"), [](const MisfitRank& of) { return count_or_nothing(of.rank); }},
            {machine(prefix + "misfit_alike"), [](const MisfitRank& of) { return count_or_nothing(of.n_alike); }}};
}

std::string month_text(double months) { return support::shortest(months); }

fit::Estimate survival_of(const fit::FittedModel& model, std::size_t arm, double months) {
    return fit::survival_at(model, arm, months, {});
}

Json rank_json(const MisfitRank& rank) {
    const bool there = rank.misfit.has_value();
    const auto if_there = [there](double value) { return there ? Json(value) : Json(); };
    return Json::Object{{"rank", if_there(static_cast<double>(rank.rank))},
                        {"alike", if_there(static_cast<double>(rank.n_alike))},
                        {"n_estimates", if_there(there ? static_cast<double>(rank.misfit->n_estimates) : 0)},
                        {"misfit", if_there(there ? rank.misfit->root_mean_square() : 0)},
                        {"sum_of_squares", if_there(there ? rank.misfit->sum_of_squares : 0)},
                        {"largest", if_there(there ? rank.misfit->largest : 0)}};
}

}  // namespace

Columns<RankedInArm> ranking_columns() {
    using Row = RankedInArm;
    Columns<Row> columns = {
        {machine("n_estimates"),
         [](const Row& row) { return row.of_arm.misfit ? count_or_nothing(row.of_arm.misfit->n_estimates) : Cell(); }},
        {rank_columns(""), &Row::of_arm},
        {rank_columns("all_arms_"), &Row::of_all}};
    for (std::size_t k = 0; k < MisfitRanking::times_months.size(); ++k)
        columns.append({machine("survival_" + month_text(MisfitRanking::times_months[k]) + "_months"),
                        [k](const Row& row) -> Cell {
                            if (!row.survival[k]) return Number::missing(Status::not_estimable);
                            return cell(*row.survival[k], 3);
                        }});
    return columns;
}

// Of the arms with a curve and published estimates: their own, or one shape for all.
std::size_t MisfitRanking::Family::n_parameters(const std::vector<std::size_t>& arms) const {
    std::set<std::size_t> free;
    for (const std::size_t arm : arms) free.insert(model->coordinates[arm].begin(), model->coordinates[arm].end());
    return free.size();
}

MisfitRanking::MisfitRanking(const AnalysisFit& fit, const std::function<bool(const std::string&)>& takes_arm)
    : fit_(&fit) {
    for (const fit::FittedModel& model : fit.models) {
        const bool known =
            std::ranges::any_of(families_, [&](const Family& family) { return family.model->model == model.model; });
        if (model.model->family != nullptr && !known) families_.push_back({&model, {}, {}});
    }
    for (std::size_t arm = 0; arm < fit.evidence->arms.size() && !families_.empty(); ++arm) {
        const fit::FittedModel& first = *families_.front().model;
        if ((takes_arm && !takes_arm(id(arm))) || !first.fitted(arm)) continue;
        if (fit::misfit(first, arm).n_estimates > 0)
            arms_.push_back(arm);
        else
            without_.push_back(title(arm));
    }
    for (Family& family : families_) {
        family.by_arm.resize(arms_.size());
        fit::Misfit sum;
        bool converged = !arms_.empty();
        for (std::size_t i = 0; i < arms_.size(); ++i) {
            const bool here =
                family.model->fitted(arms_[i]) && family.model->arms[arms_[i]].status != fit::FitStatus::not_converged;
            converged = converged && here;
            if (here) sum += *(family.by_arm[i].misfit = fit::misfit(*family.model, arms_[i]));
        }
        if (converged) family.all.misfit = sum;
    }
    for (std::size_t i = 0; i < arms_.size(); ++i)
        fill_ranks(families_, [i](Family& family) -> MisfitRank& { return family.by_arm[i]; });
    fill_ranks(families_, [](Family& family) -> MisfitRank& { return family.all; });
    std::ranges::stable_sort(families_, {}, [this](const Family& family) {
        return family.all.rank > 0 ? family.all.rank : families_.size() + 1;
    });
}

RankedInArm MisfitRanking::of(const fit::FittedModel& model, std::size_t arm) const {
    RankedInArm result;
    for (std::size_t k = 0; k < times_months.size(); ++k)
        if (model.fitted(arm)) result.survival[k] = survival_of(model, arm, times_months[k]);
    const auto family =
        std::ranges::find_if(families_, [&](const Family& one) { return one.model->model == model.model; });
    if (family == families_.end()) return result;
    result.of_all = family->all;
    if (const auto found = std::ranges::find(arms_, arm); found != arms_.end())
        result.of_arm = family->by_arm[static_cast<std::size_t>(found - arms_.begin())];
    return result;
}

Table MisfitRanking::table() const {
    using Row = Family;
    Columns<Row> columns = {{human("Rank"), [](const Row& row) { return rank_text(row.all); }},
                            {human("Model"), [](const Row& row) { return std::string(row.model->model->name); }},
                            {human("Misfit", true), [](const Row& row) { return misfit_number(row.all); }}};
    for (const std::size_t arm : arms_)
        for (const double months : times_months)
            columns.append(
                {human("S(" + month_text(months) + "), %", true, title(arm)), [arm, months](const Row& row) -> Cell {
                     if (!row.model->fitted(arm)) return Number::missing(Status::not_estimable);
                     return cell(survival_of(*row.model, arm, months), 1, true);
                 }});
    Table table;
    table.name = "ranking";
    table.caption = "Families by misfit to the published estimates (not AIC)";
    columns.fill(table, families_);
    for (std::size_t i = 1; i < families_.size(); ++i)
        if (families_[i].all.rank != families_[i - 1].all.rank) table.rule_before.push_back(i);
    return table;
}

void MisfitRanking::add_notes(Section& section) const {
    std::size_t n_estimates = 0, least = SIZE_MAX;
    for (const MisfitRank& rank : families_.front().by_arm)
        if (rank.misfit) {
            n_estimates += rank.misfit->n_estimates;
            least = std::min(least, rank.misfit->n_estimates);
        }
    section.table->footnotes.push_back(fmt::format(
        "Misfit: root mean square of (S - published S) / standard error over {}{}. It does not count "
        "parameters{}.",
        support::counted(n_estimates, "published median or milestone", "published medians and milestones"),
        arms_.size() > 1 ? " of all arms together" : "",
        least <= 4 ? ": a family with as many parameters as an arm has estimates can match all of them" : ""));
    section.table->footnotes.emplace_back(
        "=: the published estimates do not distinguish families of this rank (their sums of squares differ by less "
        "than 3.84, the 95% point of chi-squared); compare their extrapolations.");
    const std::size_t n_first = families_.front().all.n_alike;
    for (const std::size_t arm : arms_) {
        if (n_first < 2) break;
        double lowest = 1, highest = 0;
        for (std::size_t i = 0; i < n_first; ++i) {
            const double s = survival_of(*families_[i].model, arm, times_months.back()).value;
            lowest = std::min(lowest, s);
            highest = std::max(highest, s);
        }
        section.notes.push_back(fmt::format("{}: S({}) of the {} families that rank first is {} to {}%", title(arm),
                                            month_text(times_months.back()), n_first, support::fixed(100 * lowest, 1),
                                            support::fixed(100 * highest, 1)));
    }
    for (const std::string& arm : without_)
        section.notes.push_back(arm + ": no published median or milestone, so it is left out of the ranking");
    for (const std::size_t arm : arms_)
        if (fit_->evidence->arms[arm].n_patients.value_or(0) <= 0)
            section.notes.push_back(title(arm) + ": the number of patients was not published; the ranking assumes 200");
}

Section MisfitRanking::section() const {
    Section section;
    if (arms_.empty()) {
        if (!without_.empty())
            section.notes.emplace_back(
                "no ranking of the families: no median or milestone is published that a curve uses");
        return section;
    }
    section.table = table();
    add_notes(section);
    return section;
}

Json MisfitRanking::json() const {
    Json::Array list;
    for (const Family& family : families_) {
        Json::Array arms;
        for (std::size_t i = 0; i < arms_.size(); ++i) {
            const std::size_t arm = arms_[i];
            Json entry = rank_json(family.by_arm[i]);
            Json::Object members{{"arm", id(arm)}, {"ranking", std::move(entry)}};
            for (const double months : times_months)
                members.emplace_back(
                    "survival_" + month_text(months) + "_months",
                    family.model->fitted(arm) ? Json(survival_of(*family.model, arm, months).value) : Json());
            arms.emplace_back(std::move(members));
        }
        list.push_back(Json::Object{{"model", family.model->model->name},
                                    {"n_parameters", static_cast<double>(family.n_parameters(arms_))},
                                    {"all_arms", rank_json(family.all)},
                                    {"arms", std::move(arms)}});
    }
    return Json::Object{{"trial", fit_->evidence->trial},       {"analysis", fit_->evidence->analysis},
                        {"endpoint", fit_->evidence->endpoint}, {"criterion", criterion},
                        {"alike_within", fit::alike_within},    {"families", std::move(list)}};
}

}  // namespace hersurv::report
