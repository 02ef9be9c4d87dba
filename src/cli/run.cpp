// The whole program: argv -> options -> library -> command -> format -> output, and every error -> message and exit
// code.
#include "cli/run.hpp"

#include "hersurv/catalogue.hpp"

#include <fmt/format.h>

#include "cli/help.hpp"
#include "cli/lines.hpp"
#include "cli/output.hpp"
#include "cli/parser.hpp"
#include "cli/progress.hpp"
#include "cli/trial_paths.hpp"
#include "render/characters.hpp"
#include "render/formats.hpp"
#include "support/file.hpp"
#include <algorithm>
#include <cstdlib>
#include <istream>
#include <new>
#include <ostream>

namespace hersurv::cli {
namespace {

using support::ExitCode;
using support::UsageError;

// One line per error, each after the program's name. Names of files and parts of what was read may hold anything.
void print_lines(std::ostream& err, std::string_view prefix, const std::string& text) {
    std::size_t start = 0;
    while (start < text.size()) {
        const std::size_t end = std::min(text.find('\n', start), text.size());
        if (end > start)
            err << prefix << render::with_visible_controls(std::string_view(text).substr(start, end - start)) << '\n';
        start = end + 1;
    }
    err.flush();
}

constexpr std::string_view red_text = "\x1b[1;31m", yellow_text = "\x1b[1;33m", plain_text = "\x1b[0m";

void print_error(std::ostream& err, const std::string& text, bool color) {
    const std::string prefix =
        color ? fmt::format("hersurv: {}error:{} ", red_text, plain_text) : std::string("hersurv: error: ");
    print_lines(err, prefix, text);
}

std::string environment(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? "" : value;
}

std::vector<std::string> environment_catalogues() {
    std::vector<std::string> paths;
    const std::string value = environment("HERSURV_CATALOGUE");
    std::size_t start = 0;
    while (start < value.size()) {
        const std::size_t colon = std::min(value.find(':', start), value.size());
        if (colon > start) paths.push_back(value.substr(start, colon - start));
        start = colon + 1;
    }
    return paths;
}

// HERSURV_NO_BUILTIN=1
bool without_builtin() {
    const std::string value = environment("HERSURV_NO_BUILTIN");
    return !value.empty() && value != "0";
}

std::string words(std::span<const std::string_view> list) {
    return joined(std::vector<std::string>(list.begin(), list.end()));
}

// Whether files of this format, which a command accepts, end so.
bool has_ending(std::string_view format_name, std::string_view ending) {
    if (equal_any_case(format_name, ending)) return true;
    const render::Format* const format = render::find_format(format_name);
    return format != nullptr &&
           (equal_any_case(format->extension, ending) || equal_any_case(format->other_extension, ending));
}

// "csv" of "folder/out.csv"; "" of "out", "folder.old/out", ".out" and "out.".
std::string ending_of(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    const std::string name = slash == std::string::npos ? path : path.substr(slash + 1);
    const std::size_t dot = name.rfind('.');
    return dot == std::string::npos || dot == 0 ? "" : name.substr(dot + 1);
}

// ".txt", ".json", ...: the endings by which a command's formats are chosen.
std::vector<std::string> known_endings(const CommandRow& row) {
    std::vector<std::string> endings;
    for (const std::string_view name : row.formats()) {
        const render::Format* const format = render::find_format(name);
        endings.push_back("." + std::string(format == nullptr ? name : format->extension));
    }
    return endings;
}

// The format of the answer: --format, else the ending of --output, else the command's first; "" for commands that print
// finished text. An ending that promises what the command does not write is refused.
std::string settled_format(const CommandRow& row, const GlobalOptions& global) {
    const auto accepts = [&](std::string_view name) {
        return std::ranges::find(row.formats(), name) != row.formats().end();
    };
    if (!global.format.empty()) {
        if (row.formats().empty()) throw UsageError(std::string(row.name) + " takes no --format");
        if (!accepts(global.format)) {
            throw UsageError(std::string(row.name) + " has no format \"" + global.format + "\"; it has " +
                             words(row.formats()));
        }
        return global.format;
    }
    if (row.formats().empty()) return "";
    const std::string ending = ending_of(global.output);
    if (ending.empty()) return std::string(row.formats().front());
    const auto meant =
        std::ranges::find_if(row.formats(), [&](std::string_view name) { return has_ending(name, ending); });
    if (meant != row.formats().end()) return std::string(*meant);
    throw UsageError("--output " + global.output + ": " + std::string(row.name) + " has no format that ends in ." +
                     ending + "; it has " + joined(known_endings(row)) + "; or name one with --format");
}

bool allows_color() { return environment("NO_COLOR").empty() && environment("TERM") != "dumb"; }

bool wants_color(const GlobalOptions& global, const Streams& streams) {
    if (global.color != "auto") return global.color == "always";
    return streams.out_is_terminal && global.output.empty() && allows_color();
}

// Of messages. --color decides once the command line is read; what is wrong with that itself is coloured on a terminal.
bool colors_messages(const GlobalOptions& global, const Streams& streams) {
    return streams.err_is_terminal && global.color != "never" && (global.color == "always" || allows_color());
}

// Whether a name, file or pattern of the command is read from stdin.
bool names_from_stdin(const OptionTable& options) {
    return std::ranges::any_of(options.rows(), [](const OptionTable::Row& row) {
        const auto* const many = std::get_if<std::vector<std::string>*>(&row.target);
        return is_positional(row) && many != nullptr && std::ranges::find(**many, "-") != (*many)->end();
    });
}

std::string bytes_of(const Answer& answer, const std::string& format_name, const render::RenderOptions& options) {
    if (const auto* const text = std::get_if<std::string>(&answer.content)) return *text;
    if (const auto* const figure = std::get_if<render::Figure>(&answer.content)) {
        const render::FigureFormat* const format = render::find_figure_format(format_name);
        if (format == nullptr)
            throw std::logic_error("a figure was to be drawn as \"" + format_name +
                                   "\", which is not a format of figures");
        return format->render(*figure, {options.width, options.color, options.continued});
    }
    const render::Format* const format = render::find_format(format_name);
    if (format == nullptr)
        throw std::logic_error("a report was to be written as \"" + format_name +
                               "\", which is not a format of reports");
    return format->render(std::get<render::Report>(answer.content), options);
}

void write_answer(const Answer& answer, const std::string& format, const render::RenderOptions& options,
                  Output& output) {
    if (const auto* const stream = std::get_if<TextStream>(&answer.content))
        return (*stream)([&](std::string_view bytes) { output.write(bytes); }, options.continued);
    output.write(bytes_of(answer, format, options));
}

// The worse of two ends of the lines of a stream.
ExitCode worse(ExitCode left, ExitCode right) {
    const auto rank = [](ExitCode code) {
        constexpr ExitCode order[] = {ExitCode::ok, ExitCode::check_failed, ExitCode::not_found};
        const auto* const place = std::ranges::find(order, code);
        return place - std::begin(order);
    };
    return rank(left) < rank(right) ? right : left;
}

// One call of the program after its command line was understood.
class Call {
  public:
    Call(CommandLine& line, const Streams& streams)
        : line_(line),
          streams_(streams),
          render_{global_output() ? streams.width : Streams{streams.in, streams.out, streams.err}.width,
                  wants_color(line.global, streams), line.global.digits, false},
          shown_(streams.err_is_terminal && !line.global.quiet ? &streams.err : nullptr) {}

