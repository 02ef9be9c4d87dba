// Tables of points, numbers at risk, marks and patients: a text is refused with a fault or read; what was read has
// clean names, finite numbers and places within the text, and is read the same a second time; a figure gives possible
// patients.
#include "hersurv/error.hpp"
#include "hersurv/patients.hpp"

#include "require.hpp"
#include "tables/series.hpp"
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

namespace {

using namespace hersurv;
using tables::Content;

tables::Input input_of(std::string_view text) {
    tables::Input input;
    input.bytes = text;
    input.file = "fuzz";
    return input;
}

template <class Read>
auto read_or_refuse(const Read& read) -> std::optional<decltype(read())> {
    try {
        return read();
    } catch (const support::InputError& error) {
        require(error.faults().size() == 1 && !error.faults().front().remedy.empty(), "a fault has a remedy");
        return std::nullopt;
    }
}

void check_series(const tables::Series& series) {
    const std::size_t size = series.source->text().size();
    for (const tables::ArmSeries& arm : series.arms) {
        require(arm.name.find_first_of("\r\n\t") == std::string::npos || arm.name.find('\t') != std::string::npos,
                "a name is one line");
        require(arm.name_at <= size, "the place of a name");
        for (const tables::Point& point : arm.points) {
            require(std::isfinite(point.time) && std::isfinite(point.value), "numbers are finite");
            require(point.time_at <= size && point.value_at <= size && point.line > 0, "the place of a point");
        }
    }
}

void check_reading(std::string_view text, Content content) {
    const auto read = [&] { return tables::read_series(input_of(text), content); };
    const auto first = read_or_refuse(read);
    if (!first) return;
    check_series(*first);
    const auto second = read_or_refuse(read);
    require(
        second && second->arms.size() == first->arms.size() && second->read.description() == first->read.description(),
        "what was read is read again");
}

void check_figure(std::string_view curve, std::string_view at_risk) {
    auto digitised = read_or_refuse([&] {
        patients::DigitisedFiles files;
        files.curve.push_back(input_of(curve));
        if (!at_risk.empty()) files.at_risk.push_back(input_of(at_risk));
        return patients::read_digitised(files);
    });
    if (!digitised) return;
    constexpr std::size_t few = 60, most_points = 300;
    std::size_t n_points = 0;
    for (patients::DigitisedArm& arm : digitised->arms) {
        n_points += arm.clicks.size() + arm.at_risk.size();
        for (const patients::Click& click : arm.clicks)
            require(click.time_months >= 0 && click.survival >= 0 && click.survival <= 1, "a point of a curve");
        if (!arm.at_risk.empty() && arm.at_risk.front().n_patients > few) return;
        arm.n_patients = few;
    }
    if (n_points > most_points) return;
    for (const patients::ReconstructedArm& arm : patients::reconstruct(digitised->arms))
        for (const patients::Patient& patient : arm.arm.patients)
            require(std::isfinite(patient.time_months) && patient.time_months >= 0, "the time of a patient");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    for (const Content content : {Content::survival, Content::numbers_at_risk, Content::censor_marks})
        check_reading(text, content);
    (void)read_or_refuse([&] { return patients::read_patients(input_of(text)); });
    // A form feed, which no table has, separates the curve from the numbers at risk.
    const std::size_t gap = text.find('\f');
    check_figure(text.substr(0, gap), gap == std::string_view::npos ? "" : text.substr(gap + 1));
    return 0;
}
