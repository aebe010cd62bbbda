//! What `knative/` renders to: valid by the schemas of Knative and Kubernetes, of one mind with the register of the
//! functions, and with no more rights and secrets than needed.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "in a test a panic is the way to fail"
)]

mod autoscaling;
mod schema;

use all::FUNCTIONS;
use autoscaling::{check_scales, is_autoscaling};
use checks::{documents, not_checked, root, run, text, tool};
use schema::closed;
use serde_json::{Map, Value, json};
use shared::{
    http::{Function, function::Needed},
    routes::INSIDE,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    process::Command,
    sync::LazyLock,
};
use testkit::{PRIVATE_KEY, PUBLIC_KEY};

const OVERLAYS: [&str; 3] = ["local", "on-sale", "production"];
/// What an operator makes beforehand (overlays/production says so).
const MADE_BY_HAND: [&str; 4] = ["yemae-signing-key", "yemae-public-keys", "yemae-stores", "front-tls"];
const AUTOSCALING: &str = "autoscaling.knative.dev/";

/// Every overlay with its objects; none where kubectl is absent.
static RENDERED: LazyLock<Vec<(&'static str, Vec<Value>)>> = LazyLock::new(|| {
    let render = |overlay| Some((overlay, rendered(Path::new(&format!("knative/overlays/{overlay}")))?));
    OVERLAYS.into_iter().filter_map(render).collect()
});

#[test]
fn knative_services_fit_their_schema_to_the_last_field() {
    let crd = root("../shared/schemas/knative-service.crd.yaml");
    let Some(checker) = tool("check-jsonschema") else { return };
    let Ok(crd) = fs::read_to_string(&crd) else {
        not_checked(&format!("{} is absent", crd.display()));
        return;
    };
    let schema = documents(&crd).remove(0)["spec"]["versions"][0]["schema"]["openAPIV3Schema"].take();
    let folder = tempfile::tempdir().unwrap();
    let schema_file = folder.path().join("schema.json");
    fs::write(&schema_file, closed(schema).to_string()).unwrap();
    let check = |files: &[std::path::PathBuf]| {
        let mut command = Command::new(&checker);
        command.arg("--schemafile").arg(&schema_file).args(files).output().unwrap()
    };
    let mut files = Vec::new();
    for (overlay, service) in services() {
        let file = folder.path().join(format!("{overlay}-{}.json", name(service)));
        fs::write(&file, service.to_string()).unwrap();
        files.push(file);
    }
    if let Some((_, service)) = services().next() {
        let mut misspelt = service.clone();
        misspelt["spec"]["template"]["spec"]["timeoutSecond"] = json!(60);
        let file = folder.path().join("misspelt.json");
        fs::write(&file, misspelt.to_string()).unwrap();
        assert!(!check(&[file]).status.success(), "the schema lets a misspelt field pass");
        let answer = check(&files);
        assert!(answer.status.success(), "{}", String::from_utf8_lossy(&answer.stdout));
    }
}

#[test]
fn everything_else_fits_kubernetes_schemas_to_the_last_field() {
    let Some(checker) = tool("kubernetes-validate") else { return };
    let folder = tempfile::tempdir().unwrap();
    for (overlay, objects) in RENDERED.iter() {
        let file = folder.path().join(format!("{overlay}.yaml"));
        let others = objects.iter().filter(|object| !is_function(object));
        // As JSON, which is YAML without words that are read in two ways (`no`).
        let texts: Vec<_> = others.map(Value::to_string).collect();
        fs::write(&file, texts.join("\n---\n")).unwrap();
        run(Command::new(&checker).args(["-k", "1.34.0", "--strict", "--quiet"]).arg(file));
    }
}

#[test]
fn every_function_has_one_file_and_is_one_service_of_each_overlay() {
    let registered: BTreeSet<_> = FUNCTIONS.iter().map(|registered| registered.function.name).collect();
    for function in &registered {
        let objects = documents(&text(&format!("knative/base/{function}.yaml")));
        let services: Vec<_> = objects.iter().filter(|object| is_function(object)).map(name).collect();
        assert_eq!(services, [*function], "knative/base/{function}.yaml");
    }
    for (overlay, objects) in RENDERED.iter() {
        let services: Vec<_> = objects.iter().filter(|object| is_function(object)).map(name).collect();
        assert_eq!(services.len(), registered.len(), "{overlay}");
        assert_eq!(services.into_iter().collect::<BTreeSet<_>>(), registered, "{overlay}");
    }
}

