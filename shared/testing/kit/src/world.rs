//! The world of one test: Redis, the DynamoDB engine, the sandbox payment provider, and people.

use crate::{
    Client, Fixture, Value,
    clock::SettableClock,
    json,
    keys::{PRIVATE_KEY, PUBLIC_KEY},
    sale::DRAW_SECRET,
};
use domain::{
    BookingId, UserId,
    booking::{Booking, BookingState, Payment, PaymentGoal, StateChange},
    hold::HoldId,
    layout::SeatIndex,
    performance::Performance,
    queue::{Flow, Gathering, Standing},
    seat::SeatId,
    show::Show,
    user::{Email, Password, Role, User},
};
use jiff::{SignedDuration, Timestamp};
use sandbox::Sandbox;
use serde::Deserialize;
use shared::{
    adapters::dynamodb::DynamoStore,
    app::App,
    config::Config,
    http::{Function, Router},
    ports::{
        AdmittedAs, BookingChange, Clock as _, Completion, HoldRequest, QueueBooks, Replies as _, Reply,
        ReplyKey, WantedSeats,
    },
    services::{
        passwords,
        settlement::PAYMENT_ABANDONED_S,
        tokens::{Access, Admission, Claims, QueueTicket},
    },
};
use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    sync::Arc,
    time::Duration,
};
use stores::{Engine, Redis};

/// How long signed tokens are good: longer than any test sets its clock forward.
const TOKENS_GOOD_S: i64 = 40 * 86_400;

/// Settings of every process, in this test and started by it.
const ALWAYS: [(&str, &str); 3] = [
    ("YEMAE_JWT_PRIVATE_KEY", PRIVATE_KEY),
    ("YEMAE_JWT_PUBLIC_KEYS", PUBLIC_KEY),
    ("YEMAE_ADDRESS_RATE_PER_MIN", "0"),
];

/// A room that lets all in, whatever the sale says.
const OPEN_DOOR: Flow = Flow {
    cap: 100_000,
    rate_per_min: 1_000_000,
    calling: true,
    paused: false,
    call_window_ms: 30_000,
    session_ms: 600_000,
    heartbeat_ms: 60_000,
    gathering: Gathering::Never,
};

/// All that a function needs. Nothing of it outlives the test.
pub struct World {
    /// The app that makes the fixtures. A function's process has an app of its own.
    pub app: App,
    /// Redis without a data folder: a restart loses everything.
    pub redis: Redis,
    /// The owner of the shows that the fixtures make.
    pub organizer: Person,
    engine: Engine,
    sandbox: Sandbox,
    clock: Arc<SettableClock>,
    books: DynamoStore,
}

/// A person with an account and an access token.
#[derive(Debug, Clone)]
pub struct Person {
    pub user_id: UserId,
    /// The account's address, in lower case.
    pub email: String,
    /// The access token, for `Authorization: Bearer`.
    pub token: String,
}

/// What the payment provider did: how often, and how much money it moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
pub struct Money {
    pub count: u64,
    /// The sum, in minor units of the currency.
    pub amount: u64,
}

impl World {
    /// New stores with empty tables.
    pub async fn start() -> Self {
        let redis = Redis::start(None).await.expect("Redis");
        let engine = Engine::start(None).expect("the engine");
        let slow_takes = Duration::from_millis(500);
        let sandbox =
            Sandbox::start_with(sandbox::SandboxSettings { slow_takes }).await.expect("the provider");
        let clock = Arc::new(SettableClock::default());
        let config = config(&[
            ("YEMAE_REDIS_URL", redis.url()),
            ("AWS_ENDPOINT_URL_DYNAMODB", engine.endpoint()),
            ("YEMAE_PAYMENT_URL", sandbox.url()),
        ]);
        let books = DynamoStore::new(config.dynamodb.clone());
        books.create_tables().await.expect("tables");
        let app = app_on(&config, &clock);
        let organizer = new_person(&app, Role::Organizer).await;
        Self { app, redis, organizer, engine, sandbox, clock, books }
    }

    /// A function as a process of its own: it shares the stores with the others, and no memory.
    #[must_use]
    pub fn client(&self, function: Function, routes: Router) -> Client {
        self.client_with(&[], function, routes)
    }

    /// The same, with settings of its own.
    #[must_use]
    pub fn client_with(&self, settings: &[(&str, &str)], function: Function, routes: Router) -> Client {
        Client::new(function, routes, self.app_with(settings))
    }

    /// The app of a process with these settings.
    #[must_use]
    pub fn app_with(&self, settings: &[(&str, &str)]) -> App {
        app_on(&config(&[settings, &self.settings()].concat()), &self.clock)
    }

