// Rounds the numbers of a digitised figure as papers do and lays them out as the records of a catalogue.
#include "accuracy_patterns.hpp"

#include "support/number_text.hpp"
#include <algorithm>
#include <cmath>
#include <string>

namespace hersurv::bench {
namespace {

using catalogue::PrintedNumber;
using catalogue::Statistic;

PrintedNumber printed(double value, int decimals) {
    return {PrintedNumber::Kind::number, support::rounded(value, decimals), decimals};
}

PrintedNumber printed_or_not_reached(const std::optional<double>& value, int decimals) {
    if (value) return printed(*value, decimals);
    PrintedNumber not_reached;
    not_reached.kind = PrintedNumber::Kind::not_reached;
    return not_reached;
}

constexpr int decimals_of_months = 1, decimals_of_survival = 2, decimals_of_hazard_ratio = 2;

const DigitisedMilestone* find_milestone(const DigitisedArm& arm, double time_months) {
    const auto found = std::find_if(arm.milestones.begin(), arm.milestones.end(), [time_months](const auto& milestone) {
        return std::abs(milestone.time_months - time_months) < 1e-6;
    });
    return found == arm.milestones.end() ? nullptr : &*found;
}

catalogue::ArmResult result_of(const DigitisedArm& arm, const PrintedOfArm& print,
                               const std::vector<double>& milestone_months) {
    catalogue::ArmResult result;
    result.arm = arm.name;
    if (print.n_patients) result.n_patients = arm.n_patients;
    if (print.events) {
        Statistic events;
        events.value = printed(arm.n_events, 0);
        result.events.push_back(events);
    }
    if (print.median) {
        Statistic median;
        median.value = printed_or_not_reached(arm.median_months, decimals_of_months);
        if (print.limits) {
            median.lower = printed_or_not_reached(arm.median_lower_months, decimals_of_months);
            median.upper = printed_or_not_reached(arm.median_upper_months, decimals_of_months);
        }
        result.median.push_back(median);
    }
    if (print.follow_up && arm.median_follow_up_months) {
        catalogue::FollowUp follow_up;
        follow_up.kind = arm.follow_up_kind;
        follow_up.median_months = printed(*arm.median_follow_up_months, decimals_of_months);
        result.follow_up.push_back(follow_up);
    }
    int wanted = print.milestones;
    for (const double time : milestone_months) {
        if (wanted-- <= 0) break;
        const DigitisedMilestone* found = find_milestone(arm, time);
        if (found == nullptr) continue;
        Statistic survival;
        survival.value = printed(found->survival, decimals_of_survival);
        result.milestones.push_back({time, {survival}});
    }
    std::sort(result.milestones.begin(), result.milestones.end(),
              [](const auto& a, const auto& b) { return a.time_months < b.time_months; });
    return result;
}

bool says_something(const catalogue::ArmResult& result) {
    return !result.median.empty() || !result.milestones.empty() || !result.events.empty();
}

catalogue::Contrast contrast_of(const DigitisedFigure& figure) {
    Statistic ratio;
    ratio.value = printed(figure.hazard_ratio, decimals_of_hazard_ratio);
    ratio.lower = printed(figure.hazard_ratio_lower, decimals_of_hazard_ratio);
    ratio.upper = printed(figure.hazard_ratio_upper, decimals_of_hazard_ratio);
    // It is: the folder's Cox model has the arm as its only term.
    ratio.stratified = false;
    ratio.adjusted = false;
    catalogue::Contrast contrast;
    contrast.experimental = figure.arms[1].name;
    contrast.control = figure.arms[0].name;
    contrast.hazard_ratio.push_back(ratio);
    return contrast;
}

PrintedRecord empty_record(const DigitisedFigure& figure) {
    PrintedRecord record;
    record.trial.id = figure.dataset;
    record.trial.population = figure.cancer;
    catalogue::Analysis analysis;
    analysis.id = figure.dataset;
    analysis.endpoint = figure.endpoint;
    analysis.label = figure.dataset;
    analysis.population = figure.cancer;
    analysis.is_default = true;
    record.trial.analyses.push_back(analysis);
    return record;
}

void add_arm(PrintedRecord& record, const catalogue::ArmResult& result) {
    catalogue::Arm arm;
    arm.id = arm.name = result.arm;
    arm.n_patients = result.n_patients;
    record.trial.arms.push_back(arm);
    record.trial.analyses.front().arms.push_back(result);
}

}  // namespace

std::vector<double> milestone_months(std::string_view endpoint) {
    if (endpoint == "OS") return {24, 12};
    return {12, 6};
}

std::vector<PrintedRecord> records_of(const DigitisedFigure& figure, const Pattern& pattern) {
    return records_of(figure, pattern, milestone_months(figure.endpoint));
}

std::vector<PrintedRecord> records_of(const DigitisedFigure& figure, const Pattern& pattern,
                                      const std::vector<double>& milestone_months) {
    std::vector<PrintedRecord> records;
    if (pattern.arms == ArmsOfPattern::alone) {
        for (std::size_t arm = 0; arm < figure.arms.size(); ++arm) {
            const auto result = result_of(figure.arms[arm], pattern.printed, milestone_months);
            if (!says_something(result)) continue;
            PrintedRecord record = empty_record(figure);
            add_arm(record, result);
            record.scored.push_back({0, arm});
            records.push_back(std::move(record));
        }
        return records;
    }
    PrintedRecord record = empty_record(figure);
    for (std::size_t arm = 0; arm < figure.arms.size(); ++arm) {
        const bool only_compared = pattern.arms == ArmsOfPattern::by_hazard_ratio && arm == 1;
        PrintedOfArm print = pattern.printed;
        if (only_compared) {
            print = {};
            print.n_patients = pattern.printed.n_patients;
        }
        add_arm(record, result_of(figure.arms[arm], print, milestone_months));
        if (pattern.arms == ArmsOfPattern::both || only_compared) record.scored.push_back({arm, arm});
    }
    if (pattern.hazard_ratio) record.trial.analyses.front().contrasts.push_back(contrast_of(figure));
    records.push_back(std::move(record));
    return records;
}

}  // namespace hersurv::bench
