// `table NAME`: comparison tables across trials.
#include "cli/choices.hpp"
#include "cli/command.hpp"
#include "cli/fitting.hpp"
#include "cli/options.hpp"
#include "render/columns.hpp"
#include "report/bibliography.hpp"
#include "report/comparison_tables.hpp"
#include "report/numbers.hpp"
#include "support/number_text.hpp"
#include <algorithm>

namespace hersurv::cli {
namespace {

std::vector<std::string> table_names() {
    std::vector<std::string> names;
    for (const auto& table : report::comparison_tables()) names.emplace_back(table.name);
    return names;
}

render::Report list_of_tables() {
    render::Report list;
    list.title = "Comparison tables";
    list.table.name = "tables";
    using Row = report::ComparisonTable;
    const render::Columns<Row> columns = {
        {render::both("name", "Table"), [](const Row& row) { return std::string(row.name); }},
        {render::both("summary", "Content"), [](const Row& row) { return std::string(row.summary); }}};
    const auto tables = report::comparison_tables();
    columns.fill(list.table, {tables.begin(), tables.end()});
    return list;
}

// "table milestones or rmst": which tables take an option.
std::string takers(const std::string& option) {
    std::vector<std::string> names;
    for (const auto& table : report::comparison_tables()) {
        if (chooses(option, table.takes)) names.emplace_back(table.name);
    }
    return "table " + alternatives(names);
}

class TableCommand : public Command {
  public:
    void setup(OptionTable& options) override {
        options.add("NAME", "", &name_, "name of a table. Without a name the tables are listed").choices = table_names;
        selection_.setup(options, ArmOption::numbers);
        models_.setup(options);
        band_.setup(options);
        options.add("--sources", "", &sources_, "write the sources of the table as BibTeX instead");
        auto& times =
            options.add("--times", "LIST|RANGE", &times_, "times of `milestones`: 12,24,60 or first:last:step");
        times.default_text = joined_times(report::ComparisonOptions{}.times_months);
        auto& horizon = options.add("--horizon", "MONTHS", &horizon_,
                                    "horizons of `rmst`: 24,60 or own. own: each trial to the end of its own supported "
                                    "range");
        horizon.choices = [] { return std::vector<std::string>{"own"}; };
        horizon.default_text = "the longest that all trials support";
    }

    Answer run(Context& context) override {
        if (name_.empty()) {
            if (!context.given.empty())
                throw support::UsageError(*context.given.begin() + " belongs to a table: name one of " +
                                          joined(table_names()));
            return {list_of_tables()};
        }
        const auto* table = report::find_comparison_table(name_);
        if (table == nullptr)
            throw support::UsageError("unknown table '" + name_ + "'" +
                                      did_you_mean(name_, table_names(), "; known: " + joined(table_names())));
        refuse_what_it_does_not_take(*table, context);
        report::ComparisonOptions options;
        options.interval = band_.intervals(context.global);
        options.threads = context.global.threads;
        if (!times_.empty()) options.times_months = parse_times(times_);
        options.own_horizons = horizon_ == "own";
        if (!horizon_.empty() && !options.own_horizons) options.horizons_months = parse_horizons(horizon_);
        Selection selection = selection_;
        selection.settle(context);
        const bool by_default =
            selection.filter.endpoint.empty() && !table->default_endpoint.empty() && selection.filter.analysis.empty();
        // A table of one endpoint takes it from the trials that have it; asked for by name it must be there.
        Selected selected = select(selection, context);
        if (by_default) {
            std::erase_if(selected.analyses,
                          [&](const auto& one) { return one.analysis->endpoint != table->default_endpoint; });
            for (const catalogue::Trial* trial : selected.named)
                if (std::ranges::find(selected.analyses, trial, &SelectedAnalysis::trial) == selected.analyses.end())
                    context.say(trial->id + ": no endpoint " + std::string(table->default_endpoint));
        }
        report::ComparisonInput input;
        input.trials = selected.trials;
        if (sources_) return {bibliography_of(*table, selected, std::move(input), context)};
        if (table->default_models.empty()) {
            for (const auto& one : selected.analyses) input.fits.push_back({one.trial, one.analysis, nullptr, {}});
        } else {
            ModelChoice choice = models_;
            if (choice.names.empty()) choice.names = {std::string(table->default_models)};
            input.fits = fit_analyses(selected.analyses, choice, context);
            if (!table->several_models && !input.fits.empty() && input.fits.front().models.size() > 1)
                throw support::UsageError("table " + name_ +
                                          " shows one model at a time; name one with --model, or take `table models`");
        }
        return {table->build(input, options)};
    }

  private:
    static std::string joined_times(const std::vector<double>& times) {
        std::vector<std::string> words;
        for (const double time : times) words.push_back(support::shortest(time));
        return joined(words, ",");
    }

    static std::string bibliography_of(const report::ComparisonTable& table, const Selected& selected,
                                       report::ComparisonInput input, Context& context) {
        if (context.given_global.contains("--format"))
            throw support::UsageError("--sources writes BibTeX; leave out --format");
        for (const auto& one : selected.analyses) input.fits.push_back({one.trial, one.analysis, nullptr, {}});
        std::string text = report::bibliography(input, table.name == "orr-ic" ? "ORR-IC" : "");
        if (text.empty()) context.say("no sources are recorded for these trials");
        return text;
    }

    // An option without effect on a table would be taken for one that had it.
    static void refuse_what_it_does_not_take(const report::ComparisonTable& table, const Context& context) {
        for (const std::string& option : context.given) {
            if (!option.starts_with('-') || option == "--sources" || chooses(option, table.takes)) continue;
            throw support::UsageError("table " + std::string(table.name) + " takes no " + option +
                                      "; that is an option of " + takers(option));
        }
    }

    std::string name_, times_, horizon_;
    Selection selection_;
    ModelChoice models_{{}};
    BandChoice band_{fit::Band::population};
    bool sources_ = false;
};

}  // namespace

std::unique_ptr<Command> make_table() { return std::make_unique<TableCommand>(); }

}  // namespace hersurv::cli
