// Reading and writing whole files over POSIX calls: the standard streams tell neither why an open failed nor that the
// disk is full.
#include "support/file.hpp"

#include "hersurv/error.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstddef>
#include <fcntl.h>
#include <filesystem>
#include <istream>
#include <memory>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace hersurv::support {
namespace {

constexpr std::size_t largest_input = std::size_t{256} << 20;

std::string reason(int error) { return std::generic_category().message(error); }

[[noreturn]] void input_fault(const std::string& path, std::string problem, std::string remedy) {
    throw InputError({Fault{path, "", std::move(problem), std::move(remedy), 0, 0}});
}

[[noreturn]] void output_fault(const std::string& path, const std::string& problem, const std::string& remedy) {
    throw OutputError(describe(Fault{path, "", problem, remedy, 0, 0}));
}

class Descriptor {
  public:
    explicit Descriptor(int number) : number_(number) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    [[nodiscard]] int get() const { return number_; }
    // A full disk may show only here, so the result of closing counts.
    [[nodiscard]] int close() {
        const int number = number_;
        number_ = -1;
        return ::close(number);
    }

  private:
    int number_;
};

// The temporary file of which a signal must not leave anything: what a handler may read, which is not a std::string.
std::array<char, 4096> unfinished_path{};
volatile std::sig_atomic_t is_unfinished = 0;

// Removes the temporary file unless it was given its final name.
class Temporary {
  public:
    // Nothing here may fail: the file exists already.
    explicit Temporary(std::string&& path) noexcept : path_(std::move(path)) {
        if (path_.size() >= unfinished_path.size()) return;
        unfinished_path[path_.copy(unfinished_path.data(), unfinished_path.size() - 1)] = '\0';
        is_unfinished = 1;
    }
    Temporary(const Temporary&) = delete;
    Temporary& operator=(const Temporary&) = delete;
    ~Temporary() {
        is_unfinished = 0;
        if (!path_.empty()) ::unlink(path_.c_str());
    }
    [[nodiscard]] const char* path() const { return path_.c_str(); }
    void keep() {
        is_unfinished = 0;
        path_.clear();
    }

  private:
    std::string path_;
};

// 0, or the error number.
int write_all(int descriptor, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t count = ::write(descriptor, bytes.data(), bytes.size());
        if (count < 0) {
            if (errno == EINTR) continue;
            return errno;
        }
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return 0;
}

// The number of the open descriptor that a path such as /dev/stdout names, else -1. Opening such a path anew would
// start at the beginning of a file that the shell appends to, and fails for a socket.
int open_descriptor_named(std::string_view path) {
    if (path == "/dev/stdout") return STDOUT_FILENO;
    if (path == "/dev/stderr") return STDERR_FILENO;
    for (const std::string_view folder : {std::string_view("/dev/fd/"), std::string_view("/proc/self/fd/")}) {
        if (!path.starts_with(folder)) continue;
        const std::string_view digits = path.substr(folder.size());
        int number = -1;
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
        if (error == std::errc() && end == digits.data() + digits.size() && number >= 0) return number;
    }
    return -1;
}

// Where the bytes of `path` are in the end: the target of symbolic links, which need not exist yet.
std::string end_of_links(const std::string& path) {
    std::filesystem::path target(path);
    std::error_code error;
    for (int step = 0; step < 40 && std::filesystem::is_symlink(std::filesystem::symlink_status(target, error));
         ++step) {
        const std::filesystem::path link = std::filesystem::read_symlink(target, error);
        if (error) break;
        target = target.parent_path() / link;  // an absolute link replaces the whole path
    }
    return target.string();
}

void write_directly(const std::string& path, std::string_view bytes) {
    const int named = open_descriptor_named(path);
    Descriptor descriptor(named >= 0 ? ::fcntl(named, F_DUPFD_CLOEXEC, 0) : ::open(path.c_str(), O_WRONLY | O_CLOEXEC));
    if (descriptor.get() < 0) output_fault(path, "cannot be opened for writing: " + reason(errno), "");
    int error = write_all(descriptor.get(), bytes);
    if (error == 0 && descriptor.close() != 0) error = errno;
    if (error != 0 && error != EPIPE) output_fault(path, "cannot be written: " + reason(error), "");
}

}  // namespace

std::string read_file(const std::string& path) {
    const Descriptor descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (descriptor.get() < 0) {
        const int error = errno;
        if (error == ENOENT || error == ENOTDIR) input_fault(path, "no such file", "check the path");
        if (error == EACCES) input_fault(path, "no permission to read it", "change its permissions or read a copy");
        input_fault(path, "cannot be opened: " + reason(error), "");
    }
    struct stat status {};
    if (::fstat(descriptor.get(), &status) != 0) input_fault(path, "cannot be examined: " + reason(errno), "");
    if (S_ISDIR(status.st_mode)) input_fault(path, "is a folder", "name a file in it");
    const auto too_large = [&] { input_fault(path, "is larger than 256 MiB", "split it into several files"); };
    std::string bytes;
    if (S_ISREG(status.st_mode)) {
        if (static_cast<std::size_t>(status.st_size) > largest_input) too_large();
        bytes.reserve(static_cast<std::size_t>(status.st_size));
    }
    constexpr std::size_t block_size = std::size_t{1} << 16;
    const auto block = std::make_unique<std::array<char, block_size>>();
    while (true) {
        const ssize_t count = ::read(descriptor.get(), block->data(), block->size());
        if (count < 0) {
            if (errno == EINTR) continue;
            input_fault(path, "cannot be read: " + reason(errno), "");
        }
        if (count == 0) return bytes;
        if (bytes.size() + static_cast<std::size_t>(count) > largest_input) too_large();
        bytes.append(block->data(), static_cast<std::size_t>(count));
    }
}

