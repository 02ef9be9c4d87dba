// Reads patient-level data: finds the columns, settles how events are coded, and refuses what no family can be fitted
// to.
#include "hersurv/catalogue.hpp"
#include "hersurv/error.hpp"
#include "hersurv/patients.hpp"

#include "support/csv.hpp"
#include "support/number_text.hpp"
#include "support/words.hpp"
#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <span>

namespace hersurv::patients {
namespace {

using support::counted;
using support::CsvTable;
using support::shortest;

// Names of columns in any case, the likeliest first: hersurv's own, then those of R's survival, Stata and cBioPortal.
constexpr std::string_view time_names[] = {"time_months", "time",     "months",        "t",
                                           "futime",      "survtime", "survival_time", "os_months",
                                           "pfs_months",  "os_time",  "pfs_time",      "_t"};
constexpr std::string_view event_names[] = {"event", "status", "fustat", "dead",     "death",     "died",
                                            "delta", "os",     "pfs",    "os_event", "pfs_event", "_d"};
constexpr std::string_view arm_names[] = {"arm", "group", "treatment", "treat", "trt", "rx", "treatment_arm", "_group"};

[[noreturn]] void refuse(const std::string& file, const std::string& problem, const std::string& remedy) {
    throw support::InputError({{file, "", problem, remedy, 1, 1}});
}

// The separator of the header line: a tab or a semicolon that is there, else a comma.
char separator_of(std::string_view text) {
    const std::string_view header = text.substr(0, text.find('\n'));
    if (header.find('\t') != std::string_view::npos) return '\t';
    const bool semicolons = header.find(';') != std::string_view::npos && header.find(',') == std::string_view::npos;
    return semicolons ? ';' : ',';
}

std::string column_named(const CsvTable& table, std::span<const std::string_view> names) {
    for (const std::string_view name : names)
        for (const std::string& column : table.columns())
            if (support::equal_any_case(column, name)) return column;
    return "";
}

std::string required_column(const CsvTable& table, const std::string& file, const std::string& what,
                            std::span<const std::string_view> names) {
    if (std::string column = column_named(table, names); !column.empty()) return column;
    constexpr std::size_t most_named = 4;
    refuse(file, "no column has the " + what + "; the header line has " + support::joined(table.columns()),
           "name it " + support::alternatives(std::vector<std::string>(names.begin(), names.begin() + most_named)) +
               ", and separate columns by commas, semicolons or tabs");
}

class PatientReader {
  public:
    PatientReader(std::string_view text, const std::string& file)
        : table_(text, file, separator_of(text)),
          time_(required_column(table_, file, "times", time_names)),
          event_(required_column(table_, file, "events", event_names)),
          arm_(column_named(table_, arm_names)) {
        if (table_.n_rows() == 0)
            throw support::InputError(
                {{file, "", "has no line below its header", "give a line for each patient", 1, 0}});
    }

    PatientTable read() {
        refuse_several_sets();
        settle_events();
        for (std::size_t row = 0; row < table_.n_rows(); ++row) {
            const std::size_t arm = arm_of(row);
            result_.arms[arm].patients.push_back({time(row), codes_[row] == event_code_});
        }
        place_zeros();
        refuse_arms();
        if (!time_.ends_with("months")) result_.notes.push_back("the times of the column " + time_ + " are months");
        result_.reconstructed = is_written_here();
        return std::move(result_);
    }

  private:
    // The columns of `hersurv patients`, in its order.
    [[nodiscard]] bool is_written_here() const {
        std::vector<std::string> own = {"time_months", "event", "arm"};
        if (table_.has_column("trial")) own.insert(own.begin(), {"trial", "analysis"});
        if (table_.has_column("replicate")) own.insert(own.begin(), "replicate");
        return table_.columns() == own;
    }

    // Replicates, trials and analyses are fitted one by one.
    void refuse_several_sets() const {
        for (const std::string column : {"replicate", "trial", "analysis"}) {
            if (!table_.has_column(column)) continue;
            const std::string first = table_.text(0, column);
            for (std::size_t row = 1; row < table_.n_rows(); ++row)
                if (table_.text(row, column) != first)
                    table_.fail(row,
                                column + " " + table_.text(row, column) + " after " + first +
                                    ": the file holds more than one set of patients",
                                "give the lines of one " + column + " alone", column);
        }
    }

    enum class Code : char { zero, one, two, no, yes };

    [[nodiscard]] Code code(std::size_t row) const {
        const std::string text = support::folded(support::trimmed(table_.text(row, event_)));
        if (text == "true" || text == "t") return Code::yes;
        if (text == "false" || text == "f") return Code::no;
        const auto number = support::parse_number(text);
        if (number && *number == 0) return Code::zero;
        if (number && *number == 1) return Code::one;
        if (number && *number == 2) return Code::two;
        table_.fail(row,
                    text.empty() || text == "na" ? event_ + " is empty"
                                                 : event_ + " '" + table_.text(row, event_) + "' is neither 0 nor 1",
                    "write 1 for an event and 0 for a censored time (or TRUE and FALSE, or 2 and 1 as R codes status)",
                    event_);
    }

