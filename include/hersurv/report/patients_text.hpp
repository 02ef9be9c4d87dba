// Patients as text that R's survival and lifelines read as it is: time_months, event (1 = event, 0 = censored), arm.
#pragma once

#include "hersurv/patients/patients.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hersurv::report {

// Writes one data set, or replicates one after the other in constant memory. Full precision.
class PatientsText {
  public:
    // One of formats().
    PatientsText(std::string_view format, bool with_replicates);
    // Appends to `text`, the first time behind the head. `replicate` is written where there are several.
    void append(std::string& text, const std::vector<patients::Arm>& arms, std::uint64_t replicate = 0);
    // Appends what closes the text (also of no patients).
    void finish(std::string& text);

    [[nodiscard]] static std::span<const std::string_view> formats();

  private:
    enum class Form { csv, tsv, json, jsonl };
    void begin(std::string& text);

    Form form_ = Form::csv;
    bool with_replicates_ = false, begun_ = false, has_rows_ = false;
};

}  // namespace hersurv::report
