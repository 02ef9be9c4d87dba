#!/usr/bin/env bash
# Installs a build into a folder of its own and builds the consumer project against it; then adds the sources to a project as a
# subdirectory, which must bring the targets and neither tests nor a build type: run.sh BUILD_FOLDER SOURCE_FOLDER
set -euo pipefail
build=$1 source=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
sed -n '/^```cpp$/,/^```$/p' "$source/docs/library.md" | sed '1d;$d' | diff - "$source/tests/consumer/main.cpp" ||
    { echo "docs/library.md does not show tests/consumer/main.cpp"; exit 1; }
cmake --install "$build" --prefix "$folder/prefix" > "$folder/log" 2>&1 || { cat "$folder/log"; exit 1; }
cmake -S "$source/tests/consumer" -B "$folder/build" -G Ninja -DCMAKE_PREFIX_PATH="$folder/prefix" -DCMAKE_BUILD_TYPE=Release > "$folder/log" 2>&1 || { cat "$folder/log"; exit 1; }
cmake --build "$folder/build" > "$folder/log" 2>&1 || { cat "$folder/log"; exit 1; }
"$folder/build/consumer"
cd /
"$folder/prefix/bin/hersurv" fit CLEOPATRA --format csv | head -2
test -s "$folder/prefix/share/man/man1/hersurv.1.gz"

mkdir "$folder/parent"
cat > "$folder/parent/CMakeLists.txt" <<END
cmake_minimum_required(VERSION 3.25)
project(parent LANGUAGES CXX)
add_subdirectory($source hersurv)
add_executable(consumer $source/tests/consumer/main.cpp)
target_link_libraries(consumer PRIVATE hersurv::hersurv)
END
cmake -S "$folder/parent" -B "$folder/parent/build" -G Ninja > "$folder/log" 2>&1 || { cat "$folder/log"; exit 1; }
grep -E '^(HERSURV_BUILD_TESTS|CMAKE_BUILD_TYPE):' "$folder/parent/build/CMakeCache.txt" | sort > "$folder/settings"
printf 'CMAKE_BUILD_TYPE:STRING=\nHERSURV_BUILD_TESTS:BOOL=OFF\n' | diff - "$folder/settings"
echo "2 passed, 0 failed"
