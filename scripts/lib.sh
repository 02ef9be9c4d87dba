# What the scripts share: the packages of Debian 12 that the project needs, and how a configuration is built.
# Sourced by scripts/hersurv and scripts/test.

packages_build="g++ cmake ninja-build libeigen3-dev libboost-dev nlohmann-json3-dev libcli11-dev libfmt-dev"
packages_test="catch2 python3 python3-jsonschema python3-html5lib librsvg2-2 chromium"
packages_bench="libbenchmark-dev"

say() { printf 'hersurv: %s\n' "$*" >&2; }

# install_missing PACKAGE...: with apt, as root or through sudo; without either it names the packages.
install_missing() {
    local missing="" package
    for package in "$@"; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
    done
    [ -n "$missing" ] || return 0
    if ! command -v apt-get >/dev/null 2>&1; then
        say "this machine has no apt-get; install the equivalents of:$missing"
        return 1
    fi
    local as_root=""
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo >/dev/null 2>&1; then
            say "these packages are missing and need root: apt-get install$missing"
            return 1
        fi
        as_root="sudo"
    fi
    say "installing$missing"
    # shellcheck disable=SC2086 # the lists are words
    { $as_root apt-get update -q && DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -q --no-install-recommends $missing; } >&2
}

# build PRESET TARGET...: configures once, then builds what changed; all output goes to stderr.
build() {
    local preset=$1
    shift
    if [ ! -f "build/$preset/build.ninja" ]; then
        cmake --preset "$preset" >&2 || { rm -f "build/$preset/build.ninja"; return 1; }
    fi
    cmake --build "build/$preset" --target "$@" >&2
}
