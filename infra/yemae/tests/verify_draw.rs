//! A draw is verified as a buyer would do it: from public data, and with what the buyer has.
#![cfg(test)]

use axum::{Json, Router, extract::Path, http::StatusCode, routing::get};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    PerformanceId, UserId,
    draw::{Block, Draw, leaf},
};
use serde_json::{Value, json};
use std::{
    path::PathBuf,
    process::{Command, Output},
};
use tempfile::TempDir;
use testkit::{Fixture, World};
use tokio::task::spawn_blocking;

const PEOPLE: u64 = 23;

/// A completed draw, and everything that a buyer may have of it.
struct Drawn {
    world: World,
    performance: PerformanceId,
    users: Vec<UserId>,
    draw: Draw,
    folder: TempDir,
}

#[tokio::test]
async fn every_buyer_can_prove_their_number() {
    let drawn = Drawn::start().await;
    let (published, roster) = (drawn.published(), drawn.roster().await);
    let commitment = drawn.draw.commitment.to_string();
    let mut numbers = Vec::new();
    for (entry, user) in (1..).zip(&drawn.users) {
        let number = drawn.draw.number_of(entry);
        let ticket = ticket(&json!({"sub": user, "performance": drawn.performance, "entry": entry}));
        let arguments = [
            "--draw",
            &published,
            "--roster",
            &roster,
            "--ticket",
            &ticket,
            "--commitment",
            &commitment,
            "--number",
            &number.to_string(),
        ];
        let proof = verify(&arguments).await;
        assert!(proof.status.success());
        let expected = format!(
            "ok     the commitment is the one noted before\n\
             ok     the seed matches the commitment\n\
             ok     the roster has the root that is published\n\
             ok     the roster names each of the {PEOPLE} entries\n\
             ok     entry {entry} of the roster is that of user {user}\n\
             ok     entry {entry} has number {number}\n"
        );
        assert_eq!(printed(&proof), expected);
        numbers.push(number);
    }
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=PEOPLE).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_running_yemae_is_asked_for_its_public_data() {
    let drawn = Drawn::start().await;
    let (ours, answer) = (drawn.performance, json!({"serving": 0, "draw": drawn.shown()}));
    let url =
        play(Router::new().route(
            "/v1/queues/{performance}",
            get(async move |Path(wanted): Path<PerformanceId>| {
                if wanted == ours {
                    Ok(Json(answer))
                } else {
                    Err((StatusCode::NOT_FOUND, "nothing is here"))
                }
            }),
        ));
    let url = format!("{}/", url.await);
    let performance = drawn.performance.to_string();
    let late = ["--url", &url, "--performance", &performance, "--entry", "24", "--number", "24"];
    assert_eq!(
        summary(&verify(&late).await),
        (true, lines(&["open   --commitment", "ok     the seed", "open   --roster", "ok     entry 24"]))
    );
    let wrong = ["--url", &url, "--performance", &performance, "--entry", "24", "--number", "2"];
    let wrong = verify(&wrong).await;
    assert!(printed(&wrong).ends_with("WRONG  entry 24 has number 24, and not 2\n"));
    assert_eq!(said(&wrong), "yemae: 1 of 4 lines say WRONG\n");
    let elsewhere = verify(&["--url", &url, "--performance", &drawn.users[0].to_string()]).await;
    assert!(!elsewhere.status.success() && said(&elsewhere).contains("answered 404"));
    let which = verify(&["--url", &url, "--entry", "1"]).await;
    assert_eq!(said(&which), "yemae: --performance or --ticket must say which\n");
}

