//! Drives the waiting room's protocol through random crowds, losses and kills, and checks what it promises.
//!
//! A seed decides everything: who comes when with how many devices, what they do, how long each step takes, where
//! processes are killed, when Redis forgets everything or the last second. The protocol is crate `room`: the same
//! futures that production runs, here on virtual time. Below its ports are books that are never lost, and a Redis whose
//! steps are those of the model `domain::queue::RoomModel`. A process is killed by dropping its futures, whatever they
//! wait for.

mod books;
mod check;
mod dice;
mod faults;
mod fill;
mod flaw;
mod ledger;
mod limit;
mod people;
mod redis;
mod shape;
mod staff;
mod stand_in;
mod steps;
mod story;
mod time;
mod visiting;
mod visits;
mod world;

pub use check::Broken;
pub use fill::{Fill, Sample, fill, naive};
pub use flaw::Flaw;
pub use shape::{Faults, Habits, Shape};
pub use stand_in::{StandInBooks, books};
pub use world::Figures;

use story::Story;

/// A story in which a promise was broken.
#[derive(Debug, Clone)]
pub struct Failure {
    /// The seed that tells the story again.
    pub seed: u64,
    /// The number of the event at which it was broken.
    pub event: u64,
    /// The kind of story.
    pub story: &'static str,
    /// The promise, and what broke it.
    pub broken: Broken,
    /// The events before it.
    pub trail: String,
}

/// Tell the story of a seed, at most `events_max` events of it, with or without a mistake built in.
///
/// # Errors
/// A promise that was broken.
pub fn tell(seed: u64, events_max: u64, flaw: Option<Flaw>) -> Result<Figures, Box<Failure>> {
    tell_of(seed, Shape::of(seed), events_max, flaw, None)
}

/// The same for a story of any shape. All that happens to the watched account is printed.
///
/// # Errors
/// A promise that was broken.
pub fn tell_of(
    seed: u64,
    shape: Shape,
    events_max: u64,
    flaw: Option<Flaw>,
    watched: Option<u32>,
) -> Result<Figures, Box<Failure>> {
    let kind = shape.name;
    let mut story = Story::new(seed, shape, flaw);
    story.world.lock().watched = watched;
    let told = story.run(events_max);
    let figures = story.world.lock().figures;
    match told {
        Ok(()) => Ok(figures),
        Err((broken, trail)) => {
            Err(Box::new(Failure { seed, event: figures.events, story: kind, broken, trail }))
        }
    }
}
