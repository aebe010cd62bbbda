//! A standing floor under a crowd: 30,000 places, 200 buyers at once, who hold, give back, pay, cancel, and come again, while
//! Redis loses everything midway.

use crate::RACE_MAX;
use domain::{
    BookingId,
    booking::BookingState,
    layout::SeatIndex,
    performance::Performance,
    seat::{Ownership, SeatRecord},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use testkit::{Answer, Client, Fixture, Person, Request, Value, World, json};
use tokio::{task::JoinSet, time::sleep};

const PLACES: u32 = 30_000;
const BUYERS: u32 = 200;
const PLACES_PER_USER_MAX: u32 = 4;
/// How often each buyer comes.
const VISITS: u32 = 3;
/// The bound on how often one request is sent.
const TRIES_MAX: usize = 400;
const PAUSE: Duration = Duration::from_millis(50);
/// No buyer ever has more than four places, so no more are ever taken at once; and since the lowest are taken first, none lies
/// far above. Groups stay together, which leaves gaps.
const HIGHEST: u32 = 2 * BUYERS * PLACES_PER_USER_MAX;

/// The floor, each function in a process of its own, two of them for holds.
struct Floor {
    world: World,
    locks: [Client; 2],
    book: Client,
    pay: Client,
    cancel: Client,
    performance: Performance,
    /// How many bookings were made.
    booked: AtomicUsize,
}

impl Floor {
    async fn open() -> Self {
        let world = World::start().await;
        let house = Fixture {
            sections: &[],
            standing: &[("F", "R", PLACES)],
            max_seats_per_user: PLACES_PER_USER_MAX,
            ..Fixture::default()
        };
        let performance = world.performance(house).await;
        let lock = || world.client(lock_seat::FUNCTION, lock_seat::routes());
        Self {
            locks: [lock(), lock()],
            book: world.client(book::FUNCTION, book::routes()),
            pay: world.client(pay::FUNCTION, pay::routes()),
            cancel: world.client(cancel::FUNCTION, cancel::routes()),
            performance,
            world,
            booked: AtomicUsize::new(0),
        }
    }

    /// Who owns which place, by the books.
    async fn owners(&self) -> BTreeMap<u32, BookingId> {
        let places: Vec<_> = (0..HIGHEST).map(SeatIndex).collect();
        let mut owners = BTreeMap::new();
        for some in places.chunks(100) {
            let books = &self.world.app.books;
            let records = books.records_of(self.performance.performance_id, some).await.expect("the books");
            let owned = |(place, record): (SeatIndex, Option<SeatRecord>)| match record?.ownership {
                Ownership::Reserved { booking, .. } | Ownership::Sold { booking, .. } => {
                    Some((place.0, booking))
                }
                Ownership::Available => None,
            };
            owners.extend(records.into_iter().filter_map(owned));
        }
        owners
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_standing_place_is_sold_twice_and_the_lowest_are_sold_first() {
    let floor = Arc::new(Floor::open().await);
    let mut race = JoinSet::new();
    for number in 0..BUYERS {
        let buyer =
            Buyer { floor: Arc::clone(&floor), person: floor.world.buyer().await, number, live: Vec::new() };
        race.spawn(buyer.come_and_go());
    }
    let flush = async {
        while floor.booked.load(Ordering::Relaxed) < BUYERS as usize / 2 {
            sleep(PAUSE).await;
        }
        floor.world.flush_redis();
    };
    let all = async { tokio::join!(flush, race.join_all()).1 };
    let buyers = tokio::time::timeout(RACE_MAX, all).await.expect("the race ends");
    check_books(&floor, &buyers).await;
    check_resale(&floor).await;
}

/// What must hold whatever happened.
async fn check_books(floor: &Floor, buyers: &[Buyer]) {
    let mut sold = BTreeMap::new();
    for buyer in buyers {
        let (bookings, _) =
            floor.world.app.books.bookings_of(buyer.person.user_id, 100, None).await.expect("bookings");
        let live = bookings
            .iter()
            .filter(|booking| matches!(booking.state, BookingState::Reserved | BookingState::Confirmed));
        let mut places = 0;
        for booking in live {
            assert!(buyer.live.contains(&booking.booking_id.to_string()), "the buyer was told of it");
            places += booking.seats.len();
            for seat in &booking.seats {
                let before = sold.insert(seat.index.0, booking.booking_id);
                assert_eq!(before, None, "{} was sold twice", seat.seat);
            }
        }
        assert!(places <= PLACES_PER_USER_MAX as usize, "{places} places of one buyer");
    }
    assert!(sold.len() > BUYERS as usize, "most buyers have places: {}", sold.len());
    assert_eq!(floor.owners().await, sold, "the places' records agree with the bookings");
    let highest = sold.keys().last().copied().expect("places");
    assert!(highest < HIGHEST, "{highest} is far above the {} that were sold", sold.len());
}

/// What came back is sold before what was never sold, lowest first.
async fn check_resale(floor: &Floor) {
    let sold: BTreeSet<_> = floor.owners().await.into_keys().collect();
    let highest = sold.last().copied().expect("places");
    let free: Vec<_> = (0..highest + 3).filter(|place| !sold.contains(place)).collect();
    assert!(free.len() > 3, "some came back");
    let mut resold = Vec::new();
    for _ in &free {
        let held = ask_to_stand(floor, &floor.world.buyer().await, 1, 0).await.ok(201);
        resold.extend(numbers(&held).into_iter().map(|number| number - 1));
    }
    assert_eq!(resold, free);
}

struct Buyer {
    floor: Arc<Floor>,
    person: Person,
    number: u32,
    /// The bookings that the buyer was told of and has not cancelled.
    live: Vec<String>,
}

impl Buyer {
    async fn come_and_go(mut self) -> Self {
        for visit in 0..VISITS {
            self.visit(visit).await;
        }
        self
    }

    async fn visit(&mut self, visit: u32) {
        // Each number takes another way through its visits.
        let dice = self.number + 7 * visit;
        let count = dice % 4 + 1;
        let held = ask_to_stand(&self.floor, &self.person, count, dice).await;
        if held.status != 201 {
            let _ = held.problem("limit_exceeded", 409);
            return;
        }
        let held = held.json();
        let numbers = numbers(&held);
        assert_eq!(numbers.len(), count as usize);
        let is_run = numbers.windows(2).all(|pair| pair[0] + 1 == pair[1]);
        assert!(is_run, "there is room for all together: {numbers:?}");
        if dice.is_multiple_of(5) {
            let path = format!("/v1/holds/{}", field(&held, "hold_id"));
            let released = persist(|| self.floor.locks[0].delete(&path).bearer(&self.person.token)).await;
            assert!(matches!(released.status, 204 | 404), "{}", released.body);
            return;
        }
        let Some(booking) = self.book(&held, visit).await else { return };
        if !dice.is_multiple_of(7) {
            self.pay(&booking, visit).await;
        }
        if dice.is_multiple_of(3) {
            self.cancel(&booking, visit).await;
        } else {
            self.live.push(booking);
        }
    }

    /// Books; nothing where Redis lost the hold meanwhile.
    async fn book(&self, held: &Value, visit: u32) -> Option<String> {
        let body = json!({"hold_id": field(held, "hold_id")});
        let booked = self.order(&self.floor.book, "/v1/bookings", &format!("book-{visit}"), &body).await;
        if booked.status == 201 {
            self.floor.booked.fetch_add(1, Ordering::Relaxed);
            return Some(field(&booked.json(), "booking_id"));
        }
        assert!(matches!(booked.status, 409 | 410), "{}", booked.body);
        None
    }

    async fn pay(&self, booking: &str, visit: u32) {
        let body = json!({"booking_id": booking, "method": "card", "token": "ok"});
        let paid = self.order(&self.floor.pay, "/v1/payments", &format!("pay-{visit}"), &body).await;
        assert_eq!(paid.ok(200)["state"], "confirmed");
    }

    async fn cancel(&self, booking: &str, visit: u32) {
        let body = json!({"booking_id": booking});
        let cancelled =
            self.order(&self.floor.cancel, "/v1/cancellations", &format!("cancel-{visit}"), &body).await;
        assert_eq!(cancelled.ok(200)["state"], "cancelled");
    }

    async fn order(&self, client: &Client, path: &str, key: &str, body: &Value) -> Answer {
        persist(|| client.post(path).bearer(&self.person.token).key(key).json(body)).await
    }
}

async fn ask_to_stand(floor: &Floor, person: &Person, count: u32, dice: u32) -> Answer {
    let standing = json!({"section": "F", "count": count});
    let body = json!({"performance_id": floor.performance.performance_id, "standing": standing});
    persist(|| floor.locks[dice as usize % 2].post("/v1/holds").bearer(&person.token).json(&body)).await
}

/// Sends until the answer is neither "not now" nor "the first one is still running".
async fn persist(request: impl Fn() -> Request) -> Answer {
    for _ in 0..TRIES_MAX {
        let answer = request().send().await;
        let is_not_now = matches!(answer.status, 429 | 503 | 504);
        if !is_not_now && !answer.body.contains("idempotency_in_progress") {
            return answer;
        }
        sleep(PAUSE).await;
    }
    panic!("a request was not answered");
}

fn numbers(held: &Value) -> Vec<u32> {
    let places = held["places"].as_array().expect("places");
    let number = |place: &Value| place["entry_number"].as_u64().and_then(|number| u32::try_from(number).ok());
    places.iter().map(|place| number(place).expect("a number")).collect()
}

fn field(of: &Value, name: &str) -> String {
    of[name].as_str().unwrap_or_else(|| panic!("no {name} in {of}")).to_owned()
}
