// Trials, figures and tables by name, and words of other programs.
#include "cli/intent.hpp"

#include "hersurv/catalogue.hpp"

#include "catalogue/names.hpp"
#include "report/comparison_tables.hpp"
#include "report/figures.hpp"
#include "support/words.hpp"
#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

namespace hersurv::cli {
namespace {

constexpr std::pair<std::string_view, std::string_view> other_words[] = {
    {"compare", "hersurv plot TRIAL TRIAL or hersurv table medians TRIAL TRIAL"},
    {"comparison", "hersurv plot TRIAL TRIAL or hersurv table medians TRIAL TRIAL"},
    {"overlay", "hersurv plot TRIAL TRIAL"},
    {"km", "hersurv plot TRIAL"},
    {"draw", "hersurv plot TRIAL"},
    {"figure", "hersurv plot TRIAL"},
    {"simulate", "hersurv patients simulate TRIAL"},
    {"ipd", "hersurv patients simulate TRIAL"},
    {"reconstruct", "hersurv patients reconstruct --curve FILE"},
    {"digitise", "hersurv patients reconstruct --curve FILE"},
    {"guyot", "hersurv patients reconstruct --curve FILE"},
    {"describe", "hersurv show TRIAL"},
    {"info", "hersurv show TRIAL"},
    {"search", "hersurv list"},
    {"trials", "hersurv list"},
    {"audit", "hersurv check TRIAL"},
    {"lint", "hersurv check TRIAL"},
    {"hr", "hersurv table hazard-ratios"},
    {"median", "hersurv table medians"},
    {"page", "hersurv report -o report.html"},
    {"html", "hersurv report -o report.html"},
    {"version", "hersurv --version"},
};

}  // namespace

std::string meant_by(const std::string& word) {
    std::vector<std::string> commands;
    for (const report::FigureKind& kind : report::figure_kinds())
        if (support::equal_any_case(kind.name, word)) commands.push_back("hersurv plot " + std::string(kind.name));
    for (const report::ComparisonTable& table : report::comparison_tables())
        if (support::equal_any_case(table.name, word)) commands.push_back("hersurv table " + std::string(table.name));
    if (!commands.empty()) return support::joined(commands, " or ");
    for (const auto& [other, command] : other_words)
        if (support::equal_any_case(other, word)) return std::string(command);
    const catalogue::Library library{catalogue::LibraryOptions{}};
    for (const std::string& name : library.names())
        if (catalogue::glob_match(word, name)) return "hersurv show " + word + " or hersurv plot " + word;
    return "";
}

}  // namespace hersurv::cli
