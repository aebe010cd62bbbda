//! A real Prometheus on a free port, that scrapes one address every second.

use checks::tool;
use serde_json::Value;
use std::{fs, time::Duration};
use stores::{TiedProcess, free_port};
use tempfile::TempDir;
use tokio::time::{Instant, sleep};

const STARTS_WITHIN: Duration = Duration::from_mins(1);

/// It ends when it is dropped.
pub(crate) struct Prometheus {
    process: TiedProcess,
    address: String,
    _data: TempDir,
}

impl Prometheus {
    /// `None` if there is none on this machine.
    pub(crate) async fn scraping(target: &str) -> Option<Self> {
        let program = tool("prometheus")?;
        let data = TempDir::new().unwrap();
        let settings = format!(
            "global: {{ scrape_interval: 1s }}\n\
             scrape_configs: [{{ job_name: yemae, static_configs: [{{ targets: ['{target}'] }}] }}]\n"
        );
        let config = data.path().join("prometheus.yaml");
        fs::write(&config, settings).unwrap();
        let address = format!("127.0.0.1:{}", free_port().unwrap());
        let mut command = stores::tied(&program);
        command
            .arg("--config.file")
            .arg(&config)
            .arg("--storage.tsdb.path")
            .arg(data.path().join("data"))
            .args(["--web.listen-address", &address]);
        let process = TiedProcess::start("prometheus", command, data.path().join("log")).unwrap();
        let mut prometheus = Self { process, address, _data: data };
        prometheus.wait().await;
        Some(prometheus)
    }

    async fn wait(&mut self) {
        let deadline = Instant::now() + STARTS_WITHIN;
        let ready = format!("http://{}/-/ready", self.address);
        while !reqwest::get(&ready).await.is_ok_and(|answer| answer.status().is_success()) {
            assert!(!self.process.has_ended(), "Prometheus ended: {}", self.process.last_words());
            assert!(Instant::now() < deadline, "Prometheus does not answer");
            sleep(Duration::from_millis(100)).await;
        }
    }

    /// The samples of a query now: each with its labels and its value.
    pub(crate) async fn ask(&self, query: &str) -> Vec<(Value, f64)> {
        let url = reqwest::Url::parse_with_params(
            &format!("http://{}/api/v1/query", self.address),
            [("query", query)],
        );
        let answer = reqwest::get(url.unwrap()).await.unwrap().bytes().await.unwrap();
        let answer: Value = serde_json::from_slice(&answer).unwrap();
        assert_eq!(answer["status"], "success", "{query}: {answer}");
        let samples = answer["data"]["result"].as_array().unwrap_or_else(|| panic!("{query}: {answer}"));
        let sample = |sample: &Value| {
            (sample["metric"].clone(), sample["value"][1].as_str().unwrap().parse().unwrap())
        };
        samples.iter().map(sample).collect()
    }
}
