// Reads a life table: hazard by year of age, and by sex if it has both.
#include "cli/hazard_floor.hpp"

#include "support/file.hpp"
#include "support/number_text.hpp"
#include "support/words.hpp"
#include "tables/sheet.hpp"
#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

namespace hersurv::cli {
namespace {

using support::shortest;
using support::UsageError;
using tables::Sheet;

// Names of columns in any case. Hazards and central death rates (m_x) are per year; q_x is the probability to die
// within the year, whose hazard is -log(1 - q_x).
constexpr std::array<std::string_view, 4> hazard_names = {"hazard", "rate", "mx", "m_x"};
constexpr std::array<std::string_view, 3> probability_names = {"qx", "q_x", "probability"};

constexpr std::array<std::string_view, 2> age_names = {"age", "x"}, sex_names = {"sex", "gender"};

template <std::size_t n>
std::optional<std::size_t> column_of(const Sheet& sheet, const std::array<std::string_view, n>& names) {
    for (const std::string_view name : names)
        for (std::size_t column = 0; column < sheet.headers().size(); ++column)
            if (support::equal_any_case(sheet.headers()[column].name, name)) return column;
    return std::nullopt;
}

bool is_life_table(const Sheet& sheet) {
    return column_of(sheet, age_names) && (column_of(sheet, hazard_names) || column_of(sheet, probability_names));
}

bool is_female(const std::string& word) {
    const std::string folded = support::folded(word);
    return folded == "female" || folded == "f" || folded == "women" || folded == "woman";
}
bool is_male(const std::string& word) {
    const std::string folded = support::folded(word);
    return folded == "male" || folded == "m" || folded == "men" || folded == "man";
}

class LifeTableReader {
  public:
    LifeTableReader(const std::string& file, std::string sex)
        : sex_(std::move(sex)), text_(support::read_file(file)), source_(text_, file) {
        tables::ChosenSheet chosen = tables::choose_sheet(source_, tables::Content::patients, {}, is_life_table);
        sheet_ = std::move(chosen.sheet);
        if (!chosen.fits) {
            const bool no_age = !column_of(*sheet_, age_names);
            sheet_->fail(0, 0,
                         std::string("no column '") + (no_age ? "age" : "hazard") + "'; read as " + sheet_->seen(),
                         "name it in the header line");
        }
        sheet_->refuse_columns_twice();
        sheet_->refuse_ragged_rows();
        age_ = column_of(*sheet_, age_names).value();
        is_hazard_ = column_of(*sheet_, hazard_names).has_value();
        value_ = (is_hazard_ ? column_of(*sheet_, hazard_names) : column_of(*sheet_, probability_names)).value();
        sex_column_ = column_of(*sheet_, sex_names);
        if (!sex_column_ && !sex_.empty())
            throw UsageError("--sex " + sex_ + ": the life table " + file +
                             " has no column sex; leave --sex out, or give a table by sex");
        if (sex_column_ && sex_.empty())
            throw UsageError("the life table " + file + " has a column sex; choose with --sex female or --sex male");
    }

    fit::HazardFloor read() {
        fit::HazardFloor floor;
        const std::string& age_name = sheet_->headers()[age_].name;
        for (std::size_t row = 1; row < sheet_->n_rows(); ++row) {
            if (!is_wanted(row)) continue;
            const double age = number(row, age_);
            if (age < 0 || age > 150 || age != std::floor(age))
                sheet_->fail(row, age_,
                             age_name + " " + shortest(age) + " is not a whole number of years from 0 to 150",
                             "give a row for each year of age");
            if (floor.per_year.empty()) floor.first_age = age;
            const double expected = floor.first_age + static_cast<double>(floor.per_year.size());
            if (age != expected)
                sheet_->fail(row, age_,
                             age_name + " " + shortest(age) + " follows, but " + shortest(expected) + " was expected",
                             "give a row for each year of age, in order");
            floor.per_year.push_back(hazard_of(row));
        }
        if (floor.per_year.empty() || floor.per_year.back() <= 0)
            source_.fail_line(sheet_->line(sheet_->n_rows() - 1),
                              floor.per_year.empty() ? "no row has the sex " + sex_ : "the last hazard is 0",
                              floor.per_year.empty() ? "give rows of that sex"
                                                     : "end the table with a hazard above 0, which "
                                                       "holds for all later ages");
        return floor;
    }

