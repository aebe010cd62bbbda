//! API Gateway: routes of an HTTP API for Terraform, and a document of a REST API for `LocalStack`, which has no other.

use serde_json::{Map, Value, json};
use shared::routes::{ROUTES, Route};

/// A list of lines, each with the route keys that it becomes.
pub(crate) fn routes() -> String {
    let line = |route: &Route| {
        let keys: Vec<_> = paths(route).into_iter().map(|path| format!("ANY {path}")).collect();
        json!({ "function": route.function, "path": route.path, "exact": route.exact, "route_keys": keys })
    };
    pretty(&ROUTES.iter().map(line).collect())
}

/// `${region}` and `${account}` are filled in by who imports it. Lambda functions are named `yemae-<function>`.
pub(crate) fn rest_api() -> String {
    let mut document_paths = Map::new();
    for route in ROUTES {
        for path in paths(route) {
            document_paths
                .insert(path.clone(), json!({ "x-amazon-apigateway-any-method": method(route, &path) }));
        }
    }
    pretty(&json!({
        "openapi": "3.0.1",
        "info": { "title": "yemae", "version": "1" },
        "paths": document_paths,
    }))
}

/// API Gateway knows no bare prefix: what a line matches are its path and all below it.
fn paths(route: &Route) -> Vec<String> {
    if route.exact {
        return vec![route.path.to_owned()];
    }
    let Some(folder) = route.path.strip_suffix('/') else {
        return vec![route.path.to_owned(), format!("{}/{{proxy+}}", route.path)];
    };
    // The root has nothing above it that another line could mean: it is there itself.
    let itself = folder.is_empty().then(|| route.path.to_owned());
    itself.into_iter().chain([format!("{folder}/{{proxy+}}")]).collect()
}

fn method(route: &Route, path: &str) -> Value {
    let function = format!("arn:aws:lambda:${{region}}:${{account}}:function:yemae-{}", route.function);
    let uri =
        format!("arn:aws:apigateway:${{region}}:lambda:path/2015-03-31/functions/{function}/invocations");
    let mut method = json!({
        "responses": {},
        "x-amazon-apigateway-integration": { "type": "aws_proxy", "httpMethod": "POST", "uri": uri },
    });
    if path.ends_with("{proxy+}")
        && let Some(method) = method.as_object_mut()
    {
        let proxy =
            json!([{ "name": "proxy", "in": "path", "required": true, "schema": { "type": "string" } }]);
        method.insert("parameters".to_owned(), proxy);
    }
    method
}

fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}
