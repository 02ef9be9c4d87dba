// `curve`: S(t), or another quantity over time, with its band.
#include "cli/command.hpp"
#include "cli/draws.hpp"
#include "cli/fitting.hpp"
#include "cli/hazard_floor.hpp"
#include "cli/options.hpp"
#include "report/curve_report.hpp"
#include <algorithm>
#include <memory>

namespace hersurv::cli {
namespace {

using report::CurveQuantity;
using support::UsageError;

class CurveCommand : public Command {
  public:
    void setup(OptionTable& options) override {
        source_.setup(options, ArmOption::id_or_numbers);
        models_.setup(options);
        floor_.setup(options);
        band_.setup(options);
        auto& quantity = options.add(
            "--quantity", "NAME", &quantity_,
            "quantity over time. hazard-ratio and differences of rmst compare the experimental with the control arm; "
            "state gives the shares progression-free, progressed and dead, and needs OS and PFS of the same arm");
        quantity.closed = true;
        quantity.choices = [] {
            std::vector<std::string> names;
            for (const auto& row : report::curve_quantities()) names.emplace_back(row.name);
            return names;
        };
        quantity.spellings = {{"cumhaz", "cumulative-hazard"}, {"states", "state"}, {"hr", "hazard-ratio"}};
        options.add("--times", "LIST|RANGE", &times_,
                    "times in months: 12,24,60 or first:last:step. Or in the unit of --unit. Default: 0 to the end of "
                    "the supported range, by 1 month");
        auto& unit = options.add("--unit", "UNIT", &unit_, "unit of --times and of all times in the output");
        unit.closed = true;
        unit.choices = [] { return std::vector<std::string>{"weeks", "months", "years"}; };
        unit.spellings = {{"week", "weeks"}, {"month", "months"}, {"year", "years"}};
        options.add(
            "--wide", "", &wide_,
            "one row per time, all arms side by side. For spreadsheets; the limits are those of --band, by default "
            "population");
        options.add("--ph", "", &proportional_,
                    "assume proportional hazards. The control has its own curve, the other arm S = S(control)^HR with "
                    "the published hazard ratio");
        draws_.setup(
            options,
            "write N draws of the curves, for a PSA. With the sampling error of a trial of this size; one row per "
            "draw, arm and time, as csv, tsv, json or jsonl. Parametric models have the parameters that `fit --draws` "
            "writes with the same --seed");
    }

    Answer run(Context& context) override {
        report::CurveReportOptions options;
        options.quantity =
            std::ranges::find(report::curve_quantities(), quantity_, &report::CurveQuantityRow::name)->quantity;
        options.unit = catalogue::parse_time_unit(unit_).value();
        if (!times_.empty()) options.times = parse_times(times_, options.unit);
        BandChoice band = band_;
        if (wide_ && band.name.empty()) band.of_programs = fit::Band::population;
        options.interval = band.intervals(context.global);
        options.wide = wide_;
        refuse_what_does_not_go_together(context);
        source_.need_trial(context, "curve");
        if (draws_asked(context)) return curve_draws(options, context);
        models_.hazard_floor = floor_.read();
        // The interval of a family knows nothing of other families.
        models_.families_beside = std::ranges::any_of(requested_models(models_).models,
                                                      [](const fit::Model* model) { return model->family != nullptr; });
        const FitsOfSelection fits = fit_selection(source(), models_, context, plan());
        options.takes_arm = fits.takes_arm;
        options.proportional = fits.baselines.arms;
        for (const auto* trial : fits.without_numbers)
            context.say(trial->id + ": no survival results in the catalogue, so there is no curve");
        if (proportional_ && options.proportional.empty() && context.selection_alone && !fits.trials.empty())
            throw UsageError(
                "--ph needs a published hazard ratio, and there is none; give it with the results of the arms: --hr "
                "\"0.69[0.58,0.82]\"");
        say_who_has_no_interval(fits, options, context);
        render::Report report = report::curve_report(fits.fits, fits.without_numbers, options);
        if (report.table.rows.empty() && fits.without_numbers.size() < fits.trials.size())
            context.say(proportional_ && options.proportional.empty()
                            ? "no curve under proportional hazards: no hazard ratio is published"
                            : why_nothing(options.quantity));
        return {std::move(report)};
    }

