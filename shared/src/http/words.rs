//! The one place that turns a parser's error into words for people: which field is wrong, and what it must be. The parsers'
//! own messages are for programmers and never reach an answer.

use super::problem::Problem;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_path_to_error::{Path, Segment};

/// Why JSON of the right syntax is not what was expected. Without the body, which may be too large for it, some fields are
/// named without words of their own.
pub(super) fn of_json<T: DeserializeOwned>(
    body: Option<Value>,
    error: &serde_path_to_error::Error<serde_json::Error>,
) -> Problem {
    let message = error.inner().to_string();
    let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(words, _)| words);
    let (field, words) = read(error.path(), message);
    let words = words.or_else(|| expected_by_type::<T>(body?, error.path()));
    Problem::field(field, words.unwrap_or_else(|| NOT_VALID.into()))
}

/// Why a query string is not what was expected.
pub(super) fn of_query(error: &serde_path_to_error::Error<serde::de::value::Error>) -> Problem {
    let message = error.inner().to_string();
    let (field, words) = read(error.path(), &message);
    let words = words.or_else(|| number_words(&message));
    Problem::field(field, words.unwrap_or_else(|| NOT_VALID.into()))
}

const NOT_VALID: &str = "is not valid";
const TIME: &str = "must be a time with its offset, such as 2026-12-31T19:30:00+09:00";
const UUID: &str = "must be a UUID";
const WHOLE: &str = "must be a whole number";
const LEAST: &str = "must be 0 or more";
const RANGE: &str = "is a number out of range";

/// Returns the field, and what is wrong with it if the message says so.
fn read(path: &Path, message: &str) -> (String, Option<String>) {
    let field = name(path);
    let inner = |name: &str| if field.is_empty() { name.to_owned() } else { format!("{field}.{name}") };
    if let Some(missing) = quoted(message, "missing field `") {
        return (inner(missing), Some("is missing".into()));
    }
    if let Some(twice) = quoted(message, "duplicate field `") {
        return (inner(twice), Some("must be given once".into()));
    }
    if let Some(unknown) = quoted(message, "unknown field `") {
        return (inner(unknown), Some("is not known here".into()));
    }
    let words = words(message);
    (field, words)
}

/// The path of a field, such as `grades[1].price`; empty for the whole body or query.
fn name(path: &Path) -> String {
    path.iter().fold(String::new(), |name, segment| match segment {
        Segment::Seq { index } => format!("{name}[{index}]"),
        Segment::Map { key: inner } | Segment::Enum { variant: inner } if name.is_empty() => inner.clone(),
        Segment::Map { key: inner } | Segment::Enum { variant: inner } => format!("{name}.{inner}"),
        Segment::Unknown => name,
    })
}

fn quoted<'a>(message: &'a str, before: &str) -> Option<&'a str> {
    message.strip_prefix(before)?.split('`').next()
}

/// What the messages of serde, and our own, mean.
fn words(message: &str) -> Option<String> {
    // Our own rules already speak to people.
    if message.starts_with("must ") {
        return Some(message.to_owned());
    }
    let (found, expected) = message.rsplit_once(", expected ")?;
    if found.starts_with("unknown variant") {
        let known: Vec<_> = expected.split('`').skip(1).step_by(2).collect();
        return Some(format!("must be {}", known.join(" or ")));
    }
    let words = match expected {
        "u8" | "u16" | "u32" | "u64" | "usize" if found.starts_with("invalid value: integer `-") => LEAST,
        "u8" | "u16" | "u32" | "u64" | "usize" | "i8" | "i16" | "i32" | "i64" => match found {
            number if number.starts_with("invalid value") => RANGE,
            _ => WHOLE,
        },
        "f32" | "f64" => "must be a number",
        "a boolean" => "must be true or false",
        "a string" | "a borrowed string" | "a character" => "must be text",
        "a sequence" => "must be a list",
        "a map" => "must be an object",
        "first and step, or a list of labels" => "must be first and step, or a list of labels",
        "a timestamp string" => TIME,
        "a formatted UUID string" => UUID,
        "string or map" => "must be one of the known words",
        shape if shape.starts_with("struct ") => "must be an object",
        shape if ["an array", "a tuple", "tuple struct "].iter().any(|list| shape.starts_with(list)) => {
            "must be a list of that length"
        }
        _ => return None,
    };
    Some(words.into())
}

