//! The load: a few kept-alive connections, each waiting for an answer before it asks again.

use crate::Result;
use std::{
    net::Ipv4Addr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    task::JoinSet,
    time::timeout,
};

/// How many clients ask at once.
pub(crate) const CONNECTIONS: usize = 16;
/// How long to wait for an answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);

/// A whole request as it goes over the wire.
pub(crate) type RawRequest = Arc<str>;

/// Sends each request once and returns how long all of them took. A status other than `wanted` is a failure.
pub(crate) async fn send(port: u16, requests: Vec<RawRequest>, wanted: &'static str) -> Result<Duration> {
    let load = Arc::new(Load { requests, next: AtomicUsize::new(0), wanted });
    let mut connections = Vec::new();
    for _ in 0..CONNECTIONS {
        connections.push(LoadConnection::open(port).await?);
    }
    let begun = Instant::now();
    let mut working: JoinSet<Result<()>> =
        connections.into_iter().map(|each| each.work(Arc::clone(&load))).collect();
    while let Some(done) = working.join_next().await {
        done??;
    }
    Ok(begun.elapsed())
}

struct Load {
    requests: Vec<RawRequest>,
    next: AtomicUsize,
    wanted: &'static str,
}

/// One kept-alive connection.
pub(crate) struct LoadConnection {
    stream: TcpStream,
    pub(crate) answer: Vec<u8>,
}

impl LoadConnection {
    pub(crate) async fn open(port: u16) -> Result<Self> {
        let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, answer: Vec::with_capacity(4_096) })
    }

    async fn work(mut self, load: Arc<Load>) -> Result<()> {
        while let Some(request) = load.requests.get(load.next.fetch_add(1, Ordering::Relaxed)) {
            timeout(ANSWER_WITHIN, self.ask(request)).await??;
            if !self.answer.starts_with(load.wanted.as_bytes()) {
                return Err(format!("not {}: {}", load.wanted, String::from_utf8_lossy(&self.answer)).into());
            }
        }
        Ok(())
    }

    /// Sends a request and waits for the whole answer.
    pub(crate) async fn ask(&mut self, request: &str) -> Result<()> {
        self.answer.clear();
        self.stream.write_all(request.as_bytes()).await?;
        while !is_whole(&self.answer) {
            if self.stream.read_buf(&mut self.answer).await? == 0 {
                return Err("the server hung up".into());
            }
        }
        Ok(())
    }
}

/// Whether the head has ended and all the bytes that it announced have arrived.
fn is_whole(answer: &[u8]) -> bool {
    let Some(head_len) = answer.windows(4).position(|end| end == b"\r\n\r\n") else { return false };
    let (head, body) = answer.split_at(head_len);
    let mut lines = head.split(|byte| *byte == b'\n');
    let length = lines.find_map(|line| line.trim_ascii().strip_prefix(b"content-length: "));
    let length: usize = length.and_then(|length| str::from_utf8(length).ok()?.parse().ok()).unwrap_or(0);
    body.len() >= 4 + length
}
