//! The route table in the words of each front. `make fronts` writes the files; a test says that they are current.

mod aws;
mod kubernetes;
mod nginx;

use shared::routes::{ROUTES, Route};

/// Every generated file: its path below the checkout, and its text.
#[must_use]
pub fn files() -> Vec<(&'static str, String)> {
    vec![
        ("infra/nginx/routes.conf", nginx::routes()),
        ("infra/nginx/problems.conf", nginx::problems()),
        ("knative/components/gateway-api/routes.yaml", kubernetes::http_routes()),
        ("infra/kubernetes/base/ingress.yaml", kubernetes::ingress()),
        ("infra/terraform/routes.json", aws::routes()),
        ("localstack/lambda/api.json", aws::rest_api()),
    ]
}

/// What each of these files says of itself, where its format has comments.
const MADE_BY: &str = "# Made by `make fronts` from shared/src/routes.rs: change that.\n";

/// Exact lines first, then the longest prefix: for fronts that take the first line that matches.
fn in_order() -> Vec<&'static Route> {
    let mut routes: Vec<_> = ROUTES.iter().collect();
    routes.sort_by_key(|route| (!route.exact, std::cmp::Reverse(route.path.len())));
    routes
}

/// The lines of each function, in the table's order: for fronts that have one object a function.
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
