#!/bin/sh
# Watches a running Yemae until Ctrl-C: Prometheus and Alertmanager on loopback, with their data below .data/observe; and
# Grafana with Loki in containers, where a Docker engine can pull them. What can be set:
#
#   YEMAE_METRICS        where Yemae shows its metrics (127.0.0.1:9464)
#   PROMETHEUS_PORT, ALERTMANAGER_PORT, GRAFANA_PORT, LOKI_PORT (9090, 9093, 3000, 3100)
set -eu
cd "$(dirname "$0")/.."
home=$PWD/.data/observe
metrics=${YEMAE_METRICS:-127.0.0.1:9464}
prometheus=127.0.0.1:${PROMETHEUS_PORT:-9090}
alertmanager=127.0.0.1:${ALERTMANAGER_PORT:-9093}
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
    if docker compose version > /dev/null 2>&1; then docker compose -f localstack/observe.yaml "$@"
    else docker-compose -f localstack/observe.yaml "$@"; fi
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
        if answers "$name"; then return; fi
        sleep 0.25
    done
    tail -n 3 "$home/$name.log" >&2
    printf 'observe: %s does not run; the lines above are from %s\n' "$name" "$home/$name.log" >&2
    exit 1
}

mkdir -p "$home"
sed -e "s|127.0.0.1:9464|$metrics|; s|127.0.0.1:9093|$alertmanager|; s|\[rules.yaml\]|[$PWD/infra/prometheus/rules.yaml]|" \
    infra/prometheus/prometheus.yaml > "$home/prometheus.yaml"
start alertmanager prometheus-alertmanager --config.file infra/prometheus/alertmanager.yaml \
    --storage.path "$home/alertmanager" --web.listen-address "$alertmanager" --cluster.listen-address ''
start prometheus prometheus --config.file "$home/prometheus.yaml" --storage.tsdb.path "$home/prometheus" \
    --storage.tsdb.retention.time 7d --web.listen-address "$prometheus"

printf '\nYemae is watched; Ctrl-C stops it.\n\n  alerts      http://%s/alerts\n  who is told http://%s\n' \
    "$prometheus" "$alertmanager"
if why=$(docker info 2>&1 > /dev/null) && why=$(compose up --detach 2>&1); then
    in_containers=yes
    printf '  dashboards  http://127.0.0.1:%s\n' "$GRAFANA_PORT"
else
    printf '  no Grafana and no Loki: no Docker engine runs here, or it cannot pull them (%s)\n' "$(printf '%s\n' "$why" | tail -n 1)"
fi
printf '  metrics     http://%s/metrics\n\n' "$metrics"
wait
