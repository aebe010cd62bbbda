//! Random stories, told at once to the books and to the pure rules: both must give every seat to the same booking.

use crate::{
    engines::on_every_engine,
    fixtures::{at, claimed, listed, reservation, uuid},
};
use domain::{
    BookingId, PerformanceId, UserId,
    booking::{Booking, BookingState},
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
    counts: HashMap<UserId, usize>,
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
        let (id, user) = (booking.booking_id, booking.user_id);
        let count = self.counts.entry(user).or_default();
        let is_over_limit = *count + booking.seats.len() > LIMIT as usize;
        let (mut reserved, mut taken) = (Vec::new(), BTreeMap::new());
        for seat in &booking.seats {
            let before = self.seats.get(&seat.index);
            let until = booking.reserved_until();
            match SeatRecord::reserve(before, id, user, until, booking.fence, self.now) {
                Ok(record) => reserved.push((seat.index, record)),
                Err(_) => drop(taken.insert(seat.index, before.cloned())),
            }
        }
        let is_used = taken.values().flatten().any(|record| record.fence == booking.fence);
        if is_over_limit && !is_used {
            return Outcome::LimitExceeded;
        }
        if !taken.is_empty() {
            return Outcome::Taken(taken);
        }
        *count += booking.seats.len();
        for (index, record) in reserved {
            let sold = booking.state == BookingState::Confirmed;
            let record = if sold { record.confirm(id).expect("just reserved") } else { record };
            self.seats.insert(index, record);
        }
        self.bookings.push(booking.clone());
        Outcome::Done
    }

    fn change(&mut self, place: usize, after: Booking) -> Outcome {
        let before = &self.bookings[place];
        let mut changed = Vec::new();
        for seat in &before.seats {
            let record = &self.seats[&seat.index];
            if after.state == BookingState::Confirmed {
                let Ok(record) = record.confirm(before.booking_id) else { return Outcome::Refused };
                changed.push((seat.index, record));
            } else if let Ok(record) = record.release(before.booking_id) {
                // Seats that others took over after its time stay theirs.
                changed.push((seat.index, record));
            }
        }
        if after.state != BookingState::Confirmed {
            *self.counts.entry(before.user_id).or_default() -= before.seats.len();
        }
        self.seats.extend(changed);
        self.bookings[place] = after;
        Outcome::Done
    }
}
