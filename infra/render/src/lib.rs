//! Renders every file that repeats what a function is or which paths it has, from the register and the route table, and
//! what else is written by hand in one place and needed in another form: dashboards, and the alerts for an operator.
//! `make render` writes the files, and a test compares them with the committed ones.
//!
//! A file is rendered wholly or not at all. If most of it is fixed, its text is in `templates/`.

mod aws;
mod bake;
mod compose;
mod fronts;
mod grafana;
mod knative;
mod kubernetes;
mod name;
pub mod new;
mod nginx;
mod prometheus;
mod template;
mod terraform;

use shared::http::{Function, function::Reach};

/// A rendered file: its path in the checkout, and its text.
pub type RenderedFile = (String, String);

/// How a rendered file begins, if its format has comments.
pub const MARK: &str = "# Rendered by `make render` from ";

/// Every rendered file.
#[must_use]
pub fn files() -> Vec<RenderedFile> {
    let mut files = fronts();
    files.extend(knative::files());
    files.extend(kubernetes::files());
    files.extend(compose::files());
    files.extend(grafana::files());
    files.extend([bake::file(), terraform::file(), prometheus::file()]);
    files
}

/// The files of the fronts: they have routes to public functions only.
#[must_use]
pub fn fronts() -> Vec<RenderedFile> {
    [
        ("infra/nginx/routes.conf", nginx::routes()),
        ("infra/nginx/problems.conf", nginx::problems()),
        ("infra/nginx/streams.conf", nginx::streams()),
        ("knative/components/gateway-api/routes.yaml", fronts::http_routes()),
        ("infra/kubernetes/base/ingress.yaml", fronts::ingress()),
        ("infra/terraform/routes.json", aws::routes()),
        ("localstack/lambda/api.json", aws::rest_api()),
    ]
    .map(|(path, text)| (path.to_owned(), text))
    .into()
}

/// Every function, in the register's order.
fn functions() -> impl Iterator<Item = Function> {
    all::FUNCTIONS.iter().map(|registered| registered.function)
}

/// What the timer is told to call: each function that it calls, at its address.
fn timed(address: impl Fn(&str) -> String) -> String {
    let timed = functions().filter(|function| function.reach == Reach::EveryMinute);
    timed.map(|function| format!("--url, {}", address(function.name))).collect::<Vec<_>>().join(", ")
}

/// The first line of a file, which names what to change instead.
fn made_from(source: &str) -> String {
    format!("{MARK}{source}: change that.\n")
}
