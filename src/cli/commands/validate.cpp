// `validate`: catalogue documents against the format; its findings are its data.
#include "hersurv/catalogue.hpp"

#include "catalogue/folder.hpp"
#include "catalogue/merge.hpp"
#include "cli/command.hpp"
#include "cli/lines.hpp"
#include "render/columns.hpp"
#include "report/numbers.hpp"
#include "support/file.hpp"
#include "support/words.hpp"
#include <algorithm>
#include <istream>

namespace hersurv::cli {
namespace {

using render::Cell;
using support::counted;
using support::ExitCode;
using support::Fault;

// What was found in one document, folder or line.
struct Validated {
    std::string name;
    std::vector<Fault> faults;
    std::size_t trials = 0;
};

Cell position(int number) { return number > 0 ? Cell(static_cast<long>(number)) : Cell(); }

render::Columns<Fault> fault_columns() {
    using render::both;
    return {{both("file", "File"), &Fault::file},
            {both("pointer", "Place"), &Fault::pointer},
            {both("line", "Line", true), [](const Fault& fault) { return position(fault.line); }},
            {both("column", "Column", true), [](const Fault& fault) { return position(fault.column); }},
            {both("problem", "Problem"), &Fault::problem},
            {both("remedy", "Remedy"), &Fault::remedy}};
}

class Validate : public Command {
  public:
    void setup(OptionTable& options) override {
        options
            .add("FILE", "", &files_,
                 "files or folders to validate, or - for stdin. A .jsonl file has one document per line")
            .required = true;
    }

    Answer run(Context& context) override {
        std::vector<Fault> unreadable;
        for (const std::string& file : files_) {
            try {
                validate(file, context.in);
            } catch (const support::InputError& error) {  // what cannot be read; faults of what was read are findings
                unreadable.insert(unreadable.end(), error.faults().begin(), error.faults().end());
            }
        }
        if (!unreadable.empty()) {
            if (validated_.empty())
                throw support::InputError(std::move(unreadable));  // an empty table would say that all is well
            context.complain(support::InputError(std::move(unreadable)).what());
            code_ = ExitCode::bad_input;
        }
        const bool invalid = std::ranges::any_of(validated_, [](const Validated& one) { return !one.faults.empty(); });
        if (invalid && code_ == ExitCode::ok) code_ = ExitCode::check_failed;
        return {made_report(), code_};
    }

  private:
    void validate(const std::string& file, std::istream& in) {
        if (file == "-") {
            validate_text(support::read_stream(in, "standard input"), "-");
        } else if (support::is_folder(file)) {
            validate_folder(file);
        } else if (is_lines_file(file)) {
            validate_lines(file);
        } else {
            validate_text(support::read_file(file), file);
        }
    }

    // The catalogue, where the document is valid.
    std::optional<catalogue::Catalogue> validate_text(const std::string& text, const std::string& name) {
        Validated one{name, {}, 0};
        std::optional<catalogue::Catalogue> read;
        try {
            read = catalogue::read_document(text, name);
            one.trials = read->trials.size();
        } catch (const support::InputError& error) {
            one.faults = error.faults();
        }
        validated_.push_back(std::move(one));
        return read;
    }

    // Each document, then, where all are valid, what they say together.
    void validate_folder(const std::string& folder) {
        std::vector<catalogue::Catalogue> documents;
        bool all_valid = true;
        for (const std::string& file : catalogue::list_documents(folder).files) {
            auto read = validate_text(support::read_file(file), file);
            all_valid = all_valid && read.has_value();
            if (read) documents.push_back(std::move(*read));
        }
        if (!all_valid) return;
        try {
            (void)catalogue::join(std::move(documents));
        } catch (const support::InputError& error) {
            validated_.push_back({folder, error.faults(), 0});
        }
    }

    void validate_lines(const std::string& file) {
        Validated one{file, {}, 0};
        for_each_line(file, [&](const std::string& text, int number) {
            try {
                one.trials += catalogue::read_document(text, file).trials.size();
            } catch (const support::InputError& error) {
                for (Fault fault : error.faults()) {
                    fault.line = number;
                    one.faults.push_back(std::move(fault));
                }
            }
        });
        validated_.push_back(std::move(one));
    }

    render::Report made_report() const {
        render::Report report;
        report.table.name = "faults";
        std::vector<Fault> faults;
        for (const Validated& one : validated_) {
            faults.insert(faults.end(), one.faults.begin(), one.faults.end());
            report.sections.push_back(section(one));
        }
        fault_columns().fill(report.table, faults);
        report.problems = problems();
        return report;
    }

    // For the formats of continuous integration: each fault an error, each document that was looked at a subject.
    render::Problems problems() const {
        constexpr std::string_view rule = "catalogue-format";
        render::Problems found;
        found.command = "validate";
        found.rules.push_back({std::string(rule), "error", "The document is a catalogue that can be read",
                               "the JSON, the keys, their types and ranges, the names and places",
                               "Correct the place that is named; docs/catalogue-format.md has the format."});
        for (const Validated& one : validated_) {
            found.subjects.push_back(one.name);
            for (const Fault& fault : one.faults) {
                render::Problem problem;
                problem.level = "error";
                problem.rule = rule;
                problem.subject = one.name;
                problem.place = fault.pointer.empty() ? one.name : fault.pointer;
                problem.message = fault.problem + (fault.remedy.empty() ? "" : "; " + fault.remedy);
                problem.file = fault.file == "-" ? "" : fault.file;
                problem.pointer = fault.pointer;
                problem.line = fault.line;
                problem.column = fault.column;
                problem.fails = true;
                found.found.push_back(std::move(problem));
            }
        }
        return found;
    }

    static render::Section section(const Validated& one) {
        render::Section section;
        if (one.faults.empty()) {
            section.paragraphs.push_back(one.name + ": valid, " + counted(one.trials, "trial"));
        } else {
            section.paragraphs.push_back(one.name + ": " + counted(one.faults.size(), "error"));
            for (const Fault& fault : one.faults) section.notes.push_back(support::describe(fault));
        }
        return section;
    }

    std::vector<std::string> files_;
    std::vector<Validated> validated_;
    ExitCode code_ = ExitCode::ok;
};

}  // namespace

std::unique_ptr<Command> make_validate() { return std::make_unique<Validate>(); }

}  // namespace hersurv::cli
