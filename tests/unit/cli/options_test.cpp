// The program as a function: option tables, help, formats and exit codes, with string streams.
#include <catch2/catch.hpp>

#include "cli/command.hpp"
#include "cli/commands.hpp"
#include "cli/run.hpp"
#include "render/formats.hpp"
#include <set>
#include <sstream>
#include <string>
#include <vector>

using namespace hersurv::cli;

namespace {

struct Outcome {
    int code = 0;
    std::string out, err;
};

Outcome call(std::vector<std::string> arguments, const std::string& input = "") {
    arguments.insert(arguments.begin(), "hersurv");
    std::vector<const char*> argv;
    for (const std::string& argument : arguments) argv.push_back(argument.c_str());
    std::istringstream in(input);
    std::ostringstream out, err;
    Outcome outcome;
    outcome.code = run(static_cast<int>(argv.size()), argv.data(), {in, out, err});
    outcome.out = out.str();
    outcome.err = err.str();
    return outcome;
}

const std::string small =
    R"({"format": "hersurv-catalogue", "version": 1, "trials": [{"id": "T", "arms": [{"id": "a", "n": 5}],
    "analyses": [{"id": "os", "endpoint": "OS", "arms": {"a": {"median": {"value": 9.5}}}}]}]})";

bool hidden(const CommandRow& row) { return row.name.starts_with("__"); }

}  // namespace

TEST_CASE("an option table keeps rows, and defaults are the targets' values") {
    OptionTable table;
    double level = 0.9;
    std::vector<std::string> names;
    table.add("--level", "LEVEL", &level, "the level").accepted = "a level";
    table.add("NAME", "", &names, "the names").required = true;
    REQUIRE(table.rows().size() == 2);
    CHECK(table.rows()[0].names == "--level");
    CHECK(table.rows()[0].accepted == "a level");
    CHECK(table.rows()[0].required == false);
    CHECK(table.rows()[1].required);
    CHECK(std::get<double*>(table.rows()[0].target) == &level);
}

TEST_CASE("every command: names are unique, has help, lists its options with help and its formats exist") {
    std::set<std::string> names;
    for (const CommandRow& row : commands()) {
        CAPTURE(row.name);
        CHECK(names.insert(std::string(row.name)).second);
        CHECK_FALSE(row.summary.empty());
        if (!hidden(row)) CHECK_FALSE(row.description.empty());
        const auto command = row.make();
        OptionTable table;
        command->setup(table);
        const Outcome help = call({std::string(row.name), "--help"});
        CHECK(help.code == 0);
        CHECK(help.err.empty());
        std::set<std::string> options;
        for (const OptionTable::Row& option : table.rows()) {
            CAPTURE(option.names);
            CHECK(options.insert(option.names).second);
            CHECK_FALSE(option.help.empty());
            const bool flag = std::holds_alternative<bool*>(option.target);
            if (option.names.starts_with("-")) CHECK(option.metavar.empty() == flag);
            if (option.closed) CHECK(option.choices);
            if (option.valid) CHECK_FALSE(option.accepted.empty());
            CHECK(help.out.find(option.names.substr(option.names.rfind(',') + 1)) != std::string::npos);
        }
        for (const std::string_view format : row.formats()) CHECK(help.out.find(format) != std::string::npos);
        std::istringstream lines(help.out);
        bool in_examples = false;
        for (std::string line; std::getline(lines, line);) {
            in_examples = in_examples || line == "Examples:";
            CAPTURE(line);
            if (!in_examples) CHECK(line.size() <= 80);
            CHECK((line.empty() || line.back() != ' '));
        }
        CHECK(call({"help", std::string(row.name)}).out == help.out);
        CHECK(call({"--help", std::string(row.name)}).out == help.out);
    }
}

