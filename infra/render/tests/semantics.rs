//! Each front matches prefixes in its own way. These tests apply each way to the committed files and compare it with the
//! route table: a path of the contract reaches its function, and any other path reaches none, or one that does not have it.
#![cfg(test)]

use serde_json::Value;
use shared::routes::{ROUTES, function_for};
use std::collections::BTreeSet;

#[test]
fn gateway_api_routes_agree_with_the_table() {
    let mut lines = Vec::new();
    for route in checks::documents(&checks::text("knative/components/gateway-api/routes.yaml")) {
        let spec = &route["spec"]["rules"][0];
        let host = text(&spec["filters"][0]["urlRewrite"]["hostname"]);
        let function =
            host.strip_suffix(".yemae.svc.cluster.local").expect("a host of the cluster").to_owned();
        assert_eq!(route["metadata"]["name"], *function);
        for found in list(&spec["matches"]) {
            let found = &found["path"];
            lines.push(Line::new(&function, text(&found["value"]), found["type"] == "Exact"));
        }
    }
    agrees(&|path| by_elements(&lines, path));
}

#[test]
fn the_ingress_agrees_with_the_table() {
    let ingress = checks::documents(&checks::text("infra/kubernetes/base/ingress.yaml")).remove(0);
    let mut lines = Vec::new();
    for found in list(&ingress["spec"]["rules"][0]["http"]["paths"]) {
        let service = text(&found["backend"]["service"]["name"]);
        let function = service.strip_prefix("yemae-").expect("a service of ours");
        lines.push(Line::new(function, text(&found["path"]), found["pathType"] == "Exact"));
    }
    agrees(&|path| by_elements(&lines, path));
}

#[test]
fn the_http_api_agrees_with_the_table() {
    let routes: Vec<Value> = serde_json::from_str(&checks::text("infra/terraform/routes.json")).unwrap();
    let keys = |route: &Value| -> Vec<_> {
        let keys =
            list(&route["route_keys"]).iter().map(|key| text(key).strip_prefix("ANY ").unwrap().to_owned());
        keys.map(|path| (route["function"].as_str().unwrap().to_owned(), path)).collect()
    };
    let lines: Vec<_> = routes.iter().flat_map(keys).collect();
    agrees(&|path| by_template(&lines, path));
}

#[test]
fn the_rest_api_agrees_with_the_table() {
    let document: Value = serde_json::from_str(&checks::text("localstack/lambda/api.json")).unwrap();
    let mut lines = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        let method = &item["x-amazon-apigateway-any-method"];
        let uri = text(&method["x-amazon-apigateway-integration"]["uri"]);
        let function = uri.split("function:yemae-").nth(1).unwrap().split('/').next().unwrap();
        assert_eq!(path.contains("{proxy+}"), method["parameters"].is_array(), "{path}");
        lines.push((function.to_owned(), path.clone()));
    }
    agrees(&|path| by_template(&lines, path));
}

/// Checks a front's matching of paths, with all paths of the contract and many others.
fn agrees(front: &dyn Fn(&str) -> Option<String>) {
    let contract = contract();
    for path in &contract {
        assert_eq!(front(path).as_deref(), function_for(path), "{path}");
    }
    for path in strays(&contract) {
        // `web` has all other paths, and answers those of the API as not found (functions/web/tests).
        if let Some(function) = front(&path).filter(|function| function != "web") {
            assert!(!has_path(&function, &path), "{path} goes to {function}, which answers it");
        }
    }
}

/// Every documented path with a public function, with ids in it.
fn contract() -> BTreeSet<String> {
    let documents = all::public().map(|registered| (registered.routes)().into_openapi());
    let paths = documents.flat_map(|document| document.paths.paths.into_keys().collect::<Vec<_>>());
    paths.map(|path| filled(&path)).collect()
}

fn filled(path: &str) -> String {
    let id = |part: &str| if part.starts_with('{') { "0199-7".to_owned() } else { part.to_owned() };
    path.split('/').map(id).collect::<Vec<_>>().join("/")
}

/// Neighbours of every path and every line that are not paths themselves.
fn strays(contract: &BTreeSet<String>) -> BTreeSet<String> {
    let known = contract.iter().map(String::as_str).chain(ROUTES.iter().map(|route| route.path));
    let mut strays: BTreeSet<String> = known
        .flat_map(|path| {
            let bare = path.trim_end_matches('/');
            let parent = bare.rsplit_once('/').map_or("", |(parent, _)| parent);
            [
                format!("{bare}x"),
                format!("{bare}/"),
                format!("{bare}//"),
                format!("{bare}/x/y/z"),
                bare.to_owned(),
                format!("{bare}x/y"),
                bare.to_uppercase(),
                format!("/{bare}"),
                parent.to_owned(),
                format!("{parent}/"),
            ]
        })
        .chain(
            ["/", "/sweep", "/relay", "/pokes", "/healthz", "/readyz", "/v1", "/v2/users"].map(str::to_owned),
        )
        .filter(|path| path.starts_with('/') && !contract.contains(path))
        .collect();
    strays.retain(|path| !contract.iter().any(|known| same_shape(known, path)));
    strays
}

/// Whether a path differs from one of the contract only in its ids.
fn same_shape(known: &str, path: &str) -> bool {
    let (known, path): (Vec<_>, Vec<_>) = (known.split('/').collect(), path.split('/').collect());
    known.len() == path.len()
        && known
            .iter()
            .zip(&path)
            .all(|(known, part)| known == part || (*known == "0199-7" && !part.is_empty()))
}

/// Whether the function itself has a route for a path.
fn has_path(function: &str, path: &str) -> bool {
    let registered = all::FUNCTIONS.iter().find(|registered| registered.function.name == function).unwrap();
    let document = (registered.routes)().into_openapi();
    let own = document.paths.paths.keys().map(|known| filled(known)).collect::<Vec<_>>();
    own.iter().any(|known| same_shape(known, path)) || ["/healthz", "/readyz"].contains(&path)
}

struct Line {
    function: String,
    path: String,
    exact: bool,
}

impl Line {
    fn new(function: &str, path: &str, exact: bool) -> Self {
        Self { function: function.to_owned(), path: path.to_owned(), exact }
    }

    /// Prefixes of Gateway API and Ingress match element by element; a last slash does not count.
    fn matches(&self, path: &str) -> bool {
        if self.exact {
            return path == self.path;
        }
        let elements =
            |path: &str| path.trim_end_matches('/').split('/').map(str::to_owned).collect::<Vec<_>>();
        elements(path).starts_with(&elements(&self.path))
    }
}

/// An exact line wins, then the longest prefix.
fn by_elements(lines: &[Line], path: &str) -> Option<String> {
    let matching = lines.iter().filter(|line| line.matches(path));
    matching.max_by_key(|line| (line.exact, line.path.len())).map(|line| line.function.clone())
}

/// API Gateway: a full match wins, then the longest `{proxy+}`, which is never empty.
fn by_template(lines: &[(String, String)], path: &str) -> Option<String> {
    let rank = |template: &str| match template.strip_suffix("{proxy+}") {
        None => (template == path).then_some(usize::MAX),
        Some(folder) => (path.starts_with(folder) && path.len() > folder.len()).then_some(folder.len()),
    };
    let matching = lines.iter().filter_map(|(function, template)| Some((rank(template)?, function)));
    matching.max_by_key(|(rank, _)| *rank).map(|(_, function)| function.clone())
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}"))
}

fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap_or_else(|| panic!("no list: {value}"))
}
