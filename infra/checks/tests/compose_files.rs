//! The Compose files agree with the register: every function runs, as declared, on either store.
#![cfg(test)]

use all::FUNCTIONS;
use checks::{run, text, tool};
use serde_json::{Map, Value, json};
use std::{collections::BTreeSet, process::Command};
use testkit::{PRIVATE_KEY, PUBLIC_KEY};

const OTHERS: [&str; 6] = ["front", "timer", "demo", "payments", "valkey", "localstack"];

const FILES: [&str; 4] = [
    "localstack/compose.yaml",
    "localstack/compose.engine.yaml",
    "localstack/compose.lambda.yaml",
    "localstack/compose.observe.yaml",
];
/// Grafana and Loki, and how they run beside `make run`, for `make observe`.
const SHARED: &str = "localstack/grafana.yaml";
const ALONE: &str = "localstack/observe.yaml";
/// What watches the others.
const WATCHING: [&str; 5] = ["collector", "prometheus", "alertmanager", "loki", "grafana"];

#[test]
fn every_file_keeps_to_the_compose_specification() {
    let Some(check) = tool("check-jsonschema") else { return };
    run(Command::new(check)
        .args(["--builtin-schema", "vendor.compose-spec"])
        .args(FILES)
        .args([SHARED, ALONE]));
}

#[test]
fn compose_reads_them_alone_and_laid_over() {
    let Some(compose) = tool("docker-compose") else { return };
    for over in FILES {
        run(Command::new(&compose).args(["-f", FILES[0], "-f", over, "config", "--quiet"]));
    }
    run(Command::new(&compose).args(["-f", ALONE, "config", "--quiet"]));
}

/// A Compose file's services, with everything from their anchors.
fn services(file: &str) -> Map<String, Value> {
    let mut compose: serde_yaml_ng::Value = serde_yaml_ng::from_str(&text(file)).unwrap();
    // An anchor may itself take from another: two rounds.
    compose.apply_merge().unwrap();
    compose.apply_merge().unwrap();
    let compose = serde_json::to_value(compose).unwrap();
    compose["services"].as_object().expect("services").clone()
}

#[test]
fn every_function_runs_with_the_keys_that_it_needs() {
    let services = services("localstack/compose.yaml");
    for registered in FUNCTIONS {
        let function = registered.function;
        let service = services.get(function.name).unwrap_or_else(|| panic!("{} does not run", function.name));
        let settings = &service["environment"];
        assert_eq!(settings["YEMAE_JWT_PUBLIC_KEYS"], PUBLIC_KEY, "{}", function.name);
        let private = function.signs.then_some(PRIVATE_KEY);
        assert_eq!(settings["YEMAE_JWT_PRIVATE_KEY"].as_str(), private, "{}", function.name);
        assert_eq!(service["build"]["args"]["PROGRAM"], function.name);
        assert_eq!(
            service["image"],
            format!("${{YEMAE_IMAGES:-dev.local/yemae}}/{}:${{YEMAE_TAG:-dev}}", function.name)
        );
    }
    let names: BTreeSet<_> = services.keys().map(String::as_str).collect();
    let known = FUNCTIONS.iter().map(|registered| registered.function.name).chain(OTHERS);
    assert_eq!(names, known.collect());
}

#[test]
fn services_have_no_rights_and_only_the_front_is_reachable() {
    for (name, service) in services("localstack/compose.yaml") {
        if name == "localstack" {
            continue;
        }
        assert_eq!(service["read_only"], true, "{name}");
        assert_eq!(service["user"], "65532:65532", "{name}");
        assert_eq!(service["cap_drop"], json!(["ALL"]), "{name}");
        assert_eq!(service["security_opt"], json!(["no-new-privileges:true"]), "{name}");
        assert!(service["mem_limit"].is_string(), "{name}");
        let reached = (name == "front").then(|| json!(["127.0.0.1:${PORT:-8080}:8080"]));
        assert_eq!(service.get("ports"), reached.as_ref(), "{name}");
    }
}

