//! What people do: come, wait, load the page again, ask as often as they were told or far more often, go in when they
//! are called, show signs of life, and go, with or without a word.

use crate::{
    check::{Kept, broken},
    visits::{Asker, RoomAnswer, RoomRequest, Visit},
    world::{Simulation, WorldEvent},
};
use domain::queue::{Place, PlaceState, Session, Standing, jittered, poll_after_ms};

/// How often a client inside gives a sign of life.
const RENEW_EVERY_MS: u64 = 20_000;
/// How long a client without a number waits before it asks again.
const POLL_PREQUEUE_MS: u64 = 10_000;

/// How long a client counts as asking more often than told after it got no answer or the clock jumped.
const ASKS_AGAIN_WITHIN_MS: u64 = 60_000;

/// An account and the person behind it.
#[derive(Debug, Clone)]
pub(crate) struct Persona {
    devices: Vec<Device>,
    /// Grows whenever they begin anew: late answers to an earlier life are dropped.
    life: u32,
    hammers: bool,
    /// When they last had no answer and asked again.
    troubled_at: Option<u64>,
    /// They never answer after they have joined.
    is_no_show: bool,
    joined_at: Option<u64>,
    /// When they mean to go.
    goes_at: Option<u64>,
    phase: Phase,
}

/// How far a person has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// They have not joined yet, gather, or do not answer.
    Elsewhere,
    Waiting,
    Inside,
    /// On the way out, until the room has answered.
    Going,
    Done,
}

#[derive(Debug, Clone, Copy, Default)]
struct Device {
    ticket: Option<Standing>,
    is_called: bool,
    /// When the admission ends, by the machine's clock.
    admitted_until: Option<u64>,
}

impl Simulation {
    pub(crate) fn populate(&mut self) {
        let habits = self.shape.habits;
        for who in 0..self.shape.people {
            let devices = if self.dice.chance(habits.second_device) { 2 } else { 1 };
            let arrives = self.dice.below(self.shape.arrive_within + 1);
            self.people.push(Persona {
                devices: vec![Device::default(); devices],
                life: 0,
                hammers: self.dice.chance(habits.hammer),
                troubled_at: None,
                is_no_show: self.dice.chance(habits.no_show),
                joined_at: None,
                goes_at: None,
                phase: Phase::Elsewhere,
            });
            self.later(arrives, WorldEvent::Wake(Asker { who, device: 0, life: 0 }));
            if devices > 1 {
                let later = arrives + self.dice.below(120_000);
                self.later(later, WorldEvent::Wake(Asker { who, device: 1, life: 0 }));
            }
        }
    }

    /// A client gets no answer, and asks again.
    pub(crate) fn troubles(&mut self, asker: Option<Asker>) {
        let person = asker.and_then(|asker| self.people.get_mut(asker.who as usize));
        if let Some(person) = person {
            person.troubled_at = Some(self.now);
        }
    }

    fn person(&mut self, asker: Asker) -> Option<&mut Persona> {
        self.people
            .get_mut(asker.who as usize)
            .filter(|person| person.life == asker.life && person.phase != Phase::Done)
    }

    fn device(&mut self, asker: Asker) -> Option<&mut Device> {
        self.person(asker).and_then(|person| person.devices.get_mut(usize::from(asker.device)))
    }

    /// A device does what is due.
    pub(crate) fn wake(&mut self, asker: Asker) {
        let (now, real, habits) = (self.now, self.real(), self.shape.habits);
        let Some(person) = self.person(asker) else { return };
        if person.phase == Phase::Going || person.goes_at.is_some_and(|goes_at| goes_at <= now) {
            return self.go(asker);
        }
        let Some(device) = person.devices.get(usize::from(asker.device)).copied() else { return };
        if device.admitted_until.is_some_and(|until| until > real) {
            return self.request(asker, RoomRequest::Renew, None);
        }
        let reloads = self.dice.chance(habits.reload);
        let forgets = reloads && self.dice.chance(500);
        if forgets && let Some(device) = self.device(asker) {
            device.ticket = None;
        }
        let ticket = if forgets { None } else { device.ticket };
        if ticket.is_none() || reloads {
            return self.request(asker, RoomRequest::Join, ticket);
        }
        if device.is_called || device.admitted_until.is_some() {
            return self.request(asker, RoomRequest::Claim, ticket);
        }
        if self.dice.chance(habits.leave) {
            return self.go(asker);
        }
        self.request(asker, RoomRequest::Place, ticket);
    }