#[test]
fn no_function_is_reached_but_through_a_front() {
    for (overlay, service) in services() {
        let visibility = &service["metadata"]["labels"]["networking.knative.dev/visibility"];
        assert_eq!(visibility, "cluster-local", "{overlay}: {}", name(service));
    }
}

#[test]
fn only_signers_see_the_private_key_and_verifiers_the_public_ones() {
    for (overlay, service) in services() {
        let function = function_of(service);
        let (who, variables) = (name(service), variables(service));
        assert_eq!(variables.contains("YEMAE_JWT_PRIVATE_KEY"), function.signs, "{overlay}: {who}");
        assert_eq!(variables.contains("YEMAE_JWT_PUBLIC_KEYS"), function.verifies, "{overlay}: {who}");
        let mounts = &pod(service).expect("a pod")["volumes"];
        assert!(mounts.is_null(), "{overlay}: {who} mounts something");
    }
    for (overlay, objects) in RENDERED.iter() {
        for object in objects.iter().filter(|object| !is_function(object) && object["kind"] != "Secret") {
            let seen = object.to_string().contains("yemae-signing-key");
            assert!(!seen, "{overlay}: {} {} sees the private key", object["kind"], name(object));
        }
    }
}

#[test]
fn credentials_go_where_the_store_is_asked() {
    for (overlay, service) in services().filter(|(overlay, _)| *overlay == "production") {
        let (who, function, variables) = (name(service), function_of(service), variables(service));
        assert_eq!(
            variables.contains("AWS_ACCESS_KEY_ID"),
            function.stores != Needed::Nothing,
            "{overlay}: {who} asks the books"
        );
        // Whatever changes something is counted by address, in Redis.
        let document = (registered(who).routes)().into_openapi();
        let writes = document.paths.paths.values().any(|item| {
            item.post.is_some() || item.put.is_some() || item.patch.is_some() || item.delete.is_some()
        });
        if writes || function.stores == Needed::BooksAndRedis {
            assert!(variables.contains("YEMAE_REDIS_URL"), "{overlay}: {who} asks Redis");
        }
    }
    let ask_no_redis = services().filter(|(overlay, service)| {
        *overlay == "production" && !variables(service).contains("YEMAE_REDIS_URL")
    });
    assert!(ask_no_redis.map(|(_, service)| name(service)).all(|who| ["bookings", "web"].contains(&who)));
}

#[test]
fn every_function_has_an_account_of_its_own_that_may_nothing() {
    for (overlay, objects) in RENDERED.iter() {
        let accounts: BTreeMap<_, _> = objects
            .iter()
            .filter(|object| object["kind"] == "ServiceAccount")
            .map(|account| (name(account), &account["automountServiceAccountToken"]))
            .collect();
        for service in objects.iter().filter(|object| is_function(object)) {
            let account = pod(service).unwrap()["serviceAccountName"].as_str();
            assert_eq!(account, Some(name(service)), "{overlay}");
            assert_eq!(accounts.get(name(service)), Some(&&json!(false)), "{overlay}: {}", name(service));
        }
    }
}

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
fn everything_is_in_one_namespace() {
    for (overlay, objects) in RENDERED.iter() {
        for object in objects.iter().filter(|object| object["kind"] != "Namespace") {
            assert_eq!(
                object["metadata"]["namespace"],
                "yemae",
                "{overlay}: {} {}",
                object["kind"],
                name(object)
            );
        }
    }
}

#[test]
fn probes_ask_what_touches_no_store() {
    for (overlay, service) in services() {
        let container = &pod(service).unwrap()["containers"][0];
        for probe in ["readinessProbe", "livenessProbe"] {
            assert_eq!(container[probe]["httpGet"]["path"], "/healthz", "{overlay}: {}", name(service));
        }
        // Knative refuses these beside a period of none.
        let readiness = &container["readinessProbe"];
        assert_eq!(readiness.as_object().map(Map::len), Some(1), "{overlay}: {readiness}");
    }
}

