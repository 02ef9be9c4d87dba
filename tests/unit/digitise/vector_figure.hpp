// A Kaplan-Meier figure of known curves, for tests that draw it in one format or another.
#pragma once

#include <functional>
#include <sstream>
#include <string>
#include <vector>

namespace hersurv::test {

struct Drop {
    double time = 0, survival = 1;
};

struct DrawnArm {
    std::string name{}, colour{};
    std::vector<Drop> drops{};
    std::vector<double> censored{};
    double ends_at = 48;
};

// Axes of 0 to 48 months and 0 to 1 on 480 x 300 units whose upper left corner is at (60, 20), y downwards.
struct Frame {
    static constexpr double left = 60, top = 20, width = 480, height = 300, last_time = 48;
    static double x(double time) { return left + time / last_time * width; }
    static double y(double survival) { return top + (1 - survival) * height; }
};

// Times and levels that are no multiples of each other; the lower curve falls faster.
inline std::vector<DrawnArm> two_arms() {
    std::vector<DrawnArm> arms = {{"placebo", "#d62728"}, {"trastuzumab", "#1f77b4"}};
    for (int k = 0; k < 2; ++k) {
        double survival = 1, time = 0;
        for (int i = 0; i < 40; ++i) {
            time += 0.37 + 0.61 * ((i * 7 + k * 3) % 5) / 4;
            survival *= k == 0 ? 0.967 : 0.981;
            arms[static_cast<std::size_t>(k)].drops.push_back({time, survival});
        }
        arms[static_cast<std::size_t>(k)].censored = {3.31 + k, 9.77 + k, 20.05 - k, 44.4 + k};
        arms[static_cast<std::size_t>(k)].ends_at = 46.5;
    }
    return arms;
}

inline double survival_of(const DrawnArm& arm, double time) {
    double survival = 1;
    for (const Drop& drop : arm.drops)
        if (drop.time <= time) survival = drop.survival;
    return survival;
}

// The corners of the curve in units of the page.
inline std::vector<std::pair<double, double>> corners_of(const DrawnArm& arm) {
    std::vector<std::pair<double, double>> corners = {{Frame::x(0), Frame::y(1)}};
    for (const Drop& drop : arm.drops) {
        corners.emplace_back(Frame::x(drop.time), corners.back().second);
        corners.emplace_back(Frame::x(drop.time), Frame::y(drop.survival));
    }
    corners.emplace_back(Frame::x(arm.ends_at), corners.back().second);
    return corners;
}

}  // namespace hersurv::test