#[test]
fn on_our_own_engine_nothing_asks_localstack() {
    let laid_over = services("localstack/compose.engine.yaml");
    for (name, service) in services("localstack/compose.yaml") {
        if !service["environment"]["AWS_ENDPOINT_URL_DYNAMODB"].is_null() {
            let endpoint = &laid_over[&name]["environment"]["AWS_ENDPOINT_URL_DYNAMODB"];
            assert_eq!(endpoint, "http://dynamodb:8000", "{name}");
        }
    }
    assert!(laid_over["localstack"]["profiles"].is_array());
}

#[test]
fn beside_make_run_only_this_machine_reaches_what_watches() {
    let alone = services(ALONE);
    assert_eq!(alone.keys().collect::<Vec<_>>(), ["collector", "grafana", "loki"]);
    for (name, service) in &alone {
        assert_eq!(service["network_mode"], "host", "{name}");
    }
    let laid_over = &services("localstack/compose.observe.yaml")["collector"];
    let collector = &alone["collector"];
    for same in ["image", "read_only", "user", "cap_drop", "security_opt", "mem_limit"] {
        assert_eq!(collector[same], laid_over[same], "{same}");
    }
    // What the collector opens is opened again, on loopback alone.
    let on_loopback = text("infra/otel/loopback.yaml");
    let endpoints: BTreeSet<_> =
        text("infra/otel/collector.yaml").match_indices("0.0.0.0").map(|at| at.0).collect();
    assert_eq!(on_loopback.matches("127.0.0.1").count(), endpoints.len());
    assert!(!on_loopback.contains("0.0.0.0"));
}

#[test]
fn watched_every_function_pushes_and_only_this_machine_sees_the_figures() {
    let (below, laid_over) =
        (services("localstack/compose.yaml"), services("localstack/compose.observe.yaml"));
    for registered in FUNCTIONS {
        let name = registered.function.name;
        // As Compose lays one over the other: variable by variable.
        let mut settings = below[name]["environment"].as_object().expect("settings").clone();
        settings.extend(laid_over[name]["environment"].as_object().expect("settings").clone());
        assert_eq!(settings["OTEL_EXPORTER_OTLP_ENDPOINT"], "http://collector:4318", "{name}");
        assert_eq!(settings["OTEL_METRICS_EXPORTER"], "otlp", "{name}: the collector gets no metrics");
        assert_eq!(settings["OTEL_LOGS_EXPORTER"], "otlp", "{name}");
        for switch in ["OTEL_SDK_DISABLED", "OTEL_TRACES_EXPORTER"] {
            assert!(!settings.contains_key(switch), "{name}: {switch}");
        }
    }
    let names: BTreeSet<_> = laid_over.keys().map(String::as_str).collect();
    let known = FUNCTIONS.iter().map(|registered| registered.function.name).chain(WATCHING);
    assert_eq!(names, known.collect());
    let shared = services(SHARED);
    for name in WATCHING {
        let service = shared.get(name).unwrap_or(&laid_over[name]);
        assert_eq!(service["read_only"], true, "{name}");
        assert_eq!(service["user"], "65532:65532", "{name}");
        assert_eq!(service["cap_drop"], json!(["ALL"]), "{name}");
        assert_eq!(service["security_opt"], json!(["no-new-privileges:true"]), "{name}");
        assert!(service["mem_limit"].is_string(), "{name}");
        let (_, tag) = service["image"].as_str().and_then(|image| image.rsplit_once(':')).expect("a tag");
        assert_eq!(tag.split('.').count(), 3, "{name} is not pinned: {tag}");
        for port in laid_over[name]["ports"].as_array().into_iter().flatten() {
            assert!(port.as_str().is_some_and(|port| port.starts_with("127.0.0.1:")), "{name}: {port}");
        }
    }
}
