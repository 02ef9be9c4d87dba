// Errors: what is wrong, where, and what to do about it.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

namespace hersurv::support {

enum class ExitCode {
    ok = 0,
    check_failed = 1,   // `check` found what fails, or `validate` read a document that is not valid
    usage = 2,          // the command line cannot be carried out as written
    bad_input = 3,      // an input cannot be read or is not valid
    not_found = 4,      // no such trial, endpoint, arm or analysis
    output_failed = 5,  // the output could not be written
    bug = 70,           // a broken invariant of the program itself
};

// One fault of an input. `file` and `pointer` (JSON pointer) may be empty; `line` and `column` are 1-based, 0 = not
// known.
struct Fault {
    std::string file;
    std::string pointer;
    std::string problem;
    std::string remedy;
    int line = 0;
    int column = 0;
};

// "FILE:LINE:COLUMN: POINTER: problem; remedy", with the parts that are there.
[[nodiscard]] std::string describe(const Fault& fault);

// An error for the caller. `what()` is the whole message; a message of several lines has one fault per line.
class Error : public std::runtime_error {
  public:
    Error(ExitCode code, const std::string& message) : std::runtime_error(message), code_(code) {}
    [[nodiscard]] ExitCode code() const noexcept { return code_; }

  private:
    ExitCode code_;
};

class UsageError : public Error {
  public:
    explicit UsageError(const std::string& message) : Error(ExitCode::usage, message) {}
};

class NotFoundError : public Error {
  public:
    explicit NotFoundError(const std::string& message) : Error(ExitCode::not_found, message) {}
};

class OutputError : public Error {
  public:
    explicit OutputError(const std::string& message) : Error(ExitCode::output_failed, message) {}
};

// Carries every fault of the input, not only the first.
class InputError : public Error {
  public:
    explicit InputError(std::vector<Fault> faults);
    [[nodiscard]] const std::vector<Fault>& faults() const noexcept { return faults_; }

  private:
    std::vector<Fault> faults_;
};

}  // namespace hersurv::support