#[tokio::test]
async fn every_kind_of_tampering_shows() {
    let drawn = Drawn::start().await;
    let roster = drawn.roster().await;
    let (user, other) = (drawn.users[6].to_string(), drawn.users[7].to_string());
    let (performance, number) = (drawn.performance.to_string(), drawn.draw.number_of(7).to_string());
    let wrong_with = async |shown: &Value, roster: &str, user: &str, number: &str| -> Vec<String> {
        let published = drawn.file("published.json", &shown.to_string());
        let arguments = [
            "--draw",
            &published,
            "--roster",
            roster,
            "--performance",
            &performance,
            "--entry",
            "7",
            "--user",
            user,
            "--number",
            number,
            "--commitment",
            &drawn.draw.commitment.to_string(),
        ];
        let proof = verify(&arguments).await;
        let wrong: Vec<_> =
            printed(&proof).lines().filter_map(|line| line.strip_prefix("WRONG  ")).map(begin).collect();
        assert_eq!(proof.status.success(), wrong.is_empty());
        wrong
    };
    let shown = drawn.shown();
    let changed = |member: &str, value: Value| {
        let mut shown = drawn.shown();
        shown[member] = value;
        shown
    };
    let nothing: [&str; 0] = [];
    assert_eq!(wrong_with(&shown, &roster, &user, &number).await, nothing);
    assert_eq!(wrong_with(&shown, &roster, &user, "24").await, ["entry 7 has number"]);
    assert_eq!(wrong_with(&shown, &roster, &other, &number).await, ["entry 7 of the"]);

    // Another seed, with or without the commitment that would fit it.
    let other_seed = changed("seed", json!("00".repeat(32)));
    assert_eq!(wrong_with(&other_seed, &roster, &user, &number).await[0], "the seed does not");
    let other_commitment = changed("commitment", json!("00".repeat(32)));
    let wrong = wrong_with(&other_commitment, &roster, &user, &number).await;
    assert_eq!(
        wrong,
        [format!("the commitment was {}", drawn.draw.commitment), "the seed does not".to_owned()]
    );

    // Another roster, or one that does not explain the size of the pool.
    let text = std::fs::read_to_string(&roster).unwrap();
    let lines: Vec<_> = text.lines().collect();
    let mut swapped = lines.clone();
    swapped.swap(7, 8);
    let swapped = drawn.file("swapped", &swapped.join("\n"));
    assert_eq!(wrong_with(&shown, &swapped, &user, &number).await, ["the roster has the", "entry 7 of the"]);
    let shorter = drawn.file("shorter", &lines[..lines.len() - 1].join("\n"));
    assert_eq!(
        wrong_with(&shown, &shorter, &user, &number).await,
        ["the roster has the", "the roster names 22"]
    );
    let gap = drawn.file("gap", &text.replace("block 11", "block 12"));
    assert_eq!(wrong_with(&shown, &gap, &user, &number).await, ["the roster has the", "the roster does not"]);
    let larger = changed("pool_size", json!(24));
    assert_eq!(wrong_with(&larger, &roster, &user, &number).await[0], "the roster names 23");

    // A part proves nothing.
    let part = changed("seed", Value::Null);
    assert_eq!(wrong_with(&part, &roster, &user, &number).await, ["only a part of"]);
}

#[tokio::test]
async fn before_the_draw_there_is_a_commitment_but_no_number() {
    let drawn = Drawn::start().await;
    let commitment = drawn.draw.commitment.to_string();
    let published = drawn.file("early.json", &json!({"commitment": commitment}).to_string());
    let early = verify(&["--draw", &published, "--commitment", &commitment, "--entry", "1"]).await;
    assert_eq!(summary(&early), (true, lines(&["ok     the commitment", "open   the draw"])));
    let numbered = verify(&["--draw", &published, "--entry", "1", "--number", "1"]).await;
    assert_eq!(summary(&numbered), (false, lines(&["open   --commitment", "WRONG  number 1"])));
}

