// Files: every failure is told with a remedy, and a write leaves the whole file or what was there before.
#include "support/file.hpp"

#include "hersurv/error.hpp"

#include <catch2/catch.hpp>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace fs = std::filesystem;
using namespace hersurv::support;

namespace {

class TemporaryFolder {
  public:
    TemporaryFolder() {
        std::string pattern = (fs::temp_directory_path() / "hersurv-test-XXXXXX").string();
        REQUIRE(::mkdtemp(pattern.data()) != nullptr);
        path_ = pattern;
    }
    ~TemporaryFolder() {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    [[nodiscard]] std::string operator/(const std::string& name) const { return (path_ / name).string(); }
    [[nodiscard]] std::string path() const { return path_.string(); }
    [[nodiscard]] std::size_t entries() const {
        return static_cast<std::size_t>(std::distance(fs::directory_iterator(path_), fs::directory_iterator()));
    }

  private:
    fs::path path_;
};

void put(const std::string& path, const std::string& bytes) { std::ofstream(path, std::ios::binary) << bytes; }

std::string input_message(const std::string& path) {
    try {
        static_cast<void>(read_file(path));
    } catch (const InputError& error) {
        return error.what();
    }
    return "";
}

std::string output_message(const std::string& path, std::string_view bytes) {
    try {
        write_file_whole(path, bytes);
    } catch (const OutputError& error) {
        return error.what();
    }
    return "";
}

mode_t mode_of(const std::string& path) {
    struct stat status {};
    REQUIRE(::stat(path.c_str(), &status) == 0);
    return status.st_mode & 07777;
}

}  // namespace

TEST_CASE("a file is read byte for byte", "[support][file]") {
    const TemporaryFolder folder;
    std::string bytes;
    for (int i = 0; i < 200000; ++i) bytes += static_cast<char>(i * 31 % 256);
    write_file_whole(folder / "a", bytes);
    CHECK(read_file(folder / "a") == bytes);
    write_file_whole(folder / "a", "");
    CHECK(read_file(folder / "a").empty());
    CHECK(folder.entries() == 1);
}

TEST_CASE("what cannot be read says why and what to do", "[support][file]") {
    const TemporaryFolder folder;
    CHECK(input_message(folder / "missing.json") == (folder / "missing.json") + ": no such file; check the path");
    CHECK(input_message(folder.path()).find("is a folder; name a file in it") != std::string::npos);
    put(folder / "file", "x");
    CHECK(input_message(folder / "file/inside").find("no such file") != std::string::npos);
    // A hole takes no space on the disk.
    put(folder / "large", "");
    fs::resize_file(folder / "large", (std::uintmax_t{256} << 20) + 1);
    CHECK(input_message(folder / "large").find("larger than 256 MiB; split it") != std::string::npos);
    CHECK(input_message("/dev/zero").find("larger than 256 MiB") != std::string::npos);
    if (::geteuid() != 0) {
        ::chmod((folder / "file").c_str(), 0);
        CHECK(input_message(folder / "file").find("no permission") != std::string::npos);
    }
}

TEST_CASE("the documents of a folder are sorted, hidden ones left out", "[support][file]") {
    const TemporaryFolder folder;
    constexpr std::string_view endings[] = {".json"};
    CHECK(list_files(folder.path(), endings).empty());
    CHECK_THROWS_WITH(list_files(folder / "missing", endings), Catch::Contains("no such folder"));
    for (const std::string name : {"b.json", "a.json", "B.json", ".hidden.json", "c.txt", "json"})
        put(folder / name, "{}");
    fs::create_directory(folder / "folder.json");
    CHECK(list_files(folder.path(), endings) ==
          std::vector<std::string>{folder / "B.json", folder / "a.json", folder / "b.json"});
    CHECK(is_folder(folder.path()));
    CHECK_FALSE(is_folder(folder / "a.json"));
    CHECK_FALSE(is_folder(folder / "missing"));
}

TEST_CASE("writing keeps mode and links", "[support][file]") {
    const TemporaryFolder folder;
    put(folder / "script", "old");
    ::chmod((folder / "script").c_str(), 0751);
    write_file_whole(folder / "script", "new");
    CHECK(read_file(folder / "script") == "new");
    CHECK(mode_of(folder / "script") == 0751);

    fs::create_symlink("script", folder / "link");
    write_file_whole(folder / "link", "through");
    CHECK(fs::is_symlink(folder / "link"));
    CHECK(read_file(folder / "script") == "through");
    fs::create_symlink("later", folder / "dangling");
    write_file_whole(folder / "dangling", "made");
    CHECK(fs::is_symlink(folder / "dangling"));
    CHECK(read_file(folder / "later") == "made");

    const mode_t mask = ::umask(027);
    write_file_whole(folder / "fresh", "x");
    ::umask(mask);
    CHECK(mode_of(folder / "fresh") == 0640);
    const std::string longest(255, 'n');
    write_file_whole(folder / longest, "x");
    CHECK(read_file(folder / longest) == "x");
    CHECK(folder.entries() == 6);
}

TEST_CASE("a failed write leaves what was there before", "[support][file]") {
    const TemporaryFolder folder;
    CHECK(output_message(folder.path(), "x").find("is a folder; name a file") != std::string::npos);
    CHECK(output_message(folder / "no/such/file", "x").find("folder does not exist") != std::string::npos);
    CHECK(output_message("", "x").size() > 0);
    CHECK(output_message("/dev/full", "x").find("cannot be written") != std::string::npos);

    put(folder / "kept", "before");
    // A limit on the size of files stands for the full disk; in a process of its own, since it cannot be lifted again.
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        std::signal(SIGXFSZ, SIG_IGN);
        const rlimit limit{100, 100};
        ::setrlimit(RLIMIT_FSIZE, &limit);
        int result = 0;
        try {
            write_file_whole(folder / "kept", std::string(1000, 'x'));
            result = 1;
        } catch (const OutputError&) {
        }
        ::_exit(result);
    }
    int status = -1;
    ::waitpid(child, &status, 0);
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0);
    CHECK(read_file(folder / "kept") == "before");
    CHECK(folder.entries() == 1);

    if (::geteuid() != 0) {
        ::chmod((folder / "kept").c_str(), 0444);
        CHECK(output_message(folder / "kept", "x").find("write-protected") != std::string::npos);
    }
}

