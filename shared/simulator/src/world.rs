//! The world of one story: a queue of events by their time, and all that they happen to.

use crate::{
    books::{SimulatedBooks, secret},
    check::{Broken, Checker, Kept, Moment, broken},
    dice::Dice,
    flaw::Flaw,
    people::Persona,
    redis::{SimulatedRedis, Who},
    shape::Shape,
    staff::StaffTold,
    visits::{Asker, RoomAnswer, RoomRequest, Visit},
};
use domain::queue::{Flow, Gathering, Place, PlaceState, Standing};
use std::{
    cmp::Reverse,
    collections::{BinaryHeap, HashMap, VecDeque},
    fmt::Write as _,
};

/// The machine's clock when a story begins.
const START_MS: u64 = 1_700_000_000_000;
/// How many of the last events a failure shows.
const TRAIL_LEN: usize = 40;
/// How much the machines' clocks differ.
const SKEW_MS: u64 = 300;
/// How soon after Redis is back the queue has to go on.
pub(crate) const GOES_ON_WITHIN_MS: u64 = 5_000;

/// An event of the story.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum WorldEvent {
    /// A device does what is due.
    Wake(Asker),
    /// A visit goes on: its timer is due.
    Due(u64, u64),
    /// An answer arrives; `answers` has it.
    Answer(u64),
    /// A request looks at the public figures.
    Look,
    /// A member of staff does something.
    Staff(Who),
    /// Something goes wrong.
    Fault(Fault),
    /// Redis has been back for a while: how many losses there had been, and how far had been called then.
    GoesOn(u64, u64),
    /// A sample is taken of how full the room is.
    Sample,
}

/// What may go wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fault {
    Flush,
    Restart,
    Copy,
    Promote,
    Clock,
    Organizer,
    Resume,
    KillAll,
    /// The last fault: everything is again as it was at the beginning.
    Over,
}

impl Figures {
    /// Add the figures of another story.
    pub fn add(&mut self, other: &Self) {
        self.events += other.events;
        self.losses += other.losses;
        self.kills += other.kills;
        self.entries += other.entries;
        self.people_inside += other.people_inside;
        self.longest_wait_ms = self.longest_wait_ms.max(other.longest_wait_ms);
        self.longest_standstill_ms = self.longest_standstill_ms.max(other.longest_standstill_ms);
        self.places_used += other.places_used;
        self.places += other.places;
        self.ended_ms += other.ended_ms;
    }
}

/// What happened in a story, counted.
#[derive(Debug, Clone, Copy, Default)]
pub struct Figures {
    pub events: u64,
    /// How often Redis forgot something, or might have.
    pub losses: u64,
    /// How many requests were killed between two steps.
    pub kills: u64,
    /// How often an account went in.
    pub entries: u64,
    /// How many accounts were inside.
    pub people_inside: u64,
    /// The longest wait from joining to going in, milliseconds.
    pub longest_wait_ms: u64,
    /// The longest time after a loss in which no one was called or went in although a place was free, milliseconds.
    pub longest_standstill_ms: u64,
    /// Places in use while people waited, added up each second.
    pub places_used: u64,
    /// All places while people waited, added up each second.
    pub places: u64,
    /// When the story was over, milliseconds.
    pub ended_ms: u64,
}