    /// The settings of a process on these stores, with some of its own.
    #[must_use]
    pub fn settings(&self) -> Vec<(&str, &str)> {
        let stores = [
            ("YEMAE_REDIS_URL", self.redis.url()),
            ("AWS_ENDPOINT_URL_DYNAMODB", self.engine.endpoint()),
            ("YEMAE_PAYMENT_URL", self.sandbox.url()),
        ];
        [&stores[..], &ALWAYS].concat()
    }

    /// Set all clocks forward except Redis's own, by which holds and queues go.
    pub fn set_forward(&self, by_s: i64) {
        self.clock.set_forward(by_s);
    }

    /// The time by this world's clock.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Redis forgets everything and goes on.
    pub fn flush_redis(&self) {
        self.tell_redis("FLUSHALL");
    }

    /// Redis answers no client for a while.
    pub fn pause_redis(&self, pause: Duration) {
        self.tell_redis(&format!("CLIENT PAUSE {} ALL", pause.as_millis()));
    }

    /// How often Redis has read from its clients so far: at least once for each round trip.
    #[must_use]
    pub fn redis_reads(&self) -> u64 {
        let mut stream = self.redis_told("INFO stats");
        let (mut answer, mut part) = (String::new(), [0; 4_096]);
        while !answer.contains("total_writes_processed") {
            let count = stream.read(&mut part).expect("an answer");
            answer.push_str(&String::from_utf8_lossy(part.get(..count).unwrap_or_default()));
        }
        let reads = answer.lines().find_map(|line| line.strip_prefix("total_reads_processed:"));
        reads.and_then(|reads| reads.parse().ok()).expect("a number")
    }

    fn tell_redis(&self, command: &str) {
        let mut stream = self.redis_told(command);
        let mut answer = [0; 5];
        stream.read_exact(&mut answer).expect("an answer");
        assert_eq!(&answer, b"+OK\r\n");
    }

    fn redis_told(&self, command: &str) -> TcpStream {
        let address = self.redis.url().trim_start_matches("redis://");
        let mut stream = TcpStream::connect(address).expect("Redis");
        stream.write_all(format!("{command}\r\n").as_bytes()).expect("Redis");
        stream
    }

    /// A new person.
    pub async fn person(&self, role: Role) -> Person {
        new_person(&self.app, role).await
    }

    /// A new account with this password.
    pub async fn account(&self, email: Email, password: &str, role: Role) -> User {
        let user = User { user_id: UserId(self.app.ids.uuid()), email, name: "김민지".into(), role };
        let hash = passwords::hash(&Password::parse(password).expect("long enough"), [7; 16]);
        self.app.users.create(&user, &hash).await.expect("an account");
        user
    }

    /// A new buyer.
    pub async fn buyer(&self) -> Person {
        self.person(Role::Buyer).await
    }

    /// A token, signed as a function would sign it.
    #[must_use]
    pub fn sign(&self, claims: &impl Claims) -> String {
        self.app.tokens.sign(claims).expect("a private key")
    }

    /// A new show with this performance.
    pub async fn performance(&self, wanted: Fixture) -> Performance {
        self.performance_of(&self.organizer, wanted).await
    }

    /// The same for this organizer.
    pub async fn performance_of(&self, organizer: &Person, wanted: Fixture) -> Performance {
        let show = wanted.show(organizer.user_id, self.app.ids.uuid(), self.now());
        self.app.programme.create_show(&show).await.expect("a show");
        self.another_performance(&show, wanted).await
    }

    /// One more performance of a show.
    pub async fn another_performance(&self, show: &Show, wanted: Fixture) -> Performance {
        let ids = [self.app.ids.uuid(), self.app.ids.uuid()];
        let (mut performance, layout) = wanted.performance(show, ids, self.now());
        let secret = performance.sale.door.prequeue.as_ref().map(|_| &DRAW_SECRET);
        self.app.programme.add_performance(&performance, &layout, secret).await.expect("a performance");
        if wanted.published {
            performance.published_at = Some(self.now());
            self.app.programme.publish(&performance).await.expect("published");
        }
        performance
    }

    /// An admission token. The room knows nothing of it: see [`World::inside`].
    #[must_use]
    pub fn admitted(&self, person: &Person, performance: &Performance) -> String {
        let exp = self.now().as_second() + TOKENS_GOOD_S;
        let ends_at_ms = u64::try_from(exp * 1_000).expect("after 1970");
        self.sign(&Admission {
            sub: person.user_id,
            performance: performance.performance_id,
            ends_at_ms,
            expires_at_ms: ends_at_ms,
            exp,
            number: None,
            entry: None,
        })
    }

    /// An admission token of a person whom the room has let in.
    pub async fn inside(&self, person: &Person, performance: &Performance) -> String {
        let (room, id, user) = (&self.app.room, performance.performance_id, person.user_id);
        let (place, _) = room.join(id, user, None, &OPEN_DOOR).await.expect("a number");
        room.claim(id, user, place.standing, &OPEN_DOOR).await.expect("a place inside");
        self.admitted(person, performance)
    }

