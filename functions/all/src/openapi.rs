//! One `OpenAPI` document of all functions, made from their code. This module adds what operations have in common: the
//! errors that any of them may answer, and the security schemes.

use crate::public;
use shared::http::problem::ProblemBody;
use utoipa::{
    OpenApi as _, PartialSchema as _, ToSchema as _,
    openapi::{
        Components, ContentBuilder, Info, OpenApi, Ref, RefOr, Response,
        path::{Operation, Parameter, ParameterIn},
        security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};

#[derive(utoipa::OpenApi)]
#[openapi()]
struct Empty;

const ABOUT: &str = "Reserve seats of a sale that sells out in minutes.

Errors are `application/problem+json` (RFC 9457). Besides the errors that it lists, any operation may answer 400 `malformed_request`, \
404 `not_found`, 405 `method_not_allowed`, 408 `request_timeout`, 414 `uri_too_long`, 431 `headers_too_large` and 500 `internal`.";

/// Errors that any operation may answer.
const COMMON: &[(&str, &str)] = &[
    ("503", "`store_unavailable`, or `function_unavailable` from a front; with `Retry-After`"),
    ("504", "`timeout`"),
];
/// Errors of operations whose path has a parameter.
const NAMED: &[(&str, &str)] = &[("404", "`not_found`")];
/// Errors of operations with a query.
const QUERIED: &[(&str, &str)] = &[("422", "`validation_failed`, with `errors`")];
/// Errors of operations with an idempotency key.
const ONCE: &[(&str, &str)] = &[
    ("400", "`idempotency_key_required`"),
    ("409", "`idempotency_in_progress`, with `Retry-After`"),
    ("422", "`idempotency_key_reused`"),
];
/// Errors of operations that need an account.
const SIGNED_IN: &[(&str, &str)] = &[("401", "`unauthenticated`")];
/// Errors of operations that change something.
const CHANGING: &[(&str, &str)] =
    &[("429", "`rate_limited`, with `Retry-After` and the `RateLimit` headers")];
/// Errors of operations that take a body.
const WITH_BODY: &[(&str, &str)] = &[
    ("400", "`malformed_body`"),
    ("408", "`request_timeout`"),
    ("413", "`body_too_large`"),
    ("415", "`unsupported_media_type`"),
    ("422", "`validation_failed`, with `errors`"),
];

/// The document of all operations that clients can call.
#[must_use]
pub fn document() -> OpenApi {
    let mut document = Empty::openapi();
    document.info = Info::new("Yemae", env!("CARGO_PKG_VERSION"));
    document.info.description = Some(ABOUT.into());
    for registered in public() {
        document.merge((registered.routes)().into_openapi());
    }
    for path in document.paths.paths.values_mut() {
        let changing = [&mut path.post, &mut path.put, &mut path.patch, &mut path.delete];
        for operation in changing.into_iter().flatten() {
            add_errors(operation, CHANGING);
            complete(operation);
        }
        path.get.iter_mut().for_each(complete);
    }
    describe(document.components.get_or_insert_with(Components::new));
    document
}

/// The document as it is committed: indented, with a line end.
#[must_use]
pub fn text() -> String {
    let mut text = document().to_pretty_json().unwrap_or_default();
    text.push('\n');
    text
}

fn complete(operation: &mut Operation) {
    add_errors(operation, COMMON);
    if operation.security.is_some() {
        add_errors(operation, SIGNED_IN);
    }
    if operation.request_body.is_some() {
        add_errors(operation, WITH_BODY);
    }
    let parameters: Vec<&Parameter> =
        operation.parameters.iter().flatten().filter_map(written_here).collect();
    let takes = |place: &ParameterIn| parameters.iter().any(|parameter| parameter.parameter_in == *place);
    let by_parameter = [
        (takes(&ParameterIn::Path), NAMED),
        (takes(&ParameterIn::Query), QUERIED),
        (parameters.iter().any(|parameter| parameter.name == "Idempotency-Key"), ONCE),
    ];
    for (_, errors) in by_parameter.into_iter().filter(|(takes, _)| *takes) {
        add_errors(operation, errors);
    }
    let failures =
        operation.responses.responses.iter_mut().filter(|(status, _)| *status >= &"400".to_owned());
    for (_, response) in failures {
        if let RefOr::T(response) = response {
            let problem = RefOr::Ref(Ref::from_schema_name(ProblemBody::name()));
            let content = ContentBuilder::new().schema(Some(problem)).build();
            response.content.insert("application/problem+json".into(), content.into());
        }
    }
}

/// The parameter itself: none of ours is a reference.
fn written_here(parameter: &RefOr<Parameter>) -> Option<&Parameter> {
    match parameter {
        RefOr::T(parameter) => Some(parameter),
        RefOr::Ref(_) => None,
    }
}

/// Adds errors behind what the operation says itself of the same status.
fn add_errors(operation: &mut Operation, errors: &[(&str, &str)]) {
    for (status, description) in errors {
        let known = operation.responses.responses.entry((*status).to_owned());
        let known = known.or_insert_with(|| RefOr::T(Response::new("")));
        if let RefOr::T(response) = known
            && !response.description.contains(description)
        {
            let or = if response.description.is_empty() { "" } else { "; or " };
            response.description.push_str(or);
            response.description.push_str(description);
        }
    }
}

fn describe(components: &mut Components) {
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
    components.security_schemes.insert("access_token".into(), SecurityScheme::Http(bearer).into());
    components.schemas.insert(ProblemBody::name().into(), ProblemBody::schema());
    let mut nested = Vec::new();
    ProblemBody::schemas(&mut nested);
    components.schemas.extend(nested);
}