#[tokio::test]
async fn unreadable_input_is_reported() {
    let drawn = Drawn::start().await;
    let published = drawn.published();
    let fcfs = drawn.file("fcfs.json", r#"{"serving": 3}"#);
    let garbled = drawn.file("garbled", "block one\n");
    let headless = drawn.file("headless", &drawn.draw.seed.to_string());
    let (user, performance) = (drawn.users[0], drawn.performance);
    let ticket = ticket(&json!({"sub": user, "performance": performance, "entry": 1, "number": null}));
    for (arguments, expected) in [
        (vec!["--draw", &fcfs], "there is no draw for this performance"),
        (vec!["--draw", "/nowhere"], "/nowhere: "),
        (vec!["--draw", &published, "--roster", &garbled], "line 1 has no position of a block"),
        (vec!["--draw", &published, "--roster", &headless], "no block begins before the first leaf"),
        (vec!["--draw", &published, "--ticket", "a.b.c"], "the ticket is not a Queue-Ticket"),
        (vec!["--draw", &published, "--ticket", &ticket, "--entry", "2"], "the ticket has another entry"),
        (vec!["--draw", &published, "--commitment", "abc"], "must be 64 hexadecimal digits"),
        (vec!["--entry", "1"], "--url"),
    ] {
        let refused = verify(&arguments).await;
        assert!(!refused.status.success());
        assert!(said(&refused).contains(expected), "{expected}: {}", said(&refused));
    }
}

impl Drawn {
    async fn start() -> Self {
        let world = World::start().await;
        let fixture = Fixture { prequeue_in_s: Some(-60), opens_in_s: 60, ..Fixture::queue() };
        let performance = world.performance(fixture).await.performance_id;
        let users: Vec<_> = (0..PEOPLE).map(|_| UserId(world.app.ids.uuid())).collect();
        let leaves: Vec<_> = (1..).zip(&users).map(|(entry, user)| leaf(performance, entry, *user)).collect();
        let blocks: Vec<_> = (1..)
            .step_by(10)
            .zip(leaves.chunks(10))
            .map(|(first, leaves)| Block { first, leaves: leaves.into() })
            .collect();
        let (last, full) = blocks.split_last().unwrap();
        let books = world.queue_books();
        books.lease_numbers(performance, 10, None).await.unwrap();
        for block in full {
            books.lease_numbers(performance, 10, Some(block)).await.unwrap();
        }
        let draw = books.make_draw(performance, PEOPLE, Some(last)).await.unwrap();
        Self { world, performance, users, draw, folder: tempfile::tempdir().unwrap() }
    }

    /// What `GET /v1/queues/{performance_id}` returns.
    fn shown(&self) -> Value {
        serde_json::to_value(self.draw).unwrap()
    }

    fn published(&self) -> String {
        self.file("draw.json", &json!({"serving": 3, "draw": self.shown()}).to_string())
    }

    /// What the operator publishes of the roster.
    async fn roster(&self) -> String {
        let arguments = ["roster".to_owned(), self.performance.to_string()];
        let printed = yemae(&arguments, Some(self.world.dynamodb_url())).await;
        assert!(printed.status.success());
        let text = String::from_utf8(printed.stdout).unwrap();
        assert_eq!(text.lines().count(), 23 + 3, "three blocks");
        self.file("roster", &text)
    }

    fn file(&self, name: &str, text: &str) -> String {
        let path: PathBuf = self.folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }
}

/// A text in the form of a Queue-Ticket. Its signature is not verified here.
fn ticket(claims: &Value) -> String {
    format!("e30.{}.c2lnbmVk", URL_SAFE_NO_PAD.encode(claims.to_string()))
}

async fn verify(arguments: &[&str]) -> Output {
    let arguments: Vec<_> = ["verify-draw"].iter().chain(arguments).map(ToString::to_string).collect();
    yemae(&arguments, None).await
}

async fn yemae(arguments: &[String], store: Option<&str>) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_yemae"));
    command.args(arguments).envs(store.map(|url| ("AWS_ENDPOINT_URL_DYNAMODB", url)));
    spawn_blocking(move || command.output().expect("the command runs")).await.unwrap()
}

async fn play(router: Router) -> String {
    format!("http://{}", testkit::serve(router).await)
}

fn printed(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The first words of a line, which say what it is about.
fn begin(line: &str) -> String {
    line.split(' ').take(4).collect::<Vec<_>>().join(" ")
}

/// Whether all is well, and the beginning of each line.
fn summary(output: &Output) -> (bool, Vec<String>) {
    let beginning = |line: &str| {
        let (kind, what) = line.split_at(7);
        let words = if what.starts_with("--") { 1 } else { 2 };
        format!("{kind}{}", what.split([' ', ':']).take(words).collect::<Vec<_>>().join(" "))
    };
    (output.status.success(), printed(output).lines().map(beginning).collect())
}

fn lines(lines: &[&str]) -> Vec<String> {
    lines.iter().map(ToString::to_string).collect()
}
