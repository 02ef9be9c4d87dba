// Reads abbreviations by their first letters, and the one that is left by elimination (X is capecitabine).
#include "report/regimens.hpp"

#include <fmt/format.h>

#include "support/words.hpp"
#include <algorithm>
#include <cctype>
#include <map>
#include <set>
#include <string_view>

namespace hersurv::report {
namespace {

std::string lower_case(std::string text) {
    for (char& letter : text) letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
    return text;
}

// The parts between pluses, without blanks around them and without what is in brackets.
std::vector<std::string> parts_of_regimen(const std::string& text) {
    std::string plain;
    int depth = 0;
    for (const char letter : text) {
        if (letter == '(') ++depth;
        if (depth == 0) plain += letter;
        if (letter == ')' && depth > 0) --depth;
    }
    std::vector<std::string> parts;
    for (const std::string& part : support::split(plain, '+'))
        if (const auto trimmed = support::trimmed(part); !trimmed.empty()) parts.emplace_back(trimmed);
    for (std::string& part : parts)
        if (part.ends_with(" alone")) part.resize(part.size() - std::string_view(" alone").size());
    return parts;
}

std::string initials(const std::string& text) {
    std::string letters;
    bool start = true;
    for (const char letter : text) {
        if (start && std::isalpha(static_cast<unsigned char>(letter)) != 0) letters += letter;
        start = letter == ' ' || letter == '-';
    }
    return letters;
}

// How well a part of a name explains an abbreviation: the same word, its beginning, its initials, its first letter.
int match(const std::string& abbreviation, const std::string& part) {
    const std::string a = lower_case(abbreviation), b = lower_case(part);
    if (a == b) return 4;
    if (a.size() > 1 && b.starts_with(a)) return 3;
    if (a.size() > 1 && lower_case(initials(part)).starts_with(a)) return 3;
    return !b.empty() && a.front() == b.front() ? 1 : 0;
}

}  // namespace

std::vector<Abbreviation> abbreviations_of(const catalogue::Arm& arm) {
    std::vector<std::string> open = parts_of_regimen(arm.regimen), parts = parts_of_regimen(arm.name);
    std::vector<Abbreviation> result;
    for (const int least : {4, 3, 1}) {
        for (auto abbreviation = open.begin(); abbreviation != open.end();) {
            const auto part =
                std::ranges::find_if(parts, [&](const std::string& one) { return match(*abbreviation, one) >= least; });
            if (part == parts.end()) {
                ++abbreviation;
                continue;
            }
            if (lower_case(*abbreviation) != lower_case(*part)) result.push_back({*abbreviation, lower_case(*part)});
            parts.erase(part);
            abbreviation = open.erase(abbreviation);
        }
    }
    // "Placebo" has no abbreviation.
    std::erase_if(parts, [](const std::string& part) { return lower_case(part) == "placebo"; });
    if (open.size() == 1 && parts.size() == 1) result.push_back({open.front(), lower_case(parts.front())});
    return result;
}

std::string abbreviations_footnote(const std::vector<const catalogue::Trial*>& trials) {
    std::map<std::string, std::set<std::string>> meanings;
    for (const catalogue::Trial* trial : trials)
        for (const catalogue::Arm& arm : trial->arms)
            if (catalogue::arm_label(*trial, arm.id) == arm.regimen)
                for (const auto& [abbreviation, meaning] : abbreviations_of(arm))
                    meanings[abbreviation].insert(meaning);
    std::vector<std::string> parts;
    for (const auto& [abbreviation, all] : meanings)
        parts.push_back(abbreviation + ", " + support::joined({all.begin(), all.end()}, " or "));
    return parts.empty() ? "" : support::joined(parts, "; ") + ".";
}

std::vector<const catalogue::Trial*> trials_of(const std::vector<AnalysisFit>& fits) {
    std::vector<const catalogue::Trial*> trials;
    for (const AnalysisFit& fit : fits)
        if (std::ranges::find(trials, fit.trial) == trials.end()) trials.push_back(fit.trial);
    return trials;
}

std::string populations_footnote(const std::vector<const AnalysisFit*>& fits) {
    std::vector<std::string> parts;
    for (const AnalysisFit* const fit : fits) {
        const std::string& population = fit->analysis->population;
        if (population.empty() || lower_case(population).starts_with("intention to treat")) continue;
        int n = 0;
        bool known = !fit->analysis->arms.empty();
        for (const catalogue::ArmResult& arm : fit->analysis->arms) {
            known = known && arm.n_patients.has_value();
            n += arm.n_patients.value_or(0);
        }
        parts.push_back(fmt::format("{} {} ({}{})", fit->trial->id, fit->analysis->endpoint, population,
                                    known ? fmt::format("; n {}", n) : ""));
    }
    return parts.empty() ? "" : "Not intention to treat: " + support::joined(parts, "; ") + ".";
}

}  // namespace hersurv::report
