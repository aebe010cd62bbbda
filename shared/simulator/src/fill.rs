//! How full the room is, second by second, and how full a room would be that does not learn how many stay silent.

use crate::{
    check::Broken,
    dice::Dice,
    shape::Shape,
    story::Story,
    world::{Figures, Simulation},
};
use std::{cmp::Reverse, collections::BinaryHeap};

/// The room in one second.
#[derive(Debug, Clone, Copy)]
pub struct Sample {
    /// When it was, milliseconds.
    pub at_ms: u64,
    /// How many the room counts as inside.
    pub active: u64,
    /// How many really are.
    pub present: u64,
    /// The highest number called.
    pub serving: u64,
    /// The highest number given.
    pub issued: u64,
}

/// How full a room was.
#[derive(Debug, Clone, Copy)]
pub struct Fill {
    /// Of a million places, how many the room counted as taken, on average.
    pub active: u64,
    /// The same in the emptiest second.
    pub active_least: u64,
    /// Of a million places, how many were really used, on average.
    pub present: u64,
    /// How long it took from the opening, milliseconds.
    pub took_ms: u64,
    pub figures: Figures,
}

/// How long the room has after the opening to fill up.
const FILLS_WITHIN_MS: u64 = 30_000;
const MILLION: u64 = 1_000_000;

impl Simulation {
    pub(crate) fn sample(&mut self) {
        let (waiting, present) = self.crowd();
        let Some(room) = self.redis.seen() else { return };
        let figures = room.figures();
        if waiting > 0 && self.is_open() {
            self.figures.places += u64::from(self.flow.cap);
            self.figures.places_used += figures.active.min(self.flow.cap.into());
        }
        let (serving, issued) = (figures.serving, figures.issued);
        self.samples.push(Sample { at_ms: self.now, active: figures.active, present, serving, issued });
    }
}

/// Let a crowd through. Returns how full the room was from half a minute after the opening until all were called.
///
/// # Errors
/// A promise that was broken, and the last events before.
pub fn fill(seed: u64, people: u32, cap: u32) -> Result<Fill, (Broken, String)> {
    let shape = Shape::crowd(people, cap);
    let from = shape.opens_at.unwrap_or_default() + FILLS_WITHIN_MS;
    let mut story = Story::new(seed, shape, None);
    story.run(u64::MAX)?;
    let world = story.world.lock();
    let counted = |sample: &&Sample| sample.at_ms >= from && sample.serving < sample.issued;
    let samples: Vec<_> = world.samples.iter().filter(counted).collect();
    let of_million = |count: u64| count * MILLION / u64::from(cap);
    let mean = |of: fn(&Sample) -> u64| {
        of_million(samples.iter().map(|sample| of(sample)).sum::<u64>()) / (samples.len() as u64).max(1)
    };
    Ok(Fill {
        active: mean(|sample| sample.active),
        active_least: of_million(samples.iter().map(|sample| sample.active).min().unwrap_or_default()),
        present: mean(|sample| sample.present),
        took_ms: world.now.saturating_sub(from - FILLS_WITHIN_MS),
        figures: world.figures,
    })
}

/// Of a million places, how many are really used in a naive room: it keeps a place for each account that it calls until
/// two calls went unanswered, and for one that goes without a word until the session would have ended.
#[must_use]
pub fn naive(seed: u64, people: u32, cap: u32) -> u64 {
    let (shape, mut dice) = (Shape::crowd(people, cap), Dice::new(seed));
    let mut free_at: BinaryHeap<_> = (0..cap).map(|_| Reverse(0)).collect();
    let (mut present, mut until) = (0, 0);
    for _ in 0..people {
        let Some(Reverse(called_at)) = free_at.pop() else { break };
        until = called_at;
        if dice.chance(shape.habits.no_show) {
            free_at.push(Reverse(called_at + 2 * shape.call_window));
            continue;
        }
        let claimed_at = called_at + dice.between(0, 10_000);
        let stay = dice.exponential(shape.stay).min(shape.session);
        present += stay;
        let is_silent = dice.chance(shape.habits.silent_end);
        free_at.push(Reverse(claimed_at + if is_silent { shape.session } else { stay }));
    }
    present * MILLION / (until.max(1) * u64::from(cap))
}
