// A figure as PDF or PNG: its SVG drawn by librsvg and cairo. They are loaded when they are needed: linked, they would
// cost every start of the program 10 ms.
#include "render/figure_formats/rsvg.hpp"

#include "hersurv/error.hpp"

#include "render/figure.hpp"
#include "render/figure_formats/svg_sheet.hpp"
#include "support/number_text.hpp"
#include <cmath>
#include <cstdint>
#include <dlfcn.h>
#include <memory>

namespace hersurv::render {

std::string figure_as_pdf(const Figure& figure, const FigureRenderOptions& options);
std::string figure_as_png(const Figure& figure, const FigureRenderOptions& options);

namespace {

// What is used of the interfaces of librsvg 2.48 and cairo 1.16, as their headers declare it.
struct Handle;
struct Surface;
struct Context;
struct Rectangle {
    double x, y, width, height;
};
using Write = int (*)(void* closure, const unsigned char* data, unsigned length);
struct TextExtents {
    double x_bearing, y_bearing, width, height, x_advance, y_advance;
};
constexpr int upright = 0, normal_weight = 0, bold_weight = 1;
constexpr int argb32 = 0, metadata_title = 0, metadata_create_date = 5, success = 0;

class Library {
  public:
    Library() : library_(dlopen("librsvg-2.so.2", RTLD_NOW | RTLD_LOCAL)) {
        if (library_ == nullptr)
            throw support::OutputError(
                "pdf and png are drawn by librsvg, which is not installed; install its package (librsvg2-2 in Debian), "
                "or take svg");
        find("rsvg_handle_new_from_data", new_from_data);
        find("rsvg_handle_render_document", render_document);
        find("g_object_unref", unref);
        find("cairo_image_surface_create", image_surface);
        find("cairo_pdf_surface_create_for_stream", pdf_surface);
        find("cairo_pdf_surface_set_metadata", set_metadata);
        find("cairo_surface_write_to_png_stream", write_png);
        find("cairo_surface_finish", finish);
        find("cairo_surface_status", status);
        find("cairo_surface_destroy", destroy_surface);
        find("cairo_create", create);
        find("cairo_destroy", destroy_context);
        find("cairo_select_font_face", select_font_face);
        find("cairo_set_font_size", set_font_size);
        find("cairo_text_extents", text_extents);
    }

    Handle* (*new_from_data)(const std::uint8_t* data, std::size_t length, void** error) = nullptr;
    int (*render_document)(Handle*, Context*, const Rectangle*, void** error) = nullptr;
    void (*unref)(void*) = nullptr;
    Surface* (*image_surface)(int format, int width, int height) = nullptr;
    Surface* (*pdf_surface)(Write, void* closure, double width_points, double height_points) = nullptr;
    void (*set_metadata)(Surface*, int kind, const char* text) = nullptr;
    int (*write_png)(Surface*, Write, void* closure) = nullptr;
    void (*finish)(Surface*) = nullptr;
    int (*status)(Surface*) = nullptr;
    void (*destroy_surface)(Surface*) = nullptr;
    Context* (*create)(Surface*) = nullptr;
    void (*destroy_context)(Context*) = nullptr;
    void (*select_font_face)(Context*, const char* family, int slant, int weight) = nullptr;
    void (*set_font_size)(Context*, double size) = nullptr;
    void (*text_extents)(Context*, const char* text, TextExtents*) = nullptr;

  private:
    // cairo and gobject come with librsvg, which depends on them. The library stays loaded: glib cannot be unloaded.
    template <class Function>
    void find(const char* name, Function& function) {
        function = reinterpret_cast<Function>(dlsym(library_, name));
        if (function == nullptr)
            throw support::OutputError(
                "pdf and png need librsvg 2.48 and cairo 1.16 or later: the installed ones have no " +
                std::string(name) + "; take svg");
    }

    void* library_;
};

int append(void* closure, const unsigned char* data, unsigned length) {
    static_cast<std::string*>(closure)->append(reinterpret_cast<const char*>(data), length);
    return success;
}

// Measures texts in the font that stands for Helvetica on this machine, so that every machine draws them as wide as
// they were laid out.
class MachineFont {
  public:
    explicit MachineFont(const Library& library)
        : library_(library),
          surface_(library.image_surface(argb32, 1, 1), library.destroy_surface),
          context_(library.create(surface_.get()), library.destroy_context) {
        library.set_font_size(context_.get(), size);
    }