/// What to say about a number in a query string.
fn number_words(message: &str) -> Option<String> {
    let words = match message {
        "invalid digit found in string" | "cannot parse integer from empty string" => WHOLE,
        "number too large to fit in target type" | "number too small to fit in target type" => RANGE,
        "provided string was not `true` or `false`" => "must be true or false",
        _ => return None,
    };
    Some(words.into())
}

/// A type parsed from text has a message of its own for wrong text, but when the value is not text at all, serde says what
/// it expected. So the field is parsed once more with something else in its place.
fn expected_by_type<T: DeserializeOwned>(mut body: Value, path: &Path) -> Option<String> {
    let mut field = &mut body;
    for segment in path {
        field = match segment {
            Segment::Seq { index } => field.get_mut(index)?,
            Segment::Map { key } => field.get_mut(key)?,
            Segment::Enum { .. } | Segment::Unknown => return None,
        };
    }
    *field = Value::Bool(true);
    let error = serde_path_to_error::deserialize::<_, T>(body).err()?;
    let is_same = name(error.path()) == name(path);
    is_same.then(|| words(&error.inner().to_string())).flatten()
}

#[cfg(test)]
mod tests {
    use crate::http::{Problem, json::parse, page::query};
    use domain::{PerformanceId, money::Currency, sale::SaleMode};
    use jiff::Timestamp;
    use serde::{Deserialize, de::DeserializeOwned};
    use serde_json::{Value, json};

    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "only how it is read is tested")]
    struct Body {
        title: String,
        count: u32,
        shift: Option<i64>,
        share: f64,
        sold: bool,
        rows: Vec<Row>,
        place: [u8; 2],
        mode: SaleMode,
        performance_id: PerformanceId,
        starts_at: Timestamp,
        closes_at: Option<Timestamp>,
        currency: Currency,
    }

    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "only how it is read is tested")]
    struct Row {
        row: String,
        seats: u8,
    }

    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "only how it is read is tested")]
    struct Asked {
        limit: Option<u32>,
        since: Option<u64>,
        all: Option<bool>,
        mode: Option<SaleMode>,
    }

    fn body() -> Value {
        json!({
            "title": "가", "count": 1, "shift": null, "share": 0.5, "sold": false, "rows": [{"row": "1", "seats": 2}],
            "place": [1, 2], "mode": "open", "performance_id": "01900000-0000-7000-8000-000000000000",
            "starts_at": "2026-12-31T19:30:00+09:00", "closes_at": null, "currency": "KRW",
        })
    }

    fn wrong<T: DeserializeOwned + std::fmt::Debug>(body: &str) -> (String, String) {
        let problem = parse::<T>(body.as_bytes()).expect_err(body);
        assert_eq!(problem.code(), crate::http::Code::ValidationFailed, "{body}");
        told(&problem)
    }

    fn told(problem: &Problem) -> (String, String) {
        let answer: Value = serde_json::from_str(&problem.to_json()).expect("JSON");
        let Some([error]) = answer["errors"].as_array().map(Vec::as_slice) else { panic!("{answer}") };
        let text = |name: &str| error[name].as_str().expect("text").to_owned();
        (text("field"), text("message"))
    }

    #[test]
    fn every_way_to_get_a_body_wrong_names_the_field_and_says_what_it_must_be() {
        const TIME: &str = "must be a time with its offset, such as 2026-12-31T19:30:00+09:00";
        parse::<Body>(body().to_string().as_bytes()).expect("right");
        for (at, value, field, message) in [
            ("/title", json!(1), "title", "must be text"),
            ("/title", json!(null), "title", "must be text"),
            ("/title", json!({}), "title", "must be text"),
            ("/count", json!("1"), "count", "must be a whole number"),
            ("/count", json!(1.5), "count", "must be a whole number"),
            ("/count", json!(null), "count", "must be a whole number"),
            ("/count", json!([]), "count", "must be a whole number"),
            ("/count", json!(-1), "count", "must be 0 or more"),
            ("/count", json!(4_294_967_296_u64), "count", "is a number out of range"),
            ("/shift", json!("1"), "shift", "must be a whole number"),
            ("/shift", json!(u64::MAX), "shift", "is a number out of range"),
            ("/share", json!("half"), "share", "must be a number"),
            ("/sold", json!("no"), "sold", "must be true or false"),
            ("/sold", json!(0), "sold", "must be true or false"),
            ("/rows", json!({}), "rows", "must be a list"),
            ("/rows", json!("1"), "rows", "must be a list"),
            ("/rows/0", json!("1"), "rows[0]", "must be an object"),
            ("/rows/0", json!({"row": "1"}), "rows[0].seats", "is missing"),
            ("/rows/0/seats", json!("2"), "rows[0].seats", "must be a whole number"),
            ("/rows/0/seats", json!(300), "rows[0].seats", "is a number out of range"),
            ("/place", json!([1]), "place", "must be a list of that length"),
            ("/mode", json!("lottery"), "mode", "must be open or queue"),
            ("/mode", json!("x`, expected `y"), "mode", "must be open or queue"),
            ("/mode", json!(1), "mode", "must be one of the known words"),
            ("/performance_id", json!("x"), "performance_id", "must be a UUID"),
            ("/performance_id", json!(1), "performance_id", "must be a UUID"),
            ("/starts_at", json!("tomorrow"), "starts_at", TIME),
            ("/starts_at", json!("2026-02-30T00:00:00Z"), "starts_at", TIME),
            ("/starts_at", json!("2026-02-01T0x:00:00Z"), "starts_at", TIME),
            ("/starts_at", json!("2026-12-31T19:30"), "starts_at", TIME),
            ("/starts_at", json!("must be so"), "starts_at", TIME),
            ("/starts_at", json!(1), "starts_at", TIME),
            ("/closes_at", json!("2026-12-31T25:30Z"), "closes_at", TIME),
            ("/currency", json!("won"), "currency", "must be three capital letters"),
            ("/currency", json!(1), "currency", "must be text"),
        ] {
            let mut body = body();
            *body.pointer_mut(at).expect(at) = value;
            assert_eq!(wrong::<Body>(&body.to_string()), (field.into(), message.into()), "{body}");
        }
        for (body, field, message) in [
            ("{}", "title", "is missing"),
            ("\"text\"", "", "must be an object"),
            ("[]", "", "must be an object"),
            ("null", "", "must be an object"),
            ("{\"title\":\"a\",\"title\":\"b\"}", "title", "must be given once"),
        ] {
            assert_eq!(wrong::<Body>(body), (field.into(), message.into()), "{body}");
        }
        assert_eq!(wrong::<Vec<Row>>("{}"), (String::new(), "must be a list".into()));
    }

    #[test]
    fn every_way_to_get_a_query_wrong_names_the_parameter_and_says_what_it_must_be() {
        for (asked, field, message) in [
            ("limit=x", "limit", "must be a whole number"),
            ("limit=", "limit", "must be a whole number"),
            ("limit=1.5", "limit", "must be a whole number"),
            ("limit=-1", "limit", "must be a whole number"),
            ("limit=4294967296", "limit", "is a number out of range"),
            ("since=18446744073709551616", "since", "is a number out of range"),
            ("all=yes", "all", "must be true or false"),
            ("mode=lottery", "mode", "must be open or queue"),
            ("limit=1&limit=2", "limit", "must be given once"),
        ] {
            let problem =
                query::<Asked>(&format!("/v1/things?{asked}").parse().expect("an address")).expect_err(asked);
            assert_eq!(told(&problem), (field.into(), message.into()), "{asked}");
        }
    }
}
