// What must hold for every input of a fuzz target.
#pragma once

#include <cstdio>
#include <cstdlib>

// Ends the target, which libFuzzer then reports with the input.
inline void require(bool condition, const char* what) {
    if (condition) return;
    std::fprintf(stderr, "does not hold: %s\n", what);
    std::abort();
}