    fn request(&mut self, asker: Asker, request: RoomRequest, ticket: Option<Standing>) {
        let flow = self.flow_now();
        self.begin(Visit::new(Some(asker), request, ticket, flow, self.now));
    }

    /// Whether an account is still in the life in which this was asked.
    pub(crate) fn lives(&mut self, asker: Asker) -> bool {
        self.person(asker).is_some()
    }

    /// A person goes, with all their devices: with a word, or without.
    fn go(&mut self, asker: Asker) {
        let silently = self.dice.chance(self.shape.habits.silent_end);
        let Some(person) = self.person(asker) else { return };
        let ticket = person.devices.get(usize::from(asker.device)).and_then(|device| device.ticket);
        let was_inside = person.phase == Phase::Inside;
        if was_inside && silently {
            return self.ends(asker);
        }
        person.phase = Phase::Going;
        self.check.goes(asker.who);
        let ticket = if was_inside { None } else { ticket };
        self.request(asker, RoomRequest::Leave, ticket);
    }

    /// The visit is over for this person, for good or until they come again.
    fn ends(&mut self, asker: Asker) {
        let again = self.are_faults_on() && self.dice.chance(self.shape.habits.again);
        let wait = self.dice.between(1_000, 120_000);
        let Some(person) = self.person(asker) else { return };
        person.life += 1;
        (person.goes_at, person.joined_at) = (None, None);
        person.phase = if again { Phase::Elsewhere } else { Phase::Done };
        for device in &mut person.devices {
            (device.is_called, device.admitted_until) = (false, None);
        }
        let asker = Asker { life: person.life, ..asker };
        if again {
            self.later(wait, WorldEvent::Wake(asker));
        } else {
            self.unserved -= 1;
        }
    }

    /// An answer is on its way. One that may count against the cap arrives as an event of its own, the others at once.
    pub(crate) fn answered(&mut self, asker: Asker, answer: RoomAnswer, wait: u64) -> Kept {
        if matches!(answer, RoomAnswer::Inside(..) | RoomAnswer::Renewed(_)) {
            let id = self.next_visit;
            self.next_visit += 1;
            self.answers.insert(id, (asker, answer));
            self.later(wait, WorldEvent::Answer(id));
            return Ok(());
        }
        self.hears(asker, answer)
    }

    /// An answer arrives.
    pub(crate) fn hears(&mut self, asker: Asker, answer: RoomAnswer) -> Kept {
        if self.person(asker).is_none() {
            return Ok(());
        }
        match answer {
            RoomAnswer::Joined(place) => self.hears_of_place(asker, place, true),
            RoomAnswer::At(place) => self.hears_of_place(asker, place, false),
            RoomAnswer::Inside(session, is_new) => self.goes_in(asker, session, is_new),
            RoomAnswer::Renewed(Some(session)) => self.goes_in(asker, session, false),
            RoomAnswer::Renewed(None) => {
                if let Some(device) = self.device(asker) {
                    (device.admitted_until, device.is_called) = (None, true);
                }
                self.check.goes(asker.who);
                self.again(asker, 100);
            }
            RoomAnswer::Lapsed => self.lapses(asker),
            RoomAnswer::Done | RoomAnswer::Full | RoomAnswer::Staff(_) => self.ends(asker),
            RoomAnswer::Hasty(wait) => {
                let lately = self.now.saturating_sub(ASKS_AGAIN_WITHIN_MS);
                let has_jumped = self.check.jumped_since(lately);
                let is_polite =
                    |person: &mut Persona| !person.hammers && person.troubled_at.is_none_or(|at| at < lately);
                if self.person(asker).is_some_and(is_polite) && !has_jumped {
                    let what = format!("account {} is to wait for {wait} ms more", asker.who);
                    return broken("a client that asks as told is answered", what);
                }
                self.again(asker, wait);
            }
            RoomAnswer::Failed => {
                let wait = self.dice.between(1_000, 3_000);
                self.again(asker, wait);
            }
        }
        Ok(())
    }

