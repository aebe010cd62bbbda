//! A buyer's whole journey over HTTP: account, queue, hold, booking, payment, and sometimes a cancellation. The buyer writes
//! down what was promised, and compares.

use crate::{
    DrillResult,
    client::{BuyerClient, ClientReply},
    diary::{Diary, Journey, ToldState},
    scene::Scene,
};
use domain::{BookingId, UserId};
use jiff::Timestamp;
use reqwest::Method;
use serde_json::{Value, json};
use std::{sync::Arc, time::Duration};
use tokio::time::{Instant, sleep};
use uuid::Uuid;

/// How long a buyer keeps trying.
pub(crate) const PATIENCE: Duration = Duration::from_mins(4);
/// A hold may be lost with Redis, and named seats to other buyers.
const TRIES_MAX: u32 = 8;
/// A sign of life is due by then; three times as much without one loses the place.
const SIGN_OF_LIFE_AFTER: Duration = Duration::from_secs(15);
/// With a sign of life as late as this a buyer is still inside for certain.
const SURELY_INSIDE: Duration = Duration::from_secs(45);
/// A clock learned from whole seconds may be this wrong.
const CLOCK_MAY_BE_OFF_S: i64 = 2;

/// What the buyer does once inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Intent {
    Pays,
    /// The first card is declined.
    PaysAtLast,
    /// The provider takes the order and hangs up.
    PaysIntoSilence,
    Cancels,
    /// Books and never pays.
    LetsExpire,
}

impl Intent {
    /// The intents of a sale, in turn.
    pub(crate) fn of(turn: u64) -> Self {
        match turn % 8 {
            3 => Self::PaysAtLast,
            4 => Self::PaysIntoSilence,
            5 => Self::Cancels,
            7 => Self::LetsExpire,
            _ => Self::Pays,
        }
    }
}

/// A buyer with an account.
pub(crate) struct SteadyBuyer {
    client: BuyerClient,
    scene: Arc<Scene>,
    /// Begins the idempotency keys.
    name: Uuid,
    place: Option<QueuePlace>,
    inside: Option<InsideSession>,
}

struct QueuePlace {
    performance: String,
    number: Option<u64>,
}

struct InsideSession {
    last_sign_of_life: Instant,
    session_ends_at: Timestamp,
}

impl SteadyBuyer {
    /// Makes an account and logs in.
    pub(crate) async fn sign_up(scene: &Arc<Scene>) -> DrillResult<Self> {
        let mut client = scene.client(Instant::now() + PATIENCE);
        let name = scene.uuid();
        let email = format!("buyer-{name}@yemae.test");
        let account = json!({ "email": email, "password": "a long password", "name": "관객" });
        let made = client.ask(Method::POST, "/v1/users", Some(&account)).await?;
        // 409: the first try was answered with "later" after it had made the account.
        expect(&made, &[201, 409], "POST /v1/users")?;
        let log_in = json!({ "email": email, "password": "a long password" });
        let tokens = client.ask(Method::POST, "/v1/login", Some(&log_in)).await?;
        expect(&tokens, &[200], "POST /v1/login")?;
        client.set("authorization", format!("Bearer {}", tokens.text("access_token")?));
        let me = client.ask(Method::GET, "/v1/me", None).await?;
        expect(&me, &[200], "GET /v1/me")?;
        scene.diary.signed_up(UserId(me.text("user_id")?.parse()?));
        Ok(Self { client, scene: Arc::clone(scene), name, place: None, inside: None })
    }

    /// Joins the queue and waits until inside.
    pub(crate) async fn go_in(&mut self, performance: &str) -> DrillResult<()> {
        self.join(performance).await?;
        let (queue, me) = (format!("/v1/queues/{performance}"), format!("/v1/queues/{performance}/me"));
        loop {
            let all = self.client.ask(Method::GET, &queue, None).await?;
            expect(&all, &[200], "GET the queue")?;
            let place = self.client.ask(Method::GET, &me, None).await?;
            expect(&place, &[200], "GET the place")?;
            self.compare_number(&place);
            let state = place.text("state")?;
            if matches!(state.as_str(), "called" | "admitted") && self.claim().await? {
                return Ok(());
            }
            if matches!(state.as_str(), "lapsed" | "left") {
                return Err(format!("lost the place in the queue: it has {state}").into());
            }
            sleep(Duration::from_millis(place.number("poll_after_ms").unwrap_or(2_000))).await;
        }
    }

    async fn join(&mut self, performance: &str) -> DrillResult<()> {
        let wanted = json!({ "performance_id": performance });
        let joined = self.client.ask(Method::POST, "/v1/queue-tickets", Some(&wanted)).await?;
        expect(&joined, &[200, 201], "POST /v1/queue-tickets")?;
        self.client.set("queue-ticket", joined.text("queue_ticket")?);
        self.place =
            Some(QueuePlace { performance: performance.to_owned(), number: joined.number("number") });
        Ok(())
    }

