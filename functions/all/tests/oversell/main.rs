//! Proof that overselling is impossible: 200 buyers race for 20 seats over HTTP through all the steps, once with Redis
//! flushed midway, and once with a Redis that grants every lock to every buyer; and 200 who come and go for standing places.
#![cfg(test)]

mod buyer;
mod house;
mod lying;
mod standing;

use house::{House, SEATS, SEATS_PER_USER_MAX};
use lying::LyingLocks;
use std::{collections::HashMap, sync::Arc, time::Duration};

const BUYERS: usize = 200;
/// A race that takes longer has hung.
const RACE_MAX: Duration = Duration::from_mins(4);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_seat_is_sold_twice_when_redis_is_flushed_midway() {
    let house = House::open(|_| {}).await;
    let flush = async {
        house.wait_for_bookings(SEATS / 4).await;
        house.flush_redis().await;
        house.wait_for_bookings(SEATS / 2).await;
        house.flush_redis().await;
    };
    let race = async { tokio::join!(flush, buyer::race(&house, BUYERS)) };
    tokio::time::timeout(RACE_MAX, race).await.expect("the race ends");
    check_books(&house).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_seat_is_sold_twice_when_redis_grants_every_lock_to_every_buyer() {
    let house = House::open(|app| app.locks = Arc::new(LyingLocks::default())).await;
    tokio::time::timeout(RACE_MAX, buyer::race(&house, BUYERS)).await.expect("the race ends");
    check_books(&house).await;
}

/// What must hold whatever happened.
async fn check_books(house: &House) {
    house.sweep().await;
    let bookings = house.confirmed_bookings().await;
    let (mut owners, mut seats_of, mut money) = (HashMap::new(), HashMap::new(), 0);
    for booking in &bookings {
        for seat in &booking.seats {
            let before = owners.insert(seat.index, booking.booking_id);
            assert_eq!(before, None, "{} was sold twice", seat.seat);
        }
        *seats_of.entry(booking.user_id).or_insert(0) += booking.seats.len();
        money += booking.amount;
    }
    assert_eq!(owners.len(), SEATS, "everything was wanted, so everything is sold");
    assert!(seats_of.values().all(|seats| *seats <= SEATS_PER_USER_MAX), "limits hold: {seats_of:?}");
    assert_eq!(money, SEATS as u64 * house::PRICE);
    let ledger = house.ledger().await;
    assert_eq!(ledger.captured, money, "money taken equals seats sold");
    assert_eq!(ledger.refunded, 0, "nothing was taken that had to go back");
    assert_eq!(ledger.authorized, ledger.captured + ledger.voided, "nothing set aside is forgotten");
    house.check_seat_records(&owners).await;
}
