//! What the components `observe` add: every function tells of itself, and the collector has no more rights than it needs.

use crate::rendered::{OBSERVED, is_function, list, name, pod};
use all::FUNCTIONS;
use checks::{documents, text};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Every object, with its overlay.
fn objects(kind: &str) -> impl Iterator<Item = (&'static str, &'static Value)> {
    let all =
        OBSERVED.iter().flat_map(|(overlay, objects)| objects.iter().map(move |object| (*overlay, object)));
    all.filter(move |(_, object)| object["kind"] == kind)
}

fn setting<'a>(container: &'a Value, variable: &str) -> &'a Value {
    let found = list(&container["env"]).iter().find(|entry| entry["name"] == variable);
    found.map_or(&Value::Null, |entry| &entry["value"])
}

#[test]
fn every_function_tells_of_itself_where_the_collector_listens() {
    for (overlay, observed) in OBSERVED.iter() {
        let is_ours = |object: &&Value| is_function(object) || name(object).starts_with("yemae-");
        let mut told = BTreeSet::new();
        for object in observed.iter().filter(is_ours) {
            let Some(pod) = pod(object).filter(|_| object["kind"] != "CronJob") else { continue };
            let container = &pod["containers"][0];
            let at = format!("{overlay}: {}", name(object));
            assert_eq!(
                setting(container, "OTEL_EXPORTER_OTLP_ENDPOINT"),
                "http://otel-collector:4318",
                "{at}"
            );
            // Not by the parent's flag: each page asks for its requests to be recorded.
            assert_eq!(setting(container, "OTEL_TRACES_SAMPLER"), "traceidratio", "{at}");
            assert_eq!(setting(container, "OTEL_TRACES_SAMPLER_ARG"), "0.1", "{at}");
            if !is_function(object) {
                assert_eq!(setting(container, "OTEL_METRICS_EXPORTER"), "prometheus", "{at}");
                let metrics = json!({ "name": "metrics", "containerPort": 9464 });
                assert!(list(&container["ports"]).contains(&metrics), "{at} is not scraped");
            }
            told.insert(name(object).trim_start_matches("yemae-"));
        }
        assert_eq!(told, FUNCTIONS.iter().map(|registered| registered.function.name).collect(), "{overlay}");
    }
}

#[test]
fn no_container_has_a_port_or_a_setting_twice() {
    for (overlay, observed) in OBSERVED.iter() {
        for object in observed {
            for container in pod(object).into_iter().flat_map(|pod| list(&pod["containers"])) {
                for (of, key) in [("ports", "name"), ("ports", "containerPort"), ("env", "name")] {
                    let mut seen = BTreeSet::new();
                    for entry in list(&container[of]).iter().filter(|entry| !entry[key].is_null()) {
                        let is_new = seen.insert(entry[key].to_string());
                        assert!(is_new, "{overlay}: {} has {of} {} twice", name(object), entry[key]);
                    }
                }
            }
        }
    }
}

#[test]
fn an_overlay_leaves_the_collector_as_it_is() {
    let deployment = documents(&text("infra/otel/collector/deployment.yaml")).remove(0);
    for (overlay, observed) in OBSERVED.iter() {
        let mut applied: Vec<_> = observed
            .iter()
            .filter(|object| object["kind"] == "Deployment" && name(object) == "otel-collector")
            .cloned()
            .collect();
        assert_eq!(applied.len(), 1, "{overlay}");
        let config = &mut applied[0]["spec"]["template"]["spec"]["volumes"][0]["configMap"]["name"];
        assert!(config.as_str().is_some_and(|name| name.starts_with("otel-collector-")), "{overlay}");
        *config = "otel-collector".into();
        assert_eq!(applied[0]["spec"], deployment["spec"], "{overlay}");
    }
}

#[test]
fn the_collector_listens_where_it_is_sent_to_and_scraped() {
    let config = documents(&text("infra/otel/collector.yaml")).remove(0);
    assert_eq!(config["receivers"]["otlp"]["protocols"]["http"]["endpoint"], "0.0.0.0:4318");
    assert_eq!(config["exporters"]["prometheus"]["endpoint"], "0.0.0.0:8889");
    for part in ["receivers", "processors", "exporters"] {
        for (pipeline, parts) in config["service"]["pipelines"].as_object().unwrap() {
            for used in list(&parts[part]).iter().map(|used| used.as_str().unwrap()) {
                // The environment may name another.
                let used = used
                    .strip_prefix("${env:")
                    .map_or(used, |rest| rest.split_once(":-").unwrap().1.trim_end_matches('}'));
                assert!(config[part][used].is_object(), "{pipeline}: {used} is not configured");
            }
        }
    }
    for (overlay, service) in objects("Service").filter(|(_, service)| name(service) == "otel-collector") {
        let ports: Vec<_> =
            list(&service["spec"]["ports"]).iter().map(|port| port["port"].as_u64().unwrap()).collect();
        assert_eq!(ports, [4318, 8889, 8888], "{overlay}");
    }
}

#[test]
fn the_collector_has_no_rights() {
    for (overlay, deployment) in objects("Deployment").filter(|(_, object)| name(object) == "otel-collector")
    {
        let pod = pod(deployment).unwrap();
        assert_eq!(pod["automountServiceAccountToken"], false, "{overlay}");
        assert_eq!(pod["securityContext"]["runAsNonRoot"], true, "{overlay}");
        let container = &pod["containers"][0];
        let context = &container["securityContext"];
        assert_eq!(context["readOnlyRootFilesystem"], true, "{overlay}");
        assert_eq!(context["allowPrivilegeEscalation"], false, "{overlay}");
        assert_eq!(context["capabilities"], json!({ "drop": ["ALL"] }), "{overlay}");
        assert!(container["resources"]["limits"]["memory"].is_string(), "{overlay}");
    }
}

#[test]
fn alerts_and_dashboards_are_those_of_everywhere() {
    let rules = documents(&text("infra/prometheus/rules.yaml")).remove(0);
    for (overlay, _) in OBSERVED.iter() {
        let of = |kind| objects(kind).filter(move |(its, _)| its == overlay).map(|(_, object)| object);
        assert_eq!(of("PrometheusRule").map(|rule| &rule["spec"]).collect::<Vec<_>>(), [&rules], "{overlay}");
        let dashboards: Vec<_> = of("ConfigMap").filter(|map| name(map) == "yemae-dashboards").collect();
        assert_eq!(dashboards.len(), 1, "{overlay}");
        for map in dashboards {
            assert_eq!(map["metadata"]["labels"]["grafana_dashboard"], "1", "{overlay}");
            for file in ["sale.json", "functions.json", "stores.json"] {
                assert_eq!(map["data"][file], text(&format!("infra/grafana/{file}")), "{overlay}: {file}");
            }
        }
        let is_scraped = of("ServiceMonitor").any(|monitor| name(monitor) == "otel-collector");
        assert!(is_scraped, "{overlay}: the collector is not scraped");
    }
}
