// Joins the figures with their patient-level times and deals them into folds.
#include "learn_sample.hpp"

#include "hersurv/evidence.hpp"

#include "accuracy_patterns.hpp"
#include "csv.hpp"
#include "scoring.hpp"
#include <algorithm>
#include <map>
#include <utility>

namespace hersurv::bench {

std::vector<SampleFigure> read_sample(const Figures& figures, const std::string& folder) {
    std::vector<std::vector<std::string>> keys;
    for (const DigitisedFigure& figure : figures.figures)
        keys.push_back({"trial " + figure.trial, "publication " + figure.publication});
    const auto cluster = clusters(keys);
    const Pattern& all_printed = patterns().front();
    std::vector<SampleFigure> sample;
    for (std::size_t i = 0; i < figures.figures.size(); ++i) {
        const DigitisedFigure& figure = figures.figures[i];
        SampleFigure entry;
        entry.figure = &figure;
        entry.cluster = cluster[i];
        const auto records = records_of(figure, all_printed);
        entry.cancer = evidence::gather(records.front().trial, records.front().trial.analyses.front()).cancer;
        auto patients = read_patients(figure, folder);
        for (std::size_t arm = 0; arm < figure.arms.size(); ++arm)
            entry.arms.push_back({&figure.arms[arm], patients::KaplanMeier(std::move(patients[arm]))});
        sample.push_back(std::move(entry));
    }
    return sample;
}

std::vector<std::size_t> folds_of(const std::vector<SampleFigure>& sample, std::size_t count) {
    std::map<std::size_t, std::size_t> size;
    for (const SampleFigure& figure : sample) ++size[figure.cluster];
    std::vector<std::pair<std::size_t, std::size_t>> by_size(size.begin(), size.end());  // cluster, figures
    std::stable_sort(by_size.begin(), by_size.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
    // The largest cluster that is left goes to the smallest fold.
    std::vector<std::size_t> load(count, 0);
    std::map<std::size_t, std::size_t> fold;
    for (const auto& [cluster, figures] : by_size) {
        const auto least = static_cast<std::size_t>(std::min_element(load.begin(), load.end()) - load.begin());
        fold[cluster] = least;
        load[least] += figures;
    }
    std::vector<std::size_t> result;
    for (const SampleFigure& figure : sample) result.push_back(fold[figure.cluster]);
    return result;
}

}  // namespace hersurv::bench
