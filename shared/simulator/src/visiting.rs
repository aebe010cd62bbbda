//! What the world knows of requests under way: what they wait for, when they are killed, and which clients still wait
//! for an answer.

use crate::{
    check::broken,
    redis::{Who, user},
    time::Takes,
    visits::{Asker, RoomAnswer, RoomRequest, VirtualTimer, Visit},
    world::{Next, Simulation, WorldEvent},
};
use std::task::Waker;

/// How long a client waits for an answer before it asks again.
const CLIENT_WAITS_MS: u64 = 8_000;
/// How long a process works for a request before it gives up.
const PROCESS_WORKS_MS: u64 = 25_000;

impl Simulation {
    /// Begin a visit.
    pub(crate) fn begin(&mut self, visit: Visit) {
        let id = self.next_visit;
        self.next_visit += 1;
        self.visits.insert(id, visit);
        self.begun.push(id);
    }

    /// The visit that is running now.
    pub(crate) fn visit(&self) -> Option<&Visit> {
        self.visits.get(&self.current)
    }

    /// The running visit begins to wait. Returns the visit, and its timer.
    pub(crate) fn wait(&mut self, takes: Takes, waker: &Waker) -> (u64, u64) {
        let (wait, is_of_rebuild) = match takes {
            Takes::Exactly(ms) => (ms, false),
            Takes::Step => (self.latency(), false),
            Takes::RebuildStep => (self.rebuild_latency(), true),
        };
        let (visit, id) = (self.current, self.next_timer());
        let timer = VirtualTimer { id, due: self.now + wait, is_of_rebuild, waker: waker.clone() };
        if let Some(visit) = self.visits.get_mut(&visit) {
            visit.timers.push(timer);
        }
        self.later(wait, WorldEvent::Due(visit, id));
        (visit, id)
    }

    fn rebuild_latency(&mut self) -> u64 {
        let stalls = self.are_faults_on() && self.dice.chance(self.shape.faults.stall_rebuild);
        let wait = if stalls { self.dice.between(100, 3_000) } else { self.latency() };
        self.stumbles(wait > 100);
        wait
    }

    /// Something went wrong with a rebuild, if `does`: its lease may run on.
    pub(crate) fn stumbles(&mut self, does: bool) {
        if does {
            self.stumbled_at = self.now;
        }
    }

    pub(crate) fn timer_of(&mut self, visit: u64, timer: u64) -> Option<&mut VirtualTimer> {
        self.visits.get_mut(&visit)?.timers.iter_mut().find(|waits| waits.id == timer)
    }

    pub(crate) fn forget_timer(&mut self, visit: u64, timer: u64) -> Option<VirtualTimer> {
        let timers = &mut self.visits.get_mut(&visit)?.timers;
        let index = timers.iter().position(|waits| waits.id == timer)?;
        Some(timers.swap_remove(index))
    }

    pub(crate) fn is_due(&self, visit: u64, timer: u64) -> bool {
        self.visits.get(&visit).is_some_and(|visit| visit.timers.iter().any(|waits| waits.id == timer))
    }

    /// A visit's timer is due, unless its process is killed now.
    pub(crate) fn due(&mut self, id: u64, timer: u64) -> Next {
        let begun = self.visits.get(&id).map_or(0, |visit| visit.begun);
        if self.is_killed() || self.now > begun + PROCESS_WORKS_MS {
            self.kill(id);
            return Next::Killed(id);
        }
        if let Some(timer) = self.forget_timer(id, timer) {
            timer.waker.wake();
        }
        Next::Due(id)
    }

    fn is_killed(&mut self) -> bool {
        let killed = self.are_faults_on() && self.dice.below(100_000) < self.shape.faults.kill;
        self.figures.kills += u64::from(killed);
        killed
    }

    fn kill(&mut self, id: u64) {
        let Some(visit) = self.visits.remove(&id) else { return };
        self.stumbles(visit.timers.iter().any(|timer| timer.is_of_rebuild));
        self.note("killed", visit.asker.map_or(0, |asker| asker.who.into()), id);
        self.troubles(visit.asker);
        if let RoomRequest::Staff(who, does) = visit.request {
            self.staff_hears(who, does, None);
        }
        if let Some(asker) = visit.waiting_asker() {
            let wait = self.dice.between(2_000, CLIENT_WAITS_MS);
            self.later(wait, WorldEvent::Wake(asker));
        }
    }

    /// Note whether the client still waits when the visit goes on. The process goes on in any case.
    pub(crate) fn is_patient(&mut self, id: u64) {
        let Some(visit) = self.visits.get_mut(&id) else { return };
        let due = visit.timers.iter().map(|timer| timer.due).min().unwrap_or_default();
        let waits_until = visit.begun + CLIENT_WAITS_MS;
        if due > waits_until && !visit.is_given_up {
            visit.is_given_up = true;
            let asker = visit.asker;
            self.gives_up(asker, waits_until.saturating_sub(self.now));
        }
    }

    fn gives_up(&mut self, asker: Option<Asker>, wait: u64) {
        self.troubles(asker);
        if let Some(asker) = asker {
            self.later(wait, WorldEvent::Wake(asker));
        }
    }

    /// A buyer is about to be told that they are in: if the room is whole, it has to count them.
    fn counts(&mut self, who: Who) {
        if self.redis.seen().is_some_and(|room| !room.counts(user(who))) {
            let what = format!("account {who} is told that they are in, and the room does not count them");
            self.keeps(broken("really inside", what));
        }
    }

    /// A visit is done, and its answer is on its way.
    pub(crate) fn answers_visit(&mut self, id: u64, answer: RoomAnswer) {
        let Some(visit) = self.visits.remove(&id) else { return };
        if let RoomRequest::Staff(who, does) = visit.request {
            let is_inside = if let RoomAnswer::Staff(is_inside) = answer { Some(is_inside) } else { None };
            return self.staff_hears(who, does, is_inside);
        }
        let wait = self.latency();
        let Some(asker) = visit.waiting_asker() else { return };
        if matches!(answer, RoomAnswer::Inside(..)) {
            self.counts(asker.who);
        }
        let waits_until = visit.begun + CLIENT_WAITS_MS;
        if self.now + wait > waits_until {
            return self.gives_up(Some(asker), waits_until.saturating_sub(self.now));
        }
        if matches!(answer, RoomAnswer::Failed) {
            self.troubles(Some(asker));
        }
        let kept = self.answered(asker, answer, wait);
        self.keeps(kept);
    }
}
