//! What a whole sale leaves in the logs of all functions, at every level: JSON lines, and no secret that was sent, answered or
//! set.
#![cfg(test)]

mod support;

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::Request,
    http::HeaderMap,
    middleware::{self, Next},
    response::Response,
};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::{Client, Method};
use serde_json::{Value, json};
use shared::{adapters::system::RandomIds, ports::Ids as _};
use std::{
    collections::BTreeSet,
    fs,
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    path::Path,
    sync::{Arc, Mutex},
    time::Duration,
};
use stores::{Engine, Redis};
use support::{PRIVATE_PEM, PUBLIC_PEM, Process, Yemae};
use tempfile::NamedTempFile;
use testkit::until_it_listens;

const BODY_MAX: usize = 4 << 20;
/// Shorter values stand in lines by chance.
const SECRET_LEN_MIN: usize = 6;
/// How every signed token begins: `{"typ":` in base64.
const SIGNED: &str = "eyJ0eXAi";
/// Letters that JSON and percent-encoding write in another way.
const PASSWORD: &str = "pa\"ss\\word 암호 & more";
const WRONG_PASSWORD: &str = "wrong\"guess\\1234 틀림";
const CARD: &str = "card-4242-4242-4242-4242";
const REDIS_PASSWORD: &str = "redis-hunter2";
const BOOKS_PASSWORD: &str = "books-hunter2";
const PROVIDER_PASSWORD: &str = "provider-hunter2";
const RELAY_PASSWORD: &str = "relay-hunter2";
const AWS_KEYS: [(&str, &str); 2] =
    [("AWS_ACCESS_KEY_ID", "aws-key-hunter2"), ("AWS_SECRET_ACCESS_KEY", "aws-secret-hunter2")];

#[tokio::test]
async fn a_whole_sale_leaves_no_secret_at_info() {
    leaves_no_secret("info").await;
}

#[tokio::test]
async fn a_whole_sale_leaves_no_secret_at_debug() {
    leaves_no_secret("debug").await;
}

#[tokio::test]
async fn a_whole_sale_leaves_no_secret_at_trace() {
    leaves_no_secret("trace").await;
}

async fn leaves_no_secret(level: &str) {
    let (books, secrets, log) =
        (Engine::start(None).unwrap(), Secrets::default(), NamedTempFile::new().unwrap());
    let relay = format!("http://yemae:{RELAY_PASSWORD}@127.0.0.1:{}", stores::free_port().unwrap());
    let settings = [("YEMAE_LOG", level), ("YEMAE_RELAY_URL", &*relay)];
    let start = |name, settings: &[(&str, &str)]| Process::start_writing(name, settings, log.path());
    let hear = secrets.clone();
    let around = |front: Router| {
        front.layer(middleware::from_fn(move |request, next| hear.clone().hear(request, next)))
    };
    let yemae = Yemae::start_with(books.endpoint(), &settings, start, around).await;

    journey::take(&yemae.house().await, RandomIds::default().uuid()).await;
    mistakes(&yemae, &secrets).await;
    yemae.stop();
    losses(level, log.path(), &secrets).await;

    let text = fs::read_to_string(log.path()).unwrap();
    let lines: Vec<Value> =
        text.lines().map(|line| line.parse().unwrap_or_else(|_| panic!("no JSON: {line}"))).collect();
    let says = |event: &str| lines.iter().any(|line| line["event"] == event);
    for event in [
        "process.listening",
        "request.answered",
        "request.refused",
        "relay.not_woken",
        "store.failed",
        "rates.not_counted",
    ] {
        assert!(says(event), "{event} was not logged, so nothing was looked for in it");
    }
    assert!(secrets.0.lock().unwrap().len() > 40, "the secrets are known");
    for line in &lines {
        secrets.are_not_in(line);
    }
}