    /// A queue ticket with a number that the room need not have given.
    #[must_use]
    pub fn ticket(&self, person: &Person, performance: &Performance, number: u64) -> String {
        let standing = Some(Standing::Number(number));
        let ticket = QueueTicket::new(person.user_id, performance.performance_id, standing, self.now());
        self.sign(&QueueTicket { exp: self.now().as_second() + TOKENS_GOOD_S, ..ticket })
    }

    /// Seats of a performance, held for five minutes.
    pub async fn hold(&self, person: &Person, performance: &Performance, seats: &[&str]) -> HoldId {
        let layout = self.app.catalog.layout(performance).await.expect("a layout");
        let index = |name: &&str| layout.find(&SeatId::parse(name).expect("a seat")).expect("a seat").0;
        let request = HoldRequest {
            hold_id: HoldId { performance: performance.performance_id, token: self.app.ids.uuid() },
            user: person.user_id,
            admitted: AdmittedAs::Anyone,
            seats: WantedSeats::Named(seats.iter().map(index).collect()),
            ttl_ms: 300_000,
            max_seats_per_user: performance.max_seats_per_user,
        };
        self.app.locks.hold(&request).await.expect("a hold").hold.hold_id
    }

    /// Seats of a performance, reserved.
    pub async fn reserved(&self, person: &Person, performance: &Performance, seats: &[&str]) -> Booking {
        let hold_id = self.hold(person, performance, seats).await;
        let hold = self.app.locks.find(hold_id, person.user_id).await.expect("Redis").expect("a hold");
        let layout = self.app.catalog.layout(performance).await.expect("a layout");
        let booked = |index: &SeatIndex| performance.seat(*index, &layout).expect("for sale");
        let seats: Vec<_> = hold.seats.iter().map(booked).collect();
        let (state, now) = (BookingState::Reserved, self.now());
        let booking = Booking {
            booking_id: BookingId(self.app.ids.uuid()),
            user_id: person.user_id,
            performance_id: performance.performance_id,
            show_id: performance.show_id,
            title: "봄의 제전".into(),
            venue: "예술의전당".into(),
            starts_at: performance.starts_at,
            amount: seats.iter().map(|seat| seat.price).sum(),
            seats,
            currency: performance.currency.clone(),
            state,
            fence: hold.fence,
            pay_by: now + SignedDuration::from_secs(600),
            paid_with: None,
            refund: 0,
            fee: 0,
            history: vec![StateChange { state, at: now }],
        };
        self.write(&booking, performance).await;
        self.app.projector.show(&booking).await;
        booking
    }

    /// A new booking in the books that the map does not hear of.
    pub async fn write(&self, booking: &Booking, performance: &Performance) {
        let (max, now) = (performance.max_seats_per_user, self.now());
        let completion = self.claim(booking.user_id, now).await;
        self.app.books.reserve(booking, max, now, &completion).await.expect("a booking");
    }

    /// Seats of a performance, paid.
    pub async fn confirmed(&self, person: &Person, performance: &Performance, seats: &[&str]) -> Booking {
        let before = self.reserved(person, performance, seats).await;
        let payment = self.authorized(&before).await;
        let after = before.confirm(Some(payment.reference.clone()), self.now()).expect("payable");
        let goal = PaymentGoal::Take;
        self.change(&before, &after, Some((&payment, goal))).await;
        self.app.settlement.settle(&Payment { goal, ..payment }).await.expect("captured");
        after
    }

    /// Money set aside for a booking, and nothing more: as if the process had died then.
    pub async fn authorized(&self, booking: &Booking) -> Payment {
        let payment = self.opened(booking).await;
        self.app.provider.authorize(&payment, "card", "ok").await.expect("authorized");
        payment
    }

    /// A payment in the books that the provider has not heard of, and nothing more.
    pub async fn opened(&self, booking: &Booking) -> Payment {
        let payment = Payment {
            reference: format!("{}.{}", booking.booking_id, "0".repeat(24)),
            booking_id: booking.booking_id,
            amount: booking.amount,
            currency: booking.currency.clone(),
            goal: PaymentGoal::Authorize,
        };
        let due_at = self.now() + SignedDuration::from_secs(PAYMENT_ABANDONED_S);
        self.app.books.open_payment(&payment, due_at).await.expect("a payment")
    }

    /// Change a booking's state, as another process would.
    pub async fn change(&self, before: &Booking, after: &Booking, payment: Option<(&Payment, PaymentGoal)>) {
        let change = BookingChange { before, after, payment, completion: None, now: self.now() };
        self.app.books.change(&change).await.expect("changed");
        self.app.projector.show(after).await;
    }

