// Sets of parameters, and what all draws have in common.
#include "report/draws.hpp"

#include "render/row_stream.hpp"
#include "report/covariance_parts.hpp"
#include "report/draws_parts.hpp"
#include "report/numbers.hpp"
#include <algorithm>

namespace hersurv::report {
namespace {

using support::Json;

struct DrawsOfModel {
    const AnalysisFit* fit;
    const fit::FittedModel* model;
    fit::ParameterDraws draws;
    std::vector<ArmOfModel> arms;  // of which there are some, and that are asked for
};

struct ParametersRow {
    const ArmOfModel* of;
    std::uint64_t draw;
    const std::vector<double>* parameters;

    [[nodiscard]] Cell parameter(const std::string& name) const {
        const auto& all = of->model->model->family->parameters;
        const auto found = std::ranges::find(all, name, &survival::ParameterInfo::name);
        if (found == all.end()) return Cell();
        return Number::derived((*parameters)[static_cast<std::size_t>(found - all.begin())], 4);
    }
};

class DrawsOfParameters : public Draws {
  public:
    DrawsOfParameters(const std::vector<AnalysisFit>& fits, const DrawsOptions& options) : Draws(options) {
        for (const survival::Family* family : options.families) add_names(*family);
        for (const AnalysisFit& fit : fits)
            for (const fit::FittedModel& model : fit.models) {
                DrawsOfModel of{&fit, &model, fit::ParameterDraws(model, options.seed), {}};
                const auto why = [&](std::size_t arm) {
                    return model.model->family == nullptr && model.fitted(arm)
                               ? "a curve without a formula has no parameters; `hersurv curve --draws` draws curves"
                               : of.draws.why_none(arm);
                };
                of.arms = arms_with_draws(fit, model, options, why, without_);
                if (of.arms.empty()) continue;
                add_names(*model.model->family);
                models_.push_back(std::move(of));
            }
    }
    [[nodiscard]] const std::vector<ArmWithoutDraws>& without() const override { return without_; }

  protected:
    [[nodiscard]] std::size_t n_models() const override { return models_.size(); }
    [[nodiscard]] std::size_t rows_per_draw(std::size_t model) const override { return models_[model].arms.size(); }

    [[nodiscard]] Table rows(std::size_t model, std::uint64_t first, std::uint64_t last) const override {
        std::vector<std::vector<std::vector<double>>> drawn;
        for (std::uint64_t draw = first; draw < last; ++draw) drawn.push_back(models_[model].draws(draw));
        std::vector<ParametersRow> rows;
        for (std::uint64_t draw = first; draw < last; ++draw)
            for (const ArmOfModel& of : models_[model].arms) rows.push_back({&of, draw, &drawn[draw - first][of.arm]});
        return table_of(rows);
    }
    [[nodiscard]] Table without_rows() const override { return table_of({}); }

    [[nodiscard]] Json::Object beside() const override {
        Json::Array list;
        for (const DrawsOfModel& of : models_) list.emplace_back(covariance_json(of));
        return {{"drawn_from", std::move(list)}};
    }

  private:
    void add_names(const survival::Family& family) {
        for (const survival::ParameterInfo& parameter : family.parameters)
            if (std::ranges::find(names_, parameter.name) == names_.end()) names_.emplace_back(parameter.name);
    }

    [[nodiscard]] Table table_of(const std::vector<ParametersRow>& rows) const {
        using Row = ParametersRow;
        Columns<Row> columns = {
            {arm_of_model_columns(), [](const Row& row) -> const ArmOfModel& { return *row.of; }},
            {machine("fit_status"), [](const Row& row) { return row.of->status(); }},
            {machine("draw"), [](const Row& row) { return Cell(static_cast<long>(row.draw + 1)); }}};
        for (const std::string& name : names_)
            columns.append({machine(name), [name](const Row& row) { return row.parameter(name); }});
        Table table;
        table.name = "parameter-draws";
        columns.fill(table, rows);
        return table;
    }

