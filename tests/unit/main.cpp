// The one Catch2 main of the unit tests: it costs more to compile than any of them.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
