// From the bytes of a picture to a Drawing. THE table of picture formats is in formats.cpp; one file each in formats/.
#pragma once

#include "digitise/drawing.hpp"
#include <string>
#include <string_view>

namespace hersurv::digitise {

struct ReadOptions {
    int page = 1;  // of a document with several
};

struct PictureFormat {
    std::string_view name{};  // "PNG", for messages
    bool (*recognises)(std::string_view bytes) = nullptr;
    // Throws InputError with `file` as its place.
    Drawing (*read)(std::string_view bytes, const std::string& file, const ReadOptions& options) = nullptr;
};

// The format is recognised by the content, not by the name. Throws InputError if it is none of the table, too large or
// damaged.
[[nodiscard]] Drawing read_drawing(std::string_view bytes, const std::string& file, const ReadOptions& options = {});

// "PNG"; empty if it is none of the table.
[[nodiscard]] std::string_view format_name(std::string_view bytes);

// For the readers. A raster picture of more pixels than this is refused before its memory is allocated.
inline constexpr double max_megapixels = 40;
[[noreturn]] void fail_picture(const std::string& file, const std::string& problem, const std::string& remedy);
void check_picture_size(double width, double height, const std::string& file);
// A drawing that is nothing but this raster.
[[nodiscard]] Drawing drawing_of(Raster&& raster);

}  // namespace hersurv::digitise
