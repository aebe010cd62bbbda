//! A request's path as the log may have it.

/// Longer than every part of our own paths; shorter than a refresh token.
const PART_MAX: usize = 64;

/// The path, with `…` for parts that no path of ours has. A client may put an e-mail address or a token there by mistake.
pub(super) fn path(path: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    let shown = |part| if <str>::len(part) <= PART_MAX && part.bytes().all(is_plain) { part } else { "…" };
    path.split('/').map(shown).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::path;

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
}
