//! The journey: what it does is counted in `main.rs`.

use all::FUNCTIONS;
use axum::{
    body::Body,
    http::{Request, Response},
};
use domain::{BookingId, performance::Performance};
use std::{collections::BTreeMap, time::Duration};
use testkit::{Answer, Client, Fixture, Person, Value, World, json};
use tokio::time::sleep;
use tower::ServiceExt as _;

/// Longer than a booking waits for its payment.
const UNPAID_S: i64 = 700;
/// Longer than until a silent provider is asked again.
const RETRY_S: i64 = 11;
const SILENT_PROVIDER: &[(&str, &str)] = &[("YEMAE_PAYMENT_URL", "http://127.0.0.1:1")];
const PASSWORD: &str = "a long password";

/// Two sales, one of them with a queue; two buyers; and every function as a process of its own.
pub(crate) struct House {
    functions: BTreeMap<&'static str, Client>,
    open: Performance,
    queued: Performance,
    buyer: Person,
    other: Person,
    world: World,
}

impl House {
    pub(crate) async fn open() -> Self {
        let world = World::start().await;
        let client = |registered: &all::Registered| {
            (registered.function.name, world.client(registered.function, (registered.routes)()))
        };
        let functions = FUNCTIONS.iter().map(client).collect();
        let open = world.performance(Fixture::default()).await;
        let queued = world.performance(Fixture::queue()).await;
        let (buyer, other) = (world.buyer().await, world.buyer().await);
        Self { functions, open, queued, buyer, other, world }
    }

    /// The id of the sale without a queue, which has ten seats.
    pub(crate) fn sale_id(&self) -> String {
        self.open.performance_id.to_string()
    }

    fn at(&self, function: &str) -> &Client {
        &self.functions[function]
    }

    /// Signs up, logs in and renews the log-in: two passwords are hashed.
    pub(crate) async fn accounts(&self) {
        let account = json!({"email": "minji@example.org", "password": PASSWORD, "name": "김민지"});
        let _ = self.at("signup").post("/v1/users").json(&account).send().await.ok(201);
        let account = json!({"email": "minji@example.org", "password": PASSWORD});
        let tokens = self.at("login").post("/v1/login").json(&account).send().await.ok(200);
        let renewal = json!({"refresh_token": tokens["refresh_token"]});
        let _ = self.at("session").post("/v1/tokens").json(&renewal).send().await.ok(200);
    }

    /// More log-ins than a process can serve, of which none is served.
    pub(crate) async fn full_line(&self) {
        let app = self.world.app_with(&[]);
        let client = Client::new(login::FUNCTION, login::routes(), app.clone());
        let mut line = Vec::new();
        while let Ok(place) = app.passwords.line_up() {
            line.push(place);
        }
        let account = json!({"email": "minji@example.org", "password": PASSWORD});
        let _ = client.post("/v1/login").json(&account).send().await.problem("busy", 503);
    }

    /// Waits for the turn, goes in and holds a seat.
    pub(crate) async fn queue(&self) {
        let (id, buyer) = (self.queued.performance_id, &self.buyer);
        let wanted = json!({"performance_id": id});
        let joined =
            self.at("enqueue").post("/v1/queue-tickets").bearer(&buyer.token).json(&wanted).send().await;
        let ticket = joined.ok(201)["queue_ticket"].clone();
        let _ = self.at("queue-status").get(format!("/v1/queues/{id}")).send().await.ok(200);
        let claim = self.at("admit").post("/v1/admissions").header("queue-ticket", ticket.as_str().unwrap());
        let admission = claim.send().await.ok(201)["admission_token"].clone();
        let hold = self.at("lock-seat").post("/v1/holds").bearer(&buyer.token);
        let hold = hold.header("admission-token", admission.as_str().unwrap());
        let _ = hold.json(&json!({"performance_id": id, "seats": ["A-1-1"]})).send().await.ok(201);
    }

    /// A stream of the open sale's map that is not read yet.
    pub(crate) async fn watch_seats(&self) -> Response<Body> {
        let app = self.world.app_with(&[]);
        let service = seat_stream::FUNCTION.service(seat_stream::routes(), app);
        let path = format!("/v1/seat-stream/{}", self.open.performance_id);
        let Ok(stream) = service.oneshot(Request::get(path).body(Body::empty()).unwrap()).await;
        assert_eq!(stream.status(), 200);
        stream
    }

    /// Holds, books, pays with the second card and cancels; another buyer comes too late.
    pub(crate) async fn sale(&self) {
        let hold = self.hold(self.at("lock-seat"), &self.buyer, &["A-1-1", "A-1-2"]).await.ok(201);
        let again = self.hold(self.at("lock-seat"), &self.buyer, &["A-1-1", "A-1-2"]).await.ok(200);
        assert_eq!(again["hold_id"], hold["hold_id"], "a repeat is no attempt");
        let _ = self.hold(self.at("lock-seat"), &self.other, &["A-1-1"]).await.problem("seat_held", 409);
        let booking = self.book(&hold, "first").await.ok(201);
        assert_eq!(self.book(&hold, "first").await.ok(201), booking, "a repeat is no attempt");
        let _ = self.book(&hold, "second").await.problem("hold_expired", 410);
        let pay = self.at("pay");
        let _ = self.pay(pay, &booking, "decline").await.problem("payment_declined", 402);
        let _ = self.pay(pay, &booking, "ok").await.ok(200);
        self.deliver().await;
        let cancellation = json!({"booking_id": booking["booking_id"]});
        let request = self.at("cancel").post("/v1/cancellations").bearer(&self.buyer.token).key("once");
        let _ = request.json(&cancellation).send().await.ok(200);
        let _ = self.at("bookings").get("/v1/me/bookings").bearer(&self.buyer.token).send().await.ok(200);
    }