    [[nodiscard]] double width(std::string_view text, bool bold) const {
        library_.select_font_face(context_.get(), "Helvetica", upright, bold ? bold_weight : normal_weight);
        TextExtents extents{};
        library_.text_extents(context_.get(), std::string(text).c_str(), &extents);
        return extents.x_advance / size;
    }

  private:
    // Large, as widths may be rounded to pixels.
    static constexpr double size = 1000;
    const Library& library_;
    std::unique_ptr<Surface, void (*)(Surface*)> surface_;
    std::unique_ptr<Context, void (*)(Context*)> context_;
};

std::string svg_for(const Library& library, const Figure& figure) {
    const MachineFont font(library);
    return svg::drawn_as_svg(figure, [&](std::string_view text, bool bold) { return font.width(text, bold); });
}

// Height of the sheet over its width, which are in the viewBox.
double shape_of(const std::string& svg) {
    const std::string key = "viewBox=\"0 0 ";
    const std::size_t start = svg.find(key) + key.size(), blank = svg.find(' ', start), end = svg.find('"', blank);
    const std::string_view document = svg;
    const auto width = support::parse_number(document.substr(start, blank - start)),
               height = support::parse_number(document.substr(blank + 1, end - blank - 1));
    return height.value() / width.value();
}

// Draws the document so that it fills a surface of this size.
void draw(const Library& library, const std::string& svg, Surface* surface, double width, double height) {
    const std::unique_ptr<Handle, void (*)(void*)> handle(
        library.new_from_data(reinterpret_cast<const std::uint8_t*>(svg.data()), svg.size(), nullptr), library.unref);
    const std::unique_ptr<Context, void (*)(Context*)> context(library.create(surface), library.destroy_context);
    const Rectangle all{0, 0, width, height};
    if (handle == nullptr || library.render_document(handle.get(), context.get(), &all, nullptr) == 0 ||
        library.status(surface) != success)
        throw support::OutputError("librsvg could not draw the figure; take svg, or a smaller width or resolution");
}

std::string png_of(const Library& library, const std::string& svg, int width, int height) {
    const std::unique_ptr<Surface, void (*)(Surface*)> surface(library.image_surface(argb32, width, height),
                                                               library.destroy_surface);
    draw(library, svg, surface.get(), width, height);
    std::string bytes;
    if (library.write_png(surface.get(), append, &bytes) != success)
        throw support::OutputError("cairo could not write the png; take svg");
    return bytes;
}

constexpr double cm_per_inch = 2.54, points_per_inch = 72;

}  // namespace

std::string figure_as_pdf(const Figure& figure, const FigureRenderOptions&) {
    const Library library;
    const std::string svg = svg_for(library, figure);
    const double width = figure.width_cm / cm_per_inch * points_per_inch, height = width * shape_of(svg);
    std::string bytes;
    const std::unique_ptr<Surface, void (*)(Surface*)> surface(library.pdf_surface(append, &bytes, width, height),
                                                               library.destroy_surface);
    library.set_metadata(surface.get(), metadata_title, figure.title.c_str());
    // No time stamp: the same figure is the same file.
    library.set_metadata(surface.get(), metadata_create_date, "");
    draw(library, svg, surface.get(), width, height);
    library.finish(surface.get());
    if (library.status(surface.get()) != success) throw support::OutputError("cairo could not write the pdf; take svg");
    return bytes;
}

std::string figure_as_png(const Figure& figure, const FigureRenderOptions&) {
    const Library library;
    const std::string svg = svg_for(library, figure);
    const double width = std::round(figure.width_cm / cm_per_inch * figure.dots_per_inch),
                 height = std::ceil(width * shape_of(svg) - 0.01);
    // cairo's limit of a surface.
    constexpr double most_pixels = 32767;
    if (width > most_pixels || height > most_pixels)
        throw support::UsageError(
            "a png of this size and resolution has more than 32767 pixels on a side; make one of them smaller");
    return png_of(library, svg, static_cast<int>(width), static_cast<int>(height));
}

std::string png_of_svg(const std::string& svg, int width, int height) { return png_of(Library(), svg, width, height); }

}  // namespace hersurv::render
