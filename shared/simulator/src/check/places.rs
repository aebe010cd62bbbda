//! What becomes of an account's numbers and entries: one place for each account, which it keeps while it answers, and
//! which stays ended once it has ended.

use super::{Checker, HeldPlace, Kept, Moment, broken, drawn, key};
use crate::{books::SimulatedBooks, redis::Who};
use domain::queue::{GAP_MAX_MS, Place, PlaceState, RECALL_MS, Standing};

impl Checker {
    /// A step that was shown this ticket told an account its place.
    pub(crate) fn told(
        &mut self,
        who: Who,
        ticket: Option<Standing>,
        place: &Place,
        is_new: bool,
        books: &SimulatedBooks,
        at: Moment,
    ) -> Kept {
        let standing = drawn(place.standing, books);
        // An account that left while it was forgotten has no number, and may still be inside as far as the books know.
        if standing.position() == 0 && matches!(place.state, PlaceState::Left | PlaceState::Admitted) {
            return Ok(());
        }
        self.note_draw(books)?;
        self.owns(who, standing)?;
        let mut history = self.people.get_mut(who as usize).map(std::mem::take).unwrap_or_default();
        for held in &mut history {
            let standing = drawn(held.standing, books);
            // Between two numbers that were drawn there is no choice.
            held.is_passed_over &= standing == held.standing;
            held.standing = standing;
        }
        let kept = self.stands(
            who,
            &mut history,
            ticket.map(|ticket| drawn(ticket, books)),
            standing,
            (is_new, place.state),
            at,
        );
        let kept = kept.and_then(|()| self.state(who, &mut history, standing, place.state, at));
        if let Some(facts) = self.people.get_mut(who as usize) {
            *facts = history;
        }
        kept
    }

    fn owns(&mut self, who: Who, standing: Standing) -> Kept {
        let owner = *self.owners.entry(key(standing)).or_insert(who);
        if owner == who {
            return Ok(());
        }
        broken(
            "one number, one account",
            format!("{standing:?} of account {owner} was told to account {who}"),
        )
    }

    /// The draw turns every entry into a number, also those whose owners have not asked since.
    fn note_draw(&mut self, books: &SimulatedBooks) -> Kept {
        if self.drawn_to.is_some() || books.marks().pool_size.is_none() {
            return Ok(());
        }
        self.drawn_to = books.marks().pool_size;
        let entries: Vec<_> =
            self.owners.range(..(true, 0)).map(|((_, entry), who)| (*entry, *who)).collect();
        for (entry, who) in entries {
            self.owns(who, drawn(Standing::Entry(entry), books))?;
        }
        Ok(())
    }

    fn stands(
        &mut self,
        who: Who,
        history: &mut Vec<HeldPlace>,
        ticket: Option<Standing>,
        standing: Standing,
        (is_new, state): (bool, PlaceState),
        at: Moment,
    ) -> Kept {
        let index_of = |standing| history.iter().position(|held| held.standing == standing);
        let (told, held) = (index_of(standing), ticket.and_then(index_of));
        if let Some(told) = told {
            // An earlier place that is still good is the better one.
            let is_good = !matches!(state, PlaceState::Lapsed | PlaceState::Left);
            let kept = held.filter(|held| *held > told && !is_good).and_then(|held| history.get(held));
            if let Some(kept) = kept.filter(|kept| kept.ended_at_loss.is_none()) {
                let what = format!("account {who} with the ticket {:?} was told {standing:?}", kept.standing);
                return broken("a ticket keeps its number", what);
            }
            let proven = held.and_then(|held| history.get(held)).filter(|proven| {
                is_good && proven.is_passed_over && proven.standing.position() < standing.position()
            });
            if let Some(proven) = proven {
                let what = format!("account {who} with {:?} was told {standing:?}", proven.standing);
                return broken("the earliest proven number wins", what);
            }
            self.counts(history, standing, is_good, at);
            return Ok(());
        }
        // A loss may forget an account that shows no ticket: only then may it get a second place.
        let losses = self.losses;
        let forgotten = |held: &HeldPlace| ticket != Some(held.standing) && losses > held.seen_at_loss;
        let still = history.iter().find(|held| !(self.has_lapsed(held, at) || forgotten(held)));
        if let Some(still) = still {
            let what = format!(
                "account {who} has {:?} and was given {standing:?} (ticket {ticket:?})",
                still.standing
            );
            return broken("one place per account", what);
        }
        if !is_new && ticket != Some(standing) {
            return broken(
                "one place per account",
                format!("account {who} was told {standing:?}, which was never given"),
            );
        }
        self.counts(history, standing, true, at);
        for held in history.iter_mut() {
            held.ended_at_loss.get_or_insert(held.seen_at_loss);
        }
        if let Standing::Entry(entry) = standing {
            self.unwritten.insert(entry, who);
        }
        history.push(HeldPlace {
            standing,
            ended_at_loss: None,
            was_left: false,
            claimed_at: 0,
            session_ends: None,
            session_at_flush: 0,
            seen_at_loss: losses,
            is_current: true,
            is_passed_over: false,
        });
        Ok(())
    }

