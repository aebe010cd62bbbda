//! What telemetry must not cost: nothing where it is off, and no request where the collector is slow or away.

use super::{House, exits_well, first_of_each};
use crate::support::Process;
use std::time::{Duration, Instant};
use testkit::World;
use tokio::net::TcpListener;

const REQUESTS: usize = 300;

#[tokio::test]
async fn without_settings_there_is_no_thread_and_no_listener() {
    let world = World::start().await;
    let settings = world.settings();
    let off = Process::start_listening("lock-seat", &settings).await;
    took(&off, 1).await;
    assert_eq!(off.threads().len(), 1, "{:?}", off.threads());
    assert_eq!(listeners(&off), 1, "the function's own port");
    let scraped =
        [&[("OTEL_METRICS_EXPORTER", "prometheus"), ("OTEL_EXPORTER_PROMETHEUS_PORT", "0")][..], &settings];
    let scraped = Process::start_listening("lock-seat", &scraped.concat()).await;
    assert_eq!((scraped.threads().len(), listeners(&scraped)), (1, 2));
}

#[tokio::test]
async fn a_collector_that_hangs_or_is_away_slows_no_request() {
    let world = World::start().await;
    let silence = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let hangs = format!("http://{}", silence.local_addr().unwrap());
    let plain = Process::start_listening("lock-seat", &world.settings()).await;
    let usual = took(&plain, REQUESTS).await;
    for collector in [&*hangs, "http://127.0.0.1:1"] {
        let on = [
            ("OTEL_EXPORTER_OTLP_ENDPOINT", collector),
            ("OTEL_BSP_MAX_QUEUE_SIZE", "64"),
            ("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "32"),
            ("OTEL_BSP_SCHEDULE_DELAY", "50"),
            ("OTEL_METRIC_EXPORT_INTERVAL", "50"),
        ];
        let process = Process::start_listening("lock-seat", &[&on[..], &world.settings()].concat()).await;
        let first = took(&process, REQUESTS).await;
        let memory = process.memory_peak();
        let second = took(&process, 3 * REQUESTS).await;
        assert!(
            first.min(second / 3) < 5 * usual + Duration::from_millis(200),
            "{first:?}, {second:?} for {usual:?}"
        );
        assert!(process.memory_peak() < memory + (4 << 20), "what waits is bounded");
        let begun = Instant::now();
        exits_well(process);
        assert!(begun.elapsed() < Duration::from_secs(4), "{:?}", begun.elapsed());
    }
}

#[tokio::test]
async fn sighup_turns_debug_lines_on_and_off_again() {
    let house = House::open().await;
    let settings = first_of_each(&house.world.settings());
    let process = Process::start_logging("lock-seat", &settings);
    testkit::until_it_listens(process.name, process.address).await;
    for seat in ["A-1-1", "A-1-2", "A-1-3"] {
        assert_eq!(house.hold(&process, seat, "01").await.0, 201);
        process.signal("-HUP");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    process.terminate();
    let log = process.log();
    let lines: Vec<_> = log.lines().collect();
    let place = |what: &str| {
        lines.iter().enumerate().filter(|(_, line)| line.contains(what)).map(|(at, _)| at).collect::<Vec<_>>()
    };
    let (changed, called) = (place("the log's level was changed"), place("\"message\":\"called\""));
    assert_eq!(changed.len(), 3, "{log}");
    assert!(!called.is_empty() && called.iter().all(|at| (changed[0]..changed[1]).contains(at)), "{log}");
}

/// How long so many requests take, one after another.
async fn took(process: &Process, count: usize) -> Duration {
    let (client, begun) = (reqwest::Client::new(), Instant::now());
    for _ in 0..count {
        let answer = client.get(format!("http://{}/healthz", process.address)).send().await.unwrap();
        assert_eq!(answer.status(), 200);
    }
    begun.elapsed()
}

/// How many ports it listens on.
fn listeners(process: &Process) -> usize {
    let inodes = |table: &str| {
        let table =
            std::fs::read_to_string(format!("/proc/{}/net/{table}", process.id())).unwrap_or_default();
        let listening = table.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
        let listening = listening.filter(|fields| fields.get(3) == Some(&"0A"));
        listening.map(|fields| format!("socket:[{}]", fields[9])).collect::<Vec<_>>()
    };
    let listening = [inodes("tcp"), inodes("tcp6")].concat();
    let open = std::fs::read_dir(format!("/proc/{}/fd", process.id())).unwrap();
    let links = open.filter_map(|file| std::fs::read_link(file.ok()?.path()).ok());
    links.filter(|link| listening.iter().any(|socket| link.as_os_str() == socket.as_str())).count()
}