TEST_CASE("global options stand before and after the command") {
    const std::vector<std::string> globals{"--no-builtin", "--catalogue", "-", "--format", "csv"};
    std::vector<std::string> before = globals, after{"list"};
    before.emplace_back("list");
    after.insert(after.end(), globals.begin(), globals.end());
    const Outcome first = call(before, small), second = call(after, small);
    CHECK(first.code == 0);
    CHECK(first.out.find("\nT,") != std::string::npos);
    CHECK(first.out == second.out);
    CHECK(first.err.empty());
}

TEST_CASE("usage errors are one line on stderr and exit 2") {
    const std::vector<std::vector<std::string>> lines = {
        {"lsit"},
        {"list", "--formta", "csv"},
        {"--nothing", "list"},
        {"list", "-x"},
        {"list", "--format"},
        {"list", "--format="},
        {"list", "--format", "pdf"},
        {"list", "--format", "csv", "--format", "tsv"},
        {"list", "-o", "--quiet"},
        {"list", "--digits", "-2"},
        {"list", "--digits", "-1"},
        {"list", "--digits", "16"},
        {"list", "--digits", "2.5"},
        {"list", "--digits", ""},
        {"list", "--level", "0"},
        {"list", "--level", "1"},
        {"list", "--level", "nan"},
        {"list", "--level", "95%"},
        {"list", "--threads", "0"},
        {"list", "--threads", "-4"},
        {"list", "--threads", "99999999999999"},
        {"list", "--seed", "-1"},
        {"list", "--color", "red"},
        {"schema", "--format", "json"},
        {"schema", "extra"},
        {"completion"},
        {"completion", "tcsh"},
        {"completion", "bash", "zsh"},
        {"validate"},
        {"help", "nothing"},
        {"help", "list", "show"},
        {"list", "-", "--catalogue", "-"},
        {"list", "--catalogue", "-", "--catalogue", "-"},
        {"list", "--catalogue", "a.jsonl", "--catalogue", "b.json"},
        {"list", "--catalogue", "a.jsonl", "--format", "json"},
        {"__complete", "trials", "--catalogue", "a.jsonl"},
    };
    for (const auto& arguments : lines) {
        std::string line;
        for (const std::string& argument : arguments) line += argument + " ";
        CAPTURE(line);
        const Outcome outcome = call(arguments);
        CAPTURE(outcome.err);
        CHECK(outcome.code == 2);
        CHECK(outcome.out.empty());
        CHECK(outcome.err.starts_with("hersurv: error: "));
        CHECK(outcome.err.find('\n') == outcome.err.size() - 1);
    }
}

TEST_CASE("help texts of options are one sentence, which fits a line of 80 columns") {
    for (const CommandRow& row : commands()) {
        // The options of `plot` are described by its own texts.
        if (hidden(row) || row.name == "plot") continue;
        OptionTable options;
        const auto command = row.make();
        command->setup(options);
        for (const OptionTable::Row& option : options.rows()) {
            INFO(row.name << " " << option.names << ": " << option.help);
            CHECK(option.help.find(';') == std::string::npos);
            CHECK(option.help.find(". ") == std::string::npos);
            CHECK(option.help.back() != '.');
            CHECK(option.help.size() <= 56);
        }
    }
}

TEST_CASE("the short help of every command fits a screen of 80 columns and 40 lines, examples first") {
    for (const CommandRow& row : commands()) {
        if (hidden(row)) continue;
        const Outcome help = call({std::string(row.name), "-h"});
        INFO(help.out);
        CHECK(help.code == 0);
        std::istringstream lines(help.out);
        std::string line;
        int count = 0;
        for (; std::getline(lines, line); ++count) CHECK(line.size() <= 80);
        CHECK(count <= 40);
        CHECK(help.out.find("  hersurv ") < help.out.find("Usage: "));
        CHECK(help.out.find("--help") != std::string::npos);
        CHECK(help.out.size() < call({std::string(row.name), "--help"}).out.size());
    }
    CHECK(call({"-h"}).out.size() < call({"--help"}).out.size());
}

