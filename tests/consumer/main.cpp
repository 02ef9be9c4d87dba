// Uses the installed library: one catalogue document in, one fitted median out.
#include "hersurv/catalogue/reader.hpp"
#include "hersurv/curve/curve.hpp"
#include "hersurv/fit/fit.hpp"

#include <cmath>
#include <cstdio>
#include <memory>

int main() {
    const auto catalogue = hersurv::catalogue::read_document(
        R"({"format":"hersurv-catalogue","version":1,"trials":[{"id":"T","arms":[{"id":"a"}],"analyses":[{"id":"os","endpoint":"OS","arms":{"a":{"median":{"value":24.1}}}}]}]})",
        "text");
    const auto& trial = catalogue.trials.front();
    auto evidence = std::make_shared<const hersurv::evidence::AnalysisEvidence>(
        hersurv::evidence::gather(trial, trial.analyses.front()));
    const auto model = hersurv::fit::fit(evidence, *hersurv::fit::find_model("exponential"));
    const auto median = hersurv::curve::median(model, 0, {});
    std::printf("%.1f\n", median.value);
    return std::abs(median.value - 24.1) < 0.05 ? 0 : 1;
}
