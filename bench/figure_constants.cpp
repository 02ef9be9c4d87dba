// Reads the documents of learnt constants and assigns them to figures.
#include "figure_constants.hpp"

#include "hersurv/error.hpp"

#include <fmt/format.h>

#include "catalogue/folder.hpp"
#include "support/file.hpp"
#include "support/json.hpp"
#include <algorithm>

namespace hersurv::bench {

PriorsOfFigures constants_of(const Figures& figures, const std::string& priors, const std::string& folds) {
    const auto read = [](const std::string& path, const std::string& text) {
        return std::make_shared<const evidence::Constants>(text, path);
    };
    if (folds.empty()) {
        const auto same = priors.empty() ? evidence::builtin_constants() : read(priors, support::read_file(priors));
        return PriorsOfFigures(figures.figures.size(), same);
    }
    PriorsOfFigures result(figures.figures.size());
    for (const std::string& path : catalogue::list_documents(folds).files) {
        const std::string text = support::read_file(path);
        const auto document = support::parse_json(text, path);
        const auto* held_out = document.find("held_out");
        if (held_out == nullptr || held_out->if_array() == nullptr) continue;
        const auto constants = read(path, text);
        for (std::size_t i = 0; i < result.size(); ++i) {
            const auto& names = *held_out->if_array();
            if (std::find(names.begin(), names.end(), support::Json(figures.figures[i].dataset)) == names.end())
                continue;
            if (result[i])
                throw support::UsageError(
                    fmt::format("two documents of {} hold {} out", folds, figures.figures[i].dataset));
            result[i] = constants;
        }
    }
    for (std::size_t i = 0; i < result.size(); ++i)
        if (!result[i])
            throw support::UsageError(fmt::format("no document of {} holds {} out", folds, figures.figures[i].dataset));
    return result;
}

}  // namespace hersurv::bench