    ExitCode run() {
        GlobalOptions& global = line_.global;
        // Finished text: the ending of the file is that of no format.
        const bool finished = line_.given.contains("--sources") || line_.given.contains("--names");
        if (!finished || !global.format.empty()) global.format = settled_format(*line_.row, global);
        if (global.format.empty() && !line_.row->formats().empty()) global.format = line_.row->formats().front();
        if (const render::FigureFormat* const figure = render::find_figure_format(global.format);
            figure != nullptr && figure->binary && global_output() && streams_.out_is_terminal)
            throw UsageError("refusing to write " + global.format + " to a terminal; use -o FILE." + global.format);
        if (line_.row->name == "report" && global_output() && streams_.out_is_terminal)
            throw UsageError("refusing to write a page to a terminal; use -o report.html");
        if (!line_.row->reads_library) {
            catalogue::Library none{catalogue::Catalogue{}};
            return answer_alone(none);
        }
        std::ranges::move(take_lines_files(line_.options), std::back_inserter(global.catalogue));
        if (std::ranges::any_of(global.catalogue, is_lines_file)) return run_lines();

        const TrialPaths named = trial_paths(line_.options);
        catalogue::LibraryOptions options;
        options.use_builtin = !global.no_builtin && !without_builtin() && !named.alone;
        builtin_ = options.use_builtin;
        if (!named.alone) options.paths = environment_catalogues();
        if (const auto stream = std::ranges::find_if(options.paths, is_lines_file); stream != options.paths.end()) {
            throw UsageError("HERSURV_CATALOGUE: " + *stream + " is processed line by line; name it with --catalogue");
        }
        options.paths.insert(options.paths.end(), global.catalogue.begin(), global.catalogue.end());
        std::ranges::copy_if(named.paths, std::back_inserter(options.paths), [&](const std::string& path) {
            return std::ranges::find(options.paths, path) == options.paths.end();
        });
        const auto from_stdin = std::ranges::count(options.paths, "-");
        if (from_stdin > 1) throw UsageError("--catalogue - is given twice, but there is one stdin");
        if (from_stdin == 1) {
            if (names_from_stdin(line_.options)) {
                throw UsageError("stdin cannot hold both the catalogue (--catalogue -) and the names (-)");
            }
            options.standard_input = support::read_stream(streams_.in, "standard input");
        }
        catalogue::Library library(options);
        for (const std::string& path : named.paths) paths_[path] = library.ids_of(path);
        paths_alone_ = named.alone && global.catalogue.empty();
        return answer_alone(library);
    }

