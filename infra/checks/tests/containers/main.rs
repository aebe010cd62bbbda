//! Every built image, started by a Docker engine as Knative starts it. `make test-containers` builds the images and runs
//! these tests.
#![cfg(test)]

mod storms;

use all::FUNCTIONS;
use checks::docker::{Container, Network, docker, image};
use reqwest::StatusCode;
use serde_json::{Value, json};
use shared::http::Function;
use std::time::{Duration, Instant};
use testkit::{PRIVATE_KEY, PUBLIC_KEY};

/// The largest image, in bytes.
const SIZE_MAX: u64 = 20_000_000;
/// Everything starts at once on two cores.
const READY_WITHIN: Duration = Duration::from_secs(20);
/// Half of what a function gets in a cluster.
const MEMORY: &str = "64m";

#[test]
fn an_image_is_a_program_with_certificates_and_nothing_else() {
    let functions = FUNCTIONS.iter().map(|registered| registered.function.name);
    for name in functions.chain(["yemae", "demo", "payments", "dynamodb"]) {
        let described: Value = serde_json::from_str(&docker(&["image", "inspect", &image(name)])).unwrap();
        let (image, config) = (&described[0], &described[0]["Config"]);
        let size = image["Size"].as_u64().unwrap();
        assert!(size <= SIZE_MAX, "{name} is {size} bytes large");
        assert_eq!(config["User"], "65532:65532", "{name}");
        assert_eq!(config["Entrypoint"], json!(["/program"]), "{name}");
        for label in ["title", "source", "licenses", "version", "revision"] {
            assert!(
                config["Labels"][format!("org.opencontainers.image.{label}")].is_string(),
                "{name}: {label}"
            );
        }
        assert_eq!(
            Container::create(name).files(),
            ["etc/ssl/certs/ca-certificates.crt", "program"],
            "{name}"
        );
    }
}

#[tokio::test]
async fn every_function_starts_answers_a_crowd_survives_redis_and_stops() {
    let network = Network::make("containers");
    let redis = network.run("redis", "redis", &[], &[]);
    let _dynamodb = network.run("dynamodb", "dynamodb", &[], &[]);
    let _payments = network.run("payments", "payments", &[], &[]);
    network
        .run("demo", "demo", &["--env", "AWS_ENDPOINT_URL_DYNAMODB=http://dynamodb:8000"], &[])
        .ends_well();

    let running: Vec<_> = FUNCTIONS.iter().map(|registered| start(&network, registered.function)).collect();
    all_ready(&running).await;
    for (function, container) in &running {
        let answer = reqwest::get(container.url("/v1/nowhere")).await.unwrap();
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{}", function.name);
        assert_eq!(answer.headers()["content-type"], "application/problem+json", "{}", function.name);
    }

    for (function, container) in &running {
        storms::storm(function.name, container).await;
    }

    redis.restart();
    all_ready(&running).await;

    let asked = Instant::now();
    Container::stop(running.iter().map(|(_, container)| container));
    assert!(asked.elapsed() < Duration::from_secs(10), "nothing was in flight");
    for (function, container) in &running {
        let state = container.state();
        assert_eq!(
            (&state["ExitCode"], &state["OOMKilled"]),
            (&json!(0), &json!(false)),
            "{}",
            function.name
        );
    }
}

/// Starts a function as Knative does: on a port that it chooses, without a writable file system, as an arbitrary user, with
/// no rights and little memory. The function gets the keys that it needs and no others.
fn start(network: &Network, function: Function) -> (Function, Container) {
    let mut settings = vec![
        "PORT=8012".to_owned(),
        "YEMAE_REDIS_URL=redis://redis:6379".to_owned(),
        "AWS_ENDPOINT_URL_DYNAMODB=http://dynamodb:8000".to_owned(),
        "YEMAE_PAYMENT_URL=http://payments:8081".to_owned(),
        // The whole crowd comes from one address here.
        "YEMAE_ADDRESS_RATE_PER_MIN=0".to_owned(),
    ];
    settings.extend(function.signs.then(|| format!("YEMAE_JWT_PRIVATE_KEY={PRIVATE_KEY}")));
    settings.extend(function.verifies.then(|| format!("YEMAE_JWT_PUBLIC_KEYS={PUBLIC_KEY}")));
    let mut options = vec!["--read-only", "--user", "65532:65532", "--cap-drop", "ALL", "--memory", MEMORY];
    options.extend([
        "--security-opt",
        "no-new-privileges",
        "--pids-limit",
        "32",
        "--publish",
        "127.0.0.1::8012",
    ]);
    options.extend(settings.iter().flat_map(|setting| ["--env", setting]));
    (function, network.run(function.name, function.name, &options, &[]))
}

async fn all_ready(running: &[(Function, Container)]) {
    let deadline = Instant::now() + READY_WITHIN;
    for (function, container) in running {
        while !ready(container).await {
            assert!(Instant::now() < deadline, "{} is not ready: {}", function.name, container.log());
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}

async fn ready(container: &Container) -> bool {
    reqwest::get(container.url("/readyz")).await.is_ok_and(|answer| answer.status() == StatusCode::OK)
}
