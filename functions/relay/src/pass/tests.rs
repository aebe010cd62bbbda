use super::*;
use crate::subscriber::Subscriber;
use async_trait::async_trait;
use domain::BookingId;
use std::{collections::BTreeMap, sync::Mutex};
use uuid::Uuid;

/// One shard, in memory. An entry is a performance, a booking and whether it can be read.
#[derive(Default)]
struct Shelf {
    entries: Mutex<BTreeMap<String, Entry>>,
    leased: Mutex<bool>,
}

#[derive(Clone, Copy)]
struct Entry {
    performance: u128,
    booking: u128,
    at: Timestamp,
    is_readable: bool,
}

impl Shelf {
    fn with(self, place: &str, performance: u128, booking: u128) -> Self {
        self.put(place, Entry { performance, booking, at: now(), is_readable: true })
    }

    fn unreadable(self, place: &str, at: Timestamp) -> Self {
        self.put(place, Entry { performance: 0, booking: 0, at, is_readable: false })
    }

    fn put(self, place: &str, entry: Entry) -> Self {
        self.entries.lock().unwrap().insert(place.to_owned(), entry);
        self
    }

    fn places(&self) -> Vec<String> {
        self.entries.lock().unwrap().keys().cloned().collect()
    }
}

#[async_trait]
impl Outbox for Shelf {
    async fn lease(&self, _: Shard, _: Timestamp, _: Timestamp) -> Result<Option<u64>, StoreError> {
        let was_leased = std::mem::replace(&mut *self.leased.lock().unwrap(), true);
        Ok((!was_leased).then_some(1))
    }

    async fn end_lease(&self, _: Shard, _: u64) -> Result<(), StoreError> {
        *self.leased.lock().unwrap() = false;
        Ok(())
    }

    async fn waiting(&self, _: Shard, after: Option<&str>, limit: usize) -> Result<Vec<Waiting>, StoreError> {
        let entries = self.entries.lock().unwrap();
        let behind = entries.iter().filter(|(place, _)| after.is_none_or(|after| place.as_str() > after));
        let waiting = behind.take(limit).map(|(place, entry)| Waiting {
            place: place.clone(),
            at: entry.at,
            event: if entry.is_readable {
                Ok(Event {
                    kind: place.clone(),
                    performance: PerformanceId(Uuid::from_u128(entry.performance)),
                    booking: Some(BookingId(Uuid::from_u128(entry.booking))),
                })
            } else {
                Err(StoreError::Unreadable { store: "shelf", what: place.clone() })
            },
        });
        Ok(waiting.collect())
    }

    async fn remove(&self, _: Shard, place: &str) -> Result<(), StoreError> {
        self.entries.lock().unwrap().remove(place);
        Ok(())
    }
}

/// Hears of all performances but one.
#[derive(Default)]
struct Listener {
    deaf_to: Option<u128>,
    heard: Arc<Mutex<Vec<String>>>,
}

#[async_trait]
impl Subscriber for Listener {
    async fn hear(&self, event: &Event) -> Result<(), StoreError> {
        if self.deaf_to == Some(event.performance.0.as_u128()) {
            return Err(StoreError::unavailable("redis", "gone"));
        }
        self.heard.lock().unwrap().push(event.kind.clone());
        Ok(())
    }
}

struct Noon;

impl Clock for Noon {
    fn now(&self) -> Timestamp {
        now()
    }
}

fn now() -> Timestamp {
    Timestamp::from_second(1_800_000_000).unwrap()
}

fn telling(shelf: &Arc<Shelf>, listener: Listener) -> Telling {
    Telling {
        outbox: Arc::clone(shelf) as _,
        subscribers: Subscribers(Arc::new([Box::new(listener) as _])),
        clock: Arc::new(Noon),
    }
}

async fn pass(shelf: &Arc<Shelf>, listener: Listener) -> (u32, u32, u32) {
    let pass = telling(shelf, listener).pass(Shard::new(0).unwrap()).await.unwrap();
    let Pass { told, waiting, unreadable, .. } = pass;
    (told, waiting, unreadable)
}

#[tokio::test]
async fn the_events_of_one_booking_are_delivered_in_order() {
    let mut shelf = Shelf::default();
    for place in 0..100u32 {
        shelf = shelf.with(&format!("{place:03}"), 1, u128::from(place % 3));
    }
    let (shelf, listener) = (Arc::new(shelf), Listener::default());
    let heard = Arc::clone(&listener.heard);
    assert_eq!(pass(&shelf, listener).await, (100, 0, 0));
    assert_eq!(shelf.places(), [""; 0]);
    for booking in 0..3 {
        let of_booking = |place: &&String| place.parse::<u32>().unwrap() % 3 == booking;
        let heard = heard.lock().unwrap();
        assert!(heard.iter().filter(of_booking).is_sorted());
    }
}

#[tokio::test]
async fn a_performance_that_fails_holds_no_other_up() {
    let mut shelf = Shelf::default();
    for place in 0..200u32 {
        shelf = shelf.with(&format!("{place:03}"), u128::from(place % 2), u128::from(place));
    }
    let shelf = Arc::new(shelf);
    let (told, waiting, _) = pass(&shelf, Listener { deaf_to: Some(1), ..Listener::default() }).await;
    assert_eq!((told, waiting, shelf.places().len()), (100, 100, 100));
    assert_eq!(pass(&shelf, Listener::default()).await, (100, 0, 0));
}

#[tokio::test]
async fn an_unreadable_event_blocks_no_other_and_does_not_stay() {
    let long_ago = now() - SignedDuration::from_hours(2);
    let shelf = Shelf::default().unreadable("a", long_ago).unreadable("b", now()).with("c", 1, 1);
    let shelf = Arc::new(shelf);
    assert_eq!(pass(&shelf, Listener::default()).await, (1, 0, 2));
    assert_eq!(shelf.places(), ["b"], "a newer version may know what it says");
}

#[tokio::test]
async fn what_another_process_delivers_is_left_to_it() {
    let shelf = Arc::new(Shelf::default().with("a", 1, 1));
    *shelf.leased.lock().unwrap() = true;
    assert_eq!(pass(&shelf, Listener::default()).await, (0, 0, 0));
    shelf.end_lease(Shard::new(0).unwrap(), 1).await.unwrap();
    assert_eq!(pass(&shelf, Listener::default()).await, (1, 0, 0));
    assert!(!*shelf.leased.lock().unwrap(), "the lease is given back");
}

#[tokio::test]
async fn the_age_is_that_of_the_oldest_event_that_still_waits() {
    let ago = |s| now() - SignedDuration::from_secs(s);
    let event = |performance, at| Entry { performance, booking: 1, at, is_readable: true };
    let shelf = Shelf::default().put("a", event(2, ago(90))).put("b", event(1, ago(60)));
    let shelf = Arc::new(shelf.unreadable("c", ago(30)));
    let age_s = async |deaf_to| {
        let telling = telling(&shelf, Listener { deaf_to, ..Listener::default() });
        let pass = telling.pass(Shard::new(0).unwrap()).await.unwrap();
        telling.age(&pass).as_secs()
    };
    *shelf.leased.lock().unwrap() = true;
    assert_eq!(age_s(None).await, 90, "another process is at it, or died");
    *shelf.leased.lock().unwrap() = false;
    assert_eq!(age_s(Some(1)).await, 60, "the oldest was delivered");
    assert_eq!(age_s(None).await, 30, "what cannot be read waits for a newer version");
    shelf.remove(Shard::new(0).unwrap(), "c").await.unwrap();
    assert_eq!(age_s(None).await, 0);
}
