//! Terraform: what each function's Lambda needs. `infra/terraform/locals.tf` reads it and explains its fields.

use crate::{RenderedFile, functions};
use serde_json::json;
use shared::http::{Function, function::Reach};

/// How long after the function's own deadline Lambda stops it, so that the function's answer comes first.
const LATER_S: u64 = 2;

pub(crate) fn file() -> RenderedFile {
    let line = |function: Function| {
        let lambda = json!({
            "signs": function.signs,
            "verifies": function.verifies,
            "pays": function.pays,
            "timed": function.reach == Reach::EveryMinute,
            "memory_mb": function.scale.memory.lambda_mb,
            "timeout_s": function.deadline_s + LATER_S,
            "at_once_max": function.scale.at_once_max,
        });
        format!("  \"{}\": {lambda}", function.name)
    };
    let lines: Vec<_> = functions().map(line).collect();
    ("infra/terraform/functions.json".to_owned(), format!("{{\n{}\n}}\n", lines.join(",\n")))
}
