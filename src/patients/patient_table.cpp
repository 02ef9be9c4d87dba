// Reads patient-level data: finds the columns, settles how events are coded, and refuses what no family can be fitted
// to.
#include "hersurv/catalogue.hpp"
#include "hersurv/error.hpp"
#include "hersurv/patients.hpp"

#include "support/number_text.hpp"
#include "support/words.hpp"
#include "tables/json_rows.hpp"
#include "tables/sheet.hpp"
#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <utility>

namespace hersurv::patients {
namespace {

using support::counted;
using support::shortest;
using tables::Role;
using tables::Sheet;

bool has_patients(const Sheet& sheet) {
    return sheet.find(Role::time) && (sheet.find(Role::event) || sheet.find(Role::censored));
}

// "os" of "OS_MONTHS": the outcome that a column is of.
std::string outcome_of(std::string_view column) {
    const std::string name = support::folded(column);
    for (const std::string_view outcome : {"os", "pfs", "dfs", "efs"})
        if (name.starts_with(outcome)) return std::string(outcome);
    return "";
}

class PatientReader {
  public:
    PatientReader(const tables::Source& source, const tables::ReadOptions& options) {
        tables::ChosenSheet chosen = tables::choose_sheet(source, tables::Content::patients, options, has_patients);
        sheet_ = std::move(chosen.sheet);
        const bool no_time = !sheet_->find(Role::time);
        if (!chosen.fits)
            sheet_->fail(
                0, 0,
                std::string("no column has the ") + (no_time ? "times" : "events") + "; read as " + sheet_->seen(),
                "name it " + tables::known_names(no_time ? Role::time : Role::event, sheet_->content()));
        sheet_->refuse_columns_twice();
        sheet_->refuse_ragged_rows();
        if (n_rows() == 1)
            source.fail_line(sheet_->line(0), "has no line below its header", "give a line for each patient");
        choose_columns();
        const tables::Header& header = sheet_->headers()[time_];
        unit_ = options.time_unit.empty() ? std::string(header.time_unit) : options.time_unit;
        months_ = catalogue::months_in(catalogue::parse_time_unit(unit_).value_or(catalogue::TimeUnit::months));
    }

    PatientTable read() {
        refuse_several_sets();
        settle_events();
        for (std::size_t row = 1; row < n_rows(); ++row) {
            const std::size_t arm = arm_of(row);
            result_.arms[arm].patients.push_back({time(row), (codes_[row] == event_code_) != reversed_});
        }
        place_zeros();
        strip_strata();
        refuse_arms();
        say_reading();
        result_.reconstructed = is_written_here();
        return std::move(result_);
    }

  private:
    [[nodiscard]] std::size_t n_rows() const { return sheet_->n_rows(); }
    [[nodiscard]] const std::string& name(std::size_t column) const { return sheet_->headers()[column].name; }
    [[nodiscard]] std::string text(std::size_t row, std::size_t column) const {
        return std::string(sheet_->text(row, column));
    }
    [[nodiscard]] std::optional<std::size_t> column_called(std::string_view name) const {
        const auto found = std::ranges::find(sheet_->headers(), name, &tables::Header::name);
        if (found == sheet_->headers().end()) return std::nullopt;
        return static_cast<std::size_t>(found - sheet_->headers().begin());
    }

    // Events of the outcome that the times are of, if the file has several.
    void choose_columns() {
        time_ = sheet_->find(Role::time).value();
        arm_ = sheet_->find(Role::arm);
        reversed_ = !sheet_->find(Role::event);
        event_ = sheet_->find(reversed_ ? Role::censored : Role::event).value();
        const std::string outcome = outcome_of(name(time_));
        for (std::size_t column = 0; column < sheet_->headers().size() && !outcome.empty() && !reversed_; ++column)
            if (sheet_->headers()[column].role == Role::event && outcome_of(name(column)) == outcome) event_ = column;
        const auto n_events = std::ranges::count(sheet_->headers(), Role::event, &tables::Header::role);
        if (n_events > 1)
            result_.notes.push_back("of several outcomes " + name(time_) + " with " + name(event_) + " is read");
        if (reversed_) result_.notes.push_back(name(event_) + " is 1 for a censored time, 0 for an event");
    }

