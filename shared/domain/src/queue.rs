//! The waiting room: a counter, not a sorted list.
//!
//! Joining takes the next number; one number, `serving`, moves up; a position is a subtraction that everybody can do
//! for themselves. [`WaitingRoom`] is the model of it: the store runs the same steps atomically on its own clock, and
//! the contract suite plays the same story to both.

use crate::UserId;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};

/// What calling one person costs of the rate budget: the budget grows by `rate_per_min` each millisecond.
pub const CALL_COST: u64 = 60_000;
/// The budget saves up for this long at the most, so that a quiet minute is not followed by a stampede.
pub const BURST_MS: u64 = 2_000;
/// How often a called person is called: once, and once more when they missed it.
pub const CALLS_MAX: u32 = 2;
/// The most people called by one step: bounds the store's work.
pub const CALLS_PER_TICK_MAX: u64 = 1_000;

/// How a room is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flow {
    /// How many may be inside at once.
    pub cap: u32,
    /// How many are called a minute.
    pub rate_per_min: u32,
    /// False while the sale is paused, closed or not open yet: nobody new is called.
    pub calling: bool,
    /// How long a call waits for its claim, milliseconds.
    pub call_window_ms: u64,
    /// How long a session may last, milliseconds.
    pub session_ms: u64,
    /// How long an admission lives without a sign of life, milliseconds.
    pub heartbeat_ms: u64,
}

/// Where one person stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlaceState {
    /// Not their turn yet.
    Waiting,
    /// Their turn: to be claimed within the call window.
    Called,
    /// Inside.
    Admitted,
    /// Missed both calls, or the session ended: joining again gives a new number.
    Lapsed,
    /// Gave the place up.
    Left,
}

/// One person's place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Their number, from 1.
    pub number: u64,
    /// Where they stand.
    pub state: PlaceState,
    /// Numbers before theirs that are not yet called.
    pub ahead: u64,
}

/// What everybody may know of a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RoomStatus {
    /// The highest number called so far.
    pub serving: u64,
    /// The highest number given so far.
    pub issued: u64,
    /// How many are inside.
    pub active: u64,
}

/// A session inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Session {
    /// The admission ends then unless it is renewed, milliseconds.
    pub expires_at_ms: u64,
    /// It cannot be renewed beyond, milliseconds.
    pub ends_at_ms: u64,
}

/// Numbers before `number` that are not yet called.
#[must_use]
pub fn ahead(number: u64, serving: u64) -> u64 {
    number.saturating_sub(serving).saturating_sub(1)
}

/// How many people to call now: as many as the budget pays for, as there is room for, as are waiting.
#[must_use]
pub fn calls_due(flow: &Flow, budget: u64, active: u64, outstanding: u64, status: &RoomStatus) -> u64 {
    if !flow.calling {
        return 0;
    }
    let room = u64::from(flow.cap).saturating_sub(active + outstanding);
    let waiting = status.issued.saturating_sub(status.serving);
    (budget / CALL_COST).min(room).min(waiting).min(CALLS_PER_TICK_MAX)
}

/// The rate budget after some time. It always suffices for one call, so that a first comer need not wait for it.
#[must_use]
pub fn refill(budget: u64, elapsed_ms: u64, rate_per_min: u32) -> u64 {
    let full = (u64::from(rate_per_min) * BURST_MS).max(CALL_COST);
    elapsed_ms.saturating_mul(u64::from(rate_per_min)).saturating_add(budget).min(full)
}

/// How long a client should wait before it asks again: often near the front, seldom at the back.
#[must_use]
pub fn poll_after_ms(ahead: u64) -> u64 {
    (1_000 + ahead.saturating_mul(10)).min(10_000)
}

/// Seconds until their call, as a range: at the soonest as fast as the rate allows, at the latest if everybody
/// inside stays for a whole session.
#[must_use]
pub fn eta_s(ahead: u64, flow: &Flow) -> [u64; 2] {
    let low = ahead.saturating_mul(60) / u64::from(flow.rate_per_min).max(1);
    let high = ahead.saturating_mul(flow.session_ms) / u64::from(flow.cap).max(1) / 1_000;
    [low, high.max(low)]
}