/// What clients should not do: secrets in paths and queries, and bodies that cannot be read.
async fn mistakes(yemae: &Yemae, secrets: &Secrets) {
    let (base, http) = (yemae.base(), Client::builder().no_proxy().build().unwrap());
    let email = format!("Buyer.{}@yemae.test", RandomIds::default().uuid().simple());
    let send = async |method: Method, path: String, bearer: &str, body: String| -> Value {
        let request = http.request(method, format!("{base}{path}")).body(body);
        let request =
            request.header("content-type", "application/json").header("idempotency-key", "my-own-secret-key");
        let answer =
            request.bearer_auth(bearer).header("device-token", "not-a-device-token").send().await.unwrap();
        answer.json().await.unwrap_or_default()
    };
    let account = json!({ "email": email, "password": PASSWORD, "name": "관객" });
    send(Method::POST, "/v1/users".into(), "none-at-all", account.to_string()).await;
    let log_in = |password: &str| json!({ "email": email, "password": password }).to_string();
    let tokens = send(Method::POST, "/v1/login".into(), "none-at-all", log_in(PASSWORD)).await;
    let token =
        |name: &str| tokens[name].as_str().unwrap_or_else(|| panic!("no {name} in {tokens}")).to_owned();
    let (access, refresh, device) = (token("access_token"), token("refresh_token"), token("device_token"));
    send(Method::POST, "/v1/login".into(), "none-at-all", log_in(WRONG_PASSWORD)).await;
    for broken in [
        format!("{{\"email\":\"{email}\",\"password\":\"{CARD}"),
        json!({ "email": [email], "password": WRONG_PASSWORD }).to_string(),
        json!({ "email": email, "password": { "is": PASSWORD }, "token": CARD }).to_string(),
        format!("\"{refresh}\""),
    ] {
        for path in ["/v1/login", "/v1/users", "/v1/tokens", "/v1/payments", "/v1/holds", "/v1/queue-tickets"]
        {
            send(Method::POST, path.into(), &access, broken.clone()).await;
        }
    }
    let encoded = utf8_percent_encode(&email, NON_ALPHANUMERIC).to_string();
    for secret in [&email, &encoded, &access, &refresh, &device] {
        for path in [
            format!("/v1/shows?q={encoded}&access_token={secret}"),
            format!("/v1/me/bookings/{secret}"),
            format!("/v1/seats/{secret}?token={secret}"),
            format!("/v1/users/{secret}/x"),
        ] {
            send(Method::GET, path, &format!("{secret}x"), String::new()).await;
        }
    }
    let order = json!({ "booking_id": RandomIds::default().uuid(), "method": "card", "token": CARD });
    send(Method::POST, "/v1/payments".into(), &access, order.to_string()).await;
    let bypass = json!({ "bypass": [email, "door@house.example"] });
    let sale = format!("/v1/manage/sales/{}", RandomIds::default().uuid());
    send(Method::PATCH, sale, &access, bypass.to_string()).await;
    send(Method::DELETE, "/v1/tokens".into(), &access, json!({ "refresh_token": refresh }).to_string()).await;
    for secret in [PASSWORD, WRONG_PASSWORD, CARD, RELAY_PASSWORD, "my-own-secret-key", "door@house.example"]
    {
        secrets.keep(secret);
    }
    // The front would refuse these itself.
    refused(
        yemae.process("login"),
        &format!("GET /v1/login?token={access}{} HTTP/1.1\r\n", "x".repeat(9_000)),
    );
    refused(
        yemae.process("login"),
        &format!("GET /{email} HTTP/1.1\r\nauthorization: Bearer {access}\r\nx y\r\n\r\n"),
    );
}

fn refused(function: SocketAddr, head: &str) {
    let mut connection = TcpStream::connect(function).unwrap();
    connection.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    connection.write_all(head.as_bytes()).unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 4"), "{answer}");
}

/// Functions whose stores and provider are away, with secrets in all addresses.
async fn losses(level: &str, log: &Path, secrets: &Secrets) {
    let away = |password: &str| format!("yemae:{password}@127.0.0.1:{}", stores::free_port().unwrap());
    let known = Redis::start(None).await.unwrap();
    let known = known.url().strip_prefix("redis://").unwrap();
    let books = format!("http://{}", away(BOOKS_PASSWORD));
    let provider = format!("http://{}", away(PROVIDER_PASSWORD));
    for redis in
        [format!("redis://{}", away(REDIS_PASSWORD)), format!("redis://yemae:{REDIS_PASSWORD}@{known}")]
    {
        let settings = [
            ("YEMAE_LOG", level),
            ("YEMAE_REDIS_URL", &*redis),
            ("AWS_ENDPOINT_URL_DYNAMODB", &books),
            ("YEMAE_PAYMENT_URL", &provider),
            ("YEMAE_JWT_PRIVATE_KEY", PRIVATE_PEM),
            ("YEMAE_JWT_PUBLIC_KEYS", PUBLIC_PEM),
            AWS_KEYS[0],
            AWS_KEYS[1],
        ];
        for name in ["login", "seat-map", "sweep"] {
            let process = Process::start_writing(name, &settings, log);
            until_it_listens(name, process.address).await;
            ask_in_vain(process.address).await;
        }
    }
    let of_aws = AWS_KEYS.map(|(_, key)| key);
    for secret in [REDIS_PASSWORD, BOOKS_PASSWORD, PROVIDER_PASSWORD].into_iter().chain(of_aws) {
        secrets.keep(secret);
    }
}

