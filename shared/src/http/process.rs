//! What a request learns about the process that answers it.

use super::background::Running;
use axum::http::Extensions;
use tokio::sync::watch;

/// Present on a request whose answer reaches the client piece by piece. Such an answer may be an endless stream, which ends
/// when this says so. Absent under Lambda, where an answer is handed over as a whole.
#[derive(Debug, Clone)]
pub struct Streaming(watch::Receiver<bool>);

impl Streaming {
    /// A stream may go on until the sender says `true` or is gone.
    pub(super) fn new(over: watch::Receiver<bool>) -> Self {
        Self(over)
    }

    /// Waits until the process is about to end.
    pub async fn over(&mut self) {
        // An error means that the server is already gone.
        let _ = self.0.wait_for(|over| *over).await;
    }
}

/// What each request carries about its process.
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