    // What of the reading is not as `hersurv patients` writes it.
    void say_reading() {
        tables::FileRead read = sheet_->file_read();
        // As hersurv writes tables.
        const bool plain = (read.separator == tables::Separator::comma || read.separator == tables::Separator::tab) &&
                           read.decimal != tables::Decimal::comma && read.encoding == "UTF-8";
        if (unit_.empty())
            result_.notes.push_back("the times of the column " + name(time_) + " are months");
        else if (unit_ != "months")
            result_.notes.push_back("the times of the column " + name(time_) + " are " + unit_ +
                                    ", converted to months");
        read.time_unit.clear();
        if (!plain) result_.notes.push_back("the file is " + read.description());
        for (std::string& note : read.notes) result_.notes.push_back(std::move(note));
    }

    // "arm=A" of R's strata.
    void strip_strata() {
        const auto variable = [](const Arm& arm) { return arm.name.substr(0, arm.name.find('=') + 1); };
        if (result_.arms.empty() || variable(result_.arms.front()).empty()) return;
        const std::string common = variable(result_.arms.front());
        for (const Arm& arm : result_.arms)
            if (!arm.name.starts_with(common) || arm.name.size() == common.size()) return;
        for (Arm& arm : result_.arms) arm.name.erase(0, common.size());
    }

    // The columns of `hersurv patients`, in its order.
    [[nodiscard]] bool is_written_here() const {
        std::vector<std::string> own = {"time_months", "event", "arm"}, names;
        if (column_called("trial")) own.insert(own.begin(), {"trial", "analysis"});
        if (column_called("replicate")) own.insert(own.begin(), "replicate");
        for (const tables::Header& header : sheet_->headers()) names.push_back(header.name);
        return names == own;
    }

    // Replicates, trials and analyses are fitted one by one.
    void refuse_several_sets() const {
        for (const std::string_view called : {"replicate", "trial", "analysis"})
            sheet_->refuse_several(called, "set of patients");
    }

    enum class Code : char { zero, one, two, no, yes };

    [[nodiscard]] Code code(std::size_t row) const {
        const std::string word = support::folded(text(row, event_));
        for (const std::string_view yes : {"true", "t", "yes", "event", "dead", "deceased", "died"})
            if (word == yes) return reversed_ ? Code::no : Code::yes;
        for (const std::string_view no : {"false", "f", "no", "censored", "alive", "living"})
            if (word == no) return reversed_ ? Code::yes : Code::no;
        const auto number = support::parse_number(word);
        if (number && *number == 0) return Code::zero;
        if (number && *number == 1) return Code::one;
        if (number && *number == 2 && !reversed_) return Code::two;
        sheet_->fail(
            row, event_,
            tables::is_missing(word) ? name(event_) + " is empty"
                                     : name(event_) + " '" + text(row, event_) + "' is neither 0 nor 1",
            "write 1 for an event and 0 for a censored time (or TRUE and FALSE, or 2 and 1 as R codes status)");
    }

    // One code holds for the whole file: 0/1, FALSE/TRUE, or 1/2 if there is a 2 (as Surv() of R takes them).
    void settle_events() {
        std::array<std::size_t, 5> first{};  // row of each code
        codes_.reserve(n_rows());
        codes_.push_back(Code::zero);  // of the header
        for (std::size_t row = 1; row < n_rows(); ++row) {
            codes_.push_back(code(row));
            auto& seen = first[static_cast<std::size_t>(codes_.back())];
            if (seen == 0) seen = row;
        }
        const auto has = [&](Code one) { return first[static_cast<std::size_t>(one)] > 0; };
        const auto refuse_code = [&](Code one, const std::string& beside) {
            const std::size_t row = first[static_cast<std::size_t>(one)];
            sheet_->fail(row, event_,
                         name(event_) + " '" + text(row, event_) + "' in a file that has " + beside + " as well",
                         "code all events in the same way: 1 for an event, 0 for a censored time");
        };
        const bool words = has(Code::yes) || has(Code::no);
        for (const Code number : {Code::zero, Code::one, Code::two})
            if (words && has(number)) refuse_code(number, "TRUE or FALSE");
        if (has(Code::two) && has(Code::zero)) refuse_code(Code::two, "0");
        event_code_ = words ? Code::yes : has(Code::two) ? Code::two : Code::one;
        if (words) result_.notes.push_back(name(event_) + " is TRUE for an event, FALSE for a censored time");
        if (!words && !has(Code::zero) && !has(Code::two))
            result_.notes.push_back(name(event_) + " is 1 throughout: nobody is censored");
        if (has(Code::two))
            result_.notes.push_back(name(event_) + " is 2 for an event and 1 for a censored time, as R codes it");
    }

