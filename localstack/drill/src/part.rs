//! A part of the stack that is a process: killed, stopped for a while, and started again where it was.

use crate::DrillResult;
use std::{
    ffi::OsString,
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    time::Duration,
};
use stores::TiedProcess;
use tokio::{
    net::TcpStream,
    time::{Instant, sleep},
};

/// Longer than any program takes to start, also on a busy machine.
const LISTENS_WITHIN: Duration = Duration::from_secs(30);
const LOOK_AGAIN_AFTER: Duration = Duration::from_millis(20);

/// A program, and its process while it runs.
pub(crate) struct Part {
    pub(crate) name: &'static str,
    pub(crate) port: u16,
    program: PathBuf,
    arguments: Vec<OsString>,
    settings: Vec<(&'static str, String)>,
    logs: PathBuf,
    starts: u32,
    process: Option<TiedProcess>,
}

impl Part {
    /// A program that will listen on this port. Its logs go to the folder `logs`.
    pub(crate) fn new(name: &'static str, port: u16, program: PathBuf, logs: &Path) -> Self {
        let (arguments, settings) = (Vec::new(), Vec::new());
        Self { name, port, program, arguments, settings, logs: logs.to_owned(), starts: 0, process: None }
    }

    /// With these arguments.
    pub(crate) fn arguments(mut self, arguments: impl IntoIterator<Item = impl Into<OsString>>) -> Self {
        self.arguments.extend(arguments.into_iter().map(Into::into));
        self
    }

    /// With these variables, and nothing else from the environment.
    pub(crate) fn settings(
        mut self,
        settings: impl IntoIterator<Item = (&'static str, impl Into<String>)>,
    ) -> Self {
        self.settings.extend(settings.into_iter().map(|(name, value)| (name, value.into())));
        self
    }

    /// Starts it, or starts it again, and waits until it listens.
    pub(crate) async fn start(&mut self) -> DrillResult<()> {
        self.kill();
        self.starts += 1;
        let mut command = stores::tied(&self.program);
        command.args(&self.arguments).env_clear();
        // Programs that are named without a folder, and those that they start, are found by it.
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.envs(self.settings.iter().map(|(name, value)| (*name, value)));
        let log = self.logs.join(format!("{}-{}.log", self.name, self.starts));
        self.process = Some(TiedProcess::start(self.name, command, log)?);
        self.until_it_listens().await
    }

    async fn until_it_listens(&mut self) -> DrillResult<()> {
        let deadline = Instant::now() + LISTENS_WITHIN;
        while TcpStream::connect(self.address()).await.is_err() {
            if let Some(process) = &mut self.process
                && process.has_ended()
            {
                return Err(format!("{} ended: {}", self.name, process.last_words()).into());
            }
            if Instant::now() > deadline {
                return Err(format!("{} does not listen", self.name).into());
            }
            sleep(LOOK_AGAIN_AFTER).await;
        }
        Ok(())
    }

    pub(crate) fn address(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.port).into()
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address())
    }

    /// As a crash would. A repeat changes nothing.
    pub(crate) fn kill(&mut self) {
        self.process = None;
    }

    /// Its process id.
    pub(crate) fn id(&self) -> DrillResult<u32> {
        let process = self.process.as_ref().ok_or_else(|| format!("{} does not run", self.name))?;
        Ok(process.id())
    }
}