TEST_CASE("what is no command is told what it may be") {
    const auto error = [](std::vector<std::string> arguments) {
        const Outcome outcome = call(std::move(arguments));
        CHECK(outcome.code == 2);
        return outcome.err;
    };
    CHECK(error({"forest"}).find("hersurv plot forest") != std::string::npos);
    CHECK(error({"rmst"}).find("hersurv table rmst") != std::string::npos);
    CHECK(error({"medians"}).find("hersurv plot medians or hersurv table medians") != std::string::npos);
    CHECK(error({"cleopatra"}).find("hersurv show cleopatra") != std::string::npos);
    CHECK(error({"compare"}).find("hersurv plot TRIAL TRIAL") != std::string::npos);
    CHECK(error({"shwo"}).find("did you mean show") != std::string::npos);
    CHECK(call({"fit", "EMILIA,CLEOPATRA"}).err.find("separate trials with spaces: EMILIA CLEOPATRA") !=
          std::string::npos);
    CHECK(call({"fit", "EMILIA", "vs", "CLEOPATRA"}).err.find("without \"vs\"") != std::string::npos);
    CHECK(call({"fit", "os"}).err.find("--endpoint OS") != std::string::npos);
    CHECK(call({"fit", "KEYNOTE-189"}).err.find("can be typed with --arm") != std::string::npos);
}

TEST_CASE("a bare command that would print the whole catalogue asks for a trial") {
    for (const char* const command : {"show", "fit", "curve"}) {
        const Outcome outcome = call({command});
        INFO(outcome.err);
        CHECK(outcome.code == 2);
        CHECK(outcome.out.empty());
        CHECK(outcome.err.find("needs a trial") != std::string::npos);
        CHECK(outcome.err.find("'*' means all") != std::string::npos);
    }
}

TEST_CASE("list --names prints one name per line") {
    const Outcome outcome = call({"list", "--names", "EMILIA", "CLEOPATRA"});
    CHECK(outcome.code == 0);
    CHECK(outcome.out == "EMILIA\nCLEOPATRA\n");
    CHECK(call({"list", "--names", "--format", "csv"}).code == 2);
}

TEST_CASE("no command: short help on stderr, exit 2") {
    for (const auto& arguments : {std::vector<std::string>{}, std::vector<std::string>{"--quiet"}}) {
        const Outcome outcome = call(arguments);
        CHECK(outcome.code == 2);
        CHECK(outcome.out.empty());
        CHECK(outcome.err.starts_with("Examples:"));
        CHECK(outcome.err.find("\nUsage: hersurv") != std::string::npos);
    }
    CHECK(call({"help"}).out == call({"--help"}).out);
    CHECK(call({"--version"}).out.starts_with("hersurv "));
}

TEST_CASE("arguments with dashes, brackets and blanks stay whole") {
    for (const std::string name : {"[a,b]", "-x", "--list", " ", "list", "-5"}) {
        CAPTURE(name);
        const Outcome outcome = call({"list", "--no-builtin", "--catalogue", "-", "--", name}, small);
        CHECK(outcome.code == 4);
        CHECK(outcome.err.find("\"" + name + "\"") != std::string::npos);
    }
}

TEST_CASE("an empty value is refused by every option and argument, and the message names it") {
    GlobalOptions global;
    for (const CommandRow& row : commands()) {
        const auto command = row.make();
        OptionTable options;
        command->setup(options);
        for (const OptionTable::Row& option : options.rows()) {
            if (std::holds_alternative<bool*>(option.target)) continue;
            const std::string name = option.names;
            CAPTURE(row.name, name);
            std::vector<std::string> arguments{std::string(row.name)};
            if (name.starts_with('-')) arguments.push_back(name.substr(0, name.find(',')));
            for (const OptionTable::Row& before : options.rows()) {
                if (name.starts_with('-') || &before == &option) break;
                if (!before.names.starts_with('-')) arguments.emplace_back("word");
            }
            arguments.emplace_back();
            const Outcome outcome = call(arguments);
            CHECK(outcome.code == 2);
            CHECK(outcome.out.empty());
            // The first missing argument may be told before the empty option.
            const bool told =
                outcome.err.find(name) != std::string::npos || outcome.err.find("is missing") != std::string::npos;
            CHECK(told);
        }
    }
    for (const char* name :
         {"--catalogue", "--format", "-o", "--digits", "--level", "--threads", "--seed", "--color"}) {
        CAPTURE(name);
        CHECK(call({"list", name, ""}).code == 2);
        CHECK(call({"list", name, ""}).err.find("empty value") != std::string::npos);
    }
}

