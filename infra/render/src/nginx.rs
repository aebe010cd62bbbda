//! nginx: a map from path to function, and the problems that nginx itself answers.

use crate::{MADE_BY, in_order};
use shared::http::{Code, Problem};
use std::fmt::Write as _;

/// `map $uri $function`. Words of a map ignore the case, so even an exact line is a regular expression.
pub(crate) fn routes() -> String {
    let mut text = format!("{MADE_BY}\nmap $uri $function {{\n");
    for route in in_order() {
        let end = if route.exact { r"\z" } else { "" };
        let _ = writeln!(text, "    \"~^{}{end}\" {};", route.path.replace('.', r"\."), route.function);
    }
    text + "}\n"
}

/// One variable for each problem that nginx answers, with the contract's words.
pub(crate) fn problems() -> String {
    let mut text = "# Made by `make fronts` from shared/src/http/problem.rs: change that.\n".to_owned();
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
