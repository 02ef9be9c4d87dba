// Rule baseline: reconstructed numbers have not changed since an earlier run. Its findings are made by the module
// study, which fits whole catalogues.
#include "hersurv/audit.hpp"

namespace hersurv::audit {

const Rule baseline_rule{
    "baseline",
    Severity::error,
    "the reconstructed values equal those of the baseline",
    "|now - baseline| <= absolute + relative x |baseline|, with tolerances for each kind of value",
    "find the cause; if the change is intended, renew the baseline with --update-baseline",
    nullptr,
};

}  // namespace hersurv::audit
