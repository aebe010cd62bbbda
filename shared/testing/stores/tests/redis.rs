//! Redis starts, keeps what it should, and leaves nothing behind.
#![cfg(test)]

use std::{
    io::{BufRead, BufReader},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use redis::{AsyncTypedCommands, Client, aio::MultiplexedConnection};
use stores::Redis;
use tempfile::TempDir;

#[tokio::test]
async fn a_restart_keeps_the_data_of_a_folder() {
    let folder = TempDir::new().unwrap();
    let mut redis = Redis::start(Some(folder.path())).await.unwrap();
    let url = redis.url().to_owned();
    connect(&url).await.unwrap().set("seat", "A-1-1").await.unwrap();

    redis.restart().await.unwrap();
    assert_eq!(redis.url(), url);
    assert_eq!(connect(&url).await.unwrap().get("seat").await.unwrap().as_deref(), Some("A-1-1"));

    redis.stop().await;
    assert!(connect(&url).await.is_err());
    let redis = Redis::start(Some(folder.path())).await.unwrap();
    assert_eq!(connect(redis.url()).await.unwrap().get("seat").await.unwrap().as_deref(), Some("A-1-1"));
}

#[tokio::test]
async fn a_restart_loses_everything_without_a_folder() {
    let mut redis = Redis::start(None).await.unwrap();
    connect(redis.url()).await.unwrap().set("seat", "A-1-1").await.unwrap();
    redis.restart().await.unwrap();
    assert_eq!(connect(redis.url()).await.unwrap().get("seat").await.unwrap(), None);
}

#[tokio::test]
async fn nothing_runs_after_drop() {
    let redis = Redis::start(None).await.unwrap();
    let url = redis.url().to_owned();
    drop(redis);
    assert!(connect(&url).await.is_err());
}

#[tokio::test]
async fn an_error_repeats_the_last_words_of_redis() {
    let folder = TempDir::new().unwrap();
    Redis::start(Some(folder.path())).await.unwrap().stop().await;
    std::fs::write(folder.path().join("appendonlydir/appendonly.aof.manifest"), "nonsense").unwrap();
    let error = Redis::start(Some(folder.path())).await.err().unwrap().to_string();
    assert!(error.contains("manifest") && error.lines().count() == 1, "{error}");
}

#[test]
fn it_outlives_the_thread_that_started_it() {
    let start = || runtime().block_on(async { tokio::spawn(Redis::start(None)).await.unwrap() });
    let redis = std::thread::spawn(start).join().unwrap().unwrap();
    // If the kernel sent its signal, it would come at once.
    std::thread::sleep(Duration::from_millis(50));
    runtime().block_on(async { connect(redis.url()).await.unwrap() });
}

/// It needs `setpriv`, and is not promised where that is missing.
#[test]
fn it_does_not_outlive_a_killed_owner() {
    if std::env::var_os(OWNER).is_some() {
        return wait_to_be_killed();
    }
    if !Command::new("setpriv")
        .args(["--pdeathsig", "KILL", "true"])
        .status()
        .is_ok_and(|done| done.success())
    {
        return;
    }
    let leftovers = TempDir::new().unwrap();
    let mut owner = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "it_does_not_outlive_a_killed_owner", "--nocapture"])
        .env(OWNER, "1")
        .env("TMPDIR", leftovers.path())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(owner.stdout.take().unwrap()).lines().map(Result::unwrap);
    let url = lines.find_map(|line| line.find("redis://").map(|at| line[at..].to_owned())).unwrap();
    runtime().block_on(async { connect(&url).await.unwrap() });

    owner.kill().unwrap();
    owner.wait().unwrap();
    let deadline = Instant::now() + Duration::from_secs(2);
    while runtime().block_on(async { connect(&url).await.is_ok() }) {
        assert!(Instant::now() < deadline, "Redis still runs");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Tells a process that this test starts that it is the owner.
const OWNER: &str = "YEMAE_TEST_OWNER";

fn wait_to_be_killed() {
    let redis = runtime().block_on(Redis::start(None)).unwrap();
    println!("{}", redis.url());
    std::thread::sleep(Duration::from_mins(1));
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

async fn connect(url: &str) -> redis::RedisResult<MultiplexedConnection> {
    Client::open(url)?.get_multiplexed_async_connection().await
}
