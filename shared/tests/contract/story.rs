//! Random stories, told to the books and to the pure rules: both must give every seat to the same booking.

use crate::{
    engines::on_every_engine,
    fixtures::{at, claimed, listed, reservation, uuid},
};
use domain::{
    BookingId, PerformanceId, UserId,
    booking::{Booking, BookingState, NotTaken, SeatRecords},
    layout::SeatIndex,
    seat::SeatRecord,
};
use jiff::{SignedDuration, Timestamp};
use proptest::{
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config, RngSeed, TestRunner},
};
use shared::ports::{BookingChange, Books, ChangeError, Programme, Recovery, Replies, ReserveError};
use std::collections::{BTreeMap, HashMap};

on_every_engine![the_books_and_the_rules_tell_the_same_story];

const STORIES: u64 = 8;
const SEATS: u32 = 5;
const BUYERS: usize = 3;
const LIMIT: u32 = 4;

#[derive(Debug, Clone)]
enum Event {
    Reserve { buyer: usize, seats: Vec<u32>, newer: usize, free: bool },
    Confirm { booking: usize },
    Cancel { booking: usize },
    Expire { booking: usize },
    Wait { s: i64 },
}

fn event() -> impl Strategy<Value = Event> {
    let seats = prop::sample::subsequence((0..SEATS).collect::<Vec<_>>(), 1..=3);
    prop_oneof![
        4 => (0..BUYERS, seats, 0..4usize, prop::bool::weighted(0.2))
            .prop_map(|(buyer, seats, newer, free)| Event::Reserve { buyer, seats, newer, free }),
        2 => (0..40usize).prop_map(|booking| Event::Confirm { booking }),
        1 => (0..40usize).prop_map(|booking| Event::Cancel { booking }),
        1 => (0..40usize).prop_map(|booking| Event::Expire { booking }),
        3 => (0..240i64).prop_map(|s| Event::Wait { s }),
    ]
}

async fn the_books_and_the_rules_tell_the_same_story(store: &(impl Books + Replies + Programme + Recovery)) {
    for seed in 0..STORIES {
        let config = Config { rng_seed: RngSeed::Fixed(seed), ..Config::default() };
        let tree = prop::collection::vec(event(), 60..=60).new_tree(&mut TestRunner::new(config));
        let (_, performance) = listed(store).await;
        let mut rules = Rules::new(performance.performance_id);
        for (step, event) in tree.expect("a story").current().into_iter().enumerate() {
            let (expected, told) = (rules.clone().tell(&event), rules.tell_to(store, &event).await);
            assert_eq!(told, expected, "story {seed}, step {step}: {event:?}");
            rules.tell(&event);
        }
        let kept: BTreeMap<_, _> =
            store.seats(performance.performance_id).await.expect("answers").into_iter().collect();
        assert_eq!(kept, rules.seats, "story {seed}");
    }
}

/// The outcome of an event.
#[derive(Debug, PartialEq)]
enum Outcome {
    Done,
    Taken(BTreeMap<SeatIndex, Option<SeatRecord>>),
    LimitExceeded,
    Refused,
}

/// The pure rules and the state that they need.
#[derive(Clone)]
struct Rules {
    performance: PerformanceId,
    buyers: Vec<UserId>,
    now: Timestamp,
    seats: BTreeMap<SeatIndex, SeatRecord>,
    counts: HashMap<UserId, u32>,
    bookings: Vec<Booking>,
    next_id: BookingId,
}

impl Rules {
    fn new(performance: PerformanceId) -> Self {
        Self {
            performance,
            buyers: (0..BUYERS).map(|_| UserId(uuid())).collect(),
            now: at(0),
            seats: BTreeMap::new(),
            counts: HashMap::new(),
            bookings: Vec::new(),
            next_id: BookingId(uuid()),
        }
    }