    /// A booking as the books have it now.
    pub async fn booking(&self, booking: BookingId) -> Booking {
        self.app.books.booking(booking).await.expect("the books").expect("a booking")
    }

    /// Sells a seat to a booking behind Yemae's back, or frees it.
    pub async fn overwrite_seat(
        &self,
        performance: &Performance,
        seat: SeatIndex,
        new_owner: Option<(BookingId, UserId)>,
    ) {
        let (change, values) = match new_owner {
            None => {
                ("SET #state = :state REMOVE booking_id, user_id, until_us", json!({":state": {"S": "A"}}))
            }
            Some((booking, user)) => (
                "SET #state = :state, booking_id = :booking, user_id = :user",
                json!({":state": {"S": "S"}, ":booking": {"S": booking}, ":user": {"S": user}}),
            ),
        };
        let pk = format!("P#{}#{}", performance.performance_id, seat.block());
        let update = json!({
            "TableName": "yemae-seats",
            "Key": {"pk": {"S": pk}, "sk": {"S": format!("S#{:05}", seat.0)}},
            "ConditionExpression": "attribute_exists(pk)",
            "UpdateExpression": change,
            "ExpressionAttributeNames": {"#state": "state"},
            "ExpressionAttributeValues": values,
        });
        let request = reqwest::Client::new()
            .post(self.engine.endpoint())
            .header("x-amz-target", "DynamoDB_20120810.UpdateItem")
            .header("x-amz-date", "20260101T000000Z")
            .header("content-type", "application/x-amz-json-1.0")
            .header(
                "authorization",
                "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/dynamodb/aws4_request, \
                 SignedHeaders=host, Signature=0",
            )
            .body(update.to_string());
        let answer = request.send().await.expect("the engine");
        assert_eq!(answer.status(), 200, "{}", answer.text().await.unwrap_or_default());
    }

    /// The address of the books, for a process that the test starts.
    #[must_use]
    pub fn dynamodb_url(&self) -> &str {
        self.engine.endpoint()
    }

    /// The address of the payment provider, for a process that the test starts.
    #[must_use]
    pub fn payment_url(&self) -> &str {
        self.sandbox.url()
    }

    /// The books of the queues, as the waiting room uses them.
    #[must_use]
    pub fn queue_books(&self) -> &dyn QueueBooks {
        &self.books
    }

    /// How much of this the provider did: `authorized`, `captured`, `voided`, `refunded` or `declined`.
    pub async fn money(&self, done: &str) -> Money {
        let answer = reqwest::get(format!("{}/v1/ledger", self.sandbox.url())).await.expect("the provider");
        let mut ledger: Value = answer.json().await.expect("a ledger");
        let sum = ledger.get_mut(done).map(Value::take).unwrap_or_default();
        serde_json::from_value(sum).expect("a sum")
    }

    async fn claim(&self, user: UserId, now: Timestamp) -> Completion {
        let claim = self.app.ids.uuid();
        let key = ReplyKey { user, operation: "book", key: claim.to_string() };
        let until = now + SignedDuration::from_secs(60);
        self.books.begin(&key, &[0; 32], claim, now, until).await.expect("a claim");
        let reply = Reply { status: 201, content_type: "application/json".into(), body: "{}".into() };
        Completion { key, claim, reply, expires_at: until }
    }
}

/// An app whose stores all refuse.
#[must_use]
pub fn unreachable() -> App {
    let closed = "127.0.0.1:1";
    let config = config(&[
        ("YEMAE_REDIS_URL", &format!("redis://{closed}")),
        ("AWS_ENDPOINT_URL_DYNAMODB", &format!("http://{closed}")),
        ("YEMAE_PAYMENT_URL", &format!("http://{closed}")),
    ]);
    app_on(&config, &Arc::default())
}

/// Of several values for a setting the first counts.
fn config(settings: &[(&str, &str)]) -> Config {
    let lookup = |name: &str| {
        let mut all = settings.iter().chain(&ALWAYS);
        all.find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
    };
    Config::from_lookup(&lookup).expect("settings")
}

fn app_on(config: &Config, clock: &Arc<SettableClock>) -> App {
    App::with_clock(config, Arc::clone(clock) as _).expect("an app")
}

async fn new_person(app: &App, role: Role) -> Person {
    let user_id = UserId(app.ids.uuid());
    let email = Email::parse(&format!("{}@yemae.test", user_id.0.simple())).expect("an address");
    let user = User { user_id, email: email.clone(), name: "김예매".into(), role };
    app.users.create(&user, passwords::NOBODY).await.expect("an account");
    let iat = app.clock.now().as_second();
    let token = app.tokens.sign(&Access { sub: user_id, role, iat, exp: iat + TOKENS_GOOD_S });
    Person { user_id, email: email.into(), token: token.expect("a private key") }
}
