//! Bake targets: an image for each program.

use crate::{
    RenderedFile, functions, made_from,
    template::{fill, lines},
};

pub(crate) fn file() -> RenderedFile {
    let programs = lines(functions(), |function| format!("      \"{}\",", function.name));
    let text = fill(include_str!("../templates/docker-bake.hcl"), &[("functions", &programs)]);
    let from = made_from("infra/render/templates/docker-bake.hcl and the register");
    ("infra/images/docker-bake.hcl".to_owned(), from + &text)
}
