//! Serves on free ports of this machine, and waits until a service listens.

use axum::Router;
use shared::http::serve::listen;
use std::{
    future::pending,
    net::{Ipv4Addr, SocketAddr},
    time::{Duration, Instant},
};
use tokio::{
    net::{TcpListener, TcpStream},
    time::sleep,
};

/// Longer than any program takes to start, also on a busy machine.
const LISTENS_WITHIN: Duration = Duration::from_secs(20);
const LOOK_AGAIN_AFTER: Duration = Duration::from_millis(5);

/// Serves on a free port for as long as the test's runtime lives. Returns the address.
pub async fn serve(service: Router) -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(listen(listener, service, pending()));
    address
}

/// Waits until connections to this address are accepted.
pub async fn until_it_listens(name: &str, address: SocketAddr) {
    let deadline = Instant::now() + LISTENS_WITHIN;
    while let Err(error) = TcpStream::connect(address).await {
        assert!(Instant::now() < deadline, "{name} does not listen: {error}");
        sleep(LOOK_AGAIN_AFTER).await;
    }
}