    /// The number never changes while the place is kept.
    fn compare_number(&self, place: &ClientReply) {
        let now = place.number("number");
        if let Some(known) = &self.place
            && known.number != now
        {
            self.scene.diary.broke(format!("a queue number changed: {:?} → {now:?}", known.number));
        }
    }

    /// Whether the buyer is inside now.
    async fn claim(&mut self) -> DrillResult<bool> {
        let claimed = self.client.ask(Method::POST, "/v1/admissions", None).await?;
        expect(&claimed, &[200, 201, 202], "POST /v1/admissions")?;
        if claimed.status == 202 {
            return Ok(false);
        }
        self.came_in(&claimed)?;
        Ok(true)
    }

    fn came_in(&mut self, admitted: &ClientReply) -> DrillResult<()> {
        self.client.set("admission-token", admitted.text("admission_token")?);
        let session_ends_at = admitted.text("session_ends_at")?.parse()?;
        self.inside = Some(InsideSession { last_sign_of_life: Instant::now(), session_ends_at });
        Ok(())
    }

    /// Every 20 s, as the page does.
    async fn give_sign_of_life(&mut self) -> DrillResult<()> {
        let Some(inside) = &self.inside else { return Ok(()) };
        let left = inside.session_ends_at.duration_since(self.client.server_now());
        if left.as_secs() < -CLOCK_MAY_BE_OFF_S {
            return Err("believes that the session is over".into());
        }
        if inside.last_sign_of_life.elapsed() < SIGN_OF_LIFE_AFTER {
            return Ok(());
        }
        let renewed = self.client.ask(Method::PUT, "/v1/admissions", None).await?;
        expect(&renewed, &[200], "PUT /v1/admissions")?;
        self.came_in(&renewed)
    }

    /// Leaves, so that the next buyer may come in.
    pub(crate) async fn go_out(&mut self) -> DrillResult<()> {
        let left = self.client.ask(Method::DELETE, "/v1/admissions", None).await?;
        // 410: a repeat of what had been done.
        expect(&left, &[204, 410], "DELETE /v1/admissions")?;
        self.inside = None;
        self.place = None;
        self.client.unset("admission-token");
        self.client.unset("queue-ticket");
        Ok(())
    }

    /// Holds one or two seats and books them. Returns the booking's id.
    pub(crate) async fn book(&mut self) -> DrillResult<String> {
        for attempt in 0..TRIES_MAX {
            let Some(hold) = self.hold(attempt).await? else { continue };
            self.give_sign_of_life().await?;
            self.client.set("idempotency-key", format!("{}-book-{attempt}", self.name));
            let wanted = json!({ "hold_id": hold });
            let booked = self.client.ask(Method::POST, "/v1/bookings", Some(&wanted)).await?;
            self.client.unset("idempotency-key");
            match (booked.status, booked.code()) {
                (201, _) => {
                    let booking = booked.text("booking_id")?;
                    self.told(&booking, ToldState::Reserved);
                    return Ok(booking);
                }
                // Redis lost the hold, or another buyer was faster in the books.
                (410, "hold_expired") | (409, "seat_sold" | "seat_held") => {}
                (403, "not_admitted") => self.come_back_in().await?,
                _ => return Err(unexpected(&booked, "POST /v1/bookings")),
            }
        }
        Err(format!("booked nothing in {TRIES_MAX} tries").into())
    }

    async fn hold(&mut self, attempt: u32) -> DrillResult<Option<String>> {
        self.give_sign_of_life().await?;
        let Some(QueuePlace { performance, .. }) = &self.place else { return Err("is not inside".into()) };
        let seats = self.scene.some_seats(attempt);
        let wanted = match seats {
            Some(seats) => json!({ "performance_id": performance, "seats": seats }),
            None => json!({ "performance_id": performance, "best": { "count": 2, "grade": "R" } }),
        };
        let held = self.client.ask(Method::POST, "/v1/holds", Some(&wanted)).await?;
        match (held.status, held.code()) {
            (200 | 201, _) => Ok(Some(held.text("hold_id")?)),
            (409, "seat_sold" | "seat_held") => Ok(None),
            (403, "not_admitted") => {
                self.come_back_in().await?;
                Ok(None)
            }
            _ => Err(unexpected(&held, "POST /v1/holds")),
        }
    }

    /// Goes on with the same session. Only a long silence may have cost it.
    async fn come_back_in(&mut self) -> DrillResult<()> {
        let silent = self.inside.as_ref().map_or(Duration::MAX, |inside| inside.last_sign_of_life.elapsed());
        if silent < SURELY_INSIDE {
            let silent_s = silent.as_secs();
            self.scene.diary.broke(format!("was sent out after {silent_s} s without a sign of life"));
        }
        let performance = self.place.as_ref().map(|place| place.performance.clone()).unwrap_or_default();
        while !self.claim().await? {
            sleep(Duration::from_secs(1)).await;
        }
        self.place = Some(QueuePlace { performance, number: None });
        Ok(())
    }

