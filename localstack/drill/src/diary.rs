//! What the buyers saw: answers by code, the longest wait, what they were promised, and whether a promise broke.

use domain::{BookingId, UserId};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    mem,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::time::Instant;

/// More broken promises than this are counted and not kept.
const BROKEN_MAX: usize = 50;

/// The diary of all buyers.
#[derive(Default)]
pub(crate) struct Diary(Mutex<Pages>);

#[derive(Default)]
struct Pages {
    chapter: Chapter,
    buyers: BTreeSet<UserId>,
    /// The last state of each booking that a buyer was told.
    told: BTreeMap<BookingId, ToldState>,
    bought: Vec<Journey>,
}

/// What happened between two looks.
#[derive(Debug, Default, Clone)]
pub(crate) struct Chapter {
    /// How often each answer came: a status, with its code if it is a problem.
    pub(crate) answers: BTreeMap<String, u64>,
    /// The longest time from a request to an answer that was not "later".
    pub(crate) longest_wait: Duration,
    /// Journeys by how they ended.
    pub(crate) journeys: BTreeMap<&'static str, u64>,
    pub(crate) broken: Vec<String>,
}

/// A journey that ended with a paid booking.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Journey {
    pub(crate) begun: Instant,
    pub(crate) bought: Instant,
}

/// What a buyer was last told about a booking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ToldState {
    Reserved,
    Confirmed,
    Cancelled,
}

impl Diary {
    pub(crate) fn answered(&self, answer: String) {
        *self.pages().chapter.answers.entry(answer).or_default() += 1;
    }

    pub(crate) fn waited(&self, time: Duration) {
        let mut pages = self.pages();
        pages.chapter.longest_wait = pages.chapter.longest_wait.max(time);
    }

    pub(crate) fn broke(&self, promise: String) {
        let mut pages = self.pages();
        if pages.chapter.broken.len() < BROKEN_MAX {
            pages.chapter.broken.push(promise);
        }
    }

    pub(crate) fn ended(&self, how: &'static str) {
        *self.pages().chapter.journeys.entry(how).or_default() += 1;
    }

    pub(crate) fn bought(&self, journey: Journey) {
        self.pages().bought.push(journey);
    }

    pub(crate) fn signed_up(&self, buyer: UserId) {
        self.pages().buyers.insert(buyer);
    }

    pub(crate) fn told(&self, booking: BookingId, told: ToldState) {
        self.pages().told.insert(booking, told);
    }

    /// When the first journey that began after this moment had its paid booking.
    pub(crate) fn first_bought_after(&self, moment: Instant) -> Option<Instant> {
        let pages = self.pages();
        let later = pages.bought.iter().filter(|journey| journey.begun >= moment);
        later.map(|journey| journey.bought).min()
    }

    pub(crate) fn buyers(&self) -> Vec<UserId> {
        self.pages().buyers.iter().copied().collect()
    }

    pub(crate) fn all_told(&self) -> BTreeMap<BookingId, ToldState> {
        self.pages().told.clone()
    }

    /// Returns what happened since the last call, and begins a new chapter.
    pub(crate) fn turn(&self) -> Chapter {
        mem::take(&mut self.pages().chapter)
    }

    fn pages(&self) -> MutexGuard<'_, Pages> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Chapter {
    /// The answers that were not a success, with their counts.
    pub(crate) fn refusals(&self) -> String {
        let refused = self.answers.iter().filter(|(answer, _)| !answer.starts_with('2'));
        let mut text = String::new();
        for (answer, count) in refused {
            let comma = if text.is_empty() { "" } else { ", " };
            // Writing to a string does not fail.
            let _ = write!(text, "{comma}{count} × {answer}");
        }
        if text.is_empty() { "nothing".to_owned() } else { text }
    }
}
