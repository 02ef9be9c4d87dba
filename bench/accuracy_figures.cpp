// Reads the folder of digitised figures and joins its files by dataset and arm.
#include "accuracy_figures.hpp"

#include "hersurv/error.hpp"

#include "csv.hpp"
#include <cmath>
#include <map>

namespace hersurv::bench {
namespace {

using Key = std::pair<std::string, std::string>;  // dataset, arm

Key key_of(const CsvTable& table, std::size_t row) { return {table.text(row, "dataset"), table.text(row, "arm")}; }

DigitisedArm read_arm(const CsvTable& published, std::size_t row) {
    DigitisedArm arm;
    arm.name = published.text(row, "arm");
    arm.n_patients = static_cast<int>(std::lround(published.required_number(row, "n")));
    arm.n_events = static_cast<int>(std::lround(published.required_number(row, "events")));
    arm.median_months = published.number(row, "median");
    arm.median_lower_months = published.number(row, "median_lower");
    arm.median_upper_months = published.number(row, "median_upper");
    arm.median_follow_up_months = published.number(row, "median_follow_up");
    arm.horizon_months = published.required_number(row, "horizon");
    for (const char* index : {"1", "2", "3", "4"}) {
        const auto time = published.number(row, std::string("t") + index);
        if (time) arm.milestones.push_back({*time, published.required_number(row, std::string("s") + index)});
    }
    return arm;
}

// The mean error of S is the error of the restricted mean only on an even grid that ends at the horizon.
void require_even_grid(const CsvTable& published, std::size_t row, const DigitisedArm& arm) {
    const auto count = static_cast<double>(arm.times_months.size());
    if (arm.times_months.empty()) published.fail(row, "curves.csv has no curve of this arm", "add it");
    for (std::size_t k = 0; k < arm.times_months.size(); ++k) {
        const double even = arm.horizon_months * static_cast<double>(k + 1) / count;
        if (std::abs(arm.times_months[k] - even) > 1e-3 * arm.horizon_months)
            published.fail(row, "the times of its curve are not an even grid over (0, horizon]",
                           "write curves.csv on one");
    }
}

}  // namespace

Figures read_figures(const std::string& folder) {
    const auto table = [&folder](const char* name) { return CsvTable(folder + "/" + name); };
    const CsvTable index = table("index.csv"), published = table("published.csv"), curves = table("curves.csv"),
                   baselines = table("baselines.csv");

    std::map<Key, DigitisedArm> arms;
    std::map<Key, std::size_t> published_row;
    for (std::size_t row = 0; row < published.n_rows(); ++row) {
        if (!arms.emplace(key_of(published, row), read_arm(published, row)).second)
            published.fail(row, "a second line for the same arm", "remove one");
        published_row.emplace(key_of(published, row), row);
    }
    const auto find_arm = [&arms](const CsvTable& from, std::size_t row, const Key& key) -> DigitisedArm& {
        const auto found = arms.find(key);
        if (found == arms.end())
            from.fail(row, "published.csv has no arm '" + key.second + "' of " + key.first, "add it");
        return found->second;
    };
    for (std::size_t row = 0; row < curves.n_rows(); ++row) {
        DigitisedArm& arm = find_arm(curves, row, key_of(curves, row));
        arm.times_months.push_back(curves.required_number(row, "time"));
        arm.survival.push_back(curves.required_number(row, "survival"));
    }
    for (const auto& [key, arm] : arms) require_even_grid(published, published_row.at(key), arm);

    Figures result;
    for (const std::string& column : baselines.columns())
        if (column != "dataset" && column != "arm" && column != "endpoint" && column != "median_reached")
            result.baselines.push_back(column);
    for (std::size_t row = 0; row < baselines.n_rows(); ++row) {
        DigitisedArm& arm = find_arm(baselines, row, key_of(baselines, row));
        for (const std::string& column : result.baselines) arm.baselines.push_back(baselines.number(row, column));
    }

    for (std::size_t row = 0; row < index.n_rows(); ++row) {
        DigitisedFigure figure;
        figure.dataset = index.text(row, "dataset");
        figure.trial = index.text(row, "trial");
        figure.publication = index.text(row, "pubmed");
        figure.cancer = index.text(row, "cancer");
        figure.endpoint = index.text(row, "endpoint");
        if (figure.endpoint != "OS" && figure.endpoint != "PFS")
            index.fail(row, "the endpoint '" + figure.endpoint + "' is not known", "give OS or PFS");
        figure.hazard_ratio = index.required_number(row, "cox_hr");
        figure.hazard_ratio_lower = index.required_number(row, "cox_lower");
        figure.hazard_ratio_upper = index.required_number(row, "cox_upper");
        figure.arms = {find_arm(index, row, {figure.dataset, index.text(row, "reference_arm")}),
                       find_arm(index, row, {figure.dataset, index.text(row, "other_arm")})};
        for (const DigitisedArm& arm : figure.arms)
            if (arm.baselines.size() != result.baselines.size())
                index.fail(row, "baselines.csv does not have the arm '" + arm.name + "' once", "give it one line");
        result.figures.push_back(std::move(figure));
    }
    return result;
}

std::array<std::vector<patients::Patient>, 2> read_patients(const DigitisedFigure& figure, const std::string& folder) {
    const CsvTable table(folder + "/ipd/" + figure.dataset + ".csv");
    std::array<std::vector<patients::Patient>, 2> arms;
    for (std::size_t row = 0; row < table.n_rows(); ++row)
        for (std::size_t arm = 0; arm < arms.size(); ++arm)
            if (table.text(row, "arm") == figure.arms[arm].name)
                arms[arm].push_back({table.required_number(row, "time"), table.required_number(row, "event") == 1});
    for (std::size_t arm = 0; arm < arms.size(); ++arm)
        if (arms[arm].empty())
            table.fail(0, "there is no patient of the arm '" + figure.arms[arm].name + "'",
                       "name it as published.csv does");
    return arms;
}

}  // namespace hersurv::bench
