//! SIGTERM: requests in flight are finished, then the process exits with success; and each log line carries its ids.
#![cfg(test)]

mod support;

use serde_json::Value;
use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    time::{Duration, Instant},
};
use support::{PRIVATE_PEM, PUBLIC_PEM, Process};
use testkit::until_it_listens;

const KEYS: [(&str, &str); 2] =
    [("YEMAE_JWT_PRIVATE_KEY", PRIVATE_PEM), ("YEMAE_JWT_PUBLIC_KEYS", PUBLIC_PEM)];

#[tokio::test]
async fn a_request_in_flight_is_finished_before_the_process_ends() {
    let mut process = Process::start_listening("session", &KEYS).await;
    let mut connection = TcpStream::connect(process.address).unwrap();
    let body = r#"{"refresh_token":"x"}"#;
    let head = format!(
        "POST /v1/tokens HTTP/1.1\r\nhost: yemae\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    connection.write_all(head.as_bytes()).unwrap();
    std::thread::sleep(Duration::from_millis(200));
    process.terminate();
    std::thread::sleep(Duration::from_millis(200));
    connection.write_all(body.as_bytes()).unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
    assert_eq!(process.exit_code(Instant::now() + Duration::from_secs(10)), Some(0));
}

#[tokio::test]
async fn the_process_answers_without_any_store_and_logs_json() {
    let process = Process::start_logging("session", &KEYS);
    until_it_listens(process.name, process.address).await;
    let mut connection = TcpStream::connect(process.address).unwrap();
    let head = "GET /.well-known/jwks.json HTTP/1.1\r\nhost: yemae\r\nx-request-id: mine\r\nconnection: close\r\n\r\n";
    connection.write_all(head.as_bytes()).unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    process.terminate();
    let lines = process.log();
    let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let answered = lines.iter().find(|line| line["message"] == "answered").expect("a line for the request");
    assert_eq!((&answered["status"], &answered["function"]), (&Value::from(200), &Value::from("session")));
    assert_eq!(answered["span"]["request_id"], "mine");
    assert_eq!(answered["span"]["trace_id"].as_str().map(str::len), Some(32));
}
