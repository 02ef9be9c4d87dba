// What the reviews of a catalogue print, what their sources print, and what does not fit (docs/review-audit.md).
#pragma once

#include "hersurv/study.hpp"

#include "report/names.hpp"

namespace hersurv::report {

[[nodiscard]] Report review_audit(const catalogue::Catalogue& catalogue, int threads);

}  // namespace hersurv::report
