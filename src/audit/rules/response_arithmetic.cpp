// Rule response-arithmetic: a published rate is a count of responders over a count of patients.
// The second half is the GRIM test (Brown & Heathers 2017, Soc Psychol Personal Sci 8:363): of n patients only n + 1
// rates are possible.
#include <fmt/format.h>

#include "audit/rule_support.hpp"
#include "support/number_text.hpp"
#include <algorithm>
#include <cmath>

namespace hersurv::audit {

extern const Rule response_arithmetic;

namespace {

void look_at(const catalogue::Trial& trial, const catalogue::Response& response, std::vector<Finding>& findings) {
    const auto report = [&](Severity severity, std::string expected, std::string message) {
        catalogue::Place at;
        at.response = response.id;
        at.arm = response.arm;
        Finding finding = start(response_arithmetic, trial, at, response.from);
        finding.severity = severity;
        finding.published = printed_text(response.rate);
        finding.expected = std::move(expected);
        finding.message = fmt::format("{}{}: {}", response.endpoint,
                                      response.population.empty() ? "" : " (" + response.population + ")", message);
        findings.push_back(std::move(finding));
    };
    const auto &responders = response.responders, &evaluable = response.evaluable;
    if (responders && evaluable && *responders > *evaluable)
        return report(Severity::error, fmt::format("at most {}", *evaluable),
                      fmt::format("{} responders among {} patients", *responders, *evaluable));
    if (!response.rate.is_number()) return;
    const Range rate = *range_of(response.rate, false, response.from.approximate);
    const std::string printed = printed_text(response.rate);
    const int digits = response.rate.decimals + 1;
    if (responders && evaluable && *evaluable > 0) {
        const double exact = static_cast<double>(*responders) / *evaluable;
        if (Range{exact, exact}.meets(rate)) return;
        const std::string expected = support::fixed(exact, digits);
        report(Severity::error, expected,
               fmt::format("{}/{} = {}, but {} is published", *responders, *evaluable, expected, printed));
    } else if (evaluable && *evaluable > 0) {
        const int n = *evaluable;
        const auto near = impossible_rate(response.rate, rate, n);
        if (!near) return;
        report(Severity::warning, *near,
               fmt::format("no number of responders among {} patients gives {}: {}", n, printed, *near));
    } else if (responders && *responders > 0 && rate.low > 0) {
        const double least =
            std::max(std::ceil(*responders / rate.high * (1 - slack)), static_cast<double>(*responders));
        if (!clearly_less(*responders / rate.low, least)) return;
        const double patients = *responders / response.rate.value;
        report(Severity::warning, "",
               fmt::format("{} responders are not {} of any whole number of patients: {}/{:.0f} = {}, {}/{:.0f} = {}",
                           *responders, printed, *responders, std::floor(patients),
                           support::fixed(*responders / std::floor(patients), digits), *responders, std::ceil(patients),
                           support::fixed(*responders / std::ceil(patients), digits)));
    }
}

void check(const Subject& subject, std::vector<Finding>& findings) {
    if (subject.trial == nullptr) return;
    for (const auto& response : subject.trial->responses) look_at(*subject.trial, response, findings);
}

}  // namespace

const Rule response_arithmetic{
    "response-arithmetic",
    Severity::error,
    "a response rate is responders / evaluable patients; if one of the counts is not published, some whole number "
    "gives the rate (otherwise a warning)",
    "|responders / evaluable - rate| <= half unit of the rate",
    "check which patients the rate refers to; a stratified or pooled rate is not a quotient of counts",
    check,
};

}  // namespace hersurv::audit
