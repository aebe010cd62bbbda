//! Fronts of a cluster: Gateway API routes for Knative, and an Ingress for plain Kubernetes.

use crate::made_from;
use shared::routes::{ROUTES, Route};
use std::{cmp::Reverse, fmt::Write as _};

/// The source of every file of the fronts.
pub(crate) const TABLE: &str = "shared/src/routes.rs";

/// One `HTTPRoute` a function, since a route has at most 16 rules. The component sets the gateway and its host names.
pub(crate) fn http_routes() -> String {
    let mut text = made_from(TABLE);
    for (at, (function, routes)) in by_function().into_iter().enumerate() {
        if at > 0 {
            text += "---\n";
        }
        let _ = write!(
            text,
            "apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: {function}
  namespace: yemae
  labels:
    app.kubernetes.io/name: {function}
    app.kubernetes.io/part-of: yemae
spec:
  rules:
    - matches:
"
        );
        for route in routes {
            let kind = if route.exact { "Exact" } else { "PathPrefix" };
            let _ = writeln!(text, "        - path: {{ type: {kind}, value: {} }}", route.path);
        }
        let _ = write!(
            text,
            "      filters:
        - type: URLRewrite
          urlRewrite: {{ hostname: {function}.yemae.svc.cluster.local }}
      backendRefs:
        - {{ name: kourier-internal, namespace: kourier-system, port: 80 }}
"
        );
    }
    text
}

/// Plain Kubernetes names a Service `yemae-<function>`. An Ingress picks exact paths first, then the longest prefix.
pub(crate) fn ingress() -> String {
    let mut text = format!(
        "{}apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: yemae
  labels:
    app.kubernetes.io/name: yemae
    app.kubernetes.io/part-of: yemae
  annotations:
    # Seat plans: the functions refuse what is too large themselves.
    nginx.ingress.kubernetes.io/proxy-body-size: 4104k
spec:
  ingressClassName: nginx
  rules:
    - http:
        paths:
",
        made_from(TABLE)
    );
    for route in in_order() {
        let kind = if route.exact { "Exact" } else { "Prefix" };
        let _ = write!(
            text,
            "          - path: {}
            pathType: {kind}
            backend: {{ service: {{ name: yemae-{}, port: {{ number: 80 }} }} }}
",
            route.path, route.function
        );
    }
    text
}

/// Exact lines first, then the longest prefix, for fronts that take the first line that matches.
pub(crate) fn in_order() -> Vec<&'static Route> {
    let mut routes: Vec<_> = ROUTES.iter().collect();
    routes.sort_by_key(|route| (!route.exact, Reverse(route.path.len())));
    routes
}

/// The lines of each function, in the table's order, for fronts that have one object a function.
fn by_function() -> Vec<(&'static str, Vec<&'static Route>)> {
    let mut functions: Vec<(&'static str, Vec<&'static Route>)> = Vec::new();
    for route in ROUTES {
        match functions.iter_mut().find(|(function, _)| *function == route.function) {
            Some((_, routes)) => routes.push(route),
            None => functions.push((route.function, vec![route])),
        }
    }
    functions
}
