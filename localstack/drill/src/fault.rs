//! The faults: one thing at a time is broken, stays so for some seconds, and is mended.

use crate::{
    DrillResult, planted,
    scene::Scene,
    stack::{ORGANIZER, Stack},
};
use reqwest::StatusCode;
use serde_json::json;
use std::{
    process::Command,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    task::JoinSet,
    time::{Instant, sleep},
};

/// By this much every answer and every question to the slow engine is late.
const SLOW_BY: Duration = Duration::from_millis(250);
/// By this much the clocks of buyers are off.
const CLOCK_OFF_S: i64 = 3_600;
/// As many buyers come at a time while payments fail.
const CROWD: usize = 3;
/// As many log in at once: more than one process lets wait.
const STORM: usize = 300;
const STORM_AGAIN_AFTER: Duration = Duration::from_millis(100);

macro_rules! faults {
    ($($variant:ident $name:literal $lasts_s:literal $alerts:expr, $what:literal;)+) => {
        /// One thing that breaks.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum PlannedFault { $(#[doc = $what] $variant),+ }

        impl PlannedFault {
            /// All of them, in the order of the exercise.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name on the command line.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// What happens.
            #[must_use]
            pub fn what(self) -> &'static str {
                match self { $(Self::$variant => $what),+ }
            }

            /// The alerts that have to fire because of it.
            #[must_use]
            pub fn alerts(self) -> &'static [&'static str] {
                match self { $(Self::$variant => $alerts),+ }
            }

            /// How long each broken part stays so.
            fn lasts(self) -> Duration {
                Duration::from_secs(match self { $(Self::$variant => $lasts_s),+ })
            }
        }
    };
}

faults! {
    ClientClock "client-clock" 12 &[], "the clocks of half the buyers are 1 h ahead, and 1 h behind";
    RedisKilled "redis-killed" 4 &["YemaeRedisRebuilt"], "Redis is killed, and started with its data";
    RedisFlushed "redis-flushed" 1 &["YemaeRedisRebuilt"], "Redis forgets everything";
    RedisPaused "redis-paused" 10 &["YemaeStoreFails"], "Redis answers nothing";
    EngineKilled "engine-killed" 10 &["YemaeStoreFails", "YemaeErrorBudgetFast"], "the DynamoDB engine is killed, and started";
    EngineSlow "engine-slow" 12 &[], "each call to the DynamoDB engine takes half a second longer";
    EngineFull "engine-full" 10 &["YemaeStoreFails"], "the DynamoDB engine's disk is full";
    FunctionsKilled "functions-killed" 6 &["YemaeFunctionAway"], "lock-seat is killed and started, then book";
    ProviderAway "provider-away" 12 &["YemaePaymentsFail"], "the payment provider's machine is away";
    Hashing "hashing" 12 &["YemaeHashingSaturated"], "300 clients log in without a pause";
    RelayCutOff "relay-cut-off" 15 &["YemaeOutboxOld"], "relay does not reach Redis";
    TimerStopped "background-killed" 15 &["YemaeSweepOld"], "sweep and relay are killed, and started";
    QueueStuck "queue-stuck" 15 &["YemaeQueueStuck"], "the queue's functions do not reach the books";
    Oversold "oversold" 0 &["YemaeOversold"], "a sold seat is given to another booking, behind Yemae's back";
}

