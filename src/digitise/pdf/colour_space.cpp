// Colour spaces of a PDF (ISO 32000-1, 8.6). Profiles are not applied: the nearest device space is taken.
#include "digitise/pdf/colour_space.hpp"

#include <algorithm>
#include <cmath>

namespace hersurv::digitise {

namespace {

std::uint8_t byte_of(double share) { return static_cast<std::uint8_t>(std::lround(std::clamp(share, 0.0, 1.0) * 255)); }

Colour of_components(PdfColourSpace::Kind kind, const std::vector<double>& values) {
    const auto at = [&](std::size_t i) { return i < values.size() ? values[i] : 0.0; };
    if (kind == PdfColourSpace::Kind::rgb) return {byte_of(at(0)), byte_of(at(1)), byte_of(at(2))};
    if (kind == PdfColourSpace::Kind::cmyk)  // ISO 32000-1, 10.3.5
        return {byte_of(1 - std::min(1.0, at(0) + at(3))), byte_of(1 - std::min(1.0, at(1) + at(3))),
                byte_of(1 - std::min(1.0, at(2) + at(3)))};
    return {byte_of(at(0)), byte_of(at(0)), byte_of(at(0))};
}

}  // namespace

PdfColourSpace::PdfColourSpace(const PdfObject& space) { read(space, 0); }

PdfColourSpace::PdfColourSpace(const PdfObject& space, int depth) { read(space, depth); }

int PdfColourSpace::components() const {
    switch (kind_) {
        case Kind::gray:
        case Kind::indexed:
            return 1;
        case Kind::rgb:
            return 3;
        case Kind::cmyk:
            return 4;
        case Kind::tint:
            return tints_;
        case Kind::pattern:
            return 0;
    }
    return 0;
}

void PdfColourSpace::read(const PdfObject& space, int depth) {
    constexpr int deepest = 4;
    if (depth > deepest) return;
    const std::string name = space.is_array() ? space.item(0).name() : space.name();
    if (name == "DeviceRGB" || name == "CalRGB" || name == "RGB" || name == "Lab") {
        kind_ = Kind::rgb;
    } else if (name == "DeviceCMYK" || name == "CMYK") {
        kind_ = Kind::cmyk;
    } else if (name == "Pattern") {
        kind_ = Kind::pattern;
    } else if (name == "ICCBased") {
        const auto number = static_cast<int>(space.item(1).key("N").number(3));
        kind_ = number == 1 ? Kind::gray : number == 4 ? Kind::cmyk : Kind::rgb;
    } else if (name == "Indexed" || name == "I") {
        const PdfColourSpace base(space.item(1), depth + 1);
        const PdfObject lookup = space.item(3);
        constexpr std::size_t most_bytes = 4096;
        const std::string bytes = lookup.is_stream() ? lookup.stream(most_bytes).value_or("") : lookup.bytes();
        const auto step = static_cast<std::size_t>(std::max(1, base.components()));
        kind_ = Kind::indexed;
        for (std::size_t i = 0; i + step <= std::min(bytes.size(), most_bytes); i += step) {
            std::vector<double> values;
            for (std::size_t k = 0; k < step; ++k) values.push_back(static_cast<unsigned char>(bytes[i + k]) / 255.0);
            table_.push_back(base.colour(values).value_or(Colour{}));
        }
    } else if (name == "Separation" || name == "DeviceN") {
        const PdfColourSpace base(space.item(2), depth + 1);
        const PdfObject tint = space.item(3);
        kind_ = Kind::tint;
        alternate_ = base.kind_;
        tints_ = name == "DeviceN" ? std::clamp(space.item(1).size(), 1, 32) : 1;
        no_ink_ = tint.key("C0").numbers();
        full_ink_ = tint.key("C1").numbers();
    }
}

std::optional<Colour> PdfColourSpace::colour(const std::vector<double>& values) const {
    if (kind_ == Kind::pattern) return std::nullopt;
    const double first = values.empty() ? 0 : values[0];
    if (kind_ == Kind::indexed) {
        const auto index = static_cast<std::size_t>(std::clamp(first, 0.0, 1e6));
        return index < table_.size() ? table_[index] : Colour{};
    }
    if (kind_ != Kind::tint) return of_components(kind_, values);
    double tint = 0;
    for (const double value : values) tint = std::max(tint, value);
    // An exponential function between two colours; of other functions only how dark it is, is known.
    if (full_ink_.empty()) return of_components(Kind::gray, {1 - tint});
    std::vector<double> mixed(full_ink_.size());
    for (std::size_t i = 0; i < mixed.size(); ++i) {
        const double none = i < no_ink_.size() ? no_ink_[i] : 0;
        mixed[i] = none + tint * (full_ink_[i] - none);
    }
    return of_components(alternate_, mixed);
}

}  // namespace hersurv::digitise
