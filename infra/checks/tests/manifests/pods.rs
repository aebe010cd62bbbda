//! Every pod is confined, has probes that touch no store, and refers only to objects that exist.

use crate::rendered::{RENDERED, is_function, list, name, pod, pods, services};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// Objects that an operator creates beforehand (overlays/production lists them).
const MADE_BY_HAND: [&str; 4] = ["yemae-signing-key", "yemae-public-keys", "yemae-stores", "front-tls"];

#[test]
fn every_container_is_restricted() {
    for (overlay, object, pod) in pods() {
        let at = format!("{overlay}: {} {}", object["kind"], name(object));
        assert!(pod["initContainers"].is_null() && pod["hostNetwork"].is_null(), "{at}");
        if is_function(object) {
            assert!(
                pod["securityContext"].is_null() && pod["affinity"].is_null(),
                "{at}: Knative refuses that"
            );
        }
        for container in list(&pod["containers"]) {
            let context = &container["securityContext"];
            assert_eq!(context["runAsNonRoot"], true, "{at}");
            assert_eq!(context["runAsUser"], 65532, "{at}");
            assert_eq!(context["readOnlyRootFilesystem"], true, "{at}");
            assert_eq!(context["allowPrivilegeEscalation"], false, "{at}");
            assert_eq!(context["capabilities"], json!({ "drop": ["ALL"] }), "{at}");
            assert_eq!(context["seccompProfile"], json!({ "type": "RuntimeDefault" }), "{at}");
            assert!(context["privileged"].is_null(), "{at}");
            assert!(container["resources"]["requests"]["cpu"].is_string(), "{at}");
            assert!(container["resources"]["limits"]["memory"].is_string(), "{at}");
        }
    }
    for (overlay, objects) in RENDERED.iter() {
        let namespace = objects.iter().find(|object| object["kind"] == "Namespace").expect("a namespace");
        let enforced = &namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"];
        assert_eq!(enforced, "restricted", "{overlay}");
    }
}

#[test]
fn probes_ask_what_touches_no_store() {
    for (overlay, service) in services() {
        let container = &pod(service).unwrap()["containers"][0];
        for probe in ["readinessProbe", "livenessProbe"] {
            assert_eq!(container[probe]["httpGet"]["path"], "/healthz", "{overlay}: {}", name(service));
        }
        // Knative refuses these fields beside a period of 0.
        let readiness = &container["readinessProbe"];
        assert_eq!(readiness.as_object().map(Map::len), Some(1), "{overlay}: {readiness}");
    }
}

#[test]
fn images_are_ours_and_nothing_local_has_to_be_pulled() {
    for (overlay, object, pod) in pods() {
        let at = format!("{overlay}: {} {}", object["kind"], name(object));
        for container in list(&pod["containers"]) {
            let image = container["image"].as_str().expect("an image");
            assert_eq!(container["imagePullPolicy"], "IfNotPresent", "{at}");
            let (registry, tag) = if overlay == "production" {
                ("ghcr.io", env!("CARGO_PKG_VERSION"))
            } else {
                ("dev.local", "dev")
            };
            if is_function(object) {
                assert_eq!(image, format!("{registry}/yemae/{}:{tag}", name(object)), "{at}");
            } else if overlay == "production" {
                let pinned = image.rsplit_once(':').is_some_and(|(_, tag)| tag.split('.').count() == 3);
                assert!(pinned && !image.contains("dev.local"), "{at}: {image}");
            } else {
                let ours = image.strip_prefix("dev.local/yemae/").and_then(|rest| rest.strip_suffix(":dev"));
                let packed = ["yemae", "demo", "payments", "dynamodb", "redis", "nginx"];
                assert!(ours.is_some_and(|ours| packed.contains(&ours)), "{at}: {image}");
            }
        }
    }
}

#[test]
fn whatever_is_referred_to_is_there() {
    for (overlay, objects) in RENDERED.iter() {
        let there: BTreeSet<_> = objects
            .iter()
            .filter(|object| object["kind"] == "ConfigMap" || object["kind"] == "Secret")
            .map(name)
            .collect();
        for object in objects {
            let mut names = Vec::new();
            referred(object, &mut names);
            for (referred, optional) in names {
                let by_hand = *overlay == "production" && MADE_BY_HAND.contains(&&*referred);
                let found = there.contains(&*referred) || by_hand || optional;
                assert!(found, "{overlay}: {} {} refers to {referred}", object["kind"], name(object));
            }
        }
    }
    for (overlay, objects) in RENDERED.iter().filter(|(overlay, _)| *overlay == "production") {
        assert!(!objects.iter().any(|object| object["kind"] == "Secret"), "{overlay} contains a secret");
    }
}

/// The `ConfigMap`s and `Secret`s that an object refers to, and whether each is optional.
fn referred(value: &Value, names: &mut Vec<(String, bool)>) {
    if let Value::Array(values) = value {
        for value in values {
            referred(value, names);
        }
    }
    let Value::Object(fields) = value else { return };
    for (key, value) in fields {
        let name = match &**key {
            "configMapKeyRef" | "secretKeyRef" | "configMapRef" | "secretRef" | "configMap" => &value["name"],
            "secret" | "tls" => &value["secretName"],
            _ => &Value::Null,
        };
        if let Some(name) = name.as_str() {
            names.push((name.to_owned(), value["optional"] == true));
        }
        referred(value, names);
    }
}
