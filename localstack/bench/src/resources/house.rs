//! A whole Yemae of which everything is counted: each function has lines of its own to the stores, so that calls and bytes
//! are known by function.

use super::{
    footprint::Footprint,
    line::CountedLine,
    traffic::{Protocol, StoreTraffic},
};
use crate::{
    Result,
    server::{Server, cpu_time},
    stage::{self, Environment},
};
use all::{FUNCTIONS, Registered};
use domain::{layout::Layout, performance::Performance};
use sandbox::Sandbox;
use shared::{
    adapters::dynamodb::DynamoStore, app::App, config::Config, http::serve::listen, ports::Programme as _,
};
use std::{
    collections::BTreeMap,
    future::pending,
    net::Ipv4Addr,
    path::{Path, PathBuf},
    time::Duration,
};
use stores::{Engine, Redis};
use tokio::net::TcpListener;

/// Each function, and a performance on sale.
pub struct CountedHouse {
    pub(crate) performance: Performance,
    pub(crate) layout: Layout,
    /// Not counted: for what is prepared rather than measured.
    pub(crate) config: Config,
    pub(crate) functions: BTreeMap<&'static str, RunningFunction>,
    redis_id: u32,
    engine: RunningEngine,
    _redis: Redis,
    _sandbox: Sandbox,
}

pub(crate) struct RunningFunction {
    pub(crate) port: u16,
    redis: CountedLine,
    dynamodb: CountedLine,
    /// The process and what it took at rest, where it has one of its own.
    process: Option<(Server, Footprint)>,
}

enum RunningEngine {
    Process(Server),
    Here { _engine: Engine },
}

/// What was spent up to a moment.
#[derive(Debug, Clone, Default)]
pub struct Usage {
    pub(crate) function: Duration,
    pub(crate) redis: Duration,
    pub(crate) engine: Duration,
    /// Over the function's line to Redis.
    pub to_redis: StoreTraffic,
    /// Over the function's line to DynamoDB.
    pub to_dynamodb: StoreTraffic,
    /// Bytes to the client.
    pub(crate) to_client: u64,
}

impl CountedHouse {
    /// Every function and the engine as a process of its own, from a folder of programs.
    pub(crate) async fn of_programs(programs: &Path) -> Result<Self> {
        let engine = Server::start_store(&programs.join("yemae-dynamodb"))?;
        let endpoint = format!("http://127.0.0.1:{}", engine.port);
        Self::open(RunningEngine::Process(engine), endpoint, Some(programs.to_owned())).await
    }

    /// Everything but Redis in this process: for counting calls.
    ///
    /// # Errors
    /// A store cannot be started.
    pub async fn in_this_process() -> Result<Self> {
        let engine = Engine::start(None)?;
        let endpoint = engine.endpoint().to_owned();
        Self::open(RunningEngine::Here { _engine: engine }, endpoint, None).await
    }

    async fn open(engine: RunningEngine, endpoint: String, programs: Option<PathBuf>) -> Result<Self> {
        let (redis, sandbox) = (Redis::start(None).await?, Sandbox::start().await?);
        let mut settings = stage::settings(&endpoint, redis.url())?;
        settings.insert("YEMAE_PAYMENT_URL", sandbox.url().to_owned());
        // Counting requests by address is a part of what each costs. Here all come from one.
        settings.insert("YEMAE_ADDRESS_RATE_PER_MIN", "1000000".to_owned());
        let config = Config::from_lookup(&|name| settings.get(name).cloned())?;
        let (performance, layout) = put_on_sale(&config).await?;
        let redis_id = stage::process_of(&mut stage::connect(&redis).await?).await?;
        let mut functions = BTreeMap::new();
        for registered in FUNCTIONS {
            let running = RunningFunction::start(registered, &settings, programs.as_deref()).await?;
            functions.insert(registered.function.name, running);
        }
        Ok(Self {
            performance,
            layout,
            config,
            functions,
            redis_id,
            engine,
            _redis: redis,
            _sandbox: sandbox,
        })
    }

    pub(crate) fn function(&self, name: &str) -> Result<&RunningFunction> {
        self.functions.get(name).ok_or_else(|| format!("there is no function {name}").into())
    }

