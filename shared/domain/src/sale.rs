//! The sale of one performance: when it is open, and whether a waiting room precedes it.

mod flow;

pub use flow::{NotJoinable, RoomTimes};

use crate::{Invalid, UserId, draw::Digest, user::Email};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The most people that a sale may admit at once.
pub const CAP_MAX: u32 = 100_000;
/// The most people that a sale may call per minute.
pub const RATE_MAX: u32 = 1_000_000;
/// The most staff members who may skip the queue.
pub const BYPASS_MAX: usize = 100;
/// The hardest proof of work, in leading zero bits: some seconds on a phone.
pub const CHALLENGE_BITS_MAX: u8 = 24;
/// How many may be inside at once if the organizer does not say.
pub const CAP_DEFAULT: u32 = 500;
/// How many are called per minute if the organizer does not say.
pub const RATE_DEFAULT: u32 = 600;

/// When and how seats are sold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sale {
    /// When the sale opens.
    pub opens_at: Timestamp,
    /// When the sale closes, as the organizer set it. [`Sale::ends_at`] is what counts.
    pub closes_at: Timestamp,
    /// Whether seats are still sold after the performance has started.
    #[serde(default)]
    pub late_entry: bool,
    /// From when wheelchair places and those of companions are sold like all others. `None`: never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accessible_release_at: Option<Timestamp>,
    /// Whether buyers go straight in or through the waiting room.
    pub mode: SaleMode,
    /// How many may be inside at once.
    pub cap: u32,
    /// How many are called per minute.
    pub rate_per_min: u32,
    /// What the organizer has ordered for now.
    pub control: SaleControl,
    /// How people enter the waiting room.
    #[serde(default)]
    pub door: JoinPolicy,
}

/// How people enter the waiting room.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct JoinPolicy {
    /// The gathering before the sale opens, if there is to be a draw.
    pub prequeue: Option<Prequeue>,
    /// Staff who skip the queue and take no buyer's place.
    pub bypass: Vec<Staff>,
    /// How many leading zero bits a proof of work needs before a client may join; 0 asks for none.
    pub challenge_bits: u8,
}

/// A waiting room that fills before the sale opens. A draw at the opening gives everyone in it a number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prequeue {
    /// When the gathering begins.
    pub opens_at: Timestamp,
    /// The hash of the secret that the draw will use, published before the first person gathers.
    pub commitment: Digest,
}

/// A staff member of the house.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Staff {
    /// The member's account.
    pub user_id: UserId,
    /// The address by which the organizer named the account; `None` if it was named by its id, which reveals no address.
    pub email: Option<Email>,
}

/// Whether the sale has a queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SaleMode {
    /// Every buyer may hold seats at once.
    Open,
    /// Only buyers admitted by the waiting room may hold seats.
    Queue,
}

/// What the organizer orders for a running sale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SaleControl {
    /// The sale follows its times.
    Open,
    /// No new buyers are called; no buyer loses anything.
    Paused,
    /// The sale is over, whatever its times say.
    Closed,
}

/// What a buyer sees of a sale. The order is "most open last", so that a show takes the maximum of its performances.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SaleState {
    /// The sale is over.
    Closed,
    /// No seat is left for now.
    SoldOut,
    /// The sale has not opened yet.
    Scheduled,
    /// The sale has not opened yet, but its waiting room has.
    Prequeue,
    /// The organizer has paused the sale.
    Paused,
    /// Seats are on sale.
    Open,
}

impl SaleState {
    /// The name that the contract uses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::SoldOut => "sold_out",
            Self::Scheduled => "scheduled",
            Self::Prequeue => "prequeue",
            Self::Paused => "paused",
            Self::Open => "open",
        }
    }
}

