// Objects of a PDF, by the C interface of libqpdf. It is loaded when it is needed: linked, it would cost every start of
// the program some milliseconds.
#include "digitise/pdf/document.hpp"

#include "hersurv/error.hpp"

#include <cstdlib>
#include <dlfcn.h>
#include <zlib.h>

namespace hersurv::digitise {

namespace {

// As qpdf/qpdf-c.h of version 11 declares them.
using QpdfData = void*;
using QpdfObject = unsigned;
constexpr int decode_none = 0, decode_generalized = 1, password_error = 4;

// How long a zlib stream is when it is inflated, counted up to a little more than `most_bytes`; 0 if it is none.
// `result` may be null.
std::size_t inflate_to(std::string_view bytes, std::size_t most_bytes, std::string* result) {
    z_stream stream{};
    if (inflateInit(&stream) != Z_OK) return 0;
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    std::string block(1U << 16U, '\0');
    std::size_t size = 0;
    int status = Z_OK;
    while (status == Z_OK && size <= most_bytes) {
        stream.next_out = reinterpret_cast<Bytef*>(block.data());
        stream.avail_out = static_cast<uInt>(block.size());
        status = inflate(&stream, Z_NO_FLUSH);
        const std::size_t got = block.size() - stream.avail_out;
        if (result != nullptr) result->append(block, 0, got);
        size += got;
        if (got == 0 && stream.avail_in == 0) break;
    }
    inflateEnd(&stream);
    return size;
}

// libqpdf inflates the streams that hold objects without a limit when it opens a file; whether one is a bomb has to be
// known before.
bool has_bomb(std::string_view bytes) {
    constexpr std::size_t most_bytes = 256U << 20U, most_ratio = 1032;  // of zlib's compression
    for (std::size_t at = bytes.find("stream"); at != std::string_view::npos; at = bytes.find("stream", at + 6)) {
        std::size_t start = at + 6;
        while (start < bytes.size() && (bytes[start] == '\r' || bytes[start] == '\n')) ++start;
        const std::size_t end = std::min(bytes.find("endstream", start), bytes.size());
        const bool ends_one = at >= 3 && bytes.substr(at - 3, 3) == "end";
        if (ends_one || end - start <= most_bytes / most_ratio) continue;
        if (inflate_to(bytes.substr(start, end - start), most_bytes, nullptr) > most_bytes) return true;
    }
    return false;
}

[[noreturn]] void fail_pdf(const std::string& file, const std::string& problem, const std::string& remedy) {
    throw support::InputError({support::Fault{file, "", problem, remedy, 0, 0}});
}

}  // namespace

struct PdfDocument::Library {
    Library() : handle(dlopen("libqpdf.so.29", RTLD_NOW | RTLD_LOCAL)) {
        if (handle == nullptr)
            throw support::OutputError(
                "PDF files are read by libqpdf, which is not installed; install its package (libqpdf29 in Debian), or "
                "save the "
                "figure as SVG or PNG");
        find("qpdf_init", init);
        find("qpdf_cleanup", cleanup);
        find("qpdf_silence_errors", silence_errors);
        find("qpdf_set_suppress_warnings", suppress_warnings);
        find("qpdf_read_memory", read_memory);
        find("qpdf_get_error", get_error);
        find("qpdf_get_error_code", get_error_code);
        find("qpdf_get_num_pages", get_num_pages);
        find("qpdf_get_page_n", get_page);
        find("qpdf_oh_release", release);
        find("qpdf_oh_new_object", copy);
        find("qpdf_oh_is_null", is_null);
        find("qpdf_oh_is_number", is_number);
        find("qpdf_oh_is_name", is_name);
        find("qpdf_oh_is_string", is_string);
        find("qpdf_oh_is_array", is_array);
        find("qpdf_oh_is_dictionary", is_dictionary);
        find("qpdf_oh_is_stream", is_stream);
        find("qpdf_oh_get_numeric_value", get_number);
        find("qpdf_oh_get_name", get_name);
        find("qpdf_oh_get_binary_string_value", get_string);
        find("qpdf_oh_get_array_n_items", get_size);
        find("qpdf_oh_get_array_item", get_item);
        find("qpdf_oh_get_key", get_key);
        find("qpdf_oh_get_dict", get_dictionary);
        find("qpdf_oh_begin_dict_key_iter", begin_keys);
        find("qpdf_oh_dict_more_keys", more_keys);
        find("qpdf_oh_dict_next_key", next_key);
        find("qpdf_oh_get_object_id", get_id);
        find("qpdf_oh_get_stream_data", get_stream);
    }

    template <class Function>
    void find(const char* name, Function& function) {
        function = reinterpret_cast<Function>(dlsym(handle, name));
        if (function == nullptr)
            throw support::OutputError("PDF files need libqpdf 11 (libqpdf29 in Debian): the installed one has no " +
                                       std::string(name) + "; save the figure as SVG or PNG");
    }