  private:
    [[nodiscard]] bool global_output() const { return line_.global.output.empty() || line_.global.output == "-"; }

    void say(const std::string& text) {
        shown_.clear();
        if (line_.global.quiet) return;
        const bool color = colors_messages(line_.global, streams_);
        print_lines(streams_.err,
                    color ? fmt::format("{}hersurv:{} ", yellow_text, plain_text) : std::string("hersurv: "), text);
    }

    void complain(const std::string& text) {
        shown_.clear();
        print_error(streams_.err, text, colors_messages(line_.global, streams_));
    }

    // What the library has to say since the last time: it reads its documents as they are needed.
    void say_messages(const catalogue::Library& library) {
        for (; messages_said_ < library.messages().size(); ++messages_said_) say(library.messages()[messages_said_]);
    }

    Context context(catalogue::Library& library, Progress& progress) {
        return {line_.global,
                library,
                streams_.in,
                true,
                [this](const std::string& text) { say(text); },
                [this](const std::string& text) { complain(text); },
                progress,
                nullptr,
                paths_,
                paths_alone_,
                builtin_,
                line_.given,
                line_.given_global};
    }

    ExitCode answer_alone(catalogue::Library& library) {
        say_messages(library);
        Context own = context(library, shown_);
        const Answer answer = line_.command->run(own);
        shown_.clear();
        say_messages(library);
        const std::unique_ptr<Output> output = open_output(line_.global.output, streams_.out);
        write_answer(answer, line_.global.format, render_, *output);
        output->finish();
        return answer.code;
    }

    // Every line of the .jsonl catalogues is a catalogue of its own: read, worked and written before the next one is
    // read.
    ExitCode run_lines() {
        const GlobalOptions& global = line_.global;
        if (!std::ranges::all_of(global.catalogue, is_lines_file)) {
            throw UsageError("a .jsonl catalogue is processed on its own: give no other --catalogue");
        }
        if (const TrialPaths named = trial_paths(line_.options); !named.paths.empty())
            throw UsageError("a .jsonl catalogue is processed on its own: leave out " + joined(named.paths));
        check_format_streams();
        if (!environment("HERSURV_CATALOGUE").empty())
            say("a .jsonl catalogue is processed on its own: HERSURV_CATALOGUE is ignored");
        const std::unique_ptr<Output> output = open_output(global.output, streams_.out);
        Lines progress;
        for (const std::string& path : global.catalogue) read_lines(path, *output, progress);
        if (progress.answered) output->finish();  // if no line has an answer, no file is written
        for (const auto& [name, wanted] : progress.memory.wanted) {
            if (wanted.found) continue;
            complain("no line has a trial \"" + name + "\"" + did_you_mean(name, wanted.nearest));
            progress.missing_name = true;
        }
        if (!progress.missing_name && !progress.answered && !progress.not_found.empty()) {
            complain(progress.not_found);
            progress.missing_name = true;
        }
        if (progress.faulty) return ExitCode::bad_input;
        return progress.missing_name ? ExitCode::not_found : progress.code;
    }

