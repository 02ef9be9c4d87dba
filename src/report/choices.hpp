// What a table or figure depends on, and so what can be chosen for it. How it is chosen (by an option,
// by a control of the page) is up to the caller.
#pragma once

#include <initializer_list>

namespace hersurv::report {

enum class Choice : unsigned {
    analyses,      // which endpoints or analyses
    arms,          // which arms are shown, or their numbers
    hazard_ratio,  // between arms whose numbers are given
    p_value,
    model,
    band,
    times,
    horizon,
    role,           // of the arms that are shown
    facet,          // which curves have a panel of their own
    extrapolation,  // whether curves go on beyond what supports them
    overlay,        // published curves drawn over the reconstructed ones
};

// Some of them.
class Choices {
  public:
    constexpr Choices(std::initializer_list<Choice> choices) {
        for (const Choice choice : choices) bits_ |= bit(choice);
    }
    [[nodiscard]] constexpr bool contains(Choice choice) const { return (bits_ & bit(choice)) != 0; }

  private:
    static constexpr unsigned bit(Choice choice) { return 1u << static_cast<unsigned>(choice); }
    unsigned bits_ = 0;
};

}  // namespace hersurv::report