    /// A booking that is never paid, swept when its time is over; and a sweep without stores.
    pub(crate) async fn unpaid(&self) {
        let hold = self.hold(self.at("lock-seat"), &self.buyer, &["A-1-3"]).await.ok(201);
        let _ = self.book(&hold, "unpaid").await.ok(201);
        self.world.set_forward(UNPAID_S);
        assert_eq!(self.at("sweep").post("/").send().await.ok(200)["expired"], 1);
        let cut_off = Client::new(sweep::FUNCTION, sweep::routes(), testkit::unreachable());
        let _ = cut_off.post("/").send().await.problem("store_unavailable", 503);
    }

    /// Two seats whose hold runs out.
    pub(crate) async fn lapsed_hold(&self) {
        let hasty =
            self.world.client_with(&[("YEMAE_HOLD_TTL_S", "1")], lock_seat::FUNCTION, lock_seat::routes());
        let _ = self.hold(&hasty, &self.buyer, &["A-1-4", "A-1-5"]).await.ok(201);
        sleep(Duration::from_millis(1_100)).await;
        assert_eq!(self.console(&self.open).await["held"], 0);
    }

    /// A payment of which the provider says nothing.
    pub(crate) async fn silent_provider(&self) {
        let hold = self.hold(self.at("lock-seat"), &self.buyer, &["A-1-6"]).await.ok(201);
        let booking = self.book(&hold, "silent").await.ok(201);
        let cut_off = self.world.client_with(SILENT_PROVIDER, pay::FUNCTION, pay::routes());
        for _ in 0..3 {
            let _ = self.pay(&cut_off, &booking, "ok").await.problem("payment_provider_unavailable", 502);
        }
    }

    /// Redis forgets both sales.
    pub(crate) async fn lost_redis(&self) {
        self.world.flush_redis();
        assert_eq!(self.console(&self.open).await["reserved"], 1);
        assert_eq!(self.console(&self.queued).await["serving"], 1);
    }

    /// Looks at everything that can be looked at.
    pub(crate) async fn looks(&self) {
        let _ = self.at("list-shows").get("/v1/shows").send().await.ok(200);
        let _ = self.at("show-detail").get(format!("/v1/shows/{}", self.open.show_id)).send().await.ok(200);
        let _ =
            self.at("seat-map").get(format!("/v1/seats/{}", self.open.performance_id)).send().await.ok(200);
        let organizer = &self.world.organizer;
        let _ = self.at("manage-shows").get("/v1/manage/shows").bearer(&organizer.token).send().await.ok(200);
        assert_eq!(self.at("web").get("/").send().await.status, 200);
        self.deliver().await;
    }

    /// A booking whose money the provider does not give back, whenever it is asked.
    pub(crate) async fn stuck_refund(&self) {
        let sold = self.world.confirmed(&self.buyer, &self.open, &["A-1-8"]).await;
        let cut_off = self.world.client_with(SILENT_PROVIDER, cancel::FUNCTION, cancel::routes());
        let request = cut_off.post("/v1/cancellations").bearer(&self.buyer.token).key("stuck");
        let _ = request.json(&json!({"booking_id": sold.booking_id})).send().await.ok(200);
        let sweep = self.world.client_with(SILENT_PROVIDER, sweep::FUNCTION, sweep::routes());
        for _ in 0..3 {
            self.world.set_forward(RETRY_S);
            assert_eq!(sweep.post("/").send().await.ok(200)["settled"], 1);
        }
    }

    /// A sold seat that the books of the seats have with another booking.
    pub(crate) async fn plant_an_oversell(&self) {
        let sold = self.world.confirmed(&self.other, &self.open, &["A-1-7"]).await;
        let thief = (BookingId(self.world.app.ids.uuid()), self.buyer.user_id);
        self.world.overwrite_seat(&self.open, sold.seats[0].index, Some(thief)).await;
        self.deliver().await;
    }

    async fn hold(&self, client: &Client, person: &Person, seats: &[&str]) -> Answer {
        let wanted = json!({"performance_id": self.open.performance_id, "seats": seats});
        client.post("/v1/holds").bearer(&person.token).json(&wanted).send().await
    }

    async fn book(&self, hold: &Value, key: &str) -> Answer {
        let request = self.at("book").post("/v1/bookings").bearer(&self.buyer.token).key(key);
        request.json(&json!({"hold_id": hold["hold_id"]})).send().await
    }

    async fn pay(&self, client: &Client, booking: &Value, token: &str) -> Answer {
        let order = json!({"booking_id": booking["booking_id"], "method": "card", "token": token});
        let key = order.to_string();
        client.post("/v1/payments").bearer(&self.buyer.token).key(&key).json(&order).send().await
    }

    async fn console(&self, performance: &Performance) -> Value {
        let path = format!("/v1/manage/sales/{}", performance.performance_id);
        self.at("manage-sale").get(path).bearer(&self.world.organizer.token).send().await.ok(200)
    }

    async fn deliver(&self) {
        assert_eq!(self.at("relay").post("/").send().await.ok(200)["waiting"], 0);
    }
}
