//! The stream under hyper. It knows when a request is being answered, so it can bound what hyper does not: the time for a
//! head from its first byte, silence between requests, and a client that does not read. It also sends a problem document
//! where hyper would send an empty status.

use super::{problem::Code, refusal::refusal_text};
use std::{
    io::{self, IoSlice},
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::{Instant, Sleep, sleep_until},
};

/// No request is known: what hyper writes now is its own.
const QUIET: u8 = 0;
/// The service has a request, or the body of its answer is being written.
const ANSWERING: u8 = 1;
/// The whole answer was handed to hyper. It is over once it is flushed.
const ANSWERED: u8 = 2;

/// How long each phase of a connection may take. How long an answer may take is up to the function.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// Receiving a request's head, from its first byte to its last.
    pub head: Duration,
    /// Silence between two requests. It is longer than proxies in front keep an idle connection (nginx 60 s, Knative's
    /// queue-proxy 90 s), so that they close it first and never send a request into a connection that is closing.
    pub idle: Duration,
    /// The client not reading its answer.
    pub stalled: Duration,
    /// The client still sending after the last answer, or not closing its side.
    pub linger: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(10),
            idle: Duration::from_mins(2),
            stalled: Duration::from_secs(30),
            linger: Duration::from_secs(1),
        }
    }
}

/// How far the exchange with the client has come.
#[derive(Debug, Clone, Default)]
pub(super) struct Talk(Arc<AtomicU8>);

impl Talk {
    /// A request is being answered until this is dropped.
    pub(super) fn answering(&self) -> Answering {
        self.0.store(ANSWERING, Ordering::Relaxed);
        Answering(self.clone())
    }

    fn is_quiet(&self) -> bool {
        self.0.load(Ordering::Relaxed) == QUIET
    }

    /// Whether an answer has just been flushed completely.
    fn flushed(&self) -> bool {
        self.0.compare_exchange(ANSWERED, QUIET, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }
}

/// Marks a request as answered when it is dropped.
#[derive(Debug)]
pub(super) struct Answering(Talk);

impl Drop for Answering {
    fn drop(&mut self) {
        self.0.0.store(ANSWERED, Ordering::Relaxed);
    }
}

/// The most bytes that a client may still send after its last answer.
const LINGER_MAX: usize = 512 * 1024;

/// A client's connection.
#[derive(Debug)]
pub(super) struct Socket {
    stream: TcpStream,
    patience: Patience,
    talk: Talk,
    /// Whether part of a head has arrived.
    in_head: bool,
    /// When the rest of the head, or the next request, must have arrived.
    deadline: Option<Instant>,
    reading: Alarm,
    writing: Alarm,
    /// How many bytes arrived after the last answer.
    lingered: usize,
    closing: Option<Instant>,
}

impl Socket {
    pub(super) fn new(stream: TcpStream, patience: Patience) -> Self {
        Self {
            stream,
            patience,
            talk: Talk::default(),
            in_head: false,
            deadline: None,
            reading: Alarm::default(),
            writing: Alarm::default(),
            lingered: 0,
            closing: None,
        }
    }

    /// The handle that marks when a request is being answered.
    pub(super) fn talk(&self) -> Talk {
        self.talk.clone()
    }

    /// Nothing arrives. Between requests and within a head this has a bound; the time for a body is up to the function.
    fn wait(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if !self.talk.is_quiet() {
            return Poll::Pending;
        }
        let patience = if self.in_head { self.patience.head } else { self.patience.idle };
        let deadline = *self.deadline.get_or_insert_with(|| Instant::now() + patience);
        ready!(self.reading.poll(deadline, context));
        if self.in_head {
            self.refuse(context, Code::RequestTimeout);
        }
        // Act as if the client had closed: hyper then closes too.
        Poll::Ready(Ok(()))
    }

    fn came(&mut self) {
        if self.talk.is_quiet() && !self.in_head {
            // The deadline is computed only if the head does not arrive in one piece.
            (self.in_head, self.deadline) = (true, None);
        }
    }

