//! A crowd whose passwords are hashed, against real processes: they stay within the memory that the manifests give them, and
//! do as much work as ever.
#![cfg(test)]

mod support;

use domain::user::{Email, Role};
use serde_json::{Value, json};
use shared::{
    config,
    http::{json::BODY_MAX, serve::CONNECTIONS_MAX},
    services::{catalog::LAYOUTS_MAX_BYTES, passwords, tokens::REMEMBERED_MAX},
};
use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};
use support::Process;
use testkit::World;
use tokio::{task::JoinSet, time::sleep};

/// What a program needs, in bytes: docs/PERFORMANCE.md has the table of what bounds the memory of a process.
const PROGRAM: usize = 24 * 1024 * 1024;
/// A connection with its read-ahead buffer and its task.
const CONNECTION: usize = 16 * 1024;
/// A verified token with its content and its place in the cache.
const TOKEN: usize = 650;
/// A span that waits for the collector, with its part of a push.
const SPAN: usize = 2_560;
/// A log line of a request that waits for the collector, with its part of a push, at its largest.
const LINE: usize = 2_867;
const EMAIL: &str = "minji@example.org";
const PASSWORD: &str = "a long password";

/// Starts a function on stores that know one account.
async fn start(name: &'static str) -> (World, Process) {
    let world = World::start().await;
    world.account(Email::parse(EMAIL).unwrap(), PASSWORD, Role::Buyer).await;
    let settings = [&world.settings()[..], &[("YEMAE_LOG", "warn")]].concat();
    let process = Process::start_listening(name, &settings).await;
    (world, process)
}

/// The answers to a crowd.
struct Answers {
    /// How many requests succeeded.
    done: usize,
    /// How many were told to come back.
    busy: usize,
    /// The time until the last success.
    took: Duration,
}

impl Answers {
    fn a_second(&self) -> f64 {
        f64::from(u32::try_from(self.done).unwrap()) / self.took.as_secs_f64()
    }
}

/// Sends many requests at once, each on its own connection. Each succeeds, or is told when to come back.
async fn storm(process: &Process, path: &str, bodies: impl Iterator<Item = Value>) -> Answers {
    let client = reqwest::Client::builder().pool_max_idle_per_host(0).timeout(Duration::from_secs(30));
    let client = client.build().unwrap();
    let (begun, url) = (Instant::now(), format!("http://{}{path}", process.address));
    let mut requests = JoinSet::new();
    for body in bodies {
        let request = client.post(&url).header("content-type", "application/json").body(body.to_string());
        requests.spawn(async move {
            let answer = request.send().await.unwrap();
            let (status, waits) = (answer.status().as_u16(), answer.headers().contains_key("retry-after"));
            (status, waits, answer.text().await.unwrap(), begun.elapsed())
        });
    }
    let mut answers = Answers { done: 0, busy: 0, took: Duration::ZERO };
    while let Some(answered) = requests.join_next().await {
        let (status, waits, body, after) = answered.unwrap();
        match status {
            200 | 201 => {
                answers.done += 1;
                answers.took = answers.took.max(after);
            }
            503 => {
                assert!(waits && body.contains("\"busy\""), "{body}");
                answers.busy += 1;
            }
            _ => panic!("{status}: {body}"),
        }
    }
    answers
}

fn log_ins(count: usize) -> impl Iterator<Item = Value> {
    (0..count).map(|_| json!({"email": EMAIL, "password": PASSWORD}))
}

/// What each function may have, bytes: the value of `resources/limits` in the manifest of all.
fn memory_limit() -> u64 {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../knative/base/common/service.yaml");
    let manifest = fs::read_to_string(manifest).unwrap();
    let (_, limits) = manifest.split_once("resources/limits\n").unwrap();
    let (_, memory) = limits.split_once("memory: ").unwrap();
    memory.split_once("Mi\n").unwrap().0.parse::<u64>().unwrap() * 1024 * 1024
}

