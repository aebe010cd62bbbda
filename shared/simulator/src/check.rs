//! What a waiting room promises, checked at every step. The checker keeps its own record of what each account was told,
//! and knows nothing of how the room works inside.

mod earliest;
mod places;

use crate::{
    books::SimulatedBooks,
    limit::Limit,
    redis::{Who, user},
};
use domain::queue::{Deadlines, Gathering, Place, PlaceState, RoomStatus, Standing, Unwritten};
use std::collections::{BTreeMap, BTreeSet};

/// A promise that was broken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// The name of the promise.
    pub promise: &'static str,
    /// What happened.
    pub what: String,
}

pub(crate) type Kept = Result<(), Broken>;

pub(crate) fn broken(promise: &'static str, what: String) -> Kept {
    Err(Broken { promise, what })
}

/// When something happens, and how long calls stand in this story.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moment {
    pub(crate) now: u64,
    pub(crate) call_window: u64,
}

/// One number or entry that an account has or had.
#[derive(Debug, Clone, Copy)]
struct HeldPlace {
    standing: Standing,
    /// It lapsed or was given up, and how many losses there had been.
    ended_at_loss: Option<u32>,
    /// Its owner has said that they leave.
    was_left: bool,
    /// When its owner last claimed.
    claimed_at: u64,
    /// When the session that it gave ends, and how often the clock had jumped when the session began.
    session_ends: Option<(u64, usize)>,
    /// How often Redis had forgotten everything when the session began.
    session_at_flush: u32,
    /// How many losses there had been when it was last seen.
    seen_at_loss: u32,
    /// It is the one that its owner was told last.
    is_current: bool,
    /// It was good when a later one was given because Redis had forgotten it: if its ticket is shown, it counts again.
    is_passed_over: bool,
}

/// What is known of all accounts.
#[derive(Debug, Default)]
pub(crate) struct Checker {
    owners: BTreeMap<StandingKey, Who>,
    /// Entries that are not in the roster yet and that no loss took.
    unwritten: BTreeMap<u64, Who>,
    people: Vec<Vec<HeldPlace>>,
    /// Those at a full room's door: number → account, and when it last claimed.
    door: BTreeMap<u64, (Who, u64)>,
    /// How far had been called, and since when.
    passed: Vec<(u64, u64)>,
    figures: RoomStatus,
    really_inside: Deadlines<u64>,
    room_limit: Limit,
    real_limit: Limit,
    losses: u32,
    lost_at: Vec<u64>,
    flushes: u32,
    jumps: Vec<u64>,
    been_inside: BTreeSet<Who>,
    /// How many entries were drawn; nothing before the draw.
    drawn_to: Option<u64>,
}

/// A standing as a key: whether it is a number, and its position.
type StandingKey = (bool, u64);

fn key(standing: Standing) -> StandingKey {
    (standing.number().is_some(), standing.position())
}

/// A standing after the draw: an entry has become a number.
fn drawn(standing: Standing, books: &SimulatedBooks) -> Standing {
    match standing {
        Standing::Entry(entry) => books.number_of(entry).map_or(standing, Standing::Number),
        Standing::Number(_) => standing,
    }
}

impl Checker {
    pub(crate) fn new(people: u32, cap: u32) -> Self {
        Self {
            people: (0..people).map(|_| Vec::new()).collect(),
            room_limit: Limit::new(cap),
            real_limit: Limit::new(cap),
            ..Self::default()
        }
    }

    /// An account claimed and was told to wait at the door.
    pub(crate) fn knocked(&mut self, who: Who, place: &Place, books: &SimulatedBooks, at: Moment) {
        let standing = drawn(place.standing, books);
        if let (PlaceState::Called, Some(number)) = (place.state, standing.number()) {
            self.door.insert(number, (who, at.now));
            self.claims(who, standing, at);
        }
    }

    fn claims(&mut self, who: Who, standing: Standing, at: Moment) {
        let history = self.people.get_mut(who as usize).into_iter().flatten();
        for held in history.filter(|held| held.standing == standing) {
            held.claimed_at = at.now;
        }
    }

    /// An account went in when this many places were free.
    pub(crate) fn entered(
        &mut self,
        who: Who,
        standing: Standing,
        free: u64,
        ends_at: u64,
        books: &SimulatedBooks,
        at: Moment,
    ) -> Kept {
        let standing = drawn(standing, books);
        let jumps = self.jumps.len();
        for held in self.people.get_mut(who as usize).into_iter().flatten() {
            if drawn(held.standing, books) == standing {
                (held.session_ends, held.claimed_at) = (Some((ends_at, jumps)), at.now);
                (held.session_at_flush, held.ended_at_loss) = (self.flushes, None);
            }
        }
        self.been_inside.insert(who);
        self.door.retain(|_, (waits, _)| *waits != who);
        let Some(number) = standing.number() else {
            return broken("order", format!("account {who} went in with {standing:?}"));
        };
        if free == 0 {
            return broken(
                "the room's cap",
                format!("account {who} went in with {number}, and no place was free"),
            );
        }
        // Lower numbers that are here: those that claimed within a call window, and after the last loss and the last
        // jump of the clock, since those have to claim again.
        let is_here = |(_, since): &(Who, u64)| {
            since + at.call_window > at.now && self.jumps.last().is_none_or(|jump| jump < since)
        };
        let here: Vec<_> = self.door.range(..number).filter(|(_, knock)| is_here(knock)).collect();
        if (here.len() as u64) < free {
            return Ok(());
        }
        broken(
            "order",
            format!("account {who} went in with {number}; {free} places were free and {here:?} waited"),
        )
    }

