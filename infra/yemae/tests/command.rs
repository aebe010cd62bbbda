//! The command, run twice as operators do.
#![cfg(test)]

use std::process::{Command, Output};
use stores::Engine;

fn yemae(engine: &Engine, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_yemae"))
        .args(arguments)
        .env("AWS_ENDPOINT_URL_DYNAMODB", engine.endpoint())
        .env("YEMAE_TABLE_PREFIX", "command-")
        .env("YEMAE_PASSWORD", "correct horse")
        .output()
        .expect("the command runs")
}

fn printed(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn tables_and_accounts_are_made_once() {
    let engine = Engine::start(None).expect("dynoxide starts");
    let account = ["account", "--email", " Ana@Yemae.test", "--name", "Ana", "--role", "organizer"];

    let too_early = yemae(&engine, &account);
    assert!(!too_early.status.success() && !too_early.stderr.is_empty());

    let made = yemae(&engine, &["tables"]);
    assert!(made.status.success());
    assert_eq!(printed(&made), "command-main created\ncommand-seats created\ncommand-outbox created\n");
    let again = yemae(&engine, &["tables"]);
    assert!(again.status.success());
    assert_eq!(printed(&again), "command-main exists\ncommand-seats exists\ncommand-outbox exists\n");

    assert_eq!(printed(&yemae(&engine, &account)), "ana@yemae.test created\n");
    assert_eq!(printed(&yemae(&engine, &account)), "ana@yemae.test exists\n");
    let [start @ .., _] = account;
    let other_role = [&start[..], &["admin"]].concat();
    assert!(!yemae(&engine, &other_role).status.success());
}

#[test]
fn mistakes_are_reported_before_the_store_is_asked() {
    let engine = Engine::start(None).expect("dynoxide starts");
    let wrong = yemae(&engine, &["account", "--email", "malformed", "--name", "Ana", "--role", "buyer"]);
    assert!(!wrong.status.success());
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("must be an e-mail address"));
}
