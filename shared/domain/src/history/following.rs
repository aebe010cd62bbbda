//! One look after another: what a store that forgets has counted is added to what was known.
//!
//! A later step implies the earlier ones, so what survives a loss (who is inside, who owns seats) says how many must have
//! taken the steps before, although no one counted them.

use super::{Counted, Entrance, NeverGiven, Reached, RoomLevels, SaleMinute, Tally};
use crate::queue::numbers_per_lease;
use jiff::Timestamp;

const FIRST_LIFE: u64 = 1;

impl SaleMinute {
    /// The look that follows `previous`. The same tally again adds nothing.
    #[must_use]
    pub fn after(previous: Option<&Self>, tally: &Tally, entrance: Entrance, at: Timestamp) -> Self {
        let known = previous.map_or_else(|| KnownSteps::nothing(tally), KnownSteps::of);
        let (reached, never_given) = known.reached_by(tally, entrance);
        let uncalled = never_given.count - never_given.up_to(tally.serving);
        let waiting = tally.waiting.saturating_sub(uncalled).min(reached.joined - reached.entered);
        Self {
            at,
            seats: tally.seats,
            room: RoomLevels { waiting, inside: tally.inside, cap: entrance.cap },
            reached,
            counted: tally.counted,
            never_given,
        }
    }
}

/// What the look before said.
struct KnownSteps {
    reached: Reached,
    counted: Counted,
    never_given: NeverGiven,
}

impl KnownSteps {
    fn of(previous: &SaleMinute) -> Self {
        let SaleMinute { reached, counted, never_given, .. } = *previous;
        Self { reached, counted, never_given }
    }

    /// Before the first look. A store may have been lost before it.
    fn nothing(tally: &Tally) -> Self {
        let counted = Counted { life: tally.counted.life.min(FIRST_LIFE), ..Counted::default() };
        Self { reached: Reached::default(), counted, never_given: NeverGiven::default() }
    }

    fn reached_by(&self, tally: &Tally, entrance: Entrance) -> (Reached, NeverGiven) {
        let (before, now) = (self.counted, tally.counted);
        let is_lost = before.life != now.life;
        let forgotten = |total, before, now| total + if is_lost { now } else { more(before, now) };
        let restored =
            |total: u64, before, now| if is_lost { total.max(now) } else { total + more(before, now) };

        let paid = restored(self.reached.paid, before.paid, now.paid);
        let booked = restored(self.reached.booked, before.booked, now.booked).max(paid);
        let held = forgotten(self.reached.held, before.held, now.held).max(booked);
        if !entrance.has_queue {
            let reached = Reached { held, booked, paid, ..self.reached };
            return (reached, self.never_given);
        }

        // Staff book without coming in.
        let came_in = booked.saturating_sub(entrance.staff).max(tally.inside);
        let entered = forgotten(self.reached.entered, before.entered, now.entered).max(came_in);
        let since_lost = || self.joined_before(tally) + now.joined;
        let joined =
            if is_lost { since_lost() } else { self.reached.joined + more(before.joined, now.joined) };
        let joined = joined.max(entered);
        let never_given = self.never_given.after(tally, joined);
        let called = (tally.serving - never_given.up_to(tally.serving)).min(joined);
        let called = called.max(self.reached.called).max(entered);
        // One who chooses again after a loss has done so before.
        let held = held.min((entered + entrance.staff).max(self.reached.held));
        (Reached { joined, called, entered, held, booked, paid }, never_given)
    }

    /// How many had joined at the loss, at least: the last lease was made when all numbers before it were given.
    fn joined_before(&self, tally: &Tally) -> u64 {
        // Another loss in the same minute may have skipped another lease.
        let is_one_loss = self.counted.life + 1 == tally.counted.life
            && tally.issued.saturating_sub(tally.counted.joined) == tally.skipped_to;
        let skipped_to = if is_one_loss { tally.skipped_to } else { 0 };
        let given = skipped_to.saturating_sub(numbers_per_lease(skipped_to) + self.never_given.count);
        self.reached.joined.max(given)
    }
}

impl NeverGiven {
    /// When so many people have joined.
    fn after(self, tally: &Tally, joined: u64) -> Self {
        let count = tally.issued.saturating_sub(joined);
        let before = if tally.skipped_to == self.to { self.count - self.last } else { self.count };
        Self { count, last: count.saturating_sub(before), to: tally.skipped_to }
    }

    /// How many of them are at most this number.
    fn up_to(self, number: u64) -> u64 {
        let later = self.to.saturating_sub(number).min(self.last);
        (self.count - later).min(number)
    }
}

