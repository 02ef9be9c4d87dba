// `report`: one self-contained page of the selected trials.
#include "cli/command.hpp"
#include "cli/fitting.hpp"
#include "report/audit_words.hpp"
#include "report/page/page.hpp"

namespace hersurv::cli {
namespace {

class ReportCommand : public Command {
  public:
    void setup(OptionTable& options) override {
        selection_.setup(options, ArmOption::numbers);
        models_.setup(options);
        band_.setup(options);
        auto& horizon = options.add("--horizon", "MONTHS", &horizon_, "end of the time axes, and horizon of the RMST");
        horizon.default_text = "the supported range";
        horizon.accepted = "a number of months from 0.001 to 10000";
        horizon.valid = [this] { return horizon_ > 0 && catalogue::is_time_in_months(horizon_); };
    }

    Answer run(Context& context) override {
        report::PageOptions options;
        options.figures.interval = band_.intervals(context.global);
        options.tables.interval = options.figures.interval;
        options.tables.interval.both = true;  // tables are copied from the page as CSV
        if (horizon_ > 0) {
            options.figures.horizon_months = horizon_;
            options.tables.horizons_months = {horizon_};
        }
        options.tables.threads = context.global.threads;
        options.analyses_chosen = !selection_.filter.endpoint.empty() || !selection_.filter.analysis.empty();

        selection_.settle(context);
        const catalogue::Catalogue& catalogue = context.library.all();
        const Selected selected = select(selection_, context);
        if (selected.trials.empty()) throw support::NotFoundError("no trial is selected: there is nothing to report");
        report::PageInput input;
        input.selection.trials = selected.trials;
        // The title of the built-in catalogue says nothing about trials that a user lays over it.
        if ((context.global.catalogue.empty() && context.paths.empty()) || context.paths_alone)
            input.topic = catalogue.title;
        options.trials_named = !selection_.trials.empty();
        input.selection.fits = fit_analyses(selected.analyses, models_, context);
        for (const auto* trial : selected.trials)
            if (trial->analyses.empty())
                context.say(trial->id + ": no survival results in the catalogue, so there is no curve");

        study::Audit audit;
        compare_with_models(input.selection.fits, {}, audit);
        audit_records(selected.trials, catalogue,
                      (selection_.trials.empty() || context.paths_alone) && !selection_.typed(), context.global.threads,
                      audit);
        input.problems = report::problems_of(audit);
        input.audit_summary = report::audit_sentences(audit);
        return {report::page(input, options)};
    }

  private:
    Selection selection_;
    ModelChoice models_{{"auto"}};
    BandChoice band_{fit::Band::population};
    double horizon_ = 0;
};

}  // namespace

std::unique_ptr<Command> make_report() { return std::make_unique<ReportCommand>(); }

}  // namespace hersurv::cli
