//! Grafana's dashboards: what each panel shows is in `grafana/`, and here it becomes Grafana's JSON.

/// How often a counter of a given name, with these labels if any, went up in the last five minutes, of each process. As in the rules,
/// what a process counted before it was first seen counts if the process began since then, or was there before.
macro_rules! counted {
    ($metric:literal) => {
        concat!(
            "((last_over_time(",
            $metric,
            "[5m]) unless ",
            $metric,
            " offset 5m) and on (job, instance) ",
            "(last_over_time(process_uptime_seconds[5m]) < 300 or process_uptime_seconds offset 5m)) ",
            "or increase(",
            $metric,
            "[5m])",
        )
    };
}

/// Within what time half, 95 % and 99 % of a histogram's events were over. The argument is its series of buckets.
macro_rules! quantiles {
    ($buckets:literal) => {
        &[
            (concat!("histogram_quantile(0.5, sum by (le) (rate(", $buckets, "[$__rate_interval])))"), "p50"),
            (
                concat!("histogram_quantile(0.95, sum by (le) (rate(", $buckets, "[$__rate_interval])))"),
                "p95",
            ),
            (
                concat!("histogram_quantile(0.99, sum by (le) (rate(", $buckets, "[$__rate_interval])))"),
                "p99",
            ),
        ]
    };
}

mod functions;
mod sale;
mod stores;

use crate::RenderedFile;
use serde_json::{Value, json};

/// The columns of Grafana's grid.
const COLUMNS: u32 = 24;

/// A dashboard, for one kind of reader.
struct Dashboard {
    /// Its file and its address.
    name: &'static str,
    title: &'static str,
    description: &'static str,
    variable: Option<Variable>,
    panels: Vec<Panel>,
}

/// What the reader chooses.
struct Variable {
    name: &'static str,
    title: &'static str,
    /// A query for the choices.
    values: &'static str,
    /// Whether several may be chosen, or all.
    many: bool,
}

struct Panel {
    title: &'static str,
    /// What the reader may want to know of it.
    description: &'static str,
    /// As Grafana names it.
    unit: &'static str,
    view: View,
    queries: Queries,
}

enum View {
    /// A number.
    Number,
    Lines,
    /// Lines whose sum means something.
    Stack,
}

/// Queries with their legends.
type Queries = &'static [(&'static str, &'static str)];

impl View {
    /// A panel that shows its queries so.
    fn panel(
        self,
        title: &'static str,
        description: &'static str,
        unit: &'static str,
        queries: Queries,
    ) -> Panel {
        Panel { title, description, unit, view: self, queries }
    }
}

pub(crate) fn files() -> Vec<RenderedFile> {
    let file = |dashboard: Dashboard| {
        let path = format!("infra/grafana/{}.json", dashboard.name);
        (path, format!("{:#}\n", dashboard.to_json()))
    };
    [sale::dashboard(), functions::dashboard(), stores::dashboard()].map(file).into()
}

impl Dashboard {
    fn to_json(&self) -> Value {
        let variables: Vec<_> =
            [data_source()].into_iter().chain(self.variable.as_ref().map(Variable::to_json)).collect();
        json!({
            "uid": format!("yemae-{}", self.name),
            "title": self.title,
            "description": self.description,
            "tags": ["yemae"],
            "schemaVersion": 39,
            "editable": false,
            "graphTooltip": 1,
            "refresh": "10s",
            "time": { "from": "now-1h", "to": "now" },
            "templating": { "list": variables },
            "panels": placed(&self.panels),
        })
    }
}

/// Grafana's variable for the Prometheus that is asked, so that the dashboards fit every house.
fn data_source() -> Value {
    json!({ "name": "datasource", "label": "Prometheus", "type": "datasource", "query": "prometheus" })
}

/// How a panel or a variable names it.
fn asked() -> Value {
    json!({ "type": "prometheus", "uid": "${datasource}" })
}

impl Variable {
    fn to_json(&self) -> Value {
        json!({
            "name": self.name,
            "label": self.title,
            "type": "query",
            "datasource": asked(),
            "query": { "query": self.values, "refId": "values" },
            "definition": self.values,
            "refresh": 2,
            "sort": 1,
            "multi": self.many,
            "includeAll": self.many,
            "allValue": self.many.then_some(".+"),
        })
    }
}

/// The panels from left to right, in rows.
fn placed(panels: &[Panel]) -> Vec<Value> {
    let (mut x, mut y, mut row_height) = (0, 0, 0);
    let mut placed = Vec::new();
    for (id, panel) in (1..).zip(panels) {
        let (width, height) = panel.size();
        if x + width > COLUMNS || height != row_height {
            (x, y) = (0, y + row_height);
            row_height = height;
        }
        placed.push(panel.to_json(id, &json!({ "x": x, "y": y, "w": width, "h": height })));
        x += width;
    }
    placed
}

impl Panel {
    /// In the grid's units.
    fn size(&self) -> (u32, u32) {
        match self.view {
            View::Number => (4, 4),
            View::Lines | View::Stack => (8, 8),
        }
    }

    fn to_json(&self, id: u32, place: &Value) -> Value {
        let targets = ('A'..).zip(self.queries).map(|(name, (query, legend))| {
            json!({
                "refId": name.to_string(),
                "datasource": asked(),
                "expr": query,
                "legendFormat": legend,
                "range": true,
            })
        });
        let (kind, options, custom) = match self.view {
            View::Number => ("stat", json!({ "reduceOptions": { "calcs": ["lastNotNull"] } }), json!({})),
            View::Lines => {
                ("timeseries", json!({ "tooltip": { "mode": "multi" } }), json!({ "fillOpacity": 0 }))
            }
            View::Stack => (
                "timeseries",
                json!({ "tooltip": { "mode": "multi" } }),
                json!({ "fillOpacity": 30, "stacking": { "mode": "normal", "group": "A" } }),
            ),
        };
        json!({
            "id": id,
            "type": kind,
            "title": self.title,
            "description": self.description,
            "datasource": asked(),
            "gridPos": place,
            "targets": targets.collect::<Vec<_>>(),
            "options": options,
            "fieldConfig": { "defaults": { "unit": self.unit, "min": 0, "custom": custom }, "overrides": [] },
        })
    }
}
