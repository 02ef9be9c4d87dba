// Lays measured coverage out as tables, and compares it with a record.
#pragma once

#include "coverage_measure.hpp"
#include "csv.hpp"
#include "output.hpp"
#include "render/table.hpp"
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace hersurv::bench {

// A line of the machine formats and of the record: one law or the mean over the laws of a group, one n, one kind of
// evidence, one measure.
struct CoverageLine {
    std::string laws;  // name of the law, "findings" or "further": the mean over those laws
    std::size_t n = 0;
    std::string evidence;
    std::string measure;  // "reconstruction", "population", "contradictions", "upper-rises", "lower-rises"
    std::string zone;     // of the bands: a zone, or "all"
    std::size_t n_laws = 1;
    double count = 0;                                    // rows, or analyses or curves
    std::optional<double> value;                         // coverage, or a share
    std::optional<double> error_of_value;                // standard error by the number of trials
    std::optional<double> width, error, absolute_error;  // means over the rows
};

[[nodiscard]] std::vector<CoverageLine> coverage_lines(const CoverageOptions& options,
                                                       const std::vector<CoverageCell>& cells);

// Text and Markdown: tables by evidence and n of the means over the laws, then of every law. CSV: every line.
[[nodiscard]] render::Report coverage_report(const CoverageOptions& options, const std::vector<CoverageLine>& lines);

// The lines that later runs are compared with: the means, and nothing of single laws but their full abstract.
[[nodiscard]] render::Report coverage_record(const CoverageOptions& options, const std::vector<CoverageLine>& lines);

// A loss: coverage more than .01 below the record, a band more than 2% wider, a share of contradictions or of arms
// without a curve more than .01 above it, more rising limits, or a line of the record that is gone. Throws
// support::UsageError if the record is of other trials.
[[nodiscard]] RecordComparison compare_coverage(const CoverageOptions& options, const CsvTable& record,
                                                const std::vector<CoverageLine>& lines);

}  // namespace hersurv::bench
