// Patients as text that R's survival and lifelines read as it is: time_months, event (1 = event, 0 = censored), arm.
#pragma once

#include "hersurv/patients.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hersurv::report {

// What is before a time, if there are several data sets; analysis: its trial as well.
struct PatientsColumns {
    bool replicate = false, analysis = false;
    bool joint = false;  // PFS and OS of a patient in one row
};

// Which data set this is of several.
struct PatientsPlace {
    std::uint64_t replicate = 0;
    std::string_view trial{}, analysis{};
};

// Writes one data set, or replicates one after the other in constant memory. Full precision.
class PatientsText {
  public:
    // One of formats(). `continued`: the text goes on behind one that has a head and rows.
    explicit PatientsText(std::string_view format, const PatientsColumns& columns = {}, bool continued = false);
    // Appends to `text`, the first time behind the head. Of the place what there is a column for is written.
    void append(std::string& text, const std::vector<patients::Arm>& arms, const PatientsPlace& place = {});
    void append(std::string& text, const std::vector<patients::JointArm>& arms, const PatientsPlace& place = {});
    // Appends what closes the text (also of no patients); JSON has the members of the object `beside` behind the rows.
    void finish(std::string& text, std::string_view beside = {});

    [[nodiscard]] static std::span<const std::string_view> formats();

  private:
    enum class Form { csv, tsv, json, jsonl };
    void begin(std::string& text);
    [[nodiscard]] bool is_json() const { return form_ == Form::json || form_ == Form::jsonl; }
    // `name` with its value, and what separates it from the next one.
    [[nodiscard]] std::string field(std::string_view name, const std::string& value) const;
    [[nodiscard]] std::string quoted(std::string_view value) const;
    // The columns of the place, and in JSON the brace before them.
    [[nodiscard]] std::string before_row(const PatientsPlace& place) const;
    void begin_row(std::string& text);

    Form form_ = Form::csv;
    PatientsColumns columns_;
    bool begun_ = false, has_rows_ = false;
};

}  // namespace hersurv::report