    /// What a function and the stores have spent so far.
    pub(crate) fn usage(&self, name: &str) -> Result<Usage> {
        let function = self.function(name)?;
        let server = function.process.as_ref().map(|(server, _)| cpu_time(server.id()));
        let engine = match &self.engine {
            RunningEngine::Process(server) => cpu_time(server.id())?,
            RunningEngine::Here { .. } => Duration::ZERO,
        };
        Ok(Usage {
            function: server.transpose()?.unwrap_or_default(),
            redis: cpu_time(self.redis_id)?,
            engine,
            to_redis: function.redis.traffic(),
            to_dynamodb: function.dynamodb.traffic(),
            to_client: 0,
        })
    }
}

impl RunningFunction {
    async fn start(registered: &Registered, settings: &Environment, programs: Option<&Path>) -> Result<Self> {
        let name = registered.function.name;
        let mut settings = settings.clone();
        let redis = line(&mut settings, "YEMAE_REDIS_URL", "redis://", Protocol::Redis).await?;
        let dynamodb =
            line(&mut settings, "AWS_ENDPOINT_URL_DYNAMODB", "http://", Protocol::DynamoDb).await?;
        if let Some(programs) = programs {
            let server = Server::start(&programs.join(name), &[], &settings)?;
            let at_rest = Footprint::of(&server)?;
            return Ok(Self { port: server.port, redis, dynamodb, process: Some((server, at_rest)) });
        }
        let app = App::new(&Config::from_lookup(&|name| settings.get(name).cloned())?)?;
        let service = registered.function.service((registered.routes)(), app);
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let port = listener.local_addr()?.port();
        tokio::spawn(listen(listener, service, pending()));
        Ok(Self { port, redis, dynamodb, process: None })
    }

    /// What its process took at rest, and takes now.
    pub(crate) fn footprints(&self) -> Result<Option<(&Footprint, Footprint)>> {
        self.process.as_ref().map(|(server, at_rest)| Ok((at_rest, Footprint::of(server)?))).transpose()
    }
}

/// Puts a line before the store of a setting.
async fn line(
    settings: &mut Environment,
    setting: &'static str,
    scheme: &str,
    protocol: Protocol,
) -> Result<CountedLine> {
    let store = settings.get(setting).and_then(|url| url.strip_prefix(scheme));
    let line = CountedLine::to(store.ok_or("a store has no address")?, protocol).await?;
    settings.insert(setting, format!("{scheme}{}", line.near_end()));
    Ok(line)
}

impl Usage {
    /// What was spent since an earlier moment.
    pub(crate) fn since(&self, earlier: &Self) -> Self {
        Self {
            function: self.function.saturating_sub(earlier.function),
            redis: self.redis.saturating_sub(earlier.redis),
            engine: self.engine.saturating_sub(earlier.engine),
            to_redis: self.to_redis.since(&earlier.to_redis),
            to_dynamodb: self.to_dynamodb.since(&earlier.to_dynamodb),
            to_client: self.to_client - earlier.to_client,
        }
    }

    pub(crate) fn add(&mut self, other: &Self) {
        self.function += other.function;
        self.redis += other.redis;
        self.engine += other.engine;
        self.to_redis.add(&other.to_redis);
        self.to_dynamodb.add(&other.to_dynamodb);
        self.to_client += other.to_client;
    }
}

/// As many as the room takes are called at once: what waiting costs is measured elsewhere.
const RATE_PER_MIN: u32 = 60_000;

async fn put_on_sale(config: &Config) -> Result<(Performance, Layout)> {
    let (app, store) = (App::new(config)?, DynamoStore::new(config.dynamodb.clone()));
    store.create_tables().await?;
    let plan = stage::plan();
    let layout = Layout::parse(plan.clone())?;
    let show = stage::show(&app);
    let mut performance = stage::performance(&app, &show, &layout);
    performance.sale.rate_per_min = RATE_PER_MIN;
    store.create_show(&show).await?;
    store.add_performance(&performance, &plan, None).await?;
    store.publish(&performance).await?;
    Ok((performance, layout))
}
