// One JSON object while it is read: typed access to its members, every fault written down with its pointer. A member
// with a fault reads as absent (or as a placeholder), so that reading goes on and finds the next fault.
#pragma once

#include "hersurv/error.hpp"
#include "hersurv/records.hpp"

#include "support/json.hpp"
#include "support/words.hpp"
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hersurv::catalogue {

class FaultLog {
  public:
    explicit FaultLog(std::string file) : file_(std::move(file)) {}
    void add(std::string pointer, std::string problem, std::string remedy) {
        if (faults.size() >= most_told) {
            ++not_told_;
            return;
        }
        faults.push_back(support::Fault{file_, std::move(pointer), std::move(problem), std::move(remedy), 0, 0});
    }
    // How many faults there are beyond those that are told, as the last one of them.
    void add_not_told() {
        if (not_told_ == 0) return;
        faults.push_back(support::Fault{file_, "", support::counted(not_told_, "more fault") + " not listed",
                                        "correct those that are listed first", 0, 0});
        not_told_ = 0;
    }
    [[nodiscard]] const std::string& file() const { return file_; }
    std::vector<support::Fault> faults;

  private:
    static constexpr std::size_t most_told = 1000;
    std::string file_;
    std::size_t not_told_ = 0;
};

// What a number may be, and to how many decimals it is taken at least: sources write a probability of 0.60 as 0.6.
struct Quantity {
    std::string_view name;  // "a probability", for messages
    double least = 0;
    bool above_least = false;  // `least` itself is excluded
    std::optional<double> greatest{};
    bool below_greatest = false;
    bool whole = false;
    bool words = false;  // "NR" and "NE" may be in its place
    int least_decimals = 0;
    double least_positive = 0;         // between 0 and this nothing is taken
    TimeUnit unit = TimeUnit::months;  // of a time, which is converted to months
};

namespace quantity {
extern const Quantity months, weeks, probability, probability_or_word, hazard_ratio, count, patients, level, p_value,
    line, year, decimals, any, difference_of_probabilities;
// A time, or a word in its place, that is given in this unit; the same times in any.
const Quantity& time_in(TimeUnit unit);
}  // namespace quantity

enum class Presence { optional, required };

class Fields {
  public:
    // Unknown keys, and what is not an object, are written down here.
    Fields(const support::Json& json, std::string pointer, std::span<const std::string_view> keys, FaultLog& log);

    [[nodiscard]] bool is_object() const { return object_; }
    [[nodiscard]] const std::string& pointer() const { return pointer_; }
    [[nodiscard]] std::string pointer_of(std::string_view key) const;
    [[nodiscard]] const support::Json* find(std::string_view key) const;
    // Writes it down where a required member is missing.
    [[nodiscard]] const support::Json* find(std::string_view key, Presence presence) const;
    [[nodiscard]] FaultLog& log() const { return log_; }
    void fault(std::string_view key, std::string problem, std::string remedy) const;
    // The member has another type than `wanted`, "a number".
    void wrong_type(std::string_view key, const support::Json& found, std::string_view wanted) const;

    [[nodiscard]] std::string text(std::string_view key, Presence presence = Presence::optional) const;
    // Text that names something: not empty, no space around it, no control character.
    [[nodiscard]] std::string identifier(std::string_view key, Presence presence = Presence::optional) const;
    [[nodiscard]] std::string choice(std::string_view key, std::span<const std::string_view> choices,
                                     Presence presence = Presence::optional) const;
    [[nodiscard]] std::optional<bool> truth(std::string_view key) const;
    [[nodiscard]] std::optional<double> number(std::string_view key, const Quantity& quantity,
                                               Presence presence = Presence::optional) const;
    [[nodiscard]] std::optional<int> integer(std::string_view key, const Quantity& quantity,
                                             Presence presence = Presence::optional) const;
    // The member "unit": what times are given in, months where it is left out.
    [[nodiscard]] TimeUnit time_unit() const;
    // [low, high]; times in months.
    [[nodiscard]] std::optional<std::pair<double, double>> pair(std::string_view key, const Quantity& quantity) const;
    [[nodiscard]] const support::Json::Array* list(std::string_view key, Presence presence = Presence::optional) const;
    [[nodiscard]] const support::Json::Object* object(std::string_view key,
                                                      Presence presence = Presence::optional) const;

  private:
    const support::Json& json_;
    std::string pointer_;
    FaultLog& log_;
    bool object_;
};

// Whether the number is one of the quantity; writes the fault down if it is not.
bool check_number(double value, const Quantity& quantity, const std::string& pointer, FaultLog& log);
bool check_identifier(const std::string& text, const std::string& pointer, FaultLog& log);

}  // namespace hersurv::catalogue
