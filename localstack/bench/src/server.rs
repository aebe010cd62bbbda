//! A program under measurement: started as a process of its own, watched through `/proc`, killed on drop.

use crate::{Result, stage::Environment};
use std::{
    fs,
    io::{Read as _, Write as _},
    net::{Ipv4Addr, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// A program that has not answered by then never will.
const START_WITHIN: Duration = Duration::from_secs(5);

/// A running program.
pub(crate) struct Server {
    pub(crate) port: u16,
    /// The time from its `exec` to its first answer.
    pub(crate) started_in: Duration,
    child: Child,
}

impl Server {
    /// Starts a program and waits for its first answer. Its log is discarded.
    pub(crate) fn start(program: &Path, arguments: &[&str], settings: &Environment) -> Result<Self> {
        Self::start_until(Self::answers, program, arguments, settings)
    }

    /// Starts a store, which is ready once it listens.
    pub(crate) fn start_store(program: &Path) -> Result<Self> {
        Self::start_until(Self::listens, program, &[], &Environment::new())
    }

    fn start_until(
        is_ready: impl Fn(&Self) -> bool,
        program: &Path,
        arguments: &[&str],
        settings: &Environment,
    ) -> Result<Self> {
        let port = stores::free_port()?;
        let mut command = Command::new(program);
        command.args(arguments).env_clear().envs(settings).env("PORT", port.to_string());
        command.stdin(Stdio::null()).stdout(Stdio::null());
        let begun = Instant::now();
        let child = command
            .spawn()
            .map_err(|error| format!("{} cannot be started: {error}: run `make bench`", program.display()))?;
        let mut server = Self { port, started_in: Duration::ZERO, child };
        while !is_ready(&server) {
            if begun.elapsed() > START_WITHIN {
                return Err(format!("{} did not answer", program.display()).into());
            }
            thread::yield_now();
        }
        server.started_in = begun.elapsed();
        Ok(server)
    }

    fn listens(&self) -> bool {
        TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_ok()
    }

    fn answers(&self) -> bool {
        let Ok(mut stream) = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)) else { return false };
        let mut answer = [0; 12];
        let asked = stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: bench\r\nconnection: close\r\n\r\n");
        asked.and_then(|()| stream.read_exact(&mut answer)).is_ok() && answer.ends_with(b" 200")
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Resident memory, and the part of it that is private rather than a file's, in KiB.
    pub(crate) fn memory_kib(&self) -> Result<(f64, f64)> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.id()))?;
        let figure = |name: &str| -> Option<f64> {
            status.lines().find_map(|line| line.strip_prefix(name))?.split_whitespace().next()?.parse().ok()
        };
        figure("VmRSS:").zip(figure("RssAnon:")).ok_or_else(|| "this system does not report memory".into())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Both fail only for a process that has already ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The time that all threads of a process have spent on a processor.
pub(crate) fn cpu_time(process: u32) -> Result<Duration> {
    let mut total = Duration::ZERO;
    for thread in fs::read_dir(format!("/proc/{process}/task"))? {
        // A thread may end in the meantime.
        let Ok(schedstat) = fs::read_to_string(thread?.path().join("schedstat")) else { continue };
        let ns = schedstat.split_whitespace().next().and_then(|ns| ns.parse().ok());
        total += Duration::from_nanos(ns.ok_or("this kernel does not report exact CPU time")?);
    }
    Ok(total)
}
