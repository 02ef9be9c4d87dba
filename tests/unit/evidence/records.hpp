// Builds the records and the evidence that the tests of evidence, fit and curve start from.
#pragma once

#include "hersurv/evidence.hpp"

#include <fstream>
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace hersurv::test {

// A number as a paper prints it: "57.10" has two decimals; "NR" and "NE" are the words.
inline catalogue::PrintedNumber as_printed(const std::string& text) {
    catalogue::PrintedNumber number;
    if (text == "NR" || text == "NE") {
        number.kind =
            text == "NR" ? catalogue::PrintedNumber::Kind::not_reached : catalogue::PrintedNumber::Kind::not_estimable;
        return number;
    }
    number.value = std::stod(text);
    const auto point = text.find('.');
    if (point != std::string::npos)
        number.decimals = static_cast<int>(text.find_first_of("eE") == std::string::npos ? text.size() - point - 1 : 0);
    return number;
}

// Empty limits are not printed.
inline catalogue::Statistic statistic(const std::string& value, const std::string& lower = "",
                                      const std::string& upper = "") {
    catalogue::Statistic result;
    result.value = as_printed(value);
    if (!lower.empty()) result.lower = as_printed(lower);
    if (!upper.empty()) result.upper = as_printed(upper);
    return result;
}

// One arm's line of a paper; empty texts are not printed.
struct ArmLine {
    std::string id, n, events, follow_up, median, lower, upper;
    std::vector<std::pair<double, std::string>> milestones;
    catalogue::FollowUp::Kind follow_up_kind = catalogue::FollowUp::Kind::reverse_kaplan_meier;
};

struct Paper {
    catalogue::Trial trial;
    catalogue::Analysis analysis;

    explicit Paper(const std::string& endpoint = "OS") {
        trial.id = "TRIAL";
        analysis.id = "analysis";
        analysis.endpoint = endpoint;
    }

    Paper& arm(const ArmLine& line) {
        catalogue::Arm record;
        record.id = record.name = line.id;
        trial.arms.push_back(record);
        catalogue::ArmResult result;
        result.arm = line.id;
        if (!line.n.empty()) result.n_patients = std::stoi(line.n);
        if (!line.events.empty()) result.events.push_back(statistic(line.events));
        if (!line.follow_up.empty()) {
            catalogue::FollowUp follow_up;
            follow_up.median_months = as_printed(line.follow_up);
            follow_up.kind = line.follow_up_kind;
            result.follow_up.push_back(follow_up);
        }
        if (!line.median.empty()) result.median.push_back(statistic(line.median, line.lower, line.upper));
        for (const auto& [time, survival] : line.milestones) result.milestones.push_back({time, {statistic(survival)}});
        analysis.arms.push_back(std::move(result));
        return *this;
    }

    Paper& hazard_ratio(const std::string& experimental, const std::string& control, const std::string& value,
                        const std::string& lower = "", const std::string& upper = "") {
        catalogue::Contrast contrast;
        contrast.experimental = experimental;
        contrast.control = control;
        contrast.hazard_ratio.push_back(statistic(value, lower, upper));
        analysis.contrasts.push_back(std::move(contrast));
        return *this;
    }

    [[nodiscard]] evidence::AnalysisEvidence gather() const { return evidence::gather(trial, analysis); }
    [[nodiscard]] std::shared_ptr<const evidence::AnalysisEvidence> shared() const {
        return std::make_shared<const evidence::AnalysisEvidence>(gather());
    }
};

// The observation of an arm with this name; nullptr where there is none.
inline const evidence::Observation* find(const evidence::AnalysisEvidence& evidence, const std::string& statistic,
                                         std::size_t arm = 0) {
    for (const auto& observation : evidence.observations)
        if (to_string(observation.statistic) == statistic && observation.arm == arm) return &observation;
    return nullptr;
}

// The rows of a comma-separated file of tests/reference after its head; lines that start with # are comments.
inline std::vector<std::vector<std::string>> reference_rows(const std::string& file) {
    std::ifstream stream(std::string(HERSURV_SOURCE_DIR) + "/tests/reference/" + file);
    if (!stream) throw std::runtime_error("cannot read tests/reference/" + file);
    std::vector<std::vector<std::string>> rows;
    std::string line;
    bool head_seen = false;
    while (std::getline(stream, line)) {
        if (line.empty() || line.front() == '#') continue;
        if (!std::exchange(head_seen, true)) continue;
        std::vector<std::string> cells(1);
        for (const char c : line) {
            if (c == ',')
                cells.emplace_back();
            else
                cells.back() += c;
        }
        rows.push_back(std::move(cells));
    }
    return rows;
}

// The papers that R conditions the process on (tests/reference/process_cases.csv), by name.
inline std::map<std::string, std::shared_ptr<const evidence::AnalysisEvidence>> process_papers() {
    const auto rows = reference_rows("process_cases.csv");
    std::map<std::string, Paper> papers;
    std::map<std::string, std::optional<double>> intervals;
    for (const auto& row : rows) {
        auto& paper = papers.try_emplace(row[0], row[1]).first->second;
        ArmLine line{row[2], row[3], row[4], row[5], row[6], row[7], row[8], {}};
        std::stringstream milestones(row[9]);
        for (std::string milestone; std::getline(milestones, milestone, ';');) {
            const auto equals = milestone.find('=');
            line.milestones.emplace_back(std::stod(milestone.substr(0, equals)), milestone.substr(equals + 1));
        }
        paper.arm(line);
        if (!row[12].empty()) intervals[row[0]] = std::stod(row[12]);
    }
    for (const auto& row : rows) {
        if (row[10].empty()) continue;
        Paper& paper = papers.at(row[0]);
        paper.hazard_ratio(paper.trial.arms[0].id, paper.trial.arms[1].id, row[10]);
        paper.analysis.contrasts[0].hazard_ratio[0].stratified = row[11] != "no";
    }
    std::map<std::string, std::shared_ptr<const evidence::AnalysisEvidence>> gathered;
    for (const auto& [name, paper] : papers) {
        auto evidence = paper.gather();
        evidence.assessment_interval_months = intervals[name];
        gathered[name] = std::make_shared<const evidence::AnalysisEvidence>(std::move(evidence));
    }
    return gathered;
}

// CLEOPATRA, overall survival, end of study (Swain et al., Lancet Oncol 2020;21:519): medians with limits, 8-year
// survival, hazard ratio.
inline Paper cleopatra_end_of_study() {
    return Paper("OS")
        .arm({"pertuzumab", "402", "", "99.9", "57.1", "50", "72", {{96, "0.37"}}})
        .arm({"placebo", "406", "", "98.7", "40.8", "36", "48", {{96, "0.23"}}})
        .hazard_ratio("pertuzumab", "placebo", "0.69");
}

}  // namespace hersurv::test
