// THE table of picture formats. An addition is one file in formats/ that defines its `PictureFormat`, and its name
// here.
#include "digitise/formats.hpp"

#include "hersurv/error.hpp"

#include <cmath>

namespace hersurv::digitise {

extern const PictureFormat png_picture, jpeg_picture, svg_picture, pdf_picture;

namespace {

const PictureFormat* const picture_formats[] = {&png_picture, &jpeg_picture, &pdf_picture, &svg_picture};

}  // namespace

void fail_picture(const std::string& file, const std::string& problem, const std::string& remedy) {
    throw support::InputError({support::Fault{file, "", problem, remedy, 0, 0}});
}

void check_picture_size(double width, double height, const std::string& file) {
    if (!(width >= 1) || !(height >= 1)) fail_picture(file, "the picture is empty", "use a picture of the figure");
    if (width * height > max_megapixels * 1e6)
        fail_picture(file,
                     "the picture has " + std::to_string(std::lround(width * height / 1e6)) +
                         " megapixels; the limit is " + std::to_string(std::lround(max_megapixels)),
                     "scale it down, or cut out the figure");
}

Drawing drawing_of(Raster&& raster) {
    Drawing drawing;
    drawing.width = raster.width;
    drawing.height = raster.height;
    drawing.raster = std::move(raster);
    return drawing;
}

std::string_view format_name(std::string_view bytes) {
    for (const PictureFormat* format : picture_formats)
        if (format->recognises(bytes)) return format->name;
    return "";
}

Drawing read_drawing(std::string_view bytes, const std::string& file, const ReadOptions& options) {
    std::string names;
    for (const PictureFormat* format : picture_formats) {
        if (format->recognises(bytes)) return format->read(bytes, file, options);
        names += (names.empty() ? "" : ", ") + std::string(format->name);
    }
    fail_picture(file, bytes.empty() ? "the file is empty" : "the file is not a picture that can be read",
                 "use one of " + names);
}

}  // namespace hersurv::digitise
