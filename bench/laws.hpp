// Known survival laws to simulate trials from, so that a band can be compared with the truth.
#pragma once

#include <array>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hersurv::bench {

// A distribution of survival times in months, by two functions that are written down independently of each other.
struct LawOfArm {
    std::function<double(double)> cumulative_hazard;  // H(t); H(0) = 0; bounded if a share is cured
    std::function<double(double)> hazard;             // h(t), t > 0

    [[nodiscard]] double survival(double time_months) const;
    // The t with S(t) = s, 0 < s < 1; +infinity if the curve levels off above s.
    [[nodiscard]] double time_at_survival(double s) const;
};

enum class LawGroup {
    findings,  // the eight laws that the targets are about; never used for learning
    further,   // four more, fixed before the constants are learnt again
    drawn,     // at random (drawn_laws.hpp): what the constants of unusual curves were chosen on
    test,      // two arms with proportional hazards: for the size of the test
};

// A parameter of a family that the experimental arm of a law belongs to.
struct TrueParameter {
    std::string_view family;
    std::size_t parameter = 0;  // of the family's
    double value = 0;
};

struct Law {
    std::string_view name;     // "weibull-0.8"
    std::string_view formula;  // of the experimental arm, and of the control if it is not the usual one
    LawGroup group = LawGroup::findings;
    unsigned number = 0;     // names the random numbers, so that a selection of laws does not change them
    double cured_share = 0;  // of the experimental arm
    LawOfArm control, experimental;
    bool proportional = false;  // hazards of the two arms
    std::vector<TrueParameter> parameters = {};
};

// THE table of laws.
[[nodiscard]] const std::vector<Law>& laws();

// First month at which no more than one patient in 100 is neither cured nor has had the event; needs cured_share > 0.
[[nodiscard]] double plateau_months(const Law& law);

}  // namespace hersurv::bench
