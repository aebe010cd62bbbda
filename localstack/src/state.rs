//! Where the state of a run lives: in stores that the environment names, or in stores of our own, which keep their data.

use crate::{
    RunError,
    data::Data,
    settings::{RunSettings, given},
};
use sandbox::Sandbox;
use shared::{adapters::dynamodb::DynamoStore, app::App, config::DynamoConfig, ports::StoreError};
use std::{error::Error, time::Duration};
use stores::{Engine, Redis};
use tokio::time::timeout;

const REDIS: &str = "YEMAE_REDIS_URL";
const DYNAMODB: &str = "AWS_ENDPOINT_URL_DYNAMODB";
const PAYMENTS: &str = "YEMAE_PAYMENT_URL";

/// How long a store may take for its first answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(8);
/// How long creating the tables may take, which is longer.
const TABLES_WITHIN: Duration = Duration::from_mins(1);

/// What was started for this run. It ends when this is dropped.
pub(crate) struct RunningStores {
    redis: Option<Redis>,
    engine: Option<Engine>,
    sandbox: Option<Sandbox>,
}

impl RunningStores {
    /// Starts what the environment does not name, and adds its address to the settings.
    pub(crate) async fn start(data: &Data, settings: &mut RunSettings) -> Result<Self, RunError> {
        let mut state = Self { redis: None, engine: None, sandbox: None };
        if given(REDIS).is_none() {
            let redis = state.redis.insert(Redis::start(Some(&data.path("redis"))).await?);
            settings.add(REDIS, redis.url());
        }
        if given(DYNAMODB).is_none() {
            let engine = state.engine.insert(Engine::start(Some(&data.path("dynamodb.sqlite")))?);
            settings.add(DYNAMODB, engine.endpoint());
        }
        if given(PAYMENTS).is_none() {
            let sandbox = state.sandbox.insert(Sandbox::start().await?);
            settings.add(PAYMENTS, sandbox.url());
        }
        Ok(state)
    }

    /// The name and address of each part. An address from the environment is not printed, since it may carry a password.
    pub(crate) fn places(&self) -> [(&'static str, String); 3] {
        let place = |own: Option<&str>, variable: &str| {
            own.map_or_else(|| format!("as {variable} says"), str::to_owned)
        };
        [
            ("Redis", place(self.redis.as_ref().map(Redis::url), REDIS)),
            ("DynamoDB", place(self.engine.as_ref().map(Engine::endpoint), DYNAMODB)),
            ("payments", place(self.sandbox.as_ref().map(Sandbox::url), PAYMENTS)),
        ]
    }

    /// Lets Redis write its data; the rest ends on drop.
    pub(crate) async fn stop(self) {
        if let Some(redis) = self.redis {
            redis.stop().await;
        }
    }
}

/// Makes sure that both stores answer and that the tables exist.
pub(crate) async fn prepare(app: &App, dynamodb: DynamoConfig) -> Result<(), RunError> {
    bounded(REDIS, ANSWER_WITHIN, app.health.redis.check()).await?;
    let tables = DynamoStore::new(dynamodb);
    bounded(DYNAMODB, TABLES_WITHIN, Box::pin(tables.create_tables())).await?;
    Ok(())
}

async fn bounded<T>(
    variable: &str,
    within: Duration,
    work: impl Future<Output = Result<T, StoreError>>,
) -> Result<T, RunError> {
    let why = match timeout(within, work).await {
        Ok(Ok(done)) => return Ok(done),
        Ok(Err(error)) => root_cause(&error),
        Err(_elapsed) => format!("no answer within {} s", within.as_secs()),
    };
    Err(format!("the store of {variable} does not answer ({why}): start it, or unset {variable}").into())
}

/// The system's own error: the layers above it only say that a store is unavailable, which the line already says.
fn root_cause(error: &dyn Error) -> String {
    let mut cause = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    cause.to_string()
}
