//! All of Yemae in one process, started in the order of dependencies and stopped in reverse.

use crate::{
    RunError,
    data::Data,
    guide,
    relay::OwnRelay,
    settings::RunSettings,
    state::{self, RunningStores},
    timer::SweepTimer,
};
use all::FUNCTIONS;
use axum::Router;
use gateway::Gateway;
use shared::{
    adapters::{system::SystemClock, waker::Waker},
    app::App,
    config::ConfigError,
    telemetry::{self, LogFilter},
};
use std::{
    io::{self, ErrorKind},
    net::{Ipv4Addr, SocketAddr},
    path::Path,
    sync::Arc,
};
use tokio::net::TcpListener;
use tracing_subscriber::{Layer as _, fmt, layer::SubscriberExt as _, util::SubscriberInitExt as _};

/// Relative to the checkout, which is the working directory of `make run`.
const DATA: &str = ".data";

/// A Yemae that is ready to serve.
pub(crate) struct Yemae {
    address: SocketAddr,
    listener: TcpListener,
    gateway: Gateway,
    timer: SweepTimer,
    state: RunningStores,
    data: Data,
}

impl Yemae {
    /// Starts everything, beginning with the port, which may be in use, and ending with the demo shows.
    pub(crate) async fn start() -> Result<Self, RunError> {
        let mut settings = RunSettings::new();
        let config = settings.read()?;
        log(&config.log)?;
        let listener = listen(config.port).await?;
        let data = Data::take(Path::new(DATA))?;
        settings.add_keys(&data)?;
        let state = RunningStores::start(&data, &mut settings).await?;

        let config = settings.read()?;
        let relay = Arc::new(OwnRelay::default());
        let app = App::waking(&config, Arc::new(SystemClock), Waker::of(Arc::clone(&relay) as _))?;
        state::prepare(&app, config.dynamodb).await?;
        demo::seed(&app).await?;
        let (gateway, timer) = run_functions(&app, &relay);
        Ok(Self { address: listener.local_addr()?, listener, gateway, timer, state, data })
    }

    /// The page for newcomers.
    pub(crate) fn guide(&self) -> String {
        guide::text(self.address, &self.state.places())
    }

    /// Serves until told to stop, then releases everything, the data last.
    pub(crate) async fn serve(self, stop: impl Future<Output = ()>) {
        let Self { listener, gateway, timer, state, data, .. } = self;
        gateway::serve(listener, gateway, stop).await;
        drop(timer);
        state.stop().await;
        drop(data);
    }
}

async fn listen(port: u16) -> Result<TcpListener, RunError> {
    let refusal = |error: io::Error| match error.kind() {
        ErrorKind::AddrInUse => {
            format!("port {port} is in use: stop what listens there, or choose another with PORT=…")
        }
        _ => format!("cannot listen on port {port} ({error}): choose another with PORT=…"),
    };
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(refusal)?)
}

/// Puts every function behind the gateway, except those that cannot be called from outside.
fn run_functions(app: &App, own_relay: &OwnRelay) -> (Gateway, SweepTimer) {
    let mut gateway = Gateway::default();
    let (mut sweep, mut relay) = (Router::new(), Router::new());
    for registered in FUNCTIONS {
        let service = registered.function.service((registered.routes)(), app.clone());
        match registered.function.name {
            "sweep" => sweep = service,
            "relay" => relay = service,
            name => gateway = gateway.with_service(name, service),
        }
    }
    own_relay.is(relay.clone());
    let changed = Arc::clone(&own_relay.changed);
    (gateway, SweepTimer::start(sweep, relay, Arc::clone(&app.clock), changed))
}

/// Logs to standard error, for people.
fn log(filter: &str) -> Result<(), ConfigError> {
    let lines = fmt::layer().compact().with_writer(io::stderr).with_filter(filter.parse::<LogFilter>()?);
    tracing_subscriber::registry().with(lines).init();
    telemetry::log_panics();
    Ok(())
}
