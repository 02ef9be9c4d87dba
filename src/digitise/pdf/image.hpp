// Pictures inside a PDF.
#pragma once

#include "digitise/drawing.hpp"
#include "digitise/pdf/document.hpp"

namespace hersurv::digitise {

// The pixels of an image; nullopt for a stencil mask. Throws InputError for a compression that is not read (CCITT fax,
// JBIG2, JPEG 2000), and if the image is too large or damaged.
[[nodiscard]] std::optional<Raster> read_pdf_image(const PdfObject& image, const std::string& file);

}  // namespace hersurv::digitise
