// Residuals of a fit as comparisons, and what is outside its tolerance as findings of the rule not-reproduced.
#include "hersurv/audit.hpp"

#include <fmt/format.h>

#include "audit/place.hpp"
#include "support/number_text.hpp"
#include <cmath>

namespace hersurv::audit {
namespace {

double allowance_of(const catalogue::StatisticKey& statistic, double published, const Allowances& allowances) {
    using Unit = catalogue::StatisticKey::Unit;
    switch (statistic.unit()) {
        case Unit::months:
            return allowances.time_relative * published;
        case Unit::probability:
            return allowances.survival;
        case Unit::ratio:
            return allowances.hazard_ratio_relative * published;
        case Unit::count:
            return allowances.events_relative * published;
        case Unit::p_value:
            break;  // no model has it
    }
    return 0;
}

// A median that is not reached is followed where the model's lies beyond the follow-up.
void compare_not_reached(Comparison& row, const evidence::Observation& observation, const Allowances& allowances) {
    if (observation.kind != evidence::Kind::bound) {
        row.remark = observation.derivation;
        return;
    }
    if (*row.reconstructed > observation.time_months)
        row.verdict = Verdict::within_rounding;
    else if (*row.reconstructed > observation.time_months * (1 - allowances.time_relative))
        row.verdict = Verdict::within_tolerance;
    else
        row.verdict = Verdict::outside;
}

// The decimals of a derived number in a message: those of the published one and one more.
std::string shown(double value, const Comparison& row) {
    return support::fixed(value, (row.published.is_number() ? row.published.decimals : 0) + 1);
}

}  // namespace

std::vector<Comparison> compare(const fit::FittedModel& model, const Allowances& allowances) {
    const auto& evidence = *model.evidence;
    std::vector<Comparison> rows;
    for (const auto& observation : evidence.observations) {
        Comparison row;
        row.trial = evidence.trial;
        row.analysis = evidence.analysis;
        row.endpoint = evidence.endpoint;
        row.arm = evidence.arms[observation.arm].id;
        if (observation.control) row.control = evidence.arms[*observation.control].id;
        row.statistic = observation.statistic;
        row.model = model.model->name;
        row.published = observation.published;
        row.source = observation.from.source;
        row.pointer = observation.from.pointer;
        row.line = observation.from.line;
        row.remark = observation.used() ? model.arms[observation.arm].reason : observation.derivation;
        rows.push_back(std::move(row));
    }
    for (const fit::Residual& residual : model.residuals) {
        Comparison& row = rows[residual.observation];
        const auto& observation = evidence.observations[residual.observation];
        if (!std::isfinite(residual.fitted)) continue;
        row.reconstructed = residual.fitted;
        if (!row.published.is_number()) {
            compare_not_reached(row, observation, allowances);
            continue;
        }
        const double half_unit = row.published.half_unit();
        row.difference = residual.fitted - row.published.value;
        row.tolerance = half_unit + allowance_of(row.statistic, row.published.value, allowances);
        if (residual.within_rounding)
            row.verdict = Verdict::within_rounding;
        else if (std::abs(*row.difference) <= *row.tolerance)
            row.verdict = Verdict::within_tolerance;
        else
            row.verdict = Verdict::outside;
    }
    for (Comparison& row : rows)
        if (row.verdict != Verdict::not_comparable) row.remark.clear();
    return rows;
}

extern const Rule not_reproduced_rule;
const Rule not_reproduced_rule{
    "not-reproduced",
    Severity::note,
    "the model gives every published number back",
    "|reconstructed - published| <= half unit + an allowance of the kind of number; a median that is not reached lies "
    "beyond the follow-up",
    "another model may follow it (--model)",
    nullptr,
};

std::vector<Finding> not_reproduced(const std::vector<Comparison>& comparisons, const std::string& file) {
    std::vector<Finding> findings;
    for (const Comparison& row : comparisons) {
        if (row.verdict != Verdict::outside) continue;
        Finding finding;
        finding.rule = not_reproduced_rule.name;
        finding.severity = not_reproduced_rule.severity;
        finding.at.trial = row.trial;
        finding.at.analysis = row.analysis;
        finding.at.arm = row.arm;
        finding.at.statistic = row.statistic;
        finding.file = file;
        finding.pointer = row.pointer;
        finding.source = row.source;
        finding.line = row.line;
        finding.published = printed_text(row.published);
        finding.expected = shown(*row.reconstructed, row);
        finding.message =
            row.difference
                ? fmt::format("the {} model gives {} where {} is printed: {} away, more than its tolerance of {}",
                              row.model, finding.expected, finding.published, shown(std::abs(*row.difference), row),
                              shown(*row.tolerance, row))
                : fmt::format("the {} model has its median at {} months, where the trial had not reached it", row.model,
                              finding.expected);
        findings.push_back(std::move(finding));
    }
    return findings;
}

}  // namespace hersurv::audit