#[test]
fn time_is_left_for_every_deadline_and_for_draining() {
    /// queue-proxy waits so long for more requests before it ends (drainSleepDuration in Knative's source), and the
    /// function then has its own seconds to drain.
    const QUIET_S: u64 = 30;
    const DRAIN_S: u64 = 10;
    let mut longest_public_s = 0;
    for (overlay, service) in services() {
        let function = function_of(service);
        let timeout_s = pod(service).unwrap()["timeoutSeconds"].as_u64().expect("a timeout");
        let least_s = function.deadline_s + QUIET_S + DRAIN_S;
        assert!((least_s..=600).contains(&timeout_s), "{overlay}: {}: {timeout_s} s", function.name);
        if !INSIDE.contains(&function.name) {
            longest_public_s = longest_public_s.max(function.deadline_s);
        }
    }
    let front = text("infra/nginx/front.conf");
    let read_s = front.split("proxy_read_timeout ").nth(1).and_then(|rest| rest.split('s').next());
    let read_s: u64 = read_s.expect("a timeout").parse().unwrap();
    assert!(read_s >= longest_public_s + QUIET_S, "nginx gives up before a function that starts cold");
    for (_, object, pod) in pods().filter(|(_, object, _)| name(object) == "front") {
        let grace_s = pod["terminationGracePeriodSeconds"].as_u64().unwrap();
        let pause_s = pod["containers"][0]["lifecycle"]["preStop"]["sleep"]["seconds"].as_u64().unwrap();
        assert!(grace_s >= pause_s + read_s, "{}: nginx is killed while it finishes", name(object));
    }
}

#[test]
fn everything_is_bounded_softly_and_a_burst_of_passwords_is_spread() {
    for (overlay, service) in services() {
        let (who, autoscaling) = (name(service), autoscaling(service));
        let hard = &pod(service).unwrap()["containerConcurrency"];
        assert!(hard.is_null() && autoscaling.contains_key("target"), "{overlay}: {who}");
        if ["signup", "login"].contains(&who) {
            let target: usize = autoscaling["target"].parse().unwrap();
            assert!((1..=2 * shared::passwords::AT_ONCE).contains(&target), "{overlay}: {who}: {target}");
            assert_eq!(
                autoscaling["target-burst-capacity"], "-1",
                "{overlay}: {who}: one instance turns away"
            );
        }
        let most: u64 = autoscaling["max-scale"].parse().unwrap();
        assert!((1..=100).contains(&most), "{overlay}: {who}: {most}");
    }
    let most: u64 = services()
        .filter(|(overlay, _)| *overlay == "local")
        .map(|(_, service)| autoscaling(service)["max-scale"].parse::<u64>().unwrap())
        .sum();
    let said = text("knative/base/kustomization.yaml");
    if !RENDERED.is_empty() {
        assert!(said.contains(&format!("the sum of all is {most} instances")), "it is {most}");
    }
}

#[test]
fn annotations_of_knative_are_known_and_well_formed() {
    for (overlay, service) in services() {
        let at = format!("{overlay}: {}", name(service));
        assert!(service["metadata"]["annotations"].is_null(), "{at}: annotations belong to the template");
        for (key, value) in service["spec"]["template"]["metadata"]["annotations"].as_object().unwrap() {
            let value = value.as_str().expect("a string");
            if let Some(key) = key.strip_prefix(AUTOSCALING) {
                assert!(is_autoscaling(key, value), "{at}: {key}: {value}");
            } else {
                let key =
                    key.strip_prefix("queue.sidecar.serving.knative.dev/").expect("an annotation of Knative");
                let known = ["cpu-resource-request", "memory-resource-request", "memory-resource-limit"];
                assert!(known.contains(&key), "{at}: {key}");
                let digits = value.trim_end_matches("Mi").trim_end_matches('m');
                assert!(digits.parse::<u32>().is_ok(), "{at}: {key}: {value}");
            }
        }
        check_scales(&at, &autoscaling(service));
    }
}

