// Patients line by line: only the number of a line is formed anew, what surrounds it is formed once an arm.
#include "hersurv/report/patients_text.hpp"

#include "hersurv/support/json.hpp"

#include "separated.hpp"
#include <algorithm>
#include <charconv>
#include <iterator>
#include <stdexcept>

namespace hersurv::report {
namespace {

constexpr std::string_view format_names[] = {"csv", "tsv", "json", "jsonl"};  // as PatientsText::Form

template <class Number>
void append_number(std::string& text, Number number) {
    char digits[32];
    text.append(digits, std::to_chars(digits, std::end(digits), number).ptr);
}

}  // namespace

std::span<const std::string_view> PatientsText::formats() { return format_names; }

PatientsText::PatientsText(std::string_view format, bool with_replicates) : with_replicates_(with_replicates) {
    const auto* const found = std::ranges::find(format_names, format);
    if (found == std::end(format_names))
        throw std::invalid_argument("patients are not written as " + std::string(format));
    form_ = static_cast<Form>(found - format_names);
}

void PatientsText::begin(std::string& text) {
    if (begun_) return;
    begun_ = true;
    if (form_ == Form::json) text += "{\"rows\": [";
    if (form_ == Form::csv) text += with_replicates_ ? "replicate,time_months,event,arm\n" : "time_months,event,arm\n";
    if (form_ == Form::tsv)
        text += with_replicates_ ? "replicate\ttime_months\tevent\tarm\n" : "time_months\tevent\tarm\n";
}

void PatientsText::append(std::string& text, const std::vector<patients::Arm>& arms, std::uint64_t replicate) {
    begin(text);
    const bool json = form_ == Form::json || form_ == Form::jsonl;
    const char separator = form_ == Form::tsv ? '\t' : ',';
    std::string before;  // the time
    if (with_replicates_) {
        before = json ? "{\"replicate\": " : "";
        append_number(before, replicate);
        before += json ? ", \"time_months\": " : std::string(1, separator);
    } else if (json) {
        before = "{\"time_months\": ";
    }
    for (const patients::Arm& arm : arms) {
        std::string after_event[2];
        for (const int event : {0, 1}) {
            const std::string digit = std::to_string(event);
            after_event[event] =
                json ? ", \"event\": " + digit + ", \"arm\": " + support::write_json(arm.name, -1) + "}"
                     : separator + digit + separator + (separator == ',' ? csv_field(arm.name) : tsv_field(arm.name));
            if (form_ != Form::json) after_event[event] += '\n';
        }
        for (const patients::Patient& patient : arm.patients) {
            if (form_ == Form::json) text += has_rows_ ? ",\n  " : "\n  ";
            has_rows_ = true;
            text += before;
            append_number(text, patient.time_months);
            text += after_event[patient.event];
        }
    }
}

void PatientsText::finish(std::string& text) {
    begin(text);
    if (form_ == Form::json) text += has_rows_ ? "\n]}\n" : "]}\n";
}

}  // namespace hersurv::report
