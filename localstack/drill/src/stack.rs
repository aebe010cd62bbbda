//! All of Yemae on this machine, for one exercise: each function, store and provider a process of its own, with lines between
//! them that can be cut, and the gateway in front.

use crate::{DrillResult, part::Part};
use all::FUNCTIONS;
use domain::{
    UserId,
    user::{Email, Password, Role, User},
};
use gateway::Gateway;
use shared::{
    adapters::{dynamodb::DynamoStore, system::RandomIds},
    config::Config,
    ports::{Ids as _, Users as _},
    services::passwords,
};
use std::{collections::BTreeMap, future::pending, net::Ipv4Addr, path::Path, sync::Arc, time::Duration};
use stores::Redis;
use tempfile::TempDir;
use testkit::{PRIVATE_KEY, PUBLIC_KEY, StoreLine, program};
use tokio::{
    net::TcpListener,
    task::{JoinHandle, JoinSet},
    time::{MissedTickBehavior, interval},
};

/// Names of tables begin with it.
const TABLES: &str = "yemae-drill-";
/// The table of seats.
pub(crate) const SEATS: &str = "yemae-drill-seats";
/// How often the timer calls `sweep` and `relay`. A timer in a cluster calls once a minute; here time is short.
const TIMER: Duration = Duration::from_secs(2);
/// A call of the timer that takes longer is given up.
const TIMER_GIVES_UP: Duration = Duration::from_secs(10);
/// Functions that reach the books by a line of their own, so that the queue alone can lose them.
const QUEUE: [&str; 3] = ["enqueue", "queue-status", "admit"];

/// The organizer of the exercise.
pub(crate) const ORGANIZER: (&str, &str) = ("organizer@yemae.test", "a long password");

/// A running stack. Dropping it ends every process and deletes its data.
pub(crate) struct Stack {
    pub(crate) redis: Redis,
    pub(crate) engine: Part,
    pub(crate) functions: BTreeMap<&'static str, Part>,
    /// The port of each function's `/metrics`.
    pub(crate) metrics: BTreeMap<&'static str, u16>,
    pub(crate) lines: Lines,
    pub(crate) provider: Part,
    /// The books, read by the audit without a line between.
    pub(crate) books: DynamoStore,
    /// The front's address.
    pub(crate) front: String,
    timer: JoinHandle<()>,
    // Last, so that no process writes to it any more.
    folder: TempDir,
}

/// What connects the parts.
pub(crate) struct Lines {
    /// From all functions to the books, except the queue's.
    pub(crate) books: StoreLine,
    /// From the queue's functions to the books.
    pub(crate) queue_books: StoreLine,
    /// From the functions to the payment provider.
    pub(crate) provider: StoreLine,
    /// From `relay` to Redis.
    pub(crate) relay_redis: StoreLine,
}

impl Stack {
    /// Starts everything on free ports.
    pub(crate) async fn start() -> DrillResult<Self> {
        let folder = tempfile::Builder::new().prefix("yemae-drill-").tempdir()?;
        let redis = Redis::start(Some(&folder.path().join("redis"))).await?;
        let mut engine = engine(folder.path())?;
        engine.start().await?;
        let provider =
            Part::new("payments", stores::free_port()?, program("sandbox-payments"), folder.path());
        let mut provider = on_its_port(provider);
        provider.start().await?;
        let lines = Lines {
            books: StoreLine::to(&engine.url()).await,
            queue_books: StoreLine::to(&engine.url()).await,
            provider: StoreLine::to(&provider.url()).await,
            relay_redis: StoreLine::to(redis.url()).await,
        };
        let books = books(&engine.url()).await?;
        let (mut running, mut metrics) = (BTreeMap::new(), BTreeMap::new());
        for (mut function, metrics_port) in functions(&redis, &lines, folder.path())? {
            function.start().await?;
            metrics.insert(function.name, metrics_port);
            running.insert(function.name, function);
        }
        let functions = running;
        let front = serve_front(&functions).await?;
        let timer = start_timer(&functions)?;
        Ok(Self { redis, engine, functions, metrics, lines, provider, books, front, timer, folder })
    }

    /// The folder of everything that must not outlive the exercise.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A function by its name.
    pub(crate) fn function(&mut self, name: &str) -> DrillResult<&mut Part> {
        self.functions.get_mut(name).ok_or_else(|| format!("no function {name}").into())
    }
}

impl Drop for Stack {
    fn drop(&mut self) {
        self.timer.abort();
    }
}

