//! What must exist before anything is measured: a real Redis, the DynamoDB engine, keys, and one performance on sale.

use crate::{
    Result,
    load::{self, RawRequest},
    server::{Server, cpu_time},
};
use aws_lc_rs::{
    encoding::AsDer as _,
    signature::{Ed25519KeyPair, KeyPair as _},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::{
    LayoutId, PerformanceId, ShowId, UserId,
    layout::{Layout, LayoutPlan, RowPlan, SectionPlan},
    money::Currency,
    performance::Performance,
    sale::{JoinPolicy, Sale, SaleControl, SaleMode},
    show::{Grade, Show, ShowDetails},
    user::Role,
};
use jiff::{SignedDuration, Timestamp};
use redis::aio::MultiplexedConnection;
use shared::{
    adapters::dynamodb::DynamoStore,
    app::App,
    config::Config,
    ports::Programme as _,
    services::tokens::{ACCESS_TTL_S, Access, Admission},
};
use std::{collections::BTreeMap, path::PathBuf, time::Duration};
use stores::{Engine, Redis};

/// The environment of every program under measurement.
pub(crate) type Environment = BTreeMap<&'static str, String>;

/// How many sections there are, each of 20 rows of 50 seats.
const SECTIONS: u32 = 20;

/// Everything except the programs under measurement.
pub(crate) struct Stage {
    pub(crate) settings: Environment,
    programs: PathBuf,
    /// Signs tokens, and does in this process what is not measured.
    pub(crate) app: App,
    pub(crate) performance: Performance,
    pub(crate) layout: Layout,
    redis: MultiplexedConnection,
    redis_id: u32,
    redis_server: Redis,
    _engine: Engine,
}

/// What one request costs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cost {
    pub(crate) server_us: f64,
    pub(crate) redis_us: f64,
    pub(crate) per_s: f64,
}

/// Time spent on a processor.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spent {
    server: Duration,
    redis: Duration,
}

impl Spent {
    /// The cost of each of `count` requests since an earlier moment.
    pub(crate) fn since(self, earlier: Self, count: u32, took: Duration) -> Cost {
        let count = f64::from(count);
        let each_us = |spent: Duration| spent.as_secs_f64() * 1e6 / count;
        Cost {
            server_us: each_us(self.server.saturating_sub(earlier.server)),
            redis_us: each_us(self.redis.saturating_sub(earlier.redis)),
            per_s: count / took.as_secs_f64(),
        }
    }
}

