# Minimal Debian roots, in which nothing is installed that the project does not install itself. Sourced by .ci/run.
#
# A root is a folder below $roots, which is removed on every exit. What is mounted in it is mounted in the namespace of each command
# (unshare), so that it goes with the command, however that ends.

debian=bookworm
roots=""

remove_roots() {
    [ -z "$roots" ] || rm -rf --one-file-system "$roots"
}
trap remove_roots EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# What the machine's own apt knows of this Debian: sources.list lines.
machine_sources() {
    # shellcheck disable=SC2016 # apt replaces the $(...)
    apt-get indextargets --format '$(ORIGIN)|$(CODENAME)|deb $(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
        sed -n -E "s/^Debian\|$debian[^|]*\|//p"
}

# How the machine's own apt reaches them.
machine_apt_options() {
    apt-config dump | grep -E '^Acquire::.*(Proxy|Check-Valid-Until|Check-Date|Retries|Timeout)'
}

# prepare_roots: makes $roots/minimal.tar, a minimal root with git and ca-certificates; fails where that cannot be done.
prepare_roots() {
    local log=build/roots.log
    [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null && command -v unshare >/dev/null && unshare --mount --pid --fork true || return 1
    writable_folder build || return 1
    : >"$log"
    apt_get "$log" update && install_missing mmdebstrap || return 1
    roots=$(mktemp -d "${TMPDIR:-/tmp}/hersurv-roots.XXXXXX")
    machine_apt_options >"$roots/apt.conf"
    machine_sources >"$roots/sources.list"
    if [ ! -s "$roots/sources.list" ]; then
        say "this machine's apt has no sources of Debian's $debian"
        return 1
    fi
    if ! mmdebstrap --variant=minbase --include=git,ca-certificates --aptopt="$roots/apt.conf" "$debian" "$roots/minimal.tar" - \
        <"$roots/sources.list" >>"$log" 2>&1; then
        say "mmdebstrap failed: $(grep -E '^E:' "$log" | tail -n 1) (all messages: $PWD/$log)"
        return 1
    fi
}

# new_root NAME: unpacks one.
new_root() {
    mkdir "$roots/$1"
    tar -xf "$roots/minimal.tar" -C "$roots/$1"
    cp "$roots/apt.conf" "$roots/$1/etc/apt/apt.conf.d/90machine"
    cp /etc/resolv.conf "$roots/$1/etc/resolv.conf"
}

# in_root NAME COMMAND...: in the root's folder /srv/hersurv where there is one, with none of this machine's environment but proxies.
in_root() {
    local root=$roots/$1
    shift
    # shellcheck disable=SC2016 # expanded by the inner shell
    unshare --mount --propagation private --pid --fork --kill-child bash -euc '
        root=$1
        shift
        mount -t proc proc "$root/proc"
        mount -t sysfs -o ro sysfs "$root/sys"
        mount --rbind /dev "$root/dev"
        proxies=()
        for name in http_proxy https_proxy no_proxy; do
            [ -z "${!name:-}" ] || proxies+=("$name=${!name}")
        done
        exec chroot "$root" env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 CI=true \
            "${proxies[@]}" bash -c "cd /srv/hersurv 2>/dev/null || cd /; exec \"\$@\"" bash "$@"' bash "$root" "$@"
}
