//! A function with wrong or missing settings exits at its start, with one line that names the variable.
#![cfg(test)]

mod support;

use all::FUNCTIONS;
use std::{ffi::OsStr, os::unix::ffi::OsStrExt as _, process::Output};
use support::{PRIVATE_PEM, PUBLIC_PEM, Process};

const PORT: (&str, &str) = ("PORT", "0");
const PRIVATE_KEY: &str = "YEMAE_JWT_PRIVATE_KEY";
const PUBLIC_KEYS: &str = "YEMAE_JWT_PUBLIC_KEYS";

#[test]
fn a_malformed_setting_stops_every_function() {
    for registered in FUNCTIONS {
        stops(registered.function.name, &[("PORT", "http")], "PORT");
    }
    for (variable, value) in [
        ("YEMAE_REDIS_URL", "127.0.0.1"),
        ("AWS_ENDPOINT_URL_DYNAMODB", "ftp://x"),
        ("YEMAE_HOLD_TTL_S", "soon"),
        ("YEMAE_LOG", "a=b=c"),
        ("YEMAE_LOG", "inof"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://yemae:secret words@collector:4318"),
        (PRIVATE_KEY, "secret words"),
        (PUBLIC_KEYS, "secret words"),
    ] {
        let keys = [(PRIVATE_KEY, PRIVATE_PEM), (PUBLIC_KEYS, PUBLIC_PEM)];
        let others = keys.into_iter().filter(|(other, _)| *other != variable);
        let settings: Vec<_> = others.chain([PORT, (variable, value)]).collect();
        stops("enqueue", &settings, variable);
    }
}

#[test]
fn a_missing_key_stops_the_functions_that_need_it() {
    for registered in FUNCTIONS {
        let function = registered.function;
        if function.signs {
            stops(function.name, &[PORT, (PUBLIC_KEYS, PUBLIC_PEM)], PRIVATE_KEY);
        }
        if function.verifies {
            stops(function.name, &[PORT, (PRIVATE_KEY, PRIVATE_PEM)], PUBLIC_KEYS);
        }
    }
}

#[test]
fn a_setting_that_is_no_text_is_malformed_and_not_absent() {
    let not_text = OsStr::from_bytes(b"http://collector:4318/\xff");
    let settings = [
        ("PORT", OsStr::new("0")),
        (PRIVATE_KEY, OsStr::new(PRIVATE_PEM)),
        (PUBLIC_KEYS, OsStr::new(PUBLIC_PEM)),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", not_text),
    ];
    is_stopped("enqueue", Process::run("enqueue", &settings), "OTEL_EXPORTER_OTLP_ENDPOINT");
}

fn stops(name: &'static str, settings: &[(&str, &str)], variable: &str) {
    is_stopped(name, Process::run(name, settings), variable);
}

fn is_stopped(name: &str, output: Output, variable: &str) {
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{name}: {said}");
    assert_eq!(said.lines().count(), 1, "{name}: {said}");
    assert!(said.starts_with(&format!("{name}: {variable} ")), "{said}");
    assert!(!said.contains("secret words"), "{said}");
    assert!(output.stdout.is_empty(), "{name} logged before it stopped");
}