TEST_CASE("the ending of --output chooses the format, and one that no format has is refused") {
    for (const CommandRow& row : commands()) {
        if (row.name != "list") continue;
        for (const char* ending : {"svg", "xlsx", "gz", "c s v"}) {
            const Outcome outcome = call({"list", "-o", std::string("/nonexistent/out.") + ending});
            CHECK(outcome.code == 2);
            for (const std::string_view name : row.formats())
                CHECK(outcome.err.find("." + std::string(hersurv::render::find_format(name)->extension)) !=
                      std::string::npos);
            // With --format the ending says nothing: the folder is what is wrong.
            CHECK(call({"list", "--format", "csv", "-o", std::string("/nonexistent/out.") + ending}).code == 5);
        }
        for (const char* known : {"out.htm", "out.HTML", "out.latex", "out.tex", "out.markdown", "out.md", "out.text",
                                  "out.txt", "out.jsonl", "out", ".out", "out.", "a.b/out"})
            CHECK(call({"list", "-o", std::string("/nonexistent/") + known}).code == 5);
    }
    CHECK(call({"schema", "-o", "/nonexistent/out.schema"}).code == 5);
}

TEST_CASE("commands that print finished text do not offer --format") {
    for (const CommandRow& row : commands()) {
        if (hidden(row)) continue;
        CAPTURE(row.name);
        const bool offered = call({"help", std::string(row.name)}).out.find("--format") != std::string::npos;
        CHECK(offered == !row.formats().empty());
    }
}

TEST_CASE("list and show answer in every format of theirs, with one header whatever the content") {
    for (const CommandRow& row : commands()) {
        if (row.name != "list" && row.name != "show") continue;
        for (const std::string_view format : row.formats()) {
            CAPTURE(row.name, format);
            const Outcome outcome =
                call({std::string(row.name), "T", "--no-builtin", "--catalogue", "-", "--format", std::string(format)},
                     small);
            CHECK(outcome.code == 0);
            CHECK(outcome.err.empty());
            CHECK(outcome.out.find("T") != std::string::npos);
            REQUIRE_FALSE(outcome.out.empty());
            CHECK(outcome.out.back() == '\n');
        }
    }
}

TEST_CASE("an empty stdin of names is an empty selection, not all") {
    const Outcome outcome = call({"list", "-", "--format", "csv"}, "\n  \n");
    CHECK(outcome.code == 0);
    CHECK(outcome.out.find('\n') == outcome.out.size() - 1);  // the header alone
}

TEST_CASE("show --format json reads back to the same") {
    const Outcome first = call({"show", "--no-builtin", "--catalogue", "-", "--format", "json"}, small);
    REQUIRE(first.code == 0);
    const Outcome second = call({"show", "--no-builtin", "--catalogue", "-", "--format", "json"}, first.out);
    CHECK(second.code == 0);
    CHECK(second.out == first.out);
}

TEST_CASE("an output that cannot be written is exit 5") {
    std::istringstream in;
    std::ostringstream out, err;
    out.setstate(std::ios::badbit);
    const char* argv[] = {"hersurv", "schema"};
    CHECK(run(2, argv, {in, out, err}) == 5);
    CHECK(err.str().starts_with("hersurv: error: stdout cannot be written"));
}
