//! The map follows the books, whatever dies: real processes are stopped between a commit and its projection. The Redis that
//! they call never answers, and the real Redis is silent meanwhile, so that `relay` has to wait for it, too.
#![cfg(test)]

mod support;

use domain::{
    booking::{Booking, BookingState},
    performance::Performance,
    seat::SeatState,
};
use serde_json::{Value, json};
use shared::ports::MapRead;
use std::{
    net::TcpListener,
    process::Command,
    time::{Duration, Instant},
};
use support::Process;
use testkit::{Fixture, Person, World};
use tokio::time::sleep;

/// The longest that the map may lag behind the books once Redis is back.
const BEHIND_MAX: Duration = Duration::from_secs(5);
/// How long a process may take to commit.
const COMMITTED_WITHIN: Duration = Duration::from_secs(5);
/// Longer than a booking waits for its payment, including the grace for one that began in time.
const UNPAID_S: i64 = 700;

/// A world whose functions are processes. Those that change the books know the address of `relay`.
struct House {
    world: World,
    performance: Performance,
    relay: Process,
    lock_seat: Process,
    redis_pid: String,
    /// Accepts what is sent and never answers.
    silence: TcpListener,
}

impl House {
    async fn open() -> Self {
        let world = World::start().await;
        let performance = world.performance(Fixture::default()).await;
        let relay = start(&world, "relay", &[]).await;
        let lock_seat = start(&world, "lock-seat", &[]).await;
        let redis_pid = pid_of(world.redis.url()).await;
        let silence = TcpListener::bind("127.0.0.1:0").unwrap();
        Self { world, performance, relay, lock_seat, redis_pid, silence }
    }

    /// Starts a process that cannot tell the map anything by itself.
    async fn start(&self, name: &'static str) -> Process {
        let relay = format!("http://{}", self.relay.address);
        let silence = format!("redis://{}", self.silence.local_addr().unwrap());
        start(&self.world, name, &[("YEMAE_RELAY_URL", &relay), ("YEMAE_REDIS_URL", &silence)]).await
    }

    /// Redis accepts what is sent and never answers.
    fn redis_falls_silent(&self) {
        signal("-STOP", &self.redis_pid);
    }

    fn redis_is_back(&self) {
        signal("-CONT", &self.redis_pid);
    }

    /// Waits until the books say so, which is before the map can know.
    async fn committed(&self, booking: &Booking, state: BookingState) {
        let deadline = Instant::now() + COMMITTED_WITHIN;
        while self.world.booking(booking.booking_id).await.state != state {
            assert!(Instant::now() < deadline, "{state:?} was not committed");
            sleep(Duration::from_millis(5)).await;
        }
    }

    /// Waits until the map shows the first seat like this, and returns how long that took.
    async fn shows(&self, wanted: SeatState) -> Duration {
        let since = Instant::now();
        loop {
            if self.first_seat().await == Some(wanted) {
                return since.elapsed();
            }
            assert!(since.elapsed() < BEHIND_MAX, "the map never showed {wanted:?}");
            sleep(Duration::from_millis(20)).await;
        }
    }

    async fn first_seat(&self) -> Option<SeatState> {
        match self.world.app.locks.map(self.performance.performance_id, None).await.ok()? {
            MapRead::Full { taken, .. } => {
                let first = taken.into_iter().find(|(seat, _)| seat.0 == 0);
                Some(first.map_or(SeatState::Available, |(_, state)| state))
            }
            MapRead::Changes { .. } => None,
        }
    }

    async fn hold(&self, person: &Person, seats: &[&str]) -> (u16, Value) {
        let body = json!({ "performance_id": self.performance.performance_id, "seats": seats });
        let answer = post(&self.lock_seat, "/v1/holds", Some(person), &body).await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }
}

/// A failing test must not leave a stopped Redis behind, which would never exit.
impl Drop for House {
    fn drop(&mut self) {
        self.redis_is_back();
    }
}

async fn start(world: &World, name: &'static str, settings: &[(&str, &str)]) -> Process {
    let settings = [&world.settings(), settings, &[("YEMAE_LOG", "error")]].concat();
    Process::start_listening(name, &settings).await
}

async fn post(
    process: &Process,
    path: &str,
    person: Option<&Person>,
    body: &Value,
) -> reqwest::Result<reqwest::Response> {
    let request = reqwest::Client::new().post(format!("http://{}{path}", process.address));
    let request = match person {
        Some(person) => request.bearer_auth(&person.token).header("idempotency-key", "once").json(body),
        None => request,
    };
    request.send().await
}