/// The model of a waiting room. Time is an argument, in milliseconds.
#[derive(Debug, Clone, Default)]
pub struct WaitingRoom {
    status: RoomStatus,
    budget: u64,
    ticked_at_ms: Option<u64>,
    members: HashMap<UserId, Member>,
    /// Called and not yet claimed: number → (deadline, calls so far).
    calls: BTreeMap<u64, (u64, u32)>,
    active: HashMap<UserId, Session>,
}

#[derive(Debug, Clone, Copy)]
struct Member {
    number: u64,
    left: bool,
}

impl WaitingRoom {
    /// Take the next number, or keep the one that is still good.
    pub fn join(&mut self, user: UserId, now_ms: u64) -> Place {
        if let Some(place) = self.place(user, now_ms)
            && matches!(place.state, PlaceState::Waiting | PlaceState::Called | PlaceState::Admitted)
        {
            return place;
        }
        self.status.issued += 1;
        let number = self.status.issued;
        self.members.insert(user, Member { number, left: false });
        Place { number, state: PlaceState::Waiting, ahead: ahead(number, self.status.serving) }
    }

    /// Drop what lapsed, then call whom there is room for.
    pub fn tick(&mut self, flow: &Flow, now_ms: u64) -> RoomStatus {
        self.active.retain(|_, session| session.expires_at_ms > now_ms);
        self.calls.retain(|_, (deadline, calls)| {
            if *deadline <= now_ms {
                *calls += 1;
                *deadline = now_ms + flow.call_window_ms;
            }
            *calls <= CALLS_MAX
        });
        let elapsed_ms = self.ticked_at_ms.map_or(BURST_MS, |then| now_ms.saturating_sub(then));
        self.ticked_at_ms = Some(now_ms);
        self.budget = refill(self.budget, elapsed_ms, flow.rate_per_min).max(if self.status.serving == 0 {
            CALL_COST
        } else {
            0
        });
        let (active, outstanding) = (self.active.len() as u64, self.calls.len() as u64);
        let due = calls_due(flow, self.budget, active, outstanding, &self.status);
        for _ in 0..due {
            self.status.serving += 1;
            self.calls.insert(self.status.serving, (now_ms + flow.call_window_ms, 1));
        }
        self.budget -= due * CALL_COST;
        self.status.active = active;
        self.status
    }

    /// Where somebody stands; nothing if they never joined.
    #[must_use]
    pub fn place(&self, user: UserId, now_ms: u64) -> Option<Place> {
        let member = self.members.get(&user)?;
        let state = if self.active.get(&user).is_some_and(|session| session.expires_at_ms > now_ms) {
            PlaceState::Admitted
        } else if member.left {
            PlaceState::Left
        } else if member.number > self.status.serving {
            PlaceState::Waiting
        } else if self.calls.contains_key(&member.number) {
            PlaceState::Called
        } else {
            PlaceState::Lapsed
        };
        Some(Place { number: member.number, state, ahead: ahead(member.number, self.status.serving) })
    }

    /// Go in when called; somebody inside gets the running session again.
    ///
    /// # Errors
    /// The place as it stands, when it is not their turn.
    pub fn claim(&mut self, user: UserId, flow: &Flow, now_ms: u64) -> Result<Session, Option<Place>> {
        self.tick(flow, now_ms);
        let place = self.place(user, now_ms).ok_or(None)?;
        match place.state {
            PlaceState::Admitted => self.active.get(&user).copied().ok_or(Some(place)),
            PlaceState::Called if self.active.len() < flow.cap as usize => {
                self.calls.remove(&place.number);
                let ends_at_ms = now_ms + flow.session_ms;
                let session =
                    Session { expires_at_ms: (now_ms + flow.heartbeat_ms).min(ends_at_ms), ends_at_ms };
                self.active.insert(user, session);
                Ok(session)
            }
            _ => Err(Some(place)),
        }
    }

    /// A sign of life from inside; nothing, when the session is over.
    pub fn renew(&mut self, user: UserId, flow: &Flow, now_ms: u64) -> Option<Session> {
        let session = self.active.get_mut(&user).filter(|session| session.expires_at_ms > now_ms)?;
        session.expires_at_ms = (now_ms + flow.heartbeat_ms).min(session.ends_at_ms);
        Some(*session)
    }

