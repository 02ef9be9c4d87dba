// The frame of the programs that measure and learn: --help, and every error as one message and an exit code.
#pragma once

#include "hersurv/error.hpp"

#include <fmt/core.h>

#include <exception>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace hersurv::bench {

// `parse` makes the options, of which `help` asks for the usage; `run` does the work and gives the exit code.
template <typename Parse, typename Run>
int run_program(std::string_view name, std::string_view usage, int argc, char** argv, const Parse& parse,
                const Run& run) {
    const auto failed = [name](const std::exception& error, support::ExitCode code) {
        fmt::print(stderr, "{}: {}\n", name, error.what());
        return static_cast<int>(code);
    };
    try {
        const auto options = parse(std::vector<std::string>(argv + 1, argv + argc));
        if (options.help) {
            fmt::print("{}", usage);
            return 0;
        }
        return run(options);
    } catch (const support::Error& error) {
        return failed(error, error.code());
    } catch (const std::system_error& error) {
        // Standard output that cannot be written to.
        return failed(error, support::ExitCode::output_failed);
    } catch (const std::exception& error) {
        return failed(error, support::ExitCode::bug);
    }
}

}  // namespace hersurv::bench
