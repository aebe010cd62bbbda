//! Compose: a service for each function, on LocalStack or on the project's own engine, watched or not.

use crate::{
    RenderedFile, functions, made_from,
    template::{fill, lines},
    timed,
};
use shared::http::Function;

pub(crate) fn files() -> Vec<RenderedFile> {
    let timed = timed(|name| format!("\"http://{name}:8080\""));
    let services: String = functions().map(service).collect();
    let compose = fill(
        include_str!("../templates/compose.yaml"),
        &[("functions", services.as_str()), ("timed", &timed)],
    );
    let engine = fill(
        include_str!("../templates/compose.engine.yaml"),
        &[("functions", &lines(functions(), |function| format!("  {}: *engine", function.name)))],
    );
    let observe = fill(
        include_str!("../templates/compose.observe.yaml"),
        &[("functions", &lines(functions(), |function| format!("  {}: *pushes", function.name)))],
    );
    [("compose.yaml", compose), ("compose.engine.yaml", engine), ("compose.observe.yaml", observe)]
        .map(|(name, text)| {
            let from = made_from(&format!("infra/render/templates/{name} and the register"));
            (format!("localstack/{name}"), from + &text)
        })
        .into()
}

fn service(function: Function) -> String {
    let (name, kind) = (function.name, if function.signs { "signer" } else { "function" });
    format!(
        "  {name}:
    <<: *{kind}
    image: ${{YEMAE_IMAGES:-dev.local/yemae}}/{name}:${{YEMAE_TAG:-dev}}
    build: {{ <<: *build, args: {{ PROGRAM: {name} }} }}

"
    )
}
