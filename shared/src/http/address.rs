//! Where a request came from, believing as many proxies as the operator said.

use axum::http::{Extensions, HeaderMap};
use lambda_http::request::RequestContext;
use std::net::{IpAddr, Ipv4Addr};

/// The address of the peer that opened the connection.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub IpAddr);

/// The client's address: the entry of `X-Forwarded-For` that the last trusted proxy wrote, or the peer itself.
#[must_use]
pub fn client(headers: &HeaderMap, extensions: &Extensions, trusted_hops: usize) -> IpAddr {
    forwarded(headers, trusted_hops)
        .or_else(|| extensions.get::<Peer>().map(|peer| peer.0))
        .or_else(|| extensions.get::<RequestContext>().and_then(gateway_source))
        .unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED))
}

fn forwarded(headers: &HeaderMap, trusted_hops: usize) -> Option<IpAddr> {
    let believed = trusted_hops.checked_sub(1)?;
    let lists = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
    let entries: Vec<_> = lists.flat_map(|list| list.split(',')).map(str::trim).collect();
    entries.iter().rev().nth(believed)?.parse().ok()
}

/// Behind API Gateway the event says who called.
fn gateway_source(context: &RequestContext) -> Option<IpAddr> {
    match context {
        RequestContext::ApiGatewayV2(context) => context.http.source_ip.as_deref()?.parse().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_entries_of_trusted_proxies_are_believed() {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", "6.6.6.6, 1.1.1.1, 10.0.0.1".parse().expect("a header"));
        let mut extensions = Extensions::new();
        extensions.insert(Peer(IpAddr::from([9, 9, 9, 9])));
        for (hops, address) in [(0, [9, 9, 9, 9]), (1, [10, 0, 0, 1]), (2, [1, 1, 1, 1]), (9, [9, 9, 9, 9])] {
            assert_eq!(client(&headers, &extensions, hops), IpAddr::from(address), "{hops} hops");
        }
    }
}