impl Sale {
    /// A sale that opens before it closes, closes before the performance starts unless latecomers are let in (and after it where
    /// they are), and has room inside.
    ///
    /// # Errors
    /// Names the wrong field and says why.
    pub fn check(&self, starts_at: Timestamp) -> Result<(), (&'static str, Invalid)> {
        if self.late_entry && self.closes_at <= starts_at {
            let why = "must be after starts_at where late_entry is true";
            return Err(("closes_at", Invalid::because(why)));
        }
        if self.closes_at <= self.opens_at {
            return Err(("closes_at", Invalid::because("must be after opens_at")));
        }
        if self.closes_at > starts_at && !self.late_entry {
            let why = "must not be after starts_at, unless late_entry is true";
            return Err(("closes_at", Invalid::because(why)));
        }
        if let Some(prequeue) = &self.door.prequeue {
            if self.mode != SaleMode::Queue {
                return Err(("prequeue_at", Invalid::because("needs the mode queue")));
            }
            if prequeue.opens_at >= self.opens_at {
                return Err(("prequeue_at", Invalid::because("must be before opens_at")));
            }
        }
        self.check_release()?;
        Self::check_flow(self.cap, self.rate_per_min)
    }

    /// Checks when wheelchair places are released.
    ///
    /// # Errors
    /// Names the field and says why.
    pub fn check_release(&self) -> Result<(), (&'static str, Invalid)> {
        if self.accessible_release_at.is_some_and(|at| at >= self.closes_at) {
            return Err(("accessible_release_at", Invalid::because("must be before closes_at")));
        }
        Ok(())
    }

    /// Checks the waiting room's two numbers.
    ///
    /// # Errors
    /// Names the number that is out of bounds.
    pub fn check_flow(cap: u32, rate_per_min: u32) -> Result<(), (&'static str, Invalid)> {
        if cap == 0 || cap > CAP_MAX {
            return Err(("cap", Invalid::because(format!("must be 1 to {CAP_MAX}"))));
        }
        if rate_per_min == 0 || rate_per_min > RATE_MAX {
            return Err(("rate_per_min", Invalid::because(format!("must be 1 to {RATE_MAX}"))));
        }
        Ok(())
    }

    /// Whether wheelchair places and those of companions are sold like all others at this moment.
    #[must_use]
    pub fn accessible_released(&self, now: Timestamp) -> bool {
        self.accessible_release_at.is_some_and(|at| at <= now)
    }

    /// Whether people gather for the draw at this moment.
    #[must_use]
    pub fn gathers_at(&self, now: Timestamp) -> bool {
        now < self.opens_at && self.door.prequeue.as_ref().is_some_and(|prequeue| prequeue.opens_at <= now)
    }

    /// What a show's record keeps of the sale. The staff is left out: no list needs it, and the record of a show with many
    /// performances has no room for it.
    #[must_use]
    pub fn listed(&self) -> Self {
        let mut listed = self.clone();
        listed.door.bypass.clear();
        listed
    }

    /// Whether the account belongs to staff who skip the queue.
    #[must_use]
    pub fn lets_bypass(&self, user: UserId) -> bool {
        self.door.bypass.iter().any(|staff| staff.user_id == user)
    }

    /// When the sale ends: at the performance's start at the latest, unless latecomers are let in.
    #[must_use]
    pub fn ends_at(&self, starts_at: Timestamp) -> Timestamp {
        if self.late_entry { self.closes_at } else { self.closes_at.min(starts_at) }
    }

