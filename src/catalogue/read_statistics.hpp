// JSON -> published numbers with their source: statistics, p-values, follow-up.
#pragma once

#include "hersurv/records.hpp"

#include "catalogue/fields.hpp"
#include "catalogue/reading.hpp"
#include <optional>
#include <string_view>
#include <vector>

namespace hersurv::catalogue {

[[nodiscard]] Relation relation_of(std::string_view text);  // "=" for any other text

// `is_number`: the object gives a number, which needs a source as soon as the document has any.
[[nodiscard]] Provenance read_provenance(const Fields& fields, bool is_number, const Reading& reading);

// A number as published: with the decimals that it is written with, but no fewer than the quantity's least, or with the
// object's `decimals` where it has this member.
[[nodiscard]] std::optional<PrintedNumber> read_printed(const Fields& fields, std::string_view key,
                                                        const Quantity& quantity, std::optional<int> decimals,
                                                        Presence presence = Presence::optional);

// The number of `value_key` with its limits; the members that only some statistics have are left to the caller.
[[nodiscard]] Statistic read_statistic(const Fields& fields, std::string_view value_key, const Quantity& quantity,
                                       const Reading& reading);

// The statistics of one name that `parent` has: one object, or a list of objects if several sources report it.
[[nodiscard]] Statistics read_plain(const Fields& parent, std::string_view key, const Quantity& quantity,
                                    const Reading& reading);
[[nodiscard]] Statistics read_median(const Fields& parent, const Reading& reading);
[[nodiscard]] Statistics read_hazard_ratio(const Fields& parent, const Reading& reading);
[[nodiscard]] std::vector<PValue> read_p_values(const Fields& parent, const Reading& reading);
[[nodiscard]] std::vector<FollowUp> read_follow_up(const Fields& parent, const Reading& reading);
[[nodiscard]] std::optional<NumbersAtRisk> read_at_risk(const Fields& parent, const Reading& reading);
[[nodiscard]] std::vector<Milestone> read_milestones(const Fields& parent, const Reading& reading);

}  // namespace hersurv::catalogue
