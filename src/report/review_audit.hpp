// What the reviews of a catalogue and their sources report, and where they disagree (docs/review-audit.md).
#pragma once

#include "hersurv/study.hpp"

#include "report/names.hpp"

namespace hersurv::report {

[[nodiscard]] Report review_audit(const catalogue::Catalogue& catalogue, int threads);

}  // namespace hersurv::report
