//! What is told of requests that are not recorded, that their clients give up, or that name what they should not; and that it
//! arrives although the collector is slow.

use super::{House, exits_well};
use crate::{
    collector::{Collector, attribute, line_attribute, texts},
    support::Process,
};
use reqwest::{Client, Response, StatusCode};
use serde_json::json;
use std::time::{Duration, Instant};
use tokio::net::TcpListener;

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN: &str = "00f067aa0ba902b7";

async fn get(process: &Process, path: &str) -> Response {
    let request = Client::new().get(format!("http://{}{path}", process.address));
    let request =
        request.header("traceparent", format!("00-{TRACE}-{SPAN}-01")).header("x-request-id", "mine-1");
    request.send().await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pushed_line_has_the_ids_of_its_request_though_no_span_is_recorded() {
    let house = House::open().await;
    let logs = [("OTEL_LOGS_EXPORTER", "otlp"), ("OTEL_TRACES_SAMPLER", "always_off")];
    let process = house.start("lock-seat", &logs).await;
    assert_eq!(get(&process, "/v1/nothing").await.status(), StatusCode::NOT_FOUND);
    exits_well(process);
    let is_of_request = |event: Option<String>| event.is_some_and(|event| event.contains("request.answered"));
    let taken = house.collector.until("the line", |taken| !taken.logs.is_empty()).await;
    let line = taken.logs.iter().find(|line| is_of_request(line_attribute(line, "event"))).unwrap();
    assert_eq!(hex::encode(&line.trace_id), TRACE);
    assert_eq!(line_attribute(line, "request_id").as_deref(), Some("mine-1"));
    assert_eq!(line.event_name, "request.answered");
    assert!(taken.spans.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_whose_client_hangs_up_is_told_and_counted() {
    let house = House::open().await;
    let silence = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let redis = format!("redis://{}", silence.local_addr().unwrap());
    let port = stores::free_port().unwrap().to_string();
    let settings = [
        ("YEMAE_REDIS_URL", &*redis),
        ("OTEL_LOGS_EXPORTER", "otlp"),
        ("OTEL_TRACES_SAMPLER", "always_on"),
        ("OTEL_METRICS_EXPORTER", "prometheus"),
        ("OTEL_EXPORTER_PROMETHEUS_PORT", &*port),
    ];
    let process = house.start("lock-seat", &settings).await;
    let client = Client::builder().timeout(Duration::from_millis(200)).build().unwrap();
    let body = json!({ "performance_id": house.performance.performance_id, "seats": ["A-1-1"] });
    let request = client.post(format!("http://{}/v1/holds", process.address)).json(&body);
    let request = request.bearer_auth(&house.buyer.token).header("idempotency-key", "a-key-of-this-test");
    assert!(request.send().await.unwrap_err().is_timeout());
    tokio::time::sleep(Duration::from_millis(200)).await;
    let metrics =
        reqwest::get(format!("http://127.0.0.1:{port}/metrics")).await.unwrap().text().await.unwrap();
    let counted =
        metrics.lines().find(|line| line.contains(r#"duration_seconds_count{error_type="client_gone""#));
    let counted = counted.unwrap_or_else(|| panic!("{metrics}"));
    assert!(counted.contains(r#"http_route="/v1/holds""#) && counted.ends_with(" 1"), "{counted}");
    assert!(!counted.contains("status_code"), "{counted}");
    exits_well(process);

    let taken = house.collector.until("its span", |taken| taken.has_span("POST /v1/holds")).await;
    let span = taken.span("POST /v1/holds");
    assert_eq!(attribute(span, "error.type").as_deref(), Some("client_gone"));
    assert_eq!(attribute(span, "http.response.status_code"), None);
    let is_given_up = |event: Option<String>| event.is_some_and(|event| event.contains("request.given_up"));
    let line = taken.logs.iter().find(|line| is_given_up(line_attribute(line, "event"))).unwrap();
    assert_eq!(line.trace_id, span.trace_id);
    assert_eq!(line_attribute(line, "path").as_deref(), Some("/v1/holds"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_path_is_told_without_what_may_be_a_secret_and_probes_are_no_spans() {
    let house = House::open().await;
    let process = house.start("lock-seat", &[("OTEL_TRACES_SAMPLER", "always_on")]).await;
    for path in ["/v1/holds/a@yemae.test", "/healthz", "/readyz"] {
        get(&process, path).await;
    }
    exits_well(process);
    let taken = house.collector.until("the request", |taken| !taken.spans.is_empty()).await;
    let requests: Vec<_> = taken.spans.iter().map(|(_, span)| span).collect();
    let [request] = &*requests else { panic!("{requests:?}") };
    assert_eq!(attribute(request, "url.path").as_deref(), Some("/v1/holds/…"));
    assert!(texts(request).iter().all(|text| !text.contains("yemae.test")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_collector_is_told_all_at_the_end_and_metrics_do_not_wait_for_spans() {
    const REQUESTS: usize = 600;
    let house = House::open().await;
    // The second needs longer than a silent one would be waited for.
    for (takes, within) in [
        (Duration::from_millis(400), Duration::from_secs(4)),
        (Duration::from_millis(1_200), Duration::from_secs(9)),
    ] {
        let slow = Collector::start_taking(takes).await;
        let endpoint = slow.url();
        let settings = [
            ("OTEL_EXPORTER_OTLP_ENDPOINT", &*endpoint),
            ("OTEL_LOGS_EXPORTER", "otlp"),
            ("OTEL_TRACES_SAMPLER", "always_on"),
            ("OTEL_BSP_SCHEDULE_DELAY", "600000"),
        ];
        let process =
            Process::start_listening("lock-seat", &[&settings[..], &house.world.settings()].concat()).await;
        for _ in 0..REQUESTS {
            get(&process, "/v1/nothing").await;
        }
        let begun = Instant::now();
        exits_well(process);
        assert!(begun.elapsed() < within, "{:?}", begun.elapsed());
        let taken = slow.taken();
        assert_eq!(taken.spans.len(), REQUESTS);
        assert!(!taken.logs.is_empty(), "of the lines, more than wait are dropped");
        assert!(
            taken.metrics.iter().any(|name| name == "http.server.request.duration"),
            "{:?}",
            taken.metrics
        );
    }
}
