#!/bin/sh
# Runs a command with a Docker engine: this machine's, or one of its own while the command runs. If neither can be had, it says so
# and does not run the command; YEMAE_CONTAINERS=required makes that a failure.
set -eu
cd "$(dirname "$0")/.."
home=$PWD/target/docker

without() {
    printf '\n==> NOT CHECKED: no Docker engine: %s\n\n' "$1" >&2
    [ "${YEMAE_CONTAINERS-}" != required ]
    exit
}

if docker info > /dev/null 2>&1; then exec "$@"; fi
if [ "$(id -u)" = 0 ]; then as_root=; elif command -v sudo > /dev/null; then as_root=sudo; else
    without 'none runs here, and only root can start one'
fi
command -v dockerd > /dev/null || localstack/install.sh docker || without 'it could not be installed'

mkdir -p "$home"
export DOCKER_HOST="unix://$home/socket"
$as_root dockerd --host "$DOCKER_HOST" --group "$(id -g)" --data-root "$home/data" --exec-root "$home/run" \
    --pidfile "$home/pid" > "$home/log" 2>&1 &
trap '$as_root kill "$(cat "$home/pid")" 2> /dev/null; wait' EXIT
for _ in $(seq 30); do
    if docker info > /dev/null 2>&1; then "$@"; exit; fi
    sleep 1
done
tail -n 5 "$home/log" >&2
without 'it did not start; the lines above are from its log'