    /// Pays a booking with a card of this token. Returns whether it is confirmed; not if its time was over.
    pub(crate) async fn pay(&mut self, booking: &str, token: &str) -> DrillResult<bool> {
        self.client.set("idempotency-key", format!("{booking}-{token}"));
        let order = json!({ "booking_id": booking, "method": "card", "token": token });
        let paid = self.client.ask(Method::POST, "/v1/payments", Some(&order)).await?;
        self.client.unset("idempotency-key");
        match (paid.status, paid.code()) {
            (200, _) => {
                if paid.text("state")? != "confirmed" {
                    return Err(unexpected(&paid, "POST /v1/payments"));
                }
                self.told(booking, ToldState::Confirmed);
                Ok(true)
            }
            (402, "payment_declined") if token == "decline" => Ok(false),
            (410, "payment_window_over") => Ok(false),
            _ => Err(unexpected(&paid, "POST /v1/payments")),
        }
    }

    async fn cancel(&mut self, booking: &str) -> DrillResult<()> {
        self.client.set("idempotency-key", format!("{booking}-cancel"));
        let wanted = json!({ "booking_id": booking });
        let cancelled = self.client.ask(Method::POST, "/v1/cancellations", Some(&wanted)).await?;
        self.client.unset("idempotency-key");
        expect(&cancelled, &[200], "POST /v1/cancellations")?;
        self.told(booking, ToldState::Cancelled);
        Ok(())
    }

    /// Reads the booking: what was acknowledged is there.
    async fn look_at(&mut self, booking: &str, wanted: &str) -> DrillResult<()> {
        let read = self.client.ask(Method::GET, &format!("/v1/me/bookings/{booking}"), None).await?;
        expect(&read, &[200], "GET the booking")?;
        let state = read.text("state")?;
        if state != wanted {
            self.scene.diary.broke(format!("booking {booking} was {wanted} and reads {state}"));
        }
        Ok(())
    }

    fn told(&self, booking: &str, told: ToldState) {
        if let Ok(booking) = booking.parse() {
            self.scene.diary.told(BookingId(booking), told);
        }
    }
}

/// Takes the whole journey. Returns how it ended.
pub(crate) async fn journey(
    scene: &Arc<Scene>,
    performance: &str,
    intent: Intent,
) -> DrillResult<&'static str> {
    let begun = Instant::now();
    let mut buyer = SteadyBuyer::sign_up(scene).await?;
    buyer.go_in(performance).await?;
    // Twice if the first booking could not be paid within its time.
    for _ in 0..2 {
        let booking = buyer.book().await?;
        if intent == Intent::LetsExpire {
            buyer.go_out().await?;
            return Ok("not paid");
        }
        if intent == Intent::PaysAtLast {
            buyer.pay(&booking, "decline").await?;
        }
        let token = if intent == Intent::PaysIntoSilence { "lost" } else { "ok" };
        if !buyer.pay(&booking, token).await? {
            continue;
        }
        scene.diary.bought(Journey { begun, bought: Instant::now() });
        buyer.go_out().await?;
        buyer.look_at(&booking, "confirmed").await?;
        if intent == Intent::Cancels {
            buyer.cancel(&booking).await?;
            buyer.look_at(&booking, "cancelled").await?;
            return Ok("cancelled");
        }
        return Ok("bought");
    }
    Err("could not pay within the time for it, twice".into())
}

/// Queues at a sale with a slow queue, goes in, leaves, and queues again, until the scene is over.
pub(crate) async fn queue_again_and_again(scene: &Arc<Scene>, performance: &str) -> DrillResult<()> {
    let mut buyer = SteadyBuyer::sign_up(scene).await?;
    while !scene.is_over() {
        buyer.client.keep_trying_until(Instant::now() + PATIENCE);
        buyer.go_in(performance).await?;
        buyer.go_out().await?;
        scene.diary.ended("queued");
    }
    Ok(())
}

fn expect(reply: &ClientReply, statuses: &[u16], what: &str) -> DrillResult<()> {
    if statuses.contains(&reply.status) { Ok(()) } else { Err(unexpected(reply, what)) }
}

fn unexpected(reply: &ClientReply, what: &str) -> Box<dyn std::error::Error + Send + Sync> {
    let ClientReply { status, body } = reply;
    format!("{what} answered {status}: {}", shortened(body)).into()
}

fn shortened(body: &Value) -> String {
    body.to_string().chars().take(300).collect()
}

/// Writes down how a journey ended.
pub(crate) fn note(diary: &Diary, ended: DrillResult<&'static str>) {
    match ended {
        Ok(how) => diary.ended(how),
        Err(why) => {
            diary.ended("failed");
            diary.broke(format!("a buyer {why}"));
        }
    }
}
