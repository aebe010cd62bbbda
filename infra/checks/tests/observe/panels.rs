//! Every panel shows something: its query runs on a real Prometheus that scraped the runner of `make run` while buyers went
//! through it.

use crate::prometheus::Prometheus;
use checks::text;
use journey::RunningYemae;
use serde_json::Value;
use std::time::Duration;
use stores::{TiedProcess, free_port};
use tempfile::TempDir;
use testkit::program;
use tokio::time::{Instant, sleep};
use uuid::Uuid;

const DASHBOARDS: [&str; 3] = ["sale", "functions", "stores"];
const STARTS_WITHIN: Duration = Duration::from_mins(1);
/// Several scrapes and several journeys; some levels are only seen now and then.
const SHOWS_WITHIN: Duration = Duration::from_secs(90);

/// A query of a panel.
pub(crate) struct Query {
    pub(crate) place: String,
    pub(crate) expression: String,
}

/// Every query of every panel.
pub(crate) fn queries() -> Vec<Query> {
    let mut queries = Vec::new();
    for (name, panel) in panels() {
        for target in panel["targets"].as_array().unwrap() {
            let place = format!("{name}: {} ({})", panel["title"], target["legendFormat"]);
            queries.push(Query { place, expression: target["expr"].as_str().unwrap().to_owned() });
        }
    }
    queries
}

/// The dashboard and the title of every panel.
pub(crate) fn titles() -> Vec<(String, String)> {
    let title = |(name, panel): (&str, Value)| (name.to_owned(), panel["title"].as_str().unwrap().to_owned());
    panels().into_iter().map(title).collect()
}

/// Every panel, with its dashboard's name.
fn panels() -> Vec<(&'static str, Value)> {
    let of = |name: &'static str| {
        let dashboard: Value = serde_json::from_str(&text(&format!("infra/grafana/{name}.json"))).unwrap();
        dashboard["panels"].as_array().unwrap().iter().map(|panel| (name, panel.clone())).collect::<Vec<_>>()
    };
    DASHBOARDS.into_iter().flat_map(of).collect()
}

#[tokio::test]
async fn every_panel_shows_something_after_a_journey() {
    let metrics_port = free_port().unwrap();
    let Some(prometheus) = Prometheus::scraping(&format!("127.0.0.1:{metrics_port}")).await else { return };
    let yemae = Yemae::start(metrics_port).await;
    let mut missing = queries();
    let deadline = Instant::now() + SHOWS_WITHIN;
    while !missing.is_empty() {
        journey::take(&yemae.house, Uuid::new_v4()).await;
        let mut still = Vec::new();
        let performance = newest(&prometheus).await;
        for query in missing {
            if !shows(&prometheus, &query, performance.as_deref()).await {
                still.push(query);
            }
        }
        missing = still;
        let left: Vec<_> =
            missing.iter().map(|query| format!("{}: {}", query.place, query.expression)).collect();
        assert!(Instant::now() < deadline, "these show nothing:\n{}", left.join("\n"));
        sleep(Duration::from_secs(1)).await;
    }
}

/// A performance with a waiting room: the journey's, as the demo's are not visited.
async fn newest(prometheus: &Prometheus) -> Option<String> {
    let rooms = prometheus.ask("yemae_queue_issued and on (yemae_performance_id) yemae_seats").await;
    rooms.first().map(|(labels, _)| labels["yemae_performance_id"].as_str().unwrap().to_owned())
}

async fn shows(prometheus: &Prometheus, query: &Query, performance: Option<&str>) -> bool {
    let expression = query
        .expression
        .replace("$performance", performance.unwrap_or("none"))
        .replace("$function", ".*")
        .replace("$__rate_interval", "30s");
    let samples = prometheus.ask(&expression).await;
    samples.iter().any(|(_, value)| value.is_finite())
}

/// The runner, with data and ports of its own.
struct Yemae {
    house: RunningYemae,
    process: TiedProcess,
    _data: TempDir,
}

impl Yemae {
    async fn start(metrics_port: u16) -> Self {
        let data = TempDir::new().unwrap();
        let port = free_port().unwrap();
        let mut command = stores::tied(&program("yemae-local"));
        command
            .current_dir(data.path())
            .env("PORT", port.to_string())
            .env("YEMAE_ADDRESS_RATE_PER_MIN", "0")
            .env("OTEL_METRICS_EXPORTER", "prometheus")
            .env("OTEL_EXPORTER_PROMETHEUS_HOST", "127.0.0.1")
            .env("OTEL_EXPORTER_PROMETHEUS_PORT", metrics_port.to_string());
        let process = TiedProcess::start("yemae-local", command, data.path().join("log")).unwrap();
        let base = format!("http://127.0.0.1:{port}");
        let house = RunningYemae {
            base: base.clone(),
            organizer_email: demo::ORGANIZER.to_owned(),
            organizer_password: demo::PASSWORD.to_owned(),
        };
        let mut yemae = Self { house, process, _data: data };
        let deadline = Instant::now() + STARTS_WITHIN;
        while !reqwest::get(format!("{base}/v1/shows")).await.is_ok_and(|answer| answer.status().is_success())
        {
            let is_running = !yemae.process.has_ended() && Instant::now() < deadline;
            assert!(is_running, "yemae-local does not answer: {}", yemae.process.last_words());
            sleep(Duration::from_millis(100)).await;
        }
        yemae
    }
}