    struct Lines {
        SelectionMemory memory;
        bool answered = false, faulty = false, missing_name = false;
        std::string not_found;  // what the last line without an answer lacked
        ExitCode code = ExitCode::ok;
    };

    void check_format_streams() const {
        std::vector<std::string> able;
        for (const std::string_view name : line_.row->formats()) {
            const render::Format* const format = render::find_format(name);
            if (format != nullptr && format->streams) able.emplace_back(name);
        }
        if (std::ranges::find(able, line_.global.format) != able.end()) return;
        if (able.empty()) throw UsageError(std::string(line_.row->name) + " cannot process a .jsonl catalogue");
        throw UsageError("a .jsonl catalogue cannot be answered as " + line_.global.format +
                         ", which holds a single result; use --format " + joined(able, "|"));
    }

    void read_lines(const std::string& path, Output& output, Lines& progress) {
        int lines = 0;
        std::vector<std::string> faulty;
        for_each_line(path, [&](const std::string& text, int number) {
            ++lines;
            // A terminal that shows the answers shows how far they are.
            if (!streams_.out_is_terminal || !global_output())
                shown_.tell(path + ", lines", static_cast<std::size_t>(number));
            try {
                catalogue::Library library(catalogue::read_document(text, path));
                answer_line(library, output, progress);
            } catch (const support::InputError& error) {
                progress.faulty = true;
                faulty.push_back(std::to_string(number));
                for (support::Fault fault : error.faults()) {
                    fault.file = path;
                    fault.line = number;
                    complain(support::describe(fault));
                }
            }
        });
        if (!faulty.empty()) {
            constexpr std::size_t most_named = 10;
            std::vector<std::string> named(faulty.begin(), faulty.begin() + std::min(faulty.size(), most_named));
            if (faulty.size() > most_named) named.emplace_back("...");
            complain(path + ": " + std::to_string(faulty.size()) + " of " + std::to_string(lines) +
                     (lines == 1 ? " line" : " lines") + " left out: " + (named.size() == 1 ? "line " : "lines ") +
                     joined(named));
        }
        if (lines > 0) return;
        throw support::InputError(
            {support::Fault{path, "", "holds no catalogue", "put one catalogue document on each line", 0, 0}});
    }

    void answer_line(catalogue::Library& library, Output& output, Lines& progress) {
        Progress nothing(nullptr);  // the lines are what is counted
        Context own = context(library, nothing);
        own.selection_alone = false;
        own.memory = &progress.memory;
        try {
            const Answer answer = line_.command->run(own);
            render::RenderOptions options = render_;
            options.continued = progress.answered;
            write_answer(answer, line_.global.format, options, output);
            progress.answered = true;
            progress.code = worse(progress.code, answer.code);
        } catch (const support::NotFoundError& error) {
            progress.not_found = error.what();
        }
    }

    CommandLine& line_;
    const Streams& streams_;
    render::RenderOptions render_;
    Progress shown_;
    std::size_t messages_said_ = 0;
    std::map<std::string, std::vector<std::string>> paths_;
    bool paths_alone_ = false, builtin_ = false;
};

ExitCode run_checked(int argc, const char* const* argv, const Streams& streams, CommandLine& line) {
    parse(argc, argv, line);
    if (line.empty) {
        streams.err << short_help();
        return ExitCode::usage;
    }
    if (line.text) {
        const std::unique_ptr<Output> output = open_output(line.global.output, streams.out);
        output->write(*line.text);
        output->finish();
        return ExitCode::ok;
    }
    return Call(line, streams).run();
}

}  // namespace

int run(int argc, const char* const* argv, const Streams& streams) {
    ExitCode code = ExitCode::bug;
    CommandLine line;
    const auto complain = [&](const std::string& text) {
        print_error(streams.err, text, colors_messages(line.global, streams));
    };
    try {
        code = run_checked(argc, argv, streams, line);
    } catch (const ClosedPipe&) {
        code = ExitCode::ok;
    } catch (const support::Error& error) {
        complain(error.what());
        code = error.code();
    } catch (const std::bad_alloc&) {
        complain("not enough memory for this input");
        code = ExitCode::bad_input;
    } catch (const std::exception& error) {
        complain(std::string(error.what()) + "; this is a bug, please report it with the command line");
    }
    return static_cast<int>(code);
}

}  // namespace hersurv::cli
