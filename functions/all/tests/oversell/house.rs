//! A house with 20 seats behind a waiting room: all functions on real stores, at one address.

use all::FUNCTIONS;
use domain::{
    BookingId, LayoutId, PerformanceId, ShowId, UserId,
    booking::{Booking, BookingState},
    layout::{Layout, LayoutPlan, RowPlan, SeatIndex, SectionPlan},
    money::Currency,
    performance::Performance,
    sale::{JoinPolicy, Sale, SaleControl, SaleMode},
    seat::Ownership,
    show::{Grade, Show, ShowDetails},
};
use gateway::Gateway;
use jiff::SignedDuration;
use sandbox::Sandbox;
use serde_json::Value;
use shared::{
    adapters::dynamodb::DynamoStore,
    app::App,
    config::Config,
    ports::{Programme as _, Recovery as _},
};
use std::{collections::HashMap, time::Duration};
use stores::{Engine, Redis};
use testkit::{PRIVATE_KEY, PUBLIC_KEY};
use tokio::{net::TcpListener, time::sleep};

/// The number of seats.
pub(crate) const SEATS: usize = 20;
/// The most seats of one person.
pub(crate) const SEATS_PER_USER_MAX: usize = 2;
/// The price of each.
pub(crate) const PRICE: u64 = 50_000;

/// The house, open for sale.
pub(crate) struct House {
    pub(crate) base: String,
    pub(crate) client: reqwest::Client,
    pub(crate) performance_id: String,
    performance: Performance,
    books: DynamoStore,
    app: App,
    redis: Redis,
    sandbox: Sandbox,
    _engine: Engine,
}

/// The sums of the sandbox provider.
pub(crate) struct Ledger {
    pub(crate) authorized: u64,
    pub(crate) captured: u64,
    pub(crate) voided: u64,
    pub(crate) refunded: u64,
}

impl House {
    /// Opens it, after `exchange` has replaced any part of the app.
    pub(crate) async fn open(exchange: impl FnOnce(&mut App)) -> Self {
        let redis = Redis::start(None).await.expect("a Redis");
        let engine = Engine::start(None).expect("an engine");
        let sandbox = Sandbox::start().await.expect("a provider");
        let config = config(&redis, &engine, &sandbox);
        let books = DynamoStore::new(config.dynamodb.clone());
        books.create_tables().await.expect("tables");
        let mut app = App::new(&config).expect("valid settings");
        exchange(&mut app);
        let performance = on_sale(&app, &books).await;
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let front = FUNCTIONS.iter().fold(Gateway::default(), |front, registered| {
            let service = registered.function.service((registered.routes)(), app.clone());
            front.with_service(registered.function.name, service)
        });
        tokio::spawn(gateway::serve(listener, front, std::future::pending()));
        Self {
            base,
            client: reqwest::Client::new(),
            performance_id: performance.performance_id.to_string(),
            performance,
            books,
            app,
            redis,
            sandbox,
            _engine: engine,
        }
    }

    /// The name of a seat, by its index.
    pub(crate) fn seat(index: usize) -> String {
        format!("A-{}-{}", index / 10 + 1, index % 10 + 1)
    }

    /// Loses everything that Redis knows.
    pub(crate) async fn flush_redis(&self) {
        let client = redis::Client::open(self.redis.url()).expect("an address");
        let mut connection = client.get_multiplexed_async_connection().await.expect("a connection");
        let _: () = redis::cmd("FLUSHALL").query_async(&mut connection).await.expect("flushed");
    }

    /// Waits until this many seats are reserved or sold.
    pub(crate) async fn wait_for_bookings(&self, seats: usize) {
        while self.taken().await.len() < seats {
            sleep(Duration::from_millis(20)).await;
        }
    }

    /// Lets the sweep finish what requests left.
    pub(crate) async fn sweep(&self) {
        let service = sweep::FUNCTION.service(sweep::routes(), self.app.clone());
        let request = axum::http::Request::post("/").body(axum::body::Body::empty()).expect("a request");
        let answer = tower::ServiceExt::oneshot(service, request).await.expect("an answer");
        assert_eq!(answer.status(), 200);
    }

    /// Every confirmed booking of the performance, found by its seats.
    pub(crate) async fn confirmed_bookings(&self) -> Vec<Booking> {
        let mut users: Vec<UserId> = self.taken().await.into_values().map(|(_, user)| user).collect();
        users.sort_unstable();
        users.dedup();
        let mut confirmed = Vec::new();
        for user in users {
            let (bookings, _) = self.app.books.bookings_of(user, 100, None).await.expect("bookings");
            confirmed.extend(bookings.into_iter().filter(|booking| booking.state == BookingState::Confirmed));
        }
        confirmed
    }