  private:
    [[nodiscard]] bool draws_asked(const Context& context) const {
        const bool asked =
            draws_.asked(context, {{"--wide", "draws have one row per draw, arm and time"},
                                   {"--ph", "draws are of the curves of the arms"},
                                   {"--hazard-floor", "curves are drawn from the parameters, without it"},
                                   {"--band", "draws include the sampling error of a trial of this size"}});
        if (!asked) return false;
        std::vector<std::string> able;
        for (const auto& row : report::curve_quantities())
            if (row.of_draws) able.emplace_back(row.name);
        if (std::ranges::find(able, quantity_) == able.end())
            throw UsageError("--draws gives " + alternatives(able) + ", not " + quantity_ +
                             "; leave out one of the two");
        return true;
    }

    [[nodiscard]] Answer curve_draws(report::CurveReportOptions options, Context& context) const {
        auto fits = std::make_shared<const FitsOfSelection>(fit_selection(source_, models_, context));
        options.takes_arm = fits->takes_arm;
        auto draws = report::curve_draws(fits->fits, options, draws_.options(context, *fits));
        return write_draws(std::move(fits), std::move(draws), context);
    }

    // With --ph a hazard ratio needs no numbers of the arm that it leads to.
    [[nodiscard]] Selection source() const {
        Selection source = source_;
        if (proportional_ && source.typed() && source.arms.size() == 1)
            source.arms.insert(source.arms.begin(), "name=experimental");
        return source;
    }

    [[nodiscard]] FitPlan plan() const {
        if (proportional_) return FitPlan::controls_alone;
        return quantity_ == "state" ? FitPlan::with_overall_survival : FitPlan::as_selected;
    }

    void refuse_what_does_not_go_together(const Context& context) const {
        if (wide_ && !context.selection_alone)
            throw UsageError(
                "--wide puts all curves side by side, but a .jsonl catalogue is answered line by line; leave out "
                "--wide");
        if (quantity_ == "state" && source_.typed())
            throw UsageError(
                "--quantity state needs OS and PFS of the same arm, and typed results have one endpoint; write both "
                "into a catalogue (hersurv template -o mine.json)");
        if (!proportional_) return;
        const auto& quantities = report::curve_quantities();
        std::vector<std::string> able;
        for (const auto& row : quantities)
            if (row.of_proportional) able.emplace_back(row.name);
        if (std::ranges::find(able, quantity_) == able.end())
            throw UsageError("--ph gives " + alternatives(able) + ", not " + quantity_ + "; leave out one of the two");
    }

    // A wide table for programs has one pair of limits, and nothing else that would tell.
    static void say_who_has_no_interval(const FitsOfSelection& fits, const report::CurveReportOptions& options,
                                        const Context& context) {
        if (!options.wide || !options.interval.both || options.interval.band != fit::Band::population) return;
        std::vector<std::string> names;
        for (const study::AnalysisFit& fit : fits.fits)
            for (const auto& arm : fit.evidence->arms)
                if (arm.n_patients.value_or(0) <= 0 && (!options.takes_arm || options.takes_arm(arm.id)) &&
                    std::ranges::find(names, arm.id) == names.end())
                    names.push_back(arm.id);
        if (!names.empty())
            context.say("no confidence limits of " + joined(names) +
                        ": the number of patients was not published; --band reconstruction has limits without sampling "
                        "error");
    }

    static std::string why_nothing(CurveQuantity quantity) {
        switch (quantity) {
            case CurveQuantity::hazard_ratio:
                return "no hazard ratio over time: no analysis has curves of two arms that are compared";
            case CurveQuantity::events:
                return "no expected events: no arm has both its number of patients and its follow-up";
            case CurveQuantity::state:
                return "no states: nothing that is selected is PFS of an arm whose OS is known too; states are of the "
                       "endpoint "
                       "before death, as in --endpoint PFS";
            default:
                return "no arm has a curve";
        }
    }

    Selection source_;
    DrawsChoice draws_;
    ModelChoice models_{{"auto"}};
    HazardFloorChoice floor_;
    BandChoice band_{fit::Band::reconstruction};
    std::string times_, quantity_ = "survival", unit_ = "months";
    bool wide_ = false, proportional_ = false;
};

}  // namespace

std::unique_ptr<Command> make_curve() { return std::make_unique<CurveCommand>(); }

}  // namespace hersurv::cli
