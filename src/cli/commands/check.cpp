// `check`: published numbers against one another, against the claims about them, against the reconstruction and against
// the baseline.
#include "hersurv/study.hpp"

#include "catalogue/builtin.hpp"
#include "catalogue/fault_places.hpp"
#include "cli/command.hpp"
#include "cli/fitting.hpp"
#include "cli/lines.hpp"
#include "render/formats.hpp"
#include "report/audit_words.hpp"
#include "report/check_report.hpp"
#include "support/file.hpp"
#include "support/parallel.hpp"
#include "support/words.hpp"
#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <set>

namespace hersurv::cli {
namespace {

using audit::Severity;
using catalogue::Trial;

constexpr std::array severities = {Severity::error, Severity::warning, Severity::note};

// The text of a file of findings: of a built-in document, else from the disk; nothing if it cannot be had (stdin, a
// line of a .jsonl catalogue).
std::string text_of_file(const std::string& file) {
    for (const auto& document : catalogue::builtin_documents())
        if (document.file == file) return std::string(document.text);
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(file, ignored) || is_lines_file(file)) return "";
    try {
        return support::read_file(file);
    } catch (const support::InputError&) {
        return "";
    }
}

// Where the findings are in their files, as far as these can be read.
void place_in_files(render::Problems& problems) {
    std::map<std::string, std::set<std::string>> pointers;  // by file
    for (const render::Problem& problem : problems.found) pointers[problem.file].insert(problem.pointer);
    std::map<std::string, std::map<std::string, support::TextPosition>> positions;
    for (const auto& [file, wanted] : pointers)
        if (const std::string text = text_of_file(file); !text.empty())
            positions[file] = catalogue::positions_in(text, file, wanted);
    for (render::Problem& problem : problems.found) {
        const auto& in_file = positions[problem.file];
        const auto at = in_file.find(problem.pointer);
        if (at == in_file.end()) continue;
        problem.line = at->second.line;
        problem.column = at->second.column;
    }
}

class CheckCommand : public Command {
  public:
    void setup(OptionTable& options) override {
        selection_.setup(options, ArmOption::id_or_numbers);
        models_.setup(options, false);
        options.add(
            "--baseline", "FILE", &baseline_,
            "compare the reconstructed values with this file. One has changed if it differs by more than absolute + "
            "relative x |value| of the file's tolerances for its kind");
        options.add("--update-baseline", "", &update_baseline_, "write the selected trials to the baseline instead");
        auto& level = options.add("--fail-level", "LEVEL", &fail_level_,
                                  "lowest severity that ends with exit code 1. Acknowledged findings do not count");
        level.choices = [] { return std::vector<std::string>{"error", "warning", "note", "never"}; };
        level.closed = true;
        options.add("--all", "", &all_,
                    "print every comparison and claim. Not only those outside their tolerance, and the full reasons of "
                    "acknowledged findings");
        options.add("--notes", "", &notes_, "add the notes of the records");
    }