    /// Checks that the seat records agree with the bookings.
    pub(crate) async fn check_seat_records(&self, owners: &HashMap<SeatIndex, BookingId>) {
        let taken = self.taken().await;
        assert_eq!(taken.len(), owners.len());
        for (seat, (booking, _)) in taken {
            assert_eq!(owners.get(&seat), Some(&booking));
        }
    }

    /// What the provider did with the money.
    pub(crate) async fn ledger(&self) -> Ledger {
        let answer =
            self.client.get(format!("{}/v1/ledger", self.sandbox.url())).send().await.expect("an answer");
        let ledger: Value = answer.json().await.expect("JSON");
        let amount = |name: &str| ledger[name]["amount"].as_u64().expect("an amount");
        Ledger {
            authorized: amount("authorized"),
            captured: amount("captured"),
            voided: amount("voided"),
            refunded: amount("refunded"),
        }
    }

    async fn taken(&self) -> HashMap<SeatIndex, (BookingId, UserId)> {
        let seats = self.books.seats(self.performance.performance_id).await.expect("seats");
        let taken = seats.into_iter().filter_map(|(index, record)| match record.ownership {
            Ownership::Reserved { booking, user, .. } | Ownership::Sold { booking, user } => {
                Some((index, (booking, user)))
            }
            Ownership::Available => None,
        });
        taken.collect()
    }
}

fn config(redis: &Redis, engine: &Engine, sandbox: &Sandbox) -> Config {
    let config = Config::from_lookup(&|name| match name {
        "YEMAE_REDIS_URL" => Some(redis.url().to_owned()),
        "AWS_ENDPOINT_URL_DYNAMODB" => Some(engine.endpoint().to_owned()),
        "YEMAE_PAYMENT_URL" => Some(sandbox.url().to_owned()),
        "YEMAE_JWT_PRIVATE_KEY" => Some(PRIVATE_KEY.to_owned()),
        "YEMAE_JWT_PUBLIC_KEYS" => Some(PUBLIC_KEY.to_owned()),
        // After a loss, skipped numbers are called in vain: two windows each.
        "YEMAE_CALL_WINDOW_S" => Some("1".to_owned()),
        "YEMAE_ADMISSION_S" => Some("5".to_owned()),
        "YEMAE_HOLD_TTL_S" => Some("3".to_owned()),
        "YEMAE_ADDRESS_RATE_PER_MIN" => Some("0".to_owned()),
        _ => None,
    });
    config.expect("valid settings")
}

async fn on_sale(app: &App, books: &DynamoStore) -> Performance {
    let now = app.clock.now();
    let organizer = UserId(app.ids.uuid());
    let row = |row: &str| RowPlan { row: row.into(), seats: 10, ..RowPlan::default() };
    let section = SectionPlan {
        section: "A".into(),
        grade: "R".into(),
        rows: vec![row("1"), row("2")],
        ..SectionPlan::default()
    };
    let layout = Layout::parse(LayoutPlan::of(vec![section])).expect("a layout");
    let show = Show {
        show_id: ShowId(app.ids.uuid()),
        organizer_id: organizer,
        details: ShowDetails {
            title: "경주".into(),
            genre: "concert".into(),
            venue: "작은 집".into(),
            description: String::new(),
            age_limit: 0,
            runtime_min: 60,
            poster_url: None,
            grades: vec![Grade { grade: "R".into(), price: PRICE }],
            currency: Currency::default(),
            max_seats_per_user: u32::try_from(SEATS_PER_USER_MAX).expect("small"),
        },
        performances: [].into(),
        created_at: now,
        version: 0,
    };
    let performance = Performance {
        performance_id: PerformanceId(app.ids.uuid()),
        show_id: show.show_id,
        organizer_id: organizer,
        starts_at: now + SignedDuration::from_hours(48),
        layout_id: LayoutId(app.ids.uuid()),
        house: None,
        seat_count: layout.seat_count(),
        for_sale_count: layout.for_sale_count(),
        sale: Sale {
            opens_at: now - SignedDuration::from_hours(1),
            closes_at: now + SignedDuration::from_hours(24),
            late_entry: false,
            accessible_release_at: None,
            mode: SaleMode::Queue,
            cap: 150,
            rate_per_min: 100_000,
            control: SaleControl::Open,
            door: JoinPolicy::default(),
        },
        grades: show.details.grades.clone(),
        price_range: show.details.price_range_in(&layout),
        currency: show.details.currency.clone(),
        max_seats_per_user: show.details.max_seats_per_user,
        published_at: Some(now),
    };
    books.create_show(&show).await.expect("a show");
    let draft = Performance { published_at: None, ..performance.clone() };
    books.add_performance(&draft, layout.plan(), None).await.expect("a performance");
    books.publish(&performance).await.expect("published");
    performance
}
