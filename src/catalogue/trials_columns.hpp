// What the columns of a table of trials are, by their names.
#pragma once

#include "hersurv/error.hpp"

#include "catalogue/typed_scanner.hpp"
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hersurv::catalogue {

// S(12) with its limits: "survival_12", "survival_12_lower", "survival_12_upper".
struct SurvivalColumn {
    std::string name{}, lower{}, upper{};
    TypedNumber time{};
};

class TrialsColumns {
  public:
    // Throws InputError if trial, endpoint or arm is missing.
    TrialsColumns(const std::vector<std::string>& header, const std::string& file);

    // By the name that docs/catalogue-format.md lists, whatever its spelling in the header.
    [[nodiscard]] std::optional<std::size_t> find(std::string_view column) const;
    [[nodiscard]] const std::vector<SurvivalColumn>& survival() const { return survival_; }
    // Columns that nothing is known of.
    [[nodiscard]] const std::vector<support::Fault>& faults() const { return faults_; }

  private:
    std::map<std::string, std::size_t, std::less<>> indices_;
    std::vector<SurvivalColumn> survival_;
    std::vector<support::Fault> faults_;
};

}  // namespace hersurv::catalogue