#[test]
fn the_schedule_does_what_the_overlay_does_and_budgets_cover_both() {
    let floors: BTreeMap<String, BTreeMap<String, String>> =
        serde_json::from_str(&text("knative/components/on-sale-schedule/floors.json")).unwrap();
    for (_, service) in services().filter(|(overlay, _)| *overlay == "on-sale") {
        let mut awake = autoscaling(service);
        let asleep = services().find(|(overlay, other)| *overlay == "local" && name(other) == name(service));
        let asleep = autoscaling(asleep.unwrap().1);
        let mut both = asleep.clone();
        both.extend(floors.get(name(service)).cloned().unwrap_or_default());
        check_scales(name(service), &both);
        awake.retain(|key, value| asleep.get(key) != Some(value));
        assert_eq!(floors.get(name(service)).cloned().unwrap_or_default(), awake, "{}", name(service));
    }
    for (overlay, objects) in RENDERED.iter().filter(|(overlay, _)| *overlay != "local") {
        let budgets = objects.iter().filter(|object| object["kind"] == "PodDisruptionBudget");
        let covered: BTreeSet<_> = budgets
            .filter_map(|budget| {
                budget["spec"]["selector"]["matchLabels"]["serving.knative.dev/service"].as_str()
            })
            .collect();
        assert_eq!(covered, floors.keys().map(String::as_str).collect(), "{overlay}");
    }
    for (key, value) in floors.values().flatten() {
        assert!(is_autoscaling(key, value), "{key}: {value}");
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

#[test]
fn the_demo_keys_are_the_public_ones_of_the_tests() {
    for (file, known) in [("private.pem", PRIVATE_KEY), ("public.pem", PUBLIC_KEY)] {
        let key = text(&format!("infra/stores/local/keys/{file}"));
        assert_eq!(key, known, "a key that may be somebody's is committed");
    }
}

#[test]
fn the_gateway_api_component_goes_with_any_overlay() {
    // Below the checkout, because kustomize takes folders by their relative path alone.
    let folder = root("target/checks/gateway-api");
    fs::create_dir_all(&folder).unwrap();
    let kustomization = json!({
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        "resources": ["../../../knative/overlays/local"],
        "components": ["../../../knative/components/gateway-api"],
    });
    fs::write(folder.join("kustomization.yaml"), kustomization.to_string()).unwrap();
    let Some(objects) = rendered(&folder) else { return };
    let routes: Vec<_> = objects.iter().filter(|object| object["kind"] == "HTTPRoute").collect();
    assert_eq!(routes.len(), FUNCTIONS.len() - INSIDE.len());
    for route in routes {
        let spec = &route["spec"];
        assert!(spec["parentRefs"][0]["name"].is_string() && spec["hostnames"][0].is_string(), "{route}");
        assert!(list(&spec["rules"]).len() <= 16 && list(&spec["rules"][0]["matches"]).len() <= 8, "{route}");
        assert_eq!(route["metadata"]["namespace"], "yemae");
    }
    let grant = objects.iter().find(|object| object["kind"] == "ReferenceGrant").expect("a grant");
    assert_eq!(grant["metadata"]["namespace"], "kourier-system");
}

fn rendered(folder: &Path) -> Option<Vec<Value>> {
    let kubectl = tool("kubectl")?;
    Some(documents(&run(Command::new(kubectl).arg("kustomize").arg(folder))))
}

fn is_function(object: &Value) -> bool {
    object["apiVersion"] == "serving.knative.dev/v1" && object["kind"] == "Service"
}

fn services() -> impl Iterator<Item = (&'static str, &'static Value)> {
    let objects =
        RENDERED.iter().flat_map(|(overlay, objects)| objects.iter().map(move |object| (*overlay, object)));
    objects.filter(|(_, object)| is_function(object))
}

/// Every object that makes pods, and what it says of them.
fn pods() -> impl Iterator<Item = (&'static str, &'static Value, &'static Value)> {
    let objects =
        RENDERED.iter().flat_map(|(overlay, objects)| objects.iter().map(move |object| (*overlay, object)));
    objects.filter_map(|(overlay, object)| Some((overlay, object, pod(object)?)))
}

fn pod(object: &Value) -> Option<&Value> {
    let paths = ["/spec/template/spec", "/spec/jobTemplate/spec/template/spec"];
    paths.into_iter().find_map(|path| object.pointer(path)).filter(|pod| pod["containers"].is_array())
}

fn name(object: &Value) -> &str {
    object["metadata"]["name"].as_str().expect("a name")
}

fn registered(name: &str) -> &'static all::Registered {
    FUNCTIONS.iter().find(|registered| registered.function.name == name).unwrap_or_else(|| panic!("{name}"))
}

fn function_of(service: &Value) -> Function {
    registered(name(service)).function
}

/// The variables that a container itself is given, beside the settings that all have.
fn variables(service: &Value) -> BTreeSet<String> {
    let env = list(&pod(service).unwrap()["containers"][0]["env"]);
    env.iter().map(|variable| variable["name"].as_str().unwrap().to_owned()).collect()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn autoscaling(service: &Value) -> BTreeMap<String, String> {
    let annotations =
        service["spec"]["template"]["metadata"]["annotations"].as_object().expect("annotations");
    let ours = annotations.iter().filter_map(|(key, value)| Some((key.strip_prefix(AUTOSCALING)?, value)));
    ours.map(|(key, value)| (key.to_owned(), value.as_str().unwrap().to_owned())).collect()
}

/// Names of `ConfigMap`s and `Secret`s that an object refers to, and whether it can do without.
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
