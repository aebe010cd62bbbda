//! The descriptions of images name the same programs everywhere, and a linter accepts the Dockerfiles.
#![cfg(test)]

use all::FUNCTIONS;
use checks::{root, run, text, tool};
use std::process::Command;

#[test]
fn every_program_has_an_image_in_the_bake_file() {
    let bake = text("infra/images/docker-bake.hcl");
    let programs = bake.split("program = [").nth(1).and_then(|rest| rest.split(']').next()).expect("a list");
    let mut listed: Vec<_> = programs.split('"').skip(1).step_by(2).collect();
    let mut wanted: Vec<_> = FUNCTIONS.iter().map(|registered| registered.function.name).collect();
    wanted.extend(["sandbox-payments", "yemae", "yemae-demo", "yemae-dynamodb"]);
    listed.sort_unstable();
    wanted.sort_unstable();
    assert_eq!(listed, wanted);
}

#[test]
fn a_linter_has_nothing_to_say_of_the_dockerfiles() {
    let Some(hadolint) = tool("hadolint") else { return };
    let files = ["Dockerfile", "nginx.Dockerfile", "redis-server.Dockerfile"];
    // The base image decides the versions of Debian's packages: pinning them breaks the build when Debian fixes one.
    let command = &mut Command::new(hadolint);
    run(command.args(["--ignore", "DL3008"]).args(files.map(|file| root("infra/images").join(file))));
}
