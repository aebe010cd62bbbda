//! Prometheus and Alertmanager beside the stack, where they are installed, and a watch that writes down when each alert fired
//! and cleared.

use crate::{DrillResult, part::Part, rules, stack::Stack};
use serde_json::{Value, json};
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use stores::on_path;
use tokio::{
    task::JoinHandle,
    time::{Instant, sleep},
};

const LOOK_EVERY: Duration = Duration::from_millis(500);
/// How long `/metrics` is waited for: a function that has it has it from its start.
const METRICS_WITHIN: Duration = Duration::from_secs(5);
/// Alerts that look back so long that they are waited for at the end alone.
const SLOW: [&str; 2] = ["YemaeErrorBudgetSlow", "YemaeOversold"];
/// The rules, relative to the checkout.
const RULES: &str = "infra/prometheus/rules.yaml";

/// Whether alerts can be seen.
pub(crate) enum Alerts {
    Watched(Box<AlertWatch>),
    /// Why not.
    NotChecked(String),
}

/// A running Prometheus that is looked at.
pub(crate) struct AlertWatch {
    /// The alerts of the rules.
    pub(crate) names: Vec<String>,
    episodes: Arc<Mutex<Vec<Episode>>>,
    looking: JoinHandle<()>,
    _prometheus: Part,
    alertmanager: Option<Part>,
}

/// One firing of an alert.
#[derive(Debug, Clone)]
pub(crate) struct Episode {
    pub(crate) alert: String,
    pub(crate) fired: Instant,
    pub(crate) cleared: Option<Instant>,
}

impl Episode {
    /// Whether it is over, or its alert is one that is over late.
    pub(crate) fn is_clear_or_slow(&self) -> bool {
        self.cleared.is_some() || SLOW.contains(&self.alert.as_str())
    }
}

impl Alerts {
    /// Starts what is installed. Durations of the rules are divided by `factor`.
    pub(crate) async fn start(stack: &Stack, factor: f64) -> DrillResult<Self> {
        let Some(prometheus) = on_path("prometheus") else {
            return Ok(Self::NotChecked("prometheus is not on this machine".to_owned()));
        };
        let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(RULES);
        let Ok(rules) = fs::read_to_string(&rules) else {
            return Ok(Self::NotChecked(format!("there is no {RULES}")));
        };
        if !serves_metrics(stack).await {
            return Ok(Self::NotChecked("the functions serve no /metrics".to_owned()));
        }
        AlertWatch::start(stack, prometheus, &rules, factor).await.map(|watch| Self::Watched(Box::new(watch)))
    }

    /// The alerts of the rules, if they are watched.
    pub(crate) fn names(&self) -> &[String] {
        match self {
            Self::Watched(watch) => &watch.names,
            Self::NotChecked(_) => &[],
        }
    }

    pub(crate) fn episodes(&self) -> Vec<Episode> {
        match self {
            Self::Watched(watch) => watch.episodes.lock().unwrap_or_else(PoisonError::into_inner).clone(),
            Self::NotChecked(_) => Vec::new(),
        }
    }

    /// Waits until all of these have fired since `moment`, and none fires but those that look back long. Not longer than until
    /// `deadline`.
    pub(crate) async fn until_fired_and_clear(&self, wanted: &[&str], moment: Instant, deadline: Instant) {
        while !self.have_fired_and_cleared(wanted, moment) && Instant::now() < deadline {
            sleep(LOOK_EVERY).await;
        }
    }

    fn have_fired_and_cleared(&self, wanted: &[&str], moment: Instant) -> bool {
        let episodes = self.episodes();
        let has_fired = |alert: &&str| {
            let known = self.names().iter().any(|name| name == alert);
            !known || episodes.iter().any(|episode| episode.alert == *alert && episode.fired >= moment)
        };
        wanted.iter().all(has_fired) && episodes.iter().all(Episode::is_clear_or_slow)
    }

    /// Waits until no alert fires, not longer than until `deadline`.
    pub(crate) async fn until_clear(&self, deadline: Instant) {
        while self.episodes().iter().any(|episode| episode.cleared.is_none()) && Instant::now() < deadline {
            sleep(LOOK_EVERY).await;
        }
    }

    /// Whether Alertmanager was told of an alert; nothing where it does not run.
    pub(crate) async fn were_passed_on(&self) -> Option<bool> {
        let Self::Watched(watch) = self else { return None };
        let alertmanager = watch.alertmanager.as_ref()?;
        let metrics =
            reqwest::get(format!("{}/metrics", alertmanager.url())).await.ok()?.text().await.ok()?;
        let received = metrics.lines().filter(|line| line.starts_with("alertmanager_alerts_received_total"));
        Some(received.filter_map(|line| line.rsplit_once(' ')).any(|(_, count)| count != "0"))
    }
}

