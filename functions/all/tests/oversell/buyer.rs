//! A determined buyer: signs up, queues, and tries seat after seat until the limit is reached or nothing is left.

use crate::house::{House, SEATS, SEATS_PER_USER_MAX};
use reqwest::StatusCode;
use serde_json::{Value, json};
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::{task::JoinSet, time::sleep};

/// The bound on a buyer's rounds of trying: no buyer needs as many.
const TRIES_MAX: usize = 400;
const PAUSE: Duration = Duration::from_millis(100);

/// Lets all buyers run at once, each to the end.
pub(crate) async fn race(house: &House, buyers: usize) {
    let (mut race, sold) = (JoinSet::new(), Arc::<AtomicUsize>::default());
    for number in 0..buyers {
        let buyer = Buyer {
            base: house.base.clone(),
            client: house.client.clone(),
            number,
            random: number as u64 + 1,
            sold: Arc::clone(&sold),
        };
        let performance = house.performance_id.clone();
        race.spawn(async move { buyer.buy_all(&performance).await });
    }
    while let Some(ended) = race.join_next().await {
        ended.expect("a buyer does not panic");
    }
}

struct Buyer {
    base: String,
    client: reqwest::Client,
    number: usize,
    random: u64,
    /// How many seats all buyers together have bought.
    sold: Arc<AtomicUsize>,
}

/// An answer with its JSON body.
#[derive(Debug, PartialEq)]
struct Reply {
    status: StatusCode,
    body: Value,
}

/// The outcome of one try.
enum Outcome {
    Bought(usize),
    Lost,
    NotAdmitted,
}

impl Buyer {
    async fn buy_all(mut self, performance: &str) {
        let token = self.sign_up().await;
        let mut admission = self.queue(performance, &token).await;
        let mut bought = 0;
        for attempt in 0..TRIES_MAX {
            if bought >= SEATS_PER_USER_MAX || self.sold.load(Ordering::Relaxed) >= SEATS {
                return;
            }
            match self.try_to_buy(performance, &token, &admission, attempt, SEATS_PER_USER_MAX - bought).await
            {
                Outcome::Bought(seats) => {
                    bought += seats;
                    self.sold.fetch_add(seats, Ordering::Relaxed);
                }
                Outcome::Lost => sleep(PAUSE).await,
                Outcome::NotAdmitted => admission = self.queue(performance, &token).await,
            }
        }
        panic!("buyer {} tried {TRIES_MAX} times", self.number);
    }

    async fn sign_up(&self) -> String {
        let (email, password) = (format!("buyer-{}@example.org", self.number), "correct horse");
        let account = json!({ "email": email, "password": password, "name": "A Buyer" });
        let signed_up = self.persist("/v1/users", &[], &account).await;
        assert!(matches!(signed_up.status, StatusCode::CREATED | StatusCode::CONFLICT));
        let logged_in =
            self.persist("/v1/login", &[], &json!({ "email": email, "password": password })).await;
        format!("Bearer {}", logged_in.field("access_token"))
    }

    /// Joins, and claims until it is this buyer's turn.
    async fn queue(&self, performance: &str, token: &str) -> String {
        loop {
            let wanted = json!({ "performance_id": performance });
            let joined = self.persist("/v1/queue-tickets", &[("authorization", token)], &wanted).await;
            let ticket = joined.field("queue_ticket");
            loop {
                let claimed = self.persist("/v1/admissions", &[("queue-ticket", &ticket)], &json!({})).await;
                match claimed.status {
                    StatusCode::OK | StatusCode::CREATED => {
                        return claimed.field("admission_token");
                    }
                    StatusCode::ACCEPTED => sleep(PAUSE).await,
                    StatusCode::GONE => break,
                    other => panic!("a claim was answered {other}"),
                }
            }
        }
    }

    /// Holds one or two seats, books them, and pays.
    async fn try_to_buy(
        &mut self,
        performance: &str,
        token: &str,
        admission: &str,
        attempt: usize,
        seats_max: usize,
    ) -> Outcome {
        let inside = [("authorization", token), ("admission-token", admission)];
        let wanted = json!({ "performance_id": performance, "seats": self.some_seats(seats_max) });
        let held = self.persist("/v1/holds", &inside, &wanted).await;
        match held.status {
            StatusCode::OK | StatusCode::CREATED => {}
            StatusCode::FORBIDDEN => return Outcome::NotAdmitted,
            _ => return Outcome::Lost,
        }
        let chosen = json!({ "hold_id": held.field("hold_id") });
        let key = format!("book-{attempt}");
        let headers = [inside[0], inside[1], ("idempotency-key", &key)];
        let booked = self.persist("/v1/bookings", &headers, &chosen).await;
        match booked.status {
            StatusCode::CREATED => {}
            StatusCode::FORBIDDEN => return Outcome::NotAdmitted,
            _ => return Outcome::Lost,
        }
        let booking = booked.body;
        self.pay(token, &booking, attempt).await;
        Outcome::Bought(booking["seats"].as_array().map_or(0, Vec::len))
    }

    /// Now and then a card is declined or an answer is lost. Every request is sent twice.
    async fn pay(&mut self, token: &str, booking: &Value, attempt: usize) {
        let words = match self.roll(4) {
            0 => &["decline", "ok"][..],
            1 => &["lost"],
            _ => &["ok"],
        };
        for word in words {
            let order = json!({ "booking_id": booking["booking_id"], "method": "card", "token": word });
            let key = format!("pay-{attempt}-{word}");
            let headers = [("authorization", token), ("idempotency-key", key.as_str())];
            let (first, second) = tokio::join!(
                self.persist("/v1/payments", &headers, &order),
                self.persist("/v1/payments", &headers, &order)
            );
            let expected = if *word == "decline" { StatusCode::PAYMENT_REQUIRED } else { StatusCode::OK };
            assert_eq!(first.status, expected, "token {word}: {first:?}");
            assert_eq!(first, second, "a repeat gets the same answer");
        }
    }

    /// Sends until the answer is neither "not now" nor "the first one is still running".
    async fn persist(&self, path: &str, headers: &[(&str, &str)], wanted: &Value) -> Reply {
        for _ in 0..TRIES_MAX {
            let request = self.client.post(format!("{}{path}", self.base)).json(wanted);
            let request =
                headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
            let answer = request.send().await.expect("an answer");
            let status = answer.status();
            let reply = Reply { status, body: answer.json().await.expect("JSON") };
            let not_now = [
                StatusCode::SERVICE_UNAVAILABLE,
                StatusCode::GATEWAY_TIMEOUT,
                // This buyer asks more often than a client should.
                StatusCode::TOO_MANY_REQUESTS,
            ];
            if !not_now.contains(&status) && reply.body["code"] != "idempotency_in_progress" {
                return reply;
            }
            sleep(PAUSE).await;
        }
        panic!("{path} was not answered");
    }

    fn some_seats(&mut self, most: usize) -> Vec<String> {
        let first = self.roll(SEATS);
        let count = 1 + self.roll(most);
        (0..count).map(|offset| House::seat((first + offset) % SEATS)).collect()
    }

    /// A small deterministic generator (xorshift), so that every run tries the same.
    fn roll(&mut self, sides: usize) -> usize {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        usize::try_from(self.random % sides as u64).expect("below a usize")
    }
}

impl Reply {
    fn field(&self, name: &str) -> String {
        self.body[name].as_str().unwrap_or_else(|| panic!("no {name} in {}", self.body)).to_owned()
    }
}
