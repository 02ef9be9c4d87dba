// Writes answers to stdout, where a closed pipe is not an error and a full disk is one, or to a file, whole or not at
// all.
#include "cli/output.hpp"

#include "hersurv/error.hpp"

#include "support/file.hpp"
#include <cerrno>
#include <cstdio>
#include <sys/mman.h>
#include <system_error>

namespace hersurv::cli {
namespace {

using support::OutputError;

std::string reason(int error) { return error == 0 ? "" : ": " + std::generic_category().message(error); }

class StreamOutput : public Output {
  public:
    explicit StreamOutput(std::ostream& out) : out_(out) {}
    void write(std::string_view bytes) override {
        errno = 0;
        out_.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        if (out_) out_.flush();  // a full disk shows only here
        if (out_) return;
        if (errno == EPIPE) throw ClosedPipe{};
        throw OutputError("stdout cannot be written" + reason(errno));
    }
    void finish() override {}

  private:
    std::ostream& out_;
};

class FileOutput : public Output {
  public:
    explicit FileOutput(std::string path) : path_(std::move(path)), spool_(std::tmpfile()) {
        if (spool_ == nullptr) fail("no temporary file for it can be created");
    }
    FileOutput(const FileOutput&) = delete;
    FileOutput& operator=(const FileOutput&) = delete;
    ~FileOutput() override { std::fclose(spool_); }

    void write(std::string_view bytes) override {
        if (std::fwrite(bytes.data(), 1, bytes.size(), spool_) != bytes.size()) spool_full();
        size_ += bytes.size();
    }
    void finish() override {
        if (std::fflush(spool_) != 0) spool_full();
        if (size_ == 0) return support::write_file_whole(path_, "");
        void* const bytes = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, ::fileno(spool_), 0);
        if (bytes == MAP_FAILED) fail("its temporary file cannot be read back");
        const Mapping mapping{bytes, size_};
        support::write_file_whole(path_, {static_cast<const char*>(bytes), size_});
    }

  private:
    struct Mapping {
        void* bytes;
        std::size_t size;
        ~Mapping() { ::munmap(bytes, size); }
    };
    [[noreturn]] void fail(const std::string& problem) const {
        throw OutputError(path_ + ": " + problem + reason(errno));
    }
    [[noreturn]] void spool_full() const { fail("its temporary file cannot be written"); }

    std::string path_;
    std::FILE* spool_;
    std::size_t size_ = 0;
};

}  // namespace

std::unique_ptr<Output> open_output(const std::string& path, std::ostream& out) {
    if (path.empty() || path == "-") return std::make_unique<StreamOutput>(out);
    return std::make_unique<FileOutput>(path);
}

}  // namespace hersurv::cli
