// Collects the published numbers of a record in its order.
#include "report/published_numbers.hpp"

#include "report/comparison_parts.hpp"
#include "support/number_text.hpp"
#include "support/words.hpp"

namespace hersurv::report {

std::string joined_texts(std::vector<std::string> texts, std::string_view separator) {
    std::erase_if(texts, [](const std::string& text) { return text.empty(); });
    return support::joined(texts, separator);
}

namespace {

using Numbers = std::vector<PublishedNumber>;

bool takes_arm(const RecordReportOptions& options, const std::string& arm) {
    return !options.takes_arm || options.takes_arm(arm);
}

using catalogue::StatisticKey;
using Kind = StatisticKey::Kind;

PublishedNumber number_of_arm(const std::string& arm, std::string statistic, std::string title, std::string unit) {
    PublishedNumber number;
    number.arm = number.arm_shown = arm;
    number.statistic = std::move(statistic);
    number.title = std::move(title);
    number.unit = std::move(unit);
    return number;
}

PublishedNumber number_of_arm(const std::string& arm, const StatisticKey& statistic) {
    const auto of_arm = [&](std::string title, std::string unit) {
        return number_of_arm(arm, to_string(statistic), std::move(title), std::move(unit));
    };
    switch (statistic.kind) {
        case Kind::n_patients:
            return of_arm("Patients", "patients");
        case Kind::events:
            return of_arm("Events", "events");
        case Kind::median:
            return of_arm("Median, months", "months");
        case Kind::milestone:
            return of_arm("S(" + support::shortest(statistic.time_months) + " months), %", "proportion");
        case Kind::follow_up:
            return of_arm("Follow-up, months", "months");
        case Kind::hazard_ratio:
            return of_arm("Hazard ratio", "ratio");
        case Kind::p_value:
            return of_arm(std::string(p_value_title), "");
        case Kind::crossover:
            return of_arm("Crossover, %", "proportion");
    }
    return {};
}

catalogue::PrintedNumber whole_number(int count) {
    return {catalogue::PrintedNumber::Kind::number, static_cast<double>(count), 0};
}

PublishedNumber patients_of(const std::string& arm, int n_patients) {
    PublishedNumber number = number_of_arm(arm, {Kind::n_patients});
    number.number.value = whole_number(n_patients);
    return number;
}

void add_statistics(Numbers& numbers, const catalogue::Statistics& statistics, const PublishedNumber& like) {
    for (const catalogue::Statistic& statistic : statistics) {
        PublishedNumber& number = numbers.emplace_back(like);
        number.number = statistic;
        std::vector<std::string> remarks;
        if (statistic.stratified) remarks.emplace_back(*statistic.stratified ? "stratified" : "unstratified");
        if (statistic.adjusted) remarks.emplace_back(*statistic.adjusted ? "adjusted" : "unadjusted");
        number.remark = support::joined(remarks);
    }
}

void add_follow_up(Numbers& numbers, const std::string& arm, const catalogue::FollowUp& follow_up) {
    PublishedNumber& number = numbers.emplace_back(number_of_arm(arm, {Kind::follow_up}));
    number.number.value = follow_up.median_months;
    number.number.from = follow_up.from;
    const auto spread = [](const std::string& name, const std::optional<std::pair<double, double>>& pair) {
        return pair ? name + " " + support::shortest(pair->first) + " to " + support::shortest(pair->second) : "";
    };
    using FollowUpKind = catalogue::FollowUp::Kind;
    const std::string kind = follow_up.kind == FollowUpKind::reverse_kaplan_meier ? "by reverse Kaplan-Meier"
                             : follow_up.kind == FollowUpKind::observed           ? "time on study"
                                                                                  : "";
    number.remark = joined_texts(
        {kind, spread("range", follow_up.range_months), spread("quartiles", follow_up.quartiles_months)}, ", ");
}

void add_at_risk(Numbers& numbers, const std::string& arm, const catalogue::NumbersAtRisk& at_risk) {
    for (const auto& [time_months, n_patients] : at_risk.numbers) {
        const std::string time = support::shortest(time_months);
        PublishedNumber& number =
            numbers.emplace_back(number_of_arm(arm, "at_risk_" + time, "At risk at " + time + " months", "patients"));
        number.number.value = whole_number(n_patients);
        number.number.from = at_risk.from;
        number.at_risk_months = time_months;
    }
}

void add_arm_result(Numbers& numbers, const catalogue::Trial& trial, const catalogue::ArmResult& result) {
    if (result.n_patients) {
        PublishedNumber& number = numbers.emplace_back(patients_of(result.arm, *result.n_patients));
        const catalogue::Arm* const arm = trial.find_arm(result.arm);
        number.as_of_arm = arm != nullptr && arm->n_patients == result.n_patients;
    }
    add_statistics(numbers, result.events, number_of_arm(result.arm, {Kind::events}));
    add_statistics(numbers, result.median, number_of_arm(result.arm, {Kind::median}));
    for (const catalogue::Milestone& milestone : result.milestones)
        add_statistics(numbers, milestone.survival,
                       number_of_arm(result.arm, StatisticKey::milestone_at(milestone.time_months)));
    for (const catalogue::FollowUp& follow_up : result.follow_up) add_follow_up(numbers, result.arm, follow_up);
    if (result.at_risk) add_at_risk(numbers, result.arm, *result.at_risk);
}

void add_contrast(Numbers& numbers, const catalogue::Contrast& contrast) {
    const std::string shown = contrast.experimental + " v " + contrast.control;
    PublishedNumber ratio = number_of_arm(contrast.experimental, {Kind::hazard_ratio});
    ratio.arm_shown = shown;
    add_statistics(numbers, contrast.hazard_ratio, ratio);
    for (const catalogue::PValue& p_value : contrast.p_values) {
        PublishedNumber& number = numbers.emplace_back(number_of_arm(contrast.experimental, {Kind::p_value}));
        number.arm_shown = shown;
        number.relation = relation_sign(p_value.relation);
        number.number.value = p_value.value;
        number.number.from = p_value.from;
        number.remark = p_value.test;
    }
}

PublishedNumber number_of(const catalogue::Measure& measure) {
    const bool unit_said = measure.name.find(measure.unit) != std::string::npos;  // "patients, both arms"
    const std::string unit_shown = measure.unit == "proportion" ? ", %" : unit_said ? "" : ", " + measure.unit;
    PublishedNumber number =
        number_of_arm(measure.arm, "measure:" + measure.name, measure.name + unit_shown, measure.unit);
    number.population = measure.population;
    number.number.value = measure.value;
    number.number.lower = measure.lower;
    number.number.upper = measure.upper;
    number.number.level = measure.level;
    number.number.from = measure.from;
    if (measure.time_months && measure.name.find("at_risk") != std::string::npos)
        number.at_risk_months = measure.time_months;
    if (measure.time_months) number.remark = "at " + support::shortest(*measure.time_months) + " months";
    return number;
}

void add_response(Numbers& numbers, const catalogue::Response& response) {
    const auto like = [&](const std::string& statistic, const std::string& title, const std::string& unit) {
        PublishedNumber number = number_of_arm(response.arm, statistic, response.endpoint + ", " + title, unit);
        number.analysis = response.analysis;
        number.endpoint = response.endpoint;
        number.population = response.population;
        number.number.from = response.from;
        number.remark = joined_texts({response.criterion, response.assessed_by}, ", ");
        return number;
    };
    PublishedNumber& rate = numbers.emplace_back(like("rate", "%", "proportion"));
    rate.number.value = response.rate;
    rate.number.lower = response.lower;
    rate.number.upper = response.upper;
    rate.number.level = response.level;
    const auto part = [&](const char* name, const std::optional<int>& count) {
        if (count) numbers.emplace_back(like(name, name, "patients")).number.value = whole_number(*count);
    };
    part("responders", response.responders);
    part("evaluable", response.evaluable);
}

}  // namespace

Numbers numbers_of_arms(const catalogue::Trial& trial, const RecordReportOptions& options) {
    Numbers numbers;
    for (const catalogue::Arm& arm : trial.arms)
        if (arm.n_patients && takes_arm(options, arm.id)) numbers.push_back(patients_of(arm.id, *arm.n_patients));
    return numbers;
}

Numbers numbers_of_analysis(const catalogue::Trial& trial, const catalogue::Analysis& analysis,
                            const RecordReportOptions& options) {
    Numbers numbers;
    if (!options.takes_arm) {
        add_statistics(numbers, analysis.events, number_of_arm("", {Kind::events}));
        add_statistics(numbers, analysis.crossover, number_of_arm("", {Kind::crossover}));
    }
    for (const catalogue::ArmResult& result : analysis.arms)
        if (takes_arm(options, result.arm)) add_arm_result(numbers, trial, result);
    for (const catalogue::Contrast& contrast : analysis.contrasts)
        if (takes_arm(options, contrast.experimental) || takes_arm(options, contrast.control))
            add_contrast(numbers, contrast);
    for (PublishedNumber& number : numbers_of_measures(analysis.measures, options))
        numbers.push_back(std::move(number));
    for (PublishedNumber& number : numbers) {
        number.analysis = analysis.id;
        number.endpoint = analysis.endpoint;
        if (number.population.empty()) number.population = analysis.population;
    }
    return numbers;
}

Numbers numbers_of_responses(const catalogue::Trial& trial, const RecordReportOptions& options) {
    Numbers numbers;
    for (const catalogue::Response& response : trial.responses) {
        if (options.takes_endpoint && !options.takes_endpoint(response.endpoint)) continue;
        if (takes_arm(options, response.arm)) add_response(numbers, response);
    }
    return numbers;
}

Numbers numbers_of_measures(const std::vector<catalogue::Measure>& measures, const RecordReportOptions& options) {
    Numbers numbers;
    for (const catalogue::Measure& measure : measures)
        if (!options.takes_arm || (!measure.arm.empty() && options.takes_arm(measure.arm)))
            numbers.push_back(number_of(measure));
    return numbers;
}

}  // namespace hersurv::report
