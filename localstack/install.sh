#!/bin/sh
# Installs what is missing of the things named: `install.sh cc rust redis ministack tools docker`. Says nothing if
# nothing is.
set -eu
cd "$(dirname "$0")/.."

ministack_version=1.5.33
ministack_home=target/ministack
tools_home=target/tools

need_cc() {
    have cc || packages 'A C compiler' '' gcc libc6-dev
}

need_rust() {
    have cargo || fail 'Rust is missing: install it as https://rustup.rs says, then try again'
    component rustfmt fmt
    component clippy clippy
}

need_redis() {
    have redis-server || packages 'redis-server' ', or set YEMAE_REDIS_URL to a running Redis' redis-server
}

need_ministack() {
    if [ -n "${YEMAE_MINISTACK-}" ] || [ "$(cat $ministack_home/version 2> /dev/null)" = $ministack_version ]; then
        return
    fi
    need_venv
    say "Installing MiniStack $ministack_version into $ministack_home"
    if python3 -m venv --clear $ministack_home &&
        $ministack_home/bin/pip install --quiet --disable-pip-version-check "ministack==$ministack_version"; then
        echo $ministack_version > $ministack_home/version
    else
        fail 'MiniStack could not be installed: is PyPI reachable? Or set YEMAE_MINISTACK to its executable'
    fi
}

# What judges deployed files, at the versions of infra/checks/requirements.txt.
need_tools() {
    cmp -s infra/checks/requirements.txt $tools_home/requirements.txt && return
    need_venv
    say "Installing the checkers of infra/checks/requirements.txt into $tools_home"
    if python3 -m venv --clear $tools_home &&
        $tools_home/bin/pip install --quiet --disable-pip-version-check -r infra/checks/requirements.txt; then
        cp infra/checks/requirements.txt $tools_home/requirements.txt
    else
        fail 'The checkers could not be installed: is PyPI reachable?'
    fi
}

# An engine and what reads Compose files; the engine is started by localstack/engine.sh.
need_docker() {
    have docker && have dockerd || docker info > /dev/null 2>&1 || packages 'A Docker engine' '' docker.io iptables
    docker compose version > /dev/null 2>&1 || have docker-compose || packages 'Docker Compose' '' docker-compose
}

need_nginx() {
    have nginx || [ -x /usr/sbin/nginx ] || packages nginx '' nginx-light
}

# Debian's python3 comes without what makes virtual environments.
need_venv() {
    python3 -c 'import ensurepip, venv' 2> /dev/null || packages 'python3 with venv' '' python3 python3-venv
}

# component <rustup's name> <cargo's command>
component() {
    cargo "$2" --version > /dev/null 2>&1 && return
    have rustup || fail "cargo $2 is missing: install the package of your system that has it"
    say "Installing $1"
    rustup component add "$1" || fail "$1 could not be installed: run \`rustup component add $1\`"
}

# packages <what is missing> <what else would do> <package>...
packages() {
    what=$1 otherwise=$2
    shift 2
    advice="run \`apt-get install $*\` as root$otherwise"
    have apt-get || fail "$what is missing, and there is no apt-get: install it as your system does$otherwise"
    if [ "$(id -u)" = 0 ]; then as_root=; elif have sudo; then as_root=sudo; else
        fail "$what is missing, and only root can install it: $advice"
    fi
    say "Installing $*"
    $as_root apt-get update -qq &&
        $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends "$@" > /dev/null ||
        fail "$what could not be installed: $advice"
}

have() {
    command -v "$1" > /dev/null
}

say() {
    printf '==> %s\n' "$*"
}

fail() {
    printf '%s\n' "$*" >&2
    exit 1
}

for thing; do
    "need_$thing"
done
