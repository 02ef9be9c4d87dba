// What is known of a curve before its numbers.
#include "process/prior.hpp"

#include <catch2/catch.hpp>

#include "evidence/constants.hpp"
#include <string_view>
#include <vector>

using hersurv::process::KindOfCurve;
using hersurv::process::Point;
using hersurv::process::PointColumns;
using hersurv::process::Prior;

TEST_CASE("Covariances with many points are those with each of them", "[process]") {
    constexpr double noise = 0.01, rounding = 1e-4;
    for (const std::string_view endpoint : {"OS", "PFS"}) {
        for (const KindOfCurve kind : {KindOfCurve::usual, KindOfCurve::unusual}) {
            const Prior prior(hersurv::evidence::builtin_constants()->process(endpoint), kind);
            std::vector<Point> points;
            for (const std::size_t arm : {0U, 2U, 1U})
                for (const double time : {1e-6, 0.5, 3.0, 19.999, 20.0, 20.001, 64.0, 1e4})
                    points.push_back(prior.point(arm, time, 20 + static_cast<double>(arm)));
            const PointColumns columns(points);
            for (const Point& point : points) {
                const Eigen::VectorXd together = prior.covariances(point, columns, noise, rounding);
                for (std::size_t i = 0; i < points.size(); ++i)
                    CHECK(together[static_cast<Eigen::Index>(i)] ==
                          Approx(prior.covariance(point, points[i], noise, rounding)).epsilon(1e-13).margin(1e-15));
            }
            CHECK(prior.covariances(points[0], PointColumns{}, noise, rounding).size() == 0);
        }
    }
}
