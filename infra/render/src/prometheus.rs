//! The alerts for the Prometheus operator: the same rules as everywhere, as an object of Kubernetes.

use crate::{RenderedFile, made_from};

const RULES: &str = include_str!("../../prometheus/rules.yaml");

pub(crate) fn file() -> RenderedFile {
    let mut text = made_from("infra/prometheus/rules.yaml")
        + "apiVersion: monitoring.coreos.com/v1\n\
           kind: PrometheusRule\n\
           metadata:\n  name: yemae\n  namespace: yemae\n\
           spec:\n";
    for line in RULES.lines() {
        let indent = if line.is_empty() { "" } else { "  " };
        text.extend([indent, line, "\n"]);
    }
    ("infra/otel/operator/rules.yaml".to_owned(), text)
}
