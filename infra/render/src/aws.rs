//! API Gateway: routes of an HTTP API for Terraform, and a document of a REST API for `LocalStack`, which has no HTTP APIs.

use serde_json::{Map, Value, json};
use shared::routes::{ROUTES, Route};

/// The lines of the route table, each with its route keys.
pub(crate) fn routes() -> String {
    let line = |route: &Route| {
        let keys: Vec<_> = paths(route).into_iter().map(|path| format!("ANY {path}")).collect();
        json!({ "function": route.function, "path": route.path, "exact": route.exact, "route_keys": keys })
    };
    pretty(&ROUTES.iter().map(line).collect())
}

/// The importing script fills in `${region}` and `${account}`. Lambda functions are named `yemae-<function>`.
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

/// API Gateway has no bare prefixes: a line matches its path and everything below it.
fn paths(route: &Route) -> Vec<String> {
    if route.exact {
        return vec![route.path.to_owned()];
    }
    let Some(folder) = route.path.strip_suffix('/') else {
        return vec![route.path.to_owned(), format!("{}/{{proxy+}}", route.path)];
    };
    // The root is a route of its own; `{proxy+}` is never empty.
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
