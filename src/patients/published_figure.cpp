// What is published of the arms of a digitised figure: counts that it lacks, its control, the frame of its record.
#include "hersurv/patients.hpp"

#include "support/number_text.hpp"
#include <algorithm>
#include <cmath>

namespace hersurv::patients {

void take_published(const PublishedFigure& published, Digitised& digitised) {
    if (digitised.arms.size() == 1 && digitised.arms[0].name.empty() && published.results[0] != nullptr)
        digitised.arms[0].name = published.results[0]->arm;
    for (std::size_t i = 0; i < published.results.size(); ++i) {
        DigitisedArm& arm = digitised.arms[i];
        const catalogue::ArmResult* const result = published.results[i];
        if (result == nullptr) continue;
        const auto say = [&](const char* what, std::size_t value) {
            digitised.repairs.push_back((arm.name.empty() ? "the arm" : "arm " + arm.name) + ": " + what + " " +
                                        std::to_string(value) + " of the trial's record");
        };
        if (!arm.n_patients && arm.at_risk.empty() && result->n_patients) {
            arm.n_patients = static_cast<std::size_t>(*result->n_patients);
            say("the number of patients is", *arm.n_patients);
        }
        if (!arm.n_events && !result->events.empty() && result->events.front().value.is_number()) {
            arm.n_events = static_cast<std::size_t>(std::lround(result->events.front().value.value));
            say("the number of events is", *arm.n_events);
        }
    }
}

std::vector<std::string> unlike_published(const PublishedFigure& published,
                                          const std::vector<ReconstructedArm>& rebuilt) {
    // Of the true median: what 99% of the figures of bench/patients reach with numbers at risk.
    constexpr double most_off = 0.075;
    std::vector<std::string> unlike;
    for (std::size_t i = 0; i < published.results.size() && i < rebuilt.size(); ++i) {
        const catalogue::ArmResult* const result = published.results[i];
        if (result == nullptr || result->median.empty() || !result->median.front().value.is_number()) continue;
        const auto& printed = result->median.front().value;
        const auto median =
            KaplanMeier(rebuilt[i].arm.patients).quantile(0.5, catalogue::LimitsTransform::log_log).time_months;
        if (median && std::abs(*median - printed.value) <= most_off * printed.value + printed.half_unit()) continue;
        unlike.push_back((rebuilt[i].arm.name.empty() ? "" : "arm " + rebuilt[i].arm.name + ": ") + "the median " +
                         (median ? "is " + support::fixed(*median, 1) + " months" : "is not reached") +
                         ", the published one " + support::fixed(printed.value, 1) +
                         ": check whether the curve is that of this analysis");
    }
    return unlike;
}

std::size_t control_of(const PublishedFigure& published) {
    if (published.analysis != nullptr)
        for (std::size_t i = 0; i < published.results.size(); ++i)
            for (const auto& contrast : published.analysis->contrasts)
                if (published.results[i] != nullptr && contrast.control == published.results[i]->arm) return i;
    return published.results.size() - 1;
}

RecordFrame frame_of(const PublishedFigure& published, const std::vector<DigitisedArm>& arms, std::size_t control,
                     const std::string& file, const std::string& endpoint) {
    RecordFrame frame;
    const bool is_published = published.trial != nullptr;
    frame.trial = (is_published ? published.trial->id : file.substr(0, file.find('.'))) + "-digitised";
    frame.of = published.trial;
    frame.endpoint = is_published ? published.analysis->endpoint : endpoint;
    frame.label = "digitised curve";
    frame.control = control;
    frame.source = {.key = "digitised",
                    .citation = "Patients reconstructed from the digitised curve " + file,
                    .doi = {},
                    .pmid = {},
                    .nct = {},
                    .url = {},
                    .kind = "secondary",
                    .note = {},
                    .year = {}};
    for (std::size_t i = 0; i < arms.size(); ++i) {
        catalogue::Arm arm;
        if (published.results[i] != nullptr)
            if (const auto* const known = published.trial->find_arm(published.results[i]->arm)) arm = *known;
        if (arm.id.empty()) {
            arm.id = arm.name = arms[i].name.empty() ? "arm" : arms[i].name;
            if (arms.size() > 1) arm.role = i == control ? "control" : "experimental";
        }
        frame.arms.push_back(std::move(arm));
    }
    return frame;
}

}  // namespace hersurv::patients