    // One code holds for the whole file: 0/1, FALSE/TRUE, or 1/2 if there is a 2 (as Surv() of R takes them).
    void settle_events() {
        std::array<std::size_t, 5> first{};  // row + 1 of each code
        codes_.reserve(table_.n_rows());
        for (std::size_t row = 0; row < table_.n_rows(); ++row) {
            codes_.push_back(code(row));
            auto& seen = first[static_cast<std::size_t>(codes_.back())];
            if (seen == 0) seen = row + 1;
        }
        const auto has = [&](Code one) { return first[static_cast<std::size_t>(one)] > 0; };
        const auto refuse_code = [&](Code one, const std::string& beside) {
            const std::size_t row = first[static_cast<std::size_t>(one)] - 1;
            table_.fail(row, event_ + " '" + table_.text(row, event_) + "' in a file that has " + beside + " as well",
                        "code all events alike, 1 for an event and 0 for a censored time", event_);
        };
        const bool words = has(Code::yes) || has(Code::no);
        for (const Code number : {Code::zero, Code::one, Code::two})
            if (words && has(number)) refuse_code(number, "TRUE or FALSE");
        if (has(Code::two) && has(Code::zero)) refuse_code(Code::two, "0");
        event_code_ = words ? Code::yes : has(Code::two) ? Code::two : Code::one;
        if (words) result_.notes.push_back(event_ + " is TRUE for an event, FALSE for a censored time");
        if (!words && !has(Code::zero) && !has(Code::two))
            result_.notes.push_back(event_ + " is 1 throughout: nobody is censored");
        if (has(Code::two))
            result_.notes.push_back(event_ + " is 2 for an event and 1 for a censored time, as R codes it");
    }

    [[nodiscard]] double time(std::size_t row) const {
        const double time = table_.required_number(row, time_);
        if (time < 0) table_.fail(row, time_ + " " + shortest(time) + " is before 0", "give times from 0 on", time_);
        if (time > catalogue::greatest_months)
            table_.fail(
                row, time_ + " " + shortest(time) + " is more than " + shortest(catalogue::greatest_months) + " months",
                "give times in months", time_);
        return time;
    }

    std::size_t arm_of(std::size_t row) {
        const std::string name = arm_.empty() ? "" : std::string(support::trimmed(table_.text(row, arm_)));
        if (!arm_.empty() && name.empty()) table_.fail(row, arm_ + " is empty", "name the arm of each patient", arm_);
        if (!result_.arms.empty() && result_.arms[last_arm_].name == name) return last_arm_;
        const auto found = std::ranges::find(result_.arms, name, &Arm::name);
        last_arm_ = static_cast<std::size_t>(found - result_.arms.begin());
        if (found == result_.arms.end()) {
            constexpr std::size_t most_arms = 50;
            if (result_.arms.size() == most_arms)
                table_.fail(row, arm_ + " '" + name + "' is arm number " + std::to_string(most_arms + 1),
                            "give a column that has one name for each arm", arm_);
            result_.arms.push_back({name, {}});
            first_rows_.push_back(row);
        }
        return last_arm_;
    }

    // No family has events at time 0: they are taken half a day after it, or half the earliest time if that is less.
    // Who is censored there says nothing.
    void place_zeros() {
        constexpr double half_a_day = 0.5 * 12 / 365.25;
        double earliest = 2 * half_a_day;
        for (const Arm& arm : result_.arms)
            for (const Patient& patient : arm.patients)
                if (patient.time_months > 0) earliest = std::min(earliest, patient.time_months);
        std::size_t n_events = 0, n_censored = 0;
        for (Arm& arm : result_.arms) {
            for (Patient& patient : arm.patients) {
                if (patient.time_months > 0 || !patient.event) continue;
                patient.time_months = earliest / 2;
                ++n_events;
            }
            n_censored += std::erase_if(arm.patients, [](const Patient& patient) { return patient.time_months == 0; });
        }
        if (n_events > 0)
            result_.notes.push_back(counted(n_events, "event") + " at time 0, taken at " +
                                    support::significant(earliest / 2, 2) + " months");
        if (n_censored > 0)
            result_.notes.push_back(counted(n_censored, "patient") +
                                    " censored at time 0, left out: they say nothing of survival");
    }

    void refuse_arms() const {
        for (std::size_t i = 0; i < result_.arms.size(); ++i) {
            const Arm& arm = result_.arms[i];
            const std::string name = arm.name.empty() ? "the file" : "arm " + arm.name;
            const std::size_t row = first_rows_[i];
            if (arm.patients.size() < 2)
                table_.fail(
                    row,
                    name + " has " + (arm.patients.empty() ? "no patient" : "one patient") + " followed beyond time 0",
                    "a curve needs at least two; leave the arm out", arm_.empty() ? time_ : arm_);
            if (std::ranges::count(arm.patients, true, &Patient::event) == 0)
                table_.fail(row, name + " has no event",
                            "no family can be fitted to it; leave the arm out, or look whether events and censored "
                            "times are exchanged",
                            event_);
        }
    }

    CsvTable table_;
    std::string time_, event_, arm_;  // columns; the last may be absent
    std::vector<Code> codes_;         // by row
    Code event_code_ = Code::one;
    PatientTable result_;
    std::vector<std::size_t> first_rows_;  // by arm
    std::size_t last_arm_ = 0;
};

}  // namespace

PatientTable read_patients(std::string_view text, const std::string& file) {
    const std::size_t start = text.find_first_not_of(" \t\r\n");
    if (start != std::string_view::npos && (text[start] == '{' || text[start] == '['))
        refuse(file, "is JSON, not a table", "write the patients with --format csv");
    return PatientReader(text, file).read();
}

}  // namespace hersurv::patients
