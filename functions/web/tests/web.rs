//! What browsers get. The files are those of the last build of the front end.
#![cfg(test)]

use axum::{
    Router,
    body::{Body, Bytes},
    http::{HeaderMap, Method, Request},
};
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

struct Answer {
    status: u16,
    headers: HeaderMap,
    body: Bytes,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("text"))
    }

    fn text(&self) -> &str {
        str::from_utf8(&self.body).expect("text")
    }

    fn code(&self) -> String {
        assert_eq!(self.header("content-type"), "application/problem+json");
        let problem: serde_json::Value = serde_json::from_slice(&self.body).expect("JSON");
        problem["code"].as_str().expect("a code").to_owned()
    }
}

fn web() -> Router {
    web::FUNCTION.service_without_stores(web::routes())
}

async fn ask(method: Method, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let Ok(answer) = web().oneshot(request.body(Body::empty()).expect("a request")).await;
    let (head, body) = answer.into_parts();
    let body = body.collect().await.expect("a body").to_bytes();
    Answer { status: head.status.as_u16(), headers: head.headers, body }
}

async fn get(path: &str) -> Answer {
    ask(Method::GET, path, &[]).await
}

/// The script that the page names. Its name contains the hash of its content.
async fn script() -> String {
    let page = get("/").await;
    let (_, from) =
        page.text().split_once("src=\"").expect("a script: build the front end with `make web-build`");
    from.split_once('"').expect("its end").0.to_owned()
}

#[tokio::test]
async fn a_path_of_the_front_ends_own_is_the_page() {
    let page = get("/").await;
    assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
    assert_eq!(page.header("cache-control"), "no-cache");
    for path in ["/shows/7", "/manage/shows/new", "/bookings/7/pay", "/login?next=%2Fbookings"] {
        let same = get(path).await;
        assert_eq!((same.status, &same.body), (200, &page.body), "{path}");
    }
}

#[tokio::test]
async fn an_unknown_path_is_the_page_with_404() {
    let page = get("/").await;
    for path in
        ["/meadow", "/shows", "/shows/7/8", "/bookings/7/paid", "/manage/shows/7/x", "/V1/shows", "/%2e%2e/x"]
    {
        let known = [("if-none-match", page.header("etag"))];
        for headers in [&known[..0], &known] {
            let same = ask(Method::GET, path, headers).await;
            assert_eq!((same.status, &same.body), (404, &page.body), "{path}");
            assert_eq!(same.header("content-type"), "text/html; charset=utf-8");
        }
    }
}

/// The router of the front end, read as text: each path is alone on its line.
#[test]
fn the_screens_are_those_of_the_front_ends_router() {
    let router = include_str!("../../../web/src/router.tsx");
    let paths = router.lines().filter_map(|line| line.trim().strip_prefix("path: '")?.strip_suffix("',"));
    let written: Vec<_> = paths.collect();
    let screens: Vec<_> = web::SCREENS.iter().map(|screen| in_the_routers_words(screen)).collect();
    assert_eq!(written, screens);
    assert_eq!(written.len(), router.matches("createRoute({").count());
}