    /// The state of the sale at a moment, given when the performance starts and whether seats are left.
    #[must_use]
    pub fn state(&self, starts_at: Timestamp, now: Timestamp, seats_left: bool) -> SaleState {
        match self.control {
            SaleControl::Closed => SaleState::Closed,
            _ if now >= self.ends_at(starts_at) => SaleState::Closed,
            _ if self.gathers_at(now) => SaleState::Prequeue,
            _ if now < self.opens_at => SaleState::Scheduled,
            SaleControl::Paused => SaleState::Paused,
            SaleControl::Open if seats_left => SaleState::Open,
            SaleControl::Open => SaleState::SoldOut,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::{self, at};

    const STARTS_AT: Timestamp = Timestamp::constant(300, 0);

    fn sale(control: SaleControl) -> Sale {
        Sale { cap: 1, rate_per_min: 1, control, ..fixtures::sale() }
    }

    #[test]
    fn the_clock_opens_and_closes_a_sale() {
        let sale = sale(SaleControl::Open);
        assert_eq!(sale.state(STARTS_AT, at(99), true), SaleState::Scheduled);
        assert_eq!(sale.state(STARTS_AT, at(100), true), SaleState::Open);
        assert_eq!(sale.state(STARTS_AT, at(100), false), SaleState::SoldOut);
        assert_eq!(sale.state(STARTS_AT, at(200), true), SaleState::Closed);
    }

    #[test]
    fn nothing_is_sold_after_the_start_unless_latecomers_are_let_in() {
        let long = Sale { closes_at: at(400), ..sale(SaleControl::Open) };
        assert_eq!(long.ends_at(STARTS_AT), STARTS_AT);
        assert_eq!(long.state(STARTS_AT, at(299), true), SaleState::Open);
        assert_eq!(long.state(STARTS_AT, at(300), true), SaleState::Closed);
        assert!(matches!(long.check(STARTS_AT), Err(("closes_at", _))));
        let late = Sale { late_entry: true, ..long };
        assert_eq!(late.check(STARTS_AT), Ok(()));
        assert_eq!(late.state(STARTS_AT, at(399), true), SaleState::Open);
        assert_eq!(late.state(STARTS_AT, at(400), true), SaleState::Closed);
        let until_the_start = Sale { closes_at: STARTS_AT, ..sale(SaleControl::Open) };
        assert_eq!(until_the_start.check(STARTS_AT), Ok(()));
        let no_one_late = Sale { late_entry: true, ..until_the_start };
        assert!(matches!(no_one_late.check(STARTS_AT), Err(("closes_at", _))));
    }

    #[test]
    fn wheelchair_places_are_released_before_the_sale_closes_or_never() {
        let never = sale(SaleControl::Open);
        assert!(!never.accessible_released(Timestamp::MAX));
        let released = |s| Sale { accessible_release_at: Some(at(s)), ..never.clone() };
        assert_eq!(released(199).check(STARTS_AT), Ok(()));
        assert!(!released(150).accessible_released(at(149)) && released(150).accessible_released(at(150)));
        assert!(matches!(released(200).check(STARTS_AT), Err(("accessible_release_at", _))));
    }

    #[test]
    fn a_sale_without_a_release_is_written_and_read_as_before_there_were_any() {
        let written = serde_json::to_value(sale(SaleControl::Open)).expect("JSON");
        assert_eq!(written.get("accessible_release_at"), None);
        assert_eq!(serde_json::from_value::<Sale>(written).expect("a sale"), sale(SaleControl::Open));
        let released = Sale { accessible_release_at: Some(at(150)), ..sale(SaleControl::Open) };
        let written = serde_json::to_value(&released).expect("JSON");
        assert_eq!(serde_json::from_value::<Sale>(written).expect("a sale"), released);
    }

    #[test]
    fn people_gather_before_the_opening_where_there_is_a_draw() {
        let prequeue = Some(Prequeue { opens_at: at(50), commitment: Digest([0; 32]) });
        let door = JoinPolicy { prequeue, ..JoinPolicy::default() };
        let sale = Sale { door, ..sale(SaleControl::Paused) };
        assert_eq!(sale.check(STARTS_AT), Ok(()));
        assert_eq!(sale.state(STARTS_AT, at(49), true), SaleState::Scheduled);
        assert_eq!(sale.state(STARTS_AT, at(50), true), SaleState::Prequeue);
        assert_eq!(sale.state(STARTS_AT, at(100), true), SaleState::Paused);
        let late = Sale { opens_at: at(50), ..sale.clone() };
        assert!(matches!(late.check(STARTS_AT), Err(("prequeue_at", _))));
        let open = Sale { mode: SaleMode::Open, ..sale };
        assert!(matches!(open.check(STARTS_AT), Err(("prequeue_at", _))));
    }

    #[test]
    fn the_organizer_may_stop_what_the_clock_opened_but_not_open_early() {
        assert_eq!(sale(SaleControl::Paused).state(STARTS_AT, at(150), true), SaleState::Paused);
        assert_eq!(sale(SaleControl::Closed).state(STARTS_AT, at(99), true), SaleState::Closed);
        assert_eq!(sale(SaleControl::Paused).state(STARTS_AT, at(99), true), SaleState::Scheduled);
    }
}
