//! The embedded DynamoDB engine: dynoxide, in this process.

use std::{
    fs,
    net::{Ipv4Addr, TcpListener},
    path::Path,
    thread::{self, JoinHandle},
};

use dynoxide::{Database, server};
use tokio::{runtime, sync::oneshot};

use crate::StartError;

const STORE: &str = "the DynamoDB engine";

/// A running engine. Dropping it stops it and closes its file.
///
/// It has a thread and a runtime of its own: its database blocks, and the runtime of a test has one thread. So one
/// engine can serve several tests, each with its own runtime.
pub struct Engine {
    endpoint: String,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Engine {
    /// Starts the engine; it answers from then on. Its data outlives it in `file`; without one nothing does.
    pub fn start(file: Option<&Path>) -> Result<Self, StartError> {
        let database = open(file)?;
        let port = || StartError::refused(STORE, "a port");
        // Requests that come before the thread runs wait in the listener's backlog.
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(port())?;
        listener.set_nonblocking(true).map_err(port())?;
        let endpoint = format!("http://{}", listener.local_addr().map_err(port())?);

        let a_runtime = || StartError::refused(STORE, "a runtime");
        let runtime = runtime::Builder::new_current_thread().enable_all().build().map_err(a_runtime())?;
        let listener = {
            let _inside = runtime.enter();
            tokio::net::TcpListener::from_std(listener).map_err(a_runtime())?
        };
        let (stop, stopped) = oneshot::channel();
        let serve = move || {
            runtime.spawn(server::serve_on(listener, database));
            // A dropped sender stops it as well. Then the runtime drops its tasks, and with the last connection
            // the database closes: clients that keep connections open cannot delay it.
            let _ = runtime.block_on(stopped);
        };
        let thread = thread::Builder::new().name("dynamodb-engine".to_owned()).spawn(serve);
        let thread = thread.map_err(StartError::refused(STORE, "a thread"))?;
        Ok(Self { endpoint, stop: Some(stop), thread: Some(thread) })
    }

    /// Where it listens, as `AWS_ENDPOINT_URL_DYNAMODB` wants it: `http://127.0.0.1:<port>`.
    #[must_use]
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // This only fails if the engine panicked, which has been printed.
            let _ = thread.join();
        }
    }
}

/// Serves the engine until the future is dropped. Its data outlives it in `file`; without one nothing does.
///
/// # Errors
/// When the file cannot be used.
pub async fn serve(listener: tokio::net::TcpListener, file: Option<&Path>) -> Result<(), StartError> {
    server::serve_on(listener, open(file)?).await;
    Ok(())
}

fn open(file: Option<&Path>) -> Result<Database, StartError> {
    let Some(file) = file else {
        return Database::memory().map_err(StartError::data(STORE, "memory"));
    };
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder).map_err(StartError::data(STORE, folder))?;
    }
    let name = file.to_str().ok_or("its name is not UTF-8").map_err(StartError::data(STORE, file))?;
    Database::new(name).map_err(StartError::data(STORE, file))
}
