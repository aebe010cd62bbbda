//! Every function under the Lambda emulator that developers use: `cargo lambda watch` hands each of them a request.
#![cfg(test)]

mod support;

use all::FUNCTIONS;
use reqwest::{Client, Method};
use serde_json::Value;
use std::{
    env,
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};
use support::{PRIVATE_PEM, PUBLIC_PEM, Process};
use testkit::until_it_listens;

const ANSWER_WITHIN: Duration = Duration::from_secs(20);

/// A request to each function, and its answer without stores: a status and a problem's code.
const ASKED: [(&str, &str, &str, u16, &str); 20] = [
    ("admit", "POST", "/v1/admissions", 401, "bad_queue_ticket"),
    ("book", "POST", "/v1/bookings", 401, "unauthenticated"),
    ("bookings", "GET", "/v1/me/bookings?limit=1", 401, "unauthenticated"),
    ("cancel", "POST", "/v1/cancellations", 401, "unauthenticated"),
    ("enqueue", "POST", "/v1/queue-tickets", 401, "unauthenticated"),
    ("list-shows", "GET", "/v1/shows?limit=0", 422, "validation_failed"),
    ("lock-seat", "POST", "/v1/holds", 401, "unauthenticated"),
    ("login", "POST", "/v1/login", 415, "unsupported_media_type"),
    ("manage-sale", "GET", "/v1/manage/sales/1", 401, "unauthenticated"),
    ("manage-shows", "POST", "/v1/manage/shows", 401, "unauthenticated"),
    ("pay", "POST", "/v1/payments", 401, "unauthenticated"),
    ("queue-status", "GET", "/v1/queues/1", 404, "not_found"),
    ("seat-map", "GET", "/v1/seats/1/layout", 404, "not_found"),
    ("seat-stream", "GET", "/v1/seat-stream/1", 404, "not_found"),
    ("session", "GET", "/v1/me", 401, "unauthenticated"),
    ("show-detail", "GET", "/v1/shows/1", 404, "not_found"),
    ("signup", "GET", "/v1/users", 405, "method_not_allowed"),
    ("relay", "GET", "/", 405, "method_not_allowed"),
    ("sweep", "GET", "/", 405, "method_not_allowed"),
    ("web", "GET", "/v1/nothing", 404, "not_found"),
];

#[tokio::test]
async fn cargo_lambda_drives_every_function() {
    let watch = Watch::start().await;
    let client = Client::builder().no_proxy().timeout(ANSWER_WITHIN).build().unwrap();
    for registered in FUNCTIONS {
        let name = registered.function.name;
        let asked = ASKED.into_iter().find(|asked| asked.0 == name);
        // Of a function that has nothing of its own to be asked yet, what each answers.
        let (_, method, path, status, code) = asked.unwrap_or((name, "GET", "/nowhere", 404, "not_found"));
        let _function = watch.run(name);

        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let url = format!("http://{}/lambda-url/{name}{path}", watch.address);
        let answer =
            client.request(method, url).send().await.unwrap_or_else(|error| panic!("{name}: {error:?}"));
        assert_eq!(answer.status(), status, "{name}");
        let problem: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
        assert_eq!(problem["code"], code, "{name}: {problem}");
    }
}

/// `cargo lambda watch`, which plays Lambda and a function's URL. It runs the functions that cargo has already built, since
/// it would rebuild each with other features.
struct Watch {
    address: SocketAddr,
    child: Child,
}

impl Watch {
    async fn start() -> Self {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, stores::free_port().unwrap()));
        let mut command = Command::new(program());
        command.args(["lambda", "watch", "--only-lambda-apis", "--invoke-address", "127.0.0.1"]);
        command.args(["--invoke-port", &address.port().to_string()]).current_dir(root());
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let watch = Self { address, child: command.spawn().unwrap() };
        until_it_listens("cargo lambda watch", address).await;
        watch
    }

    /// Starts a function under it.
    fn run(&self, name: &'static str) -> Process {
        Process::start_on_lambda(
            name,
            &format!("http://{}/.rt/{name}", self.address),
            &[
                ("YEMAE_ADDRESS_RATE_PER_MIN", "0"),
                ("YEMAE_JWT_PRIVATE_KEY", PRIVATE_PEM),
                ("YEMAE_JWT_PUBLIC_KEYS", PUBLIC_PEM),
            ],
        )
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        // Both fail only for a process that has already ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The program that `localstack/install.sh lambda` installed, or the one that `YEMAE_CARGO_LAMBDA` names.
fn program() -> PathBuf {
    let installed = || root().join("target/lambda/bin/cargo-lambda");
    let program = env::var_os("YEMAE_CARGO_LAMBDA").map_or_else(installed, PathBuf::from);
    assert!(program.is_file(), "{} is missing: run `localstack/install.sh lambda`", program.display());
    program
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap()
}
