// A table of R's survfit: survival with the numbers at risk, of events and of censored patients beside it.
#include "tables/layout.hpp"

namespace hersurv::tables {
namespace {

bool fits_survfit(const Sheet& sheet) {
    return sheet.content() == Content::survival && sheet.find(Role::time) && sheet.find(Role::survival) &&
           sheet.find(Role::at_risk) && (sheet.find(Role::n_events) || sheet.find(Role::n_censored));
}

void read_survfit(const Sheet& sheet, Series& series) {
    long_rows.read(sheet, series);
    const auto time = sheet.find(Role::time), at_risk = sheet.find(Role::at_risk), arm = sheet.find(Role::arm);
    const std::string& name = sheet.headers()[*at_risk].name;
    std::erase(series.read.unused_columns, name);
    SeriesBuilder builder(sheet, series.at_risk);
    for (std::size_t row = 1; row < sheet.n_rows(); ++row) {
        ArmSeries& of = arm ? builder.arm(sheet.text(row, *arm), {row, *arm}) : builder.arm("", {row, *time});
        builder.add(of, {row, *time}, SeriesBuilder::CellAt{row, *at_risk}, sheet.headers()[*time].name, name, true);
    }
}

}  // namespace

const Layout survfit_table = {"survfit table with numbers at risk", fits_survfit, read_survfit};

}  // namespace hersurv::tables