    /// Nothing waits to be written before the refusal, and it is small: it fits, or the client is gone.
    fn refuse(&mut self, context: &mut Context<'_>, code: Code) {
        let _ = Pin::new(&mut self.stream).poll_write(context, refusal_text(code).as_bytes());
    }

    /// Drops a client that reads nothing.
    fn stalled(&mut self, context: &mut Context<'_>) -> Poll<io::Result<usize>> {
        ready!(self.writing.poll_for(self.patience.stalled, context));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }

    /// Keeps reading after the last answer until the client closes as well. Closing at once would make the kernel reset the
    /// connection, and a client that is still sending might lose the answer.
    fn linger(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let deadline = *self.closing.get_or_insert_with(|| Instant::now() + self.patience.linger);
        let mut scratch = [0; 4 * 1024];
        while self.lingered < LINGER_MAX {
            let mut heard = ReadBuf::new(&mut scratch);
            match Pin::new(&mut self.stream).poll_read(context, &mut heard) {
                Poll::Pending => return self.reading.poll(deadline, context),
                Poll::Ready(Ok(())) if !heard.filled().is_empty() => self.lingered += heard.filled().len(),
                Poll::Ready(_) => break,
            }
        }
        Poll::Ready(())
    }
}

/// The problem that an answer of hyper's own stands for: hyper writes those without a body.
fn refused(written: &[u8]) -> Option<Code> {
    match written.get("HTTP/1.1 ".len()..)?.get(..3)? {
        b"400" => Some(Code::MalformedRequest),
        b"414" => Some(Code::UriTooLong),
        b"431" => Some(Code::HeadersTooLarge),
        _ => None,
    }
}

impl AsyncRead for Socket {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let socket = self.get_mut();
        let before = buffer.filled().len();
        match Pin::new(&mut socket.stream).poll_read(context, buffer) {
            Poll::Pending => socket.wait(context),
            read @ Poll::Ready(_) => {
                if buffer.filled().len() > before {
                    socket.came();
                }
                read
            }
        }
    }
}

impl AsyncWrite for Socket {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.poll_write_vectored(context, &[IoSlice::new(bytes)])
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let socket = self.get_mut();
        if socket.talk.is_quiet()
            && let Some(code) = slices.first().and_then(|head| refused(head))
        {
            socket.refuse(context, code);
            return Poll::Ready(Ok(slices.iter().map(|slice| slice.len()).sum()));
        }
        match Pin::new(&mut socket.stream).poll_write_vectored(context, slices) {
            Poll::Pending => socket.stalled(context),
            written @ Poll::Ready(_) => {
                socket.writing.stop();
                written
            }
        }
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let socket = self.get_mut();
        // hyper calls this when nothing is left to write.
        if socket.talk.flushed() {
            (socket.in_head, socket.deadline) = (false, None);
            // hyper may already have asked for the next request and need not ask again: the timer must wake it.
            let _ = socket.wait(context);
        }
        Pin::new(&mut socket.stream).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let socket = self.get_mut();
        if socket.closing.is_none() {
            ready!(Pin::new(&mut socket.stream).poll_shutdown(context))?;
        }
        socket.linger(context).map(Ok)
    }
}

/// A timer that is cheap to postpone: it fires early, sees that its time has not come, and is set again.
#[derive(Debug, Default)]
struct Alarm(Option<Pin<Box<Sleep>>>);

impl Alarm {
    fn poll(&mut self, deadline: Instant, context: &mut Context<'_>) -> Poll<()> {
        let sleep = self.0.get_or_insert_with(|| Box::pin(sleep_until(deadline)));
        if sleep.deadline() > deadline {
            sleep.as_mut().reset(deadline);
        }
        loop {
            ready!(sleep.as_mut().poll(context));
            if sleep.deadline() >= deadline {
                return Poll::Ready(());
            }
            sleep.as_mut().reset(deadline);
        }
    }

    /// Counts from the first call.
    fn poll_for(&mut self, patience: Duration, context: &mut Context<'_>) -> Poll<()> {
        let deadline = self.0.as_ref().map_or_else(|| Instant::now() + patience, |sleep| sleep.deadline());
        self.poll(deadline, context)
    }

    fn stop(&mut self) {
        self.0 = None;
    }
}
