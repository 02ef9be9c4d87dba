// The whole program over string streams, so that every format renders: the first byte chooses a command line, the rest
// is the catalogue on its standard input. It ends with a documented exit code and, unless it succeeds, a message; what
// it writes is UTF-8 without control characters, and JSON where it says so.
#include "hersurv/error.hpp"

#include "cli/command.hpp"
#include "cli/run.hpp"
#include "require.hpp"
#include "support/json.hpp"
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace hersurv;

constexpr std::array command_lines{
    "validate - --format text",
    "validate - --format json",
    "validate - --format sarif",
    "validate - --format junit",
    "validate - --format github",
    "list --catalogue -",
    "list --catalogue - --format json",
    "show * --catalogue -",
    "show * --all --catalogue - --format markdown",
    "show * --all --catalogue - --format json",
    "fit * --catalogue - --threads 1",
    "fit * --explain --catalogue - --threads 1 --model exponential,weibull,lognormal",
    "fit * --catalogue - --threads 1 --format json",
    "fit * --catalogue - --threads 1 --format latex",
    "curve * --catalogue - --threads 1 --times 0,1,12,60 --format csv",
    "curve * --catalogue - --threads 1 --format json",
    "table medians * --catalogue - --threads 1",
    "table milestones * --catalogue - --threads 1 --format html",
    "table hr * --catalogue - --threads 1 --format tsv",
    "table rmst * --catalogue - --threads 1 --format json",
    "plot * --catalogue - --threads 1 --format svg",
    "plot forest * --catalogue - --threads 1 --format svg",
    "plot medians * --catalogue - --threads 1 --format text",
    "check * --catalogue - --threads 1",
    "check * --catalogue - --threads 1 --format sarif",
    "report * --catalogue - --threads 1 --format html",
};

std::vector<std::string> words_of(const std::string& line) {
    std::istringstream stream(line);
    std::vector<std::string> words{"hersurv"};
    for (std::string word; stream >> word;) words.push_back(word);
    return words;
}

void check_text(const std::string& text, const char* what) {
    require(support::is_utf8(text), what);
    for (const char c : text)
        require(c == '\n' || c == '\t' || c == '\r' || static_cast<unsigned char>(c) >= 0x20, what);
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int*, char***) { return ::setenv("HERSURV_NO_BUILTIN", "1", 1); }

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string line = command_lines[data[0] % command_lines.size()];
    const std::vector<std::string> words = words_of(line);
    std::vector<const char*> arguments;
    for (const std::string& word : words) arguments.push_back(word.c_str());
    std::istringstream in(std::string(reinterpret_cast<const char*>(data) + 1, size - 1));
    std::ostringstream out, errors;
    const int code =
        cli::run(static_cast<int>(arguments.size()), arguments.data(), {in, out, errors, false, 80, false});
    require(code >= 0 && code <= static_cast<int>(support::ExitCode::output_failed), "the exit code is documented");
    require(code < 2 || !errors.str().empty(), "a failure has a message");
    check_text(out.str(), "what is written is UTF-8 without control characters");
    check_text(errors.str(), "messages are UTF-8 without control characters");
    if (!out.str().empty() && (line.ends_with("json") || line.ends_with("sarif")))
        static_cast<void>(support::parse_json(out.str(), "stdout"));
    return 0;
}