/// `{show_id}` is `$showId` there.
fn in_the_routers_words(screen: &str) -> String {
    let part = |part: &str| match part.strip_prefix('{').and_then(|name| name.strip_suffix("_id}")) {
        Some(name) => format!("${name}Id"),
        None => part.to_owned(),
    };
    screen.split('/').map(part).collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn a_missing_file_is_not_found() {
    for path in
        ["/assets/gone-12345678.js", "/x.php", "/index.html.br", "/../Cargo.toml", "/%2e%2e/Cargo.toml"]
    {
        let answer = get(path).await;
        assert_eq!((answer.status, answer.code()), (404, "not_found".into()), "{path}");
    }
}

#[tokio::test]
async fn a_path_of_the_api_that_no_function_has_is_a_problem() {
    for (method, path) in [
        (Method::GET, "/v1"),
        (Method::POST, "/v1"),
        (Method::GET, "/v1/"),
        (Method::GET, "//v1/shows"),
        (Method::POST, "//v1/login"),
        (Method::GET, "///v1/shows"),
        (Method::GET, "//"),
        (Method::GET, "/v1/meadow"),
        (Method::POST, "/v1/meadow/7"),
        (Method::DELETE, "/v1/users/7"),
        (Method::GET, "/.well-known/nothing"),
    ] {
        let answer = ask(method, path, &[]).await;
        assert_eq!((answer.status, answer.code()), (404, "not_found".into()), "{path}");
    }
    let posted = ask(Method::POST, "/shows/7", &[]).await;
    assert_eq!((posted.status, posted.header("allow")), (405, "GET,HEAD"));
    assert_eq!(posted.code(), "method_not_allowed");
}

#[tokio::test]
async fn hashed_names_are_kept_for_ever() {
    let script = script().await;
    let answer = get(&script).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), "text/javascript; charset=utf-8");
    assert_eq!(answer.header("cache-control"), "public, max-age=31536000, immutable");
}

#[tokio::test]
async fn the_smallest_form_that_the_browser_understands_is_sent() {
    let script = script().await;
    let plain = get(&script).await;
    let mut sizes = vec![plain.body.len()];
    for (accepted, encoding) in [("gzip", "gzip"), ("gzip, deflate, br", "br")] {
        let answer = ask(Method::GET, &script, &[("accept-encoding", accepted)]).await;
        assert_eq!((answer.header("content-encoding"), answer.header("vary")), (encoding, "accept-encoding"));
        assert_ne!(answer.header("etag"), plain.header("etag"));
        sizes.push(answer.body.len());
    }
    assert!(sizes.is_sorted_by(|larger, smaller| larger > smaller), "{sizes:?}");
    assert_eq!(plain.header("content-encoding"), "");
}

#[tokio::test]
async fn a_client_that_has_a_file_is_told_so() {
    let page = get("/").await;
    let again = ask(Method::GET, "/shows/7", &[("if-none-match", page.header("etag"))]).await;
    assert_eq!((again.status, again.body.len()), (304, 0));
    assert_eq!(again.header("etag"), page.header("etag"));
    for known in
        [format!("W/{}", page.header("etag")), format!("\"x,y\", {}", page.header("etag")), "*".into()]
    {
        assert_eq!(ask(Method::GET, "/", &[("if-none-match", &known)]).await.status, 304, "{known}");
    }
    assert_eq!(ask(Method::GET, "/", &[("if-none-match", "\"x\"")]).await.status, 200);
    let head = ask(Method::HEAD, "/", &[]).await;
    assert_eq!((head.status, head.body.len()), (200, 0));
}

#[tokio::test]
async fn every_answer_is_guarded() {
    for path in ["/", "/docs/", "/openapi.json", "/v1/meadow", "/gone.js"] {
        let answer = get(path).await;
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; script-src 'self';"), "{path}: {policy}");
        assert!(!policy.contains("unsafe"), "{policy}");
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "strict-origin-when-cross-origin"),
            ("cross-origin-opener-policy", "same-origin"),
        ] {
            assert_eq!(answer.header(name), value, "{path}");
        }
    }
}

#[tokio::test]
async fn the_api_is_documented_without_anything_from_elsewhere() {
    let redirected = get("/docs").await;
    assert_eq!((redirected.status, redirected.header("location")), (308, "/docs/"));
    let page = get("/docs/").await;
    assert!(!page.text().contains("//"), "{}", page.text());
    for name in ["/docs/swagger-ui-bundle.js", "/docs/swagger-ui.css", "/docs/start.js"] {
        assert!(page.text().contains(name));
        assert_eq!(get(name).await.status, 200, "{name}");
    }
    let document: serde_json::Value = serde_json::from_slice(&get("/openapi.json").await.body).expect("JSON");
    assert_eq!(document["info"]["title"], "Yemae");
}