  private:
    [[nodiscard]] double number(std::size_t row, std::size_t column) const {
        const std::string& name = sheet_->headers()[column].name;
        const auto read = sheet_->plain_number(row, column, name);
        if (!read) sheet_->fail(row, column, name + " is empty", "give a number");
        return *read;
    }

    [[nodiscard]] bool is_wanted(std::size_t row) const {
        if (!sex_column_) return true;
        const std::string word(sheet_->text(row, *sex_column_));
        if (!is_female(word) && !is_male(word))
            sheet_->fail(row, *sex_column_,
                         sheet_->headers()[*sex_column_].name + " '" + word + "' is neither female nor male",
                         "write female or male");
        return is_female(word) == is_female(sex_);
    }

    [[nodiscard]] double hazard_of(std::size_t row) const {
        const double value = number(row, value_);
        constexpr double greatest = 100;
        if (value < 0 || value > (is_hazard_ ? greatest : 1))
            sheet_->fail(row, value_,
                         sheet_->headers()[value_].name + " " + shortest(value) +
                             (is_hazard_ ? " is not a hazard per year" : " is not a probability"),
                         is_hazard_ ? "give deaths per person and year, from 0 to 100"
                                    : "give the probability to die within the year, from 0 to 1");
        return is_hazard_ ? value : std::min(-std::log1p(-value), greatest);
    }

    std::string sex_;
    std::string text_;  // of the file
    tables::Source source_;
    std::unique_ptr<Sheet> sheet_;
    std::size_t age_ = 0, value_ = 0;  // columns
    bool is_hazard_ = false;           // the values are hazards, not probabilities
    std::optional<std::size_t> sex_column_;
};

}  // namespace

void HazardFloorChoice::setup(OptionTable& options) {
    options.add(
        "--hazard-floor", "TABLE", &file,
        "life table below which no extrapolated hazard falls. Columns (csv): age, hazard per year or qx, and sex "
        "if it has both");
    options.add("--age", "YEARS", &age, "age at the start of the trial, for --hazard-floor");
    auto& sexes = options.add("--sex", "SEX", &sex, "sex in the life table, for --hazard-floor");
    sexes.closed = true;
    sexes.choices = [] { return std::vector<std::string>{"female", "male"}; };
    sexes.spellings = {{"f", "female"}, {"m", "male"}, {"women", "female"}, {"men", "male"}};
}

std::shared_ptr<const fit::HazardFloor> HazardFloorChoice::read() const {
    if (file.empty()) {
        for (const auto& [option, value] : {std::pair("--age", &age), std::pair("--sex", &sex)})
            if (!value->empty())
                throw UsageError(std::string(option) +
                                 " goes with --hazard-floor only; leave it out, or give a life table");
        return nullptr;
    }
    if (age.empty())
        throw UsageError("--hazard-floor needs the age of the patients; give it with --age, as in --age 54");
    const auto years = support::parse_number(age);
    if (!years || !(*years >= 0 && *years <= 120))
        throw UsageError("--age '" + age + "' is not a number of years from 0 to 120");
    fit::HazardFloor floor = LifeTableReader(file, sex).read();
    const double last = floor.first_age + static_cast<double>(floor.per_year.size()) - 1;
    if (*years < floor.first_age || *years >= last + 1)
        throw UsageError("--age " + age + ": the life table " + file + " has ages " + shortest(floor.first_age) +
                         " to " + shortest(last) + "; give a table that has it, or another age");
    floor.age_at_start = *years;
    floor.description = (sex.empty() ? "" : sex + ", ") + shortest(*years) + " years old at the start";
    return std::make_shared<const fit::HazardFloor>(std::move(floor));
}

}  // namespace hersurv::cli