    /// The state that was told is true, and a place that has ended comes back only through a loss.
    fn state(
        &self,
        who: Who,
        history: &mut [HeldPlace],
        standing: Standing,
        state: PlaceState,
        at: Moment,
    ) -> Kept {
        let has_earlier = history.first().is_some_and(|first| first.standing != standing);
        let Some(held) = history.iter_mut().find(|held| held.standing == standing) else { return Ok(()) };
        let seen_at_loss = std::mem::replace(&mut held.seen_at_loss, self.losses);
        match (state, held.ended_at_loss) {
            (PlaceState::Lapsed, None) if !self.has_lapsed(held, at) => {
                let claimed = held.claimed_at;
                let what = format!(
                    "account {who} with {standing:?} was told lapsed; called at {:?}, claimed at {claimed}, {:?}",
                    self.passed_at(standing),
                    held.session_ends
                );
                return broken("answering keeps the place", what);
            }
            // They left while Redis had forgotten their number, and joined anew in a moment that was lost: a ticket
            // from before cannot be told from one from after.
            (PlaceState::Left, None) if seen_at_loss < self.losses && has_earlier => {
                held.ended_at_loss = Some(seen_at_loss);
            }
            (PlaceState::Left, None) if !held.was_left => {
                return broken("answering keeps the place", format!("account {who} never left {standing:?}"));
            }
            (PlaceState::Lapsed | PlaceState::Left, _) => {
                held.ended_at_loss.get_or_insert(self.losses);
            }
            (PlaceState::Prequeue, _) => held.ended_at_loss = None,
            // Their admission had lapsed before Redis forgot the session, so the books did not have it: they are called
            // again.
            (PlaceState::Called, None)
                if held.session_ends.is_some() && held.session_at_flush < self.flushes =>
            {
                (held.session_ends, held.claimed_at) = (None, at.now);
            }
            // Redis has forgotten that the place ended: the ticket is believed.
            (PlaceState::Waiting | PlaceState::Called, Some(loss)) if loss < self.losses => {
                (held.ended_at_loss, held.session_ends, held.claimed_at) = (None, None, 0);
            }
            // Admitted also where a departure did not reach the books.
            (PlaceState::Admitted, _) | (_, None) => {}
            (_, Some(_)) => {
                let what = format!("account {who} with {standing:?}, which ended, is {state:?}");
                return broken("what ended stays ended", what);
            }
        }
        Ok(())
    }

    /// Whether the room may say that a place has lapsed: it was called twice in vain, or its session is over. Each jump
    /// of the clock may take away as much time as the room's clock moves at once.
    pub(super) fn has_lapsed(&self, held: &HeldPlace, at: Moment) -> bool {
        if held.ended_at_loss.is_some() {
            return true;
        }
        let Some(passed_at) = self.passed_at(held.standing) else { return false };
        // A claim in the last second before a loss may have been lost with it.
        let was_missed =
            self.lost_at.iter().any(|lost| (held.claimed_at..held.claimed_at + 1_100).contains(lost));
        let since = if was_missed { passed_at } else { passed_at.max(held.claimed_at) };
        let jumps = self.jumps.iter().filter(|jump| **jump >= since).count() as u64;
        if let Some((ends_at, jumps_then)) = held.session_ends {
            return jumps_then < self.jumps.len() || at.now + 2 >= ends_at;
        }
        // A call that is repeated after a loss stands for RECALL_MS.
        let twice = (2 * at.call_window).min(RECALL_MS);
        at.now + jumps * GAP_MAX_MS >= since + twice
    }

    fn passed_at(&self, standing: Standing) -> Option<u64> {
        let number = standing.number()?;
        let index = self.passed.partition_point(|(serving, _)| *serving < number);
        self.passed.get(index).map(|(_, at)| *at)
    }
}
