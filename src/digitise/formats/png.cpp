// PNG by libpng's simplified interface, which reports errors without longjmp into this code.
#include "digitise/formats.hpp"
#include <png.h>

namespace hersurv::digitise {

namespace {

constexpr std::string_view png_signature = "\x89PNG\r\n\x1a\n";

bool recognises_png(std::string_view bytes) { return bytes.starts_with(png_signature); }

// Releases libpng's memory also if this code throws.
class PngImage {
  public:
    PngImage() { image_.version = PNG_IMAGE_VERSION; }
    ~PngImage() { png_image_free(&image_); }
    PngImage(const PngImage&) = delete;
    PngImage& operator=(const PngImage&) = delete;
    PngImage(PngImage&&) = delete;
    PngImage& operator=(PngImage&&) = delete;
    png_image* get() { return &image_; }

  private:
    png_image image_{};
};

std::uint8_t over_white(unsigned value, unsigned alpha) {
    return static_cast<std::uint8_t>((value * alpha + 255U * (255U - alpha) + 127U) / 255U);
}

Drawing read_png(std::string_view bytes, const std::string& file, const ReadOptions&) {
    PngImage image;
    const auto fail = [&] {
        fail_picture(file, "the PNG picture is damaged (" + std::string(image.get()->message) + ")",
                     "download or save the picture again");
    };
    if (png_image_begin_read_from_memory(image.get(), bytes.data(), bytes.size()) == 0) fail();
    check_picture_size(image.get()->width, image.get()->height, file);
    image.get()->format = PNG_FORMAT_RGBA;
    image.get()->flags |= PNG_IMAGE_FLAG_16BIT_sRGB;  // what programs write, in spite of libpng's own assumption
    std::vector<std::uint8_t> pixels(PNG_IMAGE_SIZE(*image.get()));
    if (png_image_finish_read(image.get(), nullptr, pixels.data(), 0, nullptr) == 0) fail();
    Raster raster{static_cast<int>(image.get()->width), static_cast<int>(image.get()->height), {}};
    raster.pixels.resize(pixels.size() / 4);
    for (std::size_t i = 0; i < raster.pixels.size(); ++i) {
        const std::uint8_t* p = &pixels[4 * i];
        raster.pixels[i] = {over_white(p[0], p[3]), over_white(p[1], p[3]), over_white(p[2], p[3])};
    }
    return drawing_of(std::move(raster));
}

}  // namespace

extern const PictureFormat png_picture;
const PictureFormat png_picture = {"PNG", recognises_png, read_png};

}  // namespace hersurv::digitise