    void* handle;
    QpdfData (*init)() = nullptr;
    void (*cleanup)(QpdfData*) = nullptr;
    void (*silence_errors)(QpdfData) = nullptr;
    void (*suppress_warnings)(QpdfData, int) = nullptr;
    int (*read_memory)(QpdfData, const char* description, const char* buffer, unsigned long long size,
                       const char* password) = nullptr;
    void* (*get_error)(QpdfData) = nullptr;
    int (*get_error_code)(QpdfData, void*) = nullptr;
    int (*get_num_pages)(QpdfData) = nullptr;
    QpdfObject (*get_page)(QpdfData, std::size_t) = nullptr;
    void (*release)(QpdfData, QpdfObject) = nullptr;
    QpdfObject (*copy)(QpdfData, QpdfObject) = nullptr;
    int (*is_null)(QpdfData, QpdfObject) = nullptr;
    int (*is_number)(QpdfData, QpdfObject) = nullptr;
    int (*is_name)(QpdfData, QpdfObject) = nullptr;
    int (*is_string)(QpdfData, QpdfObject) = nullptr;
    int (*is_array)(QpdfData, QpdfObject) = nullptr;
    int (*is_dictionary)(QpdfData, QpdfObject) = nullptr;
    int (*is_stream)(QpdfData, QpdfObject) = nullptr;
    double (*get_number)(QpdfData, QpdfObject) = nullptr;
    const char* (*get_name)(QpdfData, QpdfObject) = nullptr;
    const char* (*get_string)(QpdfData, QpdfObject, std::size_t*) = nullptr;
    int (*get_size)(QpdfData, QpdfObject) = nullptr;
    QpdfObject (*get_item)(QpdfData, QpdfObject, int) = nullptr;
    QpdfObject (*get_key)(QpdfData, QpdfObject, const char*) = nullptr;
    QpdfObject (*get_dictionary)(QpdfData, QpdfObject) = nullptr;
    void (*begin_keys)(QpdfData, QpdfObject) = nullptr;
    int (*more_keys)(QpdfData) = nullptr;
    const char* (*next_key)(QpdfData) = nullptr;
    int (*get_id)(QpdfData, QpdfObject) = nullptr;
    int (*get_stream)(QpdfData, QpdfObject, int level, int* filtered, unsigned char** bytes,
                      std::size_t* size) = nullptr;
};

const PdfDocument::Library& PdfDocument::library() {
    // Stays loaded: its functions are used until the program ends.
    static const Library* const loaded = new Library;
    return *loaded;
}

PdfDocument::PdfDocument(std::string_view bytes, std::string file)
    : bytes_(bytes), file_(std::move(file)), qpdf_(library()), data_(qpdf_.init()) {
    if (has_bomb(bytes_)) {
        qpdf_.cleanup(&data_);
        fail_pdf(file_, "a part of the PDF is too large when it is decompressed",
                 "save the page with the figure alone, or as PNG");
    }
    qpdf_.silence_errors(data_);
    qpdf_.suppress_warnings(data_, 1);
    const int status = qpdf_.read_memory(data_, file_.c_str(), bytes_.data(), bytes_.size(), nullptr);
    constexpr int failed = 2;
    if ((status & failed) == 0) return;
    void* const error = qpdf_.get_error(data_);
    const bool locked = error != nullptr && qpdf_.get_error_code(data_, error) == password_error;
    qpdf_.cleanup(&data_);
    if (locked)
        fail_pdf(file_, "the PDF is encrypted and needs a password",
                 "save a copy without a password, or the figure as PNG");
    fail_pdf(file_, "the PDF is damaged", "download it again, or save the figure as PNG");
}

PdfDocument::~PdfDocument() {
    if (data_ != nullptr) qpdf_.cleanup(&data_);
}

int PdfDocument::pages() { return std::max(0, qpdf_.get_num_pages(data_)); }

PdfObject PdfDocument::page(int number) { return {*this, qpdf_.get_page(data_, static_cast<std::size_t>(number - 1))}; }

PdfObject::~PdfObject() {
    if (document_ != nullptr) document_->qpdf_.release(document_->data_, handle_);
}

PdfObject::PdfObject(const PdfObject& other)
    : document_(other.document_),
      handle_(document_ == nullptr ? 0 : document_->qpdf_.copy(document_->data_, other.handle_)) {}

PdfObject::PdfObject(PdfObject&& other) noexcept : document_(other.document_), handle_(other.handle_) {
    other.document_ = nullptr;
}

PdfObject& PdfObject::operator=(PdfObject other) noexcept {
    std::swap(document_, other.document_);
    std::swap(handle_, other.handle_);
    return *this;
}

bool PdfObject::is_null() const {
    return document_ == nullptr || document_->qpdf_.is_null(document_->data_, handle_) != 0;
}

bool PdfObject::is_number() const {
    return document_ != nullptr && document_->qpdf_.is_number(document_->data_, handle_) != 0;
}

bool PdfObject::is_name() const {
    return document_ != nullptr && document_->qpdf_.is_name(document_->data_, handle_) != 0;
}

bool PdfObject::is_array() const {
    return document_ != nullptr && document_->qpdf_.is_array(document_->data_, handle_) != 0;
}

bool PdfObject::is_dictionary() const {
    return document_ != nullptr && document_->qpdf_.is_dictionary(document_->data_, handle_) != 0;
}

bool PdfObject::is_stream() const {
    return document_ != nullptr && document_->qpdf_.is_stream(document_->data_, handle_) != 0;
}

double PdfObject::number(double otherwise) const {
    return is_number() ? document_->qpdf_.get_number(document_->data_, handle_) : otherwise;
}

std::string PdfObject::name() const {
    if (!is_name()) return "";
    const std::string name = document_->qpdf_.get_name(document_->data_, handle_);
    return name.starts_with("/") ? name.substr(1) : name;
}

std::string PdfObject::bytes() const {
    if (document_ == nullptr || document_->qpdf_.is_string(document_->data_, handle_) == 0) return "";
    std::size_t size = 0;
    const char* const text = document_->qpdf_.get_string(document_->data_, handle_, &size);
    return {text, size};
}

int PdfObject::size() const { return is_array() ? document_->qpdf_.get_size(document_->data_, handle_) : 0; }

PdfObject PdfObject::item(int index) const {
    if (index < 0 || index >= size()) return {};
    return {*document_, document_->qpdf_.get_item(document_->data_, handle_, index)};
}

PdfObject PdfObject::key(const char* name) const {
    if (is_stream()) return PdfObject(*document_, document_->qpdf_.get_dictionary(document_->data_, handle_)).key(name);
    if (!is_dictionary()) return {};
    return {*document_, document_->qpdf_.get_key(document_->data_, handle_, (std::string("/") + name).c_str())};
}

std::vector<std::string> PdfObject::keys() const {
    std::vector<std::string> found;
    if (!is_dictionary()) return found;
    document_->qpdf_.begin_keys(document_->data_, handle_);
    while (document_->qpdf_.more_keys(document_->data_) != 0) {
        const std::string key = document_->qpdf_.next_key(document_->data_);
        found.push_back(key.starts_with("/") ? key.substr(1) : key);
    }
    return found;
}

std::vector<double> PdfObject::numbers() const {
    constexpr int most = 100'000;
    std::vector<double> found;
    for (int i = 0; i < std::min(size(), most); ++i) found.push_back(item(i).number());
    return found;
}

int PdfObject::id() const { return document_ == nullptr ? 0 : document_->qpdf_.get_id(document_->data_, handle_); }

std::vector<std::string> PdfObject::filters() const {
    std::vector<std::string> names;
    const PdfObject filter = key("Filter");
    if (filter.is_name()) names.push_back(filter.name());
    for (int i = 0; i < filter.size(); ++i) names.push_back(filter.item(i).name());
    return names;
}

std::string PdfObject::raw_stream() const {
    if (!is_stream()) return "";
    unsigned char* bytes = nullptr;
    std::size_t size = 0;
    int filtered = 0;
    if (document_->qpdf_.get_stream(document_->data_, handle_, decode_none, &filtered, &bytes, &size) >= 2) return "";
    std::string result(reinterpret_cast<const char*>(bytes), size);
    std::free(bytes);
    return result;
}

std::optional<std::string> PdfObject::stream(std::size_t most_bytes) const {
    if (!is_stream()) return std::nullopt;
    const auto too_large = [&] {
        fail_pdf(document_->file(), "a part of the PDF is too large when it is decompressed",
                 "save the page with the figure alone, or as PNG");
    };
    // libqpdf decodes without a limit, so how long the result is has to be known before.
    std::size_t expanding = 0;
    const std::string raw = raw_stream();
    for (const std::string& name : filters()) {
        if (name == "FlateDecode" || name == "Fl" || name == "LZWDecode" || name == "LZW" ||
            name == "RunLengthDecode" || name == "RL")
            ++expanding;
        // 12 bits for at most 4096 bytes.
        if (name.starts_with("LZW") && raw.size() > most_bytes / 2700 + 4096) too_large();
    }
    if (expanding > 1 || raw.size() > most_bytes) too_large();
    const std::vector<std::string> names = filters();
    if (names.size() == 1 && names[0].starts_with("Fl") && !inflate_bounded(raw, most_bytes)) too_large();
    unsigned char* bytes = nullptr;
    std::size_t size = 0;
    int filtered = 0;
    if (document_->qpdf_.get_stream(document_->data_, handle_, decode_generalized, &filtered, &bytes, &size) >= 2)
        return std::nullopt;
    std::string result(reinterpret_cast<const char*>(bytes), size);
    std::free(bytes);
    if (filtered == 0 && !names.empty()) return std::nullopt;
    return result;
}

std::optional<std::string> inflate_bounded(std::string_view bytes, std::size_t most_bytes) {
    std::string result;
    if (inflate_to(bytes, most_bytes, &result) > most_bytes) return std::nullopt;
    return result;
}

}  // namespace hersurv::digitise
