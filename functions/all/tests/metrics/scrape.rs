//! Reads the metrics of this process as Prometheus would.

use opentelemetry::global;
use opentelemetry_sdk::metrics::SdkMeterProvider;
use prometheus::{Registry, TextEncoder};
use shared::telemetry::metrics::ALL;
use std::collections::BTreeMap;
use testkit::{prometheus_label, prometheus_name};

pub(crate) type Labels = BTreeMap<String, String>;

pub(crate) struct Scrape(Registry);

/// The metrics at one moment, by their names in Prometheus.
#[derive(Debug, Default)]
pub(crate) struct Scraped(BTreeMap<String, Family>);

#[derive(Debug, Default)]
pub(crate) struct Family {
    pub(crate) help: String,
    pub(crate) kind: String,
    /// Of a histogram the number of its observations.
    pub(crate) series: BTreeMap<Labels, f64>,
}

impl Scrape {
    pub(crate) fn start() -> Self {
        let registry = Registry::new();
        let exporter = opentelemetry_prometheus::exporter()
            .with_registry(registry.clone())
            .scope_info_enabled(false)
            .without_target_info()
            .build()
            .unwrap();
        global::set_meter_provider(SdkMeterProvider::builder().with_reader(exporter).build());
        Self(registry)
    }

    pub(crate) fn now(&self) -> Scraped {
        let text = TextEncoder::new().encode_to_string(&self.0.gather()).unwrap();
        let mut scraped = Scraped::default();
        for line in text.lines() {
            scraped.read(line);
        }
        scraped
    }
}

impl Scraped {
    fn read(&mut self, line: &str) {
        if let Some(help) = line.strip_prefix("# HELP ") {
            let (name, help) = help.split_once(' ').unwrap();
            self.0.entry(name.to_owned()).or_default().help = help.to_owned();
        } else if let Some(kind) = line.strip_prefix("# TYPE ") {
            let (name, kind) = kind.split_once(' ').unwrap();
            self.0.entry(name.to_owned()).or_default().kind = kind.to_owned();
        } else {
            let (series, value) = line.rsplit_once(' ').unwrap();
            let (name, labels) = series.split_once('{').unwrap_or((series, "}"));
            if name.ends_with("_bucket") || name.ends_with("_sum") {
                return;
            }
            let name = name.strip_suffix("_count").filter(|name| self.0.contains_key(*name)).unwrap_or(name);
            self.0.get_mut(name).unwrap().series.insert(labels_of(labels), value.parse().unwrap());
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn families(&self) -> impl Iterator<Item = (&String, &Family)> {
        self.0.iter()
    }

    /// The sum of all series with these attributes; nothing where there are none.
    pub(crate) fn value(&self, name: &str, with: &[(&str, &str)]) -> Option<f64> {
        let metric = ALL.iter().find(|metric| metric.name == name).unwrap();
        let family = self.0.get(&prometheus_name(metric))?;
        let has = |labels: &Labels| {
            with.iter()
                .all(|(key, value)| labels.get(&prometheus_label(key)).map(String::as_str) == Some(value))
        };
        let found: Vec<_> =
            family.series.iter().filter(|(labels, _)| has(labels)).map(|(_, value)| *value).collect();
        (!found.is_empty()).then(|| found.iter().sum())
    }
}

/// No value of Yemae's has a quotation mark.
fn labels_of(text: &str) -> Labels {
    let text = text.trim_end_matches('}');
    let labels = text.split("\",").filter(|label| !label.is_empty());
    labels
        .map(|label| {
            let (key, value) = label.split_once("=\"").unwrap();
            (key.to_owned(), value.trim_end_matches('"').to_owned())
        })
        .collect()
}
