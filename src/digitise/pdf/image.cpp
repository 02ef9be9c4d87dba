// Pictures inside a PDF (ISO 32000-1, 8.9): JPEG as it is, others by their samples.
#include "digitise/pdf/image.hpp"

#include "digitise/formats.hpp"
#include "digitise/pdf/colour_space.hpp"
#include <algorithm>

namespace hersurv::digitise {

namespace {

constexpr std::size_t most_image_bytes = static_cast<std::size_t>(max_megapixels * 1e6) * 4;

// Samples of 1, 2, 4, 8 or 16 bits, each row starting on a byte.
class Samples {
  public:
    Samples(const std::string& bytes, int bits, std::size_t per_row)
        : bytes_(bytes), bits_(static_cast<std::size_t>(bits)), row_bytes_((per_row * bits_ + 7) / 8) {}
    [[nodiscard]] double at(std::size_t row, std::size_t column) const {
        const std::size_t bit = column * bits_, byte = row * row_bytes_ + bit / 8;
        if (byte >= bytes_.size()) return 0;
        const auto value = static_cast<unsigned char>(bytes_[byte]);
        if (bits_ >= 8) return value;  // of 16 bits the upper eight
        const auto most = static_cast<unsigned>((1U << bits_) - 1);
        return value >> (8 - bits_ - bit % 8) & most;
    }

  private:
    const std::string& bytes_;
    std::size_t bits_, row_bytes_;
};

std::optional<Raster> by_samples(const PdfObject& image, const std::string& bytes, int width, int height,
                                 const std::string& file) {
    const int bits = static_cast<int>(image.key("BitsPerComponent").number(8));
    if (bits != 1 && bits != 2 && bits != 4 && bits != 8 && bits != 16)
        fail_picture(file, "an image of the PDF is damaged", "save the figure as PNG");
    const PdfColourSpace space(image.key("ColorSpace"));
    const auto components = static_cast<std::size_t>(space.components());
    if (components == 0) return std::nullopt;
    const Samples samples(bytes, bits, components * static_cast<std::size_t>(width));
    const double most = bits >= 8 ? 255 : (1 << bits) - 1;
    const std::vector<double> decode = image.key("Decode").numbers();
    Raster raster{width, height, {}};
    raster.pixels.reserve(static_cast<std::size_t>(width) * height);
    std::vector<double> values(components);
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) {
            for (std::size_t k = 0; k < components; ++k) {
                const double raw =
                    samples.at(static_cast<std::size_t>(y), static_cast<std::size_t>(x) * components + k);
                values[k] = space.indexed() ? raw : raw / most;
                if (!space.indexed() && decode.size() >= 2 * components)
                    values[k] = decode[2 * k] + values[k] * (decode[2 * k + 1] - decode[2 * k]);
            }
            raster.pixels.push_back(space.colour(values).value_or(Colour{}));
        }
    return raster;
}

}  // namespace

std::optional<Raster> read_pdf_image(const PdfObject& image, const std::string& file) {
    const PdfObject mask = image.key("ImageMask");
    if (!mask.is_null() && image.key("ColorSpace").is_null()) return std::nullopt;
    const double width = image.key("Width").number(), height = image.key("Height").number();
    check_picture_size(width, height, file);
    const std::vector<std::string> filters = image.filters();
    const std::string last = filters.empty() ? "" : filters.back();
    if (last == "DCTDecode" || last == "DCT") {
        std::optional<std::string> jpeg = image.raw_stream();
        if (filters.size() == 2 && filters[0] == "FlateDecode") jpeg = inflate_bounded(*jpeg, most_image_bytes);
        if (!jpeg || filters.size() > 2)
            fail_picture(file, "an image of the PDF cannot be decompressed", "save the figure as PNG");
        return read_drawing(*jpeg, file).raster;
    }
    if (last == "CCITTFaxDecode" || last == "JBIG2Decode" || last == "JPXDecode")
        fail_picture(file, "the figure is an image with the compression " + last + ", which is not supported",
                     "save the page as PNG");
    const std::optional<std::string> bytes = image.stream(most_image_bytes);
    if (!bytes) fail_picture(file, "an image of the PDF cannot be decompressed", "save the figure as PNG");
    return by_samples(image, *bytes, static_cast<int>(width), static_cast<int>(height), file);
}

}  // namespace hersurv::digitise
