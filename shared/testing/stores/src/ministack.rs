//! MiniStack, the second opinion: a DynamoDB by other authors, for the contract tests.

use std::{
    env,
    path::{Path, PathBuf},
    time::Duration,
};

use tempfile::TempDir;

use crate::{
    StartError,
    process::{self, TiedProcess},
};

const STORE: &str = "MiniStack";

/// Long, because Python reads many files when it first starts.
const START_WITHIN: Duration = Duration::from_secs(30);

/// A running MiniStack. It keeps its data in memory and ends with its owner.
pub struct MiniStack {
    endpoint: String,
    // Fields drop in this order: first the process, then its folder.
    _process: TiedProcess,
    _folder: TempDir,
}

impl MiniStack {
    /// Starts the MiniStack that `make ministack` installed, or the executable that `YEMAE_MINISTACK` names.
    pub async fn start() -> Result<Self, StartError> {
        Self::start_with("dynamodb,dynamodbstreams").await
    }

    /// The same, with these services of AWS.
    pub async fn start_with(services: &str) -> Result<Self, StartError> {
        let program = program()?;
        let folder = TempDir::new().map_err(StartError::refused(STORE, "a temporary folder"))?;
        let port = process::free_port().map_err(StartError::refused(STORE, "a port"))?;

        let mut command = process::tied(&program);
        // It gets nothing of the caller's environment: it has a setting for everything, and removes Docker containers
        // that it takes for its own.
        command.env_clear().envs(env::var_os("PATH").map(|path| ("PATH", path)));
        command.env("TMPDIR", folder.path()).env("GATEWAY_PORT", port.to_string());
        command.env("BIND_HOST", "127.0.0.1").env("DOCKER_HOST", "unix:///dev/null");
        command.env("SERVICES", services).env("LOG_LEVEL", "WARNING");

        let mut process = TiedProcess::start(STORE, command, folder.path().join("ministack.log"))?;
        let request = "GET /_ministack/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        process.answers(port, request, START_WITHIN, |answer| answer.starts_with("HTTP/1.1 200")).await?;
        Ok(Self { endpoint: format!("http://127.0.0.1:{port}"), _process: process, _folder: folder })
    }

    /// Where it listens, as `AWS_ENDPOINT_URL_DYNAMODB` wants it: `http://127.0.0.1:<port>`.
    #[must_use]
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }
}

fn program() -> Result<PathBuf, StartError> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(3).unwrap_or(Path::new("."));
    let installed = || root.join("target/ministack/bin/ministack");
    let program = env::var_os("YEMAE_MINISTACK").map_or_else(installed, PathBuf::from);
    if program.is_file() { Ok(program) } else { Err(StartError::MiniStackMissing(program)) }
}
