//! The history of a sale: one look a minute, kept from its beginning to its end.
//!
//! Levels are what a look saw. How many have reached each step only grows, although the store that counts may forget:
//! [`SaleMinute::after`] adds what was known before.

use crate::{sale::Sale, seat::SeatFigures};
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
    /// What the store has counted.
    pub counted: Counted,
}

/// Counters of a store that may forget everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Counted {
    /// Grows when the store has forgotten everything and counts anew.
    pub life: u64,
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
    /// People who wait, called or not.
    pub waiting: u64,
    /// People inside.
    pub inside: u64,
    /// How many may be inside.
    pub cap: u32,
}

/// How many have reached each step since the sale began. None of them ever sinks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Reached {
    /// Numbers given. Those that a loss skipped count, too.
    pub joined: u64,
    /// Numbers called.
    pub called: u64,
    /// Admissions given.
    pub entered: u64,
    /// Accounts that have held seats. After a loss of the store those who hold again count again.
    pub held: u64,
    /// Accounts that have booked seats.
    pub booked: u64,
    /// Accounts that have paid for seats.
    pub paid: u64,
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
}

impl SaleMinute {
    /// The look that follows `previous`. The same tally again adds nothing.
    #[must_use]
    pub fn after(previous: Option<&Self>, tally: &Tally, cap: u32, at: Timestamp) -> Self {
        let now = tally.counted;
        let (before, reached) = match previous {
            Some(previous) => (previous.counted, previous.reached),
            None => (Counted { life: now.life, ..Counted::default() }, Reached::default()),
        };
        let is_same_life = before.life == now.life;
        let forgotten = |total, before, now| total + if is_same_life { more(before, now) } else { now };
        let restored =
            |total: u64, before, now| if is_same_life { total + more(before, now) } else { total.max(now) };
        Self {
            at,
            seats: tally.seats,
            room: RoomLevels { waiting: tally.waiting, inside: tally.inside, cap },
            reached: Reached {
                joined: reached.joined.max(tally.issued),
                called: reached.called.max(tally.serving),
                entered: forgotten(reached.entered, before.entered, now.entered),
                held: forgotten(reached.held, before.held, now.held),
                booked: restored(reached.booked, before.booked, now.booked),
                paid: restored(reached.paid, before.paid, now.paid),
            },
            counted: now,
        }
    }
}

/// A replica that was promoted may have missed the last of what was counted: that adds nothing.
fn more(before: u64, now: u64) -> u64 {
    now.saturating_sub(before)
}

