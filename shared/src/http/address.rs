//! Where a request came from, trusting as many proxies as the operator configured.

use axum::http::{Extensions, HeaderMap};
use lambda_http::request::RequestContext;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

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

/// The address under which a client's requests are counted. The owner of an IPv6 address has a network of 2⁶⁴ addresses
/// (RFC 4291, 2.5.1; RFC 6177) and could use a new one for every request, so its network is counted. IPv4 addresses are
/// counted one by one, however they are written.
#[must_use]
pub fn counted(client: IpAddr) -> IpAddr {
    match client.to_canonical() {
        IpAddr::V6(address) => {
            let network = u128::from(address) & (u128::MAX << 64);
            IpAddr::V6(Ipv6Addr::from(network))
        }
        v4 @ IpAddr::V4(_) => v4,
    }
}

fn forwarded(headers: &HeaderMap, trusted_hops: usize) -> Option<IpAddr> {
    let believed = trusted_hops.checked_sub(1)?;
    let lists = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
    let entries: Vec<_> = lists.flat_map(|list| list.split(',')).map(str::trim).collect();
    entries.iter().rev().nth(believed)?.parse().ok()
}

/// Behind API Gateway the event names the caller. HTTP APIs and REST APIs each have their own field for it.
fn gateway_source(context: &RequestContext) -> Option<IpAddr> {
    let source = match context {
        RequestContext::ApiGatewayV2(context) => context.http.source_ip.as_deref(),
        RequestContext::ApiGatewayV1(context) => context.identity.source_ip.as_deref(),
        _ => None,
    };
    source?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_entries_of_trusted_proxies_count() {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", "6.6.6.6, 1.1.1.1, 10.0.0.1".parse().expect("a header"));
        let mut extensions = Extensions::new();
        extensions.insert(Peer(IpAddr::from([9, 9, 9, 9])));
        for (hops, address) in [(0, [9, 9, 9, 9]), (1, [10, 0, 0, 1]), (2, [1, 1, 1, 1]), (9, [9, 9, 9, 9])] {
            assert_eq!(client(&headers, &extensions, hops), IpAddr::from(address), "{hops} hops");
        }
    }

    #[test]
    fn an_ipv6_network_is_counted_as_one_client() {
        for (address, under) in [
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
            ("2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::"),
            ("2001:db8:1:3::1", "2001:db8:1:3::"),
            ("192.0.2.7", "192.0.2.7"),
            ("::ffff:192.0.2.7", "192.0.2.7"),
        ] {
            assert_eq!(counted(address.parse().expect("an address")).to_string(), under);
        }
    }

    #[test]
    fn an_event_of_either_gateway_names_the_caller() {
        let rest = r#"{
            "httpMethod": "GET", "path": "/v1/me",
            "requestContext": { "httpMethod": "GET", "identity": { "sourceIp": "192.0.2.7" } }
        }"#;
        let http = r#"{
            "version": "2.0", "rawPath": "/v1/me",
            "requestContext": { "http": { "method": "GET", "path": "/v1/me", "sourceIp": "192.0.2.7" } }
        }"#;
        for event in [rest, http] {
            let request = lambda_http::request::from_str(event).expect("an event");
            let address = client(request.headers(), request.extensions(), 0);
            assert_eq!(address, IpAddr::from([192, 0, 2, 7]), "{event}");
        }
    }
}
