//! nginx's configurations, run by nginx itself in front of a small upstream. What arrives there is compared with the route
//! table.
#![cfg(test)]

mod upstream;

use checks::{root, text, tool};
use serde_json::Value;
use shared::{http::connection, routes::function_for};
use std::{
    collections::HashMap,
    fmt::Write as _,
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{Ipv4Addr, TcpStream},
    process::{Child, Command, Stdio},
    sync::Arc,
    thread,
    time::{Duration, Instant},
};
use tempfile::TempDir;
use upstream::{Upstream, address_of, start_names};

#[test]
fn kouriers_front_sends_every_path_to_its_function() {
    let Some(front) = Front::before_kourier() else { return };
    for path in paths() {
        let answer = front.get(&path);
        match function_for(&path) {
            Some(function) => {
                assert_eq!(answer.json()["host"], format!("{function}.yemae.svc.cluster.local"), "{path}");
                assert_eq!(answer.json()["path"], path);
            }
            None => answer.is_problem(404, "not_found"),
        }
    }
}

#[test]
fn composes_front_sends_every_path_to_its_function() {
    let Some(front) = Front::before_compose() else { return };
    for path in paths() {
        let answer = front.get(&path);
        match function_for(&path) {
            Some(function) => {
                assert_eq!(answer.json()["address"], address_of(function).to_string(), "{path}");
                assert_eq!(answer.json()["path"], path);
            }
            None => answer.is_problem(404, "not_found"),
        }
    }
}

#[test]
fn a_function_is_told_who_asks_and_not_what_they_say_of_themselves() {
    let lie = [("X-Forwarded-For", "6.6.6.6"), ("X-Request-Id", "mine-1"), ("Traceparent", TRACEPARENT)];
    for (front, forwarded) in
        [(Front::before_kourier(), "127.0.0.1, 127.0.0.1"), (Front::before_compose(), "127.0.0.1")]
    {
        let Some(front) = front else { return };
        let told = front.ask("POST", "/v1/holds?a=%20b", &lie, b"{}").json();
        assert_eq!(told["x-forwarded-for"], forwarded);
        assert_eq!((&told["x-request-id"], &told["traceparent"]), (&"mine-1".into(), &TRACEPARENT.into()));
        assert_eq!((&told["path"], &told["body"]), (&"/v1/holds?a=%20b".into(), &2.into()));

        let told =
            front.ask("POST", "/v1/holds", &[("X-Request-Id", "a b"), ("Traceparent", "x")], b"{}").json();
        let request_id = told["x-request-id"].as_str().unwrap();
        assert_eq!(request_id.len(), 32, "{told}");
        assert_eq!(told["traceparent"], format!("00-{request_id}-{}-01", &request_id[..16]));

        let trace = &TRACEPARENT[3..35];
        for (written, is_one) in [
            (TRACEPARENT.replace("00-", "cc-"), true),
            (TRACEPARENT.replace("00-", "cc-") + "-what-the-future-has", true),
            (TRACEPARENT.to_owned() + "-what-the-future-has", false),
            (TRACEPARENT.replace("00-", "ff-"), false),
            (TRACEPARENT.replace(trace, &"0".repeat(32)), false),
            (TRACEPARENT.replace(&TRACEPARENT[36..52], &"0".repeat(16)), false),
        ] {
            let told = front.ask("POST", "/v1/holds", &[("Traceparent", &written)], b"{}").json();
            assert_eq!(told["traceparent"] == *written, is_one, "{written}: {told}");
        }
    }
}

#[test]
fn nginx_answers_its_own_errors_in_the_contracts_words() {
    let Some(front) = Front::before_kourier() else { return };
    assert_eq!((front.get("/healthz").status, &*front.get("/healthz").body), (200, "ok"));
    let unknown =
        front.ask("GET", "/v1/malformed", &[("X-Request-Id", "mine-2"), ("Traceparent", TRACEPARENT)], b"");
    unknown.is_problem(404, "not_found");
    assert_eq!(unknown.header("x-request-id"), Some("mine-2"));
    assert_eq!(unknown.json()["trace_id"], TRACEPARENT[3..35]);
    front.ask("TRACE", "/v1/holds", &[], b"").is_problem(405, "method_not_allowed");
    front.ask("GET", "/v1/holds", &[("Host", "a b")], b"").is_problem(400, "malformed_request");
    front.ask("GET", "/v1/holds", &[("X", "y\r\nHost: another")], b"").is_problem(400, "malformed_request");
    front
        .ask("GET", &format!("/v1/holds/{}", "x".repeat(connection::URI_MAX)), &[], b"")
        .is_problem(414, "uri_too_long");
    let head = "x".repeat(connection::HEAD_MAX);
    front.ask("GET", "/v1/holds", &[("X", &head)], b"").is_problem(431, "headers_too_large");
    // A body slightly over the limit is left for the function to refuse; one far over does not get there.
    assert_eq!(front.ask("POST", "/v1/holds", &[], &vec![b'x'; 66 * 1024]).json()["body"], 66 * 1024);
    front.ask("POST", "/v1/holds", &[], &vec![b'x'; 80 * 1024]).is_problem(413, "body_too_large");
    let just_over = manage_shows::PLAN_BODY_MAX + 1;
    for (method, plans) in [
        ("POST", "/v1/manage/shows/7/performances"),
        ("POST", "/v1/manage/houses"),
        ("PUT", "/v1/manage/houses/7"),
    ] {
        assert_eq!(front.ask(method, plans, &[], &vec![b'x'; just_over]).json()["body"], just_over);
        front.ask(method, plans, &[], &vec![b'x'; just_over + 16 * 1024]).is_problem(413, "body_too_large");
    }
    for small in ["/v1/manage/shows", "/v1/manage/shows/7", "/v1/manage/houses/7/8"] {
        front.ask("PUT", small, &[], &vec![b'x'; 80 * 1024]).is_problem(413, "body_too_large");
    }
}

