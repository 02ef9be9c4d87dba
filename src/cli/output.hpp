// Where answers go: stdout, or a file that is written whole or not at all.
#pragma once

#include <memory>
#include <ostream>
#include <string>
#include <string_view>

namespace hersurv::cli {

// The reader of stdout has seen enough: no error, but nothing more is to be done.
struct ClosedPipe {};

class Output {
  public:
    virtual ~Output() = default;
    // Throws OutputError or ClosedPipe.
    virtual void write(std::string_view bytes) = 0;
    // The answer is complete.
    virtual void finish() = 0;
};

// `path` empty or "-": `out`. Otherwise a file that appears at finish(); its bytes wait on the disk, not in memory.
[[nodiscard]] std::unique_ptr<Output> open_output(const std::string& path, std::ostream& out);

}  // namespace hersurv::cli
