//! The one connection of a process to Redis, opened on first use.

use futures_util::future::join_all;
use redis::{
    Client, Cmd, IntoConnectionInfo, RedisResult, Value,
    aio::{ConnectionLike as _, ConnectionManager, ConnectionManagerConfig},
    cluster::ClusterClient,
    cluster_async::ClusterConnection,
    io::tcp::TcpSettings,
};
use secrecy::{ExposeSecret as _, SecretString};
use std::time::Duration;
use tokio::sync::OnceCell;

/// A node answers within a millisecond; one that is silent for a second is gone.
const TIMEOUT: Duration = Duration::from_secs(1);
/// How often connecting is tried again before a request fails.
const RECONNECTS_MAX: usize = 1;

/// A connection that opens itself, and again after it breaks.
pub(super) struct Connection {
    url: SecretString,
    link: OnceCell<Link>,
}

/// To one server, or to a cluster of them.
enum Link {
    Server(ConnectionManager),
    Cluster(Box<ClusterConnection>),
}

impl Connection {
    /// Opens nothing yet.
    pub(super) fn new(url: &SecretString) -> Self {
        Self { url: url.clone(), link: OnceCell::new() }
    }

    /// Send a command and wait for its answer. If the connection turns out to be broken it is sent again, which may do
    /// it twice: every command of this adapter is harmless to repeat.
    pub(super) async fn send(&self, command: &Cmd) -> RedisResult<Value> {
        let link = self.link.get_or_try_init(|| Link::open(self.url.expose_secret())).await?;
        match link.send(command).await {
            Err(error) if error.is_connection_dropped() => link.send(command).await,
            answer => answer,
        }
    }

    /// Send commands together and wait for all answers: one round trip, or one to each node of a cluster.
    pub(super) async fn send_all(&self, commands: &[&Cmd]) -> RedisResult<Vec<RedisResult<Value>>> {
        let link = self.link.get_or_try_init(|| Link::open(self.url.expose_secret())).await?;
        match link.send_all(commands).await {
            Err(error) if error.is_connection_dropped() => link.send_all(commands).await,
            answers => answers,
        }
    }
}

impl Link {
    /// `redis+cluster://` and `rediss+cluster://` name one or, with commas, several nodes of a cluster.
    async fn open(url: &str) -> RedisResult<Self> {
        match url.split_once("+cluster://") {
            Some((scheme, nodes)) => open_cluster(scheme, nodes).await,
            None => open_server(url),
        }
    }

    async fn send(&self, command: &Cmd) -> RedisResult<Value> {
        let answer = match self {
            Self::Server(manager) => manager.clone().send_packed_command(command).await,
            Self::Cluster(cluster) => cluster.clone().req_packed_command(command).await,
        };
        answer.and_then(Value::extract_error)
    }

    async fn send_all(&self, commands: &[&Cmd]) -> RedisResult<Vec<RedisResult<Value>>> {
        match self {
            Self::Server(manager) => {
                let mut pipeline = redis::pipe();
                for command in commands {
                    pipeline.add_command((*command).clone());
                }
                let answers = manager.clone().send_packed_commands(&pipeline, 0, commands.len()).await?;
                Ok(answers.into_iter().map(Value::extract_error).collect())
            }
            // The client's pipelines know one hash slot only. Commands sent at once share the connection to their node.
            Self::Cluster(_) => Ok(join_all(commands.iter().map(|command| self.send(command))).await),
        }
    }
}

fn open_server(url: &str) -> RedisResult<Link> {
    let info = url.into_connection_info()?.set_tcp_settings(without_delay());
    let config = ConnectionManagerConfig::new()
        .set_number_of_retries(RECONNECTS_MAX)
        .set_connection_timeout(Some(TIMEOUT))
        .set_response_timeout(Some(TIMEOUT));
    Ok(Link::Server(ConnectionManager::new_lazy_with_config(Client::open(info)?, config)?))
}

async fn open_cluster(scheme: &str, nodes: &str) -> RedisResult<Link> {
    let client = ClusterClient::builder(nodes.split(',').map(|node| format!("{scheme}://{node}")))
        .tcp_settings(without_delay())
        .retries(1)
        .connection_timeout(TIMEOUT)
        .response_timeout(TIMEOUT)
        .build()?;
    Ok(Link::Cluster(Box::new(client.get_async_connection().await?)))
}

/// Without this (Nagle's algorithm) a small command waits for the answer to the one before.
fn without_delay() -> TcpSettings {
    TcpSettings::default().set_nodelay(true)
}
