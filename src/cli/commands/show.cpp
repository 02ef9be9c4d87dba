// `show`: the record of a trial with every number, source and note, exactly as it was published.
#include "catalogue/names.hpp"
#include "catalogue/writer.hpp"
#include "cli/command.hpp"
#include "cli/selection.hpp"
#include "report/record_report.hpp"

namespace hersurv::cli {
namespace {

using catalogue::Trial;

class Show : public Command {
  public:
    void setup(OptionTable& options) override {
        selection_.setup(options, ArmOption::id_or_numbers);
        options.add("--all", "", &all_, "print the whole record, with notes, claims and sources");
    }

    Answer run(Context& context) override {
        selection_.settle(context);
        selection_.need_trial(context, "show");
        if (context.global.format == "json") return {document(context), support::ExitCode::ok};
        const Selected selected = select(selection_, context, Unnamed::everything);
        std::vector<report::ShownRecord> records;
        for (const Trial* trial : selected.trials) {
            records.push_back({trial, {}});
            for (const SelectedAnalysis& one : selected.analyses)
                if (one.trial == trial) records.back().analyses.push_back(one.analysis);
        }
        report::RecordReportOptions options;
        options.digest = !all_ && selection_.filter.analysis.empty();
        options.analyses_named = !selection_.filter.analysis.empty();
        if (!selection_.filter.arm.empty())
            options.takes_arm = [this](const std::string& arm) { return selection_.filter.takes_arm(arm); };
        if (!selection_.filter.endpoint.empty())
            options.takes_endpoint = [this](const std::string& endpoint) {
                return catalogue::glob_match(selection_.filter.endpoint, endpoint);
            };
        return {report::record_report(records, options), support::ExitCode::ok};
    }

  private:
    render::Report document(Context& context) const {
        if (selection_.filter.filters() && !selection_.typed()) {
            throw support::UsageError(
                "show --format json prints whole records; leave --endpoint, --analysis and --arm out or take another "
                "format");
        }
        render::Report report;
        if (selection_.trials.empty() && !selection_.typed()) {
            report.document = catalogue::to_document(context.library.all());
            return report;
        }
        const std::vector<const Trial*> trials = select_trials(selection_.trials, context);
        if (trials.size() == 1) {
            report.document = catalogue::to_document(*trials.front());
            return report;
        }
        catalogue::Catalogue chosen;
        for (const Trial* trial : trials) {
            chosen.trials.push_back(*trial);
            chosen.sources.insert(trial->sources.begin(), trial->sources.end());
        }
        report.document = catalogue::to_document(chosen);
        return report;
    }

    Selection selection_;
    bool all_ = false;
};

}  // namespace

std::unique_ptr<Command> make_show() { return std::make_unique<Show>(); }

}  // namespace hersurv::cli
