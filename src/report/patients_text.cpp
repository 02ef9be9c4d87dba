// Patients line by line: only the number of a line is formed anew, what surrounds it is formed once an arm.
#include "report/patients_text.hpp"

#include "render/characters.hpp"
#include "render/separated.hpp"
#include "support/json.hpp"
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

PatientsText::PatientsText(std::string_view format, const PatientsColumns& columns, bool continued)
    : columns_(columns), begun_(continued), has_rows_(continued) {
    const auto* const found = std::ranges::find(format_names, format);
    if (found == std::end(format_names))
        throw std::invalid_argument("patients are not written as " + std::string(format));
    form_ = static_cast<Form>(found - format_names);
}

void PatientsText::begin(std::string& text) {
    if (begun_) return;
    begun_ = true;
    if (form_ == Form::json) text += "{\"rows\": [";
    if (form_ == Form::json || form_ == Form::jsonl) return;
    std::string head = columns_.replicate ? "replicate," : "";
    if (columns_.analysis) head += "trial,analysis,";
    head += columns_.joint ? "pfs_months,pfs_event,os_months,os_event,arm\n" : "time_months,event,arm\n";
    if (form_ == Form::tsv) std::ranges::replace(head, ',', '\t');
    text += head;
}

std::string PatientsText::field(std::string_view name, const std::string& value) const {
    if (is_json()) return '"' + std::string(name) + "\": " + value + ", ";
    return value + (form_ == Form::tsv ? '\t' : ',');
}

std::string PatientsText::quoted(std::string_view value) const {
    if (is_json()) return render::with_escaped_harmful(support::write_json(std::string(value), -1));
    const std::string word = render::with_visible_controls_except_whitespace(value);
    return form_ == Form::tsv ? render::tsv_field(word) : render::csv_field(word);
}

std::string PatientsText::before_row(const PatientsPlace& place) const {
    std::string before = is_json() ? "{" : "";
    if (columns_.replicate) before += field("replicate", std::to_string(place.replicate));
    if (columns_.analysis) before += field("trial", quoted(place.trial)) + field("analysis", quoted(place.analysis));
    return before;
}

void PatientsText::begin_row(std::string& text) {
    if (form_ == Form::json) text += has_rows_ ? ",\n  " : "\n  ";
    has_rows_ = true;
}

void PatientsText::append(std::string& text, const std::vector<patients::Arm>& arms, const PatientsPlace& place) {
    begin(text);
    const bool json = is_json();
    const char separator = form_ == Form::tsv ? '\t' : ',';
    std::string before = before_row(place);  // the time
    if (json) before += "\"time_months\": ";
    for (const patients::Arm& arm : arms) {
        std::string after_event[2];
        for (const int event : {0, 1}) {
            const std::string digit = std::to_string(event);
            after_event[event] = json ? ", \"event\": " + digit + ", \"arm\": " + quoted(arm.name) + "}"
                                      : separator + digit + separator + quoted(arm.name);
            if (form_ != Form::json) after_event[event] += '\n';
        }
        for (const patients::Patient& patient : arm.patients) {
            begin_row(text);
            text += before;
            append_number(text, patient.time_months);
            text += after_event[patient.event];
        }
    }
}

void PatientsText::append(std::string& text, const std::vector<patients::JointArm>& arms, const PatientsPlace& place) {
    begin(text);
    const std::string before = before_row(place);
    const auto number = [](double value) {
        std::string digits;
        append_number(digits, value);
        return digits;
    };
    for (const patients::JointArm& arm : arms) {
        const std::string last =
            (is_json() ? "\"arm\": " + quoted(arm.name) + "}" : quoted(arm.name)) + (form_ == Form::json ? "" : "\n");
        for (const patients::JointPatient& patient : arm.patients) {
            begin_row(text);
            text += before + field("pfs_months", number(patient.progression.time_months)) +
                    field("pfs_event", patient.progression.event ? "1" : "0") +
                    field("os_months", number(patient.survival.time_months)) +
                    field("os_event", patient.survival.event ? "1" : "0") + last;
        }
    }
}

void PatientsText::finish(std::string& text, std::string_view beside) {
    begin(text);
    if (form_ != Form::json) return;
    text += has_rows_ ? "\n]" : "]";
    // Without the braces of the object.
    if (beside.size() > 2) text += ",\n" + std::string(beside.substr(1, beside.size() - 2));
    text += "}\n";
}

}  // namespace hersurv::report