/// A replica that was promoted may have missed the last of what was counted: that adds nothing.
fn more(before: u64, now: u64) -> u64 {
    now.saturating_sub(before)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const STAFF: u64 = 2;

    fn look(previous: Option<&SaleMinute>, tally: &Tally) -> SaleMinute {
        let entrance = Entrance { cap: 10, has_queue: true, staff: STAFF };
        SaleMinute::after(previous, tally, entrance, Timestamp::UNIX_EPOCH)
    }

    /// All who came in have numbers, and were called.
    fn tally(counted: Counted) -> Tally {
        let counted = Counted { joined: counted.entered, ..counted };
        Tally { counted, issued: counted.joined, serving: counted.joined, ..Tally::default() }
    }

    #[test]
    fn a_loss_adds_to_what_was_known() {
        let before =
            look(None, &tally(Counted { life: 1, entered: 50, held: 40, booked: 30, paid: 20, joined: 0 }));
        // One of the buyers has cancelled, and two more have paid since the loss.
        let anew = tally(Counted { life: 2, entered: 3, held: 2, booked: 31, paid: 21, joined: 0 });
        let anew = Tally { issued: 63, serving: 63, skipped_to: 60, ..anew };
        let after = look(Some(&before), &anew);
        let Reached { joined, called, entered, held, booked, paid } = after.reached;
        assert_eq!((joined, called), (53, 53));
        assert_eq!((entered, held, booked, paid), (53, 42, 31, 21));
        assert_eq!(look(Some(&after), &anew).reached, after.reached, "the same look again");
    }

    #[test]
    fn what_a_replica_missed_is_counted_when_it_comes_again() {
        let counted = |entered, skipped_to| {
            let tally = tally(Counted { life: 1, entered, ..Counted::default() });
            let skipped = if skipped_to > 0 { skipped_to - 995 } else { 0 };
            Tally { issued: entered + skipped, serving: entered + skipped, skipped_to, ..tally }
        };
        let before = look(None, &counted(1_000, 0));
        let behind = look(Some(&before), &counted(995, 1_200));
        assert_eq!(behind.reached.entered, 1_000);
        assert_eq!(look(Some(&behind), &counted(1_002, 1_200)).reached.entered, 1_007);
    }

    #[test]
    fn what_survives_a_loss_says_what_was_not_seen() {
        let empty =
            look(None, &Tally { counted: Counted { life: 1, ..Counted::default() }, ..Tally::default() });
        // Ten joined, came in and chose, six paid; ten numbers of the lease were never given, and are called.
        let counted = Counted { life: 2, booked: 6, paid: 6, ..Counted::default() };
        let anew = Tally {
            waiting: 10,
            inside: 10,
            issued: 20,
            serving: 20,
            skipped_to: 20,
            counted,
            ..Tally::default()
        };
        for previous in [None, Some(&empty)] {
            let after = look(previous, &anew);
            let seen = Reached { joined: 10, called: 10, entered: 10, held: 6, booked: 6, paid: 6 };
            assert_eq!((after.reached, after.room.waiting, after.room.inside), (seen, 0, 10));
            // All ten choose again, and so does an eleventh who comes now.
            let counted = Counted { joined: 1, entered: 1, held: 11, ..counted };
            let later = Tally { waiting: 0, inside: 11, issued: 21, serving: 21, counted, ..anew };
            let Reached { joined, called, entered, held, .. } = look(Some(&after), &later).reached;
            assert_eq!(
                (joined, called, entered, held),
                (11, 11, 11, 11 + STAFF),
                "no more than can have chosen"
            );
        }
    }

    #[test]
    fn a_long_queue_keeps_waiting_through_a_loss() {
        let counted = Counted { life: 1, joined: 5_000, ..Counted::default() };
        let before = look(None, &Tally { waiting: 5_000, issued: 5_000, counted, ..Tally::default() });
        let lost = Counted { life: 2, ..Counted::default() };
        let anew = Tally {
            waiting: 5_090,
            issued: 5_100,
            serving: 10,
            skipped_to: 5_100,
            counted: lost,
            ..Tally::default()
        };
        let after = look(Some(&before), &anew);
        assert_eq!((after.reached.joined, after.reached.called, after.room.waiting), (5_000, 10, 4_990));
        // The first minute of an opening: no look had seen the numbers, and one lease of 200 is in doubt.
        let unseen = look(None, &anew);
        assert_eq!((unseen.reached.joined, unseen.room.waiting), (4_900, 4_890));
        // Much later, when all are called.
        let counted = Counted { joined: 1_000, ..lost };
        let all = Tally { waiting: 0, issued: 6_100, serving: 6_100, counted, ..anew };
        let Reached { joined, called, .. } = look(Some(&after), &all).reached;
        assert_eq!((joined, called), (6_000, 6_000));
    }

    #[test]
    fn without_a_queue_choosing_seats_is_the_first_step() {
        let entrance = Entrance { cap: 10, has_queue: false, staff: 0 };
        let counted = Counted { life: 2, held: 1, booked: 3, paid: 2, ..Counted::default() };
        let look =
            SaleMinute::after(None, &Tally { counted, ..Tally::default() }, entrance, Timestamp::UNIX_EPOCH);
        assert_eq!(look.reached, Reached { held: 3, booked: 3, paid: 2, ..Reached::default() });
    }

    /// What happens between two looks.
    #[derive(Debug, Clone, Copy)]
    enum Happening {
        Join,
        Call,
        Enter,
        Leave,
        Hold,
        Book,
        Pay,
        Cancel,
        Look,
        /// Redis starts again with all it had, and its last lease is skipped.
        Restart,
        /// Redis starts again empty.
        Lose,
    }

    fn happenings() -> impl Strategy<Value = Vec<Happening>> {
        use Happening::{Book, Call, Cancel, Enter, Hold, Join, Leave, Look, Lose, Pay, Restart};
        let one = prop_oneof![
            8 => Just(Join), 8 => Just(Call), 6 => Just(Enter), 1 => Just(Leave), 5 => Just(Hold), 4 => Just(Book),
            4 => Just(Pay), 1 => Just(Cancel), 4 => Just(Look), 1 => Just(Restart), 1 => Just(Lose)
        ];
        prop::collection::vec(one, 0..400)
    }

    /// A sale as it is, and as its store counts it.
    #[derive(Debug, Default)]
    struct Story {
        truth: Reached,
        /// The numbers that people have.
        given: Vec<u64>,
        inside: u64,
        cancelled: u64,
        store: Tally,
        leased_to: u64,
        epoch: u64,
    }

    impl Story {
        fn begin() -> Self {
            let store = Tally { counted: Counted { life: 1, ..Counted::default() }, ..Tally::default() };
            Self { store, epoch: 1, ..Self::default() }
        }

        fn goes_on(&mut self, happening: Happening) {
            let (truth, store) = (&mut self.truth, &mut self.store);
            match happening {
                Happening::Join => {
                    if store.issued == self.leased_to {
                        self.leased_to += numbers_per_lease(store.issued);
                    }
                    store.issued += 1;
                    store.counted.joined += 1;
                    truth.joined += 1;
                    self.given.push(store.issued);
                }
                Happening::Call if store.serving < store.issued => {
                    store.serving += 1;
                    truth.called += u64::from(self.given.contains(&store.serving));
                }
                Happening::Enter if truth.entered < truth.called => {
                    truth.entered += 1;
                    store.counted.entered += 1;
                    self.inside += 1;
                }
                Happening::Leave => self.inside = self.inside.saturating_sub(1),
                Happening::Hold if truth.held < truth.entered + STAFF => {
                    truth.held += 1;
                    store.counted.held += 1;
                }
                Happening::Book if truth.booked < truth.held => {
                    truth.booked += 1;
                    store.counted.booked += 1;
                }
                Happening::Pay if truth.paid < truth.booked => {
                    truth.paid += 1;
                    store.counted.paid += 1;
                }
                Happening::Cancel => self.cancelled = (self.cancelled + 1).min(truth.paid),
                Happening::Restart => self.comes_back(self.store.counted),
                Happening::Lose => {
                    let (booked, paid) = (truth.booked - self.cancelled, truth.paid - self.cancelled);
                    self.comes_back(Counted { life: self.epoch + 1, booked, paid, ..Counted::default() });
                }
                _ => {}
            }
        }

        fn comes_back(&mut self, counted: Counted) {
            self.epoch += 1;
            self.store.counted = counted;
            if self.leased_to > self.store.issued || counted.life == self.epoch {
                self.store.skipped_to = self.leased_to;
            }
            self.store.issued = self.leased_to;
        }

        /// Numbers that no one has wait, too, if they were called or not.
        fn tally(&self) -> Tally {
            let waiting = self.store.issued - self.truth.entered;
            Tally { waiting, inside: self.inside, ..self.store }
        }
    }

    proptest! {
        /// Nothing sinks, no step exceeds the one before, nothing is counted that did not happen, and without losses
        /// nothing is missed.
        #[test]
        fn totals_grow_and_stay_true(story in happenings(), loses in any::<bool>()) {
            let (mut sale, mut kept) = (Story::begin(), None::<SaleMinute>);
            for happening in story {
                match happening {
                    Happening::Look => {
                        let next = look(kept.as_ref(), &sale.tally());
                        prop_assert_eq!(look(Some(&next), &sale.tally()), next, "the same look again");
                        let Reached { joined, called, entered, held, booked, paid } = next.reached;
                        let truth = sale.truth;
                        prop_assert!(paid <= booked && booked <= held && held <= entered + STAFF, "{next:?}");
                        prop_assert!(entered <= called && called <= joined, "{next:?}");
                        prop_assert!(next.room.inside <= entered && next.room.waiting <= joined - entered);
                        prop_assert!(joined <= truth.joined && called <= truth.joined, "{next:?} {truth:?}");
                        prop_assert!(entered <= truth.entered && held <= truth.held, "{next:?} {truth:?}");
                        prop_assert!(booked <= truth.booked && paid <= truth.paid, "{next:?} {truth:?}");
                        if !loses {
                            prop_assert_eq!(next.reached, truth);
                            prop_assert_eq!(next.room.waiting, truth.joined - truth.entered);
                        }
                        if let Some(before) = kept {
                            let (old, new) = (before.reached, next.reached);
                            prop_assert!(old.joined <= new.joined && old.called <= new.called);
                            prop_assert!(old.entered <= new.entered && old.held <= new.held);
                            prop_assert!(old.booked <= new.booked && old.paid <= new.paid);
                        }
                        kept = Some(next);
                    }
                    Happening::Restart | Happening::Lose if !loses => {}
                    happening => sale.goes_on(happening),
                }
            }
        }
    }
}
