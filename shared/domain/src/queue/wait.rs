//! What a waiting buyer is told: how many are ahead, how long it may take, when to ask again.

/// When a client at the front asks again, milliseconds.
pub const POLL_NEAR_MS: u64 = 1_500;
/// What each number ahead adds, milliseconds.
pub const POLL_STEP_MS: u64 = 10;
/// When a client at the back asks again, milliseconds.
pub const POLL_FAR_MS: u64 = 10_000;
/// A buyer may ask this many times as often as told, since other tabs and devices ask too.
pub const POLL_EASE: u64 = 4;
/// How many requests a buyer at the back may send at once.
pub const POLL_BURST: u64 = 8;
/// How much of what a buyer asked at the back is forgiven at the front, in milliseconds of waiting.
pub const POLL_SLACK_MS: u64 = 7_500;

/// Numbers before `number` that are not yet called.
#[must_use]
pub fn ahead(number: u64, serving: u64) -> u64 {
    number.saturating_sub(serving).saturating_sub(1)
}

/// How long to wait before asking again: often near the front, seldom at the back.
#[must_use]
pub fn poll_after_ms(ahead: u64) -> u64 {
    POLL_NEAR_MS.saturating_add(ahead.saturating_mul(POLL_STEP_MS)).min(POLL_FAR_MS)
}

/// The same, up to a fifth more or less, so that a crowd that came together does not ask together for ever. `dice` is
/// any random number.
#[must_use]
pub fn jittered(ms: u64, dice: u64) -> u64 {
    let fifth = ms / 5;
    ms - fifth + dice % (2 * fifth + 1)
}

/// A client asks much more often than it was told to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hasty {
    /// How long until it may ask again.
    pub retry_after_ms: u64,
    /// How far apart its requests have to be in the long run.
    pub interval_ms: u64,
}

/// How far ahead of the clock the moment may be at which an allowance is whole again, if requests have to be `interval_ms`
/// apart in the long run.
#[must_use]
pub fn poll_allowance_ms(interval_ms: u64) -> u64 {
    (interval_ms * POLL_BURST).max(POLL_SLACK_MS)
}

/// Whether a client that was told to ask after `told_ms` may ask now (GCRA). Returns when its allowance will be whole
/// again.
///
/// # Errors
/// It has asked too often.
pub fn poll_allowed(whole_at: u64, now: u64, told_ms: u64) -> Result<u64, Hasty> {
    // Further ahead than any client can have moved it: the clock was set back.
    let most = now + POLL_FAR_MS / POLL_EASE * POLL_BURST;
    let whole_at = if whole_at > most { now } else { whole_at };
    let interval = told_ms / POLL_EASE;
    let after = whole_at.max(now) + interval;
    let allowed = now + poll_allowance_ms(interval);
    if after > allowed {
        Err(Hasty { retry_after_ms: after - allowed, interval_ms: interval })
    } else {
        Ok(after)
    }
}

/// Seconds until a call, as a range around what the measured rate says; nothing where no rate was measured.
#[must_use]
pub fn eta_s(ahead: u64, called_per_min: u64) -> Option<[u64; 2]> {
    // A quarter faster, a quarter slower.
    let low = ahead.saturating_mul(48).checked_div(called_per_min)?;
    let high = ahead.saturating_add(1).saturating_mul(80).div_ceil(called_per_min);
    Some([low, high])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clients_ask_often_near_the_front_and_seldom_at_the_back() {
        assert_eq!((poll_after_ms(0), poll_after_ms(50)), (1_500, 2_000));
        assert_eq!((poll_after_ms(900), poll_after_ms(u64::MAX)), (10_000, 10_000));
        for dice in [0, 1, 4_000, u64::MAX] {
            assert!((8_000..=12_000).contains(&jittered(10_000, dice)), "{dice}");
        }
        assert_eq!((jittered(10_000, 0), jittered(10_000, 4_000)), (8_000, 12_000));
    }

    #[test]
    fn the_wait_is_told_as_a_range_and_only_once_it_was_measured() {
        assert_eq!(eta_s(600, 600), Some([48, 81]));
        assert_eq!(eta_s(0, 600), Some([0, 1]));
        assert_eq!(eta_s(5, 0), None);
    }

    #[test]
    fn a_client_that_asks_as_told_may_always_ask_and_one_that_hammers_may_not() {
        let (mut whole_at, mut now) = (0, 10_000_000);
        for _ in 0..100 {
            whole_at = poll_allowed(whole_at, now, 1_500).expect("as told");
            now += 1_500;
        }
        let asked = (0..20).map_while(|_| {
            whole_at = poll_allowed(whole_at, now, 1_500).ok()?;
            Some(())
        });
        assert_eq!(asked.count(), 20);
        assert!(poll_allowed(whole_at, now - 3_600_000, 1_500).is_ok(), "the clock jumped back");
        let wait = poll_allowed(whole_at, now, 1_500).expect_err("too many").retry_after_ms;
        assert!(poll_allowed(whole_at, now + wait, 1_500).is_ok() && wait <= 1_500);
    }
}
