//! What goes wrong and when, and whether the queue goes on after it.

use crate::{
    books::secret,
    check::{Kept, broken},
    flaw::Flaw,
    visits::{RoomRequest, Visit},
    world::{Fault, GOES_ON_WITHIN_MS, Simulation, WorldEvent},
};

/// How long the lease of a rebuild lasts.
const REBUILD_LEASE_MS: u64 = 15_000;
/// How far a replica that takes over may be behind.
const REPLICA_LAG_MS: u64 = 1_000;
/// How long a restart takes at most.
const RESTART_MS: u64 = 3_000;
const HOUR_MS: i64 = 3_600_000;
/// How long the queue may be slow after a brake.
const BRAKED_MS: u64 = 240_000;

impl Simulation {
    pub(crate) fn plan_faults(&mut self) {
        let faults = self.shape.faults;
        let means = [
            (Fault::Flush, faults.flush),
            (Fault::Restart, faults.restart),
            (Fault::Copy, faults.promote),
            (Fault::Clock, faults.clock),
            (Fault::Organizer, faults.organizer),
            (Fault::KillAll, faults.kill_all),
        ];
        for (fault, mean) in means.into_iter().filter(|(_, mean)| *mean > 0) {
            let wait = self.dice.exponential(mean);
            self.later(wait, WorldEvent::Fault(fault));
        }
        self.later(faults.until, WorldEvent::Fault(Fault::Over));
    }

    fn plan_again(&mut self, fault: Fault, mean: u64) {
        let wait = self.dice.exponential(mean);
        if self.are_faults_on() && mean > 0 {
            self.later(wait, WorldEvent::Fault(fault));
        }
    }

    pub(crate) fn go_wrong(&mut self, fault: Fault) -> Kept {
        let faults = self.shape.faults;
        match fault {
            Fault::Over => {
                self.flow.rate_per_min = self.shape.rate_per_min;
                self.set_cap(self.shape.cap);
                return self.go_wrong(Fault::Resume);
            }
            Fault::Resume => {
                self.disturbed_at = self.disturbed_at.max(self.now);
                self.note("resume", 0, 0);
                self.pause(false);
                return Ok(());
            }
            _ if !self.are_faults_on() => return Ok(()),
            Fault::Flush => {
                self.note("FLUSHALL", 0, 0);
                self.redis.flush();
                self.flushed_at = self.now;
                if self.redis.flaw == Some(Flaw::DrawnAgain) {
                    let again = secret(self.dice.roll());
                    self.books.draw_again(again);
                }
                self.lose(0);
                self.plan_again(fault, faults.flush);
            }
            Fault::Restart => {
                let away = self.dice.below(RESTART_MS);
                self.note("restart", away, 0);
                self.redis.restart(self.now + away);
                self.lose(away);
                self.plan_again(fault, faults.restart);
            }
            Fault::Copy => {
                self.redis.copy();
                let lag = self.dice.below(REPLICA_LAG_MS + 1);
                self.note("copied", lag, 0);
                self.later(lag, WorldEvent::Fault(Fault::Promote));
            }
            Fault::Promote => {
                let away = if self.dice.chance(500) { 0 } else { self.dice.below(RESTART_MS) };
                self.note("promotion", away, 0);
                self.redis.promote(self.now + away);
                self.lose(away);
                self.plan_again(Fault::Copy, faults.promote);
            }
            Fault::Clock => {
                let small = i64::try_from(self.dice.below(60_000)).unwrap_or_default() - 30_000;
                let by = self.dice.one_of(small, &[HOUR_MS, -HOUR_MS, small / 10]);
                self.note("clock", by.unsigned_abs(), u64::from(by < 0));
                self.jump(by);
                self.disturbed_at = self.disturbed_at.max(self.now);
                self.plan_again(fault, faults.clock);
            }
            Fault::Organizer => {
                self.organize();
                self.plan_again(fault, faults.organizer);
            }
            Fault::KillAll => {
                self.kill_all();
                self.plan_again(fault, faults.kill_all);
            }
        }
        Ok(())
    }

    fn lose(&mut self, away: u64) {
        self.figures.losses += 1;
        let kept = self.redis.unwritten();
        self.check.lost(self.flushed_at == self.now, &kept, self.now);
        self.stands_since = Some((self.now + away, self.check.serving()));
        let goes_on = WorldEvent::GoesOn(self.figures.losses, self.check.serving());
        self.later(away + GOES_ON_WITHIN_MS, goes_on);
    }

