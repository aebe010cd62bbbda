//! The earliest number that an account proves counts: which of its numbers count again when their tickets are shown.

use super::{Checker, HeldPlace, Moment};
use domain::queue::Standing;

impl Checker {
    /// Note what becomes of an account's other numbers when it is told this one, which is good or has ended.
    pub(super) fn counts(
        &mut self,
        history: &mut [HeldPlace],
        standing: Standing,
        is_good: bool,
        at: Moment,
    ) {
        let before = history.iter().find(|held| held.is_current);
        let was_over = before.is_some_and(|before| self.has_lapsed(before, at));
        for held in history.iter_mut().filter(|held| held.standing != standing) {
            if is_good && held.standing.position() > standing.position() {
                self.is_given_up(held);
            } else if was_over || !is_good {
                // A number that the room knows to have ended ends all before it, and the room may have known.
                held.is_passed_over = false;
            } else if held.is_current {
                self.is_forgotten(held, standing);
            }
        }
        for held in history {
            held.is_current = held.standing == standing;
        }
    }

    /// A later number is given up for an earlier one for good, if the room knew of it.
    fn is_given_up(&mut self, held: &mut HeldPlace) {
        held.is_passed_over = false;
        if held.seen_at_loss == self.losses {
            held.ended_at_loss = Some(self.losses);
            held.standing.number().map(|number| self.door.remove(&number));
        }
    }

    /// A good number was forgotten, and a later one is told: it counts again once its ticket is shown. Between two
    /// drawn numbers there is no choice.
    fn is_forgotten(&self, held: &mut HeldPlace, later: Standing) {
        held.is_passed_over = self.drawn_to.is_none_or(|drawn_to| later.position() > drawn_to);
        held.ended_at_loss.get_or_insert(held.seen_at_loss);
    }
}