    fn tell(&mut self, event: &Event) -> Outcome {
        match event {
            Event::Wait { s } => {
                self.now += SignedDuration::from_secs(*s);
                Outcome::Done
            }
            Event::Reserve { .. } => self.reserve(&self.wanted(event)),
            _ => self.step(event).map_or(Outcome::Refused, |(place, after)| self.change(place, after)),
        }
    }

    async fn tell_to(&self, store: &(impl Books + Replies), event: &Event) -> Outcome {
        match event {
            Event::Wait { .. } => Outcome::Done,
            Event::Reserve { .. } => {
                let booking = self.wanted(event);
                let completion = claimed(store, booking.user_id).await;
                match store.reserve(&booking, LIMIT, self.now, &completion).await {
                    Ok(()) => Outcome::Done,
                    Err(ReserveError::Taken(seats)) => Outcome::Taken(seats.into_iter().collect()),
                    Err(ReserveError::LimitExceeded) => Outcome::LimitExceeded,
                    Err(other) => panic!("{other}"),
                }
            }
            _ => {
                let Some((place, after)) = self.step(event) else { return Outcome::Refused };
                let before = &self.bookings[place];
                let now = self.now;
                let change = BookingChange { before, after: &after, payment: None, completion: None, now };
                match store.change(&change).await {
                    Ok(()) => Outcome::Done,
                    Err(ChangeError::Changed) => Outcome::Refused,
                    Err(other) => panic!("{other}"),
                }
            }
        }
    }

    fn wanted(&self, event: &Event) -> Booking {
        let Event::Reserve { buyer, seats, newer, free } = event else { panic!("not a wish: {event:?}") };
        // Mostly a newer lock than any before, now and then an older one.
        let fence = (self.bookings.len() + newer) as u64;
        let booking = reservation(self.performance, self.buyers[*buyer], seats, fence, self.now);
        let booking = Booking { booking_id: self.next_id, ..booking };
        if *free { booking.confirm(None, self.now).expect("reserved") } else { booking }
    }

    /// The booking that an event changes, in its new state, if the rules allow it.
    fn step(&self, event: &Event) -> Option<(usize, Booking)> {
        let (Event::Confirm { booking } | Event::Cancel { booking } | Event::Expire { booking }) = event
        else {
            return None;
        };
        let place = booking.checked_rem(self.bookings.len())?;
        let before = &self.bookings[place];
        let after = match event {
            Event::Confirm { .. } => before.confirm(Some("reference".to_owned()), self.now),
            Event::Cancel { .. } => before.cancel(0, self.now),
            _ => before.expire(self.now),
        };
        Some((place, after.ok()?))
    }

    fn reserve(&mut self, booking: &Booking) -> Outcome {
        self.next_id = BookingId(uuid());
        let before = self.records_of(booking);
        let count = self.counts.entry(booking.user_id).or_default();
        match booking.take_seats(&before, *count, LIMIT, self.now) {
            Ok(taken) => self.seats.extend(taken),
            Err(NotTaken::Taken(seats)) => return Outcome::Taken(seats.into_iter().collect()),
            Err(NotTaken::LimitExceeded) => return Outcome::LimitExceeded,
        }
        *count += count_of(booking);
        self.bookings.push(booking.clone());
        Outcome::Done
    }

    fn change(&mut self, place: usize, after: Booking) -> Outcome {
        let before = &self.bookings[place];
        let Ok(moved) = before.move_seats(&after, &self.records_of(before)) else { return Outcome::Refused };
        if after.state != BookingState::Confirmed {
            *self.counts.entry(before.user_id).or_default() -= count_of(before);
        }
        self.seats.extend(moved);
        self.bookings[place] = after;
        Outcome::Done
    }

    fn records_of(&self, booking: &Booking) -> SeatRecords {
        let seats = booking.seats.iter().map(|seat| seat.index);
        seats.map(|index| (index, self.seats.get(&index).cloned())).collect()
    }
}

fn count_of(booking: &Booking) -> u32 {
    u32::try_from(booking.seats.len()).expect("few")
}
