//! The history of a sale: one look a minute, kept from its beginning to its end.
//!
//! Levels are what a look saw. How many have reached each step only grows, although the store that counts may forget:
//! [`SaleMinute::after`] adds what was known before.

mod following;

use crate::{
    Invalid,
    sale::{Sale, SaleMode},
    seat::SeatFigures,
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// The most points that one answer has.
pub const POINTS_MAX: usize = 1_500;
/// How long a point is kept: a season, and its comparison with the next.
pub const KEPT_DAYS: i64 = 400;
/// How long after its end a sale is still looked at: the last reservations are paid or expire meanwhile.
pub const AFTER_END_S: i64 = 15 * 60;

/// What the fast store knows of a sale at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Seats by state.
    pub seats: SeatFigures,
    /// Numbers that are not called yet, and those that are called and not inside.
    pub waiting: u64,
    /// How many are inside.
    pub inside: u64,
    /// The highest number given. It survives a loss.
    pub issued: u64,
    /// The highest number called. It survives a loss.
    pub serving: u64,
    /// The highest number that was skipped at a loss, because it may have been given; 0 without a loss.
    pub skipped_to: u64,
    /// What the store has counted.
    pub counted: Counted,
}

/// Counters of a store that may forget everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Counted {
    /// Grows when the store has forgotten everything and counts anew.
    pub life: u64,
    /// Numbers given. After a loss it begins at 0, and those that the loss skipped do not count.
    pub joined: u64,
    /// Admissions given. After a loss it begins at 0.
    pub entered: u64,
    /// Accounts that have held seats. After a loss it begins at 0.
    pub held: u64,
    /// Accounts that have booked seats. After a loss it begins with those that own seats, from the books.
    pub booked: u64,
    /// Accounts that have paid for seats. After a loss it begins as `booked` does.
    pub paid: u64,
}

/// How full the waiting room is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RoomLevels {
    /// People who wait, called or not. Numbers that were skipped at a loss are no people.
    pub waiting: u64,
    /// People inside.
    pub inside: u64,
    /// How many may be inside.
    pub cap: u32,
}

/// How many have reached each step since the sale began. None of them ever sinks, and none exceeds the step before:
/// only staff choose seats without coming in, and a sale without a queue begins with `held`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Reached {
    /// People who took a number.
    pub joined: u64,
    /// Those of them who were called.
    pub called: u64,
    /// Admissions given.
    pub entered: u64,
    /// Accounts that have held seats. After a loss of the store those who hold again count again, up to `entered`.
    pub held: u64,
    /// Accounts that have booked seats.
    pub booked: u64,
    /// Accounts that have paid for seats.
    pub paid: u64,
}

/// How people come in to a sale.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entrance {
    /// How many may be inside.
    pub cap: u32,
    /// Whether they need a number.
    pub has_queue: bool,
    /// How many accounts come in without one, and are not counted as coming in.
    pub staff: u64,
}

/// Numbers that were never given: a loss skips those that may have been.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct NeverGiven {
    /// How many there are.
    pub count: u64,
    /// How many of them the last loss skipped.
    pub last: u64,
    /// The highest of them.
    pub to: u64,
}

/// One look at a sale, as it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaleMinute {
    /// When the look was.
    pub at: Timestamp,
    /// Seats by state.
    pub seats: SeatFigures,
    /// The waiting room; all 0 where the sale has none, except the cap.
    pub room: RoomLevels,
    /// How many have reached each step.
    pub reached: Reached,
    /// The counters behind `reached`, from which the next look goes on.
    pub counted: Counted,
    /// Numbers that no one has.
    pub never_given: NeverGiven,
}

/// How far apart the points of a history are. Written as its minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "u32", try_from = "u32")]
pub enum Interval {
    /// One minute.
    Minute,
    /// 15 minutes.
    QuarterHour,
    /// Six hours.
    SixHours,
}

impl Interval {
    /// All intervals, the finest first.
    pub const ALL: [Self; 3] = [Self::Minute, Self::QuarterHour, Self::SixHours];

    /// Its length in minutes.
    #[must_use]
    pub fn minutes(self) -> u32 {
        match self {
            Self::Minute => 1,
            Self::QuarterHour => 15,
            Self::SixHours => 360,
        }
    }

