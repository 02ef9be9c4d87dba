// Reading and writing whole files. Nothing half-read is returned and nothing half-written is left behind.
#pragma once

#include <iosfwd>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hersurv::support {

// The bytes of a file, a pipe or a device such as /dev/stdin. Throws InputError if it is missing, a folder, not
// readable or larger than 256 MiB.
[[nodiscard]] std::string read_file(const std::string& path);

// The rest of a stream, `name` for messages. Throws InputError if it is larger than 256 MiB.
[[nodiscard]] std::string read_stream(std::istream& in, const std::string& name);

// The next line, without its end; false if there is none. Throws InputError if it is longer than 256 MiB,
// `number` for the message.
[[nodiscard]] bool read_line(std::istream& in, const std::string& name, int number, std::string& line);

// Whether the path is a folder (also through a symbolic link).
[[nodiscard]] bool is_folder(const std::string& path);

// The files of a folder whose names end in one of the endings, sorted by name, each with the folder's path in front;
// hidden files and what is not a regular file (folders, pipes, devices) are left out.
// Throws InputError if the folder cannot be listed.
[[nodiscard]] std::vector<std::string> list_files(const std::string& folder, std::span<const std::string_view> endings);

// Removes the temporary file that write_file_whole is writing, if any. For handlers of signals: it only unlinks.
void remove_unfinished_file();

// Writes a file whole or not at all: a temporary file beside it takes its place once everything is on the disk. An
// existing file keeps its mode, a symbolic link stays one. What is not a regular file (/dev/stdout, a pipe) is written
// to directly; a reader that closed its end of a pipe has seen enough and is not an error (the caller ignores SIGPIPE).
// Throws OutputError.
void write_file_whole(const std::string& path, std::string_view bytes);

}  // namespace hersurv::support
