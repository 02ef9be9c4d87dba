// `fit`: models fitted to the published numbers, or to patients.
#include "cli/command.hpp"
#include "cli/commands/fit_patients.hpp"
#include "cli/draws.hpp"
#include "cli/fitting.hpp"
#include "cli/hazard_floor.hpp"
#include "render/formats.hpp"
#include <algorithm>
#include <memory>

namespace hersurv::cli {
namespace {

class FitCommand : public Command {
  public:
    void setup(OptionTable& options) override {
        source_.setup(options, ArmOption::id_or_numbers);
        options.add(
            "--patients", "FILE", &patients_,
            "fit to individual patient data by maximum likelihood. Columns: time (months), event (0 or 1) and, "
            "with several arms, arm, as `hersurv patients` writes them; - is stdin. All families, ranked by AIC, "
            "unless --model names some");
        tables_.setup(options);
        models_.setup(options);
        floor_.setup(options);
        band_.setup(options);
        auto& what = options.add(
            "--what", "NAME", &what_,
            "rows of csv, tsv, json and jsonl. fitted: each published value and the fitted one; parameters: of every "
            "model, with standard errors; summaries: medians, means, survival and hazard ratios of every model. Text "
            "and other formats for people show fitted values and parameters in any case");
        what.closed = true;
        what.choices = [] { return std::vector<std::string>{"fitted", "parameters", "summaries"}; };
        options.add("--summaries", "", &summaries_,
                    "add medians, means, survival and hazard ratios. Of every curve, with their intervals");
        options.add("--explain", "", &explain_, "add how each estimate was used, and all notes");
        draws_.setup(options,
                     "write N draws of the parameters, for a PSA. Drawn from the population covariance of all arms "
                     "together; one row per draw and arm, as csv, tsv, json or jsonl. The same --seed gives the same "
                     "draws");
    }

    Answer run(Context& context) override {
        const bool draws = draws_.asked(context, {{"--patients", "draws are of fits to published results"},
                                                  {"--what", "only the draws are written"},
                                                  {"--summaries", "only the draws are written"},
                                                  {"--explain", "only the draws are written"},
                                                  {"--hazard-floor", "parameters do not depend on it"},
                                                  {"--band", "draws use the population covariance"}});
        if (draws) {
            source_.need_trial(context, "fit");
            return parameter_draws(context);
        }
        if (!patients_.empty()) return fit_patients(patients_, tables_, source_, models_, context);
        for (const char* const option : {"--time-unit", "--separator", "--decimal"})
            if (context.given.contains(option))
                throw support::UsageError(std::string(option) + " goes with --patients only; leave it out");
        if (context.global.format == "catalogue") return {typed_catalogue(source_, context)};
        source_.need_trial(context, "fit");
        const report::FitRows rows = rows_of_machine_formats(context);
        models_.hazard_floor = floor_.read();
        models_.families_beside = summaries_;
        const FitsOfSelection fits = fit_selection(source_, models_, context);
        report::FitReportOptions options;
        const render::Format* const format = render::find_format(context.global.format);
        options.for_people = format == nullptr || format->human;
        options.for_programs = format == nullptr || !format->human;
        options.rows = rows;
        options.explain = explain_;
        options.takes_arm = fits.takes_arm;
        options.summaries = summaries_;
        const std::vector<const fit::Model*> models = requested_models(models_).models;
        options.ranking = std::ranges::count_if(
                              models, [](const fit::Model* model) { return model->family != nullptr; }) >= least_ranked;
        options.interval = band_.intervals(context.global);
        for (const auto* trial : fits.without_numbers)
            context.say(trial->id + ": no survival results in the catalogue, so there is nothing to fit");
        return {report::fit_report(fits.fits, fits.without_numbers, options)};
    }

  private:
    // Two are compared at a glance.
    static constexpr int least_ranked = 3;

    // Refuses what the format would not show.
    [[nodiscard]] report::FitRows rows_of_machine_formats(const Context& context) const {
        const std::string& format = context.global.format;
        const render::Format* const found = render::find_format(format);
        const bool rows_alone = found != nullptr && !found->human && format != "json";
        if (context.given.contains("--what") && (found == nullptr || found->human))
            throw support::UsageError(
                "--what selects the rows of csv, tsv, json and jsonl; add --format csv, or use "
                "--summaries for summaries");
        if (summaries_ && rows_alone)
            throw support::UsageError("--summaries adds nothing to " + format + "; use --what summaries");
        if (explain_ && rows_alone)
            throw support::UsageError("--explain adds nothing to " + format + "; use --format text or json");
        if (what_ == "parameters") return report::FitRows::parameters;
        return what_ == "summaries" ? report::FitRows::summaries : report::FitRows::fitted;
    }

    Answer parameter_draws(Context& context) {
        auto fits = std::make_shared<const FitsOfSelection>(fit_selection(source_, models_, context));
        report::DrawsOptions options = draws_.options(context, *fits);
        // Every line of a .jsonl catalogue has the same columns, whatever `auto` chooses.
        const study::FitRequest request = requested_models(models_);
        const bool any = request.automatic && !context.selection_alone;
        for (const fit::Model& model : fit::parametric_models())
            if (any || std::ranges::find(request.models, &model) != request.models.end())
                options.families.push_back(model.family);
        auto draws = report::parameter_draws(fits->fits, options);
        return write_draws(std::move(fits), std::move(draws), context);
    }

    Selection source_;
    DrawsChoice draws_;
    ModelChoice models_{{"exponential", "weibull"}};
    HazardFloorChoice floor_;
    BandChoice band_{fit::Band::reconstruction};
    std::string patients_;
    TableOptions tables_;
    std::string what_ = "fitted";
    bool explain_ = false, summaries_ = false;
};

}  // namespace

std::unique_ptr<Command> make_fit() { return std::make_unique<FitCommand>(); }

}  // namespace hersurv::cli
