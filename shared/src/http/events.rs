//! Events of API Gateway. They carry a request as the client wrote it, and `lambda_http` panics on what a URI may not
//! contain, so that is corrected first.

use axum::http::{HeaderMap, header};
use lambda_http::{LambdaEvent, request::LambdaRequest};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use reqwest::Url;

/// The same event with a URI that can be parsed.
pub(super) fn readable(mut event: LambdaEvent<LambdaRequest>) -> LambdaEvent<LambdaRequest> {
    match &mut event.payload {
        LambdaRequest::ApiGatewayV2(request) => {
            request.raw_query_string = request.raw_query_string.as_deref().map(encoded);
            drop_unreadable(&mut request.headers);
        }
        LambdaRequest::ApiGatewayV1(request) => {
            drop_unreadable(&mut request.headers);
            drop_unreadable(&mut request.multi_value_headers);
        }
        _ => {}
    }
    event
}

/// What a query may not hold as it is (RFC 3986, 3.4), besides all that is not ASCII. A percent sign stays: it was encoded.
const NOT_IN_QUERY: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'<').add(b'>');

fn encoded(query: &str) -> String {
    utf8_percent_encode(query, NOT_IN_QUERY).to_string()
}

/// Drops headers that would make the URI unparsable. It is then built from what API Gateway itself knows.
fn drop_unreadable(headers: &mut HeaderMap) {
    let host = headers.get(header::HOST).map(|host| host.to_str().unwrap_or_default());
    if host.is_some_and(|host| Url::parse(&format!("https://{host}/")).is_err()) {
        headers.remove(header::HOST);
    }
    let scheme = headers.get("x-forwarded-proto");
    if scheme.is_some_and(|scheme| scheme != "http" && scheme != "https") {
        headers.remove("x-forwarded-proto");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lambda_http::{Context, Request};

    fn read(event: &str) -> Request {
        let payload: LambdaRequest = serde_json::from_str(event).expect("an event");
        readable(LambdaEvent::new(payload, Context::default())).payload.into()
    }

    #[test]
    fn a_query_may_contain_anything() {
        for (query, address) in [
            ("q=\\\"<a>\\\"&limit=1", "q=%22%3Ca%3E%22&limit=1"),
            ("q=은하수 #1", "q=%EC%9D%80%ED%95%98%EC%88%98%20%231"),
            ("q=a%20b+c&x[]={}|^`\\\\", "q=a%20b+c&x[]={}|^`\\"),
            ("q=\\u0000\\u007f", "q=%00%7F"),
        ] {
            let request = read(&format!(
                r#"{{"version": "2.0", "rawPath": "/v1/shows", "rawQueryString": "{query}",
                    "headers": {{"host": "yemae.example"}},
                    "requestContext": {{"http": {{"method": "GET", "path": "/v1/shows"}}}}}}"#
            ));
            assert_eq!(request.uri().query(), Some(address));
        }
    }

    #[test]
    fn a_client_cannot_break_the_uri_with_its_headers() {
        for (host, scheme) in
            [("a b", "https"), ("a:99999", "https"), ("[::", "http"), ("a", "ht tp"), ("a", "")]
        {
            let headers = format!(r#"{{"host": "{host}", "x-forwarded-proto": "{scheme}"}}"#);
            let rest = format!(
                r#"{{"httpMethod": "GET", "path": "/v1/me", "headers": {headers},
                    "requestContext": {{"httpMethod": "GET", "identity": {{}}, "domainName": "yemae.example"}}}}"#
            );
            let http = format!(
                r#"{{"version": "2.0", "rawPath": "/v1/me", "headers": {headers},
                    "requestContext": {{"domainName": "yemae.example", "http": {{"method": "GET", "path": "/v1/me"}}}}}}"#
            );
            for event in [rest, http] {
                assert_eq!(read(&event).uri().path(), "/v1/me", "{event}");
            }
        }
    }
}
