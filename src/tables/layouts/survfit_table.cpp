// A table of R's survfit: survival with the numbers at risk, of events and of censored patients beside it.
#include "tables/layout.hpp"

namespace hersurv::tables {
namespace {

bool fits_survfit(const Sheet& sheet) {
    return sheet.content() == Content::survival && sheet.find(Role::time) && sheet.find(Role::survival) &&
           sheet.find(Role::at_risk) && (sheet.find(Role::n_events) || sheet.find(Role::n_censored));
}

// A column of counts, by arm.
void read_counts(const Sheet& sheet, std::size_t column, std::vector<ArmSeries>& arms) {
    const auto time = sheet.find(Role::time), arm = sheet.find(Role::arm);
    SeriesBuilder builder(sheet, arms);
    for (std::size_t row = 1; row < sheet.n_rows(); ++row) {
        ArmSeries& of = arm ? builder.arm(sheet.text(row, *arm), {row, *arm}) : builder.arm("", {row, *time});
        builder.add(of, {row, *time}, SeriesBuilder::CellAt{row, column}, sheet.headers()[*time].name,
                    sheet.headers()[column].name, true);
    }
}

void read_survfit(const Sheet& sheet, Series& series) {
    long_rows.read(sheet, series);
    const auto take = [&](std::size_t column, std::vector<ArmSeries>& arms) {
        std::erase(series.read.unused_columns, sheet.headers()[column].name);
        read_counts(sheet, column, arms);
    };
    take(*sheet.find(Role::at_risk), series.at_risk);
    const auto events = sheet.find(Role::n_events), censored = sheet.find(Role::n_censored);
    if (!events || !censored) return;
    take(*events, series.n_events);
    take(*censored, series.n_censored);
}

}  // namespace

const Layout survfit_table = {"survfit table with numbers at risk", fits_survfit, read_survfit};

}  // namespace hersurv::tables
