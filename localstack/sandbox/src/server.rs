//! The provider on a socket: plain HTTP, except that it can hang up instead of answering.

use std::{convert::Infallible, io, net::Ipv4Addr, time::Duration};

use axum::{BoxError, Router, response::Response};
use hyper::{Request, body::Incoming, server::conn::http1};
use hyper_util::{rt::TokioIo, service::TowerToHyperService};
use tokio::{
    net::{TcpListener, TcpStream},
    task::{JoinHandle, JoinSet},
    time::sleep,
};
use tower::ServiceExt;

use crate::http::{HangUp, SandboxSettings, router};

/// Further connections wait in the listener's queue.
const CONNECTIONS_MAX: usize = 1_000;

/// A running provider that ends when it is dropped.
pub struct Sandbox {
    url: String,
    server: JoinHandle<Infallible>,
}

impl Sandbox {
    /// Starts it on a free loopback port, in the caller's runtime.
    pub async fn start() -> io::Result<Self> {
        Self::start_with(SandboxSettings::default()).await
    }

    /// The same, misbehaving as configured.
    pub async fn start_with(settings: SandboxSettings) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let url = format!("http://{}", listener.local_addr()?);
        Ok(Self { url, server: tokio::spawn(serve(listener, settings)) })
    }

    /// Its address in the form of `YEMAE_PAYMENT_URL`: `http://127.0.0.1:<port>`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// Serves the provider until dropped; its connections go with it.
pub async fn serve(listener: TcpListener, settings: SandboxSettings) -> Infallible {
    let router = router(settings);
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept(), if connections.len() < CONNECTIONS_MAX => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(converse(stream, router.clone()));
                }
                // The caller went away, or this process has no file descriptors left. Retrying at once helps neither.
                Err(_) => sleep(Duration::from_millis(10)).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn converse(stream: TcpStream, router: Router) {
    let service =
        TowerToHyperService::new(ServiceExt::<Request<Incoming>>::map_result(router, hang_up_if_marked));
    // An error here means that the caller or this side hung up.
    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

/// When a service fails, the server closes the connection without sending a byte.
fn hang_up_if_marked(answer: Result<Response, Infallible>) -> Result<Response, BoxError> {
    let answer = answer?;
    let hang_up = answer.extensions().get::<HangUp>().is_some();
    if hang_up { Err(io::Error::from(io::ErrorKind::ConnectionAborted).into()) } else { Ok(answer) }
}
