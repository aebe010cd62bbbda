//! Knative: a Service for each function, the timer, and the components that name functions.

use crate::{
    RenderedFile, functions, made_from,
    template::{fill, lines},
    timed,
};
use shared::http::{Function, function::Needed};

/// How long an instance takes to stop: queue-proxy waits 30 s for more requests, and the function then has 10 s to drain.
const TO_END_S: u64 = 40;
/// Timeouts are multiples of this.
const STEP_S: u64 = 15;

/// An autoscaling annotation without its prefix, and its value.
type Annotations = Vec<(&'static str, String)>;

pub(crate) fn files() -> Vec<RenderedFile> {
    let mut files: Vec<_> = functions().map(|function| (path(function.name), service(function))).collect();
    let others = [
        ("base/kustomization.yaml", base()),
        ("base/timer.yaml", timer()),
        ("components/budgets/budgets.yaml", budgets()),
        ("components/hpa/kustomization.yaml", by_cpu()),
        ("components/on-sale/kustomization.yaml", on_sale()),
        ("components/on-sale-schedule/floors.json", floors()),
    ];
    files.extend(others.map(|(path, text)| (format!("knative/{path}"), text)));
    files
}

/// The file of one function.
pub(crate) fn path(name: &str) -> String {
    format!("knative/base/{name}.yaml")
}

fn service(function: Function) -> String {
    let scale = function.scale;
    let labels =
        [("signs", function.signs), ("verifies", function.verifies), ("redis", function.stores.asks_redis())];
    let labels = labels.into_iter().filter(|(_, has)| *has);
    let mut annotations = vec![("target", scale.in_flight.to_string())];
    if scale.spread {
        annotations.push(("target-burst-capacity", "-1".to_owned()));
    }
    annotations.push(("max-scale", scale.instances_max.to_string()));
    if let Some(seconds) = scale.kept_idle_s {
        annotations.push(("scale-to-zero-pod-retention-period", format!("{seconds}s")));
    }
    let timeout_s = (function.deadline_s + TO_END_S).div_ceil(STEP_S) * STEP_S;
    made_from(&format!("FUNCTION in functions/{}/src/lib.rs", function.name))
        + &fill(
            include_str!("../templates/knative/function.yaml"),
            &[
                ("name", function.name),
                ("labels", &lines(labels, |(label, _)| format!("    yemae/{label}: \"true\""))),
                (
                    "annotations",
                    &lines(annotations, |(key, value)| {
                        format!("        autoscaling.knative.dev/{key}: \"{value}\"")
                    }),
                ),
                ("timeout_s", &timeout_s.to_string()),
                ("requested_mb", &scale.memory.requested_mb.to_string()),
            ],
        )
}

fn base() -> String {
    let instances = |of: &dyn Fn(Needed) -> bool| -> u32 {
        functions().filter(|it| of(it.stores)).map(|it| it.scale.instances_max).sum()
    };
    made_from("infra/render/templates/knative/base.yaml and the register")
        + &fill(
            include_str!("../templates/knative/base.yaml"),
            &[
                ("functions", &lines(functions(), |function| format!("  - {}.yaml", function.name))),
                ("instances", &instances(&|_| true).to_string()),
                // Doubled, for a canary beside each.
                ("connections", &(2 * instances(&Needed::asks_redis)).to_string()),
            ],
        )
}

fn timer() -> String {
    let timed = timed(|name| format!("http://{name}.yemae.svc.cluster.local"));
    made_from("infra/render/templates/knative/timer.yaml and the register")
        + &fill(include_str!("../templates/knative/timer.yaml"), &[("timed", &timed)])
}

fn budgets() -> String {
    let hot = functions().filter(|function| function.scale.on_sale.is_some());
    let budget = |function: Function| {
        fill(include_str!("../templates/knative/budget.yaml"), &[("name", function.name)])
    };
    made_from("the functions that are awake on a sale (`on_sale`)") + &hot.map(budget).collect::<String>()
}

fn by_cpu() -> String {
    let patch = |function: Function| {
        let percent = function.scale.cpu_percent?.to_string();
        let values = [("name", function.name), ("percent", percent.as_str())];
        Some(fill(include_str!("../templates/knative/hpa-patch.yaml"), &values))
    };
    let patches: String = functions().filter_map(patch).collect();
    made_from("the functions that are scaled by CPU (`scaled_by_cpu_percent`)")
        + &fill(include_str!("../templates/knative/hpa.yaml"), &[("patches", &patches)])
}

/// The annotations that raise a function before a big sale.
fn floor(function: Function) -> Option<Annotations> {
    let floor = function.scale.on_sale?;
    let instances = floor.instances.to_string();
    let mut annotations = vec![("min-scale", instances.clone())];
    if floor.instances > 1 {
        // Should it sleep all the same, its first request wakes as many. Knative accepts no `activation-scale` below two.
        annotations.push(("activation-scale", instances));
    }
    if floor.waves {
        annotations.extend([("window", "120s".to_owned()), ("scale-down-delay", "300s".to_owned())]);
        if !function.scale.spread {
            // The activator stays in the path and holds a burst back until there is room for this many requests at once.
            annotations.push(("target-burst-capacity", "1000".to_owned()));
        }
    }
    Some(annotations)
}

/// One patch for all functions with the same floor.
fn on_sale() -> String {
    let mut alike: Vec<(Annotations, Vec<&str>)> = Vec::new();
    for function in functions() {
        let Some(floor) = floor(function) else { continue };
        match alike.iter_mut().find(|(known, _)| *known == floor) {
            Some((_, names)) => names.push(function.name),
            None => alike.push((floor, vec![function.name])),
        }
    }
    let patch = |(floor, names): (Annotations, Vec<&str>)| {
        let add = |(key, value)| {
            format!(
                "      - op: add
        path: /spec/template/metadata/annotations/autoscaling.knative.dev~1{key}
        value: \"{value}\""
            )
        };
        let target =
            format!("  - target: {{ group: serving.knative.dev, kind: Service, name: {} }}", names.join("|"));
        format!("{target}\n    patch: |-\n{}", lines(floor, add))
    };
    let patches: String = alike.into_iter().map(patch).collect();
    made_from("the functions that are awake on a sale (`on_sale`)")
        + &fill(include_str!("../templates/knative/on-sale.yaml"), &[("patches", &patches)])
}

/// The floors that `yemae on-sale` reads, one function a line.
fn floors() -> String {
    let line = |function: Function| {
        let floor = floor(function)?;
        let pairs: Vec<_> = floor.iter().map(|(key, value)| format!("\"{key}\": \"{value}\"")).collect();
        Some(format!("  \"{}\": {{ {} }}", function.name, pairs.join(", ")))
    };
    format!("{{\n{}\n}}\n", functions().filter_map(line).collect::<Vec<_>>().join(",\n"))
}
