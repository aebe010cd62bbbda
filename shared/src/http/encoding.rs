//! Which compressed form a client understands (RFC 9110, 12.5.3).

use axum::http::{HeaderMap, header};

/// How content is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// The smallest.
    Brotli,
    Gzip,
    Identity,
}

impl Encoding {
    /// The ending of the stored file's name.
    #[must_use]
    pub fn suffix(self) -> &'static str {
        match self {
            Self::Brotli => ".br",
            Self::Gzip => ".gz",
            Self::Identity => "",
        }
    }

    /// The name of the content coding; plain bytes have none.
    #[must_use]
    pub fn name(self) -> Option<&'static str> {
        match self {
            Self::Brotli => Some("br"),
            Self::Gzip => Some("gzip"),
            Self::Identity => None,
        }
    }
}

/// The forms that the client understands, the smallest first. Plain bytes come last and are always included: there is
/// nothing else to send to a client that refuses them.
pub fn accepted(headers: &HeaderMap) -> Vec<Encoding> {
    let lists = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    let offers: Vec<(&str, bool)> = lists.flat_map(|list| list.split(',')).map(offer).collect();
    let accepts = |name: &str| {
        let said = |name: &str| offers.iter().find(|(offered, _)| offered.eq_ignore_ascii_case(name));
        said(name).or_else(|| said("*")).is_some_and(|(_, wanted)| *wanted)
    };
    let compressed = [Encoding::Brotli, Encoding::Gzip].into_iter();
    let compressed = compressed.filter(|encoding| encoding.name().is_some_and(accepts));
    compressed.chain([Encoding::Identity]).collect()
}

/// The name of a coding and whether the client accepts it at all: `q=0` refuses it.
fn offer(text: &str) -> (&str, bool) {
    let (name, parameters) = text.split_once(';').unwrap_or((text, ""));
    let weight = parameters.trim().strip_prefix("q=").map(str::trim);
    (name.trim(), weight.and_then(|weight| weight.parse::<f32>().ok()).is_none_or(|weight| weight > 0.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_form_that_is_understood_comes_first() {
        use Encoding::{Brotli, Gzip, Identity};
        for (said, best) in [
            ("gzip, deflate, br, zstd", vec![Brotli, Gzip, Identity]),
            ("gzip", vec![Gzip, Identity]),
            ("br;q=0, gzip;q=0.5", vec![Gzip, Identity]),
            ("*", vec![Brotli, Gzip, Identity]),
            ("*;q=0", vec![Identity]),
            ("BR", vec![Brotli, Identity]),
            ("", vec![Identity]),
        ] {
            let headers = HeaderMap::from_iter([(header::ACCEPT_ENCODING, said.parse().expect("a header"))]);
            assert_eq!(accepted(&headers), best, "{said}");
        }
        assert_eq!(accepted(&HeaderMap::new()), [Identity]);
    }
}