/// One of the last events.
#[derive(Debug, Clone, Copy)]
struct Trace(u64, &'static str, u64, u64);

/// A story that is being told.
#[derive(Debug)]
pub(crate) struct Simulation {
    pub(crate) now: u64,
    must_end_by: u64,
    clock: i64,
    pub(crate) dice: Dice,
    pub(crate) shape: Shape,
    pub(crate) flow: Flow,
    is_paused: bool,
    pub(crate) redis: SimulatedRedis,
    pub(crate) books: SimulatedBooks,
    pub(crate) visits: HashMap<u64, Visit>,
    pub(crate) next_visit: u64,
    /// Visits that the executor has to begin.
    pub(crate) begun: Vec<u64>,
    /// The visit that is running now.
    pub(crate) current: u64,
    pub(crate) are_all_killed: bool,
    pub(crate) answers: HashMap<u64, (Asker, RoomAnswer)>,
    pub(crate) people: Vec<Persona>,
    pub(crate) unserved: u64,
    /// What each member of staff was told last; nothing where it is not known.
    pub(crate) staff: Vec<Option<StaffTold>>,
    pub(crate) check: Checker,
    pub(crate) figures: Figures,
    pub(crate) last_entry: u64,
    /// When the organizer last changed something, or a clock jumped: how soon the queue then goes on is not promised.
    pub(crate) disturbed_at: u64,
    pub(crate) flushed_at: u64,
    /// When the room with its door was last full, or all numbers were called.
    pub(crate) busy_at: u64,
    /// After a loss, until the queue goes on: when Redis was back, and how far had been called.
    pub(crate) stands_since: Option<(u64, u64)>,
    pub(crate) samples: Vec<crate::fill::Sample>,
    events: BinaryHeap<Reverse<(u64, u64, WorldEvent)>>,
    sequence: u64,
    trail: VecDeque<Trace>,
    /// When something last went wrong with a rebuild.
    pub(crate) stumbled_at: u64,
    pub(crate) watched: Option<Who>,
    /// The first promise that the last event broke.
    broken: Option<Broken>,
}

/// What the executor does next.
pub(crate) enum Next {
    /// Nothing: the story is over.
    Over,
    /// Nothing: a promise was broken, after these events.
    Broken(Box<(Broken, String)>),
    Happened,
    /// Begin visits.
    Begun,
    /// Poll this visit.
    Due(u64),
    /// Drop this visit.
    Killed(u64),
    /// Drop all visits, and start all processes anew.
    AllKilled,
}

impl Simulation {
    pub(crate) fn new(seed: u64, shape: Shape, flaw: Option<Flaw>) -> Self {
        let mut dice = Dice::new(seed);
        let first_flow = Flow {
            cap: shape.cap,
            rate_per_min: shape.rate_per_min,
            calling: true,
            paused: false,
            call_window_ms: shape.call_window,
            session_ms: shape.session,
            heartbeat_ms: 60_000.min(shape.session),
            gathering: Gathering::Never,
        };
        let must_end_by = Self::must_end_by(&shape);
        let mut world = Self {
            now: 0,
            must_end_by,
            clock: 0,
            flow: first_flow,
            is_paused: false,
            redis: SimulatedRedis::new(flaw),
            books: SimulatedBooks::new(secret(dice.roll())),
            visits: HashMap::new(),
            next_visit: 0,
            begun: Vec::new(),
            current: 0,
            are_all_killed: false,
            answers: HashMap::new(),
            people: Vec::new(),
            unserved: shape.people.into(),
            staff: Vec::new(),
            check: Checker::new(shape.people, shape.cap),
            figures: Figures::default(),
            last_entry: 0,
            disturbed_at: 0,
            flushed_at: 0,
            busy_at: 0,
            stands_since: None,
            samples: Vec::new(),
            events: BinaryHeap::new(),
            sequence: 0,
            trail: VecDeque::with_capacity(TRAIL_LEN),
            stumbled_at: 0,
            watched: None,
            broken: None,
            dice,
            shape,
        };
        world.populate();
        world.employ();
        world.plan_faults();
        world.later(500, WorldEvent::Look);
        world.later(1_000, WorldEvent::Sample);
        world
    }

    /// Let events happen until the executor has something to do.
    pub(crate) fn next(&mut self, events_max: u64) -> Next {
        if let Some(broken) = self.broken.take() {
            return Next::Broken(Box::new((broken, self.tell_trail())));
        }
        let Some((at, event)) = self.next_event(events_max) else {
            self.figures.people_inside = self.check.have_been_inside();
            self.figures.ended_ms = self.now;
            return Next::Over;
        };
        self.now = at;
        self.figures.events += 1;
        if at > self.must_end_by {
            let kept = broken("every wait ends", self.who_waits());
            self.keeps(kept);
            return Next::Happened;
        }
        let next = match event {
            WorldEvent::Due(visit, timer) => self.due(visit, timer),
            event => {
                let kept = self.happen(event);
                self.keeps(kept);
                if std::mem::take(&mut self.are_all_killed) {
                    Next::AllKilled
                } else if self.begun.is_empty() {
                    Next::Happened
                } else {
                    Next::Begun
                }
            }
        };
        let kept = self.check.inside(self.flow.cap, self.moment());
        self.keeps(kept);
        next
    }

    fn next_event(&mut self, events_max: u64) -> Option<(u64, WorldEvent)> {
        if self.unserved == 0 || self.figures.events >= events_max {
            return None;
        }
        loop {
            let Reverse((at, _, event)) = self.events.pop()?;
            // A timer that no visit waits for any more is no event.
            match event {
                WorldEvent::Due(visit, timer) if !self.is_due(visit, timer) => {}
                _ => return Some((at, event)),
            }
        }
    }

    /// Remember the first promise that was broken.
    pub(crate) fn keeps(&mut self, kept: Kept) {
        if let Err(broken) = kept {
            self.broken.get_or_insert(broken);
        }
    }

    /// When all who want to be served have been. Each number that was ever leased may take up a place for both calls, a
    /// whole session and the time until its end is noticed; and it takes its share of the rate.
    fn must_end_by(shape: &Shape) -> u64 {
        let numbers = u64::from(shape.people) * 4 + 40_000;
        let each = 2 * shape.call_window + shape.session + 60_000;
        let places = numbers * each / u64::from(shape.cap);
        let rate = numbers * 60_000 / u64::from(shape.rate_per_min);
        shape.faults.until
            + shape.arrive_within
            + shape.opens_at.unwrap_or_default()
            + places
            + rate
            + 3_600_000
    }

    fn who_waits(&self) -> String {
        let (waiting, one) = self.unserved_people();
        format!("{waiting} accounts are not served, one of them {one:?}; serving {}", self.check.serving())
    }

    fn happen(&mut self, event: WorldEvent) -> Kept {
        match event {
            WorldEvent::Wake(asker) => {
                self.wake(asker);
                Ok(())
            }
            WorldEvent::Due(..) => Ok(()),
            WorldEvent::Answer(id) => match self.answers.remove(&id) {
                Some((asker, answer)) => self.hears(asker, answer),
                None => Ok(()),
            },
            WorldEvent::Look => {
                self.later(1_000, WorldEvent::Look);
                let flow = self.flow_now();
                self.begin(Visit::new(None, RoomRequest::Status, None, flow, self.now));
                Ok(())
            }
            WorldEvent::Staff(who) => {
                self.staff_acts(who);
                Ok(())
            }
            WorldEvent::Fault(fault) => self.go_wrong(fault),
            WorldEvent::GoesOn(losses, serving) => self.goes_on(losses, serving),
            WorldEvent::Sample => {
                self.sample();
                self.later(1_000, WorldEvent::Sample);
                self.is_filling()
            }
        }
    }

    pub(crate) fn next_timer(&self) -> u64 {
        self.sequence
    }

    pub(crate) fn later(&mut self, wait: u64, event: WorldEvent) {
        self.sequence += 1;
        self.events.push(Reverse((self.now + wait, self.sequence, event)));
    }

    pub(crate) fn moment(&self) -> Moment {
        Moment { now: self.now, call_window: self.shape.call_window }
    }

    /// The machine's clock.
    pub(crate) fn real(&self) -> u64 {
        (START_MS + self.now).saturating_add_signed(self.clock)
    }

    pub(crate) fn jump(&mut self, by: i64) {
        self.clock += by;
        self.check.clock_jumped(self.now);
    }

    /// How the room is run, as one of the processes sees it now.
    pub(crate) fn flow_now(&mut self) -> Flow {
        let skewed = (self.now + self.dice.below(SKEW_MS)).saturating_sub(SKEW_MS / 2);
        let is_open = self.shape.opens_at.is_none_or(|opens_at| skewed >= opens_at);
        let gathering = match (self.shape.opens_at, is_open) {
            (None, _) => Gathering::Never,
            (Some(_), false) => Gathering::Now,
            (Some(_), true) => Gathering::Over,
        };
        Flow {
            calling: is_open && !self.is_paused,
            paused: is_open && self.is_paused,
            gathering,
            ..self.flow
        }
    }

    pub(crate) fn pause(&mut self, is_paused: bool) {
        self.is_paused = is_paused;
    }

    pub(crate) fn is_open(&self) -> bool {
        !self.is_paused && self.shape.opens_at.is_none_or(|opens_at| self.now >= opens_at + SKEW_MS)
    }

    pub(crate) fn are_faults_on(&self) -> bool {
        self.now < self.shape.faults.until
    }

    pub(crate) fn books_fail(&mut self) -> bool {
        self.are_faults_on() && self.dice.chance(self.shape.faults.books_fail)
    }

    pub(crate) fn latency(&mut self) -> u64 {
        if self.are_faults_on() && self.dice.chance(self.shape.faults.stall) {
            return self.dice.between(100, 14_000);
        }
        self.dice.between(1, 10)
    }

    pub(crate) fn note(&mut self, what: &'static str, a: u64, b: u64) {
        if let Some(watched) = self.watched
            && (!what.starts_with("told") || a == u64::from(watched))
        {
            eprintln!("{}.{:03} {what} {a} {b}", self.now / 1_000, self.now % 1_000);
        }
        if self.trail.len() == TRAIL_LEN {
            self.trail.pop_front();
        }
        self.trail.push_back(Trace(self.now, what, a, b));
    }

    pub(crate) fn note_place(&mut self, who: Who, place: &Place) {
        let what = match (place.standing, place.state) {
            (Standing::Entry(_), _) => "told entry",
            (_, PlaceState::Waiting) => "told waiting",
            (_, PlaceState::Called) => "told called",
            (_, PlaceState::Admitted) => "told admitted",
            (_, PlaceState::Lapsed) => "told lapsed",
            (_, _) => "told left",
        };
        self.note(what, who.into(), place.standing.position());
    }

    fn tell_trail(&self) -> String {
        self.trail.iter().fold(String::new(), |mut told, Trace(at, what, a, b)| {
            let _ = writeln!(told, "  {:>9}.{:03} s  {what} {a} {b}", at / 1_000, at % 1_000);
            told
        })
    }
}
