// Objects of a PDF, by the C interface of libqpdf, which is loaded when the first PDF is read.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hersurv::digitise {

class PdfDocument;

// A value of the document; a missing one is null and gives back nulls and zeros.
class PdfObject {
  public:
    PdfObject() = default;
    PdfObject(PdfDocument& document, unsigned handle) : document_(&document), handle_(handle) {}
    ~PdfObject();
    PdfObject(const PdfObject& other);
    PdfObject(PdfObject&& other) noexcept;
    PdfObject& operator=(PdfObject other) noexcept;

    [[nodiscard]] bool is_null() const;
    [[nodiscard]] bool is_number() const;
    [[nodiscard]] bool is_name() const;
    [[nodiscard]] bool is_array() const;
    [[nodiscard]] bool is_dictionary() const;
    [[nodiscard]] bool is_stream() const;
    [[nodiscard]] double number(double otherwise = 0) const;
    [[nodiscard]] std::string name() const;   // without its slash
    [[nodiscard]] std::string bytes() const;  // of a string
    [[nodiscard]] int size() const;           // of an array
    [[nodiscard]] PdfObject item(int index) const;
    [[nodiscard]] PdfObject key(const char* name) const;  // of a dictionary or of a stream's dictionary
    [[nodiscard]] std::vector<std::string> keys() const;
    [[nodiscard]] std::vector<double> numbers() const;
    [[nodiscard]] int id() const;  // 0: a direct object

    // The filters of a stream.
    [[nodiscard]] std::vector<std::string> filters() const;
    // The stream as it is in the file, decrypted.
    [[nodiscard]] std::string raw_stream() const;
    // The decoded stream; nullopt if libqpdf does not decode its filters. Throws InputError if it is larger than
    // `most_bytes`.
    [[nodiscard]] std::optional<std::string> stream(std::size_t most_bytes) const;

  private:
    PdfDocument* document_ = nullptr;
    unsigned handle_ = 0;
};

class PdfDocument {
  public:
    // Throws InputError if the file is damaged or needs a password, OutputError if libqpdf is not installed.
    PdfDocument(std::string_view bytes, std::string file);
    ~PdfDocument();
    PdfDocument(const PdfDocument&) = delete;
    PdfDocument& operator=(const PdfDocument&) = delete;
    PdfDocument(PdfDocument&&) = delete;
    PdfDocument& operator=(PdfDocument&&) = delete;

    [[nodiscard]] int pages();
    [[nodiscard]] PdfObject page(int number);  // from 1
    [[nodiscard]] const std::string& file() const { return file_; }

  private:
    friend class PdfObject;
    struct Library;
    [[nodiscard]] static const Library& library();

    std::string bytes_;
    std::string file_;
    const Library& qpdf_;
    void* data_ = nullptr;
};

// Inflates a zlib stream up to a limit; nullopt if it is longer. A damaged stream ends where the damage is.
[[nodiscard]] std::optional<std::string> inflate_bounded(std::string_view bytes, std::size_t most_bytes);

}  // namespace hersurv::digitise
