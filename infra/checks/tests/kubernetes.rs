//! The manifests for plain Kubernetes render, have only fields that Kubernetes knows, and agree with the register.
#![cfg(test)]

use all::FUNCTIONS;
use checks::{documents, root, run, tool};
use serde_json::{Value, json};
use std::{fs, process::Command};

const OVERLAYS: [&str; 2] = ["local", "production"];
const KUBERNETES: &str = "1.34.0";

/// An overlay as it would be applied.
struct Rendered {
    overlay: &'static str,
    yaml: String,
    objects: Vec<Value>,
}

impl Rendered {
    /// Renders every overlay. Returns none, with a message, if kubectl is missing.
    fn all() -> Vec<Self> {
        let Some(kubectl) = tool("kubectl") else { return Vec::new() };
        let render = |overlay| {
            let folder = root("infra/kubernetes/overlays").join(overlay);
            let yaml = run(Command::new(&kubectl).arg("kustomize").arg(folder));
            Self { overlay, objects: documents(&yaml), yaml }
        };
        OVERLAYS.map(render).into()
    }

    fn of(&self, kind: &str) -> impl Iterator<Item = &Value> {
        self.objects.iter().filter(move |object| object["kind"] == kind)
    }

    fn get(&self, kind: &str, name: &str) -> &Value {
        let found = self.of(kind).find(|object| object["metadata"]["name"] == name);
        found.unwrap_or_else(|| panic!("{}: there is no {kind} {name}", self.overlay))
    }
}

#[test]
fn kubernetes_knows_every_field() {
    let (Some(kubectl), Some(validate)) = (tool("kubectl"), tool("kubernetes-validate")) else { return };
    let folder = tempfile::tempdir().unwrap();
    // For an operator's kinds, such as PostgreSQL's, it reports that it has no schema.
    for place in ["kubernetes/overlays/local", "kubernetes/overlays/production", "stores/extenddb"] {
        let yaml = run(Command::new(&kubectl).arg("kustomize").arg(root("infra").join(place)));
        let file = folder.path().join("rendered.yaml");
        fs::write(&file, yaml).unwrap();
        run(Command::new(&validate).args(["--strict", "--kubernetes-version", KUBERNETES]).arg(file));
    }
}

#[test]
fn every_function_has_all_that_it_runs_on() {
    for rendered in Rendered::all() {
        for registered in FUNCTIONS {
            let function = registered.function.name;
            let name = format!("yemae-{function}");
            let deployment = rendered.get("Deployment", &name);
            let labels = &deployment["spec"]["template"]["metadata"]["labels"];
            assert_eq!(labels["app.kubernetes.io/name"], function);
            assert_eq!(deployment["spec"]["selector"]["matchLabels"], *labels, "{name}");
            assert_eq!(deployment["spec"]["replicas"], Value::Null, "{name}: the autoscaler decides");
            let pod = &deployment["spec"]["template"]["spec"];
            assert_eq!(pod["serviceAccountName"], name);
            rendered.get("ServiceAccount", &name);
            let image = pod["containers"][0]["image"].as_str().unwrap();
            assert!(image.contains(&format!("/yemae/{function}:")), "{name}: {image}");
            for spread in pod["topologySpreadConstraints"].as_array().unwrap() {
                assert_eq!(spread["labelSelector"]["matchLabels"], *labels, "{name}");
            }
            let scaled = &rendered.get("HorizontalPodAutoscaler", &name)["spec"]["scaleTargetRef"];
            assert_eq!(*scaled, json!({ "apiVersion": "apps/v1", "kind": "Deployment", "name": name }));
            assert_eq!(rendered.get("Service", &name)["spec"]["selector"], *labels, "{name}");
            let budget = &rendered.get("PodDisruptionBudget", &name)["spec"];
            assert_eq!(budget["selector"]["matchLabels"], *labels, "{name}");
        }
        let named = |object: &&Value| object["metadata"]["name"].as_str().unwrap().starts_with("yemae-");
        let deployed = rendered.of("Deployment").filter(named).count();
        assert_eq!(deployed, FUNCTIONS.len(), "{}: a function that is not registered", rendered.overlay);
    }
}

#[test]
fn a_key_is_visible_only_to_its_users() {
    for rendered in Rendered::all() {
        for registered in FUNCTIONS {
            let function = registered.function;
            let deployment = rendered.get("Deployment", &format!("yemae-{}", function.name));
            let container = &deployment["spec"]["template"]["spec"]["containers"][0];
            // The test cluster's secrets have a hash at the end of their names.
            let reads = |variable: &str, kind: &str, object: &str, key: &str| {
                let variables = container["env"].as_array().unwrap();
                let found = variables.iter().find(|given| given["name"] == variable)?;
                let source = &found["valueFrom"][kind];
                Some(source["name"].as_str()?.starts_with(object) && source["key"] == key)
            };
            let private = reads("YEMAE_JWT_PRIVATE_KEY", "secretKeyRef", "yemae-signing-key", "private.pem");
            assert_eq!(private, function.signs.then_some(true), "{}", function.name);
            let public = reads("YEMAE_JWT_PUBLIC_KEYS", "configMapKeyRef", "yemae-public-keys", "public.pem");
            assert_eq!(public, function.verifies.then_some(true), "{}", function.name);
        }
        // Any other way to obtain the key would mention its name.
        let mentions = rendered.yaml.matches("yemae-signing-key").count();
        let itself = rendered.of("Secret").count();
        let signers = FUNCTIONS.iter().filter(|registered| registered.function.signs).count();
        assert_eq!(mentions, signers + itself, "{}", rendered.overlay);
    }
}