    fn kill_all(&mut self) {
        self.note("all processes killed", self.visits.len() as u64, 0);
        let mut ids: Vec<_> = self.visits.keys().copied().collect();
        ids.sort_unstable();
        for id in ids {
            let Some(visit) = self.visits.remove(&id) else { continue };
            let asker = visit.waiting_asker();
            self.troubles(asker);
            self.figures.kills += 1;
            if let RoomRequest::Staff(who, does) = visit.request {
                self.staff_hears(who, does, None);
            }
            if let Some(asker) = asker {
                let wait = self.dice.between(2_000, 8_000);
                self.later(wait, WorldEvent::Wake(asker));
            }
        }
        self.are_all_killed = true;
        self.disturbed_at = self.disturbed_at.max(self.now);
    }

    fn organize(&mut self) {
        match self.dice.below(4) {
            0 => {
                let wait = self.dice.between(1_000, 90_000);
                self.note("pause", wait, 0);
                self.pause(true);
                self.later(wait, WorldEvent::Fault(Fault::Resume));
            }
            1 => {
                let cap = self.shape.cap;
                let cap = self.dice.one_of(cap, &[cap.div_ceil(2), cap * 2, cap + 1, 1]);
                self.note("cap", cap.into(), 0);
                self.set_cap(cap);
            }
            2 => {
                let rate = self.shape.rate_per_min;
                self.flow.rate_per_min = self.dice.one_of(rate, &[rate / 2, rate * 2, 60]).max(1);
                self.note("rate", self.flow.rate_per_min.into(), 0);
            }
            _ => {
                let flow = self.flow_now();
                return self.begin(Visit::new(None, RoomRequest::Brake, None, flow, self.now));
            }
        }
        self.disturbed_at = self.disturbed_at.max(self.now);
    }

    /// The brake was pulled.
    pub(crate) fn is_braked(&mut self) {
        self.note("brake", 0, 0);
        self.disturbed_at = self.disturbed_at.max(self.now + BRAKED_MS);
    }

    fn set_cap(&mut self, cap: u32) {
        self.flow.cap = cap;
        self.check.cap_changed(cap, self.now);
    }

    /// [`GOES_ON_WITHIN_MS`] after Redis was back the queue must have gone on, unless something else happened since.
    pub(crate) fn goes_on(&mut self, losses: u64, serving: u64) -> Kept {
        let since = self.now - GOES_ON_WITHIN_MS;
        // After a pause, calls that were made before it are still counted on.
        let is_calm = self.disturbed_at + self.shape.call_window < since;
        let is_undisturbed = self.figures.losses == losses && is_calm && self.is_open();
        let (waiting, _) = self.crowd();
        let can_all_ask = waiting >= 20 && self.stumbled_at + REBUILD_LEASE_MS < since;
        if !is_undisturbed || !can_all_ask {
            return Ok(());
        }
        let Some(room) = self.redis.seen() else {
            return broken(
                "the queue goes on after a loss",
                format!("{waiting} wait, and the room was not rebuilt"),
            );
        };
        let figures = room.figures();
        // Calls that were not forgotten may still be counted on.
        let is_forgetful = self.flushed_at + GOES_ON_WITHIN_MS >= self.now;
        let counted_on = if is_forgetful { 0 } else { self.shape.call_window };
        let has_gone_on = self.busy_at >= since
            || figures.serving > serving
            || self.last_entry >= since
            || self.check.passed_last() + counted_on >= self.now;
        if has_gone_on || figures.active >= self.flow.cap.into() || figures.issued <= figures.serving {
            return Ok(());
        }
        broken("the queue goes on after a loss", format!("{waiting} wait, {figures:?}, {:?}", self.flow))
    }

    /// Once nothing goes wrong any more, free places do not stay empty while people wait. Time is allowed for calls to
    /// be answered, for a slow rate, and for calling numbers that losses left without an owner.
    pub(crate) fn is_filling(&self) -> Kept {
        let (waiting, _) = self.crowd();
        let slow = 2 * self.shape.call_window + BRAKED_MS + 2 * 60_000 / u64::from(self.flow.rate_per_min);
        let last = [
            self.busy_at,
            self.check.passed_last(),
            self.last_entry,
            self.disturbed_at,
            self.shape.faults.until,
        ];
        let since = last.into_iter().max().unwrap_or_default();
        if waiting == 0 || self.are_faults_on() || !self.is_open() || self.now < since + slow {
            return Ok(());
        }
        broken("places do not stand empty", format!("{waiting} wait, no one was called since {since}"))
    }
}
