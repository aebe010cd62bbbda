//! `/metrics`: what Prometheus reads.

use super::House;
use crate::support::Process;

#[tokio::test]
async fn metrics_are_served_beside_the_function_in_prometheus_own_words() {
    let house = House::open().await;
    let port = stores::free_port().unwrap().to_string();
    let scraped = [("OTEL_METRICS_EXPORTER", "prometheus"), ("OTEL_EXPORTER_PROMETHEUS_PORT", &*port)];
    let process =
        Process::start_listening("lock-seat", &[&scraped[..], &house.world.settings()].concat()).await;
    let client = reqwest::Client::new();
    for probe in ["healthz", "readyz"] {
        assert_eq!(
            client.get(format!("http://{}/{probe}", process.address)).send().await.unwrap().status(),
            200
        );
    }
    let probed =
        client.get(format!("http://127.0.0.1:{port}/metrics")).send().await.unwrap().text().await.unwrap();
    for requests in ["http_server_", "faas_coldstarts", "faas_init_duration"] {
        assert!(!probed.contains(requests), "a probe is no request: {requests} in\n{probed}");
    }
    assert_eq!(house.hold(&process, "A-1-1", "01").await.0, 201);
    assert_eq!(house.hold(&process, "A-9-9", "01").await.0, 422);
    let odd = reqwest::Method::from_bytes(b"BREW").unwrap();
    client.request(odd, format!("http://{}/tea", process.address)).send().await.unwrap();
    let text =
        client.get(format!("http://127.0.0.1:{port}/metrics")).send().await.unwrap().text().await.unwrap();

    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let (series, value) = line.rsplit_once(' ').unwrap();
        assert!(value.parse::<f64>().is_ok(), "{line}");
        assert!(series.starts_with(|first: char| first.is_ascii_lowercase()), "{line}");
        assert!(!line.contains("tea") && !line.contains("BREW"), "{line}");
    }
    for series in [
        r#"http_server_request_duration_seconds_count{faas_name="lock-seat",http_request_method="POST",http_response_status_code="201",http_route="/v1/holds"} 1"#,
        r#"http_server_active_requests{faas_name="lock-seat"} 0"#,
        r#"faas_coldstarts_total{faas_name="lock-seat"} 1"#,
        r#"faas_init_duration_seconds_count{faas_name="lock-seat"} 1"#,
        r#"db_client_operation_duration_seconds_count{db_operation_name="hold_one",db_system_name="redis"} "#,
        r#"http_request_method="_OTHER""#,
        r#"error_type="unknown_seat""#,
        "process_memory_usage_bytes ",
        "process_uptime_seconds ",
        "process_cpu_utilization_ratio ",
    ] {
        assert!(text.contains(series), "{series} in\n{text}");
    }
    let elsewhere = client.get(format!("http://127.0.0.1:{port}/")).send().await.unwrap();
    assert_eq!(elsewhere.status(), 404);
    let public = client.get(format!("http://{}/metrics", process.address)).send().await.unwrap();
    assert_eq!(public.status(), 404, "clients do not reach it");
}

#[tokio::test]
async fn a_port_that_is_taken_is_no_reason_to_stop() {
    let house = House::open().await;
    let taken = std::net::TcpListener::bind("0.0.0.0:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let scraped = [("OTEL_METRICS_EXPORTER", "prometheus"), ("OTEL_EXPORTER_PROMETHEUS_PORT", &*port)];
    let process =
        Process::start_listening("lock-seat", &[&scraped[..], &house.world.settings()].concat()).await;
    assert_eq!(house.hold(&process, "A-1-1", "01").await.0, 201);
}
