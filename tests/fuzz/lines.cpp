// JSON lines: what is read line by line is the whole text, and each line is a document or refused with its place.
#include "hersurv/catalogue.hpp"
#include "hersurv/error.hpp"

#include "require.hpp"
#include "support/file.hpp"
#include "support/json.hpp"
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <sstream>
#include <string>

using namespace hersurv;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    std::istringstream in(text);
    std::string together, line;
    for (int number = 1; support::read_line(in, "fuzz", number, line); ++number) {
        require(line.find('\n') == std::string::npos, "a line is one line");
        together += line + '\n';
        try {
            const support::Json value = support::parse_json(line, "fuzz");
            const std::string written = support::write_json(value, -1);
            require(support::write_json(support::parse_json(written, "fuzz"), -1) == written, "JSON comes back");
            static_cast<void>(catalogue::read_document(line, "fuzz"));
        } catch (const support::InputError& error) {
            for (const support::Fault& fault : error.faults()) require(!fault.problem.empty(), "a fault has a problem");
            require(!error.faults().empty(), "a refused line has a fault");
        }
    }
    const bool ends_open = !text.empty() && text.back() != '\n';
    require(together == text + (ends_open ? "\n" : ""), "no byte is lost between lines");
    return 0;
}