TEST_CASE("devices, pipes and standard output are written to directly", "[support][file]") {
    const TemporaryFolder folder;
    CHECK(output_message("/dev/null", "x").empty());
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    write_file_whole("/dev/fd/" + std::to_string(ends[1]), "through the pipe");
    char buffer[64];
    CHECK(std::string(buffer, static_cast<std::size_t>(::read(ends[0], buffer, sizeof buffer))) == "through the pipe");
    // A reader that went away is no error.
    const auto before = std::signal(SIGPIPE, SIG_IGN);
    ::close(ends[0]);
    CHECK(output_message("/dev/fd/" + std::to_string(ends[1]), "x").empty());
    std::signal(SIGPIPE, before);
    ::close(ends[1]);

    // A file that the shell appends to is not replaced.
    put(folder / "log", "first\n");
    std::FILE* log = std::fopen((folder / "log").c_str(), "a");
    REQUIRE(log != nullptr);
    write_file_whole("/dev/fd/" + std::to_string(::fileno(log)), "second\n");
    std::fclose(log);
    CHECK(read_file(folder / "log") == "first\nsecond\n");
}

TEST_CASE("lines of any length are read as they stand") {
    for (const std::size_t length : {0, 1, 4094, 4095, 4096, 4097, 8190, 8191, 20000}) {
        const std::string text = std::string(length, 'x') + "\n\n" + std::string(length, 'y') + "\r\nlast";
        std::istringstream in(text);
        std::vector<std::string> lines;
        std::string line;
        while (read_line(in, "stream", static_cast<int>(lines.size()) + 1, line)) lines.push_back(line);
        CHECK(lines == std::vector<std::string>{std::string(length, 'x'), "", std::string(length, 'y') + "\r", "last"});
        std::istringstream whole(text);
        CHECK(read_stream(whole, "stream") == text);
    }
}
