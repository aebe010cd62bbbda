//! Kubernetes: Gateway API routes for Knative, and an Ingress for plain Kubernetes.

use crate::{MADE_BY, by_function, in_order};
use std::fmt::Write as _;

/// One `HTTPRoute` a function: a route has at most 16 rules. The gateway and its host names are the component's.
pub(crate) fn http_routes() -> String {
    let mut text = MADE_BY.to_owned();
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

/// Services there are named `yemae-<function>`. An Ingress picks exact paths first, then the longest prefix.
pub(crate) fn ingress() -> String {
    let mut text = format!(
        "{MADE_BY}apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: yemae
  labels:
    app.kubernetes.io/name: yemae
    app.kubernetes.io/part-of: yemae
  annotations:
    # Seat plans: the functions refuse what is too large themselves.
    nginx.ingress.kubernetes.io/proxy-body-size: 2408k
spec:
  ingressClassName: nginx
  rules:
    - http:
        paths:
"
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
