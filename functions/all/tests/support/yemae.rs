//! All of Yemae: every function as a process, real stores, the sandbox, and the gateway in front.

use super::{PRIVATE_PEM, PUBLIC_PEM, Process};
use all::FUNCTIONS;
use axum::Router;
use domain::{
    UserId,
    user::{Email, Password, Role, User},
};
use gateway::Gateway;
use journey::RunningYemae;
use sandbox::Sandbox;
use shared::{
    adapters::{dynamodb::DynamoStore, system::RandomIds},
    config::Config,
    ports::{Ids as _, Users as _},
    services::passwords,
};
use std::{
    env,
    net::SocketAddr,
    time::{Duration, Instant},
};
use stores::Redis;
use testkit::{serve, until_it_listens};

/// How long a process may take to stop.
const STOP_WITHIN: Duration = Duration::from_secs(10);

/// The credentials that a DynamoDB elsewhere asks for.
const CREDENTIALS: [&str; 3] = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"];

pub struct Yemae {
    front: SocketAddr,
    books: DynamoStore,
    processes: Vec<Process>,
    _stores: (Redis, Sandbox),
}

impl Yemae {
    /// Starts it on the DynamoDB at this address, in tables of its own.
    pub async fn start(dynamodb: &str) -> Self {
        Self::start_with(dynamodb, &[("YEMAE_LOG", "warn")], Process::start, |front| front).await
    }

    /// The same with further settings, each function started in this way, and something about the front.
    pub async fn start_with(
        dynamodb: &str,
        further: &[(&str, &str)],
        start: impl Fn(&'static str, &[(&str, &str)]) -> Process,
        around: impl FnOnce(Router) -> Router,
    ) -> Self {
        let stores = (Redis::start(None).await.unwrap(), Sandbox::start().await.unwrap());
        let credentials = CREDENTIALS.map(|name| (name, env::var(name).unwrap_or_default()));
        let mut settings = vec![
            ("YEMAE_REDIS_URL", stores.0.url()),
            ("AWS_ENDPOINT_URL_DYNAMODB", dynamodb),
            ("YEMAE_TABLE_PREFIX", "yemae-journey-"),
            ("YEMAE_PAYMENT_URL", stores.1.url()),
            ("YEMAE_JWT_PRIVATE_KEY", PRIVATE_PEM),
            ("YEMAE_JWT_PUBLIC_KEYS", PUBLIC_PEM),
        ];
        settings.extend(further);
        let given = credentials.iter().filter(|(_, value)| !value.is_empty());
        settings.extend(given.map(|(name, value)| (*name, value.as_str())));
        let books = books(&settings).await;
        let names = FUNCTIONS.iter().map(|registered| registered.function.name);
        let processes: Vec<_> = names.map(|name| start(name, &settings)).collect();
        for process in &processes {
            until_it_listens(process.name, process.address).await;
        }
        let front = serve(around(gateway(&processes))).await;
        Self { front, books, processes, _stores: stores }
    }

    /// Its address, with an organizer made for the caller.
    pub async fn house(&self) -> RunningYemae {
        let user_id = UserId(RandomIds::default().uuid());
        let (email, password) = (format!("organizer-{user_id}@yemae.test"), "a long password");
        let address = Email::parse(&email).unwrap();
        let user = User { user_id, email: address, name: "기획".into(), role: Role::Organizer };
        let hash = passwords::hash(&Password::parse(password).unwrap(), [7; 16]);
        self.books.create(&user, &hash).await.unwrap();
        RunningYemae { base: self.base(), organizer_email: email, organizer_password: password.to_owned() }
    }

    /// The address of its front.
    pub fn base(&self) -> String {
        format!("http://{}", self.front)
    }

    /// A function as it can be reached from inside.
    pub fn process(&self, name: &str) -> SocketAddr {
        self.processes.iter().find(|process| process.name == name).unwrap().address
    }

    /// Asks every process to stop. Each must exit with success and in time.
    pub fn stop(mut self) {
        let deadline = Instant::now() + STOP_WITHIN;
        self.processes.iter().for_each(Process::terminate);
        for process in &mut self.processes {
            assert_eq!(process.exit_code(deadline), Some(0), "{} did not stop well", process.name);
        }
    }
}

async fn books(settings: &[(&str, &str)]) -> DynamoStore {
    let setting = |name: &str| settings.iter().find(|(known, _)| *known == name);
    let config = Config::from_lookup(&|name| setting(name).map(|(_, value)| (*value).to_owned())).unwrap();
    let books = DynamoStore::new(config.dynamodb);
    books.create_tables().await.unwrap();
    books
}

fn gateway(processes: &[Process]) -> Router {
    let empty = Gateway::default();
    let gateway =
        processes.iter().fold(empty, |gateway, process| gateway.with_process(process.name, process.address));
    gateway.into_router()
}