std::string read_stream(std::istream& in, const std::string& name) {
    constexpr std::size_t block_size = std::size_t{1} << 16;
    const auto block = std::make_unique<std::array<char, block_size>>();
    std::string bytes;
    while (in.read(block->data(), block_size) || in.gcount() > 0) {
        const auto count = static_cast<std::size_t>(in.gcount());
        if (bytes.size() + count > largest_input)
            input_fault(name, "is larger than 256 MiB", "split it into several files");
        bytes.append(block->data(), count);
    }
    return bytes;
}

bool read_line(std::istream& in, const std::string& name, int number, std::string& line) {
    constexpr std::size_t block_size = std::size_t{1} << 12;
    std::array<char, block_size> block{};
    line.clear();
    while (true) {
        in.getline(block.data(), block.size());
        auto count = static_cast<std::size_t>(in.gcount());
        // The end of the line is counted, but not kept; where the block is full there is none.
        const bool full = in.fail() && count == block.size() - 1;
        if (count > 0 && !full && !in.eof()) --count;
        if (line.size() + count > largest_input)
            throw InputError(
                {Fault{name, "", "the line is larger than 256 MiB", "put one document on each line", number, 0}});
        line.append(block.data(), count);
        if (full) {
            in.clear(in.rdstate() & ~std::ios::failbit);
            continue;
        }
        return !line.empty() || !in.fail();
    }
}

bool is_folder(const std::string& path) {
    std::error_code ignored;
    return std::filesystem::is_directory(path, ignored);
}

std::vector<std::string> list_files(const std::string& folder, std::span<const std::string_view> endings) {
    namespace fs = std::filesystem;
    std::error_code error;
    fs::directory_iterator entry(folder, error);
    if (error == std::errc::no_such_file_or_directory) input_fault(folder, "no such folder", "check the path");
    if (error) input_fault(folder, "cannot be listed: " + error.message(), "");
    std::vector<std::string> names;
    while (entry != fs::directory_iterator()) {
        const std::string name = entry->path().filename().string();
        // A link that leads nowhere is told when it is read.
        std::error_code unknown;
        const fs::file_status status = entry->status(unknown);
        const bool readable = fs::is_regular_file(status) || !fs::exists(status);
        const bool wanted =
            std::ranges::any_of(endings, [&](std::string_view ending) { return name.ends_with(ending); });
        if (!name.starts_with('.') && wanted && readable) names.push_back(name);
        entry.increment(error);
        if (error) input_fault(folder, "cannot be listed: " + error.message(), "");
    }
    std::sort(names.begin(), names.end());
    for (std::string& name : names) name = (fs::path(folder) / name).string();
    return names;
}

void remove_unfinished_file() {
    if (is_unfinished != 0) ::unlink(unfinished_path.data());
}

void write_file_whole(const std::string& path, std::string_view bytes) {
    struct stat status {};
    const bool exists = ::stat(path.c_str(), &status) == 0;
    if (exists && S_ISDIR(status.st_mode)) output_fault(path, "is a folder", "name a file");
    if (open_descriptor_named(path) >= 0 || (exists && !S_ISREG(status.st_mode))) return write_directly(path, bytes);
    // A rename would override the protection of the file.
    if (exists && ::access(path.c_str(), W_OK) != 0) {
        output_fault(path, "is write-protected", "change its permissions or name another file");
    }
    const std::string target = end_of_links(path);
    const std::size_t slash = target.rfind('/');
    const std::string folder = slash == std::string::npos ? "" : target.substr(0, slash + 1);
    std::string temporary_path;
    int number = -1;
    // The name is short: the target's own name may already be as long as the file system allows.
    for (int attempt = 0; attempt < 100 && number < 0; ++attempt) {
        temporary_path = folder + ".hersurv-" + std::to_string(::getpid()) + "-" + std::to_string(attempt) + ".tmp";
        number = ::open(temporary_path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (number < 0 && errno != EEXIST) {
            const int error = errno;
            if (error == ENOENT || error == ENOTDIR)
                output_fault(path, "its folder does not exist", "create the folder first");
            output_fault(path, "no file can be created in its folder: " + reason(error),
                         "name a file in another folder");
        }
    }
    if (number < 0)
        output_fault(path, "no temporary file can be created beside it", "remove the files .hersurv-*.tmp there");
    Descriptor descriptor(number);
    Temporary temporary(std::move(temporary_path));
    int error = write_all(number, bytes);
    // Not the bits that would let the new file run as its owner, who is now the caller.
    if (error == 0 && exists && ::fchmod(number, status.st_mode & 0777) != 0) error = errno;
    if (error == 0 && ::fsync(number) != 0) error = errno;
    if (error == 0 && descriptor.close() != 0) error = errno;
    if (error == 0 && ::rename(temporary.path(), target.c_str()) != 0) error = errno;
    if (error != 0) output_fault(path, "cannot be written: " + reason(error), "nothing was written");
    temporary.keep();
}

}  // namespace hersurv::support