    fn again(&mut self, asker: Asker, wait: u64) {
        let wait = wait + self.latency();
        self.later(wait, WorldEvent::Wake(asker));
    }

    fn hears_of_place(&mut self, asker: Asker, place: Place, has_joined: bool) {
        let (now, told) = (self.now, poll_after_ms(place.ahead));
        let is_later = self.dice.chance(self.shape.habits.come_back);
        let later = self.dice.between(60_000, 600_000);
        let Some(person) = self.person(asker) else { return };
        person.joined_at.get_or_insert(now);
        let is_at_door = place.state == PlaceState::Called;
        if matches!(person.phase, Phase::Elsewhere | Phase::Waiting) {
            let waits = matches!(place.state, PlaceState::Waiting | PlaceState::Called) && !person.is_no_show;
            person.phase = if waits { Phase::Waiting } else { Phase::Elsewhere };
        }
        let (hammers, is_no_show) = (person.hammers, std::mem::take(&mut person.is_no_show) && has_joined);
        if let Some(device) = self.device(asker) {
            device.is_called = matches!(place.state, PlaceState::Called | PlaceState::Admitted);
            if has_joined {
                device.ticket = Some(place.standing);
            }
        }
        if is_no_show && is_later {
            return self.again(asker, later);
        } else if is_no_show {
            return self.ends(asker);
        }
        let dice = self.dice.roll();
        let wait = match place.state {
            PlaceState::Lapsed | PlaceState::Left => return self.lapses(asker),
            PlaceState::Admitted => 100,
            // A client that has just heard of its call claims at once; at the door it asks as often as told.
            PlaceState::Called if is_at_door && has_joined => 200,
            _ if hammers => 100,
            PlaceState::Called | PlaceState::Waiting => jittered(told, dice),
            PlaceState::Prequeue => jittered(POLL_PREQUEUE_MS, dice),
        };
        self.again(asker, wait);
    }

    fn goes_in(&mut self, asker: Asker, session: Session, is_new: bool) {
        let (now, real) = (self.now, self.real());
        let stay = self.dice.exponential(self.shape.stay);
        let left = session.expires_at_ms.saturating_sub(real);
        let Some(person) = self.person(asker) else { return };
        if person.phase == Phase::Going {
            return;
        }
        let waited =
            if person.phase == Phase::Inside { 0 } else { person.joined_at.map_or(0, |joined| now - joined) };
        person.phase = Phase::Inside;
        if is_new || person.goes_at.is_none() {
            person.goes_at.get_or_insert(now + stay);
        }
        if let Some(device) = self.device(asker) {
            device.admitted_until = Some(session.expires_at_ms);
        }
        if left > 0 {
            self.check.holds_admission(asker.who, now + left);
        }
        self.figures.longest_wait_ms = self.figures.longest_wait_ms.max(waited);
        let goes_in =
            self.person(asker).and_then(|person| person.goes_at).map_or(0, |at| at.saturating_sub(now));
        self.again(asker, goes_in.min(RENEW_EVERY_MS));
    }

    fn lapses(&mut self, asker: Asker) {
        self.check.goes(asker.who);
        self.ends(asker);
    }

    /// How many really wait, and how many are really inside.
    pub(crate) fn crowd(&self) -> (u64, u64) {
        let count = |phase: Phase| self.people.iter().filter(|person| person.phase == phase).count() as u64;
        (count(Phase::Waiting), count(Phase::Inside))
    }

    /// How many accounts are not served yet, and the first of them.
    pub(crate) fn unserved_people(&self) -> (usize, Option<usize>) {
        let is_unserved = |person: &Persona| person.phase != Phase::Done;
        let count = self.people.iter().filter(|person| is_unserved(person)).count();
        (count, self.people.iter().position(is_unserved))
    }
}
