//! When a publication may be taken back: while no buyer has anything of it, and none can get it in the meantime.

use crate::{performance::Performance, sale::SaleControl};
use jiff::{SignedDuration, Timestamp};

/// Longer than the clocks of processes differ, their memories last and a request takes, all together, in seconds.
pub const WITHDRAWAL_MARGIN_S: u32 = 120;

/// Whether a publication may be taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Withdrawal {
    /// Its doors are closed: no buyer can have joined its queue or held a seat.
    Allowed,
    /// Its sale was closed so long ago that every hold is over: what was reserved since it opened is in the books.
    IfNothingWasReserved,
    /// Buyers may have, or get, a place in its queue or seats.
    Refused,
}

impl Performance {
    /// Whether its publication may be taken back, given since when the organizer has closed its sale, if it is closed.
    #[must_use]
    pub fn withdrawal(&self, closed_at: Option<Timestamp>, hold_ttl_s: u32, now: Timestamp) -> Withdrawal {
        let prequeue = self.sale.door.prequeue.as_ref().map(|prequeue| prequeue.opens_at);
        let doors_open_at = prequeue.unwrap_or(self.sale.opens_at).min(self.sale.opens_at);
        if after(now, WITHDRAWAL_MARGIN_S) <= doors_open_at {
            return Withdrawal::Allowed;
        }
        let closed_at = closed_at.filter(|_| self.sale.control == SaleControl::Closed);
        match closed_at {
            Some(at) if after(at, hold_ttl_s.saturating_add(WITHDRAWAL_MARGIN_S)) <= now => {
                Withdrawal::IfNothingWasReserved
            }
            _ => Withdrawal::Refused,
        }
    }
}

fn after(at: Timestamp, seconds: u32) -> Timestamp {
    at.checked_add(SignedDuration::from_secs(seconds.into())).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        draw::Digest,
        fixtures::{at, house},
        sale::{JoinPolicy, Prequeue, Sale},
    };

    const TTL_S: u32 = 300;

    /// Its sale opens at 1,000 s.
    fn performance(control: SaleControl) -> Performance {
        let (_, performance, _) = house();
        let sale = Sale { opens_at: at(1_000), closes_at: at(9_000), control, ..performance.sale.clone() };
        Performance { starts_at: at(9_000), sale, ..performance }
    }

    #[test]
    fn a_publication_is_taken_back_before_its_doors_open() {
        let open = performance(SaleControl::Open);
        assert_eq!(open.withdrawal(None, TTL_S, at(880)), Withdrawal::Allowed);
        assert_eq!(open.withdrawal(None, TTL_S, at(881)), Withdrawal::Refused);
        let mut gathering = open.clone();
        let prequeue = Some(Prequeue { opens_at: at(500), commitment: Digest([0; 32]) });
        gathering.sale.door = JoinPolicy { prequeue, ..JoinPolicy::default() };
        assert_eq!(gathering.withdrawal(None, TTL_S, at(380)), Withdrawal::Allowed);
        assert_eq!(gathering.withdrawal(None, TTL_S, at(381)), Withdrawal::Refused, "people gather soon");
    }

    #[test]
    fn later_only_once_its_sale_was_closed_for_longer_than_a_hold_lasts() {
        let closed = performance(SaleControl::Closed);
        let at_2_000 = |performance: &Performance, s| performance.withdrawal(Some(at(2_000)), TTL_S, at(s));
        assert_eq!(at_2_000(&closed, 2_419), Withdrawal::Refused);
        assert_eq!(at_2_000(&closed, 2_420), Withdrawal::IfNothingWasReserved);
        assert_eq!(closed.withdrawal(None, TTL_S, at(5_000)), Withdrawal::Refused, "since when is not known");
        for control in [SaleControl::Open, SaleControl::Paused] {
            assert_eq!(at_2_000(&performance(control), 5_000), Withdrawal::Refused, "it is open again");
        }
    }
}
