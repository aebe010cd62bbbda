//! The system's Redis, started for one owner.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use tempfile::TempDir;

use crate::{
    StartError,
    process::{self, TiedProcess},
};

const STORE: &str = "redis-server";

/// How long Redis has to read its data and answer.
const START_WITHIN: Duration = Duration::from_secs(5);

/// How long Redis has to end by itself.
const STOP_WITHIN: Duration = Duration::from_secs(5);

/// Another process can take a free port before Redis does. Three times in a row is not chance.
const PORTS_TRIED_MAX: usize = 3;

/// A running Redis that ends with its owner.
pub struct Redis {
    url: String,
    port: u16,
    place: RedisFolder,
    process: TiedProcess,
}

impl Redis {
    /// Starts Redis and waits until it answers. Its data outlives it in the folder `data`; without one nothing does.
    pub async fn start(data: Option<&Path>) -> Result<Self, StartError> {
        let place = RedisFolder::open(data)?;
        let mut tried = 0;
        loop {
            tried += 1;
            let port = process::free_port().map_err(StartError::refused(STORE, "a port"))?;
            match launch(port, &place).await {
                Ok(process) => {
                    return Ok(Self { url: format!("redis://127.0.0.1:{port}"), port, place, process });
                }
                Err(StartError::Ended { .. }) if tried < PORTS_TRIED_MAX => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Where it listens: `redis://127.0.0.1:<port>`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Its process id, which each restart changes.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// Kills it as a crash would; [`Redis::restart`] starts it again.
    pub fn kill(&mut self) {
        self.process.kill();
    }

    /// Kills it as a crash would, and starts it again: at the same address, with the same data, or none if it has no
    /// folder.
    pub async fn restart(&mut self) -> Result<(), StartError> {
        self.process.kill();
        self.process = launch(self.port, &self.place).await?;
        Ok(())
    }

    /// Lets it write its data and end; kills it if it does not.
    pub async fn stop(mut self) {
        process::ask(self.port, "SHUTDOWN\r\n").await;
        // If it does not end, the drop that follows kills it.
        self.process.ends(STOP_WITHIN).await;
    }
}

/// Where one Redis keeps its files.
enum RedisFolder {
    Kept(PathBuf),
    Temporary(TempDir),
}

impl RedisFolder {
    fn open(data: Option<&Path>) -> Result<Self, StartError> {
        let Some(folder) = data else {
            return TempDir::new()
                .map(Self::Temporary)
                .map_err(StartError::refused(STORE, "a temporary folder"));
        };
        fs::create_dir_all(folder).map_err(StartError::data(STORE, folder))?;
        Ok(Self::Kept(folder.to_owned()))
    }

    fn folder(&self) -> &Path {
        match self {
            Self::Kept(folder) => folder,
            Self::Temporary(folder) => folder.path(),
        }
    }
}

async fn launch(port: u16, place: &RedisFolder) -> Result<TiedProcess, StartError> {
    let mut process = TiedProcess::start(STORE, command(port, place)?, place.folder().join("redis.log"))?;
    let own_id = format!("process_id:{}\r\n", process.id());
    // Another Redis may have taken the port in between: only ours answers with its own process id.
    let ours = |answer: &str| answer.starts_with("+PONG") && answer.contains(&own_id);
    process.answers(port, "PING\r\nINFO server\r\nQUIT\r\n", START_WITHIN, ours).await?;
    Ok(process)
}

fn command(port: u16, place: &RedisFolder) -> Result<Command, StartError> {
    let program = process::on_path(STORE).ok_or(StartError::RedisMissing)?;
    let mut command = process::tied(&program);
    command.args(["--bind", "127.0.0.1", "--port", &port.to_string(), "--loglevel", "warning", "--save", ""]);
    command.arg("--dir").arg(place.folder());
    match place {
        // Without fsync each command is with the kernel before its answer leaves: a crash of Redis loses nothing, only
        // a crash of the machine does. With fsync every second, a slow disk makes Redis hold writes back.
        RedisFolder::Kept(_) => command.args(["--appendonly", "yes", "--appendfsync", "no"]),
        RedisFolder::Temporary(_) => command.args(["--appendonly", "no"]),
    };
    Ok(command)
}