impl Stage {
    /// Starts the stores and puts the performance on sale. The folder contains the programs under measurement.
    pub(crate) async fn set(programs: PathBuf) -> Result<Self> {
        let (engine, redis_server) = (Engine::start(None)?, Redis::start(None).await?);
        let settings = settings(engine.endpoint(), redis_server.url())?;
        let config = Config::from_lookup(&|name| settings.get(name).cloned())?;
        let app = App::new(&config)?;
        let store = DynamoStore::new(config.dynamodb);
        store.create_tables().await?;

        let plan = plan();
        let layout = Layout::parse(plan.clone())?;
        let show = show(&app);
        let performance = performance(&app, &show, &layout);
        store.create_show(&show).await?;
        store.add_performance(&performance, &plan, None).await?;
        store.publish(&performance).await?;

        let mut redis = connect(&redis_server).await?;
        let redis_id = process_of(&mut redis).await?;
        Ok(Self {
            programs,
            settings,
            app,
            performance,
            layout,
            redis,
            redis_id,
            redis_server,
            _engine: engine,
        })
    }

    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.programs.join(name)
    }

    /// Starts a program with the usual settings.
    pub(crate) fn start(&self, name: &str, arguments: &[&str]) -> Result<Server> {
        Server::start(&self.program(name), arguments, &self.settings)
    }

    /// The usual settings, with traces and metrics pushed to this collector.
    pub(crate) fn pushing(&self, collector: &Server, sampler: &str, share: &str) -> Environment {
        let mut settings = self.settings.clone();
        settings.extend([
            ("OTEL_EXPORTER_OTLP_ENDPOINT", format!("http://127.0.0.1:{}", collector.port)),
            ("OTEL_TRACES_SAMPLER", sampler.to_owned()),
            ("OTEL_TRACES_SAMPLER_ARG", share.to_owned()),
        ]);
        settings
    }

    /// Sends each request once and measures what it costs the server and Redis.
    pub(crate) async fn cost(
        &self,
        server: &Server,
        requests: &[RawRequest],
        wanted: &'static str,
    ) -> Result<Cost> {
        let before = self.spent(server)?;
        let took = load::send(server.port, requests.to_vec(), wanted).await?;
        Ok(self.spent(server)?.since(before, u32::try_from(requests.len())?, took))
    }

    /// The time that a server and Redis have spent on a processor so far.
    pub(crate) fn spent(&self, server: &Server) -> Result<Spent> {
        Ok(Spent { server: cpu_time(server.id())?, redis: self.redis_time()? })
    }

    /// The same for Redis alone.
    pub(crate) fn redis_time(&self) -> Result<Duration> {
        cpu_time(self.redis_id)
    }

    pub(crate) fn redis_port(&self) -> &str {
        self.redis_server.url().rsplit(':').next().unwrap_or_default()
    }

    /// Frees all seats: only the performance's record and the people inside remain.
    pub(crate) async fn free_seats(&mut self) -> Result<()> {
        let record = format!("y:{{{}}}", self.performance.performance_id);
        let keys: Vec<Vec<u8>> = redis::cmd("KEYS").arg("*").query_async(&mut self.redis).await?;
        let stays = [record.clone(), format!("{record}:active")];
        let keys: Vec<_> =
            keys.into_iter().filter(|key| stays.iter().all(|stays| key != stays.as_bytes())).collect();
        for some in keys.chunks(1_000) {
            redis::cmd("DEL").arg(some).query_async::<()>(&mut self.redis).await?;
        }
        Ok(())
    }

    /// Makes the waiting room count these buyers as inside, and no others.
    pub(crate) async fn let_in(&mut self, buyers: &[UserId]) -> Result<()> {
        let performance = self.performance.performance_id;
        self.app.locks.figures(performance).await?;
        let inside = format!("y:{{{performance}}}:active");
        redis::cmd("DEL").arg(&inside).query_async::<()>(&mut self.redis).await?;
        for some in buyers.chunks(1_000) {
            let mut add = redis::cmd("ZADD");
            add.arg(&inside);
            for buyer in some {
                add.arg(i64::from(i32::MAX) * 1_000).arg(buyer.0.as_bytes().as_slice());
            }
            add.query_async::<()>(&mut self.redis).await?;
        }
        Ok(())
    }

    /// The headers of a buyer who is signed in and admitted.
    pub(crate) fn inside(&self, user: UserId) -> Result<String> {
        let (iat, performance) = (self.now().as_second(), self.performance.performance_id);
        let exp = iat + ACCESS_TTL_S;
        let access = Access { sub: user, role: Role::Buyer, iat, exp };
        let exp_ms = u64::try_from(exp)? * 1_000;
        let admission = Admission {
            sub: user,
            performance,
            ends_at_ms: exp_ms,
            expires_at_ms: exp_ms,
            exp,
            number: None,
            entry: None,
        };
        let tokens = &self.app.tokens;
        let signed = tokens.sign(&access).zip(tokens.sign(&admission));
        let (access, admission) = signed.ok_or("tokens cannot be signed")?;
        Ok(format!("authorization: Bearer {access}\r\nadmission-token: {admission}\r\n"))
    }

    /// How many commands Redis has run, including those inside scripts.
    pub(crate) async fn commands(&mut self) -> Result<f64> {
        let info: String = redis::cmd("INFO").arg("commandstats").query_async(&mut self.redis).await?;
        let mut commands = 0.0;
        for line in info.lines() {
            let Some((_, rest)) = line.split_once(":calls=") else { continue };
            let calls: f64 = rest.split(',').next().unwrap_or_default().parse()?;
            commands += calls;
        }
        Ok(commands)
    }

    /// How much memory Redis uses for its data, in bytes.
    pub(crate) async fn redis_bytes(&mut self) -> Result<f64> {
        let info: String = redis::cmd("INFO").arg("memory").query_async(&mut self.redis).await?;
        let used = info.lines().find_map(|line| line.strip_prefix("used_memory:"));
        Ok(used.ok_or("Redis does not report its memory")?.trim().parse()?)
    }

    /// The current time of the app's clock.
    pub(crate) fn now(&self) -> Timestamp {
        self.app.clock.now()
    }
}