    /// An account was told that it is inside until then, in virtual time. The last answer counts.
    pub(crate) fn holds_admission(&mut self, who: Who, until: u64) {
        self.really_inside.set(who.into(), until);
    }

    /// An account goes, with all its devices.
    pub(crate) fn goes(&mut self, who: Who) {
        self.really_inside.remove(who.into());
    }

    /// The room was told that an account leaves.
    pub(crate) fn left(&mut self, who: Who) {
        for held in self.people.get_mut(who as usize).into_iter().flatten() {
            // The room knows only what it has seen since it last forgot.
            held.ended_at_loss.get_or_insert(held.seen_at_loss);
            (held.was_left, held.is_passed_over) = (true, false);
            if let Some(number) = held.standing.number() {
                self.door.remove(&number);
            }
        }
    }

    /// The room's own figures after a step.
    pub(crate) fn figures(
        &mut self,
        figures: RoomStatus,
        books: &SimulatedBooks,
        cap: u32,
        at: Moment,
    ) -> Kept {
        let (before, marks) = (self.figures, books.marks());
        if figures.serving < before.serving {
            return broken(
                "serving never goes back",
                format!("{} after {}", figures.serving, before.serving),
            );
        }
        if figures.serving > marks.called_to || figures.issued > marks.leased_to {
            return broken("the books are never behind", format!("{figures:?} but {marks:?}"));
        }
        if figures.issued < before.issued && figures.issued < marks.leased_to.min(before.issued) {
            return broken("numbers never go back", format!("{} after {}", figures.issued, before.issued));
        }
        if figures.serving > before.serving {
            self.passed.push((figures.serving, at.now));
        }
        self.figures = figures;
        self.room_limit.check("the room's cap", figures.active, cap, at.now)
    }

    /// The accounts that are really inside.
    pub(crate) fn inside(&mut self, cap: u32, at: Moment) -> Kept {
        while !self.really_inside.take_lapsed(at.now, 1_000).is_empty() {}
        // Accounts that the room counts may get their answer later, also after the cap was lowered.
        let count = self.really_inside.len();
        if count <= self.figures.active {
            return Ok(());
        }
        self.real_limit.check("really inside", count, cap, at.now)
    }

    /// When a number was last called.
    pub(crate) fn passed_last(&self) -> u64 {
        self.passed.last().map_or(0, |(_, at)| *at)
    }

    /// Whether there is a free place that no one at the door waits for.
    pub(crate) fn has_free_place(&self, cap: u32) -> bool {
        self.figures.active + (self.door.len() as u64) < cap.into()
    }

    pub(crate) fn serving(&self) -> u64 {
        self.figures.serving
    }

    pub(crate) fn have_been_inside(&self) -> u64 {
        self.been_inside.len() as u64
    }

    /// Whether a number between the two has an owner.
    pub(crate) fn has_owner_between(&self, above: u64, to: u64) -> bool {
        above < to && self.owners.range((true, above + 1)..=(true, to)).next().is_some()
    }

    pub(crate) fn cap_changed(&mut self, cap: u32, now: u64) {
        self.room_limit.changed(cap, now);
        self.real_limit.changed(cap, now);
    }

    /// Redis was lost; it still has the entries `kept`.
    pub(crate) fn lost(&mut self, forgets_all: bool, kept: &Unwritten, now: u64) {
        self.losses += 1;
        self.flushes += u32::from(forgets_all);
        self.lost_at.push(now);
        self.door.clear();
        let kept: BTreeMap<_, _> = (kept.first..).zip(&kept.users).collect();
        self.unwritten.retain(|entry, owner| kept.get(entry) == Some(&&user(*owner)));
    }

    /// Redis was rebuilt. The books may still list accounts that went without a word: the room counts them for a while.
    pub(crate) fn rebuilt(&mut self, restored: u64) {
        self.room_limit.at_least(restored);
    }

    pub(crate) fn jumped_since(&self, since: u64) -> bool {
        self.jumps.last().is_some_and(|jump| *jump >= since)
    }

    pub(crate) fn clock_jumped(&mut self, now: u64) {
        self.jumps.push(now);
        // How long earlier admissions last is not known by the new clock.
        self.really_inside = Deadlines::default();
    }

    /// All who gathered are in the roster when the draw is made.
    pub(crate) fn draw_made(&mut self, books: &SimulatedBooks, gathering: Gathering) -> Kept {
        self.unwritten.retain(|entry, who| !books.has_in_roster(*entry, *who));
        match self.unwritten.first_key_value() {
            Some((entry, who)) if gathering == Gathering::Over => {
                let what = format!("entry {entry} of account {who} and {} others", self.unwritten.len() - 1);
                broken("the roster is complete", what)
            }
            _ => Ok(()),
        }
    }
}