    Answer run(Context& context) override {
        if (update_baseline_ && baseline_.empty())
            throw support::UsageError("--update-baseline needs the file to write: --baseline FILE");
        if (!baseline_.empty() && !context.selection_alone)
            throw support::UsageError("--baseline is for one catalogue and cannot be used with a .jsonl catalogue");
        std::error_code ignored;
        if (!baseline_.empty() && !update_baseline_ && !std::filesystem::exists(baseline_, ignored))
            throw support::InputError({support::Fault{baseline_, "", "no such file",
                                                      "check the path, or write it with --update-baseline", 0, 0}});
        selection_.settle(context);
        // All of it: places lead to any trial, and the catalogue's own notes acknowledge findings of trials.
        const catalogue::Catalogue& catalogue = context.library.all();
        const Selected selected = select(selection_, context, Unnamed::everything);
        // A check of nothing would pass whatever the catalogue holds.
        if (!whole_catalogue() && selected.trials.empty() && context.selection_alone)
            throw support::NotFoundError("no trial is selected: nothing to check");
        if (selection_.filter.filters() && selected.analyses.empty() && !selected.trials.empty())
            throw support::NotFoundError(
                "--endpoint " + selection_.filter.endpoint +
                " selects response rates only, which are not compared with a model; the rules check them in any case");

        study::Audit outcome;
        outcome.with_baseline = !baseline_.empty();
        compare_with_models(
            fit_analyses(selected.analyses, models_, context),
            [this](const std::string& arm) { return selection_.filter.takes_arm(arm); }, outcome);
        // Files that are checked alone are checked whole, with their own claims and notes.
        audit_records(selected.trials, catalogue, whole_catalogue() || context.paths_alone, context.global.threads,
                      outcome);
        if (!baseline_.empty()) use_baseline(selected, catalogue, context, outcome);
        const auto* const level =
            std::ranges::find_if(severities, [&](Severity severity) { return audit::word(severity) == fail_level_; });
        outcome.fail_level = level == severities.end() ? std::nullopt : std::optional(*level);
        const render::Format* const format = render::find_format(context.global.format);
        // An exit code that nothing explains would help nobody, so this is not held back by --quiet.
        const auto finding_formats = render::finding_formats();
        const bool prints_findings = format == nullptr || format->human || format->name == "json" ||
                                     std::ranges::find(finding_formats, format) != finding_formats.end();
        if (outcome.fails() && !prints_findings) context.complain(report::failure_line(outcome));
        render::Report report = report::check_report(outcome, all_, notes_);
        place_in_files(report.problems);
        return {std::move(report), outcome.fails() ? support::ExitCode::check_failed : support::ExitCode::ok};
    }

  private:
    [[nodiscard]] bool whole_catalogue() const { return selection_.trials.empty() && !selection_.typed(); }

    void use_baseline(const Selected& selected, const catalogue::Catalogue& catalogue, const Context& context,
                      study::Audit& outcome) const {
        std::vector<study::BaselineNumbers> by_trial(selected.trials.size());
        support::parallel_for(by_trial.size(), context.global.threads,
                              [&](std::size_t i) { by_trial[i] = study::baseline_numbers(*selected.trials[i]); });
        study::BaselineNumbers now;
        for (auto& numbers : by_trial) now.merge(numbers);

        study::Baseline baseline{study::default_tolerances(), {}};
        // A device or a pipe is only written to.
        std::error_code ignored;
        if (!update_baseline_ || std::filesystem::is_regular_file(baseline_, ignored))
            baseline = study::read_baseline(support::read_file(baseline_), baseline_);
        std::set<std::string> trials;
        for (const Trial* trial : selected.trials) trials.insert(trial->id);
        if (update_baseline_) {
            std::erase_if(baseline.numbers, [&](const auto& number) {
                return whole_catalogue() || trials.contains(study::trial_of(number.first));
            });
            baseline.numbers.merge(now);
            support::write_file_whole(baseline_, study::write_baseline(baseline));
            context.say(baseline_ + ": " + support::counted(baseline.numbers.size(), "number") + " written");
            return;
        }
        std::set<std::string> unknown;
        for (const auto& [name, value] : baseline.numbers) {
            const std::string trial = study::trial_of(name);
            if (catalogue.find_trial(trial) == nullptr) unknown.insert(trial);
        }
        for (const std::string& trial : unknown) {
            if (whole_catalogue())
                trials.insert(trial);
            else
                context.say(baseline_ + ": has numbers of " + trial + ", which is not in the catalogue");
        }
        std::ranges::move(study::compare_baseline(baseline, now, {trials.begin(), trials.end()}, baseline_),
                          std::back_inserter(outcome.findings));
    }

    Selection selection_;
    ModelChoice models_{{"auto"}};
    std::string baseline_, fail_level_ = "error";
    bool update_baseline_ = false, all_ = false, notes_ = false;
};

}  // namespace

std::unique_ptr<Command> make_check() { return std::make_unique<CheckCommand>(); }

}  // namespace hersurv::cli
