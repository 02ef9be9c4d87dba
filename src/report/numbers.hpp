// From published and estimated numbers to the cells of a table.
#pragma once

#include "hersurv/estimates.hpp"
#include "hersurv/evidence.hpp"
#include "hersurv/records.hpp"

#include "report/intervals.hpp"
#include "report/names.hpp"
#include <optional>
#include <string>

namespace hersurv::report {

// With its published decimals (two fewer where `percent`: 0.37 is 37%).
[[nodiscard]] Number cell(const catalogue::PrintedNumber& printed, bool percent = false);
[[nodiscard]] Number cell(const std::optional<catalogue::PrintedNumber>& printed, bool percent = false);
// "12.7 (11.7 to 13.8) years" of what is published in another unit than months; else empty.
[[nodiscard]] std::string text_in_other_unit(const catalogue::Statistic& statistic);
[[nodiscard]] Interval interval_cell(const catalogue::Statistic& statistic, bool percent = false);

// An estimate is derived; `decimals` for human formats.
[[nodiscard]] Number cell(const fit::Estimate& estimate, int decimals, bool percent = false);
[[nodiscard]] Interval interval_cell(const fit::Estimate& estimate, int decimals, bool percent = false);
// What people see of it: weak identification is marked, and limits that replace others.
[[nodiscard]] Interval interval_cell(const BandedEstimate& estimate, int decimals, bool percent = false);
[[nodiscard]] Number limit_cell(const std::optional<double>& limit, int decimals, bool percent = false);

// JSON: reconstruction_lower, reconstruction_upper, population_lower, population_upper; null if there is none.
void add_band_members(support::Json::Object& object, const BandedEstimate& estimate);

// "derived", or "NE" where the band cannot be had (no number of patients).
[[nodiscard]] std::string limits_status(const fit::Estimate& estimate);

[[nodiscard]] Number missing();  // not reported
[[nodiscard]] std::string status_word(const Number& number);

// "95%", "99.9%".
[[nodiscard]] std::string percent_text(double level);

// "0.012", "<0.001", "7.8e-22": below 0.0001 with an exponent, with the digits that were published.
[[nodiscard]] std::string p_value_text(const catalogue::PrintedNumber& value);
[[nodiscard]] std::string p_value_text(const catalogue::PValue& p_value);

// "median", "  lower limit", "S(96), %", "hazard ratio v placebo", ... for human formats; times in months.
[[nodiscard]] std::string statistic_title(const catalogue::StatisticKey& statistic);

}  // namespace hersurv::report