/// The engine, which ignores the signal that a full disk would end it with: the write then fails, as on a full disk.
fn engine(folder: &Path) -> DrillResult<Part> {
    let file = folder.join("dynamodb.sqlite");
    let part = Part::new("dynamodb", stores::free_port()?, "env".into(), folder);
    let part = part.arguments(["--ignore-signal=XFSZ".into(), program("yemae-dynamodb").into_os_string()]);
    Ok(on_its_port(part.arguments([file])))
}

fn on_its_port(part: Part) -> Part {
    let setting = ("PORT", part.port.to_string());
    part.settings([setting])
}

/// Each function, and the port of its `/metrics`.
fn functions(redis: &Redis, lines: &Lines, folder: &Path) -> DrillResult<Vec<(Part, u16)>> {
    let mut functions = Vec::new();
    let relay_port = stores::free_port()?;
    let relay_url = format!("http://{}:{relay_port}", Ipv4Addr::LOCALHOST);
    for registered in FUNCTIONS {
        let name = registered.function.name;
        let port = if name == "relay" { relay_port } else { stores::free_port()? };
        let metrics_port = stores::free_port()?;
        let line = if QUEUE.contains(&name) { &lines.queue_books } else { &lines.books };
        let redis = match name {
            "relay" => format!("redis://{}", lines.relay_redis.address()),
            _ => redis.url().to_owned(),
        };
        let function = Part::new(name, port, program(name), folder).settings([
            ("PORT", port.to_string()),
            ("YEMAE_REDIS_URL", redis),
            ("AWS_ENDPOINT_URL_DYNAMODB", line.url()),
            ("YEMAE_TABLE_PREFIX", TABLES.to_owned()),
            ("YEMAE_PAYMENT_URL", lines.provider.url()),
            ("YEMAE_RELAY_URL", relay_url.clone()),
            ("YEMAE_JWT_PRIVATE_KEY", PRIVATE_KEY.to_owned()),
            ("YEMAE_JWT_PUBLIC_KEYS", PUBLIC_KEY.to_owned()),
            // All buyers have this machine's address.
            ("YEMAE_ADDRESS_RATE_PER_MIN", "0".to_owned()),
            // The shortest that a buyer who waits out a fault can do with.
            ("YEMAE_PAY_WINDOW_S", "60".to_owned()),
            ("YEMAE_LOG", "warn".to_owned()),
            ("OTEL_METRICS_EXPORTER", "prometheus".to_owned()),
            ("OTEL_EXPORTER_PROMETHEUS_HOST", Ipv4Addr::LOCALHOST.to_string()),
            ("OTEL_EXPORTER_PROMETHEUS_PORT", metrics_port.to_string()),
        ]);
        functions.push((function, metrics_port));
    }
    Ok(functions)
}

async fn books(engine: &str) -> DrillResult<DynamoStore> {
    let config = Config::from_lookup(&|name| match name {
        "AWS_ENDPOINT_URL_DYNAMODB" => Some(engine.to_owned()),
        "YEMAE_TABLE_PREFIX" => Some(TABLES.to_owned()),
        _ => None,
    })?;
    let books = DynamoStore::new(config.dynamodb);
    books.create_tables().await?;
    let (email, password) = ORGANIZER;
    let email = Email::parse(email)?;
    let user_id = UserId(RandomIds::default().uuid());
    let user = User { user_id, email, name: "기획".into(), role: Role::Organizer };
    let password = Password::parse(password)?;
    books.create(&user, &passwords::hash(&password, [7; 16])).await?;
    Ok(books)
}

async fn serve_front(functions: &BTreeMap<&'static str, Part>) -> DrillResult<String> {
    let front = functions
        .iter()
        .fold(Gateway::default(), |front, (name, part)| front.with_process(name, part.address()));
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let address = format!("http://{}", listener.local_addr()?);
    tokio::spawn(gateway::serve(listener, front, pending()));
    Ok(address)
}

/// What a `CronJob` does in a cluster. A function that is away is called again with the next tick.
fn start_timer(functions: &BTreeMap<&'static str, Part>) -> DrillResult<JoinHandle<()>> {
    let client = reqwest::Client::builder().no_proxy().timeout(TIMER_GIVES_UP).build()?;
    let urls: Arc<[String]> =
        ["sweep", "relay"].iter().filter_map(|name| functions.get(name)).map(Part::url).collect();
    Ok(tokio::spawn(async move {
        let mut ticks = interval(TIMER);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            // The next calls wait for these: while the books are slow, more calls would make them slower.
            let mut calls = JoinSet::new();
            for url in urls.iter().cloned() {
                let call = client.post(url);
                calls.spawn(async move { call.send().await.map(drop) });
            }
            while calls.join_next().await.is_some() {}
        }
    }))
}
