// Documents that tests of the catalogue change and read.
#pragma once

#include <stdexcept>
#include <string>

namespace catalogue_documents {

// A document that holds every record there is, and the same text with one piece of it replaced.
inline const std::string whole_document = R"({
  "format": "hersurv-catalogue", "version": 1, "title": "T",
  "sources": {"p1": {"citation": "Paper 1", "year": 2020, "kind": "primary"}, "p2": {"citation": "Paper 2"}},
  "trials": [{
    "id": "Trial-A", "aliases": ["NCT1", "Alpha"], "design": "randomised", "year": 2021,
    "arms": [{"id": "new", "role": "experimental", "n": 200}, {"id": "old", "name": "Old arm", "n": 198}],
    "analyses": [
      {"id": "os-1", "endpoint": "OS", "data_cutoff": "2020-02-29", "follow_up": {"median": 30.5, "range": [0, 61.2], "source": "p1", "note": "about"},
       "crossover": {"value": 0.2, "source": "p1"}, "events": {"value": 240, "source": "p1"}, "assessment_interval_weeks": 6,
       "arms": {
         "old": {"n": 190, "median": {"value": 18, "lower": 15.25, "upper": "NE", "level": 0.9, "limits": "log", "source": "p1"}},
         "new": {"events": {"value": 101, "source": "p1"}, "median": [{"value": "NR", "source": "p1"}, {"value": 50, "decimals": 1, "source": "p2", "line": 7}],
           "milestones": [{"time": 24, "survival": 0.6, "lower": 0.524, "upper": 0.7, "source": "p1"}, {"time": 12, "survival": 0.8, "source": "p1"},
                          {"time": 24, "survival": 0.61, "source": "p2", "approximate": true}],
           "follow_up": {"median": "NE", "source": "p2"}}},
       "contrasts": [{"experimental": "new", "control": "old",
         "hazard_ratio": {"value": 0.6, "lower": 0.4, "upper": 1, "stratified": true, "source": "p1", "note": "N"},
         "p_value": [{"value": 0.001, "relation": "<", "test": "log-rank", "source": "p1"}, {"value": 0.0007, "source": "p2"}]}],
       "measures": [{"id": "m1", "name": "long-term survivors", "value": 0.3, "unit": "proportion", "time": 60, "arm": "new", "source": "p1"}]},
      {"id": "pfs-1", "endpoint": "PFS", "arms": {}}, {"id": "pfs-2", "endpoint": "PFS", "default": true, "assessed_by": "BICR", "arms": {}}],
    "responses": [{"id": "r1", "endpoint": "ORR", "arm": "new", "rate": 0.2, "responders": 40, "evaluable": 200, "lower": 0.15, "upper": 0.257, "source": "p1"}],
    "measures": [{"id": "m2", "name": "brain metastases", "value": 12, "unit": "patients", "source": "p1"}],
    "claims": [{"id": "c1", "kind": "median-difference", "analysis": "os-1", "value": 16.3, "source": "p2"},
               {"id": "c2", "kind": "ratio", "of": [{"response": "r1"}, {"measure": "m1"}], "value": 2, "source": "p2"},
               {"id": "c3", "kind": "restatement", "of": [{"analysis": "os-1", "arm": "new", "statistic": "milestone_24", "source": "p2"}], "value": 0.6,
                "stated": {"population": "all", "time": 24}, "source": "p2"},
               {"id": "c4", "kind": "trend", "direction": "decreasing", "source": "p2",
                "of": [{"analysis": "os-1", "arm": "new", "statistic": "milestone_12"}, {"analysis": "os-1", "arm": "new", "statistic": "milestone_24_lower"}]},
               {"id": "c5", "kind": "exceeds", "relation": ">=", "value": 0.5, "of": [{"analysis": "os-1", "statistic": "hazard_ratio"}], "source": "p2"}],
    "notes": [{"id": "n1", "kind": "discrepancy", "rule": "claim-arithmetic", "at": {"claim": "c1"}, "text": "why"}]
  }, {"id": "Trial-B", "arms": [], "analyses": []}],
  "claims": [{"id": "d1", "kind": "percent-reduction", "of": [{"trial": "Trial-A", "analysis": "os-1", "arm": "new", "statistic": "hazard_ratio"}], "value": 0.4, "source": "p2"}],
  "notes": [{"kind": "remark", "text": "x", "at": {"claim": "d1"}, "source": "p1"}, {"kind": "data", "text": "y", "at": {"trial": "Trial-Z", "analysis": "q"}}]
})";

inline std::string with(const std::string& piece, const std::string& other) {
    std::string text = whole_document;
    const auto at = text.find(piece);
    if (at == std::string::npos || text.find(piece, at + 1) != std::string::npos)
        throw std::logic_error("not exactly once: " + piece);
    return text.replace(at, piece.size(), other);
}

// The smallest catalogue, as a paper is typed in two minutes.
inline std::string small_document(const std::string& analyses) {
    return R"({"format": "hersurv-catalogue", "version": 1, "trials": [{"id": "A", "arms": [{"id": "x"}, {"id": "y"}], "analyses": [)" +
           analyses + "]}]}";
}

}  // namespace catalogue_documents