    /// The finest one that shows this period in at most [`POINTS_MAX`] points, or else the coarsest.
    #[must_use]
    pub fn finest_for(from: Timestamp, to: Timestamp) -> Self {
        let span_min = to.duration_since(from).as_mins();
        let most =
            |interval: Self| i64::try_from(POINTS_MAX).unwrap_or(i64::MAX) * i64::from(interval.minutes());
        Self::ALL.into_iter().find(|interval| span_min < most(*interval)).unwrap_or(Self::SixHours)
    }

    /// The Unix minute at which the interval around a moment begins; 0 before 1970.
    #[must_use]
    pub fn begin_of(self, at: Timestamp) -> u64 {
        let minute = u64::try_from(at.as_second().div_euclid(60)).unwrap_or_default();
        minute - minute % u64::from(self.minutes())
    }
}

impl From<Interval> for u32 {
    fn from(interval: Interval) -> Self {
        interval.minutes()
    }
}

impl TryFrom<u32> for Interval {
    type Error = Invalid;

    /// The interval of this length.
    fn try_from(minutes: u32) -> Result<Self, Invalid> {
        let known = Self::ALL.into_iter().find(|interval| interval.minutes() == minutes);
        known.ok_or_else(|| {
            let [first, second, third] = Self::ALL.map(Self::minutes);
            Invalid::because(format!("must be {first}, {second} or {third}"))
        })
    }
}

impl Sale {
    /// How people come in to it.
    #[must_use]
    pub fn entrance(&self) -> Entrance {
        let staff = u64::try_from(self.door.bypass.len()).unwrap_or(u64::MAX);
        Entrance { cap: self.cap, has_queue: self.mode == SaleMode::Queue, staff }
    }

    /// When its history begins: with the gathering, if there is one.
    #[must_use]
    pub fn history_from(&self) -> Timestamp {
        self.door.prequeue.as_ref().map_or(self.opens_at, |prequeue| prequeue.opens_at)
    }

    /// When its history ends.
    #[must_use]
    pub fn history_until(&self, starts_at: Timestamp) -> Timestamp {
        let end = self.ends_at(starts_at).checked_add(SignedDuration::from_secs(AFTER_END_S));
        end.unwrap_or(Timestamp::MAX)
    }

    /// Whether its history is written at this moment. A sale that was closed by hand may be opened again, so it is.
    #[must_use]
    pub fn makes_history(&self, starts_at: Timestamp, now: Timestamp) -> bool {
        self.history_from() <= now && now < self.history_until(starts_at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        draw::Digest,
        fixtures,
        sale::{Prequeue, SaleControl},
    };

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(minute * 60).expect("in range")
    }

    #[test]
    fn an_interval_fits_its_period() {
        for (minutes, interval) in [
            (-5, Interval::Minute),
            (0, Interval::Minute),
            (1_499, Interval::Minute),
            (1_500, Interval::QuarterHour),
            (22_499, Interval::QuarterHour),
            (22_500, Interval::SixHours),
            (50_000_000, Interval::SixHours),
        ] {
            assert_eq!(Interval::finest_for(at(0), at(minutes)), interval, "{minutes}");
        }
        assert_eq!(Interval::QuarterHour.begin_of(at(44)), 30);
        assert_eq!(Interval::SixHours.begin_of(at(360)), 360);
        assert_eq!(Interval::Minute.begin_of(at(-1)), 0);
        assert_eq!(Interval::try_from(15), Ok(Interval::QuarterHour));
        assert_eq!(
            Interval::try_from(2).map_err(|why| why.to_string()),
            Err("must be 1, 15 or 360".to_owned())
        );
    }

    #[test]
    fn history_is_made_from_the_gathering_until_the_last_payment() {
        let (opens_at, closes_at) = (at(100), at(200));
        let mut sale = Sale { opens_at, closes_at, control: SaleControl::Closed, ..fixtures::sale() };
        let is_made = |sale: &Sale, minute| sale.makes_history(at(300), at(minute));
        assert!(!is_made(&sale, 99) && is_made(&sale, 100) && is_made(&sale, 214) && !is_made(&sale, 215));
        sale.door.prequeue = Some(Prequeue { opens_at: at(40), commitment: Digest([0; 32]) });
        assert!(!is_made(&sale, 39) && is_made(&sale, 40));
        assert!(is_made(&Sale { closes_at: Timestamp::MAX, late_entry: true, ..sale }, 300));
    }
}
