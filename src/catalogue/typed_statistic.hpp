// A number with what papers report after it: its confidence interval, p-value, quartiles or range.
#pragma once

#include "catalogue/typed_scanner.hpp"
#include "support/json.hpp"
#include <optional>
#include <string>

namespace hersurv::catalogue {

struct TypedPValue {
    TypedNumber value{};
    std::string relation = "=";
    std::string test{};  // "stratified log-rank", "one-sided"
};

struct TypedStatistic {
    TypedNumber value{};
    std::optional<TypedNumber> lower{}, upper{};
    std::optional<double> level{};
    bool says_confidence = false;      // "95% CI" is before the limits
    bool quartiles = false;            // the limits are an interquartile range
    TimeUnit unit = TimeUnit::months;  // of all its times
    std::optional<TypedPValue> p{};
    std::optional<bool> stratified{}, adjusted{};
};

// What may be beside the confidence interval. Anything else that may be published there (a standard error, a credible
// interval) is refused, as is what is not allowed.
enum class Beside { nothing, p_value, spread };

// "57.1", "57.1[50,72]", "57.1 (95% CI 50-72)", "57.1; 95% CI, 50 to 72", "57.1 50-72", "20 (IQR 15-30)".
[[nodiscard]] TypedStatistic read_typed_statistic(TypedScanner& scanner, Sort sort, Beside beside = Beside::nothing);

// "0.69[0.58,0.82]", "HR 0.74 (95% CI 0.58 to 0.94; p=0.01)", "stratified hazard ratio for death, 0.74".
[[nodiscard]] TypedStatistic read_typed_hazard_ratio(TypedScanner& scanner);
// Whether the words that name a hazard ratio are next.
[[nodiscard]] bool hazard_ratio_follows(TypedScanner scanner);

// "0.01", "p<.001", "two-sided P = 0.01".
[[nodiscard]] TypedPValue read_typed_p_value(TypedScanner& scanner);

// The statistic and the p-value at `pointer` of the document; `spots` learns where their numbers were typed.
[[nodiscard]] support::Json::Object statistic_json(const TypedStatistic& typed, const std::string& pointer,
                                                   const TypedScanner& scanner, Spots& spots);
[[nodiscard]] support::Json::Object p_value_json(const TypedPValue& typed, const std::string& pointer,
                                                 const TypedScanner& scanner, Spots& spots);

}  // namespace hersurv::catalogue