fn stays_within_its_limit(process: &Process) {
    let (peak, limit) = (process.memory_peak(), memory_limit());
    println!("{}: {} MiB of {} MiB", process.name, peak >> 20, limit >> 20);
    assert!(peak < limit, "{} took {} MiB of {}", process.name, peak >> 20, limit >> 20);
}

#[test]
fn the_bounds_of_any_process_stay_below_its_limit() {
    let tokens = 3 * REMEMBERED_MAX * TOKEN;
    let spans = usize::try_from(config::SPANS_MAX).unwrap() * SPAN;
    let lines = usize::try_from(config::LINES_MAX).unwrap() * LINE;
    let sum = PROGRAM + tokens + CONNECTIONS_MAX * CONNECTION + spans + lines;
    // The rest is for houses.
    let houses = usize::try_from(LAYOUTS_MAX_BYTES).unwrap();
    assert!(u64::try_from(sum + houses).unwrap() < memory_limit(), "{} MiB", (sum + houses) >> 20);
}

#[test]
fn the_bounds_of_a_process_that_hashes_stay_below_its_limit() {
    let waiting = passwords::WAITING_MAX * (BODY_MAX + CONNECTION);
    let sum = PROGRAM + passwords::MEMORY_MAX_BYTES + waiting;
    assert!(u64::try_from(sum).unwrap() < memory_limit(), "{} MiB", sum >> 20);
}

#[tokio::test]
async fn log_ins_stay_within_the_limit_of_memory() {
    let (_world, process) = start("login").await;
    let answers = storm(&process, "/v1/login", log_ins(48)).await;
    assert!(answers.done >= 10, "{} of {}", answers.done, answers.done + answers.busy);
    stays_within_its_limit(&process);
}

#[tokio::test]
async fn sign_ups_stay_within_the_limit_of_memory() {
    let (_world, process) = start("signup").await;
    let people =
        (0..48).map(|n| json!({"email": format!("{n}@yemae.test"), "password": PASSWORD, "name": "관객"}));
    let answers = storm(&process, "/v1/users", people).await;
    assert!(answers.done >= 10, "{} of {}", answers.done, answers.done + answers.busy);
    stays_within_its_limit(&process);
}

#[tokio::test]
async fn twice_the_crowd_is_served_as_fast() {
    let (_world, process) = start("login").await;
    let crowd = storm(&process, "/v1/login", log_ins(200)).await;
    let twice = storm(&process, "/v1/login", log_ins(400)).await;
    for (of, answers) in [(200, &crowd), (400, &twice)] {
        println!("{of} at once: {} done, {:.1} a second", answers.done, answers.a_second());
    }
    // Other tests share the machine: half is noise, whereas with an endless line it was a sixth.
    assert!(twice.a_second() > crowd.a_second() / 2.0);
    stays_within_its_limit(&process);
}

#[tokio::test]
async fn nothing_is_hashed_for_clients_that_gave_up() {
    let (_world, process) = start("login").await;
    let warm = storm(&process, "/v1/login", log_ins(10)).await;
    assert_eq!(warm.done, 10);
    let before = process.cpu_time();
    let a_hash = before / 10;
    tokio::select! {
        _ = storm(&process, "/v1/login", log_ins(60)) => {}
        // By then all are in line, and a few were served.
        () = spends(&process, before + 6 * a_hash) => {}
    }
    let given_up = process.cpu_time();
    sleep(Duration::from_secs(1)).await;
    let spent = process.cpu_time().saturating_sub(given_up);
    println!(
        "{} ms before, {} ms after they gave up",
        given_up.saturating_sub(before).as_millis(),
        spent.as_millis()
    );
    let answers = storm(&process, "/v1/login", log_ins(1)).await;
    assert_eq!((answers.done, answers.busy), (1, 0));
    assert!(spent < 20 * a_hash, "{} ms, {} ms each", spent.as_millis(), a_hash.as_millis());
}

/// Waits until the process has spent this much CPU time.
async fn spends(process: &Process, until: Duration) {
    while process.cpu_time() < until {
        sleep(Duration::from_millis(5)).await;
    }
}
