// Rule baseline: reconstructed numbers have not changed since an earlier run. Its findings are made by the module
// study, which fits whole catalogues.
#include "hersurv/audit.hpp"

namespace hersurv::audit {

const Rule baseline_rule{
    "baseline",
    Severity::error,
    "the reconstructed numbers are those of the baseline",
    "|now - baseline| <= absolute + relative |baseline|, by kind of number",
    "find the cause; where the change is meant, write the baseline anew with --update-baseline",
    nullptr,
};

}  // namespace hersurv::audit