impl PlannedFault {
    /// The fault of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|fault| fault.name() == name)
    }

    /// Breaks it, waits, and mends it.
    pub(crate) async fn happen(self, stack: &mut Stack, scene: &Arc<Scene>) -> DrillResult<()> {
        let lasts = self.lasts();
        match self {
            Self::ClientClock => {
                scene.clocks_off_s.store(CLOCK_OFF_S, Ordering::Relaxed);
                sleep(lasts).await;
                scene.clocks_off_s.store(0, Ordering::Relaxed);
            }
            Self::RedisKilled => {
                stack.redis.kill();
                sleep(lasts).await;
                stack.redis.restart().await?;
            }
            Self::RedisFlushed => flush(stack.redis.url()).await?,
            Self::RedisPaused => {
                stores::signal(stack.redis.id(), "STOP")?;
                sleep(lasts).await;
                stores::signal(stack.redis.id(), "CONT")?;
            }
            Self::EngineKilled => {
                stack.engine.kill();
                sleep(lasts).await;
                stack.engine.start().await?;
            }
            Self::EngineSlow => {
                for line in [&stack.lines.books, &stack.lines.queue_books] {
                    line.slow(SLOW_BY);
                }
                sleep(lasts).await;
                for line in [&stack.lines.books, &stack.lines.queue_books] {
                    line.mend();
                }
            }
            Self::EngineFull => {
                let engine = stack.engine.id()?;
                limit_files(engine, "1")?;
                sleep(lasts).await;
                limit_files(engine, "unlimited")?;
            }
            Self::FunctionsKilled => {
                for name in ["lock-seat", "book"] {
                    restart_after(stack, &[name], lasts).await?;
                }
            }
            Self::ProviderAway => {
                stack.lines.provider.break_off();
                // An alert needs several payments, and its range is only seconds here.
                scene.at_a_time.store(CROWD, Ordering::Relaxed);
                sleep(lasts).await;
                scene.at_a_time.store(1, Ordering::Relaxed);
                stack.lines.provider.mend();
            }
            Self::Hashing => storm(&stack.function("login")?.url(), scene, lasts).await,
            Self::RelayCutOff => {
                stack.lines.relay_redis.cut();
                sleep(lasts).await;
                stack.lines.relay_redis.mend();
            }
            Self::TimerStopped => restart_after(stack, &["sweep", "relay"], lasts).await?,
            Self::QueueStuck => {
                stack.lines.queue_books.break_off();
                sleep(lasts).await;
                stack.lines.queue_books.mend();
            }
            Self::Oversold => planted::sell_twice(stack, scene).await?,
        }
        Ok(())
    }
}

/// Kills functions and starts them again, as a platform does.
async fn restart_after(stack: &mut Stack, names: &[&str], time: Duration) -> DrillResult<()> {
    for name in names {
        stack.function(name)?.kill();
    }
    sleep(time).await;
    for name in names {
        stack.function(name)?.start().await?;
    }
    Ok(())
}

async fn flush(redis: &str) -> DrillResult<()> {
    let address = redis.trim_start_matches("redis://");
    let mut redis = TcpStream::connect(address).await?;
    redis.write_all(b"FLUSHALL\r\nQUIT\r\n").await?;
    let mut answer = String::new();
    redis.read_to_string(&mut answer).await?;
    if answer.starts_with("+OK") { Ok(()) } else { Err(format!("FLUSHALL: {answer}").into()) }
}

/// How large a file of this process may become. Beyond that a write fails, as on a full disk.
fn limit_files(process: u32, bytes: &str) -> DrillResult<()> {
    let limit = format!("--fsize={bytes}:unlimited");
    let output = Command::new("prlimit").args(["--pid", &process.to_string(), &limit]).output()?;
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into()) }
}

/// Logs in from many clients at once that do not wait as they are told. They go past the gateway, whose sockets are this process's.
async fn storm(login: &str, scene: &Scene, lasts: Duration) {
    let until = Instant::now() + lasts;
    let (email, password) = ORGANIZER;
    let account = json!({ "email": email, "password": password });
    let mut clients = JoinSet::new();
    for _ in 0..STORM {
        let request = scene.http().post(format!("{login}/v1/login")).json(&account);
        clients.spawn(async move {
            while Instant::now() < until {
                let Some(again) = request.try_clone() else { return };
                let answer = again.timeout(lasts).send().await;
                if answer.is_ok_and(|answer| answer.status() == StatusCode::SERVICE_UNAVAILABLE) {
                    sleep(STORM_AGAIN_AFTER).await;
                }
            }
        });
    }
    while clients.join_next().await.is_some() {}
}
