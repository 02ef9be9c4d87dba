// Joins the figures with their patient-level times and deals them into folds.
#include "learn_sample.hpp"

#include "hersurv/evidence/observation.hpp"

#include "accuracy_patterns.hpp"
#include "csv.hpp"
#include "scoring.hpp"
#include <algorithm>
#include <map>
#include <utility>

namespace hersurv::bench {

// Kaplan & Meier 1958, J Am Stat Assoc 53:457; censored times are after events at the same time.
KaplanMeier::KaplanMeier(std::vector<Patient> patients) {
    std::sort(patients.begin(), patients.end(),
              [](const Patient& a, const Patient& b) { return a.time_months < b.time_months; });
    double survival = 1;
    for (std::size_t i = 0; i < patients.size();) {
        std::size_t next = i, n_events = 0;
        for (; next < patients.size() && patients[next].time_months == patients[i].time_months; ++next)
            n_events += patients[next].event;
        if (n_events > 0) {
            survival *= 1 - static_cast<double>(n_events) / static_cast<double>(patients.size() - i);
            times_.push_back(patients[i].time_months);
            survival_.push_back(survival);
        }
        i = next;
    }
}

double KaplanMeier::survival(double time_months) const {
    const auto after = std::upper_bound(times_.begin(), times_.end(), time_months) - times_.begin();
    return after == 0 ? 1 : survival_[static_cast<std::size_t>(after) - 1];
}

std::vector<SampleFigure> read_sample(const Figures& figures, const std::string& folder) {
    std::vector<std::vector<std::string>> keys;
    for (const DigitisedFigure& figure : figures.figures)
        keys.push_back({"trial " + figure.trial, "publication " + figure.publication});
    const auto cluster = clusters(keys);
    const Pattern& all_printed = patterns().front();
    std::vector<SampleFigure> sample;
    for (std::size_t i = 0; i < figures.figures.size(); ++i) {
        const DigitisedFigure& figure = figures.figures[i];
        const CsvTable table(folder + "/ipd/" + figure.dataset + ".csv");
        std::map<std::string, std::vector<KaplanMeier::Patient>> patients;
        for (std::size_t row = 0; row < table.n_rows(); ++row)
            patients[table.text(row, "arm")].push_back(
                {table.required_number(row, "time"), table.required_number(row, "event") == 1});
        SampleFigure entry;
        entry.figure = &figure;
        entry.cluster = cluster[i];
        const auto records = records_of(figure, all_printed);
        entry.cancer = evidence::gather(records.front().trial, records.front().trial.analyses.front()).cancer;
        for (const DigitisedArm& arm : figure.arms) {
            auto& of_arm = patients[arm.name];
            if (of_arm.empty())
                table.fail(0, "there is no patient of the arm '" + arm.name + "'", "name it as published.csv does");
            entry.arms.push_back({&arm, KaplanMeier(std::move(of_arm))});
        }
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
