# How the project's own targets are compiled, as interface targets to link:
#   hersurv_options   language mode, warnings and sanitizers
#   hersurv_fmt       fmt's headers, whose implementation src/support/fmt_implementation.cpp compiles once
add_library(hersurv_warnings INTERFACE)
# -Wno-restrict: g++ 12 warns of its own std::string (GCC bug 105329). -Wno-sign-conversion: Eigen and containers index with different signs.
# -Wno-overlength-strings: the data files are compiled in as string literals, longer than the standard asks compilers to support.
target_compile_options(hersurv_warnings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion
                       $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict> $<$<CXX_COMPILER_ID:Clang>:-Wno-overlength-strings> $<$<BOOL:${HERSURV_WERROR}>:-Werror>)

# In a joined file a name of another file is not hidden, a type that only one file knows is not in the main file where g++ expects it, and
# the more g++ inlines, the more it warns of its own std::string (GCC bug 105329).
if(HERSURV_JOINED_BUILD)
  target_compile_options(hersurv_warnings INTERFACE -Wno-shadow
                         $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage -Wno-stringop-overflow -Wno-array-bounds>)
endif()

add_library(hersurv_sanitizers INTERFACE)
if(HERSURV_SANITIZE)
  target_compile_options(hersurv_sanitizers INTERFACE -fsanitize=${HERSURV_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(hersurv_sanitizers INTERFACE -fsanitize=${HERSURV_SANITIZE})
endif()
# The coverage by which libFuzzer finds new inputs.
if(HERSURV_BUILD_FUZZERS)
  target_compile_options(hersurv_sanitizers INTERFACE -fsanitize=fuzzer-no-link)
endif()

add_library(hersurv_options INTERFACE)
target_compile_features(hersurv_options INTERFACE cxx_std_20)
target_link_libraries(hersurv_options INTERFACE hersurv_warnings hersurv_sanitizers)

add_library(hersurv_fmt INTERFACE)
target_include_directories(hersurv_fmt SYSTEM INTERFACE $<TARGET_PROPERTY:fmt::fmt-header-only,INTERFACE_INCLUDE_DIRECTORIES>)

# hersurv_join(TARGET...): how HERSURV_JOINED_BUILD compiles the library and the program.
function(hersurv_join)
  if(NOT HERSURV_JOINED_BUILD)
    return()
  endif()
  set_target_properties(${ARGN} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE ${HERSURV_JOINED_FILES})
  foreach(target IN LISTS ARGN)
    # Not fmt without optimisation: its pragma "optimize" would leave __OPTIMIZE__ defined in g++'s precompiled header, and Eigen uses that.
    target_precompile_headers(${target} PRIVATE <algorithm> <array> <charconv> <cmath> <functional> <limits> <map> <memory> <optional> <set>
                              <span> <string> <string_view> <utility> <variant> <vector>
                              $<$<CONFIG:Release>:<fmt/format.h$<ANGLE-R>>)
  endforeach()
  # Left alone: files of one pattern, which share the names of their functions, and those of one heavy header each.
  file(GLOB alone ${PROJECT_SOURCE_DIR}/src/survival/family_*.cpp ${PROJECT_SOURCE_DIR}/src/audit/rules/*.cpp)
  list(APPEND alone ${PROJECT_SOURCE_DIR}/src/support/fmt_implementation.cpp ${PROJECT_SOURCE_DIR}/src/support/json.cpp
       ${PROJECT_SOURCE_DIR}/src/cli/parser.cpp ${HERSURV_GENERATED})
  set_source_files_properties(${alone} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
endfunction()
