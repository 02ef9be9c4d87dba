# What the scripts share: the Debian packages that the project needs, how they are installed, and how a configuration is built.
# Sourced by the scripts from the project's root folder.

packages_build="g++ cmake ninja-build libeigen3-dev libboost-dev nlohmann-json3-dev libcli11-dev libfmt-dev libpng-dev libjpeg62-turbo-dev libpugixml-dev"
packages_test="catch2 jq python3 python3-jsonschema python3-html5lib libqpdf29 librsvg2-2 chromium firefox-esr"
packages_bench="libbenchmark-dev"
packages_clang="clang clang-tidy libclang-rt-14-dev"
packages_package="dpkg-dev file"

say() { printf 'hersurv: %s\n' "$*" >&2; }

# step NAME COMMAND...: runs the command and prints how long it took.
step() {
    local name=$1 start=$SECONDS
    shift
    "$@" || return
    say "$name: $((SECONDS - start)) s"
}

writable_folder() {
    if mkdir -p "$1" 2>/dev/null && [ -w "$1" ]; then return 0; fi
    say "cannot write into $PWD/$1; run this as the owner of that folder, or remove it if another user made it"
    return 1
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

apt_locked='Could not get lock|Unable to acquire the dpkg frontend lock|Unable to lock directory'

# apt_get LOG ARGUMENT...: apt-get as root, its output appended to LOG; waits up to two minutes while another program holds apt's locks.
apt_get() {
    local log=$1 waited=0 first
    shift
    while first=$(($(wc -l <"$log") + 1)); ! as_root env DEBIAN_FRONTEND=noninteractive apt-get -q "$@" >>"$log" 2>&1 </dev/null; do
        tail -n "+$first" "$log" | grep -qE "$apt_locked" && [ "$waited" -lt 120 ] || return 1
        [ "$waited" -gt 0 ] || say "waiting for another program that uses apt"
        sleep 5
        waited=$((waited + 5))
    done
}

# why_apt_failed LOG PACKAGES: one line with the cause and the remedy.
why_apt_failed() {
    if grep -qE "$apt_locked" "$1"; then
        say "another program is using apt; wait until it has finished, then run this again"
    elif grep -qE 'No space left on device|enough free space' "$1"; then
        say "the disk is full and packages cannot be installed; free some space, then run this again"
    elif grep -qE 'resolving|resolve|nable to connect|Could not connect|Connection (failed|refused|timed out)|unreachable' "$1"; then
        say "apt cannot reach its package servers; check the network and apt's proxy settings, then run this again"
    elif grep -qE 'Unable to locate package|no installation candidate' "$1"; then
        say "apt does not know all packages; this needs Debian 12, or elsewhere the equivalents of:$2"
    else
        say "apt could not install$2: $(grep '^E:' "$1" | tail -n 1) (all messages: $PWD/$1)"
    fi
}

# install_missing PACKAGE...: with apt, as root or through sudo; without either it names the packages.
install_missing() {
    local missing="" package log=build/packages.log
    for package in "$@"; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
    done
    [ -n "$missing" ] || return 0
    if ! command -v apt-get >/dev/null 2>&1; then
        say "this machine has no apt-get; install the equivalents of:$missing"
        return 1
    fi
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo >/dev/null 2>&1; then
            say "packages are missing and there is no sudo; run this as root: apt-get install$missing"
            return 1
        fi
        # Asks for the password now: the output of what follows goes to a file.
        if ! sudo -v; then
            say "packages are missing and sudo refused; an administrator can run: apt-get install$missing"
            return 1
        fi
    fi
    writable_folder build || return 1
    say "installing$missing"
    : >"$log"
    # An installation that was interrupted must be finished before apt does anything else.
    if [ -n "$(dpkg --audit 2>/dev/null)" ]; then
        say "finishing an interrupted installation of packages"
        as_root env DEBIAN_FRONTEND=noninteractive dpkg --configure -a >>"$log" 2>&1 </dev/null || true
    fi
    # shellcheck disable=SC2086 # the list is words
    if ! { apt_get "$log" update && apt_get "$log" install -y --no-install-recommends $missing; }; then
        why_apt_failed "$log" "$missing"
        return 1
    fi
}

# folder_of PRESET: test and bench add to the build of the program and share its folder.
folder_of() {
    case $1 in
        test | bench) echo build/release ;;
        *) echo "build/$1" ;;
    esac
}

# added_by PRESET: the option with which test and bench add to the build of the program.
added_by() {
    case $1 in
        test) echo HERSURV_BUILD_TESTS ;;
        bench) echo HERSURV_BUILD_BENCHMARKS ;;
    esac
}

# configure PRESET: unless that was done before.
configure() {
    local folder option
    folder=$(folder_of "$1")
    option=$(added_by "$1")
    writable_folder "$folder" || return 1
    if [ -f "$folder/CMakeCache.txt" ] && ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$PWD" "$folder/CMakeCache.txt"; then
        say "the project was moved or copied; building $folder from the start"
        rm -rf "$folder"
    fi
    if [ ! -f "$folder/build.ninja" ]; then
        step "configure $1" cmake --preset "$1"
    elif [ -n "$option" ] && ! grep -qE "^$option:BOOL=(ON|TRUE)$" "$folder/CMakeCache.txt"; then
        step "configure $1" cmake "$folder" -D "$option=ON"
    fi >&2 || { rm -f "$folder/build.ninja"; why_build_failed "$folder"; return 1; }
}

# build PRESET TARGET...: configures if needed, then builds what changed; all output goes to stderr.
build() {
    local preset=$1 folder
    shift
    folder=$(folder_of "$preset")
    configure "$preset" || return 1
    step "build $preset" cmake --build "$folder" --target "$@" >&2 || { why_build_failed "$folder"; return 1; }
}

# why_build_failed FOLDER: one line with the likely cause and the remedy.
why_build_failed() {
    local free
    free=$(df -Pk "$1" 2>/dev/null | awk 'NR == 2 { print int($4 / 1024) }')
    if [ "${free:-1000}" -lt 50 ]; then
        say "the disk is full ($free MB free in $PWD/$1); free some space, then run this again: it goes on where it stopped"
    else
        say "the build stopped; the first error above says why. If the compiler was killed for lack of memory, set CMAKE_BUILD_PARALLEL_LEVEL=1. Run this again and it goes on where it stopped"
    fi
}
