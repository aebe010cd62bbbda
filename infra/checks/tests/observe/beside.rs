//! `make observe` says so where it cannot watch, and leaves what runs alone.

use checks::{root, tool};
use std::{
    fs,
    io::Read as _,
    net::TcpListener,
    process::{Command, Output, Stdio},
};
use stores::free_port;
use tempfile::TempDir;

/// A checkout as far as the script needs one.
fn checkout() -> TempDir {
    let folder = TempDir::new().unwrap();
    for file in ["localstack/observe.sh", "infra/prometheus/prometheus.yaml"] {
        let copy = folder.path().join(file);
        fs::create_dir_all(copy.parent().unwrap()).unwrap();
        fs::copy(root(file), copy).unwrap();
    }
    folder
}

fn observe(checkout: &TempDir, prometheus_port: u16) -> Output {
    Command::new(checkout.path().join("localstack/observe.sh"))
        .env("PROMETHEUS_PORT", prometheus_port.to_string())
        .env("ALERTMANAGER_PORT", free_port().unwrap().to_string())
        .output()
        .unwrap()
}

fn says(output: &Output, words: &str) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains(words) && said.lines().count() == 1, "{said}");
    assert!(output.stdout.is_empty(), "it claims success");
}

#[test]
fn a_port_that_is_taken_is_said_in_one_line() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    says(&observe(&checkout(), port), &format!("port {port} is taken; PROMETHEUS_PORT names another"));
}

#[test]
fn a_second_one_in_a_checkout_ends_at_once() {
    let Some(flock) = tool("flock") else { return };
    let checkout = checkout();
    let data = checkout.path().join(".data/observe");
    fs::create_dir_all(&data).unwrap();
    // It takes the place of the program, so that the lock ends with it.
    let mut first = Command::new(flock)
        .args(["--no-fork".as_ref(), data.join("lock").as_os_str()])
        .args(["sh", "-c", "echo; exec sleep 60"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    first.stdout.as_mut().unwrap().read_exact(&mut [0]).unwrap();
    let output = observe(&checkout, free_port().unwrap());
    first.kill().unwrap();
    first.wait().unwrap();
    says(&output, "it runs already for this checkout");
}