#[test]
fn nginx_logs_json_without_secrets() {
    for main in ["nginx.conf", "compose.conf"] {
        assert!(text(&format!("infra/nginx/{main}")).contains("\nerror_log stderr crit;\n"), "{main}");
    }
    let Some(front) = Front::before_kourier() else { return };
    let token = format!("eyJ{}", "x".repeat(90));
    let headers = [("Authorization", &*token), ("Traceparent", TRACEPARENT)];
    front.ask(
        "GET",
        &format!("/v1/holds/AZjypY9vfMCwrHqe1qTQoQGY8qWPb3zAsKx6ntak0KE?token={token}"),
        &headers,
        b"",
    );
    for path in ["buyer@yemae.test", "buyer%40yemae.test", &token] {
        front.ask("GET", &format!("/v1/holds/{path}"), &headers, b"");
    }
    let lines = front.log(4);
    let paths: Vec<_> = lines.iter().map(|line| line["path"].as_str().unwrap()).collect();
    assert_eq!(paths, ["/v1/holds/AZjypY9vfMCwrHqe1qTQoQGY8qWPb3zAsKx6ntak0KE", "…", "…", "…"]);
    for line in lines {
        assert_eq!(
            (&line["event"], &line["trace_id"]),
            (&"front.answered".into(), &TRACEPARENT[3..35].into())
        );
        let line = line.to_string();
        assert!(!line.contains("buyer") && !line.contains("eyJ"), "{line}");
    }
}

#[test]
fn errors_of_proxies_become_problems_and_those_of_functions_stay() {
    let Some(front) = Front::before_kourier() else { return };
    for (answer, status, code) in [
        ("502 text/plain", 503, "function_unavailable"),
        ("502 application/problem+json", 502, "payment_provider_unavailable"),
        ("503 text/plain", 503, "function_unavailable"),
        ("503 application/problem+json", 503, "function_unavailable"),
        ("504 text/plain", 504, "timeout"),
        ("500 text/html", 500, "internal"),
    ] {
        let problem = front.ask("POST", "/v1/payments", &[("Answer", answer)], b"{}");
        problem.is_problem(status, code);
        assert_eq!(problem.header("retry-after"), matches!(status, 502 | 503).then_some("1"), "{answer}");
        assert!(
            problem.header("x-request-id").is_some() && problem.header("cache-control") == Some("no-store")
        );
    }
    for status in [400, 401, 402, 403, 404, 405, 409, 410, 415, 422, 429] {
        let answer =
            front.ask("POST", "/v1/payments", &[("Answer", &format!("{status} application/x-own"))], b"{}");
        assert_eq!((answer.status, answer.header("content-type")), (status, Some("application/x-own")));
    }
}

#[test]
fn a_function_says_itself_what_it_lacks_and_when_to_try_again() {
    let Some(front) = Front::before_kourier() else { return };
    let problem = front.ask("POST", "/v1/login", &[("Answer", "busy")], b"{}");
    problem.is_problem(503, "busy");
    assert_eq!(problem.header("retry-after"), Some("7"));
}

#[test]
fn no_function_behind_the_front_is_a_problem_worth_retrying() {
    let Some(front) = Front::before_kourier() else { return };
    front.upstream.go_away();
    let answer = front.ask("POST", "/v1/holds", &[], b"{}");
    answer.is_problem(503, "function_unavailable");
    assert_eq!(answer.header("retry-after"), Some("1"));
}

