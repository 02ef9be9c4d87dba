// The text of one arm -> its members of a catalogue document.
#pragma once

#include "catalogue/typed_scanner.hpp"
#include "support/json.hpp"
#include <cstddef>
#include <optional>
#include <string>

namespace hersurv::catalogue {

struct TypedArm {
    std::string name;
    Spot name_spot;
    support::Json::Object arm, result;  // of the trial's arms and of the analysis' arms
};

// The text of arm `index` of the trial; `spots` learns where its numbers were typed.
[[nodiscard]] TypedArm read_typed_arm(const std::string& text, std::size_t index, Spots& spots);

// "168", "181/334 (54.2%)", "181 of 334": with the number of patients, and the share of them.
struct TypedEvents {
    TypedNumber events{};
    std::optional<TypedNumber> patients{}, share{};
};
[[nodiscard]] TypedEvents read_typed_events(TypedScanner& scanner);
// Refuses a share that is not that of the two numbers.
void check_typed_share(const TypedEvents& typed, const TypedNumber& patients, const TypedScanner& scanner);

// "80", "20.2 observed": the follow-up at `pointer` of the document.
[[nodiscard]] support::Json::Object read_typed_follow_up(TypedScanner& scanner, const std::string& pointer,
                                                         Spots& spots);

}  // namespace hersurv::catalogue
