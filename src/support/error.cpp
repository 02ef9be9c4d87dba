// The wording of errors: every fault on a line of its own, place first.
#include "hersurv/error.hpp"

#include <utility>

namespace hersurv::support {
namespace {

std::string describe_all(const std::vector<Fault>& faults) {
    if (faults.empty()) return "invalid input";
    std::string text;
    for (const Fault& fault : faults) {
        if (!text.empty()) text += '\n';
        text += describe(fault);
    }
    return text;
}

}  // namespace

std::string describe(const Fault& fault) {
    std::string place = fault.file;
    if (fault.line > 0) {
        if (place.empty())
            place = "line ";
        else
            place += ':';
        place += std::to_string(fault.line);
        if (fault.column > 0) place += ':' + std::to_string(fault.column);
    }
    std::string text;
    if (!place.empty()) text += place + ": ";
    if (!fault.pointer.empty()) text += fault.pointer + ": ";
    text += fault.problem;
    if (!fault.remedy.empty()) text += "; " + fault.remedy;
    return text;
}

InputError::InputError(std::vector<Fault> faults)
    : Error(ExitCode::bad_input, describe_all(faults)), faults_(std::move(faults)) {}

}  // namespace hersurv::support