#[test]
fn a_slow_answer_is_a_timeout_and_is_not_asked_for_twice() {
    let Some(front) = Front::before_kourier() else { return };
    let answer = front.ask("POST", "/v1/holds", &[("Answer", "slow"), ("Count", "slow")], b"{}");
    answer.is_problem(504, "timeout");
    assert_eq!(front.upstream.count("slow"), 1);
}

#[test]
fn a_request_that_must_not_be_repeated_is_not_sent_again_when_its_connection_breaks() {
    let Some(front) = Front::before_kourier() else { return };
    for (method, times) in [("POST", 1), ("GET", 2)] {
        // A kept connection may have been closed by the other side: the one case in which nginx retries.
        assert_eq!(front.get("/v1/me").status, 200);
        let answer = front.ask(method, "/v1/holds", &[("Answer", "break"), ("Count", method)], b"");
        answer.is_problem(503, "function_unavailable");
        assert_eq!(front.upstream.count(method), times, "{method}");
    }
}

#[test]
fn a_front_before_this_one_is_believed_where_it_is_named() {
    let Some(front) = Front::start("nginx.conf", |conf| {
        let trusted =
            text("knative/overlays/production/trusted-ingress.conf").replace("10.0.0.0/8", "127.0.0.0/8");
        conf.replace("include trusted-*.conf;", &trusted)
    }) else {
        return;
    };
    let told = front.ask("GET", "/v1/me", &[("X-Forwarded-For", "6.6.6.6, 192.0.2.7")], b"").json();
    assert_eq!(told["x-forwarded-for"], "192.0.2.7, 192.0.2.7");
}

#[test]
fn a_request_that_a_full_gateway_turned_away_is_sent_again_once() {
    let Some(front) = Front::before_kourier() else { return };
    let answer = front.ask("POST", "/v1/holds", &[("Answer", "full once"), ("Count", "once")], b"{}");
    assert_eq!((answer.status, front.upstream.count("once")), (200, 2));
    assert_eq!((answer.json()["body"].as_u64(), answer.header("retry-after")), (Some(2), None));
    let answer = front.ask("POST", "/v1/holds", &[("Answer", "full"), ("Count", "always")], b"{}");
    answer.is_problem(503, "function_unavailable");
    assert_eq!(front.upstream.count("always"), 2);
}

#[test]
fn events_pass_as_they_come() {
    // The test's upstream has no such function, so its path goes to another one.
    let Some(front) = Front::start("nginx.conf", |text| {
        text.replace("map $uri $function {", "map $uri $function {\n\"~^/v1/seat-stream/\" seat-stream;")
    }) else {
        return;
    };
    let mut stream = front.connect();
    let request = "GET /v1/seat-stream/7 HTTP/1.1\r\nHost: front\r\nAnswer: events\r\n\r\n";
    stream.write_all(request.as_bytes()).unwrap();
    let mut lines = BufReader::new(stream).lines();
    let first = lines.find(|line| line.as_deref().is_ok_and(|line| line.contains("data: first")));
    assert!(first.is_some(), "the first event did not come while the second was not there yet");
    assert!(!front.upstream.finished_events(), "it came only with the last one");
}

const TRACEPARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

/// Every path of the contract, and similar paths that are not in it.
fn paths() -> Vec<String> {
    let documents = all::public().map(|registered| (registered.routes)().into_openapi());
    let known = documents.flat_map(|document| document.paths.paths.into_keys().collect::<Vec<_>>());
    let mut paths = Vec::new();
    for path in known {
        let path = path.replace('{', "0").replace('}', "7");
        for around in ["x", "/", "/x"] {
            paths.push(format!("{path}{around}"));
        }
        paths.extend([format!("/{path}"), path.to_uppercase(), path.replacen("/v1", "", 1), path]);
    }
    paths.extend(
        ["/", "/sweep", "/v1/sweep", "/relay", "/pokes", "/v1", "/readyz", "/openapi"].map(str::to_owned),
    );
    paths.retain(|path| path.starts_with('/'));
    paths
}

/// A running nginx and its upstream.
struct Front {
    nginx: Child,
    port: u16,
    upstream: Arc<Upstream>,
    folder: TempDir,
}

impl Front {
    fn before_kourier() -> Option<Self> {
        Self::start("nginx.conf", |text| text)
    }

    fn before_compose() -> Option<Self> {
        Self::start("compose.conf", |text| text)
    }