#[test]
fn every_function_is_scraped_on_a_port_that_no_service_has() {
    for rendered in Rendered::all() {
        for registered in FUNCTIONS {
            let name = format!("yemae-{}", registered.function.name);
            let container = &rendered.get("Deployment", &name)["spec"]["template"]["spec"]["containers"][0];
            let port = json!({ "name": "metrics", "containerPort": 9464 });
            assert!(container["ports"].as_array().unwrap().contains(&port), "{name}");
            let set = |variable: &str, value: &str| {
                container["env"].as_array().unwrap().contains(&json!({ "name": variable, "value": value }))
            };
            assert!(
                set("OTEL_METRICS_EXPORTER", "prometheus") && set("OTEL_EXPORTER_PROMETHEUS_PORT", "9464")
            );
            let served = rendered.get("Service", &name)["spec"]["ports"].to_string();
            assert!(!served.contains("metrics") && !served.contains("9464"), "{name}: {served}");
        }
    }
}

#[test]
fn every_pod_is_confined_and_bounded() {
    for rendered in Rendered::all() {
        for object in ["Deployment", "Job", "CronJob"].into_iter().flat_map(|kind| rendered.of(kind)) {
            let name = &object["metadata"]["name"];
            let timed = &object["spec"]["jobTemplate"]["spec"];
            let spec = if timed.is_null() { &object["spec"] } else { timed };
            let pod = &spec["template"]["spec"];
            assert_eq!(pod["automountServiceAccountToken"], false, "{name}");
            for container in pod["containers"].as_array().unwrap() {
                // A pod's security context applies wherever a container's does not say otherwise.
                let mut context = pod["securityContext"].as_object().cloned().unwrap_or_default();
                context.remove("fsGroup");
                context.remove("runAsGroup");
                context.extend(container["securityContext"].as_object().cloned().unwrap());
                context.remove("runAsGroup");
                let confined = json!({
                    "runAsNonRoot": true,
                    "runAsUser": 65532,
                    "seccompProfile": { "type": "RuntimeDefault" },
                    "allowPrivilegeEscalation": false,
                    "readOnlyRootFilesystem": true,
                    "capabilities": { "drop": ["ALL"] },
                });
                assert_eq!(Value::from(context), confined, "{name}");
                assert!(container["resources"]["requests"]["cpu"].is_string(), "{name}");
                assert!(container["resources"]["limits"]["memory"].is_string(), "{name}");
            }
        }
    }
}

#[test]
fn the_ingress_leads_to_services_and_not_to_those_of_the_inside() {
    for rendered in Rendered::all() {
        let rules = rendered.get("Ingress", "yemae")["spec"]["rules"].as_array().unwrap();
        for path in rules.iter().flat_map(|rule| rule["http"]["paths"].as_array().unwrap()) {
            let backend = &path["backend"]["service"];
            let service = rendered.get("Service", backend["name"].as_str().unwrap());
            assert_eq!(backend["port"]["number"], service["spec"]["ports"][0]["port"], "{path}");
            let inside = all::inside().any(|it| backend["name"] == format!("yemae-{}", it.function.name));
            assert!(!inside, "{path}");
        }
        for service in rendered.of("Service") {
            assert_eq!(service["spec"]["type"], Value::Null, "{service}: reachable from outside");
        }
        let timer = rendered.get("CronJob", "sweep-timer").to_string();
        let calls = r#"["sweep","--url","http://yemae-sweep","--url","http://yemae-relay"]"#;
        assert!(timer.contains(calls), "{timer}");
        let settings = rendered.of("ConfigMap").find(|map| {
            map["metadata"]["name"].as_str().is_some_and(|name| name.starts_with("yemae-settings"))
        });
        assert_eq!(settings.expect("settings")["data"]["YEMAE_RELAY_URL"], "http://yemae-relay");
    }
}

#[test]
fn images_come_from_where_the_overlay_says() {
    for rendered in Rendered::all() {
        let (registry, tag) = match rendered.overlay {
            "local" => ("dev.local", "dev"),
            _ => ("ghcr.io", env!("CARGO_PKG_VERSION")),
        };
        let lines = rendered.yaml.lines();
        let images: Vec<_> = lines.filter_map(|line| line.trim().strip_prefix("image: ")).collect();
        assert!(images.len() > FUNCTIONS.len());
        for image in images {
            assert!(image.starts_with(&format!("{registry}/yemae/")), "{image}");
            assert!(image.ends_with(&format!(":{tag}")), "{image}");
        }
        let applied = rendered.of("ConfigMap").any(|object| object["metadata"]["name"] == "images");
        assert!(!applied, "{}: it is for kustomize alone", rendered.overlay);
    }
}
