//! What a request hears of the process that answers it.

use super::background::Running;
use axum::http::Extensions;
use tokio::sync::watch;

/// With a request whose answer goes to the client piece by piece, so that it may be an endless stream: one that ends when
/// this says so. Under Lambda an answer is handed over as a whole, and there is none.
#[derive(Debug, Clone)]
pub struct Streaming(watch::Receiver<bool>);

impl Streaming {
    /// Until the sender says `true`, or is gone.
    pub(super) fn new(over: watch::Receiver<bool>) -> Self {
        Self(over)
    }

    /// Waits until the process is about to end.
    pub async fn over(&mut self) {
        // An error says that the server is gone already.
        let _ = self.0.wait_for(|over| *over).await;
    }
}

/// What each request hears of the process that answers it.
#[derive(Debug, Clone)]
pub(super) struct Process {
    pub(super) streaming: Streaming,
    pub(super) running: Running,
}

impl Process {
    pub(super) fn introduce(self, request: &mut Extensions) {
        request.insert(self.streaming);
        request.insert(self.running);
    }
}
