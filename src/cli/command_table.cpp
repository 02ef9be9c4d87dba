// `table NAME`: comparison tables across trials.
#include <algorithm>

#include "commands_private.hpp"
#include "fitting.hpp"
#include "hersurv/report/comparison_tables.hpp"
#include "hersurv/report/numbers.hpp"
#include "options.hpp"

namespace hersurv::cli {
namespace {

std::vector<std::string> table_names() {
    std::vector<std::string> names;
    for (const auto& table : report::comparison_tables()) names.emplace_back(table.name);
    return names;
}

report::Report list_of_tables() {
    report::Report list;
    list.title = "Comparison tables";
    list.table.name = "tables";
    list.table.columns = {report::both("name", "Table"), report::both("summary", "Content")};
    for (const auto& table : report::comparison_tables()) list.table.rows.push_back({std::string(table.name), std::string(table.summary)});
    return list;
}

class TableCommand : public Command {
  public:
    void setup(OptionTable& options) override {
        options.add("NAME", "", &name_, "which table; none lists them").choices = table_names;
        selection_.setup(options, false);
        models_.setup(options);
        band_.setup(options);
        options.add("--times", "LIST|RANGE", &times_, "months of `milestones`: 12,24,60 or first:last:step (default: 12,24,36,60)");
        auto& horizon = options.add("--horizon", "MONTHS", &horizon_, "horizon of `rmst` (default: the smaller supported time of the arms compared)");
        horizon.default_text = "none";
        horizon.accepted = "a number of months above 0";
        horizon.valid = [this] { return horizon_ > 0 && horizon_ < 1e6; };
    }

    Answer run(Context& context) override {
        if (name_.empty()) return {list_of_tables()};
        const auto* table = report::find_comparison_table(name_);
        if (table == nullptr) throw support::UsageError("no table '" + name_ + "'" + did_you_mean(name_, table_names()) + "; there is " + joined(table_names()));
        report::ComparisonOptions options;
        options.interval = band_.options(context.global);
        if (!times_.empty()) options.times_months = parse_times(times_);
        if (horizon_ > 0) options.horizon_months = horizon_;
        Selection selection = selection_;
        const bool by_default = selection.endpoint.empty() && !table->default_endpoint.empty() && selection.analysis.empty();
        // A table of one endpoint takes it from the trials that have it; asked for by name it must be there.
        Selected selected = select(selection, context);
        if (by_default) std::erase_if(selected.analyses, [&](const auto& one) { return one.analysis->endpoint != table->default_endpoint; });
        report::ComparisonInput input;
        input.trials = selected.trials;
        if (table->default_models.empty()) {
            if (!models_.names.empty()) throw support::UsageError("table " + name_ + " shows published numbers and fits no model; leave out --model");
            for (const auto& one : selected.analyses) input.fits.push_back({one.trial, one.analysis, nullptr, {}});
        } else {
            ModelChoice choice = models_;
            if (choice.names.empty()) choice.names = {std::string(table->default_models)};
            input.fits = fit_analyses(selected.analyses, choice, context.global.threads);
            if (!table->several_models && !input.fits.empty() && input.fits.front().models.size() > 1)
                throw support::UsageError("table " + name_ + " shows one model at a time; name one with --model, or take `table models`");
        }
        return {table->build(input, options)};
    }

  private:
    std::string name_, times_;
    Selection selection_;
    ModelChoice models_{{}};
    BandChoice band_{"population"};
    double horizon_ = 0;
};

}  // namespace

std::unique_ptr<Command> make_table() { return std::make_unique<TableCommand>(); }

}  // namespace hersurv::cli
