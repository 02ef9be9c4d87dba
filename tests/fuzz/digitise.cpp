// Figures of any format: bytes are refused with one fault and a remedy, or give curves that fall from 1 (or rise from
// 0) within their axes, with certificates.
#include "hersurv/digitise.hpp"

#include "hersurv/error.hpp"

#include "require.hpp"
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace {

using namespace hersurv;

void check_arm(const digitise::Arm& arm) {
    require(!arm.curve.empty() && std::isfinite(arm.ends_at), "an arm has a curve that ends");
    double time = -1, survival = 2;
    for (const digitise::CurvePoint& point : arm.curve) {
        require(std::isfinite(point.time) && point.time >= time, "times ascend");
        require(point.survival >= 0 && point.survival <= 1 && point.survival <= survival, "curves fall within 0 and 1");
        time = point.time;
        survival = point.survival;
    }
    for (const double mark : arm.censored) require(std::isfinite(mark) && mark >= 0, "censor marks have times");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    try {
        const digitise::Reading reading = digitise::read(bytes, "fuzz");
        require(!reading.panels.empty() && reading.panel < reading.panels.size(), "a reading has its panel");
        for (const digitise::Arm& arm : reading.arms) check_arm(arm);
    } catch (const support::InputError& error) {
        require(error.faults().size() == 1 && !error.faults().front().remedy.empty(), "a fault has a remedy");
    } catch (const support::OutputError&) {
        return 0;  // libqpdf is not installed
    }
    return 0;
}
