//! A world for tests of one function: real stores, the sandbox provider, people and performances.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    clippy::must_use_candidate,
    clippy::panic,
    reason = "it is a part of tests, and in a test a panic is the way to fail"
)]

mod client;
mod keys;
mod money;
mod reservation;
mod stage;

pub use client::{Answer, Ask, Client};
pub use money::Ledger;
pub use stage::Stage;

use domain::{
    UserId,
    performance::Performance,
    user::{Email, Role, User},
};
use jiff::{SignedDuration, Timestamp};
use sandbox::{Sandbox, Settings};
use shared::{
    adapters::dynamodb::DynamoStore,
    app::App,
    config::Config,
    http::{Function, Router},
    tokens::{ACCESS_TTL_S, Access, Admission, QueueTicket},
};
use std::time::Duration;
use stores::{Engine, Redis};

/// How long the sandbox's token `slow` takes here.
pub const SLOW_TAKES: Duration = Duration::from_millis(300);

/// Everything that a function needs, for one test.
pub struct World {
    /// The state that functions get.
    pub app: App,
    /// The Redis behind it.
    pub redis: Redis,
    /// The provider behind it.
    pub sandbox: Sandbox,
    store: DynamoStore,
    _engine: Engine,
}

/// Somebody with an account.
#[derive(Debug, Clone)]
pub struct Person {
    /// Who.
    pub user_id: UserId,
    /// Their address.
    pub email: String,
    /// Their access token.
    pub token: String,
}

impl World {
    /// With the settings as they are by default, but no limit per address.
    pub async fn start() -> Self {
        Self::with(&[]).await
    }

    /// With some settings of one's own.
    pub async fn with(settings: &[(&str, &str)]) -> Self {
        let redis = Redis::start(None).await.expect("a Redis");
        let engine = Engine::start(None).expect("an engine");
        let sandbox = Sandbox::start_with(Settings { slow_takes: SLOW_TAKES }).await.expect("a provider");
        let given = |name: &str| settings.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
        let config = Config::from_lookup(&|name| {
            let value = given(name).or(match name {
                "YEMAE_REDIS_URL" => Some(redis.url()),
                "AWS_ENDPOINT_URL_DYNAMODB" => Some(engine.endpoint()),
                "YEMAE_PAYMENT_URL" => Some(sandbox.url()),
                "YEMAE_JWT_PRIVATE_KEY" => Some(keys::PRIVATE),
                "YEMAE_JWT_PUBLIC_KEYS" => Some(keys::PUBLIC),
                "YEMAE_ADDRESS_RATE_PER_MIN" => Some("0"),
                _ => None,
            });
            value.map(str::to_owned)
        });
        let config = config.expect("valid settings");
        let store = DynamoStore::new(config.dynamodb.clone());
        store.create_tables().await.expect("tables");
        Self { app: App::new(&config).expect("valid settings"), redis, sandbox, store, _engine: engine }
    }

    /// Somebody who asks a function.
    #[must_use]
    pub fn client(&self, function: Function, routes: Router) -> Client {
        Client::of(function.service(routes, self.app.clone()))
    }

    /// Somebody with an account, logged in. There is no password to it.
    pub async fn person(&self, role: Role) -> Person {
        let user_id = UserId(self.app.ids.uuid());
        let email = format!("{}@example.org", user_id.0.simple());
        let user =
            User {
                user_id, email: Email::parse(&email).expect("an address"), name: "김관객".into(), role
            };
        self.app.users.create(&user, "no hash").await.expect("an account");
        let iat = self.now().as_second();
        let access = Access { sub: user_id, role, iat, exp: iat + ACCESS_TTL_S };
        Person { user_id, email, token: self.app.tokens.sign(&access).expect("a key") }
    }

    /// A buyer.
    pub async fn buyer(&self) -> Person {
        self.person(Role::Buyer).await
    }

    /// A published performance.
    pub async fn performance(&self, stage: Stage) -> Performance {
        stage.open(&self.app).await
    }

    /// The `Admission-Token` of somebody whom the waiting room let in.
    #[must_use]
    pub fn admission(&self, person: &Person, performance: &Performance) -> String {
        let ends = self.now() + SignedDuration::from_mins(10);
        let ends_at_ms = u64::try_from(ends.as_millisecond()).expect("after 1970");
        let admission = Admission {
            sub: person.user_id,
            performance: performance.performance_id,
            ends_at_ms,
            expires_at_ms: ends_at_ms,
            exp: ends.as_second(),
        };
        self.app.tokens.sign(&admission).expect("a key")
    }

    /// The `Queue-Ticket` of a number.
    #[must_use]
    pub fn ticket(&self, person: &Person, performance: &Performance, number: u64) -> String {
        let exp = self.now().as_second() + 3_600;
        let ticket =
            QueueTicket { sub: person.user_id, performance: performance.performance_id, number, exp };
        self.app.tokens.sign(&ticket).expect("a key")
    }

    /// What time it is.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.app.clock.now()
    }
}
