//! What the log and the traces may have of a request: little enough that what waits for a collector is bounded in bytes.

use axum::http::{HeaderMap, Method};

/// Longer than every part of our own paths; shorter than a refresh token.
const PART_MAX: usize = 64;
/// Longer than every path of ours, in characters.
pub(super) const PATH_MAX: usize = 256;
/// A method that is not HTTP's own.
pub(super) const OTHER: &str = "_OTHER";

/// The path, with `…` for parts that no path of ours has. A client may put an e-mail address or a token there by mistake,
/// or more than any line should have.
pub(super) fn path(path: &str) -> String {
    if path.len() <= PATH_MAX && path.split('/').all(is_shown) {
        return path.to_owned();
    }
    let shown =
        path.split('/').map(|part| if is_shown(part) { part } else { "…" }).collect::<Vec<_>>().join("/");
    if shown.chars().nth(PATH_MAX).is_none() {
        return shown;
    }
    shown.chars().take(PATH_MAX - 1).chain(['…']).collect()
}

fn is_shown(part: &str) -> bool {
    part.len() <= PART_MAX && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}

/// A client may make up any method, and must not make up names of series with it.
pub(super) fn method(method: &Method) -> &'static str {
    const KNOWN: [&str; 9] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "CONNECT"];
    KNOWN.into_iter().find(|known| *known == method.as_str()).unwrap_or(OTHER)
}

/// The scheme that the client used, as the front tells it.
pub(super) fn scheme(headers: &HeaderMap) -> &'static str {
    let is_secure = headers.get("x-forwarded-proto").is_some_and(|proto| proto == "https");
    if is_secure { "https" } else { "http" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_of_ours_is_shown_whole() {
        for ours in [
            "/",
            "/v1/seats/0198f2a5-8f6f-7cc0-b0ac-7a9ed6a4d0a1/layout",
            "/v1/holds/AZjypY9vfMCwrHqe1qTQoQGY8qWPb3zAsKx6ntak0KE",
            "/assets/index-Dk3_x.js",
            "/.well-known/jwks.json",
        ] {
            assert_eq!(path(ours), ours);
        }
    }

    #[test]
    fn what_may_be_an_address_or_a_token_is_not_shown() {
        let token = "0198f2a5-8f6f-7cc0-b0ac-7a9ed6a4d0a1.AZjypY9vfMCwrHqe1qTQoQGY8qWPb3zAsKx6ntak0KE";
        for (asked, shown) in [
            ("/v1/users/a@yemae.test", "/v1/users/…"),
            ("/v1/users/a%40yemae.test/x", "/v1/users/…/x"),
            (&format!("/v1/tokens/{token}"), "/v1/tokens/…"),
        ] {
            assert_eq!(path(asked), shown);
        }
    }

    #[test]
    fn a_line_is_bounded_whatever_is_asked() {
        for asked in ["/x".repeat(4_000), "/@".repeat(4_000)] {
            let shown = path(&asked);
            assert_eq!(shown.chars().count(), PATH_MAX);
            assert!(shown.ends_with('…'), "{shown}");
        }
        assert_eq!(method(&Method::DELETE), "DELETE");
        assert_eq!(method(&Method::from_bytes(&[b'M'; 4_000]).expect("a method")), OTHER);
    }
}
