#!/bin/sh
# Watches a running Yemae until Ctrl-C: Prometheus and Alertmanager on loopback, with their data below .data/observe; and
# Grafana with Loki and a collector of logs (4318) in containers, where a Docker engine can pull them. What can be set:
#
#   YEMAE_METRICS        where Yemae shows its metrics (127.0.0.1:9464)
#   PROMETHEUS_PORT, ALERTMANAGER_PORT, GRAFANA_PORT, LOKI_PORT (9090, 9093, 3000, 3100)
set -eu
cd "$(dirname "$0")/.."
home=$PWD/.data/observe
metrics=${YEMAE_METRICS:-127.0.0.1:9464}
prometheus=127.0.0.1:${PROMETHEUS_PORT:-9090}
alertmanager=127.0.0.1:${ALERTMANAGER_PORT:-9093}
project=yemae-observe-$(printf %s "$PWD" | cksum | cut -d ' ' -f 1)
export PROMETHEUS_URL="http://$prometheus" GRAFANA_PORT="${GRAFANA_PORT:-3000}" LOKI_PORT="${LOKI_PORT:-3100}"
started='' in_containers=

stop() {
    trap - EXIT INT TERM HUP
    [ -z "$in_containers" ] || compose down > /dev/null 2>&1 || true
    for process in $started; do kill "$process" 2> /dev/null || true; done
    wait
}
trap stop EXIT
trap 'exit 0' INT TERM HUP

compose() {
    if docker compose version > /dev/null 2>&1; then docker compose -p "$project" -f localstack/observe.yaml "$@"
    else docker-compose -p "$project" -f localstack/observe.yaml "$@"; fi
}

fail() {
    printf 'observe: %s\n' "$1" >&2
    exit 1
}

# Whether another program listens on a port (Linux; elsewhere the program that wants it says so).
taken() {
    grep -qsi "^ *[0-9]*: [0-9A-F]*:$(printf %04X "$1") [0-9A-F]*:0000 0A" /proc/net/tcp /proc/net/tcp6
}

# What each is asked to see that it answers.
answers() {
    case $1 in
        alertmanager) amtool --alertmanager.url "http://$alertmanager" alert query ;;
        prometheus) promtool query instant "http://$prometheus" 1 ;;
    esac > /dev/null 2>&1
}

# start <name> <program> <arguments>...: returns when it answers
start() {
    name=$1
    shift
    "$@" > "$home/$name.log" 2>&1 &
    process=$!
    started="$started $process"
    for _ in $(seq 120); do
        if ! kill -0 $process 2> /dev/null; then break; fi
        # Another program may answer in its place: ours must still run after the answer.
        if answers "$name" && sleep 0.25 && kill -0 $process 2> /dev/null; then return; fi
        sleep 0.25
    done
    fail "$name does not run: $(tail -n 1 "$home/$name.log") ($home/$name.log)"
}

mkdir -p "$home"
# One for each checkout: what it starts, and its data, are its own.
exec 9> "$home/lock"
if command -v flock > /dev/null && ! flock -n 9; then fail 'it runs already for this checkout'; fi
for named in "PROMETHEUS_PORT ${prometheus#*:}" "ALERTMANAGER_PORT ${alertmanager#*:}"; do
    if taken "${named#* }"; then fail "port ${named#* } is taken; ${named% *} names another"; fi
done
sed -e "s|127.0.0.1:9464|$metrics|; s|127.0.0.1:9093|$alertmanager|; s|\[rules.yaml\]|[$PWD/infra/prometheus/rules.yaml]|" \
    infra/prometheus/prometheus.yaml > "$home/prometheus.yaml"
start alertmanager prometheus-alertmanager --config.file infra/prometheus/alertmanager.yaml \
    --storage.path "$home/alertmanager" --web.listen-address "$alertmanager" --cluster.listen-address ''
start prometheus prometheus --config.file "$home/prometheus.yaml" --storage.tsdb.path "$home/prometheus" \
    --storage.tsdb.retention.time 7d --web.listen-address "$prometheus"

printf '\nYemae is watched; Ctrl-C stops it.\n\n  alerts      http://%s/alerts\n  who is told http://%s\n' \
    "$prometheus" "$alertmanager"
without=
for port in "$GRAFANA_PORT" "$LOKI_PORT" 4318 8889; do
    if taken "$port"; then without="port $port is taken"; break; fi
done
if [ -z "$without" ] && ! why=$(docker info 2>&1 > /dev/null); then without=$(printf '%s\n' "$why" | tail -n 1); fi
if [ -z "$without" ]; then
    in_containers=yes
    if ! why=$(compose up --detach 2>&1); then without=$(printf '%s\n' "$why" | tail -n 1); fi
fi
if [ -z "$without" ]; then
    printf '  dashboards  http://127.0.0.1:%s\n' "$GRAFANA_PORT"
    printf '  logs        http://127.0.0.1:4318, for a Yemae that is told to push them (docs/OPERATIONS.md)\n'
else
    printf '  no Grafana and no Loki: no Docker engine runs here, it cannot pull them, or a port is taken (%s)\n' "$without"
fi
printf '  metrics     http://%s/metrics\n\n' "$metrics"
wait
