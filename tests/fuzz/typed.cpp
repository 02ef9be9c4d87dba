// Typed and pasted numbers: a text is refused with the option and the column, or read; what was read is written as a
// catalogue and read again to the same bytes. The first byte chooses the option that takes the text.
#include "hersurv/catalogue.hpp"
#include "hersurv/error.hpp"

#include "catalogue/writer.hpp"
#include "require.hpp"
#include "support/json.hpp"
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>

namespace {

using namespace hersurv;

std::string written(const catalogue::Trial& trial) { return support::write_json(catalogue::to_document(trial), 2); }

catalogue::TypedTrial typed_of(unsigned char option, std::string text) {
    catalogue::TypedTrial typed;
    typed.arms = {"name=A n=100", "name=B n=100"};
    switch (option % 4) {
        case 0:
            typed.arms[0] = std::move(text);
            break;
        case 1:
            typed.hazard_ratios = {std::move(text)};
            break;
        case 2:
            typed.p_values = {std::move(text)};
            break;
        default:
            typed.follow_up = std::move(text);
    }
    return typed;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    std::optional<catalogue::Trial> trial;
    try {
        trial = catalogue::trial_from_text(typed_of(data[0], {reinterpret_cast<const char*>(data) + 1, size - 1}));
    } catch (const support::UsageError& error) {
        require(*error.what() != '\0', "a refusal says why");
        require(support::is_utf8(error.what()), "a refusal can be shown");
        return 0;
    }
    const std::string text = written(*trial);
    std::string again;
    try {
        again = written(catalogue::read_document(text, "fuzz").trials.at(0));
    } catch (const support::InputError& error) {
        std::fprintf(stderr, "%s\n%s\n", error.what(), text.c_str());
        require(false, "what was read is a valid catalogue");
    }
    require(again == text, "what was written is read again as the same");
    return 0;
}
