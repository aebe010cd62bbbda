//! nginx: a map from path to function, the problems that nginx itself answers, and the paths of streams.

use crate::{
    fronts::{TABLE, in_order},
    functions, made_from,
};
use shared::{
    http::{Code, Problem},
    routes::{ROUTES, Route},
};
use std::fmt::Write as _;

/// `map $uri $function`. Plain keys of a map ignore case, so even an exact line is a regular expression.
pub(crate) fn routes() -> String {
    let mut text = format!("{}\nmap $uri $function {{\n", made_from(TABLE));
    for route in in_order() {
        let end = if route.exact { r"\z" } else { "" };
        let _ = writeln!(text, "    \"~^{}{end}\" {};", route.path.replace('.', r"\."), route.function);
    }
    text + "}\n"
}

/// One variable for each problem that nginx answers, with the contract's words.
pub(crate) fn problems() -> String {
    let mut text = made_from("shared/src/http/problem.rs");
    for (variable, problem) in [
        ("malformed", Problem::new(Code::MalformedRequest)),
        ("uri_too_long", Problem::new(Code::UriTooLong)),
        ("headers_too_large", Problem::new(Code::HeadersTooLarge)),
        ("not_found", Problem::new(Code::NotFound)),
        ("method_not_allowed", Problem::new(Code::MethodNotAllowed)),
        ("body_too_large", Problem::new(Code::BodyTooLarge)),
        ("internal", Problem::new(Code::Internal)),
        ("provider_unavailable", Problem::new(Code::PaymentProviderUnavailable)),
        ("store_unavailable", Problem::new(Code::StoreUnavailable)),
        ("busy", Problem::new(Code::Busy)),
        ("function_unavailable", Problem::new(Code::FunctionUnavailable)),
        ("timeout", Problem::new(Code::Timeout)),
    ] {
        let body = problem.to_json().replace(&"0".repeat(32), "$trace_id");
        let _ = writeln!(text, "\nmap $trace_id $problem_{variable} {{\n    default '{body}';\n}}");
    }
    text
}

/// A `location` for each path whose answers are streams, which nginx must not buffer.
pub(crate) fn streams() -> String {
    let streams =
        |route: &&Route| functions().any(|function| function.streams && function.name == route.function);
    let mut text = made_from("the functions that stream (`streams`) and shared/src/routes.rs");
    for route in ROUTES.iter().filter(streams) {
        let exact = if route.exact { "= " } else { "" };
        let _ = write!(
            text,
            "
location {exact}{} {{
    if ($function = \"\") {{
        return 404 $problem_not_found;
    }}
    proxy_buffering off;
    proxy_pass http://$gateway;
}}
",
            route.path
        );
    }
    text
}