impl AlertWatch {
    async fn start(stack: &Stack, prometheus: PathBuf, rules: &str, factor: f64) -> DrillResult<Self> {
        let folder = stack.folder();
        let (rules, names) = rules::quickened(rules, factor)?;
        fs::write(folder.join("rules.yaml"), rules)?;
        let alertmanager = start_alertmanager(folder).await?;
        fs::write(folder.join("prometheus.json"), config(stack, alertmanager.as_ref()).to_string())?;
        let port = stores::free_port()?;
        let mut prometheus = Part::new("prometheus", port, prometheus, folder).arguments([
            format!("--config.file={}", folder.join("prometheus.json").display()),
            format!("--storage.tsdb.path={}", folder.join("prometheus").display()),
            format!("--web.listen-address=127.0.0.1:{port}"),
            "--log.level=warn".to_owned(),
        ]);
        prometheus.start().await?;
        let episodes = Arc::<Mutex<Vec<Episode>>>::default();
        let looking = tokio::spawn(look(prometheus.url(), Arc::clone(&episodes)));
        Ok(Self { names, episodes, looking, _prometheus: prometheus, alertmanager })
    }
}

impl Drop for AlertWatch {
    fn drop(&mut self) {
        self.looking.abort();
    }
}

/// JSON is YAML, too.
fn config(stack: &Stack, alertmanager: Option<&Part>) -> Value {
    let targets: Vec<_> = stack
        .metrics
        .iter()
        .map(|(name, port)| json!({ "targets": [format!("127.0.0.1:{port}")], "labels": { "function": name } }))
        .collect();
    let mut config = json!({
        "global": { "scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": rules::EVERY },
        "rule_files": ["rules.yaml"],
        "scrape_configs": [{ "job_name": "yemae", "static_configs": targets }],
    });
    if let (Some(alertmanager), Some(fields)) = (alertmanager, config.as_object_mut()) {
        let target = json!({ "static_configs": [{ "targets": [alertmanager.address().to_string()] }] });
        fields.insert("alerting".to_owned(), json!({ "alertmanagers": [target] }));
    }
    config
}

async fn start_alertmanager(folder: &Path) -> DrillResult<Option<Part>> {
    // Debian names it after its package.
    let Some(program) = on_path("prometheus-alertmanager").or_else(|| on_path("alertmanager")) else {
        return Ok(None);
    };
    let config = folder.join("alertmanager.json");
    fs::write(
        &config,
        json!({ "route": { "receiver": "none" }, "receivers": [{ "name": "none" }] }).to_string(),
    )?;
    let port = stores::free_port()?;
    let mut alertmanager = Part::new("alertmanager", port, program, folder).arguments([
        format!("--config.file={}", config.display()),
        format!("--storage.path={}", folder.join("alertmanager").display()),
        format!("--web.listen-address=127.0.0.1:{port}"),
        // Alone: no other Alertmanager is looked for.
        "--cluster.listen-address=".to_owned(),
        "--log.level=warn".to_owned(),
    ]);
    alertmanager.start().await?;
    Ok(Some(alertmanager))
}

async fn serves_metrics(stack: &Stack) -> bool {
    let Some(port) = stack.metrics.values().next() else { return false };
    let deadline = Instant::now() + METRICS_WITHIN;
    while Instant::now() < deadline {
        if let Ok(answer) = reqwest::get(format!("http://127.0.0.1:{port}/metrics")).await {
            return answer.status().is_success();
        }
        sleep(LOOK_EVERY).await;
    }
    false
}

async fn look(prometheus: String, episodes: Arc<Mutex<Vec<Episode>>>) {
    loop {
        if let Some(firing) = firing(&prometheus).await {
            let now = Instant::now();
            let mut episodes = episodes.lock().unwrap_or_else(PoisonError::into_inner);
            for episode in episodes.iter_mut().filter(|episode| episode.cleared.is_none()) {
                if !firing.contains(&episode.alert) {
                    episode.cleared = Some(now);
                }
            }
            for alert in firing {
                let is_known =
                    episodes.iter().any(|episode| episode.alert == alert && episode.cleared.is_none());
                if !is_known {
                    episodes.push(Episode { alert, fired: now, cleared: None });
                }
            }
        }
        sleep(LOOK_EVERY).await;
    }
}

/// The names of the alerts that fire now.
async fn firing(prometheus: &str) -> Option<BTreeSet<String>> {
    let answer: Value = reqwest::get(format!("{prometheus}/api/v1/alerts")).await.ok()?.json().await.ok()?;
    let alerts = answer.pointer("/data/alerts")?.as_array()?;
    let firing = alerts.iter().filter(|alert| alert.get("state").and_then(Value::as_str) == Some("firing"));
    let names = firing.filter_map(|alert| alert.pointer("/labels/alertname")?.as_str());
    Some(names.map(str::to_owned).collect())
}
