//! Every overlay as it would be applied, and access to its objects.

use all::FUNCTIONS;
use checks::{documents, root, run, text, tool};
use serde_json::{Value, json};
use shared::http::Function;
use std::{collections::BTreeMap, fs, path::Path, process::Command, sync::LazyLock};

const OVERLAYS: [&str; 3] = ["local", "on-sale", "production"];
pub(crate) const AUTOSCALING: &str = "autoscaling.knative.dev/";
/// Folders that are applied besides Knative's overlays.
const ELSEWHERE: [&str; 3] =
    ["infra/kubernetes/overlays/local", "infra/kubernetes/overlays/production", "infra/stores/extenddb"];

/// Every overlay with its objects; none if kubectl is missing.
pub(crate) static RENDERED: LazyLock<Vec<(&'static str, Vec<Value>)>> = LazyLock::new(|| {
    let render = |overlay| Some((overlay, rendered(Path::new(&format!("knative/overlays/{overlay}")))?));
    OVERLAYS.into_iter().filter_map(render).collect()
});

/// What is watched: overlays of each kind of cluster, each with its component among its own, as docs/DEPLOY.md says.
pub(crate) static OBSERVED: LazyLock<Vec<(&'static str, Vec<Value>)>> = LazyLock::new(|| {
    let watched = [
        ("knative/overlays/production", "../../components/observe"),
        ("knative/overlays/local", "../../components/observe"),
        ("infra/kubernetes/overlays/production", "../../observe"),
        ("infra/kubernetes/overlays/local", "../../observe"),
    ];
    watched
        .into_iter()
        .filter_map(|(overlay, component)| Some((overlay, with_its_own(overlay, component)?)))
        .collect()
});

/// Every object that is applied anywhere, with its folder.
pub(crate) static APPLIED: LazyLock<Vec<(String, Value)>> = LazyLock::new(|| {
    let overlays = RENDERED.iter().map(|(overlay, objects)| (format!("knative/{overlay}"), objects.clone()));
    let elsewhere =
        ELSEWHERE.into_iter().filter_map(|place| Some((place.to_owned(), rendered(Path::new(place))?)));
    let gateway = with_gateway_api().map(|objects| ("knative/components/gateway-api".to_owned(), objects));
    let observed =
        OBSERVED.iter().map(|(overlay, objects)| (format!("{overlay}, observed"), objects.clone()));
    let all = overlays.chain(elsewhere).chain(gateway).chain(observed);
    all.flat_map(|(place, objects)| objects.into_iter().map(move |object| (place.clone(), object))).collect()
});

/// An overlay with the routes of the Gateway API.
pub(crate) fn with_gateway_api() -> Option<Vec<Value>> {
    with("knative/overlays/local", "knative/components/gateway-api")
}

/// An overlay with a component that it does not have.
pub(crate) fn with(overlay: &str, component: &str) -> Option<Vec<Value>> {
    // In the checkout, because kustomize takes only relative paths of folders.
    let folder = tempfile::tempdir_in(made("with")).expect("a folder");
    let kustomization = json!({
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        "resources": [format!("../../../../{overlay}")],
        "components": [format!("../../../../{component}")],
    });
    fs::write(folder.path().join("kustomization.yaml"), kustomization.to_string()).expect("a file");
    rendered(folder.path())
}

/// A copy of an overlay that has one more component, before its others.
fn with_its_own(overlay: &str, component: &str) -> Option<Vec<Value>> {
    let folder = tempfile::tempdir_in(made("with")).expect("a folder");
    for file in fs::read_dir(root(overlay)).expect("an overlay") {
        let file = file.expect("a file");
        fs::copy(file.path(), folder.path().join(file.file_name())).expect("a copy");
    }
    let mut kustomization = documents(&text(&format!("{overlay}/kustomization.yaml"))).remove(0);
    let components = [&[json!(component)], list(&kustomization["components"])].concat();
    kustomization["components"] = components.into();
    for paths in ["resources", "components"] {
        for path in kustomization[paths].as_array_mut().expect("paths") {
            let from_overlay = path.as_str().expect("a path").to_owned();
            if from_overlay.starts_with("../") {
                *path = format!("../../../../{}", resolved(overlay, &from_overlay)).into();
            }
        }
    }
    fs::write(folder.path().join("kustomization.yaml"), kustomization.to_string()).expect("a file");
    rendered(folder.path())
}

/// A path that was relative to a folder, from the root.
fn resolved(folder: &str, path: &str) -> String {
    let mut parts: Vec<_> = folder.split('/').collect();
    for part in path.split('/') {
        if part == ".." {
            parts.pop();
        } else {
            parts.push(part);
        }
    }
    parts.join("/")
}

fn made(folder: &str) -> std::path::PathBuf {
    let folder = root("target/checks").join(folder);
    fs::create_dir_all(&folder).expect("a folder");
    folder
}

pub(crate) fn rendered(folder: &Path) -> Option<Vec<Value>> {
    let kubectl = tool("kubectl")?;
    Some(documents(&run(Command::new(kubectl).arg("kustomize").arg(folder))))
}

pub(crate) fn is_function(object: &Value) -> bool {
    object["apiVersion"] == "serving.knative.dev/v1" && object["kind"] == "Service"
}

pub(crate) fn services() -> impl Iterator<Item = (&'static str, &'static Value)> {
    let objects =
        RENDERED.iter().flat_map(|(overlay, objects)| objects.iter().map(move |object| (*overlay, object)));
    objects.filter(|(_, object)| is_function(object))
}

/// Every object that makes pods, with its pods' spec.
pub(crate) fn pods() -> impl Iterator<Item = (&'static str, &'static Value, &'static Value)> {
    let objects =
        RENDERED.iter().flat_map(|(overlay, objects)| objects.iter().map(move |object| (*overlay, object)));
    objects.filter_map(|(overlay, object)| Some((overlay, object, pod(object)?)))
}

pub(crate) fn pod(object: &Value) -> Option<&Value> {
    let paths = ["/spec/template/spec", "/spec/jobTemplate/spec/template/spec"];
    paths.into_iter().find_map(|path| object.pointer(path)).filter(|pod| pod["containers"].is_array())
}

pub(crate) fn name(object: &Value) -> &str {
    object["metadata"]["name"].as_str().expect("a name")
}

pub(crate) fn registered(name: &str) -> &'static all::Registered {
    FUNCTIONS.iter().find(|registered| registered.function.name == name).unwrap_or_else(|| panic!("{name}"))
}

pub(crate) fn function_of(service: &Value) -> Function {
    registered(name(service)).function
}

pub(crate) fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

pub(crate) fn autoscaling(service: &Value) -> BTreeMap<String, String> {
    let annotations =
        service["spec"]["template"]["metadata"]["annotations"].as_object().expect("annotations");
    let ours = annotations.iter().filter_map(|(key, value)| Some((key.strip_prefix(AUTOSCALING)?, value)));
    ours.map(|(key, value)| (key.to_owned(), value.as_str().unwrap().to_owned())).collect()
}
