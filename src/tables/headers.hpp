// What the heading of a column says: its role, a unit of time, percent.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace hersurv::tables {

// What a table is read for: one name may mean different things ("os" is survival of a curve, an event of a patient).
enum class Content : std::uint8_t { survival, numbers_at_risk, censor_marks, patients };
// "survival", "numbers at risk", for messages.
[[nodiscard]] std::string_view to_string(Content content);

enum class Role : std::uint8_t {
    unknown,
    time,
    survival,
    at_risk,
    arm,
    event,
    censored,
    n_events,
    n_censored,
    ignored
};

struct Header {
    Role role = Role::unknown;
    int rank = 0;                  // of its name among those of the role, the likeliest first
    std::string_view time_unit{};  // days, weeks, months, years; empty: none
    bool percent = false;
    std::string name{};  // as it is
};

[[nodiscard]] Header parse_header(std::string_view text, Content content);

// Some names of a role, the likeliest first, for messages.
[[nodiscard]] std::string known_names(Role role, Content content);

// The unit that a word means; empty if it is none.
[[nodiscard]] std::string_view time_unit_of(std::string_view word);

}  // namespace hersurv::tables