    [[nodiscard]] double time(std::size_t row) const {
        const auto read = sheet_->plain_number(row, time_, name(time_));
        if (!read) sheet_->fail(row, time_, name(time_) + " is empty", "give a number");
        const double months = *read * months_;
        if (months < 0)
            sheet_->fail(row, time_, name(time_) + " " + shortest(*read) + " is before 0", "times begin at 0");
        if (months > catalogue::greatest_months)
            sheet_->fail(row, time_,
                         name(time_) + " " + shortest(*read) + " is more than " + shortest(catalogue::greatest_months) +
                             " months",
                         "give times in months, or say their unit");
        return months;
    }

    std::size_t arm_of(std::size_t row) {
        const std::string_view called = arm_ ? sheet_->text(row, *arm_) : std::string_view();
        if (arm_ && called.empty()) sheet_->fail(row, *arm_, name(*arm_) + " is empty", "name the arm of each patient");
        if (!result_.arms.empty() && result_.arms[last_arm_].name == called) return last_arm_;
        const auto found = std::ranges::find(result_.arms, called, &Arm::name);
        last_arm_ = static_cast<std::size_t>(found - result_.arms.begin());
        if (found != result_.arms.end()) return last_arm_;
        constexpr std::size_t most_arms = 50;
        if (result_.arms.size() == most_arms)
            sheet_->fail(row, *arm_,
                         name(*arm_) + " '" + std::string(called) + "' is arm number " + std::to_string(most_arms + 1),
                         "give a column that has one name for each arm");
        for (const Arm& arm : result_.arms)
            if (support::equal_any_case(arm.name, called))
                sheet_->fail(
                    row, *arm_, "the arms " + arm.name + " and " + std::string(called) + " differ only in case",
                    "write the name of an arm the same way in all rows, and give different arms different names");
        result_.arms.push_back({std::string(called), {}});
        first_rows_.push_back(row);
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
                                    " censored at time 0, left out: they carry no information");
    }

    void refuse_arms() const {
        for (std::size_t i = 0; i < result_.arms.size(); ++i) {
            const Arm& arm = result_.arms[i];
            const std::string name = arm.name.empty() ? "the file" : "arm " + arm.name;
            const std::size_t row = first_rows_[i];
            if (arm.patients.size() < 2)
                sheet_->fail(
                    row, arm_.value_or(time_),
                    name + " has " + (arm.patients.empty() ? "no patient" : "one patient") + " followed beyond time 0",
                    "a curve needs at least two; leave out the arm");
            if (std::ranges::count(arm.patients, true, &Patient::event) == 0)
                sheet_->fail(row, event_, name + " has no event",
                             "no family can be fitted to it; leave out the arm, or look whether events and censored "
                             "times are exchanged");
        }
    }

    std::unique_ptr<Sheet> sheet_;
    std::size_t time_ = 0, event_ = 0;  // columns
    std::optional<std::size_t> arm_;
    bool reversed_ = false;    // the column says who was censored
    std::string unit_;         // of the times; empty: not stated
    double months_ = 1;        // in it
    std::vector<Code> codes_;  // by row
    Code event_code_ = Code::one;
    PatientTable result_;
    std::vector<std::size_t> first_rows_;  // by arm
    std::size_t last_arm_ = 0;
};

}  // namespace

PatientTable read_patients(const tables::Input& input) {
    if (tables::is_json(input.bytes)) {
        const std::string table = tables::table_of_json(input.bytes, input.file);
        return PatientReader(tables::Source(table, input.file), input.options).read();
    }
    return PatientReader(tables::Source(input.bytes, input.file), input.options).read();
}

PatientTable read_patients(std::string_view text, const std::string& file) {
    tables::Input input;
    input.bytes = text;
    input.file = file;
    return read_patients(input);
}

}  // namespace hersurv::patients
