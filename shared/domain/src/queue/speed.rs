//! How fast people are called: as many as will fill the free places, within the organizer's rate, and slower while the
//! sale is in trouble. All whole numbers, so that the store computes the same.

use super::{Flow, GAP_MAX_MS};

/// What one call costs of the rate budget, which grows by `rate_per_min` each millisecond.
pub const CALL_COST: u64 = 60_000;
/// The budget saves up for this long at most, so that a quiet minute is not followed by a stampede.
pub const BURST_MS: u64 = 2_000;
/// The most calls that one step makes: bounds the store's work.
pub const CALLS_PER_TICK_MAX: u64 = 1_000;
/// The claim rate at which every call is answered.
pub const CLAIM_RATE_ONE: u64 = 1_000_000;
/// The lowest claim rate: however few answer, at most five are called for one free place.
pub const CLAIM_RATE_LEAST: u64 = 200_000;
/// The weight of a new call in the claim rate is one part in this many.
pub const RATE_WEIGHT: u64 = 64;
/// The weight of a new answer in the usual delay is one part in this many.
pub const DELAY_WEIGHT: u64 = 16;
/// A call is no longer counted on after this many times the usual delay.
pub const PATIENCE_DELAYS: u64 = 4;
/// A called buyer is counted on for at least this long.
pub const PATIENCE_LEAST_MS: u64 = 1_000;
/// The brake halves the speed once in this time at most.
pub const BRAKE_EVERY_MS: u64 = 2_000;
/// After a brake the speed doubles in this time.
pub const RECOVERY_MS: u64 = 30_000;
/// After so many doublings the brake no longer slows any room. It bounds the reckoning.
pub const DOUBLINGS_MAX: u64 = 20;
/// The speed is measured over this time.
pub const MEASURE_MS: u64 = 5_000;

/// What a room has learned about its speed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Speed {
    /// What is saved up for calls; each costs [`CALL_COST`].
    pub budget: u64,
    /// How many of a million calls are answered in time.
    pub claim_rate: u64,
    /// How long an answer usually takes, milliseconds.
    pub claim_delay_ms: u64,
    /// Calls that end by this time are no longer counted on.
    pub aged_to: u64,
    /// The organizer's rate at the last look.
    pub rate_seen: u64,
    /// Calls a minute that the brake allowed when it was last pulled; 0 if it never was.
    pub brake_pace: u64,
    /// When the brake was last pulled.
    pub braked_at: u64,
    /// Since when calls are counted; 0 before the first.
    pub measured_at: u64,
    /// How many there were since.
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
    /// Calls a minute that may be made now: the organizer's rate, or less while the brake is being released.
    #[must_use]
    pub fn rate_per_min(&self, now: u64) -> u64 {
        if self.brake_pace == 0 {
            return self.rate_seen;
        }
        let doublings = (now.saturating_sub(self.braked_at) / RECOVERY_MS).min(DOUBLINGS_MAX);
        self.rate_seen.min(self.brake_pace << doublings)
    }

    /// Holds or bookings are failing: halve the speed, at most once in [`BRAKE_EVERY_MS`].
    pub fn brake(&mut self, now: u64) {
        if self.brake_pace > 0 && now < self.braked_at + BRAKE_EVERY_MS {
            return;
        }
        let allowed = self.rate_per_min(now);
        let real = if self.called_per_min > 0 { allowed.min(self.called_per_min) } else { allowed };
        self.brake_pace = (real / 2).max(1);
        self.braked_at = now;
    }

    /// Let the rate budget grow by the time that has passed. The very first call need not wait for it.
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

    /// How long a call is counted on, milliseconds.
    #[must_use]
    pub fn patience_ms(&self, flow: &Flow) -> u64 {
        (self.claim_delay_ms * PATIENCE_DELAYS).max(PATIENCE_LEAST_MS).min(flow.call_window_ms)
    }

    /// A first call, which would have ended at `deadline`, was answered.
    pub fn learn_answer(&mut self, flow: &Flow, deadline: u64, now: u64) {
        let took = (now + flow.call_window_ms).saturating_sub(deadline).min(flow.call_window_ms);
        self.claim_delay_ms = (self.claim_delay_ms * (DELAY_WEIGHT - 1) + took) / DELAY_WEIGHT;
        if deadline > self.aged_to {
            self.claim_rate += (CLAIM_RATE_ONE - self.claim_rate) / RATE_WEIGHT;
        }
    }

    /// This many calls were not answered in time.
    pub fn learn_silence(&mut self, calls: u64) {
        for _ in 0..calls.min(CALLS_PER_TICK_MAX) {
            self.claim_rate = (self.claim_rate - self.claim_rate / RATE_WEIGHT).max(CLAIM_RATE_LEAST);
        }
    }

    /// How many calls fill `free` places, some of which the `counted_on` calls under way will take.
    #[must_use]
    pub fn calls_for(&self, free: u64, counted_on: u64) -> u64 {
        (free * CLAIM_RATE_ONE).saturating_sub(counted_on * self.claim_rate) / self.claim_rate
    }

    /// This many were called just now, with or without others waiting.
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
