// What the audit tests share: a catalogue that satisfies every rule, and mutations of it by replacing text.
#pragma once

#include "hersurv/audit.hpp"
#include "hersurv/catalogue.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace audit_fixture {

// Every rule has something to look at here, and nothing to say; %CLAIMS%, %NOTES% and %DOCUMENT% take additions.
inline constexpr std::string_view sound = R"({
  "format": "hersurv-catalogue", "version": 1,
  "sources": {"paper": {"citation": "A paper"}, "abstract": {"citation": "Its abstract"}},
  "trials": [{
    "id": "ONE", "design": "randomised", "population": "everybody",
    "arms": [{"id": "new", "n": 402}, {"id": "old", "n": 406}],
    "analyses": [{
      "id": "os", "endpoint": "OS", "population": "intention to treat",
      "follow_up": [{"median": 50, "source": "paper"}, {"median": 49.8, "source": "abstract"}],
      "events": {"value": 389, "source": "paper"},
      "arms": {
        "new": {
          "events": {"value": 168, "source": "paper"},
          "median": [{"value": 57.1, "lower": 50, "upper": 72, "source": "paper"},
                     {"value": 57, "lower": 50.4, "upper": "NR", "approximate": true, "source": "abstract"}],
          "milestones": [{"time": 24, "survival": 0.81, "source": "paper"}, {"time": 48, "survival": 0.575, "lower": 0.52, "upper": 0.63, "source": "paper"},
                         {"time": 96, "survival": 0.37, "source": "paper"}, {"time": 96, "survival": 0.372, "source": "abstract"}]
        },
        "old": {
          "events": {"value": 221, "source": "paper"},
          "median": {"value": 40.8, "lower": 36, "upper": 48, "source": "paper"}
        }
      },
      "contrasts": [{"experimental": "new", "control": "old",
        "hazard_ratio": [{"value": 0.68, "lower": 0.56, "upper": 0.84, "source": "paper"}, {"value": 0.7, "decimals": 1, "source": "abstract"}],
        "p_value": [{"value": 0.001, "relation": "<", "source": "paper"}, {"value": 0.0002, "source": "abstract"}]}]
    }],
    "responses": [
      {"id": "counted", "endpoint": "ORR-IC", "population": "active brain metastases", "arm": "new", "rate": 0.649, "lower": 0.475, "upper": 0.798,
       "responders": 24, "evaluable": 37, "source": "paper"},
      {"id": "of-patients", "endpoint": "ORR", "arm": "new", "rate": 0.733, "evaluable": 15, "source": "paper"},
      {"id": "of-responders", "endpoint": "ORR", "arm": "old", "rate": 0.471, "responders": 8, "source": "paper"}
    ],
    "measures": [{"id": "incidence", "name": "incidence", "value": 0.31, "lower": 0.28, "upper": 0.34, "unit": "proportion", "source": "paper"},
                 {"id": "crossed", "name": "patients who crossed over", "value": 48, "unit": "patients", "source": "paper"}],
    "claims": [
      {"id": "gain", "kind": "median-difference", "analysis": "os", "value": 16.3, "source": "paper"},
      {"id": "rates", "kind": "rate-difference", "value": 0.084, "source": "paper", "of": [{"response": "of-patients"}, {"response": "counted"}]},
      {"id": "times", "kind": "ratio", "value": 1.4, "source": "paper",
       "of": [{"analysis": "os", "arm": "new", "statistic": "median"}, {"analysis": "os", "arm": "old", "statistic": "median"}]},
      {"id": "risk", "kind": "percent-reduction", "value": 0.32, "source": "paper", "of": [{"analysis": "os", "arm": "new", "statistic": "hazard_ratio"}]},
      {"id": "above", "kind": "exceeds", "value": 40, "source": "paper",
       "of": [{"analysis": "os", "arm": "new", "statistic": "median"}, {"analysis": "os", "arm": "old", "statistic": "median"}]},
      {"id": "benefit", "kind": "exceeds", "value": 1, "relation": "<", "source": "paper", "of": [{"analysis": "os", "arm": "new", "statistic": "hazard_ratio_upper"}]},
      {"id": "rise", "kind": "trend", "direction": "increasing", "source": "paper",
       "of": [{"analysis": "os", "arm": "old", "statistic": "median"}, {"analysis": "os", "arm": "new", "statistic": "median"}]},
      {"id": "fall", "kind": "trend", "direction": "decreasing", "source": "paper",
       "of": [{"analysis": "os", "arm": "new", "statistic": "milestone_24"}, {"analysis": "os", "arm": "new", "statistic": "milestone_48"},
              {"analysis": "os", "arm": "new", "statistic": "milestone_96"}]},
      {"id": "again", "kind": "restatement", "value": 57.1, "source": "abstract", "stated": {"population": "Intention to treat"},
       "of": [{"analysis": "os", "arm": "new", "statistic": "median"}]},
      {"id": "again-rate", "kind": "restatement", "value": 0.65, "source": "abstract", "of": [{"response": "counted"}]}%CLAIMS%
    ],
    "notes": [{"kind": "remark", "text": "no rule is named"}%NOTES%]
  }]%DOCUMENT%
})";

using Replacements = std::vector<std::pair<std::string, std::string>>;

// Each text to be replaced must be there exactly once: a mutation that changes nothing would test nothing.
inline std::string with(const Replacements& replacements) {
    std::string text(sound);
    for (const auto& [from, to] : replacements) {
        const std::size_t at = text.find(from);
        INFO("replacing " << from);
        REQUIRE(at != std::string::npos);
        REQUIRE(text.find(from, at + 1) == std::string::npos);
        text.replace(at, from.size(), to);
    }
    for (const std::string place : {"%CLAIMS%", "%NOTES%", "%DOCUMENT%"})
        if (const std::size_t at = text.find(place); at != std::string::npos) text.erase(at, place.size());
    return text;
}

inline hersurv::catalogue::Catalogue catalogue(const Replacements& replacements) {
    return hersurv::catalogue::read_document(with(replacements), "fixture.json");
}

// All findings about the records of the catalogue, notes applied.
inline std::vector<hersurv::audit::Finding> findings_of(const hersurv::catalogue::Catalogue& catalogue) {
    namespace audit = hersurv::audit;
    std::vector<audit::Finding> all;
    std::vector<audit::NoteOfRecord> notes;
    const auto add = [&](std::vector<audit::Finding> some) { all.insert(all.end(), some.begin(), some.end()); };
    for (const auto& trial : catalogue.trials) {
        add(audit::check_subject({&trial, &catalogue}));
        for (const auto& note : trial.notes) notes.push_back({&note, trial.id, trial.file});
    }
    add(audit::check_subject({nullptr, &catalogue}));
    for (const auto& note : catalogue.notes) notes.push_back({&note, "", catalogue.file});
    const auto met = audit::acknowledge(notes, all);
    add(audit::unused_acknowledgements(notes, met));
    return all;
}

inline std::vector<hersurv::audit::Finding> findings(const Replacements& replacements) {
    return findings_of(catalogue(replacements));
}

// The one finding of a mutation.
inline hersurv::audit::Finding only(const Replacements& replacements) {
    const auto found = findings(replacements);
    for (const auto& finding : found) UNSCOPED_INFO(finding.rule << ": " << finding.message);
    REQUIRE(found.size() == 1);
    return found.front();
}

}  // namespace audit_fixture
