//! What the sale of a performance is now, for the waiting room before it and for those who would join, hold or book.

use super::{Sale, SaleMode, SaleState};
use crate::queue::{Flow, Gathering, HEARTBEAT_MAX_MS, Session};
use jiff::Timestamp;

/// The times of every waiting room: what an operator sets, not an organizer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RoomTimes {
    /// How long a call waits for its answer, seconds.
    pub call_window_s: u32,
    /// How long a session may last, seconds.
    pub session_s: u32,
}

/// Why the queue of a sale cannot be joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotJoinable {
    /// Neither the sale nor its prequeue has opened.
    #[error("the sale has not opened yet")]
    NotYet,
    /// The sale is over.
    #[error("the sale is over")]
    Over,
}

impl SaleState {
    /// Whether the queue may be joined: from the opening (of the prequeue, where there is one) until the end of the sale, also
    /// while it is paused or nothing is left for now.
    ///
    /// # Errors
    /// Too early, or too late.
    pub fn check_joinable(self) -> Result<(), NotJoinable> {
        match self {
            Self::Closed => Err(NotJoinable::Over),
            Self::Scheduled => Err(NotJoinable::NotYet),
            Self::Prequeue | Self::Paused | Self::SoldOut | Self::Open => Ok(()),
        }
    }
}

impl Sale {
    /// How the waiting room is run at a moment, given when the performance starts; nothing where there is no waiting room.
    #[must_use]
    pub fn flow(&self, starts_at: Timestamp, now: Timestamp, times: RoomTimes) -> Option<Flow> {
        if self.mode == SaleMode::Open {
            return None;
        }
        // A room calls as long as the sale is open, whether or not a seat is left: held ones come back.
        let state = self.state(starts_at, now, true);
        let session_ms = u64::from(times.session_s) * 1_000;
        Some(Flow {
            cap: self.cap,
            rate_per_min: self.rate_per_min,
            calling: state == SaleState::Open,
            paused: state == SaleState::Paused,
            gathering: self.gathering(now),
            call_window_ms: u64::from(times.call_window_s) * 1_000,
            session_ms,
            heartbeat_ms: HEARTBEAT_MAX_MS.min(session_ms),
        })
    }

    /// Joining before the prequeue opens is refused, so until the sale opens people gather wherever there is one.
    fn gathering(&self, now: Timestamp) -> Gathering {
        match &self.door.prequeue {
            None => Gathering::Never,
            Some(_) if now < self.opens_at => Gathering::Now,
            Some(_) => Gathering::Over,
        }
    }
}

/// The sessions of staff, whom the room does not count: the times of any other buyer.
impl Session {
    /// One that begins now.
    #[must_use]
    pub fn begun(flow: &Flow, now_ms: u64) -> Self {
        let ends_at_ms = now_ms.saturating_add(flow.session_ms);
        Self { expires_at_ms: 0, ends_at_ms }.renewed(flow, now_ms)
    }

    /// The same after a sign of life: never beyond its end.
    #[must_use]
    pub fn renewed(self, flow: &Flow, now_ms: u64) -> Self {
        let expires_at_ms = now_ms.saturating_add(flow.heartbeat_ms).min(self.ends_at_ms);
        Self { expires_at_ms, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        draw::Digest,
        fixtures::{at, sale},
        sale::{JoinPolicy, Prequeue, SaleControl},
    };

    const STARTS_AT: Timestamp = Timestamp::constant(300, 0);
    const TIMES: RoomTimes = RoomTimes { call_window_s: 30, session_s: 600 };

    #[test]
    fn a_room_calls_while_its_sale_is_open_and_stands_still_while_it_is_paused() {
        let flow =
            |sale: &Sale, s| sale.flow(STARTS_AT, at(s), TIMES).map(|flow| (flow.calling, flow.paused));
        let open = sale();
        for (s, calling) in [(99, false), (100, true), (199, true), (200, false)] {
            assert_eq!(flow(&open, s), Some((calling, false)), "at {s}");
        }
        let paused = Sale { control: SaleControl::Paused, ..sale() };
        assert_eq!(flow(&paused, 99), Some((false, false)), "nothing is stopped before it opens");
        assert_eq!(flow(&paused, 100), Some((false, true)));
        assert_eq!(flow(&Sale { control: SaleControl::Closed, ..sale() }, 150), Some((false, false)));
        assert_eq!(flow(&Sale { mode: SaleMode::Open, ..sale() }, 150), None, "no waiting room");
    }

    #[test]
    fn a_room_has_the_numbers_of_its_sale_and_the_times_of_every_room() {
        let flow = sale().flow(STARTS_AT, at(150), TIMES).expect("a waiting room");
        assert_eq!((flow.cap, flow.rate_per_min), (5, 60));
        assert_eq!((flow.call_window_ms, flow.session_ms), (30_000, 600_000));
        assert_eq!(flow.heartbeat_ms, HEARTBEAT_MAX_MS);
        let short = RoomTimes { session_s: 20, ..TIMES };
        let flow = sale().flow(STARTS_AT, at(150), short).expect("a waiting room");
        assert_eq!(flow.heartbeat_ms, 20_000, "an admission never outlives its session");
    }

    #[test]
    fn people_gather_until_the_sale_opens_where_there_is_a_draw() {
        let gathering = |sale: &Sale, s| sale.flow(STARTS_AT, at(s), TIMES).map(|flow| flow.gathering);
        assert_eq!(gathering(&sale(), 50), Some(Gathering::Never));
        let prequeue = Some(Prequeue { opens_at: at(50), commitment: Digest([0; 32]) });
        let drawn = Sale { door: JoinPolicy { prequeue, ..JoinPolicy::default() }, ..sale() };
        assert_eq!(gathering(&drawn, 99), Some(Gathering::Now));
        assert_eq!(gathering(&drawn, 100), Some(Gathering::Over));
    }

    #[test]
    fn a_queue_may_be_joined_from_the_opening_to_the_end() {
        use SaleState::{Closed, Open, Paused, Prequeue, Scheduled, SoldOut};
        assert_eq!(Scheduled.check_joinable(), Err(NotJoinable::NotYet));
        assert_eq!(Closed.check_joinable(), Err(NotJoinable::Over));
        for state in [Prequeue, Paused, SoldOut, Open] {
            assert_eq!(state.check_joinable(), Ok(()), "{state:?}");
        }
    }

    #[test]
    fn a_session_lives_from_sign_to_sign_and_never_beyond_its_end() {
        let flow = sale().flow(STARTS_AT, at(150), TIMES).expect("a waiting room");
        let begun = Session::begun(&flow, 1_000);
        assert_eq!(begun, Session { expires_at_ms: 61_000, ends_at_ms: 601_000 });
        assert_eq!(begun.renewed(&flow, 20_000).expires_at_ms, 80_000);
        assert_eq!(begun.renewed(&flow, 590_000), Session { expires_at_ms: 601_000, ends_at_ms: 601_000 });
    }
}
