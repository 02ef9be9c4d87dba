// The program as a function.
#pragma once

#include "cli/command.hpp"

namespace hersurv::cli {

// The whole program: argv -> exit code.
int run(int argc, const char* const* argv, const Streams& streams);

}  // namespace hersurv::cli
