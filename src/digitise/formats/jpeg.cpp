// JPEG by libjpeg-turbo. Its errors come by longjmp: the functions that it may leave hold nothing that has a
// destructor.
#include "digitise/formats.hpp"
#include <csetjmp>
#include <cstddef>
#include <cstdio>
// Each of these needs what stands before it.
// clang-format off
#include <jpeglib.h>
#include <jerror.h>
// clang-format on

namespace hersurv::digitise {

namespace {

constexpr int max_scans = 200;  // a progressive JPEG has about ten; more are there to waste time

bool recognises_jpeg(std::string_view bytes) { return bytes.starts_with("\xff\xd8\xff"); }

struct JpegReader {
    jpeg_decompress_struct decoder{};
    jpeg_error_mgr errors{};
    jpeg_progress_mgr progress{};
    std::jmp_buf on_error{};
    char message[JMSG_LENGTH_MAX] = "";
};

JpegReader& reader_of(j_common_ptr decoder) { return *static_cast<JpegReader*>(decoder->client_data); }

[[noreturn]] void leave_jpeg(j_common_ptr decoder) {
    JpegReader& reader = reader_of(decoder);
    decoder->err->format_message(decoder, reader.message);
    std::longjmp(reader.on_error, 1);  // NOLINT(cert-err52-cpp): how libjpeg reports errors
}

// A file that ends too early or whose data make no sense would be filled with grey.
void note_jpeg(j_common_ptr decoder, int level) {
    if (level >= 0) return;
    const int code = decoder->err->msg_code;
    if (code == JWRN_JPEG_EOF || code == JWRN_HIT_MARKER || code == JWRN_HUFF_BAD_CODE || code == JWRN_ARITH_BAD_CODE)
        leave_jpeg(decoder);
}

void be_quiet(j_common_ptr) {}

void limit_scans(j_common_ptr decoder) {
    if (decoder->is_decompressor != 0 && reader_of(decoder).decoder.input_scan_number > max_scans) {
        decoder->err->msg_code = JERR_BAD_PROGRESSION;
        leave_jpeg(decoder);
    }
}

bool start_jpeg(JpegReader& reader, const unsigned char* bytes, unsigned long size) {
    reader.decoder.err = jpeg_std_error(&reader.errors);
    reader.errors.error_exit = leave_jpeg;
    reader.errors.emit_message = note_jpeg;
    reader.errors.output_message = be_quiet;
    reader.decoder.client_data = &reader;
    if (setjmp(reader.on_error) != 0) return false;  // NOLINT(cert-err52-cpp)
    jpeg_create_decompress(&reader.decoder);
    reader.decoder.client_data = &reader;
    reader.progress.progress_monitor = limit_scans;
    reader.decoder.progress = &reader.progress;
    jpeg_mem_src(&reader.decoder, bytes, size);
    jpeg_read_header(&reader.decoder, TRUE);
    const J_COLOR_SPACE space = reader.decoder.jpeg_color_space;
    reader.decoder.out_color_space = space == JCS_CMYK || space == JCS_YCCK ? JCS_CMYK : JCS_RGB;
    return true;
}

// `row` has room for one row, `pixels` for the picture.
bool decode_jpeg(JpegReader& reader, JSAMPLE* row, Colour* pixels) {
    if (setjmp(reader.on_error) != 0) return false;  // NOLINT(cert-err52-cpp)
    jpeg_start_decompress(&reader.decoder);
    const bool four = reader.decoder.out_color_components == 4;
    const bool inverted = reader.decoder.saw_Adobe_marker != 0;  // Adobe stores 255 - ink
    while (reader.decoder.output_scanline < reader.decoder.output_height) {
        Colour* out = pixels + static_cast<std::size_t>(reader.decoder.output_scanline) * reader.decoder.output_width;
        jpeg_read_scanlines(&reader.decoder, &row, 1);
        for (std::size_t x = 0; x < reader.decoder.output_width; ++x) {
            if (!four) {
                out[x] = {row[3 * x], row[3 * x + 1], row[3 * x + 2]};
                continue;
            }
            unsigned light[4];
            for (unsigned k = 0; k < 4; ++k) light[k] = inverted ? row[4 * x + k] : 255U - row[4 * x + k];
            const auto mixed = [&](unsigned k) { return static_cast<std::uint8_t>(light[k] * light[3] / 255U); };
            out[x] = {mixed(0), mixed(1), mixed(2)};
        }
    }
    jpeg_finish_decompress(&reader.decoder);
    return true;
}

Drawing read_jpeg(std::string_view bytes, const std::string& file, const ReadOptions&) {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): libjpeg reads unsigned bytes
    const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
    struct Guard {
        JpegReader reader{};
        ~Guard() { jpeg_destroy_decompress(&reader.decoder); }
    } guard;
    JpegReader& reader = guard.reader;
    const auto fail = [&] {
        fail_picture(file, "the JPEG picture is damaged (" + std::string(reader.message) + ")",
                     "download or save the picture again");
    };
    if (!start_jpeg(reader, data, bytes.size())) fail();
    check_picture_size(reader.decoder.image_width, reader.decoder.image_height, file);
    Raster raster{static_cast<int>(reader.decoder.image_width), static_cast<int>(reader.decoder.image_height), {}};
    raster.pixels.resize(static_cast<std::size_t>(raster.width) * raster.height);
    std::vector<JSAMPLE> row(static_cast<std::size_t>(raster.width) * 4);
    if (!decode_jpeg(reader, row.data(), raster.pixels.data())) fail();
    return drawing_of(std::move(raster));
}

}  // namespace

extern const PictureFormat jpeg_picture;
const PictureFormat jpeg_picture = {"JPEG", recognises_jpeg, read_jpeg};

}  // namespace hersurv::digitise