async fn pid_of(redis: &str) -> String {
    let client = redis::Client::open(redis).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    let info: String = redis::cmd("INFO").arg("server").query_async(&mut connection).await.unwrap();
    info.lines().find_map(|line| line.strip_prefix("process_id:")).unwrap().to_owned()
}

fn signal(name: &str, pid: &str) {
    assert!(Command::new("kill").args([name, pid]).status().unwrap().success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn seats_are_free_again_though_the_process_that_cancelled_was_killed() {
    let house = House::open().await;
    let (buyer, other) = (house.world.buyer().await, house.world.buyer().await);
    let four = ["A-1-1", "A-1-2", "A-1-3", "A-1-4"];
    let sold = house.world.confirmed(&buyer, &house.performance, &four).await;
    let cancel = house.start("cancel").await;
    house.redis_falls_silent();
    let body = json!({ "booking_id": sold.booking_id });
    let asked = post(&cancel, "/v1/cancellations", Some(&buyer), &body);
    let killed = async {
        house.committed(&sold, BookingState::Cancelled).await;
        signal("-KILL", &cancel.id().to_string());
    };
    let (answer, ()) = tokio::join!(asked, killed);
    assert!(answer.is_err(), "it lived to tell the map");
    house.redis_is_back();
    println!("cancel, killed: the map was right after {:?}", house.shows(SeatState::Available).await);
    assert_eq!(house.hold(&other, &["A-1-1"]).await.0, 201);
    let (status, answer) = house.hold(&buyer, &["A-1-2", "A-1-3", "A-1-4", "A-1-5"]).await;
    assert_eq!(status, 201, "{answer}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn seats_are_free_again_though_the_process_that_cancelled_was_scaled_down() {
    let house = House::open().await;
    let (buyer, other) = (house.world.buyer().await, house.world.buyer().await);
    let sold = house.world.confirmed(&buyer, &house.performance, &["A-1-1"]).await;
    let mut cancel = house.start("cancel").await;
    house.redis_falls_silent();
    let body = json!({ "booking_id": sold.booking_id });
    let answer = post(&cancel, "/v1/cancellations", Some(&buyer), &body).await.unwrap();
    assert_eq!(answer.status(), 200);
    cancel.terminate();
    assert_eq!(cancel.exit_code(Instant::now() + Duration::from_secs(10)), Some(0));
    house.redis_is_back();
    println!("cancel, SIGTERM: the map was right after {:?}", house.shows(SeatState::Available).await);
    assert_eq!(house.hold(&other, &["A-1-1"]).await.0, 201);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn seats_are_sold_though_the_process_that_was_paid_was_killed() {
    let house = House::open().await;
    let buyer = house.world.buyer().await;
    let reserved = house.world.reserved(&buyer, &house.performance, &["A-1-1"]).await;
    let pay = house.start("pay").await;
    house.redis_falls_silent();
    let body = json!({ "booking_id": reserved.booking_id, "method": "card", "token": "ok" });
    let asked = post(&pay, "/v1/payments", Some(&buyer), &body);
    let killed = async {
        house.committed(&reserved, BookingState::Confirmed).await;
        signal("-KILL", &pay.id().to_string());
    };
    let (answer, ()) = tokio::join!(asked, killed);
    assert!(answer.is_err(), "it lived to tell the map");
    house.redis_is_back();
    println!("pay, killed: the map was right after {:?}", house.shows(SeatState::Sold).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn seats_are_free_again_though_the_sweep_that_expired_them_was_killed() {
    let house = House::open().await;
    let (buyer, other) = (house.world.buyer().await, house.world.buyer().await);
    // Processes use the machine's clock: for them the booking has just expired.
    house.world.set_forward(-UNPAID_S);
    let unpaid = house.world.reserved(&buyer, &house.performance, &["A-1-1"]).await;
    house.world.set_forward(UNPAID_S);
    let sweep = house.start("sweep").await;
    house.redis_falls_silent();
    let asked = post(&sweep, "/", None, &Value::Null);
    let killed = async {
        house.committed(&unpaid, BookingState::Expired).await;
        signal("-KILL", &sweep.id().to_string());
    };
    let (answer, ()) = tokio::join!(asked, killed);
    assert!(answer.is_err(), "it lived to tell the map");
    house.redis_is_back();
    println!("sweep, killed: the map was right after {:?}", house.shows(SeatState::Available).await);
    assert_eq!(house.hold(&other, &["A-1-1"]).await.0, 201);
}