async fn ask_in_vain(function: SocketAddr) {
    let (base, http) = (format!("http://{function}"), Client::builder().no_proxy().build().unwrap());
    http.get(format!("{base}/readyz")).send().await.unwrap();
    http.post(&base).send().await.unwrap();
    http.get(format!("{base}/v1/seats/{}", RandomIds::default().uuid())).send().await.unwrap();
    let guess = json!({ "email": "a-buyer@yemae.test", "password": WRONG_PASSWORD });
    http.post(format!("{base}/v1/login")).json(&guess).send().await.unwrap();
}

/// Everything that must not be logged, as it was heard at the front.
#[derive(Clone, Default)]
struct Secrets(Arc<Mutex<BTreeSet<String>>>);

impl Secrets {
    async fn hear(self, request: Request, next: Next) -> Response {
        let (head, body) = request.into_parts();
        self.keep_headers(&head.headers);
        let body = to_bytes(body, BODY_MAX).await.unwrap();
        self.keep_fields("", &serde_json::from_slice(&body).unwrap_or_default());
        let (head, body) = next.run(Request::from_parts(head, body.into())).await.into_parts();
        let body = to_bytes(body, BODY_MAX).await.unwrap();
        self.keep_fields("", &serde_json::from_slice(&body).unwrap_or_default());
        Response::from_parts(head, Body::from(body))
    }

    fn keep_headers(&self, headers: &HeaderMap) {
        for name in ["authorization", "queue-ticket", "admission-token", "device-token"] {
            let value = headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
            self.keep(value.strip_prefix("Bearer ").unwrap_or(value));
        }
    }

    /// By the names of fields, whatever they are in.
    fn keep_fields(&self, name: &str, value: &Value) {
        match value {
            Value::String(text) => {
                let is_secret = |secret| name.ends_with(secret);
                if ["token", "ticket", "password", "email", "bypass"].iter().any(is_secret) {
                    self.keep(text);
                }
            }
            Value::Array(items) => items.iter().for_each(|item| self.keep_fields(name, item)),
            Value::Object(fields) => fields.iter().for_each(|(name, value)| self.keep_fields(name, value)),
            _ => {}
        }
    }

    /// A secret with all ways to write it, and the parts of a token.
    fn keep(&self, secret: &str) {
        let mut all = self.0.lock().unwrap();
        for part in secret.split('.').filter(|_| secret.len() > 60).chain([secret]) {
            let json = serde_json::to_string(part).unwrap();
            let percent = utf8_percent_encode(part, NON_ALPHANUMERIC).to_string();
            for written in [part, json.trim_matches('"'), &percent, &part.escape_debug().to_string()] {
                // The log-in session's id begins a refresh token, and is none.
                let is_id = part != secret && part.len() == 36;
                if written.len() >= SECRET_LEN_MIN && !is_id {
                    all.insert(written.to_lowercase());
                }
            }
        }
    }

    /// Neither in the line as it is written nor in any text that it holds.
    fn are_not_in(&self, line: &Value) {
        let mut texts = vec![line.to_string()];
        collect(line, &mut texts);
        let all = self.0.lock().unwrap();
        for text in texts {
            assert!(!text.contains(SIGNED), "a token is in {text}");
            let text = text.to_lowercase();
            for secret in all.iter() {
                assert!(!text.contains(secret.as_str()), "{secret} is in {text}");
            }
        }
    }
}

fn collect(value: &Value, texts: &mut Vec<String>) {
    match value {
        Value::String(text) => texts.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| collect(item, texts)),
        Value::Object(fields) => fields.values().for_each(|field| collect(field, texts)),
        _ => {}
    }
}
