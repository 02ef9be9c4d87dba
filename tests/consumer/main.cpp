// docs/library.md shows this program: a catalogue document in; fitted models, an estimate and findings out.
#include "hersurv/catalogue.hpp"
#include "hersurv/estimates.hpp"
#include "hersurv/study.hpp"

#include <cstdio>

int main() {
    const auto catalogue =
        hersurv::catalogue::read_document(R"({"format": "hersurv-catalogue", "version": 1, "trials": [
        {"id": "T", "arms": [{"id": "new", "n": 200}, {"id": "old", "n": 198}], "analyses": [{"id": "os", "endpoint": "OS",
         "arms": {"new": {"median": {"value": 24.1, "lower": 20.3, "upper": 28.0}}, "old": {"median": {"value": 18.6}}}}]}]})",
                                          "my catalogue");
    hersurv::study::FitRequest request;
    request.models = {hersurv::fit::find_model("weibull"), hersurv::fit::find_model("flexible")};
    for (const auto& fit :
         hersurv::study::fit_analyses(hersurv::study::default_analyses(catalogue.trials.front()), request))
        for (const auto& model : fit.models) {
            const auto survival = hersurv::fit::survival_at(model, 0, 24, {});
            std::printf("%s %.*s: S(24 months) = %.3f (%.3f to %.3f)\n", fit.analysis->id.c_str(),
                        static_cast<int>(model.model->name.size()), model.model->name.data(), survival.value,
                        *survival.lower, *survival.upper);
        }
    hersurv::study::Audit audit;
    hersurv::study::audit_records({&catalogue.trials.front()}, catalogue, false, 0, audit);
    std::printf("%zu findings\n", audit.findings.size());
    return audit.fails() ? 1 : 0;
}