/// How far apart the points of a history are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
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

    /// The interval of this length.
    #[must_use]
    pub fn of_minutes(minutes: u32) -> Option<Self> {
        Self::ALL.into_iter().find(|interval| interval.minutes() == minutes)
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

impl Sale {
    /// When its history begins: with the gathering, if there is one.
    #[must_use]
    pub fn history_from(&self) -> Timestamp {
        self.door.prequeue.as_ref().map_or(self.opens_at, |prequeue| prequeue.opens_at)
    }

    /// Whether its history is written at this moment. A sale that was closed by hand may be opened again, so it is.
    #[must_use]
    pub fn makes_history(&self, starts_at: Timestamp, now: Timestamp) -> bool {
        let end = self.ends_at(starts_at).checked_add(SignedDuration::from_secs(AFTER_END_S));
        self.history_from() <= now && now < end.unwrap_or(Timestamp::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        draw::Digest,
        sale::{JoinPolicy, Prequeue, SaleControl, SaleMode},
    };
    use proptest::prelude::*;

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(minute * 60).expect("in range")
    }

    fn look(previous: Option<&SaleMinute>, tally: &Tally) -> SaleMinute {
        SaleMinute::after(previous, tally, 10, at(1))
    }

    fn tally(counted: Counted) -> Tally {
        Tally { counted, ..Tally::default() }
    }

    #[test]
    fn a_loss_adds_to_what_was_known() {
        let before = look(None, &tally(Counted { life: 1, entered: 50, held: 40, booked: 30, paid: 20 }));
        // One of the buyers has cancelled, and two more have paid since the loss.
        let anew = tally(Counted { life: 2, entered: 3, held: 2, booked: 31, paid: 21 });
        let after = look(Some(&before), &anew);
        let Reached { entered, held, booked, paid, .. } = after.reached;
        assert_eq!((entered, held, booked, paid), (53, 42, 31, 21));
        assert_eq!(look(Some(&after), &anew).reached, after.reached, "the same look again");
    }

    #[test]
    fn what_a_replica_missed_is_counted_when_it_comes_again() {
        let counted = |entered| tally(Counted { life: 1, entered, ..Counted::default() });
        let before = look(None, &counted(1_000));
        let behind = look(Some(&before), &counted(995));
        assert_eq!(behind.reached.entered, 1_000);
        assert_eq!(look(Some(&behind), &counted(1_002)).reached.entered, 1_007);
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
        assert_eq!((Interval::of_minutes(15), Interval::of_minutes(2)), (Some(Interval::QuarterHour), None));
    }

    #[test]
    fn history_is_made_from_the_gathering_until_the_last_payment() {
        let mut sale = Sale {
            opens_at: at(100),
            closes_at: at(200),
            late_entry: false,
            mode: SaleMode::Queue,
            cap: 1,
            rate_per_min: 1,
            control: SaleControl::Closed,
            door: JoinPolicy::default(),
        };
        let is_made = |sale: &Sale, minute| sale.makes_history(at(300), at(minute));
        assert!(!is_made(&sale, 99) && is_made(&sale, 100) && is_made(&sale, 214) && !is_made(&sale, 215));
        sale.door.prequeue = Some(Prequeue { opens_at: at(40), commitment: Digest([0; 32]) });
        assert!(!is_made(&sale, 39) && is_made(&sale, 40));
        assert!(is_made(&Sale { closes_at: Timestamp::MAX, late_entry: true, ..sale }, 300));
    }

    /// What happens between two looks.
    #[derive(Debug, Clone, Copy)]
    enum Happening {
        Enter,
        Hold,
        Book,
        Pay,
        Cancel,
        Look,
        Lose,
    }

    fn happenings() -> impl Strategy<Value = Vec<Happening>> {
        use Happening::{Book, Cancel, Enter, Hold, Look, Lose, Pay};
        let one = prop_oneof![
            4 => Just(Enter), 4 => Just(Hold), 4 => Just(Book), 4 => Just(Pay), 1 => Just(Cancel),
            4 => Just(Look), 1 => Just(Lose)
        ];
        prop::collection::vec(one, 0..200)
    }

    proptest! {
        /// Nothing sinks; nothing is counted that did not happen; without losses nothing is missed.
        #[test]
        fn totals_grow_and_stay_true(story in happenings(), loses in any::<bool>()) {
            let (mut truth, mut owners) = (Counted { life: 1, ..Counted::default() }, 0_u64);
            let (mut store, mut kept) = (truth, None::<SaleMinute>);
            for happening in story {
                match happening {
                    Happening::Enter => { truth.entered += 1; store.entered += 1; }
                    Happening::Hold => { truth.held += 1; store.held += 1; }
                    Happening::Book => { truth.booked += 1; store.booked += 1; }
                    Happening::Pay => { truth.paid += 1; store.paid += 1; owners += 1; }
                    Happening::Cancel => owners = owners.saturating_sub(1),
                    Happening::Lose if loses => {
                        store = Counted { life: store.life + 1, booked: owners, paid: owners, ..Counted::default() };
                    }
                    Happening::Lose => {}
                    Happening::Look => {
                        let next = look(kept.as_ref(), &tally(store));
                        prop_assert_eq!(look(Some(&next), &tally(store)).reached, next.reached);
                        let Reached { entered, held, paid, .. } = next.reached;
                        prop_assert!(entered <= truth.entered && held <= truth.held && paid <= truth.paid);
                        if !loses {
                            prop_assert_eq!((entered, held, paid), (truth.entered, truth.held, truth.paid));
                            prop_assert_eq!(next.reached.booked, truth.booked);
                        }
                        if let Some(before) = kept {
                            let (old, new) = (before.reached, next.reached);
                            prop_assert!(old.entered <= new.entered && old.held <= new.held);
                            prop_assert!(old.booked <= new.booked && old.paid <= new.paid);
                        }
                        kept = Some(next);
                    }
                }
            }
        }
    }
}
