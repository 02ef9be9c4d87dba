// The names of other modules in which reports are written: what a table or a figure is made of, and an analysis with
// its fits.
#pragma once

#include "hersurv/study.hpp"

#include "render/table.hpp"

namespace hersurv::report {

using namespace render;  // a report consists of nothing else
using study::AnalysisFit;

}  // namespace hersurv::report
