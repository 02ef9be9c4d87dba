// PDF: one page of it. A page that is nothing but a picture (a scan, or a figure that a journal stores as an image)
// goes the way of raster pictures.
#include "digitise/formats.hpp"
#include "digitise/pdf/image.hpp"
#include "digitise/pdf/interpreter.hpp"
#include <algorithm>
#include <cmath>

namespace hersurv::digitise {

namespace {

constexpr std::size_t most_content_bytes = 64U << 20U, most_pdf_bytes = 256U << 20U;

bool recognises_pdf(std::string_view bytes) {
    // Some files have a few bytes before their header (ISO 32000-1, annex H).
    return bytes.substr(0, std::min<std::size_t>(bytes.size(), 1024)).find("%PDF-") != std::string_view::npos;
}

// An entry of the page or of the nodes of the page tree above it.
PdfObject inherited(PdfObject page, const char* name) {
    constexpr int highest_tree = 50;
    for (int level = 0; level < highest_tree && !page.is_null(); ++level) {
        PdfObject found = page.key(name);
        if (!found.is_null()) return found;
        page = page.key("Parent");
    }
    return {};
}

struct PageFrame {
    Matrix matrix{};  // from the page's points, y upwards, to those of the drawing
    double width = 0, height = 0;
};

PageFrame frame_of(const PdfObject& page, const std::string& file) {
    std::vector<double> box = inherited(page, "CropBox").numbers();
    if (box.size() != 4) box = inherited(page, "MediaBox").numbers();
    if (box.size() != 4) box = {0, 0, 612, 792};
    const double left = std::min(box[0], box[2]), right = std::max(box[0], box[2]), bottom = std::min(box[1], box[3]),
                 top = std::max(box[1], box[3]);
    // Acrobat's limit is 14400 points; some figures are posters.
    constexpr double largest = 1e6;
    if (!(right > left) || !(top > bottom) || right - left > largest || top - bottom > largest)
        fail_picture(file, "the page of the PDF has no area", "save the page again");
    const int turn = static_cast<int>(std::fmod(inherited(page, "Rotate").number(), 360) / 90 + 4) % 4;
    if (turn == 1) return {{0, 1, 1, 0, -bottom, -left}, top - bottom, right - left};
    if (turn == 2) return {{-1, 0, 0, 1, right, -bottom}, right - left, top - bottom};
    if (turn == 3) return {{0, -1, -1, 0, top, right}, top - bottom, right - left};
    return {{1, 0, 0, -1, -left, top}, right - left, top - bottom};
}

std::string content_of(const PdfObject& page, const std::string& file) {
    const PdfObject contents = page.key("Contents");
    std::string all;
    const int parts = contents.is_array() ? std::min(contents.size(), 10'000) : 1;
    for (int i = 0; i < parts; ++i) {
        const PdfObject part = contents.is_array() ? contents.item(i) : contents;
        all += part.stream(most_content_bytes).value_or("") + "\n";
        if (all.size() > most_content_bytes)
            fail_picture(file, "the page of the PDF has more than 64 MiB of drawing",
                         "save the figure alone, or as PNG");
    }
    return all;
}

// Images are stored with their first row on top; a matrix may mirror or turn them.
Raster upright(Raster raster, const Matrix& matrix) {
    const auto moved = [&](int width, int height, auto&& from) {
        Raster result{width, height, {}};
        result.pixels.reserve(raster.pixels.size());
        for (int y = 0; y < height; ++y)
            for (int x = 0; x < width; ++x) result.pixels.push_back(from(x, y));
        return result;
    };
    const int right = raster.width - 1, bottom = raster.height - 1;
    if (std::abs(matrix.b) + std::abs(matrix.c) > std::abs(matrix.a) + std::abs(matrix.d)) {
        // Along x of the drawing runs the image's y, which points from 1 to 0.
        const bool x_backwards = matrix.c > 0, y_backwards = matrix.b < 0;
        return moved(raster.height, raster.width, [&](int x, int y) {
            return raster.at(y_backwards ? right - y : y, x_backwards ? bottom - x : x);
        });
    }
    const bool x_backwards = matrix.a<0, y_backwards = matrix.d> 0;
    if (!x_backwards && !y_backwards) return raster;
    return moved(raster.width, raster.height,
                 [&](int x, int y) { return raster.at(x_backwards ? right - x : x, y_backwards ? bottom - y : y); });
}

// Whether the figure is the image: it fills much of the page, and hardly a line is drawn over it.
bool is_picture(const PlacedImage& image, const Drawing& drawing) {
    constexpr double least_share = 0.1;
    constexpr std::ptrdiff_t most_lines = 10;
    const Box& box = image.box;
    if ((box.right - box.left) * (box.bottom - box.top) < least_share * drawing.width * drawing.height) return false;
    const std::ptrdiff_t lines = std::count_if(drawing.paths.begin(), drawing.paths.end(), [&](const Path& path) {
        return path.stroke && path.points[0].x > box.left && path.points[0].x < box.right &&
               path.points[0].y > box.top && path.points[0].y < box.bottom;
    });
    const bool curve = std::any_of(drawing.paths.begin(), drawing.paths.end(),
                                   [](const Path& path) { return path.stroke && path.points.size() > 20; });
    return lines < most_lines && !curve;
}

Drawing read_pdf(std::string_view bytes, const std::string& file, const ReadOptions& options) {
    if (bytes.size() > most_pdf_bytes)
        fail_picture(file, "the PDF is larger than 256 MiB", "save the page with the figure alone");
    PdfDocument document(bytes, file);
    const int pages = document.pages();
    if (pages == 0)
        fail_picture(file, "the PDF has no page that can be read", "download it again, or save the figure as PNG");
    if (options.page < 1 || options.page > pages)
        fail_picture(file,
                     "the PDF has " + std::to_string(pages) + (pages == 1 ? " page" : " pages") +
                         "; there is no page " + std::to_string(options.page),
                     pages == 1 ? "leave out the page" : "give one of 1 to " + std::to_string(pages));
    const PdfObject page = document.page(options.page);
    const PageFrame frame = frame_of(page, file);
    Canvas canvas(file, frame.width, frame.height);
    PdfInterpreter interpreter(canvas, frame.matrix);
    interpreter.run(content_of(page, file), inherited(page, "Resources"));
    Drawing drawing = canvas.finish();
    const std::optional<PlacedImage>& image = interpreter.largest_image();
    if (image && is_picture(*image, drawing))
        if (std::optional<Raster> raster = read_pdf_image(image->image, file))
            return drawing_of(upright(std::move(*raster), image->matrix));
    return drawing;
}

}  // namespace

extern const PictureFormat pdf_picture;
const PictureFormat pdf_picture = {"PDF", recognises_pdf, read_pdf};

}  // namespace hersurv::digitise
