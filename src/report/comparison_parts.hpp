// What the comparison tables share.
#pragma once

#include "hersurv/evidence.hpp"
#include "hersurv/records.hpp"

#include "report/comparison_tables.hpp"
#include "report/numbers.hpp"
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hersurv::report {

// The print that counts (evidence::first_print), or nothing.
[[nodiscard]] std::optional<catalogue::Statistic> first_print(const catalogue::Statistics& prints);
[[nodiscard]] std::optional<catalogue::Statistic> printed_median(const catalogue::Analysis& analysis,
                                                                 const std::string& arm);
// Published medians' difference, experimental minus control, with MOVER limits where both medians have theirs.
[[nodiscard]] std::optional<fit::Estimate> printed_median_difference(const catalogue::Analysis& analysis,
                                                                     const std::string& experimental,
                                                                     const std::string& control);
// The contrast in which an arm is the experimental one, or nullptr.
[[nodiscard]] const catalogue::Contrast* contrast_of(const catalogue::Analysis& analysis,
                                                     const std::string& experimental);
// The arm that an experimental arm is compared with: of its contrast, or, if none is published, the only control arm
// of the analysis; "" if there is none.
[[nodiscard]] std::string control_of(const catalogue::Trial& trial, const catalogue::Analysis& analysis,
                                     const std::string& experimental);
// The year in which a number was reported: of its primary source, else of the trial (a review repeats what others
// reported).
[[nodiscard]] std::optional<int> year_of(const catalogue::Trial& trial, const catalogue::Provenance& from);
// The year of the first median or hazard ratio of an analysis, else of the trial.
[[nodiscard]] std::optional<int> year_of(const catalogue::Trial& trial, const catalogue::Analysis& analysis);
// Which model the curves of a table are of, one line; "auto" may take another one in each analysis.
[[nodiscard]] std::string models_footnote(const std::vector<AnalysisFit>& fits);
// "S(12) 94%, S(48) 58% (os-2015)": what earlier data cuts say of the curve of an arm; empty if nothing.
[[nodiscard]] std::string earlier_cuts_of(const AnalysisFit& fit, std::size_t arm);
// "Also uses results of earlier data cuts: CLEOPATRA os-end-of-study (os-2015)."; empty if there is none.
[[nodiscard]] std::string earlier_cuts_footnote(const std::vector<AnalysisFit>& fits);
// Adds to the footnotes which interval the table shows, which models, earlier data cuts and expected accuracy its
// curves have.
void add_curve_footnotes(Table& table, const std::vector<AnalysisFit>& fits, const Intervals& intervals);
// Which interval it shows, and what that supposes; and what stands in for it if a number of patients was not published.
void explain_intervals(Table& table, const Intervals& intervals, const Supposition& supposition);
[[nodiscard]] std::optional<std::size_t> arm_index(const AnalysisFit& fit, const std::string& arm);
// The control arm of the contrast in which `arm` is the experimental one, where the first model of `fit` has a curve
// for it.
[[nodiscard]] std::optional<std::size_t> fitted_control_of(const AnalysisFit& fit, std::size_t arm);
// `fits` by year of the report (the generations of therapy), trials without a year last, then as they were.
[[nodiscard]] std::vector<const AnalysisFit*> by_year(const std::vector<AnalysisFit>& fits);
// The endpoint is in the caption where all analyses share it ("OS: "), and in a column of the human formats where
// they do not.
[[nodiscard]] Column endpoint_column(const std::vector<AnalysisFit>& fits);
[[nodiscard]] std::string shared_endpoint(const std::vector<AnalysisFit>& fits);  // "" if there are several
[[nodiscard]] Cell text_or_nothing(const std::string& text);
[[nodiscard]] Cell year_cell(const std::optional<int>& year);
[[nodiscard]] Cell count_cell(const std::optional<int>& count);
[[nodiscard]] Cell line_cell(const catalogue::Provenance& from);
[[nodiscard]] std::string class_of(const catalogue::Trial& trial);  // "none" if the record gives none
// The review's order of classes; others, of which all have one rank, follow.
[[nodiscard]] std::size_t class_rank(const std::string& name);

// Adds the rows of one analysis, with a rule before them if there are rows already.
template <class Row>
void add_group(Table& table, std::vector<Row>& rows, const std::vector<Row>& group) {
    if (!rows.empty() && !group.empty()) table.rule_before.push_back(rows.size());
    rows.insert(rows.end(), group.begin(), group.end());
}

// Response rates of one endpoint; what several sources report alike is listed once, with all of them.
struct ResponseRow {
    const catalogue::Response* response = nullptr;  // the print with the most detail
    std::vector<std::string> sources;
    std::optional<int> responders, evaluable;
    bool responders_derived = false;  // the only count that the published rate allows
    bool evaluable_derived = false;   // the only number among whom the responders are the published rate
};
[[nodiscard]] std::vector<ResponseRow> response_rows(const catalogue::Trial& trial, const std::string& endpoint);

}  // namespace hersurv::report