    /// Give the place up, outside or inside.
    pub fn leave(&mut self, user: UserId) {
        self.active.remove(&user);
        if let Some(member) = self.members.get_mut(&user) {
            member.left = true;
            self.calls.remove(&member.number);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    const FLOW: Flow = Flow {
        cap: 3,
        rate_per_min: 600,
        calling: true,
        call_window_ms: 30_000,
        session_ms: 600_000,
        heartbeat_ms: 60_000,
    };

    fn user(n: u128) -> UserId {
        UserId(Uuid::from_u128(n))
    }

    #[test]
    fn joining_twice_keeps_the_number() {
        let mut room = WaitingRoom::default();
        let first = room.join(user(1), 0);
        room.join(user(2), 0);
        assert_eq!(room.join(user(1), 5), first);
    }

    #[test]
    fn a_first_comer_is_called_at_once_however_slow_the_rate() {
        let mut room = WaitingRoom::default();
        room.join(user(1), 0);
        let status = room.tick(&Flow { rate_per_min: 1, ..FLOW }, 0);
        assert_eq!(status.serving, 1);
    }

    #[test]
    fn a_missed_call_is_repeated_once_and_then_goes_to_the_tail() {
        let mut room = WaitingRoom::default();
        room.join(user(1), 0);
        room.tick(&FLOW, 0);
        room.tick(&FLOW, 30_000);
        assert_eq!(room.place(user(1), 30_000).map(|p| p.state), Some(PlaceState::Called));
        room.tick(&FLOW, 60_000);
        assert_eq!(room.place(user(1), 60_000).map(|p| p.state), Some(PlaceState::Lapsed));
        assert_eq!(room.join(user(1), 60_000).number, 2);
    }

    #[test]
    fn a_paused_room_calls_nobody_and_forgets_nobody() {
        let mut room = WaitingRoom::default();
        room.join(user(1), 0);
        assert_eq!(room.tick(&Flow { calling: false, ..FLOW }, 10).serving, 0);
        assert_eq!(room.tick(&FLOW, 20).serving, 1);
    }

    #[test]
    fn waiting_is_told_as_a_range_that_grows_with_the_distance() {
        assert_eq!(eta_s(0, &FLOW), [0, 0]);
        assert_eq!(eta_s(600, &FLOW), [60, 120_000]);
        assert_eq!((poll_after_ms(0), poll_after_ms(1_000_000)), (1_000, 10_000));
    }

    #[derive(Debug, Clone)]
    enum Event {
        Join(u128),
        Tick,
        Claim(u128),
        Renew(u128),
        Leave(u128),
        Wait(u64),
    }

    fn event() -> impl Strategy<Value = Event> {
        prop_oneof![
            (0..12u128).prop_map(Event::Join),
            Just(Event::Tick),
            (0..12u128).prop_map(Event::Claim),
            (0..12u128).prop_map(Event::Renew),
            (0..12u128).prop_map(Event::Leave),
            (0..40_000u64).prop_map(Event::Wait),
        ]
    }

    proptest! {
        #[test]
        fn the_cap_holds_and_serving_never_goes_back(events in prop::collection::vec(event(), 1..300)) {
            let mut room = WaitingRoom::default();
            let (mut now, mut serving) = (0, 0);
            for event in events {
                match event {
                    Event::Join(n) => { room.join(user(n), now); }
                    Event::Tick => { room.tick(&FLOW, now); }
                    Event::Claim(n) => { let _ = room.claim(user(n), &FLOW, now); }
                    Event::Renew(n) => { let _ = room.renew(user(n), &FLOW, now); }
                    Event::Leave(n) => room.leave(user(n)),
                    Event::Wait(ms) => now += ms,
                }
                prop_assert!(room.active.len() + room.calls.len() <= FLOW.cap as usize);
                prop_assert!(room.status.serving >= serving && room.status.serving <= room.status.issued);
                serving = room.status.serving;
            }
        }

        /// Among people who answer their calls, nobody goes in before somebody with a lower number.
        #[test]
        fn those_who_answer_go_in_in_the_order_of_their_numbers(people in 1..40u128) {
            let mut room = WaitingRoom::default();
            for n in 0..people {
                room.join(user(n), 0);
            }
            let (mut now, mut inside) = (0, Vec::new());
            while inside.len() < people as usize {
                now += 1_000;
                for n in 0..people {
                    if room.claim(user(n), &FLOW, now).is_ok() && !inside.contains(&n) {
                        inside.push(n);
                        room.leave(user(n));
                    }
                }
            }
            prop_assert_eq!(inside, (0..people).collect::<Vec<_>>());
        }
    }
}
