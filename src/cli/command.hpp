// The frame of a command: options bound to variables (setup: parses only, opens no file), then one call that answers
// with a report (run).
#pragma once

#include "hersurv/catalogue.hpp"
#include "hersurv/error.hpp"

#include "render/figure.hpp"
#include "render/table.hpp"
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace hersurv::cli {

// The options of one command (or the global ones), as data: the parser, the help, the completion and the documentation
// are made from it.
class OptionTable {
  public:
    using Target = std::variant<bool*, int*, std::uint64_t*, double*, std::string*, std::vector<std::string>*>;
    struct Row {
        std::string names;  // "--endpoint", "-o,--output"; without dashes: a positional ("TRIAL")
        std::string metavar;
        std::string help;     // one sentence, which fits in a line after the name of the option
        std::string details;  // what the complete help says beside it; may be empty
        Target
            target;  // its value at setup is the default that help shows (none for an empty text or list, a zero bool)
        bool required = false;
        std::function<std::vector<std::string>()> choices;  // for completion and help; empty: free
        bool closed = false;  // a value that is not among `choices` is a usage error that lists them
        // Other spellings of choices that are accepted and not listed: what is typed, and the choice that it means.
        std::vector<std::pair<std::string, std::string>> spellings{};
        std::string
            default_text;  // shown instead of the target's value, where that is a code ("as many as processors")
        std::function<bool()> valid;  // whether the target holds what is accepted; asked after a value was given
        std::string accepted;         // "a whole number from 0 to 15", for the message
    };
    Row& add(std::string names, std::string metavar, Target target, std::string help);
    [[nodiscard]] const std::vector<Row>& rows() const { return rows_; }

  private:
    std::vector<Row> rows_;
};

struct GlobalOptions {
    std::vector<std::string> catalogue;  // paths
    bool no_builtin = false;
    std::string format;  // empty: the command's default (or the ending of `output`); settled before a command runs
    std::string output;  // empty: stdout
    int digits = -1;
    double level = 0.95;
    int threads = 0;  // 0: as many as there are processors
    std::uint64_t seed = 20250924;
    std::string color = "auto";
    bool quiet = false;
};

// What a command runs in. Tests run commands in-process with string streams.
struct Streams {
    std::istream& in;
    std::ostream& out;
    std::ostream& err;
    bool out_is_terminal = false;
    int width = 80;
    bool err_is_terminal = false;
};

// What the lines of a .jsonl catalogue remember of one another: one line may lack a name, all of them may not.
struct SelectionMemory {
    struct Wanted {
        bool found = false;
        std::vector<std::string> nearest;  // the nearest names of all lines so far
    };
    std::optional<std::vector<std::string>> names;  // the names asked for, read from stdin once
    std::map<std::string, Wanted> wanted;
};

class Progress;  // cli/progress.hpp

struct Context {
    const GlobalOptions& global;
    catalogue::Library& library;
    std::istream& in;
    bool selection_alone = true;  // false while lines of a .jsonl catalogue are worked through
    // A message for stderr ("hersurv: TEXT"), held back by --quiet.
    std::function<void(const std::string&)> say;
    // An error that does not end the command ("hersurv: error: TEXT", one per line), never held back.
    std::function<void(const std::string&)> complain;
    Progress& progress;
    SelectionMemory* memory = nullptr;  // where selection_alone is false
    // The ids of the trials of the files and folders that are among the trials; and whether nothing else does.
    std::map<std::string, std::vector<std::string>> paths{};
    bool paths_alone = false;
    bool builtin = false;           // whether the trials of the built-in catalogue are among those of the library
    std::set<std::string> given{};  // long names of the command's own options that are on the command line
    std::set<std::string> given_global{};  // and of the global ones
};

// Finished text that is made while it is written, piece by piece, so that it may be longer than memory. `continued`:
// after an answer of the same kind.
using TextStream = std::function<void(const std::function<void(std::string_view)>& write, bool continued)>;

struct Answer {
    // A report or a figure to be formatted, or finished text.
    std::variant<render::Report, render::Figure, std::string, TextStream> content;
    support::ExitCode code = support::ExitCode::ok;
};

class Command {
  public:
    virtual ~Command() = default;
    virtual void setup(OptionTable& options) = 0;
    virtual Answer run(Context& context) = 0;
};

// A row of THE table of commands (src/cli/commands.cpp).
struct CommandRow {
    std::string_view name, summary;
    std::string_view description;  // a paragraph for help
    std::string_view examples;     // lines for help
    std::span<const std::string_view> (
        *formats)();     // accepted ones, the first is the default; empty: prints finished text
    bool reads_library;  // false: no catalogue is opened (validate, schema, template, completion)
    std::unique_ptr<Command> (*make)();
};

}  // namespace hersurv::cli
