// Reads a life table: hazard by year of age, and by sex if it has both.
#include "cli/hazard_floor.hpp"

#include "support/csv.hpp"
#include "support/file.hpp"
#include "support/number_text.hpp"
#include "support/words.hpp"
#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <utility>

namespace hersurv::cli {
namespace {

using support::CsvTable;
using support::shortest;
using support::UsageError;

// Names of columns in any case. Hazards and central death rates (m_x) are per year; q_x is the probability to die
// within the year, whose hazard is -log(1 - q_x).
constexpr std::array<std::string_view, 4> hazard_names = {"hazard", "rate", "mx", "m_x"};
constexpr std::array<std::string_view, 3> probability_names = {"qx", "q_x", "probability"};

template <std::size_t n>
std::string column_of(const CsvTable& table, const std::array<std::string_view, n>& names) {
    for (const std::string_view name : names)
        for (const std::string& column : table.columns())
            if (support::equal_any_case(column, name)) return column;
    return "";
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
        : file_(file),
          sex_(std::move(sex)),
          table_(support::read_file(file), file),
          age_(column_of(table_, std::array<std::string_view, 2>{"age", "x"})),
          hazard_(column_of(table_, hazard_names)),
          probability_(column_of(table_, probability_names)),
          sex_column_(column_of(table_, std::array<std::string_view, 2>{"sex", "gender"})) {
        if (age_.empty()) table_.require_column("age");
        if (hazard_.empty() && probability_.empty()) table_.require_column("hazard");
        if (sex_column_.empty() && !sex_.empty())
            throw UsageError("--sex " + sex_ + ": the life table " + file_ +
                             " has no column sex; leave --sex out, or give a table by sex");
        if (!sex_column_.empty() && sex_.empty())
            throw UsageError("the life table " + file_ + " has a column sex; choose with --sex female or --sex male");
    }

    fit::HazardFloor read() {
        fit::HazardFloor floor;
        for (std::size_t row = 0; row < table_.n_rows(); ++row) {
            if (!is_wanted(row)) continue;
            const double age = table_.required_number(row, age_);
            if (age < 0 || age > 150 || age != std::floor(age))
                table_.fail(row, age_ + " " + shortest(age) + " is no whole number of years from 0 to 150",
                            "give a row for each year of age", age_);
            if (floor.per_year.empty()) floor.first_age = age;
            const double expected = floor.first_age + static_cast<double>(floor.per_year.size());
            if (age != expected)
                table_.fail(row, age_ + " " + shortest(age) + " where " + shortest(expected) + " is next",
                            "give a row for each year of age, in order", age_);
            floor.per_year.push_back(hazard_of(row));
        }
        if (floor.per_year.empty() || floor.per_year.back() <= 0)
            table_.fail(table_.n_rows() > 0 ? table_.n_rows() - 1 : 0,
                        floor.per_year.empty() ? "no row is of sex " + sex_ : "the last hazard is 0",
                        floor.per_year.empty() ? "give rows of that sex"
                                               : "end the table with a hazard above 0, which "
                                                 "holds for all later ages");
        return floor;
    }

  private:
    [[nodiscard]] bool is_wanted(std::size_t row) const {
        if (sex_column_.empty()) return true;
        const std::string word(support::trimmed(table_.text(row, sex_column_)));
        if (!is_female(word) && !is_male(word))
            table_.fail(row, sex_column_ + " '" + word + "' is neither female nor male", "write female or male",
                        sex_column_);
        return is_female(word) == is_female(sex_);
    }

    [[nodiscard]] double hazard_of(std::size_t row) const {
        const std::string& column = hazard_.empty() ? probability_ : hazard_;
        const double value = table_.required_number(row, column);
        constexpr double greatest = 100;
        if (hazard_.empty() ? value < 0 || value > 1 : value < 0 || value > greatest)
            table_.fail(
                row,
                column + " " + shortest(value) + (hazard_.empty() ? " is no probability" : " is no hazard per year"),
                hazard_.empty() ? "give the probability to die within the year, from 0 to 1"
                                : "give deaths per person and year, from 0 to 100",
                column);
        return hazard_.empty() ? std::min(-std::log1p(-value), greatest) : value;
    }

    std::string file_, sex_;
    CsvTable table_;
    std::string age_, hazard_, probability_, sex_column_;
};

}  // namespace

void HazardFloorChoice::setup(OptionTable& options) {
    options.add("--hazard-floor", "TABLE", &file,
                "a life table (csv: age, hazard per year or qx, and sex if it has both): beyond the supported range no "
                "hazard of a family falls below it");
    options.add("--age", "YEARS", &age, "age of the patients at the start of the trial, for --hazard-floor");
    auto& sexes = options.add("--sex", "SEX", &sex, "which rows of the life table, for --hazard-floor");
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
        throw UsageError("--age '" + age + "' is no number of years from 0 to 120");
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
