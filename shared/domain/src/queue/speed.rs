//! How fast people are called: as many as will fill the free places, within the organizer's rate, and slower while the
//! sale is in trouble. All whole numbers, so that the store computes the same.

use super::{Flow, GAP_MAX_MS};

/// What calling one person costs of the rate budget: the budget grows by `rate_per_min` each millisecond.
pub const CALL_COST: u64 = 60_000;
/// The budget saves up for this long at the most, so that a quiet minute is not followed by a stampede.
pub const BURST_MS: u64 = 2_000;
/// The most people called by one step: bounds the store's work.
pub const CALLS_PER_TICK_MAX: u64 = 1_000;
/// Every call is answered.
pub const CLAIM_RATE_ONE: u64 = 1_000_000;
/// However few answer, at most five are called for one free place.
pub const CLAIM_RATE_LEAST: u64 = 200_000;
/// One call more weighs so much less than all before it in the rate of those who answer.
pub const RATE_WEIGHT: u64 = 64;
/// The same for how long they take.
pub const DELAY_WEIGHT: u64 = 16;
/// Who has not answered after so many times the usual delay is not counted on any more.
pub const PATIENCE_DELAYS: u64 = 4;
/// But everybody is counted on for this long.
pub const PATIENCE_LEAST_MS: u64 = 1_000;
/// How often the brake may halve the speed.
pub const BRAKE_EVERY_MS: u64 = 2_000;
/// After a brake the speed doubles in this time.
pub const RECOVERY_MS: u64 = 30_000;
/// The speed is measured over this time.
pub const MEASURE_MS: u64 = 5_000;

/// What a room has learned about its speed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Speed {
    /// Saved up for calls.
    pub budget: u64,
    /// How many of a million calls are answered in time.
    pub claim_rate: u64,
    /// How long an answer takes, milliseconds.
    pub claim_delay_ms: u64,
    /// Calls that end up to then are not counted on any more.
    pub aged_to: u64,
    /// The organizer's rate when somebody last looked.
    pub rate_seen: u64,
    /// Calls a minute when the brake was pulled; 0 if it never was.
    pub brake_pace: u64,
    /// When it was.
    pub braked_at: u64,
    /// Since when calls are counted.
    pub measured_at: u64,
    /// How many there were.
    pub measured_calls: u64,
    /// How many are called a minute, as measured; 0 while there is nothing to measure.
    pub called_per_min: u64,
}

impl Default for Speed {
    fn default() -> Self {
        Self {
            budget: 0,
            claim_rate: CLAIM_RATE_ONE,
            claim_delay_ms: BURST_MS,
            aged_to: 0,
            rate_seen: 0,
            brake_pace: 0,
            braked_at: 0,
            measured_at: 0,
            measured_calls: 0,
            called_per_min: 0,
        }
    }
}

impl Speed {
    /// Calls a minute that may be made now: the organizer's rate, or less while the brake is being let go.
    #[must_use]
    pub fn rate_per_min(&self, now: u64) -> u64 {
        if self.brake_pace == 0 {
            return self.rate_seen;
        }
        let doublings = (now.saturating_sub(self.braked_at) / RECOVERY_MS).min(20);
        self.rate_seen.min(self.brake_pace << doublings)
    }

    /// Holds or bookings are failing: halve the speed, at most once in a while.
    pub fn brake(&mut self, now: u64) {
        if self.brake_pace > 0 && now < self.braked_at + BRAKE_EVERY_MS {
            return;
        }
        let allowed = self.rate_per_min(now);
        let real = if self.called_per_min > 0 { allowed.min(self.called_per_min) } else { allowed };
        self.brake_pace = (real / 2).max(1);
        self.braked_at = now;
    }

    /// The rate budget after some time. The very first call need not wait for it.
    pub fn refill(&mut self, flow: &Flow, elapsed_ms: Option<u64>, is_first: bool, now: u64) {
        self.rate_seen = u64::from(flow.rate_per_min);
        let rate = self.rate_per_min(now);
        let full = (rate * BURST_MS).max(CALL_COST);
        let elapsed_ms = elapsed_ms.unwrap_or(BURST_MS).min(GAP_MAX_MS);
        self.budget = (self.budget + elapsed_ms * rate).min(full);
        if is_first {
            self.budget = self.budget.max(CALL_COST);
        }
    }

    /// How long somebody who was called is counted on.
    #[must_use]
    pub fn patience_ms(&self, flow: &Flow) -> u64 {
        (self.claim_delay_ms * PATIENCE_DELAYS).max(PATIENCE_LEAST_MS).min(flow.call_window_ms)
    }

    /// Somebody answered their first call, which would have ended at `deadline`.
    pub fn learn_answer(&mut self, flow: &Flow, deadline: u64, now: u64) {
        let took = (now + flow.call_window_ms).saturating_sub(deadline).min(flow.call_window_ms);
        self.claim_delay_ms = (self.claim_delay_ms * (DELAY_WEIGHT - 1) + took) / DELAY_WEIGHT;
        if deadline > self.aged_to {
            self.claim_rate += (CLAIM_RATE_ONE - self.claim_rate) / RATE_WEIGHT;
        }
    }

    /// So many calls were not answered in time.
    pub fn learn_silence(&mut self, calls: u64) {
        for _ in 0..calls.min(CALLS_PER_TICK_MAX) {
            self.claim_rate = (self.claim_rate - self.claim_rate / RATE_WEIGHT).max(CLAIM_RATE_LEAST);
        }
    }

    /// How many calls fill `free` places, of which the `counted_on` last called will take some.
    #[must_use]
    pub fn calls_for(&self, free: u64, counted_on: u64) -> u64 {
        (free * CLAIM_RATE_ONE).saturating_sub(counted_on * self.claim_rate) / self.claim_rate
    }

    /// So many were called just now, with or without others waiting.
    pub fn measure(&mut self, calls: u64, are_waiting: bool, now: u64) {
        self.measured_calls += calls;
        if self.measured_at == 0 || (!are_waiting && self.measured_calls == 0) {
            self.measured_at = now;
            return;
        }
        let elapsed_ms = now.saturating_sub(self.measured_at);
        if elapsed_ms < MEASURE_MS {
            return;
        }
        let sample = self.measured_calls * 60_000 / elapsed_ms;
        self.called_per_min =
            if self.called_per_min == 0 { sample } else { (self.called_per_min * 3 + sample) / 4 };
        (self.measured_at, self.measured_calls) = (now, 0);
    }
}