    static Json covariance_json(const DrawsOfModel& of) {
        const fit::JointCovariance joint = fit::joint_covariance(*of.model);
        const survival::Family& family = *of.model->model->family;
        Json::Array order, estimates;
        for (const std::size_t arm : joint.arms)
            for (const std::string& name : fit::parameter_covariances(*of.model, arm).order)
                order.push_back(Json::Object{{"arm", of.fit->evidence->arms[arm].id}, {"parameter", Json(name)}});
        for (const double estimate : joint.estimates) estimates.emplace_back(estimate);
        return Json::Object{{"trial", of.fit->evidence->trial},
                            {"analysis", of.fit->evidence->analysis},
                            {"endpoint", of.fit->evidence->endpoint},
                            {"model", family.name},
                            {"formula", family.formula},
                            {"parametrisation", family.parametrisation},
                            {"covariance_order", std::move(order)},
                            {"covariance_scale", covariance_scale},
                            {"estimates_on_that_scale", std::move(estimates)},
                            {"covariance_population", matrix_json(joint.population)}};
    }

    std::vector<DrawsOfModel> models_;
    std::vector<std::string> names_;  // of the parameters of all families
    std::vector<ArmWithoutDraws> without_;
};

}  // namespace

std::vector<ArmOfModel> arms_with_draws(const AnalysisFit& fit, const fit::FittedModel& model,
                                        const DrawsOptions& options,
                                        const std::function<std::string(std::size_t)>& why_none,
                                        std::vector<ArmWithoutDraws>& without) {
    std::vector<ArmOfModel> arms;
    for (std::size_t arm = 0; arm < model.arms.size(); ++arm) {
        ArmOfModel of(fit, model, arm);
        if (options.takes_arm && !options.takes_arm(of.id())) continue;
        if (const std::string why = why_none(arm); why.empty())
            arms.push_back(std::move(of));
        else
            without.push_back(
                {fit.evidence->trial, fit.evidence->analysis, fit.evidence->endpoint, of.id(), of.model_name(), why});
    }
    return arms;
}

bool Draws::empty() const {
    for (std::size_t model = 0; model < n_models(); ++model)
        if (rows_per_draw(model) > 0) return false;
    return true;
}

void Draws::write(const render::Format& format, bool continued,
                  const std::function<void(std::string_view)>& write) const {
    constexpr std::size_t most_rows = 10000;  // of a part
    render::RowStream stream(format, continued);
    Report part;
    for (std::size_t model = 0; model < n_models(); ++model) {
        const std::size_t step = std::max<std::size_t>(1, most_rows / std::max<std::size_t>(1, rows_per_draw(model)));
        for (std::uint64_t first = 0; first < options_.n_draws; first += step) {
            part.table = rows(model, first, std::min<std::uint64_t>(first + step, options_.n_draws));
            std::string text;
            stream.append(text, part);
            write(text);
        }
    }
    Report rest;
    rest.table = without_rows();
    Json::Array none;
    for (const ArmWithoutDraws& one : without())
        none.push_back(Json::Object{{"trial", one.trial},
                                    {"analysis", one.analysis},
                                    {"endpoint", one.endpoint},
                                    {"arm", one.arm},
                                    {"model", one.model},
                                    {"reason", one.why}});
    constexpr std::uint64_t most_exact = std::uint64_t{1} << 53;  // of a number of JSON
    rest.beside = {{"seed", options_.seed <= most_exact ? Json(static_cast<double>(options_.seed))
                                                        : Json(std::to_string(options_.seed))},
                   {"n_draws", static_cast<double>(options_.n_draws)},
                   {"without_draws", std::move(none)}};
    for (auto& member : beside()) rest.beside.push_back(std::move(member));
    std::string text;
    stream.finish(text, rest);
    write(text);
}

std::unique_ptr<const Draws> parameter_draws(const std::vector<AnalysisFit>& fits, const DrawsOptions& options) {
    return std::make_unique<const DrawsOfParameters>(fits, options);
}

}  // namespace hersurv::report
