// THE table of the options that choose what a table or figure shows.
#include "cli/choices.hpp"

#include <algorithm>
#include <array>

namespace hersurv::cli {
namespace {

using report::Choice;

struct ChoosingOption {
    std::string_view name;
    Choice choice;
};

constexpr std::array<ChoosingOption, 16> choosing_options = {{
    {"--endpoint", Choice::analyses},
    {"--analysis", Choice::analyses},
    {"--arm", Choice::arms},
    {"--hr", Choice::hazard_ratio},
    {"--p", Choice::p_value},
    {"--follow-up", Choice::arms},
    {"--name", Choice::arms},
    {"--model", Choice::model},
    {"--shape", Choice::model},
    {"--band", Choice::band},
    {"--times", Choice::times},
    {"--horizon", Choice::horizon},
    {"--role", Choice::role},
    {"--facet", Choice::facet},
    {"--extrapolate", Choice::extrapolation},
    {"--overlay", Choice::overlay},
}};

}  // namespace

bool chooses(std::string_view option, const report::Choices& choices) {
    return std::ranges::any_of(choosing_options, [&](const ChoosingOption& row) {
        return row.name == option && choices.contains(row.choice);
    });
}

std::string options_of(const report::Choices& choices) {
    std::string names;
    for (const ChoosingOption& row : choosing_options) {
        if (!choices.contains(row.choice)) continue;
        if (!names.empty()) names += ' ';
        names += row.name;
    }
    return names;
}

}  // namespace hersurv::cli
