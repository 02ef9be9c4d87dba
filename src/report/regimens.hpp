// The names of arms in comparison tables: regimens as papers write them, not ids, with their abbreviations explained.
#pragma once

#include "hersurv/records.hpp"

#include "report/names.hpp"
#include <string>
#include <vector>

namespace hersurv::report {

// What the abbreviations of a regimen stand for, read from the name of the arm: P+T+D beside "Pertuzumab + trastuzumab
// + docetaxel" gives P, pertuzumab, and so on. What the name does not tell is left out.
struct Abbreviation {
    std::string abbreviation, meaning;
};
[[nodiscard]] std::vector<Abbreviation> abbreviations_of(const catalogue::Arm& arm);

// "D, docetaxel; P, pertuzumab." of the trials of a table; empty if nothing is to be explained. An abbreviation that
// trials use for different things has both meanings.
[[nodiscard]] std::string abbreviations_footnote(const std::vector<const catalogue::Trial*>& trials);
[[nodiscard]] std::vector<const catalogue::Trial*> trials_of(const std::vector<AnalysisFit>& fits);

// "Not intention to treat: HER2CLIMB PFS2 (isolated brain progression; n 30)."; empty if all analyses are.
[[nodiscard]] std::string populations_footnote(const std::vector<const AnalysisFit*>& fits);

}  // namespace hersurv::report