    /// The committed files; only addresses and waiting times are changed.
    fn start(main: &str, change: fn(String) -> String) -> Option<Self> {
        let program = tool("nginx")?;
        let folder = tempfile::tempdir().unwrap();
        let upstream = Upstream::start();
        let port = stores::free_port().unwrap();
        let changes = [
            ("kourier-internal.kourier-system.svc.cluster.local:80", format!("127.0.0.1:{}", upstream.port)),
            ("$function:8080", format!("$function:{}", upstream.port)),
            ("resolver 127.0.0.11 ", format!("resolver 127.0.0.1:{} ", start_names())),
            ("listen 8080 ", format!("listen 127.0.0.1:{port} ")),
            ("/tmp/", format!("{}/", folder.path().display())),
            ("/dev/stdout", folder.path().join("access.log").display().to_string()),
            ("proxy_read_timeout 65s", "proxy_read_timeout 1s".to_owned()),
            ("worker_connections 16384", "worker_connections 512".to_owned()),
            ("worker_rlimit_nofile 65536;", String::new()),
            ("worker_processes 2", "worker_processes 1".to_owned()),
        ];
        for name in [main, "front.conf", "routes.conf", "problems.conf", "streams.conf"] {
            let mut conf = text(&format!("infra/nginx/{name}"));
            for (from, to) in &changes {
                conf = conf.replace(from, to);
            }
            fs::write(folder.path().join(name), change(conf)).unwrap();
        }
        let mut nginx = Command::new(program);
        nginx.args(["-e", "stderr", "-c"]).arg(folder.path().join(main)).current_dir(root(""));
        let tested = nginx.arg("-t").output().unwrap();
        let said = String::from_utf8_lossy(&tested.stderr).into_owned();
        assert!(tested.status.success() && !said.contains("[warn]"), "{said}");
        let mut nginx = Command::new(nginx.get_program());
        nginx.args(["-e", "stderr", "-g", "daemon off;", "-c"]).arg(folder.path().join(main));
        let nginx = nginx.stderr(Stdio::inherit()).spawn().unwrap();
        let front = Self { nginx, port, upstream, folder };
        let deadline = Instant::now() + Duration::from_secs(10);
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            assert!(Instant::now() < deadline, "nginx does not listen");
            thread::sleep(Duration::from_millis(20));
        }
        Some(front)
    }

    /// The first lines of its log, which it writes within a second.
    fn log(&self, lines: usize) -> Vec<Value> {
        let deadline = Instant::now() + Duration::from_secs(10);
        loop {
            let log = fs::read_to_string(self.folder.path().join("access.log")).unwrap();
            let known: Vec<_> = log.lines().map(|line| line.parse().expect("JSON")).collect();
            if known.len() >= lines {
                return known;
            }
            assert!(Instant::now() < deadline, "{log}");
            thread::sleep(Duration::from_millis(50));
        }
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream
    }

    fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[], b"")
    }

    fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let mut request = format!("{method} {path} HTTP/1.1\r\nConnection: close\r\n");
        if !headers.iter().any(|(name, _)| *name == "Host") {
            request += "Host: front\r\n";
        }
        for (name, value) in headers {
            let _ = write!(request, "{name}: {value}\r\n");
        }
        let _ = write!(request, "Content-Length: {}\r\n\r\n", body.len());
        let mut stream = self.connect();
        // The answer may arrive, and the connection close, before everything is sent.
        let _ = stream.write_all(request.as_bytes()).and_then(|()| stream.write_all(body));
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        Answer::parse(&String::from_utf8(answer).unwrap())
    }
}

impl Drop for Front {
    fn drop(&mut self) {
        // Not SIGKILL: the workers would survive.
        let _ = Command::new("kill").arg(self.nginx.id().to_string()).status();
        let _ = self.nginx.wait();
    }
}

struct Answer {
    status: u16,
    headers: HashMap<String, String>,
    body: String,
}

impl Answer {
    fn parse(text: &str) -> Self {
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no answer: {text}"));
        let mut lines = head.lines();
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let header = |line: &str| {
            let (name, value) = line.split_once(": ").unwrap();
            (name.to_lowercase(), value.to_owned())
        };
        let headers: Vec<_> = lines.map(header).collect();
        let count = headers.len();
        let headers: HashMap<_, _> = headers.into_iter().collect();
        assert_eq!(headers.len(), count, "a header twice: {head}");
        Self { status, headers, body: body.to_owned() }
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("{}: {}", self.status, self.body))
    }

    fn is_problem(&self, status: u16, code: &str) {
        assert_eq!(
            (self.status, self.header("content-type")),
            (status, Some("application/problem+json")),
            "{}",
            self.body
        );
        let problem = self.json();
        assert_eq!((&problem["status"], &problem["code"]), (&status.into(), &code.into()));
        assert_eq!(problem["trace_id"].as_str().map(str::len), Some(32), "{problem}");
        for field in ["type", "title", "detail"] {
            assert!(problem[field].is_string(), "{problem}");
        }
        assert!(self.header("x-request-id").is_some_and(|id| !id.is_empty()));
        assert_eq!(problem["retry_after_ms"].is_u64(), self.header("retry-after").is_some());
    }
}
