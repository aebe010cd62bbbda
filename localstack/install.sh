#!/bin/sh
# Installs what is missing of the things named: `install.sh cc rust redis …`, each by its `need_…` below. Silent if nothing is.
set -eu
cd "$(dirname "$0")/.."

ministack_version=1.5.33
ministack_home=target/ministack
cargo_lambda_version=1.9.2
cargo_lambda_home=target/lambda
aws_version=1.46.3
aws_home=target/aws
tools_home=target/tools

need_cc() {
    have cc || packages 'A C compiler' '' gcc libc6-dev
}

need_rust() {
    have cargo || fail 'Rust is missing: install it as https://rustup.rs says, then try again'
    component rustfmt fmt
    component clippy clippy
}

# The version that Vite needs; Debian's own was older when this was written.
need_node() {
    have node && have npm || fail 'Node.js is missing: install version 20.19 or later, with npm, then try again'
    node -e 'const [major, minor] = process.versions.node.split(".").map(Number)
        process.exit(major > 20 || (major === 20 && minor >= 19) ? 0 : 1)' ||
        fail "Node.js $(node --version) is too old: install version 20.19 or later"
}

# The front end's libraries, as in its lock file.
need_web() {
    stamp=web/node_modules/.lock-sum
    wanted=$(cksum < web/package-lock.json)
    [ "$(cat $stamp 2> /dev/null)" = "$wanted" ] && return
    say "Installing the front end's libraries into web/node_modules"
    (cd web && npm ci --silent) || fail 'The libraries could not be installed: is the npm registry reachable?'
    echo "$wanted" > $stamp
}

# The tests' browser, and a font for Korean.
need_chromium() {
    [ -n "${YEMAE_CHROMIUM-}" ] || have chromium || have google-chrome ||
        packages Chromium ', or set YEMAE_CHROMIUM to a Chromium' chromium
    fc-list :lang=ko 2> /dev/null | grep -q . || packages 'A Korean font' '' fontconfig fonts-noto-cjk
}

# Joins the demo's pictures into films.
need_ffmpeg() {
    have ffmpeg || packages ffmpeg '' ffmpeg
}

need_redis() {
    have redis-server || packages 'redis-server' ', or set YEMAE_REDIS_URL to a running Redis' redis-server
}

need_ministack() {
    [ -n "${YEMAE_MINISTACK-}" ] ||
        python_program MiniStack $ministack_home $ministack_version "ministack==$ministack_version" ||
        fail 'MiniStack could not be installed: is PyPI reachable? Or set YEMAE_MINISTACK to its executable'
}

# `cargo lambda`, without its cross-compiler, which is not used here.
need_lambda() {
    [ -n "${YEMAE_CARGO_LAMBDA-}" ] ||
        python_program 'cargo lambda' $cargo_lambda_home $cargo_lambda_version \
            --no-deps "cargo-lambda==$cargo_lambda_version" ||
        fail 'cargo lambda could not be installed: is PyPI reachable? Or set YEMAE_CARGO_LAMBDA to its executable'
}

# AWS's command line, for deploying into LocalStack.
need_aws() {
    python_program 'the AWS command line' $aws_home $aws_version "awscli==$aws_version" ||
        fail 'The AWS command line could not be installed: is PyPI reachable?'
}

# The linters of deployed files, at the versions of infra/checks/requirements.txt.
need_tools() {
    wanted=infra/checks/requirements.txt
    python_program 'the checkers, by the sum of their versions' $tools_home "$(cksum < $wanted | cut -d ' ' -f 1)" -r $wanted ||
        fail 'The checkers could not be installed: is PyPI reachable?'
}

# An engine, which localstack/engine.sh starts, and Compose.
need_docker() {
    have docker && have dockerd || docker info > /dev/null 2>&1 || packages 'A Docker engine' '' docker.io iptables
    docker compose version > /dev/null 2>&1 || have docker-compose || packages 'Docker Compose' '' docker-compose
}

# The authorities that images trust.
need_certificates() {
    [ -d /usr/share/ca-certificates/mozilla ] || packages 'The certificates of Mozilla' '' ca-certificates
}

need_nginx() {
    have nginx || [ -x /usr/sbin/nginx ] || packages nginx '' nginx-light
}

# Debian starts both as services, now and at every start of the machine: here they run while they are asked for.
need_prometheus() {
    have promtool && have prometheus && have prometheus-alertmanager && return
    without_services packages 'Prometheus and its Alertmanager' '' prometheus prometheus-alertmanager
    ! have systemctl || $as_root systemctl --quiet disable prometheus prometheus-alertmanager 2> /dev/null || true
}

# Debian's python3 comes without `venv`.
need_venv() {
    python3 -c 'import ensurepip, venv' 2> /dev/null || packages 'python3 with venv' '' python3 python3-venv
}

# python_program <its name> <folder> <version> <what pip is told>...: in a folder of its own, unless it is there
python_program() {
    name=$1 home=$2 version=$3
    shift 3
    [ "$(cat "$home/version" 2> /dev/null)" = "$version" ] && return
    need_venv
    say "Installing $name $version into $home"
    python3 -m venv --clear "$home" &&
        "$home/bin/pip" install --quiet --disable-pip-version-check "$@" &&
        echo "$version" > "$home/version"
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
    if ! { $as_root apt-get update -qq &&
        $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends "$@" > /dev/null; }; then
        fail "$what could not be installed: $advice"
    fi
}

# without_services <command>...: what it installs starts no service. A policy that is there already stays.
without_services() {
    if [ "$(id -u)" = 0 ]; then as_root=; else as_root=sudo; fi
    policy=/usr/sbin/policy-rc.d
    if [ -e $policy ]; then "$@"; return; fi
    have "${as_root:-sh}" || { "$@"; return; }
    trap '$as_root rm -f $policy' EXIT
    printf '#!/bin/sh\nexit 101\n' | $as_root tee $policy > /dev/null
    $as_root chmod 755 $policy
    "$@"
    $as_root rm -f $policy
    trap - EXIT
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