pub(crate) async fn connect(redis: &Redis) -> Result<MultiplexedConnection> {
    Ok(redis::Client::open(redis.url())?.get_multiplexed_async_connection().await?)
}

/// The id of Redis's process.
pub(crate) async fn process_of(redis: &mut MultiplexedConnection) -> Result<u32> {
    let info: String = redis::cmd("INFO").arg("server").query_async(redis).await?;
    let id = info.lines().find_map(|line| line.strip_prefix("process_id:"));
    Ok(id.ok_or("Redis does not report its process")?.trim().parse()?)
}

/// The settings of every program on stores at these addresses.
pub(crate) fn settings(engine: &str, redis: &str) -> Result<Environment> {
    let key = Ed25519KeyPair::generate()?;
    let public = pem("PUBLIC", key.public_key().as_der()?.as_ref());
    Ok(Environment::from([
        ("YEMAE_REDIS_URL", redis.to_owned()),
        ("AWS_ENDPOINT_URL_DYNAMODB", engine.to_owned()),
        ("YEMAE_JWT_PRIVATE_KEY", pem("PRIVATE", key.to_pkcs8v1()?.as_ref())),
        ("YEMAE_JWT_PUBLIC_KEYS", public),
        ("YEMAE_ADDRESS_RATE_PER_MIN", "0".to_owned()),
        ("YEMAE_LOG", "info".to_owned()),
    ]))
}

fn pem(kind: &str, der: &[u8]) -> String {
    format!("-----BEGIN {kind} KEY-----\n{}\n-----END {kind} KEY-----\n", STANDARD.encode(der))
}

pub(crate) fn plan() -> LayoutPlan {
    let row = |number: u32| RowPlan { row: number.to_string(), seats: 50, ..RowPlan::default() };
    let section = |number: u32| SectionPlan {
        section: number.to_string(),
        grade: "R".to_owned(),
        rows: (1..=20).map(row).collect(),
        ..SectionPlan::default()
    };
    LayoutPlan::of((1..=SECTIONS).map(section).collect())
}

pub(crate) fn show(app: &App) -> Show {
    Show {
        show_id: ShowId(app.ids.uuid()),
        organizer_id: UserId(app.ids.uuid()),
        details: ShowDetails {
            title: "A show".to_owned(),
            genre: "concert".to_owned(),
            venue: "A hall".to_owned(),
            description: String::new(),
            age_limit: 0,
            runtime_min: 90,
            poster_url: None,
            grades: vec![Grade { grade: "R".to_owned(), price: 110_000 }],
            currency: Currency::default(),
            max_seats_per_user: 4,
        },
        performances: BTreeMap::new(),
        created_at: app.clock.now(),
        version: 0,
    }
}

pub(crate) fn performance(app: &App, show: &Show, layout: &Layout) -> Performance {
    let now = app.clock.now();
    let sale = Sale {
        opens_at: now - SignedDuration::from_hours(1),
        closes_at: now + SignedDuration::from_hours(24),
        late_entry: false,
        accessible_release_at: None,
        mode: SaleMode::Queue,
        cap: 500,
        rate_per_min: 600,
        control: SaleControl::Open,
        door: JoinPolicy::default(),
    };
    Performance {
        performance_id: PerformanceId(app.ids.uuid()),
        show_id: show.show_id,
        organizer_id: show.organizer_id,
        starts_at: sale.closes_at,
        layout_id: LayoutId(app.ids.uuid()),
        house: None,
        seat_count: layout.seat_count(),
        for_sale_count: layout.for_sale_count(),
        sale,
        grades: show.details.grades.clone(),
        price_range: show.details.price_range_in(layout),
        currency: show.details.currency.clone(),
        max_seats_per_user: show.details.max_seats_per_user,
        published_at: Some(now),
    }
}
