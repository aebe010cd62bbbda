//! The tick, by which each look moves the room on.

use super::{RoomModel, is_leasing};
use crate::queue::{
    CALL_COST, CALLS_PER_TICK_MAX, Calls, Flow, GAP_MAX_MS, Gathering, LAPSED_MAX, LEASE_WITHIN_MS, Notes,
    StepResult, Wants,
};

impl RoomModel {
    /// The time by the room's clock.
    pub(super) fn time(&self, real_ms: u64) -> u64 {
        let now = real_ms.saturating_add_signed(self.offset_ms);
        self.looked_at.map_or(now, |then| now.clamp(then, then + GAP_MAX_MS))
    }

    /// The same, and the clock moves on; it stands still while the sale is paused.
    pub(super) fn look(&mut self, flow: &Flow, real_ms: u64) -> u64 {
        let now = self.looked_at.filter(|_| flow.paused).unwrap_or_else(|| self.time(real_ms));
        self.offset_ms = now.cast_signed() - real_ms.cast_signed();
        self.looked_at = Some(now);
        now
    }

    /// Drop what has lapsed, then call as many as there is room for.
    pub(super) fn tick(&mut self, flow: &Flow, real_ms: u64) -> StepResult<(u64, Notes)> {
        if self.is_draw_due(flow) {
            return Err(Wants::Draw);
        }
        let now = self.look(flow, real_ms);
        self.give_up_waiting(flow, now);
        let departed = self.active.take_lapsed(now, LAPSED_MAX);
        self.sessions.take_lapsed(now, LAPSED_MAX);
        self.repeat_missed_calls(flow, now);
        let calls = self.call(flow, now, real_ms);
        Ok((now, Notes { at_ms: real_ms, calls, departed }))
    }

    pub(super) fn is_draw_due(&self, flow: &Flow) -> bool {
        self.pool_size.is_none() && flow.gathering == Gathering::Over
    }

    /// Stop counting on calls that have not been answered for long.
    fn give_up_waiting(&mut self, flow: &Flow, now: u64) {
        let aged_to = now + flow.call_window_ms - self.speed.patience_ms(flow);
        self.speed.learn_silence(self.calls.count(self.speed.aged_to, aged_to));
        self.speed.aged_to = self.speed.aged_to.max(aged_to);
    }

    /// A missed call is repeated once; after a second one the number is gone. A number that fell silent at the door is
    /// called once more, too.
    fn repeat_missed_calls(&mut self, flow: &Flow, now: u64) {
        self.recalls.take_lapsed(now, LAPSED_MAX);
        let missed = self.calls.take_lapsed(now, LAPSED_MAX);
        let silent = self.knocks.take_lapsed(now, LAPSED_MAX);
        for number in &silent {
            self.door.remove(number);
        }
        for number in missed.into_iter().chain(silent) {
            self.recalls.set(number, now + flow.call_window_ms);
        }
    }

    /// Call as many as fill the room. Returns whether calls should be leased.
    fn call(&mut self, flow: &Flow, now: u64, real_ms: u64) -> Calls {
        let elapsed_ms = self.refilled_at.map(|then| now.saturating_sub(then));
        self.speed.refill(flow, elapsed_ms, self.serving == 0, now);
        self.refilled_at = Some(now);
        let wanted = if now < self.settled_at { 0 } else { self.calls_wanted(flow) };
        let due = wanted.min(self.called_to.saturating_sub(self.serving));
        self.speed.measure(due, self.issued > self.serving, now);
        self.speed.budget -= due * CALL_COST;
        for _ in 0..due {
            self.serving += 1;
            if !self.given_up.remove(&self.serving) {
                self.calls.set(self.serving, now + flow.call_window_ms);
            }
        }
        if wanted == due || self.called_to >= self.lease_end {
            return Calls::Enough;
        }
        if is_leasing(self.calls_leasing_until, real_ms) {
            return Calls::Awaited;
        }
        self.calls_leasing_until = real_ms + LEASE_WITHIN_MS;
        // Plus calls for one second ahead, and no more: after a loss all leased calls count as made.
        let ahead = self.speed.called_per_min / 60;
        Calls::Lease((self.serving + wanted - due + ahead).min(self.lease_end))
    }

    /// How many would be called now if enough calls were leased.
    fn calls_wanted(&self, flow: &Flow) -> u64 {
        if !flow.calling || self.is_gathering(flow) {
            return 0;
        }
        let free = u64::from(flow.cap).saturating_sub(self.active.len() + self.door.len() as u64);
        let counted_on = self.calls.count(self.speed.aged_to, u64::MAX);
        self.speed
            .calls_for(free, counted_on)
            .min(self.speed.budget / CALL_COST)
            .min(self.issued.saturating_sub(self.serving))
            .min(CALLS_PER_TICK_MAX)
    }
}
